"""The ledgers of several places, read side by side, and the tables that show them so."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from docutils.nodes import make_id

from placebook.catalogue.models import Indicator
from placebook.errors import InputError
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.markup import Html, attribute, join, markup

Entry = Mapping[str, Any]
ONE_NUMBER = {"published", "sum", "share"}
"""Shapes of which a place has a single figure a period."""
OWN = {"direct", "best_fit"}
PAGES = "../places"
"""Where places' pages lie, seen from a county's chapter."""
FROM_FRONT = "places"
"""The same, seen from the front page."""


def headlines(indicators: Iterable[Indicator], kind: str) -> list[Indicator]:
    """The headline measures of a kind of place, in their order: a town's are those that its own small areas show."""
    field = "town_headline" if kind == "town" else "headline"
    declared = (indicator for indicator in indicators if getattr(indicator, field))
    return sorted(declared, key=lambda indicator: getattr(indicator, field))


@dataclass(frozen=True)
class PlaceLedger:
    """One place's ledger, as it was written."""

    slug: str
    name: str
    kind: str
    district: str
    page: Mapping[str, Any]
    entries: tuple[Entry, ...]

    @classmethod
    def read(cls, path: Path) -> PlaceLedger:
        """The ledger in a file. Raises InputError where there is none, or where it is none."""
        try:
            return cls.of(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise InputError(f"there is no ledger of {path.stem}: run placebook build {path.stem}") from None
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"the ledger {path.name} is not whole ({error}): run placebook build {path.stem}") from None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> PlaceLedger:
        """The ledger as ``Ledger.record`` gives it."""
        place = record["place"]
        return cls(place["slug"], place["name"], place["kind"], place["district"], record["page"], tuple(record["entries"]))

    def only(self, indicators: Collection[str]) -> PlaceLedger:
        """With nothing but the key findings and the newest figures of some measures, England's and the districts' beside them.

        Hundreds of these fit into memory.
        """
        kept: list[Entry] = []
        for name in indicators:
            if (entry := self.shown(name)) is not None:
                beside = (self.newest(name), entry, self.england(name, entry["period"]), self.band(name, entry["period"]))
                kept += [_short(each) for at, each in enumerate(beside) if each is not None and each not in beside[:at]]
        missing = {name: why for name, why in self.page.get("missing", {}).items() if name in indicators}
        return replace(self, page={"missing": missing} if missing else {}, entries=(*self.findings, *kept))

    @property
    def findings(self) -> list[Entry]:
        """The key findings, in their order."""
        key = (entry for entry in self.entries if entry["kind"] == "finding" and entry["order"])
        return sorted(key, key=lambda entry: int(entry["order"]))

    @property
    def beyond_districts(self) -> set[tuple[str, str]]:
        """Measure and area of the figures that stand for an area wider than a district."""
        own = (e for e in self.entries if e["kind"] == "value" and e["badge"] == "wider" and e["level"] != "district")
        return {(e["indicator"], e["area"]) for e in own if e["role"] == "place"}

    @cached_property
    def _plain(self) -> dict[str, list[Entry]]:
        """Figures of one number each, of whatever area, by measure."""
        by_indicator: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry["kind"] == "value" and not entry["category"] and not entry.get("partner"):
                by_indicator.setdefault(entry["indicator"], []).append(entry)
        return by_indicator

    @cached_property
    def _own(self) -> dict[str, list[Entry]]:
        own = {name: [e for e in entries if e["role"] == "place"] for name, entries in self._plain.items()}
        return {name: sorted(entries, key=lambda e: str(e["period"])) for name, entries in own.items() if entries}

    def series(self, indicator: str) -> list[Entry]:
        """Every figure shown for the place or the area that stands in, oldest first."""
        return self._own.get(indicator, [])

    def together(self, indicator: str) -> Entry | None:
        """The place's own newest readings taken together; None where one stands for itself, or a wider area's stand in."""
        pooled = self._pooled(indicator)
        return pooled if pooled and pooled["badge"] in OWN else None

    def _pooled(self, indicator: str) -> Entry | None:
        areas = {entry["area"] for entry in self.series(indicator)}
        pooled = [e for e in self._plain.get(indicator, []) if e["role"] == "pooled" and e["area"] in areas]
        return max(pooled, key=lambda e: str(e["period"]), default=None)

    def shown(self, indicator: str) -> Entry | None:
        """The figure that the place's page shows first: the newest readings together where they stand so, else the newest."""
        return self._pooled(indicator) or self.newest(indicator)

    def england(self, indicator: str, period: str) -> Entry | None:
        """England's figure of a period, as it stands beside the place's: one reading, or readings taken together."""
        return next(
            (
                e
                for e in self._plain.get(indicator, [])
                if e["role"] in ("country", "pooled")
                and e["level"] == "country"
                and e["period"] == period
                and e["value"] is not None
            ),
            None,
        )

    def newest(self, indicator: str) -> Entry | None:
        """The newest figure, or the newest marker where no figure is known."""
        series = self.series(indicator)
        numbers = [entry for entry in series if entry["value"] is not None]
        return next(reversed(numbers or series), None)

    def at(self, indicator: str, period: str) -> Entry | None:
        """The place's own figure of a period; None where there is none, or a wider area's stands in."""
        return next(
            (e for e in self.series(indicator) if e["period"] == period and e["badge"] in OWN and e["value"] is not None),
            None,
        )

    def band(self, indicator: str, period: str) -> Entry | None:
        """The five numbers of the English districts for a period."""
        return next(
            (e for e in self.entries if e["kind"] == "band" and e["indicator"] == indicator and e["period"] == period),
            None,
        )

    @cached_property
    def candidates(self) -> list[Entry]:
        """Every finding, told or left out with its rule."""
        return [entry for entry in self.entries if entry["kind"] == "finding"]

    def value(self, id_: str) -> Entry:
        """The entry of an id. Raises KeyError where there is none."""
        return self._by_id[id_]

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
        return {entry["id"]: entry for entry in self.entries}

    def claims(self, *kinds: str) -> list[Entry]:
        """The claims of these kinds, or all, in the order of the page."""
        claims = [entry for entry in self.entries if entry["kind"] == "claim"]
        return [entry for entry in claims if entry.get("claim") in kinds] if kinds else claims

    @property
    def peers(self) -> list[Entry]:
        """ONS's statistical neighbours shown, nearest first; empty where the ledger names none."""
        return list(self.page.get("peers") or [])

    def entry(self, id_: str) -> str:
        """A ledger id as it is known beside those of other places."""
        return f"{self.slug}--{id_}"

    @cached_property
    def href(self) -> str:
        """The place's page, with the fragment that leads to it in the single page too."""
        title = make_id(self.name)
        own = title == self.slug or title.startswith(f"{self.slug}-")
        return f"{PAGES}/{self.slug}.html#{title if own else f'{self.slug}-{title}'}"

    def evidence(self, entry: Entry) -> str:
        """The row of the place's evidence pages that explains an entry."""
        return f"{PAGES}/{self.slug}/{entry['at']}"

    def link(self) -> Html:
        """The place's name as a link to its page."""
        return markup('<a href="{}">{}</a>', self.href, self.name)


