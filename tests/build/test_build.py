"""What a build does, in its order: places that changed, their chapters, the site."""

import io
import json
import subprocess
import sys

import nbformat
import pytest
from rich.console import Console

from placebook.build import build as course
from placebook.build import forms
from placebook.build.order import Order
from placebook.build.progress import Display
from placebook.build.run_report import RunReport
from placebook.catalogue.load import Catalogue
from placebook.errors import BuildError
from placebook.evidence import query_log
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.execute import bake, cluster, pool
from placebook.execute.outcome import COUNTY, PLACE, Outcome, Page
from placebook.report import reading_trace
from placebook.report.brief import Brief
from placebook.site import compile, pdf, publish

NO_BRIEF = Brief("ayton", "Ayton", "District.", "", (), "", ()).record()


@pytest.fixture
def steps(tiny_project, monkeypatch):
    """What a build does, in its order, with nothing really executed or compiled."""
    done: list[str] = []

    def execute_all(project, pages, workers, time_limit, cold, heard):
        for page in pages:
            done.append(page.slug)
            if page.slug in broken:
                heard(Outcome(page.slug, 0.0, "broken"))
                continue
            output = {"output_type": "display_data", "data": {"text/markdown": f"# {page.slug}"}}
            output["metadata"] = {"placebook": {"kind": "markdown"}}
            words = {"summary": "summary"} if page.kind == PLACE else {"story": "story"}
            shown = [{**output, "metadata": {"placebook": {"kind": "words", "name": name}}} for name in words]
            cell = {
                "cell_type": "code",
                "metadata": {},
                "source": "",
                "outputs": [output, *shown],
                "execution_count": 1,
                "id": "a",
            }
            notebook = nbformat.from_dict({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
            project.write(str(project.executed(page.kind, page.slug)), nbformat.writes(notebook))
            if page.kind == COUNTY:
                project.write(f"_build/ledgers/counties/{page.slug}.json", "{}")
            else:
                made_of_place(project, page.slug)
            heard(Outcome(page.slug, 0.0))

    def made_of_place(project, place):
        for made in (
            f"_build/ledgers/{place}.json",
            f"_build/evidence/{place}/people.html",
            f"_build/downloads/{place}/{place}.csv",
        ):
            project.write(made, "{}")
        ledger = {"slug": place, "name": place, "kind": "district", "district": "E07000095", "page": {}, "entries": []}
        project.write(f"_build/summaries/{place}.json", json.dumps({"counts": [1, 2, 3], "ledger": ledger, "brief": NO_BRIEF}))
        catalogue = Catalogue.open(project)
        evidence = Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), place)
        readings = {name: reading_trace.read(evidence, name) for name in catalogue.indicators}
        query_log.write(project.traces / f"{place}.json", reading_trace.trace(evidence, readings))

    broken: set[str] = set()
    monkeypatch.setattr(pool, "execute_all", execute_all)
    monkeypatch.setattr(compile, "COMMAND", [sys.executable, "-c", "input()"])  # loads nothing, and waits until it is asked
    monkeypatch.setattr(compile, "compile_html", lambda project, parts, cores, compiler, _: done.append("compile"))
    monkeypatch.setattr(publish, "publish", lambda project, made, finish: None)
    # The ledgers are empty here: what the front page shows of them is another test.
    monkeypatch.setattr(course, "write_generated_pages", lambda *_: None)

    def build(wanted=(), fails=(), again=False, keep_going=False, address="", **more):
        done.clear()
        broken.clear()
        broken.update(fails)
        outcomes = course.build(tiny_project, Order(list(wanted), again=again, keep_going=keep_going, cluster=address, **more))
        return outcomes, list(done)

    return build


def test_the_county_follows_its_places_and_the_compiler_comes_last(steps):
    outcomes, done = steps()
    assert done == ["broxbourne", "letchworth", "hertfordshire", "compile"]
    assert [outcome.place for outcome in outcomes] == ["broxbourne", "letchworth", "hertfordshire"]


def test_one_place_again_makes_the_chapter_again(steps):
    steps()
    assert steps(["letchworth"], again=True)[1] == ["letchworth", "hertfordshire", "compile"], (
        "a chapter too, where all is asked for again"
    )


