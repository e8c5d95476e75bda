"""Limits of counts, readings taken together, rounding, base years, and numbers that agree, each drawn small."""

import math
import re
from dataclasses import replace

import pytest
from drawn import SHARE, all_districts, england, indicator, other, reading, source, value, year
from hypothesis import given as given_
from hypothesis import settings
from hypothesis import strategies as st
from scipy import stats

from placebook.evidence import windows
from placebook.findings import claims, pooling, sentences, verdicts
from placebook.findings.changes import change
from placebook.findings.claims import Place, estimate, levels
from placebook.findings.formats import rounded
from placebook.findings.gap_wording import agreeing, shown_gap
from placebook.findings.inference import Difference, byar, difference, error_of_mean, wilson
from placebook.findings.ranks import nearer, rank, reach
from placebook.findings.strengths import strengths_and_challenges, surely_in_a_tenth

EVENTS = {"uncertainty": "full_count", "counts": "events", "reads": SHARE}
SURVEY = {"pooled": {"readings": 3, "correlation": 0.3}}


def given(*strategies):
    """Without a deadline: machines are shared."""
    return lambda test: settings(deadline=None)(given_(*strategies)(test))


# ------------------------------------------------------------ limits of counts


@given(st.integers(1, 5000), st.floats(0, 1))
def test_wilson_is_scipy_s(of, share):
    count = round(share * of)
    low, high = stats.binomtest(count, of).proportion_ci(method="wilson")
    assert wilson(count, of) == pytest.approx((low, high), abs=1e-12)


def test_wilson_of_the_sources():
    """Newcombe 1998 (Statistics in Medicine 17, 857 to 872), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for count, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 4000))
def test_byar_is_nearly_exact(count):
    """The exact Poisson limits are quantiles of chi-squared: Byar's lie within a twentieth of a death of them from five."""
    low, high = byar(count)
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2, abs=0.05 if count >= 5 else 0.15)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2, abs=0.05)


def test_byar_of_none_begins_at_none():
    assert byar(0)[0] == 0 and byar(0)[1] == pytest.approx(3.69, abs=0.06)
    with pytest.raises(ValueError):
        byar(-1)
    with pytest.raises(ValueError):
        wilson(3, 2)


def test_mover_of_two_wilsons_is_newcombe_s():
    """Newcombe 1998 (Statistics in Medicine 17, 873 to 890), method 10: 56 of 70 less 48 of 80 is 0.0524 to 0.3339."""
    one, two = (claims.Estimate(n / of, *wilson(n, of)) for n, of in ((56, 70), (48, 80)))
    found = difference(one, two)
    assert (found.lower, found.upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)


# ------------------------------------------------------------ readings taken together


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=5), st.floats(0, 0.99))
def test_the_error_of_a_mean_lies_between_independent_and_the_same_people(errors, r):
    alone = math.sqrt(sum(e * e for e in errors)) / len(errors)
    assert alone * (1 - 1e-9) <= error_of_mean(errors, r) <= sum(errors) / len(errors) * (1 + 1e-9)
    same = error_of_mean([errors[0]] * 3, r)
    assert same == pytest.approx(errors[0] * math.sqrt((1 + 2 * r) / 3))


def test_a_survey_is_the_mean_of_its_newest_three():
    points = [year(n, when, n - 6, n + 6) for n, when in ((10, 2020), (50, 2021), (62, 2022), (41, 2023))]
    own = pooling.pool(reading(*points, of=indicator(**SURVEY))).own
    assert own.value == (50 + 62 + 41) / 3 and own.period == "2021-01-01/P3Y"
    assert own.upper - own.value == pytest.approx(6 * math.sqrt((1 + 2 * 0.3) / 3))


def test_one_reading_of_a_survey_stands_alone_and_so_does_one_without_limits_before_it():
    of = indicator(**SURVEY)
    assert pooling.pool(reading(year(41, 2023, 30, 52), of=of)) is None
    assert pooling.pool(reading(year(62, 2022), year(41, 2023, 30, 52), of=of)) is None


def test_a_comparator_that_lacks_a_reading_is_not_compared():
    points = [year(n, when, n - 6, n + 6) for n, when in ((62, 2022), (41, 2023))]
    (claim,) = levels(reading(*points, beside=[england(other(60, 59, 61))], of=indicator(**SURVEY)))
    assert claim.verdict == "stated"


