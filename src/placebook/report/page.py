"""One place's page, as the template shows it. The only room that the place template imports.

``page = Page.open("broxbourne")`` and then a ``show_`` line for each section.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.evidence.observations import Store
from placebook.evidence.ratios import ratios
from placebook.evidence.readings import Evidence, Reading
from placebook.figures import charts, style, tables
from placebook.findings import captions, wording
from placebook.paths import Project
from placebook.report import closing, drawing, opening
from placebook.report.blocks import show_figure, show_markdown
from placebook.report.claimed import Findings, verdicts
from placebook.report.ledger import Ledger
from placebook.report.pictures import Picture, Studio


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
        self.findings = Findings(evidence, self.ledger)
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
            show_markdown(opening.headline_cards(found, self.ledger, self.on, self._claims(found)))
        show_markdown(self.findings.strengths())
        if self.findings.named:
            title = "Tests behind strengths and challenges"
            self._show_folded(f"{title} (†)", [self.findings.table(title, self.findings.named)])

    def show_theme(self, theme: str) -> None:
        """Everything of a theme that is published for the place or an area around it."""
        readings = self.evidence.theme(theme)
        title = self.evidence.catalogue.themes[theme].title
        self._show_strip(theme, title, drawing.in_strip(readings))
        if text := self.findings.paragraphs(readings, self.on):
            show_markdown(text)
        self._show_tests(title, readings)
        self._show_panel(theme, title, drawing.in_panel(readings))
        self._show_ratios(theme, title, readings)
        studio = Studio(self.project, self.evidence, self.ledger, self.findings)
        for picture in studio.pictures(readings):
            self._show_picture(picture)
        if text := closing.documents(self.evidence, theme):
            show_markdown(text)

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
            "words": self.findings.words,
            "peers": [
                {"rank": n.rank, "code": n.code, "name": self.evidence.areas[n.code].name}
                for n in self.evidence.peers
            ],
            "badges": self._badges(),
            "verdicts": verdicts(list(self.ledger.entries.values())),
        }
        self.ledger.write(self.project.ledgers / f"{self.slug}.json", about)

    def _badges(self) -> dict[str, int]:
        """How many measures are direct, best fit, wider or absent."""
        found = {"direct": 0, "best_fit": 0, "wider": 0, "absent": 0}
        for indicator in self.evidence.catalogue.indicators:
            reading = self.evidence.read(indicator)
            found[reading.subject.badge if isinstance(reading, Reading) else "absent"] += 1
        return found

    # ------------------------------------------------------------ figures

    def _show_figure(
        self, drawn: style.Figure, kind: str, alt: str, what: str, readings: Sequence[Reading],
        shown: str, note: str = "",
    ) -> int:
        name = f"{self.slug}-{kind}"
        self.figures.append(name)
        number = len(self.figures)
        caption = captions.caption(number, what, readings, shown, note)
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

    def _show_picture(self, picture: Picture) -> None:
        self._title(picture.finding or picture.measure,
                    captions.subtitle(picture.readings, picture.shown))  # fmt: skip
        number = self._show_figure(
            picture.figure, picture.kind, picture.alt, picture.measure, picture.readings, picture.shown,
            picture.note,
        )  # fmt: skip
        if picture.tables:
            self._show_folded(f"Data for figure {number}", picture.tables)

    @staticmethod
    def _title(finding: str, subtitle: str) -> None:
        show_markdown(
            f'<p class="pb-figure-title"><strong>{escape(finding)}</strong><br>'
            f"<span>{escape(subtitle)}</span></p>"
        )

    def _show_strip(self, theme: str, title: str, readings: list[Reading]) -> None:
        if not readings:
            return
        areas = wording.area_note(readings, self.place.name)
        names = list(dict.fromkeys(reading.subject.name for reading in readings))
        rows = [drawing.strip_row(reading, name_area=len(names) > 1) for reading in readings]
        own = names[0] if len(names) == 1 else "the area named in the row"
        drawn = charts.strip(rows, own, drawing.role_names(readings))
        what = f"{title}: {areas} beside comparators"
        claims = self._claims(readings)
        shown = wording.periods(readings)
        self._title(captions.strip_title(readings, claims) or what, captions.subtitle(readings, shown))
        number = self._show_figure(
            drawn, f"{theme}-strip", captions.strip_alt(title, readings, self.place.name, claims), what,
            readings, shown,
            "Whiskers are 95% intervals, where published. "
            if any(value.has_limits for reading in readings for value in reading.now)
            else "",
        )  # fmt: skip
        table = drawing.strip_table(readings, self.ledger, self.on, f"{title}: {areas} and comparators")
        self._show_folded(f"Data for figure {number}", [table])

    def _claims(self, readings: Sequence[Reading]) -> captions.Claims:
        return {reading.indicator.id: self.findings.of(reading) for reading in readings}

    def _show_panel(self, theme: str, title: str, readings: list[Reading]) -> None:
        if not readings:
            return
        drawn = charts.panel([drawing.small_multiple(reading) for reading in readings])
        areas = wording.area_note(readings, self.place.name)
        what, shown = f"{title} over time: {areas}", captions.history(readings)
        claims = self._claims(readings)
        self._title(captions.panel_title(readings, claims) or what, captions.subtitle(readings, shown))
        number = self._show_figure(
            drawn, f"{theme}-trend", captions.panel_alt(title, readings, self.place.name, claims), what,
            readings, shown,
            "Shaded bands are 95% intervals of the place’s own line, where published. "
            if any(value.has_limits for reading in readings for value in reading.series)
            else "",
        )  # fmt: skip
        found = [drawing.panel_table(reading, self.ledger) for reading in readings]
        self._show_folded(f"Data for figure {number}", found)

    def _show_ratios(self, theme: str, title: str, readings: Sequence[Reading]) -> None:
        """Money in current prices over time, as a ratio to England or the region."""
        money = [r for r in readings if r.indicator.price_basis == "current" and r.indicator.measure != "count"]
        known = [(reading, *ratios(reading)) for reading in money]
        known = [entry for entry in known if len(entry[2]) >= drawing.ENOUGH_PERIODS]
        if not known:
            return
        name = known[0][1]
        shown_readings = [reading for reading, other, _ in known if other == name]
        lines = [values for _, other, values in known if other == name]
        what = f"{title}: {wording.area_note(shown_readings, self.place.name)} with {name} as 100"
        shown = captions.history(shown_readings)
        self._title(what, f"Ratios of published figures in current prices, {shown}")
        smalls = [drawing.ratio_multiple(r, v, name) for r, v in zip(shown_readings, lines, strict=True)]
        number = self._show_figure(
            charts.panel(smalls), f"{theme}-ratio", captions.ratio_alt(shown_readings, name, lines), what,
            shown_readings, shown, "The book’s own calculation; no margin of error is drawn. ",
        )  # fmt: skip
        tables_ = [drawing.ratio_table(r, v, name, self.ledger) for r, v in zip(shown_readings, lines, strict=True)]
        self._show_folded(f"Data for figure {number}", tables_)

    def _show_tests(self, title: str, readings: Sequence[Reading]) -> None:
        found = self.findings.tests(title, readings)
        if found.rows:
            self._show_folded("Tests behind these sentences (†)", [found])
