"""The pictures of a place's summary in Word: what its page draws as small SVG, drawn once more by matplotlib as PNG.

Every number comes from a ``Scene``, which the page writes beside its ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from matplotlib.figure import Figure

from placebook.figures import style
from placebook.figures.scenes import Form, Scene

SIZE = (6.7, 0.95)
"""Inches: the width of the text of an A4 page, and four lines of it."""
DPI = 160
BAND, MEDIAN = "#d5d9e0", "#a0a7b4"


def png(scene: Scene) -> bytes:
    """The picture; the same bytes for the same scene by the same libraries."""
    with style.figure_style():
        figure = Figure(figsize=SIZE)
        axes = figure.subplots()
        axes.set_axis_off()
        figure.subplots_adjust(left=0.02, right=0.98, top=0.98, bottom=0.02)
        DRAWN[scene.form](axes, scene)
        content = BytesIO()
        figure.savefig(content, format="png", dpi=DPI, facecolor=style.GROUND, metadata={"Software": None})
    return content.getvalue()


def _among(axes: Any, scene: Scene) -> None:
    """The districts' range and middle half, the place and England on it."""
    least, lower, upper, most = scene.numbers
    axes.barh([0], [most - least], left=[least], height=0.24, color=style.PALE)
    axes.barh([0], [upper - lower], left=[lower], height=0.44, color=BAND)
    _dots(axes, scene.marks)
    _ends(axes, scene, least, most)


def _lines(axes: Any, scene: Scene) -> None:
    """The place's series, England's level dashed."""
    (own, _), (england, level) = scene.marks
    axes.plot(range(len(scene.numbers)), scene.numbers, color=style.ACCENT, linewidth=2.2)
    axes.plot([len(scene.numbers) - 1], [scene.numbers[-1]], "o", color=style.ACCENT, markersize=7)
    last = len(scene.numbers) - 1
    axes.plot([0, last], [level, level], color=style.INK, linewidth=1.2, linestyle=(0, (5, 3)))
    apart = (max(*scene.numbers, level) - min(*scene.numbers, level)) or 1.0
    near = abs(scene.numbers[-1] - level) < apart / 3
    up = apart / 5 if near else 0.0
    sign = 1 if scene.numbers[-1] >= level else -1
    for label, at, colour in ((own, scene.numbers[-1] + sign * up, style.ACCENT), (england, level - sign * up, style.INK)):
        axes.annotate(label, (last, at), xytext=(9, 0), textcoords="offset points", va="center", color=colour)
    axes.annotate(scene.labels[0], (0, scene.numbers[0]), xytext=(-6, 0), textcoords="offset points", ha="right", va="center")
    axes.set_xlim(-0.09 * last, 1.4 * last)
    axes.margins(y=0.4)


def _bars(axes: Any, scene: Scene) -> None:
    """A bar for each from nought, its words beside it."""
    rows = range(len(scene.numbers))
    colours = [style.ACCENT, MEDIAN] if len(scene.numbers) == 2 else [style.ACCENT] * len(scene.numbers)
    axes.barh(rows, scene.numbers, height=0.62, color=colours)
    for row, number, label in zip(rows, scene.numbers, scene.labels, strict=True):
        clear = max(number, *(mark for _, mark in scene.marks), 0)  # of the line too
        axes.annotate(label, (clear, row), xytext=(5, 0), textcoords="offset points", va="center", color=style.INK)
    for label, number in scene.marks:
        axes.axvline(number, color=style.INK, linewidth=1.2, linestyle=(0, (5, 3)))
        axes.annotate(label, (number, -0.9), xytext=(5, 0), textcoords="offset points", va="center", color=style.INK)
    axes.set_ylim(len(scene.numbers) - 0.5, -1.3 if scene.marks else -0.5)
    axes.set_xlim(0, 2.6 * max(*scene.numbers, *(mark for _, mark in scene.marks), 1e-9))


def _areas(axes: Any, scene: Scene) -> None:
    """The small areas on one scale."""
    axes.axhline(0, color=BAND, linewidth=2)
    axes.plot(scene.numbers, [0] * len(scene.numbers), "o", color=style.ACCENT, markeredgecolor=style.GROUND, markersize=8)
    _ends(axes, scene, min(scene.numbers), max(scene.numbers))


def _dots(axes: Any, marks: Sequence[tuple[str, float]]) -> None:
    """The place's dot with its label above the line, England's bar with its label below."""
    (own, number), *others = marks
    for label, level in others:
        axes.plot([level, level], [-0.3, 0.3], color=style.INK, linewidth=1.8)
        axes.annotate(label, (level, -0.36), xytext=(0, -2), textcoords="offset points", ha="center", va="top")
    axes.plot([number], [0], "o", color=style.ACCENT, markersize=10, zorder=3)
    axes.annotate(own, (number, 0.3), xytext=(0, 2), textcoords="offset points", ha="center", va="bottom", color=style.ACCENT)


def _ends(axes: Any, scene: Scene, low: float, high: float) -> None:
    """The words at both ends of a scale, below it, and the room that they need."""
    left, right = scene.labels
    wide = (high - low) or 1.0
    axes.annotate(left, (low, -0.95), ha="left", va="top", color=style.MUTED)
    axes.annotate(right, (high, -0.95), ha="right", va="top", color=style.MUTED)
    axes.set_xlim(low - 0.06 * wide, high + 0.06 * wide)
    axes.set_ylim(-1.45, 0.95)


DRAWN: dict[Form, Callable[[Any, Scene], None]] = {"among": _among, "lines": _lines, "bars": _bars, "dots": _areas}
