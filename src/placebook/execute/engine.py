"""Papermill's engine for a page that has a process of its own already: its cells are executed here.

Papermill's usual engine starts a kernel and talks to it through sockets. A warm page is a fork that is there for nothing else
(``warm``), and a second process would only wait for it. Cells are executed by the same shell that a kernel has, and nbclient
puts what the shell says into the notebook, as ever; only the sockets between the two are left out.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

ENGINE = "placebook-within"
"""The name by which Papermill is asked for it."""
ALLOWED = "raises-exception"
"""The tag of a cell whose error is no error."""


class Said(Session):
    """What a kernel would send to whoever listens, kept in its order."""

    def __init__(self, **more: Any):
        super().__init__(**more)
        self._messages: list[dict[str, Any]] = []

    def send(  # type: ignore[override]
        self, stream: Any, msg_or_type: dict[str, Any] | str, content: Any = None, *given: Any, **more: Any
    ) -> dict[str, Any]:
        """Keep a message, given whole or as its type and content."""
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content)
        self._messages.append(message)
        return message

    def taken(self) -> list[dict[str, Any]]:
        """What was said since this was asked last."""
        messages, self._messages = self._messages, []
        return messages


class _Stream(io.TextIOBase):
    """Standard output or error of a cell: said when it is flushed, as each display does first."""

    encoding = "utf-8"  # type: ignore[assignment]

    def __init__(self, name: str, said: Said):
        self._name, self._said = name, said
        self._written: list[str] = []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._written.append(text)
        return len(text)

    def flush(self) -> None:
        if text := "".join(self._written):
            self._written.clear()
            self._said.send(None, "stream", {"name": self._name, "text": text})

    def fileno(self) -> int:
        """The process's own, for a program that a cell starts."""
        return getattr(sys, f"__{self._name}__").fileno()


class Shell(ZMQInteractiveShell):
    """A kernel's shell without the kernel."""

    def __init__(self, **more: Any):
        super().__init__(kernel=SimpleNamespace(eventloop=None), compiler_class=XCachingCompiler, **more)
        self.displayhook.session = self.display_pub.session = Said()
        self.displayhook.topic = b"execute_result"

    def enable_gui(self, gui: Any = None) -> None:
        """A page has no window whose events anybody would wait for (``%matplotlib inline`` asks)."""
        self.active_eventloop = gui


def shell(folder: Path) -> Shell:
    """This process's shell, made when it is first asked for, with its profile in ``folder`` and nobody's history."""
    if not Shell.initialized():
        config = Config({"HistoryManager": {"enabled": False}})
        Shell.instance(config=config, profile_dir=ProfileDir.create_profile_dir(str(folder)))
    return Shell.instance()


class _Here(PapermillNotebookClient):
    """Papermill's client without a kernel: it executes each cell itself."""

    def __init__(self, notebook: NotebookExecutionManager, begun: Callable[[str], None]):
        super().__init__(notebook)
        self._begun = begun
        self._shell = Shell.instance()

    def execute(self, **more: Any) -> NotebookNode:
        self.reset_execution_trackers()
        self.papermill_execute_cells()
        return self.nb

    def execute_cell(  # type: ignore[override]
        self, cell: NotebookNode, cell_index: int, *given: Any, **more: Any
    ) -> NotebookNode:
        """As nbclient's: the cell with its outputs. Raises CellExecutionError for a cell that fails."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        self._begun(cell.source)
        cell.outputs, self.clear_before_next_output = [], False
        said: Said = self._shell.display_pub.session
        streams = _Stream("stdout", said), _Stream("stderr", said)
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
            self._shell.run_cell(cell.source, store_history=True)
        for stream in streams:
            stream.flush()
        error = None
        for message in said.taken():
            self.process_message(message, cell, cell_index)
            if message["msg_type"] == "error":
                error = message["content"]
        cell.execution_count = self._shell.execution_count - 1
        if error and ALLOWED not in tags:
            raise CellExecutionError.from_cell_and_msg(cell, error)
        return cell


class Within(Engine):
    """Executes a notebook in the process that asks, whose ``shell`` has been made.

    ``begun`` hears the source of each cell before it is executed. A cell takes as long as it takes: whoever waits for this
    process sees to the time.
    """

    @classmethod
    def execute_managed_notebook(  # type: ignore[override]
        cls, nb_man: NotebookExecutionManager, kernel_name: str, begun: Callable[[str], None], **more: Any
    ) -> None:
        _Here(nb_man, begun).execute()


papermill_engines.register(ENGINE, Within)
