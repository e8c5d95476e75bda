"""Each cross-check shown able to fail: the file spoiled in one way, the whole fault as it is told."""

from datetime import date

import pytest

from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.evidence.store import Store

BROX, HERTS = "params/broxbourne.yml", "data/counties/hertfordshire.yml"
JOBS, PEOPLE = "data/sources/jobs.yml", "data/indicators/30-people.yml"
LOOK_UP = "look the code up in data/geography/areas.csv"


def told(project, tables=True) -> list[str]:
    catalogue = Catalogue.open(project)
    store = Store.open(project, catalogue.sources, catalogue.areas) if tables else None
    return [str(fault).replace("\n    → ", " → ") for fault in sorted(check(catalogue, store))]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            HERTS,
            "E07000095, E07000099",
            "E07000095, E09999999",
            f"{HERTS}:3: districts[1]: there is no district E09999999 → {LOOK_UP}",
        ),
        (
            HERTS,
            "E07000095, E07000099",
            "E07000095, E07000097",
            f"{HERTS}:3: districts[1]: there is no district E07000097 → E07000097 was East Hertfordshire until 2013; "
            "use E07000099 (North Hertfordshire).",
        ),
        (HERTS, "districts:", "itl3: [TLQ99]\ndistricts:", f"{HERTS}:3: itl3[0]: there is no area TLQ99 → {LOOK_UP}"),
        (
            HERTS,
            "districts:",
            "itl3: [E12000006]\ndistricts:",
            f"{HERTS}:3: itl3[0]: E12000006 is a region, not an ITL level 3 area → use ITL codes, such as TLH23",
        ),
        (
            PEOPLE,
            "source: jobs",
            "source: qqqqqq",
            f"{PEOPLE}:15: work.source: there is no source 'qqqqqq' → there are homes, jobs",
        ),
    ],
)
def test_the_fault_and_nothing_else(tiny_project, file, old, new, expected):
    tiny_project.replace(file, old, new)
    assert told(tiny_project) == [expected]


def test_two_files_of_one_district(tiny_project):
    tiny_project.write("params/cheshunt.yml", "name: Cheshunt\nkind: district\ncode: E07000095\n")
    assert told(tiny_project) == [
        "params/cheshunt.yml:3: code: is the district of params/broxbourne.yml too → delete one of the two files"
    ]


def test_a_code_of_the_right_form_that_is_no_district(tiny_project):
    areas = (tiny_project.root / "data/geography/areas.csv").read_text(encoding="utf-8")
    tiny_project.write("data/geography/areas.csv", areas + "E06000099,Somewhere,,ward,April 2025,,,,,,\n")
    tiny_project.replace(BROX, "E07000095", "E06000099")
    assert told(tiny_project) == [
        f"{BROX}:3: code: E06000099 is a ward, not a district → use the GSS code of a district, such as E07000095"
    ]


COUNTY = "name: Other\ncode: {code}\ndistricts: [{district}]\n"


def test_a_district_in_two_counties(tiny_project):
    tiny_project.write("data/counties/other.yml", COUNTY.format(code="E10000015", district="E07000095"))
    assert told(tiny_project) == [
        "data/counties/other.yml:3: districts[0]: E07000095 is listed by 'hertfordshire' too → a district lies in one county"
    ]


def test_a_place_cannot_borrow_a_county_that_it_does_not_lie_in(tiny_project):
    tiny_project.replace(HERTS, "[E07000095, E07000099]", "[E07000099]")
    tiny_project.replace(BROX, "code:", "county: hertfordshire\ncode:")
    assert told(tiny_project) == [
        f"{BROX}:3: county: {HERTS} does not list Broxbourne → remove the line, or add the district to that file"
    ]


def test_a_source_without_tables_or_measures(tiny_project):
    text = (tiny_project.root / JOBS).read_text(encoding="utf-8")
    head, _ = text.split("tables:\n")
    tiny_project.write(JOBS, head)
    assert f"{JOBS}:1: tables: lists no table → run placebook refresh --from DIR jobs" in told(tiny_project, tables=False)
    before, after = text.split("measures:\n")
    tiny_project.write(JOBS, before + after.split("\n", 1)[1])
    assert (f"{JOBS}:1: measures: is missing for a source of observations → name each measure with its unit and range") in told(
        tiny_project, tables=False
    )


def test_without_tables_what_needs_them_is_left_out(tiny_project):
    tiny_project.replace(PEOPLE, "headline: 1", "headline: 1\n    from_period: 1999-01-01/P1Y")
    assert told(tiny_project, tables=False) == []
    assert told(tiny_project) == [
        f"{PEOPLE}:20: work.from_period: the table has no period 1999-01-01/P1Y → "
        "use one of its periods, such as 2023-01-01/P1Y"
    ]


