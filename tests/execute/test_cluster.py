"""Places on a real Dask cluster: a scheduler and worker processes on this machine's loopback."""

import hashlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from distributed import Client
from templates import SHOWS, execute_one, template

from placebook.errors import BuildError, InputError
from placebook.execute import cluster
from placebook.execute.cluster_worker import Made
from placebook.execute.outcome import PLACE, Outcome, Page, executed_files
from placebook.paths import files

ROOT = Path(__file__).parents[2]
PLACES = ["broxbourne", "letchworth"]
WITHIN = 60.0
"""Seconds that a test waits for what must come."""


def waited_for(condition, within=WITHIN):
    """Look again and again until it holds; whether it did."""
    until = time.monotonic() + within
    while not (found := condition()) and time.monotonic() < until:
        select.select([], [], [], 0.05)
    return found


class Started:
    """A scheduler and its workers, each a process of its own; no nanny starts a killed worker again."""

    def __init__(self, folder):
        self.folder = folder
        self.workers = []
        said = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", said)
        assert waited_for(lambda: said.exists() and said.read_text(encoding="utf-8").endswith("}"))
        self.address = json.loads(said.read_text(encoding="utf-8"))["address"]
        self.client = Client(self.address, set_as_default=False)

    def _start(self, *words, environment=None):
        with Path(self.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [Path(sys.executable).with_name("dask"), *map(str, words), "--no-dashboard"],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=environment,
            )

    def start(self, count, environment=None, more=()):
        before = len(self.client.nthreads())
        new = [
            self._start(
                "worker",
                self.address,
                "--nthreads",
                "1",
                "--no-nanny",
                "--host",
                "127.0.0.1",
                "--local-directory",
                self.folder / "scratch",
                *more,
                environment=environment,
            )
            for _ in range(count)
        ]
        self.workers += new
        self.client.wait_for_workers(before + count, timeout=WITHIN)
        return new

    def have(self, count):
        """So many workers, whatever the test before has left."""
        here = len(self.client.nthreads())
        if here < count:
            self.start(count - here)
        return self

    def end(self, process):
        process.kill()
        process.wait()
        alive = sum(worker.poll() is None for worker in self.workers)
        assert waited_for(lambda: len(self.client.nthreads()) == alive)

    def close(self):
        self.client.close()
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    found = Started(tmp_path_factory.mktemp("cluster"))
    yield found
    found.close()


WRITES = """
from pathlib import Path
for name in (f"_build/ledgers/{place}.json", f"_build/evidence/{place}/people.html", f"_build/downloads/{place}/a.csv"):
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(place)
"""
WORKER = """
from pathlib import Path
import os, select, signal
worker = os.getppid()  # the worker's fork server
worker = int(Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()[1])
"""


DIES = "os.kill(worker, 9); signal.pause()"
"""A cell that kills the worker that it runs on."""


def execute(project, address, places=PLACES, cold=False):
    """Outcomes by place, in the order in which they came."""
    outcomes = {}
    pages = [Page(PLACE, slug) for slug in places]
    cluster.execute_all(project, pages, address, 60, cold, lambda outcome: outcomes.update({outcome.place: outcome}))
    return outcomes


def connect(address):
    with cluster._connected(address):
        pass


def made(project):
    """Every file of every place but the executed notebooks, which hold the hour."""
    outputs = [path for slug in PLACES for path in executed_files(project, Page(PLACE, slug))[1:]]
    found = [path for output in outputs for path in (files(output) if output.is_dir() else [output])]
    return {path.relative_to(project.root).as_posix(): path.read_bytes() for path in found if path.is_file()}


def other_code(folder):
    """The environment of a worker that finds the package with another line in it."""
    other = folder / "other" / "placebook"
    shutil.copytree(ROOT / "src" / "placebook", other, ignore=shutil.ignore_patterns("__pycache__"))
    with Path(other / "report" / "page.py").open("a", encoding="utf-8") as stream:
        stream.write("# another edition of it\n")
    return {**os.environ, "PYTHONPATH": str(other.parent)}


# ------------------------------------------------------------ what it gives


