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
from placebook.report import data_catalogue, narrative

STAMP = "edition.json"
"""The one file of a site that differs between two builds of the same commit."""


def open_checked(project: Project) -> tuple[Catalogue, Store]:
    """Everything written, and the store; raises InputError with all faults of all files at once."""
    catalogue = Catalogue.open(project)
    store = Store.open(project, catalogue.sources, catalogue.areas)
    store.check_all()
    faults = [*check(catalogue, store), *narrative_faults(project, catalogue)]
    if faults:
        raise InputError(sorted(faults))
    return catalogue, store


def narrative_faults(project: Project, catalogue: Catalogue) -> list[Fault]:
    """What analysts' words hold that they must not, with the line counted inside the field."""
    return [
        Fault(f"params/{slug}.yml", 0, f"{field}, line {line}", f"holds {what}", remedy)
        for slug, place in catalogue.places.items()
        for field, text in narrative.written(place.narrative)
        # One line may be refused for the same reason twice: an opening and a closing tag.
        for line, what, remedy in dict.fromkeys(narrative.problems(text))
    ]


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

    ``places`` empty: all. Raises InputError for a place that there is none of, and BuildError where
    the site cannot be compiled; a place that fails is in the outcomes and stops the compiling.
    """
    catalogue, store = open_checked(project)
    unknown = [place for place in places if place not in catalogue.places]
    if unknown:
        known = ", ".join(sorted(catalogue.places))
        raise InputError(f"there is no place {', '.join(unknown)}; params/ holds {known}")
    wanted = list(places) or sorted(catalogue.places)
    # A page of another place that was never made would be a hole in the book.
    for place in sorted(catalogue.places):
        if place not in wanted and not (project.place_pages / f"{place}.ipynb").exists():
            wanted.append(place)
    run.drop_pages_without_params(project, list(catalogue.places))
    write_generated_pages(project, catalogue)
    outcomes = run.execute_all(project, wanted, workers, done)
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
