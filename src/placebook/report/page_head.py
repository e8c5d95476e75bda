"""The head of a page: title, headline figures, where the place lies, its statistical neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from placebook.catalogue.places import CountyPlace, DistrictPlace, GroupPlace
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.values import at
from placebook.figures.locator import locator
from placebook.figures.tables import Cell, Table
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.geography.names import located, with_article
from placebook.geography.outlines import outlines, small_outlines
from placebook.markup import Html, markup
from placebook.paths import Project
from placebook.report import chosen_for_page, matrix
from placebook.report.ledger import Ledger

RESIDENTS = "residents"
"""The measure of how many people live somewhere."""
MOST_NAMES = 60
"""As many neighbourhoods of a city can be named on one map."""


def hero(project: Project, evidence: Evidence, abstract: Html) -> Html:
    """What the page is of: kind and size of the place, its first findings in a sentence, where it lies, what can be taken."""
    slug = evidence.slug
    # Two blocks: where a page ends in it, WeasyPrint can lay out no picture that is a cell of a grid by itself.
    every = f"../../downloads/{slug}/{slug}-ledger.xlsx"
    return markup(
        '<div class="pb-hero" data-edition="{}"><div><p class="pb-kind">{}</p>{}<p class="pb-small pb-take">'
        '<a href="{}" download>All numbers (XLSX)</a></p></div><div>{}</div></div>',
        evidence.edition_date.isoformat(),
        about(evidence),
        markup('<p class="pb-lede">{}</p>', abstract) if abstract else "",
        every,
        where(project, evidence),
    )


def about(evidence: Evidence) -> str:
    """What sort of place it is and how many live there."""
    return f"{kind(evidence)}{_residents(evidence)}"


def _residents(evidence: Evidence) -> str:
    """How many live there, where the book has a measure of it."""
    reading = evidence.read(RESIDENTS) if RESIDENTS in evidence.catalogue.indicators else None
    if not isinstance(reading, Reading) or reading.wider or len(reading.now) != 1:
        return ""
    return f" {wording.amount(reading.now[0], reading.indicator)} residents, {wording.said_period(reading)}."


def kind(evidence: Evidence) -> str:
    """What sort of place it is, and how exact its boundary is here."""
    place, areas = evidence.place, evidence.areas
    around = f" {located(around)}" if (around := evidence.around) else ""
    names = [with_article(areas[code].name) for code in evidence.districts]
    if isinstance(place, DistrictPlace):
        words = areas[place.code].level_words
        return f"{words[:1].upper()}{words[1:]}{around} ({place.code})."
    if isinstance(place, CountyPlace):
        return f"County{around} ({place.code}) of {write.plural(len(names), 'district')}: {write.joined(names)}."
    if isinstance(place, GroupPlace):
        return f"{write.plural(len(names), 'district').capitalize()}{around}, taken together: {write.joined(names)}."
    lies = f"the districts of {write.joined(names)}"
    if len(names) == 1:
        lies = f"the {areas[evidence.district].level_words} of {names[0]} ({evidence.district})"
    return f"Town in {lies}{around}, taken as {write.plural(len(evidence.fit.lsoas), 'small area')} (2021 LSOAs)."


# ------------------------------------------------------------------ headline figures


def district_headlines(evidence: Evidence) -> list[Reading]:
    """The readings of the headline measures of the district that a place is or lies in, in their order."""
    return _readings(evidence, "district")


def _readings(evidence: Evidence, kind: str) -> list[Reading]:
    readings = (evidence.read(indicator.id) for indicator in matrix.headlines(evidence.catalogue.indicators.values(), kind))
    return [reading for reading in readings if isinstance(reading, Reading) and len(reading.now) == 1]


# ------------------------------------------------------------------ statistical neighbours


def peers(evidence: Evidence) -> list[tuple[int, str, str]]:
    """Rank (0 of one that was chosen), code and name of the peers shown; empty where none are held."""
    return [(0 if evidence.place.chosen_peers else n.rank, n.code, evidence.areas[n.code].name) for n in evidence.peers]


def peers_introduction(evidence: Evidence) -> str:
    """Whose neighbours they are: a town has none of its own; or why others were chosen."""
    if evidence.place.chosen_peers:
        return chosen_for_page.peers(evidence)
    district = evidence.areas[evidence.district].name
    of = f"{district}, the district that {evidence.place.name} lies in," if evidence.is_town else district
    return (
        f"The English authorities most like {of} by the Office for National Statistics’ clustering of similar local "
        f"authorities (global model), nearest first."
    )


def peers_table(readings: Sequence[Reading], peers: Sequence[tuple[int, str, str]], ledger: Ledger, place: str) -> Table:
    """The headline figures of the neighbours beside the place."""
    rows = []
    for reading in readings:
        if reading.subject.level not in ("district", "town"):
            continue
        (value,) = reading.now
        indicator = reading.indicator
        own = f" · {reading.subject.name}" if reading.wider else ""
        cells = [
            Cell(f"{indicator.title}{own}, {wording.said_period(reading)}"),
            Cell(wording.amount(value, indicator), ledger.add(value)),
        ]
        for _, code, _ in peers:
            same = [
                value
                for comparator in reading.comparators
                if comparator.role == "peer" and comparator.code == code
                for value in at(comparator.series, reading.period)
            ]
            cells.append(Cell(wording.amount(same[0], indicator), ledger.add(same[0])) if same else Cell(write.NOT_PUBLISHED))
        rows.append(tuple(cells))
    heads = tuple(f"{name} ({rank})" if rank else name for rank, _, name in peers)
    first = readings[0].subject.name if readings else place
    return Table(
        f"Headline figures of {first} and {'its statistical neighbours (rank)' if peers[0][0] else 'the districts chosen'}",
        ("Measure", first, *heads),
        tuple(rows),
    )


# ------------------------------------------------------------------ where it lies


def where(project: Project, evidence: Evidence) -> Html:
    """The place in its county, or in England where the county's outlines are not held."""
    districts = outlines(project, "districts")
    place, areas, own = evidence.place.name, evidence.areas, evidence.districts
    county = evidence.county if set(own) <= set(districts.index) else None
    within = county.name if county else "England"
    shapes = (
        districts.loc[[code for code in county.districts if code in districts.index]]
        if county
        else outlines(project, "england")
    )
    chosen, lies = shapes.loc[list(own)], place
    if evidence.is_town:
        chosen = small_outlines(project, "lsoa21", areas, evidence.fit.lsoas).loc[list(evidence.fit.lsoas)]
        lies = f"{place} {located(write.joined([areas[code].name for code in own]))}"
    return locator(shapes, chosen, f"Map of {within} that marks where {lies} lies.")


def neighbourhoods(project: Project, evidence: Evidence, shapes: Any) -> Any:
    """The place's MSOAs with their House of Commons names, as the union of their small areas."""
    members = list(evidence.fit.lsoas)
    chosen = shapes.loc[members].copy()
    chosen["msoa"] = [evidence.areas[code].parents["msoa"] for code in members]
    merged = chosen.dissolve(by="msoa")
    merged["name"] = [evidence.areas[code].known_as for code in merged.index]
    return merged


def named(evidence: Evidence, neighbourhoods: Any) -> tuple[Any, str]:
    """What a map names and draws lines around, and what to say of them: neighbourhoods, or districts where there are many."""
    if len(neighbourhoods) <= MOST_NAMES:
        return neighbourhoods, "neighbourhoods (MSOAs, names by the House of Commons Library)"
    districts = [evidence.areas[code].parents["district"] for code in neighbourhoods.index]
    merged = neighbourhoods.assign(district=districts).dissolve(by="district")
    merged["name"] = [evidence.areas[code].name for code in merged.index]
    return merged, "districts"
