"""Figures that do not fit their neighbours in time and space are found; what moves with all others is not."""

import numpy as np
import pandas as pd
import pytest

from placebook.evidence.audit import audit

AREAS = [f"E07{n:06}" for n in range(1, 121)]
YEARS = [f"{year}-01-01/P1Y" for year in range(2015, 2025)]


def table(seed=1, shock=1.0):
    """120 districts over ten years, each at its own level with a twentieth of noise; ``shock`` falls on all in 2020."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(50, 200, len(AREAS))
    rows = [
        (area, year, "rate", "", "", at * rng.normal(1, 0.05) * (shock if year.startswith("2020") else 1))
        for area, at in zip(AREAS, level, strict=True)
        for year in YEARS
    ]
    rows += [("E92000001", year, "rate", "", "", 120.0) for year in YEARS]
    return pd.DataFrame(rows, columns=["area", "period", "measure", "category", "partner", "value"])


def spoilt(frame, area, period, times):
    at = frame.index[(frame.area == area) & (frame.period == period)][0]
    frame.loc[at, "value"] *= times
    return frame


@pytest.mark.parametrize("shock", [1.0, 0.2, 5.0])
def test_noise_and_what_befalls_all_districts_are_not_suspect(shock):
    assert [each for each in audit(table(shock=shock)) if each.kind != "unit"] == []


@pytest.mark.parametrize(("times", "kind"), [(10, "digit"), (0.1, "digit"), (100, "jump"), (4, "jump")])
@pytest.mark.parametrize("period", [YEARS[0], YEARS[4], YEARS[-1]])
def test_a_wrong_figure_is_found_at_both_ends_and_in_the_middle_and_its_neighbours_are_not(times, kind, period):
    (suspect,) = audit(spoilt(table(), AREAS[7], period, times))
    assert (suspect.area, suspect.period, suspect.kind) == (AREAS[7], period, kind)
    assert suspect.expected == pytest.approx(suspect.value / times, rel=0.3)


def test_another_unit_of_england_is_found_beside_the_districts():
    frame = spoilt(table(), "E92000001", YEARS[3], 1000)
    (suspect,) = (each for each in audit(frame) if each.kind == "unit")
    assert suspect.period == YEARS[3] and suspect.expected == pytest.approx(120, rel=0.1)


def shares(seed=2):
    rng = np.random.default_rng(seed)
    rows = []
    for area in AREAS:
        size = rng.uniform(1_000, 9_000)
        for name, share in (("large", 0.9), ("small", 0.08), ("least", 0.02)):
            rows.append((area, "2021-03-21", "homes", name, "", size * share * rng.normal(1, 0.05)))
    return pd.DataFrame(rows, columns=["area", "period", "measure", "category", "partner", "value"])


def test_swapped_categories_are_found():
    frame = shares()
    assert list(audit(frame)) == []
    one, other = (frame.index[(frame.area == AREAS[3]) & (frame.category == name)][0] for name in ("large", "least"))
    frame.loc[[one, other], "value"] = frame.loc[[other, one], "value"].to_numpy()
    (suspect,) = audit(frame)
    assert (suspect.area, suspect.kind) == (AREAS[3], "swapped")


def test_few_areas_and_short_series_are_left_alone():
    frame = table()
    few = frame[frame.area.isin(AREAS[:20])]
    short = frame[frame.period.isin(YEARS[:3])]
    assert list(audit(spoilt(few.copy(), AREAS[7], YEARS[4], 10))) == []
    assert [each for each in audit(spoilt(short.copy(), AREAS[7], YEARS[1], 10)) if each.kind != "unit"] == []
