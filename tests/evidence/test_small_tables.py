"""Tables of small areas: only the rows of a page's own county or district are read, and every row was checked."""

import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from placebook.catalogue.load import Catalogue
from placebook.errors import DataError
from placebook.evidence import small_tables, table_checks
from placebook.evidence.columns import words_of
from placebook.evidence.store import Store

SMALL = """\
E07000095,E01000004,2021-03-21,homes,flat,,2,,,
E07000095,E01000004,2021-03-21,homes,house,,38,,,
E07000099,E01000001,2021-03-21,homes,flat,,10,,,
E07000099,E01000001,2021-03-21,homes,house,,30,,,
E07000099,E01000002,2021-03-21,homes,flat,,5,,,
E07000099,E01000002,2021-03-21,homes,house,,,,,c
E07000099,E01000003,2021-03-21,homes,flat,,1,0,4,
E07000099,E01000003,2021-03-21,homes,house,,99,,,
"""
LARGE = "area,period,measure,category,partner,value,lower,upper,markers\nE07000095,2021-03-21,homes,flat,,7,,,\n"
SOURCE = """\
title: Made-up homes
publisher: Nobody
landing_page: https://example.org/homes
query: made up for a test
licence: OGL-UK-3.0
attribution: Made up for a test
geography: {{levels: [lsoa, district], vintage: '2021'}}
period: 2021-01-01/2023-12-31
retrieved: 2025-06-30
measures:
  homes: {{label: Homes, unit: homes, minimum: 0, maximum: 1000}}
refresh: {{adapter: els, files: [x.csv]}}
tables:
  - path: data/tables/homes.csv
    rows: 1
    sha256: {large}
  - path: data/small-areas/homes.parquet
    rows: {rows}
    sha256: {small}
"""


def parquet(text):
    """Rows of a CSV without header as a table of small areas."""
    cells = list(zip(*(line.split(",") for line in text.splitlines()), strict=True))
    columns = dict(zip(table_checks.SMALL_HEADER, cells, strict=True))
    numbers = {
        name: pa.array([float(cell) if cell else None for cell in columns[name]]) for name in ("value", "lower", "upper")
    }
    words = {name: pa.array(column).dictionary_encode() for name, column in columns.items() if name not in numbers}
    return pa.table({name: (words | numbers)[name] for name in columns})


@pytest.fixture
def opened(tiny_project):
    """The store of a project whose homes are in a table of small areas and one of districts."""

    def write(text=SMALL, table=None):
        path = tiny_project.root / "data/small-areas/homes.parquet"
        table = table or parquet(text)
        pq.write_table(table, path)
        tiny_project.write("data/tables/homes.csv", LARGE)
        hashes = {
            "small": hashlib.sha256(path.read_bytes()).hexdigest(),
            "large": hashlib.sha256(LARGE.encode()).hexdigest(),
        }
        tiny_project.write("data/sources/homes.yml", SOURCE.format(rows=table.num_rows, **hashes))
        catalogue = Catalogue.open(tiny_project)
        return Store.open(tiny_project, catalogue.sources, catalogue.areas)

    return write


def test_small_areas_are_asked_for_by_their_codes_and_stand_before_larger_ones(opened):
    store = opened()
    cells = store.cells(
        "homes", ("area", "value"), measure="homes", category="flat", areas=["E07000095", "E01000001", "E01000004"]
    )
    assert list(cells) == [("E01000001", 10), ("E01000004", 2), ("E07000095", 7)]
    assert store.rows("homes", areas=["E01000003"], category="flat").to_dict("records") == [
        {
            "area": "E01000003",
            "period": "2021-03-21",
            "measure": "homes",
            "category": "flat",
            "partner": "",
            "value": 1,
            "lower": 0,
            "upper": 4,
            "markers": "",
        }
    ]


def test_without_codes_the_answer_is_of_larger_areas(opened):
    store = opened()
    assert [area for (area,) in store.cells("homes", ("area",), measure="homes")] == ["E07000095"]
    assert store.areas("homes") == {"E07000095"}
    assert store.categories("homes", "homes") == ("flat", "house") and store.small_level("homes", "homes") == "lsoa"
    assert store.small_level("homes", "rooms") == "" and store.small_level("jobs", "rate") == ""


def test_a_page_reads_the_small_areas_of_its_county_once_and_no_others(opened, monkeypatch):
    store, read = opened(), []
    store.check_all()
    reading = pq.read_table
    monkeypatch.setattr(
        small_tables.pq, "read_table", lambda path, **given: read.append(given["filters"]) or reading(path, **given)
    )
    small_tables._slice.cache_clear()
    for code in ("E01000001", "E01000004", "E01000003"):
        store.rows("homes", areas=[code])
    assert read == [[("district", "in", frozenset({"E07000095", "E07000099"}))]]


