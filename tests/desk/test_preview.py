"""The preview: what it serves and to whom, what a save builds, what a page is told. Builds are recorded; one is real."""

import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from placebook.build.lock import locked
from placebook.build.order import Order
from placebook.desk import preview, preview_server
from placebook.desk.preview import Preview, PreviewProject, told
from placebook.desk.preview_server import News, Problem, page_hash, read_contained, serving, with_script
from placebook.errors import AtWork, BuildError, Fault, InputError, InputsChanged
from placebook.execute.outcome import Outcome

DEADLINE = 60.0
PAGE = b"<!DOCTYPE html><html><body><h1>Ayton</h1></body></html>"


@pytest.fixture
def site(tmp_path):
    """A site with a page, a folder, something hidden, and links that lead out of it."""
    (tmp_path / "secret.html").write_text("secret")
    folder = tmp_path / "site"
    for name, content in {
        "index.html": PAGE,
        "book/places/ayton.html": PAGE,
        "_static/placebook.css": b"p{}",
        ".env": b"x",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "out.html").symlink_to(tmp_path / "secret.html")
    (folder / "away").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.html")
    return folder


@pytest.fixture
def server(site):
    with serving(site, News()) as address:
        yield address


def ask(address, path, method="GET", host=None):
    """Status, headers and content; the path is sent as it is written."""
    port = int(address.rsplit(":")[-1].strip("/"))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    connection.putrequest(method, path, skip_host=True)
    for name in [f"127.0.0.1:{port}"] if host is None else host:
        connection.putheader("Host", name)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


# ------------------------------------------------------------ what is served, and to whom


def test_only_the_names_of_this_machine_are_answered_to(server):
    port = server.rsplit(":")[-1].strip("/")
    assert ask(server, "/index.html", host=[f"localhost:{port}"])[0] == 200
    refused = (
        [],
        ["evil.example"],
        [f"evil.example:{port}"],
        ["127.0.0.1"],
        [f"127.0.0.1:{port}", "evil.example"],
        [f"127.0.0.1:{port}.evil"],
    )
    for host in refused:
        for path in ("/index.html", "/-/preview.js", "/-/events?page=/index.html"):
            status, _, content = ask(server, path, host=host)
            assert status == 421 and b"Ayton" not in content, host


def test_it_listens_on_this_machine_alone(server):
    port = int(server.rsplit(":")[-1].strip("/"))
    held = [
        one for one in psutil.Process().net_connections("inet") if one.status == psutil.CONN_LISTEN and one.laddr.port == port
    ]
    assert [one.laddr.ip for one in held] == ["127.0.0.1"]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/book/%2e%2e%2f%2e%2e/secret.html",
        "/book/../../secret.html",
        "//secret.html",
        "/..%5csecret.html",
        "/out.html",
        "/away/secret.html",
        "/.env",
        "/book",
        "/book/",
        "/pipe.html",
        "/%00.html",
        "/%ff.html",
        "/index.html/",
    ],
)
def test_nothing_outside_the_site_hidden_or_no_file_is_served(server, path):
    status, _, content = ask(server, path)
    assert status == 404 and b"secret" not in content.replace(b"secret.html", b"") and b"Ayton" not in content


def test_nothing_can_be_written(server):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(server, "/index.html", method)[0] == 501


def test_the_script_is_in_the_page_that_is_served_and_in_no_file(site, server):
    status, headers, content = ask(server, "/book/places/ayton.html")
    known = page_hash(site, "/book/places/ayton.html")
    assert status == 200 and headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
    assert content == PAGE.replace(b"</body>", f'<script src="/-/preview.js" data-page="{known}"></script></body>'.encode())
    assert (site / "book/places/ayton.html").read_bytes() == PAGE
    assert ask(server, "/_static/placebook.css")[2] == b"p{}"
    assert ask(server, "/")[2].startswith(PAGE[:40])
    assert ask(server, "/index.html", "HEAD")[2] == b""
    assert with_script(b"no end", "0").startswith(b"no end<script")


def test_the_script_shows_messages_as_text_alone():
    script = Path(preview_server.__file__).with_name("preview.js").read_text(encoding="utf-8")
    assert "textContent" in script
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function", script)


def test_a_page_is_another_one_when_it_or_the_style_changes(site):
    before = page_hash(site, "/index.html")
    assert before == page_hash(site, "/book/places/ayton.html")  # of the same bytes
    (site / "_static/placebook.css").write_bytes(b"p{color:red}")
    assert page_hash(site, "/index.html") != before
    assert page_hash(site, "/none.html") == page_hash(site, "/%ff.html") == ""


def test_where_there_is_no_book_a_page_waits_for_it(tmp_path):
    with serving(tmp_path / "site", News()) as address:
        status, _, content = ask(address, "/book/index.html")
        assert status == 503 and b"There is no book yet" in content and b"/-/preview.js" in content


