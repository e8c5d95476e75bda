"""Pages side by side, each in a process of its own, forked by Python's fork server from one that has loaded the libraries.

A page that fails, hangs or is killed costs no other page anything. Not ``ProcessPoolExecutor``: one killed worker breaks it
for all pages that follow, and one that hangs cannot be ended.
"""

from __future__ import annotations

import gc
import math
import multiprocessing
import os
import pickle
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

from placebook.execute import child_processes
from placebook.execute.outcome import Outcome, Page, failed, too_long
from placebook.paths import Project

PRELOAD, PRELOADED = ["placebook.execute.preload", "placebook.cli"], "placebook.execute.preloaded"
ATTEMPTS = 2
NAME = "page of"
LOG = "pages.log"
"""What pages print beside their cells."""
READ_AHEAD = "PLACEBOOK_READ_AHEAD"
"""The variable that names to the fork server the params file of a place; most of what its page reads other pages read too."""
START = 60.0
"""Seconds that a page may take to begin its first cell."""
STARTS = 20
"""Times that a process is asked for."""
ENDING = 5.0
"""Seconds that a process may take to end once its page is made."""
LOST = (
    f"the process that executed it ended before its page was made, {ATTEMPTS} times; the system ends one where memory runs "
    "out. With fewer --workers less memory is needed; what is finished is kept"
)


def warm_up(project: Project) -> None:
    """Let the fork server load the libraries, and read what all pages read alike, while this process does something else.

    Worth it where several pages follow: each finds it in memory.
    """
    if possible():
        os.environ[READ_AHEAD] = str(min(project.params.glob("*.yml"), default=""))
        _context()
        forkserver.ensure_running()


def possible() -> bool:
    """Whether this system has Python's fork server."""
    return "forkserver" in multiprocessing.get_all_start_methods()


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    worker = {"dask.__main__"} & sys.modules.keys()  # where this is a Dask worker
    context.set_forkserver_preload([*PRELOAD, *worker, PRELOADED])
    return context


@dataclass
class _Running:
    """A page under way."""

    page: Page
    process: BaseProcess
    messages: Connection
    started: float
    limit: float
    """The monotonic time until which its present cell may take."""
    ends: list[str]
    """How its process has ended on earlier attempts."""
    cell: str = ""
    """The source of its present cell."""


def execute_all(
    project: Project, pages: Sequence[Page], workers: int, time_limit: int, cold: bool, done: Callable[[Outcome], None]
) -> None:
    """Execute pages, so many at a time; ``done`` is called with the outcome of each as it ends, in this thread.

    A page whose process is lost is tried once more. A ``cold`` page starts a new Python, in which Papermill starts a kernel.
    Whatever this raises (KeyboardInterrupt above all), no page is under way any more when it does.
    """
    project.logs.mkdir(parents=True, exist_ok=True)
    (project.logs / LOG).write_bytes(b"")
    context: ForkServerContext | SpawnContext = multiprocessing.get_context("spawn") if cold or not possible() else _context()
    child_processes.adopt_orphans()
    if len(pages) > 1 and not cold:
        warm_up(project)
    waiting: deque[tuple[Page, list[str]]] = deque((page, []) for page in pages)
    running: list[_Running] = []

    def start(page: Page, ends: list[str]) -> None:
        messages, sender = context.Pipe(duplex=False)
        process = context.Process(target=_execute, args=(sender, project, page, time_limit, cold), name=f"{NAME} {page.slug}")
        _start(process)
        sender.close()
        now = time.monotonic()
        limit = math.inf if cold else now + max(START, time_limit)  # Papermill itself sees to the time of a cold page
        running.append(_Running(page, process, messages, now, limit, ends))

    try:
        while waiting or running:
            while waiting and len(running) < workers:
                start(*waiting.popleft())
            seconds = min(one.limit for one in running) - time.monotonic()
            wait(
                [each for one in running for each in (one.messages, one.process.sentinel)],
                None if seconds == math.inf else seconds,
            )
            for one in running.copy():  # some end
                outcome = _received(one, time_limit)
                if outcome is None and one.process.exitcode is not None:
                    one.ends.append(_end(one.process.exitcode))
                    if len(one.ends) < ATTEMPTS:
                        waiting.appendleft((one.page, one.ends))
                    else:
                        outcome = _failed(project, one, LOST, "\n".join(one.ends))
                elif outcome is None and time.monotonic() > one.limit:
                    problem = too_long(project, one.page, time_limit)
                    outcome = _failed(project, one, problem, f"The cell that was stopped:\n\n{one.cell}")
                elif outcome is None:
                    continue
                _end_page(one, running)
                if outcome:
                    done(outcome)
    finally:
        _end_all(running)


def _start(process: BaseProcess) -> None:
    """Ask the fork server for a process. One that was killed a moment ago is started anew once it is seen to be gone."""
    for more in reversed(range(STARTS)):
        try:
            process.start()
            return
        except ConnectionError:
            if not more:
                raise
            time.sleep(0.05)


def _end_all(running: list[_Running]) -> None:
    """End every page that is under way, one too that was interrupted as it was being started."""
    while running:
        _end_page(running[-1], running)
    for process in multiprocessing.active_children():
        if process.name.startswith(NAME):
            process.kill()


def _end_page(one: _Running, running: list[_Running]) -> None:
    """End a page's process, if it has not ended, and whatever its cells have started."""
    one.process.kill()
    one.process.join()
    one.messages.close()
    running.remove(one)
    child_processes.end_orphans(but=[other.process.pid for other in running])


def _received(one: _Running, time_limit: int) -> Outcome | None:
    """The outcome that a page has sent, if it has. What it sends before is the source of each cell that it begins."""
    try:
        while one.messages.poll():
            message = one.messages.recv()
            if isinstance(message, Outcome):
                one.process.join(ENDING)
                return message
            one.cell, one.limit = message, time.monotonic() + time_limit
    except (EOFError, OSError, pickle.UnpicklingError):
        one.process.join(ENDING)
        one.process.kill()
        one.process.join()
    return None


def _failed(project: Project, one: _Running, problem: str, details: str) -> Outcome:
    return failed(project, one.page, time.monotonic() - one.started, problem, details)


def _end(exitcode: int) -> str:
    how = f"signal {-exitcode}" if exitcode < 0 else f"exit status {exitcode}"
    return f"its process ended before its page was made: {how}"


def _execute(messages: Connection, project: Project, page: Page, time_limit: int, cold: bool) -> None:
    """This process is the page's, and ends with it: what its cells have started too."""
    from placebook.execute import notebook  # the build itself needs no Papermill

    os.setsid()
    child_processes.adopt_orphans()
    child_processes.end_with_parent(child_processes.end_children)
    log = os.open(project.logs / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    gc.disable()  # the process ends before its garbage matters, and looking for it takes a tenth of the time
    try:
        messages.send(notebook.execute(project, page, time_limit, cold, messages.send))
    finally:
        child_processes.end_children()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
