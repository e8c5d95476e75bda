"""The figures of a theme over time: the trend panel, money as a ratio."""

from __future__ import annotations

from collections.abc import Sequence

from placebook.evidence.ratios import ratios
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.figures import trends
from placebook.figures.style import Drawn
from placebook.findings import captions, wording
from placebook.report import chart_data
from placebook.report.ledger import Ledger
from placebook.report.page_findings import Findings
from placebook.report.special_figures import Picture

ENOUGH_PERIODS = chart_data.ENOUGH_PERIODS


class Panels:
    """The panel and the ratios of one theme of one page."""

    def __init__(self, evidence: Evidence, ledger: Ledger, findings: Findings, kind: str, theme: str):
        self.evidence = evidence
        self.ledger = ledger
        self.findings = findings
        self.kind = kind
        """What the names of its figures begin with."""
        self.title = evidence.catalogue.themes[theme].title
        self.place = evidence.place.name

    def _claims(self, readings: Sequence[Reading]) -> captions.Claims:
        return {reading.indicator.id: self.findings.of(reading) for reading in readings}

    def trend(self, readings: Sequence[Reading]) -> list[Picture]:
        """Small multiples over shared years."""
        if not readings:
            return []
        claims = self._claims(readings)
        figures = trends.panel([chart_data.small_multiple(reading) for reading in readings])
        drawn = tuple(
            Drawn(figure, captions.panel_alt(reading, claims[reading.indicator.id]))
            for figure, reading in zip(figures, readings, strict=True)
        )
        limits = any(value.has_limits for reading in readings for value in reading.series)
        return [
            Picture(
                f"{self.kind}-trend",
                drawn,
                f"{self.title} over time: {wording.area_note(readings, self.place)}",
                captions.panel_title(readings, claims),
                tuple(readings),
                captions.history(readings),
                tuple(chart_data.panel_table(reading, self.ledger) for reading in readings),
                "Shaded bands are 95% intervals of the place’s own line, where published. " if limits else "",
                small=True,
            )
        ]

    def ratio(self, readings: Sequence[Reading]) -> list[Picture]:
        """Money in current prices over time, as a ratio to England or the region."""
        money = [r for r in readings if r.indicator.price_basis == "current" and r.indicator.measure != "count"]
        comparable = [(reading, *ratios(reading)) for reading in money]
        comparable = [entry for entry in comparable if len(entry[2]) >= ENOUGH_PERIODS]
        if not comparable:
            return []
        name = comparable[0][1]
        chosen = [(reading, values) for reading, other, values in comparable if other == name]
        shown = [reading for reading, _ in chosen]
        figures = trends.panel([chart_data.ratio_multiple(reading, values, name) for reading, values in chosen])
        drawn = tuple(
            Drawn(figure, captions.ratio_alt(reading, name, values))
            for figure, (reading, values) in zip(figures, chosen, strict=True)
        )
        return [
            Picture(
                f"{self.kind}-ratio",
                drawn,
                f"{self.title}: {wording.area_note(shown, self.place)} with {name} as 100",
                "",
                tuple(shown),
                captions.history(shown),
                tuple(chart_data.ratio_table(reading, values, name, self.ledger) for reading, values in chosen),
                "The book’s own calculation from figures in current prices; no margin of error is drawn. ",
                small=True,
            )
        ]