@pytest.mark.forks
@pytest.mark.parametrize("cold", [False, True])
def test_places_come_back_as_the_bytes_that_they_are_here(started, tiny_project, cold):
    page = "from placebook.report.page import Page\n\npage = Page.open(place)"
    template(tiny_project, page, "page.show_findings()", "page.show_theme('people')", "page.show_wider()", "page.close()")
    outcomes = execute(tiny_project, started.have(2).address, cold=cold)
    assert not any(outcome.failed for outcome in outcomes.values()) and outcomes.keys() == {*PLACES}
    there = made(tiny_project)
    shutil.rmtree(tiny_project.build)
    for slug in PLACES:
        assert not execute_one(tiny_project, slug).failed
    assert there == made(tiny_project) and len(there) > 8
    assert (tiny_project.logs / "letchworth.log").read_text().startswith("letchworth: done in ")


@pytest.mark.forks
def test_what_an_earlier_edition_left_of_a_place_is_deleted_and_nothing_is_left_on_the_worker(started, tiny_project):
    template(tiny_project, SHOWS, WRITES)
    tiny_project.write("_build/evidence/letchworth/gone.html", "old")
    tiny_project.write("_build/evidence/ware/people.html", "of another place")
    assert not execute(tiny_project, started.have(2).address)["letchworth"].failed
    assert [path.name for path in files(tiny_project.evidence / "letchworth")] == ["people.html"]
    assert (tiny_project.evidence / "ware" / "people.html").exists()
    assert waited_for(lambda: not list((started.folder / "scratch").rglob("placebook-*/params")))


@pytest.mark.forks
def test_a_worker_executes_one_place_at_a_time_whatever_threads_it_has(started, tiny_project):
    for worker in [worker for worker in started.workers if worker.poll() is None]:
        started.end(worker)
    (worker,) = started.start(1, more=("--nthreads", "3"))
    alone = "import os, select\nos.mkdir('at-work')\nselect.select([], [], [], 0.3)\nos.rmdir('at-work')"
    template(tiny_project, alone, SHOWS)
    try:
        outcomes = execute(tiny_project, started.address, ["a", "b", "c"])
        assert not any(outcome.failed for outcome in outcomes.values()), outcomes
    finally:
        started.end(worker)


# ------------------------------------------------------------ lost


@pytest.mark.forks
def test_a_worker_killed_half_way_costs_no_place(started, tiny_project, tmp_path):
    started.have(2)
    mark = tmp_path / "killed"
    template(
        tiny_project,
        f"{WORKER}\nif not os.path.exists({str(mark)!r}):\n    open({str(mark)!r}, 'w').close()\n    {DIES}",
        SHOWS,
    )
    outcomes = execute(tiny_project, started.address, ["a", "b", "c"])
    assert mark.exists() and not any(outcome.failed for outcome in outcomes.values()) and len(outcomes) == 3


@pytest.mark.forks
def test_a_place_that_kills_its_workers_is_reported_and_the_others_come_back(started, tiny_project):
    started.have(6)
    template(tiny_project, f"{WORKER}\nif place == 'b': {DIES}", SHOWS)
    outcomes = execute(tiny_project, started.address, ["a", "b", "c"])
    assert [slug for slug in "abc" if outcomes[slug].failed] == ["b"]
    assert "KilledWorker" in outcomes["b"].problem and "too little memory is the usual reason" in outcomes["b"].problem
    assert "KilledWorker" in (tiny_project.logs / "b.log").read_text()


@pytest.mark.forks
def test_a_place_that_fails_is_reported_with_its_log_and_writes_nothing(started, tiny_project):
    template(tiny_project, SHOWS, WRITES, "1 / (place == 'broxbourne')")
    outcomes = execute(tiny_project, started.have(1).address)
    assert "ZeroDivisionError" in outcomes["letchworth"].problem and not outcomes["broxbourne"].failed
    assert "ZeroDivisionError" in (tiny_project.logs / "letchworth.log").read_text()
    assert not (tiny_project.ledgers / "letchworth.json").exists() and (tiny_project.ledgers / "broxbourne.json").exists()


