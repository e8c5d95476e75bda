"""One county's chapter, as the template shows it: made from the ledgers of its places, as their pages wrote them.

``chapter = Chapter.open("…")`` and then a ``show_`` line for each section. It is the only room that the
county template imports.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import county_wording as say
from placebook.findings import formats as write
from placebook.geography.names import with_article
from placebook.markup import Html, join, listed, markup
from placebook.paths import Project, write_atomically
from placebook.report import comparison, county_appendix, county_plan, county_story, matrix, wider
from placebook.report.display import show_markdown, show_words
from placebook.report.gaps import FOUNDATIONS, Apart, widest
from placebook.report.matrix import Box, Grid, PlaceLedger
from placebook.report.page import Page
from placebook.report.page_findings import VERDICT_WORDS
from placebook.report.words import county_words

COMPARE = "../compare.html"
"""The page that sets two places side by side, seen from a chapter."""
NEIGHBOURS = "Nearest neighbours in England (rank)"
RECENT = 5
"""Periods of a target's nearest measure shown unfolded."""


def ledger_path(project: Project, county: str) -> Path:
    """Where a chapter keeps what it computed itself."""
    return project.ledgers / "counties" / f"{county}.json"


class Chapter:
    """A chapter under way: it keeps the gaps that it states."""

    def __init__(self, project: Project, catalogue: Catalogue, county: str, ledgers: Sequence[PlaceLedger]):
        self.project = project
        self.catalogue = catalogue
        self.slug = county
        self.county = catalogue.counties[county]
        self.ledgers = list(ledgers)
        self.entries: list[dict[str, Any]] = []
        self.tables = 0

    @classmethod
    def open(cls, county: str | None, project: Project | None = None) -> Chapter:
        """The chapter of a county by the name of its file.

        Raises InputError where there is no such county, no place of it, or no ledger of a place of it.
        """
        project = project or Project.find()
        catalogue = Catalogue.open(project)
        if county is None or county not in catalogue.counties:
            counties = ", ".join(sorted(catalogue.counties)) or "none"
            what = "no county is named" if county is None else f"there is no county {county!r}"
            raise InputError(f"{what}: data/counties/ holds {counties}")
        slugs = catalogue.members(county)
        if not slugs:
            raise InputError(f"no place in params/ lies in {catalogue.counties[county].name}: it has no chapter")
        ledgers = [PlaceLedger.read(project.ledgers / f"{slug}.json") for slug in slugs]
        return cls(project, catalogue, county, ledgers)

    # ------------------------------------------------------------ sections

    def show_title(self) -> None:
        """Title, and what the chapter is made from."""
        of = write.plural(len(self.ledgers), "place", "places")
        names = listed([ledger.link() for ledger in self.ledgers])
        show_markdown(
            markup(
                '# {}\n\n<p class="pb-kind">{} with {}. {} of it {} a page in this book: {}.</p>\n\n'
                "<p>This chapter is made from the ledgers of {}. Each figure leads to the place that it comes from.</p>",
                self.county.name,
                f"County ({self.county.code})" if self.county.code else "A set of districts, not a county,",
                write.plural(len(self.county.districts), "district"),
                of.capitalize(),
                "has" if len(self.ledgers) == 1 else "have",
                names,
                "that page" if len(self.ledgers) == 1 else "those pages",
            )
        )

    def show_story(self) -> None:
        """What the places' findings come to, the analyst's story, and each place's first findings."""
        show_markdown(markup("## The {} story", self.county.name))
        told = county_story.stories(self.ledgers, self.catalogue.indicators)
        tiles = []
        for order, story in enumerate(told, 1):
            self.entries.append(story.record(self.slug, order))
            tiles.append(county_story.tile(story, self._id(story.id), COMPARE))
        if tiles:
            show_markdown(markup('<div class="pb-finds">{}</div><p class="pb-small">{}</p>', join(tiles), say.BY_DISTRICTS))
        show_words("story", county_words(self.county)["story"])
        show_markdown(markup("### Place by place\n\n{}", county_story.in_short(self.ledgers)))

    def show_headlines(self) -> None:
        """Headline measures as strips with every place and England, and the same as a closed table."""
        measures = comparison.headline_measures(self.catalogue.indicators.values(), self.ledgers)
        found = [each for indicator in measures if (each := comparison.compared(indicator, self.ledgers))]
        if not found:
            show_markdown(markup("<p>{}</p>", say.NO_HEADLINES))
            return
        rows = self._id("measure--")
        show_markdown(comparison.strips(found, rows))
        self._fold("The numbers of these strips", comparison.table(found, "Headline measures by place", rows))

    def show_appendix(self) -> None:
        """Closed: what places' pages claim, how the claims came out, every measure place by place."""
        lanes = join(county_appendix.lanes(ledger) for ledger in self.ledgers)
        show_markdown(county_appendix.closed("Strengths and challenges of its places", lanes))
        self._fold("What the claims came to", county_appendix.verdicts(self.ledgers))
        grids = list(county_appendix.matrices(self.catalogue.themes, self.ledgers))
        for grid in grids:
            self._fold(grid.caption, grid, matrix.SORTING if grid is grids[0] else "")

    def show_gaps(self) -> None:
        """For each foundation the measure on which the places lie farthest apart."""
        themes = [name for name in FOUNDATIONS if name in self.catalogue.themes]
        if not themes:
            return
        if len(self.ledgers) == 1:
            show_markdown(markup("<p>{}</p>", say.ONE_PLACE))
            return
        lines, rows = [], []
        for name in themes:
            theme = self.catalogue.themes[name]
            apart = widest(theme.indicators, self.ledgers, self.catalogue.sources)
            if apart is None:
                lines.append(markup("<li><strong>{}</strong>: {}</li>", theme.title, say.TOO_FEW))
                continue
            record = apart.record(f"gap--{name}--{apart.indicator.id}")
            self.entries.append(record)
            note = f" {say.UNMEASURED}" if apart.band is None else ""
            id_ = self._id(record["id"])
            about = f"How we know: {apart.indicator.title}"
            lines.append(
                markup(
                    '<li><strong>{}</strong>: <span class="pb-said" data-claim="{}">'
                    '{}</span><a class="pb-why" href="#{}" aria-label="{}">†</a>'
                    "{}</li>",
                    theme.title,
                    id_,
                    record["sentence"],
                    id_,
                    about,
                    note,
                )
            )
            rows.append(self._gap_row(theme.title, apart, record["id"]))
        show_markdown(markup('<ul class="pb-findings">{}</ul>', join(lines)))
        if rows:
            columns = (
                "Foundation",
                "Measure",
                "Highest",
                "Lowest",
                "Gap",
                "In quartile distances",
                "Test",
                "p, corrected",
                "Verdict",
            )
            ids = tuple(self._id(entry["id"]) for entry in self.entries if entry["kind"] == "gap")
            self._fold("How the gaps were tested", Grid("The widest gaps and their tests", columns, tuple(rows), ids=ids))

    def show_wider(self) -> None:
        """What is published for the areas around its places alone, told once for all of them, with its evidence at one."""
        if not any(ledger.beyond_districts for ledger in self.ledgers):
            return
        told: set[tuple[str, str]] = set()
        parts: dict[str, list[Html]] = {}
        areas: list[str] = []
        any_place = f"any one place of {self.county.name}"
        store = Store.open(self.project, self.catalogue.sources, self.catalogue.areas)
        for ledger in self.ledgers:
            if not (untold := ledger.beyond_districts - told):
                continue
            page = Page(self.project, Evidence(self.catalogue, store, ledger.slug), f"{matrix.PAGES}/")
            for theme, found in wider.told_in_chapter(page.evidence).items():
                if readings := [replace(r, place_name=any_place) for r in found if (r.indicator.id, r.subject.code) in untold]:
                    parts.setdefault(theme, []).append(page.wider(theme, readings, wider.IN_CHAPTER))
                    areas += [reading.subject.name for reading in readings]
            told |= untold
            self.tables += page.tables
        said = say.wider(len(areas), list(dict.fromkeys(map(with_article, areas))))
        show_markdown(markup("## {}", wider.TITLE))
        show_markdown(markup('<p id="{}">{}</p>', wider.section_id(self.slug), said))
        for theme in self.catalogue.themes:
            for part in parts.get(theme, ()):
                show_markdown(part)

    def show_alike(self) -> None:
        """Which places are among each other's nearest statistical neighbours."""
        with_peers = [ledger for ledger in one_a_district(self.ledgers) if ledger.peers]
        if not with_peers:
            return
        areas = self.catalogue.areas
        names = {code: areas[code].name for code in self.county.districts if code in areas}
        lines, alone = [], []
        for ledger in with_peers:
            near = [(str(p["name"]), int(p["rank"])) for p in ledger.peers if p["code"] in names]
            district = names.get(ledger.district, ledger.name)
            own = ledger.name if ledger.kind == "town" else district
            if near:
                lines.append(markup("<li>{}</li>", say.alike(own, district, near, len(ledger.peers))))
            else:
                alone.append(say.by_district(own, district))
        if alone:
            lines.append(markup("<li>{}</li>", say.alike_none(alone)))
        lines.append(markup("<li>{}</li>", say.mutual(self._mutual(with_peers))))
        show_markdown(markup('<ul class="pb-findings">{}</ul>', join(lines)))
        rows = tuple(
            (
                Box(ledger.name, href=ledger.href),
                Box(write.joined([f"{p['name']} ({p['rank']})" for p in ledger.peers]), numeric=False),
            )
            for ledger in with_peers
        )
        self._fold("The neighbours shown, place by place", Grid(NEIGHBOURS, ("Place", "Nearest first"), rows))

    def show_targets(self) -> None:
        """The plan's own targets beside what the book can measure."""
        if not self.county.plan_targets:
            return
        title = self.county.plan or "The plan"
        show_markdown(markup("<p>{}. {}</p>", title, say.NO_PACE))
        for target in self.county.plan_targets:
            stated = say.target(target.what, target.amount, target.by)
            indicator = self.catalogue.indicators.get(target.measured_by or "")
            grid = county_plan.measured(target, indicator, self.ledgers) if indicator else None
            if indicator is None or grid is None:
                show_markdown(markup("<p><strong>{}.</strong> {}</p>", stated, say.NOTHING_COMPARABLE))
                continue
            show_markdown(markup("<p><strong>{}.</strong> {}</p>", stated, county_plan.nearest(indicator)))
            self._show(replace(grid, rows=grid.rows[:RECENT]))
            if len(grid.rows) > RECENT:
                earlier = replace(grid, caption=f"{grid.caption}, earlier periods", rows=grid.rows[RECENT:])
                self._fold("Earlier periods", earlier)

    def show_sectors(self) -> None:
        """The plan's key sectors: what they are taken as, and whom the plan named."""
        if not self.county.key_sectors:
            return
        rows = tuple(county_plan.sector(sector) for sector in self.county.key_sectors)
        columns = ("Sector", "Industries (SIC 2007)", "Definition", f"Employers {say.THEN}")
        self._show(Grid("Key sectors", columns, rows))

    def show_library(self) -> None:
        """The evidence library: titles and addresses."""
        if not self.county.documents:
            return
        items = join(
            markup("<li>{}</li>", county_plan.document(document, self.catalogue.themes)) for document in self.county.documents
        )
        show_markdown(markup("<p>{}</p>\n<ul>{}</ul>", say.AS_PUBLISHED, items))

    def close(self) -> None:
        """Write what the chapter computed. The last line of the template."""
        about = {
            "county": self.slug,
            "name": self.county.name,
            "code": self.county.code,
            "places": [ledger.slug for ledger in self.ledgers],
            "tables": self.tables,
        }
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False, allow_nan=False) for entry in self.entries)
        text = f'{{"page": {json.dumps(about, ensure_ascii=False)},\n"entries": [\n{lines}\n]}}\n'
        write_atomically(ledger_path(self.project, self.slug), text)

    # ------------------------------------------------------------ parts

    def _id(self, entry: str) -> str:
        return f"county-{self.slug}--{entry}"

    def _show(self, grid: Grid) -> None:
        self.tables += 1
        show_markdown(matrix.html(grid))

    def _fold(self, summary: str, grid: Grid, about: str = "") -> None:
        """A table behind a line that opens it."""
        self.tables += 1
        words = markup("<p>{}</p>", about) if about else ""
        show_markdown(county_appendix.closed(summary, join((words, matrix.html(grid)))))

    def _gap_row(self, theme: str, apart: Apart, id_: str) -> tuple[Box, ...]:
        indicator = apart.indicator
        period = write.period(apart.period, indicator.period_style)
        ends = [
            Box(matrix.amount(entry, indicator), ledger.entry(entry["id"]), ledger.evidence(entry), None, ledger.name)
            for ledger, entry in ((apart.high, apart.high_entry), (apart.low, apart.low_entry))
        ]
        units = "" if apart.units is None else write.number(apart.units, 1)
        p = "" if apart.p is None else f"{apart.p:.2g}" if apart.p >= 0.0001 else "under 0.0001"
        words = {"rounded": "size of the gap only, not tested", "not_after_choice": "no clear difference"}
        return (
            Box(theme),
            Box(f"{indicator.title}, {period}", note=f"{apart.of} places", numeric=False),
            *ends,
            Box(say.size(apart.gap, indicator), self._id(id_)),
            Box(units, self._id(id_) if units else ""),
            Box(apart.test, numeric=False),
            Box(p),
            Box(words.get(apart.verdict) or VERDICT_WORDS[apart.verdict], numeric=False),
        )

    @staticmethod
    def _mutual(ledgers: Sequence[PlaceLedger]) -> list[tuple[str, str]]:
        codes = {ledger.slug: {peer["code"] for peer in ledger.peers} for ledger in ledgers}
        return [
            (_by_district(one), _by_district(other))
            for at, one in enumerate(ledgers)
            for other in ledgers[at + 1 :]
            if other.district in codes[one.slug] and one.district in codes[other.slug]
        ]


def one_a_district(ledgers: Sequence[PlaceLedger]) -> list[PlaceLedger]:
    """Of each district its own ledger or, without one, that of its first town, in the given order."""
    told = {ledger.district: ledger for ledger in reversed(ledgers) if ledger.kind == "town"}
    told |= {ledger.district: ledger for ledger in ledgers if ledger.kind == "district"}
    return [ledger for ledger in ledgers if ledger.kind not in ("town", "district") or ledger is told[ledger.district]]


def _by_district(ledger: PlaceLedger) -> str:
    # A town has no neighbours of its own.
    return f"{ledger.name} (by its district)" if ledger.kind == "town" else ledger.name
