"""Places that no list has a name for: by wards, MSOAs, LSOAs, a boundary, built-up areas together, districts together."""

import json

import pytest
from shapely.geometry import mapping

from placebook.catalogue.load import Catalogue
from placebook.desk import boundary, picture, selections, wanted
from placebook.desk.choices import chosen, lsoas_in
from placebook.errors import InputError
from placebook.geography.outlines import small_outlines

LETCHWORTH = ("E02004911", "E02004914", "E02004915", "E02004916", "E02004917")


def test_wards_by_name_or_code_are_the_lsoas_that_fit_them_best(real):
    by_name = selections.named(real.areas, "Clifton", "wards", ["Clifton"], ["Bristol"])
    by_code = selections.named(real.areas, "Clifton", "wards", [by_name.codes[0].lower()])
    assert by_name == by_code and by_name.districts == ("E06000023",)
    inside = [area for area in real.areas.children("E06000023", "lsoa") if area.ward == "Clifton" and area.vintage == "2021"]
    assert by_name.lsoas == tuple(area.code for area in inside)


def test_msoas_have_their_publishers_name_and_that_of_the_house_of_commons_library(real):
    names = [real.areas[code].known_as for code in LETCHWORTH[:2]] + [real.areas[code].name for code in LETCHWORTH[2:]]
    found = selections.named(real.areas, "Letchworth", "msoas", [", ".join(names)], ["North Hertfordshire"])
    assert set(found.codes) == set(LETCHWORTH) and found.field == "msoas"
    assert set(found.lsoas) == set(real.catalogue.lsoas_of(real.catalogue.places["letchworth"]))


def test_a_name_with_commas_in_it_is_one_name(real):
    found = selections.named(real.areas, "X", "wards", ["Culcheth, Glazebury and Croft"])
    assert len(found.codes) == 1
    more = selections.named(real.areas, "X", "wards", ["Culcheth, Glazebury and Croft", "Rixton and Woolston"])
    assert len(more.codes) == 2


def test_lsoas_by_code_and_by_name_each_once(real):
    found = selections.named(real.areas, "X", "lsoas", ["E01023630,e01023631", real.areas["E01023630"].name])
    assert found.lsoas == ("E01023630", "E01023631")


def test_built_up_areas_together_lie_in_the_districts_of_both(real):
    parts = [chosen(real.areas, name, kind="town") for name in ("Royston (North Hertfordshire)", "Buntingford")]
    found = selections.joined_towns(real.areas, "Both", ["Royston (North Hertfordshire), Buntingford"], (), None)
    assert set(found.lsoas) == {lsoa for part in parts for lsoa in part.lsoas}
    assert set(found.districts) == {"E07000099", "E07000242"}


def test_a_group_has_the_lsoas_of_its_districts(real):
    found = selections.group(real.areas, "SW", ["Dacorum, Three Rivers", "E07000103"])
    assert found.districts == ("E07000096", "E07000102", "E07000103")
    assert set(found.lsoas) == {lsoa for district in found.districts for lsoa in lsoas_in(real.areas, district)}


# ------------------------------------------------------------------ a boundary


@pytest.fixture
def outline(real):
    """The outlines of two LSOAs that lie side by side and of all around them, in metres."""
    return small_outlines(real.catalogue.project, "lsoa21", real.areas, ["E01023630"]).geometry


def drawn(path, shape, system="", **more):
    crs = {"crs": {"type": "name", "properties": {"name": system}}} if system else {}
    features = [{"type": "Feature", "properties": {}, "geometry": mapping(shape)}]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **crs, **more}))
    return path


def inside(real, path, **given):
    return boundary.inside(real.catalogue.project, real.areas, "X", path, **given)


@pytest.mark.parametrize(
    ("system", "said", "crs"), [(27700, "", "EPSG:27700"), (27700, "urn:ogc:def:crs:EPSG::27700", ""), (4326, "", "")]
)
def test_a_boundary_is_read_in_the_system_that_is_stated_or_in_degrees(real, outline, tmp_path, system, said, crs):
    wanted_codes = ["E01023630", "E01023631", "E01023632"]
    shape = outline.loc[wanted_codes].to_crs(system).union_all()
    found = inside(real, drawn(tmp_path / "a.geojson", shape, said), crs=crs)
    assert found.lsoas == tuple(wanted_codes) and found.field == "lsoas" and not found.partly
    assert found.notes == ("No LSOA lies partly inside.",)


