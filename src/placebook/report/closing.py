"""The end of a page: voices, sources and caveats, what is not available, review, challenge."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from placebook.catalogue.models import LICENCES, Source
from placebook.catalogue.places import Narrative, TownPlace
from placebook.evidence.readings import Evidence
from placebook.evidence.records import Reading
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.report import narrative, opening

OPEN_LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."
"""The statement that the licence asks for where a publisher names no other."""


def voices(words: Narrative) -> str:
    """The analyst's story, events, employers and references; "" where none is held."""
    parts: list[str] = []
    if words.story:
        parts.append(narrative.html(words.story))
    if words.events:
        rows = "".join(
            f"<li><strong>{escape(event.date)}</strong>, {escape(event.who)}: "
            f"{narrative.html(event.what)}</li>"
            for event in words.events
        )
        parts.append(f"<p>Engagement:</p>\n<ul>{rows}</ul>")
    if words.employers:
        rows = "".join(f"<li>{escape(name)}</li>" for name in words.employers)
        parts.append(f"<p>Employers and sites:</p>\n<ul>{rows}</ul>")
    if words.references:
        rows = "".join(f"<li>{_reference(r.title, r.url, r.year)}</li>" for r in words.references)
        parts.append(f"<p>References, with the addresses at which they were published:</p>\n<ul>{rows}</ul>")
    return "\n\n".join(parts)


def _reference(title: str, url: str | None, year: int | None) -> str:
    named = escape(title)
    if url:
        named = f'<a href="{escape(url, True)}">{named}</a>'
    return f"{named} ({year})" if year else named


def documents(evidence: Evidence, theme: str) -> str:
    """The county's documents that belong beside a theme, by title and address; "" where there are none."""
    if not evidence.county:
        return ""
    named = [_reference(d.title, d.url, d.year) for d in evidence.county.documents if theme in d.cited_in]
    if not named:
        return ""
    return (
        f'<p class="pb-documents">Published with or for the strategy, at the address of its time: '
        f"{'; '.join(named)}.</p>"
    )


def sources(evidence: Evidence) -> Iterator[str]:
    """Blocks of text: the sources used, what is not available, the review record."""
    read = [evidence.read(indicator) for indicator in evidence.catalogue.indicators]
    readings = [reading for reading in read if isinstance(reading, Reading)]
    if isinstance(evidence.place, TownPlace):
        yield f"### How the town is drawn\n\n<p>{escape(evidence.place.chosen)}</p>"
    yield _wider(evidence, readings)
    yield _absent(evidence)
    yield _used(evidence, readings)
    yield f"### Review record\n\n{opening.review(evidence)}"


def _wider(evidence: Evidence, readings: list[Reading]) -> str:
    found = [reading for reading in readings if reading.wider]
    place = evidence.place.name
    heading = "### Shown for a wider area"
    if not found:
        return f"{heading}\n\nEverything on this page is for {place} itself."
    by_area: dict[str, list[str]] = {}
    for reading in found:
        area = reading.subject
        level = wording.LEVEL_WORDS.get(area.level, area.level)
        named = f"{area.name} ({level}, {area.code})"
        by_area.setdefault(named, []).append(reading.indicator.title)
    rows = "".join(
        f"<li><strong>Published for {escape(named)}:</strong> {escape('; '.join(titles))}</li>"
        for named, titles in by_area.items()
    )
    return (
        f"{heading}\n\nThese figures are not published for {escape(place)}. The area named stands in, and "
        f"says nothing of {escape(place)} alone.\n\n<ul>{rows}</ul>"
    )


def _absent(evidence: Evidence) -> str:
    found = evidence.absent()
    heading = "### Not available for this place"
    if not found:
        return f"{heading}\n\nNothing: every measure of the book has a figure on this page."
    rows = "".join(
        f"<li>{escape(entry.indicator.title)}: {escape(entry.reason)}</li>" for entry in found
    )
    return f"{heading}\n\n<ul>{rows}</ul>"


def _used(evidence: Evidence, readings: list[Reading]) -> str:
    by_source: dict[str, list[Reading]] = {}
    for reading in readings:
        by_source.setdefault(reading.indicator.source, []).append(reading)
    named = {source: evidence.catalogue.sources[source] for source in by_source}
    rows = "".join(_source(named[source], found) for source, found in by_source.items())
    shared = f" Unless an entry says otherwise: {escape(OPEN_LICENCE)}" if any(map(_shares, named.values())) else ""
    return (
        f"### Sources and caveats\n\n<details class=\"pb-data\"><summary>The {len(by_source)} sources of this "
        f"page, with their caveats and licences</summary><p>Each is named as its publisher asks.{shared}</p>"
        f"<ul>{rows}</ul></details>"
    )


def _shares(source: Source) -> bool:
    return " ".join(source.attribution.split()).endswith(OPEN_LICENCE)


def _source(source: Source, readings: list[Reading]) -> str:
    licence, address = LICENCES[source.licence]
    titles = write.joined([reading.indicator.title for reading in readings])
    caveats = dict.fromkeys(
        [caveat for reading in readings for caveat in reading.indicator.caveats] + list(source.caveats)
    )
    said = " ".join(escape(" ".join(caveat.split())) for caveat in caveats)
    attribution = " ".join(source.attribution.split())
    if _shares(source):  # said once for all
        attribution = attribution.removesuffix(OPEN_LICENCE).rstrip()
    return (
        f'<li><a href="{escape(source.landing_page, True)}">{escape(source.title)}</a>, '
        f'{escape(source.publisher)}<span class="pb-more">: {escape(titles)}</span>. {escape(attribution)} '
        f'<span class="pb-more"><a href="{address}">{licence}</a>. {said}</span></li>'
    )
