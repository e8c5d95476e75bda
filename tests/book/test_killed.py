"""A build that is killed, at whatever moment: readers keep a whole book, and the next build finishes it."""

import random
import subprocess
import sys
import time

import pytest
from checkouts import clone_built, files

from placebook.paths import Project

WORD, OTHER = "first of the deep dives", "first of the very deep dives"


def command(project: Project, *more: str) -> list[str]:
    return [sys.executable, "-m", "placebook", "--project", str(project.root), "build", *more]


def killed(project: Project, after: float) -> bool:
    """Start a build and kill it; whether it was still at work."""
    with subprocess.Popen(command(project), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as build:
        try:
            build.wait(after)
            return False
        except subprocess.TimeoutExpired:
            build.kill()  # nothing that a program could catch
            return True


def say(project: Project, old: str, new: str) -> None:
    path = project.params / "broxbourne.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def contents(project: Project) -> dict[str, bytes]:
    return {name: (project.html / name).read_bytes() for name in files(project.html) if name != "edition.json"}


def goes_on(project: Project) -> None:
    done = subprocess.run(command(project), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def kill_often(project: Project, times: int, chance: random.Random, finish_each: bool) -> int:
    """Change a word to and fro, kill each build; how many were really stopped. Fails where a book is not whole."""
    subprocess.run(command(project), check=True, capture_output=True)
    books = [contents(project)]
    say(project, WORD, OTHER)
    begun = time.monotonic()
    goes_on(project)
    longest = time.monotonic() - begun
    books.append(contents(project))
    page = "book/places/broxbourne.html"
    assert {name for name in books[0] if books[0][name] != books[1].get(name)} >= {page} and books[0].keys() == books[1].keys()
    stopped, now = 0, 1
    for _ in range(times):
        now = 1 - now
        say(project, *((OTHER, WORD) if now == 0 else (WORD, OTHER)))
        # Within what a build of one changed word takes here; one that has ended before was not stopped.
        stopped += killed(project, longest * chance.uniform(0.02, 1))
        assert contents(project) in books, "a reader met half a book"
        if finish_each:
            goes_on(project)
            assert contents(project) == books[now]
    goes_on(project)
    assert contents(project) == books[now]
    assert not [path for path in project.build.iterdir() if path.name.startswith(".html.")], "nothing is left lying about"
    return stopped


@pytest.fixture
def elsewhere(built_book, tmp_path):
    return clone_built(tmp_path / "book")


def test_three_kills(elsewhere):
    # Drawn once, so that each falls into another stage: places under way, the compiler, the site's finishing.
    kill_often(elsewhere, 3, random.Random(423), finish_each=False)


@pytest.mark.long
def test_fifty_kills(elsewhere):
    seed = time.time_ns()
    assert kill_often(elsewhere, 50, random.Random(seed), finish_each=True) >= 25, seed
