"""Processes that must not outlive the one that started them, or on whose behalf they were started."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
"""Of Linux's prctl(2): what becomes an orphan below this process is handed to it."""


def adopt_orphans() -> None:
    """From now on this process is the parent of every orphan below it, whatever session that is in; on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_children(but: Collection[int | None] = ()) -> None:
    """Kill every child of this process ``but`` those named, and what becomes its child by that; on Linux."""
    while ending := [child for child in children() if child not in but]:
        _kill(ending)


def end_orphans(but: Collection[int | None] = ()) -> None:
    """As ``end_children``, of those that are in another session than this process: pages and their children are."""
    while ending := [child for child in children() if child not in but and _session(child) != os.getsid(0)]:
        _kill(ending)


def children() -> list[int]:
    """Every child of this process; on Linux."""
    found: list[int] = []
    for thread in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, thread.read_text().split())
    return found


def _session(process: int) -> int:
    try:
        return os.getsid(process)
    except ProcessLookupError:
        return os.getsid(0)


def _kill(processes: Collection[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def end_with_parent(last: Callable[[], None] = lambda: None) -> None:
    """End this process when the one that started it does, which may be killed. ``last`` is what it does last."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        last()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
