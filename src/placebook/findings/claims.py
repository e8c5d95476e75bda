"""What may be said of a reading, and by which test. Sentences are made from claims in ``wording``.

Uncertainty decides: of estimates with limits a difference is tested; of a full count it is what it is,
beyond what the publisher's rounding or perturbation can make; of an estimate without limits only the size of the
gap is given. A claim about a *wider* reading has the wider area as its subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb

from placebook.evidence import rounding
from placebook.evidence.periods import span
from placebook.evidence.reading import Comparator, Reading
from placebook.evidence.values import Value, at
from placebook.findings import formats as write
from placebook.findings import pooling
from placebook.findings.inference import (
    ALPHA,
    Difference,
    Estimate,
    difference,
)

COMPARED = ("parent", "county", "region", "country")
SMALL_SHARE = 0.05
"""A comparator that contains the place with less than this share may be taken as fixed."""

NOT_NEEDED = "none needed: a full count"
NONE_PUBLISHED = "none: no margin of error is published"
NEARLY_ALL = 0.95
"""A way that a larger share of districts moved is no news of one of them."""
FEW = 5
"""Fewer units of difference than this are never named."""
STATED = "none: a figure stated as published"


@dataclass(frozen=True)
class Place:
    """A place among the English districts."""

    rank: int
    best: int
    worst: int
    of: int
    tied: bool
    from_highest: bool


@dataclass(frozen=True)
class Claim:
    """One thing that may be said, with the test that allows it."""

    kind: str
    """level, change, trend, rank, composition, extreme, strength, challenge, none."""
    reading: Reading
    verdict: str
    test: str
    values: tuple[Value, ...] = ()
    """The figures used, the subject's own first."""
    comparator: Comparator | None = None
    gap: float | None = None
    lower: float | None = None
    upper: float | None = None
    statistic: float | None = None
    p: float | None = None
    alpha: float | None = None
    correction: str = ""
    place: Place | None = None
    ratios: tuple[float, float] | None = None
    """The subject's figure for each 100 of the comparator's, in the earlier and in the newest period."""
    reason: str = ""
    """Why no claim is possible, in a reader's words."""
    england: tuple[Value, Value] | None = None
    """Beside a change: the widest comparator's figures over the same periods, the newest first."""
    alike: float | None = None
    """Of a change: the share of the English districts that moved the same way."""
    detail: str = ""
    """Which of several claims of one kind: a small area's measure, a domain."""

    @property
    def id(self) -> str:
        """Stable within a place: what is claimed, of which measure, against whom."""
        compared = self.comparator.code.lower() if self.comparator else ""
        parts = ("claim", self.reading.indicator.id, self.kind, compared, self.detail)
        return "--".join(part for part in parts if part)

    @property
    def passed(self) -> bool:
        """Whether something was found: a clear difference, change or trend."""
        return self.verdict in ("higher", "lower", "rose", "fell", "rising", "falling")


def estimate(value: Value, decimals: int | None = None) -> Estimate:
    """A value as an estimate. Raises ValueError where no number is published.

    Limits that rounding has left without a width are no certainty: each may lie half a last decimal further out.
    """
    lower, upper = value.lower, value.upper
    if decimals is not None and lower is not None and lower == upper:
        lower, upper = lower - 10**-decimals / 2, upper + 10**-decimals / 2
    return Estimate(value.number, lower, upper)


def unusual(reading: Reading, *values: Value) -> str:
    """Why one of the figures is not like the others, where the indicator says so; "" for all other figures."""
    for value in values:
        for each in reading.indicator.unusual:
            if value.area in each.areas and value.period in each.periods:
                return each.reason
    return ""


def barred(claim: Claim) -> bool:
    """Whether a claim rests on years in which registers were no picture of the place's firms (mass registrations).

    It may be said, and is never a strength, a challenge or a title.
    """
    own = [span(value.period) for value in claim.values if value.area == claim.reading.subject.code]
    if not own or not claim.reading.artefacts:
        return False
    first, last = min(s.start for s in own), max(s.end for s in own)
    return any(span(p).start <= last and first <= span(p).end for p in claim.reading.artefacts)


