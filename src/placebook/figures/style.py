"""How every figure looks: the Government Analysis Function's style, one accent, greys beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")  # no window system is ever needed

from afcharts.af_colours import get_af_colours
from matplotlib import font_manager
from matplotlib.figure import Figure

from placebook.figures import vector
from placebook.figures.letters import FACES
from placebook.figures.letters import inches as inches
from placebook.figures.letters import reach as reach
from placebook.markup import Html

WIDTH = 5.0
"""Width of a large figure in inches: two stand side by side on paper, and one alone fits a phone."""
HALF = 3.65
"""Width of a small figure: two side by side on a screen, three on paper, one alone on a phone."""
LEAST = float(vector.PLAIN_SIZE.removesuffix("px"))
"""Points: the smallest letters. As narrow as a picture becomes, they are six points on paper, nine pixels on a phone."""
ACCENT, ACCENT_LIGHT = get_af_colours("duo")
INK = "#1a1a1a"
MUTED = "#595959"
PALE = "#e6e6e6"
BAND = "#d5d9e0"
MEDIAN = "#a0a7b4"
GROUND = "#ffffff"
ON_DARK, ON_LIGHT = "#fefefe", "#1b1b1b"
"""Letters on a shaded area: colours of their own, so that a dark page can turn them with the shades."""
SEQUENTIAL: list[str] = get_af_colours("sequential", number_of_colours=5)  # darkest first

# Comparators are greys, told apart by marker, dash and weight, never by colour alone.
COMPARATORS: dict[str, dict[str, Any]] = {
    "parent": {"color": "#3d3d3d", "marker": "s", "dashes": (1, 0), "linewidth": 1.4},
    "county": {"color": "#595959", "marker": "D", "dashes": (4, 1.5), "linewidth": 1.3},
    "itl3": {"color": "#757575", "marker": "d", "dashes": (2, 1), "linewidth": 1.1},
    "region": {"color": "#757575", "marker": "^", "dashes": (1, 1.2), "linewidth": 1.3},
    "country": {"color": "#1a1a1a", "marker": "|", "dashes": (6, 2), "linewidth": 1.5},
    "peer": {"color": "#8c8c8c", "marker": "o", "dashes": (1, 2), "linewidth": 0.8},
}

_SETTINGS = {
    "font.family": ["Placebook Sans", "DejaVu Sans"],
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.labelsize": 9.5,
    "xtick.labelsize": LEAST,
    "ytick.labelsize": LEAST,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    # Text stays text: it is small, it can be searched, and it takes the page's font.
    "svg.fonttype": "none",
    # Element ids in an SVG are drawn from this salt: same figure, same bytes.
    "svg.hashsalt": "placebook",
    "figure.dpi": 100,
    # A line ends where its last number stands; the page is 15 kB lighter.
    "lines.solid_capstyle": "butt",
    "axes.unicode_minus": True,
}


@cache
def _register_fonts() -> None:
    registered = {Path(entry.fname).name for entry in font_manager.fontManager.ttflist}
    for name in FACES:
        if name not in registered:
            with resources.as_file(resources.files("placebook.figures") / "fonts" / name) as path:
                font_manager.fontManager.addfont(str(path))


@cache
def _looks() -> dict[str, Any]:
    """The style's settings and the book's own above them, read once."""
    with resources.as_file(resources.files("afcharts") / "afcharts.mplstyle") as base:
        return {**matplotlib.rc_params_from_file(base, use_default_template=False), **_SETTINGS}  # type: ignore[dict-item]  # see below


@contextmanager
def figure_style() -> Iterator[None]:
    """Everything drawn inside looks like the book; what was set before comes back afterwards."""
    if matplotlib.rcParams["svg.hashsalt"] == _SETTINGS["svg.hashsalt"]:
        yield  # inside already
        return
    _register_fonts()
    with matplotlib.rc_context(_looks()):  # type: ignore[arg-type]  # the stub knows the settings by their literal names
        yield


def subplots(rows: int = 1, columns: int = 1, *, figsize: tuple[float, float], **more: Any) -> tuple[Figure, Any]:
    """As pyplot's, but that nobody looks at the figure meanwhile: geopandas would have it drawn after every layer."""
    figure = Figure(figsize=figsize)
    return figure, figure.subplots(rows, columns, **more)


@dataclass(frozen=True)
class Sketch:
    """A picture that is not drawn yet: who draws it, and everything that it is given."""

    draw: Callable[..., Figure]
    given: tuple[Any, ...]

    def figure(self) -> Figure:
        """The picture, drawn."""
        return self.draw(*self.given)


@dataclass(frozen=True)
class Drawn:
    """One picture of a figure and what it shows in words."""

    figure: Figure | Sketch
    alt: str


def svg(drawn: Drawn) -> Html:
    """The picture as a small ``<svg>`` element with its alternative text."""
    with figure_style():
        figure = drawn.figure.figure() if isinstance(drawn.figure, Sketch) else drawn.figure
        return Html(vector.picture(figure, drawn.alt))  # whose texts and attributes the pen escapes
