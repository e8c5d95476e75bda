"""Papermill's engine for a page that has a process of its own: cells run in this process, in IPython's shell.

Papermill's own engine starts a kernel and talks to it through sockets. A page of the pool is a process that exists for
nothing else, so a second one would only add its start. Papermill finds the engine by the entry point ``papermill.engine``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from IPython.utils.capture import RichOutput, capture_output
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import Engine, NotebookExecutionManager
from traitlets.config import Config

ENGINE = "placebook"
"""The name of the entry point."""


class Shell(InteractiveShell):
    """IPython's shell without a window, a terminal and a history."""

    def enable_gui(self, gui: str | None = None) -> None:
        """A page has no window (``%matplotlib inline`` asks for one)."""

    def ask_exit(self) -> None:
        """``exit()`` ends nothing, as in a kernel that Papermill talks to."""


def new_shell(folder: Path) -> Shell:
    """This process's shell, with its profile in ``folder``."""
    without_history = Config({"HistoryManager": {"enabled": False}})
    return Shell.instance(config=without_history, profile_dir=ProfileDir.create_profile_dir(str(folder)))


class InProcess(Engine):
    """Executes a notebook in the process that asks, whose shell has been made (``new_shell``)."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, begin: Callable[[str], None], **options: Any
    ) -> None:
        """Run the cells up to the first that fails. ``begin`` is called with the source of each before it runs."""
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            begin(cell.source)
            nb_man.cell_start(cell, index)
            cell.execution_count = Shell.instance().execution_count
            cell.outputs = _outputs(cell.source)
            if cell.outputs and cell.outputs[-1].output_type == "error":
                nb_man.cell_exception(cell, index)
                return
            nb_man.cell_complete(cell, index)


def _outputs(source: str) -> list[NotebookNode]:
    """Run a cell; gives what it displayed, and last its value or its error."""
    shell = Shell.instance()
    with capture_output() as captured:
        result = shell.run_cell(source, store_history=True)
    outputs = [_stream(name, text) for name, text in (("stdout", captured.stdout), ("stderr", captured.stderr)) if text]
    outputs += _displayed(captured.outputs)
    if error := result.error_before_exec or result.error_in_exec:
        lines = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
        outputs.append(new_output("error", ename=type(error).__name__, evalue=str(error), traceback=lines))
    elif result.result is not None:
        assert shell.display_formatter is not None  # the shell makes one when it is made
        data, metadata = shell.display_formatter.format(result.result)
        outputs.append(new_output("execute_result", data, metadata=metadata, execution_count=shell.execution_count - 1))
    return outputs


def _stream(name: str, text: str) -> NotebookNode:
    return new_output("stream", name=name, text=text)


def _displayed(outputs: Sequence[RichOutput]) -> list[NotebookNode]:
    """What a cell displayed; what it displayed again under the same id takes the first one's place."""
    shown: dict[str | int, NotebookNode] = {}
    for number, output in enumerate(outputs):
        id_ = (output.transient or {}).get("display_id", number)
        shown[id_] = new_output("display_data", output.data, metadata=output.metadata)
    return list(shown.values())
