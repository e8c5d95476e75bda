"""Strengths and challenges: what the evidence supports about a place's own figures, in two lanes.

Tested: own figures against England, the false discovery rate held at 5% within the place. Not tested:
figures without limits in the top or bottom tenth of the English districts, and said to be so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isinf

import numpy as np

from placebook.evidence.records import Reading
from placebook.evidence.values import at
from placebook.findings.claims import ALPHA, Claim, against, unusual
from placebook.findings.inference import adjusted, robust_distance

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
    any dependence. Whoever else is in the book changes nothing.
    """
    candidates = _candidates(readings)
    tested = [c for c in candidates if c.claim is not None]
    p_values = [c.claim.p for c in tested if c.claim is not None and c.claim.p is not None]
    bh, by = adjusted(p_values, "bh"), adjusted(p_values, "by")
    found = [
        (candidate, _tested(candidate, p, q))
        for candidate, p, q in zip(tested, bh, by, strict=True)
        if p <= ALPHA
    ]
    found += [
        (candidate, _not_tested(candidate, end))
        for candidate in candidates
        if candidate.claim is None and (end := _end(candidate.reading))
    ]
    lists = []
    for kind, sign in (("strength", -1), ("challenge", 1)):
        own = [(c, claim) for c, claim in found if claim.kind == kind]
        own.sort(key=lambda pair: (pair[1].verdict != "tested", sign * pair[0].distance, pair[1].id))
        lists += [claim for _, claim in own[:MOST]]
    return tuple(lists)


def _candidates(readings: Sequence[Reading]) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for reading in readings:
        indicator = reading.indicator
        concept = indicator.concept or indicator.id
        if concept in found or not _eligible(reading):
            continue
        (value,) = reading.now
        assert reading.districts is not None and value.value is not None
        distance = robust_distance(value.value, reading.districts.values)
        if isinf(distance):
            continue  # most districts share one value: a distance from it means nothing
        sign = 1 if indicator.polarity == "higher_is_better" else -1
        found[concept] = _Candidate(reading, sign * distance, _against_england(reading))
    return list(found.values())


def _eligible(reading: Reading) -> bool:
    indicator = reading.indicator
    return (
        not reading.wider
        and indicator.polarity != "neither"
        and indicator.measure not in ("count", "index")
        and reading.districts is not None
        and len(reading.now) == 1
        and "u" not in reading.now[0].markers
        and not unusual(reading, reading.now[0])
    )


def _against_england(reading: Reading) -> Claim | None:
    country = reading.beside("country")
    same = at(country.series, reading.period) if country else ()
    if country is None or not same or same[0].value is None:
        return None
    claim = against(reading, reading.now[0], country, same[0])
    return claim if claim.p is not None else None


def _end(reading: Reading) -> int:
    if reading.indicator.uncertainty == "limits":
        return 0  # testable in principle: without its limits nothing is said
    value = reading.now[0].value
    assert reading.districts is not None and value is not None
    return in_a_tenth(value, reading.districts.values)


def in_a_tenth(value: float, values: Sequence[float]) -> int:
    """1 in the top tenth of the values, −1 in the bottom tenth, else 0.

    A value that over a tenth of them share or pass is in neither.
    """
    every = np.asarray(values)
    if (every >= value).sum() <= TENTH * len(every):
        return 1
    return -1 if (every <= value).sum() <= TENTH * len(every) else 0


def _tested(candidate: _Candidate, p: float, q: float) -> Claim:
    claim = candidate.claim
    assert claim is not None and claim.gap is not None
    better = (claim.gap > 0) == (candidate.reading.indicator.polarity == "higher_is_better")
    return replace(
        claim, kind="strength" if better else "challenge", verdict="tested",
        correction=f"Benjamini and Hochberg p {p:.2g}; Benjamini and Yekutieli p {q:.2g}",
    )  # fmt: skip


def _not_tested(candidate: _Candidate, end: int) -> Claim:
    reading = candidate.reading
    better = (end > 0) == (reading.indicator.polarity == "higher_is_better")
    return Claim(
        "strength" if better else "challenge", reading, "not_tested",
        "none: in the top or bottom tenth of the English districts", reading.now,
    )  # fmt: skip
