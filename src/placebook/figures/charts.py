"""Readings to charts. Every number and word on a chart comes in as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from textwrap import wrap

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from placebook.figures.style import (
    ACCENT,
    BAND,
    COMPARATORS,
    GROUND,
    HALF,
    INK,
    MEDIAN,
    MUTED,
    PALE,
    WIDTH,
    Sketch,
    figure_style,
)


@dataclass(frozen=True)
class Mark:
    """One dot: a comparator's number."""

    role: str
    name: str
    value: float


@dataclass(frozen=True)
class Row:
    """One row of a comparison strip."""

    title: str
    subtitle: str
    value: float
    label: str
    lower: float | None = None
    upper: float | None = None
    band: tuple[float, float, float, float, float] | None = None
    marks: tuple[Mark, ...] = ()
    ends: tuple[str, str] = ("", "")
    """How the two ends of the row's scale are written."""

    @property
    def scale(self) -> tuple[float, float]:
        """The row's two ends. A district far outside the others does not squeeze everything else.

        The band is cut at three times the middle half beyond it (Tukey's far-out fence), never inside
        the numbers that the row is about.
        """
        known = [self.value, *(mark.value for mark in self.marks)]
        known += [limit for limit in (self.lower, self.upper) if limit is not None]
        if self.band:
            least, lower_quartile, _, upper_quartile, most = self.band
            reach = 3 * (upper_quartile - lower_quartile)
            known += [max(least, lower_quartile - reach), min(most, upper_quartile + reach)]
        low, high = min(known), max(known)
        if not self.band:
            # Two or three dots alone would fill any scale that begins and ends with them.
            if self.lower is None:
                low, high = min(low, 0), max(high, 0) * 1.15
            else:
                low, high = low - (high - low) / 2, high + (high - low) / 2
        return (low, high) if low < high else (low - 1, high + 1)


PITCH = 0.225
"""Inches from one bar to the next."""
BROKEN = 0.3
"""The same where names take two lines."""
LINE, NOTE, SCALE, FOOT = 0.185, 0.15, 0.3, 0.2
"""Heights in inches: a line of the title, of the words under it, the scale, the numbers under that."""
LEFT, RIGHT = 0.012, 0.63


def strip(row: Row) -> Figure:
    """One measure on its own scale, the English districts as a band behind: a part of a comparison strip.

    Half as wide as the page, so that two stand side by side and one alone fills a phone.
    """
    with figure_style():
        title, subtitle = wrap(row.title, 43), wrap(row.subtitle, 58)
        head = LINE * len(title) + NOTE * len(subtitle)
        height = head + SCALE + (FOOT if any(row.ends) else 0.06)
        figure, axes = plt.subplots(figsize=(HALF, height))
        figure.subplots_adjust(left=0, right=1, top=1, bottom=0)
        axes.set_xlim(0, 1)
        axes.set_ylim(height, 0)
        axes.axis("off")
        axes.grid(False)
        for number, line in enumerate(title):
            axes.text(0, LINE * (number + 0.5), line, weight="bold", color=INK, va="center", fontsize=10)
        for number, line in enumerate(subtitle):
            axes.text(0, LINE * len(title) + NOTE * (number + 0.45), line, color=MUTED, va="center", fontsize=8.3)
        _scale(axes, head + SCALE / 2, row)
    return figure


