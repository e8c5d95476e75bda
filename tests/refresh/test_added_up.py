"""What is added up on the way into a table: former districts for the new one, labels and partnerships that make one row."""

from dataclasses import replace

import pytest
from published import CODES, Drawn, lines, measures
from test_refresh import SOURCE, project

from placebook.errors import DataError
from placebook.refresh import run
from placebook.refresh.area_lists import area_list
from placebook.refresh.business_counts import business_counts
from placebook.refresh.census_flows import census_flows
from placebook.refresh.delimited import read_delimited
from placebook.refresh.els import els
from placebook.refresh.geography import _authorities
from placebook.refresh.published_tables import long_table, wide_table
from placebook.refresh.tidy import LEFT_OUT

MERGED = replace(CODES, joined={"E06000063": ("E07000026", "E07000028")})
LONG = {"area": "code", "value": "n", "measure": "households", "period": "2021-03-21"}


def households(*rows: str, codes=MERGED, **options):
    content = ("code,kind,n\n" + "".join(f"{row}\n" for row in rows)).encode()
    return long_table({"t.csv": content}, {**LONG, **options}, measures("households"), codes)


def test_former_districts_are_added_up_for_the_new_one():
    made = households("E07000026,,40", "E07000028,,2", "E07000099,,7")
    assert lines(made) == [f"E06000063,2021-03-21,households,,,{40 + 2},,,", "E07000099,2021-03-21,households,,,7,,,"]
    assert made.attrs[LEFT_OUT] == {}


def test_without_one_former_district_there_is_no_sum():
    made = households("E07000026,,40", "E07000099,,7")
    assert lines(made) == ["E07000099,2021-03-21,households,,,7,,,"]
    assert made.attrs[LEFT_OUT] == {"not whole after a merger": ["E06000063"]}


def test_what_one_former_district_holds_back_holds_the_sum_back():
    made = households("E07000026,,40", "E07000028,,c", missing={"c": "c"})
    assert lines(made) == ["E06000063,2021-03-21,households,,,,,,c"]


def test_a_published_figure_that_the_former_ones_do_not_make_is_refused():
    assert lines(households("E07000026,,40", "E07000028,,2", "E06000063,,42")) == ["E06000063,2021-03-21,households,,,42,,,"]
    with pytest.raises(DataError, match="t.csv:4: households: gives 40 for E06000063.* add up to 42"):
        households("E07000026,,40", "E07000028,,2", "E06000063,,40")


def test_what_has_limits_is_never_added_up():
    rows = b"areacd,indicator,period,observation,lci_95,uci_95\nE07000026,Rate,2023,5,4,6\nE07000028,Rate,2023,5,4,6\n"
    with pytest.raises(DataError, match="what has limits is never added up"):
        els({"r.csv": rows}, {"labels": {"Rate": "rate"}}, measures("rate"), MERGED)


def test_labels_that_make_one_category_are_added_up_with_their_total():
    kinds = {"White: Irish": "White", "White: Roma": "White", "Arab": "Other"}
    made = households(
        "E07000099,White: Irish,5",
        "E07000099,White: Roma,1",
        "E07000099,Arab,3",
        category="kind",
        added_categories=kinds,
        added_total=True,
    )
    assert lines(made) == [
        f"E07000099,2021-03-21,households,,,{5 + 1 + 3},,,",
        "E07000099,2021-03-21,households,Other,,3,,,",
        f"E07000099,2021-03-21,households,White,,{5 + 1},,,",
    ]


def test_a_value_of_a_column_can_be_left_out():
    assert lines(households("E07000099,a,5", "E07000242,b,1", leave_out={"kind": "b"})) == [
        "E07000099,2021-03-21,households,,,5,,,"
    ]


def test_partnerships_of_one_district_are_added_up():
    crime = b"code,part,n\nE07000099,North,10\nE07000099,South,5\nE07000026,x,1\nE07000028,y,2\n"
    options = {"area": "code", "columns": {"n": "crimes"}, "period": "2025", "parts": "part"}
    made = wide_table({"c.csv": crime}, {**options, "period": "2024-07-01/P1Y"}, measures("crimes"), MERGED)
    assert lines(made) == [f"E06000063,2024-07-01/P1Y,crimes,,,{1 + 2},,,", f"E07000099,2024-07-01/P1Y,crimes,,,{10 + 5},,,"]


def test_journeys_between_former_districts_stay_inside_the_new_one():
    flows = (
        b"home,work,how,n\nE07000026,E07000026,3,30\nE07000026,E07000028,3,4\nE07000028,E07000028,3,20\n"
        b"E07000026,E07000099,3,5\nE07000028,E07000099,3,1\nE07000099,E07000026,3,2\nE07000026,E07000028,1,9\n"
    )
    summary = b"areacd,inside\nE07000026,30\nE07000028,20\nE07000099,0\n"
    options = {
        "flows": ["f.csv"],
        "area": "home",
        "partner": "work",
        "category": "how",
        "value": "n",
        "measure": "workers",
        "period": "2021-03-21",
        "summaries": ["s.csv"],
        "summary_area": "areacd",
        "columns": {"inside": "within"},
        "within": "within",
        "journey": "3",
        "leave_out_categories": ["1"],
    }
    made = census_flows({"f.csv": flows, "s.csv": summary}, options, measures("workers", "within"), MERGED)
    assert lines(made) == [
        f"E06000063,2021-03-21,within,,,{30 + 20 + 4},,,",
        f"E06000063,2021-03-21,workers,3,E06000063,{30 + 4 + 20},,,",
        f"E06000063,2021-03-21,workers,3,E07000099,{5 + 1},,,",
        "E07000099,2021-03-21,within,,,0,,,",
        "E07000099,2021-03-21,workers,3,E06000063,2,,,",
    ]


