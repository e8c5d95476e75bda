"""Kernels that have the libraries loaded already: a server that forks a fresh process for each page.

Papermill starts such a kernel like any other, by a kernelspec of its own: the spec's command is a few lines of Python
that ask the server for a kernel, pass on an interrupt, and end when the kernel ends. Each page runs in a process of its
own, so that no place sees another's state; only the imports are shared.

Nothing heavy is imported here but in the server, so that it can load the libraries while the build does so too.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from placebook.edition import rubbish
from placebook.paths import Project

COLD = "python3"
"""The kernel that every Jupyter has: a new interpreter for each page."""
WARM = "placebook-warm"
SERVER = "server"
"""The server's socket, in the folder that it is first looked for in by Jupyter."""
LOG = "warm-kernels.log"
LOADED = ("ipykernel.kernelapp", "ipykernel.debugger", "placebook.report.page", "placebook.report.county")
LATER = ("geopandas", "placebook.findings.changes", "pyarrow.pandas_compat")
"""What only some pages need, above all those that draw maps: loaded while nobody asks for a kernel."""
PEAK = ".peak"
"""Beside a kernel's connection file, when it has ended: the highest memory that it held, in KiB, what it shares with the
server among it."""


class Held(NamedTuple):
    """A kernel under way."""

    descriptor: int
    """Its pidfd."""
    asker: socket.socket
    connection: str
    """Its connection file."""


CLIENT = """
import os, signal, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect(sys.argv[1])
server.sendall(f"{sys.argv[2]}\\n{os.getcwd()}\\n".encode())
answer = server.makefile()
kernel = int(answer.readline())
signal.signal(signal.SIGINT, lambda *_: os.kill(kernel, signal.SIGINT))
sys.exit(int(answer.readline() or 1))
"""


