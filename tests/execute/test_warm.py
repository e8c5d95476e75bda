"""Warm pages: a process of its own for each, none left behind, the same as from a cold kernel."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from ast import literal_eval
from pathlib import Path
from textwrap import indent
from threading import Thread

import nbformat
import pytest
from nbformat import v4

from placebook.execute import forks, notebook, warm
from placebook.execute.warm import COLD, WARM
from placebook.paths import Project

pytestmark = pytest.mark.forks
ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "notebooks" / "county.ipynb"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for the tests of this file."""
    folder = tmp_path_factory.mktemp("warm")
    with warm.processes(Project(folder)) as kernel:
        assert kernel == WARM
        yield folder


def template(project, *code):
    """A place's template of these cells."""
    parameters = v4.new_code_cell('place = ""', metadata={"tags": ["parameters"]}, id="parameters")
    cells = [v4.new_code_cell(text, id=f"cell-{at}") for at, text in enumerate(code)]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    project.write("notebooks/place.ipynb", nbformat.writes(v4.new_notebook(cells=[parameters, *cells], metadata=about)))


SHOWS = """from placebook.markup import markup
from placebook.report.display import show_markdown
show_markdown(markup("# {}", place))"""


def says(project, code):
    """What a piece of code prints on a warm page, which is made."""
    said = project.root / "said.txt"
    template(project, f"def tell():\n{indent(code, '    ')}", SAYS.format(said=str(said)), SHOWS)
    outcome = notebook.execute(project, "letchworth", kernel=WARM)
    assert not outcome.failed, outcome.problem
    return said.read_text(encoding="utf-8").strip()


SAYS = """
from contextlib import redirect_stdout
with open({said!r}, "w", encoding="utf-8") as said, redirect_stdout(said):
    tell()
"""


def test_a_page_has_the_libraries_and_its_server_no_thread_to_fear(server, tiny_project):
    assert says(tiny_project, "import sys; print('placebook.report.page' in sys.modules)") == "True"
    names = says(
        tiny_project,
        "import os\nfrom pathlib import Path\n"
        "print([path.read_text().strip() for path in Path(f'/proc/{os.getppid()}/task').glob('*/comm')])",
    )
    # A fork of a process with threads may wait for ever; jemalloc, which Arrow brings along, sees to its own.
    assert len([name for name in literal_eval(names) if name != "jemalloc_bg_thd"]) == 1, names


LACKS = f"import sys; print(sorted(set({forks.SOME}) - set(sys.modules)))"
"""What of the libraries that only some pages need a page would have to load itself."""


def waits(known):
    """The process that was not known before has slept, using nothing, for a quarter of a second."""
    (process,) = children() - known
    seen = set()
    for _ in range(6):
        state, *fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        seen.add((state, *fields[10:12]))  # seconds in user and kernel mode, in ticks
        select.select([], [], [], 0.05)
    return len(seen) == 1 and state == "S"


def children():
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def test_what_small_areas_need_is_loaded_while_nobody_has_asked_yet(tiny_project):
    known = children()
    with warm.processes(tiny_project):
        until = time.monotonic() + warm.START
        while not waits(known):
            assert time.monotonic() < until
        assert says(tiny_project, LACKS) == "[]"


def test_what_small_areas_need_is_not_loaded_for_pages_that_have_none(tiny_project):
    with warm.processes(tiny_project):
        assert [says(tiny_project, LACKS) for _ in range(3)] == [str(sorted(forks.SOME))] * 3, "asked from the first on"


def test_what_small_areas_need_is_loaded_before_the_first_page_of_a_place_that_has_them(tiny_project):
    shutil.copytree(ROOT / "data" / "geography" / "outlines", tiny_project.geography / "outlines")
    with warm.processes(tiny_project):
        warm.read_ahead(tiny_project, "broxbourne")
        assert says(tiny_project, LACKS) == "[]"


def test_what_a_page_had_to_load_is_loaded_for_those_that_follow(tiny_project):
    loads = "".join(f"import {name}\n" for name in forks.SOME)
    with warm.processes(tiny_project):
        assert says(tiny_project, f"{loads}{LACKS}") == "[]"
        assert "[]" in [says(tiny_project, LACKS) for _ in range(9)], "while one page is made, its server has time for the next"


