"""What need not be done again: never where anything that it depends on has changed, in whatever way."""

import os
import shutil
import stat
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from placebook.build.lock import alone
from placebook.build.standing import Order, Outcome, keep_book, keep_place, place_record, standing
from placebook.errors import BuildError
from placebook.incremental.fingerprints import Cache, Inputs
from placebook.paths import Project
from placebook.report import downloads
from placebook.site import compile, edition_stamp, publish, theme_repairs

PARTS = {
    "params/ayton.yml": "params",
    "notebooks/place.ipynb": "template",
    "data/sources/pay.yml": "declarations",
    "data/indicators/30-people.yml": "declarations",
    "data/counties/shire.yml": "declarations",
    "data/geography/areas.csv": "geography",
    "data/geography/outlines/shire.geojson": "geography",
    "package/page.py": "code",
    "package/fonts/sans.ttf": "code",
}
"""Each file that a place depends on, and the name of its part."""
ELSEWHERE = ("params/beeford.yml", "data/tables/pay.csv", "notebooks/county.ipynb", "book/index.md", "_config.yml", "_toc.yml")


def drawn(root: Path) -> Project:
    for name in (*PARTS, *ELSEWHERE):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return Project(root)


def inputs(project: Project) -> Inputs:
    return Inputs(project, project.root / "package")


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
    alone_in_its_part = how == "add beside" and PARTS[name] in ("params", "template")
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
        "package/__pycache__/page.pyc",
        "_build/html/index.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("made")
    assert inputs(project).book(["html"]) == before
    assert inputs(project).book(["html", "single"]) != before


# ------------------------------------------------------------ records


