"""What is executed, which files it writes, and how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from placebook.paths import Project, write_atomically

PLACE, COUNTY = "place", "county"
"""Kinds of pages: each is the name of its template and of the template's parameter."""
TIME_LIMIT = 600
"""Seconds that one cell of a template may take, unless the command says otherwise."""


@dataclass(frozen=True)
class Page:
    """A place's page or a county's chapter."""

    kind: str
    slug: str


def executed_files(project: Project, page: Page) -> list[Path]:
    """Every file and folder that executing a page writes."""
    notebook = project.executed(page.kind, page.slug)
    if page.kind == COUNTY:
        return [notebook, project.ledgers / "counties" / f"{page.slug}.json"]
    return [
        notebook,
        project.ledgers / f"{page.slug}.json",
        project.summaries / f"{page.slug}.json",
        project.traces / f"{page.slug}.json",
        project.evidence / page.slug,
        project.downloads / page.slug,
    ]


@dataclass(frozen=True)
class Outcome:
    """How one page went."""

    place: str
    """Slug of the place, or of the county."""
    seconds: float
    problem: str = ""
    """Empty where it went well; else what the person who typed the command should know."""
    why: str = ""
    """Why it was made again; empty where it was not."""
    counts: tuple[int, int, int] | None = None
    """Figures, tables and ledger entries of a place's page."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds of each section, and under ``kernel`` of what a page needs before and after them."""
    left_out: bool = False
    """Whether it was not to be made: the order is of other places alone."""
    memory: float | None = None
    """Highest memory of its process in MiB, what it shares with others among it; None where it was not measured."""

    @property
    def failed(self) -> bool:
        return bool(self.problem)

    @property
    def unchanged(self) -> bool:
        return not self.why and not self.problem and not self.left_out

    @property
    def state(self) -> str:
        """What became of it, in a word or two."""
        return "failed" if self.failed else "left out" if self.left_out else "unchanged" if self.unchanged else "rebuilt"


def too_long(project: Project, page: Page, time_limit: int) -> str:
    """The problem of a page one of whose cells reached the limit, in seconds."""
    return (
        f"a cell of notebooks/{project.template(page.kind).name} took longer than {time_limit} s and was stopped. If the "
        f"machine is slow, allow more: --time-limit {2 * time_limit}"
    )


def failed(project: Project, page: Page, seconds: float, problem: str, details: str) -> Outcome:
    """The outcome of a page that was not made; its log holds the ``details``."""
    log = project.logs / f"{page.slug}.log"
    write_atomically(log, f"{page.slug}: failed\n\n{details}\n")
    return Outcome(page.slug, seconds, f"{problem}\n    → the whole traceback is in {log.relative_to(project.root)}")