OPENED = """
from placebook.evidence.store import Store
from placebook.paths import Project
from placebook.report.page import Page
from pathlib import Path
at_hand = Store._at_hand
page = Page.open("letchworth", Project(Path({root!r})))
print(page.evidence.store is at_hand, len(at_hand._columns) if at_hand else 0, list(page.evidence._readings))
"""


def test_what_all_pages_read_is_read_ahead_once_and_nothing_of_a_place(server, tiny_project):
    opened = OPENED.format(root=str(tiny_project.root))
    assert says(tiny_project, opened) == "False 0 []"
    warm.read_ahead(tiny_project, "broxbourne")
    assert says(tiny_project, opened) == "True 2 []", "both tables"
    tiny_project.table("jobs", (tiny_project.tables / "jobs.csv").read_text(encoding="utf-8").replace("76.1,", "76.2,"))
    assert says(tiny_project, opened).startswith("False"), "a table that changed meanwhile is read again"


def test_declarations_and_outlines_can_be_read_ahead_before_any_table(server, tiny_project, tmp_path):
    code = (
        "from placebook.catalogue import load\nfrom placebook.evidence.store import Store\n"
        "print(load._understood.cache_info().currsize > 0, Store._at_hand is None)"
    )
    with warm.processes(Project(tmp_path)):
        assert says(tiny_project, code) == "False True"
        warm.read_ahead(tiny_project)
        assert says(tiny_project, code) == "True True"


def test_where_nothing_can_be_read_ahead_a_page_is_made_all_the_same(server, tiny_project):
    warm.read_ahead(tiny_project, "nowhere")
    assert says(tiny_project, "print(1)") == "1"
    assert "nothing was read ahead for nowhere: InputError" in (server / "_build" / "logs" / warm.LOG).read_text(
        encoding="utf-8"
    )


def test_a_server_that_is_gone_reads_nothing_and_the_build_goes_on_to_say_so_of_each_page(tiny_project, tmp_path, monkeypatch):
    monkeypatch.setenv(warm.ADDRESS, str(tmp_path / "server"))
    warm.read_ahead(tiny_project, "broxbourne")
    outcome = notebook.execute(tiny_project, "broxbourne", kernel=WARM)
    assert (
        "FileNotFoundError" in outcome.problem
        and f"_build/logs/{warm.LOG} may say more; --cold does without" in outcome.problem
    )
    assert (tiny_project.logs / "broxbourne.log").read_text(encoding="utf-8").startswith("broxbourne: failed\n\nTraceback")


def test_what_a_page_executes_is_nobodys_history(server, tiny_project):
    assert (
        says(tiny_project, "print(get_ipython().history_manager.enabled, get_ipython().user_ns['place'])") == "False letchworth"
    )


def test_no_page_sees_another_ones_state(server, tiny_project):
    looks = "import matplotlib, os; print(matplotlib.rcParams['font.size'] == 77.0, 'left_behind' in globals(), os.getpid())"
    changes = "global left_behind\nleft_behind = 1\nimport matplotlib; matplotlib.rcParams['font.size'] = 77.0\n"
    first, later = says(tiny_project, changes + looks).split(), says(tiny_project, looks).split()
    assert first[:2] == ["True", "True"] and later[:2] == ["False", "False"] and first[2] != later[2]


def gone(process):
    """Wait until a process that is not ours has ended: its pidfd becomes readable then."""
    import select

    try:
        descriptor = os.pidfd_open(int(process))
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 30)[0])
    finally:
        os.close(descriptor)


HANGS = (
    "import os, time\nwith open('process', 'w') as said: print(os.getpid(), os.getppid(), file=said)\nwhile True: time.sleep(1)"
)
"""A cell that says who it is and never ends."""


def process_of(project):
    while not (said := project.root / "process").exists() or not said.read_text().endswith("\n"):
        time.sleep(0.01)
    return said.read_text().split()