def test_a_reader_is_told_at_once_and_of_each_build_and_let_go_at_the_end(site):
    news = News()
    with serving(site, news) as address:
        port = int(address.rsplit(":")[-1].strip("/"))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
        connection.request("GET", "/-/events?page=%2Findex.html")
        stream = connection.getresponse()
        assert stream.getheader("Content-Type") == "text/event-stream"

        def heard():
            message = json.loads(stream.readline().removeprefix(b"data: "))
            assert stream.readline() == b"\n"
            return message

        assert heard() == {"page": page_hash(site, "/index.html"), "building": False, "problems": []}
        assert news.open_pages() == ["/index.html"]
        news.tell(building=False, problems=[Problem("a.yml:3", "<b>", "do")])
        assert heard()["problems"] == [{"where": "a.yml:3", "what": "<b>", "remedy": "do"}]
    assert stream.read() == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    until(lambda: not news.open_pages())


def test_no_file_is_read_through_what_is_put_in_the_place_of_a_folder(site, tmp_path):
    (site / "book").rename(tmp_path / "moved")
    (site / "book").symlink_to(tmp_path / "moved")
    assert read_contained(site, "/book/places/ayton.html") is None


# ------------------------------------------------------------ in a browser


@pytest.mark.browser
def test_the_page_loads_again_where_the_reader_stood_and_shows_what_is_wrong_as_text(site, browser_path):
    from playwright.sync_api import sync_playwright

    def write(first):
        # Another text in other elements, by which no browser finds its way back of its own accord.
        around = "div" if "first" in first else "article"
        text = f'<{around}><h2>{len(first)}</h2><p style="height: 900px">{len(first)}</p></{around}>'
        parts = "".join(f'<section id="s{n}">{text}</section>' for n in range(9))
        details = "<details><summary>a</summary>b</details>" * 2
        (site / "index.html").write_text(f"<!DOCTYPE html><html><body><main>{first}{details}{parts}</main></body></html>")

    news = News()
    write("<p>first</p>")
    with serving(site, news) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path or None, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}index.html")
        page.evaluate("document.querySelectorAll('details')[1].open = true; document.querySelector('#s4').scrollIntoView()")
        top = "document.querySelector('#s4').getBoundingClientRect().top"
        assert abs(page.evaluate(top)) < 1
        until(news.open_pages)
        news.tell(building=True)
        page.get_by_text("Building …").wait_for()
        write('<p style="height: 1234px">second</p>')
        news.tell(building=False)
        page.get_by_text("second").wait_for(state="attached")
        page.wait_for_function(f"Math.abs({top}) < 1")
        assert page.evaluate("[...document.querySelectorAll('details')].map((one) => one.open)") == [False, True]
        wrong = "there is no <img src=x onerror='document.title=1'>"
        news.tell(building=False, problems=[Problem("params/ayton.yml:3", wrong, "write & <b>")])
        alert = page.get_by_role("alert")
        alert.get_by_text(wrong).wait_for()
        assert alert.get_by_text("params/ayton.yml:3").is_visible() and alert.get_by_text("→ write & <b>").is_visible()
        assert page.evaluate("document.querySelector('#placebook-preview').shadowRoot.querySelectorAll('img, b').length") == 0
        news.tell(building=False, problems=[])
        alert.wait_for(state="detached")
        browser.close()


# ------------------------------------------------------------ what a save builds


class Recorder:
    """In place of a build: keeps the orders, and raises or gives what a test has laid ready."""

    def __init__(self):
        self.orders, self.answers, self.ready = [], [], 0

    def make(self, order):
        self.orders.append(order)
        answer = self.answers.pop(0) if self.answers else [Outcome("broxbourne", 1.0, why="changed: words")]
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    def loaded(self):
        self.ready += 1


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def console(tmp_path):
    with (tmp_path / "said.txt").open("w+", encoding="utf-8") as stream:
        yield Console(file=stream, width=200, highlight=False, emoji=False)


@pytest.fixture
def desk(tiny_project, recorder, console):
    """A preview after its first build."""
    desk = Preview(PreviewProject(tiny_project.root), recorder.make, recorder.loaded, console)
    desk.turn([])
    assert recorder.orders == [Order([], preview=True)] and recorder.ready == 1
    recorder.orders.clear()
    return desk


def said(console):
    console.file.flush()
    return Path(console.file.name).read_text(encoding="utf-8")


def problems(desk):
    return desk.news.next(-1)[1]["problems"]


