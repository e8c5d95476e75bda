"""Bars from zero, each with its name and its number. Every number and word comes in as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from placebook.figures.letters import broken, stacked
from placebook.figures.paper import LINE, NOTE, POINT, RULE, SPARE, Paper, ticks
from placebook.figures.style import ACCENT, COMPARATORS, GROUND, HALF, INK, LEAST, MUTED, WIDTH, figure_style, inches
from placebook.figures.vector import HALO

PITCH = 0.19
"""Inches from one bar to the next."""
MORE, GROUP = NOTE, 0.05
"""Inches more for each line that a name takes besides the first, and between a name of several lines and its neighbours."""
KEY_LINE = 0.2
"""Inches from one line of the key to the next."""
THICK = 0.14
"""Inches: how thick a bar is."""
FOOT, SMALL_FOOT = 0.5, 0.46
"""Inches under the bars of a large and of a small picture: the numbers and what they are."""
BESIDE = 3.5 * POINT
"""Inches between a bar, or a mark, and the words before and behind it."""
MARK = 5 * POINT
"""Inches that the widest mark, a square on its corner, reaches to each side."""
NAMES, SHORT = 2.1, 1.4
"""Inches: how long a line of a name beside a bar may be, in a large picture and in a small one."""
AROUND = 4 * POINT
"""Inches between two numbers under the bars."""


@dataclass(frozen=True)
class Mark:
    """A comparator's number on a bar's own line."""

    role: str
    name: str
    value: float


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    text: str
    marks: tuple[Mark, ...] = ()


def large_bars(
    items: Sequence[Bar],
    axis: str,
    place: str,
    legend: Sequence[tuple[str, str]],
    reference: tuple[float, str] | None = None,
) -> Figure:
    """Bars from zero, each with its number; comparators as marks on the bar's own line.

    ``reference`` is a number that a line across all bars marks, and its name.
    """
    items, said = _named(items, NAMES), broken(axis, WIDTH - SPARE, LEAST)
    with figure_style():
        handles, rows = _key(place, legend)
        more = max((str(handle.get_label()).count("\n") for handle in handles), default=0)
        head, over = 0.12 + KEY_LINE * (rows + more), NOTE if reference else 0.0
        paper = Paper(head + over + sum(_high(items)) + _foot(FOOT, said), WIDTH)
        end = 1.18 * _top(items)
        drawn = _Bars(paper, items, _across(items, WIDTH, 0.94 * WIDTH, end), (head, head + over), end, 5)
        drawn.draw(said, rim=reference is not None)
        if reference:
            x = drawn.across(reference[0])
            paper.line([x, x], [drawn.bottom, drawn.top], color=INK, linewidth=1.2, zorder=3)
            behind = x + inches(f" {reference[1]}", LEAST) < WIDTH - SPARE
            words = f" {reference[1]}" if behind else f"{reference[1]} "
            paper.text(x, head + over / 2, words, fontsize=LEAST, color=MUTED, va="center", ha="left" if behind else "right")
        if handles:
            paper.figure.legend(
                handles=handles,
                loc="upper left",
                bbox_to_anchor=(0, 1),
                ncols=_columns(handles, rows),
                fontsize=LEAST,
                borderaxespad=0.1,
                handlelength=1.2,
                columnspacing=1.4,
            )
    return paper.figure


def small_bars(items: Sequence[Bar], title: str, axis: str, most: float) -> Figure:
    """A small bar chart with its own title, one of several on the same scale, which ends at ``most``."""
    items, unit = _named(items, SHORT), broken(axis, HALF - SPARE, LEAST)
    with figure_style():
        said, _ = Paper.broken(title)
        head = 0.1 + LINE * len(said)
        paper = Paper(head + sum(_high(items)) + _foot(SMALL_FOOT, unit), HALF)
        end = 1.25 * max(most, 1)
        _Bars(paper, items, _across(items, HALF, 0.97 * HALF, end), (head, head), end, 4).draw(unit)
        paper.head(said, ())
    return paper.figure


def _key(place: str, legend: Sequence[tuple[str, str]]) -> tuple[list[Line2D], int]:
    """What the bars and marks stand for, and in how many lines that is said."""
    if not legend:
        return [], 0
    handles = [Line2D([], [], color=ACCENT, linewidth=7, label="\n".join(stacked(place, WIDTH - 0.6, LEAST)))]
    for role, name in legend:
        handles.append(
            Line2D(
                [],
                [],
                marker=COMPARATORS[role]["marker"],
                color=COMPARATORS[role]["color"],
                linestyle="none",
                markersize=6,
                markeredgewidth=2.2 if role == "country" else 1,
                label=name,
            )
        )
    return handles, next(rows for rows in range(1, len(handles) + 1) if rows == len(handles) or _broad(handles, rows) < WIDTH)


def _columns(handles: Sequence[Line2D], rows: int) -> int:
    return -(-len(handles) // rows)


def _broad(handles: Sequence[Line2D], rows: int) -> float:
    """How broad a key of so many lines is: each column as its longest name, filled from above as matplotlib does it."""
    long = [0.46 + inches(str(handle.get_label()), LEAST) for handle in handles]
    return float(sum(max(column) for column in np.array_split(long, _columns(handles, rows))))


def _named(items: Sequence[Bar], room: float) -> list[Bar]:
    """The bars with long names in two lines, or more."""
    return [replace(item, label="\n".join(stacked(item.label, room, LEAST))) for item in items]


def _foot(high: float, axis: Sequence[str]) -> float:
    """Inches under the bars, where what the numbers are takes more lines than one."""
    return high + NOTE * max(len(axis) - 1, 0)


def _across(items: Sequence[Bar], width: float, right: float, end: float) -> tuple[float, float]:
    """Where the bars begin and where their scale ends, so that every number behind a bar has room."""
    left = _beside(items)
    for item in items:
        behind = inches(item.text, LEAST) + BESIDE + SPARE
        for value, more in [(item.value, 0.0), *((mark.value, MARK) for mark in item.marks)]:
            if value > 0:
                right = min(right, left + (width - left - behind - more) * end / value)
    return left, right


def _high(items: Sequence[Bar]) -> list[float]:
    """Inches from top to bottom of each bar's own row."""
    more = [item.label.count("\n") for item in items]
    return [PITCH + MORE * lines + (GROUP if lines else 0.0) for lines in more]


