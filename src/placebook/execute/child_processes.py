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
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
"""Of Linux's prctl(2): what becomes an orphan below this process is handed to it."""


def adopt_orphans() -> None:
    """From now on this process is the parent of every orphan below it, whatever session that is in; on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_children(but: Collection[int | None] = (), only_other_sessions: bool = False) -> None:
    """Kill every child of this process ``but`` those named, and what becomes its child by that; on Linux.

    ``only_other_sessions``: those alone that are in another session than this process. Pages are, and what they start.
    """
    while ending := [
        child for child in children() if child not in but and not (only_other_sessions and _in_our_session(child))
    ]:
        for child in ending:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def children() -> list[int]:
    """Every child of this process; on Linux."""
    found: list[int] = []
    for thread in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, thread.read_text().split())
    return found


def _in_our_session(process: int) -> bool:
    try:
        return os.getsid(process) == os.getsid(0)
    except ProcessLookupError:  # it has ended meanwhile
        return True


def end_with_parent(last: Callable[[], None] = lambda: None) -> None:
    """End this process when the one that started it does, which may be killed. ``last`` is what it does last."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        last()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
