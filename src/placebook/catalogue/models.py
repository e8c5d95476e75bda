"""Strict records of what people write: sources and indicators.

Each record refuses keys that it does not know, is frozen, and carries its own meaning: the
docstring under a field is the description in the generated JSON Schema. The record's id is the
name of its file, so it stands nowhere in the file.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from placebook.catalogue.aggregations import Reads, Share, ranges_ascend
from placebook.catalogue.fetches import Fetch
from placebook.catalogue.fields import Code, DistrictCode, Https, Level, Line, MeasureId, Period, Record, Sha256, Slug, Text
from placebook.catalogue.indicator_parts import Artefact, Break, Pooled, Says, Unusual
from placebook.catalogue.licences import Licence

# ---------------------------------------------------------------- sources

TABLE_PATH = (
    r"^data/((tables|geography(/[a-z0-9-]+)?)/[a-z0-9-]+\.(csv|geojson)"  # districts and what is larger
    r"|small-areas/[a-z0-9-]+\.parquet)$"
)


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
    minimum: float
    """No value may be smaller."""
    maximum: float
    """No value may be larger."""
    count: bool | None = None
    """Whether it counts people, households or firms; asked of figures of one's own, whose small counts are held back."""

    @model_validator(mode="after")
    def _range_ascends(self) -> TableMeasure:
        if self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum:g} is larger than maximum {self.maximum:g}; swap them")
        return self


class Table(Record):
    """One frozen table; written by `placebook refresh`, never by hand."""

    path: Annotated[str, StringConstraints(pattern=TABLE_PATH)]
    """Where it lies."""
    rows: int = Field(ge=1)
    """Its rows, the header not counted."""
    sha256: Sha256
    """SHA-256 of the file's bytes."""


class Refresh(Record):
    """How `placebook refresh` makes the table. Options depend on the adapter."""

    adapter: Slug
    """The publisher's layout, one of the adapters that `placebook refresh --help` lists."""
    files: tuple[Line, ...] = Field(min_length=1)
    """Files read, relative to the directory given with `--from`."""
    options: dict[str, str | int | float | bool | list[str] | dict[str, str] | None] = Field(default_factory=dict)
    """What else the adapter needs to know, e.g. which column holds the category."""


class Perturbation(Record):
    """By how many units a publisher's protection against disclosure may move a count."""

    small_area: int = Field(ge=1)
    """In one small area."""
    total: int = Field(ge=1)
    """In a total over many small areas."""


class Excused(Record):
    """Figures that may lie apart."""

    areas: tuple[Code, ...] = Field(min_length=1)
    """Areas that it holds for."""
    periods: tuple[Period, ...] = Field(min_length=1)
    """Periods that it holds for."""
    reason: Line
    """Why, in a reader's words."""


class Agrees(Record):
    """Another source that counts nearly the same: each district's ratio to it lies in a range."""

    measure: MeasureId
    """Measure of this source, the row without category."""
    source: Slug
    """The other source."""
    other: MeasureId
    """Measure of the other source, in the same year."""
    at_least: float = Field(gt=0)
    """The ratio is nowhere smaller."""
    at_most: float
    """The ratio is nowhere larger."""
    but: tuple[Excused, ...] = ()
    """Where it is, and why that is right."""


class Weight(Record):
    """A denominator, as far as another table holds it."""

    source: Slug
    """The source that holds the denominator."""
    measure: MeasureId
    """Its measure of it."""
    categories: tuple[Line, ...] = ()
    """Categories added up; empty: the row without category."""

    _ascend = field_validator("categories")(ranges_ascend)


