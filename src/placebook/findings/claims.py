"""What may be said of a reading, and by which test. Sentences are made from claims in ``wording``.

Uncertainty decides: of estimates with limits a difference is tested; of a full count it is what it is,
beyond what the publisher's rounding or perturbation can make; of an estimate without limits only the size of the
gap is given. A claim about a *wider* reading has the wider area as its subject.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import comb

from placebook.catalogue.reads import Share
from placebook.evidence.comparators import Comparator
from placebook.evidence.records import Reading
from placebook.evidence.values import Value, at
from placebook.findings import formats as write
from placebook.findings.inference import (
    ALPHA,
    Difference,
    Estimate,
    RankSet,
    competition_rank,
    difference,
    rank_set,
)

COMPARED = ("parent", "county", "region", "country")
SMALL_SHARE = 0.05
"""A comparator that contains the place with less than this share may be taken as fixed."""
ENOUGH_RANKED = 200
"""With limits for fewer districts a rank says nothing of England."""

NOT_NEEDED = "none needed: a full count"
NONE_PUBLISHED = "none: no margin of error is published"
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


def estimate(value: Value) -> Estimate:
    """A value as an estimate. Raises ValueError where no number is published."""
    if value.value is None:
        raise ValueError(f"{value.id} has no number")
    return Estimate(value.value, value.lower, value.upper)


def unusual(reading: Reading, value: Value) -> str:
    """Why a figure is not like the others, where the indicator says so; "" for all other figures."""
    for found in reading.indicator.unusual:
        if value.area in found.areas and value.period in found.periods:
            return found.reason
    return ""


def levels(reading: Reading) -> tuple[Claim, ...]:
    """The newest figure against each comparator; on its own where there is none to set it beside.

    Totals are not compared: a county has more people than its districts, and that is no finding.
    """
    (value,) = reading.now
    compared = []
    if reading.indicator.measure != "count":
        for found in reading.comparators:
            same = at(found.series, reading.period)
            if found.role in COMPARED and same and same[0].value is not None:
                compared.append(against(reading, value, found, same[0]))
    return tuple(compared) or (Claim("level", reading, "stated", STATED, (value,)),)


def against(reading: Reading, value: Value, comparator: Comparator, other: Value) -> Claim:
    """The verdict on one figure beside one comparator's of the same period."""
    assert value.value is not None and other.value is not None
    values = (value, other)
    gap = value.value - other.value

    def claim(verdict: str, test: str) -> Claim:
        return Claim("level", reading, verdict, test, values, comparator, gap)

    if reason := unusual(reading, value) or unusual(reading, other):
        return replace(claim("not_possible", "none"), reason=reason)
    if "u" in (*value.markers, *other.markers):
        return claim("too_uncertain", "none: the publisher marks a figure as unreliable")
    if reading.indicator.uncertainty == "full_count":
        return claim(counted(reading, value, other), NOT_NEEDED)
    if value.has_limits and (other.has_limits or _may_be_fixed(comparator)):
        linear = reading.indicator.comparator_overlap == "linear" and comparator.contains
        overlap = comparator.share if linear and other.has_limits else None
        tested = difference(estimate(value), estimate(other), overlap)
        return tested_difference("level", reading, tested, values, comparator)
    if _shown_alike(reading, value, other):
        return claim("equal", NONE_PUBLISHED)
    return claim("gap_only", NONE_PUBLISHED)


def _may_be_fixed(comparator: Comparator) -> bool:
    # Same source by construction: comparators are read from the indicator's own table.
    ever = comparator.share_ever
    return comparator.contains and ever is not None and ever < SMALL_SHARE


def tested_difference(
    kind: str, reading: Reading, tested: Difference, values: tuple[Value, ...],
    comparator: Comparator | None = None, words: tuple[str, str] = ("higher", "lower"),
) -> Claim:
    """A claim from a tested difference: similar, clearly one way, or not clear."""
    margin = reading.indicator.similar_within
    if margin is not None and tested.within(margin):
        verdict = "similar"
    elif tested.clear:
        verdict = words[0] if tested.estimate > 0 else words[1]
    else:
        verdict = "no_clear_difference" if kind == "level" else "no_clear_change"
    return Claim(
        kind, reading, verdict, f"difference of two estimates ({tested.method})", values, comparator,
        tested.estimate, tested.lower, tested.upper, tested.statistic, tested.p, ALPHA,
    )  # fmt: skip


def _shown_alike(reading: Reading, value: Value, other: Value) -> bool:
    decimals = reading.indicator.decimals
    assert value.value is not None and other.value is not None
    # What rounds to zero and is not zero is shown as [low]: it is not the same as zero.
    low = [write.is_low(number, decimals) for number in (value.value, other.value)]
    return low[0] == low[1] and (
        write.rounded(value.value, decimals) == write.rounded(other.value, decimals)
    )


def counted(
    reading: Reading, value: Value, other: Value, words: tuple[str, str] = ("higher", "lower")
) -> str:
    """The verdict on two full counts: what it is, unless rounding or perturbation could have made it."""
    assert value.value is not None and other.value is not None
    if _shown_alike(reading, value, other):
        return "equal"
    gap = value.value - other.value
    if abs(gap) <= tolerance(reading, value) + tolerance(reading, other):
        return "no_clear_difference"
    return words[0] if gap > 0 else words[1]


