"""Whether the book stands as it is: asked before any library is loaded, so that a build with nothing to do is quick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from placebook.build.order import Order
from placebook.execute.outcome import PLACE, Outcome
from placebook.incremental.fingerprints import Inputs
from placebook.incremental.records import Records
from placebook.paths import Project
from placebook.site import edition_stamp

BOOK = "book"
"""The record of the whole site."""


def unchanged(project: Project, order: Order) -> list[Outcome] | None:
    """The outcomes of a build that has nothing to do; None where there may be something.

    Nothing is read but bytes and times of files: inputs against the record of the last whole build, and every file
    of the site and of what it was made from against its seal.
    """
    records = Records(project)
    book = records.read(BOOK)
    if book is None or records.why(BOOK, Inputs(project).book(order.shapes)):
        return None
    pages = [(str(kind), str(slug), counts) for kind, slug, counts in book.about["pages"]]
    if not set(order.places) <= {slug for kind, slug, _ in pages if kind == PLACE}:
        return None  # a name that there is none of: the build says so
    if not all(records.whole(f"{step}/{kind}/{slug}") for kind, slug, _ in pages for step in ("executed", "pages")):
        return None
    if edition_stamp.renew(project):
        records.keep(BOOK, book.parts, [project.html], book.about)
    return [Outcome(slug, 0.0, counts=tuple(counts) if counts else None) for _, slug, counts in pages]


def keep(project: Project, parts: Mapping[str, str], kinds: Mapping[str, Sequence[Outcome]]) -> None:
    """The site is whole: its record, with the outcomes that it was made from by the kind of their pages."""
    pages = [[kind, outcome.place, outcome.counts] for kind, outcomes in kinds.items() for outcome in outcomes]
    Records(project).keep(BOOK, parts, [project.html], {"pages": pages})
