"""The registry of small areas: districts in force, names, what ended in 2021, output areas, outlines."""

import io

import geopandas as gpd
import pandas as pd
import pytest
from published import parquet_of
from shapely.geometry import MultiPolygon, Polygon

from placebook.errors import DataError, InputError
from placebook.geography.registry import COLUMNS
from placebook.refresh.codes import Codes
from placebook.refresh.delimited import read_parquet
from placebook.refresh.outlines import small_area_outlines
from placebook.refresh.small_area_lists import small_area_lists

CODES = Codes(
    levels={"E07000099": "district", "E08000038": "district", "E06000063": "district", "E12000006": "region"},
    successors={"E08000016": "E08000038"},
    gone=frozenset({"E07000026", "E07000150"}),
    merged={"E07000026": "E06000063"},
)
NORTH, BARNSLEY, ALLERDALE = "North Hertfordshire 00", "Barnsley 00", "Allerdale 00"
OUTPUT_AREAS = {
    "oa_code": ["E00000002", "E00000001", "E00000003", "E00000004", "E00000005"],
    "lsoa_code": ["E01000001", "E01000001", "E01000002", "E01000003", "E01000004"],
    "msoa_code": ["E02000001", "E02000001", "E02000001", "E02000002", "E02000003"],
    "la_code": ["E07000099", "E07000099", "E07000099", "E08000016", "E07000026"],
    "population": [300, 200, 100, 150, 250],
}
WARDS = {
    "lsoa21_code": ["E01000004", "E01000003", "E01000002", "E01000001"],
    "lsoa21_name": [f"{ALLERDALE}1A", f"{BARNSLEY}1A", f"{NORTH}1B", f"{NORTH}1A"],
    "ward24_code": ["E05000004", "E05000003", "E05000002", "E05000001"],
    "ward24_name": ["Seaton", "Dodworth", "Norton", "Ermine"],
}
TOWNS = {
    "LSOA21CD": WARDS["lsoa21_code"],
    "BUA22CD": ["E63000004", "E63000003", None, "E63000001"],
    "BUA22NM": ["Workington", "Barnsley", None, "Royston"],
}
LSOAS = {
    "lsoa11_code": ["E01000001", "E01000009", "E01000008", "E01000008", "E01000007"],
    "lsoa11_name": [f"{NORTH}1A", f"{NORTH}5A", f"{BARNSLEY}5C", f"{BARNSLEY}5C", f"{ALLERDALE}5A"],
    "change_code": ["U", "S", "X", "X", "S"],
    "lsoa21_code": ["E01000001", "E01000002", "E01000002", "E01000003", "E01000004"],
    "lsoa21_name": [f"{NORTH}1A", f"{NORTH}1B", f"{NORTH}1B", f"{BARNSLEY}1A", f"{ALLERDALE}1A"],
}
MSOAS = {
    "msoa11_code": ["E02000001", "E02000009", "E02000007", "E02000008"],
    "msoa11_name": [f"{NORTH}1", f"{NORTH}5", f"{ALLERDALE}5", f"{BARNSLEY}5"],
    "msoa21_code": ["E02000001", "E02000001", "E02000003", "E02000001"],
    "msoa21_name": [f"{NORTH}1", f"{NORTH}1", f"{ALLERDALE}1", f"{NORTH}1"],
}
NAMES = {"areacd": ["E02000001", "E02000003"], "areanm": ["Royston", "Seaton"]}
OPTIONS = {
    "output_areas": "oa.parquet",
    "lsoa_wards": "wards.parquet",
    "built_up_areas": "towns.parquet",
    "lsoa_changes": "lsoas.parquet",
    "msoa_changes": "msoas.parquet",
    "msoa_names": "names.parquet",
    "msoa_names_2011": "names11.csv",
    "lsoas": 4,
    "msoas": 3,
}
FILES = {"oa": OUTPUT_AREAS, "wards": WARDS, "towns": TOWNS, "lsoas": LSOAS, "msoas": MSOAS, "names": NAMES}


def make(options=None, codes=CODES, **changed):
    """``wards={"lsoa21_name": […]}`` changes a column of a file."""
    contents = {f"{name}.parquet": parquet_of(**{**file, **changed.get(name, {})}) for name, file in FILES.items()}
    contents["names11.csv"] = b"msoa11cd,msoa11hclnm\nE02000001,Royston\nE02000009,Old Royston\n"
    made = small_area_lists(contents, {**OPTIONS, **(options or {})}, codes)
    return {name: read_parquet(name, content).to_pandas() for name, content in made.items()}


