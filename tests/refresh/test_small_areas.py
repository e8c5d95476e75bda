"""Observations of small areas: the same options as of other tables, whole columns at once."""

import itertools

import pytest
from published import CODES, lines, measures, parquet_of, zip_of

from placebook.errors import DataError, InputError
from placebook.evidence.store import COLUMNS
from placebook.refresh import columns
from placebook.refresh.columns import read_columns, unpacked
from placebook.refresh.delimited import read_parquet
from placebook.refresh.published_tables import long_table
from placebook.refresh.small_areas import ORDER, observations

DISTRICTS = {
    "E01000001": "E08000038",
    "E01000002": "E07000099",
    "E01000003": "E07000099",
    "E02000001": "E07000099",
    "E02000002": "E08000038",
}
HOUSEHOLDS = measures("households", maximum=1000)
TENURE = {
    "area": ["E01000002", "E01000002", "E01000001", "E01000001"],
    "tenure": ["Owned", "Rented", "Owned", "Rented"],
    "n": [256, 1, 30, 40],
    "total": [257, 257, 70, 70],
}
OPTIONS = {
    "area": "area",
    "category": "tenure",
    "value": "n",
    "totals": {"tenure.parquet": "total"},
    "measure": "households",
    "period": "2021-03-21",
    "categories": ["Owned", "Rented"],
}


def rows(content: bytes) -> list[str]:
    return lines(read_parquet("made", content).to_pandas().astype(dict.fromkeys(ORDER, str)))


def tenure(options=None, file="tenure.parquet", **changed):
    content = parquet_of(**{**TENURE, **changed})
    return observations({file: content}, {**OPTIONS, **(options or {})}, HOUSEHOLDS, DISTRICTS)


def test_rows_are_sorted_by_district_and_the_whole_stands_without_category():
    made = tenure()
    assert tuple(read_parquet("made", made).column_names) == ("district", *COLUMNS)
    assert rows(made) == [
        "E07000099,E01000002,2021-03-21,households,,,257.0,,,",
        "E07000099,E01000002,2021-03-21,households,Owned,,256.0,,,",
        "E07000099,E01000002,2021-03-21,households,Rented,,1.0,,,",
        "E08000038,E01000001,2021-03-21,households,,,70.0,,,",
        "E08000038,E01000001,2021-03-21,households,Owned,,30.0,,,",
        "E08000038,E01000001,2021-03-21,households,Rented,,40.0,,,",
    ]


def test_options_mean_the_same_as_for_tables_read_row_by_row():
    content = parquet_of(
        level=["lsoa", "lsoa", "lsoa", "msoa", "lsoa"],
        area=["E01000001", "E01000001", "E01000001", "E02000001", "W01000001"],
        what=["1.0", "All", "2 in detail", "1.0", "1.0"],
        which=["a", "a", "a", "a", "a"],
        n=["1,256.50000000001", "..", "x", "7", "8"],
        low=["1,000", "", "", "", ""],
        high=["1,400", "", "", "", ""],
    )
    options = {
        "area": ["code", "area"],
        "select": {"level": "lsoa"},
        "leave_out_heads": ["W"],
        "category": "what",
        "categories": {"1": "One"},
        "category_numbers": True,
        "whole_category": "All",
        "leave_out_category_heads": ["2"],
        "measure_column": "which",
        "labels": {"a": "households"},
        "value": "n",
        "lower": "low",
        "upper": "high",
        "missing": {"..": "x"},
        "thousands": True,
        "period": "2021-03-21",
    }
    wide = measures("households", maximum=2000)
    made = rows(observations({"t.parquet": content}, options, wide, DISTRICTS))
    assert made == [
        "E08000038,E01000001,2021-03-21,households,,,,,,x",
        "E08000038,E01000001,2021-03-21,households,One,,1256.5,1000.0,1400.0,",
    ]
    by_row = lines(long_table({"t.parquet": content}, options, wide, CODES))
    assert by_row == [line.removeprefix("E08000038,").replace(".0,", ",") for line in made]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tenure": ["Owned", "Lent", "Owned", "Lent"]}, "tenure.parquet:3: tenure: unknown category 'Lent'"),
        ({"area": ["E01000002"] * 2 + ["E01000009"] * 2}, "tenure.parquet:4: area: 'E01000009' is no small area that the"),
        ({"area": ["W01000001"] * 2 + ["E01000001"] * 2}, "tenure.parquet:2: area: 'W01000001' is no small area that the"),
        ({"n": ["256", "?", "30", "40"]}, "tenure.parquet:3: n: '\\?' is not a number"),
        ({"n": [256, None, 30, 40]}, "tenure.parquet:3: households: E01000002, Rented .nan. has no value and does not say why"),
        ({"n": [256, -1, 30, 40]}, "tenure.parquet:3: households: E01000002, Rented .-1. has a value outside the declared"),
        (
            {"n": [256, 1, 3000, 40]},
            "tenure.parquet:4: households: E01000001, Owned .3000. has a value outside the decl",
        ),
        ({"tenure": ["Owned"] * 4}, "tenure.parquet:3: households: E01000002, Owned .1. stands twice"),
        ({"total": [257, 258, 70, 70]}, "tenure.parquet:3: households: E01000002 .258. stands twice"),
        ({"area": ["", "", "E01000001", "E01000001"]}, "tenure.parquet:2: area: '' is no small area"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(changed, said):
    with pytest.raises(DataError, match=said):
        tenure(**changed)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"value": "count"}, "tenure.parquet:1: has no column count; it has area, tenure, n, total"),
        ({"totals": {"tenure.parquet": "whole"}}, "tenure.parquet:1: has no column whole"),
        ({"measure": "dwellings"}, "tenure.parquet:2: dwellings: .* is no measure of this source"),
        ({"markers": "q"}, "tenure.parquet:2: households: E01000002 .257. has an unknown marker"),
        ({"leave_out_heads": ["E"]}, "no row is carried into the table"),
        ({"measure_column": "tenure", "labels": {"Owned": "households"}}, "tenure.parquet:3: tenure: unknown label 'Rented'"),
    ],
)
def test_an_option_that_does_not_fit_the_file_is_named(options, said):
    with pytest.raises(InputError, match=said):
        tenure(options)


