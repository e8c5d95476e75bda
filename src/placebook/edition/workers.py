"""Processes of this machine that execute one page after another, side by side.

They load Papermill while the build reads what is written. One that is lost (killed by the system where memory ran out) is
replaced, and costs nobody else anything.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from placebook.edition.alone import end_with_the_build
from placebook.edition.standing import Outcome
from placebook.paths import Project

ATTEMPTS = 2
LOST = (
    f"the process that executed it ended before its page was made, {ATTEMPTS} times; the system ends one where memory runs "
    "out. With fewer --workers less memory is needed; what is finished is kept"
)


class Workers:
    """So many processes, each started when it is first needed or told to load; all end with the block."""

    def __init__(self, count: int):
        self._all = [_Worker() for _ in range(max(1, count))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind:  # Ctrl-C above all: nobody waits for what is under way
            self._stop()
        self.close()

    def close(self) -> None:
        """End the processes, which have nothing under way: what comes next needs their memory."""
        for worker in self._all:
            worker.close()

    def load(self, count: int) -> None:
        """Let as many of them start and load their libraries, and wait for none."""
        for worker in self._all[:count]:
            worker.load()

    def each(
        self, execute: Callable[..., Outcome], project: Project, slugs: Iterable[str], *more: Any,
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

        threads = ThreadPoolExecutor(len(self._all))
        try:
            for future in as_completed([threads.submit(job, slug) for slug in slugs]):
                heard(future.result())
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            self._stop()
            raise
        finally:
            threads.shutdown()

    def _stop(self) -> None:
        for worker in self._all:
            worker.wanted = False
        for process in active_children():
            process.terminate()


class _Worker:
    """A process that executes one page after another, and is replaced where it is lost."""

    def __init__(self) -> None:
        self.wanted = True
        """Whether a lost process is to be replaced."""
        self._pool: ProcessPoolExecutor | None = None
        self._loading: Future[None] | None = None

    def load(self) -> None:
        """Start the process, if it has not been, and let it load what executing a page needs."""
        if self._pool is None:
            # A fresh process, not a fork: a fork of a process with threads (Arrow's, say) may wait for ever.
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)
            self._loading = self._pool.submit(_load)

    def execute(self, execute: Callable[..., Outcome], project: Project, slug: str, *more: Any) -> Outcome:
        """As ``Workers.each`` for one page."""
        if self._loading and self._loading.exception():  # lost before it was asked for anything
            self.close()
        for _ in range(ATTEMPTS):
            try:
                return self._submit(execute, project, slug, *more).result()
            except BrokenProcessPool:  # killed from outside, by the system where memory ran out
                self.close()
                if not self.wanted:
                    break
        return Outcome(slug, 0.0, LOST)

    def _submit(self, execute: Callable[..., Outcome], *given: Any) -> Future[Outcome]:
        """Ask the process; one that was lost while it had nothing to do is replaced first."""
        self.load()
        assert self._pool is not None
        try:
            return self._pool.submit(execute, *given)
        except BrokenProcessPool:
            self.close()
            self.load()
            return self._pool.submit(execute, *given)

    def close(self) -> None:
        """End the process when it has done what it was asked for."""
        if self._pool is not None:
            self._pool.shutdown()
        self._pool = self._loading = None


def _begin() -> None:
    """A terminal tells every process of an interrupt: this one leaves it to the build, which ends it."""
    end_with_the_build()
    signal.signal(signal.SIGINT, lambda *_: None)  # not deaf: its kernels would be so too


def _load() -> None:
    """Import what ``run.execute`` would import when it is first called."""
    import nbclient.exceptions
    import papermill.exceptions

    import placebook.edition.kernels  # noqa: F401
