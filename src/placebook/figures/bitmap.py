"""Pictures of one figure as a bitmap to take along, with title and source in it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from textwrap import fill

import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import imread

from placebook.figures.style import GROUND, INK, MUTED, figure_style

DPI = 200
MARGIN, LINE, LETTERS = 0.15, 0.22, 12
"""Inches around the pictures and from one line of words to the next; letters in an inch."""


def png(title: str, figures: Sequence[Figure], source: str) -> bytes:
    """The figures in one column, or in two where there are three and more, at 200 dots an inch.

    The same bytes for the same figures by the same libraries.
    """
    columns = 1 if len(figures) < 3 else 2
    with figure_style():
        drawn = [_pixels(figure) for figure in figures]
        rows = [drawn[at : at + columns] for at in range(0, len(drawn), columns)]
        wide = max(sum(pixels.shape[1] for pixels in row) for row in rows) / DPI + (columns + 1) * MARGIN
        above, below = (fill(words, int(wide * LETTERS * size)) for words, size in ((title, 1), (source, 1.3)))
        head, foot = (LINE * (words.count("\n") + 1) + MARGIN for words in (above, below))
        high = sum(max(pixels.shape[0] for pixels in row) for row in rows) / DPI + head + foot + 2 * MARGIN
        whole = Figure(figsize=(wide, high), dpi=DPI, facecolor=GROUND)
        whole.text(MARGIN / wide, 1 - MARGIN / high, above, va="top", size=11, weight="bold", color=INK)
        whole.text(MARGIN / wide, MARGIN / high, below, va="bottom", size=8.5, color=MUTED)
        y = (high - head - MARGIN) * DPI
        for row in rows:
            x = MARGIN * DPI
            for pixels in row:
                whole.figimage(pixels, round(x), round(y - pixels.shape[0]))
                x += pixels.shape[1] + MARGIN * DPI
            y -= max(pixels.shape[0] for pixels in row)
        content = BytesIO()
        whole.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()


def _pixels(figure: Figure) -> np.ndarray:
    content = BytesIO()
    figure.savefig(content, format="png", dpi=DPI, facecolor=GROUND)
    content.seek(0)
    return imread(content, format="png")
