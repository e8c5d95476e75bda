"""The preview of the real book: a saved word reaches the page, a mistake stands beside it, and nothing is left running."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys

import psutil
import pytest

from tests.book.checkouts import clone_built

DEADLINE = 120.0


@pytest.fixture
def previewed(built_book, tmp_path):
    """A checkout with everything built in it, the preview at work on it, and the port that it named."""
    project = clone_built(tmp_path / "book")
    with subprocess.Popen(
        [sys.executable, "-m", "placebook", "--project", project.root, "preview", "broxbourne", "--no-open"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            yield project, process, int(re.search(r"127\.0\.0\.1:(\d+)/book/places/broxbourne", process.stderr.readline())[1])
        finally:
            process.kill()


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    connection.request("GET", path)
    return connection.getresponse()


def test_a_saved_word_reaches_the_page_and_a_mistake_leaves_it(previewed):
    project, process, port = previewed
    address, path = "/book/places/broxbourne.html", project.params / "broxbourne.yml"
    stream = get(port, f"/-/events?page={address}")

    def told(holds):
        """The first news of which this holds."""
        for line in stream:
            if line.startswith(b"data: ") and holds(news := json.loads(line.removeprefix(b"data: "))):
                return news
        raise AssertionError("the preview has ended")

    first = told(lambda news: news["page"] and not news["building"])["page"]
    words = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(summary: (?:>-\n +)?)", r"\g<1>Indeed. ", words, count=1), encoding="utf-8")
    told(lambda news: news["page"] != first)
    page = get(port, address).read().decode()
    assert "Indeed. " in page and page.count("/-/preview.js") == 1
    assert "/-/preview.js" not in (project.build / "preview" / address[1:]).read_text(encoding="utf-8")
    assert "Indeed. " not in (project.html / address[1:]).read_text(encoding="utf-8"), "the book is what was built"
    path.write_text(words.replace("kind: ", "kind: distict # ", 1), encoding="utf-8")
    (problem,) = told(lambda news: news["problems"])["problems"]
    line = 1 + words[: words.index("kind: ")].count("\n")
    assert problem["where"] == f"params/broxbourne.yml:{line}"
    assert "Indeed. " in get(port, address).read().decode()
    path.write_text(words, encoding="utf-8")
    told(lambda news: not news["problems"] and not news["building"])
    assert "Indeed. " not in get(port, address).read().decode()
    started = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=DEADLINE)[1]
    _, left = psutil.wait_procs(started, DEADLINE)
    assert process.returncode == 0 and started and not left
    assert f"params/broxbourne.yml:{line}: kind" in said and "Traceback" not in said