def row_of(areas: pd.DataFrame, code: str) -> str:
    [row] = areas[areas["code"] == code].itertuples(index=False)
    return ",".join(map(str, row))


def test_a_small_area_stands_in_the_district_in_force_with_its_parents():
    areas = make()["areas.parquet"]
    assert tuple(areas.columns) == COLUMNS
    assert row_of(areas, "E01000001") == (
        f"E07000099,E01000001,{NORTH}1A,,lsoa,2021,E02000001,E05000001,Ermine,E63000001,Royston"
    )
    assert row_of(areas, "E01000002") == f"E07000099,E01000002,{NORTH}1B,,lsoa,2021,E02000001,E05000002,Norton,,"
    assert row_of(areas, "E02000001") == f"E07000099,E02000001,{NORTH}1,Royston,msoa,2021,,,,,"


def test_districts_recoded_or_merged_since_the_census_are_those_of_today():
    areas = make()["areas.parquet"].set_index("code")["district"]
    assert (areas["E01000003"], areas["E02000002"]) == ("E08000038", "E08000038")
    assert (areas["E01000004"], areas["E02000003"]) == ("E06000063", "E06000063")


def test_an_area_that_ended_lies_where_its_successors_do_or_where_it_is_named_after():
    areas = make()["areas.parquet"]
    ended = areas[areas["vintage"] == "2011"].set_index("code")
    assert dict(ended["district"].astype(str)) == {
        "E01000007": "E06000063",  # Allerdale is part of Cumberland
        "E01000008": "E08000038",  # went into two districts: that of Barnsley 005C
        "E01000009": "E07000099",
        "E02000007": "E06000063",
        "E02000008": "E08000038",
        "E02000009": "E07000099",
    }
    assert dict(ended["name"].astype(str)) == {
        "E01000007": f"{ALLERDALE}5A",
        "E01000008": f"{BARNSLEY}5C",
        "E01000009": f"{NORTH}5A",
        "E02000007": f"{ALLERDALE}5",
        "E02000008": f"{BARNSLEY}5",
        "E02000009": f"{NORTH}5",
    }
    assert dict(ended["known_as"].astype(str)) == dict.fromkeys(ended.index, "") | {"E02000009": "Old Royston"}


def test_an_msoa_without_a_published_name_is_named_as_its_lsoas_are():
    assert row_of(make()["areas.parquet"], "E02000002") == f"E08000038,E02000002,{BARNSLEY}1,,msoa,2021,,,,,"


def test_changes_hold_both_levels_and_trace_what_the_lookup_of_msoas_leaves_out():
    changes = make()["changes.parquet"].astype(str)
    assert [",".join(row) for row in changes.itertuples(index=False)] == [
        "E06000063,lsoa,E01000007,E01000004,S",
        "E06000063,msoa,E02000007,E02000003,",
        "E07000099,lsoa,E01000001,E01000001,U",
        "E07000099,lsoa,E01000008,E01000002,X",
        "E07000099,lsoa,E01000009,E01000002,S",
        "E07000099,msoa,E02000001,E02000001,",
        "E07000099,msoa,E02000008,E02000001,",
        "E07000099,msoa,E02000009,E02000001,",
        "E08000038,lsoa,E01000008,E01000003,X",
        "E08000038,msoa,E02000008,E02000002,",
    ]


