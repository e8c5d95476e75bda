"""A drawn figure as a small vector picture that can stand inside a page.

Text stays text, coordinates are tenths of a point, colours are presentation attributes (so that a style sheet can turn
them for a dark ground), and no id is left that another picture of the page could share.

Matplotlib draws with a pen of our own. Its own writes XML for every stroke, in ten times as many words; to read that again
and to put down less of it took longer than drawing. Both give the same bytes: a test reads matplotlib's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import rgb2hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, weight_dict
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Affine2D, Transform

from placebook.figures import strokes

HALO = "halo"
"""The beginning of the name of a text that is drawn with a rim in the colour of the ground."""
RIM = 2.4
PLAIN_SIZE = "9.5px"
"""The size of most letters, and the smallest: what is written in it need not say so."""
LETTERS = "#1a1a1a"
"""The ink of a text that was given none."""
ANCHORS = {"right": "end", "center": "middle"}
"""Where a text keeps to; the left is left out."""
DPI = 72
"""Dots are points."""

Part = tuple[str, dict[str, str], str]
"""A tag, its attributes, and how it goes on behind them."""


def picture(figure: Figure, alt: str) -> str:
    """The figure as one ``<svg>`` element without an empty line, ``alt`` as its accessible name.

    Clip paths are left out: whatever is drawn must lie inside the picture. Raises ValueError for what is no line, area or
    plain text.
    """
    before = figure.dpi
    figure.dpi = DPI
    try:
        width, height = (float(length) * DPI for length in figure.get_size_inches())
        pen = Pen(width, height)
        figure.draw(pen)
    finally:
        figure.dpi = before
    # One point of the drawing is a CSS pixel and a third: the size at which the letters are as tall as the page's.
    wide, high = (round(length * 4 / 3) for length in (width, height))
    head = (
        f'<svg class="pb-svg" role="img" aria-label={quoteattr(alt)} width="{wide}" height="{high}" '
        f'viewBox="0 0 {_short(width)} {_short(height)}" '
        f'font-family="Placebook Sans, sans-serif" font-size="{PLAIN_SIZE}" fill="none" stroke-linejoin="round">'
    )
    return head + "".join(f"<{tag}{_attributes(given)}{inside}" for tag, given, inside in _merged(pen.parts)) + "</svg>"


def _attributes(given: dict[str, str]) -> str:
    return "".join([f" {name}={_quoted(value)}" for name, value in given.items()])


@lru_cache(maxsize=4096)
def _quoted(value: str) -> str:
    return quoteattr(value)


class Pen(RendererBase):
    """What matplotlib draws with: it keeps the parts of the picture, in order."""

    def __init__(self, width: float, height: float):
        """The size of the picture in points."""
        super().__init__()
        self.dpi = DPI
        self.width, self.height = width, height
        self.parts: list[Part] = []
        self._flip = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, height], [0.0, 0.0, 1.0]])
        self._names: list[str] = [""]

    # What matplotlib asks of any renderer.

    def flipy(self) -> bool:
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: bool | str) -> tuple[float, float, float]:
        measure: TextToPath = self._text2path
        return measure.get_text_width_height_descent(s, prop, ismath)

    def open_group(self, s: str, gid: str | None = None) -> None:
        self._names.append(gid if gid and gid.startswith(HALO) else self._names[-1])

    def close_group(self, s: str) -> None:
        self._names.pop()

    def draw_image(self, gc: GraphicsContextBase, x: float, y: float, im: Any, transform: Any = None) -> None:
        raise ValueError("a figure holds an image, which this room does not know")

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,
    ) -> None:
        self._put([path], self._flip @ transform.get_matrix(), _look(gc, rgbFace), filled=rgbFace is not None)

    def _put(self, paths: Iterable[Path], matrix: np.ndarray, look: dict[str, str], filled: bool) -> None:
        """Paths of one look. A line is drawn no further than the picture goes, and without corners that nobody would see."""
        if not ("fill" in look or "stroke" in look):
            return
        clip = None if filled else (0.0, 0.0, self.width, self.height)
        for path in paths:
            if steps := strokes.stepped(*strokes.cleaned(path, matrix, clip, not filled and path.should_simplify)):
                self.parts.append(("path", {**look, "d": strokes.written(steps)}, "/>"))

    def draw_path_collection(
        self,
        gc: GraphicsContextBase,
        master_transform: Transform,
        paths: Sequence[Path],
        all_transforms: Any,
        offsets: Any,
        offset_trans: Any,
        facecolors: Any,
        edgecolors: Any,
        linewidths: Any,
        linestyles: Any,
        antialiaseds: Any,
        urls: Any,
        offset_position: Any,
        **more: Any,
    ) -> None:
        """Areas of one look, as most of a map's are, in one pass; others one after the other."""
        looks = (facecolors, edgecolors, linewidths, linestyles)
        if len(all_transforms) or any(len(given) > 1 for given in (*looks, offsets)) or not len(paths):
            super().draw_path_collection(
                gc,
                master_transform,
                paths,
                all_transforms,
                offsets,
                offset_trans,
                *looks,
                antialiaseds,
                urls,
                offset_position,
                **more,
            )
            return
        given = self._iter_collection(
            gc, [None], offsets, offset_trans, *looks, antialiaseds, urls, offset_position, hatchcolors=[]
        )
        for across, up, _, drawn, face in given:
            moved = Affine2D().translate(across, up).get_matrix() @ master_transform.get_matrix()
            self._put(paths, self._flip @ moved, _look(drawn, face), filled=face is not None)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        """A shape at each corner of a path: a circle as a circle, another with its coordinates moved there."""
        corners, codes = strokes.cleaned(marker_path, np.diag([1.0, -1.0, 1.0]) @ marker_trans.get_matrix(), None, False)
        if not len(codes):
            return
        look = _look(gc, rgbFace)
        is_round = codes.tolist() == strokes.ROUND
        for x, y in self._corners(path, trans):
            if is_round:
                at = {"cx": _short(x), "cy": _short(y), "r": _short(abs(float(corners[0][1])), 2)}
                self.parts.append(("circle", {**at, **look}, "/>"))
            else:
                self.parts.append(
                    ("path", {**look, "d": strokes.written(strokes.stepped(corners + np.array((x, y)), codes))}, "/>")
                )

    def _corners(self, path: Path, transform: Transform) -> Iterator[tuple[float, float]]:
        flipped = self._flip @ transform.get_matrix()
        beyond = (0.0, 0.0, self.width * DPI, self.height * DPI)
        found = path.cleaned(flipped, remove_nans=True, clip=beyond)
        for (x, y), code in zip(strokes.exact(found.vertices).tolist(), found.codes.tolist(), strict=True):
            if code not in (Path.STOP, Path.CLOSEPOLY):
                yield x, y

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool | str = False,
        mtext: Any = None,
    ) -> None:
        if ismath:
            raise ValueError(f"a figure holds the formula {s!r}, which this room does not know")
        if not s.strip():
            return
        look = {"font-size": f"{_exactly(prop.get_size())}px"}
        if look["font-size"] == PLAIN_SIZE:
            del look["font-size"]
        weight = weight_dict.get(prop.get_weight(), prop.get_weight())
        if weight != 400:
            look["font-weight"] = str(weight)
        if mtext and (angle == 0 or mtext.get_rotation_mode() == "anchor"):
            x, y = self._anchor(x, y, angle, mtext)
            if anchor := ANCHORS.get(mtext.get_ha()):
                look["text-anchor"] = anchor
        ink = _hex(gc.get_rgb())
        look["fill"] = ink if ink != BLACK else LETTERS
        look["x"], look["y"] = _short(float(_exactly(x))), _short(float(_exactly(y)))
        if turned := float(_exactly(-angle)):
            look["transform"] = f"rotate({_short(turned)} {look['x']} {look['y']})"
        inside = f">{escape(s)}</text>"
        if self._names[-1]:
            self.parts.append(
                ("text", {**look, "stroke": "#ffffff", "stroke-width": str(RIM), "stroke-opacity": "0.85"}, inside)
            )
        self.parts.append(("text", look, inside))

    def _anchor(self, x: float, y: float, angle: float, text: Any) -> tuple[float, float]:
        """Where a text is anchored: sideways where it was put, upright where its line stands."""
        across, up = text.get_transform().transform(text.get_unitless_position())
        down = self.height - up
        if angle == 0:
            return across, y
        turned = np.deg2rad(angle)
        upright = np.array([np.sin(turned), np.cos(turned)])
        moved = upright @ [x - across, y - down]
        return across + moved * upright[0], down + moved * upright[1]


