"""What a page leaves beside itself: evidence pages, where its numbers lead to, and downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.figures.svg import standing_alone, svg
from placebook.figures.tables import Table
from placebook.findings import captions, wording
from placebook.markup import Html
from placebook.paths import Project, write_changed
from placebook.report import evidence_pages, wider
from placebook.report.downloads import Downloads
from placebook.report.ledger import Ledger
from placebook.report.page_findings import Findings
from placebook.report.scorecard_rows import one_number
from placebook.report.special_figures import Picture

OFFERED = {"measures": "Measures", "series": "Over time", "parts": "Parts and small areas"}
"""What the tables of a section are called, by the end of their name."""


class Offered(NamedTuple):
    """Tables of a section that may be taken along."""

    title: str
    readings: Sequence[Reading]
    tables: Sequence[Table]


class Figure(NamedTuple):
    """A picture as the page shows it."""

    picture: Picture
    drawn: tuple[Html, ...]


@dataclass
class Shown:
    """What a page has shown so far that can be taken along."""

    tables: dict[str, Offered] = field(default_factory=dict)
    """Tables of sections that have no figure's number, by the end of their download's name."""
    figures: list[Figure] = field(default_factory=list)
    """In the order of their numbers, which begin at 1."""

    def add(self, picture: Picture) -> tuple[int, Figure]:
        """The number of a picture, and what is drawn of it."""
        self.figures.append(Figure(picture, tuple(svg(each) for each in picture.drawn)))
        return len(self.figures), self.figures[-1]


def offer(project: Project, evidence: Evidence, ledger: Ledger, shown: Shown) -> None:
    """Write the downloads: the numbers and the picture of each figure, the tables of sections, the whole ledger."""
    slug, place, catalogue = evidence.slug, evidence.place.name, evidence.catalogue
    downloads = Downloads(project.downloads / slug, catalogue.indicators, catalogue.sources)
    same = {
        "Place": place,
        "Figures taken until": evidence.edition_date.isoformat(),
        "Challenge a figure": "the address stands at the foot of every page of the book",
    }
    for kind, offered in shown.tables.items():
        what = kind.rpartition("-")[2]
        title = f"{OFFERED[what]}. {offered.title}"
        period = captions.history(offered.readings) if what == "series" else wording.periods(offered.readings)
        about = {**same, "Period": period, "Geography": wording.badges(offered.readings)}
        downloads.figure(f"{slug}-{kind}", title, about, offered.tables, ledger.entries)
    for number, (picture, drawn) in enumerate(shown.figures, 1):
        name, title = f"{slug}-{picture.kind}", f"Figure {number}. {picture.measure}"
        about = {**same, "Figure": title, "Period": picture.shown, "Geography": wording.badges(picture.readings)}
        downloads.figure(name, title, about, picture.tables, ledger.entries)
        downloads.picture(name, standing_alone(picture.finding or picture.measure, drawn, sourced(place, picture)))
    downloads.ledger(slug, f"{place}: the ledger", same, list(ledger.entries.values()))
    downloads.copy(project.ledgers / f"{slug}.json")
    downloads.close()


def sourced(place: str, picture: Picture) -> str:
    """Place, period and source, for a picture that is taken along."""
    return f"{place}, {picture.shown}. Source: {wording.sources(picture.readings)}."


def explain(project: Project, evidence: Evidence, ledger: Ledger, findings: Findings, shown: Shown) -> None:
    """Write the evidence pages: where every number of the page leads to."""
    folder, catalogue = project.evidence / evidence.slug, evidence.catalogue
    told, chapter = wider.told_in_chapter(evidence), f"../{wider.chapter(evidence)}"
    entries: dict[str, list[Mapping[str, Any]]] = {name: [] for name in catalogue.themes}
    for entry in ledger.entries.values():
        if entry["kind"] not in ("claim", "finding"):
            entries[ledger.themes[entry["indicator"]]].append(entry)
    for name, theme in catalogue.themes.items():
        ids = [indicator.id for indicator in theme.indicators]
        figures = [
            (picture.kind, f"Figure {number}. {picture.measure}", [r.indicator.id for r in picture.readings])
            for number, (picture, _) in enumerate(shown.figures, 1)
            if any(reading.indicator.id in ids for reading in picture.readings)
        ]
        explained = evidence_pages.Explained(
            evidence.place.name,
            evidence.slug,
            name,
            theme.title,
            entries[name],
            theme.indicators,
            catalogue.sources,
            findings.tests(theme.title, ids),
            figures,
            {reading.indicator.id: "" for reading in one_number(evidence.theme(name))}
            | {reading.indicator.id: chapter for reading in told.get(name, ())},
        )
        write_changed(folder / f"{name}.html", evidence_pages.page(explained))
    for stray in folder.glob("*.html"):  # of a theme that is gone
        if stray.stem not in catalogue.themes:
            stray.unlink()
