"""The back test: figures that publishers printed elsewhere beside those that this project computes of its own tables.

``docs/quality/backtest.yml`` holds what was printed, word for word; ``tools/quality.py`` writes the page.
"""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from placebook.catalogue import yaml_reader
from placebook.catalogue.fields import Code, MeasureId, Period, Record, Slug
from placebook.catalogue.load import Catalogue
from placebook.evidence.series import values_of
from placebook.evidence.store import Store
from placebook.evidence.values import Group
from placebook.paths import Project

Words = Annotated[str, StringConstraints(min_length=1, max_length=600, pattern=r"^[^<>\n]+$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9.-]+/[^\s<>()|]+$", max_length=300)]
REASONS = {
    "earlier": "of an earlier release than the table’s",
    "definition": "of another definition",
    "unknown": "for a reason that is not known for certain",
}


class OfIndicator(Record):
    """A measure of the book, as its pages compute it."""

    kind: Literal["indicator"]
    indicator: Slug


class Cell(Record):
    """A cell of a table; as a share of another one, or its growth."""

    kind: Literal["cell"]
    source: Slug
    measure: MeasureId
    category: str = ""
    percent_of: str | None = None
    """The category of the same area that it is a percentage of."""
    percent_of_area: Code | None = None
    """The area whose same cell it is a percentage of."""
    with_areas: tuple[Code, ...] = ()
    """Areas whose cells are added to it."""
    since: Period | None = None
    """The period since which its growth is counted, per cent."""


class Count(Record):
    """How many small areas of the area, or districts of England, have a value within bounds."""

    kind: Literal["count"]
    source: Slug
    measure: MeasureId
    of: Literal["small areas", "districts"]
    at_most: float | None = None
    above: float | None = None
    percent: bool = False
    """Their share of all that are held."""


class Printed(Record):
    """One figure as it was printed, and where the project has it."""

    written: Words
    printed: Decimal
    decimals: int = Field(ge=-6, le=4)
    area: Code
    period: Period
    figure: Annotated[OfIndicator | Cell | Count, Field(discriminator="kind")]
    differs: Literal["earlier", "definition", "unknown"] | None = None
    because: Words | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Printed":
        if (self.differs is None) != (self.because is None):
            raise ValueError("`differs` and `because` stand together")
        if rounded(self.printed, self.decimals) != self.printed:
            raise ValueError(f"{self.printed} is not printed to {self.decimals} decimals")
        return self


