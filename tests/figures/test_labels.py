"""Names on maps: near their point, inside their area where they can be, none on another."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from placebook.figures.labels import Name, Stands, middle, placed, ways


def name(text, x, y, inside=None, size=10.0):
    return Name(text, x, y, size, tuple((way, 5.0 * max(map(len, way))) for way in ways(text)), inside)


def test_a_name_breaks_into_lines_of_like_length():
    assert ways("Stevenage") == [("Stevenage",)]
    assert ways("Three Rivers") == [("Three Rivers",), ("Three", "Rivers")]
    assert ways("How Wood & Park Street")[1] == ("How Wood &", "Park Street")


def test_the_middle_of_an_area_is_where_it_is_broadest():
    """A square with a long arm: the middle of its outline would lie near the arm."""
    shape = box(0, 0, 10, 10).union(box(10, 0, 60, 1))
    x, y = middle(shape)
    assert x == pytest.approx(5, abs=1) and y == pytest.approx(5, abs=1)


def test_a_name_alone_stands_on_its_point_and_the_next_makes_room():
    first, second = placed([name("Watford", 50, 50), name("Three Rivers", 52, 50)])
    assert (first.x, first.y) == (50, 50) and not first.covers(second)
    assert abs(second.x - 52) + abs(second.y - 50) < 60


def test_a_name_is_broken_rather_than_moved_out_of_its_area():
    (one,) = placed([name("Three Rivers", 20, 20, box(0, 0, 40, 40))])
    assert one.lines == ("Three", "Rivers") and (one.x, one.y) == (20, 20)
    (broad,) = placed([name("Three Rivers", 50, 20, box(0, 0, 100, 40))])
    assert broad.lines == ("Three Rivers",)


def test_a_name_that_had_to_go_far_is_joined_to_its_point():
    taken = Stands((), 50, 50, 80, 80, joined=False)
    (one,) = placed([name("Hitchin", 50, 50)], [taken])
    assert one.joined and not one.covers(taken)
    (near,) = placed([name("Hitchin", 50, 50)])
    assert not near.joined


def test_no_name_leaves_the_frame():
    (one,) = placed([name("North Hertfordshire", 2, 2)], frame=(0, 0, 200, 100))
    assert one.x - one.wide / 2 >= 0 and one.y - one.high / 2 >= 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), min_size=2, max_size=12))
def test_no_two_names_ever_lie_on_each_other(points):
    found = placed([name("North Hertfordshire", x, y) for x, y in points])
    assert not any(one.covers(other) for one, other in combinations(found, 2))