def test_output_areas_are_sorted_with_their_residents():
    made = make()["output-areas.parquet"]
    assert made["residents"].dtype == "int32"
    assert list(made["output_area"]) == ["E00000005", "E00000001", "E00000002", "E00000003", "E00000004"]
    assert list(made["residents"]) == [250, 200, 300, 100, 150]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"oa": {"la_code": ["E07000099"] * 4 + ["E07000150"]}},
            "oa.parquet: and areas.csv hold different districts",
        ),
        ({"oa": {"la_code": ["E07000099", "E08000016", *OUTPUT_AREAS["la_code"][2:]]}}, "oa.parquet: E01000001 lies in two"),
        ({"oa": {"oa_code": ["E00000001"] * 5}}, "oa.parquet:3: 'E00000001' is blank or stands twice"),
        ({"oa": {"oa_code": ["E00000001", None, *OUTPUT_AREAS["oa_code"][2:]]}}, "oa.parquet:3: '' is blank or stands twice"),
        ({"oa": {"lsoa_code": ["", *OUTPUT_AREAS["lsoa_code"][1:]]}}, "wards.parquet: and oa.parquet hold different LSOAs"),
        ({"wards": {"lsoa21_code": ["E01000005", *WARDS["lsoa21_code"][1:]]}}, "different LSOAs: E01000004, E01000005"),
        ({"towns": {"LSOA21CD": ["E01000005", *WARDS["lsoa21_code"][1:]]}}, "towns.parquet: and oa.parquet hold different"),
        ({"wards": {"lsoa21_name": ["Allerdale 001A", "Barnsley 001A", "Royston 002B", f"{NORTH}1A"]}}, "E02000001 has LSOAs"),
        ({"lsoas": {"lsoa21_code": ["E01000001", *["E01000099"] * 4]}}, "'E01000008, E01000099' is blank or stands twice"),
        ({"lsoas": {"lsoa21_code": [*LSOAS["lsoa21_code"][:4], "E01000099"]}}, "does not say of E01000004, E01000099 what"),
        ({"msoas": {"msoa21_code": ["E02000099", *MSOAS["msoa21_code"][1:]]}}, "does not say of E02000099 what it was in 2011"),
        ({"options": {"lsoas": 33755}}, "the geography source: finds 4 LSOAs of 2021, not 33,755"),
    ],
)
def test_lists_that_do_not_fit_each_other_are_refused(changed, said):
    with pytest.raises(DataError, match=said):
        make(**changed)


def test_a_district_of_today_without_small_areas_is_named():
    more = Codes({**CODES.levels, "E07000242": "district"}, CODES.successors, CODES.gone, merged=CODES.merged)
    with pytest.raises(DataError, match="oa.parquet: and areas.csv hold different districts: E07000242"):
        make(codes=more)


SQUARE = Polygon([(0, 0), (100.4, 0), (100.4, 100), (0, 100)])
DISTRICTS = {"E01000001": "E08000038", "E01000002": "E07000099"}
WRITTEN = {"written": {"l.parquet": "outlines-lsoa21.parquet"}, "codes": {"l.parquet": "lsoa21_code"}}


def layer(shapes, codes=("E01000001", "E01000002"), crs=27700) -> bytes:
    stream = io.BytesIO()
    # As published: rows counted from elsewhere than nought.
    gpd.GeoDataFrame({"lsoa21_code": list(codes)}, geometry=list(shapes), crs=crs, index=[7, 8]).to_parquet(stream)
    return stream.getvalue()


def drawn(content: bytes) -> bytes:
    return small_area_outlines({"l.parquet": content}, WRITTEN, DISTRICTS)["outlines-lsoa21.parquet"]


def test_outlines_are_whole_metres_in_the_order_of_districts_and_the_same_twice():
    bow = Polygon([(0, 0), (50, 50), (50, 0), (0, 50)])
    content = layer([SQUARE, bow])
    made = drawn(content)
    assert made == drawn(content)
    frame = gpd.read_parquet(io.BytesIO(made))
    assert frame.crs.to_epsg() == 27700
    assert list(frame.columns) == ["district", "code", "geometry"]
    assert list(frame["code"]) == ["E01000002", "E01000001"]
    assert frame.geometry.is_valid.all() and isinstance(frame.geometry[0], MultiPolygon)
    assert frame.geometry.area.tolist() == [2 * 25 * 50 / 2, 100 * 100]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", "l.parquet: is not a GeoParquet file"),
        (parquet_of(lsoa21_code=["E01000001"]), "l.parquet: is not a GeoParquet file"),
        (layer([SQUARE, SQUARE], crs=None), "l.parquet: is not a GeoParquet file: .* crs"),
        (
            layer([SQUARE, SQUARE], codes=("E01000001", "E01000009")),
            "l.parquet: E01000009 is unknown, stands twice",
        ),
        (layer([SQUARE, SQUARE], codes=("E01000001", "E01000001")), "l.parquet: E01000001 is unknown, stands twice"),
        (layer([Polygon([(0, 0), (1, 1), (2, 2)]), SQUARE]), "l.parquet: E01000001 is unknown, .* no surface"),
        (layer([None, SQUARE]), "l.parquet: E01000001 is unknown, .* no surface"),
    ],
)
def test_what_is_no_layer_of_small_areas_is_refused(content, said):
    with pytest.raises(DataError, match=said):
        drawn(content)


def test_a_layer_without_the_column_of_codes_is_refused():
    with pytest.raises(InputError, match="l.parquet:1: has no column lsoa21_code"):
        stream = io.BytesIO()
        gpd.GeoDataFrame({"code": ["E01000001"]}, geometry=[SQUARE], crs=27700).to_parquet(stream)
        drawn(stream.getvalue())
