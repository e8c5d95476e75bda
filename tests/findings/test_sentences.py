"""Sentences from claims: golden ones for the extremes, and what every sentence keeps to."""

import re

import pytest
from drawn import all_districts, england, indicator, other, reading, small_areas, value, year
from hypothesis import given
from hypothesis import strategies as st

from placebook.findings import sentences
from placebook.findings.all_claims import all_claims
from placebook.findings.strengths import strengths_and_challenges

GUESS = {"uncertainty": "estimate_without_limits"}
COUNTED = {"uncertainty": "full_count"}


def said(found):
    return [entry.text for entry in sentences.say(all_claims(found))]


# ------------------------------------------------------------ golden sentences


def test_the_smallest():
    found = reading(value(0.04), beside=[england(other(0))], of=indicator(**GUESS, unit_words="%", phrase="the rate"))
    assert said(found) == [
        "In 2023 the rate in Ayton was [low], against 0.0% in England (a gap of less than 0.1 percentage points), on "
        "the published figures."
    ]


def test_the_largest():
    money = indicator(unit="pounds", price_basis="current", decimals=0, measure="mean", phrase="output", **GUESS)
    found = reading(value(-12345678.5, unit="pounds"), beside=[england(other(1234567890))], of=money)
    assert said(found)[0] == (
        "In 2023 output in Ayton was −£12,345,679, against £1,234,567,890 in England (a gap of £1,246,913,569 or "
        "101%), on the published figures."
    )


def test_the_most_markers():
    found = reading(value(61.2, 50, 72.4, markers=("p", "r", "e", "b")), beside=[england(other(60, 59, 61, markers=("p",)))])
    assert said(found)[0] == (
        "In 2023 the employment rate in Ayton was 61.2% [p] [r] [e] [b] (95% interval 50.0% to 72.4%). There is no "
        "clear difference from England (60.0% [p])."
    )


def test_the_longest_name():
    name = "Bournemouth, Christchurch and Poole"
    found = reading(
        value(4.1),
        name=name,
        of=indicator(**COUNTED, phrase="the claimant count rate"),
        beside=[england(other(4.2)), england(other(3.9), role="region", name="South West")],
    )
    assert said(found)[0] == (
        f"In 2023 the claimant count rate in {name} was 4.1%, 0.1 percentage points lower than in England (4.2%) and 0.2 "
        "higher than in the South West (3.9%)."
    )


def test_a_place_equal_to_its_county():
    found = reading(value(14.4), of=indicator(**COUNTED), beside=[england(other(14.42), name="Kent", role="county")])
    assert said(found)[0] == "In 2023 the employment rate in Ayton was 14.4%, the same as in Kent."


def test_several_clear_differences_say_the_unit_once():
    beside = [england(other(60, 59, 61)), england(other(90, 89, 91), name="Kent", role="county")]
    assert said(reading(value(75, 73, 77), beside=beside))[0] == (
        "In 2023 the employment rate in Ayton was 75.0% (95% interval 73.0% to 77.0%). That is higher than in England "
        "(60.0%) by 15.0 percentage points (95% interval 12.8 to 17.2). That is lower than in Kent (90.0%) by 15.0 "
        "percentage points (95% interval 12.8 to 17.2)."
    )


def test_per_cent_is_of_the_comparator():
    """90 beside 100 is 10% lower, not 90%."""
    found = reading(value(90), beside=[england(other(100))], of=indicator(**COUNTED, unit="kwh", decimals=0))
    assert said(found)[0].endswith("was 90 kWh, 10 kWh (10%) lower than in England (100).")


def test_changes_in_words():
    counted = indicator(**COUNTED)
    assert said(reading(year(5, 2015), year(4, 2023), of=counted))[1] == (
        "Since 2015, when it was 5.0%, it has fallen by 1.0 percentage points to 4.0%."
    )
    assert said(reading(year(5, 2015), year(5, 2023), of=counted))[1] == "It is the same as in 2015."
    guess = reading(year(5, 2015), year(4, 2023), of=indicator(**GUESS))
    assert said(guess)[1] == "In 2015 the published figure was 5.0%."
    trend = reading(*[year(60 + 4 * n, 2019 + n, 59 + 4 * n, 61 + 4 * n) for n in range(5)], of=indicator(sample_repeats=4))
    assert said(trend)[1] == (
        "Between 2019 and 2023 the trend is upwards, from 60.0% to 76.0%, though the survey asks some of the same people again."
    )


