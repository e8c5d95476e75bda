"""A page that runs in its own process says and shows the same as one that Papermill runs in a kernel."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from papermill.engines import papermill_engines
from templates import SHOWS, execute_one, template

from placebook.execute import bake
from placebook.execute.engine import ENGINE, InProcess
from placebook.execute.outcome import COUNTY, PLACE, Page
from placebook.execute.pool import execute_all

pytestmark = pytest.mark.forks
COUNTY_TEMPLATE = Path(__file__).parents[2] / "notebooks" / "county.ipynb"
PAGE = Page(PLACE, "letchworth")
FAILS = "print('before')\nimport sys\nprint('aside', file=sys.stderr)\nraise ValueError(f'{place} of all')"


def test_papermill_finds_the_engine_by_its_entry_point():
    assert papermill_engines.get_engine(ENGINE) is InProcess


def page_of(project, cold):
    outcome = execute_one(project, cold=cold)
    assert not outcome.failed, outcome.problem
    bake.write_page(project, PAGE, {})
    return project.page(PLACE, "letchworth").read_bytes()


def test_a_cell_that_fails_says_the_same_in_both(tiny_project):
    template(tiny_project, SHOWS, FAILS, SHOWS)
    problems, logs = [], []
    for cold in (True, False):
        problems.append(execute_one(tiny_project, cold=cold).problem)
        log = (tiny_project.logs / "letchworth.log").read_text(encoding="utf-8")
        logs.append(re.sub(r"\x1b\[[\d;]*m|(File|Cell).*", "", log))
    assert problems[0] == problems[1] and "ValueError: letchworth of all (cell: print('before')" in problems[0]
    for log in logs:
        assert log.startswith("letchworth: failed") and log.rstrip().endswith("ValueError: letchworth of all")
        assert "raise ValueError(f'{place} of all')" in log


@pytest.mark.parametrize("code", ["place", "1 / 0 #", "def", "from IPython.display import HTML\nHTML('<p>a</p>')", "exit()\n2"])
def test_what_is_no_part_of_a_page_is_refused_the_same_in_both(tiny_project, code):
    template(tiny_project, SHOWS, code)
    problems = []
    for cold in (True, False):
        problem = execute_one(tiny_project, cold=cold).problem
        if not problem:
            with pytest.raises(Exception, match="neither text nor a figure of the page") as refused:
                bake.write_page(tiny_project, PAGE, {})
            problem = str(refused.value)
        problems.append(re.sub(r"\(\S+, line", "(its file, line", problem))
    assert problems[0] == problems[1]


@pytest.mark.parametrize(
    "code",
    [
        "import asyncio\nawait asyncio.sleep(0)",
        "%matplotlib inline",
        "!echo said",
        "exit()",
        "%%capture\nprint(place)\nshow_markdown(markup('kept to itself'))",
        "from IPython.display import clear_output\nshow_markdown(markup('a'))\nclear_output()\nshow_markdown(markup('b'))",
        "handle = display({'text/markdown': 'old'}, raw=True, metadata={'placebook': {'kind': 'markdown'}}, display_id='a')\n"
        "from IPython.display import update_display\n"
        "update_display({'text/markdown': 'new'}, raw=True, metadata={'placebook': {'kind': 'markdown'}}, display_id='a')",
    ],
)
def test_what_else_a_cell_may_do_gives_the_same_page_in_both(tiny_project, code):
    template(tiny_project, SHOWS, code, "show_markdown(markup('the end'))")
    pages = [page_of(tiny_project, cold) for cold in (True, False)]
    assert pages[0] == pages[1] and b"the end" in pages[0]


def test_a_county_s_chapter_is_the_same_in_both(tiny_project):
    tiny_project.write("notebooks/county.ipynb", COUNTY_TEMPLATE.read_text(encoding="utf-8"))
    for slug, code in (("broxbourne", "E07000095"), ("letchworth", "E07000099")):
        place = {"slug": slug, "name": slug.title(), "kind": "district", "district": code}
        tiny_project.write(f"_build/ledgers/{slug}.json", json.dumps({"place": place, "page": {}, "entries": []}))
    pages = []
    page = Page(COUNTY, "hertfordshire")
    for cold in (True, False):
        outcomes = []
        execute_all(tiny_project, [page], 1, 60, cold, outcomes.append)
        (outcome,) = outcomes
        assert not outcome.failed, outcome.problem
        assert {"kernel", "opening", "show_gaps", "close"} <= set(outcome.stages)
        assert sum(outcome.stages.values()) <= outcome.seconds + 0.1
        log = (tiny_project.logs / "hertfordshire.log").read_text(encoding="utf-8")
        assert log.startswith("hertfordshire: done in ") and " s  show_gaps\n" in log
        assert ("engine: a kernel of its own\n" in log) == cold
        assert (outcome.memory is None) == cold
        bake.write_page(tiny_project, page, {"story": ""})
        pages.append(tiny_project.page(COUNTY, "hertfordshire").read_bytes())
    assert pages[0] == pages[1]
    assert outcome.memory is not None and 50 < outcome.memory < 2000, "MiB"
    assert "highest memory of its process" in log


def test_the_executed_notebook_is_one_that_anybody_can_open(tiny_project):
    template(tiny_project, SHOWS, "print('aside')")
    assert not execute_one(tiny_project).failed
    executed = nbformat.read(tiny_project.executed(PLACE, "letchworth"), as_version=4)
    nbformat.validate(executed)
    assert [cell.execution_count for cell in executed.cells if cell.cell_type == "code"] == [1, 2, 3, 4]
    assert executed.metadata.papermill.parameters == {"place": "letchworth"}
    assert executed.cells[-1].outputs[0].text == "aside\n"
