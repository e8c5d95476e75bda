"""Measures that explain or contradict one another, as a file in data/relations/ declares them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from placebook.catalogue.fields import Line, Record, Slug


class Contrast(Record):
    """What a headline says where the one lies far above the other, and where far below."""

    more: Line
    less: Line


class Pair(Record):
    """Two measures that lie near one another in most districts: told where they lie unusually far apart."""

    kind: Literal["pair"]
    first: Slug
    second: Slug
    section: Slug
    """The theme whose opening may tell it."""
    concept: Slug
    priority: float = Field(ge=0, le=1)
    says: Contrast
    """Of the first beside the second."""


class Factor(Record):
    """One part of a product: a measure, or a measure over another, each with England as 100."""

    name: Line
    """As a sentence says it, without an article: `jobs per resident`."""
    of: Slug
    over: Slug | None = None
    says: Contrast
    """What a headline says where this part makes most of the difference."""


class Product(Record):
    """A measure that is the product of others: told where it lies far out, with the part that makes most of it."""

    kind: Literal["product"]
    whole: Slug
    parts: tuple[Factor, ...] = Field(min_length=2)
    section: Slug
    concept: Slug
    priority: float = Field(ge=0, le=1)


Relation = Annotated[Pair | Product, Field(discriminator="kind")]
