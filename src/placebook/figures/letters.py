"""The charts' typeface and how long a text is in it. Nothing that draws is loaded here."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from io import BytesIO

from matplotlib.ft2font import FT2Font, LoadFlags

FACES = ("PlacebookSans-Regular.ttf", "PlacebookSans-Bold.ttf")
"""Of ordinary letters, of bold ones."""


@cache
def _face(bold: bool) -> FT2Font:
    # From memory: of an open file processes that are forked from this one would share the place where it is read.
    return FT2Font(BytesIO((resources.files("placebook.figures") / "fonts" / FACES[bold]).read_bytes()))


@cache
def reach() -> tuple[float, float]:
    """How far the typeface reaches above and below its line, in ems."""
    face = _face(bold=False)
    about, head = face.get_sfnt_table("OS/2"), face.get_sfnt_table("head")
    assert about and head
    return about["sTypoAscender"] / head["unitsPerEm"], -about["sTypoDescender"] / head["unitsPerEm"]


@lru_cache(maxsize=4096)
def inches(text: str, size: float, bold: bool = False) -> float:
    """How long a text is; of several lines the longest."""
    face = _face(bold)
    face.set_size(size, 72)
    longest = 0.0
    for line in text.split("\n"):
        face.set_text(line, 0.0, flags=LoadFlags.NO_HINTING)
        longest = max(longest, face.get_width_height()[0] / 64 / 72)
    return longest


def broken(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """A text in lines of at most ``room`` inches, each as full as it can be; a word that is longer is cut into pieces."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and inches(longer, size, bold) <= room:
            lines[-1] = longer
            continue
        while inches(word, size, bold) > room and len(word) > 1:
            fits = next(at for at in range(len(word) - 1, 0, -1) if at == 1 or inches(word[:at], size, bold) <= room)
            lines.append(word[:fits])
            word = word[fits:]
        lines.append(word)
    return lines


def stacked(name: str, room: float, size: float, bold: bool = False) -> list[str]:
    """A name in as few lines as fit into ``room`` inches, of like length: its longest words decide where none fit."""
    few = len(broken(name, max(room, longest(name, size, bold)), size, bold))
    for tenth in range(1, 11):
        lines = broken(name, max(room * tenth / 10, longest(name, size, bold)), size, bold)
        if len(lines) <= few:
            return lines
    return broken(name, max(room, longest(name, size, bold)), size, bold)


def longest(text: str, size: float, bold: bool = False) -> float:
    """How long its longest word is, in inches."""
    return max((inches(word, size, bold) for word in text.split()), default=0.0)
