"""Chapters of counties: made after the places, dropped with their places, and no county is no mistake."""

import json
from pathlib import Path

import yaml

from placebook.execute import notebook
from placebook.site import compile

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
    for name in (
        "book/counties/hertfordshire.ipynb",
        "book/counties/kent.ipynb",
        "_build/ledgers/counties/hertfordshire.json",
        "_build/ledgers/counties/kent.json",
        "_build/ledgers/broxbourne.json",
    ):
        tiny_project.write(name, "{}")
    assert notebook.drop_pages_without_params(tiny_project, ["broxbourne"], ["hertfordshire"]) == ["kent"]
    assert [p.name for p in tiny_project.county_pages.iterdir()] == ["hertfordshire.ipynb"]
    assert [p.name for p in (tiny_project.ledgers / "counties").iterdir()] == ["hertfordshire.json"]
    assert (tiny_project.ledgers / "broxbourne.json").exists()


def test_a_chapter_that_fails_says_why_and_leaves_no_half_page(tiny_project):
    """A real kernel: the ledgers are not there."""
    tiny_project.write("notebooks/county.ipynb", TEMPLATE.read_text(encoding="utf-8"))
    outcome = notebook.execute_county(tiny_project, "hertfordshire")
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
    outcome = notebook.execute_county(tiny_project, "hertfordshire")
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
    outcome = notebook.execute_county(tiny_project, "hertfordshire", time_limit=1)
    assert "a cell of notebooks/county.ipynb took longer than 1 s" in outcome.problem
    assert "--time-limit 2" in outcome.problem
    assert not (tiny_project.county_pages / "hertfordshire.ipynb").exists()
