"""What a build does, in its order: places that changed, their chapters, the site."""

import json
from contextlib import contextmanager, nullcontext

import pytest

from placebook.build import build as course
from placebook.build.run_report import Journal
from placebook.build.standing import Order
from placebook.catalogue.load import Catalogue
from placebook.errors import BuildError
from placebook.evidence import query_log
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.execute import notebook, placeholder, warm, workers
from placebook.report import reading_trace
from placebook.site import compile, pdf, publish


@pytest.fixture
def steps(tiny_project, monkeypatch):
    """What a build does, in its order, with nothing really executed or compiled."""
    done: list[str] = []

    def places(project, wanted, order, heard, workers, crew):
        done.extend(wanted)
        for place in wanted:
            for made in (
                f"book/places/{place}.ipynb",
                f"_build/ledgers/{place}.json",
                f"_build/evidence/{place}/people.html",
                f"_build/downloads/{place}/{place}.csv",
            ):
                project.write(made, "{}")
            catalogue = Catalogue.open(project)
            evidence = Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), place)
            readings = {name: reading_trace.read(evidence, name) for name in catalogue.indicators}
            query_log.write(project.traces / f"{place}.json", reading_trace.trace(evidence, readings))
            heard(notebook.Outcome(place, 0.0, "broken" if place in broken else ""))

    def county(project, name, order, workers):
        done.append(name)
        project.write(f"book/counties/{name}.ipynb", "{}")
        project.write(f"_build/ledgers/counties/{name}.json", "{}")
        return notebook.Outcome(name, 0.0, "broken" if name in broken else "")

    broken: set[str] = set()
    monkeypatch.setattr(notebook, "execute_all", places)
    monkeypatch.setattr(notebook, "execute_chapter", county)
    monkeypatch.setattr(workers.Workers, "load", lambda self: None)
    monkeypatch.setattr(warm, "read_ahead", lambda project, place: None)
    monkeypatch.setattr(compile, "compile_html", lambda project, parts, ready, cores: done.append("compile"))
    monkeypatch.setattr(publish, "publish", lambda project, made, finish: None)
    monkeypatch.setattr(compile, "compiler", lambda project: nullcontext())
    # The ledgers are empty here: what the front page shows of them is another test.
    monkeypatch.setattr(course, "write_front_page", lambda *_: None)

    def build(wanted=(), fails=(), again=False, keep_going=False, cluster=""):
        done.clear()
        broken.clear()
        broken.update(fails)
        order = Order(list(wanted), again=again, keep_going=keep_going, cluster=cluster, kernel=warm.WARM)
        outcomes = course.build(tiny_project, order, lambda outcome: None)
        return outcomes, list(done)

    return build


def test_the_county_follows_its_places_and_the_compiler_comes_last(steps):
    outcomes, done = steps()
    assert done == ["broxbourne", "letchworth", "hertfordshire", "compile"]
    assert [outcome.place for outcome in outcomes] == ["broxbourne", "letchworth", "hertfordshire"]


def test_the_compiler_loads_its_libraries_beside_the_check(steps, monkeypatch):
    begun, check = [], course.open_checked
    monkeypatch.setattr(compile, "compiler", lambda project: (begun.append("compiler"), nullcontext())[1])
    monkeypatch.setattr(course, "open_checked", lambda project: (begun.append("check"), check(project))[1])
    steps()
    assert begun == ["compiler", "check"]


def test_what_all_pages_read_is_read_ahead_where_several_are_executed_and_not_for_one(steps, tiny_project, monkeypatch):
    asked = []
    monkeypatch.setattr(warm, "read_ahead", lambda project, place: asked.append(place))
    cold = course.build(tiny_project, Order(kernel=warm.COLD), lambda outcome: None)
    assert len(cold) > 2 and asked == []
    course.build(tiny_project, Order(again=True, kernel=warm.WARM), lambda outcome: None)
    assert asked == ["broxbourne"], "once, and before the tables are checked"
    course.build(tiny_project, Order(["letchworth"], again=True, kernel=warm.WARM), lambda outcome: None)
    tiny_project.replace("params/letchworth.yml", "for a test", "for a trial")
    course.build(tiny_project, Order(kernel=warm.WARM), lambda outcome: None)
    assert asked == ["broxbourne"]


def test_one_place_again_makes_the_chapter_again(steps):
    steps()
    assert steps(["letchworth"], again=True)[1] == ["letchworth", "hertfordshire", "compile"], (
        "a chapter too, where all is asked for again"
    )


def test_what_did_not_change_is_not_executed(steps, tiny_project):
    steps()
    outcomes, done = steps()
    assert done == ["compile"] and [outcome.unchanged for outcome in outcomes] == [True, True, True]
    path = tiny_project.params / "letchworth.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
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


