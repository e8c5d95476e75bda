"""From a checkout to a book: check, execute, compile, and say what happened."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import date, datetime, timezone

from placebook import __version__
from placebook.catalogue import strict_yaml
from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.edition import compile, pdf, run, single
from placebook.errors import Fault, InputError
from placebook.evidence.observations import Store
from placebook.paths import Project, write_atomically
from placebook.report import county as county_chapter
from placebook.report import data_catalogue, front, narrative
from placebook.report.downloads import BUNDLE
from placebook.report.matrix import PlaceLedger

FORMATS = ("html", "single", "pdf")
SINGLE = "book.html"
STAMP = "edition.json"
"""The one file of a site that differs between two builds of the same commit."""


def open_checked(project: Project) -> tuple[Catalogue, Store]:
    """Everything written, and the store; raises InputError with all faults of all files at once."""
    catalogue = Catalogue.open(project)
    store = Store.open(project, catalogue.sources, catalogue.areas)
    store.check_all()
    faults = [*check(catalogue, store), *narrative_faults(project, catalogue), *county_faults(catalogue)]
    if faults:
        raise InputError(sorted(faults))
    return catalogue, store


def narrative_faults(project: Project, catalogue: Catalogue) -> list[Fault]:
    """What analysts' words hold that they must not, with the line counted inside the field."""
    stories = [
        Fault(f"data/counties/{slug}.yml", 0, f"story, line {line}", f"holds {what}", remedy)
        for slug, county in catalogue.counties.items()
        if county.story
        for line, what, remedy in dict.fromkeys(narrative.problems(county.story))
    ]
    return stories + [
        Fault(f"params/{slug}.yml", 0, f"{field}, line {line}", f"holds {what}", remedy)
        for slug, place in catalogue.places.items()
        for field, text in narrative.written(place.narrative)
        # One line may be refused for the same reason twice: an opening and a closing tag.
        for line, what, remedy in dict.fromkeys(narrative.problems(text))
    ]


def county_faults(catalogue: Catalogue) -> list[Fault]:
    """Measures and themes that a county's file names and that the book does not hold; a name taken twice."""
    faults = []
    for slug, record in catalogue.counties.items():
        if slug in catalogue.places:  # addresses and logs are named by it
            faults.append(catalogue.fault("county", slug, (), f"has the name of the place params/{slug}.yml",
                          f"call it {slug}-county.yml"))  # fmt: skip
        for at, target in enumerate(record.plan_targets):
            if target.measured_by and target.measured_by not in catalogue.indicators:
                faults.append(catalogue.fault("county", slug, ("plan_targets", at, "measured_by"),
                              f"there is no indicator {target.measured_by!r}", "use the id of an indicator"))  # fmt: skip
        for at, document in enumerate(record.documents):
            for number, theme in enumerate(document.cited_in):
                if theme not in catalogue.themes:
                    known = ", ".join(catalogue.themes)
                    faults.append(catalogue.fault("county", slug, ("documents", at, "cited_in", number),
                                  f"there is no theme {theme!r}", f"use one of {known}"))  # fmt: skip
    return faults


def write_generated_pages(project: Project, catalogue: Catalogue) -> None:
    """The pages that are made from what is written about the data."""
    write_atomically(project.generated / "catalogue.md", data_catalogue.page(catalogue))


def forms(catalogue: Catalogue, formats: Sequence[str], places: Sequence[str]) -> list[tuple[str, str]]:
    """The other forms of the book that this build makes: name and file in the site's downloads."""
    found = [("All data: every figure’s numbers and every place’s ledger (ZIP)", BUNDLE)]
    if "single" in formats:
        found.append(("The whole book as one HTML file", SINGLE))
    if "pdf" in formats and not pdf.problem():
        if not places:
            found.append(("The whole book as a PDF", "book.pdf"))
        wanted = sorted(places or catalogue.places)
        found += [(f"{catalogue.places[slug].name} as a PDF", f"{slug}.pdf") for slug in wanted]
    return found


