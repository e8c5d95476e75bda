"""Districts and larger areas with their parents, codes superseded, lists and outlines."""

import itertools
import json

import pytest
from shapely.geometry import shape

from placebook.errors import DataError, InputError
from placebook.refresh.area_lists import area_list
from placebook.refresh.delimited import read_delimited
from placebook.refresh.geography import geography, superseded_codes
from placebook.refresh.outlines import outlines

FILES = {
    "regions.csv": "ltla24_code,ltla24_name,region24_code,region24_name\n"
    "E07000099,North Hertfordshire,E12000006,East of England\n"
    "E08000016,Barnsley,E12000003,Yorkshire and The Humber\n",
    "counties.csv": "ltla23_code,ltla23_name,utla23_code,utla23_name\n"
    "E07000099,North Hertfordshire,E10000015,Hertfordshire\nE08000016,Barnsley,E08000016,Barnsley\n",
    "former.csv": "areacd,areanm,notes\n"
    "E08000016,Barnsley,Obsolete code since 2025 (replaced by E08000038 Barnsley)\n"
    "E08000016,Barnsley,Obsolete code since 2025 (replaced by E08000038 Barnsley)\n"
    "E07000026,Allerdale,Obsolete code since 2023 (replaced by E06000063 Cumberland)\n"
    "E07000028,Carlisle,Obsolete code since 2023 (replaced by E06000063 Cumberland)\n"
    "E10000006,Cumbria,Obsolete code since 2023 (replaced by E06000063 Cumberland and E06000064 Westmorland and Furness)\n"
    "E10000027,Somerset,Obsolete code since 2023 (replaced by E06000066 Somerset)\n"
    "E07000099,North Hertfordshire,This data has been aggregated\n",
}
OPTIONS = {
    "districts": "regions.csv",
    "counties": "counties.csv",
    "former": ["former.csv"],
    "district_vintage": "April 2025",
    "accounts": {
        "K02000001": "United Kingdom",
        "TLB": "England",
        "TLH": "East of England",
        "TLH23": "Hertfordshire",
        "UKC1": "UKC1",
    },
    "account_levels": {"K02000001": "uk", "TLB": "country", "TL:3": "itl1", "TL:5": "itl3", "UK:4": "itl2"},
    "account_vintages": {"K0": "2025", "TL": "ITL 2025", "TLH23": "ITL 2021", "UK": "NUTS 2016"},
    "account_counties": {"TLH23": "E10000015"},
    "account_regions": {"TLH": "E12000006"},
    "same_as": {"TLB": "E92000001", "TLH": "E12000006", "TLH23": "E10000015"},
}


def make(files=None, **options):
    return geography(
        {name: text.encode() for name, text in {**FILES, **(files or {})}.items()},
        {**OPTIONS, **options},
    )


def test_areas_stand_under_the_codes_in_force_with_their_parents():
    assert make()["areas.csv"].splitlines() == [
        "code,name,known_as,level,vintage,msoa,district,county,region,country,same_as",
        "E07000099,North Hertfordshire,,district,April 2025,,,E10000015,E12000006,E92000001,",
        "E08000038,Barnsley,,district,April 2025,,,,E12000003,E92000001,",
        "E10000015,Hertfordshire,,county,April 2025,,,,E12000006,E92000001,",
        "E12000003,Yorkshire and The Humber,,region,April 2025,,,,,E92000001,",
        "E12000006,East of England,,region,April 2025,,,,,E92000001,",
        "E92000001,England,,country,April 2025,,,,,,",
        "K02000001,United Kingdom,,uk,2025,,,,,,",
        "TLB,England,,country,ITL 2025,,,,,,E92000001",
        "TLH,East of England,,itl1,ITL 2025,,,,E12000006,E92000001,E12000006",
        "TLH23,Hertfordshire,,itl3,ITL 2021,,,E10000015,E12000006,E92000001,E10000015",
        "UKC1,UKC1,,itl2,NUTS 2016,,,,,,",
    ]


def test_what_became_of_former_codes():
    assert make()["superseded.csv"].splitlines() == [
        "code,name,level,since,successors,kind",
        "E07000026,Allerdale,district,2023,E06000063,merged",
        "E07000028,Carlisle,district,2023,E06000063,merged",
        "E08000016,Barnsley,district,2025,E08000038,recode",
        "E10000006,Cumbria,county,2023,E06000063 E06000064,split",
        "E10000027,Somerset,county,2023,E06000066,merged",
    ]


