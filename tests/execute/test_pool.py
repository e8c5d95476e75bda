"""Pages side by side: none sees another's state, one that is lost or hangs costs no other anything, all end with the build."""

import multiprocessing
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from templates import SHOWS, execute, execute_one, template

from placebook.execute import pool

pytestmark = pytest.mark.forks
ROOT = Path(__file__).parents[2]
TWELVE = [f"place-{number:02d}" for number in range(12)]


def saying(project, expression):
    """What an expression comes to on a page."""
    template(project, f"import os, sys\nfrom pathlib import Path\nPath('answer').write_text(repr({expression}))", SHOWS)
    outcome = execute_one(project)
    assert not outcome.failed, outcome.problem
    return (project.root / "answer").read_text()


def test_a_page_is_a_fork_of_a_process_that_has_loaded_what_pages_need(tiny_project):
    """The fork server passes over a module that it cannot load, and every page would load the libraries itself."""
    names = ["papermill", "placebook.execute.preload", "placebook.report.page"]
    assert saying(tiny_project, f"[name for name in {names} if name in sys.modules]") == str(names)
    assert saying(tiny_project, "os.environ['OMP_NUM_THREADS']") == "'1'"


READS_AHEAD = """
import sys
from pathlib import Path
from placebook.execute import pool
from placebook.execute.outcome import PLACE, Page
from placebook.paths import Project

if __name__ == "__main__":
    pages = [Page(PLACE, slug) for slug in ("broxbourne", "letchworth")]
    pool.execute_all(Project(Path(sys.argv[1])), pages, 1, 60, False, lambda outcome: print(outcome.problem))
"""


def test_what_all_pages_read_is_read_once_and_nothing_is_where_it_cannot_be(tiny_project):
    """In a process of its own: a fork server starts once."""
    shown = "from placebook.evidence.store import Store\nfrom pathlib import Path\n"
    template(tiny_project, f"{shown}Path(f'{{place}}.txt').write_text(str(Store._at_hand is not None))", SHOWS)
    script = tiny_project.write("build.py", READS_AHEAD)
    for fails in (True, False):  # the outlines are not there, which the pages themselves would say
        if not fails:
            for layer in ("districts", "england"):
                outlines = f"data/geography/outlines/{layer}.geojson"
                tiny_project.write(outlines, (ROOT / outlines).read_text(encoding="utf-8"))
        done = subprocess.run([sys.executable, script, tiny_project.root], capture_output=True, text=True, check=True)
        assert done.stdout.split() == [] and done.stderr == ""
        for slug in ("broxbourne", "letchworth"):
            assert (tiny_project.root / f"{slug}.txt").read_text() == "True", "tables come before outlines"


def test_no_page_sees_another_ones_state(tiny_project):
    template(
        tiny_project,
        "import matplotlib, os\nfrom pathlib import Path\n"
        "seen = (matplotlib.rcParams['font.size'] == 77.0, 'left_behind' in globals(), os.getpid())\n"
        "Path(f'seen-{place}').write_text(repr(seen))\nmatplotlib.rcParams['font.size'] = 77.0\nleft_behind = 1",
        SHOWS,
    )
    execute(tiny_project, "a", "b", workers=1)
    first, second = (eval((tiny_project.root / f"seen-{slug}").read_text()) for slug in "ab")
    assert first[:2] == second[:2] == (False, False) and first[2] != second[2]


def test_what_a_page_executes_is_nobodys_history(tiny_project):
    assert (
        saying(tiny_project, "(get_ipython().history_manager.enabled, get_ipython().user_ns['place'])")
        == "(False, 'letchworth')"
    )


def test_no_page_is_no_work(tiny_project):
    pool.execute_all(tiny_project, [], 2, 60, False, pytest.fail)


# ------------------------------------------------------------ lost, hanging, too large


@pytest.mark.parametrize(("end", "how"), [("os.kill(os.getpid(), 9)", "signal 9"), ("os._exit(3)", "exit status 3")])
def test_a_page_whose_process_is_lost_is_tried_once_more(tiny_project, end, how):
    once = f"import os\nwith open('tries', 'a') as tries: tries.write('x')\nif os.stat('tries').st_size < 2: {end}"
    template(tiny_project, once, SHOWS)
    assert not execute_one(tiny_project).failed
    assert (tiny_project.root / "tries").read_text() == "xx"
    template(tiny_project, f"import os\n{end}", SHOWS)
    assert "ended before its page was made, 2 times" in execute_one(tiny_project).problem
    log = (tiny_project.logs / "letchworth.log").read_text(encoding="utf-8")
    assert log.count(f"its process ended before its page was made: {how}") == 2


