"""The letters that the book uses and its typeface came without: daggers, arrows, small figures below the line.

``python tools/glyphs.py`` draws them into the two font files; drawn again, the files stay the same. Straight
shapes are as thick as the font's own hyphen and its own I; a figure below the line is the bold one made smaller, so that
it is no paler than its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

from fontTools.misc.transform import Transform
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

REGULAR, BOLD = "PlacebookSans-Regular.ttf", "PlacebookSans-Bold.ttf"
BELOW = {"regular": 0.6, "bold": 0.66}
"""How much smaller a figure below the line is."""
SINKS = -120
"""How far below the line it stands."""

Corners = tuple[tuple[float, float], ...]


def _bounds(font: TTFont, letter: str) -> tuple[float, float, float, float]:
    glyph = font["glyf"][font.getBestCmap()[ord(letter)]]
    return glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax


def _straight(font: TTFont) -> dict[str, tuple[int, list[Corners]]]:
    """The breadth and the outlines of each shape of straight lines, corners going round clockwise."""
    left, _, right, top = _bounds(font, "I")
    stem, high = right - left, top
    low, up = _bounds(font, "-")[1], _bounds(font, "-")[3]
    thick = up - low
    axis = (_bounds(font, "+")[1] + _bounds(font, "+")[3]) / 2
    head, half, length = 2.6 * thick + 60, 1.35 * thick + 70, 700
    arrow = (
        (0, thick / 2),
        (length - head, thick / 2),
        (length - head, half),
        (length, 0),
        (length - head, -half),
        (length - head, -thick / 2),
        (0, -thick / 2),
    )
    rows = [
        (-half, length - head),
        (0, length),
        (half, length - head),
        (thick / 2, length - head),
        (thick / 2, head),
        (half, head),
        (0, 0),
        (-half, head),
        (-thick / 2, head),
        (-thick / 2, length - head),
    ]
    broad, cross = 2 * stem + 170, high * 0.7

    def moved(corners: Corners, x: float, y: float) -> Corners:
        return tuple((px + x, py + y) for px, py in corners)

    def dagger(bars: tuple[float, ...]) -> list[Corners]:
        # One outline: down the right side with each arm, up the left side with each again.
        near, far, x = stem / 2, broad / 2, broad / 2 + 40
        right = [(near, high)]
        for at in bars:
            right += [(near, at + thick / 2), (far, at + thick / 2), (far, at - thick / 2), (near, at - thick / 2)]
        right.append((near, -110))
        return [moved((*right, *((-px, py) for px, py in reversed(right))), x, 0)]

    edge = 40
    triangle = 620
    return {
        "†": (round(broad + 80), dagger((cross,))),
        "‡": (round(broad + 80), dagger((cross, cross - 330))),
        "→": (length + 2 * edge, [moved(arrow, edge, axis)]),
        "←": (length + 2 * edge, [moved(tuple((length - px, -py) for px, py in arrow), edge, axis)]),
        "↕": (round(2 * half + 2 * edge), [moved(tuple(rows), edge + half, axis - length / 2)]),
        "▲": (triangle + 2 * edge, [((edge, 0), (edge + triangle / 2, 560), (edge + triangle, 0))]),
        "▼": (triangle + 2 * edge, [((edge, 560), (edge + triangle, 560), (edge + triangle / 2, 0))]),
        "▪": (360, [((60, axis - 120), (60, axis + 120), (300, axis + 120), (300, axis - 120))]),
    }


def _polygons(outlines: list[Corners]) -> Callable[[TTGlyphPen], None]:
    def draw(pen: TTGlyphPen) -> None:
        for corners in outlines:
            first, *others = [(round(x), round(y)) for x, y in corners]
            pen.moveTo(first)
            for corner in others:
                pen.lineTo(corner)
            pen.closePath()

    return draw


def _below(bold: TTFont, figure: str, scale: float) -> Callable[[TTGlyphPen], None]:
    glyphs = bold.getGlyphSet()

    def draw(pen: TTGlyphPen) -> None:
        small = TransformPen(pen, Transform(scale, 0, 0, scale, 0, SINKS))
        glyphs[bold.getBestCmap()[ord(figure)]].draw(small)

    return draw


def add(font: TTFont, bold: TTFont, weight: str) -> None:
    """Draw what is missing into a font; ``bold`` is where the figures come from."""
    shapes = {letter: (wide, _polygons(outlines)) for letter, (wide, outlines) in _straight(font).items()}
    scale = BELOW[weight]
    for number, figure in enumerate("0123456789"):
        wide = bold["hmtx"][bold.getBestCmap()[ord(figure)]][0]
        shapes[chr(0x2080 + number)] = (round(wide * scale), _below(bold, figure, scale))
    for letter, (wide, draw) in shapes.items():
        name = f"uni{ord(letter):04X}"
        pen = TTGlyphPen(None)
        draw(pen)
        glyph = pen.glyph(dropImpliedOnCurves=False)
        font["glyf"][name] = glyph
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (wide, glyph.xMin)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(letter)] = name
    font["OS/2"].recalcUnicodeRanges(font)


def write(folder: Path) -> None:
    """Both font files of a folder, with what was missing."""
    for name, weight in ((REGULAR, "regular"), (BOLD, "bold")):
        font = TTFont(folder / name, recalcTimestamp=False)
        add(font, TTFont(folder / BOLD), weight)
        font.save(folder / name)


if __name__ == "__main__":
    with resources.as_file(resources.files("placebook.figures") / "fonts") as fonts:
        write(fonts)