def test_events_are_added_up_over_three_years_and_tested():
    """15 of 370 alone is 4.1%; 10, 15 and 15 of 1,100 are 3.6% by Wilson."""
    points = [year(100 * n / of, when, of=of) for n, of, when in ((10, 360, 2021), (15, 370, 2022), (15, 370, 2023))]
    beside = england(*[year(5, when, of=10**6, role="country", area="E92000001") for when in (2021, 2022, 2023)])
    found = reading(*points, beside=[beside], of=indicator(**EVENTS))
    (claim,) = levels(found)
    own = claim.values[0]
    assert own.value == pytest.approx(100 * 40 / 1100)
    assert (own.lower, own.upper) == pytest.approx([100 * end for end in wilson(40, 1100)])
    assert claim.verdict == "lower" and claim.p < 0.05
    of_rounded = replace(found, source=source(rounded_to=5))
    (claim,) = levels(of_rounded)
    assert claim.verdict == "no_clear_difference", "three counts that may each be 2.5 more are 0.7 points"


def test_events_whose_counts_are_not_held_get_no_verdict():
    points = [year(n, when) for n, when in ((12, 2021), (16, 2022), (7, 2023))]
    beside = england(*[other(9, period=f"{when}-01-01/P1Y") for when in (2021, 2022, 2023)])
    (claim,) = levels(
        reading(*points, beside=[beside], of=indicator(uncertainty="full_count", counts="events", unit="per-1000"))
    )
    assert (claim.verdict, claim.gap) == ("gap_only", pytest.approx((12 + 16 + 7) / 3 - 9))


def test_a_published_rate_of_events_is_a_count_of_those_behind_it():
    """A rate of 900 for each 100,000 of 50,000 in three years: 1,350 events, by Byar."""
    points = [year(900, when) for when in (2021, 2022, 2023)]
    of = indicator(uncertainty="full_count", counts="events", unit="per-100000", measure="rate")
    own = pooling.pool(reading(*points, of=of, bases={"E07000001": 50_000.0})).own
    assert (own.lower, own.upper) == pytest.approx([end / 150_000 * 100_000 for end in byar(1350)])


# ------------------------------------------------------------ rounding


@given(st.lists(st.integers(0, 60), min_size=3, max_size=12), st.integers(0, 3), st.data())
def test_ranks_and_tenths_hold_for_every_value_inside_the_rounding(numbers, half, data):
    halves = [float(half)] * len(numbers)
    best, worst = reach(numbers, halves, 0)
    moved = [n + data.draw(st.floats(-half, half)) for n in numbers]
    assert best <= 1 + sum(m > moved[0] for m in moved) <= worst


@given(st.integers(0, 60), st.lists(st.integers(0, 60), min_size=20, max_size=30), st.integers(0, 4), st.data())
def test_a_tenth_holds_for_every_value_inside_the_rounding(own, others, half, data):
    numbers = [own, *others]
    end = surely_in_a_tenth(0, numbers, [float(half)] * len(numbers))
    moved = [n + data.draw(st.sampled_from([-half, 0, half])) for n in numbers]
    if end == 1:
        assert sum(m >= moved[0] for m in moved) <= 0.1 * len(moved)
    if end == -1:
        assert sum(m <= moved[0] for m in moved) <= 0.1 * len(moved)


def test_a_tenth_that_rounding_could_have_made_is_none():
    """Third of thirty, one more than the fourth: each within one, the fourth may be as large."""
    numbers = [27, 30, 31, 26, *range(26)]
    assert surely_in_a_tenth(0, numbers, [0.0] * 30) == 1
    assert surely_in_a_tenth(0, numbers, [0.4] * 30) == 1
    assert surely_in_a_tenth(0, numbers, [0.5] * 30) == 0


def test_what_is_not_called_higher_is_no_strength():
    """p is 0.0004, and the interval as written begins at nought."""
    of = indicator(decimals=0)
    found = reading(
        value(250.9, 250.4, 251.4),
        of=of,
        beside=[england(other(250, 250, 250))],
        districts=all_districts(range(249), own=250.9),
    )
    (level,) = levels(found)
    assert level.verdict == "no_clear_difference" and level.p < 0.05
    assert strengths_and_challenges([found]) == ()


