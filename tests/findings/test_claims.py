"""What may be said: one small reading for each rule."""

import pytest
from drawn import (
    SHARE,
    all_districts,
    england,
    indicator,
    other,
    reading,
    small_areas,
    source,
    value,
    year,
)

from placebook.findings.all_claims import all_claims
from placebook.findings.changes import base, change, unbroken
from placebook.findings.claims import against, extremes, levels, tolerance
from placebook.findings.ranks import rank
from placebook.findings.strengths import strengths_and_challenges

COUNT = {"uncertainty": "full_count", "reads": SHARE}
GUESS = {"uncertainty": "estimate_without_limits"}


def verdict(own, beside, **more):
    found = reading(own, beside=[beside], **more)
    (claim,) = levels(found)
    return claim.verdict


# ------------------------------------------------------------ limits


def test_limits_are_tested():
    assert verdict(value(80, 76, 84), england(other(70, 69.5, 70.5))) == "higher"
    assert verdict(value(60, 56, 64), england(other(70, 69.5, 70.5))) == "lower"
    assert verdict(value(72, 66, 78), england(other(70, 69.5, 70.5))) == "no_clear_difference"


def test_the_overlap_counts_only_for_means_and_proportions():
    """Half of the comparator is the place itself: 1 − 2w is 0, so only the comparator's variance is left."""
    own, beside = value(73, 69, 77), england(other(70, 68, 72), share=0.5)
    linear = indicator(comparator_overlap="linear")
    assert verdict(own, beside, of=linear) == "higher"
    assert verdict(own, beside) == "no_clear_difference"


def test_similar_needs_a_declared_margin():
    own, beside = value(70.2, 69.8, 70.6), england(other(70, 69.9, 70.1))
    assert verdict(own, beside) == "no_clear_difference"
    assert verdict(own, beside, of=indicator(similar_within=1)) == "similar"
    assert verdict(own, beside, of=indicator(similar_within=0.4)) == "no_clear_difference"


@pytest.mark.parametrize(("ever", "said"), [(0.02, "higher"), (0.2, "gap_only"), (None, "gap_only")])
def test_a_comparator_without_limits_is_fixed_only_where_the_place_is_a_small_part(ever, said):
    assert verdict(value(80, 76, 84), england(other(70), ever=ever)) == said


def test_a_place_without_limits_is_never_fixed():
    assert verdict(value(80), england(other(70, 69, 71), ever=0.01)) == "gap_only"


def test_an_unreliable_figure_is_too_uncertain():
    assert verdict(value(80, 76, 84, markers=("u",)), england(other(70, 69, 71))) == "too_uncertain"


# ------------------------------------------------------------ full counts and estimates


def test_a_full_count_is_what_it_is():
    counted = indicator(**COUNT)
    assert verdict(value(3.4, of=50000), england(other(4.2, of=10**7)), of=counted) == "lower"
    assert verdict(value(3.41, of=50000), england(other(3.39, of=10**7)), of=counted) == "equal"


def test_nothing_that_perturbation_could_have_made_is_a_difference():
    """26 of 10,000 households are 0.26 points (0.29 with the denominator), and 26 of a million next to nothing."""
    counted, census = indicator(**COUNT), source(perturbation={"small_area": 9, "total": 26})
    near, far = value(10.2, of=10000), value(10.4, of=10000)
    beside = england(other(10.0, of=10**6))
    moved = 100 * 26 * (1 + 0.102) / (10000 - 26)  # numerator and denominator may both have moved
    assert tolerance(reading(near, of=counted, made_by=census), near) == pytest.approx(moved)
    assert verdict(near, beside, of=counted, made_by=census) == "no_clear_difference"
    assert verdict(far, beside, of=counted, made_by=census) == "higher"


