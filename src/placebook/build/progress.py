"""What a build tells on a screen: how far it is, what became of each place, and where the time of a page goes."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from placebook.errors import Fault
from placebook.execute.outcome import Outcome


class Display:
    """How far a build is: a bar where somebody looks on, a line for each place where nobody does."""

    def __init__(self, console: Console, workers: int):
        self._console = console
        self._workers = workers
        self._quiet = not console.is_terminal
        self._done = self._of = 0
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[running]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            disable=self._quiet,
            transient=True,
        )
        self._task = self._bar.add_task("check", total=None, running="")

    def __enter__(self) -> Display:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def begin(self, count: int) -> None:
        """So many places are to be executed."""
        self._of = count
        self._bar.update(self._task, total=count, running=self._running())

    def done(self, outcome: Outcome) -> None:
        """A place has come to its end."""
        self._done += 1
        self._bar.update(self._task, advance=1, running=self._running())
        if self._quiet:
            self._console.print(f"[{self._done}/{self._of}] {outcome.place}: {state(outcome)}", markup=False)

    def stage(self, name: str) -> None:
        """What the build is at from now on."""
        self._bar.update(self._task, description=name)

    def _running(self) -> str:
        left = self._of - self._done
        return f"{min(self._workers, left)} running" if left else ""


def state(outcome: Outcome) -> str:
    """What became of a place, in a line."""
    if outcome.failed:
        return f"FAILED after {outcome.seconds:.1f} s"
    return outcome.state if outcome.unchanged or outcome.left_out else f"rebuilt in {outcome.seconds:.1f} s ({outcome.why})"


def summary(outcomes: Sequence[Outcome]) -> Table:
    """What became of each place and why, with what its page holds."""
    table = Table(title="Places", title_justify="left")
    for name in ("place", "state", "seconds", "figures", "tables", "ledger entries", "because"):
        justify: JustifyMethod = "left" if name in ("place", "state", "because") else "right"
        table.add_column(name, justify=justify, no_wrap=name in ("place", "state"))
    for outcome in outcomes:
        state = "[red]failed[/red]" if outcome.failed else outcome.state
        counted = [f"{count:,}" for count in outcome.counts or ()] or ["", "", ""]
        seconds = "" if outcome.unchanged or outcome.left_out else f"{outcome.seconds:.1f}"
        table.add_row(outcome.place, state, seconds, *counted, escape(outcome.why))
    return table


def show(table: Table, console: Console) -> None:
    """A table; where the lines have no room for one of its words, which would be cut off or broken, a line for each row."""
    for column in table.columns:
        column.overflow = "fold"
    rows = list(zip(*([Text.from_markup(str(cell)) for cell in column.cells] for column in table.columns), strict=True))
    with console.capture() as drawn:
        console.print(table)
    words = {word for row in rows for cell in row for word in cell.plain.split()}
    if words <= set(Text.from_ansi(drawn.get()).plain.translate(str.maketrans("│|", "  ")).split()):
        console.print(table)
        return
    for row in rows:
        console.print(Text(" | ").join(cell for cell in row if cell), soft_wrap=True)


def warn(faults: Sequence[Fault], console: Console) -> None:
    """Say what should be looked at, for which nothing stops."""
    for fault in faults:
        console.print("[bold yellow]look:[/bold yellow]", end=" ")
        console.print(str(fault), markup=False)
