"""Comparison strips: one measure beside its comparators on its own scale."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from placebook.figures.paper import LINE, NOTE, Paper
from placebook.figures.style import (
    ACCENT,
    BAND,
    COMPARATORS,
    GROUND,
    HALF,
    LEAST,
    MEDIAN,
    MUTED,
    PALE,
    figure_style,
)

SCALE, FOOT = 0.27, 0.19
"""Heights in inches: the scale, the numbers under it."""
LEFT, RIGHT = 0.012 * HALF, 0.63 * HALF
"""Where the scale begins and ends."""


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
        the numbers that the row is about. The place's own limits are cut at its ends: the band is the districts' range.
        """
        numbers = [self.value, *(mark.value for mark in self.marks)]
        if not self.band:
            numbers += [limit for limit in (self.lower, self.upper) if limit is not None]
        else:
            least, lower_quartile, _, upper_quartile, most = self.band
            reach = 3 * (upper_quartile - lower_quartile)
            numbers += [max(least, lower_quartile - reach), min(most, upper_quartile + reach)]
        low, high = min(numbers), max(numbers)
        if not self.band:
            # Two or three dots alone would fill any scale that begins and ends with them.
            if self.lower is None:
                low, high = min(low, 0), max(high, 0) * 1.15
            else:
                low, high = low - (high - low) / 2, high + (high - low) / 2
        return (low, high) if low < high else (low - 1, high + 1)


def strip(row: Row) -> Figure:
    """One measure on its own scale, the English districts as a band behind: a part of a comparison strip.

    Small, so that two or three stand side by side and one alone fills a phone.
    """
    with figure_style():
        title, subtitle = Paper.broken(row.title, row.subtitle)
        head = LINE * len(title) + NOTE * len(subtitle)
        paper = Paper(head + SCALE + (FOOT if any(row.ends) else 0.06))
        paper.head(title, subtitle)
        _scale(paper, head + SCALE / 2, row)
    return paper.figure


def _scale(paper: Paper, at: float, row: Row) -> None:
    low, high = row.scale

    def x(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * (min(max(value, low), high) - low) / (high - low)

    if row.band:
        least, lower_quartile, middle, upper_quartile, most = (x(value) for value in row.band)
        paper.line([least, most], [at, at], color=PALE, linewidth=6, solid_capstyle="butt", zorder=1)
        paper.line([lower_quartile, upper_quartile], [at, at], color=BAND, linewidth=11, solid_capstyle="butt", zorder=1)
        paper.line([middle, middle], [at - 0.1, at + 0.1], color=MEDIAN, linewidth=1.2, zorder=2)
    else:
        paper.line([LEFT, RIGHT], [at, at], color=PALE, linewidth=1, zorder=1)
    for mark in row.marks:
        look = COMPARATORS[mark.role]
        hollow = mark.role == "peer"
        paper.mark(
            x(mark.value),
            at,
            marker=look["marker"],
            zorder=4,
            markersize=4.5 if hollow else 13 if mark.role == "country" else 6,
            markerfacecolor=GROUND if hollow else look["color"],
            markeredgecolor=look["color"],
            markeredgewidth=2.2 if mark.role == "country" else 1,
        )
    if row.lower is not None and row.upper is not None:
        paper.line([x(row.lower), x(row.upper)], [at, at], color=ACCENT, linewidth=1.6, zorder=5)
        for end in (limit for limit in (row.lower, row.upper) if low <= limit <= high):
            paper.line([x(end)] * 2, [at - 0.055, at + 0.055], color=ACCENT, linewidth=1.6, zorder=5)
    paper.mark(x(row.value), at, marker="o", markersize=9.5, color=ACCENT, markeredgecolor=GROUND, markeredgewidth=1, zorder=6)
    paper.text(HALF, at, row.label, weight="bold", color=ACCENT, ha="right", va="center", fontsize=10.5)
    for place, text, side in ((LEFT, row.ends[0], "left"), (RIGHT, row.ends[1], "right")):
        paper.text(place, at + 0.21, text, color=MUTED, fontsize=LEAST, ha=side, va="center")
