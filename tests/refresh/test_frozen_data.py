"""The frozen data of this checkout: listed, checksummed, sorted, and described as a data package."""

import csv
import hashlib
import json
from pathlib import Path

import geopandas
import pyarrow as pa
import pyarrow.parquet
import pytest
import yaml
from frictionless import Package

from placebook.catalogue.load import read_sources
from placebook.evidence.columns import words_of
from placebook.evidence.store import COLUMNS, KEY, MARKERS
from placebook.paths import Project
from placebook.refresh import datapackage
from placebook.refresh.adapters import OPTIONS, SMALL_AREA_OPTIONS, check_options

PROJECT = Project(Path(__file__).parents[2])
SOURCES = read_sources(PROJECT)
TABLES = [(name, table) for name, source in SOURCES.items() for table in source.tables]
WRITTEN = [table for _, table in TABLES if not table.path.endswith(".parquet")]
SMALL_AREAS = PROJECT.root / "data" / "small-areas"
OBSERVED = sorted(name for name, source in SOURCES.items() if source.small_areas and source.measures)
LARGEST_FILE = 2_000_000
LARGEST_SMALL_AREAS = 20_000_000
"""Bytes of all small areas together."""


def districts_of(name: str) -> list[dict[str, str]]:
    with (PROJECT.tables / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def whole(name: str) -> pa.Table:
    return pa.parquet.read_table(SMALL_AREAS / f"{name}.parquet")


def test_every_file_belongs_to_exactly_one_source():
    listed = sorted(table.path for _, table in TABLES)
    found = sorted(
        path.relative_to(PROJECT.root).as_posix()
        for folder in (PROJECT.tables, PROJECT.geography, SMALL_AREAS)
        for path in folder.rglob("*")
        if path.is_file()
    )
    assert len(listed) > 50
    assert listed == found


@pytest.mark.parametrize("table", WRITTEN, ids=[table.path for table in WRITTEN])
def test_a_file_is_what_its_source_says(table):
    data = (PROJECT.root / table.path).read_bytes()
    assert hashlib.sha256(data).hexdigest() == table.sha256
    assert len(data) <= LARGEST_FILE
    assert b"\r" not in data and data.endswith(b"\n")
    data.decode("utf-8")
    if table.path.endswith(".geojson"):
        codes = [feature["properties"]["code"] for feature in json.loads(data)["features"]]
        assert len(codes) == table.rows and codes == sorted(set(codes))


@pytest.mark.parametrize("name", sorted({name for name, table in TABLES if table.path.startswith("data/tables/")}))
def test_a_table_is_tidy(name):
    source, keys = SOURCES[name], []
    for table in (table for table in source.tables if table.path.startswith("data/tables/")):
        with (PROJECT.root / table.path).open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            assert tuple(reader.fieldnames) == COLUMNS
            rows = list(reader)
        assert len(rows) == table.rows
        keys += [tuple(row[column] for column in KEY) for row in rows]
        assert {row["measure"] for row in rows} <= set(source.measures)
        assert {marker for row in rows for marker in row["markers"].split()} <= set(MARKERS)
        assert all(row["value"] or row["markers"] for row in rows)
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_source_can_be_made_again(name):
    for refresh, known in ((SOURCES[name].refresh, OPTIONS), (SOURCES[name].small_areas, SMALL_AREA_OPTIONS)):
        if refresh:
            check_options(f"{name}.yml", refresh.adapter, refresh.options, known)
            assert not any(part in ("", "..") for file in refresh.files for part in file.split("/"))


def test_small_areas_are_what_their_sources_say_and_small_enough():
    tables = [table for _, table in TABLES if table.path.endswith(".parquet")]
    sizes = []
    for table in tables:
        data = (PROJECT.root / table.path).read_bytes()
        sizes.append(len(data))
        assert hashlib.sha256(data).hexdigest() == table.sha256
        about = pa.parquet.read_metadata(PROJECT.root / table.path)
        assert about.num_rows == table.rows and about.row_group(0).num_rows <= 40_000, "a page reads a few groups"
    assert len(tables) == len(OBSERVED) + 5
    assert sum(sizes) <= LARGEST_SMALL_AREAS


@pytest.mark.parametrize("name", OBSERVED)
def test_a_table_of_small_areas_holds_all_of_england_in_order(name):
    """Every small area of its vintage, each in the district of the registry; the words of a table of districts."""
    table = whole(name)
    assert tuple(table.column_names) == ("district", *COLUMNS)
    assert table.schema.metadata is None
    codes, words = {}, {}
    for column in ("district", *KEY, "markers"):
        found = words_of(table[column])  # in the order of the alphabet
        words[column], codes[column] = list(found.categories), found.codes.astype("int64")
    place = 0
    for column in ("district", *KEY):
        place = place * len(words[column]) + codes[column]  # 296 districts, 34,000 areas, …: far below 2 to the 63rd
    assert (place[1:] > place[:-1]).all()
    source, areas = SOURCES[name], whole("areas").to_pandas().astype(str).set_index("code")
    assert set(words["measure"]) == set(source.measures)
    if any(table.path.startswith("data/tables/") for table in source.tables):
        assert set(words["category"]) == {row["category"] for row in districts_of(name)}
    assert words["markers"] == [""] and table["value"].null_count == 0
    held = areas.loc[words["area"]]
    assert set(held["level"]) == set(source.geography.levels) & {"lsoa", "msoa"}
    pairs = set(zip(codes["area"].tolist(), codes["district"].tolist(), strict=True))
    assert {(words["area"][area], words["district"][district]) for area, district in pairs} == set(held["district"].items())
    count = held["level"].value_counts()
    expected = (
        {"lsoa": 33_755, "msoa": 6_856} if source.geography.vintage.startswith("2021") else {"lsoa": 32_844, "msoa": 6_791}
    )
    assert all(count[level] == expected[level] for level in count.index if (name, level) != ("census-2021-deprivation", "msoa"))


def test_the_registry_of_small_areas_is_that_of_england():
    areas = whole("areas").to_pandas().astype(str)
    today = areas[areas["vintage"] == "2021"]
    assert today["level"].value_counts().to_dict() == {"lsoa": 33_755, "msoa": 6_856}
    assert areas["code"].is_unique and areas["district"].nunique() == 296
    lsoas = today[today["level"] == "lsoa"].set_index("code")
    msoas = today[today["level"] == "msoa"].set_index("code")
    assert (lsoas["msoa"].map(msoas["district"]) == lsoas["district"]).all()
    assert (lsoas["msoa"].map(msoas["name"]) == lsoas["name"].str[:-1]).all()
    assert (msoas["known_as"] != "").all()
    assert msoas.loc["E02007089", ["district", "name", "known_as"]].tolist() == [
        "E07000099",
        "North Hertfordshire 017",
        "Great Ashby & Wymondley",
    ]
    assert (lsoas["built_up_area_name"] == "Letchworth").sum() == 22  # as the lookup of towns has it


def test_outlines_and_changes_and_output_areas_fit_the_registry():
    areas = whole("areas").to_pandas().astype(str).set_index("code")
    of = {level: areas[(areas["level"] == level) & (areas["vintage"] == "2021")] for level in ("lsoa", "msoa")}
    for level, today in of.items():
        outlined = pa.parquet.read_table(SMALL_AREAS / f"outlines-{level}21.parquet", columns=["district", "code"]).to_pandas()
        assert dict(zip(outlined["code"], outlined["district"], strict=True)) == dict(today["district"])
    changes = whole("changes").to_pandas().astype(str)
    assert set(changes["code_2021"]) == set(of["lsoa"].index) | set(of["msoa"].index)
    assert changes["code_2011"].nunique() == 32_844 + 6_791
    assert set(changes["code_2011"]) <= set(areas.index)
    parts = whole("output-areas").to_pandas()
    assert len(parts) == parts["output_area"].nunique() == 178_605
    assert parts["residents"].sum() == 56_490_284  # England, as the output areas' counts add up
    assert set(parts["lsoa"]) == set(of["lsoa"].index)


def test_the_outline_of_a_small_area_lies_in_its_district():
    districts = geopandas.read_file(PROJECT.geography / "outlines" / "districts.geojson").set_index("code").geometry
    for level in ("lsoa", "msoa"):
        layer = geopandas.read_parquet(SMALL_AREAS / f"outlines-{level}21.parquet")
        assert (layer.crs.to_epsg(), layer.geometry.is_valid.all()) == (27700, True)
        known = layer[layer["district"].isin(districts.index)].reset_index(drop=True)
        around = geopandas.GeoSeries(known["district"].map(districts), crs=27700)
        inside = known.geometry.intersection(around).area / known.geometry.area
        assert inside.min() > 0.8 and inside.mean() > 0.98  # both are generalised, each in its way


def test_the_residents_of_letchworth_are_those_of_the_census():
    """The town's 23 LSOAs, in TS001."""
    town = yaml.safe_load((PROJECT.params / "letchworth.yml").read_text(encoding="utf-8"))["lsoas"]
    rows = whole("census-2021-residents").to_pandas()
    assert len(town) == 23
    assert rows[rows["area"].isin(town) & (rows["category"] == "")]["value"].sum() == 34_324


def test_the_data_package_is_the_one_of_the_sources():
    described = datapackage.describe(PROJECT)
    assert json.loads(PROJECT.datapackage.read_text(encoding="utf-8")) == described
    assert [str(error) for error in Package.metadata_validate(described)] == []
    names = [resource["name"] for resource in described["resources"]]
    assert len(names) == len(set(names)) == len(TABLES)


def test_england_is_whole_and_every_area_has_its_parents():
    with (PROJECT.geography / "areas.csv").open(encoding="utf-8", newline="") as stream:
        areas = list(csv.DictReader(stream))
    count = {level: sum(area["level"] == level for area in areas) for level in {area["level"] for area in areas}}
    assert (count["district"], count["county"], count["region"]) == (296, 21, 9)
    assert all(area["region"] and area["country"] for area in areas if area["level"] == "district")
    assert all(area["county"] for area in areas if area["code"].startswith("E07"))
    assert not any(area["level"] in ("lsoa", "msoa") for area in areas)
