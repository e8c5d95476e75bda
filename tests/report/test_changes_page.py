"""The page *What changed*: this edition beside the one kept last, and what each kept edition said."""

import json

from bs4 import BeautifulSoup

from placebook.compare import editions
from placebook.report import changes_page
from placebook.site import guard


def ledger(number, headline, sentence):
    value = {
        "kind": "value",
        "id": "v",
        "indicator": "work",
        "category": "",
        "area": "E07000095",
        "area_name": "Broxbourne",
        "role": "place",
        "badge": "direct",
        "period": "2023-01-01/P1Y",
        "value": number,
        "lower": None,
        "upper": None,
        "unit": "percent",
        "markers": [],
    }
    claim = {"kind": "claim", "id": "c", "claim": "level", "indicator": "work", "verdict": sentence, "sentence": sentence}
    found = {"kind": "finding", "id": headline, "order": 1, "type": "level", "indicator": "work", "headline": headline}
    return {"place": {"name": "Broxbourne"}, "entries": [value, claim, found | {"sentence": sentence}]}


def write(project, *of):
    project.ledgers.mkdir(parents=True, exist_ok=True)
    (project.ledgers / "broxbourne.json").write_text(json.dumps(ledger(*of)), encoding="utf-8")


def test_without_a_kept_edition_the_page_says_so(tiny_project):
    assert changes_page.NONE in changes_page.page(tiny_project, {})


def test_figures_findings_and_words_stand_side_by_side_and_the_kept_edition_with_what_it_said(tiny_project):
    write(tiny_project, 70.0, "More <b>work</b>", "Work was high.")
    editions.keep(tiny_project, "2025-06")
    write(tiny_project, 71.0, "Less work", "Work was low.")
    text = changes_page.page(tiny_project, {})
    assert list(guard.problems(text)) == []
    page = BeautifulSoup(text, "html.parser")
    gone, new = ([mark.get_text() for mark in page.select(f".pb-changes {tag}")] for tag in ("del", "ins"))
    assert gone == ["More <b>work</b>", "70.00% in 2023", "high."] and new == ["Less work", "71.00% in 2023", "low."]
    assert "2025-06, figures taken until 30 June 2025Broxbourne: More <b>work</b>" in page.get_text()
    assert text.startswith("# What changed\n\n<p>From 2025-06 to this edition: ")