def levels(reading: Reading) -> tuple[Claim, ...]:
    """The newest figure against each comparator; on its own where there is none to set it beside.

    Of surveys and of events it is the newest readings taken together, and the two newest stand beside it. Totals are not
    compared: a county has more people than its districts, and that is no finding.
    """
    (value,) = reading.now
    pool = pooling.pool(reading)
    own, shown = (pool.own, pool.shown) if pool else (value, ())
    compared = []
    for comparator in reading.comparators if reading.indicator.measure != "count" else ():
        if comparator.role not in COMPARED:
            continue
        if pool:
            other, behind = pool.others.get(comparator.code), (*pool.readings, *pool.behind.get(comparator.code, ()))
        else:
            other, behind = next(iter(at(comparator.series, reading.period)), None), ()
        if other is not None and other.value is not None:
            claim = against(reading, own, comparator, other, behind)
            compared.append(replace(claim, values=(*claim.values, *shown)))
    return tuple(compared) or (Claim("level", reading, "stated", STATED, (own, *shown)),)


def against(reading: Reading, value: Value, comparator: Comparator, other: Value, behind: Sequence[Value] = ()) -> Claim:
    """The verdict on one figure beside one comparator's of the same period.

    ``behind`` are the readings that the two are made from, where they are readings taken together.
    """
    values = (value, other)
    gap = value.number - other.number
    indicator = reading.indicator

    def claim(verdict: str, test: str) -> Claim:
        return Claim("level", reading, verdict, test, values, comparator, gap)

    if reason := unusual(reading, value, other, *behind):
        return replace(claim("not_possible", "none"), reason=reason)
    if "u" in (*value.markers, *other.markers):
        return claim("too_uncertain", "none: the publisher marks a figure as unreliable")
    if indicator.uncertainty == "full_count" and indicator.counts != "events":
        return claim(counted(reading, value, other), NOT_NEEDED)
    if value.has_limits and (other.has_limits or _may_be_fixed(comparator)):
        linear = indicator.comparator_overlap == "linear" and comparator.contains
        overlap = comparator.share if linear and other.has_limits else None
        tested = difference(estimate(value, indicator.decimals), estimate(other, indicator.decimals), overlap)
        return tested_difference("level", reading, tested, values, comparator)
    if _shown_alike(reading, value, other):
        return claim("equal", NONE_PUBLISHED)
    return claim("gap_only", NONE_PUBLISHED)


def _may_be_fixed(comparator: Comparator) -> bool:
    # Same source by construction: comparators are read from the indicator's own table.
    ever = comparator.share_ever
    return comparator.contains and ever is not None and ever < SMALL_SHARE


def tested_difference(
    kind: str,
    reading: Reading,
    tested: Difference,
    values: tuple[Value, ...],
    comparator: Comparator | None = None,
    words: tuple[str, str] = ("higher", "lower"),
    decimals: int | None = None,
) -> Claim:
    """A claim from a tested difference: similar, clearly one way, or not clear.

    Of rounded counts it must be clear whatever the counts were before rounding; and no difference is one whose interval
    touches nought as it is written, or of fewer than five.
    """
    indicator = reading.indicator
    decimals = indicator.decimals if decimals is None else decimals
    tested = tested.allowing(sum(tolerance(reading, value) for value in values[:2]))
    near = tested.lower if tested.estimate > 0 else tested.upper
    if indicator.similar_within is not None and tested.within(indicator.similar_within):
        verdict = "similar"
    elif tested.clear and write.rounded(near, decimals) and not few(reading, *values[:2]):
        verdict = words[0] if tested.estimate > 0 else words[1]
    else:
        verdict = "no_clear_difference" if kind == "level" else "no_clear_change"
    own = indicator.counts == "events" and values[0].role == "pooled"
    name = "counts of events, limits by Wilson or Byar" if own else "two estimates"
    return Claim(
        kind,
        reading,
        verdict,
        f"difference of {name} ({tested.method})",
        values,
        comparator,
        tested.estimate,
        tested.lower,
        tested.upper,
        tested.statistic,
        tested.p,
        ALPHA,
    )