def write_front_page(project: Project, catalogue: Catalogue, others: Sequence[tuple[str, str]]) -> None:
    """The front page's map, cards and news, from the ledgers of all places."""
    ledgers = {slug: PlaceLedger.read(project.ledgers / f"{slug}.json") for slug in sorted(catalogue.places)}
    text = front.page(project, catalogue, ledgers, edition_date(catalogue), others)
    write_atomically(project.generated / "front.md", text)


def edition_date(catalogue: Catalogue) -> date:
    """The day until which figures were taken."""
    return max(source.retrieved for source in catalogue.sources.values())


def make_forms(
    project: Project, catalogue: Catalogue, store: Store, formats: Sequence[str], places: Sequence[str], workers: int
) -> None:
    """The one-file book and the PDFs, from the compiled pages, beside the other downloads of the site.

    Raises BuildError where the PDF cannot be made on this machine; the site stands by then.
    """
    title, downloads = book_title(project), project.html / "downloads"
    if "single" in formats:
        single.write_single(project.html, downloads / SINGLE, title)
    if "pdf" in formats:
        edition = {
            "Official statistics for places, taken until": edition_date(catalogue).isoformat(),
            "Data of this edition (SHA-256)": store.fingerprint,
            "Licence of the figures": "Open Government Licence v3.0 unless the list of sources says otherwise",
            "The evidence of every number, the tables behind the figures and all downloads": "in the web edition of this book",
        }
        names = {slug: place.name for slug, place in catalogue.places.items()}
        pdf.write_pdfs(project.html, downloads, title, names, edition, workers, places)


def build(
    project: Project,
    places: Sequence[str],
    workers: int,
    done: Callable[[run.Outcome], None],
    formats: Sequence[str] = ("html",),
) -> list[run.Outcome]:
    """Execute places and, where all went well, compile the site and make the other forms of it.

    ``places`` empty: all. County chapters follow the places. Raises InputError for a place that there is
    none of, and BuildError where the site cannot be compiled; a place that fails is in the outcomes and stops the compiling.
    """
    catalogue, store = open_checked(project)
    unknown = [place for place in places if place not in catalogue.places]
    if unknown:
        known = ", ".join(sorted(catalogue.places))
        raise InputError(f"there is no place {', '.join(unknown)}; params/ holds {known}")
    wanted = list(places) or sorted(catalogue.places)
    # A page of another place that was never made would be a hole in the book.
    for place in sorted(catalogue.places):
        made = (project.place_pages / f"{place}.ipynb", project.ledgers / f"{place}.json")
        if place not in wanted and not all(path.exists() for path in made):
            wanted.append(place)
    counties = [county for county in sorted(catalogue.counties) if county_chapter.members(catalogue, county)]
    run.drop_pages_without_params(project, list(catalogue.places), counties)
    write_generated_pages(project, catalogue)
    outcomes = run.execute_all(project, wanted, workers, done)
    if not any(outcome.failed for outcome in outcomes):
        # County chapters read the ledgers of all places, so they come last.
        for county in counties:
            outcome = run.execute_county(project, county)
            outcomes.append(outcome)
            done(outcome)
    if not any(outcome.failed for outcome in outcomes):
        write_front_page(project, catalogue, forms(catalogue, formats, places))
        compile.compile_html(project)
        write_atomically(project.html / STAMP, json.dumps(stamp(project, store), indent=2) + "\n")
        make_forms(project, catalogue, store, formats, places, workers)
    return outcomes


def book_title(project: Project) -> str:
    """The title that the book's configuration gives it."""
    return str(strict_yaml.read(project.config, project.config.name).data.get("title") or "The book")


def stamp(project: Project, store: Store) -> dict[str, str]:
    """When, from what, by what."""
    return {
        "built": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": _commit(project),
        "data": store.fingerprint,
        "placebook": __version__,
    }


def _commit(project: Project) -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=project.root, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"