def test_an_lsoa_is_in_where_the_share_of_its_area_is(real, outline, tmp_path):
    from shapely import box

    whole, cut = outline["E01023630"], outline["E01023640"]
    left, bottom, right, top = cut.bounds
    part = next(
        piece
        for step in range(1, 100)
        if 0.28 < (piece := cut & box(left, bottom, left + step * (right - left) / 100, top)).area / cut.area < 0.35
    )
    path = drawn(tmp_path / "b.geojson", whole | part.buffer(0))
    assert inside(real, path, crs="EPSG:27700").lsoas == ("E01023630",)
    assert inside(real, path, crs="EPSG:27700", share=0.25).lsoas == ("E01023630", "E01023640")
    notes = inside(real, path, crs="EPSG:27700", share=0.25).notes
    assert notes == ("Partly inside: 1 LSOA, 1 counted in and 0 left out.",)


def test_a_boundary_that_reaches_over_the_border_says_how_much_of_it_lies_there(real, tmp_path):
    from shapely import box

    found = inside(real, drawn(tmp_path / "chester.geojson", box(-3.05, 53.15, -2.85, 53.25)))
    assert set(found.districts) == {"E06000050"}
    assert any("of the boundary's area lies in no LSOA of England" in note for note in found.notes)


def test_a_file_that_is_too_large_is_not_read(real, tmp_path, monkeypatch):
    monkeypatch.setattr(boundary, "MOST", 10)
    path = tmp_path / "large.geojson"
    path.write_text('{"type": "Polygon"}')
    with pytest.raises(InputError, match="larger than 10 bytes"):
        inside(real, path)


def test_deep_nesting_is_no_geojson(real, tmp_path):
    path = tmp_path / "deep.geojson"
    path.write_text("[" * 200_000)
    with pytest.raises(InputError, match="is not GeoJSON"):
        inside(real, path)


def test_what_a_boundary_became_stands_in_the_file(checkout, placebook, outline, tmp_path):
    path = drawn(tmp_path / "old.geojson", outline.loc[["E01023630", "E01023631"]].to_crs(4326).union_all())
    done = placebook(checkout, "add", "Old Town", "--boundary", path, "--map", tmp_path / "old.png")
    assert done.returncode == 0, done.stderr
    place = Catalogue.open(checkout).places["old-town"]
    assert place.lsoas == ("E01023630", "E01023631") and place.parent == ("E07000099",)
    for words in ("2 LSOAs", "at least 50% of the area", "old.geojson (EPSG:4326)", "No LSOA lies partly inside"):
        assert words in place.chosen
    assert "Shares 2 LSOAs" in done.stdout and "Its map:" in done.stdout
    assert (tmp_path / "old.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "old.geojson", "old.png"]


def test_a_map_says_what_a_name_says_and_is_never_written_over(real, tmp_path):
    choice = chosen(real.areas, "Royston (North Hertfordshire)")
    picture.write(real.catalogue.project, real.areas, choice, r"Roy$ton $\alpha", tmp_path / "r.png")
    with pytest.raises(InputError, match="is there already"):
        picture.write(real.catalogue.project, real.areas, choice, "Royston", tmp_path / "r.png")
    assert [path.name for path in tmp_path.iterdir()] == ["r.png"]


def test_every_order_gives_the_kind_that_it_asks_for(real):
    project = real.catalogue.project
    asked = {
        "town": wanted.Wanted("Hitchin"),
        "district": wanted.Wanted("Bedford", kind="district"),
        "county": wanted.Wanted("Hertfordshire"),
        "group": wanted.Wanted("Pair", ["Dacorum", "Watford"], "group"),
    }
    assert {kind: wanted.found(project, real.areas, order).kind for kind, order in asked.items()} == {k: k for k in asked}
