"""Bars of readings. Every number and word on a chart comes in as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from placebook.figures.strips import Mark
from placebook.figures.style import ACCENT, COMPARATORS, GROUND, INK, MUTED, WIDTH, figure_style, subplots

PITCH = 0.225
"""Inches from one bar to the next."""
BROKEN = 0.3
"""The same where names take two lines."""


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
        height = 0.97 + PITCH * len(items)
        figure, axes = subplots(figsize=(WIDTH, height))
        widest = max(len(item.label) for item in items)
        left = min(0.45, 0.03 + 0.0118 * widest)
        figure.subplots_adjust(left=left, right=0.93, top=1 - 0.4 / height, bottom=0.52 / height)
        _draw_bars(axes, items)
        axes.set_xlabel(axis, loc="left", color=MUTED)
        if reference:
            axes.axvline(reference[0], color=INK, linewidth=1.2, zorder=3)
            axes.text(reference[0], len(items) - 0.42, f" {reference[1]}", fontsize=8, color=MUTED, va="top")
        if legend:
            handles = [Line2D([], [], color=ACCENT, linewidth=7)]
            labels = [place]
            for role, name in legend:
                look = COMPARATORS[role]
                handles.append(Line2D([], [], marker=look["marker"], color=look["color"],
                                          linestyle="none", markersize=6,
                                          markeredgewidth=2.2 if role == "country" else 1))  # fmt: skip
                labels.append(name)
            figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0, 1),
                          ncols=len(labels), fontsize=8.3, borderaxespad=0.1, handlelength=1.2)  # fmt: skip
    return figure


def _draw_bars(axes: Axes, items: Sequence[Bar]) -> None:
    top = max([i.value for i in items] + [m.value for i in items for m in i.marks] + [1e-9])
    axes.barh(range(len(items)), [item.value for item in items], color=ACCENT, height=0.68, zorder=2)
    for at, item in enumerate(items):
        for mark in item.marks:
            look = COMPARATORS[mark.role]
            if mark.role == "country":  # a rim, so that the line is seen on the bar
                axes.plot(mark.value, at, marker="|", color=GROUND, markersize=13, markeredgewidth=4.8,
                          linestyle="none", zorder=3)  # fmt: skip
            axes.plot(mark.value, at, marker=look["marker"], color=look["color"], zorder=4,
                      markeredgecolor=GROUND if mark.role != "country" else look["color"],
                      markersize=11 if mark.role == "country" else 6.5, linestyle="none",
                      markeredgewidth=2.2 if mark.role == "country" else 0.7)  # fmt: skip
        reach = max([item.value] + [mark.value for mark in item.marks])
        beyond = 0.03 if reach > item.value else 0.015
        axes.text(reach + top * beyond, at, item.text, va="center", fontsize=8.6, color=INK)
    axes.set_yticks(range(len(items)), [item.label for item in items])
    axes.invert_yaxis()
    axes.set_xlim(0, top * 1.12)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.tick_params(length=0)
    sns.despine(ax=axes, left=True, bottom=True)


def paired_bars(
    left: Sequence[Bar], right: Sequence[Bar], titles: tuple[str, str], axis: str
) -> Figure:
    """Two bar charts side by side on the same scale; a long name takes two lines."""
    left, right = ([replace(bar, label="\n".join(wrap(bar.label, 22))) for bar in bars] for bars in (left, right))
    broken = any("\n" in bar.label for bar in (*left, *right))
    with figure_style():
        height = 0.9 + (BROKEN if broken else PITCH) * max(len(left), len(right))
        figure, (first, second) = subplots(1, 2, figsize=(WIDTH, height), sharex=True)
        figure.subplots_adjust(left=0.2, right=0.95, top=1 - 0.4 / height, bottom=0.5 / height, wspace=0.76)
        for axes, items, title in ((first, left, titles[0]), (second, right, titles[1])):
            _draw_bars(axes, items)
            axes.set_title(title, loc="left", fontsize=9.5, x=-0.42)
            axes.set_xlabel(axis, loc="left", color=MUTED)
        top = max([i.value for i in (*left, *right)] + [1])
        first.set_xlim(0, top * 1.22)
    return figure
