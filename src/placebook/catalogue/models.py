"""Strict records of what people write: sources and indicators.

Each record refuses keys that it does not know, is frozen, and carries its own meaning: the
docstring under a field is the description in the generated JSON Schema. The record's id is the
name of its file, so it stands nowhere in the file.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Union

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MEASURE = r"^[a-z0-9]+(_[a-z0-9]+)*$"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def printable(text: str) -> str:
    """The text itself. Raises ValueError where it holds a character that nobody can see."""
    if found := CONTROL.search(text):
        raise ValueError(
            f"holds the control character U+{ord(found.group()):04X}; delete it and type the text again"
        )
    return text


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(printable)]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300, strip_whitespace=True, pattern=r"^[^\n]*$"),
    AfterValidator(printable),
]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=60)]
MeasureId = Annotated[str, StringConstraints(pattern=MEASURE, max_length=60)]
Code = Annotated[str, StringConstraints(pattern=r"^[EKNSWT][A-Z0-9]{1,8}$")]
LsoaCode = Annotated[str, StringConstraints(pattern=r"^E01\d{6}$")]
DistrictCode = Annotated[str, StringConstraints(pattern=r"^E0[6789]\d{6}$")]
Https = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"']+$", max_length=500)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Period = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(/P[1-9]\d?[YM])?$")
]

Level = Literal[
    "lsoa", "msoa", "ward", "district", "county", "itl3", "itl2", "itl1", "region", "country", "uk"
]
Licence = Literal["OGL-UK-3.0", "OPL-UK-3.0"]
LICENCES: dict[str, tuple[str, str]] = {
    "OGL-UK-3.0": (
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "OPL-UK-3.0": (
        "Open Parliament Licence v3.0",
        "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/",
    ),
}


class Record(BaseModel):
    """What all records share: unknown keys refused, values never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


# ---------------------------------------------------------------- sources


class SourceGeography(Record):
    levels: tuple[Level, ...] = Field(min_length=1)
    """Levels that the table holds, smallest first."""
    vintage: Line
    """Boundaries that the codes belong to, as the publisher names them, e.g. `April 2023 districts`."""


class ReadFrom(Record):
    """Where the frozen figures were read from, where that is not the publisher's own page."""

    repository: Line
    """Public repository, `owner/name`."""
    path: Line
    """Path of the file in it."""
    commit: Line
    """Commit, in full, or why there are several."""


class TableMeasure(Record):
    label: Line
    """The measure as the publisher writes it."""
    unit: Line
    """Unit of the value as stored, in words."""
    minimum: float | None = None
    """No value may be smaller."""
    maximum: float | None = None
    """No value may be larger."""

    @model_validator(mode="after")
    def _range_ascends(self) -> TableMeasure:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum:g} is larger than maximum {self.maximum:g}; swap them")
        return self


class Table(Record):
    """One frozen table; written by `placebook refresh`, never by hand."""

    path: Annotated[str, StringConstraints(pattern=r"^data/(tables|geography(/[a-z0-9-]+)?)/[a-z0-9-]+\.(csv|geojson)$")]
    """Where it lies."""
    rows: int = Field(ge=1)
    """Rows below the header."""
    sha256: Sha256
    """SHA-256 of the file's bytes."""


class Refresh(Record):
    """How `placebook refresh` makes the table. Options depend on the adapter."""

    adapter: Slug
    """The publisher's layout, one of the adapters that `placebook refresh --help` lists."""
    files: tuple[Line, ...] = Field(min_length=1)
    """Files read, relative to the directory given with `--from`."""
    options: dict[str, Union[str, int, float, bool, list[str], dict[str, str], None]] = Field(
        default_factory=dict
    )
    """What else the adapter needs to know, e.g. which column holds the category."""


class Source(Record):
    """One published data set: who publishes it, under which licence, and the tables that it fills."""

    title: Line
    """Title as published."""
    publisher: Line
    """Who publishes it."""
    landing_page: Https
    """The publisher's page about it."""
    query: Text
    """How the figures are asked for, so that a stranger gets the same ones."""
    read_from: ReadFrom | None = None
    """Where the frozen figures were read from, if not at the publisher's."""
    licence: Licence
    """Licence, by its id."""
    attribution: Line
    """The line that the licence asks for."""
    geography: SourceGeography
    """Levels and boundary vintage."""
    period: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}$")]
    """First and last day that the figures cover."""
    released: date | None = None
    """The day when the publisher released this edition, where known."""
    retrieved: date
    """The day when the frozen figures were taken."""
    next_release: date | Literal["not announced"] = "not announced"
    """When the publisher expects the next edition."""
    caveats: tuple[Text, ...] = ()
    """What a reader must know, one idea a line."""
    measures: dict[MeasureId, TableMeasure] = Field(default_factory=dict)
    """Measures in the tables, each with its unit and the range that no value leaves. Only a source of
    geography files has none."""
    refresh: Refresh
    """How the tables are made again."""
    tables: tuple[Table, ...] = ()
    """Written by `placebook refresh`."""


# ---------------------------------------------------------------- indicators

Role = Literal["parent", "county", "itl3", "region", "country", "peer"]
Unit = Literal[
    "percent", "pounds", "pounds-million", "ratio", "count", "years", "score", "per-100000",
    "per-10000", "per-1000", "tonnes-co2e", "kwh", "minutes", "decile", "vehicles-per-day",
]  # fmt: skip


