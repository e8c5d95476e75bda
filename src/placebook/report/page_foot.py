"""The end of a page: documents, sources and caveats, what is not available."""

from __future__ import annotations

from collections.abc import Iterator

from placebook.catalogue.licences import LICENCES
from placebook.catalogue.models import Source
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.geography.names import with_article
from placebook.markup import Html, join, markup
from placebook.report import chosen_for_page
from placebook.report.words import reference

OPEN_LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."
"""The statement that the licence asks for where a publisher names no other."""


def sources(evidence: Evidence) -> Iterator[Html]:
    """Blocks of text: the documents of the strategy, the sources, what is not available, what was chosen."""
    yield from _documents(evidence)
    read = [evidence.read(indicator) for indicator in evidence.catalogue.indicators]
    readings = [reading for reading in read if isinstance(reading, Reading)]
    yield _wider(evidence, readings)
    yield _absent(evidence)
    yield from chosen_for_page.paragraphs(evidence)
    yield _used(evidence, readings)


STANDS_IN = {
    "not_published": "These figures are not published for {}. The area named stands in, and says nothing of {} alone.",
    "not_held": "Of these figures this book’s tables do not reach {}, which does not mean that none are published. The area "
    "named stands in, and says nothing of {} alone.",
    "gone": "These figures are published for districts that no longer exist, of which {} was made. The area named stands in, "
    "and says nothing of {} alone.",
}
MISSING = {
    "not_published": "Not published",
    "not_held": "Not held in this book",
    "gone": "Published for areas that no longer exist",
}


def _documents(evidence: Evidence) -> Iterator[Html]:
    """The county's documents, each with the sections that it belongs beside."""
    themes = evidence.catalogue.themes
    items = [
        markup("<li>{}: {}</li>", reference(d.title, d.url, d.year), "; ".join(themes[name].title for name in d.cited_in))
        for d in (evidence.county.documents if evidence.county else ())
        if d.cited_in
    ]
    if items:
        title = "Documents of the strategy, at the addresses of their time, by section"
        yield markup('<details class="pb-data"><summary>{}</summary><ul>{}</ul></details>', title, join(items))


def _wider(evidence: Evidence, readings: list[Reading]) -> Html:
    wider = [reading for reading in readings if reading.wider]
    place = with_article(evidence.place.name)
    if not wider:
        return markup("### Shown for a wider area\n\n<p>Everything on this page is for {} itself.</p>", place)
    parts = [markup("### Shown for a wider area")]
    for lack, words in STANDS_IN.items():
        by_area: dict[str, list[str]] = {}
        for reading in (reading for reading in wider if (reading.lack or "not_published") == lack):
            area = reading.subject
            named = f"{area.name} ({wording.level_words(area.level, area.code)}, {area.code})"
            by_area.setdefault(named, []).append(reading.indicator.title)
        if by_area:
            rows = join(
                markup("<li><strong>Published for {}:</strong> {}</li>", named, "; ".join(titles))
                for named, titles in by_area.items()
            )
            parts.append(
                markup('<details class="pb-data"><summary>{}</summary><ul>{}</ul></details>', words.format(place, place), rows)
            )
    return join(parts, "\n\n")


def _absent(evidence: Evidence) -> Html:
    """Everything that the page has no figure of, under one of three words."""
    absent = [(entry.lack, entry.indicator.title, entry.reason) for entry in evidence.absent() if entry.lack != "left_out"]
    if evidence.place.peers and "peer" in evidence.place.roles and not evidence.peers:
        absent.append(
            ("not_held", "Statistical neighbours", f"none are held for {with_article(evidence.areas[evidence.district].name)}")
        )
    if not absent:
        return markup(
            "### Not available for this place\n\n<p>Nothing: every measure of the book has a figure on this page.</p>"
        )
    parts = []
    for lack, words in MISSING.items():
        rows = join(markup("<li>{}: {}</li>", title, reason) for why, title, reason in absent if why == lack)
        if rows:
            parts.append(markup("<p>{}:</p><ul>{}</ul>", words, rows))
    return markup(
        '### Not available for this place\n\n<details class="pb-data"><summary>{}</summary>{}</details>',
        write.plural(len(absent), "measure"),
        join(parts),
    )


def _used(evidence: Evidence, readings: list[Reading]) -> Html:
    by_source: dict[str, list[Reading]] = {}
    for reading in readings:
        for source in reading.indicator.sources:
            by_source.setdefault(source, []).append(reading)
    named = {source: evidence.catalogue.sources[source] for source in by_source}
    rows = join(_source(named[source], found) for source, found in by_source.items())
    shared = f" Unless an entry says otherwise: {OPEN_LICENCE}" if any(map(_shares, named.values())) else ""
    return markup(
        '### Sources and caveats\n\n<details class="pb-data"><summary>The {} sources of this '
        "page, with their caveats and licences</summary><p>Each is named as its publisher asks.{}</p>"
        "<ul>{}</ul></details>",
        len(by_source),
        shared,
        rows,
    )


def _shares(source: Source) -> bool:
    return " ".join(source.attribution.split()).endswith(OPEN_LICENCE)


def _source(source: Source, readings: list[Reading]) -> Html:
    licence, address = LICENCES[source.licence]
    titles = write.joined([reading.indicator.title for reading in readings])
    caveats = dict.fromkeys([caveat for reading in readings for caveat in reading.indicator.caveats] + list(source.remarks))
    caveat_text = " ".join(" ".join(caveat.split()) for caveat in caveats)
    attribution = " ".join(source.attribution.split())
    if _shares(source):  # said once for all
        attribution = attribution.removesuffix(OPEN_LICENCE).rstrip()
    return markup(
        '<li><a href="{}">{}</a>, {}<span class="pb-more">: {}</span>. {} '
        '<span class="pb-more"><a href="{}">{}</a>. {}</span></li>',
        source.landing_page,
        source.title,
        source.publisher,
        titles,
        attribution,
        address,
        licence,
        caveat_text,
    )