def test_a_page_ends_with_who_asked_for_it_and_none_is_begun_after_it(tiny_project):
    template(tiny_project, HANGS)
    outcomes = []
    with warm.processes(tiny_project):
        asking = Thread(target=lambda: outcomes.append(notebook.execute(tiny_project, "letchworth", kernel=WARM)))
        asking.start()
        process, _ = process_of(tiny_project)
        warm.stop()
        asking.join(30)
        assert gone(process) and "the server of warm processes has ended" in outcomes[0].problem
        (tiny_project.root / "process").unlink()
        # As one that was just about to ask: it was not connected yet when all others were ended.
        outcome = notebook.execute(tiny_project, "letchworth", kernel=WARM)
        assert "nothing more is wanted" in outcome.problem and not (tiny_project.root / "process").exists()


def test_a_cell_that_takes_too_long_is_stopped_and_told(server, tiny_project):
    template(tiny_project, "1 + 1;", HANGS)
    outcome = notebook.execute(tiny_project, "letchworth", time_limit=1, kernel=WARM)
    assert (
        "a cell of notebooks/place.ipynb took longer than 1 s and was stopped" in outcome.problem
        and "--time-limit 2" in outcome.problem
    )
    assert gone(process_of(tiny_project)[0])
    log = (tiny_project.logs / "letchworth.log").read_text(encoding="utf-8")
    assert log.startswith("letchworth: failed\n") and HANGS in log


@pytest.mark.parametrize(("end", "how"), [("os.kill(os.getpid(), 9)", "signal 9"), ("os._exit(3)", "exit status 3")])
def test_a_page_whose_process_is_lost_is_tried_once_more(server, tiny_project, end, how):
    template(
        tiny_project,
        f"import os\nwith open('tries', 'a') as tries: tries.write('x')\nif os.stat('tries').st_size < 2: {end}",
        SHOWS,
    )
    assert not notebook.execute(tiny_project, "letchworth", kernel=WARM).failed
    template(tiny_project, f"import os\n{end}", SHOWS)
    outcome = notebook.execute(tiny_project, "letchworth", kernel=WARM)
    assert "ended before its page was made, 2 times" in outcome.problem
    assert (tiny_project.logs / "letchworth.log").read_text(encoding="utf-8").count(
        f"its process ended before its page was made: {how}"
    ) == 2


def test_a_page_ends_with_a_server_that_is_killed_and_the_build_is_told(tiny_project):
    template(tiny_project, HANGS)
    outcomes = []
    with warm.processes(tiny_project) as kernel:
        asking = Thread(target=lambda: outcomes.append(notebook.execute(tiny_project, "letchworth", kernel=kernel)))
        asking.start()
        process, its_server = process_of(tiny_project)
        os.kill(int(its_server), signal.SIGKILL)
        asking.join(30)
    assert gone(process) and "the server of warm processes has ended" in outcomes[0].problem


UNWRITABLE = "import shutil\nshutil.rmtree('_build/logs')\nopen('_build/logs', 'w').close()\n1 / 0"


def test_where_not_even_a_log_can_be_written_that_is_said_warm_and_cold(server, tiny_project):
    template(tiny_project, UNWRITABLE)
    for kernel in (COLD, WARM):
        tiny_project.logs.mkdir(parents=True, exist_ok=True)
        with pytest.raises(OSError, match="_build/logs"):
            notebook.execute(tiny_project, "letchworth", kernel=kernel)
        tiny_project.logs.unlink()


