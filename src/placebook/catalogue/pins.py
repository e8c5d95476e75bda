"""What ``placebook pin`` keeps: the figures, verdicts and findings that words stood beside when somebody last read them so."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from placebook.catalogue.fields import FindingId, Line, Record, Slug

Number = Annotated[float, Field(allow_inf_nan=False)]


class PinnedFigure(Record):
    """A figure as the page showed it."""

    measure: Slug
    place: Slug | None = None
    """Whose page shows it, in the words of a county; left out for the place's own."""
    part: Literal["own", "england", "county", "region"] = "own"
    """Of the place itself, or one that stands beside it in the measure's row."""
    area: Line
    period: Line
    shown: Line
    """As the page wrote it."""
    value: Number
    lower: Number | None = None
    upper: Number | None = None
    """Its limits, where it has any: what lies outside of them later has moved."""
    limits: Line | None = None
    """The limits as a page writes them."""
    rounding: Number = Field(gt=0)
    """A step of its last published digit: what moves by more has moved, where there are no limits."""


class PinnedVerdict(Record):
    """What the page said of a measure."""

    measure: Slug
    place: Slug | None = None
    of: Literal["england", "change", "rank"]
    """Against England, over time, or the end that its rank counts from (where the words quote the rank)."""
    verdict: Line


class PinnedFinding(Record):
    """A key finding that the words stood beside."""

    finding: FindingId
    headline: Line


class PinnedText(Record):
    """One text, and all that it was pinned to."""

    text: Line
    """Its field in the file of the place or the county."""
    words: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    """The beginning of the SHA-256 of the words: other words are no longer pinned."""
    findings: tuple[PinnedFinding, ...] = Field(default=(), max_length=20)
    figures: tuple[PinnedFigure, ...] = Field(default=(), max_length=200)
    verdicts: tuple[PinnedVerdict, ...] = Field(default=(), max_length=400)


class Pins(Record):
    """Everything that is pinned of a place's or a county's words."""

    edition: date
    """The day until which the figures of the page were taken."""
    texts: tuple[PinnedText, ...] = Field(max_length=200)


def digest(words: str) -> str:
    """What a text is known again by."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:16]
