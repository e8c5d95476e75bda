"""The front page's own part: a map to choose a place from, headline figures of each, what is new in this edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Indicator, Source
from placebook.catalogue.places import County, TownPlace
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.geography.outlines import outlines
from placebook.paths import Project
from placebook.report.matrix import OWN, PlaceLedger, amount

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WIDE = 520
"""Width of the map in the units of its own drawing."""
HEADLINES = 4
NEWEST = 6
FROM_FRONT = "places"
"""Where places' pages lie, seen from the front page."""


def page(
    project: Project, catalogue: Catalogue, ledgers: Mapping[str, PlaceLedger], on: date, others: Sequence[tuple[str, str]]
) -> str:
    """The generated part of the front page as Markdown with HTML inside.

    ``others`` are the other forms of the book: what each is, and its file in the site's downloads. A place without a
    ledger is one whose page could not be made: it is named as missing.
    """
    parts = []
    for slug, county in catalogue.counties.items():
        inside = [place for place in ledgers if catalogue.county_of(place) == slug]
        if inside:
            parts.append(_county_part(project, catalogue, slug, county, {name: ledgers[name] for name in inside}))
    alone = [ledger for name, ledger in ledgers.items() if not catalogue.county_of(name)]
    if alone:
        parts.append(f"## More places\n\n{_list(alone)}")
    if lost := [catalogue.places[slug].name for slug in sorted(catalogue.places) if slug not in ledgers]:
        parts.append(f'<p class="pb-review">Not in this edition, because its page could not be made: {escape(", ".join(lost))}.</p>')
    parts.append(f"## Headline figures\n\n{_cards(catalogue, list(ledgers.values()))}")
    parts.append(_new(catalogue, len(ledgers), on))
    items = "".join(f'<li><a href="../downloads/{escape(file, True)}">{escape(what)}</a></li>' for what, file in others)
    parts.append(f"## To take along\n\n<ul>{items}</ul>")
    return "\n\n".join(parts) + "\n"


def _county_part(
    project: Project, catalogue: Catalogue, slug: str, county: County, ledgers: Mapping[str, PlaceLedger]
) -> str:
    drawn = _map(project, catalogue, county, ledgers)
    chapter = f'<p><a href="counties/{escape(slug, True)}.html">The {escape(county.name)} chapter: its places side by side</a></p>'
    words = f"<div><p>Choose a place on the map, or here:</p>{_list(list(ledgers.values()))}{chapter}</div>"
    return f'## Places in {escape(county.name)}\n\n<div class="pb-front">{drawn}{words}</div>'


def _list(ledgers: Sequence[PlaceLedger]) -> str:
    items = "".join(
        f'<li><a href="{FROM_FRONT}/{escape(ledger.slug, True)}.html">{escape(ledger.name)}</a> ({ledger.kind})</li>'
        for ledger in ledgers
    )
    return f"<ul>{items}</ul>"


# ------------------------------------------------------------------ the map


def _map(project: Project, catalogue: Catalogue, county: County, ledgers: Mapping[str, PlaceLedger]) -> str:
    """The county's districts; those with a page are links, towns are marked where they lie.

    Empty where the county's outlines are not held: the list beside it says the same.
    """
    held = outlines(project, "districts")
    codes = [code for code in county.districts if code in held.index]
    if not codes:
        return ""
    shapes = held.loc[codes].copy()
    left, bottom, right, top = shapes.total_bounds
    scale = WIDE / (right - left)
    shapes.geometry = shapes.geometry.simplify_coverage(0.6 / scale)
    high = round((top - bottom) * scale)
    own = {catalogue.places[slug].code: slug for slug in ledgers if not isinstance(catalogue.places[slug], TownPlace)}

    def at(x: float, y: float) -> tuple[float, float]:
        return (x - left) * scale, (top - y) * scale

    def path(shape: BaseGeometry) -> str:
        rings = [part.exterior for part in getattr(shape, "geoms", [shape])]
        return "".join(
            "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in (at(*point[:2]) for point in ring.coords[:-1])) + "z" for ring in rings
        )

    plain, links, labels = [], [], []
    for code in codes:
        shape = shapes.loc[code].geometry
        x, y = at(*shape.representative_point().coords[0])
        name = catalogue.areas[code].name
        if code in own:
            links.append(_link(own[code], name, f'<path d="{path(shape)}"/>{_label(x, y, name)}'))
        else:
            plain.append(f'<path d="{path(shape)}"/>')
            labels.append(_label(x, y, name))
    for slug, ledger in ledgers.items():
        place = catalogue.places[slug]
        if isinstance(place, TownPlace):
            middle = outlines(project, "lsoa21").loc[list(place.lsoas)].union_all().representative_point()
            x, y = at(middle.x, middle.y)
            links.append(_link(slug, ledger.name, f'<circle cx="{x:.0f}" cy="{y:.0f}" r="8"/>'
                               f'<text x="{x:.0f}" y="{y - 14:.0f}">{escape(ledger.name)}</text>'))  # fmt: skip
    return (
        f'<svg class="pb-map" role="group" aria-label="Map of {escape(county.name, True)}: places with a page are links" '
        f'viewBox="-6 -6 {WIDE + 12} {high + 12}" width="{WIDE + 12}" height="{high + 12}">{"".join(plain + labels + links)}</svg>'
    )


