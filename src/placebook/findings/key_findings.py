"""From a place's readings to what its page tells first: candidates of every kind, the choice, and their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from placebook.evidence.panel import Panel, panel
from placebook.evidence.query_log import Asked
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.spreads import spreads
from placebook.evidence.values import Group, Value
from placebook.findings.candidates import Candidate
from placebook.findings.change_candidates import change_candidates
from placebook.findings.choice import Chosen, choose
from placebook.findings.expected import Expected, expected
from placebook.findings.inside_candidates import concentration_candidates, spread_candidates
from placebook.findings.level_candidates import level_candidates
from placebook.findings.passing_candidates import passing_candidates
from placebook.findings.relation_candidates import Measures, relation_candidates


@dataclass
class KeyFindings:
    """The findings of one place."""

    evidence: Evidence
    held_back: Callable[[str, Sequence[Value]], bool] = lambda id_, values: False
    """Whether a review holds a finding back, by its id and the figures that it rests on."""
    asked: tuple[Asked, ...] = ()

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """Every reading; of a town also those of its district."""
        read = {name: self.evidence.read(name) for name in self.evidence.catalogue.indicators}
        return {name: reading for name, reading in read.items() if isinstance(reading, Reading)}

    @cached_property
    def panels(self) -> Mapping[str, Panel]:
        """Every measure of all districts of England that has more than a single number for a few of them."""
        evidence = self.evidence
        districts = tuple(area.code for area in evidence.areas.of_level("district") if area.code.startswith("E"))
        found = {}
        for name, reading in self.readings.items():
            if reading.subject.level in ("district", "town") and reading.indicator.priority > 0:
                made = evidence.store.once(("panel", name), partial(panel, evidence.store, reading.indicator, districts))
                if made is not None:
                    found[name] = made
        return found

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """Everything that could be told, with the rule that leaves it out."""
        evidence, catalogue, on = self.evidence, self.evidence.catalogue, self.evidence.edition_date
        sections = {indicator.id: name for name, theme in catalogue.themes.items() for indicator in theme.indicators}
        own = [reading for reading in self.readings.values() if not reading.wider]
        # What is known of a town's district alone, as the district's.
        beside = [reading for reading in self.readings.values() if self._of_district(reading)]
        around = [replace(reading, subject=replace(reading.subject, badge="direct")) for reading in beside]
        found = [*level_candidates(own, sections, on), *change_candidates(own, self.panels, sections, on)]
        if evidence.is_town:
            found += concentration_candidates(own, sections, on)
            theirs = (*level_candidates(around, sections, on), *change_candidates(around, self.panels, sections, on))
            found += [replace(candidate, wider=True) for candidate in theirs]
        elif evidence.is_district:
            of_all = {r.indicator.id: spreads(evidence.store, r.indicator, evidence.areas) for r in own if r.inside}
            found += spread_candidates(own, of_all, sections, on)
            measures = Measures(self.readings, self.panels, evidence.district, on)
            found += relation_candidates(catalogue.relations, measures)
            county = evidence.county.districts if evidence.county else ()
            found += passing_candidates(found, self.readings, self.panels, county, self._values_of)
        return tuple(
            replace(each, left_out="review") if not each.left_out and self.held_back(each.id, each.values) else each
            for each in found
        )

    def _values_of(self, reading: Reading, code: str) -> tuple[Value, ...]:
        """A measure's figures of another district of the county."""
        area = self.evidence.areas[code]
        group = Group("near", code, area.name, area.level, "direct", (code,))
        return self.evidence.series(reading.indicator, [group]).get(group, ())

    def _of_district(self, reading: Reading) -> bool:
        return self.evidence.is_town and reading.wider and reading.subject.level == "district"

    @cached_property
    def expected(self) -> Expected | None:
        """R8, of a district."""
        return expected(self.readings.values(), self.evidence.district) if self.evidence.is_district else None

    @cached_property
    def chosen(self) -> Chosen:
        """The key findings, and all other candidates; what was asked of the store for them is ``asked``."""
        with self.evidence.store.listening() as asked:
            chosen = choose(self.candidates, list(self.evidence.catalogue.indicators), town=self.evidence.is_town)
        self.asked = tuple(dict.fromkeys(asked))
        return chosen
