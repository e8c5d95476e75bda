"""Bars from zero, each with its name and its number. Every number and word comes in as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from placebook.figures.style import (
    ACCENT,
    COMPARATORS,
    GROUND,
    HALF,
    INK,
    MUTED,
    ROW,
    WIDTH,
    chart,
    figure_style,
    wrapped,
)

KEY, LINE = 0.2, 0.18
"""Inches of a line of the key, of a line of a name."""
NAMES, SHORT, BELOW = 34, 22, 42
"""Letters in a line of a name, in a large picture and in a small one, and of what the numbers are."""


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
    """Bars from zero, each with its number behind all of them; comparators as marks on the bar's own line.

    ``legend`` names the marks' roles. ``reference`` is a number that a line across all bars marks, and its name.
    """
    with figure_style():
        key = [wrapped(name) for name in (place, *(name for _, name in legend), reference[1] if reference else "")]
        said = wrapped(axis, BELOW)
        tall = KEY * -(-len(key) // 2) + LINE * sum(name.count("\n") for name in key) + LINE * said.count("\n")
        figure, axes = chart(WIDTH, _high(items, NAMES) + 0.6 + tall)
        _bars(axes, items, place, NAMES)
        for role, name in legend:
            found = [(mark.value, at) for at, item in enumerate(items) for mark in item.marks if mark.role == role]
            country = role == "country"
            axes.plot(
                [value for value, _ in found],
                [at for _, at in found],
                linestyle="none",
                marker=COMPARATORS[role]["marker"],
                color=COMPARATORS[role]["color"],
                markeredgecolor=COMPARATORS[role]["color"] if country else GROUND,
                markersize=11 if country else 6.5,
                markeredgewidth=2.2 if country else 0.7,
                label=wrapped(name),
                zorder=4,
            )
        if reference:
            axes.axvline(reference[0], color=INK, linewidth=1.2, zorder=3, label=wrapped(reference[1]))
        axes.set_xlabel(said, loc="left")
        if legend or reference:
            figure.legend(loc="outside upper left", ncols=2, frameon=False, handlelength=1.4)
    return figure


def small_bars(items: Sequence[Bar], title: str, axis: str, most: float) -> Figure:
    """A small bar chart with its own title, one of several on the same scale, which ends at ``most``."""
    with figure_style():
        head = wrapped(title, 40)
        figure, axes = chart(HALF, _high(items, SHORT) + 0.85 + KEY * head.count("\n"))
        _bars(axes, items, "", SHORT)
        axes.set_xlim(0, max(most, 1))
        figure.suptitle(head, x=0.01, ha="left", fontsize=10, weight="bold")
        axes.set_xlabel(axis, loc="left")
    return figure


def _bars(axes: Axes, items: Sequence[Bar], place: str, letters: int) -> None:
    rows = range(len(items))
    values = [item.value for item in items]
    sns.barplot(
        x=values,
        y=rows,
        orient="y",
        ax=axes,
        width=0.7,
        color=ACCENT,
        saturation=1,
        errorbar=None,
        legend=False,  # the figure's key holds the marks too
        zorder=2,
        label=wrapped(place),
    )
    axes.set_yticks(rows, [wrapped(item.label, letters) for item in items])
    axes.set_ylim(max(len(items), 1) - 0.5, -0.5)
    axes.margins(x=0.03)
    axes.set_xlim(left=0)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    for at, item in enumerate(items):
        axes.text(1.02, at, item.text, transform=axes.get_yaxis_transform(), va="center", color=MUTED)


def _high(items: Sequence[Bar], letters: int) -> float:
    """Inches that the rows take: a name of several lines takes more."""
    lines = max((wrapped(item.label, letters).count("\n") for item in items), default=0)
    return max(ROW, LINE * (lines + 1)) * max(len(items), 1)
