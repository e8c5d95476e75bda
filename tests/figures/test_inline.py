"""Small pictures in rows: where each mark stands, as arithmetic."""

import re

import pytest

from placebook.figures import inline

BAND = (40.0, 45.0, 55.0, 60.0)


def strip(**more):
    return inline.Strip(**({"kind": "better", "value": 55.0, "middle": 50.0, "band": BAND} | more))


def test_england_stands_in_the_middle_and_the_farthest_figure_at_an_end():
    shown = strip()
    assert shown.reach == max(55 - 50, 50 - 40, 60 - 50)
    assert shown.across(50) == 200 / 2
    assert shown.across(60) == 200 / 2 + (200 / 2 - 8) and shown.across(40) == 8
    assert shown.across(55) == 200 / 2 + (200 / 2 - 8) * (55 - 50) / 10


def test_better_lies_to_the_right_where_lower_is_better():
    high, low = strip(), strip(falls=True)
    assert low.across(55) == 200 - high.across(55) and low.across(50) == high.across(50)


def test_a_district_far_out_does_not_squeeze_the_rest_and_is_said_to_lie_beyond():
    shown = strip(band=(40.0, 45.0, 55.0, 5000.0))
    assert shown.reach == (55 + 3 * (55 - 45)) - 50 and shown.across(5000) == 200 - 8
    assert shown.cut == (False, True) and strip(band=(40.0, 45.0, 55.0, 5000.0), falls=True).cut == (True, False)
    assert strip().cut == (False, False)


def test_the_place_and_its_comparator_are_never_beyond_an_end_and_limits_may_be():
    shown = strip(value=90.0, beside=5.0, limits=(20.0, 190.0))
    assert shown.reach == 50 - 5
    drawn = str(inline.strip(shown))
    (way,) = re.findall(r'class="limits" d="([^"]+)"', drawn)
    left = 100 + 92 * (20 - 50) / 45
    assert way == f"M{left:.1f} 12H192M{left:.1f} 8v8", "the end that lies beyond the scale has no stop"


def test_all_figures_alike_stand_in_the_middle():
    shown = strip(value=50.0, band=(50.0, 50.0, 50.0, 50.0))
    assert shown.reach == 1 and shown.across(shown.value) == 100
    assert 'width="1"' in inline.strip(shown), "a range without a width is seen"


@pytest.mark.parametrize("kind", [*inline.MARKS])
def test_every_mark_has_a_shape_of_its_own_and_is_no_figure_to_those_who_listen(kind):
    assert 'aria-hidden="true"' in inline.mark(kind)
    assert len({str(shape) for shape in inline.MARKS.values()}) == len(inline.MARKS)


def test_so_many_marks_stand_in_a_row():
    assert str(inline.row_of("worse", 3)).count("<path") == 3 and 'viewBox="0 0 54 18"' in inline.row_of("worse", 3)
    assert inline.row_of("worse", 0) == ""


def test_a_line_runs_from_its_first_to_its_last_figure_and_breaks_where_one_is_missing():
    drawn = str(inline.line([(2020.0, 1.0), (2021.0, 3.0), (2022.0, None), (2024.0, 2.0)]))
    (way,) = re.findall(r'class="own" d="([^"]+)"', drawn)
    assert way == f"M4 26 L{4 + 110 / 4} 4 M114 15"
    assert 'cx="114" cy="15"' in drawn and "england" not in drawn


def test_englands_line_begins_where_the_places_does_and_shares_its_scale():
    drawn = str(inline.line([(2020.0, 1.0), (2021.0, 2.0)], [(2019.0, 100.0), (2020.0, 3.0), (2021.0, 1.0)]))
    ways = dict(re.findall(r'class="(\w+)" d="([^"]+)"', drawn))
    assert ways == {"england": "M4 4 L114 26", "own": "M4 26 L114 15"}


def test_a_level_line_is_drawn():
    assert 'd="M4 26 L114 26"' in inline.line([(2020.0, 5.0), (2021.0, 5.0)])
