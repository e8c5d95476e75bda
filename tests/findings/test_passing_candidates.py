"""Two districts of a county that changed places: one moved as R3 asks, and stood clear of the other at both ends."""

from datetime import date

import numpy as np
import pytest

from placebook.evidence.panel import Panel
from placebook.findings.change_candidates import change_candidates
from placebook.findings.finding_wording import Teller
from placebook.findings.passing_candidates import passing_candidates
from tests.findings.drawn import england, indicator, other, reading, value, year

YEARS = list(range(2009, 2025))
SAYS = {"more": "Pay is higher than in England", "less": "Pay is lower than in England", "short": "pay"}
GIVEN = {
    "unit": "pounds",
    "measure": "median",
    "uncertainty": "estimate_without_limits",
    "counts": "none",
    "price_basis": "real",
}
MONEY = indicator(**GIVEN, priority=0.9, says=SAYS)
PLACE, NEAR, FAR = "E07000001", "E07000002", "E07000003"
FALLING = [110.0 - 2.0 * n for n in range(16)]  # from 110 to 80


def found(own, near, far=None, of=MONEY):
    """The passings of a district beside two of its county and 240 others that step up and down about 100."""
    steps = np.random.default_rng(7).normal(0, 1.0, (len(own), 240)).cumsum(axis=0)
    values = np.column_stack([own, near, far or [200.0] * len(own), 100 + steps])
    codes = (PLACE, NEAR, FAR, *(f"E0800{n:04}" for n in range(240)))
    panel = Panel(tuple(f"{y}-01-01/P1Y" for y in YEARS), codes, values, np.full(len(own), 100.0))
    beside = england(*(other(100.0, period=period) for period in panel.periods))
    read = reading(*(year(number, y) for number, y in zip(own, YEARS, strict=True)), beside=(beside,), of=of)
    changes = change_candidates([read], {"work": panel}, {"work": "people"}, date(2026, 1, 1))

    def values_of(_, code):
        column = panel.codes.index(code)
        return tuple(
            value(float(n), None, None, p, "near", code, f"District {code[-1]}", "district")
            for n, p in zip(panel.values[:, column], panel.periods, strict=True)
        )

    county = (PLACE, NEAR, FAR)
    return passing_candidates(changes, {"work": read}, {"work": panel}, county, values_of), changes, read


def test_a_district_that_fell_below_another_is_told_with_both_ends():
    (candidate,), (change,), read = found(FALLING, [95.0] * 16)
    assert candidate.type == "passing" and candidate.score == change.score and candidate.good is False
    rule = candidate.rules["passing"]
    assert (rule["district"], rule["before"], rule["now"], rule["passed"]) == (NEAR, 110.0 - 95, 80.0 - 95, 1)
    assert [value.value for value in candidate.values] == [80.0, 110.0, 95.0, 95.0]
    told = Teller({"work": read}, {}).tell(candidate)
    assert told.headline == "Pay: Ayton once above District 2, now below"
    assert told.clause == "pay: Ayton once above District 2, now below"
    assert told.sentence == "Pay went from £110.0 in 2009 to £80.0 in 2024; in District 2 from £95.0 to £95.0."
    assert told.small == ("now below 1 district of the county that it was above",)


def test_of_several_the_one_with_the_widest_margins_is_named_and_the_others_are_counted():
    (candidate,), _, _ = found(FALLING, [95.0] * 16, [108.5] * 16)
    assert candidate.rules["passing"]["district"] == NEAR, "15 and 15 beside 1.5 and 28.5"
    (candidate,), _, _ = found(FALLING, [95.0] * 16, [100.0] * 16)
    assert candidate.rules["passing"]["district"] == NEAR and candidate.rules["passing"]["passed"] == 2


@pytest.mark.parametrize(
    ("why", "own", "near"),
    [
        ("it stays above", FALLING, [70.0] * 16),
        ("it was below already", FALLING, [120.0] * 16),
        ("within a usual step at the start", FALLING, [109.9] * 16),
        ("within a usual step at the end", FALLING, [80.1] * 16),
        ("nothing moved as R3 asks", [100.0 + 0.1 * (-1) ** n for n in range(16)], [100.0] * 16),
        ("the other one moved", [100.0 + 0.1 * (-1) ** n for n in range(16)], FALLING),
        ("the other one has no figure at the start", FALLING, [float("nan")] + [95.0] * 15),
    ],
)
def test_no_passing(why, own, near):
    assert found(own, near)[0] == (), why


def test_figures_that_their_rounding_could_turn_do_not_pass():
    coarse = indicator(**GIVEN, priority=0.9, says=SAYS, figure_rounded_to=20)
    assert found(FALLING, [95.0] * 16, of=coarse)[0] == (), "15 apart, each rounded to 20"


def test_of_a_smoothed_series_the_margins_are_twice_as_wide():
    def told(near, smoothed):
        return found(FALLING, [near] * 16, of=indicator(**GIVEN, priority=0.9, says=SAYS, smoothed=smoothed))[0]

    step = told(95.0, False)[0].rules["passing"]["needed"]
    assert told(95.0, True)[0].rules["passing"]["needed"] == pytest.approx(2 * step, abs=0.002)
    assert told(110 - 1.5 * step, False) and not told(110 - 1.5 * step, True)
