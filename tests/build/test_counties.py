"""Chapters of counties: made after the places, dropped with their places, and no county is no mistake."""

import json
from pathlib import Path

import pytest
import yaml

from placebook.execute import bake, pool
from placebook.execute.outcome import COUNTY, Page
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


def executed(project):
    outcomes = []
    pool.execute_all(project, [Page(COUNTY, "hertfordshire")], 1, 60, False, outcomes.append)
    return outcomes[0]


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


@pytest.mark.forks
def test_a_chapter_that_fails_says_why_and_leaves_no_half_page(tiny_project):
    """The ledgers are not there."""
    tiny_project.write("notebooks/county.ipynb", TEMPLATE.read_text(encoding="utf-8"))
    outcome = executed(tiny_project)
    assert outcome.failed and "no ledger of broxbourne: run placebook build broxbourne" in outcome.problem
    assert not tiny_project.executed(COUNTY, "hertfordshire").exists()
    assert (tiny_project.logs / "hertfordshire.log").read_text().startswith("hertfordshire: failed")


@pytest.mark.forks
def test_a_chapter_is_baked_from_ledgers_alone(tiny_project):
    tiny_project.write("notebooks/county.ipynb", TEMPLATE.read_text(encoding="utf-8"))
    for path in tiny_project.tables.glob("*.csv"):
        path.unlink()  # numbers come from ledgers, never from the tables
    for slug, code in (("broxbourne", "E07000095"), ("letchworth", "E07000099")):
        place = {"slug": slug, "name": slug.title(), "kind": "district", "district": code}
        tiny_project.write(f"_build/ledgers/{slug}.json", json.dumps({"place": place, "page": {}, "entries": []}))
    outcome = executed(tiny_project)
    assert not outcome.failed, outcome.problem
    bake.write_page(tiny_project, Page(COUNTY, "hertfordshire"), {"story": "What an analyst wrote."})
    page = json.loads((tiny_project.county_pages / "hertfordshire.ipynb").read_text(encoding="utf-8"))
    text = "\n".join("".join(cell["source"]) for cell in page["cells"])
    assert text.startswith("# Hertfordshire") and "## The Hertfordshire story\nWhat an analyst wrote." in text
    assert "## Evidence library" not in text, "a section with nothing to show closes up"
