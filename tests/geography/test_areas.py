"""Codes, parents, successors and fits."""

import re
from pathlib import Path

import pytest

from placebook.errors import DataError, InputError
from placebook.geography.areas import Areas
from placebook.geography.fit import fit
from placebook.geography.outlines import outlines, small_outlines
from placebook.paths import Project
from tests.conftest import SMALL_AREAS

REAL = Project.at(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def real() -> Areas:
    return Areas.open(REAL)


def test_hints(tiny_project):
    areas = Areas.open(tiny_project)
    assert areas.hint("E07000097") == "E07000097 was East Hertfordshire until 2013; use E07000099 (North Hertfordshire)."
    assert areas.hint("broxbourne") == "Did you mean E07000095 (Broxbourne)?"
    assert "E07000095 (Broxbourne)" in areas.hint("E07000085", "district")
    assert areas.hint("nowhere at all") == ""
    with pytest.raises(InputError, match="there is no area E07000097. E07000097 was East"):
        areas["E07000097"]


def test_children_parents_and_equivalents(tiny_project):
    areas = Areas.open(tiny_project)
    assert [a.code for a in areas.children("E10000015", "district")] == ["E07000095", "E07000099"]
    assert [a.code for a in areas.children("E02004911", "lsoa")] == ["E01000001", "E01000002"]
    assert areas.equivalents("E12000006") == ("E12000006", "TLH")
    assert areas.equivalents("TLH") == ("TLH", "E12000006")


def test_a_fit_takes_msoas_only_whole(tiny_project):
    areas = Areas.open(tiny_project)
    assert fit(areas, ["E01000001", "E01000002"]).msoas == ("E02004911",)
    assert fit(areas, ["E01000001", "E01000002"]).wards == ("Grange",)
    assert fit(areas, ["E01000001"]).msoas == ()
    assert fit(areas, ["E01000001", "E01000003"]).msoas == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "E07000095,Broxbourne,,district,April 2025,,,E10000015",
            "E07000095,Broxbourne,,district,April 2025,,,E10000999",
            "points to E10000999",
        ),
        ("E07000095,Broxbourne,,district", "E07000095,Broxbourne,,distrikt", "unknown level 'distrikt'"),
        ("E07000095,Broxbourne", "E07000099,Broxbourne", "E07000099 stands twice"),
        ("E06000032,Luton,,district,April 2025,,,,E12000006,E92000001,", "E06000032,Luton", "has not as many fields"),
    ],
)
def test_a_broken_area_list_stops(tiny_project, old, new, said):
    tiny_project.replace("data/geography/areas.csv", old, new)
    with pytest.raises(DataError, match=said):
        Areas.open(tiny_project)


def test_the_real_areas(real):
    assert len(real.of_level("district")) == 296
    assert len(real.of_level("region")) == 9
    for level, count in (("lsoa", 33_755), ("msoa", 6_856)):
        assert sum(area.vintage == "2021" for area in real.children("E92000001", level)) == count
    assert sum(area.vintage == "2021" for area in real.children("E10000015", "lsoa")) == 713
    assert len(real.children("E10000015", "district")) == 10
    assert {"E08000038", "E08000039"} <= {a.code for a in real.of_level("district")}
    assert real["E09000007"].level_words == "London borough"


def test_letchworth_is_five_whole_msoas_and_five_wards(real):
    five = ("E02004911", "E02004914", "E02004915", "E02004916", "E02004917")
    lsoas = [a.code for code in five for a in real.children(code, "lsoa")]
    found = fit(real, lsoas)
    assert len(found.lsoas) == 23
    assert found.msoas == five
    assert len(found.wards) == 5 and all(name.startswith("Letchworth") for name in found.wards)


def test_neighbours_are_ranked_as_published(real):
    ranks = [n.rank for n in real.neighbours("E07000095")]
    assert ranks == list(range(1, 21))
    assert all(real.neighbours(area.code) for area in real.of_level("district"))
    (nearest, *_) = real.neighbours("E06000032")
    assert (nearest.rank, nearest.code, nearest.name) == (1, "E06000016", "Leicester")


