"""From readings to what the figures and tables of a page take: rows, lines, bars, cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

from placebook.evidence import periods
from placebook.evidence.ratios import ratios
from placebook.evidence.reading import Comparator, Reading
from placebook.evidence.values import Value, at
from placebook.figures.bars import Bar, Mark
from placebook.figures.lines import Line
from placebook.figures.tables import Cell, Table
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.report.ledger import Ledger

# A line needs this many numbers before it says more than they do.
ENOUGH_PERIODS = 3


def in_panel(readings: Sequence[Reading]) -> list[Reading]:
    """Readings of one number with a history."""
    return [
        reading
        for reading in readings
        if len(reading.now) == 1
        and not reading.details
        and sum(value.value is not None for value in reading.series) >= ENOUGH_PERIODS
    ]


def role_names(readings: Sequence[Reading]) -> list[tuple[str, str]]:
    """The comparators that these readings show, as a legend names them."""
    named: dict[str, list[str]] = {}
    for reading in readings:
        for comparator in reading.comparators:
            if at(comparator.series, reading.period):
                named.setdefault(comparator.role, [])
                if comparator.name not in named[comparator.role]:
                    named[comparator.role].append(comparator.name)
    order = ("parent", "county", "itl3", "region", "country", "peer")
    return [(role, "statistical neighbours" if role == "peer" else " / ".join(named[role])) for role in order if role in named]


def _compared_over_time(reading: Reading) -> list[Comparator]:
    wanted = ("parent", "county", "region", "country")
    return [c for c in reading.comparators if c.role in wanted and c.series]


def _drawn_over_time(reading: Reading) -> list[Comparator]:
    # Totals of a region or of England beside a district's would only say that it is smaller.
    return [] if reading.indicator.measure == "count" else _compared_over_time(reading)


def lines(reading: Reading) -> list[Line]:
    """A measure over time, its comparators first, so that the place lies on top."""
    every = [_line(comparator.role, comparator.name, comparator.series) for comparator in _drawn_over_time(reading)]
    return _in_view([*every, _line("place", reading.subject.name, reading.series)])


def _in_view(lines: Sequence[Line]) -> list[Line]:
    """All lines from the year in which the place's own begins."""
    first = min(lines[-1].years)
    cut = []
    for line in lines:
        keep = [year >= first - 0.01 for year in line.years]
        values, lower, upper = (tuple(compress(column, keep)) for column in (line.values, line.lower, line.upper))
        cut.append(Line(line.role, line.name, tuple(compress(line.years, keep)), values, lower, upper))
    return cut


def _line(role: str, name: str, series: Sequence[Value]) -> Line:
    limits = any(value.has_limits for value in series)
    return Line(
        role,
        name,
        tuple(periods.span(value.period).decimal_year for value in series),
        tuple(value.value for value in series),
        tuple(value.lower for value in series) if limits else (),
        tuple(value.upper for value in series) if limits else (),
    )


def ratio_lines(values: Sequence[Value], subject: str, name: str, role: str = "place") -> list[Line]:
    """A ratio over time, the comparator at 100."""
    years = tuple(periods.span(value.period).decimal_year for value in values)
    return [
        Line("country", name, years, tuple(100.0 for _ in values)),
        Line(role, subject, years, tuple(value.value for value in values)),
    ]


def ratio_table(reading: Reading, values: Sequence[Value], name: str, ledger: Ledger) -> Table:
    """Exactly what a ratio's chart draws."""
    rows = tuple(
        (
            Cell(write.period(v.period, reading.indicator.period_style)),
            Cell(write.quantity(v.value, "ratio", 1, v.markers), ledger.add(v)),
        )
        for v in values
    )
    title = f"{reading.indicator.title} in {reading.subject.name}, {name} = 100"
    return Table(title, ("Period", reading.subject.name), rows)


