"""A place's share of its comparators, its small areas one by one, and what is held back of it."""

import pytest

from placebook.catalogue.load import Catalogue
from placebook.evidence.ratios import ratios
from placebook.evidence.reading import Absent
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store

HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"
# Made up for these tests; they exist nowhere else.
PEOPLE = HEAD + "".join(
    f"{code},2023-06-30,people,{age},,{count},,,\n"
    for code, young, old in (("E06000032", 100, 500), ("E07000095", 60, 200), ("E07000099", 40, 300))
    for age, count in ((16, young), (40, old))
)
MEASURE = "  {0}: {{label: {0}, unit: units, minimum: 0, maximum: 1000000000}}"


def evidence(project, slug="broxbourne") -> Evidence:
    catalogue = Catalogue.open(project)
    return Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), slug)


def weigh(project, categories="['16', '40']"):
    project.table("people", PEOPLE, "[district]", MEASURE.format("people"))
    project.replace(
        "data/indicators/30-people.yml",
        "    headline: 1\n",
        f"    comparator_overlap: linear\n    weight: {{source: people, measure: people, categories: {categories}}}\n",
    )


def test_a_share_is_counted_in_the_indicators_own_denominator(tiny_project):
    """Broxbourne's 260 of England's 1,200: all three districts added up."""
    weigh(tiny_project)
    england = evidence(tiny_project).read("work").beside("country")
    assert england.contains and england.share == pytest.approx((60 + 200) / (600 + 260 + 340))


def test_of_categories_only_those_that_count(tiny_project):
    weigh(tiny_project, "['16']")
    england = evidence(tiny_project).read("work").beside("country")
    assert england.share == pytest.approx(60 / (100 + 60 + 40))


def test_a_share_of_another_year_is_no_share_of_this_one(tiny_project):
    """The figure is of 2023; a weight of 2019 says only that the share is small or large."""
    weigh(tiny_project)
    tiny_project.table("people", PEOPLE.replace("2023-06-30", "2019-06-30"), "[district]", MEASURE.format("people"))
    england = evidence(tiny_project).read("work").beside("country")
    assert england.share is None and england.share_ever == pytest.approx(260 / 1200)


def test_a_neighbour_contains_nobody(tiny_project):
    weigh(tiny_project)
    peer = evidence(tiny_project, "letchworth").read("work").beside("peer")
    assert peer is None or (not peer.contains and peer.share is None)


def test_without_a_weight_there_is_no_share(tiny_project):
    england = evidence(tiny_project).read("work").beside("country")
    assert (england.share, england.share_ever) == (None, None)


# ------------------------------------------------------------ inside


def look_inside(project, level="lsoa"):
    project.replace(
        "data/indicators/60-places.yml",
        "    comparators: [parent, county]\n",
        f"    comparators: [parent, county]\n    inside: {level}\n",
    )


def test_a_town_is_seen_through_its_own_small_areas(tiny_project):
    """Flats are 10 of 40 homes and 5 of 20: a quarter in both; classes are drawn from the whole county."""
    look_inside(tiny_project)
    inside = evidence(tiny_project, "letchworth").read("flats").inside
    assert inside.level == "lsoa"
    assert {v.area: v.value for v in inside.values} == {"E01000001": 25, "E01000002": 25}
    assert sorted(inside.everywhere) == [1, 5, 25, 25]
    assert inside.values[0].area_name == "North Hertfordshire 001A (Grange)"


def test_a_district_is_seen_through_its_neighbourhoods(tiny_project):
    """001 is (10 + 5) of (40 + 20) homes, 004 is 1 of 100, each by the name that people know."""
    look_inside(tiny_project)
    tiny_project.write("params/north.yml", "name: North Herts\nkind: district\ncode: E07000099\n")
    inside = evidence(tiny_project, "north").read("flats").inside
    assert inside.level == "msoa"
    assert [(v.area_name, v.value, v.badge) for v in inside.values] == [("Grange", 25, "best_fit"), ("East", 1, "best_fit")]


def test_one_small_area_is_no_inside(tiny_project):
    look_inside(tiny_project)
    assert evidence(tiny_project).read("flats").inside is None


# ------------------------------------------------------------ estimates, domains, what is held back

