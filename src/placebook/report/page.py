"""One place's page, as the template shows it. The only room that the place template imports.

``page = Page.open("broxbourne")`` and then a ``show_`` line for each section.
"""

from __future__ import annotations

from collections.abc import Sequence

from placebook.catalogue.corrections import by_row
from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.evidence import query_log
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.figures import tables
from placebook.findings import captions
from placebook.findings import formats as write
from placebook.findings.key_findings import KeyFindings
from placebook.geography.names import with_article
from placebook.markup import Html, join, markup
from placebook.paths import Project
from placebook.report import (
    chart_data,
    figure_html,
    page_files,
    page_foot,
    page_head,
    quotes,
    reading_trace,
    scoreboard,
    summary,
    wider,
)
from placebook.report.coverage import KINDS
from placebook.report.display import show_figure, show_markdown, show_words
from placebook.report.finding_tiles import Tiles
from placebook.report.lead_charts import LeadCharts
from placebook.report.ledger import Ledger
from placebook.report.page_files import OFFERED, Offered, Shown
from placebook.report.page_findings import Findings, verdicts
from placebook.report.scorecard import Scorecard, anchor
from placebook.report.scorecard_rows import Row, one_number
from placebook.report.special_figures import Picture, Studio
from placebook.report.two_pages import brief
from placebook.report.words import CHANGED, place_words


