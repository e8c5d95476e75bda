"""A table is held against today's rules: each fault named by its line, also after it was cached."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.catalogue.load import Catalogue
from placebook.errors import DataError
from placebook.evidence import table_checks
from placebook.evidence.store import Store

HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"


def opened(project) -> Store:
    catalogue = Catalogue.open(project)
    return Store.open(project, catalogue.sources, catalogue.areas)


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (",60,80,x", "lower", "limits stand without the value that they belong to"),
        ("70,,,q", "markers", "'q' holds an unknown marker"),
        (" 70,,,", "value", "' 70' is not a number"),
        ("+70,,,", "value", "'+70' is not a number"),
        ("inf,,,", "value", "'inf' is not a number"),
        ("nan,,,", "value", "'nan' is not a number"),
        ("1_0,,,", "value", "'1_0' is not a number"),
        (",,,", "value", "is missing without a marker that says why"),
        ("101,,,", "value", "101 is above the most that rate can be, 100"),
        ("1e308,,,", "value", "1e308 is above the most that rate can be, 100"),
        ("70,60,1e308,", "upper", "1e308 is above the most that rate can be, 100"),
        ("70,-1,80,", "lower", "-1 is below the least that rate can be, 0"),
        ("50,60,80,", "value", "50 does not lie between its limits 60 and 80"),
        ("70,90,80,", "lower", "90 is larger than the upper limit 80"),
    ],
)
def test_a_wrong_row_is_named(tiny_project, row, field, said):
    tiny_project.table("jobs", f"{HEAD}E07000095,2022-01-01/P1Y,rate,,,{row}\n")
    with pytest.raises(DataError) as caught:
        opened(tiny_project).check_all()
    found = [(f.file, f.line, f.field, f.problem) for f in caught.value.faults]
    assert ("data/tables/jobs.csv", 2, field, said) in found


@given(st.lists(st.tuples(*[st.integers(0, 2)] * len(table_checks.KEY)), max_size=12), st.booleans())
def test_a_table_rises_where_it_is_in_order_and_holds_no_key_twice(rows, in_order):
    rows = sorted(rows) if in_order else rows
    keys = [np.array([row[at] for row in rows], dtype=np.int32) for at in range(len(table_checks.KEY))]
    assert table_checks._rising(keys) == (rows == sorted(set(rows)))


def test_a_stricter_range_is_held_against_a_table_that_was_cached_before(tiny_project):
    opened(tiny_project).check_all()
    tiny_project.replace("data/sources/jobs.yml", "maximum: 100", "maximum: 76.5")
    with pytest.raises(DataError, match=r"jobs\.csv:7: value: 77 is above the most that rate can be, 76\.5"):
        opened(tiny_project).check_all()


def test_a_code_that_is_superseded_later_is_noticed_in_a_cached_table(tiny_project):
    tiny_project.table("jobs", f"{HEAD}E06000032,2022-01-01/P1Y,rate,,,70,,,\n")
    opened(tiny_project).check_all()
    tiny_project.replace("data/geography/areas.csv", "E06000032,Luton", "E06000033,Luton")
    tiny_project.replace(
        "data/geography/superseded.csv", "E07000097", "E06000032,Luton,district,2025,E06000033,recode\nE07000097"
    )
    with pytest.raises(DataError, match=r"jobs\.csv:2: area: E06000032 is a superseded code"):
        opened(tiny_project).check_all()


def test_what_did_not_change_is_not_read_again(tiny_project):
    opened(tiny_project).check_all()
    folder = tiny_project.cache / "tables"
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    opened(tiny_project).check_all()
    assert len(before) == 2
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (b"E07000095,2022-01-01/P1Y,rate,caf\xe9,,70,,,\n", "jobs.csv:2: is not UTF-8 text"),
        (b'E07000095,2022-01-01/P1Y,rate,"flat,,70,,,\n', "jobs.csv:2: cannot be read as CSV: unexpected end of data"),
        (b"", "jobs.csv: has 0 rows, its source lists 6"),
        (b"E07000095,2022-01-01/P1Y,rate,,,70,,,,\n", "jobs.csv:2: has 10 fields, not 9"),
    ],
)
def test_bytes_that_are_no_table_are_named(tiny_project, spoilt, told):
    (tiny_project.tables / "jobs.csv").write_bytes(HEAD.encode() + spoilt)
    with pytest.raises(DataError) as caught:
        opened(tiny_project)
    assert told in str(caught.value) and "git checkout -- data/tables/jobs.csv" in str(caught.value)


def test_an_empty_file_has_no_header(tiny_project):
    (tiny_project.tables / "jobs.csv").write_bytes(b"")
    with pytest.raises(DataError, match=r"jobs\.csv:1: has the header '', not 'area,period,"):
        opened(tiny_project)


def test_the_faults_of_two_tables_are_told_together(tiny_project):
    tiny_project.replace("data/tables/jobs.csv", "76.1", "x")
    tiny_project.replace("data/tables/homes.csv", "house,,30", "house,,-30")
    with pytest.raises(DataError) as caught:
        opened(tiny_project)
    assert "jobs.csv:3: value: 'x' is not a number" in str(caught.value)
    assert "homes.csv:3: value: -30 is below the least that homes can be, 0" in str(caught.value)


MARKED = ["<b>x", "a`b", "{x}", "a|b", "a\\b", "*a*", "[a](b)", "a\u202eb", "a\u00adb", "a\tb", "x" * 100 + "<"]


@pytest.mark.parametrize("word", MARKED)
@pytest.mark.parametrize("column", ["category", "partner"])
def test_a_word_that_a_page_could_take_for_more_is_refused(tiny_project, column, word):
    cells = f"{word}," if column == "category" else f",{word}"
    tiny_project.table("jobs", f"{HEAD}E07000095,2022-01-01/P1Y,rate,{cells},70,,,\n")
    with pytest.raises(DataError) as caught:
        opened(tiny_project).check_all()
    assert [(f.line, f.field, f.problem) for f in caught.value.faults] == [
        (2, column, f"{repr(word)[:80]} holds markup or a character that nobody can see")
    ]


def test_words_that_publishers_write(tiny_project):
    words = [
        "",
        "+1 (under-occupied)",
        "-8",
        "A & B; c: d",
        "address_one_year_ago_is_the_same",
        "Children's, £5 – 10",
        "* of note",
    ]
    rows = "".join(f'E07000095,2022-01-01/P1Y,rate,"{word}",,70,,,\n' for word in sorted(words))
    tiny_project.table("jobs", HEAD + rows)
    opened(tiny_project).check_all()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.symlink_to("homes.csv"), "is a link: a table is a file of its own"),
        (os.mkfifo, "is no ordinary file, but a pipe, a socket or a device"),
        (os.mkdir, "is a folder"),
        (lambda path: (path.touch(), os.truncate(path, 60_000_000_000)), "is larger than 200,000,000 bytes"),
    ],
)
def test_a_table_that_is_no_file_of_its_own_is_not_opened(tiny_project, make, said):
    path = tiny_project.tables / "jobs.csv"
    path.unlink()
    make(path)
    with pytest.raises(DataError) as caught:
        opened(tiny_project)
    assert str(caught.value) == f"data/tables/jobs.csv: {said}\n    → restore it: git checkout -- data/tables/jobs.csv"
