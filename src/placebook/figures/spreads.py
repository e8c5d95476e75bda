"""How small areas spread: bars of deciles by domain, dots with limits by neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from placebook.figures.letters import broken
from placebook.figures.maps import EDGE, Classes
from placebook.figures.paper import NOTE, SPARE
from placebook.figures.style import (
    ACCENT,
    GROUND,
    INK,
    LEAST,
    MUTED,
    ON_DARK,
    ON_LIGHT,
    SEQUENTIAL,
    WIDTH,
    figure_style,
    inches,
    subplots,
)

NAMES = 2.0
"""Inches: how long a line of a name may be."""


@dataclass(frozen=True)
class Spread:
    """One bar: how many small areas are in each class, the first class first."""

    label: str
    counts: tuple[int, ...]


def deciles(rows: Sequence[Spread], classes: Classes, title: str) -> Figure:
    """Bars of equal length, one a domain, cut into the classes of the map beside it."""
    with figure_style():
        height = 0.72 + 0.26 * len(rows)
        figure, axes = subplots(figsize=(WIDTH, height))
        left, right = _beside([row.label for row in rows], bold=True), 0.985
        figure.subplots_adjust(left=left, right=right, top=1 - 0.7 / height, bottom=0.02 / height)
        total = max(sum(row.counts) for row in rows)
        each = (right - left) * WIDTH / total  # inches of a bar for a small area
        for at, row in enumerate(rows):
            start = 0
            for number, count in enumerate(row.counts):
                if not count:
                    continue
                axes.barh(at, count, left=start, color=SEQUENTIAL[number], edgecolor=GROUND, linewidth=0.8, height=0.74)
                dark = number < 3
                if inches(str(count), LEAST) + SPARE <= each * count:
                    axes.text(
                        start + count / 2,
                        at,
                        str(count),
                        ha="center",
                        va="center",
                        fontsize=LEAST,
                        color=ON_DARK if dark else ON_LIGHT,
                    )
                start += count
        axes.set_yticks(range(len(rows)), [row.label for row in rows])
        axes.get_yticklabels()[0].set_fontweight("bold")
        axes.invert_yaxis()
        axes.set_xlim(0, total)
        axes.set_xticks([])
        axes.grid(False)
        axes.tick_params(length=0)
        _bare(axes)
        handles = [Patch(facecolor=SEQUENTIAL[i], edgecolor=EDGE, label=label) for i, label in enumerate(classes.labels)]
        figure.legend(
            handles=handles,
            title=title,
            loc="upper left",
            bbox_to_anchor=(0, 1.0),
            ncols=3,
            fontsize=LEAST,
            title_fontsize=LEAST,
            alignment="left",
            borderaxespad=0.1,
            handlelength=1.2,
            columnspacing=1.1,
        )
    return figure


def _beside(labels: Sequence[str], bold: bool = False) -> float:
    """The part of the picture that names at its left take."""
    return (0.13 + max(inches(label, LEAST, bold) for label in labels)) / WIDTH


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
        items = [replace(item, label="\n".join(broken(item.label, NAMES, LEAST))) for item in items]
        height = 0.6 + (0.03 + NOTE * max(item.label.count("\n") + 1 for item in items)) * len(items)
        figure, axes = subplots(figsize=(WIDTH, height))
        right = 0.98 - max(inches(item.text, LEAST) for item in items) / WIDTH
        figure.subplots_adjust(left=_beside([item.label for item in items]), right=right, top=0.995, bottom=0.5 / height)
        for at, item in enumerate(items):
            if item.lower is not None and item.upper is not None:
                axes.plot([item.lower, item.upper], [at, at], color=ACCENT, linewidth=1.7, zorder=3)
            axes.plot(item.value, at, marker="o", markersize=7, color=ACCENT, markeredgecolor=GROUND, zorder=4)
            axes.text(1.01, at, item.text, transform=axes.get_yaxis_transform(), va="center", fontsize=LEAST, color=INK)
        axes.set_yticks(range(len(items)), [item.label for item in items])
        axes.set_ylim(len(items) - 0.5, -0.5)
        axes.set_xlabel(axis, loc="left", color=MUTED)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        axes.grid(True, axis="both")
        axes.tick_params(length=0)
        _bare(axes)
    return figure


def _bare(axes: Axes) -> None:
    import seaborn as sns  # brings SciPy along, which nothing else needs

    sns.despine(ax=axes, left=True, bottom=True)
