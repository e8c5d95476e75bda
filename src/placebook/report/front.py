"""The front page's own part: a map to choose a place from, headline figures of each, what is new in this edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Source
from placebook.catalogue.places import County
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.paths import Project
from placebook.report.matrix import OWN, PlaceLedger, amount, headlines

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
    from placebook.report.front_map import county_map  # it draws, which a book without a county does not

    drawn = county_map(project, catalogue, county, ledgers)
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
