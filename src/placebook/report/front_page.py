"""The front page's own part: a map to choose a place from, what each tells first, all side by side, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Source
from placebook.catalogue.places import County
from placebook.findings import formats as write
from placebook.markup import Html, join, markup
from placebook.paths import Project
from placebook.report import comparison, matrix
from placebook.report.matrix import FROM_FRONT, Entry, PlaceLedger

NEWEST = 6
STRIPS = 4
"""Headline measures of each kind of place that are shown."""
ROWS = "index-measure-"
NOTHING = "Nothing stands out by the book’s rules."
FEW, MANY = 8, 30
"""Places beyond which those outside the book's counties are listed by region, and beyond which they have no cards."""


def page(
    project: Project,
    catalogue: Catalogue,
    ledgers: Mapping[str, PlaceLedger],
    on: date,
    others: Sequence[tuple[str, str]],
    check: Html | None = None,
) -> Html:
    """The generated part of the front page as Markdown with HTML inside.

    ``others`` are the other forms of the book: what each is, and its file in the site's downloads; ``check`` says which words
    must be looked at. A place without a
    ledger is one whose page could not be made: it is named as missing.
    """
    parts = [check] if check else []
    for slug, county in catalogue.counties.items():
        inside = [place for place in ledgers if catalogue.county_of(place) == slug]
        if inside:
            parts.append(_county_part(project, catalogue, slug, county, {name: ledgers[name] for name in inside}))
    alone = [ledger for name, ledger in ledgers.items() if not catalogue.county_of(name)]
    if alone:
        listed = _list(alone) if len(alone) <= FEW else _by_region(catalogue, alone)
        parts.append(markup("## {}\n\n{}", "More places" if len(parts) > (1 if check else 0) else "Places", listed))
    if lost := [catalogue.places[slug].name for slug in sorted(catalogue.places) if slug not in ledgers]:
        parts.append(
            markup('<p class="pb-review">Not in this edition, because its page could not be made: {}.</p>', ", ".join(lost))
        )
    if len(ledgers) <= MANY:  # hundreds of cards help nobody to find one
        places = list(ledgers.values())
        parts.append(markup("## What each page tells first\n\n{}", _cards(places)))
        if strips := _comparison(catalogue, places):
            parts.append(markup("## Headline measures side by side\n\n{}", strips))
    parts.append(_new(catalogue, len(ledgers), on))
    items = join(markup('<li><a href="../downloads/{}">{}</a></li>', file, what) for what, file in others)
    parts.append(markup('## To take along\n\n<ul class="pb-forms">{}</ul>', items))
    return markup("{}\n", join(parts, "\n\n"))


def _county_part(project: Project, catalogue: Catalogue, slug: str, county: County, ledgers: Mapping[str, PlaceLedger]) -> Html:
    from placebook.report.front_map import county_map  # it draws, which a book without a county does not

    drawn = county_map(project, catalogue, county, ledgers)
    chapter = markup('<p><a href="counties/{}.html">The {} chapter: its places side by side</a></p>', slug, county.name)
    how = "Choose a place on the map, or here:" if drawn else "Choose a place:"
    words = markup("<div><p>{}</p>{}{}</div>", how, _list(list(ledgers.values())), chapter)
    return markup('## Places in {}\n\n<div class="pb-front">{}{}</div>', county.name, drawn, words)


def _list(ledgers: Sequence[PlaceLedger]) -> Html:
    items = join(
        markup('<li><a href="{}/{}.html">{}</a> ({})</li>', FROM_FRONT, ledger.slug, ledger.name, ledger.kind)
        for ledger in ledgers
    )
    return markup("<ul>{}</ul>", items)


def _by_region(catalogue: Catalogue, ledgers: Sequence[PlaceLedger]) -> Html:
    """Places under the region that they lie in, regions and places by name."""
    by_region: dict[str, list[PlaceLedger]] = {}
    for ledger in sorted(ledgers, key=lambda ledger: ledger.name):
        region = catalogue.areas[ledger.district].parents.get("region", "")
        by_region.setdefault(catalogue.areas[region].name if region else "Elsewhere", []).append(ledger)
    regions = (
        markup('### {}\n\n<div class="pb-columns">{}</div>', name, _list(inside)) for name, inside in sorted(by_region.items())
    )
    return join(regions, "\n\n")


# ------------------------------------------------------------------ figures and news


def _comparison(catalogue: Catalogue, ledgers: Sequence[PlaceLedger]) -> Html:
    """Headline measures with every place and England on one line, the numbers behind it, and the way to all measures."""
    measures = comparison.headline_measures(catalogue.indicators.values(), ledgers, STRIPS)
    found = [each for indicator in measures if (each := comparison.compared(indicator, ledgers))]
    if not found:
        return Html()
    grid = comparison.table(found, "Headline measures by place", ROWS, FROM_FRONT)
    more = markup('<p><a href="compare.html">Compare two places, section by section</a></p>') if len(ledgers) > 1 else ""
    return markup(
        '{}<details class="pb-closed"><summary>The numbers of these strips</summary>{}</details>{}',
        comparison.strips(found, ROWS),
        matrix.html(grid),
        more,
    )


def _cards(ledgers: Sequence[PlaceLedger]) -> Html:
    cards = []
    for ledger in ledgers:
        name = markup('<a href="{}/{}.html">{}</a>', FROM_FRONT, ledger.slug, ledger.name)
        first = join(_finding(ledger, entry) for entry in ledger.findings[:1]) or markup("<span>{}</span>", NOTHING)
        cards.append(markup('<li class="pb-place-card"><h3>{}</h3>{}</li>', name, first))
    return markup('<ul class="pb-cards">{}</ul>', join(cards))


def _finding(ledger: PlaceLedger, entry: Entry) -> Html:
    """What the place's page tells first, with the way there."""
    way = f"{FROM_FRONT}/{ledger.slug}.html#{ledger.slug}-{entry['id']}"
    return markup(
        '<strong class="pb-first"><a href="{}">{}</a></strong><span>{}</span>', way, entry["headline"], entry["sentence"]
    )


def _new(catalogue: Catalogue, places: int, on: date) -> Html:
    """What the publishers released last, and what they announce next: from the sources' own files."""
    used = {indicator.source for indicator in catalogue.indicators.values()}
    sources = [source for name, source in catalogue.sources.items() if name in used]
    dated = sorted((s for s in sources if s.released), key=lambda s: (s.released or on, s.title), reverse=True)
    items = join(markup("<li>{}: {}</li>", _day(s.released), _named(s)) for s in dated[:NEWEST] if s.released)
    due = sorted(
        (s for s in sources if isinstance(s.next_release, date) and s.next_release > on),
        key=lambda s: (s.next_release, s.title),
    )
    coming = join(
        markup("<li>{}: {}</li>", _day(s.next_release), _named(s)) for s in due[:3] if isinstance(s.next_release, date)
    )
    text = markup(
        "## New in this edition\n\n<p>{} places, {} measures from {} data sets, taken until {}. The latest releases among "
        "them:</p><ul>{}</ul>",
        places,
        len(catalogue.indicators),
        len(used),
        _day(on),
        items,
    )
    return text + (markup("<p>Announced next:</p><ul>{}</ul>", coming) if coming else "")


def _named(source: Source) -> Html:
    return markup('<a href="{}">{}</a>, {}', source.landing_page, source.title, source.publisher)


def _day(day: date) -> str:
    return f"{day.day} {write.MONTHS[day.month - 1]} {day.year}"
