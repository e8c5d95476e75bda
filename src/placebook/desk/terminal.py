"""To and from the terminal: every line that a command prints, and what it asks."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from placebook.errors import Fault, InputError
from placebook.execute.outcome import Outcome

out = Console(highlight=False, emoji=False)  # a line :100: is a number
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
TRIES = 5
"""Answers that are waited for before a question is given up."""


def say(line: str) -> None:
    """A line for whoever typed the command; nothing in it is markup, and nothing in it acts."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    out.print(shown, markup=False, soft_wrap=True)


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


# ------------------------------------------------------------------ what is asked


def asking(yes: bool) -> bool:
    """Whether there is somebody to ask."""
    return not yes and sys.stdin.isatty() and sys.stdout.isatty()


def agreed(question: str, default: bool) -> bool:
    """Whether the answer is yes. Raises InputError where none comes."""
    for _ in range(TRIES):
        answer = _answer(f"{question} [{'Y/n' if default else 'y/N'}] ").lower()
        if answer in ("", "y", "yes", "n", "no"):
            return default if not answer else answer[0] == "y"
        say("Write y or n.")
    raise InputError("no answer came; nothing was changed")


def which(count: int) -> int:
    """A number from 1 to ``count``; 1 where just Enter is typed. Raises InputError where no number comes."""
    for _ in range(TRIES):
        answer = _answer("Which? [1] ") or "1"
        if answer.isdecimal() and 1 <= int(answer) <= count:
            return int(answer)
        say(f"Write a number from 1 to {count}.")
    raise InputError(f"no place was chosen; nothing was written. Write a number from 1 to {count}")


def answered(question: str, choices: Sequence[str] = (), default: str = "") -> str:
    """What is answered, one of the ``choices`` where there are any. Raises InputError where none comes."""
    for number, choice in enumerate(choices, 1):
        say(f"  {number}  {choice}")
    for _ in range(TRIES):
        answer = _answer(f"{question}{f' [{default}]' if default else ''} ") or default
        if choices and answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return choices[int(answer) - 1]
        if answer and (not choices or answer in choices):
            return answer
        say(f"Write a number from 1 to {len(choices)}." if choices else "Something must be written.")
    raise InputError("no answer came; nothing was written")


def _answer(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        raise InputError("no answer came; nothing was changed") from None
