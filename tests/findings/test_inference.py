"""Intervals, tests, trends and rank sets, against worked examples of their sources and by property."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from placebook.findings import inference
from placebook.findings.inference import (
    ALPHA,
    DRAWS,
    SEED,
    Estimate,
    Z,
    adjusted,
    competition_rank,
    difference,
    overlap_variance,
    rank_set,
    robust_distance,
    two_sided,
)
from placebook.findings.trend_marker import CRITICAL, trend_of_estimates, trend_of_proportions

numbers = st.floats(-1e4, 1e4, allow_nan=False)
widths = st.floats(0.01, 1e3)
estimates = st.builds(lambda v, a, b: Estimate(v, v - a, v + b), numbers, widths, widths)


# ------------------------------------------------------------ one estimate


def test_a_standard_error_is_the_limits_distance_over_twice_1_96():
    assert Estimate(76.1, 64.9, 87.3).standard_error == pytest.approx((87.3 - 64.9) / (2 * 1.959964), rel=1e-6)
    assert Estimate(12).standard_error == 0 and not Estimate(12).has_limits


# ------------------------------------------------------------ differences


def test_mover_uses_the_half_widths_that_face_each_other():
    """Zou and Donner 2008: L = d − √((p1 − l1)² + (u2 − p2)²), U = d + √((u1 − p1)² + (p2 − l2)²)."""
    first, second = Estimate(10, 7, 15), Estimate(4, 3, 8)
    found = difference(first, second)
    assert found.estimate == 6 and found.method == "MOVER"
    assert found.lower == pytest.approx(6 - math.sqrt(3**2 + 4**2))
    assert found.upper == pytest.approx(6 + math.sqrt(5**2 + 1**2))
    assert found.p == pytest.approx(two_sided(6 / (5 / Z)))


def test_symmetric_limits_give_the_normal_test():
    """Two standard errors of 3 and 4 make one of 5 for the difference."""
    first, second = (Estimate(v, v - Z * se, v + Z * se) for v, se in ((20, 3), (10, 4)))
    found = difference(first, second)
    assert found.statistic == pytest.approx(10 / 5)
    assert (found.lower, found.upper) == (pytest.approx(10 - Z * 5), pytest.approx(10 + Z * 5))
    assert found.p == pytest.approx(0.0455, abs=1e-4) and found.clear


def wilson(count, of):
    """Wilson's score limits of a proportion, by their formula."""
    p, z = count / of, 1.959964
    middle, half = p + z**2 / (2 * of), z * math.sqrt(p * (1 - p) / of + z**2 / (4 * of**2))
    return Estimate(p, (middle - half) / (1 + z**2 / of), (middle + half) / (1 + z**2 / of))


def test_mover_of_score_limits_is_newcombes_interval():
    """56 of 70 beside 48 of 80: 0.2000 with 0.0524 to 0.3339 (Newcombe 1998, method 10, the same rule)."""
    found = difference(wilson(56, 70), wilson(48, 80))
    assert (round(found.estimate, 4), round(found.lower, 4), round(found.upper, 4)) == (0.2, 0.0524, 0.3339)


def test_the_p_value_is_the_level_at_which_the_interval_just_touches_zero():
    """All four half-widths times c make the interval end at zero: p is then two-sided c × 1.96."""
    first, second = Estimate(10, 7, 15), Estimate(4, 3, 8)
    found = difference(first, second)
    c = found.statistic / Z
    widened = difference(Estimate(10, 10 - 3 * c, 10 + 5 * c), Estimate(4, 4 - c, 4 + 4 * c))
    assert widened.lower == pytest.approx(0, abs=1e-9) and widened.p == pytest.approx(0.05)


@given(st.floats(0, 100), st.floats(0, 100), widths, widths)
def test_the_farther_apart_the_smaller_the_p(near, more, half, other):
    def p(gap):
        return difference(Estimate(gap, gap - half, gap + half), Estimate(0, -other, other)).p

    assert p(near + more) <= p(near) + 1e-12


