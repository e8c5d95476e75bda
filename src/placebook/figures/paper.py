"""A sheet to draw on without axes, whose ticks, spines and grids cost several times what is seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.ticker import Locator
from matplotlib.transforms import Affine2D

from placebook.figures.style import HALF, INK, LEAST, MUTED

LINE, NOTE = 0.185, 0.16
"""Heights in inches: a line of the title, of the words under it."""
POINT = 1 / 72
RULE = "#cccccc"
"""The colour of the lines behind, as the Government Analysis Function has it."""


def ticks(locator: Locator, low: float, high: float) -> list[float]:
    """The round numbers between two ends."""
    slack = 1e-10 * (high - low)
    return [float(tick) for tick in locator.tick_values(low, high) if low - slack <= tick <= high + slack]


class Paper:
    """A figure on which everything is put in inches from its upper left corner; as a rule of the width of a small one."""

    def __init__(self, height: float, width: float = HALF):
        self.figure = Figure(figsize=(width, height))
        self._inches = Affine2D().scale(1, -1).translate(0, height) + self.figure.dpi_scale_trans

    def line(self, across: Sequence[float], down: Sequence[float], **look: Any) -> None:
        """A line through these points; one that is NaN breaks it."""
        self.figure.add_artist(Line2D(across, down, transform=self._inches, **look))

    def mark(self, across: float, down: float, **look: Any) -> None:
        """A marker at this point."""
        self.line([across], [down], linestyle="none", **look)

    def area(self, corners: Sequence[tuple[float, float]], **look: Any) -> None:
        """A closed area."""
        self.figure.add_artist(Polygon(corners, transform=self._inches, **look))

    def text(self, across: float, down: float, words: str, **look: Any) -> None:
        self.figure.text(across, down, words, transform=self._inches, **look)

    def head(self, title: Sequence[str], subtitle: Sequence[str]) -> None:
        """The lines of the title, and under them the lines of words in grey."""
        for number, line in enumerate(title):
            self.text(0, LINE * (number + 0.5), line, weight="bold", color=INK, va="center", fontsize=10)
        for number, line in enumerate(subtitle):
            down = LINE * len(title) + NOTE * (number + 0.45)
            self.text(0, down, line, color=MUTED, va="center", fontsize=LEAST)