def test_what_did_not_change_is_not_executed(steps, tiny_project):
    steps()
    outcomes, done = steps()
    assert done == ["compile"] and [outcome.unchanged for outcome in outcomes] == [True, True, True]
    tiny_project.replace("params/letchworth.yml", "[E01000001, E01000002]", "[E01000001]")
    outcomes, done = steps()
    assert done == ["letchworth", "compile"], "the ledger came back the same, so the chapter stands"
    assert {outcome.place: outcome.why for outcome in outcomes} == {
        "broxbourne": "",
        "letchworth": "changed: params",
        "hertfordshire": "",
    }


def test_a_changed_row_makes_again_only_the_place_that_shows_it(steps, tiny_project):
    steps()
    text = (tiny_project.tables / "jobs.csv").read_text(encoding="utf-8")
    tiny_project.table("jobs", text.replace("rate,,,75,70,80", "rate,,,74,70,80"))
    outcomes, done = steps()
    assert done == ["letchworth", "compile"] and outcomes[1].why == "changed: Employment rate"
    assert steps()[1] == ["compile"]


def test_a_place_that_was_not_named_when_its_row_changed_is_not_taken_for_new(steps, tiny_project):
    steps()
    text = (tiny_project.tables / "jobs.csv").read_text(encoding="utf-8")
    tiny_project.table("jobs", text.replace("rate,,,75,70,80", "rate,,,74,70,80"))
    assert "letchworth" not in steps(["broxbourne"])[1]
    assert not (tiny_project.cache / "records" / "book.json").exists(), "the book does not stand"
    assert steps()[1] == ["letchworth", "compile"]


def test_a_place_that_is_not_named_stays_as_it_was_made_and_is_not_taken_for_new(steps, tiny_project):
    steps()
    tiny_project.replace("params/broxbourne.yml", "kind: district", "kind: district\ncounty: hertfordshire")
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


def test_with_a_cluster_its_workers_execute_the_places_and_this_machine_the_chapters(steps, monkeypatch):
    places = []

    def on_cluster(project, pages, address, time_limit, cold, done):
        places.extend(page.slug for page in pages)
        pool.execute_all(project, pages, 1, time_limit, cold, done)

    monkeypatch.setattr(cluster, "execute_all", on_cluster)
    monkeypatch.setattr(cluster, "knock", lambda address: None)
    assert steps(address="tcp://127.0.0.1:1")[1] == ["broxbourne", "letchworth", "hertfordshire", "compile"]
    assert places == ["broxbourne", "letchworth"]
    steps(address="tcp://127.0.0.1:1")
    assert places == ["broxbourne", "letchworth"], "nobody is asked where nothing is to be done"


# ------------------------------------------------------------ words


def source(path):
    return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def test_a_changed_word_costs_no_execution_and_stands_on_the_page(steps, tiny_project):
    steps()
    assert source(tiny_project.page(PLACE, "broxbourne")) == ["# broxbourne"]
    tiny_project.write(
        "params/broxbourne.yml", "name: Broxbourne\nkind: district\ncode: E07000095\nnarrative: {summary: A word.}\n"
    )
    outcomes, done = steps()
    assert done == ["compile"] and {outcome.place: outcome.why for outcome in outcomes} == {
        "broxbourne": "changed: words",
        "letchworth": "",
        "hertfordshire": "",
    }
    assert source(tiny_project.page(PLACE, "broxbourne")) == ["# broxbourne", "<p>A word.</p>"]
    assert all(outcome.unchanged for outcome in steps()[0])


def test_a_changed_word_of_a_county_costs_no_execution(steps, tiny_project):
    steps()
    path = tiny_project.counties / "hertfordshire.yml"
    path.write_text(path.read_text(encoding="utf-8") + "story: A word.\n", encoding="utf-8")
    outcomes, done = steps()
    assert done == ["compile"] and [outcome.why for outcome in outcomes] == ["", "", "changed: words"]
    assert source(tiny_project.page(COUNTY, "hertfordshire")) == ["# hertfordshire", "<p>A word.</p>"]


