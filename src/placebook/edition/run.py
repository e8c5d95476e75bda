"""Places through Papermill: one template, one parameter, one process for each place."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from placebook.edition import warm
from placebook.edition.standing import TIME_LIMIT, Order, Outcome
from placebook.edition.warm import COLD, WARM
from placebook.edition.workers import Workers
from placebook.errors import BuildError
from placebook.paths import Project, write_atomically, write_changed

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from placebook.edition.crew import Crew

SHOWS = re.compile(r"page\.show_theme\(\"([^\"]+)\"\)|chapter\.(\w+)\(|page\.(\w+)\(")
"""What a template's cell shows: a theme by its name, another section by the line that shows it."""


def execute(project: Project, place: str, time_limit: int = TIME_LIMIT, kernel: str = COLD) -> Outcome:
    """Execute the place template and write its plain notebook to ``book/places``.

    ``kernel`` is the name of an installed Jupyter kernel or of a warm one (``warm.kernels``). Never raises for a place
    that fails: the outcome carries the problem, the log the traceback.
    """
    parameters = {"place": place}
    return _execute(project, place, project.place_template, parameters, project.place_pages, time_limit, kernel)


def execute_county(project: Project, county: str, time_limit: int = TIME_LIMIT, kernel: str = COLD) -> Outcome:
    """Execute the county template, from the places' ledgers, into ``book/counties``."""
    parameters = {"county": county}
    return _execute(project, county, project.county_template, parameters, project.county_pages, time_limit, kernel)


def _execute(
    project: Project, slug: str, template: Path, parameters: dict[str, str], folder: Path, time_limit: int, kernel: str
) -> Outcome:
    import nbformat
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    from placebook.edition.bake import bake

    begun = time.perf_counter()
    log = project.logs / f"{slug}.log"
    problem = written = ""
    stages: dict[str, float] = {}
    memory = None
    try:
        executed, memory = _papermill(project, template, parameters, time_limit, kernel)
        stages = _stages(executed, time.perf_counter() - begun)
        page = bake(executed, slug)
        write_changed(folder / f"{slug}.ipynb", nbformat.writes(page, version=4) + "\n")
    except PapermillExecutionError as error:
        problem = f"{error.ename}: {error.evalue.strip()} (cell: {error.source.strip()})"
        written = str(error)
    except CellTimeoutError:
        problem = (
            f"a cell of notebooks/{template.name} took longer than {time_limit} s and was stopped. If the machine is "
            f"slow, allow more: --time-limit {2 * time_limit}"
        )
        written = traceback.format_exc()
    except BuildError as error:
        problem = written = str(error)
    except Exception as error:  # a kernel that will not start, a full disk: any of it is the place's
        problem, written = f"{type(error).__name__}: {error}", traceback.format_exc()
        if kernel == WARM:
            log_of_kernels = (project.logs / warm.LOG).relative_to(project.root)
            problem += f"\n    → {log_of_kernels} may say more; --cold does without warm kernels"
    seconds = time.perf_counter() - begun
    write_atomically(log, f"{slug}: failed\n\n{written}\n" if problem else _told(slug, seconds, kernel, stages, memory))
    if problem:
        problem += f"\n    → the whole traceback is in {log.relative_to(project.root)}"
    return Outcome(slug, seconds, problem, stages=stages, memory=memory)


def _told(slug: str, seconds: float, kernel: str, stages: Mapping[str, float], memory: float | None) -> str:
    """The log of a page that went well: when, by what, how long each part took."""
    lines = [f"{slug}: done in {seconds:.2f} s on {datetime.now(UTC).isoformat(timespec='seconds')}", f"kernel: {kernel}"]
    lines += [f"{took:8.2f} s  {name}" for name, took in stages.items()]
    if memory is not None:
        lines.append(f"highest memory of the kernel: {memory:.0f} MiB, what it shares with others among it")
    return "\n".join([*lines, ""])