def test_at_most_twenty_faults_are_shown():
    number = 30
    codes = [f"E01{line:06}" for line in range(100, 100 + number)]
    with pytest.raises(DataError) as refusal:
        tenure(area=codes, tenure=["Owned"] * number, n=[1] * number, total=[1] * number)
    assert len(refusal.value.faults) == 20 + 1
    assert "and 10 more" in str(refusal.value)


def test_wide_columns_are_measures_or_categories():
    content = parquet_of(code=["E01000003", "E01000002"], rank=[3, 2], score=[64.89999999999999, 5.0])
    ranks = {"area": "code", "period": "2025-01-01/P1Y", "columns": {"rank": "rank", "score": "score"}}
    made = observations({"t.parquet": content}, ranks, measures("rank", "score"), DISTRICTS)
    assert rows(made) == [
        "E07000099,E01000002,2025-01-01/P1Y,rank,,,2.0,,,",
        "E07000099,E01000002,2025-01-01/P1Y,score,,,5.0,,,",
        "E07000099,E01000003,2025-01-01/P1Y,rank,,,3.0,,,",
        "E07000099,E01000003,2025-01-01/P1Y,score,,,64.9,,,",
    ]
    parts = {**ranks, "measure": "households", "columns": {"rank": "", "score": "Owned"}}
    made = observations({"t.parquet": content}, parts, HOUSEHOLDS, DISTRICTS)
    assert [row.split(",")[4] for row in rows(made)] == ["", "Owned"] * 2


FLOWS = {"from": ["E02000001", "E02000001", "E02000001", "W02000001"], "to": ["E02000002", "999", "S02000001", "E02000001"]}
FLOW_OPTIONS = {
    "flows": ["flows.parquet"],
    "area": "from",
    "leave_out_heads": ["W"],
    "partner": "to",
    "partners": ["999"],
    "value": "n",
    "measure": "workers",
    "period": "2021-03-21",
    "summaries": ["sums.parquet"],
    "summary_area": "code",
    "columns": {"origin": "workers_origin"},
}


def flows(**changed):
    files = {
        "flows.parquet": parquet_of(**FLOWS, n=[1, 2, 3, 4]),
        "sums.parquet": parquet_of(code=["E02000001", "W02000001"], origin=[6, 4]),
    }
    known = measures("workers", "workers_origin")
    return observations(files, {**FLOW_OPTIONS, **changed}, known, DISTRICTS)


def test_flows_stand_in_the_district_of_the_home_with_their_partner():
    assert rows(flows()) == [
        "E07000099,E02000001,2021-03-21,workers,,999,2.0,,,",
        "E07000099,E02000001,2021-03-21,workers,,E02000002,1.0,,,",
        "E07000099,E02000001,2021-03-21,workers,,S02000001,3.0,,,",
        "E07000099,E02000001,2021-03-21,workers_origin,,,6.0,,,",
    ]


