"""How an indicator is read from its table: which rows, and what is done with them."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator

from placebook.catalogue.fields import Code, Label, Line, MeasureId, Period, Record, Slug

RANGE = re.compile(r"^(\d{1,3})\.\.(\d{1,3})$")


def expand_categories(categories: tuple[str, ...]) -> tuple[str, ...]:
    """Categories with each `65..90` written out as the whole numbers from 65 to 90."""
    codes: list[str] = []
    for category in categories:
        if span := RANGE.match(category):
            codes.extend(str(number) for number in range(int(span[1]), int(span[2]) + 1))
        else:
            codes.append(category)
    return tuple(codes)


def ranges_ascend(categories: tuple[str, ...]) -> tuple[str, ...]:
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
    times: Literal[1, 100] = 1
    """100 where the publisher gives a share as a part of one, and readers see per cent."""
    years: int = Field(default=1, ge=1, le=10)
    """So many yearly figures that follow one another, added up: a rate of one year is small beside its rounding."""


class Part(Record):
    measure: MeasureId
    """Measure of the table."""
    categories: tuple[Line, ...] = ()
    """Categories added up; `65..90` stands for whole numbers from 65 to 90. Empty: the row without category."""
    noun: Label | None = None
    """What is counted, as a sentence says it: `overcrowded households`. A town's share of them in its district is told."""

    _ascend = field_validator("categories")(ranges_ascend)


class Sum(Record):
    """Counts added up over categories, and over small areas for a town."""

    kind: Literal["sum"]
    of: Part
    """What is added up."""


class Whole(Part):
    source: Slug | None = None
    """Another source that publishes it; none: the measure's own."""
    period: Period | Literal["before"] | None = None
    """The one period that it is of, or `before`: its newest that is no later than the first day of the numerator's, as a year's
    offences are set over the residents of the June before. None: the same as the numerator's."""


class Share(Record):
    """A numerator over a denominator: counts, which are added up; or published rates, which are not."""

    kind: Literal["share"]
    numerator: Part
    """What is counted."""
    denominator: Whole
    """Of what it is a share."""
    per: Literal[1, 100, 1000, 100000] = 100
    """100 for a percentage."""
    rates: bool = False
    """Both are rates or averages as published, and what they imply together is for published areas alone."""


class Slice(Record):
    label: Label
    """As readers say it."""
    categories: tuple[Line, ...] = Field(min_length=1)
    """Categories of the table that it adds up; `0..4` stands for whole numbers from 0 to 4."""

    _ascend = field_validator("categories")(ranges_ascend)


class Composition(Record):
    """Parts of a whole: each slice's share of the published total, or of the sum of all slices."""

    kind: Literal["composition"]
    measure: MeasureId
    """The measure whose categories are shown."""
    slices: tuple[Slice, ...] = Field(min_length=2)
    """In the order in which readers expect them."""
    whole: Part | None = None
    """The published total, where there is one; none: all slices together."""
    order: Literal["as_listed", "by_value"] = "as_listed"
    """Bars in the order of the list (ages, sizes) or largest first."""
    drawn: bool = False
    """Whether bars of it stand on the page; its table is there without."""


class LocationQuotient(Record):
    """How concentrated each industry is: its share here over its share in the base.

    LQ = (e_i / e) / (E_i / E): above 1, the industry takes a larger share here than in the base.
    """

    kind: Literal["location_quotient"]
    measure: MeasureId
    """Counts by category."""
    slices: tuple[Slice, ...] = Field(min_length=2)
    """Industries, each with its categories; all together are the whole unless `whole` says otherwise."""
    whole: tuple[Line, ...] = ()
    """Categories that make up the whole; empty: all slices together."""
    base: tuple[Code, ...] = Field(min_length=1)
    """Area that the shares are compared with, of the same table; several are added up."""
    base_name: Label
    """Its name, as sentences say it."""

    _ascend = field_validator("whole")(ranges_ascend)


class Domain(Record):
    label: Label
    """As readers say it."""
    decile: MeasureId
    """The measure that holds deciles, 1 the most deprived."""
    rank: MeasureId
    """The measure that holds ranks."""


