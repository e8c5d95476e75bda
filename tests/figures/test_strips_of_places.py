"""One measure of several places on a line: where each mark stands, that no name lies on another, what is said of it."""

import re
from itertools import combinations

import pytest
from bs4 import BeautifulSoup

from placebook.figures.strips_of_places import LETTER, SIZE, WIDE, Mark, strip

NAMES = ("Broxbourne", "Dacorum", "East Hertfordshire", "Hertsmere", "North Hertfordshire", "St Albans", "Welwyn Hatfield")


def drawn(marks, half=None, **more):
    return BeautifulSoup(strip(marks, half, "What it shows", **more), "html.parser").svg


def places(*values, kind="place"):
    return [Mark(kind, f"Place {at}", f"{value}", value) for at, value in enumerate(values)]


def across(shape):
    return float(re.match(r"translate\(([\d.]+) ", shape["transform"])[1])


def test_marks_stand_by_their_figures_and_turn_round_where_lower_is_better():
    svg = drawn(places(10, 20, 30))
    first, second, third = (across(shape) for shape in svg.select("g.p-place"))
    assert (first, third) == (9, 400 - 9) and second == pytest.approx((first + third) / 2)
    turned = [across(shape) for shape in drawn(places(10, 20, 30), falls=True).select("g.p-place")]
    assert turned == [9, second, 391], "marks are drawn from left to right"
    words = [text.get_text() for text in drawn(places(10, 30), falls=True).select("text")]
    assert sorted(words) == ["Place 0 10", "Place 1 30"]


def test_the_picture_is_read_as_one_and_england_is_told_by_shape():
    svg = drawn([*places(1, 2), Mark("england", "England", "1.5", 1.5), Mark("wider", "Around", "1.2", 1.2)])
    assert svg["role"] == "img" and svg["aria-label"] == "What it shows"
    assert svg.select_one("g.p-england path") and svg.select_one("g.p-place circle") and svg.select_one(".p-wider .hollow")


@pytest.mark.parametrize("spread", [0.0, 0.4, 3.0, 50.0])
def test_no_name_lies_on_another_or_leaves_the_picture(spread):
    marks = [Mark("place", name, "£1,234", 100 + spread * at) for at, name in enumerate(NAMES)]
    svg = drawn([*marks, Mark("england", "England", "£1,100", 80.0)])
    boxes = []
    for text in svg.select("text"):
        wide, x, y = LETTER * SIZE * len(text.get_text()), float(text["x"]), float(text["y"])
        left = x if text["text-anchor"] == "start" else x - wide
        assert left >= -0.1 and left + wide <= WIDE + 0.1 and SIZE - 3 <= y <= float(svg["height"])
        boxes.append((left, left + wide, y))
    assert len(boxes) == len(NAMES) + 1
    for stem in svg.select("path.stem"):
        x, line, end = map(float, re.match(r"M([\d.]+) ([\d.]+)V([\d.]+)", stem["d"]).groups())
        crossed = [box for box in boxes if box[0] + 4 < x < box[1] - 4 and min(line, end) < box[2] - 4 < max(line, end)]
        assert spread == 0 or not crossed, "no stem runs through a name"
    for one, other in combinations(boxes, 2):
        apart = one[1] <= other[0] or other[1] <= one[0] or abs(one[2] - other[2]) >= SIZE
        assert apart, (one, other)


def test_of_many_places_both_ends_and_england_are_named_and_all_are_drawn():
    svg = drawn([*places(*range(30)), Mark("england", "England", "15", 15.5)])
    assert len(svg.select("g.p-place")) == 30
    assert {text.get_text() for text in svg.select("text")} == {
        *(f"Place {at} {at}" for at in (0, 1, 2, 27, 28, 29)),
        "England 15",
    }


def test_the_middle_half_of_districts_belongs_to_the_scale():
    svg = drawn(places(10, 20), (0, 40))
    bar = svg.select_one("rect.half")
    assert (float(bar["x"]), float(bar["width"])) == (9, 400 - 18)
    first, second = (across(shape) for shape in svg.select("g.p-place"))
    assert second - first == pytest.approx((400 - 18) * 10 / 40, abs=0.1)


def test_names_act_as_words():
    svg = strip([Mark("place", "<b>", '"', 1.0), Mark("place", "x", "2", 2.0)], None, '"><script>')
    assert "<b>" not in svg and "<script>" not in svg
