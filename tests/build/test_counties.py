"""Chapters of counties: made after the places, dropped with their places, and no county is no mistake."""

import json
from pathlib import Path

import pytest

from placebook.execute import bake, pool
from placebook.execute.outcome import COUNTY, Page

TEMPLATE = Path(__file__).parents[2] / "notebooks" / "county.ipynb"


def executed(project):
    outcomes = []
    pool.execute_all(project, [Page(COUNTY, "hertfordshire")], 1, 60, False, outcomes.append)
    return outcomes[0]


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
