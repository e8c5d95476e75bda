"""Where published files come from, and what is not such a file."""

import io

import pandas as pd
import pytest

from placebook.errors import InputError
from placebook.refresh.delimited import read_delimited
from placebook.refresh.readers import Directory


def test_a_directory_hands_over_its_files(tmp_path):
    (tmp_path / "labour").mkdir()
    (tmp_path / "labour" / "jobs.csv").write_bytes(b"a,b\n1,2\n")
    assert Directory(tmp_path).read("labour/jobs.csv") == b"a,b\n1,2\n"


@pytest.mark.parametrize("name", ["../secret.csv", "labour/../../secret.csv", "", ".", "a\\..\\secret.csv", "a\0b"])
def test_no_name_leads_out_of_the_directory(tmp_path, name):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    inside = tmp_path / "inside"
    (inside / "labour").mkdir(parents=True)
    with pytest.raises(InputError):
        Directory(inside).read(name)


def test_an_absolute_name_is_refused_even_of_a_file_inside(tmp_path):
    (tmp_path / "jobs.csv").write_text("a\n1\n")
    with pytest.raises(InputError, match="relative path"):
        Directory(tmp_path).read(str(tmp_path / "jobs.csv"))


def test_a_link_does_not_lead_out(tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "jobs.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "more").symlink_to(tmp_path)
    for name in ("jobs.csv", "more/secret.csv"):
        with pytest.raises(InputError, match="leads out"):
            Directory(inside).read(name)


def test_an_absent_file_and_directory_are_named(tmp_path):
    with pytest.raises(InputError, match="jobs.csv is not in"):
        Directory(tmp_path).read("jobs.csv")
    with pytest.raises(InputError, match="not a directory"):
        Directory(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"<!DOCTYPE html>\n<html><body>Request contained invalid parameters</body></html>", "web page"),
        (b"  <html>", "web page"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1,2\n3\n", "jobs.csv:3: has 1 fields, the header 2"),
        (b"a,b\n1,2,3\n", "jobs.csv:2: has 3 fields"),
        (b"a,a\n1,2\n", "column a twice"),
        (b'a,b\n1,"2\n', "not a CSV file"),
        (b"a,b\n1,\xa3\n", "jobs.csv:2: is not UTF-8"),
        (b"x,b\n1,2\n", "has no column a; it has x, b"),
        (b'{"message":"Internal Error"}', 'a message, not data: {"message":"Internal Error"}'),
    ],
)
def test_what_is_no_published_table_is_refused_with_its_line(body, said):
    with pytest.raises(InputError, match="jobs.csv") as refusal:
        read_delimited("jobs.csv", body, ("a",))
    assert said in str(refusal.value)


def test_a_byte_order_mark_and_windows_line_ends_are_taken():
    table = read_delimited("jobs.csv", b"\xef\xbb\xbfa,b\r\n1,2\r\n", ("a", "b"))
    assert [dict(row.cells) for row in table] == [{"a": "1", "b": "2"}]
    assert table.rows[0].line == 2


def parquet(**columns):
    stream = io.BytesIO()
    pd.DataFrame(columns).to_parquet(stream)
    return stream.getvalue()


def test_a_parquet_file_is_the_same_rows_of_text():
    content = parquet(area=["E1", None], value=[0.1 + 0.2, float("nan")], count=[5, 7], whole=[5.0, 12.0])
    table = read_delimited("jobs.parquet", content, ("area", "value"))
    assert table.columns == ("area", "value", "count", "whole")
    assert [dict(row.cells) for row in table] == [
        {"area": "E1", "value": "0.3", "count": "5", "whole": "5"},
        {"area": "", "value": "", "count": "7", "whole": "12"},
    ]
    assert [row.line for row in table] == [2, 3], "as the lines of a CSV with a header"


@pytest.mark.parametrize(
    ("body", "said"), [(b"area,value\nE1,1\n", "is not a Parquet file"), (parquet(area=[]), "no rows"), (b"", "is empty")]
)
def test_what_is_no_parquet_file_of_rows_is_refused(body, said):
    with pytest.raises(InputError, match=said):
        read_delimited("jobs.parquet", body)


def test_a_parquet_file_without_a_column_that_is_needed_is_refused():
    with pytest.raises(InputError, match="has no column value; it has area"):
        read_delimited("jobs.parquet", parquet(area=["E1"]), ("value",))
