"""How far a build is, as it is told while it goes on."""

import io

from rich.console import Console

from placebook.build.progress import Display
from placebook.execute.outcome import Outcome


def told(terminal):
    stream = io.StringIO()
    with Display(Console(file=stream, force_terminal=terminal, width=120), workers=2) as display:
        display.begin(3)
        display.stage("places")
        for slug, problem in (("adur", ""), ("ashford", "a cell failed")):
            display.done(Outcome(slug, 1.25, problem, why="not built yet"))
    return stream.getvalue()


def test_where_nobody_looks_on_each_place_has_a_line():
    assert told(terminal=False).splitlines() == [
        "[1/3] adur: rebuilt in 1.2 s (not built yet)",
        "[2/3] ashford: FAILED after 1.2 s",
    ]


def test_where_somebody_looks_on_there_is_a_bar():
    shown = told(terminal=True)
    assert "places" in shown and "2/3" in shown and "1 running" in shown
    assert "adur" not in shown