@given(st.floats(0, 1), estimates, estimates)
def test_with_overlap_p_and_interval_never_disagree(share, first, second):
    found = difference(first, second, share)
    assume(abs(found.p - 0.05) > 1e-6 and found.upper - found.lower > 1e-6)
    assert found.method == "z" and found.clear == (found.p < 0.05)
    assert found.upper - found.lower == pytest.approx(
        2 * Z * math.sqrt(overlap_variance(first.standard_error**2, second.standard_error**2, share))
    )


def test_a_place_that_is_its_whole_comparator_is_no_different_from_it():
    found = difference(Estimate(5, 4, 6), Estimate(5, 4, 6), 1.0)
    assert (found.statistic, found.p, found.clear) == (0, 1, False)


def test_a_fixed_comparator_adds_nothing():
    assert difference(Estimate(5, 4, 6), Estimate(3)).lower == pytest.approx(2 - 1)


@given(estimates, estimates)
def test_a_difference_turned_round_is_its_opposite(first, second):
    one, other = difference(first, second), difference(second, first)
    assert one.estimate == pytest.approx(-other.estimate, abs=1e-9)
    assert (one.lower, one.upper) == (pytest.approx(-other.upper), pytest.approx(-other.lower))
    assert one.p == pytest.approx(other.p, abs=1e-9)


@given(estimates, estimates)
def test_p_and_interval_never_disagree(first, second):
    found = difference(first, second)
    assume(abs(found.p - 0.05) > 1e-6)
    assert found.clear == (found.p < 0.05)


@given(numbers, numbers, widths, widths, st.floats(1, 10))
def test_wider_limits_never_make_a_difference_clear(a, b, near, far, factor):
    narrow = difference(Estimate(a, a - near, a + near), Estimate(b, b - far, b + far))
    wide = difference(Estimate(a, a - near * factor, a + near * factor), Estimate(b, b - far, b + far))
    assert not (wide.clear and not narrow.clear)


def test_similar_asks_the_whole_interval_inside_the_margin():
    found = difference(Estimate(5.0, 4.8, 5.2), Estimate(5.1, 5.0, 5.2))
    assert found.within(0.5) and not found.within(0.2)


# ------------------------------------------------------------ a place inside its comparator


@given(st.floats(0.01, 1), st.floats(0.01, 100), st.floats(0.01, 100))
def test_the_overlap_variance_is_that_of_the_weighted_sum(share, place, rest):
    """C = wP + (1 − w)R, so P − C = (1 − w)(P − R): its variance is (1 − w)²(Var P + Var R)."""
    comparator = share**2 * place + (1 - share) ** 2 * rest
    exact = (1 - share) ** 2 * (place + rest)
    assert overlap_variance(place, comparator, share) == pytest.approx(exact, rel=1e-9, abs=1e-12)


@given(st.floats(0, 1), st.floats(0, 100), st.floats(0, 100))
def test_the_overlap_variance_keeps_its_floor(share, place, comparator):
    found = overlap_variance(place, comparator, share)
    assert found >= (1 - share) ** 2 * place >= 0


@given(st.floats(0, 0.5), st.floats(0, 100), st.floats(0, 100))
def test_up_to_half_of_the_comparator_overlap_only_narrows(share, place, comparator):
    """The safe side: what is added without a share is never less, save for the floor."""
    found = overlap_variance(place, comparator, share)
    assert found <= max(place + comparator, (1 - share) ** 2 * place) + 1e-9


def test_without_a_share_the_variances_are_added():
    assert overlap_variance(9, 16, None) == 25


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_its_bounds_is_refused(share):
    with pytest.raises(ValueError, match="share"):
        overlap_variance(1, 1, share)


# ------------------------------------------------------------ false discoveries

# The fifteen p values of Benjamini and Hochberg 1995, section 3.1.
THROMBOLYSIS = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0000,
]


