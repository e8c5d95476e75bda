"""Strict records of places and counties, with the words that an analyst may write about a place."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, WithJsonSchema, field_validator, model_validator

from placebook.catalogue.fields import (
    DISTRICT,
    BuiltUpAreaCode,
    Code,
    CountyCode,
    DistrictCode,
    FindingId,
    Https,
    Line,
    LsoaCode,
    MsoaCode,
    Record,
    Slug,
    Story,
    Text,
    WardCode,
    printable,
)
from placebook.catalogue.image_files import NAME as IMAGE_NAME
from placebook.catalogue.models import Role
from placebook.geography.names import said

# ---------------------------------------------------------------- images in words


class ImageRecord(Record):
    """An image that words show, a file in params/: the words say what it shows, this says whose it is."""

    by: Line
    """Who made it, and when, as far as that is known."""
    licence: Line
    """By which licence or permission the book may show it."""


ImageName = Annotated[str, StringConstraints(pattern=IMAGE_NAME, max_length=70)]

# ---------------------------------------------------------------- counties


class PlanTarget(Record):
    what: Line
    """What is to grow, fall or be built."""
    amount: Line
    """How much of it, in the words of the plan."""
    by: Line
    """Until when."""
    measured_by: Slug | None = None
    """Indicator of the book that comes nearest to it, shown beside it."""


class KeySector(Record):
    name: Line
    """As the plan says it."""
    employers_named_then: tuple[Line, ...] = ()
    """Employers that the plan named, of its time, not of today."""
    sic: tuple[Annotated[str, StringConstraints(pattern=r"^\d{2}(\.\d{1,2})?$")], ...] = ()
    """Divisions, groups or classes of the 2007 Standard Industrial Classification that it is taken as."""
    definition: Line | None = None
    """The published definition that the codes follow, or `analyst-defined` and what was chosen."""


class Document(Record):
    """One document of the evidence library: a bibliographic entry, nothing said of what it holds."""

    title: Line
    """As it stands on its cover."""
    by: Line | None = None
    """Who published it, where that is known."""
    year: Annotated[int, Field(ge=1800, le=2100)] | None = None
    """In which it was published."""
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    """Of that year, where it is known."""
    url: Https
    """Address as published then."""
    cited_in: tuple[Slug, ...] = ()
    """Themes beside which it belongs."""


class County(Record):
    """One county: what the code does not know about it."""

    name: Line
    """As people say it, at the head of its chapter."""
    code: Code | None = None
    """GSS code of the county; left out for a set of districts that has none: Bedfordshire, a combined authority."""
    districts: tuple[DistrictCode, ...] = Field(min_length=1, max_length=100)
    """GSS codes of its districts, as in force today."""
    itl3: tuple[Code, ...] = Field(default=(), max_length=100)
    """ITL level 3 areas that make it up, where economic accounts are published for those."""
    itl2: tuple[Code, ...] = Field(default=(), max_length=100)
    """ITL (once NUTS) level 2 areas that contain it: they stand in where nothing nearer is published."""
    key_sectors: tuple[KeySector, ...] = ()
    """Sectors that its plan named."""
    plan: Line | None = None
    """Title of the plan that the targets stand in."""
    plan_targets: tuple[PlanTarget, ...] = ()
    """What its plan set out to reach."""
    documents: tuple[Document, ...] = ()
    """The evidence library."""
    story: Story | None = None
    """The county chapter's opening words, in plain CommonMark."""
    images: dict[ImageName, ImageRecord] = Field(default_factory=dict, max_length=10)
    """Images that the story shows, by the names of their files in params/."""


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
    """Who was there or says so."""
    what: Text
    """What happened or was said."""


class Reference(Record):
    title: Line
    """As it stands on its cover."""
    url: Https | None = None
    """Where it can be read."""
    year: int | None = Field(default=None, ge=1800, le=2100)
    """In which it was published."""


class Narrative(Record):
    """The analyst's own words, in plain CommonMark. An empty field shows nothing."""

    summary: Text | None = None
    """One paragraph at the head of the page."""
    story: Story | None = None
    """What the figures do not say."""
    events: tuple[Event, ...] = Field(default=(), max_length=100)
    """What happened in the place, and who says so."""
    employers: tuple[Line, ...] = Field(default=(), max_length=100)
    """Employers that should be named."""
    references: tuple[Reference, ...] = Field(default=(), max_length=100)
    """What else has been written of the place."""


