"""A build that is killed, at whatever moment: readers keep a whole book, and the next build finishes it."""

import random
import subprocess
import sys
import time

import pytest
from checkouts import clone_built, files

from placebook.paths import Project

CHANGES = {
    "broxbourne": ("first of the deep dives", "first of the very deep dives"),
    "letchworth": ("name: Letchworth Garden City", "name: Old Letchworth Garden City"),
}
"""A word of an analyst, which costs no execution, and a name, which does."""


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


def change(project: Project, to: int) -> None:
    """Write the first or the second of each pair."""
    for place, pair in CHANGES.items():
        path = project.params / f"{place}.yml"
        text = path.read_text(encoding="utf-8")
        assert pair[1 - to] in text
        path.write_text(text.replace(pair[1 - to], pair[to], 1), encoding="utf-8")


def contents(project: Project) -> dict[str, bytes]:
    return {name: (project.html / name).read_bytes() for name in files(project.html) if name != "edition.json"}


def goes_on(project: Project) -> None:
    done = subprocess.run(command(project), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def kill_often(project: Project, times: int, chance: random.Random, finish_each: bool) -> int:
    """Change words to and fro, kill each build; how many were really stopped. Fails where a book is not whole."""
    subprocess.run(command(project), check=True, capture_output=True)
    books = [contents(project)]
    change(project, 1)
    begun = time.monotonic()
    goes_on(project)
    longest = time.monotonic() - begun
    books.append(contents(project))
    pages = {f"book/places/{place}.html" for place in CHANGES}
    assert {name for name in books[0] if books[0][name] != books[1].get(name)} >= pages and books[0].keys() == books[1].keys()
    stopped, now = 0, 1
    for _ in range(times):
        now = 1 - now
        change(project, now)
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
