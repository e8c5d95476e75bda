"""Everything written and held, checked before anything is built of it."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context

from placebook.catalogue import configuration
from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.errors import Fault, InputError, shown_path
from placebook.evidence.store import Store
from placebook.evidence.sums import check_sums
from placebook.execute import warm
from placebook.incremental import fingerprints
from placebook.paths import Project, unfit
from placebook.report import narrative

MAX_BYTES = 10_000_000
"""Of the data package's description."""
PATIENCE = 10.0
"""Seconds that the one beside may take to end: to check all tables takes one."""


def open_checked(project: Project) -> tuple[Catalogue, Store]:
    """Everything written, and the store; raises InputError with all faults of all files at once.

    But where sources, indicators or counties cannot be understood, nothing is held against them: what is wrong there would be
    told once more by everything that names them.
    """
    catalogue, faults = Catalogue.read(project)
    params = f"{shown_path(project.params, project.root)}/"
    if any(not fault.file.startswith(params) for fault in faults):
        raise InputError(faults)
    try:
        store = Store.open(project, catalogue.sources, catalogue.areas)
        store.check_all()
    except InputError as error:
        raise InputError(sorted({*faults, *error.faults})) if faults and error.faults else error
    faults += [
        *check(catalogue, store),
        *check_sums(project, store, catalogue.sources, catalogue.indicators.values(), catalogue.areas),
        *narrative_faults(project, catalogue),
        *county_faults(catalogue),
        *package_faults(project, catalogue),
        *configuration.faults(project),
    ]
    if faults:
        raise InputError(sorted(faults))
    return catalogue, store


@contextmanager
def helped(project: Project) -> Iterator[None]:
    """Inside, a process of its own checks tables too, the last first, while this one has other things to do.

    Nobody waits for it: ``open_checked`` finds done what it did, does the rest and tells what is wrong. It is forked, so who asks
    has started no threads yet; where the system cannot fork safely, and where all tables have been checked, there is none.
    """
    if not warm.possible() or not fingerprints.unread(project):
        yield
        return
    helper = get_context("fork").Process(target=_help, args=(project,), daemon=True)
    helper.start()
    try:
        yield
    except BaseException:
        helper.join(PATIENCE)  # it has begun a table, and leaves none half-written
        raise
    finally:
        helper.kill()  # where all went well, nothing has been left to it
        helper.join()


def _help(project: Project) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # of Ctrl-C the build tells
    with suppress(Exception):  # the build finds the same, and tells
        catalogue = Catalogue.open(project)
        Store.open(project, catalogue.sources, catalogue.areas).check_all(last_first=True)


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


def package_faults(project: Project, catalogue: Catalogue) -> list[Fault]:
    """Whether the data package is there and describes the sources' tables: other programs find the data by it."""
    path = project.datapackage
    shown = shown_path(path, project.root)
    listed = {
        table.path.removeprefix("data/"): f"sha256:{table.sha256}" for s in catalogue.sources.values() for table in s.tables
    }
    try:
        problem = unfit(path, MAX_BYTES)
        if not problem:
            described = {part["path"]: part["hash"] for part in json.loads(path.read_bytes())["resources"]}
            wrong = sorted(name for name in {*listed, *described} if listed.get(name) != described.get(name))
            problem = f"does not describe the table data/{wrong[0]} as its source does" if wrong else ""
    except FileNotFoundError:
        problem = "is missing"
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        problem = "is no description of a data package"
    return [Fault(shown, 0, "", problem, f"restore it: git checkout -- {shown}, or run placebook refresh")] if problem else []


def county_faults(catalogue: Catalogue) -> list[Fault]:
    """Measures and themes that a county's file names and that the book does not hold; a name taken twice."""
    faults = []
    for slug, record in catalogue.counties.items():
        if slug in catalogue.places:  # addresses and logs are named by it
            faults.append(
                catalogue.fault(
                    "county", slug, (), f"has the name of the place params/{slug}.yml", f"call it {slug}-county.yml"
                )
            )
        for at, target in enumerate(record.plan_targets):
            if target.measured_by and target.measured_by not in catalogue.indicators:
                faults.append(
                    catalogue.fault(
                        "county",
                        slug,
                        ("plan_targets", at, "measured_by"),
                        f"there is no indicator {target.measured_by!r}",
                        "use the id of an indicator",
                    )
                )
        for at, document in enumerate(record.documents):
            for number, theme in enumerate(document.cited_in):
                if theme not in catalogue.themes:
                    known = ", ".join(catalogue.themes)
                    faults.append(
                        catalogue.fault(
                            "county",
                            slug,
                            ("documents", at, "cited_in", number),
                            f"there is no theme {theme!r}",
                            f"use one of {known}",
                        )
                    )
    return faults
