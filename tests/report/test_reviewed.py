"""A review is kept beside figures and words, told as it ages, and holds back what it rejected until its figures change."""

import json
from datetime import date
from io import BytesIO

import docx
import pytest
from bs4 import BeautifulSoup
from drawn import value
from test_choice import candidate
from test_pinned import FINDING, show, write

from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.catalogue.reviews import ReviewRecord
from placebook.desk import review_document, reviewing
from placebook.errors import InputError
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings.key_findings import KeyFindings
from placebook.report import review_sheet, words
from placebook.report.reviewed import Changed, HeldBack, changed, digest, status

TODAY = date(2025, 7, 1)
RULES = {"rules": {"R2": {"rank": 3, "z": 2.5}}, "score": 1.5, "sentence": "Far fewer than in England."}


@pytest.fixture
def built(tiny_project):
    """Broxbourne built by hand, with a summary."""
    write(tiny_project, narrative={"summary": "It works.  Less than others."})
    show(tiny_project, 60, 58, 62)
    path = tiny_project.ledgers / "broxbourne.json"
    text = path.read_text(encoding="utf-8").replace(
        '"indicators": ["work"]', '"indicators": ["work"], "readings": [], ' + rules()
    )
    path.write_text(text, encoding="utf-8")
    return tiny_project


def rules():
    return json.dumps(RULES)[1:-1]


def write_plural(count):
    return f"{count} statement" + ("s" if count != 1 else "")


def sheet(project):
    return review_sheet.sheet(project, Catalogue.open(project), "broxbourne", TODAY)


def fill(project, tmp_path, **more):
    """A form with every key finding accepted, or as said."""
    lines = [f"- {{id: {each.id}, verdict: {more.get('verdict', 'accepted')}}}" for each in sheet(project).findings]
    text = f"by: {more.get('by', 'A. Reviewer')}\non: {more.get('on', '2025-06-30')}\nverdicts:\n" + "\n".join(lines) + "\n"
    path = tmp_path / "form.yml"
    path.write_text(text + more.get("tail", ""), encoding="utf-8")
    return path


def approve(project, tmp_path, **more):
    catalogue = Catalogue.open(project)
    return reviewing.approved(project, catalogue, sheet(project), fill(project, tmp_path, **more), TODAY)


def since(project):
    catalogue = Catalogue.open(project)
    return changed(catalogue.reviews["broxbourne"], project, catalogue, "broxbourne")


def test_the_sheet_holds_every_statement_with_its_test_and_room_for_a_verdict(built):
    made = sheet(built)
    (finding,) = made.findings
    assert finding.id == FINDING and finding.words == "Fewer people work. Far fewer than in England."
    assert finding.rests_on == "score 1.50; R2: rank 3, z 2.5" and not finding.new
    assert made.claims and all(claim.words == "A sentence." for claim in made.claims)
    page = BeautifulSoup(review_sheet.page(made), "html.parser")
    assert page.h2.get_text() == "Key findings"
    assert len(page.select("tbody tr")) == len(made.findings) + 1, "statements of one sentence stand in one row"
    assert all(each.id in page.get_text() and each.rests_on in page.get_text() for each in made.claims)
    word = docx.Document(BytesIO(review_document.document(made)))
    assert [len(table.rows) - 1 for table in word.tables] == [len(made.findings), 1]
    assert review_sheet.heading(made.claims) == f"All {write_plural(len(made.claims))}, in 1 sentence"


def test_nothing_in_a_sheet_acts(built):
    show(built, 60, 58, 62, finding="<script>alert(1)</script>")
    text = (built.ledgers / "broxbourne.json").read_text(encoding="utf-8")
    text = text.replace('"indicators": ["work"]', '"indicators": ["work"], "readings": [], ' + rules())
    (built.ledgers / "broxbourne.json").write_text(text, encoding="utf-8")
    assert "<script>" not in review_sheet.page(sheet(built))


def test_an_approved_form_becomes_a_record_that_the_page_tells(built, tmp_path):
    said = approve(built, tmp_path)
    assert said[0] == "Written: params/reviews/broxbourne.yml: 1 accepted, 0 rejected."
    catalogue = Catalogue.open(built)
    record = catalogue.reviews["broxbourne"]
    assert (record.by, record.on, record.figures) == ("A. Reviewer", date(2025, 6, 30), {"work": "60.0% (2023)"})
    assert record.words == {"narrative.summary": "It works.  Less than others."}
    assert [fault for fault in check(catalogue, None, TODAY) if "reviews" in fault.file] == []
    shown = words.place_words(catalogue.places["broxbourne"], reviewed=(record, since(built)))
    assert "Reviewed by A. Reviewer on 30 June 2025." in shown["review"]
    assert not sheet(built).findings[0].new


def test_figures_and_words_that_changed_since_are_counted_and_listed(built, tmp_path):
    approve(built, tmp_path)
    write(built, narrative={"summary": "It works. Much less than others."})
    show(built, 64, 62, 66)
    found = since(built)
    assert found == Changed((("Employment rate", "60.0% (2023)", "64.0% (2023)"),), 2)
    record = Catalogue.open(built).reviews["broxbourne"]
    assert status(record, found) == "Reviewed by A. Reviewer on 30 June 2025; 1 figure and 2 words have changed since."
    assert status(record, Changed((), 1)).endswith("; 1 word has changed since.")