@pytest.mark.forks
def test_where_no_worker_is_left_that_is_said_and_what_came_back_is_kept(started, tiny_project, tmp_path, monkeypatch):
    """One of other code that came late does not count: places wait for it in vain."""
    for worker in [worker for worker in started.workers if worker.poll() is None]:
        started.end(worker)
    started.have(1)
    monkeypatch.setattr(cluster, "PATIENCE", 2.0)
    begun, there = tmp_path / "begun", tmp_path / "there"
    waits = f"open({str(begun)!r}, 'w').close()\nwhile not os.path.exists({str(there)!r}): select.select([], [], [], 0.05)"
    template(tiny_project, f"{WORKER}\n{waits}\nif place == 'b': {DIES}", SHOWS, WRITES)

    def start():
        waited_for(begun.exists)
        started.start(1, other_code(tmp_path))
        there.touch()

    starting = threading.Thread(target=start)
    starting.start()
    try:
        with pytest.raises(BuildError, match=r"no worker that can be used is left on the cluster, and none came within 2 s"):
            execute(tiny_project, started.address, ["a", "b"])
    finally:
        starting.join()
        started.end(started.workers[-1])
    assert (tiny_project.ledgers / "a.json").exists()


@pytest.mark.forks
def test_a_worker_that_comes_late_takes_part(started, tiny_project, tmp_path):
    for worker in [worker for worker in started.workers if worker.poll() is None]:
        started.end(worker)
    started.have(1)
    begun, late = tmp_path / "begun", tmp_path / "late"
    waits = f"open({str(begun)!r}, 'w').close()\nwhile not os.path.exists({str(late)!r}): select.select([], [], [], 0.05)"
    says = "os.makedirs('_build/ledgers', exist_ok=True)\nwith open(f'_build/ledgers/{place}.json', 'w') as said:\n"
    template(tiny_project, WORKER + waits, f"{says}    said.write(str(worker))\n    select.select([], [], [], 0.5)", SHOWS)

    def start():
        waited_for(begun.exists)
        started.start(1)
        late.touch()

    starting = threading.Thread(target=start)
    starting.start()
    execute(tiny_project, started.address, [f"place-{number}" for number in range(6)])
    starting.join()
    assert len({path.read_text() for path in tiny_project.ledgers.glob("place-*.json")}) == 2


@pytest.mark.forks
def test_a_lost_scheduler_is_said(tiny_project, tmp_path):
    own = Started(tmp_path)
    own.start(1)
    begun = tmp_path / "begun"
    template(tiny_project, f"import signal\nopen({str(begun)!r}, 'w').close()\nsignal.pause()", SHOWS)
    threading.Thread(target=lambda: waited_for(begun.exists) and own.scheduler.kill()).start()
    try:
        with pytest.raises(BuildError, match="the scheduler at tcp://.* is lost"):
            execute(tiny_project, own.address, ["a"])
    finally:
        own.close()


# ------------------------------------------------------------ before anything is begun


def test_a_scheduler_without_workers_is_said(started, tiny_project, monkeypatch):
    for worker in [worker for worker in started.workers if worker.poll() is None]:
        started.end(worker)
    monkeypatch.setattr(cluster, "PATIENCE", 0.1)
    with pytest.raises(InputError, match="has no worker"):
        execute(tiny_project, started.address)


@pytest.mark.parametrize("late", [False, True])
def test_a_worker_with_other_code_is_named_and_takes_no_part(started, tiny_project, tmp_path, late):
    environment = other_code(tmp_path)
    begun, there = tmp_path / "begun", tmp_path / "there"
    waits = f"open({str(begun)!r}, 'w').close()\nwhile not os.path.exists({str(there)!r}): select.select([], [], [], 0.05)"
    template(tiny_project, f"import os, select, placebook\n{waits}\nassert 'other' not in placebook.__file__", SHOWS)
    if not late:
        (worker,) = started.have(1).start(1, environment)
        try:
            with pytest.raises(InputError, match=r"tcp://127.*: other code of placebook 0\.1\.0\n.*nothing was begun"):
                execute(tiny_project, started.address)
        finally:
            started.end(worker)
        return
    started.have(1)

    def start():
        waited_for(begun.exists)
        started.start(1, environment)
        there.touch()

    starting = threading.Thread(target=start)
    starting.start()
    outcomes = execute(tiny_project, started.address, ["a", "b", "c", "d"])
    starting.join()
    started.end(started.workers[-1])
    assert not any(outcome.failed for outcome in outcomes.values()), outcomes


