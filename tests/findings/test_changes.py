"""Change and trend: which periods are set against each other, and where nothing may be said."""

import pytest
from drawn import SHARE, england, indicator, other, reading, source, value, year
from hypothesis import assume, given
from hypothesis import strategies as st

from placebook.findings.changes import base, change, unbroken
from placebook.findings.inference import two_sided

COUNTED = {"uncertainty": "full_count"}
GUESS = {"uncertainty": "estimate_without_limits"}
MONEY = {"unit": "pounds", "price_basis": "current", "measure": "mean", **GUESS}


def yearly(*numbers, first=2015, half=None, **more):
    limits = (lambda n: ()) if half is None else (lambda n: (n - half, n + half))
    return [year(n, first + at, *limits(n), **more) for at, n in enumerate(numbers)]


def years(found):
    """The years of a claim's figures: the newest, then the one that it is set against."""
    return [v.period[:4] for v in found.values[:2]]


# ------------------------------------------------------------ which periods


def test_a_break_ends_the_run_and_the_broken_period_begins_the_next():
    points = yearly(1, 2, 3, 4, 5)
    points[2] = year(3, 2017, markers=("b",))
    assert [p.period[:4] for p in unbroken(points)] == ["2017", "2018", "2019"]


def test_an_unreliable_figure_ends_the_run():
    points = yearly(1, 2, 3, 4)
    points[1] = year(2, 2016, markers=("u",))
    assert [p.period[:4] for p in unbroken(points)] == ["2017", "2018"]
    points[3] = year(4, 2018, markers=("u",))
    assert unbroken(points) == [] and change(reading(*points, of=indicator(**COUNTED))) is None


def test_spans_of_another_length_end_the_run():
    points = [value(1, period="2015-01-01/P3Y"), *yearly(2, 3, first=2018)]
    assert [p.period for p in unbroken(points)] == ["2018-01-01/P1Y", "2019-01-01/P1Y"]


def test_of_three_year_periods_that_share_two_years_none_is_set_against_the_next():
    points = [value(n, n - 0.1, n + 0.1, period=f"{year}-01-01/P3Y") for n, year in ((1, 2020), (9, 2021))]
    assert len(unbroken(points)) == 1 and change(reading(*points)) is None
    apart = [value(n, n - 0.1, n + 0.1, period=f"{year}-01-01/P3Y") for n, year in ((1, 2018), (5, 2020), (9, 2021))]
    found = change(reading(*apart))
    assert (found.verdict, years(found), found.gap) == ("rose", ["2021", "2018"], 8)


def test_thirteen_overlapping_periods_make_the_five_points_of_a_trend():
    points = [value(n, n - 0.2, n + 0.2, period=f"{2008 + n}-01-01/P3Y") for n in range(13)]
    found = change(reading(*points))
    assert (found.kind, found.verdict) == ("trend", "rising")
    assert sorted(v.period[:4] for v in found.values) == ["2008", "2011", "2014", "2017", "2020"]
    fewer = change(reading(*points[1:]))
    assert fewer.kind == "change", "twelve leave four"


@pytest.mark.parametrize(("first", "expected"), [(2022, "2022"), (2019, "2019"), (2010, "2018")])
def test_the_base_is_the_latest_at_least_five_years_back_or_the_first(first, expected):
    points = [year(1, when) for when in range(first, 2024)]
    assert base(points).period[:4] == expected


def test_a_base_a_few_days_short_of_five_years_is_five_years():
    """Pay of 22 April 2020 and 30 April 2025 and back: days of the week move, years do not."""
    points = [value(1, period="2019-04-30"), value(1, period="2020-04-30"), value(1, period="2025-04-22")]
    assert base(points).period == "2020-04-30"


def test_a_year_without_a_figure_is_stepped_over_and_spoils_the_even_steps():
    points = [*yearly(60, 62, half=1), year(None, 2017), *yearly(66, 68, 70, first=2018, half=1)]
    found = change(reading(*points))
    assert (found.kind, found.verdict, years(found)) == ("change", "rose", ["2020", "2015"])


# ------------------------------------------------------------ tested


