"""What processes that are no more would leave lying about: folders of theirs, and what a template's cell has started."""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OURS = re.compile(r"placebook-(\d+)-\w+")
"""A folder of a process, by whose number it is known."""

PR_SET_CHILD_SUBREAPER = 36
"""Of Linux's prctl(2): what becomes an orphan below this process is handed to it."""


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for as long as the block lasts, in the system's own for such things; ``sweep`` deletes it where this process is
    killed. The lock on it ends with the process, and is seen also by who numbers processes otherwise (in a container)."""
    with tempfile.TemporaryDirectory(prefix=f"placebook-{os.getpid()}-") as made:
        held = os.open(made, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield Path(made)
        finally:
            os.close(held)


def sweep() -> None:
    """Delete the folders of this user's processes that are no more."""
    for path in Path(tempfile.gettempdir()).glob("placebook-*"):
        found = OURS.fullmatch(path.name)
        with suppress(OSError):
            about = path.lstat()
            if found and path.is_dir() and not path.is_symlink() and about.st_uid == os.getuid() and not _alive(int(found[1])):
                held = os.open(path, os.O_RDONLY)
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path)
                finally:
                    os.close(held)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:  # another user's by now
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True


def adopt() -> None:
    """From now on this process is handed the orphans below it, whatever session they have made for themselves; on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_orphans(but: Collection[int] = ()) -> None:
    """End every child of this process ``but`` those named, and what that hands to it. For processes that ``adopt`` and that know
    their children."""
    while orphans := [child for child in _children() if child not in but]:
        for child in orphans:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def _children() -> list[int]:
    found: list[int] = []
    for task in Path("/proc/self/task").glob("*/children"):  # of each thread
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found
