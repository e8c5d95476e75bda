"""From published files to frozen tables: what is written, what is not, and the record of it."""

import hashlib
import json

import pyarrow as pa
import pyarrow.parquet
import pytest
from frictionless import Package
from published import AREAS, JOBS, SMALL_AREAS, SOURCE, Drawn, parquet_of, project, tables_of

from placebook import paths
from placebook.errors import DataError, InputError
from placebook.refresh import datapackage, source_record
from placebook.refresh import run as running
from placebook.refresh.run import refresh

EXPECTED = (
    "area,period,measure,category,partner,value,lower,upper,markers\n"
    "E07000099,2023-01-01/P1Y,employment_rate,,,64.9,60.1,69.7,\n"
)
PAY = SOURCE.replace("jobs.csv]", "pay.csv]").replace("Jobs of people", "Pay of people")
LISTS = (
    SOURCE[: SOURCE.index("measures:")].replace("OGL-UK-3.0", "OPL-UK-3.0")
    + """\
refresh:
  adapter: area-list
  files: [names.csv]
  options: {file: lookups/msoa21-names.csv, columns: {code: msoa, nm: name}, key: [msoa]}
"""
)

SMALL = """\
small_areas:
  adapter: wide-table
  files: [small.parquet]
  options: {area: lsoa, columns: {rate: employment_rate}, period: 2023-01-01/P1Y}
"""
BOTH = SOURCE.replace("levels: [district]", "levels: [lsoa, district]") + SMALL
RATES = parquet_of(lsoa=["E01000002", "E01000001"], rate=[70.5, 60])


def contents(made):
    return {path.relative_to(made.root).as_posix(): path.read_bytes() for path in made.root.rglob("*") if path.is_file()}


def test_a_table_is_written_and_its_record_kept_at_the_end_of_the_source(tmp_path):
    made = project(tmp_path, jobs=SOURCE)
    [result] = refresh(made, Drawn({"jobs.csv": JOBS}))
    table = (made.tables / "jobs.csv").read_bytes()
    assert table.decode() == EXPECTED
    assert tables_of(made, "jobs") == [{"path": "data/tables/jobs.csv", "rows": 1, "sha256": hashlib.sha256(table).hexdigest()}]
    assert result.rows() == [("jobs", "data/tables/jobs.csv", "1", "written")]


def test_the_words_of_the_source_stay_byte_for_byte(tmp_path):
    made = project(tmp_path, jobs=SOURCE)
    path = made.sources / "jobs.yml"
    refresh(made, Drawn({"jobs.csv": JOBS}))
    assert path.read_text().startswith(SOURCE + "tables:\n")
    refresh(made, Drawn({"jobs.csv": JOBS.replace("64.89999999999999", "70")}))
    assert path.read_text().startswith(SOURCE + "tables:\n")
    assert path.read_text().count("tables:") == 1


def test_a_second_run_changes_no_byte(tmp_path):
    made = project(tmp_path, jobs=SOURCE, names=LISTS)
    reader = Drawn({"jobs.csv": JOBS, "names.csv": "code,nm\nE02000001,Royston\n"})
    assert all(result.changed for result in refresh(made, reader))
    before = contents(made)
    assert not any(result.changed for result in refresh(made, reader))
    assert contents(made) == before


