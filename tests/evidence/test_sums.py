"""What must add up: each check holds on a small table, and is seen to fail where one number is another."""

import pytest

from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.evidence import sums as room
from placebook.evidence.store import Store
from placebook.evidence.sums import check_sums, sums

HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"
DAY = "2021-03-21"
COUNTY = {"E07000095": 30, "E07000099": 50, "E10000015": 30 + 50}


def count(project, name, figures, more="", measure="firms", period=DAY):
    """A source of one measure: code to number, and what else its file says."""
    text = "".join(f"{code},{period},{measure},,,{value},,,\n" for code, value in sorted(figures.items()))
    project.table(
        name,
        HEAD + text,
        "[district, county, region, country]",
        f"  {measure}: {{label: l, unit: u, minimum: 0, maximum: 9999}}",
    )
    project.replace(f"data/sources/{name}.yml", "measures:\n", f"{more}measures:\n")


def told(project) -> list[str]:
    catalogue = Catalogue.open(project)
    store = Store.open(project, catalogue.sources, catalogue.areas)
    return [
        str(fault).replace("\n    → ", " → ")
        for fault in sums(store, catalogue.sources, list(catalogue.indicators.values()), catalogue.areas)
    ]


# ------------------------------------------------------------ districts and larger areas

ADDS = "adds_up: {measures: [firms]}\n"


def test_districts_add_up_to_county_region_and_england(tiny_project):
    count(tiny_project, "firms", COUNTY | {"E06000032": 7, "E12000006": 80 + 7, "E92000001": 80 + 7}, ADDS)
    assert told(tiny_project) == []


@pytest.mark.parametrize(
    ("code", "name", "members", "total"),
    [
        ("E10000015", "Hertfordshire", 2, 80),
        ("E12000006", "East of England", 3, 87),
        ("E92000001", "England", 3, 87),
    ],
)
def test_a_larger_area_that_its_districts_do_not_make_is_told(tiny_project, code, name, members, total):
    count(tiny_project, "firms", COUNTY | {"E06000032": 7, code: 300}, ADDS)
    assert told(tiny_project) == [
        f"data/tables/firms.csv: {code} ({name}), {DAY}, firms: its {members} districts add up to {total}, published is 300 → "
        "find the district that is wrong, or declare why the parts are not the whole (adds_up.within)"
    ]


def test_nothing_is_added_up_where_a_district_has_no_value(tiny_project):
    count(tiny_project, "firms", COUNTY | {"E10000015": 300}, ADDS)
    tiny_project.table(
        "firms",
        HEAD + f"E07000095,{DAY},firms,,,30,,,\nE07000099,{DAY},firms,,,,,,c\nE10000015,{DAY},firms,,,300,,,\n",
        "[district, county]",
        "  firms: {label: l, unit: u, minimum: 0, maximum: 999}",
    )
    tiny_project.replace("data/sources/firms.yml", "measures:\n", f"{ADDS}measures:\n")
    assert told(tiny_project) == []


@pytest.mark.parametrize(
    ("more", "allowed"),
    [
        ("rounded_to: 5\n", 5 * (2 + 1) / 2),  # two districts and the county, each off by 2.5
        ("perturbation: {small_area: 9, total: 26}\n", 26 * 2**0.5),
        ("", 0),
    ],
)
def test_rounding_and_perturbation_are_allowed_for_and_no_more(tiny_project, more, allowed):
    count(tiny_project, "firms", COUNTY | {"E10000015": 80 + int(allowed)}, more + ADDS)
    assert told(tiny_project) == []
    count(tiny_project, "firms", COUNTY | {"E10000015": 80 + int(allowed) + 1}, more + ADDS)
    assert len(told(tiny_project)) == 1


def test_parts_that_are_not_the_whole_are_declared_with_a_reason(tiny_project):
    within = "adds_up: {measures: [firms], within: 0.1, because: some have no district}\n"
    count(tiny_project, "firms", COUNTY | {"E10000015": 88}, within)  # 80 is 9% less than 88
    assert told(tiny_project) == []
    count(tiny_project, "firms", COUNTY | {"E10000015": 90}, within)
    assert len(told(tiny_project)) == 1
    count(tiny_project, "firms", COUNTY, "adds_up: {measures: [firms], within: 0.1}\n")
    with pytest.raises(InputError, match="does not say why"):
        told(tiny_project)


# ------------------------------------------------------------ journeys

FLOWS = {
    ("E07000095", "E07000095"): 500,
    ("E07000095", "E07000099"): 70,
    ("E07000099", "E07000095"): 40,
    ("E07000099", "E07000099"): 900,
}
SUMMARY = {
    "E07000095": {"live": 500 + 70 + 100 + 5, "work": 500 + 40 + 100, "home": 100, "away": 5, "inside": 500},
    "E07000099": {"live": 900 + 40 + 200 + 0, "work": 900 + 70 + 200, "home": 200, "away": 0, "inside": 900},
}


