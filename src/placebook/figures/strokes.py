"""A path as a small picture writes it: relative commands in tenths of a point."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from matplotlib.path import Path

Point = tuple[int, int]
"""In tenths of a point, from the upper left corner."""
LETTER = {Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c"}
TAKES = {Path.LINETO: 1, Path.CURVE3: 2, Path.CURVE4: 3}
ROUND = [Path.MOVETO, *[Path.CURVE4] * 24, Path.CLOSEPOLY]
"""The corners of matplotlib's circle."""
Step = tuple[int, tuple[Point, ...]]


def exact(corners: np.ndarray) -> np.ndarray:
    """To a millionth of a point: what differs by less was meant to be the same, and is rounded alike."""
    return np.round(corners, 6)


def cleaned(
    path: Path, matrix: np.ndarray, clip: tuple[float, float, float, float] | None, simplify: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Corners and codes of a path as it is drawn, without those that are no number or say the end."""
    found = path.cleaned(matrix, remove_nans=True, clip=clip, simplify=simplify, curves=True)
    there = found.codes != Path.STOP
    return exact(found.vertices[there]), found.codes[there]


def stepped(corners: np.ndarray, codes: np.ndarray) -> list[Step]:
    """A path in absolute steps, its points in tenths."""
    points = [(x, y) for x, y in np.rint(corners * 10).astype(int).tolist()]
    steps: list[Step] = []
    at, codes_here = 0, codes.tolist()
    while at < len(codes_here):
        code = codes_here[at]
        count = TAKES.get(code, 1)
        steps.append((code, tuple(points[at : at + count])))
        at += count
    return steps


def written(steps: Sequence[Step]) -> str:
    """Relative commands in tenths of a point; steps of no length are left out."""
    out: list[str] = []
    here = start = (0, 0)
    last = ""
    for code, points in steps:
        if code == Path.CLOSEPOLY:
            out.append("z")
            here, last = start, "z"
        elif code == Path.MOVETO:
            here = start = points[0]
            out.append(f"M{_pair(*here)}")
            last = "M"
        elif code == Path.LINETO:
            x, y = points[0][0] - here[0], points[0][1] - here[1]
            if not x and not y and last not in ("M", ""):
                continue
            letter, body = ("h", _tenth(x)) if not y else ("v", _tenth(y)) if not x else ("l", _pair(x, y))
            out.append((letter if letter != last else "" if body[0] == "-" else " ") + body)
            here, last = points[0], letter
        else:
            letter = LETTER[code]
            body = _joined([_pair(x - here[0], y - here[1]) for x, y in points])
            out.append((letter if letter != last else "" if body[0] == "-" else " ") + body)
            here, last = points[-1], letter
    return "".join(out)


def _joined(parts: Sequence[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        text += part if part[0] == "-" else f" {part}"
    return text


@lru_cache(maxsize=1 << 16)
def _pair(x: int, y: int) -> str:
    after = _tenth(y)
    return f"{_tenth(x)}{after}" if y < 0 else f"{_tenth(x)} {after}"


@lru_cache(maxsize=1 << 14)
def _tenth(number: int) -> str:
    sign, whole, rest = "-" if number < 0 else "", *divmod(abs(number), 10)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"
