"""The work on one page alone, in one process that has loaded the libraries: what executions are compared with.

    python benchmarks/floor.py [PLACE [TIMES]]

Prints seconds (the least of TIMES, 3 if not said) and ratios to the first line: everything that the template asks of the page;
``placebook``'s own execution of the same place, in the pool and cold. Writes only below ``_build`` of the checkout.
"""

import os
import sys
import time
from collections.abc import Callable

import nbformat

from placebook.execute import pool
from placebook.execute.outcome import PLACE, TIME_LIMIT, Page
from placebook.paths import Project
from placebook.report import display


def alone(project: Project, slug: str) -> None:
    """Every cell of the template, run as one program."""
    notebook = nbformat.read(project.template(PLACE), as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    os.chdir(project.root)
    exec("\n".join(sources).replace("place = None", f"place = {slug!r}", 1), {})


def least(times: int, work: Callable[[], None]) -> float:
    """Seconds of the quickest of so many times, after one that does what is done only once."""
    work()
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def main() -> None:
    project = Project.find()
    slug = sys.argv[1] if len(sys.argv) > 1 else "broxbourne"
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    display.display = lambda *output, **options: None
    found = {"page alone": least(times, lambda: alone(project, slug))}
    for name, cold in (("executed in the pool", False), ("executed cold", True)):
        page = [Page(PLACE, slug)]
        found[name] = least(
            times, lambda page=page, cold=cold: pool.execute_all(project, page, 1, TIME_LIMIT, cold, lambda outcome: None)
        )
    base = found["page alone"]
    for name, seconds in found.items():
        print(f"{name:24s} {seconds:6.2f} s  {seconds / base:5.2f}")


if __name__ == "__main__":
    main()
