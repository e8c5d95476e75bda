"""The head of a page: title, headline figures, where the place lies, its statistical neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from placebook.catalogue.places import CountyPlace, DistrictPlace, GroupPlace
from placebook.evidence.periods import span
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.values import at
from placebook.figures import maps
from placebook.figures.style import Drawn, Sketch
from placebook.figures.tables import Cell, Table
from placebook.findings import captions, wording
from placebook.findings import formats as write
from placebook.findings.claims import Claim
from placebook.geography.names import located, with_article
from placebook.geography.outlines import outlines, small_outlines
from placebook.markup import Html, join, markup
from placebook.paths import Project
from placebook.report import matrix
from placebook.report.ledger import Ledger

ENOUGH_FOR_A_LINE = 3
MOST_NAMES = 60
"""As many neighbourhoods of a city can be named on one map."""
HEADLINE_COMPARATORS = ("parent", "county", "region", "country")


def title(evidence: Evidence) -> Html:
    """Heading and kind of place."""
    return markup('# {}\n\n<p class="pb-kind">{}</p>', evidence.place.name, kind(evidence))


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


def headlines(evidence: Evidence) -> list[Reading]:
    """The readings of the headline measures, in their order."""
    return _readings(evidence, evidence.place.kind)


def district_headlines(evidence: Evidence) -> list[Reading]:
    """The same of the district, for a town the one that it lies in."""
    return _readings(evidence, "district")


def _readings(evidence: Evidence, kind: str) -> list[Reading]:
    readings = (evidence.read(indicator.id) for indicator in matrix.headlines(evidence.catalogue.indicators.values(), kind))
    return [reading for reading in readings if isinstance(reading, Reading) and len(reading.now) == 1]


def headline_cards(readings: Sequence[Reading], ledger: Ledger, on: date, claims: captions.Claims) -> Html:
    """A card for each headline figure: number, interval, comparators, trend, area, period and age."""
    cards = (_card(reading, ledger, on, claims[reading.indicator.id]) for reading in readings)
    return markup('<ul class="pb-cards">{}</ul>', join(cards))


def _card(reading: Reading, ledger: Ledger, on: date, claims: Sequence[Claim]) -> Html:
    (value,) = reading.now
    indicator = reading.indicator
    limits = wording.limits(value, indicator, "95% interval ").strip(" ()")
    beside = []
    for comparator in reading.comparators:
        if comparator.role not in HEADLINE_COMPARATORS:
            continue
        same = at(comparator.series, reading.period)
        if same:
            way = ledger.href(ledger.add(same[0]))
            beside.append(
                markup('<li>{} <a class="pb-n" href="{}">{}</a></li>', comparator.name, way, wording.amount(same[0], indicator))
            )
        else:
            beside.append(markup("<li>{}: {}</li>", comparator.name, write.LACKS[comparator.lack or "not_published"]))
    trend = captions.card_trend(claims)
    parts = [
        markup('<strong class="pb-card-title">{}</strong>', indicator.title),
        markup('<span class="pb-card-area">{}</span>', wording.named(reading)),
        markup('<a class="pb-card-value" href="{}">{}</a>', ledger.href(ledger.add(value)), wording.amount(value, indicator)),
        spark(reading),
        markup('<span class="pb-badge">{}</span>', limits) if limits else "",
        markup('<span class="pb-badge">{}</span>', indicator.unit_words),
        markup('<ul class="pb-card-beside">{}</ul>', join(beside)) if beside else "",
        markup('<span class="pb-card-trend">{}</span>', trend) if trend else "",
        markup(
            '<span class="pb-badge">{}; age {}; {}</span>',
            wording.said_period(reading),
            wording.age(reading, on),
            wording.SHORT_BADGE[value.badge],
        ),
    ]
    return markup("<li>{}</li>", join(part for part in parts if part))


def spark(reading: Reading) -> Html:
    """The figure's own history as a thin line, its newest point marked; "" where there is none.

    For the eye only: the words beside it say what was tested.
    """
    known = [(span(v.period).decimal_year, v.value) for v in reading.series if v.value is not None]
    if len(known) < ENOUGH_FOR_A_LINE:
        return Html()
    (first, _), (last, _) = known[0], known[-1]
    low, high = min(v for _, v in known), max(v for _, v in known)
    wide, tall = (last - first) or 1, (high - low) or 1
    points = [(3 + 90 * (year - first) / wide, 21 - 18 * (value - low) / tall) for year, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return markup(
        '<svg class="pb-spark" aria-hidden="true" viewBox="0 0 98 24" width="98" height="24">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.6"/></svg>',
        line,
        f"{x:.1f}",
        f"{y:.1f}",
    )


# ------------------------------------------------------------------ what is not a town's own


def wider_introduction(evidence: Evidence, readings: Sequence[Reading]) -> Html:
    """The heading of what is published for the areas around a town, and what it says of the town."""
    names = list(dict.fromkeys(with_article(reading.subject.name) for reading in readings))
    place = with_article(evidence.place.name)
    return markup(
        "## {}: what is published for no smaller area\n\n<p>{} of {} {}: they say nothing of the town alone.</p>",
        evidence.within,
        write.plural(len(readings), "measure").capitalize(),
        write.joined(names),
        f"that {place} lies in" if len(names) == 1 else f"around {place}",
    )


# ------------------------------------------------------------------ statistical neighbours


def peers(evidence: Evidence) -> list[tuple[int, str, str]]:
    """Rank, code and name of the neighbours shown; empty where none are held."""
    return [(n.rank, n.code, evidence.areas[n.code].name) for n in evidence.peers]


def peers_introduction(evidence: Evidence) -> str:
    """Whose neighbours they are: a town has none of its own."""
    district = evidence.areas[evidence.district].name
    of = f"{district}, the district that {evidence.place.name} lies in," if evidence.is_town else district
    return (
        f"The authorities most like {of} by the Office for National Statistics’ clustering of similar "
        f"local authorities (global model), nearest first; those outside England are left out, so ranks "
        f"may skip."
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
    heads = tuple(f"{name} ({rank})" for rank, _, name in peers)
    first = readings[0].subject.name if readings else place
    return Table(
        f"Headline figures of {first} and its statistical neighbours (rank)",
        ("Measure", first, *heads),
        tuple(rows),
    )


# ------------------------------------------------------------------ where it lies


def locator(project: Project, evidence: Evidence) -> tuple[Drawn, str]:
    """The place in its county, or in England where the county's outlines are not held; and its caption."""
    districts = outlines(project, "districts")
    place, areas, own = evidence.place.name, evidence.areas, evidence.districts
    county = evidence.county if set(own) <= set(districts.index) else None
    within = county.name if county else "England"
    shapes = (
        districts.loc[[code for code in county.districts if code in districts.index]]
        if county
        else outlines(project, "england")
    )
    names = {code: areas[code].name for code in shapes.index if evidence.is_town or code not in own} if county else {}
    chosen, lies = shapes.loc[list(own)], f"{place} in {within}"
    if evidence.is_town:
        chosen = small_outlines(project, "lsoa21", areas, evidence.fit.lsoas).loc[list(evidence.fit.lsoas)]
        lies = f"{place} {located(write.joined([areas[code].name for code in own]))}, {within}"
    neighbours = write.joined(sorted(names.values()))
    alt = f"Map of {within} that marks where {place} lies" + (f"; districts named: {neighbours}." if neighbours else ".")
    caption = (
        f"Where it lies: {lies}. Period: boundaries of May 2025"
        + (" and small areas of 2021" if evidence.is_town else "")
        + ". Geography: direct: outline of the place as drawn in this book. Source: Office for National "
        "Statistics, Open Geography Portal; contains OS data © Crown copyright and database right."
    )
    return Drawn(Sketch(maps.locator, (shapes, names, chosen, place, within)), alt), caption


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
