"""What a build tells on a screen: how far it is, what became of each place, and where the time of a page goes."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

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
