"""Places through Papermill: one template, one parameter, one process for each place."""

from __future__ import annotations

import re
import resource
import shutil
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from placebook.build.standing import TIME_LIMIT, Order, Outcome
from placebook.errors import BuildError
from placebook.execute import leftovers, warm
from placebook.execute.warm import COLD, WARM
from placebook.execute.workers import ATTEMPTS, LOST, Workers, side_by_side
from placebook.paths import Project, write_atomically, write_changed

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from placebook.execute.crew import Crew

PLACE, COUNTY = "place", "county"
"""Kinds of pages: each is the name of the parameter of its template."""
SHOWS = re.compile(r"page\.show_theme\(\"([^\"]+)\"\)|chapter\.(\w+)\(|page\.(\w+)\(")
"""What a template's cell shows: a theme by its name, another section by the line that shows it."""


def execute(project: Project, place: str, time_limit: int = TIME_LIMIT, kernel: str = COLD) -> Outcome:
    """Execute the place template and write its plain notebook to ``book/places``.

    ``kernel`` is the name of an installed Jupyter kernel or ``WARM`` (``warm.processes``). Never raises for a place
    that fails: the outcome carries the problem, the log the traceback.
    """
    return _execute(project, PLACE, place, time_limit, kernel)


def execute_county(project: Project, county: str, time_limit: int = TIME_LIMIT, kernel: str = COLD) -> Outcome:
    """Execute the county template, from the places' ledgers, into ``book/counties``."""
    return _execute(project, COUNTY, county, time_limit, kernel)


def _execute(project: Project, kind: str, slug: str, time_limit: int, kernel: str) -> Outcome:
    return _warm(project, kind, slug, time_limit) if kernel == WARM else page(project, kind, slug, time_limit, kernel)


def _warm(project: Project, kind: str, slug: str, time_limit: int) -> Outcome:
    """From a process of its own that has everything loaded; one that is lost is replaced once."""
    started = time.perf_counter()
    how = []
    try:
        for _ in range(ATTEMPTS):
            try:
                return warm.execute(project, kind, slug, time_limit)
            except warm.Lost as lost:
                how.append(f"its process ended before its page was made: {lost}")
        problem, written = LOST, "\n".join(how)
    except warm.TooLong as error:
        problem, written = too_long(of_kind(project, kind)[0], time_limit), f"The cell that was stopped:\n\n{error}"
    except OSError as error:
        problem, written = f"{type(error).__name__}: {error}{warm.more(project)}", traceback.format_exc()
    return failed(project, slug, time.perf_counter() - started, problem, written)


def page(
    project: Project, kind: str, slug: str, time_limit: int, kernel: str, begun: Callable[[str], None] = lambda source: None
) -> Outcome:
    """A place's page or a county's chapter through Papermill, from this process; as ``execute``.

    With ``WARM`` its cells are executed in this process, which is then to end; ``begun`` hears the source of each, and whoever
    asked sees to the time limit.
    """
    import nbformat
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    from placebook.execute.bake import bake

    template, folder = of_kind(project, kind)
    started = time.perf_counter()
    problem = written = ""
    stages: dict[str, float] = {}
    memory = None
    try:
        if kernel == WARM:
            executed = _papermill_within(project, template, {kind: slug}, begun)
            memory = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
        else:
            executed = _papermill(project, template, {kind: slug}, time_limit, kernel)
        stages = _stages(executed, time.perf_counter() - started)
        baked = bake(executed, slug)
        write_changed(folder / f"{slug}.ipynb", nbformat.writes(baked, version=4) + "\n")
    except PapermillExecutionError as error:
        problem = f"{error.ename}: {error.evalue.strip()} (cell: {error.source.strip()})"
        written = str(error)
    except CellTimeoutError:
        problem, written = too_long(template, time_limit), traceback.format_exc()
    except BuildError as error:
        problem = written = str(error)
    except Exception as error:  # a kernel that will not start, a full disk: any of it is the place's
        problem, written = f"{type(error).__name__}: {error}", traceback.format_exc()
        if kernel == WARM:
            problem += warm.more(project)
    seconds = time.perf_counter() - started
    if problem:
        return failed(project, slug, seconds, problem, written)
    write_atomically(project.logs / f"{slug}.log", _told(slug, seconds, kernel, stages, memory))
    return Outcome(slug, seconds, stages=stages, memory=memory)


def of_kind(project: Project, kind: str) -> tuple[Path, Path]:
    """Template and folder of the pages of places or of counties."""
    return (project.place_template, project.place_pages) if kind == PLACE else (project.county_template, project.county_pages)


def too_long(template: Path, time_limit: int) -> str:
    """The problem of a page one of whose cells reached the limit, in seconds."""
    return (
        f"a cell of notebooks/{template.name} took longer than {time_limit} s and was stopped. If the machine is "
        f"slow, allow more: --time-limit {2 * time_limit}"
    )


def failed(project: Project, slug: str, seconds: float, problem: str, written: str) -> Outcome:
    """The outcome of a page that was not made; its log holds what is ``written``."""
    log = project.logs / f"{slug}.log"
    write_atomically(log, f"{slug}: failed\n\n{written}\n")
    return Outcome(slug, seconds, f"{problem}\n    → the whole traceback is in {log.relative_to(project.root)}")