@given(st.floats(-50, 50), st.floats(0.1, 10), st.floats(0, 20))
def test_what_is_clear_with_rounding_allowed_for_is_clear_wherever_the_figure_lay(gap, error, moved):
    plain = difference(claims.Estimate(gap, gap - 1.96 * error, gap + 1.96 * error), claims.Estimate(0))
    found = plain.allowing(moved)
    assert found.clear == (abs(gap) - moved > 1.96 * error) or abs(abs(gap) - moved - 1.96 * error) < 1e-6
    assert found.p >= plain.p
    assert found.clear == (found.p < 0.05) or abs(found.p - 0.05) < 1e-4, "verdict and p agree"


def test_no_trend_that_rounding_could_have_made():
    """10 to 30 of 500 is a trend; each count 2.5 nearer to the others it is none."""
    points = [year(100 * n / 500, 2019 + at, of=500) for at, n in enumerate((10, 15, 20, 25, 30))]
    of = indicator(**EVENTS)
    assert change(reading(*points, of=of)).verdict == "rising"
    assert change(reading(*points, of=of, made_by=source(rounded_to=5))).verdict == "no_clear_trend"


@given(st.integers(1, 300), st.integers(1, 300))
def test_a_place_is_counted_from_the_nearer_end(rank_, of):
    found = nearer(Place(min(rank_, of), min(rank_, of), min(rank_, of), of, False, True))
    assert found.rank == min(rank_, of) if found.from_highest else found.rank == of + 1 - min(rank_, of)
    assert found.rank <= of / 2 + 1


def test_limits_without_a_width_are_no_certainty():
    own = estimate(value(43, 43, 43), decimals=1)
    assert (own.lower, own.upper) == pytest.approx((42.95, 43.05))
    said = sentences.say(levels(reading(value(43, 43.0, 43.0), beside=[england(other(50, 49, 51))])))[0].text
    assert "43.0% to 43.0%" not in said and "(the limits both round to 43.0%)" in said


def test_an_interval_that_touches_nought_as_written_is_no_difference():
    found = Difference(1.0, 0.04, 1.96, 2.0, 0.045, "MOVER")
    of = reading(value(61, 60, 62))
    assert claims.tested_difference("level", of, found, (value(61, 60, 62), other(60))).verdict == "no_clear_difference"
    clear = replace(found, lower=0.05)
    assert claims.tested_difference("level", of, clear, (value(61, 60, 62), other(60))).verdict == "higher"


# ------------------------------------------------------------ base years and England's change


@pytest.mark.parametrize(
    ("period", "inside"),
    [
        ("2020-01-01/P1Y", True),
        ("2021-01-01/P1Y", True),
        ("2019-01-01/P1Y", False),
        ("2022-01-01/P1Y", False),
        ("2019-08-01/P1Y", True),
        ("2021-08-01/P1Y", False),
        ("2020-04-22", True),
        ("2021-09-30", False),
    ],
)
def test_which_periods_were_locked_down(period, inside):
    assert windows.locked_down(period) == inside


def test_no_change_is_counted_from_the_lockdowns():
    of = indicator(uncertainty="full_count", lockdown=True)
    points = [year(n, when) for n, when in ((2, 2018), (2.1, 2019), (5.1, 2020), (5.4, 2021), (3.3, 2025))]
    assert [v.value for v in change(reading(*points, of=of)).values] == [3.3, 2.1]
    later = indicator(uncertainty="full_count", lockdown=True, base_from="2022-01-01/P1Y")
    assert "lockdowns" in change(reading(*points, of=later)).reason
    assert change(reading(*points[2:], of=of)).kind == "none"
    assert [v.value for v in change(reading(*points[2:], of=indicator(uncertainty="full_count"))).values] == [3.3, 5.1]


def test_no_trend_begins_in_the_lockdowns():
    points = [year(60 + 4 * n, 2020 + n, 59 + 4 * n, 61 + 4 * n) for n in range(5)]
    assert change(reading(*points)).kind == "trend"
    assert change(reading(*points, of=indicator(lockdown=True))).kind == "change"


def test_what_nearly_all_districts_did_is_no_news():
    before, after = all_districts(range(249), own=5, period="2015-01-01/P1Y"), all_districts(range(1, 250), own=6)
    counted = indicator(uncertainty="full_count")
    grown = reading(
        year(5, 2015),
        year(6, 2023),
        beside=[england(other(7, period="2015-01-01/P1Y"), other(9))],
        of=counted,
        districts=after,
        among={"2015-01-01/P1Y": before, "2023-01-01/P1Y": after},
    )
    claim = change(grown)
    assert claim.alike == 1 and claim.passed
    assert verdicts.change(grown, [claim]).endswith("as in nearly all districts")
    assert sentences.say([claim])[0].text.endswith("; in England it went from 7.0% to 9.0%.")