def test_with_a_cluster_warm_processes_are_started_here_for_chapters_alone(steps, tiny_project, monkeypatch):
    started = []

    @contextmanager
    def processes(project, cold):
        started.append(cold)
        yield "of-chapters"

    asked = []
    monkeypatch.setattr(warm, "processes", processes)
    chapter = notebook.execute_chapter
    monkeypatch.setattr(notebook, "execute_chapter", lambda *given: asked.append(given[2].kernel) or chapter(*given))
    assert steps(cluster="tcp://127.0.0.1:1")[1] == ["broxbourne", "letchworth", "hertfordshire", "compile"]
    assert (started, asked) == ([False], ["of-chapters"])
    (tiny_project.counties / "hertfordshire.yml").unlink()
    assert steps(again=True, cluster="tcp://127.0.0.1:1")[1] == ["broxbourne", "letchworth", "compile"]
    assert steps(again=True)[1] == ["broxbourne", "letchworth", "compile"]
    assert started == [False]


def test_an_input_that_changes_during_the_build_stops_it_before_the_site(steps, tiny_project, monkeypatch):
    execute = notebook.execute_all
    table = next(tiny_project.tables.glob("*.csv"))
    was = table.read_bytes()

    def execute_and_change(*given):
        execute(*given)
        table.write_bytes(was + b"\n")

    monkeypatch.setattr(notebook, "execute_all", execute_and_change)
    with pytest.raises(BuildError, match="tables changed while the book was being built"):
        steps()
    monkeypatch.setattr(notebook, "execute_all", execute)
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
    made = course.forms(tiny_project, Catalogue.open(tiny_project), Order(formats=["html", "pdf"]))
    assert [file for _, file in made if file.endswith(".pdf")] == ["book.pdf", "letchworth.pdf"]


def test_what_went_wrong_is_words_on_the_page_not_markup(tiny_project):
    placeholder.place(tiny_project, "broxbourne", "Broxbourne", "KeyError: <script>alert(1)</script>\n\n# not a heading")
    page = said(tiny_project.place_pages / "broxbourne.ipynb")
    assert "<script" not in page and "&lt;script&gt;" in page
    assert [line for line in page.splitlines() if line.startswith("#")] == ["# Broxbourne"]


# ------------------------------------------------------------ the record


def record(project):
    return json.loads((project.build / "run.json").read_text(encoding="utf-8"))


def test_the_record_says_what_became_of_each_place_and_what_it_was_made_from(steps, tiny_project):
    steps()
    path = tiny_project.params / "letchworth.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    before = record(tiny_project)
    steps(fails=["letchworth"])
    held = record(tiny_project)
    assert [(p["place"], p["state"], p["because"]) for p in held["places"]] == [
        ("broxbourne", "unchanged", ""),
        ("letchworth", "failed", "changed: params"),
    ]
    assert {part for part in held["inputs"] if held["inputs"][part] != before["inputs"][part]} == {"params"}
    assert (
        list(before["stages"]) == ["check", "type and sheets", "places", "chapters", "compile", "publish"] and held["finished"]
    )
    assert list(held["stages"]) == ["check", "places"], "for one place nobody reads ahead, and nobody waits"
    assert sum(before["stages"].values()) <= before["seconds"] + 0.05
    assert held["peak_memory_mib"]["build"] > 10 and held["versions"]["papermill"]


def test_a_build_that_stops_half_way_leaves_its_record_too(steps, tiny_project, monkeypatch):
    monkeypatch.setattr(compile, "compile_html", lambda *_: (_ for _ in ()).throw(BuildError("torn")))
    with pytest.raises(BuildError, match="torn"):
        steps()
    assert record(tiny_project)["finished"] is False and len(record(tiny_project)["places"]) == 3


def test_progress_knows_how_many_there_are_and_what_is_going_on(steps, tiny_project):
    counted, stages = [], []
    course.build(tiny_project, Order(), lambda outcome: counted.append(outcome.place), counted.append, stages.append)
    assert counted[0] == 3 == len(counted[1:])
    assert stages == ["check", "places", "chapters", "compile", "publish"]


def test_a_stage_within_another_is_not_counted_twice(monkeypatch):
    clock = iter([0, 10, 11, 14, 20, 21, 22])
    monkeypatch.setattr("placebook.build.run_report.time.perf_counter", lambda: next(clock))
    journal = Journal(Order(), _begun=0)
    with journal.stage("compile"):  # from 0 to 21
        with journal.stage("PDFs"):  # 10 to 11
            pass
        with journal.stage("PDFs"):  # 14 to 20
            pass
    assert journal.stages == {"PDFs": (11 - 10) + (20 - 14), "compile": (21 - 0) - 7}


def test_without_pango_everything_else_is_put_in_place_and_the_lack_is_said(steps, tiny_project, monkeypatch):
    monkeypatch.setattr(pdf, "problem", lambda: "no Pango")
    placed = []

    def put(project, made, finish):
        (tiny_project.html / "_static").mkdir(parents=True)
        finish(tiny_project.html)
        placed.append(sorted(path.name for path in (tiny_project.html).glob("**/*.pdf")))

    monkeypatch.setattr(publish, "publish", put)
    with pytest.raises(BuildError, match="^no Pango$"):
        course.build(tiny_project, Order(formats=["html", "pdf"], kernel=warm.WARM), lambda outcome: None)
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
