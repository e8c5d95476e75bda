"""The front page's own part: a map to choose a place from, headline figures of each, what is new in this edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from shapely.affinity import affine_transform

from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Source
from placebook.catalogue.places import County, TownPlace
from placebook.figures import labels, letters
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.geography.outlines import outlines
from placebook.paths import Project
from placebook.report.matrix import OWN, PlaceLedger, amount, headlines

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WIDE = 400
"""Width of the map in the units of its own drawing: about as broad as a phone, so that its letters stay as they are."""
LETTERS, OWN_LETTERS, DOT = 12.0, 14.0, 7.0
"""Sizes of a name, of the name of a place with a page (which is bold), and of a town's dot, as the style sheet has them."""
NEWEST = 6
MANY = 30
"""Places beyond which they are listed by region, without cards."""
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
        listed = _list(alone) if len(alone) <= MANY else _by_region(catalogue, alone)
        parts.append(f"## {'More places' if parts else 'Places'}\n\n{listed}")
    if lost := [catalogue.places[slug].name for slug in sorted(catalogue.places) if slug not in ledgers]:
        parts.append(f'<p class="pb-review">Not in this edition, because its page could not be made: {escape(", ".join(lost))}.</p>')
    if len(ledgers) <= MANY:  # hundreds of cards help nobody to find one
        parts.append(f"## Headline figures\n\n{_cards(catalogue, list(ledgers.values()))}")
    parts.append(_new(catalogue, len(ledgers), on))
    items = "".join(f'<li><a href="../downloads/{escape(file, True)}">{escape(what)}</a></li>' for what, file in others)
    parts.append(f'## To take along\n\n<ul class="pb-forms">{items}</ul>')
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


def _by_region(catalogue: Catalogue, ledgers: Sequence[PlaceLedger]) -> str:
    """Places under the region that they lie in, regions and places by name."""
    found: dict[str, list[PlaceLedger]] = {}
    for ledger in sorted(ledgers, key=lambda ledger: ledger.name):
        region = catalogue.areas[ledger.district].parents.get("region", "")
        found.setdefault(catalogue.areas[region].name if region else "Elsewhere", []).append(ledger)
    return "\n\n".join(
        f'### {region}\n\n<div class="pb-columns">{_list(inside)}</div>' for region, inside in sorted(found.items())
    )


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

    drawn = {code: affine_transform(shapes.loc[code].geometry, (scale, 0, 0, -scale, -left * scale, top * scale)) for code in codes}
    towns = {}
    for slug in ledgers:
        place = catalogue.places[slug]
        if isinstance(place, TownPlace):
            towns[slug] = at(*labels.middle(outlines(project, "lsoa21").loc[list(place.lsoas)].union_all()))
    # Names of places with a page stand where they will, the smaller districts before the larger ones that have more room.
    names = {slug: _name(ledgers[slug].name, (x, y - 2 * DOT), OWN_LETTERS) for slug, (x, y) in towns.items()}
    names |= {code: _name(catalogue.areas[code].name, labels.middle(drawn[code]), OWN_LETTERS, drawn[code]) for code in codes if code in own}
    names |= {code: _name(catalogue.areas[code].name, labels.middle(drawn[code]), LETTERS, drawn[code])
              for code in sorted(codes, key=lambda code: drawn[code].area) if code not in own}  # fmt: skip
    dots = [labels.Stands((), x, y, 2 * DOT, 2 * DOT, joined=False) for x, y in towns.values()]
    stands = dict(zip(names, labels.placed(list(names.values()), dots, (0, 0, WIDE, high)), strict=True))
    written = {key: _label(names[key], stands[key]) for key in names}
    plain = [f'<path d="{path(shapes.loc[code].geometry)}"/>' for code in codes if code not in own]
    plain += [written[code] for code in codes if code not in own]
    links = [_link(own[code], names[code].text, f'<path d="{path(shapes.loc[code].geometry)}"/>{written[code]}') for code in codes if code in own]
    links += [_link(slug, names[slug].text, f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{DOT:.0f}"/>{written[slug]}') for slug, (x, y) in towns.items()]
    return (
        f'<svg class="pb-map" role="group" aria-label="Map of {escape(county.name, True)}: places with a page are links" '
        f'viewBox="-6 -6 {WIDE + 12} {high + 12}" width="{WIDE + 12}" height="{high + 12}">{"".join(plain + links)}</svg>'
    )


def _name(text: str, point: tuple[float, float], size: float, inside: BaseGeometry | None = None) -> labels.Name:
    broken = tuple(
        (lines, 72 * letters.inches("\n".join(lines), size, bold=size == OWN_LETTERS)) for lines in labels.ways(text)
    )
    return labels.Name(text, *point, size, broken, inside)


def _label(name: labels.Name, stands: labels.Stands) -> str:
    """A name where it stands, line by line; one that stands aside is joined to its area."""
    high = name.size * labels.LETTER_HIGH
    top = stands.y - stands.high / 2 + high * 0.78
    lines = "".join(
        f'<tspan x="{stands.x:.0f}" y="{top + high * at:.0f}">{escape(line)}</tspan>' for at, line in enumerate(stands.lines)
    )
    lead = f'<line x1="{name.x:.0f}" y1="{name.y:.0f}" x2="{stands.x:.0f}" y2="{stands.y:.0f}"/>' if stands.joined else ""
    return f"{lead}<text>{lines}</text>"


def _link(slug: str, name: str, inside: str) -> str:
    return f'<a href="{FROM_FRONT}/{escape(slug, True)}.html" aria-label="{escape(name, True)}">{inside}</a>'


# ------------------------------------------------------------------ figures and news


def _cards(catalogue: Catalogue, ledgers: Sequence[PlaceLedger]) -> str:
    headline = headlines(catalogue.indicators.values())
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
