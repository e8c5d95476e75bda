"""Places on a real Dask cluster: a scheduler and worker processes on this machine's loopback."""

import hashlib
import json
import os
import pickle
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from distributed import Client
from hypothesis import given as each
from hypothesis import strategies as st

from placebook.build.standing import Order, Outcome
from placebook.errors import BuildError, InputError
from placebook.execute import checkout, cluster, crew, errand, notebook, warm
from placebook.execute.errand import Brought, Room
from placebook.execute.travel import Files, wrap
from placebook.execute.warm import COLD
from placebook.incremental import fingerprints
from placebook.paths import Project

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
        with open(self.folder / f"{words[0]}.log", "ab") as log:
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


def template(project, *code):
    """A template of a few lines, and the one parameter."""
    parameters = nbformat.v4.new_code_cell('place = ""', metadata={"tags": ["parameters"]}, id="parameters")
    cells = [nbformat.v4.new_code_cell(text, id=f"cell-{at}") for at, text in enumerate(code)]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=[parameters, *cells], metadata=about)
    project.write("notebooks/place.ipynb", nbformat.writes(notebook))


SHOWS = """from placebook.markup import markup
from placebook.report.display import show_markdown
show_markdown(markup("# {}\\n\\nA page.", place))"""
WRITES = """
from pathlib import Path
for name in (f"_build/ledgers/{place}.json", f"_build/evidence/{place}/people.html", f"_build/downloads/{place}/a.csv"):
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(place)
"""
WORKER = """
import os, signal
from pathlib import Path
worker = os.getppid()
while b"placebook.execute.forks" in Path(f"/proc/{worker}/cmdline").read_bytes():
    worker = int(Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()[1])
"""


def made(project):
    """Every file of every place."""
    found = [
        p
        for slug in PLACES
        for given in fingerprints.place_outputs(project, slug)
        for p in (fingerprints.files(given) if given.is_dir() else [given])
    ]
    return {path.relative_to(project.root).as_posix(): path.read_bytes() for path in found if path.is_file()}


def execute(project, started, kernel=COLD, places=PLACES):
    heard = []
    order = Order(kernel=kernel, cluster=started.address)
    outcomes = notebook.execute_all(project, places, order, heard.append)
    assert sorted(outcome.place for outcome in heard) == sorted(places)
    assert [outcome.place for outcome in outcomes] == list(places)
    return outcomes


# ------------------------------------------------------------ what it gives


@pytest.mark.forks
def test_places_come_back_as_the_bytes_that_they_are_here(started, tiny_project):
    code = [
        "from placebook.report.page import Page\n\npage = Page.open(place)",
        "page.show_title()",
        'page.show_theme("people")',
        'page.show_theme("places")',
        "page.show_sources()",
        "page.close()",
    ]
    template(tiny_project, *code)
    with warm.processes(tiny_project) as kernel:
        here = notebook.execute_all(tiny_project, PLACES[:1], Order(kernel=kernel), lambda _: None)
        here += notebook.execute_all(tiny_project, PLACES[1:], Order(kernel=kernel), lambda _: None)
    assert not [outcome.problem for outcome in here if outcome.failed]
    expected = made(tiny_project)
    assert len(expected) > 20 and any(name.endswith(".xlsx") for name in expected)
    for slug in PLACES:
        for given in fingerprints.place_outputs(tiny_project, slug):
            shutil.rmtree(given) if given.is_dir() else given.unlink(missing_ok=True)
        tiny_project.write(f"_build/downloads/{slug}/of-an-earlier-edition.csv", "old")
    outcomes = execute(tiny_project, started.have(2), warm.WARM)
    assert not [outcome.problem for outcome in outcomes if outcome.failed]
    assert made(tiny_project) == expected
    assert (tiny_project.logs / "letchworth.log").read_text(encoding="utf-8").startswith("letchworth: done in ")


