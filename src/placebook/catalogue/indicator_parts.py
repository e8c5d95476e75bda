"""Strict records of what an indicator's declaration is made of, besides what it reads."""

from __future__ import annotations

from pydantic import Field, model_validator

from placebook.catalogue.fields import Code, Line, Period, Record, Slug


class Break(Record):
    period: Period
    """First period that cannot be compared with those before it."""
    reason: Line
    """Why, in a reader's words."""


class Unusual(Record):
    """Figures known not to be like the others: shown, and never compared."""

    areas: tuple[Code, ...] = Field(min_length=1)
    """Areas whose figures something distorts."""
    periods: tuple[Period, ...] = Field(min_length=1)
    """When it did."""
    reason: Line
    """Why, in a reader's words."""


class Pooled(Record):
    """A sample survey whose newest readings are taken together: one reading is a single draw."""

    readings: int = Field(default=3, ge=2, le=5)
    """So many of the newest; fewer where fewer are held."""
    correlation: float = Field(ge=0, lt=1)
    """Of the sampling errors of any two of them: how far the same people are asked again."""


class Artefact(Record):
    """Figures so far out that they are no finding but a fault of registers: mass registrations, say."""

    name: Slug
    """What measures name that must not rest on such years (`barred_by`)."""
    at_least: float | None = None
    """The figure, or a larger one, is such a figure."""
    below: float | None = None
    """A smaller figure than this is."""

    def holds(self, value: float | None) -> bool:
        """Whether a figure is such a figure."""
        if value is None:
            return False
        return value >= self.at_least if self.at_least is not None else value < (self.below or 0)

    @model_validator(mode="after")
    def _one_bound(self) -> Artefact:
        if (self.at_least is None) == (self.below is None):
            raise ValueError("write either at_least or below")
        return self


class Says(Record):
    """What a headline says of a measure, in a dozen plain words at most and without a number."""

    more: Line
    """Where the figure is far above England's: `More children live in poverty than in England`."""
    less: Line
    """Where it is far below."""
    short: Line
    """The measure alone, as the subject of a sentence: `child poverty`."""
    plural: bool = False
    """Whether that is a plural: `business births were`."""