def test_an_unknown_other_end_of_a_flow_is_named():
    with pytest.raises(DataError, match="flows.parquet:3: to: '999' is no small area that the book knows"):
        flows(partners=[])


def test_the_bytes_are_the_same_twice_in_one_group_of_rows_without_a_library_s_remarks():
    made = tenure()
    assert made == tenure()
    frozen = read_parquet("tenure.parquet", made)
    assert frozen.schema.metadata is None
    assert [str(frozen.schema.field(name).type) for name in ("area", "value", "markers")] == ["string", "double", "string"]
    assert all(frozen[name].null_count == 0 for name in (*ORDER, "markers"))


BULK = (
    '"date","geography","geography code","Type: Total; measures: Value","Type: Owned; measures: Value"\n'
    '"2021","Anywhere 001A","E01000001",70,30\n"2021","Wales 001A","W01000001",5,5\n'
    '"2021","Anywhere 002A","E01000002",257,256\n'
)
BULK_OPTIONS = {
    "member": "t-lsoa.csv",
    "area": "geography code",
    "leave_out_heads": ["W"],
    "measure": "households",
    "columns": {"Type: Total; measures: Value": "", "Type: Owned; measures: Value": "Owned"},
    "period": "2021-03-21",
}


def test_a_bulk_download_as_nomis_publishes_it_gives_the_same_rows_as_the_long_file():
    archive = zip_of({"t-oa.csv": "no,table\n", "t-lsoa.csv": BULK, "metadata/t.txt": "words"})
    made = observations({"bulk/t.zip": archive}, BULK_OPTIONS, HOUSEHOLDS, DISTRICTS)
    assert made == tenure(**{name: cells[::2] for name, cells in TENURE.items()})
    with pytest.raises(DataError, match="bulk/t.zip:3: geography code: 'W01000001' is no small area"):
        observations({"bulk/t.zip": archive}, {**BULK_OPTIONS, "leave_out_heads": []}, HOUSEHOLDS, DISTRICTS)


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        (b"PK\x03\x04 cut off", "t.zip: is not a ZIP file"),
        (zip_of({"t-oa.csv": BULK}), "t.zip: member: holds 't-lsoa.csv' 0 times; it holds t-oa.csv"),
        (zip_of({"t-lsoa.csv": "x" * 5000}), "t.zip: member: is too large: 5,000 bytes in t-lsoa.csv, 5,000 in all"),
        (zip_of({"t-lsoa.csv": BULK, "t-oa.csv": "x" * 20_000}), "t.zip: member: is too large: .* in t-lsoa.csv, 20,"),
        (zip_of({"t-lsoa.csv": BULK}).replace(b"SJI", b"SJJ"), "t.zip: is not a ZIP file"),
    ],
    ids=["no archive", "absent", "too large", "too large in all", "damaged"],
)
def test_an_archive_that_is_cut_off_or_too_large_is_refused(monkeypatch, archive, said):
    monkeypatch.setattr(columns, "LARGEST_MEMBER", 1000)
    monkeypatch.setattr(columns, "LARGEST_ARCHIVE", 10_000)
    with pytest.raises(InputError, match=said):
        read_columns("t.zip", archive, "t-lsoa.csv")


def test_an_archive_that_says_it_is_small_gives_no_more_than_it_says():
    honest = zip_of({"t.csv": "x" * 5000})
    lie = honest.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    with pytest.raises(InputError, match="t.zip: is not a ZIP file"):
        unpacked("t.zip", lie, "t.csv")


def test_a_file_that_stands_twice_in_an_archive_is_refused():
    archive = zip_of({"t.csv": "one", "u.csv": "two"}).replace(b"u.csv", b"t.csv")
    with pytest.raises(InputError, match="t.zip: member: holds 't.csv' 2 times"):
        unpacked("t.zip", archive, "t.csv")


def test_a_file_without_rows_or_of_another_kind_is_refused():
    with pytest.raises(InputError, match="t.parquet:1: has a header and no rows"):
        read_columns("t.parquet", parquet_of(area=[]))
    with pytest.raises(InputError, match="t.parquet: is not a Parquet file"):
        read_columns("t.parquet", b"<html>")


def test_lines_are_those_of_the_published_file():
    table = read_columns("t.csv", b'a,b\n"x\ny",1\nz,2\n')
    assert list(table.index) == [3, 4]
    assert all(one < other for one, other in itertools.pairwise(table.index))
