"""The letters that were added to the typeface: all there, in both weights, and drawn again the same."""

import shutil
from importlib import resources
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tools import glyphs

FONTS = Path(str(resources.files("placebook.figures"))) / "fonts"
ADDED = "†‡→←↕▲▼▪₀₁₂₃₄₅₆₇₈₉"


def outline(font, letter):
    return font["glyf"][font.getBestCmap()[ord(letter)]]


@pytest.mark.parametrize("name", [glyphs.REGULAR, glyphs.BOLD])
def test_every_added_letter_has_an_outline_and_a_width(name):
    font = TTFont(FONTS / name)
    for letter in ADDED:
        found = outline(font, letter)
        width, left = font["hmtx"][font.getBestCmap()[ord(letter)]]
        assert found.numberOfContours >= 1 and 0 <= left == found.xMin and found.xMax <= width, letter


def test_what_is_drawn_again_is_the_same_to_the_byte(tmp_path):
    for name in (glyphs.REGULAR, glyphs.BOLD):
        shutil.copy(FONTS / name, tmp_path)
    glyphs.write(tmp_path)
    for name in (glyphs.REGULAR, glyphs.BOLD):
        assert (tmp_path / name).read_bytes() == (FONTS / name).read_bytes(), f"run python tools/glyphs.py: {name}"


def test_bold_is_bolder_and_a_figure_below_the_line_is_below_it():
    regular, bold = (TTFont(FONTS / name) for name in (glyphs.REGULAR, glyphs.BOLD))
    assert outline(bold, "→").yMax - outline(bold, "→").yMin > outline(regular, "→").yMax - outline(regular, "→").yMin
    for font in (regular, bold):
        assert outline(font, "₂").yMin < 0 < outline(font, "₂").yMax < outline(font, "2").yMax


def test_arrows_point_their_way():
    """The tip is the one corner at the end that the arrow points to."""
    font = TTFont(FONTS / glyphs.REGULAR)
    for letter, tip in (("→", max), ("←", min)):
        across = [x for x, _ in outline(font, letter).coordinates]
        assert across.count(tip(across)) == 1


@pytest.mark.parametrize("name", ["PlacebookSans-Regular.ttf", "PlacebookSans-Bold.ttf"])
def test_the_licence_names_the_holder_that_the_font_names_and_the_font_no_reserved_name(name):
    names = TTFont(FONTS / name)["name"]
    holder = names.getDebugName(0)
    first = (FONTS / "OFL.txt").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"Copyright {holder}"
    reserved = holder.partition("Reserved Font Name ‘")[2].rstrip("’")
    assert reserved and all(reserved not in names.getDebugName(each) for each in (1, 3, 4, 6, 16))
