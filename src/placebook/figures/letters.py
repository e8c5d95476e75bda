"""The charts' typeface and how long a text is in it. Nothing that draws is loaded here."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from matplotlib.ft2font import FT2Font, LoadFlags

FACES = ("PlacebookSans-Regular.ttf", "PlacebookSans-Bold.ttf")
"""Of ordinary letters, of bold ones."""


@cache
def _face(bold: bool) -> FT2Font:
    with resources.as_file(resources.files("placebook.figures") / "fonts" / FACES[bold]) as path:
        return FT2Font(str(path))


@cache
def reach() -> tuple[float, float]:
    """How far the typeface reaches above and below its line, in ems."""
    face = _face(bold=False)
    about, em = face.get_sfnt_table("OS/2"), face.get_sfnt_table("head")["unitsPerEm"]
    return about["sTypoAscender"] / em, -about["sTypoDescender"] / em


@lru_cache(maxsize=4096)
def inches(text: str, size: float, bold: bool = False) -> float:
    """How long a text is; of several lines the longest."""
    face = _face(bold)
    face.set_size(size, 72)
    longest = 0.0
    for line in text.split("\n"):
        face.set_text(line, 0.0, flags=LoadFlags.NO_HINTING)
        longest = max(longest, face.get_width_height()[0] / 64 / 72)
    return longest
