"""How far out a figure lies among others: robust z, mid-ranks, the nearer end."""

from math import log
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.findings.yardstick import standing

TO_FORTY = np.arange(1.0, 41.0)


def test_z_is_the_distance_from_the_median_over_the_scaled_absolute_deviation():
    place = standing(40.0, TO_FORTY)
    assert place.z == pytest.approx((40 - 20.5) / (1.4826 * 10))
    assert (place.rank, place.of, place.from_highest, place.tied) == (1, 40, True, False)
    assert place.position == (39 + 0.5) / 40 and place.core


def test_ranks_count_from_the_nearer_end_and_a_tenth_is_the_mid_rank():
    assert (standing(4.0, TO_FORTY).rank, standing(4.0, TO_FORTY).from_highest) == (4, False)
    assert standing(4.0, TO_FORTY).core and not standing(5.0, TO_FORTY).core
    assert standing(8.0, TO_FORTY).far and not standing(9.0, TO_FORTY).far


def test_of_money_and_rates_distances_are_ratios():
    powers = np.array([2.0**n for n in range(-20, 21)])
    expected = 20 * log(2) / (1.4826 * 10 * log(2))
    assert standing(2.0**20, powers, logarithms=True).z == pytest.approx(expected)


def test_where_many_tie_the_normal_score_of_the_mid_rank_stands_in():
    tied = np.array([0.0] * 30 + [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    place = standing(0.0, tied)
    assert place.position == 15 / 40 and place.z == pytest.approx(NormalDist().inv_cdf(15 / 40)) and place.tied


def test_a_figure_that_is_none_of_the_others_is_ranked_among_them():
    assert standing(100.5, TO_FORTY).rank == 1 and standing(100.5, TO_FORTY).position == (40 + 0.5) / 41


def test_ranks_count_districts_that_are_in_no_yardstick():
    place = standing(40.0, TO_FORTY, ranked=np.array([*TO_FORTY, 50.0, np.nan]))
    assert (place.rank, place.of) == (2, 41)


def test_of_few_figures_nothing_is_said():
    assert standing(1.0, np.arange(19.0)) is None
    assert standing(float("nan"), TO_FORTY) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=20, max_size=80), st.integers(0, 19))
def test_a_higher_figure_never_lies_lower(values, at):
    others = np.array(values)
    one, other = standing(values[at], others), standing(max(values), others)
    assert 0 < one.position < 1 and one.position <= other.position
    assert 1 <= one.rank <= one.of and one.rank <= one.of / 2 + 1