def test_nothing_that_rounding_could_have_made_is_a_difference():
    """Counts rounded to 5 are up to 2.5 off: 0.5 points of 500, and 0.05 with the denominator."""
    counted, rounded = indicator(**COUNT), source(rounded_to=5)
    beside = england(other(10.0, of=10**6))
    assert verdict(value(10.4, of=500), beside, of=counted, made_by=rounded) == "no_clear_difference"
    assert verdict(value(11.1, of=500), beside, of=counted, made_by=rounded) == "higher"


def test_fewer_than_five_are_never_named():
    """4.5 of 500 are 0.9 points and a handful; 5.5 are 1.1 points. Of totals it is the number itself."""
    counted, beside = indicator(**COUNT), england(other(10.0, of=10**6))
    assert verdict(value(10.9, of=500), beside, of=counted) == "no_clear_difference"
    assert verdict(value(11.1, of=500), beside, of=counted) == "higher"
    firms = indicator(uncertainty="full_count", measure="count", unit="count")
    assert change(reading(year(100, 2015), year(104, 2023), of=firms)).verdict == "no_clear_difference"
    assert change(reading(year(100, 2015), year(105, 2023), of=firms)).verdict == "rose"


def test_an_estimate_without_limits_gets_its_gap_and_no_verdict():
    (claim,) = levels(reading(value(80), beside=[england(other(70))], of=indicator(**GUESS)))
    assert (claim.verdict, claim.gap, claim.p) == ("gap_only", 10, None)
    assert not claim.passed


def test_totals_are_not_compared():
    (claim,) = levels(
        reading(
            value(80), beside=[england(other(70000))], of=indicator(measure="count", unit="count", uncertainty="full_count")
        )
    )
    assert claim.verdict == "stated" and claim.comparator is None


def test_a_missing_comparator_leaves_the_figure_alone():
    (claim,) = levels(reading(value(0, 0, 1), beside=[england(), england(other(None))]))
    assert claim.verdict == "stated"


def test_zero_and_negative_numbers_are_figures():
    counted = indicator(uncertainty="full_count", unit="score")
    assert verdict(value(0, of=None), england(other(-2)), of=counted) == "higher"
    assert verdict(value(-3), england(other(-2)), of=counted) == "lower"


def test_a_figure_known_to_be_unusual_is_not_compared():
    odd = indicator(**COUNT, unusual=[{"areas": ["E07000001"], "periods": ["2023-01-01/P1Y"], "reason": "odd"}])
    found = reading(value(3, of=100), beside=[england(other(9, of=100))], of=odd, districts=all_districts(range(250)))
    assert [c.verdict for c in levels(found)] == ["not_possible"] and levels(found)[0].reason == "odd"
    assert rank(found) is None and strengths_and_challenges([found]) == ()


# ------------------------------------------------------------ change


def series(*numbers, first=2015, of=None, half=None):
    return [
        year(n, first + at, None if half is None else n - half, None if half is None else n + half, of=of)
        for at, n in enumerate(numbers)
    ]


def test_one_period_has_no_change():
    assert change(reading(year(5, 2023), of=indicator(**GUESS))) is None


def test_the_earlier_period_lies_five_years_back():
    assert base(series(*range(9))).period == "2018-01-01/P1Y"
    assert base(series(1, 2, 3)).period == "2015-01-01/P1Y"


def test_full_counts_rise_and_fall():
    counted = indicator(uncertainty="full_count")
    found = change(reading(*series(4.0, 4.5, 5.2), of=counted))
    assert (found.kind, found.verdict, found.gap) == ("change", "rose", pytest.approx(1.2))
    assert change(reading(*series(5.0, 4.0), of=counted)).verdict == "fell"
    assert change(reading(*series(5.0, 5.02), of=counted)).verdict == "equal"


def test_nothing_is_said_across_a_break():
    counted = indicator(uncertainty="full_count", breaks=[{"period": "2017-01-01/P1Y", "reason": "another form"}])
    points = series(1, 2, 9)
    points[2] = year(9, 2017, markers=("b",))
    found = change(reading(*points, of=counted))
    assert found.kind == "none" and "another form" in found.reason
    points.append(year(10, 2018))
    later = change(reading(*points, of=counted))
    assert later.verdict == "rose" and later.values[1].period == "2017-01-01/P1Y"


