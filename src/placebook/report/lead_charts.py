"""The pictures of what a section tells first: a measure over time, an index beside England's, a map of the small areas.

At most two a section and six a page, by score; none where a table's strip says as much.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from placebook.evidence.ratios import ratios
from placebook.evidence.reading import Reading
from placebook.figures.lines import Line, over_time
from placebook.figures.svg import Drawn
from placebook.figures.tables import Table
from placebook.findings import captions
from placebook.findings.candidates import Candidate
from placebook.findings.choice import openings
from placebook.findings.key_findings import KeyFindings
from placebook.findings.level_candidates import RATIOS
from placebook.report import chart_data
from placebook.report.chart_data import ENOUGH_PERIODS
from placebook.report.special_figures import Picture, Studio

MOST, A_SECTION = 6, 2
UNITS = {"pounds": "£", "percent": "%"}


@dataclass
class LeadCharts:
    """The lead charts of one page."""

    studio: Studio
    findings: KeyFindings

    @cached_property
    def chosen(self) -> frozenset[str]:
        """Ids of the candidates that are drawn."""
        told = [c for section in self.studio.evidence.catalogue.themes for c in openings(self.findings.chosen, section)]
        found: list[Candidate] = []
        sections: Counter[str] = Counter()
        for candidate in sorted(told, key=lambda c: (-c.score, c.id)):
            if len(found) < MOST and sections[candidate.section] < A_SECTION and self.can_be_drawn(candidate):
                found.append(candidate)
                sections[candidate.section] += 1
        return frozenset(candidate.id for candidate in found)

    def can_be_drawn(self, candidate: Candidate) -> bool:
        """Whether a picture of it tells more than the section's own table and maps."""
        readings = [self.findings.readings[name] for name in candidate.indicators]
        if candidate.wider or self.studio.evidence.catalogue.themes[candidate.section].maps:
            return False  # the section's own maps show it
        if candidate.type == "relation":
            return all(_is_published(reading) and len(ratios(reading)[1]) >= ENOUGH_PERIODS for reading in readings)
        if candidate.type == "inside":
            return candidate.detail == "spread" and readings[0].inside is not None
        return bool(chart_data.in_panel(readings))

    def picture(self, candidate: Candidate, kind: str, headline: str, way: str) -> Picture:
        """The picture of a candidate that is among the chosen; ``kind`` ends its name."""
        readings = tuple(self.findings.readings[name] for name in candidate.indicators)
        first = readings[0]
        if candidate.type == "inside":
            assert first.inside is not None
            made = self.studio.inside_maps(readings, first.inside.level)
            return Picture(
                kind, made.drawn, made.measure, headline, readings, made.shown, made.tables, made.note, way=way, lead=True
            )
        of_money = candidate.type == "change" and first.indicator.unit in RATIOS and _is_published(first) and ratios(first)[1]
        if candidate.type == "relation" or of_money:
            drawn, tables, note = self._index(readings)
        else:
            drawn, tables, note = self._measure(first)
        what = "; ".join(f"{reading.indicator.title}: {reading.subject.name}" for reading in readings)
        return Picture(kind, (drawn,), what, headline, readings, captions.history(readings), tables, note, way=way, lead=True)

    def _measure(self, reading: Reading) -> tuple[Drawn, tuple[Table, ...], str]:
        lines = chart_data.lines(reading)
        figure = over_time(lines, reading.indicator.unit_words, UNITS.get(reading.indicator.unit, ""))
        alt = captions.panel_alt(reading, self.studio.findings.of(reading))
        note = "The shaded band is the 95% interval. " if lines[-1].lower else ""
        return Drawn(figure, alt), (chart_data.panel_table(reading, self.studio.ledger),), note

    def _index(self, readings: tuple[Reading, ...]) -> tuple[Drawn, tuple[Table, ...], str]:
        """Measures as an index: England, or the region, is 100."""
        lines: list[Line] = []
        tables, alts = [], []
        for at, reading in enumerate(readings):
            name, values = ratios(reading)
            subject = reading.subject.name if len(readings) == 1 else reading.indicator.title
            beside, own = chart_data.ratio_lines(values, subject, name, "second" if at else "place")
            lines = [*(lines or [beside]), own]
            tables.append(chart_data.ratio_table(reading, values, name, self.studio.ledger))
            alts.append(captions.ratio_alt(reading, name, values))
        axis = f"{ratios(readings[0])[0]} = 100"
        return Drawn(over_time(lines, axis), " ".join(alts)), tuple(tables), "The book’s own index of published figures. "


def _is_published(reading: Reading) -> bool:
    """Whether its figures are published as they are: an index of what was worked out would be worked out twice."""
    return all(len(value.inputs) == 1 for value in reading.series)