def tolerance(reading: Reading, value: Value) -> float:
    """By how much the publisher's perturbation or rounding of counts may have moved a value, in its unit.

    Known only where the counts themselves are held.
    """
    source = reading.source
    moved = 0.0
    if source.perturbation:
        alone = value.level == "lsoa"
        moved = source.perturbation.small_area if alone else source.perturbation.total
    elif source.rounded_to and value.inputs:
        moved = source.rounded_to / 2 * len(value.inputs[0].areas) * len(value.inputs[0].categories)
    if isinstance(reading.indicator.reads, Share):
        if not value.denominator or value.value is None:
            return 0.0
        # Numerator and denominator may both have moved: |d(n/D)| is at most moved × (1 + n/D) / D.
        return value.per * moved * (1 + abs(value.value) / value.per) / value.denominator
    return moved if reading.indicator.measure == "count" else 0.0


# ------------------------------------------------------------------ place in England


def rank(reading: Reading) -> Claim | None:
    """Where a district stands among the English districts; None where that cannot be asked.

    With limits: a confidence set for the rank. Direction follows polarity; without one the highest
    comes first. Totals are not ranked.
    """
    found, indicator = reading.districts, reading.indicator
    code = reading.subject.code
    if found is None or reading.subject.level != "district" or code not in found.codes:
        return None
    if indicator.measure in ("count", "index"):
        return None
    from_highest = indicator.polarity != "lower_is_better"
    sign = 1 if from_highest else -1
    (value,) = reading.now
    if unusual(reading, value):
        return None
    if not value.has_limits:
        if indicator.uncertainty == "limits":
            return None
        ordered = [sign * number for number in found.values]
        at_index = found.codes.index(code)
        placed = competition_rank(ordered, at_index)
        # Equal as published is a tie; shares that the book works out are compared before rounding.
        tied = ordered.count(ordered[at_index]) > 1
        exact = indicator.uncertainty == "full_count"
        return Claim(
            "rank", reading, "ranked" if exact else "ranked_unsure", NOT_NEEDED if exact else NONE_PUBLISHED,
            (value,), place=Place(placed, placed, placed, len(ordered), tied, from_highest),
        )  # fmt: skip
    with_limits = [i for i in range(len(found.codes)) if found.upper[i] > found.lower[i]]
    if len(with_limits) < ENOUGH_RANKED or found.codes.index(code) not in with_limits:
        return None
    points = [Estimate(found.values[i], found.lower[i], found.upper[i]) for i in with_limits]
    placed_set = rank_set(
        [sign * point.value for point in points],
        [point.standard_error for point in points],
        with_limits.index(found.codes.index(code)),
    )
    return _ranked(reading, value, placed_set, from_highest)


def _ranked(reading: Reading, value: Value, found: RankSet, from_highest: bool) -> Claim:
    return Claim(
        "rank", reading, "rank_set" if found.informative else "not_rankable",
        "95% confidence set by pairwise differences (Mogstad, Romano, Shaikh and Wilhelm 2024)", (value,),
        alpha=ALPHA, place=Place(found.rank, found.best, found.worst, found.of, False, from_highest),
    )  # fmt: skip


# ------------------------------------------------------------------ inside the place


def extremes(reading: Reading) -> Claim | None:
    """The highest and the lowest small area of the place."""
    if reading.inside is None:
        return None
    first, last = reading.inside.values[0], reading.inside.values[-1]
    return _extremes(reading, first, last, len(reading.inside.values), "inside")


def estimates(reading: Reading) -> Claim | None:
    """The highest and the lowest of small areas with estimates of their own, told apart by test."""
    known = [value for value in reading.details if value.value is not None]
    if len(known) < 2:
        return None
    return _extremes(reading, known[0], known[-1], len(known), "estimates")


def _extremes(reading: Reading, first: Value, last: Value, count: int, detail: str) -> Claim:
    """The widest of all pairs was picked, so the limit of p is shared out among them (Bonferroni)."""
    values = (first, last)
    assert first.value is not None and last.value is not None
    if first.has_limits and last.has_limits:
        tested, pairs = difference(estimate(first), estimate(last)), comb(count, 2)
        return Claim(
            "extreme", reading, "higher" if tested.p * pairs <= ALPHA else "no_clear_difference",
            f"difference of two estimates ({tested.method})", values, None, tested.estimate, tested.lower,
            tested.upper, tested.statistic, tested.p, ALPHA, f"Bonferroni over {pairs} pairs", detail=detail,
        )  # fmt: skip
    verdict = counted(reading, first, last)
    return Claim("extreme", reading, verdict, NOT_NEEDED, values, gap=first.value - last.value, detail=detail)


# ------------------------------------------------------------------ everything of a reading


def of(reading: Reading) -> tuple[Claim, ...]:
    """Every claim that a reading allows, in the order in which they are said."""
    from placebook.findings.changes import change

    shape = reading.indicator.reads.kind
    if shape in ("composition", "location_quotient", "flow", "small_area_index"):
        values = reading.now or reading.details
        return (Claim("composition", reading, "stated", STATED, tuple(values)),)
    if shape == "small_area_values":
        return tuple(claim for claim in (estimates(reading),) if claim)
    if reading.held_back:
        newest = reading.held_back[-1]
        why = write.joined([write.MARKER_WORDS[m] for m in newest.markers]) or "not available"
        held = Claim("none", reading, "not_possible", "none", reading.held_back[-1:], reason=why,
                     detail="held-back")  # fmt: skip
    else:
        held = None
    rooms: Sequence[Callable[[Reading], Claim | None]] = (change, rank, extremes)
    found = [*levels(reading), held, *(room(reading) for room in rooms)]
    return tuple(claim for claim in found if claim)