# ------------------------------------------------------------ numbers that agree

NUMBER = r"−?£?(\d[\d,]*(?:\.\d+)?)"


def number(text):
    return float(text.replace(",", "").replace("£", "").replace("−", "-"))


def test_one_more_decimal_where_the_difference_would_not_be_that_of_the_two():
    """52.0 less 66.9 is 14.9, and 14.95 is written 15.0; 3.3 less 4.0 is 0.7 either way."""
    assert agreeing([(51.95, 66.9)], 1) == 2 and agreeing([(3.3, 4.0)], 1) == 1
    assert agreeing([(3.3, 4.0), (51.95, 66.9)], 1) == 2, "one for the whole sentence"


@given(st.floats(0, 100), st.floats(0, 100), st.integers(0, 2))
def test_a_difference_is_that_of_the_two_figures_as_they_are_written(one, two, decimals):
    written = agreeing([(one, two)], decimals)
    assert decimals <= written <= decimals + 1
    apart = shown_gap(one, two, written)
    if rounded(one, written) != rounded(two, written):
        assert rounded(apart, written) == rounded(one, written) - rounded(two, written)
    assert abs(apart - (one - two)) <= 1.001 * 10**-written


@given(st.floats(1, 99), st.floats(1, 99), st.floats(1, 99), st.integers(0, 2), st.sampled_from(["counted", "guess", "tested"]))
def test_in_every_sentence_the_gap_is_that_of_the_numbers_beside_it(own, country, region, decimals, kind):
    of = indicator(
        decimals=decimals, uncertainty={"counted": "full_count", "guess": "estimate_without_limits", "tested": "limits"}[kind]
    )
    limits = (lambda n: (n - 0.01, n + 0.01)) if kind == "tested" else (lambda n: (None, None))
    beside = [
        england(other(country, *limits(country))),
        england(other(region, *limits(region)), role="region", name="North", code="E12000001"),
    ]
    text = sentences.say(levels(reading(value(own, *limits(own)), beside=beside, of=of)))[0].text
    mine = number(re.search(rf"was {NUMBER}%", text)[1])
    pairs = [(b, a) for a, b in re.findall(rf"{NUMBER}(?: percentage points?)? (?:higher|lower) than in \w+ \({NUMBER}%", text)]
    pairs += re.findall(rf"{NUMBER}% in \w+ \(a gap of {NUMBER}", text)
    pairs += re.findall(rf"in \w+ \({NUMBER}%\) by {NUMBER}", text)
    for its, gap in pairs:
        assert abs(abs(mine - number(its)) - number(gap)) < 1e-9, text


@given(st.floats(1, 99), st.floats(1, 99), st.integers(0, 2))
def test_in_every_change_the_gap_is_that_of_the_numbers_beside_it(then, today, decimals):
    of = indicator(decimals=decimals, uncertainty="full_count")
    text = sentences.say([change(reading(year(then, 2015), year(today, 2023), of=of))])[0].text
    found = re.search(rf"when it was {NUMBER}%, it has \w+ by {NUMBER} .*to {NUMBER}%", text)
    if found:
        assert abs(abs(number(found[1]) - number(found[3])) - number(found[2])) < 1e-9, text


def test_a_rank_of_rounded_counts_is_a_range():
    of = indicator(uncertainty="full_count", reads=SHARE)
    districts = replace(all_districts(range(249), own=240), above=(10.0,) * 250, below=(500.0,) * 250)
    found = reading(value(240, of=500), of=of, made_by=source(rounded_to=5), districts=districts)
    claim = rank(found)
    assert claim.verdict == "rank_range" and claim.place.best < claim.place.worst
    assert re.fullmatch(
        r"Among 250 English districts its place lies between the .* highest and the .* highest: more is not known, "
        r"because the publisher rounds\.",
        sentences.say([claim])[0].text,
    )
    tiny = replace(districts, below=(2.0,) * 250)
    assert rank(replace(found, districts=tiny)) is None and strengths_and_challenges([replace(found, districts=tiny)]) == ()


def test_readings_of_another_time_are_not_taken_together():
    of = indicator(pooled={"readings": 3, "correlation": 0.3})
    apart = [year(60, when, 59, 61) for when in (2009, 2018)]
    assert windows.newest(of, apart) == ()
    one_missing = [year(60, when, 59, 61) for when in (2021, 2023, 2024)]
    assert windows.newest(of, one_missing) == tuple(one_missing)