def test_flows_that_touch_no_area_of_england_are_left_out():
    abroad = replace(CODES, levels={**CODES.levels, "W06000015": "authority", "S12000036": "authority"})
    flows = b"home,work,n\nW06000015,E07000099,3\nW06000015,S12000036,2\nW06000015,999999999,1\nE07000099,W06000015,4\n"
    options = {
        "flows": ["f.csv"],
        "area": "home",
        "partner": "work",
        "value": "n",
        "measure": "workers",
        "period": "2021-03-21",
    }
    made = census_flows({"f.csv": flows}, options, measures("workers"), abroad)
    assert lines(made) == ["E07000099,2021-03-21,workers,,W06000015,4,,,", "W06000015,2021-03-21,workers,,E07000099,3,,,"]


def test_a_dashboard_that_carries_one_former_district_is_left_out_and_the_sum_taken():
    dashboard = "areacd,source_area,breakdown,subgroup,period,value\nE06000063,Cumberland LADU,Size,Total,Mar 2022,40\n"
    nomis = "areacd,year,size,enterprises\n" + "".join(
        f"{code},{year},Total,{n}\n"
        for code, year, n in (
            ("E07000026", 2022, 40),
            ("E07000028", 2022, 65),
            ("E07000026", 2018, 1),
            ("E07000028", 2018, 1),
            ("E07000099", 2022, 9),
        )
    )
    options = {
        "dashboard": {"d.csv": "by_size"},
        "nomis": {"n.csv": "by_size"},
        "nomis_columns": {"n.csv": "size"},
        "month": "03",
        "named_areas": {},
        "categories": {"Total": ""},
        "leave_out_areas": ["E06000063"],
        "only_former": ["n.csv"],
        "leave_out_years": ["2018"],
    }
    files = {"d.csv": dashboard.encode(), "n.csv": nomis.encode()}
    assert lines(business_counts(files, options, measures("by_size"), MERGED)) == [
        f"E06000063,2022-03-01/P1M,by_size,,,{40 + 65},,,"
    ]
    with pytest.raises(DataError, match="gives 40 .* add up to 105"):
        business_counts(files, {**options, "leave_out_areas": []}, measures("by_size"), MERGED)


def test_some_areas_of_a_file_are_carried():
    rows = (
        b"areacd,indicator,period,observation\n"
        b"E47000001,Rate,2023,5\nTLH1,Rate,2023,6\nE07000099,Rate,2023,7\nE92000001,Rate,2023,8\n"
    )
    labels = {"labels": {"Rate": "rate"}}
    heads = els({"r.csv": rows}, {**labels, "leave_out_heads": ["E47", "TL"]}, measures("rate"), CODES)
    assert [line[:9] for line in lines(heads)] == ["E07000099", "E92000001"]
    only = els({"r.csv": rows}, {**labels, "only_areas": ["E92000001"]}, measures("rate"), CODES)
    assert lines(only) == ["E92000001,2023-01-01/P1Y,rate,,,8,,,"]


def test_a_list_leaves_out_areas_by_how_their_codes_begin():
    options = {
        "file": "n.csv",
        "columns": {"areacd": "area", "rank": "rank"},
        "key": ["area", "rank"],
        "leave_out_heads": ["E10"],
    }
    assert area_list({"l.csv": b"areacd,rank\nE10000015,1\nE07000099,1\n"}, options) == {"n.csv": "area,rank\nE07000099,1\n"}


def test_authorities_outside_england_are_named_by_the_flows():
    flows = (
        "LTLA of workplace code,LTLA of workplace label\nW06000015,Cardiff\nE07000099,North Hertfordshire\n-8,Does not apply\n"
    )
    made = _authorities(read_delimited("f.csv", flows.encode()), "April 2021")
    assert {code: (area["name"], area["level"], area["country"]) for code, area in made.items()} == {
        "W06000015": ("Cardiff", "authority", "")
    }


def test_a_table_holds_authorities_outside_england_only_where_its_source_says_so(tmp_path):
    rows = (
        "areacd,areanm,indicator,period,value,unit,lci_95,uci_95,status,notes\n"
        "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,70,%,,,,\n"
        "W06000015,Cardiff,Employment rate,2023-01-01/P1Y,71,%,,,,\n"
    )
    for levels, carried in (("[district]", ["E07000099"]), ("[district, authority]", ["E07000099", "W06000015"])):
        made = project(tmp_path / str(len(carried)), jobs=SOURCE.replace("[district]", levels))
        areas = made.geography / "areas.csv"
        areas.write_text(areas.read_text() + "W06000015,Cardiff,,authority,2021,,,,,,\n")
        run.refresh(made, Drawn({"jobs.csv": rows}))
        assert [line[:9] for line in (made.tables / "jobs.csv").read_text().splitlines()[1:]] == carried