def test_districts_and_small_areas_of_one_source_are_two_tables(tmp_path):
    made = project(tmp_path, jobs=BOTH)
    reader = Drawn({"jobs.csv": JOBS, "small.parquet": RATES})
    [result] = refresh(made, reader)
    assert result.rows() == [
        ("jobs", "data/small-areas/jobs.parquet", "2", "written"),
        ("jobs", "data/tables/jobs.csv", "1", "written"),
    ]
    [small, _] = tables_of(made, "jobs")
    path = tmp_path / "data" / "small-areas" / "jobs.parquet"
    assert small["rows"] == 2 and small["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert pa.parquet.read_table(path).to_pandas()["district"].tolist() == ["E07000099", "E08000038"]
    assert not refresh(made, reader)[0].changed


def test_a_source_may_hold_small_areas_alone(tmp_path):
    alone = BOTH[: BOTH.index("refresh:")] + SMALL
    made = project(tmp_path, jobs=alone)
    assert [table.path for table in refresh(made, Drawn({"small.parquet": RATES}))[0].tables] == [
        "data/small-areas/jobs.parquet"
    ]


def test_a_small_area_of_another_level_than_the_source_declares_is_refused(tmp_path):
    made = project(tmp_path, jobs=BOTH.replace("[lsoa, district]", "[msoa, district]"))
    with pytest.raises(DataError, match="small.parquet:2: lsoa: 'E01000002' is no small area that the table may hold"):
        refresh(made, Drawn({"jobs.csv": JOBS, "small.parquet": RATES}))
    assert not made.tables.exists()


def test_small_areas_stand_in_the_districts_of_the_registry_made_in_the_same_run(tmp_path, monkeypatch):
    lists = LISTS.split("refresh:")[0] + "small_areas: {adapter: small-area-lists, files: [oa.parquet]}\n"
    made = project(tmp_path, jobs=BOTH, lists=lists)
    registry = parquet_of(code=["E01000001", "E01000002"], level=["lsoa"] * 2, district=["E07000242"] * 2)
    monkeypatch.setattr(running, "check_options", lambda *_: None)
    monkeypatch.setattr(running, "small_area_lists", lambda *_: {"areas.parquet": registry})
    refresh(made, Drawn({"jobs.csv": JOBS, "small.parquet": RATES, "oa.parquet": b""}))
    table = pa.parquet.read_table(tmp_path / "data" / "small-areas" / "jobs.parquet")
    assert table["district"].to_pylist() == ["E07000242", "E07000242"]


def test_without_a_registry_of_small_areas_the_user_is_told_to_make_it_first(tmp_path):
    made = project(tmp_path, jobs=BOTH)
    (tmp_path / SMALL_AREAS).unlink()
    with pytest.raises(InputError, match=r"data/small-areas/areas.parquet: is missing\n.*refresh the geography sources first"):
        refresh(made, Drawn({"jobs.csv": JOBS, "small.parquet": RATES}))


def test_the_data_package_describes_small_areas(tmp_path):
    made = project(tmp_path, jobs=BOTH)
    refresh(made, Drawn({"jobs.csv": JOBS, "small.parquet": RATES}))
    description = json.loads(made.datapackage.read_text())
    small, table = description["resources"]
    assert (small["name"], small["format"], small["mediatype"]) == (
        "small-areas-jobs",
        "parquet",
        "application/vnd.apache.parquet",
    )
    assert [field["name"] for field in small["schema"]["fields"]] == ["district", *EXPECTED.splitlines()[0].split(",")]
    assert small["schema"]["primaryKey"] == table["schema"]["primaryKey"]
    assert "encoding" not in small
    assert [str(error) for error in Package.metadata_validate(description)] == []


def test_only_the_sources_named_are_made(tmp_path):
    made = project(tmp_path, jobs=SOURCE, pay=PAY)
    assert [result.source for result in refresh(made, Drawn({"pay.csv": JOBS}), ["pay"])] == ["pay"]
    assert not (made.tables / "jobs.csv").exists()
    with pytest.raises(InputError, match="no source wages. Known: jobs, pay"):
        refresh(made, Drawn({}), ["wages"])


@pytest.mark.parametrize(
    "second",
    [
        {},
        {"pay.csv": b""},
        {"pay.csv": "<html>Bad gateway</html>"},
        {"pay.csv": JOBS.replace("E07000099", "E07000999")},
    ],
    ids=["absent", "empty body", "error page", "unknown area"],
)
def test_where_one_file_fails_no_table_is_touched(tmp_path, second):
    made = project(tmp_path, jobs=SOURCE, pay=PAY)
    refresh(made, Drawn({"jobs.csv": JOBS, "pay.csv": JOBS}))
    before = contents(made)
    with pytest.raises(InputError):
        refresh(made, Drawn({"jobs.csv": JOBS.replace("64.89999999999999", "70"), **second}))
    assert contents(made) == before


def test_what_is_written_when_the_disk_fails_is_a_whole_table_with_a_record_that_does_not_lie(tmp_path, monkeypatch):
    made = project(tmp_path, jobs=SOURCE, pay=PAY)
    real = running.write_atomically

    def fail_on_second(path, content):
        if path.name == "pay.csv":
            raise OSError("no space left")
        real(path, content)

    monkeypatch.setattr(running, "write_atomically", fail_on_second)
    with pytest.raises(OSError):
        refresh(made, Drawn({"jobs.csv": JOBS, "pay.csv": JOBS}))
    [table] = tables_of(made, "jobs")
    assert table["sha256"] == hashlib.sha256((made.tables / "jobs.csv").read_bytes()).hexdigest()
    assert (made.sources / "pay.yml").read_text() == PAY


def test_areas_just_made_are_known_to_the_tables_of_the_same_run(tmp_path, monkeypatch):
    made = project(tmp_path, jobs=SOURCE, areas=LISTS.replace("area-list", "geography").split("  options:")[0])
    monkeypatch.setattr(running, "check_options", lambda *_: None)
    made_areas = {
        "areas.csv": AREAS.replace("E07000099", "E07000777"),
        "superseded.csv": "code,name,level,since,successors,kind\n",
    }
    monkeypatch.setitem(running.GEOGRAPHY_ADAPTERS, "geography", lambda contents, options: made_areas)
    with pytest.raises(DataError, match="'E07000099' is no area"):
        refresh(made, Drawn({"jobs.csv": JOBS, "names.csv": "x"}))
    assert "E07000099" in (made.geography / "areas.csv").read_text()


def test_districts_left_out_are_reported(tmp_path):
    made = project(tmp_path, jobs=SOURCE)
    more = (
        "E07000026,Allerdale,Employment rate,2022-01-01/P1Y,70,%,,,,\n"
        "E07000097,East Hertfordshire,Employment rate,2012-01-01/P1Y,71,%,,,,\n"
    )
    [result] = refresh(made, Drawn({"jobs.csv": JOBS + more}))
    assert result.left_out == {"merged or split": ("E07000026",)}
    assert "E07000242,2012-01-01/P1Y" in (made.tables / "jobs.csv").read_text()
    assert result.rows()[0][3] == "written; 1 areas merged or split left out"


def test_a_large_table_is_cut_between_areas(tmp_path, monkeypatch):
    made = project(tmp_path, jobs=SOURCE)
    monkeypatch.setattr(running, "LARGEST_TABLE", 150)
    rows = JOBS + "E07000242,East Hertfordshire,Employment rate,2023-01-01/P1Y,71,%,,,,\n"
    refresh(made, Drawn({"jobs.csv": rows}))
    assert [table["path"] for table in tables_of(made, "jobs")] == [
        "data/tables/jobs-1.csv",
        "data/tables/jobs-2.csv",
    ]
    assert (made.tables / "jobs-1.csv").read_text() == EXPECTED
    assert "E07000242" in (made.tables / "jobs-2.csv").read_text()


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("adapter: els", "adapter: elsewhere", "there is no adapter 'elsewhere'. Known: els"),
        ("    labels:", "    label:", "has no option 'label'. Did you mean labels?"),
        ("licence: OGL-UK-3.0", "licence: MIT", "licence: 'MIT' is not known here"),
        ("files: [jobs.csv]", "files: [jobs.csv", "cannot be read as YAML"),
        (SOURCE[SOURCE.index("refresh:") :], "", "does not say how its tables are made\n    → write refresh, small_areas"),
        ("refresh:", "small_areas:", "jobs.yml: there is no adapter 'els'. Known: long-table, wide-table"),
    ],
)
def test_a_source_that_is_wrong_is_named(tmp_path, was, becomes, said):
    made = project(tmp_path, jobs=SOURCE.replace(was, becomes))
    with pytest.raises(InputError) as refusal:
        refresh(made, Drawn({"jobs.csv": JOBS}))
    assert said in str(refusal.value)


