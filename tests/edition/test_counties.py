"""Chapters of counties: made after the places, dropped with their places, and no county is no mistake."""

import json
from pathlib import Path

import pytest
import yaml

from placebook.edition import compile, release, run
from placebook.errors import BuildError

TEMPLATE = Path(__file__).parents[2] / "notebooks" / "county.ipynb"
TOC = """\
format: jb-book
root: book/index
parts:
  - caption: Places
    chapters:
      - glob: book/places/*
  - caption: The county
    chapters:
      - glob: book/counties/*
"""


def captions(path):
    return [part["caption"] for part in yaml.safe_load(path.read_text(encoding="utf-8"))["parts"]]


def test_without_a_chapter_the_compiler_is_given_contents_without_counties(tiny_project):
    tiny_project.write("_toc.yml", TOC)
    given = compile._contents(tiny_project, tiny_project.build / "work")
    assert captions(given) == ["Places"]
    assert yaml.safe_load(given.read_text())["root"] == "book/index"
    assert tiny_project.toc.read_text() == TOC, "what is written stays as it is"


def test_with_a_chapter_the_compiler_reads_what_is_written(tiny_project):
    tiny_project.write("_toc.yml", TOC)
    tiny_project.write("book/counties/hertfordshire.ipynb", "{}")
    assert compile._contents(tiny_project, tiny_project.build / "work") == tiny_project.toc


def test_chapters_of_counties_without_places_go(tiny_project):
    for name in ("book/counties/hertfordshire.ipynb", "book/counties/kent.ipynb",
                 "_build/ledgers/counties/hertfordshire.json", "_build/ledgers/counties/kent.json",
                 "_build/ledgers/broxbourne.json"):  # fmt: skip
        tiny_project.write(name, "{}")
    assert run.drop_pages_without_params(tiny_project, ["broxbourne"], ["hertfordshire"]) == ["kent"]
    assert [p.name for p in tiny_project.county_pages.iterdir()] == ["hertfordshire.ipynb"]
    assert [p.name for p in (tiny_project.ledgers / "counties").iterdir()] == ["hertfordshire.json"]
    assert (tiny_project.ledgers / "broxbourne.json").exists()


# ------------------------------------------------------------ the order of a build


@pytest.fixture
def steps(tiny_project, monkeypatch):
    """What a build does, in its order, with nothing really executed or compiled."""
    done: list[str] = []

    def places(project, wanted, workers, heard, time_limit):
        done.extend(wanted)
        for place in wanted:
            for made in (f"book/places/{place}.ipynb", f"_build/ledgers/{place}.json",
                         f"_build/evidence/{place}/people.html", f"_build/downloads/{place}/{place}.csv"):  # fmt: skip
                project.write(made, "{}")
            heard(run.Outcome(place, 0.0, "broken" if place in broken else ""))

    def county(project, name, time_limit):
        done.append(name)
        project.write(f"book/counties/{name}.ipynb", "{}")
        project.write(f"_build/ledgers/counties/{name}.json", "{}")
        return run.Outcome(name, 0.0, "broken" if name in broken else "")

    broken: set[str] = set()
    monkeypatch.setattr(run, "execute_all", places)
    monkeypatch.setattr(run, "execute_county", county)
    monkeypatch.setattr(compile, "compile_html", lambda project, finish: done.append("compile"))
    # The ledgers are empty here: what the front page shows of them is another test.
    monkeypatch.setattr(release, "write_front_page", lambda *_: None)

    def build(wanted=(), fails=(), again=False):
        done.clear()
        broken.clear()
        broken.update(fails)
        return release.build(tiny_project, list(wanted), 1, lambda outcome: None, again=again), list(done)

    return build


def test_the_county_follows_its_places_and_the_compiler_comes_last(steps):
    outcomes, done = steps()
    assert done == ["broxbourne", "letchworth", "hertfordshire", "compile"]
    assert [outcome.place for outcome in outcomes] == ["broxbourne", "letchworth", "hertfordshire"]


def test_one_place_again_makes_the_chapter_again(steps):
    steps()
    assert steps(["letchworth"], again=True)[1] == ["letchworth", "hertfordshire", "compile"]


def test_what_did_not_change_is_not_executed(steps, tiny_project):
    steps()
    outcomes, done = steps()
    assert done == ["compile"] and [outcome.unchanged for outcome in outcomes] == [True, True, True]
    path = tiny_project.params / "letchworth.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    outcomes, done = steps()
    assert done == ["letchworth", "hertfordshire", "compile"]
    assert {outcome.place: outcome.why for outcome in outcomes} == {
        "broxbourne": "", "letchworth": "changed: params", "hertfordshire": "changed: params",
    }  # fmt: skip


