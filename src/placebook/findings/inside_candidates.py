"""Differences within a place: between its small areas, or between a town and the rest of its district."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import log

import numpy as np

from placebook.evidence.reading import Reading
from placebook.findings.candidates import Candidate, about, good
from placebook.findings.claims import extremes
from placebook.findings.concentration import concentration
from placebook.findings.inference import ALPHA, drawn_p
from placebook.findings.yardstick import standing

USUAL = 2.0
"""A town's share of those counted that is so many times its share of all is as far out as three robust units (log scale)."""

CORE = 1.5
"""From so many units a concentration counts in full."""


def concentration_candidates(readings: Iterable[Reading], sections: Mapping[str, str], on: date) -> tuple[Candidate, ...]:
    """Of a town: what it has of its district."""
    return tuple(made for reading in readings if (made := _concentrated(reading, sections, on)) is not None)


def _concentrated(reading: Reading, sections: Mapping[str, str], on: date) -> Candidate | None:
    indicator, claim = reading.indicator, concentration(reading)
    if claim is None:
        return None
    rules: dict[str, dict[str, float | str | None]] = {}
    if reading.around:  # so many of the district's most deprived areas beside its share of all areas
        here, worst, own, areas = int(claim.gap or 0), len(claim.values), len(reading.subject.members), len(reading.around)
        whole, those = 100 * own / areas, 100 * here / worst
        p = drawn_p(here, worst, own, areas)
        rules["R6"] = {"p": p}
    else:
        whole, those = claim.ratios or (1.0, 1.0)
        p = 0.0
    z = 3 * log(max(those, whole / 8) / whole) / log(USUAL)
    higher = those > whole
    return about(
        reading,
        "inside",
        sections[indicator.id],
        on,
        claim.values,
        z=z,
        core=abs(z) >= CORE,
        good=(not higher) if reading.around else good(indicator, higher),
        rules={"R2": {"share of all": round(whole, 1), "share of these": round(those, 1)}, **rules},
        left_out="R2" if abs(z) < 1 else "R6" if p >= ALPHA else "",
        detail="district",
    )


def spread_candidates(
    readings: Iterable[Reading], spreads: Mapping[str, Mapping[str, float]], sections: Mapping[str, str], on: date
) -> tuple[Candidate, ...]:
    """Of a district: how far its neighbourhoods lie apart; ``spreads`` are those of all districts, by indicator."""
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
        made = about(
            reading,
            "inside",
            sections[indicator.id],
            on,
            claim.values,
            z=place.z,
            core=place.core,
            good=None,
            rules={"R2": {"rank": place.rank, "of": place.of, "z": round(place.z, 3), "spread": round(own, 2)}},
            left_out="" if place.far and place.from_highest else "R2",
            detail="spread",
        )
        found.append(made)
    return tuple(found)
