"""Strict records of places and counties, with the words that an analyst may write about a place."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints, field_validator

from placebook.catalogue.fields import (
    Code,
    DistrictCode,
    Https,
    Line,
    LsoaCode,
    Record,
    Slug,
    Story,
    Text,
    printable,
)
from placebook.catalogue.models import Role
from placebook.geography.names import said

# ---------------------------------------------------------------- counties


class PlanTarget(Record):
    what: Line
    amount: Line
    by: Line
    measured_by: Slug | None = None
    """Indicator of the book that comes nearest to it, shown beside it."""


class KeySector(Record):
    name: Line
    employers_named_then: tuple[Line, ...] = ()
    """Employers that the plan named, of its time, not of today."""
    sic: tuple[Annotated[str, StringConstraints(pattern=r"^\d{2}(\.\d{1,2})?$")], ...] = ()
    """Divisions, groups or classes of the 2007 Standard Industrial Classification that it is taken as."""
    definition: Line | None = None
    """The published definition that the codes follow, or `analyst-defined` and what was chosen."""


class Document(Record):
    """One document of the evidence library: a bibliographic entry, nothing said of what it holds."""

    title: Line
    by: Line | None = None
    """Who published it, where that is known."""
    year: Annotated[int, Field(ge=1800, le=2100)] | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    url: Https
    """Address as published then."""
    cited_in: tuple[Slug, ...] = ()
    """Themes beside which it belongs."""


class County(Record):
    """One county: what the code does not know about it."""

    name: Line
    code: Code
    districts: tuple[DistrictCode, ...] = Field(min_length=1, max_length=100)
    itl3: tuple[Code, ...] = Field(default=(), max_length=100)
    """ITL level 3 areas that make it up, where economic accounts are published for those."""
    itl2: tuple[Code, ...] = Field(default=(), max_length=100)
    """ITL (once NUTS) level 2 areas that contain it: they stand in where nothing nearer is published."""
    key_sectors: tuple[KeySector, ...] = ()
    plan: Line | None = None
    """Title of the plan that the targets stand in."""
    plan_targets: tuple[PlanTarget, ...] = ()
    documents: tuple[Document, ...] = ()
    """The evidence library."""
    story: Story | None = None
    """The county chapter's opening words, in plain CommonMark."""


# ---------------------------------------------------------------- places

NAME = re.compile(r"[^\W\d_]([^\W_]|[ '’().,&/!-])*")
COMPARATORS: tuple[Role, ...] = ("parent", "county", "itl3", "region", "country", "peer")


class Review(Record):
    by: Line
    """Who reviewed it, with the office held."""
    on: date
    """When."""


class Event(Record):
    date: Line
    """When, as far as it is known."""
    who: Line
    what: Text


class Reference(Record):
    title: Line
    url: Https | None = None
    year: int | None = Field(default=None, ge=1800, le=2100)


class Narrative(Record):
    """The analyst's own words, in plain CommonMark. An empty field shows nothing."""

    summary: Text | None = None
    """One paragraph at the head of the page."""
    story: Story | None = None
    """What the figures do not say."""
    events: tuple[Event, ...] = Field(default=(), max_length=100)
    employers: tuple[Line, ...] = Field(default=(), max_length=100)
    references: tuple[Reference, ...] = Field(default=(), max_length=100)


class _Place(Record):
    name: Annotated[str, StringConstraints(max_length=80)] = Field(min_length=1)
    """As people say it."""
    county: Slug | None = None
    """Name of the county's file; left out, the county that lists the district."""
    comparators: tuple[Role, ...] = Field(default=COMPARATORS, max_length=len(COMPARATORS))
    """Comparators shown, each where it is published."""
    peers: int = Field(default=5, ge=0, le=10)
    """How many of ONS's statistical neighbours in England are shown."""
    review: Review | None = None
    """Filled in once somebody has reviewed the page; until then it says Draft."""
    narrative: Narrative = Narrative()

    @field_validator("name")
    @classmethod
    def _name_is_plain(cls, name: str) -> str:
        name = printable(unicodedata.normalize("NFC", name.strip()))
        if not NAME.fullmatch(name):
            raise ValueError("is not a name as people write it; use letters, digits, spaces, hyphens and apostrophes")
        return said(name)  # an official name may be inverted: nobody says "Bristol, City of"

    @field_validator("comparators")
    @classmethod
    def _comparators_once(cls, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        return _once(roles, "comparator")


Word = TypeVar("Word", bound=str)


def _once(words: tuple[Word, ...], what: str) -> tuple[Word, ...]:
    """The words. Raises ValueError where one stands twice."""
    if twice := sorted(word for word, count in Counter(words).items() if count > 1):
        shown = ", ".join(twice[:5]) + (f" and {len(twice) - 5} others" if len(twice) > 5 else "")
        raise ValueError(f"lists {shown} more than once; name each {what} once")
    return words


class DistrictPlace(_Place):
    """A place that is a whole district, unitary authority or London borough."""

    kind: Literal["district"]
    code: DistrictCode
    """GSS code of the district, as in force today."""


class TownPlace(_Place):
    """A place that is a best-fit set of 2021 LSOAs inside one district."""

    kind: Literal["town"]
    parent: DistrictCode
    """GSS code of the district that it lies in."""
    lsoas: tuple[LsoaCode, ...] = Field(min_length=1, max_length=1_000)
    """Its 2021 LSOAs. No English district has as many as a thousand."""
    chosen: Text
    """How the list was chosen, and how well it fits."""

    @field_validator("lsoas")
    @classmethod
    def _lsoas_once(cls, lsoas: tuple[str, ...]) -> tuple[str, ...]:
        return _once(lsoas, "LSOA")


Place = Annotated[DistrictPlace | TownPlace, Field(discriminator="kind")]