def test_everything_ends_with_the_build_even_if_it_is_killed(tiny_project):
    template(tiny_project, HANGS)
    code = (
        "from pathlib import Path\nfrom placebook.execute import notebook as run, warm\nfrom placebook.paths import Project\n"
        f"project = Project(Path({str(tiny_project.root)!r}))\n"
        "with warm.processes(project) as name: notebook.execute(project, 'letchworth', kernel=name)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as build:
        process, server = process_of(tiny_project)
        build.kill()
    assert gone(server) and gone(process)


FAILS = "print('before')\nimport sys\nprint('aside', file=sys.stderr)\nraise ValueError(f'{place} of all')"


def test_a_cell_that_fails_says_the_same_warm_and_cold(server, tiny_project):
    template(tiny_project, SHOWS, FAILS, SHOWS)
    found = []
    for kernel in (COLD, WARM):
        outcome = notebook.execute(tiny_project, "letchworth", kernel=kernel)
        log = (tiny_project.logs / "letchworth.log").read_text(encoding="utf-8")
        found.append((outcome.problem, re.sub(r"ipykernel_\d+|/tmp/\S+?\.py|\x1b\[[\d;]*m", "", log)))
    assert found[0][0] == found[1][0] and "ValueError: letchworth of all (cell: print('before')" in found[0][0]
    assert found[0][1] == found[1][1]


@pytest.mark.parametrize("code", ["place", "1 / 0 #", "def", "from IPython.display import HTML\nHTML('<p>a</p>')", "exit()\n2"])
def test_what_is_no_part_of_a_page_is_refused_the_same_warm_and_cold(server, tiny_project, code):
    template(tiny_project, SHOWS, code)
    said = [notebook.execute(tiny_project, "letchworth", kernel=kernel).problem for kernel in (COLD, WARM)]
    assert said[0] and said[0] == said[1]


@pytest.mark.parametrize(
    "code",
    [
        "import asyncio\nawait asyncio.sleep(0)",
        "%matplotlib inline",
        "!echo said",
        "%%capture\nprint(place)\nshow_markdown(markup('kept to itself'))",
        "from IPython.display import clear_output\nshow_markdown(markup('gone'))\nclear_output()\nshow_markdown(markup('there'))",
        "handle = display({'text/markdown': 'old'}, raw=True, metadata={'placebook': {'kind': 'markdown'}}, display_id='a')\n"
        "from IPython.display import update_display\n"
        "update_display({'text/markdown': 'new'}, raw=True, metadata={'placebook': {'kind': 'markdown'}}, display_id='a')",
    ],
)
def test_what_else_a_cell_may_do_gives_the_same_page_warm_and_cold(server, tiny_project, code):
    template(tiny_project, SHOWS, code, "show_markdown(markup('the end'))")
    pages = []
    for kernel in (COLD, WARM):
        outcome = notebook.execute(tiny_project, "letchworth", kernel=kernel)
        assert not outcome.failed, outcome.problem
        pages.append((tiny_project.place_pages / "letchworth.ipynb").read_bytes())
    assert pages[0] == pages[1] and b"the end" in pages[0]


def test_a_page_is_the_same_warm_and_cold(server, tiny_project):
    tiny_project.write("notebooks/county.ipynb", TEMPLATE.read_text(encoding="utf-8"))
    for slug, code in (("broxbourne", "E07000095"), ("letchworth", "E07000099")):
        place = {"slug": slug, "name": slug.title(), "kind": "district", "district": code}
        tiny_project.write(f"_build/ledgers/{slug}.json", json.dumps({"place": place, "page": {}, "entries": []}))
    pages = []
    for kernel in (COLD, WARM):
        outcome = notebook.execute_county(tiny_project, "hertfordshire", kernel=kernel)
        assert not outcome.failed, outcome.problem
        assert {"kernel", "opening", "show_matrix", "close"} <= set(outcome.stages)
        assert sum(outcome.stages.values()) <= outcome.seconds + 0.1
        log = (tiny_project.logs / "hertfordshire.log").read_text(encoding="utf-8")
        assert log.startswith("hertfordshire: done in ") and f"kernel: {kernel}\n" in log and " s  show_matrix\n" in log
        assert (outcome.memory is None) == (kernel == COLD)
        pages.append((tiny_project.county_pages / "hertfordshire.ipynb").read_bytes())
    assert pages[0] == pages[1]
    assert outcome.memory is not None and 50 < outcome.memory < 2000, "MiB"
    assert "highest memory of its process" in log


def test_cold_asks_no_server(tmp_path):
    with warm.processes(Project(tmp_path), cold=True) as kernel:
        assert kernel == COLD and not list(tmp_path.iterdir())
