"""What analysts answer to a finding stands in its tile, and is refused where there is no such finding."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from placebook.build.checked import open_checked
from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.evidence.store import Store
from placebook.execute.bake import bake
from placebook.execute.outcome import PLACE, Page
from placebook.incremental.fingerprints import Inputs
from placebook.incremental.pages import Pages
from placebook.markup import join, markup
from placebook.report import words
from placebook.report.answers import answers_unseen
from placebook.report.display import slot

FINDING = "finding--change--work"
DISTRICT = "name: Broxbourne\nkind: district\ncode: E07000095\n"


def explained(project, text, id_=FINDING, more=""):
    project.write("params/broxbourne.yml", f"{DISTRICT}{more}explain:\n  {id_}: {text}\n")
    return project


def page_with_slot():
    tile = join(
        [markup("# Town\n\n<div>A tile.{}</div>", slot(FINDING)), markup("<div>Another.{}</div>", slot("finding--level--pay"))]
    )
    output = new_output("display_data", {"text/markdown": str(tile)}, metadata={"placebook": {"kind": "markdown"}})
    return new_notebook(cells=[new_code_cell("page", outputs=[output])])


def ledger(project, **orders):
    entries = [{"kind": "finding", "id": id_.replace("_", "-"), "order": order} for id_, order in orders.items()]
    project.write("_build/ledgers/broxbourne.json", json.dumps({"entries": entries}))


def test_an_answer_stands_in_its_tile_and_an_empty_slot_is_gone(tiny_project):
    explained(tiny_project, "'The *works* closed.'")
    made = words.place_words(Catalogue.open(tiny_project).places["broxbourne"])
    (cell,) = bake(page_with_slot(), "town", made).cells
    answer = '<div class="pb-answer"><p class="pb-who">Local knowledge</p><p>The <em>works</em> closed.</p></div>'
    assert cell.source == f"# Town\n\n<div>A tile.{answer}</div><div>Another.</div>"


def test_it_says_who_reviewed_the_page(tiny_project):
    explained(tiny_project, "'Yes.'", more="review: {by: 'J. <b>Doe</b>', on: 2025-03-31}\n")
    answer = words.place_words(Catalogue.open(tiny_project).places["broxbourne"])[FINDING]
    assert "Local knowledge (J. &lt;b&gt;Doe&lt;/b&gt;)" in answer


def test_nothing_is_executed_for_an_answer(tiny_project):
    def inputs():
        catalogue = Catalogue.open(tiny_project)
        place = catalogue.places["broxbourne"]
        return Inputs(tiny_project).place(place.model_dump_json(exclude=words.PLACE_FIELDS))

    explained(tiny_project, "'One.'")
    before = inputs()
    explained(tiny_project, "'Two.'")
    assert inputs() == before
    page = Page(PLACE, "broxbourne")
    path = tiny_project.executed(PLACE, "broxbourne")
    path.parent.mkdir(parents=True)
    nbformat.write(page_with_slot(), path)
    for text in ("One", "Two"):
        catalogue = Catalogue.open(explained(tiny_project, f"'{text}.'"))
        store = Store.open(tiny_project, catalogue.sources, catalogue.areas)
        assert Pages(tiny_project, catalogue, store, lambda: True).bake(page) != ""
        assert f"<p>{text}.</p>" in tiny_project.page(PLACE, "broxbourne").read_text(encoding="utf-8")


@pytest.mark.parametrize("id_", ["finding--chnge--work", "finding--change--wrk"])
def test_an_answer_to_what_can_be_no_finding_is_refused_with_candidates_of_the_last_build(tiny_project, id_):
    explained(tiny_project, "'Yes.'", id_)
    ledger(tiny_project, finding__change__work=1, finding__level__work=None)
    with pytest.raises(InputError) as caught:
        open_checked(tiny_project)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.problem) == ("params/broxbourne.yml", 5, "no page can have such a finding")
    assert fault.remedy.startswith(f"did you mean '{FINDING}'")


def test_a_finding_newer_than_the_last_build_may_be_answered_before_the_next(tiny_project):
    explained(tiny_project, "'Yes.'", "finding--level--work")
    ledger(tiny_project, finding__change__work=1)
    open_checked(tiny_project)
    (fault,) = answers_unseen(tiny_project, Catalogue.open(tiny_project))
    assert fault.problem.startswith("the page as last built does not tell this finding")


def test_what_is_no_name_of_a_finding_is_refused_without_a_page(tiny_project):
    explained(tiny_project, "'Yes.'", "GDP")
    with pytest.raises(InputError, match="write a finding as the ledger names it, such as"):
        open_checked(tiny_project)


def test_an_answer_is_held_to_the_rules_of_words(tiny_project):
    explained(tiny_project, "'<b>x</b>'")
    with pytest.raises(InputError, match="holds raw HTML"):
        open_checked(tiny_project)


def test_an_answer_that_the_page_does_not_show_is_pointed_out(tiny_project):
    explained(tiny_project, "'Yes.'")
    ledger(tiny_project, finding__change__work=None, finding__level__work=1)
    (fault,) = answers_unseen(tiny_project, Catalogue.open(tiny_project))
    assert (fault.line, fault.remedy) == (5, "it tells finding--level--work")
    ledger(tiny_project, finding__change__work=1)
    assert list(answers_unseen(tiny_project, Catalogue.open(tiny_project))) == []
