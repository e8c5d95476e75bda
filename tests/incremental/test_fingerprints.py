"""What a page depends on: whatever of it changes, the part that it belongs to is named."""

import shutil
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from placebook.incremental.fingerprints import Inputs
from placebook.paths import Project

PARTS = {
    "data/corrections.yml": "declarations",
    "notebooks/place.ipynb": "template",
    "data/sources/pay.yml": "declarations",
    "data/indicators/30-people.yml": "declarations",
    "data/geography/areas.csv": "geography",
    "data/geography/outlines/shire.geojson": "geography",
    "package/page.py": "code",
    "package/fonts/sans.ttf": "code",
}
"""Each file that a place depends on, and the name of its part; what is written of places and counties is given as text."""
ELSEWHERE = (
    "params/ayton.yml",
    "params/beeford.yml",
    "data/counties/shire.yml",
    "data/tables/pay.csv",
    "notebooks/county.ipynb",
    "book/index.md",
    "_config.yml",
    "_toc.yml",
)


def drawn(root: Path) -> Project:
    for name in (*PARTS, *ELSEWHERE):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return Project(root)


def inputs(project: Project, counties: str = "") -> Inputs:
    return Inputs(project, counties, project.root / "package")


EDITS = st.sampled_from(["append", "empty", "delete", "add beside", "swap two bytes"])


def edit(path: Path, how: str) -> None:
    was = path.read_bytes()
    if how == "delete":
        path.unlink()
    elif how == "add beside":
        path.with_name(f"new{path.suffix}").write_bytes(b"")
    else:
        changed = {"append": was + b" ", "empty": b"", "swap two bytes": was[1:2] + was[:1] + was[2:]}
        path.write_bytes(changed[how])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(PARTS)), how=EDITS)
def test_whatever_a_place_depends_on_makes_it_again_and_the_reason_names_it(tmp_path, name, how):
    shutil.rmtree(tmp_path / "p", ignore_errors=True)
    project = drawn(tmp_path / "p")
    before = inputs(project).place("ayton")
    edit(project.root / name, how)
    after = inputs(project).place("ayton")
    alone_in_its_part = how == "add beside" and (PARTS[name] == "template" or name == "data/corrections.yml")
    assert {part for part in before if before[part] != after[part]} == (set() if alone_in_its_part else {PARTS[name]})


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(ELSEWHERE), how=EDITS)
def test_what_is_another_places_business_leaves_it_alone_and_still_makes_the_book_again(tmp_path, name, how):
    shutil.rmtree(tmp_path / "p", ignore_errors=True)
    project = drawn(tmp_path / "p")
    place, book = inputs(project).place("ayton"), inputs(project).book(["html"])
    edit(project.root / name, how)
    assert inputs(project).place("ayton") == place
    unread = how == "add beside" and not name.startswith(("params", "book", "data"))
    assert (inputs(project).book(["html"]) == book) == unread


def test_what_is_written_of_a_place_or_a_county_makes_the_place_again(tmp_path):
    project = drawn(tmp_path)
    before = inputs(project, "counties").place("params")
    assert changed(before, inputs(project, "counties").place("other params")) == {"params"}
    assert changed(before, inputs(project, "other counties").place("params")) == {"declarations"}


def changed(before, after):
    return {part for part in before if before[part] != after[part]}


def test_a_page_depends_on_its_executed_notebook_and_on_the_words(tmp_path):
    project = drawn(tmp_path)
    executed = tmp_path / "ayton.ipynb"
    executed.write_text("executed")
    before = inputs(project).page(executed, {"summary": "a", "voices": "b"})
    assert changed(before, inputs(project).page(executed, {"summary": "ab", "voices": ""})) == {"words"}
    executed.write_text("executed again")
    assert changed(before, inputs(project).page(executed, {"summary": "a", "voices": "b"})) == {"execution"}


def test_a_moved_checkout_is_the_same_book_and_a_renamed_file_is_not(tmp_path):
    here, there = drawn(tmp_path / "here"), drawn(tmp_path / "another name")
    assert inputs(here).place("ayton") == inputs(there).place("ayton")
    (there.root / "data/sources/pay.yml").rename(there.root / "data/sources/pays.yml")
    assert inputs(here).place("ayton") != inputs(there).place("ayton")


def test_what_a_source_says_of_its_tables_is_the_books_business_and_no_pages(tmp_path):
    project = drawn(tmp_path)
    path = tmp_path / "data/sources/pay.yml"
    texts = [
        f"title: Pay\ntables:\n  - path: data/tables/pay.csv\n    rows: {rows}\n    sha256: {digit * 64}\n"
        for rows, digit in ((12, "a"), (13, "b"))
    ]
    path.write_text(texts[0])
    place, book = inputs(project).place("ayton"), inputs(project).book(["html"])
    path.write_text(texts[1])
    assert inputs(project).place("ayton") == place and inputs(project).book(["html"]) != book
    path.write_text(texts[1].replace("title: Pay", "title: Pays"))
    assert inputs(project).place("ayton") != place


def test_a_chapter_is_made_again_for_its_places_names_and_ledgers_and_not_for_their_words(tmp_path):
    project = drawn(tmp_path)
    ledger = project.ledgers / "ayton.json"
    ledger.parent.mkdir(parents=True)
    ledger.write_text("{}")
    before = inputs(project).county({"ayton": "Ayton"})
    edit(project.params / "ayton.yml", "append")
    assert inputs(project).county({"ayton": "Ayton"}) == before
    assert inputs(project).county({"ayton": "Great Ayton"})["places"] != before["places"]
    ledger.write_text("{ }")
    assert inputs(project).county({"ayton": "Ayton"})["ledgers"] != before["ledgers"]


def test_what_is_generated_is_no_input(tmp_path):
    project = drawn(tmp_path)
    before = inputs(project).book(["html"])
    for name in (
        "book/places/ayton.ipynb",
        "book/generated/front.md",
        "book/counties/shire.ipynb",
        "book/national/methods.md",
        "package/__pycache__/page.pyc",
        "_build/html/index.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("made")
    assert inputs(project).book(["html"]) == before
    assert inputs(project).book(["html", "single"]) != before