class Page:
    """A page under way: it numbers its figures and keeps its ledger."""

    def __init__(self, project: Project, evidence: Evidence, seen_from: str = ""):
        """``seen_from``: the way to where places' pages lie, from a page elsewhere that shows a part of this one."""
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
            },
            {indicator.id: name for name, theme in evidence.catalogue.themes.items() for indicator in theme.indicators},
            by_row(evidence.catalogue.corrections, evidence.catalogue.sources),
            seen_from,
        )
        self.findings = Findings(evidence, self.ledger)
        self.tiles = Tiles(KeyFindings(evidence, self.findings.held_back.holds), self.ledger)
        self.studio = Studio(project, evidence, self.ledger, self.findings)
        self.leads = LeadCharts(self.studio, self.tiles.findings)
        self.shown = Shown()
        self.tables = 0

    @classmethod
    def open(cls, place: str | None, project: Project | None = None) -> Page:
        """The page of a place by its slug; the project is the one around the current directory.

        Raises InputError where no place is named or there is no such place, or where anything written is wrong.
        """
        project = project or Project.find()
        if place is None:  # as the template says where no parameter of its name was given
            places = ", ".join(sorted(path.stem for path in project.params.glob("*.yml")))
            raise InputError(f"no place is named: give the parameter place, one of {places}")
        catalogue = Catalogue.open(project, place)
        store = Store.open(project, catalogue.sources, catalogue.areas)
        return cls(project, Evidence(catalogue, store, place))

    # ------------------------------------------------------------ sections

    def show_title(self) -> None:
        """Title, what the place is and where, its first findings in short, review status."""
        show_markdown(markup("# {}", self.place.name))
        show_markdown(page_head.hero(self.project, self.evidence, self.tiles.abstract()))
        self._show_words("review")

    def show_findings(self) -> None:
        """What matters most, in tiles, and the analyst's summary and story."""
        if text := self.tiles.html():
            show_markdown(markup("## Key findings"))
            show_markdown(text)
        self._show_words("summary")
        self._show_words("story")

    def show_scoreboard(self) -> None:
        """How many measures of each section are better or worse than England's, and the key to the marks."""
        if lines := scoreboard.lines(self.evidence, self.findings):
            readings = [reading for name in self.evidence.catalogue.themes for reading in self._own(name)]
            show_markdown(markup("## Against England\n\n{}", scoreboard.board(lines, self.place.name)))
            show_markdown(scoreboard.key(self.evidence, readings))
        town = self.evidence.is_town
        title = "What it has of its district" if town else "Strengths and challenges, as tested"
        if lanes := self.findings.in_its_district() if town else self.findings.strengths():
            show_markdown(markup('<details class="pb-closed"><summary>{}</summary>{}</details>', title, lanes))

    def show_theme(self, theme: str) -> None:
        """A theme's own: what it tells first, the scorecard, pictures that tell more, and closed below all that is behind."""
        if theme in self.place.leave_out:
            return
        readings = self._own(theme)
        drawn: list[Picture] = []
        if not readings and not self.evidence.is_town and (around := self.evidence.theme(theme)):
            names = write.joined(list(dict.fromkeys(with_article(reading.subject.name) for reading in around)))
            many = write.plural(len(around), "measure")
            show_markdown(
                markup(
                    "<p>Nothing is published for {} itself: see “Published for no smaller area” for {} of {}.</p>",
                    with_article(self.place.name),
                    many,
                    names,
                )
            )
        openings = self.tiles.openings(theme)
        if items := [opening.html() for opening in openings if opening.candidate.id not in self.leads.chosen]:
            show_markdown(markup('<ul class="pb-opening">{}</ul>', join(items)))
        for opening in openings:
            if opening.candidate.id in self.leads.chosen:
                kind = opening.candidate.id.replace("finding", "lead", 1)
                drawn.append(self.leads.picture(opening.candidate, kind, opening.headline, opening.way))
                self._show_picture(drawn[-1], opening.sentence)
        self._show_text(self._scorecard(theme, readings, theme))
        drawn += self.studio.pictures(readings, self.evidence.catalogue.themes[theme].maps)
        for picture in drawn:
            if not picture.lead:
                self._show_picture(picture)
        self._show_text(self._closed(theme, readings, theme, drawn))

    def _own(self, theme: str) -> tuple[Reading, ...]:
        """The readings that a theme's own section shows."""
        return tuple(reading for reading in self.evidence.theme(theme) if not reading.wider)

    def show_wider(self) -> None:
        """What is published for the areas around the place alone, under their name, a closed part for each theme."""
        if introduction := wider.introduction(self.evidence):
            show_markdown(markup("## {}", wider.title(self.evidence)))
            show_markdown(introduction)
        for theme, readings in wider.readings(self.evidence).items():
            show_markdown(self.wider(theme, readings))

    def wider(self, theme: str, readings: Sequence[Reading], kind: str = "wider") -> Html:
        """A closed part with a theme's readings of areas around the place; ``kind`` begins the names of its tables."""
        title = self.evidence.catalogue.themes[theme].title
        # On paper a town's district is told with it, and a county's figures with the county.
        kept = "pb-keep" if self.evidence.is_town or self.ledger.seen_from else "pb-closed"
        return markup(
            '<details class="pb-part {}"><summary>{}: {}</summary>\n\n{}\n\n{}\n\n</details>',
            kept,
            title,
            write.plural(len(readings), "measure"),
            self._scorecard(f"{kind}-{theme}", readings, theme),
            self._closed(f"{kind}-{theme}", readings, theme, ()),
        )

    def _scorecard(self, kind: str, readings: Sequence[Reading], theme: str) -> Html:
        single = one_number(readings)
        if not single:
            return Html()
        rows = [Row.of(reading, self.findings.of(reading)) for reading in single]
        title, name = self.evidence.catalogue.themes[theme].title, anchor(self.slug, kind)
        card = Scorecard(rows, self.ledger, self.on, title, single[0].place_name, name)
        shown = card.html(None if single[0].wider else self.tiles.told_of)
        self.ledger.quotes |= {row.reading.indicator.id: quotes.of_row(row) for row in rows}
        return shown + self._taken_along(f"{kind}-measures", theme, single, [card.table()])

    def _closed(self, kind: str, readings: Sequence[Reading], theme: str, drawn: Sequence[Picture]) -> Html:
        """Closed: parts and small areas that were not drawn, every sentence, every series."""
        found = []
        if numbers := self.studio.numbers(readings, drawn):
            shown = [table for each in numbers for table in each.tables]
            below = self._taken_along(f"{kind}-parts", theme, [each.reading for each in numbers], shown)
            text = join([*(tables.html(table, self.ledger.href) for table in shown), below])
            found.append(markup('<details class="pb-closed"><summary>Parts and small areas</summary>{}</details>', text))
        if text := self.findings.paragraphs(readings, self.on):
            found.append(markup('<details class="pb-closed"><summary>In sentences</summary>{}</details>', text))
        if series := chart_data.series_tables(readings, self.ledger):
            below = self._taken_along(f"{kind}-series", theme, chart_data.in_panel(readings), series)
            text = markup('<div class="pb-series">{}</div>{}', join(map(tables.html, series)), below)
            found.append(markup('<details class="pb-closed"><summary>Over time</summary>{}</details>', text))
        return join(found, "\n\n")

    def _taken_along(self, kind: str, theme: str, readings: Sequence[Reading], shown: Sequence[tables.Table]) -> Html:
        """The toolbar of tables without a number of their own; keeps them for the downloads."""
        title = self.evidence.catalogue.themes[theme].title
        self.tables += len(shown)
        self.shown.tables[kind] = Offered(f"{title}: {self.place.name}", readings, shown)
        page, download = f"{self.ledger.folder}/{theme}.html", f"../../downloads/{self.slug}/{self.slug}-{kind}"
        links = (
            ("Data (CSV)", f"{download}.csv"),
            ("Spreadsheet (XLSX)", f"{download}.xlsx"),
            ("Sources", f"{page}#sources"),
            ("How it was tested", f"{page}#claims"),
        )
        return figure_html.tools(links, f": {title}, {OFFERED[kind.rpartition('-')[2]].lower()}")

    def show_peers(self) -> None:
        """ONS's statistical neighbours beside the place, on the headline figures."""
        peers = page_head.peers(self.evidence)
        if peers:
            show_markdown(markup("<p>{}</p>", page_head.peers_introduction(self.evidence)))
            readings = page_head.district_headlines(self.evidence)
            table = page_head.peers_table(readings, peers, self.ledger, self.place.name)
            self.tables += 1
            summary = f"Headline figures beside {write.joined([name for _, _, name in peers])}"
            text = tables.html(table, self.ledger.href)
            show_markdown(markup('<details class="pb-closed pb-keep"><summary>{}</summary>{}</details>', summary, text))

    def show_voices(self) -> None:
        """The analyst's events, employers and references; nothing where nothing is held."""
        self._show_words("voices")

    def show_sources(self) -> None:
        """What changed, sources, caveats, what is not available, review, and how to challenge a figure."""
        self._show_words(CHANGED)
        self._show_words("chosen")
        for text in page_foot.sources(self.evidence):
            show_markdown(text)
        self._show_words("review record")

    def close(self) -> None:
        """Write the ledger. The last line of the template."""
        coverage = self._coverage()
        about = {
            "title": self.place.name,
            "edition_date": self.on.isoformat(),
            "figures": len(self.shown.figures),
            "tables": self.tables,
            "words": self.findings.words,
            "peers": [
                {"rank": n.rank, "code": n.code, "name": self.evidence.areas[n.code].name} for n in self.evidence.neighbours
            ],
            "badges": {kind: list(coverage.values()).count(kind) for kind in KINDS},
            "coverage": coverage,
            "missing": {entry.indicator.id: entry.lack for entry in self.evidence.absent()},
            "left_out": self.evidence.left_out,
            "verdicts": verdicts(list(self.ledger.entries.values())),
        }
        # What the county's chapter shows leads to this place's evidence, and is not counted as this page's.
        for theme, readings_told in wider.told_in_chapter(self.evidence).items():
            self.wider(theme, readings_told, wider.IN_CHAPTER)
        short = brief(self.evidence, self.tiles, self.findings, self.ledger)
        query_log.write(self.project.traces / f"{self.slug}.json", self._trace())
        self.ledger.write(self.project.ledgers / f"{self.slug}.json", about)
        record = self.ledger.record(about)
        summary.write(self.project.summaries / f"{self.slug}.json", record, self.evidence.catalogue, short)
        page_files.explain(self.project, self.evidence, self.ledger, self.findings, self.shown)
        page_files.offer(self.project, self.evidence, self.ledger, self.shown)

    def _trace(self) -> query_log.Trace:
        """What the page was made from. Readings that no section showed are part of it: they might have been shown."""
        readings = {}
        for name in self.evidence.catalogue.indicators:
            reading = self.evidence.read(name)
            claims = self.findings.of(reading) if isinstance(reading, Reading) else ()
            readings[name] = reading_trace.read(self.evidence, name, claims)
        readings[reading_trace.FINDINGS] = reading_trace.of_findings(self.tiles.findings)
        return reading_trace.trace(self.evidence, readings)

    def _coverage(self) -> dict[str, str]:
        """Whether each measure is direct, best fit or wider, or for which reason it is missing."""
        readings = {indicator: self.evidence.read(indicator) for indicator in self.evidence.catalogue.indicators}
        return {name: each.subject.badge if isinstance(each, Reading) else each.lack for name, each in readings.items()}

    @staticmethod
    def _show_text(text: Html) -> None:
        if text:
            show_markdown(text)

    def _show_words(self, name: str) -> None:
        show_words(name, place_words(self.place)[name])

    # ------------------------------------------------------------ figures

    def _show_picture(self, picture: Picture, sentence: str = "") -> None:
        name = f"{self.slug}-{picture.kind}"
        self.tables += len(picture.tables)
        number, figure = self.shown.add(picture)
        shown = figure_html.Frame(
            name,
            number,
            captions.caption(number, picture.readings, picture.note),
            figure.drawn,
            picture.finding or picture.measure,
            sentence or captions.subtitle(picture.readings, picture.shown),
            picture.small,
            () if picture.lead else picture.tables,
            self._tools(picture, name),
            picture.way,
            picture.lead,
        )
        show_figure(figure_html.html(shown, self.ledger.href), name=name, alt=" ".join(each.alt for each in picture.drawn))

    def _tools(self, picture: Picture, name: str) -> tuple[tuple[str, str], ...]:
        """What a reader may do with a figure: take its numbers, see where they come from."""
        first = picture.readings[0].indicator
        sources = {reading.indicator.source for reading in picture.readings}
        page = f"{self.slug}/{self.ledger.themes[first.id]}.html"
        download = f"../../downloads/{self.slug}/{name}"
        numbers, drawn = ("Data (CSV)", f"{download}.csv"), ("Picture (SVG)", f"{download}.svg")
        how = ("How we know", f"{page}#f-{picture.kind}")
        if picture.lead:
            return numbers, drawn, how
        source = ("Source", f"{page}#s-{first.source}" if len(sources) == 1 else f"{page}#sources")
        return numbers, ("Spreadsheet (XLSX)", f"{download}.xlsx"), drawn, source, how