@pytest.mark.parametrize("cold", [False, True])
def test_one_that_is_killed_among_twelve_costs_the_others_nothing(tiny_project, cold):
    counted = "import os\nwith open(f'tries-{place}', 'a') as tries: tries.write('x')\n"
    killed = "os.getppid()" if cold else "os.getpid()"
    template(tiny_project, f"{counted}if place == 'place-05': os.kill({killed}, 9)", SHOWS)
    wanted = TWELVE[4:7] if cold else TWELVE
    outcomes = execute(tiny_project, *wanted, cold=cold)
    assert {slug for slug, outcome in outcomes.items() if outcome.failed} == {"place-05"} and outcomes.keys() == {*wanted}
    tries = {slug: len((tiny_project.root / f"tries-{slug}").read_text()) for slug in wanted}
    assert tries == {slug: 2 if slug == "place-05" else 1 for slug in wanted}


def test_one_that_hangs_among_twelve_is_stopped_at_its_limit_and_named(tiny_project):
    hangs = "import signal\nif place == 'place-05':\n    signal.pause()"
    template(tiny_project, "1 + 1;", hangs, SHOWS)
    outcomes = execute(tiny_project, *TWELVE, time_limit=5)
    (failed,) = [outcome for outcome in outcomes.values() if outcome.failed]
    assert failed.place == "place-05" and outcomes.keys() == {*TWELVE}
    assert "a cell of notebooks/place.ipynb took longer than 5 s and was stopped" in failed.problem
    assert "--time-limit 10" in failed.problem
    log = (tiny_project.logs / "place-05.log").read_text(encoding="utf-8")
    assert log.startswith("place-05: failed\n") and hangs in log


def test_the_limit_is_of_each_cell(tiny_project):
    template(tiny_project, *["import select\nselect.select([], [], [], 2);"] * 3, SHOWS)
    assert not execute_one(tiny_project, time_limit=5).failed


def test_one_that_runs_out_of_memory_costs_the_others_nothing(tiny_project):
    limit = "resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))"
    takes = f"import resource\nif place == 'place-01':\n    {limit}\n    taken = bytearray(1 << 32)"
    template(tiny_project, takes, SHOWS)
    outcomes = execute(tiny_project, *TWELVE[:4])
    assert [slug for slug, outcome in sorted(outcomes.items()) if outcome.failed] == ["place-01"]
    assert "MemoryError" in outcomes["place-01"].problem


def test_a_page_that_closes_all_that_it_was_given_is_lost_and_not_waited_for(tiny_project):
    template(tiny_project, "import os, signal\nos.closerange(3, 256)\nsignal.pause()", SHOWS)
    assert "ended before its page was made" in execute_one(tiny_project).problem


def test_the_fork_server_may_be_killed(tiny_project):
    kill = "    open('killed', 'w').close()\n    os.kill(os.getppid(), signal.SIGKILL)"
    template(tiny_project, f"import os, signal\nif not os.path.exists('killed'):\n{kill}", SHOWS)
    outcomes = execute(tiny_project, "a", "b", "c", workers=1)
    assert not any(outcome.failed for outcome in outcomes.values())


def test_what_pages_print_beside_their_cells_stands_in_a_log(tiny_project, capfd):
    template(tiny_project, "import os\nos.write(1, b'said aside')", SHOWS)
    assert not execute_one(tiny_project).failed
    assert b"said aside" in (tiny_project.logs / "pages.log").read_bytes()
    assert capfd.readouterr().out == ""


def test_where_not_even_a_log_can_be_written_that_is_said(tiny_project):
    template(tiny_project, SHOWS)
    tiny_project.write("_build/logs", "a file")
    with pytest.raises(FileExistsError):
        execute_one(tiny_project)


# ------------------------------------------------------------ all ends with the build

MARK = "PLACEBOOK_TEST"
"""A variable by which all that a build has started is known."""
HANGS = "import signal\nfrom pathlib import Path\nPath(f'hanging-{place}').touch()\nsignal.pause()"
STARTS = """
import os, subprocess, sys
subprocess.Popen(["sleep", "600"], start_new_session=True)
subprocess.Popen(["sleep", "600"])
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in range(3, 256):
            try: os.close(descriptor)
            except OSError: pass
        os.execvp("sleep", ["sleep", "600"])
    os._exit(0)
os.wait()
"""
"""What a cell may start, in sessions of its own and with nobody to call its parent."""
BUILD = """
import sys
from pathlib import Path
from placebook.execute import pool
from placebook.execute.outcome import PLACE, Page
from placebook.paths import Project

if __name__ == "__main__":
    print_it = lambda outcome: print(outcome.problem or "done", flush=True)
    pool.execute_all(Project(Path(sys.argv[1])), [Page(PLACE, "broxbourne")], 1, 60, sys.argv[2] == "cold", print_it)
    print("over", flush=True)
    sys.stdin.read()
"""