class SmallAreaIndex(Record):
    """An index published for small areas: never added up, only counted by decile and mapped."""

    kind: Literal["small_area_index"]
    decile: MeasureId
    """Measure that holds the decile, 1 the most deprived tenth in England."""
    rank: MeasureId
    """Measure that holds the rank, 1 the most deprived small area in England."""
    score: MeasureId | None = None
    """Measure that holds the score."""
    domains: tuple[Domain, ...] = ()
    """What the index is made of, each counted by decile beside it."""
    mapped: bool = True
    """Whether it is drawn; an earlier edition for context is counted in a sentence alone."""


class SmallAreaValues(Record):
    """Estimates published for each small area (modelled income): shown one by one, never added up."""

    kind: Literal["small_area_values"]
    measure: MeasureId
    """The measure that each small area is shown by."""
    category: Line | None = None
    """Of it, where it has categories."""


class Margin(Record):
    """A published total of an area's flows, those inside it included: a measure less others of the same table."""

    of: MeasureId
    """The measure that holds the total."""
    less: tuple[MeasureId, ...] = ()
    """Measures that are taken off it."""


class Flow(Record):
    """Counts from an area to a partner area. Shown only where the flows held add up to the published totals."""

    kind: Literal["flow"]
    measure: MeasureId
    """Measure of the table: area is the residence, partner the workplace."""
    category: Line | None = None
    """Category of the table that counts as a journey."""
    margin: Margin
    """Published total of all flows from an area."""
    margin_in: Margin | None = None
    """Published total of all flows into an area. Without it only the way out has a total."""
    within: MeasureId | None = None
    """Measure of those who travel inside their own area: the table's flows from it to itself."""
    abroad: MeasureId | None = None
    """Measure of those who work abroad or offshore: told beside those who travel out, never among them."""


Reads = Annotated[
    Published | Sum | Share | Composition | LocationQuotient | SmallAreaIndex | SmallAreaValues | Flow,
    Field(discriminator="kind"),
]


def adds_up(reads: Reads) -> bool:
    """Whether the figures of small areas or districts make up those of larger ones."""
    return isinstance(reads, (Sum, Composition, LocationQuotient)) or (isinstance(reads, Share) and not reads.rates)


def _own_parts(reads: Share) -> list[Part]:
    """The parts of a share that its own source publishes."""
    return [reads.numerator, *([] if reads.denominator.source else [reads.denominator])]


def measures_of(reads: Reads) -> tuple[str, ...]:
    """The measures of its own source that are read."""
    if isinstance(reads, Composition) and reads.whole:
        return tuple(dict.fromkeys((reads.measure, reads.whole.measure)))
    if isinstance(reads, (Published, Composition, LocationQuotient, SmallAreaValues)):
        return (reads.measure,)
    if isinstance(reads, Flow):
        margins = [m for m in (reads.margin, reads.margin_in) if m]
        named = [*(name for m in margins for name in (m.of, *m.less)), *(name for name in (reads.within, reads.abroad) if name)]
        return tuple(dict.fromkeys((reads.measure, *named)))
    if isinstance(reads, Sum):
        return (reads.of.measure,)
    if isinstance(reads, Share):
        return tuple(dict.fromkeys(part.measure for part in _own_parts(reads)))
    assert isinstance(reads, SmallAreaIndex)
    own = [m for m in (reads.decile, reads.rank, reads.score) if m]
    return (*own, *(m for domain in reads.domains for m in (domain.decile, domain.rank)))


def categories_of(reads: Reads) -> dict[str, tuple[str, ...]]:
    """The categories that are read of each measure of its own source."""
    if isinstance(reads, (Published, SmallAreaValues, Flow)):
        return {reads.measure: (reads.category or "",)}
    by_measure: dict[str, tuple[str, ...]] = {}
    parts = [reads.of] if isinstance(reads, Sum) else _own_parts(reads) if isinstance(reads, Share) else []
    if isinstance(reads, (Composition, LocationQuotient)):
        named = [c for s in reads.slices for c in s.categories]
        named += reads.whole if isinstance(reads, LocationQuotient) else ()
        by_measure[reads.measure] = expand_categories(tuple(named))
        parts = [reads.whole] if isinstance(reads, Composition) and reads.whole else []
    for part in parts:
        by_measure[part.measure] = by_measure.get(part.measure, ()) + (expand_categories(part.categories) or ("",))
    return by_measure
