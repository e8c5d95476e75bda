"""The scorecard of a section: one row a measure, with its figure, those beside it, the verdict, a strip and a line over time.

The name of a measure is the one link of its row and leads to its evidence; every number of the row is in the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from placebook.evidence.district_band import Band
from placebook.evidence.periods import span
from placebook.evidence.reading import Reading
from placebook.evidence.values import at
from placebook.figures import inline
from placebook.figures.tables import Cell, Table
from placebook.findings import formats as write
from placebook.findings import verdicts, wording
from placebook.geography.names import with_article
from placebook.markup import Html, attribute, join, markup
from placebook.report.evidence_pages import row_id
from placebook.report.ledger import Ledger
from placebook.report.scorecard_rows import Row, amount, divided, when

ROLES = ("parent", "county", "region", "country")
TOWN_ROLES = ("parent", "country")
"""A town stands beside what is left of its district."""
OLD = 3 * 365
"""Days from a period's end beyond which a row says how old its figure is."""
SHORT_LACKS = {"not_published": "not published", "not_held": "not held here", "gone": "former districts alone"}


def anchor(slug: str, kind: str) -> str:
    """The id of a section's scorecard."""
    return f"{slug}-{kind}-measures"


class Scorecard:
    """The rows of one section and what its table needs to know of the page."""

    def __init__(self, rows: Sequence[Row], ledger: Ledger, on: date, title: str, place: str, name: str = ""):
        self.rows = rows
        self.ledger = ledger
        self.on = on
        self.title = title
        self.place = place
        self.name = name
        """The table's id on the page."""
        own = any(row.reading.subject.level == "town" for row in rows)
        self.names = {
            role: _commonest(c.name for row in rows for c, _ in row.beside(role)) for role in (TOWN_ROLES if own else ROLES)
        }
        self.roles = [role for role, name in self.names.items() if name]
        self.subject = _commonest(row.reading.subject.name for row in rows)
        self.strip_role = next((role for role in self.roles if role != "country"), "")
        """Whose figure the strips show beside England's."""
        self.rule = _commonest(_badge(row.reading) for row in rows)

    def html(self, told: Collection[str] | None = None) -> Html:
        """The table; where measures are ``told`` by findings, with the rows that do not stand out in a closed one below."""
        if told is None:
            return self._table(self.rows, self.name, f"{self.title}: {write.plural(len(self.rows), 'measure')}", self._rule())
        opened, closed = divided(self.rows, told)
        many = write.plural(len(self.rows), "measure")
        first = self._table(opened, self.name, f"{self.title}: {f'{len(opened)} of ' if closed else ''}{many}", self._rule())
        if not closed:
            return first
        kinds = Counter(verdicts.KINDS.get(row.verdict.kind, "not compared") for row in closed)
        counted = [f"{kinds[words]} {words}" for words in (*verdicts.KINDS.values(), "not compared") if kinds[words]]
        summary = f"{len(closed)} more: {write.joined(counted)}"
        others = f"{self.title}: the other {write.plural(len(closed), 'measure')}"
        rest = self._table(closed, f"{self.name}-more" if self.name else "", others, "")
        return first + markup('<details class="pb-closed pb-keep"><summary>{}</summary>{}</details>', summary, rest)

    def _rule(self) -> str:
        """Of which area all rows are but those that say otherwise."""
        badges = [_badge(row.reading) for row in self.rows]
        said = f"All are {self.rule}" if set(badges) == {self.rule} else f"Unless a row says otherwise they are {self.rule}"
        alone = self.rows[badges.index(self.rule)].reading.wider
        said += f", and say nothing of {with_article(self.place)} alone." if alone else "."
        if self.subject != self.place and (other := self.names.get(self.strip_role)):
            said += f" In the strips the triangle is {with_article(other)}."
        return said

    def _table(self, rows: Sequence[Row], name: str, caption: str, said: str) -> Html:
        heads = [
            markup('<th role="columnheader" scope="col" class="pb-fig">{}</th>', name)
            for name in (self.subject, *(_capital(self.names[role]) for role in self.roles))
        ]
        return markup(
            '<div class="pb-sc"{}><table role="table"><caption>{} <small>{}</small></caption>'
            '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Measure</th>{}'
            '<th role="columnheader" scope="col">Against England</th><th role="columnheader" scope="col">'
            '<span class="pb-axis" aria-hidden="true"><span>← worse</span><b>England</b><span>better →</span></span>'
            '<span class="pb-vh">Among the English districts</span></th>'
            '<th role="columnheader" scope="col">Over time</th></tr></thead>'
            '<tbody role="rowgroup">{}</tbody></table></div>',
            attribute("id", name),
            caption,
            said,
            join(heads),
            join(map(self._row, rows)),
        )

    def table(self) -> Table:
        """The numbers of the rows for the download, those of statistical neighbours, and the newest readings."""
        rows = []
        for row in self.rows:
            indicator, found = row.reading.indicator, row.reading.comparators if not row.total else ()
            beside = [value for c in found for value in (row.others.get(c.code), *at(c.series, row.reading.period)) if value]
            cells = [Cell(wording.amount(v, indicator), self.ledger.add(v)) for v in (row.own, *row.reading.now, *beside)]
            cells += [self._five(row.reading, five) for five in (row.band, row.reading.band) if five]
            rows += [(Cell(indicator.title), cell) for cell in cells]
        return Table(self.title, ("Measure", "Value"), tuple(rows))

    def _five(self, reading: Reading, five: Band) -> Cell:
        unit, decimals = reading.indicator.unit, reading.indicator.decimals
        numbers = (five.minimum, five.lower_quartile, five.median, five.upper_quartile, five.maximum)
        return Cell(" · ".join(write.quantity(n, unit, decimals) for n in numbers), self.ledger.add_band(reading, five))

    def _row(self, row: Row) -> Html:
        reading, indicator = row.reading, row.reading.indicator
        way = self.ledger.href(self.ledger.add(row.own))
        for value in reading.now:
            self.ledger.add(value)
        period = f"{_capital(when(row))}"
        if (self.on - span(row.own.period).end).days > OLD:
            period += f" · {write.age(row.own.period, self.on)} old"
        badge = _badge(reading)
        only = "" if badge == self.rule else badge
        cells = [self._own(row), *(self._compared(row, role) for role in self.roles)]
        return markup(
            '<tr role="row" id="{}"><th role="rowheader" scope="row"><a href="{}">{}</a><small>{} · {}</small>{}</th>'
            "{}{}{}{}</tr>",
            row_id(self.ledger.place["slug"], indicator.id),
            way,
            indicator.title,
            indicator.unit_words,
            period,
            markup('<small class="pb-only">{}</small>', only) if only else "",
            join(cells),
            _verdict(row.verdict),
            self._strip(row),
            _over_time(row),
        )

    def _own(self, row: Row) -> Html:
        """The figure with its limits; of readings taken together the newest below it."""
        reading, own = row.reading, row.own
        small = []
        if own.lower is not None and own.upper is not None:
            unit, places = write.brief_unit(own.unit), verdicts.places(row.claims)
            small.append(write.interval(own.lower, own.upper, unit, places))
        if wording.readings(own) > 1:
            small.append(f"{amount(row, reading.now[0])} in {wording.said_period(reading)}")
        return markup(
            '<td role="cell" class="pb-fig pb-own" data-label="{}"><b>{}</b>{}</td>',
            reading.subject.name,
            amount(row, own),
            join(markup("<small>{}</small>", words) for words in small),
        )

    def _compared(self, row: Row, role: str) -> Html:
        parts = []
        for comparator, value in row.beside(role):
            other = comparator.name if comparator.name != self.names[role] else ""
            named = markup("<small>{}</small>", other) if other else ""
            if value is None or value.value is None:
                parts.append(markup("{}{}", _dash(SHORT_LACKS[comparator.lack or "not_published"]), named))
            else:
                self.ledger.add(value)
                parts.append(markup("{}{}", amount(row, value), named))
        name = _capital(self.names[role])
        return markup(
            '<td role="cell" class="pb-fig" data-label="{}">{}</td>',
            name,
            join(parts, "<br>") if parts else _dash("nothing to compare"),
        )

    def _strip(self, row: Row) -> Html:
        shown, indicator = row.strip(self.strip_role), row.reading.indicator
        place = verdicts.rank(row.claims)
        if shown is None or row.band is None:
            said: Html = markup("<small>{}</small>", place) if place else _dash("no strip: not published for enough districts")
        else:
            self.ledger.add_band(row.reading, row.band)
            least, lower, upper, most = (
                write.quantity(number, write.brief_unit(indicator.unit), indicator.decimals) for number in shown.band
            )
            left, right = (most, least) if shown.falls else (least, most)
            before, after = ("← " if shown.cut[0] else ""), (" →" if shown.cut[1] else "")
            said = markup(
                '{}<span class="pb-ends" aria-hidden="true"><span>{}</span><span>{}</span></span>'
                '<span class="pb-vh">{}</span>{}',
                inline.strip(shown),
                f"{before}{left}",
                f"{right}{after}",
                f"{row.band.count} English districts run from {least} to {most}, the middle half from {lower} to {upper}. ",
                markup('<small class="pb-rank">{}</small>', place) if place else "",
            )
        return markup('<td role="cell" class="pb-among">{}</td>', said)


