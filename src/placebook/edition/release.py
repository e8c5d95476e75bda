"""From a checkout to a book: check, execute, compile, and say what happened."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any

from placebook import __version__
from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.edition import compile, run, single
from placebook.errors import Fault, InputError
from placebook.evidence.observations import Store
from placebook.paths import Project, write_atomically
from placebook.report import county as county_chapter
from placebook.report import data_catalogue, narrative

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


def build(
    project: Project,
    places: Sequence[str],
    workers: int,
    done: Callable[[run.Outcome], None],
) -> list[run.Outcome]:
    """Execute places and, where all went well, compile the site.

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
        compile.compile_html(project)
        write_atomically(project.html / STAMP, json.dumps(stamp(project, store), indent=2) + "\n")
    return outcomes


def make_single(project: Project, title: str) -> Any:
    """The one-file report from the pages that stand in ``book/places``."""
    made = compile.compile_single(project)
    return single.write_single(project, made, title)


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
