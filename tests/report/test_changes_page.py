"""What changed: this edition beside the one kept last, for the book and for each place, and what each kept edition said."""

import json

import pytest
from bs4 import BeautifulSoup

from placebook.compare import editions
from placebook.errors import InputError
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
    assert gone == ["More <b>work</b>", "70.00%", "high."] and new == ["Less work", "71.00%", "low."]
    assert "2025-06, figures taken until 30 June 2025Broxbourne: More <b>work</b>" in page.get_text()
    assert text.startswith("# What changed\n\n<p>From 2025-06 to this edition: ")
    assert [part["id"] for part in page.select(".pb-changed")] == ["changed-broxbourne"]


# ------------------------------------------------------------ a place's own part


def of_place(project, edition="2025-06", slug="broxbourne"):
    text = changes_page.of_place(project, {}, edition, slug)
    assert list(guard.problems(text)) == []
    return BeautifulSoup(text, "html.parser")


def test_a_place_tells_closed_what_changed_there_counted_in_its_summary_and_leads_to_the_whole_page(tiny_project):
    write(tiny_project, 70.0, "More <b>work</b>", "Work was high.")
    editions.keep(tiny_project, "2025-06")
    write(tiny_project, 71.0, "Less work", "Work was low.")
    (tiny_project.root / "_toc.yml").write_text("chapters:\n  - file: book/generated/changes\n", encoding="utf-8")
    page = of_place(tiny_project)
    (closed,) = page.select("details.pb-closed:not([open])")
    said = "What changed here since 2025-06: 1 revised figure, 1 statement and 2 key findings"
    assert closed.summary.get_text() == said, "one statement flipped, one finding is out and one in"
    assert [mark.get_text() for mark in closed.select("ins")] == ["Less work", "71.00%", "low."]
    assert [link["href"] for link in page.select("a")] == ["../generated/changes.html#changed-broxbourne"]


def test_the_size_of_a_revision_stands_beside_the_interval_of_then(tiny_project):
    def revised(number):
        entry = ledger(number, "", "")["entries"][0] | {"lower": number - 4, "upper": number + 4}
        text = json.dumps({"place": {"name": "Broxbourne"}, "entries": [entry]})
        (tiny_project.ledgers / "broxbourne.json").write_text(text, encoding="utf-8")

    write(tiny_project, 70.0, "", "")
    revised(70.0)
    editions.keep(tiny_project, "2025-06")
    revised(73.0)
    assert f"({3 / 4:.1f} times half the interval then)" in of_place(tiny_project).get_text()


@pytest.mark.parametrize(
    "toc", ["chapters: []\n", "# - file: book/generated/changes\n", "- file: book/generated/changes-of-mine\n"]
)
def test_where_the_book_has_no_such_page_nothing_leads_there(tiny_project, toc):
    write(tiny_project, 70.0, "More work", "Work was high.")
    editions.keep(tiny_project, "2025-06")
    write(tiny_project, 71.0, "Less work", "Work was low.")
    (tiny_project.root / "_toc.yml").write_text(toc, encoding="utf-8")
    page = of_place(tiny_project)
    assert page.details and not page.select("a")


def test_where_nothing_changed_a_line_says_so_and_a_place_that_is_new_says_nothing(tiny_project):
    write(tiny_project, 70.0, "More work", "Work was high.")
    editions.keep(tiny_project, "2025-06")
    assert of_place(tiny_project).get_text() == "Nothing on this page has changed since the edition 2025-06."
    (tiny_project.ledgers / "broxbourne.json").rename(tiny_project.ledgers / "luton.json")
    assert of_place(tiny_project, slug="luton").get_text() == ""


def test_a_kept_edition_that_somebody_changed_is_refused(tiny_project):
    write(tiny_project, 70.0, "More work", "Work was high.")
    folder = editions.keep(tiny_project, "2025-06")
    (folder / "broxbourne.json.gz").write_bytes(b"changed")
    with pytest.raises(InputError, match="is not as it was kept"):
        of_place(tiny_project)