def test_a_review_and_how_a_town_was_chosen_are_words_too(steps, tiny_project):
    steps()
    tiny_project.replace("params/letchworth.yml", "for a test.", "for a trial.\nreview: {by: Nobody, on: 2025-06-30}")
    outcomes, done = steps()
    assert done == ["compile"] and outcomes[1].why == "changed: words"


def test_words_of_a_place_that_is_not_named_stay_as_they_were(steps, tiny_project):
    steps()
    tiny_project.write(
        "params/broxbourne.yml", "name: Broxbourne\nkind: district\ncode: E07000095\nnarrative: {summary: A word.}\n"
    )
    steps(["letchworth"])
    assert source(tiny_project.page(PLACE, "broxbourne")) == ["# broxbourne"]


def test_a_template_that_shows_what_is_no_part_of_a_page_fails_its_page(steps, tiny_project, monkeypatch):
    execute = pool.execute_all

    def spoiled(project, pages, *given):
        *more, done = given

        def spoil(outcome):
            path = project.executed(PLACE, outcome.place)
            if outcome.place == "letchworth":
                path.write_text(path.read_text(encoding="utf-8").replace('"markdown"', '"else"'), encoding="utf-8")
            done(outcome)

        execute(project, pages, *more, spoil)

    monkeypatch.setattr(pool, "execute_all", spoiled)
    outcomes, done = steps()
    assert [outcome.failed for outcome in outcomes] == [False, True] and "compile" not in done
    assert "neither text nor a figure of the page" in outcomes[1].problem
    assert (tiny_project.logs / "letchworth.log").read_text(encoding="utf-8").startswith("letchworth: failed")


# ------------------------------------------------------------ what goes wrong


def test_an_input_that_changes_during_the_build_stops_it_before_the_site(steps, tiny_project, monkeypatch):
    execute = pool.execute_all
    table = next(tiny_project.tables.glob("*.csv"))
    was = table.read_bytes()

    def execute_and_change(*given):
        execute(*given)
        table.write_bytes(was + b"\n")

    monkeypatch.setattr(pool, "execute_all", execute_and_change)
    with pytest.raises(BuildError, match="tables changed while the book was being built"):
        steps()
    monkeypatch.setattr(pool, "execute_all", execute)
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


# ------------------------------------------------------------ the rest all the same


def said(path):
    return "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])


def test_with_keep_going_a_page_says_that_a_place_failed_and_the_rest_is_compiled(steps, tiny_project):
    steps()
    outcomes, done = steps(["broxbourne"], fails=["broxbourne"], again=True, keep_going=True)
    assert done == ["broxbourne", "compile"], "the chapter cannot be made without its figures"
    assert [outcome.place for outcome in outcomes if outcome.failed] == ["broxbourne", "hertfordshire"]
    page = said(tiny_project.place_pages / "broxbourne.ipynb")
    assert page.startswith("# Broxbourne\n") and "could not be made in this edition" in page and "broken" in page
    chapter = said(tiny_project.county_pages / "hertfordshire.ipynb")
    assert chapter.startswith("# Hertfordshire\n") and "needs the figures of broxbourne" in chapter


def test_alone_a_place_is_made_without_the_others_which_say_so_and_the_next_build_makes_them(steps, tiny_project):
    outcomes, done = steps(["broxbourne"], preview=True, alone=True)
    assert done == ["broxbourne", "compile"]
    assert {outcome.place: outcome.state for outcome in outcomes} == {
        "broxbourne": "rebuilt",
        "letchworth": "left out",
        "hertfordshire": "left out",
    }
    for page in (tiny_project.place_pages / "letchworth.ipynb", tiny_project.county_pages / "hertfordshire.ipynb"):
        assert "this is a preview of another place" in said(page)
    assert "Broxbourne" not in said(tiny_project.county_pages / "hertfordshire.ipynb")
    assert steps()[1] == ["letchworth", "hertfordshire", "compile"]
    assert steps(["broxbourne"], preview=True, alone=True)[0][1].state == "unchanged", "what was made before stays"
    assert "not be made" not in said(tiny_project.place_pages / "letchworth.ipynb")


def test_a_place_that_fails_alone_stops_the_build(steps):
    outcomes, done = steps(["broxbourne"], fails=["broxbourne"], preview=True, alone=True)
    assert "compile" not in done and [outcome.place for outcome in outcomes if outcome.failed] == ["broxbourne"]


