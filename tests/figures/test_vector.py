"""Drawn figures as small pictures inside a page: nothing lost, nothing doubled, nothing shared."""

import re

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from placebook.figures import style, vector

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 45">'


def slim(inside, alt="A picture."):
    return vector.slim(f"{HEAD}{inside}</svg>", alt)


def parts(made):
    return [(node.tag.split("}")[-1], dict(node.attrib), node.text) for node in etree.fromstring(made)]


def test_the_alternative_text_is_the_name_and_is_said_once():
    made = etree.fromstring(slim('<path d="M 0 0 L 1 1" style="fill: none; stroke: #000000"/>', 'A "quoted" < text.'))
    assert made.get("role") == "img" and made.get("aria-label") == 'A "quoted" < text.'
    assert not made.findall(".//{*}title") and not made.findall(".//{*}desc")
    assert (made.get("width"), made.get("height")) == ("120", "60"), "a point is 4/3 of a CSS pixel"


def test_styles_become_attributes_and_what_says_nothing_goes():
    ((tag, look, _),) = parts(slim('<path d="M 0 0 L 1.26 2.04 z" style="fill: none; stroke: #12436d; stroke-width: 1; stroke-linecap: butt"/>'))
    assert tag == "path" and look == {"stroke": "#12436d", "d": "M0 0l1.3 2z"}


def test_what_is_neither_filled_nor_drawn_is_left_out():
    assert parts(slim('<path d="M 0 0 L 1 1" style="fill: none"/><path d="M 0 0 L 9 9" style="fill: none; stroke: none"/>')) == []


def test_text_stays_text():
    made = slim('<g id="text_1"><text style="font-size: 10px; font-family: Any; text-anchor: end; fill: #1a1a1a" '
                'x="3.14" y="5" transform="rotate(-0 3.14 5)">£5 &amp; more</text></g>')  # fmt: skip
    assert parts(made) == [("text", {"font-size": "10px", "text-anchor": "end", "fill": "#1a1a1a", "x": "3.1", "y": "5"}, "£5 & more")]


def test_a_text_of_several_lines_stands_where_it_is_moved_to_in_the_book_s_ink():
    made = slim('<text style="font-size: 9.5px" transform="translate(418.14 205.71)">one</text>')
    assert parts(made) == [("text", {"fill": "#1a1a1a", "x": "418.1", "y": "205.7"}, "one")]


def test_a_halo_is_the_same_text_beneath_in_the_colour_of_the_ground():
    (under, over) = parts(slim('<g id="halo"><text x="1" y="2" style="fill: #1a1a1a">Hill</text></g>'))
    assert under[1]["stroke"] == "#ffffff" and "stroke" not in over[1] and under[2] == over[2] == "Hill"


def test_a_marker_is_put_where_it_is_used():
    square = '<defs><path id="m1" d="M -2 -2 L 2 -2 L 2 2 L -2 2 z" style="fill: #595959"/></defs>'
    made = slim(f'{square}<use xlink:href="#m1" x="10" y="20" style="fill: #595959"/>')
    assert parts(made) == [("path", {"fill": "#595959", "d": "M8 18h4v4h-4z"}, None)]


def test_a_round_marker_is_a_circle():
    arcs = " ".join("C 0 0 0 0 0 0" for _ in range(8))
    made = slim(f'<defs><path id="m" d="M 0 4.5 {arcs} z"/></defs><use xlink:href="#m" x="1" y="2" style="fill: #12436d"/>')
    assert parts(made) == [("circle", {"cx": "1", "cy": "2", "r": "4.5", "fill": "#12436d"}, None)]


def test_shapes_of_one_look_that_follow_each_other_are_one():
    grid = "".join(f'<path d="M 0 {y} L 9 {y}" style="fill: none; stroke: #cccccc"/>' for y in (1, 2))
    other = '<path d="M 0 3 L 9 3" style="fill: none; stroke: #12436d"/>'
    assert [look["d"] for _, look, _ in parts(slim(grid + other))] == ["M0 1h9M0 2h9", "M0 3h9"]
    clear = grid.replace("#cccccc", "#cccccc; stroke-opacity: 0.5")
    assert len(parts(slim(clear))) == 2, "see-through shapes would lie doubly where they meet"


def test_what_is_not_known_is_refused():
    with pytest.raises(ValueError, match="holds <image>"):
        slim("<image/>")


def absolute(path):
    """The corners of a written path, read back."""
    here, start, found = (0.0, 0.0), (0.0, 0.0), []
    for letter, body in re.findall(r"([MlhvczqQ])([^MlhvczqQ]*)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", body)]
        if letter == "z":
            here = start
            continue
        step = {"M": 2, "l": 2, "h": 1, "v": 1}[letter]
        for at in range(0, len(numbers), step):
            given = numbers[at : at + step]
            if letter == "M":
                here = start = tuple(given)
            elif letter == "l":
                here = (here[0] + given[0], here[1] + given[1])
            else:
                here = (here[0] + given[0], here[1]) if letter == "h" else (here[0], here[1] + given[0])
            found.append(here)
    return found


@given(st.lists(st.tuples(st.floats(-500, 900), st.floats(-500, 900)), min_size=2, max_size=12))
def test_a_path_keeps_every_corner_to_a_tenth_of_a_point(points):
    """Rounding does not add up along the way; only steps of no length may be left out."""
    d = "M " + " L ".join(f"{x!r} {y!r}" for x, y in points)
    written = vector._written(vector._steps(d.replace("e", "e")))
    got = [(round(x * 10), round(y * 10)) for x, y in absolute(written)]
    wanted = [(round(x * 10), round(y * 10)) for x, y in points]
    squeezed = [p for at, p in enumerate(wanted) if at < 2 or p != wanted[at - 1]]
    assert [p for at, p in enumerate(got) if at < 2 or p != got[at - 1]] == squeezed


def test_every_colour_of_the_palette_has_its_counterpart_in_the_dark():
    """A colour that the style sheet does not turn would glare, or vanish."""
    from pathlib import Path

    sheet = (Path(__file__).parents[2] / "book" / "_static" / "placebook.css").read_text(encoding="utf-8")
    turned = set(re.findall(r'data-theme="dark"\] \.pb-svg \[(?:fill|stroke)="(#[0-9a-f]{6})"\]', sheet))
    lines = {str(look["color"]) for look in style.COMPARATORS.values()}
    palette = {style.ACCENT, style.INK, style.MUTED, style.PALE, style.BAND, style.MEDIAN, style.GROUND, style.ON_DARK,
               style.ON_LIGHT, *style.SEQUENTIAL, *lines}  # fmt: skip
    assert {colour.lower() for colour in palette} - turned == set()


def test_a_real_figure_is_small_and_holds_no_id():
    with style.figure_style():
        figure, axes = plt.subplots()
        axes.plot([1, 2, 3], [1, 3, 2], marker="o")
        axes.set_title("A title")
    made = style.svg(style.Drawn(figure, "A line."))
    assert ">A title</text>" in made and "id=" not in made and "clip-path" not in made and "\n" not in made
    assert len(made) < 5000