ENTRY = """\
title: Inside
question: How?
indicators:
  - id: {id}
    title: {id}
    phrase: the {id}
    question: How?
    definition: Made up.
    unit: {unit}
    unit_words: units
    decimals: 0
    polarity: neither
    measure: {measure}
    uncertainty: {uncertainty}
    counts: stock
    price_basis: {price}
    source: {id}
    reads: {reads}
    levels: [{level}]
"""


def test_estimates_are_shown_one_by_one(tiny_project):
    text = HEAD + "E02004911,2020-01-01/P1Y,pay,,,30,28,32,\nE02004914,2020-01-01/P1Y,pay,,,40,38,42,\n"
    tiny_project.table("pay", text, "[msoa]", MEASURE.format("pay"))
    tiny_project.write(
        "data/indicators/90-inside.yml",
        ENTRY.format(
            id="pay",
            unit="pounds",
            measure="modelled",
            uncertainty="limits",
            price="current",
            level="msoa",
            reads="{kind: small_area_values, measure: pay}",
        ),
    )
    tiny_project.write("params/north.yml", "name: North Herts\nkind: district\ncode: E07000099\n")
    reading = evidence(tiny_project, "north").read("pay")
    assert [(v.area_name, v.value, v.lower) for v in reading.details] == [("East", 40, 38), ("Grange", 30, 28)]
    assert reading.series == () and reading.districts is None
    found = evidence(tiny_project, "broxbourne").read("pay")
    assert isinstance(found, Absent) and (found.reason, found.lack) == ("small areas in Broxbourne are not held", "not_held")


def test_the_domains_of_an_index_are_counted_each(tiny_project):
    rows = [(1, 2, 9), (2, 3, 1), (3, 5, 5), (4, 5, 5)]
    text = HEAD + "".join(
        f"E0100000{n},2025-01-01/P1Y,{m},,,{v},,,\n"
        for n, whole, income in rows
        for m, v in (("income", income), ("income_rank", n), ("whole", whole), ("whole_rank", n))
    )
    names = ("whole", "whole_rank", "income", "income_rank")
    tiny_project.table("index", text, "[lsoa]", "\n".join(MEASURE.format(name) for name in names))
    tiny_project.write(
        "data/indicators/90-inside.yml",
        ENTRY.format(
            id="index",
            unit="decile",
            measure="index",
            uncertainty="full_count",
            price="none",
            level="lsoa",
            reads="{kind: small_area_index, decile: whole, rank: whole_rank, domains: [{label: Income, decile: income, "
            "rank: income_rank}]}",
        ),
    )
    reading = evidence(tiny_project, "letchworth").read("index")
    ((label, counts),) = reading.domains
    assert label == "Income" and {c.decile: c.count for c in counts if c.count} == {9: 1, 1: 1}
    assert {c.decile: c.count for c in reading.counts if c.count} == {2: 1, 3: 1}


def test_what_is_held_back_is_told_where_a_wider_area_stands_in(tiny_project):
    text = HEAD + "E07000095,2023-01-01/P1Y,rate,,,,,,c\nTLH,2023-01-01/P1Y,rate,,,77,,,\n"
    tiny_project.table("jobs", text, "[district, itl1]")
    reading = evidence(tiny_project).read("work")
    assert reading.wider and reading.subject.name == "East of England"
    assert [(v.area, v.markers) for v in reading.held_back] == [("E07000095", ("c",))]


def test_a_ratio_is_a_quotient_of_two_published_rows(tiny_project):
    reading = evidence(tiny_project).read("work")
    name, found = ratios(reading)
    assert name == "England" or found == ()
    text = HEAD + "".join(
        f"{code},{year}-01-01/P1Y,rate,,,{value},,,\n"
        for code, values in (("E07000095", (40, 60)), ("E92000001", (50, 80)))
        for year, value in zip((2022, 2023), values, strict=True)
    )
    tiny_project.table("jobs", text, "[district, country]")
    name, found = ratios(evidence(tiny_project).read("work"))
    assert name == "England" and [v.value for v in found] == [100 * 40 / 50, 100 * 60 / 80]
    assert [i.part for i in found[0].inputs] == ["numerator", "denominator"] and found[0].derivation == "quotient"