NEEDED = {"kind", "id", "indicator", "category", "area", "area_name", "level", "role", "badge", "period", "value", "lower"}
NEEDED |= {"upper", "unit", "markers", "at", "lower_quartile", "median", "upper_quartile"}
"""What a figure in a comparison is shown with."""


def _short(entry: Entry) -> Entry:
    """An entry without what only its evidence page tells."""
    return {name: value for name, value in entry.items() if name in NEEDED}


# ------------------------------------------------------------------ tables


@dataclass(frozen=True)
class Box:
    """One cell: text, the ledger entry and the page that it comes from, what it is sorted by."""

    text: str
    entry: str = ""
    href: str = ""
    sort: float | None = None
    note: str = ""
    numeric: bool = True


@dataclass(frozen=True)
class Grid:
    """A table whose first column heads its rows; numbers lead to where they come from."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Box, ...], ...]
    sortable: bool = False
    ids: tuple[str, ...] = field(default=())
    keys: tuple[str, ...] = field(default=())
    """What a script knows each column by; none where no script asks."""


def html(grid: Grid) -> Html:
    """The table in a region that scrolls sideways by keyboard where it is too wide."""
    keys = grid.keys or ("",) * len(grid.columns)
    head = join(
        markup('<th scope="col"{}>{}</th>', attribute("data-label", key), name)
        for key, name in zip(keys, grid.columns, strict=True)
    )
    ids = grid.ids or ("",) * len(grid.rows)
    body = join(markup("<tr{}>{}</tr>", attribute("id", id_), _row(row)) for row, id_ in zip(grid.rows, ids, strict=True))
    kind = "pb-table pb-sortable" if grid.sortable else "pb-table"
    return markup(
        '<div class="pb-scroll" role="region" tabindex="0"{}>'
        '<table class="{}"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        attribute("aria-label", grid.caption),
        kind,
        grid.caption,
        head,
        body,
    )


def _row(row: Sequence[Box]) -> Html:
    first, *rest = row
    return markup('<th scope="row">{}</th>', _inside(first)) + join(
        markup(
            "<td{}{}{}>{}</td>",
            attribute("class", "" if box.numeric else "pb-w"),
            attribute("data-entry", box.entry),
            attribute("data-sort", "" if box.sort is None else f"{box.sort:.4f}"),
            _inside(box),
        )
        for box in rest
    )


def _inside(box: Box) -> Html:
    text = markup('<a href="{}">{}</a>', box.href, box.text) if box.href else markup("{}", box.text)
    return text + markup('<span class="pb-badge">{}</span>', box.note) if box.note else text


# ------------------------------------------------------------------ places × measures


def comparable(indicators: Sequence[Indicator]) -> Iterator[Indicator]:
    """Measures of which a place has one number a period."""
    return (indicator for indicator in indicators if indicator.reads.kind in ONE_NUMBER)


def matrix(title: str, indicators: Sequence[Indicator], ledgers: Sequence[PlaceLedger]) -> Grid | None:
    """Measures by places, newest figures; None where no place has a figure of any of them."""
    rows = []
    for indicator in comparable(indicators):
        newest = [ledger.newest(indicator.id) for ledger in ledgers]
        if not any(newest):
            continue
        periods = {str(entry["period"]) for entry in newest if entry}
        period = write.period(next(iter(periods)), indicator.period_style) if len(periods) == 1 else ""
        head = Box(f"{indicator.title}, {period}" if period else indicator.title, note=indicator.unit_words)
        cells = (_cell(indicator, ledger, entry, not period) for ledger, entry in zip(ledgers, newest, strict=True))
        rows.append((head, *cells))
    if not rows:
        return None
    return Grid(f"{title}: places and measures", ("Measure", *(p.name for p in ledgers)), tuple(rows), True)


def amount(entry: Entry, indicator: Indicator) -> str:
    """The figure with its unit and markers."""
    return write.quantity(entry["value"], indicator.unit, indicator.decimals, tuple(entry["markers"]))


def _cell(indicator: Indicator, ledger: PlaceLedger, entry: Entry | None, dated: bool) -> Box:
    if entry is None:
        return Box(write.LACKS[ledger.page.get("missing", {}).get(indicator.id, "not_published")])
    notes = []
    if entry["badge"] not in OWN:
        level = wording.level_words(entry["level"], entry["area"])
        notes.append(f"{entry['area_name']} ({level})")
    if dated:
        notes.append(write.period(entry["period"], indicator.period_style))
    return Box(
        amount(entry, indicator),
        ledger.entry(entry["id"]),
        ledger.evidence(entry),
        _place_among_districts(ledger, entry),
        "; ".join(notes),
    )


def _place_among_districts(ledger: PlaceLedger, entry: Entry) -> float | None:
    """Distance from the median English district in quartile distances: the one scale that all measures share."""
    if entry["badge"] not in OWN or entry["value"] is None:
        return None
    band = ledger.band(entry["indicator"], entry["period"])
    if band is None or not band["upper_quartile"] > band["lower_quartile"]:
        return None
    return float((entry["value"] - band["median"]) / (band["upper_quartile"] - band["lower_quartile"]))


SORTING = (
    "Figures are the newest of each measure. The buttons in the heads put the rows in another order: by name, or by how "
    "far each figure lies from the median English district, counted in distances between the quartiles of the English "
    "districts. Measures are in different units, so the figures themselves cannot order them; those of a wider area, "
    "and those without districts to set them beside, stand last."
)
"""What sorting means, for the reader who tries it."""
