"""Whether a whole book stands: told from its record, before any library is loaded."""

import os
import subprocess
import sys

import pytest

from placebook.build import unchanged
from placebook.build.order import Order
from placebook.execute.outcome import COUNTY, PLACE, Outcome
from placebook.incremental.fingerprints import Inputs
from placebook.incremental.records import Records
from placebook.paths import Project
from placebook.site import edition_stamp


def lie(path):
    """Change a letter, as long as before and at the same time: a bad disk does so, too."""
    about, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    with path.open("r+b") as stream:
        stream.write(content)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


MADE = (
    "book/places/ayton.ipynb",
    "_build/executed/place/ayton.ipynb",
    "_build/downloads/ayton/one.csv",
    "_build/html/index.html",
)


@pytest.fixture
def stands(tmp_path):
    """A book of one place."""
    project = Project(tmp_path)
    for name in (
        *MADE,
        "params/ayton.yml",
        "data/tables/pay.csv",
        "data/counties/shire.yml",
        "notebooks/place.ipynb",
        "_toc.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("made")
    edition_stamp.write(project, project.html, "0" * 64)
    Records(project).keep("executed/place/ayton", {}, [project.executed(PLACE, "ayton"), project.downloads / "ayton"])
    Records(project).keep("pages/place/ayton", {}, [project.page(PLACE, "ayton")])
    unchanged.keep(project, Inputs(project).book(["html"]), {PLACE: [Outcome("ayton", 9.0, counts=(1, 2, 3))], COUNTY: []})
    return project


def test_a_book_that_stands_is_told_from_its_record(stands):
    assert unchanged.unchanged(stands, Order()) == [Outcome("ayton", 0.0, counts=(1, 2, 3))]
    assert unchanged.unchanged(stands, Order(["ayton"])) is not None


def test_another_form_or_name_is_work_to_do(stands):
    assert unchanged.unchanged(stands, Order(formats=["html", "single"])) is None
    assert unchanged.unchanged(stands, Order(["nowhere"])) is None


@pytest.mark.parametrize(
    "name",
    [
        *MADE,
        "_build/html/edition.json",
        "_build/cache/records/book.json",
        "_build/cache/records/executed/place/ayton.json",
        "_build/cache/records/pages/place/ayton.json",
        "params/ayton.yml",
        "data/tables/pay.csv",
        "data/counties/shire.yml",
        "notebooks/place.ipynb",
        "_toc.yml",
    ],
)
def test_a_book_of_which_a_letter_was_changed_does_not_stand(stands, name):
    lie(stands.root / name)
    assert unchanged.unchanged(stands, Order()) is None


def test_a_page_that_somebody_put_into_the_site_is_noticed(stands):
    (stands.html / "more.html").write_text("more")
    assert unchanged.unchanged(stands, Order()) is None


def test_the_stamp_of_a_standing_book_names_the_commit_of_today(stands, monkeypatch):
    monkeypatch.setattr(edition_stamp, "commit", lambda project: "f" * 40)
    assert unchanged.unchanged(stands, Order()) is not None
    assert '"commit": "' + "f" * 40 in (stands.html / edition_stamp.STAMP).read_text()
    assert Records(stands).whole("book")
    assert unchanged.unchanged(stands, Order()) is not None


def test_to_ask_loads_no_library():
    heavy = "{'pandas', 'pyarrow', 'matplotlib', 'pydantic', 'IPython', 'papermill', 'sphinx', 'distributed'}"
    code = f"import sys, placebook.cli; print(sorted({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