def test_the_compiler_that_loads_meanwhile_ends_with_the_build_whether_or_not_it_is_asked(steps, monkeypatch):
    start, started = subprocess.Popen, []

    def heard(*given, **more):
        started.append(start(*given, **more))
        return started[-1]

    monkeypatch.setattr(compile.subprocess, "Popen", heard)
    steps()
    steps(["broxbourne"], fails=["broxbourne"], again=True)
    assert [process.poll() is not None for process in started] == [True, True]


def test_no_build_takes_a_preview_for_the_book(steps, tiny_project):
    record = tiny_project.cache / "records" / "book.json"
    steps(preview=True)
    assert not record.exists()
    steps()
    assert record.exists()
    steps(preview=True)
    assert not record.exists()


def test_nothing_older_of_a_failed_place_passes_for_new(steps, tiny_project):
    steps()
    steps(["broxbourne"], fails=["broxbourne"], again=True, keep_going=True)
    assert not (tiny_project.ledgers / "broxbourne.json").exists()
    assert not list(tiny_project.evidence.glob("broxbourne/*")) + list(tiny_project.downloads.glob("broxbourne/*"))
    assert (tiny_project.ledgers / "letchworth.json").exists()


def test_the_next_build_tries_a_failed_place_again(steps, tiny_project):
    steps(fails=["broxbourne"], keep_going=True)
    outcomes, done = steps()
    assert done == ["broxbourne", "hertfordshire", "compile"] and not any(o.failed for o in outcomes)


def test_where_all_fail_nothing_is_compiled(steps):
    outcomes, done = steps(fails=["broxbourne", "letchworth"], keep_going=True)
    assert "compile" not in done and all(outcome.failed for outcome in outcomes)


@pytest.mark.pango
def test_a_place_that_failed_has_no_pdf(steps, tiny_project):
    steps(fails=["broxbourne"], keep_going=True)
    made = forms.forms(tiny_project, Catalogue.open(tiny_project), Order(formats=["html", "pdf"]))
    assert [file for _, file in made if file.endswith(".pdf")] == ["book.pdf", "letchworth-summary.pdf", "letchworth.pdf"]


def test_the_head_of_a_page_leads_to_the_forms_that_were_made_of_it(tiny_project):
    page = tiny_project.root / "ayton.html"
    page.write_text(f"<p>1</p>{forms.HEAD}All</p>", encoding="utf-8")
    forms._offer(page, [])
    assert page.read_text(encoding="utf-8") == f"<p>1</p>{forms.HEAD}All</p>"
    made = forms.of_place("ayton", Order(formats=["html", "word"]))
    assert made == [("in two pages (Word)", "ayton-summary.docx")]
    assert forms.of_place("ayton", Order(["beeton"], formats=["html", "word"])) == [], "it was not asked for"
    forms._offer(page, made)
    link = '<a href="../../downloads/ayton-summary.docx" download>In two pages (Word)</a> · '
    assert page.read_text(encoding="utf-8") == f"<p>1</p>{forms.HEAD}{link}All</p>"
    page.write_text("<p>another head</p>", encoding="utf-8")
    with pytest.raises(BuildError, match="ayton.html has no line of downloads"):
        forms._offer(page, made)


@pytest.mark.parametrize(
    ("declared", "address"),
    [
        ("", ""),
        ("html: {baseurl: 'https://places.gov.uk/book'}\n", "https://places.gov.uk/book/"),
        ("html: {baseurl: 'javascript:alert(1)'}\n", ""),
    ],
)
def test_the_public_address_is_that_of_the_configuration(tiny_project, declared, address):
    text = tiny_project.config.read_text(encoding="utf-8")
    tiny_project.config.write_text(f"{text}\n{declared}", encoding="utf-8")
    assert forms.public_address(tiny_project) == address


