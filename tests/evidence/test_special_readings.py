"""Readings of a shape of their own: an index is counted, a median is never added up, a flow is the district's."""

from dataclasses import replace

import pytest

from placebook.catalogue.load import Catalogue
from placebook.evidence.reading import Absent
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import wording

HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"
# Made up for these tests; they exist nowhere else.
INDEX = HEAD + "".join(
    f"E0100000{n},2025-01-01/P1Y,{measure},,,{value},,,\n"
    for n, decile, rank in ((1, 2, 4_000), (2, 9, 30_000), (3, 2, 5_000), (4, 5, 15_000))
    for measure, value in (("decile", decile), ("rank", rank))
)
INCOME = HEAD + "".join(
    f"{code},2023-01-01/P1Y,pay,,,{value},,,\n"
    for code, value in (("E01000001", 30_000), ("E01000002", 40_000), ("E07000099", 36_000))
)
TRIPS = HEAD + (
    "E07000095,2021-03-21,workers,,E07000095,500,,,\n"
    "E07000095,2021-03-21,workers,,E07000099,70,,,\n"
    "E07000095,2021-03-21,workers_in,,,540,,,\n"
    "E07000095,2021-03-21,workers_out,,,570,,,\n"
    "E07000099,2021-03-21,workers,,E06000032,20,,,\n"
    "E07000099,2021-03-21,workers,,E07000095,40,,,\n"
    "E07000099,2021-03-21,workers,,E07000099,900,,,\n"
    "E07000099,2021-03-21,workers_in,,,970,,,\n"
    "E07000099,2021-03-21,workers_out,,,960,,,\n"
)
ENTRY = """\
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
    uncertainty: full_count
    counts: none
    price_basis: {price}
    source: {id}
    reads: {reads}
    levels: {levels}
"""


@pytest.fixture
def project(tiny_project):
    measure = "  {0}: {{label: {0}, unit: units, minimum: 0, maximum: 1000000000}}"
    tiny_project.table("index", INDEX, "[lsoa]", "\n".join(measure.format(m) for m in ("decile", "rank")))
    tiny_project.table("income", INCOME, "[lsoa, district]", measure.format("pay"))
    tiny_project.table(
        "trips", TRIPS, "[district]", "\n".join(measure.format(m) for m in ("workers", "workers_in", "workers_out"))
    )
    entries = (
        ENTRY.format(
            id="index",
            unit="decile",
            measure="index",
            price="none",
            levels="[lsoa]",
            reads="{kind: small_area_index, decile: decile, rank: rank}",
        ),
        ENTRY.format(
            id="income",
            unit="pounds",
            measure="median",
            price="current",
            levels="[lsoa, district]",
            reads="{kind: published, measure: pay}",
        ),
        ENTRY.format(
            id="trips",
            unit="count",
            measure="count",
            price="none",
            levels="[district]",
            reads="{kind: flow, measure: workers, margin: {of: workers_out}, margin_in: {of: workers_in}}",
        ),
    )
    tiny_project.write("data/indicators/90-inside.yml", "title: Inside\nquestion: How?\nindicators:\n" + "".join(entries))
    return tiny_project


def evidence(project, slug) -> Evidence:
    catalogue = Catalogue.open(project)
    return Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), slug)


def test_of_an_index_the_small_areas_are_counted_and_nothing_is_added(project):
    reading = evidence(project, "letchworth").read("index")
    assert (reading.subject.badge, reading.subject.members) == ("best_fit", ("E01000001", "E01000002"))
    assert reading.series == () and reading.comparators == () and reading.band is None
    assert {c.decile: c.areas for c in reading.counts if c.count} == {2: ("E01000001",), 9: ("E01000002",)}
    assert {c.of for c in reading.counts} == {2} and len(reading.counts) == 10
    assert wording.deprived(reading, "area in", "areas in") == (
        f"1 of the 2 areas in {reading.subject.name} is among the most deprived three tenths in England"
    )
    alone = [replace(count, of=1, count=int(count.decile == 9)) for count in reading.counts]
    assert wording.deprived(replace(reading, counts=tuple(alone)), "area in", "areas in") == (
        f"the only area in {reading.subject.name} is in tenth 9 of England’s small areas, 1 being the most deprived"
    ), "nobody says one of the one"
    assert [(v.area, v.value) for v in reading.details if v.measure == "rank"] == [
        ("E01000001", 4_000),
        ("E01000002", 30_000),
    ]


