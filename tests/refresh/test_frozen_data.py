"""The frozen data of this checkout: listed, checksummed, sorted, and described as a data package."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from frictionless import Package

from placebook.catalogue.load import read_sources
from placebook.evidence.store import COLUMNS, KEY, MARKERS
from placebook.paths import Project
from placebook.refresh import datapackage
from placebook.refresh.adapters import check_options

PROJECT = Project(Path(__file__).parents[2])
SOURCES = read_sources(PROJECT)
TABLES = [(name, table) for name, source in SOURCES.items() for table in source.tables]
LARGEST_FILE = 2_000_000


def test_every_file_belongs_to_exactly_one_source():
    listed = sorted(table.path for _, table in TABLES)
    found = sorted(
        path.relative_to(PROJECT.root).as_posix()
        for folder in (PROJECT.tables, PROJECT.geography)
        for path in folder.rglob("*")
        if path.is_file()
    )
    assert len(listed) > 50
    assert listed == found


@pytest.mark.parametrize("table", [table for _, table in TABLES], ids=[table.path for _, table in TABLES])
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
    for table in source.tables:
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
    refresh = SOURCES[name].refresh
    check_options(f"{name}.yml", refresh.adapter, refresh.options)
    assert not any(part in ("", "..") for file in refresh.files for part in file.split("/"))


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
    assert all(area["msoa"] for area in areas if area["level"] == "lsoa" and area["vintage"] == "2021")