def _badge(reading: Reading) -> str:
    """For which area a figure is, in words that people know."""
    subject = reading.subject
    name = with_article(subject.name)
    if subject.badge == "best_fit":
        kind = "district" if subject.members[0].startswith(("E06", "E07", "E08", "E09")) else "small area"
        many = write.plural(len(subject.members), kind)
        return f"added up from {many}" if len(subject.members) > 1 else f"published for the one {kind} of {name}"
    return f"for {name} only" if reading.wider else f"published for {name} itself"


def _verdict(verdict: verdicts.Verdict) -> Html:
    if not (verdict.title or verdict.detail):
        return markup('<td role="cell" class="pb-verdict">{}</td>', _dash("not compared"))
    return markup(
        '<td role="cell" class="pb-verdict"><span>{}<span>{}{}</span></span></td>',
        inline.mark(verdict.kind) if verdict.kind else "",
        markup("<b>{}</b>", verdict.title) if verdict.title else "",
        markup("<small>{}</small>", verdict.detail) if verdict.detail else "",
    )


def _over_time(row: Row) -> Html:
    return markup(
        '<td role="cell" class="pb-time">{}<small>{}</small></td>',
        row.line(),
        verdicts.change(row.reading, row.claims) or _dash("one period only"),
    )


def _dash(why: str) -> Html:
    """Nothing to be seen, and the reason for those who listen."""
    return markup('<span aria-hidden="true">–</span><span class="pb-vh">{}</span>', why)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _commonest(words: Iterable[str]) -> str:
    counted = Counter(words)
    return counted.most_common(1)[0][0] if counted else ""