def test_authorities_outside_england_have_names_and_are_no_districts(real):
    assert (real["W06000015"].name, real["S12000036"].name) == ("Cardiff", "City of Edinburgh")
    assert real["W06000015"].level_words == "local authority outside England"
    assert len(real.of_level("authority")) == 22 + 32 + 11  # Wales, Scotland, Northern Ireland
    assert {area.code[0] for area in real.of_level("district")} == {"E"}


@pytest.mark.parametrize(("layer", "count"), [("districts", 10), ("england", 296)])
def test_outlines_are_whole_and_in_metres(layer, count):
    shapes = outlines(REAL, layer)
    assert len(shapes) == count and shapes.index.is_unique
    assert shapes.crs.to_epsg() == 27700
    assert shapes.geometry.is_valid.all() and (shapes.area > 0).all()


@pytest.mark.parametrize(("layer", "level", "count"), [("lsoa21", "lsoa", 713), ("msoa21", "msoa", 154)])
def test_outlines_of_small_areas_are_those_of_their_districts(real, layer, level, count):
    codes = [area.code for area in real.children("E10000015", level) if area.vintage == "2021"]
    shapes = small_outlines(REAL, layer, real, codes)
    assert len(codes) == count and set(shapes.index) == set(codes)
    assert shapes.crs.to_epsg() == 27700 and shapes.geometry.is_valid.all() and (shapes.area > 0).all()
    one = small_outlines(REAL, layer, real, codes[:1])
    assert {real[code].parents["district"] for code in one.index} == {real[codes[0]].parents["district"]}


def test_outlines_in_another_projection_are_refused(tiny_project):
    tiny_project.write("data/geography/outlines/england.geojson", '{"features": []}')
    with pytest.raises(DataError, match="not in British National Grid"):
        outlines(tiny_project, "england")
    with pytest.raises(DataError, match="districts.geojson: cannot be read"):
        outlines(tiny_project, "districts")


@pytest.mark.parametrize(
    "name", ["geography/areas.csv", "geography/superseded.csv", "geography/neighbours.csv", "small-areas/areas.parquet"]
)
def test_a_missing_geography_file_is_named_with_its_remedy(tiny_project, name):
    (tiny_project.root / "data" / name).unlink()
    with pytest.raises(DataError) as caught:
        Areas.open(tiny_project)
    assert str(caught.value) == (f"data/{name}: is missing\n    → restore it from git, or run placebook refresh")


def test_names_of_parts_are_those_that_readers_say(tiny_project):
    areas = Areas.open(tiny_project)
    assert areas["E06000032"].level_words == "unitary authority"
    assert areas["E07000095"].level_words == "district"
    assert areas["E01000001"].level_words == "LSOA"
    assert areas["E02004911"].known_as == "Grange" and areas["E01000001"].known_as == "North Hertfordshire 001A"


def test_every_superseded_code_leads_to_one_in_force(real):
    assert len(real.superseded) > 20
    for code, old in real.superseded.items():
        told = real.hint(code)
        assert code not in real, code
        assert told.startswith(f"{code} was {old.name} until {old.since}; use "), code
        named = re.findall(r"[EKNSWT]\d{8}", told.split("; use ")[1])
        assert named and all(found in real for found in named), told


def test_a_successor_that_has_gone_too_is_passed_over(real, tiny_project):
    # Taunton Deane went into Somerset West and Taunton, and that into Somerset.
    assert real.hint("E07000190") == "E07000190 was Taunton Deane until 2019; use E06000066 (Somerset)."
    tiny_project.replace("data/geography/superseded.csv", "2013,E07000099", "2013,E07000097")
    areas = Areas.open(tiny_project)  # to itself: told, not followed for ever
    assert areas.hint("E07000097") == "E07000097 was East Hertfordshire until 2013; use E07000097."


def test_every_small_area_lies_where_its_msoa_lies(real):
    small = [area for area in real.children("E92000001", "lsoa") if area.vintage == "2021"]
    assert {real[a.parents["msoa"]].parents["district"] == a.parents["district"] for a in small} == {True}
    assert all(area.ward and area.parents["ward"].startswith("E05") for area in small)