def test_the_example_of_benjamini_and_hochberg_names_four():
    found = adjusted(THROMBOLYSIS, "bh")
    assert [p <= 0.05 for p in found] == [True] * 4 + [False] * 11
    assert found[3] == pytest.approx(0.0095 * 15 / 4)


def test_yekutieli_is_stricter_by_the_harmonic_sum():
    harmonic = sum(1 / i for i in range(1, 16))
    bh, by = adjusted(THROMBOLYSIS, "bh"), adjusted(THROMBOLYSIS, "by")
    assert by[0] == pytest.approx(bh[0] * harmonic)
    assert [p <= 0.05 for p in by] == [True] * 3 + [False] * 12


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_values_keep_the_order_and_are_never_smaller(p_values):
    bh, by = adjusted(p_values, "bh"), adjusted(p_values, "by")
    for p, q, r in zip(p_values, bh, by, strict=True):
        assert p - 1e-12 <= q <= r + 1e-12 and r <= 1
    ordered = [q for _, q in sorted(zip(p_values, bh, strict=True))]
    assert ordered == sorted(ordered)


def test_a_correction_of_another_name_is_refused():
    with pytest.raises(ValueError):
        adjusted([0.1], "holm")


def test_no_tests_need_no_adjustment():
    assert adjusted([], "bh") == adjusted([], "by") == ()


@given(st.lists(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.05, 0.5, 1.0])), min_size=1, max_size=60))
def test_adjusted_values_are_those_of_scipy(p_values):
    for method in ("bh", "by"):
        expected = stats.false_discovery_control(p_values, method=method)
        assert adjusted(p_values, method) == pytest.approx(expected.tolist(), rel=1e-12)