def test_each_worker_is_sent_a_file_once(started, tiny_project, monkeypatch):
    template(tiny_project, SHOWS, WRITES)
    sent = []
    ask = Client.run

    def listened(client, function, *given, **more):
        if function is errand.receive:
            sent.extend((worker, digest) for worker in more["workers"] for digest in given[0])
        return ask(client, function, *given, **more)

    monkeypatch.setattr(Client, "run", listened)
    started.have(2)
    execute(tiny_project, started)
    first = crew.packed(tiny_project)[1]
    assert {digest for _, digest in sent} <= set(first) and len(set(sent)) == len(sent)
    sent.clear()
    execute(tiny_project, started, places=PLACES[:1])
    assert sent == [], "nothing had changed"
    tiny_project.write("params/broxbourne.yml", "name: Broxbourne\nkind: district\ncode: E07000095 # indeed\n")
    execute(tiny_project, started, places=PLACES[:1])
    changed = set(crew.packed(tiny_project)[1]) - set(first)
    assert len(changed) == 2, "the file and the list of all files"
    assert {digest for _, digest in sent} == changed and len(sent) == 2 * len(started.client.nthreads())


def test_what_was_sent_while_the_build_checked_is_not_sent_again(started, tiny_project, monkeypatch):
    started.have(2)
    tiny_project.write("params/broxbourne.yml", "name: Broxbourne\nkind: district\ncode: E07000095 # ahead\n")
    with cluster.gather(started.address, COLD) as there:
        there.equip_ahead(tiny_project)
        there._checked.set()
        there._sending.join(WITHIN)
        ask, sent = Client.run, []
        monkeypatch.setattr(
            Client,
            "run",
            lambda client, function, *given, **more: (
                sent.extend(given[0]) if function is errand.receive else None,
                ask(client, function, *given, **more),
            )[1],
        )
        (tiny_project.cache / "tables").mkdir(parents=True)
        table = hashlib.sha256((tiny_project.tables / "jobs.csv").read_bytes()).hexdigest()
        tiny_project.write(f"_build/cache/tables/{table}-0.arrow", "as it was read, ahead")
        manifest, contents = crew.packed(tiny_project)
        there.equip(contents)
    assert set(sent) == {manifest, hashlib.sha256(b"as it was read, ahead").hexdigest()}, (
        "what the check has made, and the list"
    )


def test_tables_travel_as_the_check_reads_them(started, tiny_project, monkeypatch):
    monkeypatch.setattr(crew, "AGAIN", 0.0)
    started.have(2)
    table = hashlib.sha256((tiny_project.tables / "jobs.csv").read_bytes()).hexdigest()
    read = hashlib.sha256(b"as it was read, meanwhile").hexdigest()
    with cluster.gather(started.address, COLD) as there:
        there.equip_ahead(tiny_project)
        while not there.sent:
            assert there._sending.is_alive()
        (tiny_project.cache / "tables").mkdir(parents=True)
        tiny_project.write(f"_build/cache/tables/{table}-0.arrow", "as it was read, meanwhile")
        while read not in there.sent:
            assert there._sending.is_alive()
        manifest, contents = crew.packed(tiny_project, there.sent)
        assert contents == crew.packed(tiny_project)[1] and contents[read] == b"as it was read, meanwhile"
        assert set(map(tuple, there.client.run(errand.lacking, list(contents)).values())) <= {(), (manifest,)}


def test_workers_read_ahead_when_all_tables_have_been_read(started, tiny_project, monkeypatch):
    monkeypatch.setattr(crew, "AGAIN", 0.0)
    started.have(2)
    ask, begun = Client.run, []
    monkeypatch.setattr(
        Client,
        "run",
        lambda client, function, *given, **more: (
            begun.append(given) if function is errand.begin else None,
            ask(client, function, *given, **more),
        )[1],
    )
    (tiny_project.cache / "tables").mkdir(parents=True)
    with cluster.gather(started.address, COLD) as there:
        there.equip_ahead(tiny_project)
        for path in sorted(fingerprints.files(tiny_project.tables)):
            count = len(begun)
            assert waited_for(lambda count=count: len(begun) > count or not there._sending.is_alive())
            table = hashlib.sha256(path.read_bytes()).hexdigest()
            tiny_project.write(f"_build/cache/tables/{table}-0.arrow", f"{path.name} as it was read")
        there._sending.join(WITHIN)
        manifest, contents = crew.packed(tiny_project)
        assert begun[0] == (begun[0][0], COLD, "") and begun[-1] == (manifest, COLD, "broxbourne")
        assert set(map(tuple, there.client.run(errand.lacking, list(contents)).values())) == {()}


def test_what_cannot_be_sent_while_the_build_checks_is_said_when_the_places_come(tiny_project):
    workers = crew.Crew(Named(full=""), COLD)
    workers.gather()
    workers.equip_ahead(tiny_project)
    workers._checked.set()
    workers._sending.join(WITHIN)
    assert workers.workers == ["full"] and not workers.refused
    workers.equip(crew.packed(tiny_project)[1])
    assert list(workers.refused) == ["full"] and workers.workers == []