@pytest.mark.parametrize(
    ("name", "spoilt", "told"),
    [
        ("areas.csv", b"code,name\nE1,x\n", "areas.csv:1: has no column known_as, level, vintage"),
        ("superseded.csv", b"", "superseded.csv:1: has no column code, name"),
        (
            "neighbours.csv",
            b"area,model,rank,neighbour,neighbour_name\na,global,first,b,B\n",
            "neighbours.csv:2: 'first' is not a rank",
        ),
        (
            "neighbours.csv",
            b"area,model,rank,neighbour,neighbour_name\na,global,1,b\n",
            "neighbours.csv:2: has not as many fields",
        ),
        ("superseded.csv", b'code,name,level,since,successors,kind\na,"b', "superseded.csv:2: cannot be read as CSV"),
    ],
)
def test_a_spoilt_geography_file_is_named_by_row(tiny_project, name, spoilt, told):
    (tiny_project.geography / name).write_bytes(spoilt)
    with pytest.raises(DataError) as caught:
        Areas.open(tiny_project)
    assert told in str(caught.value) and "→ restore it from git, or run placebook refresh" in str(caught.value)


HEADER, GRANGE = SMALL_AREAS.splitlines()[:2]


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (f"{SMALL_AREAS}{GRANGE}\n", "E07000095 stands in two places"),
        (f"{HEADER}\n{GRANGE}\n{GRANGE}\n", "a code stands twice"),
        (SMALL_AREAS.replace("E07000095,", "E07000199,"), "E07000199: is no district of areas.csv"),
        (SMALL_AREAS.replace("ward_name", "ward_title"), "has no column ward_name"),
    ],
)
def test_a_spoilt_list_of_small_areas_is_refused(tiny_project, spoilt, told):
    tiny_project.write_small_areas(spoilt)
    with pytest.raises(DataError) as caught:
        Areas.open(tiny_project)
    assert told in str(caught.value) and "placebook refresh" in str(caught.value)


def test_an_area_that_is_not_held_is_named_by_where_it_lies(tiny_project):
    areas = Areas.open(tiny_project)
    assert areas.known_as("E02004911") == "Grange" and areas.known_as("E01000004") == "Broxbourne 001A"
    assert areas.known_as("W02000001") == "an area in Wales (W02000001)"
    assert areas.known_as("E07000095") == "Broxbourne" and areas.known_as("999999999") == "999999999"


def test_small_areas_lie_in_everything_around_them(tiny_project):
    areas = Areas.open(tiny_project)
    small = areas["E01000001"]
    assert (small.name, small.level, small.ward) == ("North Hertfordshire 001A", "lsoa", "Grange")
    assert small.parents == {
        "msoa": "E02004911",
        "ward": "E05000001",
        "district": "E07000099",
        "county": "E10000015",
        "region": "E12000006",
        "country": "E92000001",
    }
    for around in ("E07000099", "E10000015", "E12000006", "E92000001", "E02004911"):
        assert "E01000001" in [area.code for area in areas.children(around, "lsoa")]
    assert [area.code for area in areas.children("E10000015", "lsoa")] == [f"E0100000{n}" for n in (1, 2, 3, 4, 9)]
    assert areas.children("E06000032", "lsoa") == () and "E01000005" not in areas
    assert areas.hint("E01000005", "lsoa") == (
        "Did you mean E01000004 (Broxbourne 001A) or E01000009 (North Hertfordshire 009Z)?"
    )


GRID = '{"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}, "features": [%s]}'
SHAPE = '{"type": "Feature", "properties": {"code": "E01000001"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "it is not in British National Grid"),
        ('{"crs": null, "features": []}', "it is not in British National Grid"),
        (GRID % "", "not every shape in it has a code and an outline"),
        (GRID % SHAPE.replace("code", "name"), "not every shape in it has a code and an outline"),
        (GRID % f"{SHAPE}, {SHAPE}", "E01000001 stands twice"),
        ("{", "cannot be read as outlines"),
    ],
)
def test_outlines_that_are_none_are_refused(tiny_project, text, said):
    tiny_project.write("data/geography/outlines/england.geojson", text)
    with pytest.raises(DataError) as caught:
        outlines(tiny_project, "england")
    assert said in str(caught.value) and "git checkout -- data/geography/outlines" in str(caught.value)
    tiny_project.write("data/geography/outlines/england.geojson", GRID % SHAPE)
    assert list(outlines(tiny_project, "england").index) == ["E01000001"]
