"""Processes of this machine that execute one page after another with cold kernels, side by side.

They load Papermill while the build reads what is written: Python's own fork server does, and each is a fork of it. One that is
lost (killed by the system where memory ran out) is replaced, and costs nobody else anything.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, forkserver, get_context
from multiprocessing.context import ForkServerContext
from queue import SimpleQueue
from types import FrameType, TracebackType
from typing import Any, Self

from placebook.build.lock import end_with_the_build
from placebook.build.standing import Outcome
from placebook.execute import leftovers, rubbish
from placebook.paths import Project

LOADED = (
    "papermill",
    "papermill.exceptions",
    "nbclient.exceptions",
    "placebook.execute.bake",
    "placebook.execute.kernels",
    "placebook.execute.notebook",
)
"""What executing a page needs."""
ATTEMPTS = 2
STARTS = 10
"""Times that a process is asked for; a server that was killed is started anew for it."""
LOST = (
    f"the process that executed it ended before its page was made, {ATTEMPTS} times; the system ends one where memory runs "
    "out. With fewer --workers less memory is needed; what is finished is kept"
)


class Workers:
    """So many processes, each started when it is first needed; all end with the block."""

    def __init__(self, count: int):
        self._all = [_Worker() for _ in range(max(1, count))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind:  # Ctrl-C above all: nobody waits for what is under way
            self.stop()
        self.close()
        leftovers.sweep()  # of those that were ended

    def stop(self) -> None:
        """End what is under way, and begin nothing more."""
        for worker in self._all:
            worker.wanted = False
        _end_all()

    def close(self, at_once: bool = True) -> None:
        """End the processes, which have nothing under way: what comes next needs their memory. Or let them end, meanwhile."""
        for worker in self._all:
            worker.close(at_once)

    def load(self) -> None:
        """Let the server that they are forked from load their libraries, and wait for nothing."""
        _server()
        forkserver.ensure_running()

    def each(
        self,
        execute: Callable[..., Outcome],
        project: Project,
        slugs: Iterable[str],
        *more: Any,
        heard: Callable[[Outcome], None],
    ) -> None:
        """``execute(project, slug, *more)`` for every slug, in a worker; ``heard`` hears of each as it ends, in this thread.

        A page whose process is lost under it is tried once more, then it is a failed outcome.
        """
        idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._all:
            idle.put(worker)

        def job(slug: str) -> Outcome:
            worker = idle.get()
            try:
                return worker.execute(execute, project, slug, *more)
            finally:
                idle.put(worker)

        side_by_side(len(self._all), job, slugs, heard, self.stop)


def side_by_side(
    count: int, job: Callable[[str], Outcome], slugs: Iterable[str], heard: Callable[[Outcome], None], stop: Callable[[], None]
) -> None:
    """``job`` for every slug, so many at a time, each in a thread that waits for it; ``heard`` hears of each, in this one.

    Where the build is interrupted nothing more is begun, and ``stop`` ends what is under way.
    """
    threads = ThreadPoolExecutor(count)
    try:
        for future in as_completed([threads.submit(job, slug) for slug in slugs]):
            heard(future.result())
    except BaseException:
        threads.shutdown(wait=False, cancel_futures=True)
        stop()
        raise
    finally:
        threads.shutdown()


class _Worker:
    """A process that executes one page after another, and is replaced where it is lost."""

    def __init__(self) -> None:
        self.wanted = True
        """Whether it is to execute anything: a lost process is replaced, and one is started where there is none."""
        self._pool: ProcessPoolExecutor | None = None

    def execute(self, execute: Callable[..., Outcome], project: Project, slug: str, *more: Any) -> Outcome:
        """As ``Workers.each`` for one page."""
        for _ in range(ATTEMPTS):
            try:
                return self._submit(execute, project, slug, *more).result()
            except BrokenProcessPool:  # killed from outside, by the system where memory ran out
                self.close()
                if not self.wanted:
                    break
        return Outcome(slug, 0.0, LOST)

    def _submit(self, execute: Callable[..., Outcome], *given: Any) -> Future[Outcome]:
        """Ask the process; one that was lost while it had nothing to do is replaced first, and so is the server.

        Raises BrokenProcessPool where none can be started, or is wanted any more.
        """
        for more in reversed(range(STARTS)):
            if not self.wanted:
                raise BrokenProcessPool("nothing more is wanted")
            try:
                asked = self._begun().submit(_page, execute, *given)
                if not self.wanted:  # since it was asked: whoever ended all others did not see this one start
                    _end_all()
                return asked
            except (BrokenProcessPool, OSError, EOFError) as error:
                self.close()
                if not more:
                    raise BrokenProcessPool(f"no process can be started: {error}") from error
                time.sleep(0.05)  # a server that was killed is not gone at once
        raise AssertionError

    def _begun(self) -> ProcessPoolExecutor:
        """The process, started if it has not been."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=_server(), initializer=_begin, initargs=(dict(os.environ),))
        return self._pool

    def close(self, at_once: bool = True) -> None:
        """End the process when it has done what it was asked for; not ``at_once`` waits for nothing."""
        if self._pool is not None:
            self._pool.shutdown(wait=at_once)
        self._pool = None


def _end_all() -> None:
    for process in active_children():
        process.terminate()


def _server() -> ForkServerContext:
    """Python's fork server. Not a fork of the build: a fork of a process with threads (Arrow's, say) may wait for ever."""
    server = get_context("forkserver")
    server.set_forkserver_preload(list(LOADED))
    return server


def _page(execute: Callable[..., Outcome], *given: Any) -> Outcome:
    try:
        return execute(*given)
    finally:
        leftovers.end_orphans()


def _end(number: int, frame: FrameType | None) -> None:
    """Of ``_end_all``: what a template's cell has started ends too."""
    leftovers.end_orphans()
    os._exit(1)


def _begin(environment: Mapping[str, str]) -> None:
    """A terminal tells every process of an interrupt: this one leaves it to the build, which ends it.

    The server was started once and knows no later environment than that.
    """
    leftovers.adopt()
    signal.signal(signal.SIGTERM, _end)
    end_with_the_build(leftovers.end_orphans)
    os.environ.clear()
    os.environ.update(environment)
    rubbish.look_seldom()
    signal.signal(signal.SIGINT, lambda *_: None)  # not deaf: its kernels would be so too
