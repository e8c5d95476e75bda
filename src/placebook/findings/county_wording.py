"""Sentences of a county's chapter, made from what the ledgers of its places hold.

Nothing is called higher or lower here unless a verdict says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placebook.catalogue.models import Indicator
from placebook.findings import formats as write
from placebook.findings import gap_wording


@dataclass(frozen=True)
class End:
    """One end of a gap: a place's own figure."""

    place: str
    value: float
    lower: float | None = None
    upper: float | None = None
    markers: tuple[str, ...] = ()


def figure(end: End, indicator: Indicator) -> str:
    """The figure with its unit, its markers and its limits where they are published."""
    amount = write.quantity(end.value, indicator.unit, indicator.decimals, end.markers)
    if end.lower is None or end.upper is None:
        return amount
    limits = write.interval(end.lower, end.upper, indicator.unit, indicator.decimals)
    return f"{amount} (95% interval {limits})"


def size(distance: float, indicator: Indicator) -> str:
    """The size of a gap in its unit: of shares it is percentage points, never per cent."""
    if indicator.unit.startswith("per-") and not write.is_low(distance, indicator.decimals):
        return write.quantity(abs(distance), indicator.unit, indicator.decimals)
    return gap_wording.gap(indicator, distance)


def apart(indicator: Indicator, period: str, high: End, low: End, units: float | None) -> str:
    """Both ends, the gap in the unit and, where it is known, in quartile distances."""
    lead = write.period_lead(period, indicator.period_style)
    verb = "were" if indicator.plural else "was"
    beside = ""
    if units is not None:
        beside = f", {write.number(units, 1)} times the distance between the quartiles of the English districts"
    return (
        f"{lead} {indicator.phrase} {verb} {figure(high, indicator)} in {high.place} and "
        f"{figure(low, indicator)} in {low.place}: a gap of {size(high.value - low.value, indicator)}{beside}."
    )


def verdict(kind: str, high: str, low: str, limits: str, choices: int) -> str:
    """What may be said of a gap; ``limits`` is its interval, ``choices`` the pairs that it was the widest of."""
    if kind == "higher" and limits:
        chosen = f", also once it is allowed for that this is the widest of {choices} gaps" if choices > 1 else ""
        return f"It is higher in {high} than in {low} (95% interval of the gap {limits}){chosen}."
    sentences = {
        "higher": f"Both are full counts: it is higher in {high} than in {low}.",
        "equal": "As published the two are the same.",
        "gap_only": "No margin of error is published, so nothing is tested.",
        "rounded": "The publisher rounds or perturbs the counts behind it, so nothing is tested here.",
        "no_clear_difference": f"There is no clear difference between the two (95% interval of the gap {limits}).",
        "not_after_choice": (
            f"There is no clear difference between the two once it is allowed for that this is the widest of "
            f"{choices} gaps (95% interval of this gap alone {limits})."
        ),
    }
    return sentences[kind]


def alike(place: str, district: str, near: Sequence[tuple[str, int]], shown: int) -> str:
    """Which places of the county are among a place's nearest neighbours."""
    of = place if place == district else f"{place} (by its district, {district})"
    if not near:
        return f"None of the county’s other districts is among the {shown} nearest neighbours shown for {of}."
    named = write.joined([f"{name} (rank {rank})" for name, rank in near])
    verb = "is" if len(near) == 1 else "are"
    return f"Among the {shown} nearest neighbours shown for {of} {verb} {named} of this county."


def mutual(pairs: Sequence[tuple[str, str]]) -> str:
    """Places of the book that are among each other's nearest."""
    if not pairs:
        return "No two places of this chapter are among each other’s nearest neighbours shown."
    named = write.joined([f"{one} and {other}" for one, other in pairs])
    return f"Among each other’s nearest neighbours shown: {named}."


def target(what: str, amount: str, by: str) -> str:
    """A target as the plan states it."""
    return f"{what}: {amount} by {by}"


UNMEASURED = "Quartiles of the English districts are not held for any measure here; the first declared is shown."
TOO_FEW = (
    "no measure has figures of two places themselves for the same period, so no gap is shown. Figures of a wider area "
    "say nothing of the places in it."
)
NO_PACE = (
    "No line shows whether a target is on course: the plan’s start year and its definitions are not held, so the "
    "share that should have been reached by now is not known."
)
NOTHING_COMPARABLE = "The book holds no measure that is comparable with this target."
THEN = "named in the plan’s time: then, not today"
AS_PUBLISHED = (
    "Titles and addresses as published then. Nothing here says what the documents hold, and an address may lead nowhere today."
)