class _Place(Record):
    name: Annotated[str, StringConstraints(max_length=80)] = Field(min_length=1)
    """As people say it."""
    county: Slug | None = None
    """Name of the county's file; left out, the county that lists the district."""
    comparators: tuple[Role, ...] = Field(default=COMPARATORS, max_length=len(COMPARATORS))
    """Comparators shown, each where it is published."""
    peers: int = Field(default=5, ge=0, le=10)
    """How many of ONS's statistical neighbours in England are shown."""
    compare_with: dict[Annotated[str, StringConstraints(max_length=60)], Line] = Field(default_factory=dict, max_length=16)
    """What the page compares the place with, each with the reason that it shows: comparators, in place of a list of them; codes
    of districts, which stand in the statistical neighbours' place."""
    leave_out: dict[Slug, Line] = Field(default_factory=dict, max_length=100)
    """Measures and sections that the page leaves out, each with the reason that it shows."""
    review: Review | None = None
    """Filled in once somebody has reviewed the page; until then it says Draft."""
    narrative: Narrative = Narrative()
    """The analyst's own words."""
    images: dict[ImageName, ImageRecord] = Field(default_factory=dict, max_length=10)
    """Images that the words show, by the names of their files in params/."""
    explain: dict[FindingId, Text] = Field(default_factory=dict, max_length=20)
    """What those who know the place say to a finding, by its id in the ledger; it stands beside it in its tile."""

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

    @field_validator("compare_with", "leave_out", mode="before")
    @classmethod
    def _with_reasons(cls, given: Any, info: ValidationInfo) -> Any:
        if isinstance(given, (str, list)):
            such = "county" if info.field_name == "compare_with" else "employment-rate"
            raise ValueError(f"gives no reasons; write each on a line of its own, with its reason: `{such}: why`")
        return given

    @property
    def roles(self) -> tuple[Role, ...]:
        """The comparators that the page shows, in its order."""
        chosen = tuple(role for role in COMPARATORS if role in self.compare_with)
        shown = chosen or self.comparators
        return (*shown, "peer") if self.chosen_peers and "peer" not in shown else shown

    @property
    def chosen_peers(self) -> tuple[str, ...]:
        """Codes of the districts that were named in place of statistical neighbours, in the order of the file."""
        return tuple(name for name in self.compare_with if name not in COMPARATORS)


Word = TypeVar("Word", bound=str)


def _once(words: tuple[Word, ...], what: str) -> tuple[Word, ...]:
    """The words. Raises ValueError where one stands twice."""
    if twice := sorted(word for word, count in Counter(words).items() if count > 1):
        shown = ", ".join(twice[:5]) + (f" and {len(twice) - 5} others" if len(twice) > 5 else "")
        raise ValueError(f"lists {shown} more than once; name each {what} once")
    return words


def _as_list(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


ONE_OR_MORE = WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": DISTRICT}, {"type": "array", "items": {"type": "string", "pattern": DISTRICT}}]}
)
AREAS_OF = {"lsoas": "LSOA", "msoas": "MSOA", "wards": "ward", "parent": "district"}
"""What a field of a town lists."""


class DistrictPlace(_Place):
    """A place that is a whole district, unitary authority or London borough."""

    kind: Literal["district"]
    code: DistrictCode
    """GSS code of the district, as in force today."""


class GroupPlace(_Place):
    """A place that is several whole districts, such as the south west of a county."""

    kind: Literal["group"]
    districts: tuple[DistrictCode, ...] = Field(min_length=2, max_length=100)
    """GSS codes of its districts, as in force today."""

    @field_validator("districts")
    @classmethod
    def _districts_once(cls, districts: tuple[str, ...]) -> tuple[str, ...]:
        return _once(districts, "district")


class CountyPlace(_Place):
    """A place that is a county with districts, as the publishers of statistics count it."""

    kind: Literal["county"]
    code: CountyCode
    """GSS code of the county, such as E10000015."""


class TownPlace(_Place):
    """A place that is a best-fit set of 2021 LSOAs inside one district, or across several."""

    kind: Literal["town"]
    parent: Annotated[tuple[DistrictCode, ...], BeforeValidator(_as_list), ONE_OR_MORE] = Field(min_length=1, max_length=10)
    """GSS code of the district that it lies in, or a list of them."""
    lsoas: tuple[LsoaCode, ...] = Field(default=(), min_length=1, max_length=1_000)
    """Its 2021 LSOAs."""
    msoas: tuple[MsoaCode, ...] = Field(default=(), min_length=1, max_length=500)
    """Its 2021 MSOAs: all their LSOAs."""
    wards: tuple[WardCode, ...] = Field(default=(), min_length=1, max_length=200)
    """Its wards of 2024: the LSOAs that fit them best."""
    built_up_area: BuiltUpAreaCode | None = None
    """The built-up area of 2022 that it is: the LSOAs that lie in it, of these districts."""
    chosen: Text | None = None
    """How the areas were chosen, and how well they fit; a list of LSOAs must say it."""

    @field_validator("lsoas", "msoas", "wards", "parent")
    @classmethod
    def _areas_once(cls, codes: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return _once(codes, AREAS_OF[info.field_name or ""])

    @model_validator(mode="after")
    def _one_list(self) -> TownPlace:
        given = [name for name in SELECTIONS if getattr(self, name)]
        if len(given) != 1:
            what = f"names {' and '.join(given)}" if given else "names no areas"
            raise ValueError(f"{what}; write one of {', '.join(SELECTIONS)}")
        if self.lsoas and not self.chosen:
            raise ValueError("does not say how its LSOAs were chosen; write chosen: and a sentence that says it")
        return self


SELECTIONS = ("lsoas", "msoas", "wards", "built_up_area")
"""The ways to say which small areas a town is."""
AnyPlace = DistrictPlace | GroupPlace | CountyPlace | TownPlace
Place = Annotated[AnyPlace, Field(discriminator="kind")]