def few(reading: Reading, value: Value, other: Value) -> bool:
    """Whether the difference of two figures is fewer than five of what is counted; no where that is not known."""
    indicator, gap = reading.indicator, abs(value.number - other.number)
    if indicator.measure == "count":
        return indicator.unit == "count" and gap < FEW
    of = value.denominator or reading.bases.get(value.area)
    per = value.per if value.denominator else pooling.PER.get(indicator.unit)
    return bool(of and per) and gap / (per or 1) * (of or 0) < FEW


def _shown_alike(reading: Reading, value: Value, other: Value) -> bool:
    decimals = reading.indicator.decimals
    # What rounds to zero and is not zero is shown as [low]: it is not the same as zero.
    low = [write.is_low(number, decimals) for number in (value.number, other.number)]
    return low[0] == low[1] and (write.rounded(value.number, decimals) == write.rounded(other.number, decimals))


def counted(reading: Reading, value: Value, other: Value, words: tuple[str, str] = ("higher", "lower")) -> str:
    """The verdict on two full counts: what it is, unless rounding or perturbation could have made it, or a handful did."""
    if _shown_alike(reading, value, other):
        return "equal"
    gap = value.number - other.number
    if abs(gap) <= tolerance(reading, value) + tolerance(reading, other) or few(reading, value, other):
        return "no_clear_difference"
    return words[0] if gap > 0 else words[1]


def tolerance(reading: Reading, value: Value) -> float:
    """By how much the publisher's perturbation or rounding of counts may have moved a value, in its unit.

    Known only where the counts themselves are held, or the publisher says to what the figure is rounded.
    """
    part = value.inputs[0].part if value.inputs else ""
    cells = sum(len(i.areas) * len(i.categories) for i in value.inputs if i.part == part)
    count = rounding.moved(reading.source, value.level, cells)
    return rounding.half(reading.indicator, count, value.value or 0.0, value.denominator, value.per)


# ------------------------------------------------------------------ inside the place


def extremes(reading: Reading) -> Claim | None:
    """The highest and the lowest small area of the place."""
    if reading.inside is None:
        return None
    first, last = reading.inside.values[0], reading.inside.values[-1]
    return _extremes(reading, first, last, len(reading.inside.values), "inside")


def estimates(reading: Reading) -> Claim | None:
    """The highest and the lowest of small areas with estimates of their own, told apart by test."""
    values = [value for value in reading.details if value.value is not None]
    if len(values) < 2:
        return None
    return _extremes(reading, values[0], values[-1], len(values), "estimates")


def _extremes(reading: Reading, first: Value, last: Value, count: int, detail: str) -> Claim:
    """The widest of all pairs was picked, so the limit of p is shared out among them (Bonferroni)."""
    values = (first, last)
    if first.has_limits and last.has_limits:
        decimals = reading.indicator.decimals
        tested, pairs = difference(estimate(first, decimals), estimate(last, decimals)), comb(count, 2)
        return Claim(
            "extreme",
            reading,
            "higher" if tested.p * pairs <= ALPHA else "no_clear_difference",
            f"difference of two estimates ({tested.method})",
            values,
            None,
            tested.estimate,
            tested.lower,
            tested.upper,
            tested.statistic,
            tested.p,
            ALPHA,
            f"Bonferroni over {pairs} pairs",
            detail=detail,
        )
    verdict = counted(reading, first, last)
    return Claim("extreme", reading, verdict, NOT_NEEDED, values, gap=first.number - last.number, detail=detail)
