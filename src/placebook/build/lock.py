"""One build at a time in one checkout: the second is told, and nothing of the first is touched."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from placebook.errors import AtWork, BuildError
from placebook.paths import Project


@contextmanager
def locked(project: Project, work: str = "build") -> Iterator[None]:
    """Hold the checkout for one build, or for other ``work`` that is to be done once at a time.

    The lock is the system's own: it ends with the process, however that ends. Raises AtWork where another process holds it,
    and BuildError where ``_build`` is read-only.
    """
    path = project.build / (".lock" if work == "build" else f".{work}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise BuildError(
            f"nothing can be written to {project.build.relative_to(project.root)} ({error.strerror}). Make room or "
            f"change its permissions, and build again."
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise AtWork(
                f"another {work} is at work in this checkout (process {other}). Wait for it to end, or stop it."
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
