"""What the book says holds wherever it says it: readings and sentences of districts of every kind, made without a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from placebook.catalogue.aggregations import measures_of
from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import DistrictPlace
from placebook.evidence.reading import Absent, Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import sentences
from placebook.findings.all_claims import all_claims
from placebook.geography.names import names
from placebook.paths import Project

AWKWARD = {
    "E06000023": "Bristol",
    "E09000001": "City of London",
    "E06000053": "Isles of Scilly",
    "E06000046": "Isle of Wight",
    "E06000063": "Cumberland",
    "E06000064": "Westmorland and Furness",
    "E06000066": "Somerset",
    "E06000058": "Bournemouth, Christchurch and Poole",
    "E06000060": "Buckinghamshire",
    "E08000038": "Barnsley",
    "E06000010": "Kingston upon Hull",
    "E06000052": "Cornwall",
}
INVERTED = [row.official for row in names().values() if row.official != row.name]
WRONG_ARTICLE = re.compile(r"\bin (the )?Isles? of (Wight|Scilly)|\b(in|of) (City of London|Forest of Dean|East of England)\b")
RANK = re.compile(r"(\d+)(?:st|nd|rd|th) (?:highest|lowest) of (\d+)")
INTERVAL = re.compile(r"interval (?:£)?([\d.,−]+%?) to (?:£)?([\d.,−]+%?)\)")


@pytest.fixture(scope="module")
def book() -> tuple[Catalogue, Store]:
    project = Project.find()
    catalogue = Catalogue.open(project)
    return catalogue, Store.open(project, catalogue.sources, catalogue.areas)


def evidence(book: tuple[Catalogue, Store], code: str) -> Evidence:
    """The store seen from a district, as its page would see it."""
    catalogue, store = book
    catalogue.places["district"] = DistrictPlace(kind="district", name=catalogue.areas[code].name, code=code)
    return Evidence(catalogue, store, "district")


def said(found: Evidence) -> Iterator[str]:
    for indicator in found.catalogue.indicators:
        reading = found.read(indicator)
        if isinstance(reading, Reading):
            yield from (entry.text for entry in sentences.say(all_claims(reading)))


def badges(found: Evidence) -> Counter[str]:
    read = [found.read(indicator) for indicator in found.catalogue.indicators]
    return Counter(entry.lack if isinstance(entry, Absent) else entry.subject.badge for entry in read)


def problems(found: Evidence) -> list[str]:
    """What is said of a district and does not hold."""
    wrong = []
    for text in said(found):
        wrong += [f"{name!r} in {text!r}" for name in INVERTED if name in text]
        wrong += [f"article in {text!r}"] if WRONG_ARTICLE.search(text) else []
        wrong += [f"rank from the farther end in {text!r}" for rank, of in RANK.findall(text) if 2 * int(rank) > int(of) + 1]
        wrong += [f"an interval without width in {text!r}" for low, high in INTERVAL.findall(text) if low == high]
    for indicator in found.catalogue.indicators.values():
        reading = found.read(indicator.id)
        (first, *_) = measures_of(indicator.reads)
        own = set(found.store.cells(indicator.source, ("value",), measure=first, areas=[found.district], partner=""))
        reads = indicator.reads  # what is added up over years needs all of them
        plain = reads.kind == "published" and not reads.category and reads.years == 1
        missing = isinstance(reading, Absent) or (reading.wider and not reading.held_back)
        if plain and missing and any(value == value for (value,) in own):
            wrong.append(f"{indicator.id}: the table holds a figure of {found.district}, and the page says it does not")
    return wrong


@pytest.mark.parametrize("code", AWKWARD, ids=AWKWARD.values())
def test_what_is_said_of_an_awkward_district_holds(book: tuple[Catalogue, Store], code: str) -> None:
    found = evidence(book, code)
    assert found.place.name == AWKWARD[code]
    assert problems(found) == []
    assert sum(badges(found).values()) == len(found.catalogue.indicators)


def test_bristols_own_figures_are_its_own(book: tuple[Catalogue, Store]) -> None:
    found = evidence(book, "E06000023")
    for indicator in ("healthy-life-female", "traffic"):
        reading = found.read(indicator)
        assert isinstance(reading, Reading)
        assert (reading.subject.code, reading.subject.badge) == ("E06000023", "direct")


@pytest.mark.long
def test_what_is_said_of_every_district_holds(book: tuple[Catalogue, Store]) -> None:
    catalogue, _ = book
    wrong, served = {}, {}
    for area in catalogue.areas.of_level("district"):
        found = evidence(book, area.code)
        served[area.name] = badges(found)
        if faults := problems(found):
            wrong[area.name] = faults
    for name, count in sorted(served.items(), key=lambda pair: -pair[1]["direct"])[:: len(served) - 1]:
        print(f"{name}: {dict(count)}")
    assert wrong == {}
