"""Where a district stands among the English districts, as far as limits and rounding let it be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from placebook.catalogue.aggregations import Share, expand_categories
from placebook.evidence import rounding, windows
from placebook.evidence.district_band import Districts
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.findings import pooling
from placebook.findings.claims import NONE_PUBLISHED, NOT_NEEDED, Claim, Place, unusual
from placebook.findings.inference import ALPHA, Estimate, competition_rank, rank_set

ENOUGH_RANKED = 200
"""With limits for fewer districts a rank says nothing of England."""
ROUNDED = "none: every place that rounding or perturbation of counts allows"


def rank(reading: Reading) -> Claim | None:
    """Where a district stands among the English districts; None where that cannot be asked.

    With limits: a confidence set for the rank. Of rounded counts every place that they allow. Counted from the end that
    is nearer. Totals are not ranked.
    """
    indicator, code = reading.indicator, reading.subject.code
    pool = pooling.pool(reading)
    districts = pooling.districts(reading) if pool else reading.districts
    if districts is None or reading.subject.level != "district" or code not in districts.codes:
        return None
    if indicator.measure in ("count", "index"):
        return None
    value = pool.own if pool else reading.now[0]
    if unusual(reading, value, *(pool.readings if pool else ())):
        return None
    sign = -1 if indicator.polarity == "lower_is_better" else 1
    if value.has_limits:
        return _rank_set(reading, value, districts, sign)
    if indicator.uncertainty == "limits":
        return None
    placed = by_values(reading, districts, sign)
    if placed is None:
        return None
    exact = indicator.uncertainty == "full_count" and indicator.counts != "events"
    verdict = ("ranked" if exact else "ranked_unsure") if placed.best == placed.worst else "rank_range"
    test = NOT_NEEDED if exact else NONE_PUBLISHED
    return Claim("rank", reading, verdict, test if placed.best == placed.worst else ROUNDED, (value,), place=placed)


def by_values(reading: Reading, districts: Districts, sign: int = 1) -> Place | None:
    """The place by value, with the ends that rounding allows; None where it allows more than half of all places."""
    at_index = districts.codes.index(reading.subject.code)
    ordered = [sign * number for number in districts.values]
    best, worst = reach(ordered, halves(reading, districts), at_index)
    if 2 * (worst - best + 1) > len(ordered):
        return None
    placed = competition_rank(ordered, at_index)
    # Equal as published is a tie; shares that the book works out are compared before rounding.
    ties = ordered.count(ordered[at_index])
    if worst - best + 1 == ties:
        best = worst = placed
    return nearer(Place(placed, best, worst, len(ordered), ties > 1, sign > 0), ties)


def halves(reading: Reading, districts: Districts) -> tuple[float, ...]:
    """By how much rounding or perturbation may have moved each district's figure."""
    reads = reading.indicator.reads
    categories = len(expand_categories(reads.numerator.categories) or ("",)) if isinstance(reads, Share) else 1
    years = len(windows.newest(reading.indicator, reading.series)) if districts is not reading.districts else 1
    count = rounding.moved(reading.source, "district", categories * years)
    below = districts.below or (None,) * len(districts.codes)
    per = getattr(reads, "per", 100)
    return tuple(
        rounding.half(reading.indicator, count, value, of, per) for value, of in zip(districts.values, below, strict=True)
    )


def reach(values: Sequence[float], halves: Sequence[float], at_index: int) -> tuple[int, int]:
    """The best and the worst place, 1 the largest, that values moved by up to ``halves`` can have."""
    low, high = values[at_index] - halves[at_index], values[at_index] + halves[at_index]
    better = sum(v - h > high for v, h in zip(values, halves, strict=True))
    worse = sum(v + h < low for v, h in zip(values, halves, strict=True))
    return 1 + better, len(values) - worse


def nearer(place: Place, ties: int = 1) -> Place:
    """The same place counted from the end that is nearer: the 12th lowest, never the 285th highest."""
    if place.best + place.worst + ties - 1 <= place.of + 1:
        return place
    rank = place.of - place.rank - ties + 2
    if place.best == place.worst:
        return replace(place, rank=rank, best=rank, worst=rank, from_highest=not place.from_highest)
    best, worst = place.of + 1 - place.worst, place.of + 1 - place.best
    return replace(place, rank=rank, best=best, worst=worst, from_highest=not place.from_highest)


def _rank_set(reading: Reading, value: Value, districts: Districts, sign: int) -> Claim | None:
    with_limits = [i for i in range(len(districts.codes)) if districts.upper[i] > districts.lower[i]]
    code = reading.subject.code
    if len(with_limits) < ENOUGH_RANKED or districts.codes.index(code) not in with_limits:
        return None
    points = [Estimate(districts.values[i], districts.lower[i], districts.upper[i]) for i in with_limits]
    values, at_index = [sign * point.value for point in points], with_limits.index(districts.codes.index(code))
    placed = rank_set(values, [point.standard_error for point in points], at_index)
    moved = halves(reading, districts)
    best, worst = reach(values, [moved[i] for i in with_limits], at_index) if any(moved) else (placed.rank, placed.rank)
    if any(moved) and 2 * (worst - best + 1) > placed.of:
        return None  # so few are counted that rounding alone allows most places
    whole = replace(placed, best=min(best, placed.best), worst=max(worst, placed.worst))
    place = nearer(Place(whole.rank, whole.best, whole.worst, whole.of, False, sign > 0), values.count(values[at_index]))
    return Claim(
        "rank",
        reading,
        "rank_set" if whole.informative else "not_rankable",
        "95% confidence set by pairwise differences (Mogstad, Romano, Shaikh and Wilhelm 2024)",
        (value,),
        alpha=ALPHA,
        place=place,
    )