def _stages(executed: NotebookNode, whole: float) -> dict[str, float]:
    """Seconds of each cell of the template, by what it shows, and what the kernel's start and end took."""
    found: dict[str, float] = {}
    for cell in executed.cells:
        if cell.cell_type == "code" and (took := cell.metadata.get("papermill", {}).get("duration")):
            name = SHOWS.search(cell.source)
            label = next((part for part in name.groups() if part), "") if name else "opening"
            found[label] = round(found.get(label, 0.0) + float(took), 3)
    return {"kernel": round(max(0.0, whole - sum(found.values())), 3), **found}


def _papermill(
    project: Project, template: Path, parameters: dict[str, str], time_limit: int, kernel: str
) -> tuple[NotebookNode, float | None]:
    """The executed notebook, and the highest memory of a warm kernel in MiB; None where nobody measures it."""
    import papermill
    from traitlets.config import Config

    from placebook.edition.kernels import Manager

    with tempfile.TemporaryDirectory(prefix="placebook-") as folder:
        # Sockets that are files in place of ports: nobody else on the machine can listen, no port can be
        # taken, and places under way at the same time cannot meet.
        connection = Path(folder, "connection.json")
        sockets = {"transport": "ipc", "ip": f"{folder}/kernel", "connection_file": str(connection)}
        executed = papermill.execute_notebook(
            str(template),
            None,
            parameters=parameters,
            cwd=str(project.root),
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_name=kernel,
            execution_timeout=time_limit,
            config=Config({"KernelManager": sockets}),
            kernel_manager_class=Manager,
        )
        peak = Path(f"{connection}{warm.PEAK}")
        return executed, round(int(peak.read_text()) / 1024, 1) if peak.exists() else None


def execute_all(
    project: Project, places: Sequence[str], order: Order, done: Callable[[Outcome], None],
    workers: Workers | None = None, crew: Crew | None = None,
) -> list[Outcome]:
    """Execute places, as many at a time as the order has workers; ``done`` hears of each as it ends.

    The outcomes come back in the order of ``places``. With an address of a cluster its workers execute them. ``workers`` are
    those of this machine that are there already, ``crew`` those of the cluster.
    """
    if order.cluster and places:
        from placebook.edition import cluster

        with crew or cluster.gather(order.cluster, order.kernel) as there:
            return cluster.execute_all(project, places, order, done, there)
    outcomes: dict[str, Outcome] = {}

    def heard(outcome: Outcome) -> None:
        outcomes[outcome.place] = outcome
        done(outcome)

    if places:
        one_thread_a_kernel()
        with nullcontext(workers) if workers else Workers(min(order.workers, len(places))) as hands:
            hands.each(execute, project, places, order.time_limit, order.kernel, heard=heard)
    return [outcomes[place] for place in places]


def execute_chapter(project: Project, county: str, order: Order, workers: Workers) -> Outcome:
    """As ``execute_county``, in one of the workers."""
    heard: list[Outcome] = []
    workers.each(execute_county, project, [county], order.time_limit, order.kernel, heard=heard.append)
    return heard[0]


def one_thread_a_kernel() -> None:
    """For all processes that are started from now on: the numerical libraries would otherwise fight over the cores."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def drop_pages_without_params(
    project: Project, places: Sequence[str], counties: Sequence[str] = ()
) -> list[str]:
    """Delete what was made of places and counties that are in the book no more; gives their slugs."""
    gone = []
    for folder, ending, known in (
        (project.place_pages, ".ipynb", places),
        (project.ledgers, ".json", places),
        (project.county_pages, ".ipynb", counties),
        (project.ledgers / "counties", ".json", counties),
    ):
        for path in sorted(folder.glob(f"*{ending}")):
            if path.stem not in known:
                path.unlink()
                gone.append(path.stem)
    for folder in (project.evidence, project.downloads):
        for path in sorted(folder.glob("*")):
            if path.is_dir() and path.name not in places:
                shutil.rmtree(path)
    return sorted(set(gone))
