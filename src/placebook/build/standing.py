"""Whether the book stands as it is: asked before any library is loaded, so that a build with nothing to do is quick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from placebook.execute.warm import COLD
from placebook.incremental import fingerprints
from placebook.incremental.fingerprints import Cache, Inputs
from placebook.paths import Project
from placebook.site import edition_stamp

FORMATS = ("html", "single", "pdf")
BOOK = "book"
"""The record of the whole site. Places and counties have theirs in folders of their own."""
TIME_LIMIT = 600
"""Seconds that one cell of a template may take, unless the command says otherwise."""


@dataclass(frozen=True)
class Outcome:
    """How one place or chapter went."""

    place: str
    seconds: float
    problem: str = ""
    """Empty where it went well; else what the person who typed the command should know."""
    why: str = ""
    """Why it was made again; empty where it was not."""
    counts: tuple[int, int, int] | None = None
    """Figures, tables and ledger entries of a place's page."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds of each section, and under ``kernel`` of what a page needs before and after them."""
    memory: float | None = None
    """Highest memory of its process in MiB, what it shares with others among it; None where it was not measured."""

    @property
    def failed(self) -> bool:
        return bool(self.problem)

    @property
    def unchanged(self) -> bool:
        return not self.why and not self.problem


@dataclass(frozen=True)
class Order:
    """What was asked of a build."""

    places: Sequence[str] = ()
    """Slugs; none: all. The others stay as they were made."""
    formats: Sequence[str] = ("html",)
    workers: int = 1
    """Places at a time."""
    kernel: str = COLD
    """What executes the pages: the plain kernel, or a warm process (``warm.processes``)."""
    again: bool = False
    """Whether what is named is executed also where nothing changed."""
    keep_going: bool = False
    """Whether a page that says so stands in for a place that fails."""
    time_limit: int = TIME_LIMIT
    cluster: str = ""
    """Address of the Dask scheduler whose workers execute the places; empty: this machine does."""
    public: bool = False
    """Whether the book is to be published: what must not be on a public page stops the build."""

    @property
    def shapes(self) -> list[str]:
        """What of the order the site depends on: PDFs are made of the places that are named."""
        return [*self.formats, *(sorted(self.places) if "pdf" in self.formats else [])]


def place_record(slug: str) -> str:
    return f"places/{slug}"


def county_record(slug: str) -> str:
    return f"counties/{slug}"


def standing(project: Project, order: Order) -> list[Outcome] | None:
    """The outcomes of a build that has nothing to do; None where there may be something.

    Nothing is read but bytes and times of files: inputs against the record of the last whole build, and every file
    of the site and of what it was made from against its seal.
    """
    records = Cache(project)
    if records.why(BOOK, Inputs(project).book(order.shapes)):
        return None
    record = records.read(BOOK)
    assert record is not None
    results = [(str(name), slug, counts) for name, slug, counts in record.told.get("results", [])]
    if not set(order.places) <= {slug for name, slug, _ in results if name == place_record(slug)}:
        return None  # a name that there is none of: the build says so
    if not all(records.whole(name) for name, _, _ in results):
        return None
    if edition_stamp.renew(project):
        records.keep(BOOK, record.parts, [project.html], record.told)
    return [Outcome(slug, 0.0, counts=tuple(counts) if counts else None) for _, slug, counts in results]


def keep_place(project: Project, slug: str, parts: dict[str, str], told: tuple[int, int, int] | None) -> None:
    """A place is whole: its record, with the counts that the summary tells of it."""
    Cache(project).keep(place_record(slug), parts, fingerprints.place_outputs(project, slug), {"counts": told})


def keep_book(project: Project, parts: dict[str, str], outcomes: Iterable[Outcome], counties: Sequence[str]) -> None:
    """The site is whole: its record, with the results that it was made from."""
    records = Cache(project)
    results = []
    for outcome in outcomes:
        name = county_record(outcome.place) if outcome.place in counties else place_record(outcome.place)
        results.append([name, outcome.place, outcome.counts])
    records.keep(BOOK, parts, [project.html], {"results": results})