def test_a_place_that_is_not_named_stays_as_it_was_made_and_is_not_taken_for_new(steps, tiny_project):
    steps()
    path = tiny_project.params / "broxbourne.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    assert "broxbourne" not in steps(["letchworth"])[1]
    assert steps()[1][0] == "broxbourne"


def test_a_place_whose_ledger_is_gone_is_made_again(steps, tiny_project):
    steps()
    (tiny_project.ledgers / "broxbourne.json").unlink()
    assert steps(["letchworth"])[1] == ["broxbourne", "compile"], "the ledger came back with the same bytes"


def test_a_place_that_failed_is_executed_again_and_the_good_ones_are_kept(steps):
    outcomes, done = steps(fails=["letchworth"])
    assert [outcome.failed for outcome in outcomes] == [False, True] and done[-1] == "letchworth"
    assert steps()[1] == ["letchworth", "hertfordshire", "compile"]


def test_an_input_that_changes_during_the_build_stops_it_before_the_site(steps, tiny_project, monkeypatch):
    execute = run.execute_all
    table = next(tiny_project.tables.glob("*.csv"))
    was = table.read_bytes()

    def execute_and_change(*given):
        execute(*given)
        table.write_bytes(was + b"\n")

    monkeypatch.setattr(run, "execute_all", execute_and_change)
    with pytest.raises(BuildError, match="tables changed while the book was being built"):
        steps()
    monkeypatch.setattr(run, "execute_all", execute)
    table.write_bytes(was)
    assert steps()[1][-1] == "compile"


def test_a_failed_place_stops_the_chapter_and_a_failed_chapter_the_book(steps):
    assert steps(fails=["letchworth"])[1] == ["broxbourne", "letchworth"]
    outcomes, done = steps(fails=["hertfordshire"])
    assert done[-1] == "hertfordshire" and outcomes[-1].failed


def test_a_county_of_no_place_and_a_book_of_no_county_have_no_chapter(steps, tiny_project):
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    for place in ("broxbourne", "letchworth"):
        (tiny_project.params / f"{place}.yml").unlink()
    assert steps()[1] == ["luton", "compile"]
    (tiny_project.counties / "hertfordshire.yml").unlink()
    assert steps()[1] == ["luton", "compile"]


def test_a_chapter_that_fails_says_why_and_leaves_no_half_page(tiny_project):
    """A real kernel: the ledgers are not there."""
    tiny_project.write("notebooks/county.ipynb", TEMPLATE.read_text(encoding="utf-8"))
    outcome = run.execute_county(tiny_project, "hertfordshire")
    assert outcome.failed and "no ledger of broxbourne: run placebook build broxbourne" in outcome.problem
    assert not (tiny_project.county_pages / "hertfordshire.ipynb").exists()
    assert (tiny_project.logs / "hertfordshire.log").read_text().startswith("hertfordshire: failed")


def test_a_chapter_is_baked_from_ledgers_alone(tiny_project):
    tiny_project.write("notebooks/county.ipynb", TEMPLATE.read_text(encoding="utf-8"))
    for path in tiny_project.tables.glob("*.csv"):
        path.unlink()  # numbers come from ledgers, never from the tables
    for slug, code in (("broxbourne", "E07000095"), ("letchworth", "E07000099")):
        place = {"slug": slug, "name": slug.title(), "kind": "district", "district": code}
        tiny_project.write(f"_build/ledgers/{slug}.json", json.dumps({"place": place, "page": {}, "entries": []}))
    outcome = run.execute_county(tiny_project, "hertfordshire")
    assert not outcome.failed, outcome.problem
    page = json.loads((tiny_project.county_pages / "hertfordshire.ipynb").read_text(encoding="utf-8"))
    text = "\n".join("".join(cell["source"]) for cell in page["cells"])
    assert text.startswith("# Hertfordshire") and "## The Hertfordshire story" in text
    assert "## Evidence library" not in text, "a section with nothing to show closes up"


def test_a_cell_that_does_not_end_is_stopped_and_the_message_says_what_to_do(tiny_project):
    """A real kernel."""
    template = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    template["cells"][-1]["source"] = ["while True:\n", "    pass"]
    template["cells"] = [template["cells"][0], template["cells"][-1]]
    tiny_project.write("notebooks/county.ipynb", json.dumps(template))
    outcome = run.execute_county(tiny_project, "hertfordshire", time_limit=1)
    assert "a cell of notebooks/county.ipynb took longer than 1 s" in outcome.problem
    assert "--time-limit 2" in outcome.problem
    assert not (tiny_project.county_pages / "hertfordshire.ipynb").exists()
