"""What is published for no smaller area than one around a place: told under its name, and of a county's places once.

A town's page shows what is its district's. What is published for a county, a region or an area of economic accounts alone
would stand word for word on the page of each district: the chapter of the county shows it, the page says where.
"""

from __future__ import annotations

from collections.abc import Sequence

from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.findings import formats as write
from placebook.geography.names import with_article
from placebook.markup import Html, join, markup

CHAPTERS = "../counties"
"""Where counties' chapters lie, seen from the page of a place."""
IN_CHAPTER = "county"
"""What the names of tables begin with that a place's county shows."""
TITLE = "Published for no smaller area"


def section_id(county: str) -> str:
    """The id of the part of a county's chapter that tells it."""
    return f"county-{county}--wider"


def chapter(evidence: Evidence) -> str:
    """The way from a place's page to that part; "" where no county's chapter tells of the place."""
    county = evidence.catalogue.county_of(evidence.slug)
    return f"{CHAPTERS}/{county}.html#{section_id(county)}" if evidence.county else ""


def readings(evidence: Evidence) -> dict[str, list[Reading]]:
    """The readings that a place's own page shows of areas around it, by theme; none of an empty theme."""
    return _by_theme(evidence, False)


def told_in_chapter(evidence: Evidence) -> dict[str, list[Reading]]:
    """The readings that the chapter of the place's county shows, by theme: those of areas wider than a district."""
    return _by_theme(evidence, True)


def _by_theme(evidence: Evidence, in_chapter: bool) -> dict[str, list[Reading]]:
    found = {name: [r for r in evidence.theme(name) if r.wider] for name in evidence.catalogue.themes}
    told = {
        name: [r for r in each if (bool(evidence.county) and r.subject.level != "district") == in_chapter]
        for name, each in found.items()
    }
    return {name: each for name, each in told.items() if each}


def title(evidence: Evidence) -> str:
    """What the part of a place's page is called."""
    return f"{evidence.within}: what is published for no smaller area" if evidence.is_town else TITLE


def introduction(evidence: Evidence) -> Html:
    """What a place's part says of the place, and where the rest is told; "" where there is nothing."""
    place, shown, told = with_article(evidence.place.name), _all(readings(evidence)), _all(told_in_chapter(evidence))
    parts = []
    if shown:
        names = _areas(shown)
        around = f"that {place} lies in" if len(names) == 1 else f"around {place}"
        alone = "the town" if evidence.is_town else place
        parts.append(
            markup("<p>{} of {} {}: they say nothing of {} alone.</p>", _many(shown), write.joined(names), around, alone)
        )
    if told and evidence.county:
        parts.append(
            markup(
                '<p>{} {} published for {} alone, and told once for all places in <a href="{}">the chapter of {}</a>.</p>',
                _many(told),
                "is" if len(told) == 1 else "are",
                write.joined(_areas(told)),
                chapter(evidence),
                evidence.county.name,
            )
        )
    return join(parts, "\n\n")


def _many(shown: Sequence[Reading]) -> str:
    return write.plural(len(shown), "measure").capitalize()


def _all(by_theme: dict[str, list[Reading]]) -> list[Reading]:
    return [reading for each in by_theme.values() for reading in each]


def _areas(shown: Sequence[Reading]) -> list[str]:
    return list(dict.fromkeys(with_article(reading.subject.name) for reading in shown))