def test_a_saved_word_builds_its_place_and_a_save_that_changes_nothing_builds_nothing(desk, recorder, tiny_project, console):
    desk.turn([])
    desk.turn(["params/broxbourne.yml"])
    assert recorder.orders == []
    tiny_project.replace("params/broxbourne.yml", "kind: district", "kind:  district")
    desk.turn(["params/broxbourne.yml"])
    desk.turn([])
    assert recorder.orders == [Order(["broxbourne"], preview=True)]
    assert "params/broxbourne.yml: built in " in said(console) and "(broxbourne)" in said(console)


def test_saved_figures_build_the_page_that_is_looked_at_first_and_then_the_rest(desk, recorder, tiny_project):
    with desk.news.reader("/book/places/letchworth/work.html"), desk.news.reader("/book/index.html"):
        tiny_project.replace("data/tables/jobs.csv", "76.1", "76.2")
        desk.turn(["data/tables/jobs.csv"])
        for _ in range(3):
            desk.turn([])
    assert [order.places for order in recorder.orders] == [["letchworth"], []]


def test_other_pages_of_the_book_are_built_whole(desk, recorder, tiny_project):
    for name in ("book/methods.md", "_config.yml", "data/counties/hertfordshire.yml"):
        tiny_project.write(name, "other: x\n")
        desk.turn([name])
    tiny_project.write("book/methods.md", "more")
    tiny_project.replace("params/broxbourne.yml", "kind: district", "kind:  district")
    desk.turn(["book/methods.md", "params/broxbourne.yml"])
    assert recorder.orders == [Order([], preview=True)] * 4


def test_of_one_place_nothing_else_is_built(tiny_project, recorder, console):
    desk = Preview(PreviewProject(tiny_project.root), recorder.make, recorder.loaded, console, place="letchworth")
    tiny_project.replace("data/tables/jobs.csv", "76.1", "76.2")
    desk.turn(["data/tables/jobs.csv"])
    desk.turn([])
    assert recorder.orders == [Order(["letchworth"], preview=True, alone=True)]


def test_what_is_wrong_stands_on_the_page_and_in_the_terminal_until_it_is_mended(desk, recorder, tiny_project, console):
    fault = Fault("params/broxbourne.yml", 3, "kind", "there is no kind 'distict'", "write district")
    recorder.answers = [InputError([fault])]
    tiny_project.replace("params/broxbourne.yml", "kind: district", "kind: distict")
    desk.turn(["params/broxbourne.yml"])
    assert problems(desk) == [
        {"where": "params/broxbourne.yml:3", "what": "kind: there is no kind 'distict'", "remedy": "write district"}
    ]
    assert "params/broxbourne.yml:3: kind: there is no kind 'distict'\n    → write district" in said(console)
    desk.turn([])
    assert len(recorder.orders) == 1  # the same mistake is not built again and again
    tiny_project.replace("params/broxbourne.yml", "kind: distict", "kind: district")
    desk.turn(["params/broxbourne.yml"])
    assert problems(desk) == [] and len(recorder.orders) == 2


def test_a_page_that_fails_and_a_fault_of_the_code_are_told_and_the_preview_goes_on(desk, recorder, tiny_project, console):
    recorder.answers = [[Outcome("broxbourne", 1.0, "a cell failed\n    → see the log")], ValueError("<i>"), None or []]
    for number in range(3):
        tiny_project.write("book/methods.md", f"{number}")
        desk.turn(["book/methods.md"])
        found = problems(desk)
        if number == 0:
            assert found == [{"where": "", "what": "broxbourne: a cell failed", "remedy": "see the log"}]
        elif number == 1:
            assert found[0]["what"].endswith("ValueError: <i>") and "ValueError: <i>" in said(console)
        else:
            assert found == []


def test_what_was_saved_while_a_build_ran_is_taken_together_in_the_next(desk, recorder, tiny_project):
    def saves_meanwhile():
        tiny_project.write("book/methods.md", "second")
        raise InputsChanged("pages changed while the book was being built")

    recorder.answers = [saves_meanwhile]
    tiny_project.write("book/methods.md", "first")
    desk.turn(["book/methods.md"])
    assert problems(desk) == []  # nobody has made a mistake
    desk.turn([])
    assert len(recorder.orders) == 2
    desk.turn(["book/methods.md", "book/glossary.md"])  # the system's word of what was built already
    assert len(recorder.orders) == 2


def test_beside_another_build_it_says_so_and_tries_again(desk, recorder, tiny_project, console, monkeypatch):
    monkeypatch.setattr(preview, "WAIT", 0.0)
    recorder.answers = [AtWork("another build is at work in this checkout (process 7)")] * 2
    tiny_project.write("book/methods.md", "more")
    desk.turn(["book/methods.md"])
    assert "another build is at work" in problems(desk)[0]["what"]
    desk.turn([])
    desk.turn([])
    assert problems(desk) == [] and len(recorder.orders) == 3 and said(console).count("another build is at work") == 1


