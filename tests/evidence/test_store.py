"""The store: what was checked is kept, what changed stops the build, the cache is never believed."""

import re

import pytest

from placebook.catalogue.load import read_sources
from placebook.errors import DataError
from placebook.evidence.store import COLUMNS, Store
from placebook.geography.areas import Areas


def opened(project) -> Store:
    store = Store.open(project, read_sources(project), Areas.open(project))
    store.check_all()
    return store


def test_rows_come_sorted_and_complete(tiny_project):
    rows = opened(tiny_project).rows("jobs", measure="rate", areas=["E07000095"])
    assert list(rows.columns) == list(COLUMNS)
    assert rows[["period", "value", "lower", "upper"]].to_numpy().tolist() == [
        ["2022-01-01/P1Y", 70, 60, 80],
        ["2023-01-01/P1Y", 76.1, 64.9, 87.3],
    ]
    assert set(rows["category"]) == set(rows["partner"]) == {""}


def test_cells_are_those_of_the_rows_and_asking_for_them_is_heard_alike(tiny_project):
    store, names = opened(tiny_project), ("period", "area", "value", "markers")
    for where in ({}, {"measure": "rate"}, {"areas": ["E07000095", "E07000099"], "category": ""}, {"areas": []}):
        with store.listening() as heard:
            rows, cells = store.rows("jobs", **where), list(store.cells("jobs", names, **where))
        assert repr(cells) == repr(list(rows[list(names)].itertuples(index=False, name=None)))
        assert len(heard) == 2 and heard[0] == heard[1]
    with pytest.raises(KeyError):
        store.cells("jobs", ["colour"])
    with pytest.raises(KeyError):
        store.cells("nothing", names)


def test_what_is_made_once_is_heard_by_everyone_who_asks_for_it(tiny_project):
    store, made = opened(tiny_project), []

    def make():
        made.append(1)
        return list(store.cells("jobs", ["value"], measure="rate")) and store.areas("homes")

    heard = []
    for _ in range(2):
        with store.listening() as asked:
            assert store.once("homes", make) == store.areas("homes")
        heard.append(asked)
    assert len(made) == 1 and heard[0] == heard[1] and len(heard[0]) == 3
    assert store.once("other", lambda: 7) == 7


def test_a_withheld_value_is_missing_and_keeps_its_marker(tiny_project):
    row = opened(tiny_project).rows("jobs", areas=["E07000099"]).iloc[1]
    assert row["markers"] == "u" and row["value"] != row["value"]


def test_questions(tiny_project):
    store = opened(tiny_project)
    assert store.areas("homes", "homes", "flat") == {"E01000001", "E01000002", "E01000003", "E01000004"}
    assert store.periods("jobs") == ("2022-01-01/P1Y", "2023-01-01/P1Y")
    assert store.categories("homes") == ("flat", "house")
    assert store.table_path("jobs") == "data/tables/jobs.csv"
    assert len(store.rows("jobs", areas=[])) == 0
    with pytest.raises(KeyError):
        store.rows("nothing")


def test_the_fingerprint_follows_the_data(tiny_project):
    before = opened(tiny_project).fingerprint
    assert opened(tiny_project).fingerprint == before
    text = (tiny_project.root / "data/tables/homes.csv").read_text()
    tiny_project.table("homes", text.replace(",99,", ",98,"))
    assert opened(tiny_project).fingerprint != before


@pytest.mark.parametrize("spoil", [b"", b"short", None])
def test_a_spoilt_cache_is_made_again(tiny_project, spoil):
    right = opened(tiny_project).rows("jobs")
    for path in (tiny_project.cache / "tables").iterdir():
        if spoil is None:
            raw = bytearray(path.read_bytes())
            raw[-20] ^= 1  # one bit
            path.write_bytes(bytes(raw))
        else:
            path.write_bytes(spoil)
    assert opened(tiny_project).rows("jobs").equals(right)


def test_the_cache_is_safe_to_delete(tiny_project):
    store = Store.open(tiny_project, read_sources(tiny_project), Areas.open(tiny_project))
    assert not (tiny_project.cache / "tables").exists()
    assert len(store.rows("homes")) == 8


def test_a_cache_that_cannot_be_written_only_costs_time(tiny_project):
    tiny_project.write("_build/cache/tables", "a file where a folder should be")
    assert len(opened(tiny_project).rows("homes")) == 8


def test_a_source_of_geography_files_has_no_observations(tiny_project):
    sources = read_sources(tiny_project)
    sources["map"] = sources["jobs"].model_copy(update={"tables": ()})
    store = Store.open(tiny_project, sources)
    with pytest.raises(KeyError, match="the source map has no table of observations"):
        store.rows("map")


def refusal(project) -> str:
    with pytest.raises(DataError) as refused:
        opened(project)
    return str(refused.value)


def test_a_changed_table_stops_with_file_and_remedy(tiny_project):
    tiny_project.replace("data/tables/jobs.csv", "76.1", "77.1")
    told = refusal(tiny_project)
    assert "data/tables/jobs.csv: is not the table whose SHA-256 its source lists" in told
    assert "git checkout -- data/tables/jobs.csv" in told