@pytest.mark.parametrize("p", [-0.01, 1.01, math.nan])
def test_what_is_no_probability_is_not_adjusted(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted([0.5, p], "bh")


# ------------------------------------------------------------ trends

# Published series with the marker that Fingertips shows for them, oldest year first (2020 to 2024).
DIABETES = ([3455176, 3491868, 3625401, 3774801, 3938080], [48783947, 49122259, 49956777, 50649129, 51441896])
MMR = ([57274, 55865, 53681, 51767, 53185], [61834, 60512, 59074, 57508, 59028])
SIGHT = [
    (2.935, 2.7841, 3.0919),
    (1.93028, 1.8085, 2.058),
    (2.7567, 2.6113, 2.9082),
    (2.8701, 2.7225, 3.0237),
    (3.0121, 2.8616, 3.1683),
]


def test_the_critical_value_is_that_of_the_trend_markers():
    assert pytest.approx(9.5495, abs=1e-4) == CRITICAL
    assert pytest.approx(stats.chi2.isf(0.002, 1), rel=1e-12) == CRITICAL


@given(st.lists(st.integers(0, 1000), min_size=5, max_size=5))
def test_the_p_value_of_a_trend_is_that_of_chi_squared(counts):
    found = trend_of_proportions(counts, [1000] * 5)
    assert found.p == pytest.approx(stats.chi2.sf(found.statistic, 1), rel=1e-9, abs=1e-300)


def test_published_trend_markers_come_out():
    assert trend_of_proportions(*DIABETES).direction == 1
    assert trend_of_proportions(*MMR).direction == -1
    assert trend_of_estimates([Estimate(*point) for point in SIGHT]).direction == 1


def test_the_chi_squared_of_a_trend_by_hand():
    """1 … 5 of 10 each: n·(n·Σrx − Σr·Σnx)² / (Σr·(n − Σr)·(n·Σnx² − (Σnx)²)) with n = 50, Σr = 15, Σrx = 55."""
    found = trend_of_proportions([1, 2, 3, 4, 5], [10] * 5)
    assert found.statistic == pytest.approx(50 * (50 * 55 - 15 * 150) ** 2 / (15 * 35 * (50 * 550 - 150**2)))
    assert found.direction == 0, "4.76 is below 9.5495"


def test_the_weighted_regression_by_hand():
    """A slope of 2 with standard errors of 1: its error is 1 / √Σ(x − 3)² = 1 / √10, so chi-squared is 4 × 10."""
    found = trend_of_estimates([Estimate(2 * x, 2 * x - Z, 2 * x + Z) for x in range(1, 6)])
    assert found.statistic == pytest.approx(40) and found.direction == 1


@pytest.mark.parametrize(("fewer", "more"), [(1, 2), (99, 100), (100, 101), (294, 296), (290, 410)])
def test_one_more_area_changes_no_other_ones_random_numbers(fewer, more):
    assert np.array_equal(inference._draws(fewer), inference._draws(more)[:fewer])
    assert len(inference._draws(more)) == more


def test_a_year_known_exactly_enough_draws_the_line_to_itself():
    """Without weights 0 0 0 0 9 would lean upwards; the last is so uncertain that nothing does."""
    points = [Estimate(0, -0.1, 0.1)] * 4 + [Estimate(9, -991, 1009)]
    assert trend_of_estimates(points).statistic < 1


def test_a_trend_that_hangs_on_one_year_is_not_named():
    """A leap in the last year alone: the test passes, but without that year the slope turns."""
    found = trend_of_proportions([300, 290, 280, 270, 900], [10000] * 5)
    assert found.statistic > CRITICAL and found.outlier and found.direction == 0


def test_level_figures_have_no_trend():
    assert trend_of_proportions([50] * 5, [1000] * 5).direction == 0
    assert trend_of_proportions([0] * 5, [1000] * 5).direction == 0
    assert trend_of_estimates([Estimate(5, 4, 6)] * 5).direction == 0


@given(st.lists(st.integers(1, 999), min_size=5, max_size=5))
def test_a_series_turned_round_has_the_opposite_trend(counts):
    forward = trend_of_proportions(counts, [1000] * 5)
    back = trend_of_proportions(counts[::-1], [1000] * 5)
    assert forward.direction == -back.direction
    assert forward.statistic == pytest.approx(back.statistic, rel=1e-9, abs=1e-9)


def test_a_marker_takes_five_points_with_limits():
    with pytest.raises(ValueError, match="5 points"):
        trend_of_proportions([1, 2], [3, 4])
    with pytest.raises(ValueError, match="limits"):
        trend_of_estimates([Estimate(1)] * 5)


# ------------------------------------------------------------ ranks


def test_far_apart_every_rank_is_known():
    values = [50.0, 40.0, 30.0, 20.0]
    assert [(s.best, s.rank, s.worst) for s in (rank_set(values, [0.1] * 4, at) for at in range(4))] == [
        (1, 1, 1),
        (2, 2, 2),
        (3, 3, 3),
        (4, 4, 4),
    ]


def test_alike_every_rank_is_possible():
    found = rank_set([5.0] * 6, [1.0] * 6, 2)
    assert (found.best, found.rank, found.worst) == (1, 1, 6) and not found.informative


@given(st.lists(st.floats(0, 100), min_size=3, max_size=12), st.floats(0.1, 20), st.data())
def test_a_rank_set_holds_its_rank_and_grows_with_the_errors(values, error, data):
    at = data.draw(st.integers(0, len(values) - 1))
    narrow = rank_set(values, [error] * len(values), at)
    wide = rank_set(values, [3 * error] * len(values), at)
    assert 1 <= narrow.best <= narrow.rank <= narrow.worst + values.count(values[at]) - 1
    assert wide.best <= narrow.best and narrow.worst <= wide.worst <= len(values)


def single_step(values, errors, at):
    """The set without the stepwise improvement: one critical value, from all differences together, of the same draws: those of
    another seed differ by a hundredth, which is more than lies between some differences and the value."""
    x, se, n = np.asarray(values), np.asarray(errors), len(values)
    draws = np.random.default_rng(SEED).standard_normal((100, DRAWS)).astype(np.float32)[:n].T
    others = np.arange(n) != at
    error = np.hypot(se[at], se[others])
    noise = np.abs(draws[:, [at]] * se[at] - draws[:, others] * se[others]) / error
    critical = np.quantile(noise.max(axis=1), 1 - ALPHA)
    t = (x[at] - x[others]) / error
    return 1 + int((t < -critical).sum()), n - int((t > critical).sum())


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.5, 20)), min_size=2, max_size=10), st.data())
def test_the_stepwise_set_is_never_wider_than_the_single_step(drawn, data):
    values, errors = [v for v, _ in drawn], [e for _, e in drawn]
    at = data.draw(st.integers(0, len(values) - 1))
    best, worst = single_step(values, errors, at)
    found = rank_set(values, errors, at)
    assert best <= found.best <= found.worst <= worst


