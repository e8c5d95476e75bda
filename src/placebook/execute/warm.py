"""Pages in processes that have the libraries loaded already: asking the server that forks one for each page.

Each page runs in a process of its own, so that no place sees another's state; only what is loaded and read is shared. The
process executes its page by Papermill itself (``within``), writes it and says how it went.

Nothing heavy is imported here, so that the server can load the libraries while the build does so too.
"""

from __future__ import annotations

import json
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from placebook.execute import leftovers
from placebook.paths import Project

COLD = "python3"
"""The kernel that every Jupyter has: a new interpreter for each page."""
WARM = "placebook-warm"
ADDRESS = "PLACEBOOK_WARM"
"""The variable of the environment that holds the address of the server's socket."""
SERVER = "placebook.execute.forks"
LOG = "warm-processes.log"
CELL, DONE, RAISED, ENDED, AHEAD = "cell", "done", "raised", "ended", "ahead"
"""What is said of a page: that a cell begins, how the page went or that nothing could be written of it, how its process ended.
And what is asked beside pages."""


class TooLong(Exception):
    """A cell reached the time limit; its source."""


class Lost(Exception):
    """The process ended before its page was made; how."""


START = 60.0
"""Seconds that the server may take to load its libraries, and a page to begin its first cell."""
_under_way: set[socket.socket] = set()
_stopped = threading.Event()
"""Whether nothing more is to be begun before there is another server."""


def possible() -> bool:
    """Whether this system has what the server needs: a fork that is safe after the imports, and pidfd."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def one_thread_each() -> None:
    """For this process, before it loads the numerical libraries, and all that it starts: they would fight over the cores."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@contextmanager
def processes(project: Project, cold: bool = False) -> Iterator[str]:
    """Give the name of what is to execute pages. The server and all its processes end with the block.

    ``cold``, or a system that cannot fork safely: the plain kernel. What the server says is in ``_build/logs``.
    """
    if cold or not possible():
        yield COLD
        return
    project.logs.mkdir(parents=True, exist_ok=True)
    with (
        leftovers.folder() as folder,
        socket.socket(socket.AF_UNIX) as listener,
        open(project.logs / LOG, "wb") as log,
    ):
        address = f"{folder}/server"
        listener.bind(address)
        listener.listen(64)
        # One thread a page: the numerical libraries would otherwise fight over the cores, and a fork of a process
        # with threads may wait for ever.
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        server = subprocess.Popen(
            [sys.executable, "-m", SERVER, str(listener.fileno()), str(folder)],
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=project.root,
            env=environment,
            start_new_session=True,
        )
        listener.close()  # the server's own is left: where it fails, who asks is told at once
        before = os.environ.get(ADDRESS)
        os.environ[ADDRESS] = address
        try:
            yield WARM
        finally:
            if before is None:
                os.environ.pop(ADDRESS, None)
            else:
                os.environ[ADDRESS] = before
            assert server.stdin is not None
            server.stdin.close()  # the server ends its pages and itself
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            _stopped.clear()


@contextmanager
def _asked(*words: Any) -> Iterator[socket.socket]:
    """A connection to the server, which has been asked. Raises OSError where it is gone."""
    with socket.socket(socket.AF_UNIX) as server:
        _under_way.add(server)
        try:
            server.connect(os.environ[ADDRESS])
            if _stopped.is_set():  # since this began: whoever ended all others did not find it connected
                raise ConnectionAbortedError("nothing more is wanted")
            server.sendall(json.dumps(words).encode() + b"\n")
            yield server
        finally:
            _under_way.discard(server)


def read_ahead(project: Project, place: str = "") -> None:
    """Let the server read what all pages read alike, from what is written and held for ``place``, before the next page.
    Without a place: what of it is no table.

    Worth it where several places follow: each of their pages finds it in memory. To be asked inside ``processes`` only. A
    server that is gone reads nothing; each page will say so.
    """
    with suppress(OSError), _asked(AHEAD, str(project.root), place):
        pass


def execute(project: Project, kind: str, slug: str, time_limit: float) -> Any:
    """The outcome of a page that a process of its own executes: of a ``kind`` that ``run`` knows, inside ``processes`` only.

    Raises TooLong where a cell takes longer than ``time_limit`` seconds, Lost where the process ends before its page is made,
    and OSError where the server is gone or nothing can be written. The process has ended, or is ended, when this returns or
    raises.
    """
    outcome, cell = None, ""
    with _asked(kind, str(project.root), slug, time_limit) as server, server.makefile("rb") as said:
        server.settimeout(max(START, time_limit))
        try:
            while True:
                what, told = pickle.load(said)
                if what == CELL:
                    cell = told
                    server.settimeout(time_limit)
                elif what == DONE:
                    outcome = told
                elif what == RAISED:
                    raise told
                elif what == ENDED:
                    break
        except TimeoutError:
            raise TooLong(cell) from None
        except EOFError:
            raise ConnectionError("the server of warm processes has ended") from None
        except pickle.UnpicklingError:
            raise Lost("what it said was cut short") from None
    if outcome is None:
        raise Lost(f"signal {-told}" if told < 0 else f"exit status {told}")
    return outcome


def stop() -> None:
    """End the pages that are under way here, and begin none: whoever waits for one is told that the server has ended."""
    _stopped.set()
    for server in list(_under_way):
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


def more(project: Project) -> str:
    """Where more may be found of what went wrong."""
    log = (project.logs / LOG).relative_to(project.root)
    return f"\n    → {log} may say more; --cold does without warm processes"