def test_a_pandemic_year_is_named_as_one():
    counted = indicator(**COUNTED)
    assert said(reading(year(5, 2020), year(4, 2025), of=counted))[1] == (
        "Since 2020, when it was 5.0%, it has fallen by 1.0 percentage points to 4.0%; 2020 was marked by the pandemic."
    )
    school = value(5, period="2019-09-01/P1Y"), value(4, period="2024-09-01/P1Y")
    assert "2019/20 was marked by the pandemic" in said(reading(*school, of=counted))[1]
    assert "pandemic" not in said(reading(year(5, 2019), year(4, 2025), of=counted))[1]


def test_ranks_in_words():
    counted = indicator(**COUNTED)
    assert said(reading(value(300), of=counted, districts=all_districts(range(249), own=300)))[-1] == (
        "It is the highest of 250 English districts."
    )
    tied = reading(value(247), of=counted, districts=all_districts(range(249), own=247))
    assert said(tied)[-1] == "It is the joint 2nd highest of 250 English districts."
    guess = reading(value(246.5), of=indicator(**GUESS), districts=all_districts(range(249), own=246.5))
    assert said(guess)[-1] == "On the published figures it was the 3rd highest of 250 English districts."
    low = reading(value(1.5), of=counted, districts=all_districts(range(249), own=1.5))
    assert said(low)[-1] == "It is the 3rd lowest of 250 English districts."
    last = reading(value(-1), of=counted, districts=all_districts(range(249), own=-1))
    assert said(last)[-1] == "It is the lowest of 250 English districts."
    wide = reading(value(100, 0, 200), districts=all_districts(range(249), error=100, own=100))
    assert re.fullmatch(
        r"The limits are too wide to rank districts \(95% confidence set: \d+\w\w to \d+\w\w of 250\)\.", said(wide)[-1]
    )


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (112, "112th"), (121, "121st"), (293, "293rd")]
)
def test_ordinals(number, text):
    assert sentences.ordinal(number) == text


def test_extremes_in_words():
    found = reading(value(20, of=5000), of=indicator(**COUNTED), inside=small_areas([5, 40, 20]))
    assert said(found)[-1] == "Among the 3 LSOAs of Ayton it runs from 5.0% in Part A to 40.0% in Part B."


def test_a_strength_in_words():
    found = reading(value(90, 88, 92), beside=[england(other(50, 49.9, 50.1))], districts=all_districts(range(249), own=90))
    (claim,) = strengths_and_challenges([found])
    assert sentences.lane(claim).text == (
        "Employment rate: 90.0% (88.0% to 92.0%) (2023): higher than in England (50.0%) by 40.0 percentage points "
        "(95% interval 38.0 to 42.0)."
    )


# ------------------------------------------------------------ what is not told apart, or not told


def test_an_unreliable_figure_in_words():
    beside = [england(other(9, 8, 10)), england(other(8, 7, 9), role="region", name="North East")]
    assert said(reading(value(5, 4, 6, markers=("u",)), beside=beside))[0] == (
        "In 2023 the employment rate in Ayton was 5.0% [u] (95% interval 4.0% to 6.0%). It is too uncertain to say "
        "whether it differs from England or the North East."
    )


def test_similar_names_its_margin():
    found = reading(value(60.1, 60, 60.2), beside=[england(other(60, 59.9, 60.1))], of=indicator(similar_within=1))
    assert said(found)[0].endswith("It is similar to England (60.0%): the difference lies within 1.0 percentage points.")


def test_a_figure_unlike_the_others_says_why_it_is_not_compared():
    odd = [{"areas": ["E07000001"], "periods": ["2023-01-01/P1Y"], "reason": "many were registered at one address"}]
    assert said(reading(value(5), beside=[england(other(9))], of=indicator(**COUNTED, unusual=odd)))[0] == (
        "In 2023 the employment rate in Ayton was 5.0%. It is not compared with England (9.0%): many were registered "
        "at one address."
    )


