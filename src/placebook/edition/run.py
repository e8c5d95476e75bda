"""Places through Papermill: one template, one parameter, one process for each place."""

from __future__ import annotations

import os
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

import nbformat

from placebook.edition.bake import bake
from placebook.errors import BuildError
from placebook.paths import Project, write_atomically


@dataclass(frozen=True)
class Outcome:
    """How one place went."""

    place: str
    seconds: float
    problem: str = ""
    """Empty where it went well; else what the person who typed the command should know."""

    @property
    def failed(self) -> bool:
        return bool(self.problem)


def execute(project: Project, place: str) -> Outcome:
    """Execute the template for one place and write its plain notebook to ``book/places``.

    Never raises for a place that fails: the outcome carries the problem, the log the traceback.
    """
    from papermill.exceptions import PapermillExecutionError

    begun = time.perf_counter()
    log = project.logs / f"{place}.log"
    problem = written = ""
    try:
        executed = _papermill(project, place)
        page = bake(executed, place)
        target = project.place_pages / f"{place}.ipynb"
        write_atomically(target, nbformat.writes(page, version=4) + "\n")
    except PapermillExecutionError as error:
        problem = f"{error.ename}: {error.evalue.strip()} (cell: {error.source.strip()})"
        written = str(error)
    except BuildError as error:
        problem = written = str(error)
    except Exception as error:  # a kernel that will not start, a full disk: any of it is the place's
        problem, written = f"{type(error).__name__}: {error}", traceback.format_exc()
    write_atomically(log, f"{place}: failed\n\n{written}\n" if problem else f"{place}: done\n")
    if problem:
        problem += f"\n    → the whole traceback is in {log.relative_to(project.root)}"
    return Outcome(place, time.perf_counter() - begun, problem)


def _papermill(project: Project, place: str) -> nbformat.NotebookNode:
    import papermill
    from traitlets.config import Config

    with tempfile.TemporaryDirectory(prefix="placebook-") as folder:
        # Sockets that are files in place of ports: nobody else on the machine can listen, no port can be
        # taken, and places under way at the same time cannot meet.
        sockets = {"transport": "ipc", "ip": f"{folder}/kernel"}
        return papermill.execute_notebook(
            str(project.place_template),
            None,
            parameters={"place": place},
            cwd=str(project.root),
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_name="python3",
            config=Config({"KernelManager": sockets}),
        )


def execute_all(
    project: Project, places: Sequence[str], workers: int, done: Callable[[Outcome], None]
) -> list[Outcome]:
    """Execute places, ``workers`` at a time; ``done`` hears of each as it ends.

    The outcomes come back in the order of ``places``.
    """
    # One thread a kernel: the numerical libraries would otherwise fight over the cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    outcomes: dict[str, Outcome] = {}
    # Fresh processes, not forks: a fork of a process with threads (Arrow's, say) may wait for ever.
    fresh = get_context("spawn")
    count = max(1, min(workers, len(places) or 1))
    with ProcessPoolExecutor(max_workers=count, mp_context=fresh) as pool:
        futures = {pool.submit(execute, project, place): place for place in places}
        for future in as_completed(futures):
            outcome = future.result()
            outcomes[outcome.place] = outcome
            done(outcome)
    return [outcomes[place] for place in places]


def drop_pages_without_params(project: Project, places: Sequence[str]) -> list[str]:
    """Delete pages and ledgers of places that have no params file any more; gives their slugs."""
    gone = []
    for folder, ending in ((project.place_pages, ".ipynb"), (project.ledgers, ".json")):
        for path in sorted(folder.glob(f"*{ending}")):
            if path.stem not in places:
                path.unlink()
                gone.append(path.stem)
    return sorted(set(gone))
