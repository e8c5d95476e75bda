"""A figure inside a page: what matplotlib drew, as small SVG that can share a page with others."""

import re

import numpy as np
import pytest
from lxml import etree
from matplotlib.figure import Figure

from placebook.figures import style
from placebook.figures.svg import Drawn, standing_alone, svg
from placebook.site.guard import problems


def drawn(put, alt="A chart."):
    with style.figure_style():
        figure, axes = style.chart(3.0, 2.0)
        put(axes)
    return svg(Drawn(figure, alt))


def test_a_line_keeps_its_colour_width_and_dashes():
    text = drawn(lambda axes: axes.plot([0, 1], [0, 1], color="#12436d", linewidth=3, linestyle=(0, (4, 2))))
    (line,) = re.findall(r'<path fill="none" stroke="#12436d"[^>]*>', text)
    assert 'stroke-width="3"' in line and 'stroke-dasharray="12,6"' in line, "dashes are multiples of the width"


def test_text_stays_text_with_its_signs_escaped():
    text = drawn(lambda axes: axes.text(0.5, 0.5, "<script>a & b</script>", color="#595959"), alt='"quoted" <b>')
    assert "<script" not in text and "&lt;script&gt;a &amp; b&lt;/script&gt;" in text and 'fill="#595959"' in text
    root = etree.fromstring(text)
    assert root.get("aria-label") == '"quoted" <b>' and root.get("role") == "img"


def test_a_marker_is_a_path_at_each_of_its_points():
    text = drawn(lambda axes: axes.plot([0, 1, 2], [0, 0, 0], "s", color="#12436d", markersize=6))
    (squares,) = re.findall(r'fill="#12436d"[^>]* d="([^"]*)"', text)
    starts = [tuple(map(float, found)) for found in re.findall(r"M ([\d.]+) ([\d.]+)", squares)]
    assert len(starts) == 3 and len({y for _, y in starts}) == 1
    assert starts[1][0] - starts[0][0] == pytest.approx(starts[2][0] - starts[1][0], abs=0.11), "equal steps, to a tenth"


def test_nothing_is_left_that_two_pictures_could_share_or_that_a_page_refuses():
    def put(axes):
        axes.plot([0, 1], [0, 1], "o-")
        axes.fill_between([0, 1], [0, 0], [1, 2], alpha=0.2)
        axes.scatter([0, 1], [1, 0])
        axes.set_title("Title")

    text = drawn(put)
    assert " id=" not in text and "url(" not in text and "style=" not in text and "\n" not in text
    assert list(problems(text)) == []


def test_the_same_figure_gives_the_same_bytes_and_leaves_no_style_behind():
    before = dict(style.matplotlib.rcParams)
    one, other = (drawn(lambda axes: axes.bar([1, 2], [3, 4])) for _ in range(2))
    assert one == other and dict(style.matplotlib.rcParams) == before
    assert "date" not in one.lower() and "matplotlib" not in one.lower()


def test_a_name_on_a_map_has_a_rim_below_it():
    text = drawn(lambda axes: axes.text(0.5, 0.5, "Hill", gid="halo"))
    found = re.findall(r"<text[^>]*>Hill</text>", text)
    assert len(found) == 2 and 'stroke="#ffffff"' in found[0] and "stroke" not in found[1]


def test_a_turned_word_is_turned_about_its_own_point():
    text = drawn(lambda axes: axes.text(0.5, 0.5, "up", rotation=90))
    x, y, turn = re.search(r'<text x="([^"]*)" y="([^"]*)"[^>]* transform="([^"]*)"', text).groups()
    assert turn == f"rotate(-90 {x} {y})"


def test_an_image_is_refused():
    with style.figure_style():
        figure = Figure()
        figure.subplots().imshow(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="image"):
        svg(Drawn(figure, "x"))


def test_a_picture_taken_along_holds_its_title_its_source_and_itself():
    picture = drawn(lambda axes: axes.plot([0, 1], [0, 1], color="#12436d"))
    root = etree.fromstring(standing_alone("Output <fell> & rose", [picture, picture], "Source: ONS."))
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == "Output <fell> & rose" and words[-1] == "Source: ONS."
    high = float(etree.fromstring(picture).get("height"))
    assert float(root.get("height")) > 2 * high, "one below the other"
    assert sum(path.get("stroke") == "#12436d" for path in root.iter("{http://www.w3.org/2000/svg}path")) == 2