def _scale(axes: Axes, at: float, row: Row) -> None:
    low, high = row.scale

    def x(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * (min(max(value, low), high) - low) / (high - low)

    if row.band:
        least, lower_quartile, middle, upper_quartile, most = (x(value) for value in row.band)
        axes.plot([least, most], [at, at], color=PALE, linewidth=6, solid_capstyle="butt", zorder=1)
        axes.plot([lower_quartile, upper_quartile], [at, at], color=BAND, linewidth=11,
                  solid_capstyle="butt", zorder=1)  # fmt: skip
        axes.plot([middle, middle], [at - 0.1, at + 0.1], color=MEDIAN, linewidth=1.2, zorder=2)
    else:
        axes.plot([LEFT, RIGHT], [at, at], color=PALE, linewidth=1, zorder=1)
    for mark in row.marks:
        look = COMPARATORS[mark.role]
        hollow = mark.role == "peer"
        axes.plot(x(mark.value), at, linestyle="none", marker=look["marker"], zorder=4,
                  markersize=4.5 if hollow else 13 if mark.role == "country" else 6,
                  markerfacecolor=GROUND if hollow else look["color"],
                  markeredgecolor=look["color"],
                  markeredgewidth=2.2 if mark.role == "country" else 1)  # fmt: skip
    if row.lower is not None and row.upper is not None:
        axes.plot([x(row.lower), x(row.upper)], [at, at], color=ACCENT, linewidth=1.6, zorder=5)
        for end in (row.lower, row.upper):
            axes.plot([x(end)] * 2, [at - 0.055, at + 0.055], color=ACCENT, linewidth=1.6, zorder=5)
    axes.plot(x(row.value), at, marker="o", markersize=9.5, color=ACCENT, markeredgecolor=GROUND,
              markeredgewidth=1, zorder=6)  # fmt: skip
    axes.text(1, at, row.label, weight="bold", color=ACCENT, ha="right", va="center", fontsize=10.5)
    for place, text, side in ((LEFT, row.ends[0], "left"), (RIGHT, row.ends[1], "right")):
        axes.text(place, at + 0.23, text, color=MUTED, fontsize=7.6, ha=side, va="center")


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
        title, subtitle = wrap(small.title, 44), wrap(small.subtitle, 62)
        head = LINE * len(title) + NOTE * len(subtitle)
        height = head + 1.2
        figure, axes = plt.subplots(figsize=(HALF, height))
        figure.subplots_adjust(left=0.125, right=0.68, top=1 - (head + 0.12) / height, bottom=0.26 / height)
        for number, line in enumerate(title):
            figure.text(0, 1 - LINE * (number + 0.5) / height, line, weight="bold", color=INK, va="center",
                        fontsize=10)  # fmt: skip
        for number, line in enumerate(subtitle):
            figure.text(0, 1 - (LINE * len(title) + NOTE * (number + 0.45)) / height, line, color=MUTED,
                        va="center", fontsize=8.3)  # fmt: skip
        _small(axes, small, first, last)
    return figure


def _small(axes: Axes, small: Small, first: float, last: float) -> None:
    ends: list[tuple[float, str, str, bool]] = []
    for line in small.lines:
        is_place = line.role == "place"
        numbers = [float("nan") if value is None else value for value in line.values]
        look = {"color": ACCENT, "linewidth": 2.4} if is_place else {
            key: COMPARATORS[line.role][key] for key in ("color", "linewidth", "dashes")
        }  # fmt: skip
        if line.lower and line.upper and is_place:
            axes.fill_between(
                line.years,
                [float("nan") if v is None else v for v in line.lower],
                [float("nan") if v is None else v for v in line.upper],
                color=ACCENT, alpha=0.14, linewidth=0,
            )  # fmt: skip
        axes.plot(line.years, numbers, zorder=5 if is_place else 3,
                  marker="o" if len(numbers) < 3 else None, markersize=4, **look)  # fmt: skip
        known = [(y, v) for y, v in zip(line.years, line.values, strict=True) if v is not None]
        if known:
            ends.append((known[-1][1], line.name, str(look["color"]), is_place))
    for year in small.breaks:
        axes.axvline(year, color=MUTED, linewidth=0.8, linestyle=":")
        axes.text(year, 1, "b", transform=axes.get_xaxis_transform(), fontsize=8, color=MUTED,
                  ha="center", va="bottom")  # fmt: skip
    axes.set_xlim(first - 0.3, last + 0.3)
    axes.margins(y=0.12)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=2))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(lambda year, _: f"{year:.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
    axes.grid(True, axis="y")
    axes.grid(False, axis="x")
    axes.tick_params(length=0, pad=3)
    _end_labels(axes, ends)


def _end_labels(axes: Axes, ends: Sequence[tuple[float, str, str, bool]]) -> None:
    """Names at the ends of the lines, pushed apart so that none covers another."""
    low, high = axes.get_ylim()
    step = 0.15 * (high - low)
    placed: list[float] = []
    for value, *_ in sorted(ends, key=lambda end: end[0]):
        placed.append(max(value, placed[-1] + step) if placed else value)
    overflow = (placed[-1] - high) if placed else 0
    if overflow > 0:
        placed = [at - overflow for at in placed]
        for i in range(len(placed) - 2, -1, -1):
            placed[i] = min(placed[i], placed[i + 1] - step)
    for at, (_, name, colour, is_place) in zip(placed, sorted(ends, key=lambda end: end[0]), strict=True):
        axes.annotate(name, (1, at), xycoords=("axes fraction", "data"), xytext=(5, 0),
                      textcoords="offset points", color=colour, va="center", fontsize=8.3,
                      weight="bold" if is_place else "normal", annotation_clip=False)  # fmt: skip


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
        figure, axes = plt.subplots(figsize=(WIDTH, height))
        widest = max(len(item.label) for item in items)
        left = min(0.45, 0.03 + 0.0118 * widest)
        figure.subplots_adjust(left=left, right=0.93, top=1 - 0.4 / height, bottom=0.52 / height)
        _draw_bars(axes, items)
        axes.set_xlabel(axis, loc="left", color=MUTED)
        if reference:
            axes.axvline(reference[0], color=INK, linewidth=1.2, zorder=3)
            axes.text(reference[0], len(items) - 0.42, f" {reference[1]}", fontsize=8, color=MUTED, va="top")
        if legend:
            handles = [plt.Line2D([], [], color=ACCENT, linewidth=7)]
            labels = [place]
            for role, name in legend:
                look = COMPARATORS[role]
                handles.append(plt.Line2D([], [], marker=look["marker"], color=look["color"],
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
        figure, (first, second) = plt.subplots(1, 2, figsize=(WIDTH, height), sharex=True)
        figure.subplots_adjust(left=0.2, right=0.95, top=1 - 0.4 / height, bottom=0.5 / height, wspace=0.76)
        for axes, items, title in ((first, left, titles[0]), (second, right, titles[1])):
            _draw_bars(axes, items)
            axes.set_title(title, loc="left", fontsize=9.5, x=-0.42)
            axes.set_xlabel(axis, loc="left", color=MUTED)
        top = max([i.value for i in (*left, *right)] + [1])
        first.set_xlim(0, top * 1.22)
    return figure
