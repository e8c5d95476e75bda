"""Differences within a place: between its small areas, or between a town and the rest of its district."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import log

from placebook.evidence.reading import Reading
from placebook.findings.candidates import Candidate, good, quality, recency
from placebook.findings.claims import extremes
from placebook.findings.concentration import concentration

USUAL = 2.0
"""A town's share of those counted that is so many times its share of all is as far out as three robust units (log scale)."""


def concentration_candidates(readings: Iterable[Reading], sections: Mapping[str, str], on: date) -> tuple[Candidate, ...]:
    """Of a town: what it has of its district."""
    return tuple(made for reading in readings if (made := _concentrated(reading, sections, on)) is not None)


def _concentrated(reading: Reading, sections: Mapping[str, str], on: date) -> Candidate | None:
    indicator, claim = reading.indicator, concentration(reading)
    if claim is None:
        return None
    if reading.around:  # so many of the district's most deprived areas beside its share of all areas
        whole = 100 * len(reading.subject.members) / len(reading.around)
        those = 100 * (claim.gap or 0.0) / len(claim.values)
    else:
        whole, those = claim.ratios or (1.0, 1.0)
    z = 3 * log(max(those, whole / 8) / whole) / log(USUAL)
    value = claim.values[0]
    left_out = "R10" if indicator.priority == 0 else "R2" if abs(z) < 1 else ""
    higher = those > whole
    return Candidate(
        "inside",
        (indicator.id,),
        sections[indicator.id],
        indicator.concept or indicator.id,
        reading.subject.name,
        z,
        abs(z) >= 1.5,
        indicator.priority,
        quality(indicator),
        recency(indicator, value.period, on),
        (not higher) if reading.around else good(indicator, higher),
        claim.values,
        {"R2": {"share of all": round(whole, 1), "share of these": round(those, 1)}},
        left_out,
        detail="district",
    )


def spread_candidates(
    readings: Iterable[Reading], spreads: Mapping[str, Mapping[str, float]], sections: Mapping[str, str], on: date
) -> tuple[Candidate, ...]:
    """Of a district: how far its neighbourhoods lie apart; ``spreads`` are those of all districts, by indicator."""
    import numpy as np

    from placebook.findings.yardstick import standing

    found = []
    for reading in readings:
        indicator, claim = reading.indicator, extremes(reading)
        others = spreads.get(indicator.id, {})
        own = others.get(reading.subject.code)
        if claim is None or own is None or claim.verdict != "higher":
            continue
        place = standing(own, np.array(list(others.values())))
        if place is None:
            continue
        left_out = "R10" if indicator.priority == 0 else "" if place.far and place.from_highest else "R2"
        found.append(
            Candidate(
                "inside",
                (indicator.id,),
                sections[indicator.id],
                indicator.concept or indicator.id,
                reading.subject.name,
                place.z,
                place.core,
                indicator.priority,
                quality(indicator),
                recency(indicator, claim.values[0].period, on),
                None,
                claim.values,
                {"R2": {"rank": place.rank, "of": place.of, "z": round(place.z, 3), "spread": round(own, 2)}},
                left_out,
                detail="spread",
            )
        )
    return tuple(found)