def test_a_changed_table_that_is_malformed_names_its_rows_too(tiny_project):
    tiny_project.replace("data/tables/jobs.csv", "76.1,64.9,87.3,", "76.1,64.9")
    told = refusal(tiny_project)
    assert "data/tables/jobs.csv:3: has 7 fields, not 9: the row is cut off" in told


def test_a_missing_table_and_one_that_nobody_lists(tiny_project):
    (tiny_project.tables / "jobs.csv").rename(tiny_project.tables / "stray.csv")
    told = refusal(tiny_project)
    assert "data/tables/jobs.csv: is missing" in told
    assert "data/tables/stray.csv: is listed by no source" in told


MALFORMED = [
    ("E07000095,2022", "E0700009X,2022", 2, "area", "there is no area 'E0700009X'"),
    ("E07000095,2022", "E07000097,2022", 2, "area", "E07000097 is a superseded code"),
    ("2022-01-01/P1Y,rate,,,70", "2022-13-01/P1Y,rate,,,70", 2, "period", "is not an ISO 8601 period"),
    ("2022-01-01/P1Y,rate,,,70", "2022-02-30,rate,,,70", 2, "period", "is not an ISO 8601 period"),
    ("rate,,,70,", "ratte,,,70,", 2, "measure", "'ratte' is not a measure of its source"),
    (",70,60,80,", ",seventy,60,80,", 2, "value", "'seventy' is not a number"),
    (",70,60,80,", ",inf,60,80,", 2, "value", "'inf' is not a number"),
    (",70,60,80,", ",170,60,180,", 2, "value", "170 is above the most that rate can be, 100"),
    (",70,60,80,", ",-1,-2,80,", 2, "value", "-1 is below the least that rate can be, 0"),
    (",70,60,80,", ",70,75,80,", 2, "value", "70 does not lie between its limits 75 and 80"),
    (",70,60,80,", ",,60,80,", 2, "value", "is missing without a marker"),
    (",70,60,80,", ",70,60,80,q", 2, "markers", "'q' holds an unknown marker"),
    ("2022-01-01/P1Y,rate,,,70,60,80", "2023-01-01/P1Y,rate,,,70,60,80", 3, "", "stand twice"),
    ("E07000095,2022-01-01", "E07000095,2024-01-01", 2, "", "is not where sorting by the key would put it"),
    ("area,period", "region,period", 1, "", "has the header 'region,period"),
]


@pytest.mark.parametrize(("old", "new", "line", "field", "said"), MALFORMED)
def test_a_table_that_does_not_hold_is_named_by_row(tiny_project, old, new, line, field, said):
    text = (tiny_project.root / "data/tables/jobs.csv").read_text()
    assert old in text
    tiny_project.table("jobs", text.replace(old, new, 1))  # with the right hash: only the rows are wrong
    told = refusal(tiny_project)
    where = f"data/tables/jobs.csv:{line}:" + (f" {field}:" if field else "")
    assert where in told and said in told, told
    assert "git checkout -- data/tables/jobs.csv, or run placebook refresh" in told


def test_a_wrong_number_of_rows_is_noticed(tiny_project):
    tiny_project.replace("data/sources/jobs.yml", "rows: 6", "rows: 7")
    assert "has 6 rows, its source lists 7" in refusal(tiny_project)


def test_many_faults_are_counted_not_poured_out(tiny_project):
    lines = [f"E07000095,{year}-01-01/P1Y,rate,,,{900 + year},,,\n" for year in range(1900, 1950)]
    header = (tiny_project.root / "data/tables/jobs.csv").read_text().splitlines(True)[0]
    tiny_project.table("jobs", header + "".join(lines))
    told = refusal(tiny_project)
    assert len(re.findall(r"jobs\.csv:\d+:", told)) == 20 and "has 30 more faults" in told


def test_a_store_at_hand_is_given_where_everything_is_the_same_and_only_there(tiny_project, monkeypatch):
    monkeypatch.setattr(Store, "_at_hand", None)
    store = opened(tiny_project)
    assert opened(tiny_project) is not store
    store.keep_at_hand()
    assert opened(tiny_project) is store
    text = (tiny_project.tables / "homes.csv").read_text(encoding="utf-8")
    tiny_project.table("homes", text.replace("flat,,10", "flat,,11"))
    other = opened(tiny_project)
    assert other is not store and other.rows("homes", areas=["E01000001"], category="flat")["value"].tolist() == [11]
    tiny_project.table("homes", text)
    assert opened(tiny_project) is store
    for name, old, new in (("sources/jobs.yml", "maximum: 100", "maximum: 99"), ("geography/areas.csv", "Luton", "Lutetia")):
        was = (tiny_project.root / "data" / name).read_text(encoding="utf-8")
        tiny_project.replace(f"data/{name}", old, new)
        assert opened(tiny_project) is not store, name
        tiny_project.write(f"data/{name}", was)
