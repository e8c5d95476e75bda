"""One measure of several places side by side, of the same period and source, with England: as strips and as a table.

Made from the places' ledgers alone, so that each figure leads back to the row of its place's evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from placebook.catalogue.models import Indicator
from placebook.figures.strips_of_places import SHAPES, Mark, strip
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.markup import Html, join, markup
from placebook.report.matrix import OWN, Box, Entry, Grid, PlaceLedger, amount, comparable, headlines

OF_TOWNS = 4
"""So many headline measures of towns stand beside those of districts where a book has both."""


@dataclass(frozen=True)
class Compared:
    """One measure of several places, all figures of one period."""

    indicator: Indicator
    period: str
    ledgers: tuple[PlaceLedger, ...]
    figures: tuple[Entry | None, ...]
    """One for each place, in their order; None where there is none of the period."""

    @property
    def own(self) -> list[tuple[PlaceLedger, Entry]]:
        """The figures that are for the places themselves."""
        both = zip(self.ledgers, self.figures, strict=True)
        return [(ledger, entry) for ledger, entry in both if entry is not None and entry["badge"] in OWN]

    @property
    def around(self) -> dict[str, tuple[PlaceLedger, Entry]]:
        """By area the figures of districts that stand in for towns, where the district is no place of the comparison."""
        held = {entry["area"] for _, entry in self.own}
        both = zip(self.ledgers, self.figures, strict=True)
        wider = [(of, e) for of, e in both if e is not None and e["badge"] not in OWN and e["level"] == "district"]
        return {entry["area"]: (of, entry) for of, entry in reversed(wider) if entry["area"] not in held}

    @cached_property
    def england(self) -> tuple[PlaceLedger, Entry] | None:
        """England's figure of the period, and the ledger that holds it."""
        found = ((ledger, ledger.england(self.indicator.id, self.period)) for ledger in self.ledgers)
        return next(((ledger, entry) for ledger, entry in found if entry is not None), None)

    @cached_property
    def band(self) -> Entry | None:
        """The five numbers of the English districts."""
        return next((b for ledger in self.ledgers if (b := ledger.band(self.indicator.id, self.period))), None)

    @property
    def short(self) -> str:
        """The measure in few words."""
        words = self.indicator.says.short if self.indicator.says else self.indicator.title
        return f"{words[:1].upper()}{words[1:]}"

    @property
    def years(self) -> str:
        """The period in words."""
        return write.period(self.period, self.indicator.period_style)

    @property
    def when(self) -> str:
        """The same, which says where readings are taken together."""
        several = any(entry is not None and entry["role"] == "pooled" for entry in self.figures)
        return f"{self.years}, readings taken together" if several else self.years


def compared(indicator: Indicator, ledgers: Sequence[PlaceLedger]) -> Compared | None:
    """The places' figures of the period that most of them share, the newest of such; None where no place has one."""
    known = [entry for ledger in ledgers if (entry := ledger.shown(indicator.id)) and entry["value"] is not None]
    if not known:
        return None
    counts = Counter(str(entry["period"]) for entry in known)
    period = max(counts, key=lambda period: (counts[period], period))
    figures = (_of(ledger, indicator.id, period) for ledger in ledgers)
    return Compared(indicator, period, tuple(ledgers), tuple(figures))


def _of(ledger: PlaceLedger, indicator: str, period: str) -> Entry | None:
    held = (ledger.shown(indicator), *ledger.series(indicator))
    return next((e for e in held if e and e["period"] == period and e["value"] is not None), None)


def headline_measures(indicators: Iterable[Indicator], ledgers: Sequence[PlaceLedger], most: int = 99) -> list[Indicator]:
    """What the places are compared by: the headline measures of their kinds, no totals, districts' first."""
    declared = list(indicators)
    kinds = {"town" if ledger.kind == "town" else "district" for ledger in ledgers}
    chosen = headlines(declared, "district")[:most] if "district" in kinds else []
    chosen += headlines(declared, "town")[: most if not chosen else min(OF_TOWNS, most)] if "town" in kinds else []
    unique = {indicator.id: indicator for indicator in chosen if indicator.measure != "count"}
    return list(comparable(list(unique.values())))


# ------------------------------------------------------------------ strips


def strips(found: Sequence[Compared], rows: str) -> Html:
    """A strip for each measure; its name leads to its row in the table of the numbers, whose ids begin with ``rows``."""
    items = join(_strip(each, rows) for each in found if len(_marks(each)) > 1)
    return markup('{}<ul class="pb-compared">{}</ul>', _key(found), items) if items else Html()


def _strip(each: Compared, rows: str) -> Html:
    indicator = each.indicator
    half = (float(each.band["lower_quartile"]), float(each.band["upper_quartile"])) if each.band else None
    marks = _marks(each)
    falls = indicator.polarity == "lower_is_better"
    spoken = ", ".join(f"{mark.name} {mark.amount}" for mark in sorted(marks, key=lambda mark: -mark.value))
    alt = f"{indicator.title}, {each.when}: {spoken}"
    way = "" if indicator.polarity != "neither" else "Higher lies to the right: neither end is better."
    small = join(markup(" <small>{}</small>", words) for words in (f"{indicator.unit_words}, {each.when}", way) if words)
    return markup(
        '<li><p><a href="#{}">{}</a>{}</p>{}</li>',
        f"{rows}{indicator.id}",
        indicator.title,
        small,
        strip(marks, half, alt, falls=falls),
    )


