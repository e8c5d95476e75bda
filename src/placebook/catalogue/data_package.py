"""Whether ``data/datapackage.json``, by which other programs find the tables, describes them as their sources do."""

from __future__ import annotations

import json

from placebook.catalogue.load import Catalogue
from placebook.errors import Fault
from placebook.paths import unfit

MAX_BYTES = 10_000_000


def package_faults(catalogue: Catalogue) -> list[Fault]:
    """Whether the data package is there and describes the sources' tables: other programs find the data by it."""
    path = catalogue.project.datapackage
    shown = "data/datapackage.json"
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
    return [Fault(shown, 0, "", problem, f"{catalogue.project.restored(shown)}, or run placebook refresh")] if problem else []