def _beside(items: Sequence[Bar]) -> float:
    """Inches that the names beside the bars take."""
    marked = MARK if any(item.marks for item in items) else 0.0
    return 0.13 + marked + max((inches(item.label, LEAST) for item in items), default=0.0)


def _top(items: Sequence[Bar]) -> float:
    return max([i.value for i in items] + [m.value for i in items for m in i.marks] + [1e-9])


class _Bars:
    """Bars from zero to ``end`` between two places across their paper.

    ``down`` says where the lines behind them begin and where the first bar's row does, ``most`` into how many steps the
    scale is cut.
    """

    def __init__(
        self,
        paper: Paper,
        items: Sequence[Bar],
        across: tuple[float, float],
        down: tuple[float, float],
        end: float,
        most: int,
    ):
        self.paper, self.items, self.end, self.most = paper, items, end, most
        self.left, self.right = across
        self.top, first = down
        high = _high(items)
        self.middles = [first + sum(high[:at]) + high[at] / 2 for at in range(len(items))]
        self.bottom = first + sum(high)

    def across(self, value: float) -> float:
        return self.left + (self.right - self.left) * value / self.end

    def draw(self, axis: Sequence[str], rim: bool = False) -> None:
        """``rim``: whether numbers have one, where a line may run through them."""
        self._scale(axis)
        for middle, item in zip(self.middles, self.items, strict=True):
            upper, lower, reached = middle - THICK / 2, middle + THICK / 2, self.across(item.value)
            corners = [(self.left, upper), (reached, upper), (reached, lower), (self.left, lower)]
            self.paper.area(corners, color=ACCENT, linewidth=0, zorder=2)
        for middle, item in zip(self.middles, self.items, strict=True):
            for mark in item.marks:
                self._mark(mark, middle)
            reached = max([self.across(item.value)] + [self.across(mark.value) + MARK for mark in item.marks])
            self.paper.text(
                reached + BESIDE, middle, item.text, va="center", fontsize=LEAST, color=INK, zorder=3, gid=HALO if rim else None
            )

    def _scale(self, axis: Sequence[str]) -> None:
        look = {"fontsize": LEAST, "color": INK, "zorder": 0.5}
        for value, words in self._numbers():
            x = self.across(value)
            self.paper.line([x, x], [self.bottom, self.top], color=RULE, linewidth=0.6, zorder=0.5)
            self.paper.text(x, self.bottom + 3.5 * POINT, words, ha="center", va="top", **look)
        width = float(self.paper.figure.get_figwidth())
        start = max(0.0, min([self.left, *(width - SPARE - inches(words, LEAST) for words in axis)]))
        for number, words in enumerate(axis):
            self.paper.text(start, self.bottom + 30 * POINT + NOTE * number, words, fontsize=LEAST, color=MUTED, zorder=0.5)
        before = min([self.left] + [self.across(mark.value) - MARK for item in self.items for mark in item.marks]) - BESIDE
        for middle, item in zip(self.middles, self.items, strict=True):
            lines = item.label.split("\n")
            for number, words in enumerate(lines):
                down = middle + MORE * (number - (len(lines) - 1) / 2)
                self.paper.text(before, down, words, ha="right", va="center", **look)

    def _numbers(self) -> list[tuple[float, str]]:
        """The numbers under the bars: as many as stand beside one another."""
        numbers: list[tuple[float, str]] = []
        for steps in range(self.most, 0, -1):
            numbers = [(value, f"{value:,.10g}") for value in ticks(MaxNLocator(steps), 0, self.end)]
            long = [inches(words, LEAST) for _, words in numbers]
            apart = [self.across(one[0]) - self.across(other[0]) for one, other in zip(numbers[1:], numbers, strict=False)]
            if all((a + b) / 2 + AROUND <= gap for a, b, gap in zip(long, long[1:], apart, strict=False)):
                break
        return numbers

    def _mark(self, mark: Mark, middle: float) -> None:
        look = COMPARATORS[mark.role]
        country = mark.role == "country"
        x = self.across(mark.value)
        if country:  # a rim, so that the line is seen on the bar
            self.paper.mark(x, middle, marker="|", color=GROUND, markersize=13, markeredgewidth=4.8, zorder=3)
        self.paper.mark(
            x,
            middle,
            marker=look["marker"],
            color=look["color"],
            zorder=4,
            markeredgecolor=look["color"] if country else GROUND,
            markersize=11 if country else 6.5,
            markeredgewidth=2.2 if country else 0.7,
        )