class AddsUp(Record):
    """Counts that make up larger areas' counts when they are added."""

    measures: tuple[MeasureId, ...] = Field(min_length=1)
    """Measures whose districts add up to counties, regions and England."""
    beside: Weight | None = None
    """What the counts are set against, residents say, to see whether a merged district has only a former one's."""
    within: float = Field(default=0, ge=0)
    """How far the sum may lie from the larger area's figure besides rounding and perturbation, as a share of it."""
    because: Line | None = None
    """Why the parts need not make up the whole exactly, in a reader's words."""

    @model_validator(mode="after")
    def _says_why(self) -> AddsUp:
        if self.within and not self.because:
            raise ValueError("lets sums lie apart and does not say why; write because")
        return self


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
    own: bool | None = None
    """Whether the figures are an analyst's own, and no publisher's, who protects those that they are counts of."""
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
    perturbation: Perturbation | None = None
    """Of Census counts: nothing smaller than this is called a difference."""
    rounded_to: int | None = Field(default=None, ge=2)
    """The publisher rounds counts to multiples of this: nothing smaller is called a difference."""
    adds_up: AddsUp | None = None
    """Counts that are checked to add up from districts to larger areas; only these are added up after a merger."""
    added_up_from: dict[DistrictCode, tuple[DistrictCode, ...]] = Field(default_factory=dict)
    """Districts made by a merger whose figures here are the sums of the former districts': each with these."""
    held_for: tuple[Code, ...] = ()
    """Areas that the book holds figures in, where the publisher has them for all: elsewhere the page says *not held*."""
    only_former: tuple[DistrictCode, ...] = ()
    """Districts made by a merger for which only the former ones are published, in figures that are never added up."""
    agrees_with: tuple[Agrees, ...] = ()
    """Other sources that its counts are held against."""
    measures: dict[MeasureId, TableMeasure] = Field(default_factory=dict)
    """Measures in the tables, each with its unit and the range of its values. Only a source of geography files has none."""
    refresh: Refresh | None = None
    """How the tables of districts and larger areas are made again."""
    small_areas: Refresh | None = None
    """How the table of small areas (LSOAs, MSOAs) is made again."""
    fetch: tuple[Fetch, ...] = ()
    """From where `placebook refresh` gets the files. A block none of whose files stands here is made from files by hand."""
    manual: Text | None = None
    """Where no interface has them: how somebody gets the files, for `placebook refresh --from`."""
    corrected: tuple[Text, ...] = ()
    """Written by `placebook refresh`: what `data/corrections.yml` corrects in its tables, and on what evidence."""
    keeps_earlier: Line | None = None
    """Of a publisher who serves the newest periods alone: why those fetched before are kept, in a reader's words."""
    tables: tuple[Table, ...] = ()
    """Written by `placebook refresh`."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of its figures is told: its caveats, and what is corrected in it."""
        return (*self.caveats, *self.corrected)

    @model_validator(mode="after")
    def _says_how_it_is_made(self) -> Source:
        if not (self.refresh or self.small_areas):
            raise ValueError("does not say how its tables are made; write refresh, small_areas or both")
        return self

    @model_validator(mode="after")
    def _fetches_files_that_it_reads(self) -> Source:
        read = {file for block in (self.refresh, self.small_areas) if block for file in block.files}
        if unread := [one.file for one in self.fetch if one.file not in read]:
            raise ValueError(f"fetches {', '.join(unread)}, which no adapter reads; name it under files")
        if len({one.file for one in self.fetch}) < len(self.fetch):
            raise ValueError("fetches a file twice; leave one of them out")
        return self


# ---------------------------------------------------------------- indicators

Role = Literal["parent", "county", "itl3", "region", "country", "peer"]
Unit = Literal[
    "percent",
    "pounds",
    "pounds-million",
    "ratio",
    "count",
    "years",
    "score",
    "per-100000",
    "per-10000",
    "per-1000",
    "tonnes-co2e",
    "kwh",
    "minutes",
    "decile",
    "vehicles-per-day",
    "quotient",
    "rank",
]


