"""A place leaves and nothing of it stays; a place is renamed and every other byte stays."""

import subprocess

import pytest

from placebook.build.lock import locked
from placebook.catalogue.load import Catalogue
from placebook.desk import removal, renaming
from placebook.errors import BuildError, InputError
from placebook.execute.outcome import PLACE, Page
from placebook.incremental.pages import made_files

NAMED = 'code: E07000095   # code\nkind: district\n"name" : {}  # as people say it\r\nnarrative: {{summary: "Bröxbourne."}}\n'


def make(project, slug):
    """What a build would have made of a place: a file at each address, or in it."""
    for path in made_files(project, Page(PLACE, slug)):
        inside = path / "theme.html" if not path.suffix else path
        inside.parent.mkdir(parents=True, exist_ok=True)
        inside.write_text(slug)


def found(project, slug):
    return sorted(str(path.relative_to(project.root)) for path in project.root.rglob("*") if slug in path.name)


def test_nothing_of_a_removed_place_stays_and_all_of_the_others(checkout, placebook):
    for slug in ("letchworth", "broxbourne"):
        make(checkout, slug)
    others = found(checkout, "broxbourne")
    done = placebook(checkout, "remove", "Letchworth Garden City", "--yes")
    assert done.returncode == 0, done.stderr
    assert found(checkout, "letchworth") == [] and found(checkout, "broxbourne") == others
    for name in ("params/letchworth.yml", "_build/evidence/letchworth", "_build/html/downloads/letchworth.pdf"):
        assert name in done.stdout
    assert set(Catalogue.open(checkout).places) == {"broxbourne", "st-albans"}


def test_a_place_whose_file_is_broken_can_be_removed(checkout, placebook):
    (checkout.params / "broken.yml").write_text("name: [\n")
    assert placebook(checkout, "remove", "broken", "--yes").returncode == 0
    assert found(checkout, "broken") == []


def test_the_last_place_stays(checkout, placebook):
    for slug in ("letchworth", "broxbourne"):
        assert placebook(checkout, "remove", slug, "--yes").returncode == 0
    done = placebook(checkout, "remove", "st-albans", "--yes")
    assert done.returncode == 2 and "params/st-albans.yml is the book's last place" in done.stderr
    assert (checkout.params / "st-albans.yml").exists()


def test_no_place_is_removed_or_renamed_while_a_build_is_at_work(checkout, placebook):
    with locked(checkout):
        for words in (("remove", "letchworth", "--yes"), ("rename", "letchworth", "Letchworth")):
            done = placebook(checkout, *words)
            assert done.returncode == 1 and "another build is at work" in done.stderr
    assert (checkout.params / "letchworth.yml").exists()
    with pytest.raises(BuildError), locked(checkout), locked(checkout):
        pass


def test_on_a_terminal_it_asks_and_enter_means_no(checkout, placebook):
    done = placebook(checkout, "remove", "letchworth", terminal=[""])
    assert done.returncode == 0 and "Nothing was removed." in done.stdout and (checkout.params / "letchworth.yml").exists()
    assert placebook(checkout, "remove", "letchworth", terminal=["y"]).returncode == 0
    assert not (checkout.params / "letchworth.yml").exists()


def git(project, *words):
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(project.root), *who, *words], check=True, capture_output=True)


def test_it_says_whether_git_brings_the_words_back(checkout, monkeypatch):
    assert "is not in git" in removal.brought_back(checkout, "letchworth")
    git(checkout, "init")
    git(checkout, "add", "params")
    git(checkout, "commit", "-m", "All")
    assert removal.brought_back(checkout, "letchworth").endswith("git checkout HEAD -- params/letchworth.yml")
    path = checkout.params / "letchworth.yml"
    path.write_text(path.read_text() + "\n# a word\n")
    assert "changes that are not committed" in removal.brought_back(checkout, "letchworth")
    git(checkout, "add", "params")
    assert "changes that are not committed" in removal.brought_back(checkout, "letchworth"), "staged and not committed"
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert "there is no git here" in removal.brought_back(checkout, "letchworth")


