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
    """Of which measure."""
    place: Slug | None = None
    """Whose page shows it, in the words of a county; left out for the place's own."""
    part: Literal["own", "england", "county", "region"] = "own"
    """Of the place itself, or one that stands beside it in the measure's row."""
    area: Line
    """Of which area, by name."""
    period: Line
    """Of which period."""
    shown: Line
    """As the page wrote it."""
    value: Number
    """The figure then."""
    lower: Number | None = None
    """Its lower limit then, where one is published."""
    upper: Number | None = None
    """Its limits, where it has any: what lies outside of them later has moved."""
    limits: Line | None = None
    """The limits as a page writes them."""
    rounding: Number = Field(gt=0)
    """A step of its last published digit: what moves by more has moved, where there are no limits."""


class PinnedVerdict(Record):
    """What the page said of a measure."""

    measure: Slug
    """On which measure."""
    place: Slug | None = None
    """Of which place, where it is another than its page tells of."""
    of: Literal["england", "change", "rank"]
    """Against England, over time, or the end that its rank counts from (where the words quote the rank)."""
    verdict: Line
    """How it read then."""


class PinnedFinding(Record):
    """A key finding that the words stood beside."""

    finding: FindingId
    """Its id in the ledger."""
    headline: Line
    """As it read then."""


class PinnedText(Record):
    """One text, and all that it was pinned to."""

    text: Line
    """Its field in the file of the place or the county."""
    words: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    """The beginning of the SHA-256 of the words: other words are no longer pinned."""
    findings: tuple[PinnedFinding, ...] = Field(default=(), max_length=20)
    """Key findings that it stands beside or answers."""
    figures: tuple[PinnedFigure, ...] = Field(default=(), max_length=200)
    """Figures that it quotes or stands beside."""
    verdicts: tuple[PinnedVerdict, ...] = Field(default=(), max_length=400)
    """Verdicts on them."""


class Pins(Record):
    """Everything that is pinned of a place's or a county's words."""

    edition: date
    """The day until which the figures of the page were taken."""
    texts: tuple[PinnedText, ...] = Field(max_length=200)
    """Each text that was pinned."""


def digest(words: str) -> str:
    """What a text is known again by."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:16]