def default_signals():
    """A shell starts what runs behind it deaf to interrupts, and so would everything be that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def at_work(folder):
    """Processes of this machine that were started with the mark of a folder."""
    marked = f"{MARK}={folder}".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if marked in path.read_bytes().split(b"\0"):
                yield int(path.parent.name)


def all_end(folder):
    """Whether all that was started with the mark of a folder ends soon."""
    for process in at_work(folder):
        with suppress(ProcessLookupError):
            descriptor = os.pidfd_open(process)
            ended = select.select([descriptor], [], [], 30)[0]
            os.close(descriptor)
            if not ended:
                return False
    return not list(at_work(folder))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["Ctrl-C", "stopped", "terminal closed"])
@pytest.mark.parametrize("kernel", [[], ["--cold"]], ids=["pool", "cold"])
def test_a_build_that_is_ended_says_so_and_leaves_nothing(tiny_project, tmp_path, how, kernel):
    template(tiny_project, HANGS)
    tiny_project.write("_build/html/index.html", "the last good book")
    words = [sys.executable, "-m", "placebook", "--project", str(tiny_project.root), "build", *kernel]
    environment = {**os.environ, MARK: str(tmp_path)}
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=default_signals, env=environment
    ) as build:
        while len(list(tiny_project.root.glob("hanging-*"))) < min(2, os.cpu_count() or 1):
            assert build.poll() is None
            select.select([], [], [], 0.02)
        build.send_signal(how)
        _, said = build.communicate(timeout=60)
    assert build.returncode == 1
    assert "failed: interrupted; the last good book is untouched, and the next build does what is left" in said
    assert "Traceback" not in said
    assert (tiny_project.html / "index.html").read_text() == "the last good book"
    assert all_end(tmp_path)


def test_an_interrupt_as_a_page_is_being_started_ends_it(tiny_project, monkeypatch):
    """Or the build would wait for it at its end."""
    template(tiny_project, HANGS)

    def interrupted(page):
        page.process.start()
        raise KeyboardInterrupt

    monkeypatch.setattr(pool._Running, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        execute_one(tiny_project)
    assert not [process for process in multiprocessing.active_children() if process.join(30) or process.is_alive()]


@pytest.mark.parametrize("kernel", ["pool", "cold"])
@pytest.mark.parametrize("after", ["", "1 / 0", "os.kill(os.getpid(), 9)"], ids=["done", "failed", "killed"])
def test_what_a_cell_has_started_ends_with_its_page(tiny_project, tmp_path, kernel, after):
    template(tiny_project, STARTS + after, SHOWS)
    script = tiny_project.write("build.py", BUILD)
    with subprocess.Popen(
        [sys.executable, str(script), str(tiny_project.root), kernel],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, MARK: str(tmp_path)},
    ) as build:
        while (line := build.stdout.readline()) != "over\n":
            assert line, "it says how it went"
        asleep = {process for process in at_work(tmp_path) if b"sleep" in Path(f"/proc/{process}/cmdline").read_bytes()}
        build.stdin.close()
    assert asleep == set()


def test_what_ran_before_runs_on(tiny_project):
    """As a browser does that a preview has opened, in a session of its own."""
    template(tiny_project, SHOWS)
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as browser:
        assert not execute_one(tiny_project).failed
        assert browser.poll() is None
        browser.kill()


@pytest.mark.parametrize("kernel", ["pool", "cold"])
def test_everything_ends_with_a_build_that_is_killed(tiny_project, tmp_path, kernel):
    template(tiny_project, STARTS + HANGS)
    script = tiny_project.write("build.py", BUILD)
    environment = {**os.environ, MARK: str(tmp_path)}
    with subprocess.Popen([sys.executable, str(script), str(tiny_project.root), kernel], env=environment) as build:
        while not list(tiny_project.root.glob("hanging-*")):
            assert build.poll() is None
            select.select([], [], [], 0.02)
        build.kill()
    assert all_end(tmp_path)


def test_the_process_of_a_page_ends_with_the_page_where_a_thread_of_it_goes_on(tiny_project):
    template(tiny_project, "import threading\nthreading.Thread(target=threading.Event().wait).start()", SHOWS)
    assert not execute_one(tiny_project).failed
