"""A moved position against England: far among districts, beyond what steps make by chance, borne out by averages."""

from datetime import date

import numpy as np
import pytest

from placebook.evidence.panel import Panel
from placebook.findings.change_candidates import against_england, change_candidates, windows_of
from tests.findings.drawn import england, indicator, other, reading, year

YEARS = list(range(2009, 2025))
MONEY = indicator(
    unit="pounds", measure="median", uncertainty="estimate_without_limits", counts="none", price_basis="real", priority=0.4
)
PLACE = "E07000001"


def panel(own, noise=1.0, districts=240, start=YEARS[0]):
    """A district's figures beside so many others that step up and down by ``noise`` about 100; England stands at 100."""
    steps = np.random.default_rng(7).normal(0, noise, (len(own), districts)).cumsum(axis=0)
    values = np.column_stack([np.array(own), 100 + steps])
    codes = (PLACE, *(f"E0800{n:04}" for n in range(districts)))
    periods = tuple(f"{start + at}-01-01/P1Y" for at in range(len(own)))
    return Panel(periods, codes, values, np.full(len(own), 100.0))


def found(own, of=MONEY, start=YEARS[0], **more):
    made = panel(own, start=start, **more)
    beside = england(*(other(100.0, period=period) for period in made.periods))
    read = reading(*(year(number, start + at) for at, number in enumerate(own)), beside=(beside,), of=of)
    (candidate,) = change_candidates([read], {"work": made}, {"work": "people"}, date(2026, 1, 1))
    return candidate


def test_a_steady_fall_far_beyond_the_others_is_told_with_its_figures():
    candidate = found([100 - 2.0 * n for n in range(16)])
    assert candidate.left_out == "" and candidate.core and candidate.good is False
    assert candidate.rules["R7"] == {"from": 100.0, "to": 70.0}
    assert candidate.rules["R11"]["rank"] == 1 and candidate.rules["R3b"]["steps"] == 15


def test_what_all_districts_did_is_no_finding():
    assert found([100.0 + 0.1 * (-1) ** n for n in range(16)]).left_out == "R3a"


def test_a_rise_that_is_small_among_larger_rises_is_no_fall_and_no_finding():
    made = panel([100.0 + 0.5 * n for n in range(16)], noise=0.1)
    made.values[:, 1:] += 4.0 * np.arange(16)[:, None]  # every other district gained far more on England
    beside = england(*(other(100.0, period=period) for period in made.periods))
    read = reading(*(year(100.0 + 0.5 * n, YEARS[0] + n) for n in range(16)), beside=(beside,), of=MONEY)
    (candidate,) = change_candidates([read], {"work": made}, {"work": "people"}, date(2026, 1, 1))
    assert candidate.z < -3 and candidate.rules["R7"] == {"from": 100.0, "to": 107.5} and candidate.left_out == "R3a"


def test_a_change_no_larger_than_its_own_steps_make_by_chance_is_none():
    candidate = found([100 + 14 * (-1) ** n for n in range(15)] + [60.0], noise=2.0)
    assert candidate.left_out == "R3b" and abs(candidate.rules["R3b"]["change"]) < candidate.rules["R3b"]["needed"]


def test_a_last_reading_alone_does_not_make_a_change():
    candidate = found([100.0] * 15 + [60.0], start=2000, noise=0.6)
    assert candidate.left_out == "R3b"  # one step of 40 makes the yearly steps that large
    assert abs(candidate.rules["R3c"]["smoothed change"]) < abs(candidate.rules["R3c"]["needed"])


def test_two_steps_that_carry_half_of_it_ask_for_local_knowledge():
    own = [100.0 - 0.4 * n for n in range(8)] + [90.0, 84.0] + [83.5 - 0.4 * n for n in range(6)]
    assert found(own).asks_local == "2016 to 2018"
    assert found([100 - 2.0 * n for n in range(16)]).asks_local == ""


def test_percentages_are_points_from_england_and_money_is_an_index():
    made = panel([110.0] * 16)
    assert against_england(MONEY, made)[0, 0] == pytest.approx(110.0)
    assert against_england(indicator(), made)[0, 0] == pytest.approx(10.0)


def test_windows_are_the_whole_series_ten_years_and_since_2019():
    starts = [window.first for window in windows_of(MONEY, panel([100.0] * 16))]
    assert [YEARS[first] for first in starts] == [2009, 2014, 2019]


def test_of_work_no_window_begins_in_the_lockdowns():
    short = panel([100.0] * 5, start=2020)
    work = indicator(lockdown=True)
    assert all(short.periods[window.first] >= "2022" for window in windows_of(work, short))


@pytest.mark.parametrize("changes", [{"no_change_because": "an index"}, {"measure": "index"}, {"counts": "events"}])
def test_what_states_no_change_has_no_candidate(changes):
    of = indicator(**{"unit": "pounds", "uncertainty": "full_count", **changes})
    read = reading(*(year(100.0 - n, YEARS[0] + n) for n in range(16)), of=of)
    assert change_candidates([read], {"work": panel([100.0 - n for n in range(16)])}, {"work": "p"}, date(2026, 1, 1)) == ()
