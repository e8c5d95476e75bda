"""A process that is lost under a place costs that place one more try, and no other place anything."""

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from placebook.build.standing import Order
from placebook.execute import leftovers, notebook

# In a process of its own, since workers are started anew and know nothing of what a test puts in place of something.
BUILD = """
import os, signal, sys
from pathlib import Path
from placebook.execute import notebook
from placebook.build.standing import Order, Outcome
from placebook.paths import Project

def execute(project, place, time_limit, kernel):
    tries = Path(place)
    times = len(tries.read_text()) if tries.exists() else 0
    tries.write_text("x" * (times + 1))
    if place == "hangs":
        Path("hanging").write_text(str(os.getpid()))
        signal.pause()
    if place == "dies" or place == "dies-once" and not times:
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(place, 1.0)

notebook.execute = execute
if __name__ == "__main__":
    try:
        for outcome in notebook.execute_all(Project(Path.cwd()), sys.argv[1:], Order(workers=2), lambda outcome: None):
            print(outcome.place, "failed" if outcome.failed else "done")
    except KeyboardInterrupt:
        print("interrupted")
"""

IDLE = (
    BUILD[: BUILD.index("if __name__")]
    + """
if __name__ == "__main__":
    from multiprocessing import active_children, forkserver
    from placebook.execute.workers import Workers

    with Workers(1) as workers:
        workers.load()
        if sys.argv[1] == "never begun: its server was killed while it loaded":
            os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
        else:
            workers.each(execute, Project(Path.cwd()), ["first"], 0, "", heard=lambda outcome: None)
            (process,) = active_children()
        if sys.argv[1].startswith("never"):
            pass
        elif sys.argv[1] == "interrupted":  # as a terminal tells every process
            os.kill(process.pid, signal.SIGINT)
            process.join(0.5)
        else:
            process.kill()
            process.join()
            workers._all[0]._pool._executor_manager_thread.join(5)  # it has noticed
        heard = []
        workers.each(execute, Project(Path.cwd()), ["dies-once"], 0, "", heard=heard.append)
    print(heard[0].place, "failed" if heard[0].failed else "done")
"""
)


@pytest.fixture
def build(tmp_path):
    (tmp_path / "build.py").write_text(BUILD)
    return lambda *places: subprocess.Popen(
        [sys.executable, "build.py", *places],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear,
    )


def hear():
    """A shell starts what runs behind it deaf to interrupts, and so would everything be that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.mark.forks
def test_a_place_that_kills_its_process_twice_fails_and_the_others_are_made(build, tmp_path):
    places = ["a", "dies", "b", "dies-once", "c"]
    said, trouble = build(*places).communicate(timeout=120)
    assert said.split("\n")[:-1] == ["a done", "dies failed", "b done", "dies-once done", "c done"], trouble
    assert {name: len((tmp_path / name).read_text()) for name in places} == {"a": 1, "dies": 2, "b": 1, "dies-once": 2, "c": 1}


@pytest.mark.forks
def test_an_interrupt_ends_what_is_under_way_and_begins_nothing_more(build, tmp_path):
    with build("hangs", "a", "hangs", "b") as started:
        try:
            while not (tmp_path / "hanging").exists() or not (told := (tmp_path / "hanging").read_text()):
                assert started.poll() is None
            started.send_signal(signal.SIGINT)  # the build alone: a terminal would tell its workers too
            said, _ = started.communicate(timeout=60)
        finally:
            started.kill()
    process = int(told)
    assert said == "interrupted\n"
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.forks
@pytest.mark.parametrize("how", ["never begun: its server was killed while it loaded", "killed", "interrupted"])
def test_what_befalls_one_that_has_nothing_to_do_costs_no_try(tmp_path, how):
    """Without a server, killed after its first page, or told of an interrupt that is the build's to hear: the page is still tried
    twice."""
    (tmp_path / "idle.py").write_text(IDLE)
    words = [sys.executable, "idle.py", how]
    said = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, preexec_fn=hear)
    assert said.stdout == "dies-once done\n" and "Traceback" not in said.stderr


LATE = (
    BUILD[: BUILD.index("if __name__")]
    + """