class Passage(Record):
    """Words of a page, unchanged, and the figures in them."""

    quote: Words
    figures: tuple[Printed, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_the_quote(self) -> "Passage":
        for figure in self.figures:
            if figure.written not in self.quote:
                raise ValueError(f"the quote has no «{figure.written}»")
        return self


class Publication(Record):
    """A page of a publisher."""

    title: Words
    publisher: Words
    address: Address
    seen: date
    passages: tuple[Passage, ...] = Field(min_length=1)


class BackTest(Record):
    """All of them."""

    publications: tuple[Publication, ...]

    @property
    def figures(self) -> tuple[Printed, ...]:
        return tuple(figure for each in self.publications for passage in each.passages for figure in passage.figures)


def read(path: Path) -> BackTest:
    """The file, strictly. Raises ValueError with what is wrong."""
    document = yaml_reader.read(path, path.name)
    if document.faults:
        raise ValueError("\n".join(map(str, document.faults)))
    return TypeAdapter(BackTest).validate_python(document.data)


def rounded(number: Decimal, decimals: int) -> Decimal:
    """Half up, to ``decimals`` places; to tens, hundreds, thousands where it is below zero."""
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


class Figures:
    """The project's own figures, by the code that its pages are made with."""

    def __init__(self, project: Project):
        self.catalogue = Catalogue.open(project)
        self.store = Store.open(project, self.catalogue.sources, self.catalogue.areas)

    def of(self, printed: Printed) -> float:
        """The figure that belongs to a printed one. Raises LookupError where the project has none."""
        figure = printed.figure
        if isinstance(figure, OfIndicator):
            return self._indicator(figure, printed.area, printed.period)
        if isinstance(figure, Count):
            return self._count(figure, printed.area, printed.period)
        return self._cell(figure, printed.area, printed.period)

    def area(self, printed: Printed) -> str:
        """Its name; of several that are added up, all of theirs."""
        more = printed.figure.with_areas if isinstance(printed.figure, Cell) else ()
        return ", ".join(self.catalogue.areas[code].name for code in (printed.area, *more))

    def measure(self, printed: Printed) -> str:
        """What is measured, in the words of the measure or its source."""
        figure = printed.figure
        if isinstance(figure, OfIndicator):
            return self.catalogue.indicators[figure.indicator].title
        label = self.catalogue.sources[figure.source].measures[figure.measure].label
        if isinstance(figure, Count):
            return f"{label}: {'share' if figure.percent else 'number'} of {figure.of}{_bounds(figure)}"
        share = " (%)" if figure.percent_of is not None or figure.percent_of_area or figure.since else ""
        return f"{label}{', ' if figure.category else ''}{figure.category}{share}"

    def _indicator(self, figure: OfIndicator, area: str, period: str) -> float:
        indicator = self.catalogue.indicators[figure.indicator]
        group = Group("place", area, self.catalogue.areas[area].name, "", "direct", (area,))
        series = values_of(self.store, indicator, self.store.table_path(indicator.source), [group])
        return next(value.number for value in series.get(group, ()) if value.period == period)

    def _cell(self, figure: Cell, area: str, period: str) -> float:
        def cell(code: str, when: str, category: str) -> float:
            cells = self.store.cells(
                figure.source, ("period", "value"), measure=figure.measure, category=category, areas=[code], partner=""
            )
            return next(float(value) for of, value in cells if of == when)

        value = sum(cell(code, period, figure.category) for code in (area, *figure.with_areas))
        if figure.percent_of is not None:
            return 100 * value / cell(area, period, figure.percent_of)
        if figure.percent_of_area:
            return 100 * value / cell(figure.percent_of_area, period, figure.category)
        return 100 * (value / cell(area, figure.since, figure.category) - 1) if figure.since else value

    def _count(self, figure: Count, area: str, period: str) -> float:
        if figure.of == "small areas":
            rows = self.store.small_rows(figure.source, figure.measure, [""])
            inside = rows[rows.area.isin(self._small(area))] if self.catalogue.areas[area].level == "district" else rows
        else:
            districts = [each.code for each in self.catalogue.areas.of_level("district")]
            rows = self.store.rows(figure.source, measure=figure.measure, areas=districts)
            inside = rows[rows.period == period]
        held = inside.value
        within = held[(held <= figure.at_most) if figure.at_most is not None else held == held]
        within = within[within > figure.above] if figure.above is not None else within
        return 100 * len(within) / len(held) if figure.percent else float(len(within))

    def _small(self, district: str) -> set[str]:
        registry = self.catalogue.areas.registry
        return {code for code, around in registry.districts.items() if around == district}


def _bounds(figure: Count) -> str:
    if figure.at_most is not None:
        return f" of at most {figure.at_most:g}"
    return f" above {figure.above:g}" if figure.above is not None else ""


class Row(NamedTuple):
    """A printed figure beside the project's."""

    publication: Publication
    passage: Passage
    printed: Printed
    value: float

    @property
    def agrees(self) -> bool:
        """Whether the project's, rounded as far as the other is printed, is that one."""
        return rounded(Decimal(repr(self.value)), self.printed.decimals) == self.printed.printed


def rows(test: BackTest, figures: Figures) -> Iterator[Row]:
    """Every printed figure with the project's, in the order of the file."""
    for publication in test.publications:
        for passage in publication.passages:
            for printed in passage.figures:
                yield Row(publication, passage, printed, figures.of(printed))


def shown(value: float, decimals: int) -> str:
    """With commas, to so many decimals, half up."""
    return f"{rounded(Decimal(repr(value)), decimals):,f}"