def test_what_a_review_saw_is_not_new_though_it_has_no_verdict_and_what_rests_on_other_figures_is_and_comes_first(
    built, tmp_path
):
    approve(built, tmp_path)
    assert not any(each.new for each in (*sheet(built).findings, *sheet(built).claims))
    path = built.reviews / "broxbourne.yml"
    record = Catalogue.open(built).reviews["broxbourne"]
    last = sheet(built).claims[-1]
    assert record.statements[last.id] == last.figures and not any(each.id == last.id for each in record.verdicts)
    path.write_text(path.read_text(encoding="utf-8").replace(f"{last.id}: {last.figures}", f"{last.id}: {'0' * 16}"))
    now = sheet(built)
    assert [each.id for each in now.claims if each.new] == [last.id] and now.claims[0].id == last.id
    assert review_sheet.heading(now.claims).endswith("; first the 1 that the last review did not see, or beside other figures")


def test_a_hash_that_looks_like_a_number_is_read_as_it_was_written(built, tmp_path, monkeypatch):
    monkeypatch.setattr(review_sheet, "digest", lambda figures: "1234567e89012345")
    approve(built, tmp_path)
    record = Catalogue.open(built).reviews["broxbourne"]
    assert {each.figures for each in record.verdicts} == set(record.statements.values()) == {"1234567e89012345"}


def test_a_record_of_an_earlier_version_calls_no_statement_without_a_verdict_new(built, tmp_path):
    approve(built, tmp_path)
    path = built.reviews / "broxbourne.yml"
    path.write_text(path.read_text(encoding="utf-8").split("statements:")[0], encoding="utf-8")
    assert not any(each.new for each in sheet(built).claims)


def test_a_rejected_statement_is_held_back_until_its_figures_change():
    own = value(70)
    verdict = {"id": "finding--level--work", "verdict": "rejected", "figures": digest([(own.id, own.value)])}
    record = ReviewRecord.model_validate(
        {"by": "A", "on": "2025-06-30", "edition": "2025-06-30", "figures": {}, "verdicts": [verdict]}
    )
    held = HeldBack.of(record)
    assert held.holds("finding--level--work", [own]) and not held.holds("finding--level--work", [value(71)])
    assert not held.holds("finding--change--work", [own]) and not HeldBack.of(None).holds("finding--level--work", [own])


def test_a_finding_that_is_held_back_is_chosen_no_more_and_says_by_what(tiny_project, monkeypatch):
    catalogue = Catalogue.open(tiny_project)
    evidence = Evidence(catalogue, Store.open(tiny_project, catalogue.sources, catalogue.areas), "broxbourne")
    two = [candidate(1, indicators=("work",)), candidate(2, z=1.5, indicators=("flats",))]
    monkeypatch.setattr("placebook.findings.key_findings.level_candidates", lambda *given: two)
    monkeypatch.setattr("placebook.findings.key_findings.change_candidates", lambda *given: ())
    first = two[0].id
    free, held = KeyFindings(evidence), KeyFindings(evidence, lambda id_, values: id_ == first)
    assert [each.id for each in free.chosen.key] == [first, two[1].id]
    assert [each.id for each in held.chosen.key] == [two[1].id]
    assert {each.id: each.left_out for each in held.chosen.others} == {first: "review"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"by": "''"}, "form.yml: by: is not filled in"),
        ({"on": "''"}, "form.yml: on: is not filled in"),
        ({"on": "2031-01-01"}, "'2031-01-01' is no day up to today"),
        ({"on": "soon"}, "'soon' is no day up to today\n    → write the day as 2025-07-01"),
        ({"verdict": "perhaps"}, f"form.yml: {FINDING}: has the verdict 'perhaps'\n    → write accepted or rejected"),
        ({"verdict": "''"}, "has no verdict"),
        ({"tail": "- {id: claim--x, verdict: rejected}\n"}, "claim--x: is no statement of the page today"),
        ({"tail": "  x: [\n"}, "form.yml"),
    ],
)
def test_a_form_that_is_not_filled_is_refused_with_every_fault_and_writes_nothing(built, tmp_path, more, said):
    with pytest.raises(InputError) as caught:
        approve(built, tmp_path, **more)
    assert said in str(caught.value) and not built.reviews.exists()


def test_a_review_of_no_place_and_of_a_day_to_come_is_a_fault(built, tmp_path):
    approve(built, tmp_path)
    path = built.reviews / "broxbourne.yml"
    text = path.read_text(encoding="utf-8").replace("2025-06-30", "2031-01-01")
    path.rename(built.reviews / "broxborne.yml").write_text(text, encoding="utf-8")
    told = [str(fault) for fault in check(Catalogue.open(built), None, TODAY) if "reviews" in fault.file]
    assert any("there is no place 'broxborne'" in each and "'broxbourne'" in each for each in told)
    assert any("2031-01-01 lies in the future" in each for each in told)