if __name__ == "__main__":
    from concurrent.futures import ProcessPoolExecutor
    from placebook.execute.workers import Workers

    ask = ProcessPoolExecutor.submit
    heard = []
    with Workers(1) as workers:
        def submit(pool, *given):
            workers.stop()  # before there is a process that it could end
            return ask(pool, *given)

        ProcessPoolExecutor.submit = submit
        workers.each(execute, Project(Path.cwd()), ["hangs"], 0, "", heard=heard.append)
        ProcessPoolExecutor.submit = ask
        workers.each(execute, Project(Path.cwd()), ["a"], 0, "", heard=heard.append)
    print(*(outcome.failed for outcome in heard), Path("a").exists())
"""
)


@pytest.mark.forks
def test_an_interrupt_ends_a_process_that_was_just_being_started_and_starts_none_after_it(tmp_path):
    (tmp_path / "late.py").write_text(LATE)
    said = subprocess.run([sys.executable, "late.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert said.stdout == "True True False\n", said.stderr


SERVER = (
    BUILD[: BUILD.index("if __name__")]
    + """
if __name__ == "__main__":
    from multiprocessing import forkserver
    from placebook.execute.workers import Workers

    with Workers(1) as workers:
        os.environ["SAID_LATER"] = "heard"
        workers.load()
        workers.each(execute, Project(Path.cwd()), ["first"], 0, "", heard=lambda outcome: None)
        os.environ["SAID_LATER"] = "heard too"
        workers.close()
        workers.each(lives, Project(Path.cwd()), ["x"], heard=lambda outcome: print(outcome.problem))
        tasks = Path(f"/proc/{forkserver._forkserver._forkserver_pid}/task")
        print(sorted(path.read_text().strip() for path in tasks.glob("*/comm")))
"""
)


@pytest.mark.forks
def test_workers_are_forked_from_a_server_without_a_thread_to_fear_and_know_todays_environment(tmp_path):
    lives = "def lives(project, slug):\n    return Outcome(slug, 0.0, os.environ['SAID_LATER'])\n\nif __name__"
    (tmp_path / "server.py").write_text(SERVER.replace("if __name__", lives, 1))
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}  # as every build sets it
    said = subprocess.run(
        [sys.executable, "server.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    heard, threads = said.stdout.splitlines()
    # jemalloc, which Arrow brings along, sees to its own thread in a fork.
    assert heard == "heard too" and threads.replace("'jemalloc_bg_thd', ", "").count(",") == 0, (said.stdout, said.stderr)


def test_no_place_is_no_work():
    assert notebook.execute_all(None, [], Order(), lambda outcome: None) == []  # type: ignore[arg-type]


MARK = "PLACEBOOK_TEST"
"""A variable by which all that a build has started is known."""


def at_work(folder):
    """Processes of this machine that were started with the mark of a folder."""
    marked = f"{MARK}={folder}".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if marked in path.read_bytes().split(b"\0"):
                yield int(path.parent.name)


def ended(folder):
    """Whether all that was started with the mark of a folder ends soon."""
    for process in at_work(folder):
        with suppress(ProcessLookupError):
            descriptor = os.pidfd_open(process)
            if not select.select([descriptor], [], [], 30)[0]:
                return False
            os.close(descriptor)
    return not list(at_work(folder))


TEMPLATE = {
    "cells": [
        {
            "cell_type": "code",
            "id": "a",
            "metadata": {"tags": ["parameters"]},
            "source": 'place = ""',
            "outputs": [],
            "execution_count": None,
        },
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": "import signal\nfrom pathlib import Path\nPath(f'hanging-{place}').touch()\nsignal.pause()",
        },
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.mark.forks
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["Ctrl-C", "stopped", "terminal closed"])
@pytest.mark.parametrize("kernel", [[], ["--cold"]], ids=["warm", "cold"])
def test_a_build_that_is_ended_says_so_and_leaves_nothing(tiny_project, tmp_path, how, kernel):
    tiny_project.write("notebooks/place.ipynb", json.dumps(TEMPLATE))
    words = [sys.executable, "-m", "placebook", "--project", str(tiny_project.root), "build", *kernel]
    tiny_project.write("_build/html/index.html", "the last good book")
    environment = {**os.environ, "TMPDIR": str(tmp_path), MARK: str(tmp_path)}
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear, env=environment
    ) as build:
        while len(list(tiny_project.root.glob("hanging-*"))) < min(2, os.cpu_count() or 1):
            assert build.poll() is None
        build.send_signal(how)
        _, said = build.communicate(timeout=60)
    assert build.returncode == 1
    assert "failed: interrupted; the last good book is untouched, and the next build does what is left" in said
    assert (tiny_project.html / "index.html").read_text() == "the last good book"
    assert [path for path in tmp_path.glob("placebook*")] == []
    assert ended(tmp_path)


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
EXECUTES = """
import sys
from pathlib import Path
from placebook.execute import notebook, warm
from placebook.execute.workers import Workers
from placebook.paths import Project