def test_of_three_year_periods_every_third_is_taken():
    points = [value(n, n - 1, n + 1, period=f"{2010 + n}-01-01/P3Y") for n in range(7)]
    assert [p.period[:4] for p in unbroken(points)] == ["2010", "2013", "2016"]


def test_money_in_current_prices_is_set_against_its_comparator():
    money = indicator(unit="pounds", price_basis="current", measure="mean", **GUESS)
    beside = england(*[other(n, period=f"{y}-01-01/P1Y") for y, n in ((2015, 50), (2020, 80))])
    found = change(reading(*series(40, first=2015), year(60, 2020), beside=[beside], of=money))
    assert found.verdict == "gap_only" and found.ratios == (pytest.approx(80), pytest.approx(75))
    alone = change(reading(*series(40, 60), of=money))
    assert alone.kind == "none" and "current prices" in alone.reason


def test_a_declared_reason_forbids_any_change():
    found = change(reading(*series(1, 2), of=indicator(no_change_because="two editions of an index", **GUESS)))
    assert found.kind == "none" and found.reason == "two editions of an index"


def test_the_same_people_asked_again_are_no_two_samples():
    again = indicator(sample_repeats=4)
    assert change(reading(*series(60, 80, half=2), of=again)).kind == "none"
    assert change(reading(*series(60, 80, half=2))).verdict == "rose"
    apart = [year(60, 2015, 58, 62), year(80, 2020, 78, 82)]
    assert change(reading(*apart, of=again)).verdict == "rose"


def test_five_points_make_a_trend():
    rising = change(reading(*series(60, 64, 68, 72, 76, half=1)))
    assert (rising.kind, rising.verdict, rising.alpha) == ("trend", "rising", 0.002)
    assert change(reading(*series(60, 61, 60, 61, 60, half=5))).verdict == "no_clear_trend"
    counted = change(reading(*series(10, 12, 14, 16, 18, of=10000), of=indicator(**COUNT)))
    assert (counted.kind, counted.verdict) == ("trend", "rising")


def test_a_smoothed_series_carries_no_trend():
    found = change(reading(*series(60, 64, 68, 72, 76, half=1), of=indicator(smoothed=True)))
    assert found.kind == "change"


def test_uneven_steps_carry_no_trend():
    points = [*series(60, 64, half=1), *series(70, 72, 76, first=2019, half=1)]
    assert change(reading(*points)).kind == "change"


# ------------------------------------------------------------ place in England


def test_a_full_count_has_a_rank_and_ties_share_it():
    counted = indicator(uncertainty="full_count")
    found = rank(reading(value(90), of=counted, districts=all_districts([*range(249), 90], own=90)))
    assert (found.verdict, found.place.rank, found.place.of) == ("ranked", 1 + 90, 251)
    assert found.place.tied and not found.place.from_highest, "counted from the nearer end"


def test_the_best_end_comes_first():
    low = indicator(uncertainty="full_count", polarity="lower_is_better")
    assert rank(reading(value(-1), of=low, districts=all_districts(range(249), own=-1))).place.rank == 1


def test_without_limits_the_precision_is_unknown():
    found = rank(reading(value(5), of=indicator(**GUESS), districts=all_districts(range(249), own=5)))
    assert found.verdict == "ranked_unsure"


def test_wide_limits_cannot_rank_and_narrow_ones_give_a_set():
    wide = rank(reading(value(100, 0, 200), districts=all_districts(range(249), error=100, own=100)))
    assert wide.verdict == "not_rankable"
    narrow = rank(reading(value(300, 299, 301), districts=all_districts(range(249), error=1, own=300)))
    assert narrow.verdict == "rank_set" and (narrow.place.best, narrow.place.worst) == (1, 1)