def test_where_a_wider_area_stands_in_the_level_is_named_and_the_reason():
    found = reading(
        value(5, level="region", area="E12000008"),
        of=indicator(**COUNTED),
        badge="wider",
        level="region",
        name="South East",
        code="E12000008",
        held_back=(value(None, markers=("c",)),),
    )
    assert said(found) == [
        "In 2023 the employment rate in the South East (region) was 5.0%.",
        "For Ayton itself no figure is shown: confidential: held back by the publisher.",
    ]


def test_a_newer_figure_that_is_withheld():
    found = reading(year(5, 2020), year(None, 2023, markers=("c",)), of=indicator(**COUNTED))
    assert said(found) == [
        "In 2020 the employment rate in Ayton was 5.0%. No figure for 2023 is shown (confidential: held back by the publisher)."
    ]


def test_money_over_time_is_a_ratio_that_is_not_tested():
    money = indicator(unit="pounds", price_basis="current", decimals=0, measure="mean", phrase="pay", **GUESS)
    beside = england(*[other(n, period=f"{y}-01-01/P1Y") for y, n in ((2015, 50), (2023, 80))])
    assert said(reading(year(40, 2015), year(60, 2023), beside=[beside], of=money)) == [
        "In 2023 pay in Ayton was £60, against £80 in England (a gap of £20 or 25%), on the published figures.",
        "With England as 100 it was 80.0 in 2015 and 75.0 in 2023 (ratios of the published figures, not tested).",
    ]


def test_a_break_in_words():
    counted = indicator(**COUNTED, breaks=[{"period": "2023-01-01/P1Y", "reason": "the survey asks anew"}])
    found = reading(year(5, 2022), year(9, 2023, markers=("b",)), of=counted)
    assert said(found)[1] == "No change over time is stated: figures before 2023 cannot be compared: the survey asks anew."


def test_years_that_end_in_march_or_september():
    school = value(5, period="2018-09-01/P1Y"), value(4, period="2023-09-01/P1Y")
    assert said(reading(*school, of=indicator(**COUNTED)))[0].startswith("In 2023/24 ")
    rolling = value(5, period="2014-10-01/P1Y"), value(4, period="2023-10-01/P1Y")
    assert said(reading(*rolling, of=indicator(**GUESS))) == [
        "In the year to September 2024 the employment rate in Ayton was 4.0%.",
        "In the year to September 2015 the published figure was 5.0%.",
    ]


# ------------------------------------------------------------ small areas with estimates

ESTIMATES = {
    "reads": {"kind": "small_area_values", "measure": "pay"},
    "levels": ["msoa"],
    "unit": "pounds",
    "phrase": "mean income",
    "decimals": 0,
}


def neighbourhoods(numbers, half):
    parts = [
        value(n, n - half, n + half, area=f"E02{at:06d}", name=f"Part {chr(65 + at)}", level="msoa", role="small_area")
        for at, n in enumerate(numbers)
    ]
    return reading(of=indicator(**ESTIMATES), details=tuple(sorted(parts, key=lambda v: -v.value)))


def test_the_ends_of_a_range_of_estimates():
    assert said(neighbourhoods([30, 10, 20], 2)) == [
        "In 2023, among the 3 neighbourhoods (MSOAs) of Ayton mean income runs from £10 (£8 to £12) in Part B to £30 "
        "(£28 to £32) in Part A."
    ]


def test_a_range_of_estimates_that_are_not_told_apart():
    assert said(neighbourhoods([12, 10], 5)) == [
        "In 2023, among the 2 neighbourhoods (MSOAs) of Ayton there is no clear difference in mean income: the "
        "published figures run from £10 (£5 to £15) in Part B to £12 (£7 to £17) in Part A."
    ]


def test_an_interval_of_millions_is_in_millions():
    money = indicator(unit="pounds-million", decimals=0)
    (text,) = said(reading(value(11, 10, 12), beside=[england(other(20, 19, 21))], of=money))
    assert text.endswith("by £9 million (95% interval £8 million to £10 million).")