def test_the_steps_tell_more_apart():
    """3.2 apart are 2.26 standard errors: too few while forty others are asked, enough once they are told apart."""
    values, errors = [0.0, 3.2, *[100.0 + n for n in range(40)]], [1.0] * 42
    assert single_step(values, errors, 0)[0] < rank_set(values, errors, 0).best == 42


@given(st.lists(st.floats(0, 100), min_size=2, max_size=8), st.data())
def test_ranks_turn_round_with_the_values(values, data):
    """Counted from below, best and worst change places."""
    at = data.draw(st.integers(0, len(values) - 1))
    errors = [2.0] * len(values)
    up, down = rank_set(values, errors, at), rank_set([-v for v in values], errors, at)
    assert (down.best, down.worst) == (len(values) + 1 - up.worst, len(values) + 1 - up.best)


def test_the_sets_cover_the_true_ranks():
    """Twelve areas, 200 drawn surveys: at least 95% of the sets hold the true rank, less chance."""
    generator = np.random.default_rng(7)
    truth = np.linspace(60, 82, 12)
    errors = generator.uniform(1, 6, 12)
    order = {int(at): 1 + int((truth > truth[at]).sum()) for at in range(12)}
    held = total = 0
    for _ in range(200):
        drawn = truth + generator.normal(0, errors)
        for at in (0, 5, 11):
            found = rank_set(drawn.tolist(), errors.tolist(), at)
            held += found.best <= order[at] <= found.worst
            total += 1
    assert held / total >= 0.93


def test_an_area_without_error_cannot_be_ranked_so():
    with pytest.raises(ValueError, match="standard error"):
        rank_set([1.0, 2.0], [0.0, 1.0], 0)


def test_ties_share_the_better_rank():
    assert [competition_rank([3, 5, 5, 1], at) for at in range(4)] == [3, 1, 1, 4]


# ------------------------------------------------------------ distance


@given(st.lists(st.integers(-1000, 1000), min_size=5, max_size=30), st.integers(-50, 50), st.integers(1, 9))
def test_a_robust_distance_knows_neither_shift_nor_scale(values, shift, scale):
    first = robust_distance(values[0], values)
    moved = [v * scale + shift for v in values]
    assert robust_distance(moved[0], moved) == pytest.approx(first)


def test_a_robust_distance_by_hand():
    """Median 3, absolute deviations 2 1 0 1 97: their median 1, times 1.4826."""
    assert robust_distance(5, [1, 2, 3, 4, 100]) == pytest.approx(2 / 1.4826, rel=1e-4)
    assert robust_distance(4, [3, 3, 3, 4]) == math.inf and robust_distance(3, [3, 3, 3, 4]) == 0


@given(numbers, st.lists(numbers, min_size=1, max_size=30))
def test_a_robust_standard_deviation_is_that_of_scipy(value, values):
    spread = stats.median_abs_deviation(values, scale="normal")
    assume(spread > 1e-6)
    assert robust_distance(value, values) == pytest.approx((value - np.median(values)) / spread, rel=1e-9, abs=1e-9)
