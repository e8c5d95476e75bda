"""The wheel carries what is national and nothing local; a book begins and is built from it alone."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from placebook.paths import files
from tools import wheel

ROOT = Path(__file__).parents[1]
NATIONAL = "placebook/national/"
MOST = 60_000_000


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def members(built):
    with zipfile.ZipFile(built) as archive:
        return {info.filename: info.file_size for info in archive.infolist()}


def test_it_is_small_enough_to_hand_on(built, members):
    assert built.stat().st_size < MOST
    assert sum(members.values()) > MOST / 2, "tables are in it"


def test_it_carries_every_national_file_that_git_tracks(members):
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    folders = ("tables", "small-areas", "sources", "indicators", "relations", "geography")
    wanted = [name for name in tracked if name.startswith(tuple(f"data/{folder}/" for folder in folders))]
    wanted += ["data/datapackage.json", "notebooks/place.ipynb", "notebooks/county.ipynb"]
    wanted += [f"book/{page}.md" for page in ("methods", "glossary", "challenge", "accessibility")]
    wanted += ["book/_static/placebook.css", "book/_static/placebook.js"]
    assert len(wanted) > 100
    assert {name.removeprefix(NATIONAL) for name in members if name.startswith(NATIONAL)} == set(wanted)


def test_what_it_carries_is_as_it_lies_in_the_repository(built):
    with zipfile.ZipFile(built) as archive:
        for name in ("data/tables/els-employment.csv", "book/methods.md", "data/small-areas/areas.parquet"):
            assert archive.read(NATIONAL + name) == (ROOT / name).read_bytes()


def test_nothing_local_is_in_it(members):
    local = re.compile(
        r"(^|/)(params|counties|places|tests|benchmarks)/|_build|/_config\.yml|(?<!first_files)/_toc\.yml|/national/book/index"
    )
    assert not [name for name in members if local.search(name) and "-info/" not in name]
    assert {name for name in members if "first_files/" in name} >= {"placebook/desk/first_files/_toc.yml"}


def test_no_text_that_a_book_shows_names_a_county(built):
    """Measures, caveats, methods, templates; of sources what the data catalogue shows. Names of areas are figures' own."""
    with zipfile.ZipFile(built) as archive:
        shown = [
            n for n in archive.namelist() if n.startswith(NATIONAL) and n.endswith((".md", ".yml", ".ipynb", ".css", ".js"))
        ]
        for name in (*shown, *(n for n in archive.namelist() if "first_files/" in n)):
            text = archive.read(name).decode("utf-8")
            if "/sources/" in name:
                text = re.split(r"^(?:measures|refresh|small_areas):", text, maxsplit=1, flags=re.MULTILINE)[0]
            assert "hertfordshire" not in text.lower(), name


def test_an_editable_install_carries_nothing(tmp_path):
    carried = {"force_include": {}}
    hook = wheel.National(str(ROOT), {}, None, None, str(tmp_path), "wheel")
    hook.initialize("editable", carried)
    assert carried == {"force_include": {}}
    hook.initialize("standard", carried)
    assert "data/tables/els-employment.csv" in carried["force_include"]


# ------------------------------------------------------------ a book from it alone


def run(installed, folder, *words):
    """A command of the installed package, in a folder that knows nothing of this checkout."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "placebook", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder)
    return folder


def words_of(page):
    return re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))


def test_a_book_is_begun_and_read_without_the_repository(installed, tmp_path):
    said = run(installed, tmp_path, "init", "book", "--county", "Cambridgeshire")
    assert "a book of 5 places" in said
    listed = run(installed, tmp_path / "book", "list")
    assert "fenland" in listed and "E07000010" in listed
    assert not list(tmp_path.glob(".placebook-*"))


@pytest.mark.long
def test_a_book_is_begun_and_built_by_two_commands_without_the_repository(installed, tmp_path):
    run(installed, tmp_path, "init", "book", "--county", "Cornwall", "--colour", "#7a1f5c")
    book = tmp_path / "book"
    own = {path.relative_to(book).as_posix(): path.read_bytes() for path in files(book)}
    run(installed, book, "build", "--workers", "2")
    site = book / "_build" / "html"
    assert "Cornwall in figures" in words_of(site / "book" / "index.html")
    for page, words in (
        ("methods", "Areas and badges"),
        ("glossary", "Claimant count"),
        ("challenge", "If a figure looks wrong"),
    ):
        assert words in words_of(site / "book" / f"{page}.html")
    assert "Key findings" in words_of(site / "book" / "places" / "cornwall.html")
    sheet = (site / "_static" / "placebook.css").read_text(encoding="utf-8")
    assert ".pb-finds" in sheet and "--pb-accent: #7a1f5c" in sheet.partition("own colours")[2]
    assert (site / "_static" / "logo.svg").is_file() and "_static/logo.svg" in (site / "book" / "index.html").read_text("utf-8")
    naming = [path for path in site.rglob("*.html") if "hertfordshire" in path.read_text(encoding="utf-8").lower()]
    assert naming == []
    assert {name: (book / name).read_bytes() for name in own} == own, "nothing of the project is changed"

    package = installed / "placebook"
    newer = tmp_path / "newer" / "placebook"
    shutil.copytree(package, newer)
    (newer / "__init__.py").write_text('__version__ = "99.1"\n', encoding="utf-8")
    methods = newer / "national" / "book" / "methods.md"
    methods.write_text(methods.read_text(encoding="utf-8").replace("## Comparators", "## Beside whom"), encoding="utf-8")
    said = run(newer.parent, book, "build", "--workers", "2")
    assert "this is 99.1. None of your files is changed." in said and "Other pages and style: methods.md." in said
    assert "You hold your own" not in said
    assert "Beside whom" in words_of(site / "book" / "methods.html")
    assert {name: (book / name).read_bytes() for name in own} == own
    assert "last built with" not in run(newer.parent, book, "build"), "it is said once"