# ------------------------------------------------------------------ looks

BLACK = "#000000"


def _look(gc: GraphicsContextBase, face: Any) -> dict[str, str]:
    """The presentation attributes that say something; what is said already by being left out is left out.

    Raises ValueError for a hatched area.
    """
    if gc.get_hatch() is not None:
        raise ValueError("a figure holds a hatched area, which this room does not know")
    width = float(gc.get_linewidth())
    dashes = gc.get_dashes()
    return dict(
        _said(
            None if face is None else tuple(map(float, face)),
            tuple(map(float, gc.get_rgb())),
            float(gc.get_alpha()) if gc.get_forced_alpha() else None,
            width,
            None if dashes[1] is None else (float(dashes[0]), *map(float, dashes[1])),
            gc.get_capstyle(),
        )
    )


@lru_cache(maxsize=4096)
def _said(
    face: tuple[float, ...] | None,
    line: tuple[float, ...],
    alpha: float | None,
    width: float,
    dashes: tuple[float, ...] | None,
    cap: str,
) -> dict[str, str]:
    found: dict[str, str] = {}
    black = face is not None and face[:3] == (0, 0, 0)
    if face is not None and not black:
        found["fill"] = _hex(face)
    # A line without an end is not drawn, nor is one of no width.
    if round(width, 6):
        found["stroke"] = _hex(line)
        if (wide := _short(float(_exactly(width)), 2)) and _exactly(width) != "1":
            found["stroke-width"] = wide
        if dashes is not None:
            found["stroke-dasharray"] = " ".join(_short(float(_exactly(length))) for length in dashes[1:])
            if (offset := _exactly(dashes[0])) != "0":
                found["stroke-dashoffset"] = offset
        if cap != "butt":
            found["stroke-linecap"] = {"projecting": "square"}.get(cap, cap)
    if alpha is not None and alpha != 1:
        found["opacity"] = _short(float(_exactly(alpha)), 2)
    if alpha is None and face is not None and len(face) == 4 and face[3] != 1:
        found["fill-opacity"] = _short(float(_exactly(face[3])), 2)
    if alpha is None and round(width, 6) and line[3] != 1:
        found["stroke-opacity"] = _short(float(_exactly(line[3])), 2)
    if black:
        found["fill"] = BLACK
    return found


@lru_cache(maxsize=256)
def _hex(colour: tuple[float, ...]) -> str:
    return str(rgb2hex(colour))


# ------------------------------------------------------------------ numbers


def _exactly(number: float) -> str:
    """With six decimals at the most, as matplotlib writes them."""
    return f"{number:f}".rstrip("0").rstrip(".")


def _short(number: float, decimals: int = 1) -> str:
    return f"{number:.{decimals}f}".rstrip("0").rstrip(".") or "0"


# ------------------------------------------------------------------ the whole


def _merged(parts: Iterable[Part]) -> Iterator[Part]:
    """Shapes of one look that follow one another become one: grid lines, areas of one class."""
    held: Part | None = None
    for part in parts:
        if held and part[0] == held[0] == "path" and _alike(held[1], part[1]):
            held = ("path", {**held[1], "d": held[1]["d"] + part[1]["d"]}, "/>")
            continue
        if held:
            yield held
        held = part
    if held:
        yield held


def _alike(one: dict[str, str], other: dict[str, str]) -> bool:
    # See-through shapes would lie doubly where they meet.
    clear = any("opacity" in key for key in one)
    return not clear and {**one, "d": ""} == {**other, "d": ""}