def test_of_a_district_its_own_small_areas_of_2021(project):
    reading = evidence(project, "broxbourne").read("index")
    assert (reading.subject.badge, reading.subject.members) == ("direct", ("E01000004",))
    assert [v.value for v in reading.details if v.measure == "decile"] == [5]


def test_a_small_area_is_named_with_the_name_that_people_know(project):
    names = {v.area: v.area_name for v in evidence(project, "letchworth").read("index").details}
    assert names["E01000001"] == "North Hertfordshire 001A (Grange)"


def test_a_place_without_small_areas_has_no_index_and_a_reason(project):
    project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    found = evidence(project, "luton")
    assert isinstance(found.read("index"), Absent)
    assert found.read("index").reason == "small areas in Luton are not held"
    assert found.read("trips").reason == "no complete origins and destinations are held here"
    assert {a.indicator.id for a in found.absent()} == {"flats", "index", "income", "trips"}
    assert found.theme("inside") == ()


def test_a_median_is_published_for_the_small_areas_and_still_never_summed(project):
    reading = evidence(project, "letchworth").read("income")
    assert reading.wider and reading.subject.name == "North Hertfordshire"
    assert [(v.value, v.derivation) for v in reading.series] == [(36_000, "published")]


def test_a_median_of_no_area_around_the_place_is_absent(project):
    project.table(
        "income",
        INCOME.replace("E07000099", "E06000032"),
        "[lsoa, district]",
        "  pay: {label: p, unit: u, minimum: 0, maximum: 1000000}",
    )
    found = evidence(project, "letchworth").read("income")
    assert isinstance(found, Absent)
    assert found.reason == "no figure is published for Letchworth or an area around it"


def test_what_is_not_there_is_not_held_or_gone_or_not_published(project):
    """Three things, three words. Luton lies in no county; North Hertfordshire, say, was made by a merger."""
    project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    project.table(
        "income",
        INCOME.replace("E07000099", "E07000095"),
        "[lsoa, district]",
        "  pay: {label: p, unit: u, minimum: 0, maximum: 99999}",
    )
    project.replace("data/sources/income.yml", "measures:", "held_for: [E10000015]\nonly_former: [E07000099]\nmeasures:")
    found = evidence(project, "luton").read("income")
    assert (found.reason, found.lack) == ("held for other areas alone", "not_held")
    found = evidence(project, "letchworth").read("income")
    assert found.lack == "gone"


def test_a_flow_of_a_town_is_its_districts_and_says_so(project):
    reading = evidence(project, "letchworth").read("trips")
    assert reading.wider and reading.subject.code == "E07000099"
    assert {v.category: v.value for v in reading.series} == {"out": 20 + 40, "in": 70, "net": 70 - (20 + 40)}
    assert [(v.category, v.partner_name, v.value) for v in reading.details] == [
        ("in", "Broxbourne", 70),
        ("out", "Broxbourne", 40),
        ("out", "Luton", 20),
    ]
    assert evidence(project, "broxbourne").read("trips").subject.badge == "direct"


def test_a_town_of_no_whole_neighbourhoods_says_why_flows_between_them_are_not_shown(project):
    project.replace("data/indicators/90-inside.yml", "levels: [district]", "levels: [msoa]")
    project.replace("params/letchworth.yml", "lsoas: [E01000001, E01000002]", "lsoas: [E01000001]")
    assert evidence(project, "letchworth").read("trips").reason == (
        "shown by neighbourhood (MSOA), of which this town is not made whole; the district’s own flows are shown instead"
    )
    assert evidence(project, "broxbourne").read("trips").reason.startswith("shown for towns; the district’s own")


def test_a_flow_of_which_only_some_are_held_is_not_held(project):
    project.table(
        "trips",
        TRIPS.replace("workers_in,,,970", "workers_in,,,5000"),
        "[district]",
        "\n".join(f"  {m}: {{label: l, unit: u, minimum: 0, maximum: 9999}}" for m in ("workers", "workers_in", "workers_out")),
    )
    found = evidence(project, "letchworth").read("trips")
    assert isinstance(found, Absent) and found.lack == "not_held"


def test_figures_age_from_the_newest_day_of_any_source(project):
    project.replace("data/sources/trips.yml", "retrieved: 2025-06-30", "retrieved: 2025-09-01")
    assert evidence(project, "letchworth").edition_date.isoformat() == "2025-09-01"
