"""Trend panels: small multiples over shared years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from textwrap import wrap

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from placebook.figures.paper import LINE, NOTE, POINT, RULE, Paper, ticks
from placebook.figures.style import ACCENT, COMPARATORS, HALF, INK, LEAST, MUTED, Sketch, figure_style

LEFT, RIGHT = 0.14 * HALF, 0.665 * HALF
"""Where the years begin, and where they end and the names of the lines begin."""
HIGH = 1.15
"""Inches under the words: the lines and the years."""


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


def panel(smalls: Sequence[Small]) -> list[Sketch]:
    """A trend panel: small multiples with shared years, the place last so that it lies on top.

    A series that covers less than half of the shared years has years of its own: it would be a squeezed corner.
    """
    years = [year for small in smalls for line in small.lines for year in line.years]
    first, last = min(years), max(years)
    sketches = []
    for small in smalls:
        own = min(year for line in small.lines for year in line.years)
        sketches.append(Sketch(_multiple, (small, own if last - own < (last - first) / 2 else first, last)))
    return sketches


def _multiple(small: Small, first: float, last: float) -> Figure:
    with figure_style():
        title, subtitle = wrap(small.title, 44), wrap(small.subtitle, 53)
        head = LINE * len(title) + NOTE * len(subtitle)
        paper = Paper(head + HIGH)
        _Plot(paper, small, (first - 0.3, last + 0.3), (head + 0.12, head + HIGH - 0.26)).draw()
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
    """The lines of a small multiple between two years and two heights of its paper."""

    def __init__(self, paper: Paper, small: Small, years: tuple[float, float], heights: tuple[float, float]):
        self.paper, self.small = paper, small
        self.first, self.last = years
        self.top, self.bottom = heights
        self.low, self.high = limits(small)

    def across(self, year: float) -> float:
        return LEFT + (RIGHT - LEFT) * (year - self.first) / (self.last - self.first)

    def down(self, value: float | None) -> float:
        part = math.nan if value is None else (value - self.low) / (self.high - self.low)
        return self.bottom - (self.bottom - self.top) * part

    def draw(self) -> None:
        self._scales()
        ends: list[tuple[float, str, str, bool]] = []
        for line in self.small.lines:
            is_place = line.role == "place"
            look = {"color": ACCENT, "linewidth": 2.4} if is_place else {
                key: COMPARATORS[line.role][key] for key in ("color", "linewidth", "dashes")
            }  # fmt: skip
            if _has_band(line):
                self._band(line)
            self.paper.line(
                [self.across(year) for year in line.years], [self.down(value) for value in line.values],
                zorder=5 if is_place else 3, marker="o" if len(line.values) < 3 else None, markersize=4, **look,
            )  # fmt: skip
            known = [value for value in line.values if value is not None]
            if known:
                ends.append((known[-1], line.name, str(look["color"]), is_place))
        for year in self.small.breaks:
            x = self.across(year)
            self.paper.line([x, x], [self.bottom, self.top], color=MUTED, linewidth=0.8, linestyle=":")
            self.paper.text(x, self.top, "b", fontsize=LEAST, color=MUTED, ha="center", va="bottom")
        self._end_labels(ends)

    def _scales(self) -> None:
        """Years under the line at the bottom, numbers before grey lines."""
        look = {"fontsize": LEAST, "color": INK, "zorder": 0.5}
        for year in ticks(ACROSS, self.first, self.last):
            self.paper.text(self.across(year), self.bottom + 3 * POINT, f"{year:.0f}", ha="center", va="top", **look)
        for value in ticks(UPWARDS, self.low, self.high):
            y = self.down(value)
            self.paper.line([LEFT, RIGHT], [y, y], color=RULE, linewidth=0.6, zorder=0.5)
            words = f"{value:,.10g}".replace("-", "−")
            self.paper.text(LEFT - 3 * POINT, y, words, ha="right", va="center_baseline", **look)
        self.paper.line([LEFT, RIGHT], [self.bottom] * 2, color=RULE, linewidth=1, zorder=2.5)

    def _band(self, line: Line) -> None:
        """The interval around the line, wherever it has both limits."""
        points = zip(line.years, line.lower, line.upper, strict=True)
        for whole, run in groupby(points, key=lambda point: point[1] is not None and point[2] is not None):
            if whole:
                years, lower, upper = zip(*run, strict=True)
                there = [(self.across(year), self.down(value)) for year, value in zip(years, lower, strict=True)]
                back = [(self.across(year), self.down(value)) for year, value in zip(years, upper, strict=True)]
                self.paper.area(there + back[::-1], color=ACCENT, alpha=0.14, linewidth=0)

    def _end_labels(self, ends: Sequence[tuple[float, str, str, bool]]) -> None:
        """Names at the ends of the lines, pushed apart so that none covers another."""
        step = 0.175 * (self.high - self.low)
        ends = sorted(ends, key=lambda end: end[0])
        placed: list[float] = []
        for value, *_ in ends:
            placed.append(max(value, placed[-1] + step) if placed else value)
        overflow = (placed[-1] - self.high) if placed else 0
        if overflow > 0:
            placed = [at - overflow for at in placed]
            for i in range(len(placed) - 2, -1, -1):
                placed[i] = min(placed[i], placed[i + 1] - step)
        for at, (_, name, colour, is_place) in zip(placed, ends, strict=True):
            self.paper.text(RIGHT + 5 * POINT, self.down(at), name, color=colour, va="center", fontsize=LEAST,
                            weight="bold" if is_place else "normal")  # fmt: skip