@pytest.fixture
def kept(tmp_path):
    """A place that stands, with a page and a folder of downloads."""
    project = drawn(tmp_path)
    for name in (
        "book/places/ayton.ipynb",
        "_build/ledgers/ayton.json",
        "_build/downloads/ayton/one.csv",
        "_build/cache/traces/ayton.json",
        "_build/evidence/ayton/people.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("made")
    keep_place(project, "ayton", inputs(project).place("ayton"), (1, 2, 3))
    return project


def why(project: Project) -> str:
    return Cache(project).why(place_record("ayton"), inputs(project).place("ayton"))


def test_a_result_that_stands_is_not_made_again(kept):
    assert why(kept) == ""


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
    Cache(kept).seal_again(place_record("ayton"))
    monkeypatch.setattr("placebook.content_cache.hash_of", None)
    assert Cache(kept).whole(place_record("ayton"))


@pytest.mark.parametrize("harm", ["", "{", "[]", '{"record": 1}', '{"record": 0, "parts": {}, "outputs": {}, "told": {}}'])
def test_a_record_that_cannot_be_read_is_no_record(kept, harm):
    (Cache(kept).folder / "places/ayton.json").write_text(harm)
    assert why(kept) == "not built yet"


def test_records_may_be_deleted_and_those_of_places_that_are_gone_are(kept):
    Cache(kept).drop_others([])
    assert why(kept) == "not built yet"


def test_a_build_that_is_killed_leaves_no_record(kept):
    Cache(kept).forget(place_record("ayton"))
    assert why(kept) == "not built yet"


def test_a_record_without_a_file_stands_for_nothing(kept):
    Cache(kept).keep("empty", {}, [], {})
    assert Cache(kept).why("empty", {}) == "not built yet"


# ------------------------------------------------------------ the whole book


@pytest.fixture
def stands(kept, monkeypatch):
    monkeypatch.setattr("placebook.build.standing.Inputs", lambda project: inputs(project))
    kept.html.mkdir()
    (kept.html / "index.html").write_text("the book")
    edition_stamp.write(kept, kept.html, "0" * 64)
    keep_book(kept, inputs(kept).book(["html"]), [Outcome("ayton", 9.0, counts=(1, 2, 3))], [])
    return kept


def test_a_book_that_stands_is_told_from_its_record(stands):
    assert standing(stands, Order()) == [Outcome("ayton", 0.0, counts=(1, 2, 3))]
    assert standing(stands, Order(["ayton"])) is not None


def test_another_form_another_name_or_a_harmed_site_is_work_to_do(stands):
    assert standing(stands, Order(formats=["html", "single"])) is None
    assert standing(stands, Order(["nowhere"])) is None
    (stands.root / "_build/ledgers/ayton.json").write_text("other")
    assert standing(stands, Order()) is None


@pytest.mark.parametrize(
    "name",
    [
        "_build/html/index.html",
        "_build/html/edition.json",
        "_build/evidence/ayton/people.html",
        "_build/ledgers/ayton.json",
        "_build/downloads/ayton/one.csv",
        "book/places/ayton.ipynb",
        "_build/cache/traces/ayton.json",
        "_build/cache/records/book.json",
        "_build/cache/records/places/ayton.json",
    ],
)
def test_a_book_of_which_a_letter_was_changed_does_not_stand(stands, name):
    lie(stands.root / name)
    assert standing(stands, Order()) is None


def test_a_page_that_somebody_put_into_the_site_is_noticed(stands):
    (stands.html / "more.html").write_text("more")
    assert standing(stands, Order()) is None


def test_the_stamp_of_a_standing_book_names_the_commit_of_today(stands, monkeypatch):
    monkeypatch.setattr(edition_stamp, "commit", lambda project: "f" * 40)
    assert standing(stands, Order()) is not None
    assert '"commit": "' + "f" * 40 in (stands.html / edition_stamp.STAMP).read_text()
    assert Cache(stands).whole("book")
    assert standing(stands, Order()) is not None


# ------------------------------------------------------------ alone, and whole

HOLD = (
    "import sys; from placebook.build.lock import alone; from placebook.paths import Project; from pathlib import Path\n"
    "with alone(Project(Path(sys.argv[1]))): print('held', flush=True); sys.stdin.read()"
)


def test_a_second_build_is_told_of_the_first_and_a_killed_one_holds_nothing(tmp_path):
    first = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert first.stdout is not None and first.stdout.readline() == b"held\n"
    with pytest.raises(BuildError, match=rf"another build is at work in this checkout \(process {first.pid}\)"):
        with alone(Project(tmp_path)):
            raise AssertionError("two builds at once")
    first.kill()
    first.communicate()
    with alone(Project(tmp_path)):
        pass


def test_a_site_lost_between_two_renamings_is_put_back(tmp_path):
    project = Project(tmp_path)
    old = project.build / ".html.old"
    old.mkdir(parents=True)
    (old / "index.html").write_text("the last good one")
    publish.recover(project)
    assert (project.html / "index.html").read_text() == "the last good one" and not old.exists()
    old.mkdir()
    publish.recover(project)
    assert (project.html / "index.html").read_text() == "the last good one", "a book that stands is left alone"


@pytest.mark.parametrize("at_once", [True, False])
def test_a_new_site_takes_the_place_of_the_old_whole(tmp_path, monkeypatch, at_once):
    project = Project(tmp_path)
    made, seen = tmp_path / "made", []
    for folder, text in ((made, "new"), (project.html, "old")):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(text)
    monkeypatch.setattr(publish, "polish", lambda made, site, work: shutil.copytree(made, site))
    if not at_once:
        monkeypatch.setattr(publish, "_exchange", lambda one, other: False)

    publish.publish(project, made, lambda site: seen.append((project.html / "index.html").read_text()))
    assert seen == ["old"], "readers have the old one until the new one is whole"
    assert (project.html / "index.html").read_text() == "new"
    assert sorted(path.name for path in project.build.iterdir()) == ["html"]


@pytest.mark.parametrize("fails", ["finish", "archive", "polish"])
def test_where_a_later_form_fails_the_last_good_site_stays_whole(tiny_project, monkeypatch, fails):
    def fail(*given):
        raise BuildError("no such form")

    project, made = tiny_project, tiny_project.root / "made"
    tiny_project.write("made/index.html", "new")
    tiny_project.write("_build/downloads/town/figure.csv", "a,b\nnew\n")
    for name in ("index.html", "edition.json", "downloads/town/figure.csv", "downloads/book.pdf"):
        tiny_project.write(f"_build/html/{name}", "old")
    monkeypatch.setattr(publish, "polish", lambda made, site, work: shutil.copytree(made, site))
    if fails != "finish":
        monkeypatch.setattr(publish, fails, fail)
    with pytest.raises(BuildError, match="no such form"):
        publish.publish(project, made, fail)
    found = {path: path.read_text() for path in project.html.rglob("*") if path.is_file()}
    assert len(found) == 4 and set(found.values()) == {"old"}
    assert not [path for path in project.build.iterdir() if path.name.startswith(".html")], "nothing is left lying about"


@pytest.mark.parametrize("mask", [0o077, 0o022, 0])
def test_everybody_may_read_all_files_of_a_site_whatever_its_builder_keeps_private(tiny_project, monkeypatch, mask):
    def copy(made, site, work):
        for path in (path for path in made.rglob("*") if path.is_file()):
            theme_repairs._copy(path, site / path.relative_to(made))

    monkeypatch.setattr(publish, "polish", copy)
    before = os.umask(mask)
    try:
        for name in (
            "made/index.html",
            "made/book/places/town.html",
            "_build/evidence/town/people.html",
            "_build/downloads/town/a.csv",
        ):
            tiny_project.write(name, "a")
        publish.publish(
            tiny_project, tiny_project.root / "made", lambda site: theme_repairs.write_atomically(site / "edition.json", "{}")
        )
    finally:
        assert os.umask(before) == mask, "what else is written is the builder's business"
    found = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [tiny_project.html, *tiny_project.html.rglob("*")]}
    assert found == {(True, 0o755), (False, 0o644)}
    with zipfile.ZipFile(tiny_project.html / "downloads" / downloads.BUNDLE) as packed:
        assert {about.external_attr >> 16 for about in packed.infolist()} == {0o100644}


