"""How small areas spread: dots with limits by neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from placebook.figures.style import ACCENT, GROUND, MUTED, ROW, WIDTH, chart, figure_style, wrapped

NAMES, LINE = 32, 0.18
"""Letters in a line of a name; inches from one line of it to the next."""


@dataclass(frozen=True)
class Whisker:
    """One neighbourhood's estimate with its limits."""

    label: str
    value: float
    lower: float | None
    upper: float | None
    text: str


def whiskers(items: Sequence[Whisker], axis: str) -> Figure:
    """A dot with its 95% interval for each neighbourhood, in the order given; none where no interval is published."""
    names = [wrapped(item.label, NAMES) for item in items]
    lines = max((name.count("\n") for name in names), default=0)
    rows = range(len(items))
    with figure_style():
        figure, axes = chart(WIDTH, max(ROW, LINE * (lines + 1)) * len(items) + 0.5)
        limited = [(at, item.lower, item.upper) for at, item in enumerate(items) if None not in (item.lower, item.upper)]
        if limited:
            at, lower, upper = zip(*limited, strict=True)
            axes.hlines(at, lower, upper, color=ACCENT, linewidth=1.7, zorder=3)
        axes.plot([item.value for item in items], rows, "o", color=ACCENT, markersize=7, markeredgecolor=GROUND, zorder=4)
        for row, item in zip(rows, items, strict=True):
            axes.text(1.02, row, item.text, transform=axes.get_yaxis_transform(), va="center", color=MUTED)
        axes.set_yticks(rows, names)
        axes.set_ylim(len(items) - 0.5, -0.5)
        axes.set_xlabel(wrapped(axis, 60), loc="left")
        axes.locator_params(axis="x", nbins=4)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        axes.grid(True, axis="both")
    return figure
