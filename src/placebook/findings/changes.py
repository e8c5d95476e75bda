"""Change since a stated period, and trend: what a series allows to be said.

No change is stated across a break, between two editions of an index, or of money in current prices; none is
tested where the same people are asked again.
"""

from __future__ import annotations

from collections.abc import Sequence

from placebook.evidence.periods import overlap, span, years_between
from placebook.evidence.ratios import ratios
from placebook.evidence.records import Reading
from placebook.evidence.values import Value
from placebook.findings import formats as write
from placebook.findings.claims import (
    NONE_PUBLISHED,
    NOT_NEEDED,
    Claim,
    counted,
    tested_difference,
    unusual,
    estimate,
)
from placebook.findings.inference import (
    POINTS,
    TREND_ALPHA,
    Trend,
    difference,
    trend_of_estimates,
    trend_of_proportions,
)

YEARS_BACK = 5
"""A change is stated over about this many years, or over what the series has."""


def change(reading: Reading) -> Claim | None:
    """The change or trend that may be stated; a claim of kind ``none`` with its reason; or nothing.

    Nothing, where the series has one period only.
    """
    known = [value for value in reading.series if value.value is not None]
    if len(known) < 2:
        return None
    indicator = reading.indicator
    if indicator.no_change_because:
        return _none(reading, indicator.no_change_because)
    points = unbroken(known)
    if len(points) < 2:
        return _broken(reading, known)
    if indicator.price_basis == "current":
        return _against_comparator(reading, points)
    odd = [reason for point in _used(reading, points) if (reason := unusual(reading, point))]
    if odd:
        return _none(reading, odd[0])
    if indicator.uncertainty in ("limits", "modelled") and all(point.has_limits for point in points[-2:]):
        return _estimated(reading, points)
    if indicator.uncertainty == "full_count":
        return _counts(reading, points)
    return _gap_only(reading, points[-1], base(points))


def _gap_only(reading: Reading, now: Value, before: Value) -> Claim:
    assert now.value is not None and before.value is not None
    return Claim("change", reading, "gap_only", NONE_PUBLISHED, (now, before), gap=now.value - before.value)


def unbroken(known: Sequence[Value]) -> list[Value]:
    """The newest values that can be compared with one another: oldest first, no break, no overlap.

    Of three-year periods that overlap every third is taken, counted from the newest.
    """
    kept: list[Value] = []
    months = span(known[-1].period).months
    for value in reversed(known):
        if span(value.period).months != months or "u" in value.markers:
            break
        if not kept or not overlap(value.period, kept[-1].period):
            kept.append(value)
        if "b" in value.markers:
            break
    return kept[::-1]


def base(points: Sequence[Value]) -> Value:
    """The period that the newest is set against: the latest at least five years earlier, or the first."""
    now = points[-1]
    early = [p for p in points if years_between(p.period, now.period) >= YEARS_BACK - 0.05]
    return early[-1] if early else points[0]


def _used(reading: Reading, points: list[Value]) -> list[Value]:
    """The points that a change or trend would rest on."""
    last = points[-POINTS:]
    parts = all(point.denominator or point.has_limits for point in last)
    return last if parts and _testable_as_trend(reading, last) else [base(points), points[-1]]


def _none(reading: Reading, reason: str) -> Claim:
    return Claim("none", reading, "not_possible", "none", reading.now, reason=reason, detail="change")


def _broken(reading: Reading, known: Sequence[Value]) -> Claim | None:
    newest = known[-1]
    reasons = [b.reason for b in reading.indicator.breaks if b.period == newest.period]
    if "b" not in newest.markers:
        return None
    said = write.period(newest.period, reading.indicator.period_style)
    why = f": {reasons[0]}" if reasons else ""
    return _none(reading, f"figures before {said} cannot be compared{why}")


def _estimated(reading: Reading, points: list[Value]) -> Claim | None:
    last = points[-POINTS:]
    if _testable_as_trend(reading, last) and all(point.has_limits for point in last):
        if all(estimate(point).standard_error > 0 for point in last):
            return _trend(reading, last, trend_of_estimates([estimate(point) for point in last]))
    now, before = points[-1], base(points)
    if years_between(before.period, now.period) < reading.indicator.sample_repeats - 0.05:
        return _none(reading, "the survey asked part of the same people in both periods")
    if not before.has_limits:
        return _gap_only(reading, now, before)
    tested = difference(estimate(now), estimate(before))
    return tested_difference("change", reading, tested, (now, before), words=("rose", "fell"))


def _testable_as_trend(reading: Reading, last: Sequence[Value]) -> bool:
    """Five points at equal steps of whole years, of a series that the publisher does not smooth."""
    if len(last) < POINTS or reading.indicator.smoothed:
        return False
    months = span(last[-1].period).months
    steps = {
        round(12 * years_between(earlier.period, later.period))
        for earlier, later in zip(last, last[1:], strict=False)
    }
    return len(steps) == 1 and steps == {max(months, 12)}


def _counts(reading: Reading, points: list[Value]) -> Claim:
    last = points[-POINTS:]
    if _testable_as_trend(reading, last) and all(point.denominator for point in last):
        counts = [point.numerator or 0.0 for point in last]
        of = [point.denominator or 0.0 for point in last]
        return _trend(reading, last, trend_of_proportions(counts, of))
    now, before = points[-1], base(points)
    assert now.value is not None and before.value is not None
    verdict = counted(reading, now, before, ("rose", "fell"))
    return Claim("change", reading, verdict, NOT_NEEDED, (now, before), gap=now.value - before.value)


def _trend(reading: Reading, last: Sequence[Value], found: Trend) -> Claim:
    now, before = last[-1], last[0]
    assert now.value is not None and before.value is not None
    verdict = {1: "rising", -1: "falling", 0: "no_clear_trend"}[found.direction]
    return Claim(
        "trend", reading, verdict, "trend marker over five points (Fingertips)", (now, before, *last[1:-1]),
        gap=now.value - before.value, statistic=found.statistic, p=found.p, alpha=TREND_ALPHA,
        reason="leaving one year out turns it" if found.outlier else "",
    )  # fmt: skip


def _against_comparator(reading: Reading, points: list[Value]) -> Claim:
    """Money in current prices: the ratio to a comparator of the same source, then and now."""
    name, found = ratios(reading) if reading.indicator.measure != "count" else ("", ())
    comparable = {point.period for point in points}
    both = [value for value in found if value.period in comparable]
    if len(both) < 2 or both[-1].period != points[-1].period:
        return _none(reading, "the figures are in current prices, so that a rise would partly be inflation")
    now, before = both[-1], base(both)
    beside = next(c for c in reading.comparators if c.name == name)
    assert now.value is not None and before.value is not None
    return Claim(
        "change", reading, "gap_only", "none: money in current prices, set against the comparator",
        (now, before), beside, gap=now.value - before.value, ratios=(before.value, now.value),
    )  # fmt: skip
