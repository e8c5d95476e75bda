"""What ``placebook review --approve`` keeps: who reviewed a page, when, beside which figures and words, with what verdicts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from placebook.catalogue.fields import Line, Record, Slug, Story

ClaimId = Annotated[str, StringConstraints(pattern=r"^(claim|finding)--[a-z0-9-]+$", max_length=300)]


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class Verdict(Record):
    """What the reviewer said of one statement."""

    id: ClaimId
    """As the ledger names it."""
    verdict: Literal["accepted", "rejected"]
    """A rejected statement is not printed until its figures change."""
    remark: Line | None = None
    """Why."""
    figures: Digest
    """The beginning of the SHA-256 of the figures that it rests on."""


class ReviewRecord(Record):
    """One review of one page."""

    by: Line
    """Who reviewed it, with the office held."""
    on: date
    """When."""
    edition: date
    """The day until which the figures of the page were taken."""
    figures: dict[Slug, Line] = Field(max_length=2_000)
    """Measure to its figure as the page showed it."""
    words: dict[Line, Story] = Field(default_factory=dict, max_length=200)
    """Each of the analysts' texts, by its field in the place's file."""
    verdicts: tuple[Verdict, ...] = Field(default=(), max_length=2_000)
    """What was thought of single statements."""
    statements: dict[ClaimId, Digest] = Field(default_factory=dict, max_length=2_000)
    """Every statement of the page, by the beginning of the SHA-256 of its figures: what is not here a later sheet calls new."""
