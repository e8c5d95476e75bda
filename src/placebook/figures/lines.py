"""Measures over time: each line named at its end, the axis with its unit and where it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from placebook.figures.style import ACCENT, COMPARATORS, chart, figure_style, wrapped

WIDTH, HIGH = 4.2, 2.3
"""Inches of a chart; half as high again where the names of its lines need it."""
NAMES = 17
"""Letters in a line of a name at the end of a series."""
NAME_LINE, AROUND = 0.19, 0.95
"""Inches from one line of a name to the next; above and below the lines, for what the axes say."""
ROLES = {
    "place": {"color": ACCENT, "linewidth": 2.4},
    "second": {"color": ACCENT, "linewidth": 1.8, "linestyle": (0, (5, 1.5))},
    **{role: {name: look[name] for name in ("color", "linewidth", "linestyle")} for role, look in COMPARATORS.items()},
}


@dataclass(frozen=True)
class Line:
    """One series: its numbers by decimal year; a missing one breaks the line."""

    role: str
    name: str
    years: tuple[float, ...]
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()


def over_time(lines: Sequence[Line], axis: str, unit: str = "") -> Figure:
    """Lines over the years, the last on top. ``axis`` says the unit in words, ``unit`` stands at every number ("£", "%")."""
    names = [wrapped(line.name, NAMES) for line in lines]
    with figure_style():
        tall = sum(name.count("\n") + 1 for name in names)
        figure, axes = chart(WIDTH, max(HIGH, AROUND + NAME_LINE * tall))
        for line in lines:
            axes.plot(line.years, _numbers(line.values), solid_capstyle="butt", **ROLES[line.role])
            if line.lower and line.role == "place":
                axes.fill_between(line.years, _numbers(line.lower), _numbers(line.upper), color=ACCENT, alpha=0.14, linewidth=0)
        ticks = MaxNLocator(4).tick_values(*axes.dataLim.intervaly)
        axes.set_yticks(ticks)
        axes.set_ylim(ticks[0], ticks[-1])  # the scale begins and ends with a number
        years = [year for line in lines for year in line.years]
        axes.set_xlim(min(years) - 0.3, max(years) + 0.3)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=2))
        axes.tick_params(axis="x", pad=7)
        axes.yaxis.set_major_formatter(lambda value, _: _tick(value, unit))
        axes.grid(True, axis="y")
        axes.grid(False, axis="x")
        low, high = axes.get_ylim()
        begins = "" if low <= 0 <= high else f"; the axis begins at {_tick(low, unit)}"
        axes.set_title(wrapped(f"{axis}{begins}", 58), fontsize=9.5, weight="normal")
        _name_ends(figure, axes, lines, names)
    return figure


def _numbers(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _tick(value: float, unit: str) -> str:
    sign, number = ("−" if value < 0 else ""), f"{abs(value):,.10g}"
    return f"{sign}{unit}{number}" if unit == "£" else f"{sign}{number}{unit}"


def _name_ends(figure: Figure, axes: Axes, lines: Sequence[Line], names: Sequence[str]) -> None:
    """A name beside the last number of each line, pushed apart so that none covers another, with a leader where it moved."""
    low, high = axes.get_ylim()
    a_line = NAME_LINE * (high - low) / (figure.get_figheight() - AROUND)
    ends = [next((v for v in reversed(line.values) if v is not None), low) for line in lines]
    order = sorted(range(len(lines)), key=lambda at: ends[at])
    heights = [a_line * (names[at].count("\n") + 1) for at in order]
    for at, stands in zip(order, apart([ends[at] for at in order], heights, low, high), strict=True):
        look = ROLES[lines[at].role]
        axes.annotate(
            names[at],
            (max(lines[at].years), ends[at]),
            (1.05, stands),
            textcoords=axes.get_yaxis_transform(),
            va="center",
            color=look["color"],
            weight="bold" if lines[at].role == "place" else "normal",
            arrowprops={"arrowstyle": "-", "color": look["color"], "linewidth": 0.6, "shrinkA": 1, "shrinkB": 1},
        )


def apart(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """The middles of blocks, the lowest first, each as near to the middle that it wants as the others leave room.

    None lies on another, none below ``low``; none above ``high`` where all fit in between.
    """
    placed: list[float] = []
    floor = low
    for middle, tall in zip(wanted, heights, strict=True):
        placed.append(max(middle, floor + tall / 2))
        floor = placed[-1] + tall / 2
    ceiling = max(high, low + sum(heights))
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = min(placed[at], ceiling - heights[at] / 2)
        ceiling = placed[at] - heights[at] / 2
    return placed