def test_two_estimates_of_independent_samples_by_hand():
    """Half-widths of 3 and 4 make one of 5 for the difference: 6 is clear, 4 is not."""
    found = change(reading(year(60, 2015, 57, 63), year(66, 2023, 62, 70)))
    assert (found.lower, found.upper) == (pytest.approx(1), pytest.approx(11)) and found.verdict == "rose"
    assert found.p == pytest.approx(two_sided(6 / (5 / 1.959964)), rel=1e-6) and found.alpha == 0.05
    assert change(reading(year(60, 2015, 57, 63), year(64, 2023, 60, 68))).verdict == "no_clear_change"


def test_modelled_estimates_with_limits_are_tested_too():
    of = indicator(uncertainty="modelled")
    assert change(reading(*yearly(60, 80, half=2), of=of)).verdict == "rose"
    assert change(reading(*yearly(60, 80), of=of)).verdict == "gap_only"


def test_without_limits_of_the_newest_two_only_the_figures_are_given():
    found = change(reading(year(60, 2015, 59, 61), year(80, 2016)))
    assert (found.verdict, found.p, found.gap) == ("gap_only", None, 20)


def test_an_earlier_estimate_without_limits_is_not_exact():
    """The newest two have limits, the base of six years ago has none: nothing can be tested."""
    found = change(reading(year(60, 2017), year(61, 2022, 59, 63), year(64, 2023, 62, 66)))
    assert (found.verdict, found.p) == ("gap_only", None)


def test_the_last_five_years_decide_the_trend():
    """Ten years down, then five up: up."""
    found = change(reading(*yearly(*range(90, 40, -5), *range(45, 95, 10), half=1, first=2005)))
    assert (found.verdict, years(found)) == ("rising", ["2019", "2015"])


def test_a_trend_that_one_year_makes_is_none():
    found = change(reading(*yearly(30, 29, 28, 27, 90, half=1)))
    assert (found.verdict, found.reason) == ("no_clear_trend", "leaving one year out turns it")
    assert found.p < 0.002


def test_a_break_within_five_years_leaves_a_change():
    points = yearly(60, 62, 64, 66, 68, 70, half=1)
    points[2] = year(64, 2017, 63, 65, markers=("b",))
    found = change(reading(*points))
    assert (found.kind, found.verdict, years(found)) == ("change", "rose", ["2020", "2017"])


# ------------------------------------------------------------ full counts


def test_what_perturbation_could_have_made_is_no_change():
    """26 of 1,000 households and as many of the whole: 2.6 × 1.1 points in each year."""
    of, census = indicator(**COUNTED, reads=SHARE), source(perturbation={"small_area": 9, "total": 26})
    near = [year(10, 2011, of=1000), year(15, 2021, of=1000)]
    assert change(reading(*near, of=of, made_by=census)).verdict == "no_clear_difference"
    far = [year(10, 2011, of=1000), year(16.5, 2021, of=1000)]
    assert change(reading(*far, of=of, made_by=census)).verdict == "rose"


def test_from_nothing_to_something():
    found = change(reading(year(0, 2015), year(3, 2023), of=indicator(**COUNTED)))
    assert (found.verdict, found.gap) == ("rose", 3)


def test_below_zero_a_smaller_number_has_fallen():
    found = change(reading(year(-2, 2015), year(-5, 2023), of=indicator(**COUNTED, unit="score")))
    assert (found.verdict, found.gap) == ("fell", -3)


def test_what_is_no_longer_quite_nothing_is_not_equal_to_nothing():
    found = change(reading(year(0, 2015), year(0.01, 2023), of=indicator(**COUNTED)))
    assert found.verdict == "rose"


# ------------------------------------------------------------ nothing may be said


ODD = [{"areas": ["E07000001"], "periods": ["2016-01-01/P1Y"], "reason": "registered in bulk"}]


def test_a_figure_known_to_be_odd_forbids_only_what_rests_on_it():
    of = indicator(**COUNTED, unusual=ODD)
    found = change(reading(*yearly(1, 9), of=of))
    assert (found.kind, found.reason) == ("none", "registered in bulk")
    later = change(reading(*yearly(1, 9, 2, 3, 4, 5, 6), of=of))
    assert later.kind == "none", "2016 is the base of 2021"
    assert change(reading(*yearly(1, 9, 2, 3, 4, 5, 6, 7), of=of)).verdict == "rose"