def test_what_was_read_is_kept_beside_the_checked_table_and_a_damaged_part_is_read_again(opened, monkeypatch):
    store, read = opened(), []
    store.check_all()
    small_tables._slice.cache_clear()
    first = store.rows("homes", areas=["E01000001"])
    reading = pq.read_table
    monkeypatch.setattr(small_tables.pq, "read_table", lambda path, **given: read.append(path) or reading(path, **given))
    small_tables._slice.cache_clear()
    assert store.rows("homes", areas=["E01000001"]).equals(first) and not read
    (kept,) = store._project.cache.glob("tables/*-district-*.arrow")
    kept.write_bytes(kept.read_bytes()[:-9])
    small_tables._slice.cache_clear()
    assert store.rows("homes", areas=["E01000001"]).equals(first) and len(read) == 1


def test_a_question_is_answered_the_same_again_and_otherwise_after_a_change(opened):
    store = opened()
    with store.listening() as asked:
        store.rows("homes", measure="homes", areas=["E01000001"])
    assert store.answer(asked[0].question) == asked[0].answer
    assert opened(SMALL.replace(",99,", ",98,")).answer(asked[0].question) == asked[0].answer, "another area's figure"
    assert opened(SMALL.replace(",10,", ",11,")).answer(asked[0].question) != asked[0].answer


def test_flows_into_a_small_area_are_found_by_their_end(opened):
    flows = SMALL.replace("E01000001,2021-03-21,homes,flat,,10", "E01000001,2021-03-21,homes,flat,E01000004,10")
    store = opened(flows)
    assert [*store.cells("homes", ("area", "value"), measure="homes", partner="E01000004")] == [("E01000001", 10)]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (
            "E07000099,E01000001,2021-03-21,homes,flat",
            "E07000095,E01000001,2021-03-21,homes,flat",
            "or does not lie in E07000095",
        ),
        ("E07000099,E01000003,2021-03-21,homes,house", "E07000099,E02004911,2021-03-21,homes,house", "is no lsoa"),
        ("E07000099,E01000003,2021-03-21,homes,house", "E07000099,E07000099,2021-03-21,homes,house", "is no lsoa"),
        (",flat,,10,", ",flat,,1001,", "above the most that homes can be"),
        ("house,,,,,c", "house,,,,,", "missing without a marker"),
        ("E07000095,E01000004,2021-03-21,homes,flat,,2", "E07000099,E01000009,2021-03-21,homes,flat,,2", "sorting by the key"),
        ("homes,house,,38", "homes,flat,,38", "stand twice"),
        ("homes,house,,38", "rooms,house,,38", "not a measure of its source"),
        ("E01000003,2021-03-21,homes,flat,,1,0,4", "E01000003,2021-03-21,homes,flat,,1,2,4", "does not lie between its limits"),
    ],
)
def test_a_wrong_row_is_named(opened, was, now, said):
    assert was in SMALL
    with pytest.raises(DataError, match=said) as error:
        opened(SMALL.replace(was, now)).check_all()
    assert "data/small-areas/homes.parquet" in str(error.value)


def test_a_table_of_other_columns_and_one_that_is_none_are_refused(opened, tiny_project):
    with pytest.raises(DataError, match="has the columns"):
        opened(table=parquet(SMALL).drop_columns(["markers"])).check_all()
    store = opened()
    (tiny_project.root / "data/small-areas/homes.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        table_checks.read_small(
            tiny_project, store._sources["homes"], store._small_table("homes"), Catalogue.open(tiny_project).areas
        )


def test_a_file_of_small_areas_that_no_source_lists_is_a_fault(opened, tiny_project):
    opened()
    (tiny_project.root / "data/small-areas/stray.parquet").write_bytes(b"")
    catalogue = Catalogue.open(tiny_project)
    with pytest.raises(DataError, match="stray.parquet: is listed by no source"):
        Store.open(tiny_project, catalogue.sources, catalogue.areas)


@pytest.mark.parametrize("words", [["b", "a"], ["b", "a", "of no row"], ["b", "a", "a"]], ids=["its own", "one more", "twice"])
def test_the_words_of_a_column_are_those_of_its_rows_whatever_dictionary_a_file_brings(words):
    column = pa.chunked_array([pa.DictionaryArray.from_arrays([0, 1, 0], words), pa.DictionaryArray.from_arrays([0], ["a"])])
    found = words_of(column)
    assert found.tolist() == ["b", "a", "b", "a"] and found.categories.tolist() == ["a", "b"]
    assert words_of(column.cast(pa.string())).equals(found)