def _label(x: float, y: float, name: str) -> str:
    """A name around a point, a word a line where there are several."""
    words = name.split()
    top = y + 4 - 6.5 * (len(words) - 1)
    lines = "".join(f'<tspan x="{x:.0f}" y="{top + 13 * at:.0f}">{escape(word)}</tspan>' for at, word in enumerate(words))
    return f"<text>{lines}</text>"


def _link(slug: str, name: str, inside: str) -> str:
    return f'<a href="{FROM_FRONT}/{escape(slug, True)}.html" aria-label="{escape(name, True)}">{inside}</a>'


# ------------------------------------------------------------------ figures and news


def headlines(catalogue: Catalogue) -> list[Indicator]:
    """The measures on a place's card: all that the front page asks of a ledger's entries."""
    declared = (indicator for indicator in catalogue.indicators.values() if indicator.headline)
    return sorted(declared, key=lambda indicator: indicator.headline or 0)[:HEADLINES]


def _cards(catalogue: Catalogue, ledgers: Sequence[PlaceLedger]) -> str:
    headline = headlines(catalogue)
    cards = []
    for ledger in ledgers:
        rows = []
        for indicator in headline:
            if (entry := ledger.newest(indicator.id)) is None:
                continue
            wider = "" if entry["badge"] in OWN else f", {entry['area_name']}"
            level = "" if not wider else f" ({wording.LEVEL_WORDS.get(entry['level'], entry['level'])})"
            period = write.period(entry["period"], indicator.period_style)
            way = escape(f"{FROM_FRONT}/{ledger.slug}/{entry['at']}", True)
            rows.append(
                f"<dt>{escape(indicator.title)}{escape(wider)}{escape(level)}, {escape(period)}</dt>"
                f'<dd><a class="pb-n" href="{way}">{escape(amount(entry, indicator))}</a></dd>'
            )
        name = f'<a href="{FROM_FRONT}/{escape(ledger.slug, True)}.html">{escape(ledger.name)}</a>'
        cards.append(f'<li class="pb-place-card"><h3>{name}</h3><dl>{"".join(rows)}</dl></li>')
    return f'<ul class="pb-cards">{"".join(cards)}</ul>'


def _new(catalogue: Catalogue, places: int, on: date) -> str:
    """What the publishers released last, and what they announce next: from the sources' own files."""
    used = {indicator.source for indicator in catalogue.indicators.values()}
    sources = [source for name, source in catalogue.sources.items() if name in used]
    dated = sorted((s for s in sources if s.released), key=lambda s: (s.released or on, s.title), reverse=True)
    items = "".join(f"<li>{_day(s.released)}: {_named(s)}</li>" for s in dated[:NEWEST] if s.released)
    due = sorted(
        (s for s in sources if isinstance(s.next_release, date) and s.next_release > on),
        key=lambda s: (s.next_release, s.title),
    )  # fmt: skip
    coming = "".join(f"<li>{_day(s.next_release)}: {_named(s)}</li>" for s in due[:3] if isinstance(s.next_release, date))
    text = (
        f"## New in this edition\n\n<p>{places} places, {len(catalogue.indicators)} measures from "
        f"{len(used)} data sets, taken until {_day(on)}. The latest releases among them:</p><ul>{items}</ul>"
    )
    return text + (f"<p>Announced next:</p><ul>{coming}</ul>" if coming else "")


def _named(source: Source) -> str:
    return f'<a href="{escape(source.landing_page, True)}">{escape(source.title)}</a>, {escape(source.publisher)}'


def _day(day: date) -> str:
    return f"{day.day} {write.MONTHS[day.month - 1]} {day.year}"