def possible() -> bool:
    """Whether this system has what the server needs: a fork that is safe after the imports, and pidfd."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


@contextmanager
def kernels(project: Project, cold: bool = False) -> Iterator[str]:
    """Give the name of the kernel to execute pages with. The server and all its kernels end with the block.

    ``cold``, or a system that cannot fork safely: the plain kernel. What the server says is in ``_build/logs``.
    """
    if cold or not possible():
        yield COLD
        return
    project.logs.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="placebook-") as folder,
        socket.socket(socket.AF_UNIX) as listener,
        open(project.logs / LOG, "wb") as log,
    ):
        address = f"{folder}/{SERVER}"
        listener.bind(address)
        listener.listen(64)
        spec = Path(folder, "kernels", WARM, "kernel.json")
        spec.parent.mkdir(parents=True)
        argv = [sys.executable, "-I", "-S", "-c", CLIENT, address, "{connection_file}"]
        spec.write_text(json.dumps({"argv": argv, "display_name": "Python 3, loaded", "language": "python"}))
        # One thread a kernel: the numerical libraries would otherwise fight over the cores, and a fork of a process
        # with threads may wait for ever.
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        server = subprocess.Popen(
            [sys.executable, "-m", __name__, str(listener.fileno())], pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=project.root, env=environment, start_new_session=True,
        )  # fmt: skip
        listener.close()  # the server's own is left: where it fails, who asks is told at once
        before = os.environ.get("JUPYTER_PATH")
        os.environ["JUPYTER_PATH"] = os.pathsep.join([folder, *([before] if before else [])])
        try:
            yield WARM
        finally:
            if before is None:
                os.environ.pop("JUPYTER_PATH", None)
            else:
                os.environ["JUPYTER_PATH"] = before
            assert server.stdin is not None
            server.stdin.close()  # the server ends its kernels and itself
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def read_ahead(project: Project, place: str) -> None:
    """Let the server read what all pages read alike, from what is written and held for ``place``, before the next kernel.

    Worth it where several places follow: each of their kernels finds it in memory. To be asked inside ``kernels`` only. A
    server that is gone reads nothing; each page will say so.
    """
    address = Path(os.environ["JUPYTER_PATH"].split(os.pathsep)[0], SERVER)
    with suppress(OSError), socket.socket(socket.AF_UNIX) as server:
        server.connect(str(address))
        server.sendall(f"\n{project.root}\n{place}\n".encode())


# ------------------------------------------------------------------ the server


def serve(listener: socket.socket) -> None:
    """Load the libraries, then fork a kernel for everyone who asks, until standard input ends."""
    rubbish.look_seldom()
    for name in LOADED:
        __import__(name)
    _rehearse()
    rubbish.settle()
    held: dict[int, Held] = {}
    """Kernels under way, by process id."""
    with selectors.DefaultSelector() as ready:
        ready.register(sys.stdin.fileno(), selectors.EVENT_READ, ("end", 0))
        ready.register(listener, selectors.EVENT_READ, ("ask", 0))
        later = list(LATER)
        while True:
            events = ready.select(0 if later else None)
            if not events:
                __import__(later.pop(0))
                rubbish.settle()
            for key, _ in events:
                what, kernel = key.data
                if what == "end":
                    for each in held:
                        _kill(each)
                    return
                if what == "ask":
                    _answer(listener, ready, held)
                elif what == "ended" and kernel in held:
                    _forget(kernel, ready, held)
                elif what == "left" and kernel in held and not key.fileobj.recv(1):  # type: ignore[union-attr]
                    _kill(kernel)  # who asked for it is gone; its end is heard by its pidfd


def _rehearse() -> None:
    """A picture, a rank set and a workbook for nobody: typefaces, styles and random numbers are made once, not in every fork."""
    from placebook.figures import strips, style
    from placebook.findings import inference
    from placebook.report import spreadsheets

    inference.rank_set(range(296), [1.0] * 296, 0)
    style.svg(style.Drawn(strips.strip(strips.Row("A", "B", 1.0, "1")), "C"))
    spreadsheets.workbook("A", {}, [], [spreadsheets.Sheet("A", "A", "A", ["A"], [["A"]])])


def _answer(listener: socket.socket, ready: selectors.BaseSelector, held: dict[int, Held]) -> None:
    asker, _ = listener.accept()
    with asker.makefile() as said:
        connection, folder = said.readline().rstrip("\n"), said.readline().rstrip("\n")
        place = said.readline().rstrip("\n") if folder and not connection else ""
    if not folder:  # gone before it had asked
        asker.close()
        return
    if not connection:
        asker.close()
        _read_ahead(Path(folder), place)
        return
    kernel = os.fork()
    if kernel == 0:
        for other in held.values():
            os.close(other.descriptor)
            other.asker.close()
        listener.close()
        asker.close()
        _become(connection, folder)
    asker.sendall(f"{kernel}\n".encode())
    held[kernel] = Held(os.pidfd_open(kernel), asker, connection)
    ready.register(held[kernel].descriptor, selectors.EVENT_READ, ("ended", kernel))
    ready.register(asker, selectors.EVENT_READ, ("left", kernel))


def _read_ahead(root: Path, place: str) -> None:
    """What is wrong with what is read is told by the pages, which read it again."""
    from placebook.report.ahead import read_ahead

    try:
        read_ahead(Project(root), place)
    except Exception as error:
        print(f"nothing was read ahead for {place}: {type(error).__name__}: {error}", file=sys.stderr)
    rubbish.settle()


def _become(connection: str, folder: str) -> None:
    """This process is a kernel from here on."""
    status = 1
    try:
        rubbish.look_seldom(rubbish.OF_A_PAGE)
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # as a new interpreter has it
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        from ipykernel.kernelapp import IPKernelApp

        sys.argv = ["kernel", "-f", connection]
        # As Papermill's client asks of a kernel that it knows: what a page executes is nobody's history.
        IPKernelApp.launch_instance(argv=["-f", connection, "--HistoryManager.enabled=False"])
        status = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _forget(kernel: int, ready: selectors.BaseSelector, held: dict[int, Held]) -> None:
    descriptor, asker, connection = held.pop(kernel)
    _, status, used = os.wait4(kernel, 0)
    ready.unregister(descriptor)
    ready.unregister(asker)
    os.close(descriptor)
    try:
        Path(f"{connection}{PEAK}").write_text(str(used.ru_maxrss))
    except OSError:  # its folder is gone with who asked
        pass
    try:
        asker.sendall(f"{max(0, os.waitstatus_to_exitcode(status))}\n".encode())
    except OSError:  # it left first
        pass
    asker.close()


def _kill(kernel: int) -> None:
    try:
        os.killpg(kernel, signal.SIGKILL)
    except ProcessLookupError:
        try:  # not yet the leader of its own group
            os.kill(kernel, signal.SIGKILL)
        except ProcessLookupError:
            pass


def _quiet(number: int, frame: FrameType | None) -> None:
    """Ctrl-C is for the build: it ends the server by closing its input."""


if __name__ == "__main__":
    signal.signal(signal.SIGINT, _quiet)
    serve(socket.socket(fileno=int(sys.argv[1])))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # the build waits for this, and not for the libraries to be taken apart
