"""The picture that is shown where somebody shares a place's page: its name and first findings."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import Path
from textwrap import fill

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from placebook.content_cache import Shelf, maker
from placebook.figures import style
from placebook.figures.style import ACCENT, GROUND, INK, MUTED, figure_style
from placebook.paths import TYPEFACES, write_atomically
from placebook.report.brief import Brief

SIZE, DPI = (12.0, 6.3), 100
"""Inches: as social networks ask for, 1,200 by 630 dots."""


def write_preview(brief: Brief, book: str, file: Path, cache: Path) -> None:
    """Write the picture to ``file``; in ``cache`` it lies for as long as its words stay."""
    made_by = maker([Path(__file__), Path(style.__file__), *TYPEFACES], "matplotlib", "pillow", "afcharts")
    shelf = Shelf(cache / f"{brief.slug}-preview", ".png", made_by)
    words = [brief.name, book, *(finding.headline for finding in brief.findings)]
    write_atomically(file, shelf.make(words, partial(preview, brief, book)))
    shelf.drop_unused()


def preview(brief: Brief, book: str) -> bytes:
    """1,200 by 630 dots, the same bytes for the same words by the same libraries."""
    with figure_style():
        figure = Figure(figsize=SIZE, dpi=DPI, facecolor=GROUND)
        figure.add_artist(Rectangle((0, 0), 0.018, 1, color=ACCENT))
        name = fill(brief.name, 34)
        figure.text(0.06, 0.9, name, size=40, weight="bold", color=INK, va="top", parse_math=False)
        y = 0.84 - 0.1 * (name.count("\n") + 1)
        for finding in brief.findings[:3]:
            words = fill(finding.headline, 58)
            figure.text(0.06, y, words, size=24, color=ACCENT, va="top", parse_math=False)
            y -= 0.075 * (words.count("\n") + 1) + 0.06
        figure.text(0.06, 0.06, book, size=18, color=MUTED, va="bottom", parse_math=False)
        content = BytesIO()
        figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
