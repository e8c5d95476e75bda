"""*When check says no*: each mistake of the page is made as it stands there, and the message is the one that it shows."""

import re
import shlex
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "when-check-says-no.md"
TRIED = re.compile(r"^```(yaml|shell)\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MISTAKES = TRIED.findall(PAGE.read_text(encoding="utf-8"))


def test_the_page_shows_a_message_for_each_mistake():
    text = PAGE.read_text(encoding="utf-8")
    assert len(MISTAKES) == text.count("```text") == text.count("```yaml") + text.count("```shell") >= 12


@pytest.mark.parametrize(("kind", "written", "message"), MISTAKES, ids=[written.splitlines()[-1] for _, written, _ in MISTAKES])
def test_a_mistake_of_the_page_has_the_message_of_the_page(checkout, carried, placebook, monkeypatch, kind, written, message):
    monkeypatch.chdir(checkout.root.parent)
    words = "placebook check"
    if kind == "yaml":
        path = checkout.root / written.splitlines()[0].removeprefix("# ")
        path.parent.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
    else:
        words = written
    done = placebook(checkout, *shlex.split(words)[1:])
    assert (done.returncode, done.stderr, done.stdout) == (2, message, "")