def test_a_package_that_changed_is_not_built_with(desk, recorder, tiny_project, monkeypatch):
    monkeypatch.setattr(
        preview.Inputs, "book", lambda self, formats: {"code": "another", "libraries": desk._inputs["libraries"], "pages": ""}
    )
    desk.turn(["book/methods.md"])
    assert recorder.orders == [] and "start it again" in problems(desk)[0]["what"]


def test_the_compilers_message_is_taken_apart(tiny_project):
    message = (
        "the book could not be compiled; the last good one is untouched.\n"
        f"{tiny_project.root}/book/methods.md:12: WARNING: unknown document: 'none'\n"
        "    → the whole output is in _build/logs/compile-html.log"
    )
    assert told(message, tiny_project) == [
        Problem("", "the book could not be compiled; the last good one is untouched."),
        Problem("book/methods.md:12", "unknown document: 'none'", "the whole output is in _build/logs/compile-html.log"),
    ]


def test_a_second_preview_is_told_of_the_first_and_builds_are_not_kept_out(tiny_project, console):
    told_of = pytest.raises(AtWork, match=rf"another preview is at work in this checkout \(process {os.getpid()}\)")
    with locked(tiny_project, "preview"), locked(tiny_project), told_of:
        preview.preview(tiny_project, "", 1, console, opens=False)
    assert issubclass(AtWork, BuildError)


def test_where_nothing_can_be_watched_it_says_what_to_do(tiny_project, console, monkeypatch):
    monkeypatch.setattr(preview, "watch", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "no more watches")))
    with pytest.raises(BuildError, match="WATCHFILES_FORCE_POLLING=1"):
        preview.preview(tiny_project, "", 1, console, opens=False)


# ------------------------------------------------------------ the command, from its start to Ctrl-C

RECORDED = """
import select
import sys
from pathlib import Path
import placebook.build.build
from placebook import cli

root = Path(sys.argv[2])

def build(project, order, console=None, compiler=None):
    words = (root / "book" / "words.md").read_text()
    if "hold" in words:
        (root / "held").touch()
        while not (root / "go").exists():
            select.select([], [], [], 0.02)
        raise placebook.errors.InputsChanged("pages changed")
    if "wrong" in words:
        raise placebook.errors.BuildError(f"{root}/book/words.md:1: WARNING: it is wrong")
    with (root / "built").open("a") as stream:
        stream.write(f"{words}\\n")
    page = project.html / "book" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"<html><body>{words}</body></html>")
    return []

placebook.build.build.build = build
cli.main()
"""


def until(holds):
    """Wait for a condition, until the deadline."""
    end = time.monotonic() + DEADLINE
    while not (found := holds()):
        assert time.monotonic() < end, "it never came true"
        select.select([], [], [], 0.02)
    return found


@contextmanager
def running(project, command):
    """The command at work, and what it says; killed if a test fails."""
    said = project.root / "said"
    with said.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--project", project.root, "preview", "--no-open", "--workers", "1"],
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
    try:
        until(lambda: ": built in" in said.read_text() or process.poll() is not None)
        yield process, said, re.search(r"http://127\.0\.0\.1:\d+/", said.read_text())[0]
    finally:
        for one in [*psutil.Process(process.pid).children(recursive=True), process] if process.poll() is None else []:
            one.kill()
        process.wait()


def ended(process):
    """Interrupt it and its group, as Ctrl-C does; it and all that it started end."""
    started = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(DEADLINE) == 0
    _, left = psutil.wait_procs(started, DEADLINE)
    assert started and not left


def test_a_burst_of_saves_is_one_build_an_error_keeps_the_page_and_an_interrupt_ends_all(tiny_project, tmp_path):
    words = tiny_project.write("book/words.md", "0")
    script = tiny_project.write("recorded.py", RECORDED)
    with running(tiny_project, [sys.executable, script]) as (process, said, address):
        built = tiny_project.root / "built"
        words.write_text("hold")
        until((tiny_project.root / "held").exists)
        for number in range(1, 9):
            words.write_text(f"{number}")
        (tiny_project.root / "go").touch()
        until(lambda: built.read_text().endswith("8\n"))
        assert ask(address, "/book/index.html")[2].startswith(b"<html><body>8<script")
        words.write_text("wrong")
        until(lambda: "book/words.md:1: WARNING: it is wrong" in said.read_text())
        assert ask(address, "/book/index.html")[2].startswith(b"<html><body>8<script")
        words.write_text("9")
        until(lambda: built.read_text().endswith("9\n"))
        tiny_project.write("_toc.yml.new", "root: y\n").rename(tiny_project.root / "_toc.yml")  # as editors save
        until(lambda: built.read_text().endswith("9\n9\n"))
        assert built.read_text().split() == ["0", "8", "9", "9"]
        ended(process)
        assert "Traceback" not in said.read_text() and "The preview has ended." in said.read_text()