def test_words_after_the_tables_are_not_eaten(tmp_path):
    made = project(tmp_path, jobs=SOURCE + "tables: []\nreleased: 2024-01-01\n")
    with pytest.raises(InputError, match="'released: 2024-01-01' stands after tables"):
        refresh(made, Drawn({"jobs.csv": JOBS}))
    assert (made.sources / "jobs.yml").read_text().endswith("released: 2024-01-01\n")


def test_without_geography_the_user_is_told_to_make_it_first(tmp_path):
    made = project(tmp_path, jobs=SOURCE)
    (made.geography / "areas.csv").unlink()
    with pytest.raises(InputError, match="areas.csv: is missing"):
        refresh(made, Drawn({"jobs.csv": JOBS}))


def test_the_data_package_is_valid_and_the_same_twice(tmp_path):
    made = project(tmp_path, jobs=SOURCE, names=LISTS)
    refresh(made, Drawn({"jobs.csv": JOBS, "names.csv": "code,nm\nE02000001,Royston\n"}))
    description = json.loads(made.datapackage.read_text())
    assert [resource["name"] for resource in description["resources"]] == [
        "jobs",
        "lookups-msoa21-names",
    ]
    assert [licence["name"] for licence in description["licenses"]] == ["OGL-UK-3.0", "OPL-UK-3.0"]
    assert description["resources"][0]["bytes"] == len(EXPECTED)
    report = Package.from_descriptor(description, basepath=str(tmp_path / "data")).validate()
    assert report.valid, report.flatten(["name", "type", "message"])
    assert datapackage.write(made) is False


