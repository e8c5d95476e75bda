"""Strengths and challenges: what the evidence supports about a place's own figures, in two lanes.

Tested: own figures against England, the false discovery rate held at 5% within the place. Not tested:
figures without limits in the top or bottom tenth of the English districts, and said to be so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isinf

from placebook.evidence import windows
from placebook.evidence.district_band import Districts
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.findings import pooling
from placebook.findings.claims import Claim, barred, levels, unusual
from placebook.findings.inference import ALPHA, adjusted, robust_distance
from placebook.findings.ranks import halves

MOST = 5
TENTH = 0.1


@dataclass(frozen=True)
class _Candidate:
    reading: Reading
    distance: float
    """From the median of the districts, in robust units; positive is better."""
    claim: Claim | None
    """The tested difference from England, where there is one."""


def strengths_and_challenges(readings: Sequence[Reading]) -> tuple[Claim, ...]:
    """At most five of each, the tested before the others, the farthest from the median first.

    One measure a concept: the first declared, never the most striking. Benjamini and Hochberg (1995) at 0.05
    within the place; the correction also names the p value by Benjamini and Yekutieli (2001), which holds under
    any dependence. The other places of the book change nothing.
    """
    candidates = _candidates(readings)
    tested = [c for c in candidates if c.claim is not None]
    p_values = [c.claim.p for c in tested if c.claim is not None and c.claim.p is not None]
    bh, by = adjusted(p_values, "bh"), adjusted(p_values, "by")
    supported = [
        (candidate, _tested(candidate, p, q))
        for candidate, p, q in zip(tested, bh, by, strict=True)
        if p <= ALPHA and candidate.claim is not None and candidate.claim.passed
    ]
    supported += [
        (candidate, _not_tested(candidate, end))
        for candidate in candidates
        if candidate.claim is None and (end := _end(candidate.reading))
    ]
    lists = []
    for kind, sign in (("strength", -1), ("challenge", 1)):
        own = [(c, claim) for c, claim in supported if claim.kind == kind]
        own.sort(key=lambda pair: (pair[1].verdict != "tested", sign * pair[0].distance, pair[1].id))
        lists += [claim for _, claim in own[:MOST]]
    return tuple(lists)


def _candidates(readings: Sequence[Reading]) -> list[_Candidate]:
    by_concept: dict[str, _Candidate] = {}
    for reading in readings:
        indicator = reading.indicator
        concept = indicator.concept or indicator.id
        if concept in by_concept or not _eligible(reading):
            continue
        number, among = _standing(reading)
        distance = robust_distance(number, among.values)
        if isinf(distance):
            continue  # most districts share one value: a distance from it means nothing
        sign = 1 if indicator.polarity == "higher_is_better" else -1
        by_concept[concept] = _Candidate(reading, sign * distance, _against_england(reading))
    return list(by_concept.values())


def _standing(reading: Reading) -> tuple[float, Districts]:
    """The place's figure and the districts': readings taken together where one is a single draw."""
    pool, among = pooling.pool(reading), pooling.districts(reading)
    if pool and among and reading.subject.code in among.codes and pool.own.value is not None:
        return pool.own.value, among
    assert reading.districts is not None
    return reading.now[0].number, reading.districts


def standing(reading: Reading) -> tuple[float, int] | None:
    """The place's distance from the median district and whether it is in a tenth; None of what is no single figure."""
    if len(reading.now) != 1 or reading.districts is None:
        return None
    number, among = _standing(reading)
    return robust_distance(number, among.values), _end(reading)


def _eligible(reading: Reading) -> bool:
    indicator = reading.indicator
    return (
        not reading.wider
        and indicator.polarity != "neither"
        and indicator.measure not in ("count", "index")
        and reading.districts is not None
        and len(reading.now) == 1
        and "u" not in reading.now[0].markers
        and not unusual(reading, *reading.now, *windows.newest(indicator, reading.series))
        and not barred(Claim("level", reading, "stated", "none", _own(reading)))
    )


def _own(reading: Reading) -> tuple[Value, ...]:
    pool = pooling.pool(reading)
    return (pool.own,) if pool else reading.now


def _against_england(reading: Reading) -> Claim | None:
    for claim in levels(reading):
        if claim.comparator is not None and claim.comparator.role == "country":
            return claim if claim.p is not None else None
    return None


def _end(reading: Reading) -> int:
    """1 in the top tenth of the districts and −1 in the bottom tenth, whatever rounding did; else 0."""
    if reading.indicator.uncertainty == "limits":
        return 0  # testable in principle: without its limits nothing is said
    _, among = _standing(reading)
    own = among.codes.index(reading.subject.code) if reading.subject.code in among.codes else None
    return 0 if own is None else surely_in_a_tenth(own, among.values, halves(reading, among))


def surely_in_a_tenth(own: int, values: Sequence[float], moved: Sequence[float]) -> int:
    """1 in the top tenth, −1 in the bottom tenth, wherever inside ±``moved`` each of the values lies; else 0."""
    low, high = values[own] - moved[own], values[own] + moved[own]
    others = [(v - h, v + h) for at, (v, h) in enumerate(zip(values, moved, strict=True)) if at != own]
    if 1 + sum(top >= low for _, top in others) <= TENTH * len(values):
        return 1
    return -1 if 1 + sum(bottom <= high for bottom, _ in others) <= TENTH * len(values) else 0


def _tested(candidate: _Candidate, p: float, q: float) -> Claim:
    claim = candidate.claim
    assert claim is not None and claim.gap is not None
    better = (claim.gap > 0) == (candidate.reading.indicator.polarity == "higher_is_better")
    return replace(
        claim,
        kind="strength" if better else "challenge",
        verdict="tested",
        correction=f"Benjamini and Hochberg p {p:.2g}; Benjamini and Yekutieli p {q:.2g}",
    )


def _not_tested(candidate: _Candidate, end: int) -> Claim:
    reading = candidate.reading
    better = (end > 0) == (reading.indicator.polarity == "higher_is_better")
    return Claim(
        "strength" if better else "challenge",
        reading,
        "not_tested",
        "none: in the top or bottom tenth of the English districts",
        _own(reading),
    )
