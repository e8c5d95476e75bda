"""What is published of pages is theirs, whatever else lies there goes; what changed since a kept edition is put in late."""

import json

import nbformat

from placebook.catalogue.load import Catalogue
from placebook.compare import editions
from placebook.evidence.store import Store
from placebook.execute.outcome import COUNTY, PLACE, Page, executed_files
from placebook.incremental.pages import Pages


def test_what_was_made_of_pages_that_are_gone_goes_and_what_nobody_made(tiny_project):
    catalogue = Catalogue.open(tiny_project)
    pages = Pages(tiny_project, catalogue, Store.open(tiny_project, catalogue.sources), lambda: True)
    gone = [Page(PLACE, "ware"), Page(COUNTY, "kent")]
    stays = [*pages.places, *pages.counties]
    assert [page.slug for page in stays] == ["broxbourne", "letchworth", "hertfordshire"]
    for page in (*gone, *stays):
        for path in (*executed_files(tiny_project, page), tiny_project.page(page.kind, page.slug)):
            if path.suffix:
                tiny_project.write(str(path), "{}")
            else:
                tiny_project.write(f"{path}/made.csv", "a")
    strays = [
        tiny_project.write(name, "a")
        for name in (
            "_build/downloads/more.csv",
            "book/places/more.md",
            "_build/evidence/ware.html",
            "_build/ledgers/kent.json",
        )
    ]
    pages.drop_others()
    for page in gone:
        assert not any(path.exists() for path in (*executed_files(tiny_project, page), tiny_project.page(page.kind, page.slug)))
    for page in stays:
        assert all(path.exists() for path in (*executed_files(tiny_project, page), tiny_project.page(page.kind, page.slug)))
    assert not any(path.exists() for path in strays)


# ------------------------------------------------------------ what changed since a kept edition


def executed(project, slug):
    """A page that shows its title and what changed."""
    about = [("markdown", f"# {slug}", {"kind": "markdown"}), ("markdown", "", {"kind": "words", "name": "what changed"})]
    outputs = [
        {"output_type": "display_data", "data": {f"text/{kind}": text}, "metadata": {"placebook": more}}
        for kind, text, more in about
    ]
    cell = {"cell_type": "code", "metadata": {}, "source": "", "outputs": outputs, "execution_count": 1, "id": "a"}
    notebook = nbformat.from_dict({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    project.write(str(project.executed(PLACE, slug)), nbformat.writes(notebook))


def ledger(project, slug, number):
    value = dict.fromkeys(editions.VALUE, "") | {"kind": "value", "id": "v", "indicator": "jobs", "role": "place"}
    value |= {"period": "2023-01-01/P1Y", "unit": "percent", "value": number, "lower": None, "upper": None, "markers": []}
    project.write(f"_build/ledgers/{slug}.json", json.dumps({"place": {"name": slug}, "entries": [value]}))


def baked(project, slug="broxbourne"):
    """Why a page was made again, and what it says below its title; as a build does it, each time from nothing."""
    catalogue = Catalogue.open(project)
    pages = Pages(project, catalogue, Store.open(project, catalogue.sources), lambda: True)
    why = pages.bake(Page(PLACE, slug))
    cells = nbformat.read(project.page(PLACE, slug), as_version=4).cells
    return why, "".join(cell.source for cell in cells[1:])


def test_a_page_is_made_again_for_an_edition_newly_kept_and_for_another_ledger_and_for_nothing_else(tiny_project):
    executed(tiny_project, "broxbourne")
    ledger(tiny_project, "broxbourne", 70.0)
    assert baked(tiny_project) == ("not built yet", "")
    ledger(tiny_project, "broxbourne", 71.0)
    assert baked(tiny_project) == ("", ""), "where no edition is kept no ledger is read"
    editions.keep(tiny_project, "2025-06")
    why, said = baked(tiny_project)
    assert why == "changed: edition" and "Nothing on this page has changed since the edition 2025-06" in said
    assert baked(tiny_project)[0] == ""
    ledger(tiny_project, "broxbourne", 72.0)
    why, said = baked(tiny_project)
    assert why == "changed: edition" and "What changed here since 2025-06: 1 revised figure<" in said
    editions.keep(tiny_project, "2025-07")
    why, said = baked(tiny_project)
    assert why == "changed: edition" and "since the edition 2025-07" in said


def test_what_changed_is_not_worked_out_for_a_page_that_stands(tiny_project, monkeypatch):
    executed(tiny_project, "broxbourne")
    ledger(tiny_project, "broxbourne", 70.0)
    editions.keep(tiny_project, "2025-06")
    baked(tiny_project)
    monkeypatch.setattr(editions, "kept_place", None)
    assert baked(tiny_project)[0] == ""


def test_a_kept_edition_is_no_input_of_execution(tiny_project):
    catalogue = Catalogue.open(tiny_project)
    pages = Pages(tiny_project, catalogue, Store.open(tiny_project, catalogue.sources), lambda: True)
    before = [pages._execution_inputs(page) for page in (*pages.places, *pages.counties)]
    ledger(tiny_project, "luton", 70.0)
    editions.keep(tiny_project, "2025-06")
    after = Pages(tiny_project, catalogue, pages._stale.store, lambda: True)
    assert before == [after._execution_inputs(page) for page in (*after.places, *after.counties)]
