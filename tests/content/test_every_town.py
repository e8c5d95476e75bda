"""Towns of every size, as built-up areas, read without a page: a town and the rest of its district are the district."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from placebook.catalogue.aggregations import Share
from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import TownPlace
from placebook.desk.choices import Choice, built_up_areas
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import sentences
from placebook.findings.all_claims import all_claims
from placebook.paths import Project

SMALLEST = 5
"""LSOAs of the smallest town that is looked at."""
AWKWARD = ["Newmarket", "Berwick-upon-Tweed", "Penzance", "Bedford", "Bristol", "Corby", "Southend-on-Sea", "Ascot"]
TWICE = re.compile(r"\bthe rest of the rest\b|\bthe the\b|\bnan\b")


@pytest.fixture(scope="module")
def book() -> tuple[Catalogue, Store]:
    catalogue = Catalogue.open(Project.find())
    return catalogue, Store.open(catalogue.project, catalogue.sources, catalogue.areas)


def towns(catalogue: Catalogue) -> Iterator[Choice]:
    """Every built-up area of five LSOAs and more."""
    return (town for town in built_up_areas(catalogue.areas) if len(town.lsoas) >= SMALLEST)


def problems(book: tuple[Catalogue, Store], town: Choice) -> list[str]:
    """What does not hold of a town's readings."""
    catalogue, store = book
    name = town.name.partition(" (")[0]
    catalogue.places["town"] = TownPlace(name=name, kind="town", parent=town.districts, built_up_area=town.code)
    found, wrong = Evidence(catalogue, store, "town"), []
    for indicator in catalogue.indicators.values():
        reading = found.read(indicator.id)
        if not isinstance(reading, Reading):
            continue
        texts = [said.text for said in sentences.say(all_claims(reading))]
        wrong += [f"{indicator.id}: {text}" for text in texts if TWICE.search(text)]
        if reading.wider or not isinstance(indicator.reads, Share) or "lsoa" not in indicator.levels:
            continue
        wrong += [f"{indicator.id}: {fault}" for fault in _sums(found, reading)]
    return wrong


def _sums(found: Evidence, reading: Reading) -> Iterator[str]:
    """The town's counts and those of the rest of each district against the small areas of these districts, one by one."""
    parents = [c for c in reading.comparators if c.role == "parent"]
    rests = [value for c in parents for value in c.series if value.period == reading.period]
    every = {area for value in (*reading.now, *rests) for area in value.inputs[0].areas}
    wanted = {a.code for d in found.districts for a in found.areas.children(d, "lsoa") if a.vintage == "2021"}
    if len(rests) == len(parents) and every != wanted:
        yield f"{len(every)} small areas in place of {len(wanted)}"
    members = [area for value in (*reading.now, *rests) for area in value.inputs[0].areas]
    if len(members) != len(set(members)):
        yield "a small area is counted twice"
    if reading.inside:
        low, high = reading.inside.values[-1].number, reading.inside.values[0].number
        if not low - 1e-9 <= reading.now[0].number <= high + 1e-9:
            yield f"{reading.now[0].number} lies outside its small areas, {low} to {high}"


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_town_and_the_rest_of_its_district_are_the_district(book: tuple[Catalogue, Store], name: str) -> None:
    (town,) = [town for town in towns(book[0]) if town.name == name]
    assert problems(book, town) == []


@pytest.mark.long
def test_every_town_of_england_and_the_rest_of_its_district_are_the_district(book: tuple[Catalogue, Store]) -> None:
    every = list(towns(book[0]))
    assert len(every) > 1_000
    wrong = {town.name: faults for town in every if (faults := problems(book, town))}
    assert wrong == {}