def journeys(project, flows, summary):
    rows = [f"{a},{DAY},trips,,{b},{n},,,\n" for (a, b), n in flows.items()]
    rows += [f"{a},{DAY},{m},,,{n},,,\n" for a, each in summary.items() for m, n in each.items()]
    rows.sort(key=lambda row: row.split(",")[:5])
    measures = "\n".join(f"  {m}: {{label: l, unit: u, minimum: 0, maximum: 9999}}" for m in ("trips", *SUMMARY["E07000095"]))
    project.table("trips", HEAD + "".join(rows), "[district]", measures)
    project.write(
        "data/indicators/90-trips.yml",
        """\
title: Trips
question: Where to?
indicators:
  - id: trips
    title: Trips
    phrase: the trips
    question: Where to?
    definition: Made up.
    unit: count
    unit_words: people
    decimals: 0
    polarity: neither
    measure: count
    uncertainty: full_count
    counts: none
    source: trips
    reads:
      {kind: flow, measure: trips, margin: {of: live, less: [home, away]}, margin_in: {of: work, less: [home]}, within: inside}
    levels: [district]
""",
    )


def test_those_at_home_inside_out_and_abroad_are_all_who_live_there(tiny_project):
    journeys(tiny_project, FLOWS, SUMMARY)
    assert told(tiny_project) == []


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("live", "the flows (area) add up to 570, live less home less away is 670"),
        ("work", "the flows (partner) add up to 540, work less home is 640"),
        ("inside", "the flows (area) add up to 500, inside is 600"),
    ],
)
def test_a_summary_that_its_flows_do_not_make_is_told(tiny_project, measure, said):
    changed = {**SUMMARY["E07000095"], measure: SUMMARY["E07000095"][measure] + 100}
    journeys(tiny_project, FLOWS, SUMMARY | {"E07000095": changed})
    (fault,) = told(tiny_project)
    assert fault.startswith(f"data/tables/trips.csv: E07000095 (Broxbourne), {DAY}, {measure}: {said} → ")


def test_a_flow_that_is_missing_is_told_at_both_its_ends(tiny_project):
    journeys(tiny_project, {ends: n for ends, n in FLOWS.items() if n != 70}, SUMMARY)
    assert ["E07000095" in fault for fault in told(tiny_project)] == [True, False]


# ------------------------------------------------------------ one source and another

AGREES = """\
agrees_with:
  - {measure: firms, source: active, other: active, at_least: 0.84, at_most: 1.5}
"""


def test_sources_that_count_nearly_the_same_agree(tiny_project):
    count(tiny_project, "active", {"E07000095": 100, "E07000099": 100}, measure="active", period="2021-01-01/P1Y")
    count(tiny_project, "firms", {"E07000095": 84, "E07000099": 150}, AGREES)
    assert told(tiny_project) == []
    count(tiny_project, "firms", {"E07000095": 83, "E07000099": 151}, AGREES)
    low, high = told(tiny_project)
    assert low.startswith(
        f"data/tables/firms.csv: E07000095 (Broxbourne), {DAY}, firms: is 83 beside 100 (active of active): 0.83 of it"
    )
    assert "is 151 beside 100" in high
    but = AGREES.replace("1.5}", f"1.5,\n     but: [{{areas: [E07000095, E07000099], periods: ['{DAY}'], reason: known}}]}}")
    count(tiny_project, "firms", {"E07000095": 83, "E07000099": 151}, but)
    assert told(tiny_project) == []


# ------------------------------------------------------------ mergers


def test_a_merged_district_with_one_former_districts_figure_is_told(tiny_project):
    """Broxbourne made by a merger: as many firms for each resident as some other district, or no row at all."""
    tiny_project.write(
        "data/geography/superseded.csv", "code,name,level,since,successors,kind\nE07000001,Old,district,2023,E07000095,merged\n"
    )
    count(tiny_project, "people", {"E07000095": 2000, "E07000099": 1000, "E06000032": 1000}, measure="residents")
    beside = "adds_up: {measures: [firms], beside: {source: people, measure: residents}}\n"
    others = {"E07000099": 50, "E06000032": 30}
    for own in ({}, {"E07000095": 60}):
        count(tiny_project, "firms", others | own, beside)
        assert told(tiny_project) == []
    count(tiny_project, "firms", others | {"E07000095": 40}, beside)  # 20 for each 1,000, the fewest elsewhere are 30
    (fault,) = told(tiny_project)
    assert "E07000095 (Broxbourne)" in fault and "is 40, which is 20 for each 1,000 residents" in fault and "(30)" in fault


# ------------------------------------------------------------ remembered


def test_what_adds_up_is_worked_out_once_and_again_after_a_change(tiny_project, monkeypatch):
    calls = []
    monkeypatch.setattr(room, "sums", lambda *a: calls.append(1) or sums(*a))

    def checked():
        catalogue = Catalogue.open(tiny_project)
        store = Store.open(tiny_project, catalogue.sources, catalogue.areas)
        return check_sums(tiny_project, store, catalogue.sources, catalogue.indicators.values(), catalogue.areas)

    count(tiny_project, "firms", COUNTY, ADDS)
    assert (checked(), checked(), len(calls)) == ([], [], 1)
    count(tiny_project, "firms", COUNTY | {"E10000015": 300}, ADDS)
    assert len(checked()) == len(checked()) == 1 and len(calls) == 3, "a fault is told every time"
    count(tiny_project, "firms", COUNTY | {"E10000015": 300}, "rounded_to: 500\n" + ADDS)
    assert (checked(), len(calls)) == ([], 4)
