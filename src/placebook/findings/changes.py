"""Change since a stated period, and trend: what a series allows to be said.

No change is stated across a break, between two editions of an index, or of money in current prices; none is
tested where the same people are asked again.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from math import hypot

from placebook.evidence import rounding
from placebook.evidence.periods import span, years_between
from placebook.evidence.ratios import ROLES, ratios
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value, at
from placebook.evidence.windows import base, earlier, may_begin, newest, unbroken
from placebook.findings import formats as write
from placebook.findings import pooling
from placebook.findings.claims import (
    NONE_PUBLISHED,
    NOT_NEEDED,
    Claim,
    counted,
    estimate,
    tested_difference,
    unusual,
)
from placebook.findings.inference import difference
from placebook.findings.trend_marker import POINTS, TREND_ALPHA, Trend, trend_of_estimates, trend_of_proportions

CURRENT = "the figures are in current prices, so that a rise would partly be inflation"
LOCKDOWN = "the earlier figures are of the lockdowns of 2020 and 2021"


def change(reading: Reading) -> Claim | None:
    """The change or trend that may be stated; a claim of kind ``none`` with its reason; or nothing.

    Nothing, where the series has one period only. England's figures over the same periods stand beside it, and how many of
    the districts moved the same way.
    """
    claim = _change(reading)
    if claim is None or claim.kind == "none" or claim.ratios is not None:
        return claim
    now, before = claim.values[:2]
    return replace(claim, england=_england(reading, now, before), alike=_alike(reading, now, before))


def _england(reading: Reading, now: Value, before: Value) -> tuple[Value, Value] | None:
    for role in ("country", "region"):
        beside = reading.beside(role)
        ends = [at(beside.series, value.period) for value in (now, before)] if beside else []
        if ends and all(end and end[0].value is not None for end in ends) and reading.indicator.measure != "count":
            return ends[0][0], ends[1][0]
    return None


def _alike(reading: Reading, now: Value, before: Value) -> float | None:
    """The share of the English districts whose figure moved the same way between the two periods."""
    then, today = (reading.among.get(value.period) for value in (before, now))
    if then is None or today is None or now.value is None or before.value is None or now.value == before.value:
        return None
    earlier = dict(zip(then.codes, then.values, strict=True))
    moves = [value - earlier[code] for code, value in zip(today.codes, today.values, strict=True) if code in earlier]
    up = now.value > before.value
    return sum((move > 0) == up and move != 0 for move in moves) / len(moves) if moves else None


def _change(reading: Reading) -> Claim | None:
    values = [value for value in reading.series if value.value is not None]
    if len(values) < 2:
        return None
    indicator = reading.indicator
    if indicator.no_change_because:
        return _none(reading, indicator.no_change_because)
    points = unbroken(values)
    if len(points) < 2:
        return _broken(reading, values)
    if indicator.price_basis == "current":
        return _against_comparator(reading, points)
    if odd := unusual(reading, *_used(reading, points)):
        return _none(reading, odd)
    if indicator.uncertainty in ("limits", "modelled") and all(point.has_limits for point in points[-2:]):
        return _estimated(reading, points)
    if indicator.uncertainty == "full_count":
        return _counts(reading, points)
    return _gap_only(reading, points)


def _gap_only(reading: Reading, points: Sequence[Value]) -> Claim:
    now, before = points[-1], base(points, reading.indicator)
    if before is None:
        return _none(reading, LOCKDOWN)
    return Claim("change", reading, "gap_only", NONE_PUBLISHED, (now, before), gap=now.number - before.number)


def _used(reading: Reading, points: list[Value]) -> list[Value]:
    """The points that a change or trend would rest on."""
    last = points[-POINTS:]
    parts = all(point.denominator or point.has_limits for point in last)
    first = base(points, reading.indicator)
    ends = [first, points[-1]] if first else [points[-1]]
    return last if parts and _testable_as_trend(reading, last) else ends


def _none(reading: Reading, reason: str) -> Claim:
    return Claim("none", reading, "not_possible", "none", reading.now, reason=reason, detail="change")


def _broken(reading: Reading, values: Sequence[Value]) -> Claim | None:
    newest = values[-1]
    reasons = [b.reason for b in reading.indicator.breaks if b.period == newest.period]
    if "b" not in newest.markers:
        return None
    newest_period = write.period(newest.period, reading.indicator.period_style)
    why = f": {reasons[0]}" if reasons else ""
    return _none(reading, f"figures before {newest_period} cannot be compared{why}")


def _estimated(reading: Reading, points: list[Value]) -> Claim | None:
    last = points[-POINTS:]
    if _testable_as_trend(reading, last) and all(p.has_limits and estimate(p).standard_error > 0 for p in last):
        return _trend(reading, last, trend_of_estimates([estimate(point) for point in last]))
    if reading.indicator.pooled:
        return _between_pools(reading)
    now, before = points[-1], base(points, reading.indicator)
    if before is None:
        return _none(reading, LOCKDOWN)
    if years_between(before.period, now.period) < reading.indicator.sample_repeats - 0.05:
        return _none(reading, SAME_PEOPLE)
    if not before.has_limits:
        return _gap_only(reading, points)
    decimals = reading.indicator.decimals
    tested = difference(estimate(now, decimals), estimate(before, decimals))
    return tested_difference("change", reading, tested, (now, before), words=("rose", "fell"))


SAME_PEOPLE = "the survey asked part of the same people in both periods"
TOO_FEW = "the survey has too few readings that can be taken together at both ends"


def _pools(reading: Reading) -> tuple[tuple[Value, ...], tuple[Value, ...]] | str:
    """The newest readings of a survey and those they are set against, or why there are none."""
    late, early = (f(reading.indicator, reading.series) for f in (newest, earlier))
    return (late, early) if late and early else TOO_FEW


def _between_pools(reading: Reading) -> Claim:
    pools = _pools(reading)
    if isinstance(pools, str):
        return _none(reading, pools)
    if years_between(pools[1][-1].period, pools[0][0].period) < reading.indicator.sample_repeats - 0.05:
        return _none(reading, SAME_PEOPLE)
    now, before = (pooling.mean(reading, ends, reading.subject.code) for ends in pools)
    return tested_difference(
        "change", reading, difference(estimate(now), estimate(before)), (now, before), words=("rose", "fell")
    )


def _testable_as_trend(reading: Reading, last: Sequence[Value]) -> bool:
    """Five points at equal steps of whole years, of a series that the publisher does not smooth."""
    if len(last) < POINTS or reading.indicator.smoothed or not may_begin(reading.indicator, last[0].period):
        return False
    months = span(last[-1].period).months
    steps = {round(12 * years_between(earlier.period, later.period)) for earlier, later in itertools.pairwise(last)}
    return len(steps) == 1 and steps == {max(months, 12)}


def _counts(reading: Reading, points: list[Value]) -> Claim:
    last = points[-POINTS:]
    if _testable_as_trend(reading, last) and all(point.denominator for point in last):
        counts = [point.numerator or 0.0 for point in last]
        of = [point.denominator or 0.0 for point in last]
        return _trend(reading, last, _inside_rounding(reading, last, trend_of_proportions(counts, of)))
    now, before = points[-1], base(points, reading.indicator)
    if before is None:
        return _none(reading, LOCKDOWN)
    if reading.indicator.counts == "events":
        late, early = (pooling.mean(reading, [point], point.area) for point in (now, before))
        if not late.has_limits or not early.has_limits:
            return _gap_only(reading, points)
        tested = difference(estimate(late), estimate(early))
        claim = tested_difference("change", reading, tested, (late, early), words=("rose", "fell"))
        return replace(claim, values=(now, before))
    verdict = counted(reading, now, before, ("rose", "fell"))
    return Claim("change", reading, verdict, NOT_NEEDED, (now, before), gap=now.number - before.number)


def _inside_rounding(reading: Reading, last: Sequence[Value], trend: Trend) -> Trend:
    """The trend, if it holds too where rounding has moved the earlier counts one way and the later ones the other."""
    moved = [rounding.moved(reading.source, v.level, len(v.inputs[0].areas) * len(v.inputs[0].categories)) for v in last]
    if not trend.direction or not any(moved):
        return trend
    against = [
        -trend.direction * m * (at > POINTS // 2) + trend.direction * m * (at < POINTS // 2) for at, m in enumerate(moved)
    ]
    of = [(v.denominator or 0.0) - a for v, a in zip(last, against, strict=True)]
    counts = [min(max((v.numerator or 0.0) + a, 0.0), n) for v, a, n in zip(last, against, of, strict=True)]
    worst = trend_of_proportions(counts, of) if min(of) > 0 else None
    return trend if worst and worst.direction == trend.direction else replace(trend, direction=0)


def _trend(reading: Reading, last: Sequence[Value], trend: Trend) -> Claim:
    now, before = last[-1], last[0]
    verdict = {1: "rising", -1: "falling", 0: "no_clear_trend"}[trend.direction]
    return Claim(
        "trend",
        reading,
        verdict,
        "trend marker over five points (Fingertips)",
        (now, before, *last[1:-1]),
        gap=now.number - before.number,
        statistic=trend.statistic,
        p=trend.p,
        alpha=TREND_ALPHA,
        reason="leaving one year out turns it" if trend.outlier else "",
    )


def _against_comparator(reading: Reading, points: list[Value]) -> Claim:
    """Money in current prices: the ratio to a comparator of the same source, then and now."""
    if reading.indicator.pooled:
        return _ratio_of_pools(reading)
    name, quotients = ratios(reading) if reading.indicator.measure != "count" else ("", ())
    comparable = {point.period for point in points}
    both = [value for value in quotients if value.period in comparable]
    if len(both) < 2 or both[-1].period != points[-1].period:
        return _none(reading, CURRENT)
    now, before = both[-1], base(both, reading.indicator)
    if before is None:
        return _none(reading, LOCKDOWN)
    beside = next(c for c in reading.comparators if c.name == name)
    return Claim(
        "change",
        reading,
        "gap_only",
        "none: money in current prices, set against the comparator",
        (now, before),
        beside,
        gap=now.number - before.number,
        ratios=(before.number, now.number),
    )


def _ratio_of_pools(reading: Reading) -> Claim:
    """Money from a survey: the ratio of means of several readings, then and now, with the limits of both.

    Where the survey keeps asking the same people the two are less uncertain than that, so that the test is the stricter.
    """
    pools = _pools(reading)
    if isinstance(pools, str):
        return _none(reading, pools)
    for beside in (b for role in ROLES if (b := reading.beside(role))):
        others = [
            tuple(same[0] for v in ends if (same := at(beside.series, v.period)) and same[0].has_limits) for ends in pools
        ]
        if all(len(other) == len(ends) for other, ends in zip(others, pools, strict=True)):
            pairs = [
                (pooling.mean(reading, ends, ""), pooling.mean(reading, other, ""))
                for ends, other in zip(pools, others, strict=True)
            ]
            now, before = (_ratio(own, other) for own, other in pairs)
            tested = difference(estimate(now), estimate(before))
            claim = tested_difference("change", reading, tested, (now, before), beside, ("rose", "fell"), 1)
            return replace(claim, ratios=(before.number, now.number))
    return _none(reading, CURRENT)


def _ratio(own: Value, other: Value) -> Value:
    """One mean for each 100 of another's, its limits from both (half-widths as shares of the means, added in squares)."""
    ratio, mine, its = 100 * own.number / other.number, estimate(own), estimate(other)
    down = ratio * hypot(mine.below / own.number, its.above / other.number)
    up = ratio * hypot(mine.above / own.number, its.below / other.number)
    inputs = [replace(i, part="numerator") for i in own.inputs] + [replace(i, part="denominator") for i in other.inputs]
    markers = tuple(dict.fromkeys((*own.markers, *other.markers)))
    return replace(
        own,
        category=f"ratio to {other.area}",
        value=ratio,
        lower=ratio - down,
        upper=ratio + up,
        unit="ratio",
        markers=markers,
        derivation="quotient",
        inputs=tuple(inputs),
        per=100,
    )