# ------------------------------------------------------------ what every sentence keeps to

figures = st.one_of(st.floats(-500, 500), st.sampled_from([0.0, 0.01, -0.04, 99.95]))
maybe = st.one_of(st.none(), st.floats(0.1, 90))
DIRECTIONS = re.compile(r"\b(higher|lower|risen|fallen|upwards|downwards)\b")


@st.composite
def readings(draw):
    uncertainty = draw(st.sampled_from(["limits", "full_count", "estimate_without_limits", "modelled"]))
    unit = draw(st.sampled_from(["percent", "years", "score", "kwh", "per-1000", "ratio"]))
    of = indicator(uncertainty=uncertainty, unit=unit, decimals=draw(st.integers(0, 2)))
    points = []
    for when in range(2023 - draw(st.integers(0, 6)), 2024):
        number, half = draw(figures), draw(maybe)
        points.append(year(number, when, *((number - half, number + half) if half else (None, None))))
    beside = []
    for role, name in (("county", "Kent"), ("region", "South East"), ("country", "England")):
        number, half = draw(figures), draw(maybe)
        limits = (number - half, number + half) if half else (None, None)
        beside.append(
            england(
                other(number, *limits), role=role, name=name, code=f"X{name[0]}", ever=draw(st.sampled_from([None, 0.01, 0.3]))
            )
        )
    wider = draw(st.booleans())
    return reading(*points, beside=beside, of=of, badge="wider" if wider else "direct")


@given(readings())
def test_every_sentence_reads_as_one(found):
    for entry in sentences.say(all_claims(found)):
        text = entry.text
        assert text.endswith(".") and "  " not in text and ".." not in text
        assert not re.search(r"\b(nan|None|inf|True|False)\b|\{|\}", text)
        if DIRECTIONS.search(text):
            assert any(c.passed or c.kind == "rank" for c in entry.claims), text
    first = sentences.say(all_claims(found))[0].text
    assert "Ayton" in first and (not found.wider or "Ayton (district)" in first)


SPACED = re.compile(r"\s[,.;:)]|\(\s|[,;:]\S*\s\s")


@given(readings())
def test_signs_follow_their_words_and_brackets_close(found):
    for entry in sentences.say(all_claims(found)):
        assert not SPACED.search(entry.text) and entry.text.count("(") == entry.text.count(")")
        assert entry.text[0].isupper() and "--" not in entry.text and " -" not in entry.text


@given(st.lists(st.floats(0, 100), min_size=2, max_size=9), st.integers(0, 2), st.booleans())
def test_the_ends_inside_a_place_are_its_smallest_and_largest(numbers, decimals, share):
    counted = indicator(**COUNTED, decimals=decimals, unit="percent" if share else "score")
    found = reading(value(numbers[0], of=1000), of=counted, inside=small_areas(numbers))
    text = said(found)[-1]
    assert text.startswith(f"Among the {len(numbers)} LSOAs of Ayton ") and text.endswith(".") and "  " not in text
    first, last = found.inside.values[0], found.inside.values[-1]
    if "everywhere the same" in text:
        assert round(first.value - last.value, 9) <= 10**-decimals
    else:
        assert f"in {last.area_name} to " in text and f"in {first.area_name}." in text


@given(readings())
def test_a_direction_needs_a_test_or_a_full_count(found):
    for claim in all_claims(found):
        if claim.passed:
            full = found.indicator.uncertainty == "full_count"
            assert full or (claim.p is not None and claim.alpha is not None and claim.p <= claim.alpha + 1e-9)


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_differences_of_percentages_are_percentage_points(own, beside):
    found = reading(value(own), beside=[england(other(beside))], of=indicator(**COUNTED))
    text = said(found)[0]
    if "than in" in text:
        size = text.split(", ", 1)[1].split(" than in")[0]
        assert "percentage point" in size and "%" not in size


def test_an_interval_of_a_difference_keeps_a_width():
    from placebook.findings.gap_wording import interval

    assert interval(indicator(decimals=0), 4.6, 5.4) == "4.6 to 5.4"
