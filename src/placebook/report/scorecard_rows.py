"""The rows of a section's scorecard: one a measure, with what stands beside it, and which of them a reader sees first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from placebook.evidence.district_band import Band
from placebook.evidence.periods import span
from placebook.evidence.ratios import ratios
from placebook.evidence.reading import Comparator, Reading
from placebook.evidence.values import Value, at
from placebook.figures import inline
from placebook.findings import formats as write
from placebook.findings import pooling, verdicts, wording
from placebook.findings.claims import Claim
from placebook.markup import Html
from placebook.report.chart_data import ENOUGH_PERIODS
from placebook.report.matrix import ONE_NUMBER

FEWEST = 3
"""So many rows of a section stand open at least, and fewer are not worth closing."""
MOST = 6
"""So many at most."""
DIFFERENT = ("better", "worse", "different")


def one_number(readings: Sequence[Reading]) -> list[Reading]:
    """The measures of one number each: those that have a row."""
    return [r for r in readings if r.indicator.reads.kind in ONE_NUMBER and len(r.now) == 1 and not r.details]


@dataclass(frozen=True)
class Row:
    """One measure, as its row shows it: readings that stand together are shown together, as they are tested."""

    reading: Reading
    claims: Sequence[Claim]
    own: Value
    others: dict[str, Value]
    """Of each comparator the figure of the same period, by its code."""
    band: Band | None

    @classmethod
    def of(cls, reading: Reading, claims: Sequence[Claim]) -> Row:
        """The row of a reading of one number."""
        if pool := pooling.pool(reading):
            return cls(reading, claims, pool.own, dict(pool.others), pooling.band(reading))
        same = {c.code: values[0] for c in reading.comparators if (values := at(c.series, reading.period))}
        return cls(reading, claims, reading.now[0], same, reading.band)

    @property
    def total(self) -> bool:
        """Whether it is a total, which says nothing beside those of larger areas."""
        return self.reading.indicator.measure == "count"

    def beside(self, role: str) -> list[tuple[Comparator, Value | None]]:
        """The comparators in a role, each with its figure; none beside a total."""
        found = [c for c in self.reading.comparators if c.role == role] if not self.total else []
        return [(c, self.others.get(c.code)) for c in found]

    @property
    def verdict(self) -> verdicts.Verdict:
        """How it stands against England's."""
        return verdicts.against_england(self.claims)

    def strip(self, role: str) -> inline.Strip | None:
        """The strip with one comparator in it; None where England or the districts have no figure."""
        england = next((value.value for _, value in self.beside("country") if value), None)
        if england is None or self.band is None:
            return None
        five, limits = self.band, None
        if self.own.lower is not None and self.own.upper is not None:
            limits = (self.own.lower, self.own.upper)
        return inline.Strip(
            self.verdict.kind,
            self.own.number,
            england,
            (five.minimum, five.lower_quartile, five.upper_quartile, five.maximum),
            limits,
            next((value.value for _, value in self.beside(role) if value), None),
            self.reading.indicator.polarity == "lower_is_better",
        )

    def line(self) -> Html:
        """The place's history beside England's; of money in current prices with England as 100."""
        reading = self.reading
        own, england = _points(reading.series), next((_points(c.series) for c, _ in self.beside("country")), [])
        if reading.indicator.price_basis == "current":
            name, quotients = ratios(reading) if not self.total else ("", ())
            own = _points(quotients) if name == "England" else []
            england = [(year, 100.0) for year, _ in own]
        return inline.line(own, england) if sum(number is not None for _, number in own) >= ENOUGH_PERIODS else Html()


def stands_out(row: Row, told: Collection[str]) -> bool:
    """Whether a row is read first: it differs clearly from England's, is a headline, or is one that a finding could tell."""
    indicator = row.reading.indicator
    headline = indicator.town_headline if row.reading.subject.level == "town" else indicator.headline
    return row.verdict.kind in DIFFERENT or bool(headline) or indicator.id in told


def divided(rows: Sequence[Row], told: Collection[str]) -> tuple[list[Row], list[Row]]:
    """The rows that stand open, in their order, and those closed below them; all of them open where only a few would be closed.

    From ``FEWEST`` to ``MOST`` stand open: those that findings tell first, then by priority.
    """

    def weight(row: Row) -> tuple[bool, bool, float]:
        return not stands_out(row, told), row.reading.indicator.id not in told, -row.reading.indicator.priority

    many = min(MOST, max(FEWEST, sum(stands_out(row, told) for row in rows)))
    first = {row.reading.indicator.id for row in sorted(rows, key=weight)[:many]}
    if len(rows) - len(first) < FEWEST:
        return list(rows), []
    opened = [row for row in rows if row.reading.indicator.id in first]
    return opened, [row for row in rows if row.reading.indicator.id not in first]


def _points(series: Sequence[Value]) -> list[tuple[float, float | None]]:
    return [(span(value.period).decimal_year, value.value) for value in series]


def when(row: Row) -> str:
    """The period; of readings taken together the first and the last."""
    style, periods = row.reading.indicator.period_style, sorted({given.period for given in row.own.inputs})
    if wording.readings(row.own) == 1:
        return write.period(row.own.period, style)
    first, last = (write.period(period, style) for period in (periods[0], periods[-1]))
    return f"{first} to {last.removeprefix('year to ')} together"


def amount(row: Row, value: Value) -> str:
    """The figure without the words of its unit, which stand below the name of the measure."""
    return write.quantity(value.value, write.brief_unit(value.unit), verdicts.places(row.claims), value.markers)
