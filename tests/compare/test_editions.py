"""Editions are kept whole, known again by their hashes, and never written over."""

import gzip
import hashlib
import json
import subprocess

import pytest

from placebook.compare import editions
from placebook.errors import InputError

LEDGER = {
    "place": {"name": "Broxbourne"},
    "entries": [
        {
            "kind": "value",
            "id": "v",
            "indicator": "work",
            "category": "",
            "area": "E07000095",
            "area_name": "Broxbourne",
            "role": "place",
            "badge": "direct",
            "period": "2023-01-01/P1Y",
            "value": 76.1,
            "lower": 64.9,
            "upper": 87.3,
            "unit": "percent",
            "markers": [],
        }
    ],
}


@pytest.fixture
def built(tiny_project):
    tiny_project.ledgers.mkdir(parents=True)
    (tiny_project.ledgers / "broxbourne.json").write_text(json.dumps(LEDGER), encoding="utf-8")
    return tiny_project


def test_an_edition_is_read_again_as_it_was_built(built):
    folder = editions.keep(built, "2025-06")
    again = editions.read(built, "2025-06")
    assert again.places == editions.built(built).places and again.places["broxbourne"].values["v"]["value"] == 76.1
    assert again.sources["jobs"]["retrieved"] == "2025-06-30" and again.about["edition_date"] == "2025-06-30"
    assert sorted(path.name for path in folder.iterdir()) == ["broxbourne.json.gz", "edition.json"]
    assert not [path for path in built.root.iterdir() if path.name.startswith(".")], "no draft is left"


def test_the_same_book_is_kept_as_the_same_bytes(built):
    one, two = (editions.keep(built, name) / "broxbourne.json.gz" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_nothing_is_written_over_and_a_name_is_no_path(built):
    editions.keep(built, "2025-06")
    with pytest.raises(InputError, match="is there already"):
        editions.keep(built, "2025-06")
    for name in ("../evil", "a/b", "", ".hidden", "Über", "x" * 60):
        with pytest.raises(InputError, match="is no name of an edition"):
            editions.keep(built, name)


def test_without_a_build_there_is_nothing_to_keep(tiny_project):
    with pytest.raises(InputError, match="run placebook build first"):
        editions.keep(tiny_project, "2025-06")
    assert not (tiny_project.root / "editions").exists()


def test_a_changed_file_is_named(built):
    path = editions.keep(built, "2025-06") / "broxbourne.json.gz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"editions/2025-06/broxbourne\.json\.gz: is not as it was kept"):
        editions.read(built, "2025-06")


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"files": {"../x": "1"}, "sources": {}}', '{"files": {}, "sources": {"x": {}}}']
)
def test_a_record_that_is_none_is_refused(built, text):
    folder = editions.keep(built, "2025-06")
    (folder / "edition.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"editions/2025-06/edition\.json"):
        editions.read(built, "2025-06")


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"name": "A", "values": {"v": {}}, "claims": {}, "findings": {}}'])
def test_a_file_that_holds_no_place_is_refused_though_its_hash_is_right(built, text):
    content = b"no gzip" if text is None else gzip.compress(text.encode())
    folder = editions.keep(built, "2025-06")
    (folder / "broxbourne.json.gz").write_bytes(content)
    about = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    about["files"]["broxbourne.json.gz"] = hashlib.sha256(content).hexdigest()
    (folder / "edition.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(InputError, match=r"editions/2025-06/broxbourne\.json\.gz: holds no edition of a place"):
        editions.read(built, "2025-06")


def test_editions_are_listed_by_the_day_of_their_figures(built):
    editions.keep(built, "zero")
    built.replace("data/sources/jobs.yml", "retrieved: 2025-06-30", "retrieved: 2025-09-30")
    editions.keep(built, "autumn")
    assert editions.kept(built) == ["zero", "autumn"]


def test_a_folder_of_ledgers_and_a_project_are_editions_too(built):
    assert editions.read(built, str(built.ledgers)).places == editions.read(built, str(built.root)).places
    with pytest.raises(InputError, match="holds no ledger and no project"):
        editions.read(built, str(built.params))
    with pytest.raises(InputError, match="is no kept edition, no folder and no revision of git; kept are: none"):
        editions.read(built, "nothing")


def test_a_revision_that_cannot_be_built_says_so_and_leaves_no_worktree(built):
    def git(*asked):
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        return subprocess.run(["git", *who, *asked], cwd=built.root, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    built.write("params/broxbourne.yml", "name: Broxbourne\nkind: distric\ncode: E07000095\n")
    git("add", "params", "data", "_config.yml", "_toc.yml")
    git("commit", "-qm", "x")
    with pytest.raises(InputError, match="HEAD cannot be built with today's code"):
        editions.read(built, "HEAD")
    assert len(git("worktree", "list").splitlines()) == 1
