"""The few things that go wrong, each with a message that says where, what and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MOST = 100
"""Faults that are written out; of the others their number alone."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with the input.

    ``file`` is written as the analyst would type it (relative to the project); ``line`` counts
    from 1, 0 where no line can be named; ``field`` is the path inside the file (``lsoas[2]``).
    """

    file: str
    line: int
    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = self.file + (f":{self.line}" if self.line else "")
        field = f" {self.field}:" if self.field else ""
        remedy = f"\n    → {_seen(self.remedy)}" if self.remedy else ""
        return _seen(f"{where}:{field} {self.problem}") + remedy


def _seen(text: str) -> str:
    """The text with every character written out that nobody sees: by a file's name or words no message can be made to act."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\xa0" else c.encode("unicode_escape").decode() for c in text)


class PlacebookError(Exception):
    """Something failed; the message is meant for the person who typed the command."""

    exit_status = 1


class InputError(PlacebookError):
    """The input or the call is wrong. Carries every fault found, not only the first."""

    exit_status = 2

    def __init__(self, faults: Fault | Iterable[Fault] | str):
        if isinstance(faults, str):
            self.faults: tuple[Fault, ...] = ()
            super().__init__(faults)
            return
        faults_found = (faults,) if isinstance(faults, Fault) else tuple(faults)
        self.faults = faults_found
        more = len(faults_found) - MOST
        lines = [str(fault) for fault in faults_found[:MOST]] + ([f"and {more:,} more"] if more > 0 else [])
        super().__init__("\n".join(lines))


class DataError(InputError):
    """A frozen table or a geography file does not hold what its source file says."""


class BuildError(PlacebookError):
    """A place could not be executed or the book could not be compiled."""


class AtWork(BuildError):
    """Another process is at the same work in this checkout."""


class InputsChanged(BuildError):
    """An input changed while the book was being built of it."""


def shown_path(path: Path, root: Path) -> str:
    """The path as it is written in messages: relative to the project where it lies in it."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return str(path)