def test_two_notes_about_one_code_are_refused():
    text = FILES["former.csv"] + "E08000016,Barnsley,Obsolete code since 2024 (replaced by E08000038 Barnsley)\n"
    with pytest.raises(DataError, match="former.csv:9: notes: E08000016 is noted in two ways"):
        superseded_codes([read_delimited("former.csv", text.encode())])


def test_an_area_of_the_accounts_without_level_is_named():
    with pytest.raises(InputError, match="declares XX1 and no level"):
        make(accounts={"XX1": "Nowhere"})


def test_a_file_named_in_options_and_not_listed_is_told():
    with pytest.raises(InputError, match="name the file elsewhere.csv"):
        make(districts="elsewhere.csv")


def test_a_list_is_renamed_sorted_as_numbers_and_unique():
    content = b"areacd,similarity_type,rank,other\nE07000099,global,10,B\nE07000099,global,2,\n"
    options = {
        "file": "neighbours.csv",
        "columns": {"areacd": "area", "similarity_type": "model", "rank": "rank", "other": "name"},
        "key": ["area", "model", "rank"],
        "whole_numbers": ["rank"],
    }
    made = area_list({"n.csv": content}, options)
    assert made == {"neighbours.csv": "area,model,rank,name\nE07000099,global,2,\nE07000099,global,10,B\n"}
    with pytest.raises(DataError, match="n.csv:3: area: .* blank or stands twice"):
        area_list({"n.csv": content.replace(b"10,B", b"2,B")}, options)


def square(west: float, south: float) -> list:
    return [
        [west, south],
        [west + 0.01, south],
        [west + 0.01, south + 0.01],
        [west, south + 0.01],
        [west, south],
    ]


def features(**polygons) -> bytes:
    made = [
        {
            "type": "Feature",
            "properties": {"lad": code, "name": "x"},
            "geometry": {"type": "MultiPolygon", "coordinates": rings},
        }
        for code, rings in polygons.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


OUTLINES = {
    "written": {"lad.geojson": "outlines/districts.geojson"},
    "codes": {"lad.geojson": "lad"},
    "recodes": {"E08000016": "E08000038"},
}


def drawn(content: bytes) -> dict:
    return json.loads(outlines({"lad.geojson": content}, OUTLINES)["outlines/districts.geojson"])


def test_outlines_are_whole_metres_of_the_national_grid_sorted_by_code():
    made = drawn(features(E08000016=[[square(-1.5, 53.5)]], E07000099=[[square(-0.2, 51.9)]]))
    assert made["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::27700"
    assert [one["properties"] for one in made["features"]] == [
        {"code": "E07000099"},
        {"code": "E08000038"},
    ]
    points = made["features"][0]["geometry"]["coordinates"][0]
    assert all(isinstance(number, int) for point in points for number in point)
    assert 520_000 < points[0][0] < 530_000 and 220_000 < points[0][1] < 240_000


def test_points_that_fall_together_and_rings_without_surface_are_dropped():
    corner = [-0.2, 51.9]
    ring = [corner, [-0.2000001, 51.9], *square(-0.2, 51.9)[1:]]
    flat = [corner, [-0.21, 51.91], corner, corner]
    [feature] = drawn(features(E07000099=[[ring], [flat]]))["features"]
    assert feature["geometry"]["type"] == "Polygon"
    points = feature["geometry"]["coordinates"][0]
    assert all(one != other for one, other in itertools.pairwise(points))
    assert len(points) == 5


def test_an_outline_that_is_nothing_but_flat_is_refused():
    flat = [[-0.2, 51.9], [-0.21, 51.91], [-0.2, 51.9], [-0.2, 51.9]]
    with pytest.raises(DataError, match="the outline of E07000099 has no surface"):
        drawn(features(E07000099=[[flat]]))


def test_a_ring_that_crosses_itself_is_made_valid():
    bow = [[-0.2, 51.9], [-0.19, 51.91], [-0.19, 51.9], [-0.2, 51.91], [-0.2, 51.9]]
    [feature] = drawn(features(E07000099=[[bow]]))["features"]
    made = shape(feature["geometry"])
    assert made.is_valid and made.geom_type == "MultiPolygon" and made.area > 0


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"[]",
        b'{"type": "FeatureCollection", "features": []}',
        features(**{"": [[square(0, 52)]]}),
    ],
)
def test_what_is_no_boundary_file_is_refused(content):
    with pytest.raises(DataError, match="lad.geojson"):
        drawn(content)
