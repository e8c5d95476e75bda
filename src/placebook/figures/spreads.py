"""How small areas spread: bars of deciles by domain, dots with limits by neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from placebook.figures.maps import EDGE, Classes
from placebook.figures.style import (
    ACCENT,
    GROUND,
    INK,
    MUTED,
    ON_DARK,
    ON_LIGHT,
    SEQUENTIAL,
    WIDTH,
    figure_style,
    subplots,
)


@dataclass(frozen=True)
class Spread:
    """One bar: how many small areas are in each class, the first class first."""

    label: str
    counts: tuple[int, ...]


def deciles(rows: Sequence[Spread], classes: Classes, title: str) -> Figure:
    """Bars of equal length, one a domain, cut into the classes of the map beside it."""
    with figure_style():
        height = 0.8 + 0.28 * len(rows)
        figure, axes = subplots(figsize=(WIDTH, height))
        figure.subplots_adjust(left=0.27, right=0.985, top=1 - 0.55 / height, bottom=0.06 / height)
        total = max(sum(row.counts) for row in rows)
        for at, row in enumerate(rows):
            start = 0
            for number, count in enumerate(row.counts):
                if not count:
                    continue
                axes.barh(at, count, left=start, color=SEQUENTIAL[number], edgecolor=GROUND, linewidth=0.8,
                          height=0.74)  # fmt: skip
                dark = number < 3
                if count >= total * 0.025:
                    axes.text(start + count / 2, at, str(count), ha="center", va="center", fontsize=8.6,
                              color=ON_DARK if dark else ON_LIGHT)  # fmt: skip
                start += count
        axes.set_yticks(range(len(rows)), [row.label for row in rows])
        axes.get_yticklabels()[0].set_fontweight("bold")
        axes.invert_yaxis()
        axes.set_xlim(0, total)
        axes.set_xticks([])
        axes.grid(False)
        axes.tick_params(length=0)
        sns.despine(ax=axes, left=True, bottom=True)
        handles = [
            Patch(facecolor=SEQUENTIAL[i], edgecolor=EDGE, label=label)
            for i, label in enumerate(classes.labels)
        ]
        figure.legend(handles=handles, title=title, loc="upper left", bbox_to_anchor=(0, 1.0), ncols=len(handles),
                      fontsize=8.3, title_fontsize=8.8, alignment="left", borderaxespad=0.1,
                      handlelength=1.2, columnspacing=1.1)  # fmt: skip
    return figure


@dataclass(frozen=True)
class Whisker:
    """One neighbourhood's estimate with its limits."""

    label: str
    value: float
    lower: float | None
    upper: float | None
    text: str


def whiskers(items: Sequence[Whisker], axis: str) -> Figure:
    """A dot with its 95% interval for each neighbourhood, in the order given."""
    with figure_style():
        height = 0.62 + 0.22 * len(items)
        figure, axes = subplots(figsize=(WIDTH, height))
        widest = max(len(item.label) for item in items)
        figure.subplots_adjust(left=min(0.45, 0.03 + 0.0118 * widest), right=0.9, top=0.995,
                               bottom=0.52 / height)  # fmt: skip
        for at, item in enumerate(items):
            if item.lower is not None and item.upper is not None:
                axes.plot([item.lower, item.upper], [at, at], color=ACCENT, linewidth=1.7, zorder=3)
            axes.plot(item.value, at, marker="o", markersize=7, color=ACCENT, markeredgecolor=GROUND, zorder=4)
            axes.text(1.01, at, item.text, transform=axes.get_yaxis_transform(), va="center", fontsize=8.6,
                      color=INK)  # fmt: skip
        axes.set_yticks(range(len(items)), [item.label for item in items])
        axes.invert_yaxis()
        axes.set_xlabel(axis, loc="left", color=MUTED)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        axes.grid(True, axis="both")
        axes.tick_params(length=0)
        sns.despine(ax=axes, left=True, bottom=True)
    return figure