def panel_table(reading: Reading, ledger: Ledger) -> Table:
    """One measure over time: a row a period, a column an area."""
    compared = _drawn_over_time(reading)
    style = reading.indicator.period_style
    rows = []
    for value in reading.series:
        cells = [Cell(write.period(value.period, style))]
        for series in (reading.series, *(comparator.series for comparator in compared)):
            same = at(series, value.period)
            cells.append(_period_cell(reading, same[0], ledger) if same else Cell(write.NOT_PUBLISHED))
        rows.append(tuple(cells))
    title = f"{reading.indicator.title}, {reading.indicator.unit_words}"
    columns = ("Period", reading.subject.name, *(comparator.name for comparator in compared))
    return Table(title, columns, tuple(rows))


def series_tables(readings: Sequence[Reading], ledger: Ledger) -> list[Table]:
    """The history of each measure that has one; of money in current prices with England, or the region, as 100 too."""
    made = []
    for reading in in_panel(readings):
        made.append(panel_table(reading, ledger))
        if reading.indicator.price_basis == "current" and reading.indicator.measure != "count":
            name, values = ratios(reading)
            made += [ratio_table(reading, values, name, ledger)] if len(values) >= ENOUGH_PERIODS else []
    return made


def _period_cell(reading: Reading, value: Value, ledger: Ledger) -> Cell:
    own = value.role == "place"  # limits are drawn for the place alone
    limits = wording.limits(value, reading.indicator) if own else ""
    amount = write.quantity(value.value, write.brief_unit(value.unit), reading.indicator.decimals, value.markers)
    return Cell(f"{amount}{limits}", ledger.add(value))


def composition_bars(reading: Reading) -> list[Bar]:
    """A bar for each slice, in the order that the indicator declares."""
    slices = [value for value in reading.now if value.value is not None]
    reads = reading.indicator.reads
    if getattr(reads, "order", "") == "by_value":
        slices.sort(key=lambda value: (-(value.value or 0), value.category))
    return [
        Bar(
            value.category,
            value.value or 0,
            wording.amount(value, reading.indicator),
            tuple(
                Mark(comparator.role, comparator.name, same.value)
                for comparator in _compared_now(reading)
                for same in at(comparator.series, reading.period)
                if same.category == value.category and same.value is not None
            ),
        )
        for value in slices
    ]


def _compared_now(reading: Reading) -> list[Comparator]:
    return [c for c in reading.comparators if c.role in ("parent", "county", "region", "country")]


def composition_table(reading: Reading, ledger: Ledger) -> Table:
    """Exactly what the composition's bars draw."""
    compared = [c for c in _compared_now(reading) if at(c.series, reading.period)]
    rows = []
    for value in reading.now:
        cells = [
            Cell(value.category),
            Cell(wording.amount(value, reading.indicator), ledger.add(value)),
        ]
        for comparator in compared:
            same = [v for v in at(comparator.series, reading.period) if v.category == value.category]
            cells.append(
                Cell(wording.amount(same[0], reading.indicator), ledger.add(same[0])) if same else Cell(write.NOT_PUBLISHED)
            )
        rows.append(tuple(cells))
    title = f"{reading.indicator.title}, {reading.indicator.unit_words}, {wording.said_period(reading)}"
    return Table(title, ("Group", reading.subject.name, *(c.name for c in compared)), tuple(rows))


def index_table(reading: Reading, ledger: Ledger) -> Table:
    """Every small area of the map, most deprived first, and the count by decile."""
    reads = reading.indicator.reads
    by_area: dict[str, dict[str, Value]] = {}
    for value in reading.details:
        by_area.setdefault(value.area, {})[value.measure] = value
    rank, decile = getattr(reads, "rank", ""), getattr(reads, "decile", "")
    ordered = sorted(by_area.values(), key=lambda found: found[rank].value or 0)
    rows = tuple(
        (
            Cell(f"{found[decile].area_name}"),
            Cell(found[decile].area, "", False),
            Cell(f"{found[decile].value:.0f}", ledger.add(found[decile])),
            Cell(write.number(found[rank].value or 0, 0), ledger.add(found[rank])),
        )
        for found in ordered
    )
    for count in reading.counts:
        ledger.add_count(count, reading.indicator.source)
    title = f"{reading.indicator.title}: the small areas of {reading.subject.name}, most deprived first"
    return Table(title, ("Small area", "Code", "Decile (1 most deprived)", "Rank in England"), rows)
