"""One place's page, as the template shows it. The only room that the place template imports.

``page = Page.open("broxbourne")`` and then a ``show_`` line for each section.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.evidence.observations import Store
from placebook.evidence.readings import Evidence, Reading
from placebook.figures import charts, maps, style, tables
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.geography.outlines import outlines
from placebook.paths import Project
from placebook.report import closing, drawing, opening
from placebook.report.blocks import show_figure, show_markdown
from placebook.report.ledger import Ledger


class Page:
    """A page under way: it numbers its figures and keeps its ledger."""

    def __init__(self, project: Project, evidence: Evidence):
        self.project = project
        self.evidence = evidence
        self.place = evidence.place
        self.slug = evidence.slug
        self.on = evidence.edition_date
        self.ledger = Ledger(
            {
                "slug": self.slug,
                "name": self.place.name,
                "kind": self.place.kind,
                "district": evidence.district,
                "small_areas": list(evidence.fit.lsoas) if evidence.is_town else [],
            }
        )
        self.figures: list[str] = []
        self.tables = 0

    @classmethod
    def open(cls, place: str, project: Project | None = None) -> Page:
        """The page of a place by its slug; the project is the one around the current directory.

        Raises InputError where there is no such place, or where anything written is wrong.
        """
        project = project or Project.find()
        catalogue = Catalogue.open(project)
        if place not in catalogue.places:
            known = ", ".join(sorted(catalogue.places))
            raise InputError(f"there is no place {place!r}: params/ holds {known}")
        store = Store.open(project, catalogue.sources, catalogue.areas)
        return cls(project, Evidence(catalogue, store, place))

    # ------------------------------------------------------------ sections

    def show_title(self) -> None:
        """Title, what kind of place it is, review status, the analyst's summary."""
        show_markdown(opening.title(self.evidence))

    def show_glance(self) -> None:
        """Where the place lies, and its headline figures."""
        self._show_locator()
        found = opening.headlines(self.evidence)
        if found:
            show_markdown(opening.headline_cards(found, self.ledger, self.on))

    def show_theme(self, theme: str) -> None:
        """Everything of a theme that is published for the place or an area around it."""
        readings = self.evidence.theme(theme)
        title = self.evidence.catalogue.themes[theme].title
        self._show_strip(theme, title, drawing.in_strip(readings))
        self._show_sentences(readings)
        self._show_panel(theme, title, drawing.in_panel(readings))
        for reading in readings:
            shape = reading.indicator.reads.kind
            if shape == "composition":
                self._show_composition(reading)
            elif shape == "small_area_index":
                self._show_index(reading)
            elif shape == "flow":
                self._show_flow(reading)

    def show_peers(self) -> None:
        """ONS's statistical neighbours beside the place, on the headline figures."""
        found = opening.peers(self.evidence)
        if found:
            show_markdown(opening.peers_introduction(self.evidence))
            self._show_table(
                opening.peers_table(opening.headlines(self.evidence), found, self.ledger, self.place.name)
            )

    def show_voices(self) -> None:
        """The analyst's story, events, employers and references; nothing where nothing is held."""
        if text := closing.voices(self.place.narrative):
            show_markdown(text)

    def show_sources(self) -> None:
        """Sources, caveats, what is not available, review, and how to challenge a figure."""
        for text in closing.sources(self.evidence):
            show_markdown(text)

    def close(self) -> None:
        """Write the ledger. The last line of the template."""
        about = {
            "title": self.place.name,
            "edition_date": self.on.isoformat(),
            "data": self.evidence.store.fingerprint,
            "figures": len(self.figures),
            "tables": self.tables,
        }
        self.ledger.write(self.project.ledgers / f"{self.slug}.json", about)

    # ------------------------------------------------------------ figures

    def _show_figure(
        self, drawn: style.Figure, kind: str, alt: str, what: str, readings: Sequence[Reading],
        shown: str, note: str = "",
    ) -> int:
        name = f"{self.slug}-{kind}"
        self.figures.append(name)
        number = len(self.figures)
        caption = wording.caption(number, what, readings, shown, note)
        show_figure(style.svg(drawn), name=name, alt=alt, caption=caption)
        return number  # fmt: skip

    def _show_table(self, table: tables.Table) -> None:
        self.tables += 1
        show_markdown(tables.html(table))

    def _show_folded(self, summary: str, found: Sequence[tables.Table]) -> None:
        self.tables += len(found)
        show_markdown(tables.folded(summary, found))

    def _show_locator(self) -> None:
        drawn = opening.locator(self.project, self.evidence)
        name = f"{self.slug}-locator"
        self.figures.append(name)
        show_figure(style.svg(drawn.figure), name=name, alt=drawn.alt,
                    caption=f"Figure {len(self.figures)}. {drawn.caption}")  # fmt: skip

    def _show_strip(self, theme: str, title: str, readings: list[Reading]) -> None:
        if not readings:
            return
        areas = wording.area_note(readings, self.place.name)
        names = list(dict.fromkeys(reading.subject.name for reading in readings))
        rows = [drawing.strip_row(reading, name_area=len(names) > 1) for reading in readings]
        own = names[0] if len(names) == 1 else "the area named in the row"
        drawn = charts.strip(rows, own, drawing.role_names(readings))
        number = self._show_figure(
            drawn, f"{theme}-strip", wording.strip_alt(title, readings, self.place.name),
            f"{title}: {areas} beside comparators", readings, wording.periods(readings),
            "Whiskers are 95% intervals, where published. "
            if any(value.has_limits for reading in readings for value in reading.now)
            else "",
        )  # fmt: skip
        what = f"{title}: {areas} and comparators"
        table = drawing.strip_table(readings, self.ledger, self.on, what)
        self._show_folded(f"Data for figure {number}", [table])

    def _show_sentences(self, readings: Sequence[Reading]) -> None:
        lines = []
        for reading in readings:
            for value in reading.now:
                self.ledger.add(value)
            lines.append(
                f"<li>{escape(wording.sentence(reading))} "
                f'<span class="pb-badge">{escape(wording.badge(reading))}; '
                f"age {escape(wording.age(reading, self.on))}</span></li>"
            )
        if lines:
            show_markdown(f'<ul class="pb-findings">{"".join(lines)}</ul>')

    def _show_panel(self, theme: str, title: str, readings: list[Reading]) -> None:
        if not readings:
            return
        drawn = charts.panel([drawing.small_multiple(reading) for reading in readings])
        areas = wording.area_note(readings, self.place.name)
        number = self._show_figure(
            drawn, f"{theme}-trend", wording.panel_alt(title, readings, self.place.name),
            f"{title} over time: {areas}", readings, wording.history(readings),
            "Shaded bands are 95% intervals of the place’s own line, where published. "
            if any(value.has_limits for reading in readings for value in reading.series)
            else "",
        )  # fmt: skip
        found = [drawing.panel_table(reading, self.ledger) for reading in readings]
        self._show_folded(f"Data for figure {number}", found)

    def _show_composition(self, reading: Reading) -> None:
        bars = drawing.composition_bars(reading)
        legend = [
            (role, name) for role, name in drawing.role_names([reading]) if role not in ("peer", "itl3")
        ]
        drawn = charts.bars(bars, reading.indicator.unit_words, reading.subject.name, legend)
        number = self._show_figure(
            drawn, reading.indicator.id, wording.composition_alt(reading),
            f"{reading.indicator.title}: {reading.subject.name}", [reading],
            wording.said_period(reading),
        )  # fmt: skip
        table = drawing.composition_table(reading, self.ledger)
        self._show_folded(f"Data for figure {number}", [table])

    def _show_index(self, reading: Reading) -> None:
        decile = reading.indicator.reads.decile
        values = {v.area: v.value for v in reading.details if v.measure == decile and v.value}
        shapes = outlines(self.project, "lsoa21")
        names = opening.neighbourhoods(self.project, self.evidence, shapes)
        drawn = maps.small_area_map(
            shapes, values, maps.DECILES, "Decile of deprivation\nin England", names
        )
        shown = write.period(reading.details[0].period, reading.indicator.period_style)
        number = self._show_figure(
            drawn, reading.indicator.id, wording.index_alt(reading),
            f"{reading.indicator.title}: the small areas of {reading.subject.name}", [reading], shown,
            "Black lines and names are neighbourhoods (MSOAs, names by the House of Commons Library). ",
        )  # fmt: skip
        table = drawing.index_table(reading, self.ledger)
        self._show_folded(f"Data for figure {number}", [table])

    def _show_flow(self, reading: Reading) -> None:
        name = reading.subject.name
        drawn = charts.paired_bars(
            drawing.flow_bars(reading, "out"), drawing.flow_bars(reading, "in"),
            (f"Where residents of {name} go", f"Where workers in {name} come from"), "people",
        )  # fmt: skip
        number = self._show_figure(
            drawn, reading.indicator.id, wording.flow_alt(reading, drawing.PARTNERS),
            f"{reading.indicator.title}: {name}, the ten largest flows each way", [reading],
            wording.said_period(reading),
        )  # fmt: skip
        self._show_folded(f"Data for figure {number}", [drawing.flow_table(reading, self.ledger)])

