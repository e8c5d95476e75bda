"""What a build tells on a screen: what became of each place, and where the time of a page goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from placebook.edition.standing import Outcome

if TYPE_CHECKING:
    from placebook.edition.profile import Profile


def state(outcome: Outcome) -> str:
    """What became of a place, in a line."""
    if outcome.failed:
        return f"FAILED after {outcome.seconds:.1f} s"
    return "unchanged" if outcome.unchanged else f"rebuilt in {outcome.seconds:.1f} s ({outcome.why})"


def summary(outcomes: Sequence[Outcome]) -> Table:
    """What became of each place and why, with what its page holds."""
    table = Table(title="Places", title_justify="left")
    for name, justify in (("place", "left"), ("state", "left"), ("seconds", "right"), ("figures", "right"),
                          ("tables", "right"), ("ledger entries", "right"), ("because", "left")):  # fmt: skip
        table.add_column(name, justify=justify, no_wrap=name in ("place", "state"))
    for outcome in outcomes:
        state = "[red]failed[/red]" if outcome.failed else "unchanged" if outcome.unchanged else "rebuilt"
        counted = [f"{count:,}" for count in outcome.counts or ()] or ["", "", ""]
        seconds = "" if outcome.unchanged else f"{outcome.seconds:.1f}"
        table.add_row(outcome.place, state, seconds, *counted, escape(outcome.why))
    return table


def profile(found: Profile) -> Iterator[Table]:
    """Seconds and shares, by kind of work and by room."""
    whole = sum(seconds for _, seconds in found.kinds)
    for title, rows in (("By kind of work", found.kinds), ("By room and library, own time", found.rooms)):
        table = Table(title=f"{title} (under a profiler, which slows everything down)", title_justify="left")
        table.add_column("what")
        table.add_column("seconds", justify="right")
        table.add_column("share", justify="right")
        for name, seconds in rows:
            table.add_row(name, f"{seconds:.2f}", f"{seconds / whole:.0%}")
        yield table
