"""The server of warm processes: it loads the libraries, reads what all pages read alike, and forks a process for each page."""

from __future__ import annotations

import ctypes
import json
import os
import pickle
import selectors
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from placebook import content_cache
from placebook.execute import leftovers, rubbish
from placebook.execute.warm import AHEAD, CELL, COLD, DONE, ENDED, RAISED, WARM
from placebook.paths import Project

LOADED = (
    "placebook.report.page",
    "placebook.report.county",
    "placebook.execute.bake",
    "placebook.execute.engine",
    "placebook.execute.notebook",
    "placebook.findings.changes",
    "geopandas",
    "pyarrow.pandas_compat",
)
SOME = ("mapclassify", "seaborn")
"""What only pages with small areas need, and what takes half as long to load as such a page to make."""
NEEDED_MORE = 3
"""The exit status of a page that was made, and that had to load some of this itself."""

PR_SET_PDEATHSIG = 1
"""Of Linux's prctl(2): the signal that a process gets when its parent ends."""


class Held(NamedTuple):
    """A page under way."""

    descriptor: int
    """The pidfd of its process."""
    asker: socket.socket


def serve(listener: socket.socket, folder: Path) -> None:
    """Load the libraries, then fork a process for everyone who asks for a page, until standard input ends."""
    leftovers.adopt()
    rubbish.look_seldom(rubbish.OF_A_PAGE)  # what is loaded stays: looking through it finds nothing
    _load(LOADED)  # and settled: the shell looks for rubbish when it forgets
    _rehearse(folder)
    rubbish.settle()
    held: dict[int, Held] = {}
    """Pages under way, by process id."""
    asked = needed = False
    """Whether anybody has asked for anything, and whether a page had to load what only some pages need."""
    with selectors.DefaultSelector() as ready:
        ready.register(sys.stdin.fileno(), selectors.EVENT_READ, ("end", 0))
        ready.register(listener, selectors.EVENT_READ, ("ask", 0))
        while True:
            lacking = _lacking() if needed or not asked else []
            events = ready.select(0 if lacking else content_cache.until_old())
            if not events and lacking:
                _load(lacking[:1])
            elif not events:
                content_cache.read_old()
            for key, _ in events:
                what, process = key.data
                if what == "end":
                    for each in held:
                        _kill(each)
                    leftovers.end_orphans()  # the pages themselves too
                    return
                if what == "ask":
                    asked = True
                    _answer(listener, ready, held)
                elif what == "ended" and process in held:
                    needed = _forget(process, ready, held) == NEEDED_MORE or needed
                elif what == "left" and process in held and not key.fileobj.recv(1):  # type: ignore[union-attr]
                    _kill(process)  # who asked for it is gone; its end is heard by its pidfd


def _lacking() -> list[str]:
    """What only some pages need and nobody has loaded here."""
    return [name for name in SOME if name not in sys.modules]


def _load(names: Sequence[str]) -> None:
    for name in names:
        __import__(name)
    rubbish.settle()


def _rehearse(folder: Path) -> None:
    """A picture, a rank set, a workbook and a notebook for nobody: typefaces, styles, random numbers, the shell and the schema of
    notebooks are made once, not in every fork."""
    import papermill
    from nbformat import v4

    from placebook.execute import engine
    from placebook.figures import strips, style
    from placebook.findings import inference
    from placebook.report.spreadsheets import Sheet
    from placebook.report.workbooks import Workbooks

    inference.rank_set(range(296), [1.0] * 296, 0)
    style.svg(style.Drawn(strips.strip(strips.Row("A", "B", 1.0, "1")), "C"))
    Workbooks().make("A", {}, [], [Sheet("A", "A", "A", ["A"], [["A"]])])
    shell = engine.shell(folder / "profile")
    cells = [v4.new_code_cell("a = 1", metadata={"tags": ["parameters"]}), v4.new_code_cell("pass")]
    about = {"kernelspec": {"name": COLD, "display_name": "", "language": "python"}}
    papermill.execute_notebook(
        v4.new_notebook(cells=cells, metadata=about),
        None,
        parameters={"a": 2},
        engine_name=engine.ENGINE,
        kernel_name=COLD,
        progress_bar=False,
        begun=lambda source: None,
    )
    shell.reset()


