"""Measures of a place that explain or contradict one another (R9): declared in data/relations, told where far out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from placebook.catalogue.models import Indicator
from placebook.catalogue.relations import Factor, Pair, Product, Relation
from placebook.evidence.panel import APART, Panel
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.findings.candidates import Candidate, good, quality, recency
from placebook.findings.change_candidates import against_england
from placebook.findings.level_candidates import RATIOS
from placebook.findings.yardstick import TO_SIGMA, standing

LEAST_Z = 1.0
Rules = dict[str, dict[str, float | str | None]]


@dataclass(frozen=True)
class Measures:
    """What a relation may name, by indicator: the place's readings and the panels of all districts."""

    readings: Mapping[str, Reading]
    panels: Mapping[str, Panel]
    code: str
    on: date

    def index(self, name: str, codes: tuple[str, ...]) -> np.ndarray | None:
        """Every district's newest figure against England's, logarithm of an index or points in robust units."""
        panel = self.panels.get(name)
        reading = self.readings.get(name)
        if panel is None or reading is None or reading.period not in panel.periods:
            return None
        index = against_england(reading.indicator, panel)[panel.periods.index(reading.period)]
        at = dict(zip(panel.codes, index, strict=True))
        row: np.ndarray = np.array([at.get(code, np.nan) for code in codes])
        if np.isnan(row).all():
            return None
        if reading.indicator.unit in RATIOS:
            logarithms: np.ndarray = np.log(row / 100)
            return logarithms
        return _robust(row)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every district but those that are in no yardstick."""
        return tuple(sorted({code for panel in self.panels.values() for code in panel.codes} - set(APART)))


def relation_candidates(relations: Mapping[str, Relation], measures: Measures) -> tuple[Candidate, ...]:
    """One for each relation of which every measure is the place's own and published for England."""
    if measures.code in APART:
        return ()
    found = []
    for name, relation in relations.items():
        made = _pair(name, relation, measures) if isinstance(relation, Pair) else _product(name, relation, measures)
        if made is not None:
            found.append(made)
    return tuple(found)


def _pair(name: str, relation: Pair, measures: Measures) -> Candidate | None:
    codes = measures.codes
    first, second = (measures.index(each, codes) for each in (relation.first, relation.second))
    if first is None or second is None or measures.code not in codes:
        return None
    one, other = (measures.readings[each] for each in (relation.first, relation.second))
    if (one.indicator.unit in RATIOS) != (other.indicator.unit in RATIOS):
        first, second = _robust(first), _robust(second)
    apart = first - second
    place = standing(float(apart[codes.index(measures.code)]), apart)
    values = _newest(one, other)
    if place is None or values is None:
        return None
    left_out = "" if place.core and abs(place.z) >= LEAST_Z else "R9"
    rules: Rules = {"R9": {"rank": place.rank, "of": place.of, "z": round(place.z, 3), "position": round(place.position, 4)}}
    return _candidate(name, relation, (relation.first, relation.second), place.z, place.core, values, rules, left_out, measures)


def _product(name: str, relation: Product, measures: Measures) -> Candidate | None:
    """The part that makes most of the whole's distance from England."""
    codes = measures.codes
    whole = measures.index(relation.whole, codes)
    rows = [_factor(part, measures, codes) for part in relation.parts]
    if whole is None or any(row is None for row in rows) or measures.code not in codes:
        return None
    at = codes.index(measures.code)
    stands = standing(float(whole[at]), whole)
    parts = [float(row[at]) for row in rows if row is not None]
    if stands is None or np.isnan([whole[at], *parts]).any():
        return None
    most = int(np.argmax([part * np.sign(whole[at]) for part in parts]))
    row = rows[most]
    place = standing(parts[most], row) if row is not None else None
    indicators = tuple(dict.fromkeys((relation.whole, *(part.of for part in relation.parts))))
    values = _newest(*(measures.readings[each] for each in indicators))
    if place is None or values is None:
        return None
    told = stands.far and place.core and abs(place.z) >= LEAST_Z
    figures = {part.name: round(100 * float(np.exp(number)), 1) for part, number in zip(relation.parts, parts, strict=True)}
    rules: Rules = {
        "R9": {
            "whole": round(100 * float(np.exp(whole[at])), 1),
            **figures,
            "part": relation.parts[most].name,
            "rank": place.rank,
            "of": place.of,
            "z": round(place.z, 3),
        }
    }
    return _candidate(name, relation, indicators, place.z, place.core, values, rules, "" if told else "R9", measures)


def _robust(row: np.ndarray) -> np.ndarray:
    """In robust units from the districts' median."""
    middle = np.nanmedian(row)
    distances: np.ndarray = (row - middle) / (TO_SIGMA * np.nanmedian(np.abs(row - middle)))
    return distances


def _factor(part: Factor, measures: Measures, codes: tuple[str, ...]) -> np.ndarray | None:
    above = measures.index(part.of, codes)
    below = measures.index(part.over, codes) if part.over else np.zeros(len(codes))
    return None if above is None or below is None else above - below


def _newest(*readings: Reading) -> tuple[Value, ...] | None:
    """The place's newest figures, each followed by England's."""
    values: list[Value] = []
    for reading in readings:
        beside = reading.beside("country")
        same = [v for v in beside.series if v.period == reading.period and v.value is not None] if beside else []
        if reading.wider or len(reading.now) != 1 or not same:
            return None
        values += [reading.now[0], same[0]]
    return tuple(values)


def _candidate(
    name: str,
    relation: Pair | Product,
    indicators: tuple[str, ...],
    z: float,
    core: bool,
    values: tuple[Value, ...],
    rules: Rules,
    left_out: str,
    measures: Measures,
) -> Candidate:
    declared: list[Indicator] = [measures.readings[each].indicator for each in indicators]
    return Candidate(
        "relation",
        indicators,
        relation.section,
        relation.concept,
        measures.readings[indicators[0]].subject.name,
        z,
        core,
        relation.priority,
        min(map(quality, declared)),
        min(recency(each, measures.readings[each.id].period, measures.on) for each in declared),
        good(declared[0], z > 0) if isinstance(relation, Product) else None,
        values,
        rules,
        left_out,
        detail=name,
    )
