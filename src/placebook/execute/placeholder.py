"""What stands in the book for a page that could not be made, where the rest is wanted all the same."""

from __future__ import annotations

import shutil
from pathlib import Path

from placebook.markup import join, markup
from placebook.paths import Project, write_changed


def place(project: Project, slug: str, name: str, problem: str) -> None:
    """A page that says so in place of a place's; what an earlier build made of the place goes, as it would pass for new."""
    (project.ledgers / f"{slug}.json").unlink(missing_ok=True)
    for folder in (project.evidence, project.downloads):
        shutil.rmtree(folder / slug, ignore_errors=True)
    _write(project.place_pages / f"{slug}.ipynb", slug, name, problem)


def county(project: Project, slug: str, name: str, problem: str) -> None:
    """The same for a county's chapter."""
    (project.ledgers / "counties" / f"{slug}.json").unlink(missing_ok=True)
    _write(project.county_pages / f"{slug}.ipynb", slug, name, problem)


def _write(path: Path, slug: str, name: str, problem: str) -> None:
    said = join((line.strip() for line in problem.splitlines() if line.strip()), "<br>")
    text = markup(
        '# {}\n\n<p class="pb-review"><strong>This page could not be made in this edition.</strong> '
        "Nothing is shown in its place, and no older figures.</p>\n\n<p>What the build said: {}</p>",
        name,
        said,
    )
    cell = {"cell_type": "markdown", "id": f"{slug}-000"[-64:], "metadata": {}, "source": text}
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    import nbformat  # only for a place that failed

    page = nbformat.from_dict({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    write_changed(path, nbformat.writes(page, version=4) + "\n")