def _answer(listener: socket.socket, ready: selectors.BaseSelector, held: dict[int, Held]) -> None:
    asker, _ = listener.accept()
    with asker.makefile("rb") as said:
        asked = said.readline()
    if not asked.endswith(b"\n"):  # gone before it had asked
        asker.close()
        return
    what, root, slug, *more = json.loads(asked)
    project = Project(Path(root))
    if what == AHEAD:
        asker.close()
        _read_ahead(project, slug)
        return
    server = os.getpid()
    try:
        process = os.fork()
    except OSError as error:  # no memory, or too many processes
        with suppress(OSError):
            asker.sendall(pickle.dumps((ENDED, error.errno)))
        asker.close()
        return
    if process == 0:
        _end_with(server)
        for other in held.values():
            os.close(other.descriptor)
            other.asker.close()
        listener.close()
        _execute(asker, project, what, slug, *more)
    held[process] = Held(os.pidfd_open(process), asker)
    ready.register(held[process].descriptor, selectors.EVENT_READ, ("ended", process))
    ready.register(asker, selectors.EVENT_READ, ("left", process))


def _end_with(server: int) -> None:
    """A page whose server is killed (by the system, where memory runs out) ends with it: nobody would end one that hangs."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it was gone before
        os._exit(1)


def _read_ahead(project: Project, place: str) -> None:
    """What is wrong with what is read is told by the pages, which read it again."""
    from placebook.report.ahead import read_ahead, read_declared

    try:
        if not place:
            read_declared(project)
        elif read_ahead(project, place):
            _load(_lacking())
    except Exception as error:
        print(f"nothing was read ahead for {place or 'a build'}: {type(error).__name__}: {error}", file=sys.stderr)
    rubbish.settle()


def _execute(asker: socket.socket, project: Project, kind: str, slug: str, time_limit: int) -> None:
    """This process is a page's from here on, and ends with it."""
    from placebook.execute import notebook

    status, lacking = 1, _lacking()
    try:
        rubbish.look_seldom(rubbish.OF_A_PAGE)
        os.setsid()
        leftovers.adopt()  # so that the server is handed only what pages that are no more have started
        signal.signal(signal.SIGINT, signal.default_int_handler)  # as a new interpreter has it
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

        def tell(*what: Any) -> None:
            asker.sendall(pickle.dumps(what))

        try:
            tell(DONE, notebook.page(project, kind, slug, time_limit, WARM, begun=lambda source: tell(CELL, source)))
            status = NEEDED_MORE if lacking != _lacking() else 0
        except OSError as error:  # not even a log can be written
            tell(RAISED, error)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _forget(process: int, ready: selectors.BaseSelector, held: dict[int, Held]) -> int:
    """Tell who asked for a page that its process has ended. Gives how, as ``os.waitstatus_to_exitcode`` does."""
    descriptor, asker = held.pop(process)
    _, status = os.waitpid(process, 0)
    ready.unregister(descriptor)
    ready.unregister(asker)
    os.close(descriptor)
    how = os.waitstatus_to_exitcode(status)
    leftovers.end_orphans(but=held)
    with suppress(OSError):  # it left first
        asker.sendall(pickle.dumps((ENDED, how)))
    asker.close()
    return how


def _kill(process: int) -> None:
    try:
        os.killpg(process, signal.SIGKILL)
    except ProcessLookupError:
        with suppress(ProcessLookupError):  # not yet the leader of its own group
            os.kill(process, signal.SIGKILL)


def _quiet(number: int, frame: FrameType | None) -> None:
    """Ctrl-C is for the build: it ends the server by closing its input."""


if __name__ == "__main__":
    signal.signal(signal.SIGINT, _quiet)
    serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # the build waits for this, and not for the libraries to be taken apart
