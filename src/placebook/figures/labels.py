"""Where names stand, so that none covers another. All lengths are in one unit, the one that the caller draws in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from textwrap import wrap

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from shapely import maximum_inscribed_circle, prepare
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from placebook.figures.style import register_fonts

LETTER_HIGH = 1.2
"""Height of a line by the size of its letters."""
AIR = 0.2
"""Room kept free around a name, by the size of its letters."""
RINGS, SPOKES = 60, 16
"""How many steps away from its point a name is tried, and in how many directions."""
FAR = 1.6
"""A name that stands farther than this from its point, by the size of its letters, is joined to it by a line."""


@dataclass(frozen=True)
class Name:
    """A name that wants to stand at a point; the same name broken into lines in several ways."""

    text: str
    x: float
    y: float
    size: float
    ways: tuple[tuple[tuple[str, ...], float], ...]
    """Lines, and the length of the longest."""
    inside: BaseGeometry | None = None
    """Where it would rather stand."""


@dataclass(frozen=True)
class Stands:
    """Where a name stands: the middle of its lines; ``joined`` where a line leads to its point."""

    lines: tuple[str, ...]
    x: float
    y: float
    wide: float
    high: float
    joined: bool

    def covers(self, other: Stands, air: float = 0.0) -> bool:
        """Whether two names lie on each other, or nearer than ``air``."""
        across = (self.wide + other.wide) / 2 + air - abs(self.x - other.x)
        along = (self.high + other.high) / 2 + air - abs(self.y - other.y)
        return across > 1e-9 and along > 1e-9


def ways(text: str) -> list[tuple[str, ...]]:
    """A name in one line, in two of like length, and so on to a word a line."""
    broken_names: list[tuple[str, ...]] = [(text,)]
    for many in range(2, len(text.split()) + 1):
        lines = next(
            (
                tuple(broken)
                for width in range(1, len(text) + 1)
                if len(broken := wrap(text, width, break_long_words=False, break_on_hyphens=False)) <= many
            ),
            (text,),
        )
        if len(lines) == many:
            broken_names.append(lines)
    return broken_names


def letters_wide(lines: Sequence[str], size: float, bold: bool = False) -> float:
    """How long the longest of the lines is in the charts' typeface, in the unit of ``size``."""
    register_fonts()
    face = FontProperties(family=["Placebook Sans", "DejaVu Sans"], size=size, weight="bold" if bold else "normal")
    return max((TextToPath().get_text_width_height_descent(line, face, False)[0] for line in lines), default=0.0)


def middle(shape: BaseGeometry) -> tuple[float, float]:
    """The point that lies deepest inside an area: where its name has most room."""
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    return maximum_inscribed_circle(largest, tolerance=(largest.area**0.5) / 50).coords[0]


def placed(
    names: Sequence[Name], taken: Sequence[Stands] = (), frame: tuple[float, float, float, float] | None = None
) -> list[Stands]:
    """Where each name stands, in the order given: near its point, inside its area if it can, on no other name.

    The order is that of importance: the first takes its place freely. ``taken`` is ground that no name may cover,
    ``frame`` (left, bottom, right, top) what none may leave. A name that finds no free place keeps its point, moved
    into the frame.
    """
    standing = list(taken)
    found = []
    for name in names:
        if name.inside is not None:
            prepare(name.inside)
        best, least = _kept(name, frame), float("inf")
        for way in name.ways:
            for x, y, far in _around(name):
                if far >= least:
                    break
                here = _at(name, way, x, y)
                if _free(here, standing, AIR * name.size, frame) and (cost := far + _strays(name, here)) < least:
                    best, least = here, cost
        standing.append(best)
        found.append(best)
    return found


def _at(name: Name, way: tuple[tuple[str, ...], float], x: float, y: float) -> Stands:
    lines, wide = way
    high = name.size * LETTER_HIGH * len(lines)
    gap = max(abs(x - name.x) - wide / 2, abs(y - name.y) - high / 2, 0)
    return Stands(lines, x, y, wide, high, gap > FAR * name.size)


def _kept(name: Name, frame: tuple[float, float, float, float] | None) -> Stands:
    """A name at its point, broken and moved as far as it must be to stand inside the frame."""
    if frame is None:
        return _at(name, name.ways[0], name.x, name.y)
    left, bottom, right, top = frame
    way = next((way for way in name.ways if way[1] <= right - left), name.ways[-1])
    here = _at(name, way, name.x, name.y)
    x = min(max(name.x, left + here.wide / 2), right - here.wide / 2)
    y = min(max(name.y, bottom + here.high / 2), top - here.high / 2)
    return _at(name, way, x, y)


def _around(name: Name) -> Iterator[tuple[float, float, float]]:
    """The point itself, then rings around it, each place with its distance."""
    yield name.x, name.y, 0.0
    for ring in range(1, RINGS + 1):
        far = ring * name.size * 0.35
        for spoke in range(SPOKES):
            angle = 2 * pi * spoke / SPOKES
            # Names are broad: a step aside is twice a step up.
            dx, dy = 2 * far * cos(angle), far * sin(angle)
            yield name.x + dx, name.y + dy, hypot(dx / 2, dy)


def _strays(name: Name, here: Stands) -> float:
    """What it costs that a name lies partly outside its area."""
    if name.inside is None:
        return 0.0
    ground = box(here.x - here.wide / 2, here.y - here.high / 2, here.x + here.wide / 2, here.y + here.high / 2)
    if name.inside.contains(ground):
        return 0.0
    out = 1 - name.inside.intersection(ground).area / ground.area
    return name.size * (0.4 + 2.5 * out + (0 if name.inside.intersects(Point(here.x, here.y)) else 1.5))


def _free(here: Stands, standing: Sequence[Stands], air: float, frame: tuple[float, float, float, float] | None) -> bool:
    if frame:
        left, bottom, right, top = frame
        if here.x - here.wide / 2 < left or here.x + here.wide / 2 > right:
            return False
        if here.y - here.high / 2 < bottom or here.y + here.high / 2 > top:
            return False
    return not any(here.covers(other, air) for other in standing)