def test_a_wider_county_has_no_rank():
    found = reading(value(5, level="county"), of=indicator(**GUESS), level="county", badge="wider")
    assert rank(found) is None


# ------------------------------------------------------------ inside


def test_extremes_beyond_the_perturbation_are_told_apart():
    counted, census = indicator(**COUNT), source(perturbation={"small_area": 9, "total": 26})
    far = extremes(reading(value(20, of=5000), of=counted, made_by=census, inside=small_areas([5, 40, 20])))
    assert far.verdict == "higher" and [v.area_name for v in far.values] == ["Part B", "Part A"]
    near = extremes(reading(value(20, of=5000), of=counted, made_by=census, inside=small_areas([19.5, 20, 20.5])))
    assert near.verdict == "no_clear_difference"


# ------------------------------------------------------------ strengths and challenges


def own(number, half, id_="work", **more):
    of = indicator(id=id_, title=id_, **more)
    return reading(
        value(number, number - half, number + half),
        of=of,
        beside=[england(other(50, 49.9, 50.1))],
        districts=all_districts(range(249), own=number),
    )


def test_the_tested_lane_holds_the_false_discovery_rate():
    """One p of 0.04 among nineteen that show nothing is no finding; alone it is one."""
    weak = own(55, 4.7)
    assert 0.03 < against(weak, weak.now[0], weak.comparators[0], weak.comparators[0].series[0]).p < 0.045
    assert [c.kind for c in strengths_and_challenges([weak])] == ["strength"]
    crowd = [own(50.1, 5, f"none-{n}") for n in range(19)]
    assert strengths_and_challenges([weak, *crowd]) == ()


def test_polarity_turns_a_strength_into_a_challenge():
    (claim,) = strengths_and_challenges([own(90, 2, polarity="lower_is_better")])
    assert claim.kind == "challenge" and "Yekutieli" in claim.correction
    assert strengths_and_challenges([own(90, 2, polarity="neither")]) == ()


def test_one_measure_of_a_concept_the_first_declared():
    found = strengths_and_challenges([own(80, 2, "a", concept="x"), own(99, 2, "b", concept="x")])
    assert [c.reading.indicator.id for c in found] == ["a"]


def test_at_most_five_of_each_the_farthest_first():
    found = strengths_and_challenges([own(150 + 10 * n, 2, f"m{n}") for n in range(8)])
    assert [c.reading.indicator.id for c in found] == ["m7", "m6", "m5", "m4", "m3"]


def test_what_cannot_be_tested_must_lie_in_a_tenth_and_says_so():
    def plain(number):
        return reading(value(number), of=indicator(**GUESS), districts=all_districts(range(249), own=number))

    assert [(c.kind, c.verdict) for c in strengths_and_challenges([plain(240)])] == [("strength", "not_tested")]
    assert [c.kind for c in strengths_and_challenges([plain(3)])] == ["challenge"]
    assert strengths_and_challenges([plain(200)]) == ()


def test_a_value_that_many_share_is_in_no_tenth():
    found = reading(value(100), of=indicator(**GUESS), districts=all_districts([*range(200), *[100] * 60], own=100))
    assert strengths_and_challenges([found]) == ()


def test_a_wider_figure_is_nobodys_strength():
    of = indicator()
    found = reading(
        value(90, 88, 92),
        of=of,
        badge="wider",
        beside=[england(other(50, 49.9, 50.1))],
        districts=all_districts(range(249), own=90),
    )
    assert strengths_and_challenges([found]) == ()


def test_every_claim_has_an_id_of_its_own():
    found = reading(
        value(80, 76, 84),
        beside=[england(other(70, 69, 71)), england(other(60, 59, 61), role="region", name="North", code="E12000001")],
        districts=all_districts(range(249), error=1, own=80),
    )
    ids = [claim.id for claim in all_claims(found)]
    assert len(ids) == len(set(ids)) == 3