RANGE = re.compile(r"^(\d{1,3})\.\.(\d{1,3})$")


def expand_categories(categories: tuple[str, ...]) -> tuple[str, ...]:
    """Categories with each `65..90` written out as the whole numbers from 65 to 90."""
    found: list[str] = []
    for category in categories:
        if span := RANGE.match(category):
            found.extend(str(number) for number in range(int(span[1]), int(span[2]) + 1))
        else:
            found.append(category)
    return tuple(found)


def _ranges_ascend(categories: tuple[str, ...]) -> tuple[str, ...]:
    """The categories. Raises ValueError for `90..65`, which would stand for no category at all."""
    for category in categories:
        if (span := RANGE.match(category)) and int(span[1]) > int(span[2]):
            raise ValueError(f"{category} runs backwards; write {span[2]}..{span[1]}")
    return categories


class Published(Record):
    """The value as published, one row of the table."""

    kind: Literal["published"]
    measure: MeasureId
    """Measure of the table."""
    category: Line | None = None
    """Category of the table, where it has categories."""


class Part(Record):
    measure: MeasureId
    """Measure of the table."""
    categories: tuple[Line, ...] = ()
    """Categories added up; `65..90` stands for whole numbers from 65 to 90. Empty: the row without category."""

    _ascend = field_validator("categories")(_ranges_ascend)


class Sum(Record):
    """Counts added up over categories, and over small areas for a town."""

    kind: Literal["sum"]
    of: Part


class Share(Record):
    """A numerator over a denominator, both counts of the same table."""

    kind: Literal["share"]
    numerator: Part
    denominator: Part
    per: Literal[1, 100, 1000, 100000] = 100
    """100 for a percentage."""


class Slice(Record):
    label: Line
    """As readers say it."""
    categories: tuple[Line, ...] = Field(min_length=1)
    """Categories of the table that it adds up; `0..4` stands for whole numbers from 0 to 4."""

    _ascend = field_validator("categories")(_ranges_ascend)


class Composition(Record):
    """Parts of a whole: each slice's share of the sum of all slices."""

    kind: Literal["composition"]
    measure: MeasureId
    slices: tuple[Slice, ...] = Field(min_length=2)
    """In the order in which readers expect them."""
    order: Literal["as_listed", "by_value"] = "as_listed"
    """Bars in the order of the list (ages, sizes) or largest first."""


class SmallAreaIndex(Record):
    """An index published for small areas: never added up, only counted by decile and mapped."""

    kind: Literal["small_area_index"]
    decile: MeasureId
    """Measure that holds the decile, 1 the most deprived tenth in England."""
    rank: MeasureId
    """Measure that holds the rank, 1 the most deprived small area in England."""
    score: MeasureId | None = None
    """Measure that holds the score."""


class Flow(Record):
    """Counts from an area to a partner area."""

    kind: Literal["flow"]
    measure: MeasureId
    """Measure of the table: area is the residence, partner the workplace."""
    category: Line | None = None
    """Category of the table that counts as a journey."""


Reads = Annotated[
    Union[Published, Sum, Share, Composition, SmallAreaIndex, Flow], Field(discriminator="kind")
]


class Break(Record):
    period: Period
    """First period that cannot be compared with those before it."""
    reason: Line
    """Why, in a reader's words."""


class Indicator(Record):
    """One declared measure."""

    id: Slug
    """Stable name; ledgers and addresses are built on it."""
    title: Line
    """Heading, without the place's name."""
    phrase: Line
    """As a sentence says it, with its article: `the employment rate`."""
    question: Line
    """The question that it answers."""
    definition: Text
    """What is counted, of whom, where from."""
    unit: Unit
    unit_words: Line
    """The unit in words, as an axis says it: `% of people aged 16 to 64`."""
    decimals: int = Field(ge=0, le=3)
    """Decimals that readers see."""
    polarity: Literal["higher_is_better", "lower_is_better", "neither"]
    measure: Literal["count", "share", "rate", "median", "mean", "ratio", "index", "modelled"]
    uncertainty: Literal["limits", "full_count", "estimate_without_limits", "modelled"]
    """`limits`: the publisher gives limits. `full_count`: counted, not estimated. `modelled`: from a
    model, with limits where published. `estimate_without_limits`: an estimate that comes without them."""
    price_basis: Literal["current", "real", "none"] = "none"
    source: Slug
    """Name of the source's file."""
    reads: Reads
    """Which rows, and what is done with them."""
    levels: tuple[Level, ...] = Field(min_length=1)
    """Levels for which the source really publishes it."""
    comparators: tuple[Role, ...] = ()
    """Comparators that the source really publishes."""
    period_style: Literal["auto", "year", "month", "day", "edition"] = "auto"
    """How its period is said; `auto` reads it off the period."""
    from_period: Period | None = None
    """Earlier periods are left out (of another definition, say)."""
    breaks: tuple[Break, ...] = ()
    caveats: tuple[Text, ...] = ()
    """What a reader must know beside the source's own caveats."""
    headline: int | None = Field(default=None, ge=1, le=12)
    """Its place among the headline figures, if it is one."""
    in_strip: bool = True
    """Whether the theme's comparison strip has a row for it."""


class Theme(Record):
    """One file of indicators and one section of the page."""

    title: Line
    """Heading of the section."""
    question: Line
    """What the section answers."""
    indicators: tuple[Indicator, ...] = Field(min_length=1)
