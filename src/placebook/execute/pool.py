"""Pages side by side, each in a process of its own, forked by Python's fork server from one that has loaded the libraries.

A page that fails, hangs or is killed costs no other page anything. Not ``ProcessPoolExecutor``: one killed worker breaks it
for all pages that follow, and one that hangs cannot be ended.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext

from placebook.execute import child_processes
from placebook.execute.outcome import Outcome, Page, failed, too_long
from placebook.paths import Project

PRELOAD = ("placebook.execute.preload", "placebook.cli")
ATTEMPTS = 2
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


def warm_up(project: Project, read_ahead: bool = True) -> ForkServerContext:
    """Let the fork server load the libraries while this process does something else; gives what starts processes by it.

    ``read_ahead``: it reads, too, what all pages read alike. Worth it where several pages follow: each finds it in memory.
    """
    if read_ahead:
        os.environ[READ_AHEAD] = str(min(project.params.glob("*.yml"), default=""))
    context = multiprocessing.get_context("forkserver")
    worker = {"dask.__main__"} & sys.modules.keys()  # where this is a Dask worker
    context.set_forkserver_preload([*PRELOAD, *worker])
    forkserver.ensure_running()
    return context


class _Running:
    """A page under way: a process of its own, and the pipe by which it tells of each cell and, last, how it went."""

    def __init__(self, context: ForkServerContext | SpawnContext, project: Project, page: Page, time_limit: int, cold: bool):
        self.page = page
        self.began = time.monotonic()
        # The monotonic time until which its present cell may take; Papermill itself sees to the time of a cold page.
        self.limit = math.inf if cold else self.began + max(START, time_limit)
        self.cell = ""
        self.messages, self._sender = context.Pipe(duplex=False)
        self.process = context.Process(target=_execute, args=(self._sender, project, page, time_limit, cold))

    def start(self) -> None:
        """Start its process. A fork server that was killed a moment ago is started anew once it is seen to be gone."""
        for more in reversed(range(STARTS)):
            try:
                self.process.start()
                break
            except ConnectionError:
                if not more:
                    raise
                time.sleep(0.05)
        self._sender.close()

    def received(self, time_limit: int) -> Outcome | None:
        """The outcome that it has sent, if it has. What it sends before is the source of each cell that it begins."""
        try:
            while self.messages.poll():
                message = self.messages.recv()
                if isinstance(message, Outcome):
                    self.process.join(ENDING)
                    return message
                self.cell, self.limit = message, time.monotonic() + time_limit
        except (EOFError, OSError, pickle.UnpicklingError):  # nothing can be heard of it any more
            self.end()
        return None

    def end(self) -> None:
        """End its process, unless that was not started or has ended."""
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def execute_all(
    project: Project, pages: Sequence[Page], workers: int, time_limit: int, cold: bool, done: Callable[[Outcome], None]
) -> None:
    """Execute pages, so many at a time; ``done`` is called with the outcome of each as it ends, in this thread.

    A page whose process is lost is tried once more. A ``cold`` page starts a new Python, in which Papermill starts a kernel.
    Whatever this raises (KeyboardInterrupt above all), no page is under way any more when it does.
    """
    project.logs.mkdir(parents=True, exist_ok=True)
    (project.logs / LOG).write_bytes(b"")
    context = multiprocessing.get_context("spawn") if cold else warm_up(project, read_ahead=len(pages) > 1)
    child_processes.adopt_orphans()
    others = child_processes.children()
    waiting = deque(pages)
    ends: dict[Page, list[str]] = {page: [] for page in pages}  # how its processes have ended, where they were lost
    running: list[_Running] = []

    def end(one: _Running) -> None:
        """End a page's process and whatever its cells have started."""
        one.end()
        running.remove(one)
        child_processes.end_children(but=[*others, *(other.process.pid for other in running)], only_other_sessions=True)

    try:
        while waiting or running:
            while waiting and len(running) < workers:
                running.append(_Running(context, project, waiting.popleft(), time_limit, cold))
                running[-1].start()
            until = min(one.limit for one in running)
            wait(
                [each for one in running for each in (one.messages, one.process.sentinel)],
                None if until == math.inf else until - time.monotonic(),
            )
            for one in running.copy():
                outcome, seconds = one.received(time_limit), time.monotonic() - one.began
                if not outcome and (exitcode := one.process.exitcode) is not None:
                    how = f"signal {-exitcode}" if exitcode < 0 else f"exit status {exitcode}"
                    ends[one.page].append(f"its process ended before its page was made: {how}")
                    if len(ends[one.page]) < ATTEMPTS:
                        waiting.appendleft(one.page)
                    else:
                        outcome = failed(project, one.page, seconds, LOST, "\n".join(ends[one.page]))
                elif not outcome and time.monotonic() > one.limit:
                    details = f"The cell that was stopped:\n\n{one.cell}"
                    outcome = failed(project, one.page, seconds, too_long(project, one.page, time_limit), details)
                elif not outcome:
                    continue
                end(one)
                if outcome:
                    done(outcome)
    finally:
        while running:
            end(running[-1])


def _execute(messages: Connection, project: Project, page: Page, time_limit: int, cold: bool) -> None:
    """This process is the page's, and ends with it: what its cells have started too."""
    from placebook.execute import notebook  # the build itself needs no Papermill

    os.setsid()
    child_processes.adopt_orphans()
    child_processes.end_with_parent(child_processes.end_children)
    log = os.open(project.logs / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        messages.send(notebook.execute(project, page, time_limit, cold, messages.send))
    finally:
        child_processes.end_children()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
