"""Bars of readings. Every number and word on a chart comes in as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from placebook.figures.paper import POINT, RULE, Paper, ticks
from placebook.figures.strips import Mark
from placebook.figures.style import ACCENT, COMPARATORS, GROUND, INK, MUTED, WIDTH, figure_style

PITCH = 0.225
"""Inches from one bar to the next."""
BROKEN = 0.3
"""The same where names take two lines."""
HEAD, FOOT = 0.4, 0.52
"""Inches above the bars, and under them."""
NUMBERS = MaxNLocator(5)


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    text: str
    marks: tuple[Mark, ...] = ()


def bars(
    items: Sequence[Bar], axis: str, place: str, legend: Sequence[tuple[str, str]],
    reference: tuple[float, str] | None = None,
) -> Figure:
    """Bars from zero, each with its number; comparators as marks on the bar's own line.

    ``reference`` is a number that a line across all bars marks, and its name.
    """  # fmt: skip
    with figure_style():
        height = HEAD + FOOT + 0.05 + PITCH * len(items)
        widest = max(len(item.label) for item in items)
        paper = Paper(height, WIDTH)
        left, right = min(0.45, 0.03 + 0.0118 * widest) * WIDTH, 0.93 * WIDTH
        drawn = _Bars(paper, items, (left, right), (HEAD, height - FOOT), 1.12 * _top(items))
        drawn.draw(axis)
        if reference:
            x, end = drawn.across(reference[0]), drawn.down(len(items) - 0.42)
            paper.line([x, x], [drawn.bottom, drawn.top], color=INK, linewidth=1.2, zorder=3)
            paper.text(x, end, f" {reference[1]}", fontsize=8, color=MUTED, va="top")
        if legend:
            handles = [Line2D([], [], color=ACCENT, linewidth=7)]
            labels = [place]
            for role, name in legend:
                look = COMPARATORS[role]
                handles.append(Line2D([], [], marker=look["marker"], color=look["color"],
                                      linestyle="none", markersize=6,
                                      markeredgewidth=2.2 if role == "country" else 1))  # fmt: skip
                labels.append(name)
            paper.figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0, 1),
                                ncols=len(labels), fontsize=8.3, borderaxespad=0.1, handlelength=1.2)  # fmt: skip
    return paper.figure


def _top(items: Sequence[Bar]) -> float:
    return max([i.value for i in items] + [m.value for i in items for m in i.marks] + [1e-9])


class _Bars:
    """Bars from zero to ``end`` between two places across their paper and two down."""

    def __init__(
        self, paper: Paper, items: Sequence[Bar], across: tuple[float, float], down: tuple[float, float], end: float
    ):
        self.paper, self.items, self.end = paper, items, end
        self.left, self.right = across
        self.top, self.bottom = down
        self.margin = 0.34 + 0.05 * (len(items) - 0.32)
        """From the middle of the first bar to the end of the paper given, in bars."""

    def across(self, value: float) -> float:
        return self.left + (self.right - self.left) * value / self.end

    def down(self, at: float) -> float:
        """The middle of a bar; the first is the uppermost."""
        whole = len(self.items) - 1 + 2 * self.margin
        return self.top + (self.bottom - self.top) * (at + self.margin) / whole

    def draw(self, axis: str, layer: float = 0) -> None:
        """``layer`` is what is added to every level, so that one chart's words follow the other's."""
        self._scale(axis, layer + 0.5)
        top = _top(self.items)
        for at, item in enumerate(self.items):
            upper, lower, reached = self.down(at - 0.34), self.down(at + 0.34), self.across(item.value)
            corners = [(self.left, upper), (reached, upper), (reached, lower), (self.left, lower)]
            self.paper.area(corners, color=ACCENT, linewidth=0, zorder=layer + 2)
        for at, item in enumerate(self.items):
            for mark in item.marks:
                self._mark(mark, at, layer)
            reach = max([item.value] + [mark.value for mark in item.marks])
            beyond = 0.03 if reach > item.value else 0.015
            self.paper.text(self.across(reach + top * beyond), self.down(at), item.text, va="center", fontsize=8.6,
                            color=INK, zorder=layer + 3)  # fmt: skip

    def _scale(self, axis: str, layer: float) -> None:
        look = {"fontsize": 9, "color": INK, "zorder": layer}
        for value in ticks(NUMBERS, 0, self.end):
            x = self.across(value)
            self.paper.line([x, x], [self.bottom, self.top], color=RULE, linewidth=0.6, zorder=layer)
            self.paper.text(x, self.bottom + 3.5 * POINT, f"{value:,.10g}", ha="center", va="top", **look)
        self.paper.text(self.left, self.bottom + 30.044 * POINT, axis, fontsize=9.5, color=MUTED, zorder=layer)
        for at, item in enumerate(self.items):
            before, middle = self.left - 3.5 * POINT, self.down(at)
            self.paper.text(before, middle, item.label, ha="right", va="center_baseline", **look)

    def _mark(self, mark: Mark, at: int, layer: float) -> None:
        look = COMPARATORS[mark.role]
        country = mark.role == "country"
        x, y = self.across(mark.value), self.down(at)
        if country:  # a rim, so that the line is seen on the bar
            self.paper.mark(x, y, marker="|", color=GROUND, markersize=13, markeredgewidth=4.8, zorder=layer + 3)
        self.paper.mark(x, y, marker=look["marker"], color=look["color"], zorder=layer + 4,
                        markeredgecolor=look["color"] if country else GROUND,
                        markersize=11 if country else 6.5, markeredgewidth=2.2 if country else 0.7)  # fmt: skip


def paired_bars(
    left: Sequence[Bar], right: Sequence[Bar], titles: tuple[str, str], axis: str
) -> Figure:
    """Two bar charts side by side on the same scale; a long name takes two lines."""
    left, right = ([replace(bar, label="\n".join(wrap(bar.label, 22))) for bar in bars] for bars in (left, right))
    broken = any("\n" in bar.label for bar in (*left, *right))
    with figure_style():
        height = HEAD + 0.5 + (BROKEN if broken else PITCH) * max(len(left), len(right))
        paper = Paper(height, WIDTH)
        # A chart's names take three quarters of the room that its bars take.
        wide = 0.75 * WIDTH / 2.76
        end = 1.22 * max([item.value for item in (*left, *right)] + [1])
        for number, (items, title) in enumerate(((left, titles[0]), (right, titles[1]))):
            start = 0.2 * WIDTH + number * 1.76 * wide
            _Bars(paper, items, (start, start + wide), (HEAD, height - 0.5), end).draw(axis, 10 * number)
            paper.text(start - 0.42 * wide, HEAD - 6 * POINT, title, fontsize=9.5, weight="bold",
                       zorder=10 * number + 3)  # fmt: skip
    return paper.figure