def test_a_worker_without_the_package_is_named(started, tiny_project, tmp_path):
    (tmp_path / "placebook").mkdir()
    (tmp_path / "placebook" / "__init__.py").write_text("")  # found before the one that is installed
    (worker,) = started.have(1).start(1, {**os.environ, "PYTHONPATH": str(tmp_path)})
    try:
        with pytest.raises(InputError, match=r"tcp://127.*No module named 'placebook\.execute'"):
            execute(tiny_project, started.address)
    finally:
        started.end(worker)


def test_a_worker_that_may_start_no_process_is_named_with_the_remedy(started, tiny_project):
    worker = started._start("worker", started.address, "--nthreads", "1", "--host", "127.0.0.1", "--nworkers", "1")
    before = len(started.client.nthreads())
    started.client.wait_for_workers(before + 1, timeout=WITHIN)
    try:
        with pytest.raises(InputError, match=r"start it with --no-nanny, or with DASK_DISTRIBUTED__WORKER__DAEMON=False"):
            execute(tiny_project, started.address)
    finally:
        worker.terminate()
        worker.wait()
        assert waited_for(lambda: len(started.client.nthreads()) == before)


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(InputError, match="no Dask scheduler answers"):  # nobody listens
            connect(address)
        listener.listen()
        with pytest.raises(InputError, match="no Dask scheduler answers"):  # somebody does, and is silent
            connect(address)


def closes(stranger):
    stranger.close()


def echoes(stranger):
    while words := stranger.recv(1 << 16):
        stranger.sendall(words)


def sends(words):
    def send(stranger):
        stranger.sendall(words)
        stranger.recv(1 << 16)

    return send


@pytest.mark.parametrize(
    "answer",
    [
        closes,
        echoes,
        sends(bytes(4096)),
        sends(b"\xff" * 72),
        sends(b"SSH-2.0-OpenSSH_9\r\n"),
        sends(hashlib.sha256(b"noise").digest() * 99),
        sends(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        sends(b"\1\0\0\0\0\0\0\0" * 2 + b"\xc1"),
    ],
    ids=["closes", "echo", "zeros", "ones", "ssh", "noise", "http", "cut short"],
)
def test_a_stranger_that_answers_nonsense_is_told_from_a_scheduler(answer):
    def serve():
        while True:
            try:
                stranger = listener.accept()[0]
            except OSError:
                return
            with stranger, suppress(OSError):
                answer(stranger)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(InputError, match=rf"no Dask scheduler answers at {address} \(what answers there is none\)"):
            connect(address)


def test_a_worker_is_no_scheduler(started):
    started.have(1)
    worker = next(iter(started.client.nthreads()))
    with pytest.raises(InputError, match="what answers there is none"):
        connect(worker)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:8786",
        "http://127.0.0.1:8786",
        "tcp://127.0.0.1",
        "tcp://:8786",
        "inproc://a/1",
        "tcp://a@b:1",
        "tcp://a:1/../x",
    ],
)
def test_other_addresses_are_refused(address):
    with pytest.raises(InputError, match="no address of a Dask scheduler"):
        connect(address)


def test_tls_without_certificates_is_said():
    with pytest.raises(InputError, match="no certificates here"):
        connect("tls://127.0.0.1:8786")


def test_without_dask_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'placebook\[cluster\]'"):
        connect("tcp://127.0.0.1:8786")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("udp://x:1", "no address of a Dask scheduler"),
        ("tcp://127.0.0.1:1", "no Dask scheduler answers"),
        ("tcp://..:1", "no Dask scheduler answers"),
    ],
)
def test_the_command_begins_nothing_where_the_cluster_cannot_be_used(tiny_project, address, said):
    done = subprocess.run(
        [sys.executable, "-m", "placebook", "--project", tiny_project.root, "build", "--cluster", address],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert not tiny_project.build.exists()


def test_a_build_on_this_machine_does_not_load_dask():
    code = "import sys, placebook.cli, placebook.build.build; print('distributed' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    "name", ["../a.json", "_build/ledgers/ware.json", "params/letchworth.yml", "_build/evidence/letchworth/../../../a"]
)
def test_a_file_that_is_none_of_the_place_s_is_refused(tiny_project, name):
    with pytest.raises(BuildError, match="which is none of the files of letchworth"):
        cluster._write(tiny_project, Page(PLACE, "letchworth"), Made(Outcome("letchworth", 1.0), b"", {name: b"a"}))
    assert "a" not in {path.name for path in tiny_project.root.parent.iterdir()}
