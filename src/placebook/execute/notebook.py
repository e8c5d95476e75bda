"""One page through Papermill: its template, one parameter, an executed notebook."""

from __future__ import annotations

import re
import resource
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from placebook.execute import engine
from placebook.execute.outcome import Outcome, Page, failed, too_long
from placebook.paths import Project, write_atomically

KERNEL = "python3"
"""The kernel that every Jupyter has."""
SHOWS = re.compile(r"page\.show_theme\(\"([^\"]+)\"\)|chapter\.(\w+)\(|page\.(\w+)\(")
"""What a template's cell shows: a theme by its name, another section by the line that shows it."""


def execute(project: Project, page: Page, time_limit: int, cold: bool, begin: Callable[[str], None]) -> Outcome:
    """Execute a page's template and write the executed notebook; never raises for a page that fails.

    The cells run in this process (``begin`` is called with the source of each); or, ``cold``, as Papermill does it
    by itself, in a kernel for which ``time_limit`` is the limit of each cell in seconds. Raises OSError where not even
    the log can be written.
    """
    started = time.perf_counter()
    try:
        if cold:
            executed = _papermill(project, page, execution_timeout=time_limit)
        else:
            engine.new_shell(project.cache / "ipython")
            executed = _papermill(project, page, engine_name=engine.ENGINE, begin=begin)
        write_atomically(project.executed(page.kind, page.slug), nbformat.writes(executed, version=4) + "\n")
    except PapermillExecutionError as error:
        problem, details = f"{error.ename}: {error.evalue.strip()} (cell: {error.source.strip()})", str(error)
    except CellTimeoutError:
        problem, details = too_long(project, page, time_limit), traceback.format_exc()
    except Exception as error:  # a kernel that will not start, a full disk: any of it is the page's
        problem, details = f"{type(error).__name__}: {error}", traceback.format_exc()
    else:
        seconds = time.perf_counter() - started
        memory = None if cold else round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
        outcome = Outcome(page.slug, seconds, stages=_stages(executed, seconds), memory=memory)
        write_atomically(project.logs / f"{page.slug}.log", _log(outcome, cold))
        return outcome
    return failed(project, page, time.perf_counter() - started, problem, details)


def _papermill(project: Project, page: Page, **options: Any) -> NotebookNode:
    return papermill.execute_notebook(
        str(project.template(page.kind)),
        None,
        parameters={page.kind: page.slug},
        kernel_name=KERNEL,
        cwd=str(project.root),
        progress_bar=False,
        request_save_on_cell_execute=False,
        **options,
    )


def _log(outcome: Outcome, cold: bool) -> str:
    """The log of a page that went well: when, by what, how long each part took."""
    lines = [
        f"{outcome.place}: done in {outcome.seconds:.2f} s on {datetime.now(UTC).isoformat(timespec='seconds')}",
        f"engine: {'a kernel of its own' if cold else engine.ENGINE}",
        *(f"{seconds:8.2f} s  {name}" for name, seconds in outcome.stages.items()),
    ]
    if outcome.memory is not None:
        lines.append(f"highest memory of its process: {outcome.memory:.0f} MiB, what it shares with others among it")
    return "\n".join([*lines, ""])


def _stages(executed: NotebookNode, seconds: float) -> Mapping[str, float]:
    """Seconds of each cell of the template, by what it shows, and what came before and after them."""
    stages: dict[str, float] = {}
    for cell in executed.cells:
        if cell.cell_type == "code" and (duration := cell.metadata.get("papermill", {}).get("duration")):
            shows = SHOWS.search(cell.source)
            label = next((name for name in shows.groups() if name), "") if shows else "opening"
            stages[label] = round(stages.get(label, 0.0) + float(duration), 3)
    return {"kernel": round(max(0.0, seconds - sum(stages.values())), 3), **stages}
