"""How far a publisher's rounding or perturbation of counts may have moved a figure."""

from __future__ import annotations

from math import inf

from placebook.catalogue.aggregations import Share
from placebook.catalogue.models import Indicator, Source


def moved(source: Source, level: str, cells: int) -> float:
    """By how much a count may have moved that is added up from ``cells`` published ones."""
    if source.perturbation:
        return source.perturbation.small_area if level == "lsoa" else source.perturbation.total
    return source.rounded_to / 2 * cells if source.rounded_to else 0.0


def half(indicator: Indicator, count: float, value: float, denominator: float | None, per: int) -> float:
    """By how much a figure may have moved where each of its counts may have by ``count``, in the figure's unit.

    Numerator and denominator may both have: (n + m)/(D − m) − n/D = m (1 + n/D) / (D − m). A denominator that is no
    larger than that leaves nothing known.
    """
    if isinstance(indicator.reads, Share):
        if not denominator or not count:
            return 0.0
        return per * count * (1 + abs(value) / per) / (denominator - count) if denominator > count else inf
    if indicator.measure == "count":
        return count
    return (indicator.figure_rounded_to or 0.0) / 2
