"""What need not be done again: never where a result is not as it was made."""

import os

import pytest

from placebook.incremental.records import Records
from placebook.paths import Project

INPUTS = {"params": "a", "code": "b"}

# ------------------------------------------------------------ records


@pytest.fixture
def kept(tmp_path):
    """A place that stands, with a page and a folder of downloads."""
    project = Project(tmp_path)
    for name in (
        "book/places/ayton.ipynb",
        "_build/downloads/ayton/one.csv",
        "_build/evidence/ayton/people.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("made")
    outputs = [project.place_pages / "ayton.ipynb", project.downloads / "ayton", project.evidence / "ayton"]
    Records(project).keep("places/ayton", INPUTS, outputs, {"counts": [1, 2, 3]})
    return project


def why(project: Project) -> str:
    return Records(project).why("places/ayton", INPUTS)


def test_a_result_that_stands_is_not_made_again(kept):
    assert why(kept) == ""
    record = Records(kept).read("places/ayton")
    assert record.about == {"counts": [1, 2, 3]} and record.folders == ["_build/downloads/ayton", "_build/evidence/ayton"]


def test_a_changed_input_is_named_with_all_that_changed(kept):
    assert Records(kept).why("places/ayton", {"params": "c", "code": "b", "more": ""}) == "changed: params, more"
    assert Records(kept).whole("places/ayton"), "its files are as they were made"


@pytest.mark.parametrize("name", ["book/places/ayton.ipynb", "_build/downloads/ayton/one.csv"])
def test_an_output_that_somebody_changed_or_took_away_is_made_again(kept, name):
    path = kept.root / name
    os.utime(path, ns=(1, 1))
    assert why(kept) == "", "the same words at another time, as in a copy, are the same"
    lie(path)
    assert why(kept) == f"{name} is gone or was changed"
    path.unlink()
    assert why(kept) == f"{name} is gone or was changed"


def lie(path):
    """Change a letter, as long as before and at the same time: a bad disk does so, too."""
    about, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    with path.open("r+b") as stream:
        stream.write(content)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def test_what_somebody_put_beside_the_outputs_is_noticed(kept):
    (kept.evidence / "ayton" / "more.html").write_text("made")
    assert why(kept) == "_build/evidence/ayton/more.html was added"


def test_second_names_of_the_outputs_cost_no_reading_once_they_were_sealed_again(kept, monkeypatch):
    os.link(kept.evidence / "ayton" / "people.html", kept.root / "second")
    Records(kept).seal_again("places/ayton")
    monkeypatch.setattr("placebook.content_cache.hash_of", None)
    assert Records(kept).whole("places/ayton")


@pytest.mark.parametrize("harm", ["", "{", "[]", '{"version": 4}', '{"version": 0, "parts": {}, "outputs": {}, "about": {}}'])
def test_a_record_that_cannot_be_read_is_no_record(kept, harm):
    (Records(kept).folder / "places/ayton.json").write_text(harm)
    assert why(kept) == "not built yet"


def test_records_may_be_deleted_and_those_of_places_that_are_gone_are(kept):
    Records(kept).drop_others([])
    assert why(kept) == "not built yet"


def test_a_build_that_is_killed_leaves_no_record(kept):
    Records(kept).forget("places/ayton")
    assert why(kept) == "not built yet"


def test_a_record_without_a_file_stands_for_nothing(kept):
    Records(kept).keep("empty", {}, [])
    assert Records(kept).why("empty", {}) == "not built yet"
