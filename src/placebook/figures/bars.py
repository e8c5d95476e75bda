"""Bars from zero, each with its name and its number. Every number and word comes in as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from placebook.figures.paper import LINE, NOTE, POINT, RULE, Paper, ticks
from placebook.figures.strips import Mark
from placebook.figures.style import ACCENT, COMPARATORS, GROUND, HALF, INK, LEAST, MUTED, WIDTH, figure_style, inches
from placebook.figures.vector import HALO

PITCH = 0.19
"""Inches from one bar to the next."""
MORE = 0.16
"""Inches more for each line that a name takes besides the first."""
THICK = 0.14
"""Inches: how thick a bar is."""
FOOT, SMALL_FOOT = 0.5, 0.46
"""Inches under the bars of a large and of a small picture: the numbers and what they are."""
BESIDE = 3.5 * POINT
"""Inches between a bar, or a mark, and the words before and behind it."""
MARK = 5 * POINT
"""Inches that the widest mark, a square on its corner, reaches to each side."""
NAMES, SHORT = 34, 22
"""Letters of a name beside a bar that stand in one line, in a large picture and in a small one."""


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    text: str
    marks: tuple[Mark, ...] = ()


def large_bars(
    items: Sequence[Bar], axis: str, place: str, legend: Sequence[tuple[str, str]],
    reference: tuple[float, str] | None = None,
) -> Figure:
    """Bars from zero, each with its number; comparators as marks on the bar's own line.

    ``reference`` is a number that a line across all bars marks, and its name.
    """  # fmt: skip
    items = _named(items, NAMES)
    with figure_style():
        handles, rows = _key(place, legend)
        head, over = 0.06 + 0.19 * rows, NOTE if reference else 0.0
        paper = Paper(head + over + sum(_high(items)) + FOOT, WIDTH)
        across = (_beside(items), 0.94 * WIDTH)
        drawn = _Bars(paper, items, across, (head, head + over), 1.18 * _top(items), MaxNLocator(5))
        drawn.draw(axis, rim=reference is not None)
        if reference:
            x = drawn.across(reference[0])
            paper.line([x, x], [drawn.bottom, drawn.top], color=INK, linewidth=1.2, zorder=3)
            paper.text(x, head + over / 2, f" {reference[1]}", fontsize=LEAST, color=MUTED, va="center")
        if handles:
            paper.figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 1), ncols=-(-len(handles) // rows),
                                fontsize=LEAST, borderaxespad=0.1, handlelength=1.2, columnspacing=1.4)  # fmt: skip
    return paper.figure


def small_bars(items: Sequence[Bar], title: str, axis: str, most: float) -> Figure:
    """A small bar chart with its own title, one of several on the same scale, which ends at ``most``."""
    items = _named(items, SHORT)
    with figure_style():
        said = wrap(title, 44)
        head = 0.1 + LINE * len(said)
        paper = Paper(head + sum(_high(items)) + SMALL_FOOT, HALF)
        _Bars(paper, items, (_beside(items), 0.97 * HALF), (head, head), 1.25 * max(most, 1), MaxNLocator(4)).draw(axis)
        paper.head(said, ())
    return paper.figure


def _key(place: str, legend: Sequence[tuple[str, str]]) -> tuple[list[Line2D], int]:
    """What the bars and marks stand for, and in how many lines that is said."""
    if not legend:
        return [], 0
    handles = [Line2D([], [], color=ACCENT, linewidth=7, label=place)]
    for role, name in legend:
        handles.append(Line2D([], [], marker=COMPARATORS[role]["marker"], color=COMPARATORS[role]["color"],
                              linestyle="none", markersize=6, markeredgewidth=2.2 if role == "country" else 1,
                              label=name))  # fmt: skip
    long = sum(0.46 + inches(str(handle.get_label()), LEAST) for handle in handles)
    return handles, min(len(handles), int(long // WIDTH) + 1)


def _named(items: Sequence[Bar], letters: int) -> list[Bar]:
    """The bars with long names in two lines, or three."""
    return [replace(item, label="\n".join(wrap(item.label, letters))) for item in items]


def _high(items: Sequence[Bar]) -> list[float]:
    """Inches from top to bottom of each bar's own row."""
    return [PITCH + MORE * item.label.count("\n") for item in items]


def _beside(items: Sequence[Bar]) -> float:
    """Inches that the names beside the bars take."""
    marked = MARK if any(item.marks for item in items) else 0.0
    return 0.13 + marked + max((inches(item.label, LEAST) for item in items), default=0.0)


def _top(items: Sequence[Bar]) -> float:
    return max([i.value for i in items] + [m.value for i in items for m in i.marks] + [1e-9])


class _Bars:
    """Bars from zero to ``end`` between two places across their paper.

    ``down`` says where the lines behind them begin and where the first bar's row does.
    """

    def __init__(
        self, paper: Paper, items: Sequence[Bar], across: tuple[float, float], down: tuple[float, float], end: float,
        numbers: MaxNLocator,
    ):
        self.paper, self.items, self.end, self.numbers = paper, items, end, numbers
        self.left, self.right = across
        self.top, first = down
        high = _high(items)
        self.middles = [first + sum(high[:at]) + high[at] / 2 for at in range(len(items))]
        self.bottom = first + sum(high)

    def across(self, value: float) -> float:
        return self.left + (self.right - self.left) * value / self.end

    def draw(self, axis: str, rim: bool = False) -> None:
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
            self.paper.text(reached + BESIDE, middle, item.text, va="center", fontsize=LEAST, color=INK, zorder=3,
                            gid=HALO if rim else None)  # fmt: skip

    def _scale(self, axis: str) -> None:
        look = {"fontsize": LEAST, "color": INK, "zorder": 0.5}
        for value in ticks(self.numbers, 0, self.end):
            x = self.across(value)
            self.paper.line([x, x], [self.bottom, self.top], color=RULE, linewidth=0.6, zorder=0.5)
            self.paper.text(x, self.bottom + 3.5 * POINT, f"{value:,.10g}", ha="center", va="top", **look)
        self.paper.text(self.left, self.bottom + 30 * POINT, axis, fontsize=LEAST, color=MUTED, zorder=0.5)
        before = min([self.left] + [self.across(mark.value) - MARK for item in self.items for mark in item.marks]) - BESIDE
        for middle, item in zip(self.middles, self.items, strict=True):
            self.paper.text(before, middle, item.label, ha="right", va="center", linespacing=0.9, **look)

    def _mark(self, mark: Mark, middle: float) -> None:
        look = COMPARATORS[mark.role]
        country = mark.role == "country"
        x = self.across(mark.value)
        if country:  # a rim, so that the line is seen on the bar
            self.paper.mark(x, middle, marker="|", color=GROUND, markersize=13, markeredgewidth=4.8, zorder=3)
        self.paper.mark(x, middle, marker=look["marker"], color=look["color"], zorder=4,
                        markeredgecolor=look["color"] if country else GROUND,
                        markersize=11 if country else 6.5, markeredgewidth=2.2 if country else 0.7)  # fmt: skip