if __name__ == "__main__":
    project = Project(Path(sys.argv[1]))
    with warm.processes(project, sys.argv[2] == "cold") as kernel, Workers(1) as workers:
        if kernel == warm.COLD:
            workers.each(notebook.execute, project, ["broxbourne"], 60, kernel, heard=lambda outcome: print(outcome.problem))
        else:
            print(notebook.execute(project, "broxbourne", 60, kernel).problem)
        print("over", flush=True)
        sys.stdin.read()
"""


@pytest.mark.forks
@pytest.mark.parametrize("kernel", ["warm", "cold"])
@pytest.mark.parametrize("after", ["", "1 / 0", "os.kill(os.getpid(), 9)"], ids=["done", "failed", "killed"])
def test_what_a_cell_has_started_ends_with_its_page(tiny_project, tmp_path, kernel, after):
    template = json.loads(json.dumps(TEMPLATE))
    template["cells"][1]["source"] = STARTS + after
    tiny_project.write("notebooks/place.ipynb", json.dumps(template))
    (tmp_path / "executes.py").write_text(EXECUTES)
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "executes.py"), str(tiny_project.root), kernel],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, MARK: str(tmp_path)},
    ) as build:
        while (line := build.stdout.readline()) != "over\n":
            assert line, "it has said how it went"
        started = {process for process in at_work(tmp_path) if b"sleep" in Path(f"/proc/{process}/cmdline").read_bytes()}
        build.stdin.close()
    assert started == set()


@pytest.mark.forks
@pytest.mark.parametrize("kernel", [[], ["--cold"]], ids=["warm", "cold"])
def test_what_a_cell_has_started_and_the_folders_end_with_a_killed_build_and_the_next_one(tiny_project, tmp_path, kernel):
    template = json.loads(json.dumps(TEMPLATE))
    template["cells"][1]["source"] = STARTS + template["cells"][1]["source"]
    tiny_project.write("notebooks/place.ipynb", json.dumps(template))
    environment = {**os.environ, "TMPDIR": str(tmp_path), MARK: str(tmp_path)}
    words = [sys.executable, "-m", "placebook", "--project", str(tiny_project.root), "build", "--workers", "1"]
    with subprocess.Popen([*words, *kernel], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as build:
        while not list(tiny_project.root.glob("hanging-*")):
            assert build.poll() is None
        build.kill()
    assert ended(tmp_path)
    assert list(tmp_path.glob("placebook-*")), "there was nobody to delete them"
    for name in ("placebook-notes", f"placebook-{os.getpid()}-alive"):
        (tmp_path / name).mkdir()
    tiny_project.replace("notebooks/place.ipynb", "import signal", "1 / 0 #")
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=False)
    assert {path.name for path in tmp_path.glob("placebook-*")} == {"placebook-notes", f"placebook-{os.getpid()}-alive"}


def test_a_folder_that_is_locked_is_no_leftover(tmp_path, monkeypatch):
    """As that of a build in a container, whose number says nothing here."""
    monkeypatch.setattr(leftovers.tempfile, "gettempdir", lambda: str(tmp_path))
    nobody = 2**22 + 1
    for name in ("held", "left"):
        (tmp_path / f"placebook-{nobody}-{name}").mkdir()
    (tmp_path / f"placebook-{nobody}-link").symlink_to(tmp_path / f"placebook-{nobody}-held")
    descriptor = os.open(tmp_path / f"placebook-{nobody}-held", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    leftovers.sweep()
    os.close(descriptor)
    assert sorted(path.name.rpartition("-")[2] for path in tmp_path.glob("placebook-*")) == ["held", "link"]