def test_an_odd_figure_among_the_five_forbids_the_trend():
    of = indicator(unusual=ODD)
    assert change(reading(*yearly(1, 9, 2, 3, 4, half=1), of=of)).kind == "none"
    assert change(reading(*yearly(1, 9, 2, 4, 6, 8, 10, half=1), of=of)).verdict == "rising"


def test_money_is_never_said_to_rise_by_itself():
    """Pay doubles here and in England: the ratio stands still."""
    beside = england(*[other(n, period=f"{y}-01-01/P1Y") for y, n in ((2015, 100), (2023, 200))])
    found = change(reading(year(90, 2015), year(180, 2023), beside=[beside], of=indicator(**MONEY)))
    assert (found.verdict, found.ratios, found.gap) == ("gap_only", (90, 90), 0) and not found.passed


def test_money_with_limits_is_not_tested_either():
    beside = england(*[other(n, n - 1, n + 1, period=f"{y}-01-01/P1Y") for y, n in ((2015, 100), (2023, 100))])
    of = indicator(unit="pounds", price_basis="current", measure="median")
    found = change(reading(year(90, 2015, 89, 91), year(180, 2023, 179, 181), beside=[beside], of=of))
    assert (found.verdict, found.p) == ("gap_only", None)


def test_money_without_a_newest_figure_to_set_it_against_gives_its_reason():
    beside = england(*[other(n, period=f"{y}-01-01/P1Y") for y, n in ((2015, 100), (2016, 100))])
    found = change(reading(year(90, 2015), year(95, 2016), year(180, 2023), beside=[beside], of=indicator(**MONEY)))
    assert found.kind == "none" and "current prices" in found.reason


def test_totals_of_money_have_no_ratio_to_england():
    beside = england(*[other(n, period=f"{y}-01-01/P1Y") for y, n in ((2015, 100), (2023, 200))])
    of = indicator(**{**MONEY, "measure": "count", "unit": "pounds-million"})
    assert change(reading(year(9, 2015), year(18, 2023), beside=[beside], of=of)).kind == "none"


def test_a_figure_known_only_once_says_nothing():
    assert change(reading(year(None, 2015), year(3, 2023), of=indicator(**COUNTED))) is None


# ------------------------------------------------------------ by property

numbers = st.floats(1, 99).map(lambda n: round(n, 3))
TURNED = {"rose": "fell", "fell": "rose", "rising": "falling", "falling": "rising"}


@given(st.lists(numbers, min_size=2, max_size=5), st.sampled_from(["limits", "full_count"]), st.floats(0.5, 9))
def test_a_series_turned_round_has_the_opposite_finding(series, uncertainty, half):
    """Of at most five years all are used, or the first and the last: the same figures both ways."""
    of = indicator(uncertainty=uncertainty)
    forward, back = (change(reading(*yearly(*found, half=half), of=of)) for found in (series, series[::-1]))
    assert back.verdict == TURNED.get(forward.verdict, forward.verdict)


@given(st.lists(numbers, min_size=2, max_size=9), st.integers(0, 8), st.floats(0.5, 9))
def test_nothing_before_a_break_matters(series, at, half):
    assume(at < len(series) - 1)
    points = yearly(*series, half=half)
    points[at] = year(series[at], 2015 + at, series[at] - half, series[at] + half, markers=("b",))
    with_past, without = change(reading(*points)), change(reading(*points[at:]))
    assert (with_past.verdict, with_past.gap, with_past.p) == (without.verdict, without.gap, without.p)


@given(st.lists(numbers, min_size=2, max_size=9), st.sampled_from(["none", "current"]))
def test_an_estimate_without_limits_never_rises(series, prices):
    found = change(reading(*yearly(*series), of=indicator(price_basis=prices, unit="pounds", measure="mean", **GUESS)))
    assert not found.passed and found.p is None