@pytest.mark.forks
def test_workers_load_their_libraries_as_soon_as_they_are_asked_who_they_are(started):
    before = set(started.have(2).client.nthreads())
    started.start(1)
    (new,) = set(started.client.nthreads()) - before

    def kernels(dask_worker):
        return Room.of(dask_worker)._warm

    cluster.gather(started.address, COLD).close()
    assert started.client.run(kernels, workers=[new]) == {new: ""}
    cluster.gather(started.address, warm.WARM).close()
    assert started.client.run(kernels, workers=[new]) == {new: warm.WARM}


@pytest.mark.forks
def test_workers_that_are_told_to_load_their_libraries_before_any_build_asks(started):
    before = set(started.have(1).client.nthreads())
    started.start(1, more=["--preload", "placebook.execute.errand"])
    (new,) = set(started.client.nthreads()) - before

    def kernels(dask_worker):
        from placebook.execute.errand import IDLE, NAME

        return dask_worker.extensions[NAME]._warm, [name for name in IDLE if name in dask_worker.periodic_callbacks]

    assert started.client.run(kernels, workers=[new]) == {new: (warm.WARM, [])}


def test_what_lies_in_two_places_travels_once(tiny_project):
    content = os.urandom(100_000)
    for path in (
        tiny_project.build / "downloads" / "letchworth" / "l.json",
        tiny_project.build / "ledgers" / "letchworth.json",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    made_there = errand._made(tiny_project, "letchworth")
    assert [made_there[name] for name in sorted(made_there)] == [content, content]
    assert len(pickle.dumps(made_there)) < 1.1 * len(content)


# ------------------------------------------------------------ what goes wrong


@pytest.mark.forks
def test_a_worker_killed_half_way_costs_no_place(started, tiny_project, tmp_path):
    hold = tmp_path / "hold"
    hold.mkdir()
    for place in PLACES:
        os.mkfifo(hold / f"{place}-begun")
        os.mkfifo(hold / f"{place}-go")
    # A pipe with a name lets each side wait for the other.
    waits = f"""
if Path({str(hold)!r}, f"{{place}}-go").exists():
    Path({str(hold)!r}, f"{{place}}-begun").write_text(str(worker))
    Path({str(hold)!r}, f"{{place}}-go").read_text()
"""
    template(tiny_project, SHOWS, WORKER + waits, WRITES)
    started.have(2)
    result = []
    build = threading.Thread(target=lambda: result.extend(execute(tiny_project, started)), daemon=True)
    build.start()
    pids = {place: int((hold / f"{place}-begun").read_text()) for place in PLACES}
    assert len(set(pids.values())) == 2, "both are under way, each on a worker of its own"
    (hold / "letchworth-go").unlink()  # the next time it does not wait
    started.end(next(worker for worker in started.workers if worker.pid == pids["letchworth"]))
    (hold / "broxbourne-go").write_text("")
    build.join(WITHIN)
    assert [(outcome.place, outcome.problem) for outcome in result] == [(place, "") for place in PLACES]
    assert made(tiny_project)["_build/evidence/letchworth/people.html"] == b"letchworth"


@pytest.mark.forks
def test_a_place_that_kills_its_workers_is_reported_and_the_others_come_back(started, tiny_project):
    kills = 'if place == "letchworth":\n    os.kill(worker, signal.SIGKILL)\n    signal.pause()'
    template(tiny_project, SHOWS, WORKER + kills, WRITES)
    here = len(started.have(3).client.nthreads())
    well, bad = execute(tiny_project, started)
    assert not well.failed and bad.failed
    assert "died while it executed the place" in bad.problem and "tried 2 times" in bad.problem
    assert len(started.client.nthreads()) == here - cluster.ATTEMPTS
    assert "died" in (tiny_project.logs / "letchworth.log").read_text(encoding="utf-8")


def test_a_place_that_fails_is_tried_elsewhere_and_reported_with_its_log(started, tiny_project):
    template(tiny_project, SHOWS, 'if place == "letchworth":\n    raise RuntimeError("no such thing")', WRITES)
    started.have(2)
    well, bad = execute(tiny_project, started)
    assert not well.failed and "RuntimeError: no such thing" in bad.problem
    first, second = bad.problem.rpartition("on ")[2].split(" and ")
    assert first != second
    assert "Traceback" in (tiny_project.logs / "letchworth.log").read_text(encoding="utf-8")
    assert not (tiny_project.ledgers / "letchworth.json").exists()


def test_where_no_worker_is_left_the_rest_is_reported(started, tiny_project, monkeypatch):
    template(tiny_project, SHOWS)
    monkeypatch.setattr(crew, "PATIENCE", 0.1)
    started.have(1)
    gather = crew.Crew.gather

    def and_then_they_end(crew):
        gather(crew)
        for worker in [worker for worker in started.workers if worker.poll() is None]:
            started.end(worker)

    monkeypatch.setattr(crew.Crew, "gather", and_then_they_end)
    outcomes = execute(tiny_project, started)
    assert all("no worker is left" in outcome.problem for outcome in outcomes)


# ------------------------------------------------------------ before anything is begun


def test_a_scheduler_without_workers_is_said(started, monkeypatch):
    for worker in [worker for worker in started.workers if worker.poll() is None]:
        started.end(worker)
    monkeypatch.setattr(crew, "PATIENCE", 0.1)
    with pytest.raises(InputError, match="has no worker"):
        cluster.gather(started.address)


def test_a_worker_with_other_code_is_named_and_nothing_is_sent(started, tiny_project, tmp_path):
    template(tiny_project, SHOWS)
    other = tmp_path / "other" / "placebook"
    shutil.copytree(ROOT / "src" / "placebook", other, ignore=shutil.ignore_patterns("__pycache__"))
    with open(other / "report" / "page.py", "a", encoding="utf-8") as stream:
        stream.write("# another edition of it\n")
    begun = time.time_ns()
    (worker,) = started.start(1, {**os.environ, "PYTHONPATH": str(other.parent)})
    try:
        with pytest.raises(InputError, match=r"tcp://127.*: other code of placebook 0\.1\.0\n.*nothing was begun"):
            execute(tiny_project, started)
        scratch = started.folder / "scratch"
        kept = [path for path in scratch.rglob("placebook/files/*") if path.stat().st_mtime_ns > begun]
        assert list(scratch.rglob("placebook/files")) and kept == []
    finally:
        started.end(worker)


def test_a_worker_without_the_package_is_named(started, tmp_path):
    (tmp_path / "placebook").mkdir()
    (tmp_path / "placebook" / "__init__.py").write_text("")  # found before the one that is installed
    (worker,) = started.start(1, {**os.environ, "PYTHONPATH": str(tmp_path)})
    try:
        with pytest.raises(InputError, match=r"tcp://127.*: it cannot say whether it has placebook 0\.1\.0 .*No module named"):
            cluster.gather(started.address)
    finally:
        started.end(worker)


def test_who_is_not_like_this_machine_is_told_in_words():
    mine, libraries = errand.likeness(), errand.libraries()
    assert len(libraries) > 60 and {"matplotlib", "distributed", "shapely"} <= set(libraries)
    assert crew.unlike(mine, {**mine, "loaded": mine["code"]}) == []
    assert crew.unlike(mine, {**mine, "loaded": "other"}) == ["code of placebook that has changed since it started"]
    assert crew.unlike(mine, {**mine, "loaded": mine["code"], "python": "3.9"})[0].startswith("python 3.9, here 3.")
    other = {**mine, "loaded": mine["code"], "installed": "more, or less"}
    assert crew.unlike(mine, {**other, "libraries": libraries}) == [], "what nobody needs may differ"
    unlike = {**libraries, "matplotlib": "3.0"}
    del unlike["shapely"]
    told = crew.unlike(mine, {**other, "libraries": unlike})
    assert told[0].startswith("matplotlib 3.0, here ") and told[1].startswith("shapely not at all, here ")
    many = crew.unlike(mine, {**other, "libraries": {}})
    assert len(many) == crew.TOLD + 1 and many[-1].endswith("more libraries")


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(InputError, match="no Dask scheduler answers"):  # nobody listens
            cluster.gather(address)
        listener.listen()
        with pytest.raises(InputError, match="no Dask scheduler answers"):  # somebody does, and is silent
            cluster.gather(address)


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
            cluster.gather(address)


def test_a_worker_is_no_scheduler(started):
    started.have(1)
    worker = next(iter(started.client.nthreads()))
    with pytest.raises(InputError, match="what answers there is none"):
        cluster.gather(worker)


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
        cluster.gather(address)


def test_tls_without_certificates_is_said():
    with pytest.raises(InputError, match="no certificates here"):
        cluster.gather("tls://127.0.0.1:8786")


def test_without_dask_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'placebook\[cluster\]'"):
        cluster.gather("tcp://127.0.0.1:8786")


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


# ------------------------------------------------------------ who goes where


class Named:
    """A client that only takes what it is given, of workers that are like this machine or have another code."""

    status = "closed"

    def __init__(self, **workers):
        self.workers = workers

    def nthreads(self):
        return dict.fromkeys(self.workers, 2)

    def run(self, function, *given, workers, on_error):
        if function is errand.lacking:
            return dict.fromkeys(workers, list(given[0]))
        if function is errand.receive:
            return {worker: OSError("No space left on device") for worker in workers}
        mine = errand.likeness()
        return {worker: {**mine, "loaded": mine["code"], "code": self.workers[worker] or mine["code"]} for worker in workers}

    def submit(self, function, task, key, workers, pure):
        return key


def test_a_worker_that_cannot_keep_the_files_is_named_and_not_sent_them_again(caplog):
    workers = crew.Crew(Named(full=""), COLD)
    workers.gather()
    workers.equip({"0": b""})
    assert workers.refused == {"full": "it has no room for the files (No space left on device)"}
    assert "left aside: worker full" in caplog.text
    workers.look()
    assert workers.workers == []


def a_round(workers, tried=None, places="abc"):
    there = crew.Crew(Named(), COLD)
    there.workers = workers
    found = cluster._Round(Project(Path("/nowhere")), there, "m", Order(), lambda _: None)
    before = tried or {}
    found.waiting = [cluster._Try(place, ["why"] * (place in before), list(before.get(place, []))) for place in places]
    found._send()
    return found


def given(workers, tried=None, places="abc"):
    """Which worker each place is given to at first."""
    return {try_.place: try_.tried[-1] for try_ in a_round(workers, tried, places).under_way.values()}


def test_who_comes_late_is_checked_too_and_left_aside_where_it_differs(caplog):
    client = Named(first="")
    workers = crew.Crew(client, COLD)
    workers.gather()
    workers.warn_of_threads()
    assert "1 of 1 workers have several threads, and each executes one place at a time" in caplog.text
    client.workers = {"other": "x"}
    workers.look()
    assert workers.workers == [] and "left aside: worker other (other code of placebook" in caplog.text
    client.workers = {"other": "x", "third": ""}
    workers.look()
    assert workers.workers == ["third"]


def test_a_worker_has_the_next_place_at_hand_as_long_as_enough_are_left_for_all():
    assert given(["one"]) == {"a": "one", "b": "one"}
    assert given(["one", "two"]) == {"a": "one", "b": "two"}, "who is done first takes the last"
    assert given(["one", "two"], places="abcd") == {"a": "one", "b": "two"}
    assert given(["one", "two"], places="abcde") == {"a": "one", "b": "two", "c": "one"}
    assert given(["one", "two"], places="abcdefgh") == {"a": "one", "b": "two", "c": "one", "d": "two"}


def test_a_place_that_failed_goes_elsewhere_if_there_is_an_elsewhere():
    assert given(["one", "two"], {"a": ["one"]}) == {"a": "two", "b": "one"}
    assert given(["one"], {"a": ["one"]}, "a") == {"a": "one"}
    assert given(["one"], {"a": ["gone"]}, "a") == {"a": "one"}


def test_what_only_waited_on_a_worker_that_died_has_not_failed():
    found = a_round(["one", "two"], places="abcdefgh")
    lost = [(future, try_) for future, try_ in found.under_way.items() if try_.tried[-1] == "one"]
    found._take_back(lost)
    assert [(try_.place, try_.tried) for try_ in found.waiting][:1] == [("c", [])]
    assert [try_.place for try_ in found.under_way.values()] == ["a", "b", "d"], "a was being executed: it is told as lost"


@each(st.dictionaries(st.text(max_size=9), st.binary(max_size=200)))
def test_files_arrive_as_they_were_sent(contents):
    assert pickle.loads(pickle.dumps(Files(contents))) == contents


# ------------------------------------------------------------ files on their way


OUTSIDE = ["/etc/passwd", "../x", "book/places/../../x", "", ".", "a\\..\\b", "a\0b"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_path_that_leads_outside_is_refused_on_both_sides(name, tiny_project, tmp_path):
    with pytest.raises(BuildError, match="no path inside a checkout"):
        cluster.write(tiny_project, "letchworth", Brought(Outcome("letchworth", 1.0), b"", {name: b"x"}))
    room, manifest = sent(tmp_path / "room", **{name: "x"})
    with pytest.raises(BuildError, match="no path inside a checkout"), room.checkout(manifest):
        pass
    assert [path.name for path in (tmp_path / "room").iterdir()] == ["files"], "nothing half laid out is left"


def test_only_files_of_the_place_are_written_and_nothing_older_stays(tiny_project):
    for name in (
        "_build/evidence/letchworth/gone.html",
        "_build/evidence/broxbourne/people.html",
        "_build/ledgers/letchworth.json",
    ):
        tiny_project.write(name, "old")
    page = "_build/evidence/letchworth/people.html"
    for foreign in ("_build/evidence/broxbourne/people.html", "params/letchworth.yml", "_build/ledgers/letchworth.json.more"):
        with pytest.raises(BuildError, match="none of the files of letchworth"):
            cluster.write(tiny_project, "letchworth", Brought(Outcome("letchworth", 1.0), b"", {page: b"x", foreign: b"x"}))
    assert not (tiny_project.root / page).exists(), "all or nothing"
    cluster.write(tiny_project, "letchworth", Brought(Outcome("letchworth", 1.0), b"done", {page: b"x"}))
    assert {p.name for p in tiny_project.evidence.rglob("*.html")} == {"people.html"}
    assert (tiny_project.evidence / "broxbourne" / "people.html").read_text(encoding="utf-8") == "old"
    assert not (tiny_project.ledgers / "letchworth.json").exists()


def test_a_worker_believes_no_file_that_is_not_what_its_hash_says(tmp_path):
    room = Room(tmp_path)
    for arrived in (wrap(b"x"), b"x", b"", b"9\n", wrap(b"x")[:-3], b"2" + wrap(b"x")[1:]):
        with pytest.raises(BuildError, match="other bytes than were sent"):
            room.receive({"0" * 64: arrived})
    assert not list((tmp_path / "files").iterdir())


def test_a_worker_deletes_what_no_build_has_asked_for_in_a_week(tmp_path):
    room = Room(tmp_path)
    contents = {hashlib.sha256(text).hexdigest(): text for text in (b"one", b"two")}
    one, two = contents
    room.receive({digest: wrap(content) for digest, content in contents.items()})
    for digest in contents:
        os.utime(tmp_path / "files" / digest, (0, 0))
    assert room.lacks([one]) == []
    assert room.lacks([one, two]) == [two]


def test_what_travels_is_what_a_page_reads_with_the_tables_that_were_read_already(tiny_project):
    digest = hashlib.sha256(next(iter(fingerprints.files(tiny_project.tables))).read_bytes()).hexdigest()
    tiny_project.write(f"_build/cache/tables/{digest}-rules.arrow", "read")
    tiny_project.write(f"_build/cache/tables/{'0' * 64}-rules.arrow", "of a table that is gone")
    tiny_project.write("book/notes.md", "not read")
    template(tiny_project, SHOWS)
    manifest, contents = crew.packed(tiny_project)
    listed = json.loads(contents[manifest])
    assert {
        "_config.yml",
        "_toc.yml",
        "notebooks/place.ipynb",
        "params/letchworth.yml",
        f"_build/cache/tables/{digest}-rules.arrow",
    } <= set(listed)
    assert "book/notes.md" not in listed and not [name for name in listed if "0" * 64 in name]
    assert set(listed.values()) | {manifest} == set(contents)


def sent(folder, **texts):
    """A room that was sent these files, and the hash of the list of them."""
    contents = {hashlib.sha256(text.encode()).hexdigest(): text.encode() for text in texts.values()}
    listed = json.dumps({name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}).encode()
    manifest = hashlib.sha256(listed).hexdigest()
    room = Room(folder)
    room.receive({digest: wrap(content) for digest, content in {**contents, manifest: listed}.items()})
    return room, manifest


TABLE = "data/tables/a.csv"


def found(room, manifest):
    """What the next place finds: root, and text by path."""
    with room.checkout(manifest) as project:
        paths = [path for path in project.root.rglob("*") if not path.is_dir() or path.is_symlink()]
        return project.root, {path.relative_to(project.root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_places_of_a_build_are_executed_in_one_checkout_and_none_finds_what_another_left(tmp_path):
    room, manifest = sent(tmp_path / "room", **{TABLE: "area,value\n"})
    with room.checkout(manifest) as project:
        (project.tables / "b.csv").write_text("a table more")
        (project.ledgers / "x").mkdir(parents=True)
        (project.ledgers / "x" / "a.json").write_text("{}")
        (project.root / "elsewhere").symlink_to(tmp_path)
        root = project.root
    assert found(room, manifest) == (root, {TABLE: "area,value\n"})
    assert not project.build.exists() and tmp_path.exists()


def test_what_places_left_is_deleted_in_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(checkout, "LEFT", 2)
    room, manifest = sent(tmp_path / "room", **{TABLE: "area,value\n"})
    for number in range(5):
        with room.checkout(manifest) as project:
            (project.tables / "b.csv").write_text(str(number))
    assert [path.read_text() for path in (tmp_path / "room").glob("left-*/*")] == ["4"], "after every second place"
    room.close()
    assert [path.name for path in (tmp_path / "room").iterdir()] == ["files"]


def rewrite(path):
    path.write_text("area,other\n")


def rewrite_and_set_the_time_back(path):
    about = path.stat()
    rewrite(path)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def exchange(path):
    other = path.with_name("other")
    rewrite(other)
    other.replace(path)


@pytest.mark.parametrize("spoil", [rewrite, rewrite_and_set_the_time_back, exchange, Path.unlink])
def test_a_template_that_spoils_its_data_spoils_them_for_no_other_place(tmp_path, spoil):
    room, manifest = sent(tmp_path / "room", **{TABLE: "area,value\n"})
    with room.checkout(manifest) as project:
        spoil(project.tables / "a.csv")
    root, texts = found(room, manifest)
    assert texts == {TABLE: "area,value\n"} and root != project.root and not project.root.exists()


READ = "_build/cache/tables/a.arrow"


def test_a_checkout_begun_while_the_build_checks_is_added_to(tmp_path):
    room, early = sent(tmp_path / "room", **{TABLE: "area,value\n"})
    _, whole = sent(tmp_path / "room", **{TABLE: "area,value\n", READ: "read"})
    _, other = sent(tmp_path / "room", **{TABLE: "area,other\n"})
    room.begin(early, COLD)
    begun = room._checkout.project.root
    assert found(room, whole) == (begun, {TABLE: "area,value\n", READ: "read"})
    room.begin(early, COLD)
    assert found(room, whole)[0] == begun, "the next build's, with its tables as they were read"
    room.begin(other, COLD)
    assert room._checkout.project.root != begun and not begun.exists()
    assert found(room, other)[1] == {TABLE: "area,other\n"}
    root, texts = found(room, early)
    assert texts == {TABLE: "area,value\n"} and root != begun, "one that holds another file is laid out afresh"
    assert found(room, whole)[1] == {TABLE: "area,value\n", READ: "read"}
    assert found(room, early)[1] == {TABLE: "area,value\n"}, "and one that holds more"


def test_a_checkout_is_not_begun_while_a_place_is_under_way(tmp_path):
    room, manifest = sent(tmp_path / "room", **{TABLE: "area,value\n"})
    _, other = sent(tmp_path / "room", **{TABLE: "area,other\n"})
    with room.checkout(manifest) as project:
        room.begin(other, COLD)
        assert (project.tables / "a.csv").read_text() == "area,value\n"
    assert found(room, manifest)[0] == project.root


def test_a_place_that_fails_and_another_build_have_a_checkout_of_their_own(tmp_path):
    room, manifest = sent(tmp_path / "room", **{TABLE: "area,value\n"})
    with room.checkout(manifest) as first:
        room.leave()
    second, _ = found(room, manifest)
    with pytest.raises(ZeroDivisionError), room.checkout(manifest):
        _ = 1 / 0
    third, _ = found(room, manifest)
    room, other = sent(tmp_path / "room", **{TABLE: "area,value\nE1,1\n"})
    with room.checkout(other):
        pass
    fourth, texts = found(room, other)
    assert len({first.root, second, third, fourth}) == 4 and texts == {TABLE: "area,value\nE1,1\n"}
    room.close()
    assert not fourth.exists()