class Indicator(Record):
    """One declared measure."""

    id: Slug
    """Stable name; ledgers and addresses are built on it."""
    title: Line
    """Heading, without the place's name."""
    phrase: Line
    """As a sentence says it, with its article: `the employment rate`."""
    plural: bool = False
    """Whether the phrase is a plural: `emissions per head were`."""
    question: Line
    """The question that it answers."""
    definition: Text
    """What is counted, of whom, where from."""
    unit: Unit
    """In what it is counted."""
    unit_words: Line
    """The unit in words, as an axis says it: `% of people aged 16 to 64`."""
    decimals: int = Field(ge=0, le=3)
    """Decimals that readers see."""
    polarity: Literal["higher_is_better", "lower_is_better", "neither"]
    """Whether more of it is better."""
    measure: Literal["count", "share", "rate", "median", "mean", "ratio", "index", "modelled"]
    """What sort of number it is: what may be tested and added up depends on it."""
    uncertainty: Literal["limits", "full_count", "estimate_without_limits", "modelled"]
    """`limits`: the publisher gives limits. `full_count`: counted, not estimated. `modelled`: from a
    model, with limits where published. `estimate_without_limits`: an estimate that comes without them."""
    counts: Literal["events", "stock", "none"] | None = None
    """What is counted. `events` (births of firms, results of one year) would have come out otherwise by
    chance and are tested; a `stock` (tenure, age, coverage) is what it is; `none`: neither (a median, an
    index, what clusters). Required of full counts and of shares that the book works out."""
    figure_rounded_to: float | None = Field(default=None, gt=0)
    """The publisher rounds the figure itself to multiples of this, so that a mean of several may be off by half."""
    pooled: Pooled | None = None
    """Of a sample survey: how its newest readings are taken together."""
    lockdown: bool = False
    """Work, learning or travel, which the lockdowns changed: no change is counted from one of those years."""
    base_from: Period | None = None
    """No change is counted from an earlier period."""
    artefact: Artefact | None = None
    """Where a district's figure is an artefact of registers."""
    barred_by: Slug | None = None
    """The artefact whose years make no strength, challenge or title of this measure."""
    price_basis: Literal["current", "real", "none"] = "none"
    """Of money: in the prices of each year, or without price changes."""
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
    """Where its figures before and after cannot be set side by side."""
    caveats: tuple[Text, ...] = ()
    """What a reader must know beside the source's own caveats."""
    concept: Slug | None = None
    """What it is a measure of: of several measures of one concept only the first declared may be a
    strength or a challenge."""
    comparator_overlap: Literal["linear", "unknown"] = "unknown"
    """`linear`: a mean or proportion, so a larger area's figure is the weighted mean of its parts'."""
    weight: Weight | None = None
    """Where its denominator is held: gives a place's share of a comparator that contains it."""
    similar_within: float | None = Field(default=None, gt=0)
    """Difference, in the indicator's unit, below which two areas may be called similar."""
    sample_repeats: int = Field(default=0, ge=0)
    """Years for which a rolling survey keeps asking the same people; 0: samples are independent."""
    smoothed: bool = False
    """The publisher smooths the series over time, so that it carries no trend test."""
    no_change_because: Line | None = None
    """Why no change over time may be stated at all, in a reader's words."""
    unusual: tuple[Unusual, ...] = ()
    """Figures of single areas and periods that no claim may rest on."""
    inside: Literal["lsoa", "msoa"] | None = None
    """Shown for every small area of the place too, at this level."""
    headline: int | None = Field(default=None, ge=1, le=12)
    """Its place among the headline figures, if it is one."""
    town_headline: int | None = Field(default=None, ge=1, le=12)
    """Its place among the headline figures of a town, which small areas must show."""
    priority: float = Field(default=0.4, ge=0, le=1)
    """How much it matters to the strategy: 1 what the strategy asks for, under 0.5 nothing that opens a page, 0 never told."""
    says: Says | None = None
    """Its headlines; without them it opens no page."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source that it is made from, its own first."""
        beside = self.reads.denominator.source if isinstance(self.reads, Share) else None
        return (self.source, beside) if beside else (self.source,)

    @model_validator(mode="after")
    def _says_what_is_counted(self) -> Indicator:
        if self.counts is None and (self.uncertainty == "full_count" or self.reads.kind in ("share", "composition")):
            raise ValueError(f"{self.id} does not say what is counted; write counts: events, stock or none")
        if self.priority >= 0.5 and self.says is None:
            raise ValueError(f"{self.id} has a priority of {self.priority} and no headline; write says: more, less and short")
        if self.pooled and self.uncertainty not in ("limits", "modelled"):
            raise ValueError(f"{self.id} is pooled, but has no limits to pool; remove pooled")
        return self


class Measure(Indicator):
    """A measure of one's own: a file in data/measures/, named as the measure."""

    section: Slug
    """The section that it stands in, at the end: `people`."""


class Theme(Record):
    """One file of indicators and one section of the page."""

    title: Line
    """Heading of the section."""
    question: Line
    """What the section answers."""
    maps: bool = False
    """Whether it shows small maps of every measure that is known inside the place."""
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    """Its measures, in the order in which they stand."""
