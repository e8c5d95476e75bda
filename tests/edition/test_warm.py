"""Warm kernels: a process of its own for each page, none left behind, the same as a cold one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client import KernelManager

from placebook.edition import run, warm
from placebook.edition.warm import COLD, WARM
from placebook.paths import Project

pytestmark = pytest.mark.forks
TEMPLATE = Path(__file__).parents[2] / "notebooks" / "county.ipynb"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for the tests of this file."""
    folder = tmp_path_factory.mktemp("warm")
    with warm.kernels(Project(folder)) as kernel:
        assert kernel == WARM
        yield folder


class Asked:
    """A kernel that answers with what a piece of code prints."""

    def __init__(self):
        self.manager = KernelManager(kernel_name=WARM)
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def says(self, code):
        heard = []
        self.client.execute_interactive(
            code, timeout=60, output_hook=lambda m: heard.append(m["content"].get("text", ""))
        )
        return "".join(heard).strip()


def test_a_kernel_has_the_libraries_and_its_server_no_thread_to_fear(server):
    with Asked() as kernel:
        assert kernel.says("import sys; print('placebook.report.page' in sys.modules)") == "True"
        parent = kernel.says("import os; print(os.getppid())")
        threads = [path.read_text().strip() for path in Path(f"/proc/{parent}/task").glob("*/comm")]
    # A fork of a process with threads may wait for ever; jemalloc, which Arrow brings along, sees to its own.
    assert len([name for name in threads if name != "jemalloc_bg_thd"]) == 1, threads


def test_what_maps_need_is_loaded_when_nobody_asks(server):
    def loaded():
        with Asked() as kernel:
            return kernel.says(f"import sys; print(set({warm.LATER}) <= set(sys.modules), {warm.LATER[0]!r} in sys.modules)")

    assert "True True" in [loaded() for _ in range(5)], "while one kernel answers, its server has time for the next"


OPENED = """
from placebook.evidence.observations import Store
from placebook.paths import Project
from placebook.report.page import Page
from pathlib import Path
at_hand = Store._at_hand
page = Page.open("letchworth", Project(Path({root!r})))
print(page.evidence.store is at_hand, len(at_hand._columns) if at_hand else 0, list(page.evidence._readings))
"""


def test_what_all_pages_read_is_read_ahead_once_and_nothing_of_a_place(server, tiny_project):
    opened = OPENED.format(root=str(tiny_project.root))
    with Asked() as before:
        assert before.says(opened) == "False 0 []"
    warm.read_ahead(tiny_project, "broxbourne")
    with Asked() as after:
        assert after.says(opened) == "True 2 []", "both tables"
    tiny_project.table("jobs", (tiny_project.tables / "jobs.csv").read_text(encoding="utf-8").replace("76.1,", "76.2,"))
    with Asked() as changed:
        assert changed.says(opened).startswith("False"), "a table that changed meanwhile is read again"


def test_where_nothing_can_be_read_ahead_a_kernel_comes_all_the_same(server, tiny_project):
    warm.read_ahead(tiny_project, "nowhere")
    with Asked() as kernel:
        assert kernel.says("print(1)") == "1"
    assert "nothing was read ahead for nowhere: InputError" in (server / "_build" / "logs" / warm.LOG).read_text(encoding="utf-8")


def test_a_server_that_is_gone_reads_nothing_and_the_build_goes_on_to_say_so_of_each_page(tiny_project, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    warm.read_ahead(tiny_project, "broxbourne")


def test_what_a_page_executes_is_nobodys_history(server):
    with Asked() as kernel:
        assert kernel.says("print(get_ipython().history_manager.enabled)") == "False"


def test_no_page_sees_another_ones_state(server):
    with Asked() as one, Asked() as other:
        one.says("import matplotlib; matplotlib.rcParams['font.size'] = 77.0; left_behind = 1")
        assert other.says("import matplotlib; print(matplotlib.rcParams['font.size'])") != "77.0"
        assert other.says("print('left_behind' in globals())") == "False"
        assert one.says("import os; print(os.getpid())") != other.says("import os; print(os.getpid())")
    with Asked() as later:
        assert later.says("import matplotlib; print(matplotlib.rcParams['font.size'])") != "77.0"


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


def test_a_kernel_ends_with_who_asked_for_it(server):
    kernel = Asked()
    process = kernel.says("import os; print(os.getpid())")
    kernel.__exit__()
    assert gone(process)


def test_an_interrupt_reaches_the_kernel(server):
    with Asked() as kernel:
        process = kernel.says("import os; print(os.getpid())")
        # After an error a kernel refuses for a moment what is asked next, unless it was told otherwise.
        waiting = kernel.client.execute("print('at work', flush=True)\nwhile True: pass", stop_on_error=False)
        # Before the cell's own code runs an interrupt is the kernel's, warm or cold.
        while kernel.client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
            pass
        kernel.manager.interrupt_kernel()
        reply = kernel.client.get_shell_msg(timeout=30)
        while reply["parent_header"].get("msg_id") != waiting:
            reply = kernel.client.get_shell_msg(timeout=30)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert kernel.says("import os; print(os.getpid())") == process


def test_everything_ends_with_the_build_even_if_it_is_killed(tmp_path):
    code = (
        "import sys\nfrom pathlib import Path\nfrom placebook.edition import warm\n"
        "from placebook.paths import Project\nfrom jupyter_client import KernelManager\n"
        f"with warm.kernels(Project(Path({str(tmp_path)!r}))) as name:\n"
        "    m = KernelManager(kernel_name=name); m.start_kernel(); c = m.client(); c.start_channels()\n"
        "    c.wait_for_ready(timeout=60)\n"
        "    c.execute_interactive('import os; print(os.getpid(), os.getppid())', timeout=60,\n"
        "        output_hook=lambda m: print(m['content'].get('text', ''), end='', flush=True))\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as build:
        kernel, server = build.stdout.readline().split()
        build.kill()
    assert gone(server) and gone(kernel)


def test_a_page_is_the_same_warm_and_cold(server, tiny_project):
    tiny_project.write("notebooks/county.ipynb", TEMPLATE.read_text(encoding="utf-8"))
    for slug, code in (("broxbourne", "E07000095"), ("letchworth", "E07000099")):
        place = {"slug": slug, "name": slug.title(), "kind": "district", "district": code}
        tiny_project.write(f"_build/ledgers/{slug}.json", json.dumps({"place": place, "page": {}, "entries": []}))
    pages = []
    for kernel in (COLD, WARM):
        outcome = run.execute_county(tiny_project, "hertfordshire", kernel=kernel)
        assert not outcome.failed, outcome.problem
        assert {"kernel", "opening", "show_matrix", "close"} <= set(outcome.stages)
        assert sum(outcome.stages.values()) <= outcome.seconds + 0.1
        log = (tiny_project.logs / "hertfordshire.log").read_text(encoding="utf-8")
        assert log.startswith("hertfordshire: done in ") and f"kernel: {kernel}\n" in log and " s  show_matrix\n" in log
        assert (outcome.memory is None) == (kernel == COLD)
        pages.append((tiny_project.county_pages / "hertfordshire.ipynb").read_bytes())
    assert pages[0] == pages[1]
    assert outcome.memory is not None and 50 < outcome.memory < 2000, "MiB"
    assert "highest memory of the kernel" in log


def test_cold_asks_no_server(tmp_path):
    with warm.kernels(Project(tmp_path), cold=True) as kernel:
        assert kernel == COLD and not list(tmp_path.iterdir())