def test_downloads_packed_beside_the_compiler_are_not_packed_again(tiny_project):
    tiny_project.write("_build/downloads/town/figure.csv", "a,b\n")
    (tiny_project.build / "work").mkdir(parents=True, exist_ok=True)
    publish.make_ready_beside(tiny_project, lambda: None).join()
    (packed,) = (tiny_project.build / "work").glob("*.zip")
    before = packed.stat()
    assert publish.archive(tiny_project) == packed
    assert (packed.stat().st_ino, packed.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    with zipfile.ZipFile(packed) as found:
        assert found.read("town/figure.csv") == b"a,b\n"


def test_what_cannot_be_packed_is_said_by_who_publishes(tiny_project):
    tiny_project.write("_build/downloads/README.txt", "it would hide the archive's own")
    (tiny_project.build / "work").mkdir(parents=True, exist_ok=True)
    publish.make_ready_beside(tiny_project, lambda: None).join()
    with pytest.raises(BuildError, match="README.txt would hide"):
        publish.archive(tiny_project)


def test_what_is_made_beside_waits_until_the_pages_of_a_new_book_are_read(tiny_project):
    ended = threading.Event()
    waits = threading.Thread(target=compile.until_read, args=(tiny_project, ended))
    waits.start()
    waits.join(2 * compile.LOOK)
    assert waits.is_alive(), "nothing is read yet"
    read = compile.pages_read(tiny_project)
    read.parent.mkdir(parents=True)
    read.write_bytes(b"read")
    waits.join(60)
    assert not waits.is_alive() and not ended.is_set()
    compile.until_read(tiny_project, ended)  # one that was compiled before does not wait


def test_what_is_made_beside_waits_no_longer_than_the_compiling_takes(tiny_project):
    ended = threading.Event()
    ended.set()
    compile.until_read(tiny_project, ended)
