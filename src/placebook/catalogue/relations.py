"""Measures that explain or contradict one another, as a file in data/relations/ declares them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from placebook.catalogue.fields import Line, Record, Slug


class Contrast(Record):
    """What a headline says where the one lies far above the other, and where far below."""

    more: Line
    """Said where the first is the higher."""
    less: Line
    """Said where the first is the lower."""


class Pair(Record):
    """Two measures that lie near one another in most districts: told where they lie unusually far apart."""

    kind: Literal["pair"]
    first: Slug
    """One measure."""
    second: Slug
    """The measure that it is set against."""
    section: Slug
    """The theme whose opening may tell it."""
    concept: Slug
    """The subject that it tells of: of one subject there is one finding."""
    priority: float = Field(ge=0, le=1)
    """How much it matters to the strategy: under 0.5 never a key finding."""
    says: Contrast
    """Of the first beside the second."""


class Factor(Record):
    """One part of a product: a measure, or a measure over another, each with England as 100."""

    name: Line
    """As a sentence says it, without an article: `jobs per resident`."""
    of: Slug
    """The measure."""
    over: Slug | None = None
    """The measure that it is divided by."""
    says: Contrast
    """What a headline says where this part makes most of the difference."""


class Product(Record):
    """A measure that is the product of others: told where it lies far out, with the part that makes most of it."""

    kind: Literal["product"]
    whole: Slug
    """The measure that the parts make up."""
    parts: tuple[Factor, ...] = Field(min_length=2)
    """The measures whose product it is."""
    section: Slug
    """The theme that tells it."""
    concept: Slug
    """The subject that it tells of: of one subject there is one finding."""
    priority: float = Field(ge=0, le=1)
    """How much it matters to the strategy: under 0.5 never a key finding."""


Relation = Annotated[Pair | Product, Field(discriminator="kind")]