def test_the_data_package_notices_a_changed_table(tmp_path):
    made = project(tmp_path, jobs=SOURCE)
    refresh(made, Drawn({"jobs.csv": JOBS}))
    table = made.tables / "jobs.csv"
    table.write_text(table.read_text().replace("64.9", "65.9"))
    description = json.loads(made.datapackage.read_text())
    report = Package.from_descriptor(description, basepath=str(tmp_path / "data")).validate()
    assert [error for [error] in report.flatten(["type"])] == ["hash-count"]


def test_the_data_package_of_a_source_whose_table_is_gone_is_refused(tmp_path):
    made = project(tmp_path, jobs=SOURCE)
    refresh(made, Drawn({"jobs.csv": JOBS}))
    (made.tables / "jobs.csv").unlink()
    with pytest.raises(DataError, match="data/tables/jobs.csv: is missing"):
        datapackage.write(made)


def test_a_hash_of_digits_alone_is_read_back_as_text():
    assert source_record._plain("1234567890") == "'1234567890'"
    assert source_record._plain("abc") == "abc"


def test_of_what_the_package_carries_the_project_gets_its_own(tmp_path, monkeypatch):
    """A book of one's own: source, codes and tables lie in the package, which nothing is written to."""
    national = project(tmp_path / "package", jobs=SOURCE)
    refresh(national, Drawn({"jobs.csv": JOBS}))
    monkeypatch.setattr(paths, "NATIONAL", national.root)
    before = contents(national)
    own = paths.Project(tmp_path / "book")
    assert not refresh(own, Drawn({"jobs.csv": JOBS}))[0].changed and not contents(own), "the package has just that"
    assert refresh(own, Drawn({"jobs.csv": JOBS.replace("64.89999999999999", "70")}))[0].changed
    assert sorted(contents(own)) == ["data/datapackage.json", "data/sources/jobs.yml", "data/tables/jobs.csv"]
    assert tables_of(own, "jobs")[0]["sha256"] == hashlib.sha256(contents(own)["data/tables/jobs.csv"]).hexdigest()
    assert contents(national) == before
