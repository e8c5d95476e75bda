"""What a page that is lost costs the others: twelve pages on all cores, one of which is killed, hangs or runs out of memory.

    python benchmarks/lost_pages.py [PLACE]

Twelve places with the figures of PLACE, in a copy of the checkout in a temporary folder. For each case: seconds in all and to
the last of the other eleven pages, its ratio to the case in which nothing is lost, how many others failed, and what is said.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from checkouts import copy, machine

from placebook.execute import pool
from placebook.execute.outcome import PLACE, Outcome, Page
from placebook.paths import Project

LIMIT = 20
"""Seconds that a cell may take: what a page that hangs has to itself."""
CASES = {
    "nothing is lost": "pass",
    "one is killed, twice": "import os; os.kill(os.getpid(), 9)",
    "one hangs": "import signal; signal.pause()",
    "one runs out of memory": "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31)); bytearray(2**32)",
}


def twelve(project: Project, place: str) -> list[Page]:
    """Twelve places with the figures of one."""
    text = (project.params / f"{place}.yml").read_text(encoding="utf-8")
    slugs = [f"page-{number:02d}" for number in range(12)]
    for slug in slugs:
        (project.params / f"{slug}.yml").write_text(text, encoding="utf-8")
    return [Page(PLACE, slug) for slug in slugs]


def lose(project: Project, slug: str, how: str) -> None:
    """Let a page come to this before its first section."""
    template = project.template(PLACE)
    notebook = json.loads(template.read_text(encoding="utf-8"))
    notebook["cells"][1]["source"] = [
        f"if place == {slug!r}:\n",
        f"    {how}\n",
        "from placebook.report.page import Page\n",
        "page = Page.open(place)",
    ]
    template.write_text(json.dumps(notebook), encoding="utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = copy(Project.find(), Path(folder) / "book")
        pages = twelve(project, sys.argv[1] if len(sys.argv) > 1 else "st-albans")
        pool.execute_all(project, pages[:2], 2, LIMIT, False, lambda outcome: None)  # the tables are read, the libraries loaded
        base = 0.0
        for name, how in CASES.items():
            lose(project, pages[5].slug, how)
            ends: dict[str, tuple[float, Outcome]] = {}
            begin = time.perf_counter()

            def done(outcome: Outcome, ends: dict[str, tuple[float, Outcome]] = ends, begin: float = begin) -> None:
                ends[outcome.place] = (time.perf_counter() - begin, outcome)

            pool.execute_all(project, pages, os.cpu_count() or 1, LIMIT, False, done)
            others = [end for slug, end in ends.items() if slug != pages[5].slug]
            last = max(seconds for seconds, _ in others)
            base = base or last
            failed = sum(outcome.failed for _, outcome in others)
            problem = ends[pages[5].slug][1].problem.split("\n")[0][:90]
            whole = max(seconds for seconds, _ in ends.values())
            print(f"{name:24s} {whole:6.1f} s  others {last:6.1f} s {last / base:5.2f}  failed {failed}  {problem}")
        print(machine())


if __name__ == "__main__":
    main()
