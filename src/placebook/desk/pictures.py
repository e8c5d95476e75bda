"""Figures of places' pages as PNG files, for slides and reports: drawn when somebody asks, never in a build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from IPython.utils.capture import capture_output

from placebook.errors import InputError
from placebook.figures.bitmap import png
from placebook.findings.formats import joined
from placebook.paths import Project, write_atomically
from placebook.report.page import Page
from placebook.report.page_files import sourced


def pictures(project: Project, slugs: Sequence[str], folder: Path, only: str = "") -> Iterator[Path]:
    """Write the figures of places' pages, or of each the one called so, into a folder: ``broxbourne-commuting.png``.

    A file of the same name is written again. Raises InputError where no page has such a figure, and what reading the
    figures raises.
    """
    names: set[str] = set()
    for slug in slugs:
        page = Page.open(slug, project)
        with capture_output():  # what a notebook would show
            page.show_findings()
            for theme in page.evidence.catalogue.themes:
                page.show_theme(theme)
        for picture, _ in page.shown.figures:
            names.add(picture.kind)
            if only in ("", picture.kind):
                path = folder / f"{slug}-{picture.kind}.png"
                figures = [drawn.figure for drawn in picture.drawn]
                title = picture.finding or picture.measure
                write_atomically(path, png(title, figures, sourced(page.place.name, picture)))
                yield path
    if only and only not in names:
        raise InputError(f"no page has a figure {only!r}; there are {joined(sorted(names)) or 'none'}")
