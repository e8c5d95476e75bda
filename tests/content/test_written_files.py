"""The real params, sources, indicators and counties."""

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from placebook.catalogue import yaml_reader
from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.evidence.store import Store
from placebook.paths import Project

ROOT = Path(__file__).parents[2]
REAL = Project.at(ROOT)
KINDS = {"place": "params", "source": "data/sources", "theme": "data/indicators", "county": "data/counties"}
SHAPES = {"small_area_values", "location_quotient", "published", "sum", "share", "composition", "small_area_index", "flow"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.open(REAL)


@pytest.mark.parametrize(("kind", "folder"), KINDS.items())
def test_every_written_file_fits_its_schema(kind, folder):
    schema = json.loads((ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    paths = sorted((ROOT / folder).glob("*.yml"))
    assert paths
    for path in paths:
        document = yaml_reader.read(path, path.name)
        assert document.faults == []
        assert [e.message for e in validator.iter_errors(document.data)] == [], path.name


def test_everything_fits_together_and_fits_the_tables(catalogue):
    store = Store.open(REAL, catalogue.sources, catalogue.areas)
    store.check_all()
    assert [str(f) for f in check(catalogue, store, date(2100, 1, 1))] == []


def test_the_three_places(catalogue):
    assert set(catalogue.places) == {"letchworth", "broxbourne", "st-albans"}
    assert len(catalogue.places["letchworth"].lsoas) == 23
    assert catalogue.places["letchworth"].parent == ("E07000099",)
    assert "exact error not measurable" in catalogue.places["letchworth"].chosen


def test_enough_indicators_of_every_shape(catalogue):
    assert len(catalogue.indicators) >= 100
    assert all(len(theme.indicators) >= 2 for theme in catalogue.themes.values())
    assert {i.reads.kind for i in catalogue.indicators.values()} == SHAPES
    assert {i.measure for i in catalogue.indicators.values()} >= {
        "share",
        "modelled",
        "median",
        "ratio",
        "count",
        "index",
        "rate",
    }
    assert {i.uncertainty for i in catalogue.indicators.values()} == {
        "limits",
        "full_count",
        "estimate_without_limits",
        "modelled",
    }


def test_headlines_are_one_to_eight(catalogue):
    assert sorted(i.headline for i in catalogue.indicators.values() if i.headline) == list(range(1, 9))


def test_every_source_can_be_cited(catalogue):
    assert len(catalogue.sources) > 40
    for name, source in catalogue.sources.items():
        assert source.attribution and source.query and source.title, name
        assert source.retrieved >= date(2026, 1, 1)


def test_comparators_are_those_that_sources_publish(catalogue):
    of = {name: set(indicator.comparators) for name, indicator in catalogue.indicators.items()}
    assert "county" not in of["gva-per-hour"] and {"region", "country"} <= of["gva-per-hour"]
    assert "itl3" in of["gdp-per-head"] and "county" not in of["gdp-per-head"]
    assert "country" not in of["child-poverty"]
    assert "district" not in catalogue.indicators["healthy-life-female"].levels


def test_tables_stay_small():
    sizes = {p.name: p.stat().st_size for p in (ROOT / "data" / "tables").glob("*.csv")}
    assert sizes and max(sizes.values()) < 2 * 1024**2
    assert sum(sizes.values()) < 30e6


def test_nothing_in_the_code_knows_the_county():
    named = [
        p.name
        for p in (ROOT / "src" / "placebook").rglob("*.py")
        if p.parent.name != "refresh" and "hertfordshire" in p.read_text(encoding="utf-8").lower()
    ]
    assert named == []