def test_what_went_wrong_is_words_on_the_page_not_markup(tiny_project):
    bake.write_placeholder(
        tiny_project, Page(PLACE, "broxbourne"), "Broxbourne", "KeyError: <script>alert(1)</script>\n\n# not a heading"
    )
    page = said(tiny_project.place_pages / "broxbourne.ipynb")
    assert "<script" not in page and "&lt;script&gt;" in page
    assert [line for line in page.splitlines() if line.startswith("#")] == ["# Broxbourne"]


# ------------------------------------------------------------ the record


def record(project):
    return json.loads((project.build / "run.json").read_text(encoding="utf-8"))


def test_the_record_says_what_became_of_each_place_and_what_it_was_made_from(steps, tiny_project):
    steps()
    tiny_project.replace("params/letchworth.yml", "[E01000001, E01000002]", "[E01000001]")
    before = record(tiny_project)
    steps(fails=["letchworth"])
    held = record(tiny_project)
    assert [(p["place"], p["state"], p["because"]) for p in held["places"]] == [
        ("broxbourne", "unchanged", ""),
        ("letchworth", "failed", "changed: params"),
    ]
    assert {part for part in held["inputs"] if held["inputs"][part] != before["inputs"][part]} == {"params"}
    assert list(before["stages"]) == ["check", "places", "chapters", "compile", "publish"] and held["finished"]
    assert list(held["stages"]) == ["check", "places", "chapters"]
    assert sum(before["stages"].values()) <= before["seconds"] + 0.05
    assert held["peak_memory_mib"]["build"] > 10 and held["versions"]["papermill"]


def test_a_build_that_stops_half_way_leaves_its_record_too(steps, tiny_project, monkeypatch):
    monkeypatch.setattr(compile, "compile_html", lambda *_: (_ for _ in ()).throw(BuildError("torn")))
    with pytest.raises(BuildError, match="torn"):
        steps()
    assert record(tiny_project)["finished"] is False and len(record(tiny_project)["places"]) == 3


def test_progress_is_shown_place_by_place(steps, tiny_project):
    steps()
    stream = io.StringIO()
    course.build(tiny_project, Order(["broxbourne"], again=True), Console(file=stream))
    assert [line.partition(" in ")[0] for line in stream.getvalue().splitlines()] == [
        "[1/3] letchworth: unchanged",
        "[2/3] broxbourne: rebuilt",
        "[3/3] hertfordshire: rebuilt",
    ]


def test_a_stage_within_another_is_not_counted_twice(tiny_project, monkeypatch):
    clock = iter([0, 10, 11, 14, 20, 21])
    monkeypatch.setattr("placebook.build.run_report.time.perf_counter", lambda: next(clock))
    report = RunReport(tiny_project, Order(), Display(Console(quiet=True), 1))
    with report.stage("compile"):  # from 0 to 21
        with report.stage("PDFs"):  # 10 to 11
            pass
        with report.stage("PDFs"):  # 14 to 20
            pass
    assert report.stages == {"PDFs": (11 - 10) + (20 - 14), "compile": (21 - 0) - 7}


def test_without_pango_everything_else_is_put_in_place_and_the_lack_is_said(steps, tiny_project, monkeypatch):
    monkeypatch.setattr(pdf, "problem", lambda: "no Pango")
    placed = []

    def put(project, made, finish):
        (tiny_project.html / "_static").mkdir(parents=True)
        finish(tiny_project.html)
        placed.append(sorted(path.name for path in (tiny_project.html).glob("**/*.pdf")))

    monkeypatch.setattr(publish, "publish", put)
    with pytest.raises(BuildError, match="^no Pango$"):
        course.build(tiny_project, Order(formats=["html", "pdf"]))
    assert placed == [[]]
    assert not (tiny_project.cache / "records" / "book.json").exists(), "the next build tries again"


def test_a_page_that_somebody_changed_is_made_again_whoever_is_named(steps, tiny_project):
    steps()
    tiny_project.write("_build/evidence/broxbourne/people.html", "{ }")
    assert steps(["letchworth"])[1][0] == "broxbourne"


def test_what_nobody_made_among_what_is_published_is_deleted(steps, tiny_project):
    tiny_project.write("_build/downloads/more.csv", "a")
    tiny_project.write("book/places/more.md", "# More")
    steps()
    assert not (tiny_project.downloads / "more.csv").exists() and not (tiny_project.place_pages / "more.md").exists()