def test_faults_of_places_sources_and_indicators_are_told_together(tiny_project):
    tiny_project.replace(BROX, "E07000095", "E07000097")
    tiny_project.replace(HERTS, "E07000099]", "E06000032]")
    tiny_project.replace(JOBS, "retrieved: 2025-06-30", "retrieved: 2999-01-01")
    tiny_project.replace(PEOPLE, "source: jobs", "source: job")
    assert [line.split(":")[0] for line in told(tiny_project)] == [HERTS, PEOPLE, JOBS, BROX]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", []),
        ("peers: 0\n", []),
        ("comparators: [county]\n", []),
        ("comparators: [peer]\npeers: 0\n", []),
        (
            "peers: 3\n",
            [
                "params/luton.yml:4: peers: asks for statistical neighbours, and none are held for Luton → remove the line; or "
                "add them to the files that data/geography/neighbours.csv is made from"
            ],
        ),
        (
            "comparators: [peer, county]\n",
            [
                "params/luton.yml:4: comparators: asks for statistical neighbours, and none are held for Luton → remove peer "
                "from the list; or add them to the files that data/geography/neighbours.csv is made from"
            ],
        ),
    ],
)
def test_neighbours_that_are_asked_for_and_not_held(tiny_project, more, expected):
    tiny_project.write("params/luton.yml", f"name: Luton\nkind: district\ncode: E06000032\n{more}")
    assert told(tiny_project) == expected


def test_neighbours_that_are_held(tiny_project):
    tiny_project.replace("params/letchworth.yml", "kind:", "peers: 2\ncomparators: [peer]\nkind:")
    assert told(tiny_project) == []


def test_a_review_of_tomorrow(tiny_project):
    tiny_project.replace(BROX, "code:", "review: {by: A, on: 2025-03-31}\ncode:")
    catalogue = Catalogue.open(tiny_project)
    assert [fault for fault in check(catalogue, None, date(2025, 3, 31)) if "review" in fault.field] == []
    assert [str(fault) for fault in check(catalogue, None, date(2025, 3, 30)) if "review" in fault.field] == [
        f"{BROX}:3: review.on: 2025-03-31 lies in the future\n    → write the day on which the page was reviewed"
    ]


def test_of_many_wrong_codes_the_first_are_told(tiny_project):
    codes = ", ".join(f"E01{number:06}" for number in range(500_000, 500_900))
    tiny_project.replace("params/letchworth.yml", "E01000001, E01000002", codes)
    found = told(tiny_project)
    assert len(found) == 21 and found[0] == (
        "params/letchworth.yml:4: lsoas: lists 880 more LSOAs that there are not → correct the first ones and check again"
    )


def test_of_many_wrong_categories_the_first_are_told(tiny_project):
    tiny_project.replace("data/indicators/60-places.yml", "categories: [flat]", 'categories: ["1..30"]')
    found = told(tiny_project)
    assert len(found) == 21
    assert any(
        line.endswith(
            "flats.reads: the table holds no 10 more categories of 'homes' that are named → "
            "correct the first ones and check again"
        )
        for line in found
    )


ADDED = (
    "adds_up: {measures: [rate]}\nadded_up_from: {E07000099: [E07000097]}\n"
    "caveats: ['Hitchin: added up from former districts.']\n"
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("adds_up: {measures: [rate]}\n", "", "adds figures up that are declared nowhere as counts"),
        ("[rate]", "[rat]", "the source has no measure 'rat'"),
        ("former districts.", "others.", "does not say which districts are added up"),
        ("[E07000097]", "[E07000097, E07000096]", "is not made of E07000097, E07000096 → write E07000097"),
        ("E07000099: [", "E07000095: [", "is not made of E07000097 → write nothing: it was made by no merger"),
        (
            "caveats:",
            "agrees_with: [{measure: rate, source: homes, other: no, at_least: 1, at_most: 2}]\ncaveats:",
            "names a source or a measure that there is not",
        ),
    ],
)
def test_what_is_added_up_is_declared(tiny_project, old, new, expected):
    text = ADDED.replace(old, new) if old else ADDED
    tiny_project.replace(JOBS, "measures:\n", f"{text}measures:\n")
    found = told(tiny_project)
    assert (len(found), expected in "".join(found)) == (1 if expected else 0, True), found


def test_a_relation_names_measures_and_a_section_that_are_there(tiny_project):
    says = "says: {more: More, less: Less}"
    text = f"kind: pair\nfirst: work\nsecond: flat\nsection: place\nconcept: x\npriority: 1\n{says}\n"
    tiny_project.write("data/relations/work-and-flats.yml", text)
    faults = [str(fault) for fault in check(Catalogue.open(tiny_project), None)]
    (measure,) = [fault for fault in faults if "relations/work-and-flats.yml:3" in fault]
    (section,) = [fault for fault in faults if "relations/work-and-flats.yml:4" in fault]
    assert "there is no measure 'flat'" in measure and "flats" in measure
    assert "there is no section 'place'" in section and "places" in section