def test_lines_that_lead_to_a_place_are_named(checkout):
    (checkout.root / "book").mkdir()
    (checkout.root / "book/about.md").write_text("Of Letchworth\n[here](places/letchworth)\n[no](places/letchworth-two)\n")
    assert list(removal.mentions(checkout, "letchworth")) == ["book/about.md:2"]


# ------------------------------------------------------------------ rename


@pytest.mark.parametrize("name", ["Broxbourne", "'Broxbourne'", '"Broxbourne"'])
def test_another_name_and_every_other_byte_as_it_was(checkout, name):
    path = checkout.params / "broxbourne.yml"
    path.write_bytes(NAMED.format(name).encode())
    make(checkout, "broxbourne")
    renamed = renaming.rename(checkout, "broxbourne", "King's Broxbourne")
    assert renamed.name == "kings-broxbourne.yml" and not path.exists()
    assert renamed.read_bytes() == NAMED.format("King's Broxbourne").encode()
    assert Catalogue.open(checkout).places["kings-broxbourne"].name == "King's Broxbourne"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: >-\n  Brox\n  bourne\nkind: district\n", "name: Brox\nkind: district\n"),
        ("name: |\n  Broxbourne\n\nkind: district\n", "name: Brox\nkind: district\n"),
        ("name:\n  Broxbourne\nkind: district\n", "name:\n  Brox\nkind: district\n"),
    ],
)
def test_a_name_is_changed_however_it_is_written(checkout, before, after):
    (checkout.params / "broxbourne.yml").write_bytes(f"{before}code: E07000095\n".encode())
    assert renaming.rename(checkout, "broxbourne", "Brox").read_bytes() == f"{after}code: E07000095\n".encode()


def test_a_name_in_brackets_is_changed(checkout):
    (checkout.params / "broxbourne.yml").write_text("{kind: district, name: Broxbourne, code: E07000095}\n")
    text = renaming.rename(checkout, "broxbourne", "Brox").read_text()
    assert text == "{kind: district, name: Brox, code: E07000095}\n"


def test_what_was_made_under_the_old_name_goes(checkout, placebook):
    make(checkout, "letchworth")
    done = placebook(checkout, "rename", "letchworth", "Garden City One")
    assert done.returncode == 0, done.stderr
    assert found(checkout, "letchworth") == [] and found(checkout, "garden-city-one") == ["params/garden-city-one.yml"]


def test_a_name_of_the_same_address_changes_the_file_alone(checkout, placebook):
    make(checkout, "broxbourne")
    before = found(checkout, "broxbourne")
    assert placebook(checkout, "rename", "broxbourne", "BROXBOURNE").returncode == 0
    assert Catalogue.open(checkout).places["broxbourne"].name == "BROXBOURNE" and found(checkout, "broxbourne") == before


def test_a_file_with_faults_is_not_renamed(checkout):
    path = checkout.params / "letchworth.yml"
    path.write_text(path.read_text().replace("kind: town", "kind: towm"))
    before = {path.name: path.read_bytes() for path in checkout.params.iterdir()}
    with pytest.raises(InputError, match="'towm' is no kind of place"):
        renaming.rename(checkout, "letchworth", "Letchworth")
    assert {path.name: path.read_bytes() for path in checkout.params.iterdir()} == before


def test_pins_go_with_their_place_and_take_its_new_name(checkout, placebook):
    checkout.pins.mkdir()
    text = "edition: 2025-01-01\ntexts:\n  - {text: narrative.summary, words: 0123456789abcdef}\n"
    for slug in ("letchworth", "broxbourne"):
        (checkout.pins / f"{slug}.yml").write_text(text, encoding="utf-8")
    done = placebook(checkout, "rename", "letchworth", "Letchworth Old Town")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in checkout.pins.iterdir()) == ["broxbourne.yml", "letchworth-old-town.yml"]
    done = placebook(checkout, "remove", "broxbourne", "--yes")
    assert "params/pins/broxbourne.yml" in done.stdout
    assert sorted(path.name for path in checkout.pins.iterdir()) == ["letchworth-old-town.yml"]


def test_pin_says_what_to_do_first(checkout, placebook):
    done = placebook(checkout, "pin", "letchworth")
    assert done.returncode == 2 and "there is no ledger of letchworth: run placebook build letchworth" in done.stderr
    assert placebook(checkout, "pin", "letchwirth").returncode == 2