def _told(slug: str, seconds: float, kernel: str, stages: Mapping[str, float], memory: float | None) -> str:
    """The log of a page that went well: when, by what, how long each part took."""
    lines = [f"{slug}: done in {seconds:.2f} s on {datetime.now(UTC).isoformat(timespec='seconds')}", f"kernel: {kernel}"]
    lines += [f"{took:8.2f} s  {name}" for name, took in stages.items()]
    if memory is not None:
        lines.append(f"highest memory of its process: {memory:.0f} MiB, what it shares with others among it")
    return "\n".join([*lines, ""])


def _stages(executed: NotebookNode, whole: float) -> dict[str, float]:
    """Seconds of each cell of the template, by what it shows, and what came before and after them."""
    found: dict[str, float] = {}
    for cell in executed.cells:
        if cell.cell_type == "code" and (took := cell.metadata.get("papermill", {}).get("duration")):
            name = SHOWS.search(cell.source)
            label = next((part for part in name.groups() if part), "") if name else "opening"
            found[label] = round(found.get(label, 0.0) + float(took), 3)
    return {"kernel": round(max(0.0, whole - sum(found.values())), 3), **found}


def _papermill(project: Project, template: Path, parameters: dict[str, str], time_limit: int, kernel: str) -> NotebookNode:
    """The notebook, executed in a kernel of its own."""
    from traitlets.config import Config

    from placebook.execute.kernels import Manager

    with leftovers.folder() as folder:
        # Sockets that are files in place of ports: nobody else on the machine can listen, no port can be
        # taken, and places under way at the same time cannot meet.
        sockets = {"transport": "ipc", "ip": f"{folder}/kernel", "connection_file": f"{folder}/connection.json"}
        return _executed(
            project,
            template,
            parameters,
            kernel_name=kernel,
            execution_timeout=time_limit,
            config=Config({"KernelManager": sockets}),
            kernel_manager_class=Manager,
        )


def _papermill_within(
    project: Project, template: Path, parameters: dict[str, str], begun: Callable[[str], None]
) -> NotebookNode:
    """The notebook, executed in this process."""
    from placebook.execute.engine import ENGINE

    return _executed(project, template, parameters, kernel_name=COLD, engine_name=ENGINE, begun=begun)


def _executed(project: Project, template: Path, parameters: dict[str, str], **more: Any) -> NotebookNode:
    import papermill

    return papermill.execute_notebook(
        str(template),
        None,
        parameters=parameters,
        cwd=str(project.root),
        progress_bar=False,
        request_save_on_cell_execute=False,
        **more,
    )


def execute_all(
    project: Project,
    places: Sequence[str],
    order: Order,
    done: Callable[[Outcome], None],
    workers: Workers | None = None,
    crew: Crew | None = None,
) -> list[Outcome]:
    """Execute places, as many at a time as the order has workers; ``done`` hears of each as it ends.

    The outcomes come back in the order of ``places``. With an address of a cluster its workers execute them. ``workers`` are
    those of this machine that are there already, ``crew`` those of the cluster.
    """
    if order.cluster and places:
        from placebook.execute import cluster

        with crew or cluster.gather(order.cluster, order.kernel) as there:
            return cluster.execute_all(project, places, order, done, there)
    outcomes: dict[str, Outcome] = {}

    def heard(outcome: Outcome) -> None:
        outcomes[outcome.place] = outcome
        done(outcome)

    if places and order.kernel == WARM:  # each page has a process of its own, which threads wait for
        side_by_side(order.workers, lambda place: execute(project, place, order.time_limit, WARM), places, heard, warm.stop)
    elif places:
        warm.one_thread_each()
        with nullcontext(workers) if workers else Workers(min(order.workers, len(places))) as hands:
            hands.each(execute, project, places, order.time_limit, order.kernel, heard=heard)
    return [outcomes[place] for place in places]


def execute_chapter(project: Project, county: str, order: Order, workers: Workers) -> Outcome:
    """As ``execute_county``, in a process of its own or in one of the workers."""
    if order.kernel == WARM:
        return execute_county(project, county, order.time_limit, WARM)
    heard: list[Outcome] = []
    workers.each(execute_county, project, [county], order.time_limit, order.kernel, heard=heard.append)
    return heard[0]


def drop_pages_without_params(project: Project, places: Sequence[str], counties: Sequence[str] = ()) -> list[str]:
    """Delete what was made of places and counties that are in the book no more, and what nobody made; gives their slugs."""
    gone = []
    for folder, ending, known in (
        (project.place_pages, ".ipynb", places),
        (project.ledgers, ".json", places),
        (project.county_pages, ".ipynb", counties),
        (project.ledgers / "counties", ".json", counties),
    ):
        for path in sorted(folder.glob("[!.]*")):
            if path.is_file() and (path.suffix != ending or path.stem not in known):  # whatever lies there is published
                path.unlink()
                gone.append(path.stem)
    for folder in (project.evidence, project.downloads):
        for path in sorted(folder.glob("*")):
            if not path.is_dir():
                path.unlink()
            elif path.name not in places:
                shutil.rmtree(path)
    return sorted(set(gone))
