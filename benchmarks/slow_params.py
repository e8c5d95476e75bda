"""How long `placebook check` takes over params files written to be slow: seconds, and those of its processors.

    .venv/bin/python benchmarks/slow_params.py [SECONDS]

Each lies in a copy of the book by itself, once far larger than anybody writes one and once as large as `check` lets it be. What
the check of no such file takes, in the first row, is to be taken off. A check that takes longer than SECONDS (90) is stopped.
"""

import os
import subprocess
import sys
import tempfile
import time
from itertools import count, takewhile
from pathlib import Path

from checkouts import copy

from placebook.paths import Project

DISTRICT = "name: Luton\nkind: district\ncode: E06000032\n"
TOWN = "name: Leagrave\nkind: town\nparent: E06000032\nchosen: no\nlsoas:\n"
FILE, WORDS = (700_000, 240_000), (70_000, 19_900)
"""Sizes in bytes, of a file and of words in it: far too large, and just not."""
FILES = {
    "LSOAs, all different": (TOWN, "- E01{0:06}\n"),
    "LSOAs, all the same": (TOWN, "- E01023630\n"),
    "LSOAs, none a code": (TOWN, "- E01X{0}\n"),
    "comparators": (DISTRICT + "comparators:\n", "- county\n"),
    "unknown keys": (DISTRICT, "key{0}: x\n"),
    "unknown keys within": (DISTRICT + "narrative:\n", "  summery{0}: x\n"),
    "repeated keys": (DISTRICT, "k: x\n"),
    "events": (DISTRICT + "narrative:\n  events:\n", "  - {{date: d{0}, what: x, who: y}}\n"),
    "events without fields": (DISTRICT + "narrative:\n  events:\n", "  - {{}}\n"),
    "events of many signs": (DISTRICT + "narrative:\n  events:\n", "  - {{date: d, who: y, what: '" + "![" * 1_000 + "'}}\n"),
    "references to nowhere": (DISTRICT + "narrative:\n  references:\n", "  - {{title: x, url: 'http://x'}}\n"),
    "one long key": (DISTRICT + "? ", "x"),
    "one long line": (DISTRICT + "chosen: ", "x"),
    "one long name": ("kind: district\ncode: E06000032\nname: ", "L"),
    "wide": (DISTRICT + "narrative: [", "[],\n"),
    "wide and deep": (DISTRICT + "narrative: [", "[" * 18 + "]" * 18 + ",\n"),
    "anchors": (DISTRICT, "k{0}: &x y\n"),
}
STORIES = {
    "asterisks": "*",
    "asterisks with words": "*a **b ",
    "underscores with words": "_a __b ",
    "opening brackets": "[",
    "brackets with addresses": "[a](",
    "brackets with names": "[a][",
    "pictures": "![",
    "less than": "<",
    "backticks": "a``` `` ",
    "ampersands": "&",
    "quotations": "> ",
    "lists": "- ",
    "addresses set apart": "[x]: y\n    ",
    "directives": ":::{{x\n    ",
}


def written(head: str, piece: str, size: int) -> str:
    pieces = takewhile(lambda made: made[0] * len(piece) < size, ((n, piece.format(n)) for n in count()))
    return head + "".join(text for _, text in pieces)


def seconds(project: Project, limit: float) -> tuple[float, float, str]:
    """Of one check and of the processors in it, and what it said first."""
    begun, before = time.perf_counter(), os.times()
    words = [sys.executable, "-m", "placebook", "--project", str(project.root), "check"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=limit, check=False)
        said = (done.stderr or done.stdout).splitlines()
        first = said[-1] if "Traceback" in done.stderr else said[0].removeprefix("wrong: params/slow.yml:")
    except subprocess.TimeoutExpired:
        first = "stopped"
    after = os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - begun, busy, first[:90]


def main() -> None:
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else 90
    with tempfile.TemporaryDirectory() as folder:
        project = copy(Project.find(), Path(folder))
        seconds(project, 600)  # tables are checked once
        print(f"{'none':24}        {'{:7.2f} {:7.2f}  {}'.format(*seconds(project, limit))}", flush=True)
        for size in (0, 1):
            files = {name: written(*what, FILE[size]) for name, what in FILES.items()}
            files |= {
                name: f"{DISTRICT}narrative:\n  story: |\n    {written('', words, WORDS[size])}\n"
                for name, words in STORIES.items()
            }
            for name, text in files.items():
                (project.params / "slow.yml").write_text(text, encoding="utf-8")
                print(
                    f"{name:24} {len(text) / 1000:4.0f} kB {'{:7.2f} {:7.2f}  {}'.format(*seconds(project, limit))}", flush=True
                )


if __name__ == "__main__":
    main()
