"""Trend panels: small multiples over shared years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from placebook.figures.letters import inches, stacked
from placebook.figures.paper import LINE, NOTE, POINT, RULE, SPARE, Paper, ticks
from placebook.figures.style import ACCENT, COMPARATORS, HALF, INK, LEAST, MUTED, Sketch, figure_style

LEFT, RIGHT = 0.14 * HALF, 0.665 * HALF
"""Where the years begin and where they end, unless longer numbers or longer words need more room beside them."""
HIGH = 1.19
"""Inches under the words: the lines and the years, unless the names of the lines need more."""
ABOVE, BELOW = 0.16, 0.26
"""Inches of these over the lines, and under them for the years."""
BEFORE, BEHIND = 5 * POINT, 8 * POINT
"""Inches between the lines and the numbers before them, and the names behind them."""
ASIDE = 4 * POINT
"""Inches: a name that stands farther than this from where its line ends is joined to it."""


@dataclass(frozen=True)
class Line:
    """One series: its numbers by decimal year; a missing one breaks the line."""

    role: str
    name: str
    years: tuple[float, ...]
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Small:
    """One small multiple."""

    title: str
    subtitle: str
    lines: tuple[Line, ...]
    breaks: tuple[float, ...] = ()
    from_zero: bool = field(default=False)


@dataclass(frozen=True)
class Room:
    """What the small multiples of a panel share: where years begin and end, and how high lines and years are, in inches."""

    left: float = LEFT
    right: float = RIGHT
    high: float = HIGH


def room(smalls: Sequence[Small]) -> Room:
    """As much room for the lines as the longest number before them and the names behind them leave."""
    numbers = [inches(words, LEAST) for small in smalls for _, words in _numbers(*limits(small))]
    names = [_name(line) for small in smalls for line in small.lines]
    behind = max((inches("\n".join(lines), LEAST, bold) for lines, bold in names), default=0.0)
    high = max((NOTE * sum(len(_name(line)[0]) for line in small.lines) for small in smalls), default=0.0)
    return Room(
        max([LEFT, *(number + BEFORE + SPARE for number in numbers)]),
        min(RIGHT, HALF - behind - BEHIND - SPARE),
        max(HIGH, high + BELOW),
    )


def _name(line: Line) -> tuple[list[str], bool]:
    """The name at the end of a line, in lines, and whether it is bold."""
    bold = line.role == "place"
    return stacked(line.name, HALF - RIGHT - BEHIND - SPARE, LEAST, bold), bold


def _numbers(low: float, high: float) -> list[tuple[float, str]]:
    """The numbers on the scale, and how they are written."""
    return [(value, f"{value:,.10g}".replace("-", "−")) for value in ticks(UPWARDS, low, high)]


def panel(smalls: Sequence[Small]) -> list[Sketch]:
    """A trend panel: small multiples with shared years, the place last so that it lies on top.

    A series that covers less than half of the shared years has years of its own: it would be a squeezed corner.
    """
    years = [year for small in smalls for line in small.lines for year in line.years]
    first, last = min(years), max(years)
    sketches, shared = [], room(smalls)
    for small in smalls:
        own = min(year for line in small.lines for year in line.years)
        sketches.append(Sketch(_multiple, (small, own if last - own < (last - first) / 2 else first, last, shared)))
    return sketches


def _multiple(small: Small, first: float, last: float, shared: Room) -> Figure:
    with figure_style():
        title, subtitle = Paper.broken(small.title, small.subtitle)
        head = LINE * len(title) + NOTE * len(subtitle)
        paper = Paper(head + shared.high)
        _Plot(paper, small, (first - 0.3, last + 0.3), head, shared).draw()
        paper.head(title, subtitle)
    return paper.figure


def limits(small: Small) -> tuple[float, float]:
    """The lowest and the highest number that a small multiple has room for: a margin beyond its lines."""
    drawn = [line.values for line in small.lines]
    for line in small.lines:
        if _has_band(line):
            drawn += [line.lower, line.upper]
    known = [number for numbers in drawn for number in numbers if number is not None]
    low, high = UPWARDS.nonsingular(*((min(known), max(known)) if known else (-math.inf, math.inf)))
    margin = 0.12 * (high - low)
    return low - margin, high + margin


UPWARDS, ACROSS = MaxNLocator(4), MaxNLocator(5, integer=True, min_n_ticks=2)


def _has_band(line: Line) -> bool:
    return line.role == "place" and bool(line.lower and line.upper)


class _Plot:
    """The lines of a small multiple between two years, under the words at the ``head`` of its paper."""

    def __init__(self, paper: Paper, small: Small, years: tuple[float, float], head: float, shared: Room):
        self.paper, self.small = paper, small
        self.first, self.last = years
        self.head, self.top, self.bottom = head, head + ABOVE, head + shared.high - BELOW
        self.left, self.right = shared.left, shared.right
        self.low, self.high = limits(small)

    def across(self, year: float) -> float:
        return self.left + (self.right - self.left) * (year - self.first) / (self.last - self.first)

    def down(self, value: float | None) -> float:
        part = math.nan if value is None else (value - self.low) / (self.high - self.low)
        return self.bottom - (self.bottom - self.top) * part

    def draw(self) -> None:
        self._scales()
        ends: list[_End] = []
        for line in self.small.lines:
            is_place = line.role == "place"
            look = (
                {"color": ACCENT, "linewidth": 2.4}
                if is_place
                else {key: COMPARATORS[line.role][key] for key in ("color", "linewidth", "dashes")}
            )
            if _has_band(line):
                self._band(line)
            self.paper.line(
                [self.across(year) for year in line.years],
                [self.down(value) for value in line.values],
                zorder=5 if is_place else 3,
                marker="o" if len(line.values) < 3 else None,
                markersize=4,
                **look,
            )
            values = [value for value in line.values if value is not None]
            if values:
                ends.append(_End(self.down(values[-1]), _name(line)[0], str(look["color"]), is_place))
        for year in self.small.breaks:
            x = self.across(year)
            self.paper.line([x, x], [self.bottom, self.top], color=MUTED, linewidth=0.8, linestyle=":")
            self.paper.text(x, self.top - 1.5 * POINT, "b", fontsize=LEAST, color=MUTED, ha="center", va="baseline")
        self._end_labels(ends)

    def _scales(self) -> None:
        """Years under the line at the bottom, numbers before grey lines."""
        look = {"fontsize": LEAST, "color": INK, "zorder": 0.5}
        for year in ticks(ACROSS, self.first, self.last):
            half = inches(f"{year:.0f}", LEAST) / 2  # of a year, which stands neither under a number nor under a name
            across = min(max(self.across(year), self.left - BEFORE + half), self.right + BEHIND - half)
            self.paper.text(across, self.bottom + 3 * POINT, f"{year:.0f}", ha="center", va="top", **look)
        for value, words in _numbers(self.low, self.high):
            y = self.down(value)
            self.paper.line([self.left, self.right], [y, y], color=RULE, linewidth=0.6, zorder=0.5)
            self.paper.text(self.left - BEFORE, y, words, ha="right", va="center_baseline", **look)
        self.paper.line([self.left, self.right], [self.bottom] * 2, color=RULE, linewidth=1, zorder=2.5)

    def _band(self, line: Line) -> None:
        """The interval around the line, wherever it has both limits."""
        points = zip(line.years, line.lower, line.upper, strict=True)
        for whole, run in groupby(points, key=lambda point: point[1] is not None and point[2] is not None):
            if whole:
                years, lower, upper = zip(*run, strict=True)
                there = [(self.across(year), self.down(value)) for year, value in zip(years, lower, strict=True)]
                back = [(self.across(year), self.down(value)) for year, value in zip(years, upper, strict=True)]
                self.paper.area(there + back[::-1], color=ACCENT, alpha=0.14, linewidth=0)

    def _end_labels(self, ends: Sequence[_End]) -> None:
        """Names at the ends of the lines, pushed apart so that none covers another; one that stands aside is joined."""
        ends = sorted(ends, key=lambda end: -end.down)
        at = apart([(end.down, NOTE * len(end.lines)) for end in ends], self.head, self.bottom)
        for middle, end in zip(at, ends, strict=True):
            if abs(middle - end.down) - NOTE * (len(end.lines) - 1) / 2 > ASIDE:
                across = [self.right + POINT, self.right + BEHIND - 1.5 * POINT]
                self.paper.line(across, [end.down, middle], color=end.colour, linewidth=0.6, zorder=2)
            first = middle - NOTE * (len(end.lines) - 1) / 2
            for number, words in enumerate(end.lines):
                self.paper.text(
                    self.right + BEHIND,
                    first + NOTE * number,
                    words,
                    color=end.colour,
                    va="center",
                    fontsize=LEAST,
                    weight="bold" if end.bold else "normal",
                )


@dataclass(frozen=True)
class _End:
    """How far down a line ends, and its name."""

    down: float
    lines: Sequence[str]
    colour: str
    bold: bool


def apart(wanted: Sequence[tuple[float, float]], top: float, bottom: float) -> list[float]:
    """The middles of blocks, the lowest first, each with the middle that it would have and its height.

    None lies on another or outside ``top`` and ``bottom`` (which must be far enough apart), counted downwards.
    """
    placed: list[float] = []
    floor = bottom
    for middle, high in wanted:  # upwards from the bottom
        placed.append(min(middle, floor - high / 2))
        floor = placed[-1] - high / 2
    ceiling = top
    for number in range(len(placed) - 1, -1, -1):  # and down again from the top
        high = wanted[number][1]
        placed[number] = max(placed[number], ceiling + high / 2)
        ceiling = placed[number] + high / 2
    return placed
