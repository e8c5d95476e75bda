"""What a shell completes while a command is typed: names of files, of which nothing is read.

The shell runs these at each touch of the tab key, anywhere: they print nothing, and where there is no project they have
nothing to offer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import typer

from placebook.errors import PlacebookError
from placebook.paths import Project

Completion = Callable[[typer.Context, str], list[str]]


def _project(context: typer.Context) -> Project:
    """The one that the options before the command name, else the one around this folder."""
    named = context.find_root().params.get("project")
    return Project.at(Path(named)) if named else Project.find()


def _names(*folders: str) -> Completion:
    """The names of the YAML files in the folders, of the project and of the package."""

    def complete(context: typer.Context, incomplete: str) -> list[str]:
        with suppress(PlacebookError, OSError):
            project = _project(context)
            found = (path for folder in folders for path in project.entries(folder))
            return sorted({path.stem for path in found if path.suffix == ".yml" and path.stem.startswith(incomplete)})
        return []

    return complete


places = _names("params")
places_and_counties = _names("params", "data/counties")
counties = _names("data/counties")
sources = _names("data/sources")
