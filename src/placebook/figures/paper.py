"""A sheet to draw on without axes, whose ticks, spines and grids cost several times what is seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from typing import Any, ClassVar

from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.ticker import Locator
from matplotlib.transforms import Affine2D

from placebook.figures.letters import broken
from placebook.figures.style import HALF, INK, LEAST, MUTED, figure_style, reach

LINE, NOTE = 0.2, 0.19
"""Inches from one line to the next: of a title, of the smallest letters. The boxes of their letters do not overlap."""
POINT = 1 / 72
SPARE = 2 * POINT
"""Inches: by how much letters may be broader where they are read than where they were measured."""
RULE = "#cccccc"
"""The colour of the lines behind, as the Government Analysis Function has it."""


def ticks(locator: Locator, low: float, high: float) -> list[float]:
    """The round numbers between two ends."""
    slack = 1e-10 * (high - low)
    return [float(tick) for tick in locator.tick_values(low, high) if low - slack <= tick <= high + slack]


class Words(Text):
    """One line of text. What shows the picture sets it from its anchor: it is put down without being measured.

    Matplotlib measures each text first, which takes longer than all else that is done with it, and needs of that only
    how far the typeface reaches above and below the line.
    """

    BASELINES: ClassVar = {
        "baseline": lambda above, below: 0.0,
        "bottom": lambda above, below: below,
        "center": lambda above, below: (below - above) / 2,
        "center_baseline": lambda above, below: -above / 2,
        "top": lambda above, below: -above,
    }
    """Vertical alignment to where the line stands, seen from the anchor, as ``Text._get_layout`` has them."""

    def draw(self, renderer: RendererBase) -> None:
        """Write the line where the anchor and the typeface say."""
        across, up = self.get_transform().transform((self._x, self._y))
        em = self.get_fontsize() * self.get_figure(root=True).dpi / 72
        above, below = (em * part for part in reach())
        up += self.BASELINES[self.get_va()](above, below)
        gc = renderer.new_gc()
        gc.set_foreground(to_rgba(self.get_color()), isRGBA=True)
        gc.set_alpha(self.get_alpha())
        renderer.open_group("text", self.get_gid())
        high = renderer.get_canvas_width_height()[1]
        renderer.draw_text(gc, across, high - up, self.get_text(), self.get_fontproperties(), 0, mtext=self)
        renderer.close_group("text")
        gc.restore()


@lru_cache(maxsize=256)
def _line(**look: Any) -> Line2D:
    """A line of this look that is drawn nowhere: to make one takes longer than to copy and to draw it. So does a text."""
    with figure_style():
        return Line2D([], [], **look)


@lru_cache(maxsize=256)
def _text(several: bool, **look: Any) -> Text:
    with figure_style():
        return (Text if several else Words)(0, 0, "", **look)


class Paper:
    """A figure on which everything is put in inches from its upper left corner; as a rule of the width of a small one."""

    def __init__(self, height: float, width: float = HALF):
        self.figure = Figure(figsize=(width, height))
        self._inches = Affine2D().scale(1, -1).translate(0, height) + self.figure.dpi_scale_trans

    def line(self, across: Sequence[float], down: Sequence[float], **look: Any) -> None:
        """A line through these points; one that is NaN breaks it."""
        line = copy(_line(**look))
        line.set_data(across, down)
        line.set_transform(self._inches)
        self.figure.add_artist(line)

    def mark(self, across: float, down: float, **look: Any) -> None:
        """A marker at this point."""
        self.line([across], [down], linestyle="none", **look)

    def area(self, corners: Sequence[tuple[float, float]], **look: Any) -> None:
        """A closed area."""
        self.figure.add_artist(Polygon(corners, transform=self._inches, **look))

    def text(self, across: float, down: float, words: str, **look: Any) -> None:
        """Words from this point on; of several lines one below the other."""
        text = copy(_text("\n" in words, **look))
        text.set_x(across)
        text.set_y(down)
        text.set_text(words)
        text.set_transform(self._inches)
        text.set_figure(self.figure)
        self.figure.texts.append(text)  # as Figure.text does: texts are drawn after lines of the same height

    @staticmethod
    def broken(title: str, subtitle: str = "", width: float = HALF) -> tuple[list[str], list[str]]:
        """A title and the words under it in lines that are no longer than a picture is broad."""
        return broken(title, width - SPARE, 10, bold=True), broken(subtitle, width - SPARE, LEAST)

    def head(self, title: Sequence[str], subtitle: Sequence[str]) -> None:
        """The lines of the title, and under them the lines of words in grey."""
        for number, line in enumerate(title):
            self.text(0, LINE * (number + 0.5), line, weight="bold", color=INK, va="center", fontsize=10)
        for number, line in enumerate(subtitle):
            down = LINE * len(title) + NOTE * (number + 0.5)
            self.text(0, down, line, color=MUTED, va="center", fontsize=LEAST)
