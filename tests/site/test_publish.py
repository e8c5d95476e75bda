"""A new site takes the place of the old one whole, or not at all."""

import os
import shutil
import stat
import zipfile

import pytest

from placebook.errors import BuildError
from placebook.paths import Project, write_atomically
from placebook.report import downloads
from placebook.site import publish


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
    monkeypatch.setattr(publish, "polish", shutil.copytree)
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
    monkeypatch.setattr(publish, "polish", shutil.copytree)
    if fails != "finish":
        monkeypatch.setattr(publish, fails, fail)
    with pytest.raises(BuildError, match="no such form"):
        publish.publish(project, made, fail)
    found = {path: path.read_text() for path in project.html.rglob("*") if path.is_file()}
    assert len(found) == 4 and set(found.values()) == {"old"}
    assert not [path for path in project.build.iterdir() if path.name.startswith(".html")], "nothing is left lying about"


@pytest.mark.parametrize("mask", [0o077, 0o022, 0])
def test_everybody_may_read_all_files_of_a_site_whatever_its_builder_keeps_private(tiny_project, monkeypatch, mask):
    def copy(made, site):
        for path in (path for path in made.rglob("*") if path.is_file()):
            target = site / path.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)

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
        publish.publish(tiny_project, tiny_project.root / "made", lambda site: write_atomically(site / "edition.json", "{}"))
    finally:
        assert os.umask(before) == mask, "what else is written is the builder's business"
    found = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [tiny_project.html, *tiny_project.html.rglob("*")]}
    assert found == {(True, 0o755), (False, 0o644)}
    with zipfile.ZipFile(tiny_project.html / "downloads" / downloads.BUNDLE) as packed:
        assert {about.external_attr >> 16 for about in packed.infolist()} == {0o100644}


def test_downloads_that_did_not_change_are_not_packed_again(tiny_project):
    tiny_project.write("_build/downloads/town/figure.csv", "a,b\n")
    (tiny_project.build / "work").mkdir(parents=True, exist_ok=True)
    packed = publish.archive(tiny_project)
    before = packed.stat()
    assert publish.archive(tiny_project) == packed
    assert (packed.stat().st_ino, packed.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    tiny_project.write("_build/downloads/town/figure.csv", "a,c\n")
    with zipfile.ZipFile(publish.archive(tiny_project)) as found:
        assert found.read("town/figure.csv") == b"a,c\n"
    packed.write_bytes(b"spoilt")
    assert zipfile.is_zipfile(publish.archive(tiny_project))


def test_what_cannot_be_packed_is_said(tiny_project):
    tiny_project.write("_build/downloads/README.txt", "it would hide the archive's own")
    (tiny_project.build / "work").mkdir(parents=True, exist_ok=True)
    with pytest.raises(BuildError, match="README.txt would hide"):
        publish.archive(tiny_project)
