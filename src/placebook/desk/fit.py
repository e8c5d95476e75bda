"""How well small areas fit a place, in words: who lives there, against its wards, beside other places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from placebook.desk.choices import Choice
from placebook.desk.opened import HOUSEHOLDS, RESIDENTS, Desk
from placebook.errors import InputError
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.findings.formats import joined, plural


def fit(desk: Desk, choice: Choice) -> Iterator[str]:
    """How many live there, and how well the small areas fit: what a town's params say under ``chosen``."""
    own = _people(desk, choice)
    names = joined([desk.areas[code].name for code in choice.districts])
    if choice.kind != "town":
        code = f" ({choice.code})" if choice.code else f" ({names})"
        yield f"{choice.name}{code}: {plural(len(choice.lsoas), 'LSOA')}, {own}."
        return
    yield f"The {plural(len(choice.lsoas), 'LSOA')} {choice.how}, in {names}: {own}."
    yield from choice.notes
    if choice.partly:
        partly = desk.total(RESIDENTS, sorted(choice.partly & set(choice.lsoas)))
        yield f"{partly:,} of its residents live in LSOAs that lie partly outside the boundary."
    elif choice.field != "wards":
        yield from _against_wards(desk, choice)
    if choice.code:
        yield "ONS's own count of a built-up area is not held."


def _people(desk: Desk, choice: Choice) -> str:
    residents, households = desk.total(RESIDENTS, choice.lsoas), desk.total(HOUSEHOLDS, choice.lsoas)
    if not households:
        return f"{residents:,} residents (Census 2021, TS001)"
    return f"{residents:,} residents and {households:,} households (Census 2021, TS001 and TS041)"


def _against_wards(desk: Desk, choice: Choice) -> Iterator[str]:
    members: dict[str, list[str]] = {}
    for district in choice.districts:
        for area in desk.areas.children(district, "lsoa"):
            if area.vintage == "2021":
                members.setdefault(area.parents.get("ward", ""), []).append(area.code)
    everybody = desk.count(RESIDENTS, [code for codes in members.values() for code in codes])
    own, lsoas = desk.total(RESIDENTS, choice.lsoas), set(choice.lsoas)
    inside = {ward: sum(everybody.get(code, 0) for code in codes if code in lsoas) for ward, codes in members.items()}
    whole = {ward: sum(everybody.get(code, 0) for code in codes) for ward, codes in members.items()}
    mostly = [ward for ward in members if 2 * inside[ward] > whole[ward]]
    if mostly:
        wards = sum(whole[ward] for ward in mostly)
        yield (
            f"The {plural(len(mostly), 'ward')} (2024, best fit) most of whose residents are among them have {wards:,}: "
            f"{100 * (own - wards) / wards:+.1f}%."
        )
    partly = sum(inside[ward] for ward in members if 0 < inside[ward] < whole[ward])
    yield f"{partly:,} of its residents live in wards that lie partly outside."


def overlaps(desk: Desk, choice: Choice) -> Iterator[str]:
    """Other places of the book that share small areas with it."""
    for place in desk.catalogue.places.values():
        if shared := set(choice.lsoas) & set(desk.catalogue.lsoas_of(place)):
            people = desk.total(RESIDENTS, sorted(shared))
            yield f"Shares {plural(len(shared), 'LSOA')} ({people:,} residents) with {place.name}."


def measures(desk: Desk, slug: str) -> str:
    """How many measures are the place's own, added up or of a wider area."""
    try:
        if not desk.readable:
            raise InputError("faults elsewhere")
        evidence = Evidence(desk.catalogue, desk.store, slug)
        readings = [evidence.read(indicator) for indicator in desk.catalogue.indicators]
    except InputError:
        return "Its measures are not counted: there are faults in sources, indicators or tables."
    badges = Counter(reading.subject.badge if isinstance(reading, Reading) else "missing" for reading in readings)
    return (
        f"Of {len(readings)} measures {badges['direct']} are published for it, {badges['best_fit']} added up, "
        f"{badges['wider']} of a wider area, {badges['missing']} missing."
    )
