"""How every figure looks: the Government Analysis Function's style, one accent, greys beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib

matplotlib.use("Agg")  # no window system is ever needed

from afcharts.af_colours import get_af_colours
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from placebook.paths import TYPEFACES

WIDTH = 5.0
"""Width of a large figure in inches: two stand side by side on paper, and one alone fits a phone."""
HALF = 3.65
"""Width of a small figure: two side by side on a screen, three on paper, one alone on a phone."""
LEAST = 9.5
"""Points: the smallest letters. As narrow as a picture becomes, they are six points on paper, nine pixels on a phone."""
ROW, LOWEST = 0.24, 1.6
"""Inches from one bar or dot to the next; the lowest that a chart is."""
LETTERS = 26
"""Letters in a line of a name beside a picture or in its key."""
ACCENT, _ = get_af_colours("duo")
INK = "#1a1a1a"
MUTED = "#595959"
PALE = "#e6e6e6"
RULE = "#cccccc"
GROUND = "#ffffff"
EDGE = "#808080"
SEQUENTIAL: list[str] = get_af_colours("sequential", number_of_colours=5)  # darkest first

# Comparators are greys, told apart by marker, dash and weight, never by colour alone.
COMPARATORS: dict[str, dict[str, Any]] = {
    "parent": {"color": "#3d3d3d", "marker": "s", "linestyle": (0, (1, 0)), "linewidth": 1.4},
    "county": {"color": "#595959", "marker": "D", "linestyle": (0, (4, 1.5)), "linewidth": 1.3},
    "region": {"color": "#757575", "marker": "^", "linestyle": (0, (1, 1.2)), "linewidth": 1.3},
    "country": {"color": "#1a1a1a", "marker": "|", "linestyle": (0, (6, 2)), "linewidth": 1.5},
}

_SETTINGS = {
    "font.family": ["Placebook Sans", "DejaVu Sans"],
    "font.size": LEAST,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": LEAST,
    "axes.labelcolor": MUTED,
    "text.color": INK,
    "xtick.labelsize": LEAST,
    "ytick.labelsize": LEAST,
    "legend.fontsize": LEAST,
    "legend.title_fontsize": LEAST,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    # Text stays text: it is small, it can be searched, and it takes the page's font.
    "svg.fonttype": "none",
    # Element ids in an SVG are drawn from this salt: same figure, same bytes.
    "svg.hashsalt": "placebook",
    "axes.unicode_minus": True,
}


@cache
def register_fonts() -> None:
    """Make the charts' typeface known to matplotlib."""
    registered = {Path(entry.fname).name for entry in font_manager.fontManager.ttflist}
    for path in TYPEFACES:
        if path.name not in registered:
            font_manager.fontManager.addfont(str(path))


@cache
def _looks() -> dict[str, Any]:
    """The style's settings and the book's own above them, read once."""
    with resources.as_file(resources.files("afcharts") / "afcharts.mplstyle") as base:
        return {**matplotlib.rc_params_from_file(base, use_default_template=False), **_SETTINGS}  # type: ignore[dict-item]  # see below


@contextmanager
def figure_style() -> Iterator[None]:
    """Everything drawn inside looks like the book; what was set before comes back afterwards."""
    register_fonts()
    with matplotlib.rc_context(_looks()):  # type: ignore[arg-type]  # the stub knows the settings by their literal names
        yield


def chart(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of one chart, its words inside the picture whatever their length; sizes in inches."""
    figure = Figure(figsize=(width, max(height, LOWEST)), layout="constrained")
    axes = figure.subplots()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure, axes


def wrapped(text: str, letters: int = LETTERS) -> str:
    """A name in lines of at most so many letters; a longer word is broken."""
    return fill(text, letters)