def _marks(each: Compared) -> list[Mark]:
    indicator = each.indicator
    marks = [Mark("place", ledger.name, _amount(entry, indicator), entry["value"]) for ledger, entry in each.own]
    marks += [Mark("wider", entry["area_name"], _amount(entry, indicator), entry["value"]) for _, entry in each.around.values()]
    if each.england:
        _, entry = each.england
        marks.append(Mark("england", "England", _amount(entry, indicator), entry["value"]))
    return marks


def _amount(entry: Entry, indicator: Indicator) -> str:
    """The figure without the words of its unit, which stand beside the name of the measure."""
    return write.quantity(entry["value"], write.brief_unit(indicator.unit), indicator.decimals, tuple(entry["markers"]))


def _key(found: Sequence[Compared]) -> Html:
    around = {area: held for each in found for area, held in each.around.items()}
    towns: dict[str, list[str]] = {}
    for ledger, entry in around.values():
        towns.setdefault(ledger.name, []).append(entry["area_name"])
    items = [
        markup("<li>{} {}</li>", _sample("place"), "a place’s own figure"),
        *(
            markup("<li>{} {}</li>", _sample("wider"), f"{write.joined(areas)}, where nothing is published for {town} alone")
            for town, areas in towns.items()
        ),
        markup("<li>{} {}</li>", _sample("england"), "England"),
        markup("<li>{} {}</li>", _half(), "the middle half of English districts"),
    ]
    return markup(
        '<ul class="pb-marks" aria-label="Key to the strips">{}</ul><p class="pb-small">{}</p>', join(items), DIRECTION
    )


def _sample(kind: str) -> Html:
    return markup('<svg class="pb-places" viewBox="-10 -10 20 20" width="18" height="18" aria-hidden="true">{}</svg>', _g(kind))


def _g(kind: str) -> Html:
    return markup('<g class="p-{}">{}</g>', kind, SHAPES[kind])


def _half() -> Html:
    return markup(
        '<svg class="pb-places" viewBox="0 -10 36 20" width="32" height="18" aria-hidden="true">'
        '<rect class="half" fill="#bfc8d3" y="-5" width="36" height="10"/></svg>'
    )


DIRECTION = (
    "Better lies to the right of each strip, whose ends are those of what it shows. Nothing is tested between the places: "
    "a small difference of two estimates may be chance."
)


# ------------------------------------------------------------------ the same as a table


def table(found: Sequence[Compared], title: str, rows: str = "", seen_from: str = "") -> Grid:
    """Measures by places and England, each number with the way to its evidence.

    ``rows`` begins the ids of the rows; ``seen_from`` is where places' pages lie, where that is not the county's folder.
    """
    ledgers = found[0].ledgers if found else ()
    lines = tuple(tuple(_row(each, seen_from)) for each in found)
    heads = ("Measure", *(ledger.name for ledger in ledgers), "England")
    ids = tuple(f"{rows}{each.indicator.id}" for each in found) if rows else ()
    return Grid(title, heads, lines, ids=ids, keys=("", *(ledger.slug for ledger in ledgers), ""))


def _row(each: Compared, seen_from: str) -> Iterator[Box]:
    indicator = each.indicator
    yield Box(indicator.title, note=f"{indicator.unit_words}, {each.when}")
    for ledger, entry in zip(each.ledgers, each.figures, strict=True):
        yield _box(indicator, ledger, entry, seen_from)
    yield _box(indicator, *each.england, seen_from) if each.england else Box(write.NOT_PUBLISHED)


def _box(indicator: Indicator, ledger: PlaceLedger, entry: Entry | None, seen_from: str) -> Box:
    if entry is None:
        return _otherwise(indicator, ledger, seen_from)
    href = f"{seen_from}/{ledger.slug}/{entry['at']}" if seen_from else ledger.evidence(entry)
    return Box(amount(entry, indicator), ledger.entry(entry["id"]), href, None, _badge(entry))


def _otherwise(indicator: Indicator, ledger: PlaceLedger, seen_from: str) -> Box:
    """The newest figure with its own period, which is not that of the row; or that there is none."""
    newest = ledger.shown(indicator.id)
    if newest is None:
        return Box(write.LACKS[ledger.page.get("missing", {}).get(indicator.id, "not_published")])
    href = f"{seen_from}/{ledger.slug}/{newest['at']}" if seen_from else ledger.evidence(newest)
    period = write.period(newest["period"], indicator.period_style)
    notes = [badge] if (badge := _badge(newest)) else []
    return Box(amount(newest, indicator), ledger.entry(newest["id"]), href, None, "; ".join([*notes, f"only {period}"]))


def _badge(entry: Entry) -> str:
    """For which area the figure is, where it is not published for exactly the place."""
    if entry["badge"] == "best_fit":
        return "added up"
    if entry["badge"] == "wider":
        return f"{entry['area_name']} ({wording.level_words(entry['level'], entry['area'])})"
    return ""
