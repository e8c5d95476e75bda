"""Where a place stands among the districts of England, measure by measure (R2, R4, R5, R6, R13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from placebook.evidence.panel import APART
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.findings import pooling
from placebook.findings.candidates import Candidate, about, good
from placebook.findings.claims import Claim, barred, levels, unusual
from placebook.findings.inference import ALPHA, adjusted
from placebook.findings.yardstick import Standing, standing

RATIOS = ("pounds", "pounds-million", "ratio", "per-1000", "per-10000", "per-100000", "tonnes-co2e")
"""Units in which a distance is a ratio, not a number of points."""
PASSED = ("higher", "lower", "gap_only")


def level_candidates(readings: Iterable[Reading], sections: dict[str, str], on: date) -> tuple[Candidate, ...]:
    """One for each figure of the place's own that can be set against the districts; ``sections`` by indicator.

    What is tested is corrected over all tests of the place (Benjamini and Hochberg 1995, 5%).
    """
    found = [made for reading in readings for made in _level(reading, sections, on)]
    tested = [claim.p for _, claim in found if claim is not None and claim.p is not None]
    passes = iter(adjusted(tested, "bh"))
    return tuple(
        _ruled(candidate, claim, next(passes) if claim and claim.p is not None else None) for candidate, claim in found
    )


def _level(reading: Reading, sections: dict[str, str], on: date) -> Iterator[tuple[Candidate, Claim | None]]:
    indicator = reading.indicator
    if reading.wider or len(reading.now) != 1 or reading.districts is None or indicator.measure in ("count", "index"):
        return
    pool, among = pooling.pool(reading), pooling.districts(reading)
    value = pool.own if pool and among else reading.now[0]
    among = among if pool and among else reading.districts
    if value.value is None:
        return
    yardstick = np.array([figure for code, figure in zip(among.codes, among.values, strict=True) if code not in APART])
    place = standing(value.value, yardstick, logarithms=indicator.unit in RATIOS, ranked=np.array(among.values))
    if place is None:
        return
    yield _candidate(reading, value, pool.shown if pool else (), place, sections[indicator.id], on), _england(reading)


def _candidate(reading: Reading, value: Value, shown: Sequence[Value], place: Standing, section: str, on: date) -> Candidate:
    indicator = reading.indicator
    left_out = ""
    if reading.subject.code in APART:
        left_out = "R10a"
    elif not place.far:
        left_out = "R2"
    elif "u" in value.markers or unusual(reading, value, *shown) or barred(Claim("level", reading, "stated", "", (value,))):
        left_out = "R13"
    figures: dict[str, float | str | None] = {
        "rank": place.rank,
        "of": place.of,
        "end": "highest" if place.from_highest else "lowest",
        "tied": str(place.tied).lower(),
        "position": round(place.position, 4),
        "z": round(place.z, 3),
    }
    return about(
        reading,
        "level",
        section,
        on,
        (value, *shown),
        z=place.z,
        core=place.core,
        good=good(indicator, place.from_highest),
        rules={"R2": figures},
        left_out=left_out,
    )


def _england(reading: Reading) -> Claim | None:
    claims = [claim for claim in levels(reading) if claim.comparator is not None]
    return next((claim for claim in claims if claim.comparator and claim.comparator.role == "country"), None)


def _ruled(candidate: Candidate, claim: Claim | None, q: float | None) -> Candidate:
    """With what the comparison with England says of it."""
    if claim is None or claim.comparator is None:  # England's own figure is not published: the districts say where it stands
        return candidate
    rules = {**candidate.rules, "R7": {"england": claim.values[1].value, "verdict": claim.verdict}}
    values = (candidate.values[0], claim.values[1], *candidate.values[1:])
    left_out = candidate.left_out
    if q is not None:
        rules["R5"] = {"p": claim.p, "q": q}
        left_out = left_out or ("" if q <= ALPHA and claim.verdict in PASSED else "R5")
    elif claim.verdict not in PASSED:
        left_out = left_out or "R6"
    elif claim.verdict == "gap_only":
        rules["R4"] = {"margin": "none published"}
    # A level among the highest that lies under England's (which large districts make) is no finding of either.
    higher = claim.gap is not None and claim.gap > 0
    if not left_out and claim.gap is not None and higher != (candidate.rules["R2"]["end"] == "highest"):
        left_out = "R7"
    return replace(candidate, rules=rules, values=values, left_out=left_out)
