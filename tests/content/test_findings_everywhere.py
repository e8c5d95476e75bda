"""What pages tell first holds wherever they tell it: findings of districts of every kind, made without a page."""

from __future__ import annotations

import re

import pytest

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import DistrictPlace, TownPlace
from placebook.evidence.panel import APART
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings.choice import MOST
from placebook.findings.finding_wording import Teller
from placebook.findings.key_findings import KeyFindings
from placebook.paths import Project

SOME = ("E07000095", "E07000099", "E07000240", "E06000032", "E09000007", "E06000023", "E06000046", "E06000052", "E08000012")
HEADLINE, SENTENCE = 12, 30
"""Words at most."""
RANK = re.compile(r"the (?:joint )?(\d+)(?:st|nd|rd|th) (?:highest|lowest) of (\d+)")
LOCKED = ("2020-01", "2021-07")
"""No period that begins in these months may be what work, learning or travel is counted from."""


@pytest.fixture(scope="module")
def book() -> tuple[Catalogue, Store]:
    catalogue = Catalogue.open(Project.find())
    return catalogue, Store.open(catalogue.project, catalogue.sources, catalogue.areas)


def findings(book: tuple[Catalogue, Store], place: DistrictPlace | TownPlace) -> KeyFindings:
    catalogue, store = book
    catalogue.places["somewhere"] = place
    return KeyFindings(Evidence(catalogue, store, "somewhere"))


def of_district(book: tuple[Catalogue, Store], code: str) -> KeyFindings:
    return findings(book, DistrictPlace(kind="district", name=book[0].areas[code].name, code=code))


def problems(found: KeyFindings) -> list[str]:
    """What breaks a rule."""
    wrong, key = [], found.chosen.key
    teller = Teller(found.readings, found.evidence.catalogue.relations)
    concepts, sections = [c.concept for c in key], [c.section for c in key]
    wrong += [f"{c} twice" for c in concepts if concepts.count(c) > 1] + [
        f"{s} thrice" for s in sections if sections.count(s) > 2
    ]
    for candidate in key:
        told = teller.tell(candidate)
        own = told.headline.removeprefix(f"{candidate.subject}: ")
        if len(own.split()) > HEADLINE:
            wrong.append(f"long headline: {own}")
        if len(told.sentence.split()) > SENTENCE:
            wrong.append(f"long sentence: {told.sentence}")
        wrong += [
            f"from the farther end: {told.sentence}" for rank, of in RANK.findall(told.sentence) if 2 * int(rank) > int(of) + 1
        ]
        indicator = found.readings[candidate.indicators[0]].indicator
        if candidate.type == "change" and indicator.lockdown and LOCKED[0] <= candidate.values[1].period[:7] <= LOCKED[1]:
            wrong.append(f"counted from a lockdown: {told.sentence}")
        if candidate.priority < 0.5 or candidate.left_out:
            wrong.append(f"never told: {candidate.id}")
    if len(key) > MOST or (not key and found.evidence.district not in APART and not found.evidence.is_town):
        wrong.append(f"{len(key)} findings")
    return wrong


@pytest.mark.parametrize("code", SOME)
def test_findings_of_a_district_keep_the_rules(book: tuple[Catalogue, Store], code: str) -> None:
    assert problems(of_district(book, code)) == []


def test_broxbournes_output_fell_and_a_single_draw_of_a_survey_is_no_finding(book: tuple[Catalogue, Store]) -> None:
    found = of_district(book, "E07000095")
    by_type = {(c.type, c.indicators[0]): c for c in found.chosen.key}
    assert ("change", "gva-per-hour") in by_type and ("change", "gdp-per-head") in by_type
    level3 = by_type["level", "level-3-qualifications"]
    assert level3.values[0].role == "pooled" and [v.value for v in level3.values[2:]] == [41.9, 62.0]
    half = by_type["change", "gdp-per-head"]
    assert half.asks_local == "2014 to 2016"


def test_mass_registrations_are_no_finding(book: tuple[Catalogue, Store]) -> None:
    """St Albans, Bromsgrove and Wyre Forest: births and deaths of firms of one address."""
    for code in ("E07000240", "E07000234", "E07000239"):
        told = {c.indicators[0] for c in of_district(book, code).chosen.key}
        assert not told & {"business-births", "business-deaths", "survival-1-year", "high-growth"}


def test_the_smallest_have_headline_facts_alone(book: tuple[Catalogue, Store]) -> None:
    for code in APART:
        found = of_district(book, code)
        assert found.chosen.key == () and {c.left_out for c in found.candidates} == {"R10a"}


def test_a_town_tells_its_own_first_and_two_of_its_district_at_most(book: tuple[Catalogue, Store]) -> None:
    place = TownPlace(name="Penzance", kind="town", parent="E06000052", built_up_area="E63007065")
    found = findings(book, place)
    wider = [c.wider for c in found.chosen.key]
    assert wider == sorted(wider) and sum(wider) <= 2 and wider.count(False) >= 3
    for candidate in found.chosen.key:
        assert candidate.subject == ("Cornwall" if candidate.wider else "Penzance")
    assert problems(found) == []


@pytest.mark.long
def test_findings_of_every_district_keep_the_rules(book: tuple[Catalogue, Store]) -> None:
    every = [area for area in book[0].areas.of_level("district") if area.code.startswith("E")]
    assert {area.name: faults for area in every if (faults := problems(of_district(book, area.code)))} == {}
