"""Figures that do not fit their neighbours in time and space: what no check of a table's form can see.

Each measure of districts is looked at as an array of areas by periods, in logarithms where all figures are positive. A figure
is suspect where it lies far from what its own series says, by the spread of such distances over all areas and periods (median
absolute deviation; Iglewicz and Hoaglin 1993), where a digit more or less would fit, or another category's figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

FAR = 12.0
"""Robust standard deviations from which a figure is suspect."""
LEAST = 5
"""Periods that a series must have, and areas that a period must have ten times."""
DIGIT = float(np.log(10))
ENGLAND = "E92000001"
FEWEST_AREAS = 10 * LEAST


@dataclass(frozen=True)
class Suspect:
    """One figure that does not fit."""

    area: str
    period: str
    measure: str
    category: str
    value: float
    kind: str
    """``jump``, ``digit``, ``swapped`` or ``unit``."""
    expected: float
    """What its neighbours say."""
    distance: float
    """Robust standard deviations; of a unit how many times."""


def audit(rows: pd.DataFrame) -> Iterator[Suspect]:
    """The suspect figures of one table, columns as the store gives them; districts and what is larger."""
    own = rows[rows["value"].notna() & (rows["partner"] == "")]
    for (measure, category), group in own.groupby(["measure", "category"], observed=True):
        wide = group.pivot_table(index="area", columns="period", values="value", aggfunc="first").sort_index(axis=1)
        districts = wide[wide.index.str.match("E0[6-9]")]
        if districts.shape[0] >= FEWEST_AREAS:
            yield from _units(wide, districts, str(measure), str(category))
        if districts.shape[0] >= FEWEST_AREAS and districts.shape[1] >= LEAST:
            yield from _series(districts, str(measure), str(category))
    for (measure, period), group in own.groupby(["measure", "period"], observed=True):
        yield from _swapped(str(measure), str(period), group)


def _series(wide: pd.DataFrame, measure: str, category: str) -> Iterator[Suspect]:
    """Figures far from the mean of those before and after (at an end, the nearest), beyond what the period did to all."""
    numbers = wide.to_numpy(float)
    logs = bool((numbers[np.isfinite(numbers)] > 0).all())
    values = np.log(numbers) if logs else numbers
    values = values - np.nanmedian(values, axis=0, keepdims=True)
    before = np.pad(values[:, :-1], ((0, 0), (1, 0)), constant_values=np.nan)
    after = np.pad(values[:, 1:], ((0, 0), (0, 1)), constant_values=np.nan)
    with np.errstate(all="ignore"):
        beside = np.where(np.isnan(before), after, np.where(np.isnan(after), before, (before + after) / 2))
        apart = values - beside
        spread = 1.4826 * np.nanmedian(np.abs(apart - np.nanmedian(apart)))
    if not np.isfinite(spread) or spread == 0:
        return
    far, areas, periods = np.abs(apart) / spread, list(map(str, wide.index)), list(map(str, wide.columns))
    for row, column in zip(*np.nonzero(far > FAR), strict=True):
        near = [far[row, at] for at in (column - 1, column + 1) if 0 <= at < far.shape[1] and np.isfinite(far[row, at])]
        if near and max(near) > 1.2 * far[row, column]:
            continue  # its neighbour is the one that does not fit
        own, gap, distance = (float(each[row, column]) for each in (numbers, apart, far))
        kind = "digit" if logs and abs(abs(gap) - DIGIT) < 0.25 else "jump"
        expected = own / float(np.exp(gap)) if logs else own - gap
        yield Suspect(areas[row], periods[column], measure, category, own, kind, expected, distance)


def _units(wide: pd.DataFrame, districts: pd.DataFrame, measure: str, category: str) -> Iterator[Suspect]:
    """England's figure of a period, where it is five times as large beside the middle district's as usual, or a fifth."""
    if ENGLAND not in wide.index:
        return
    england = wide[wide.index == ENGLAND].to_numpy(float)[0]
    with np.errstate(all="ignore"):
        ratios = england / np.nanmedian(districts.to_numpy(float), axis=0)
    ratios[~(np.isfinite(ratios) & (ratios > 0))] = np.nan
    if np.isnan(ratios).all():
        return
    usual = float(np.nanmedian(ratios))
    for at, (period, ratio) in enumerate(zip(wide.columns, ratios.tolist(), strict=True)):
        if max(ratio / usual, usual / ratio) > 5:
            value = float(england[at])
            yield Suspect(ENGLAND, str(period), measure, category, value, "unit", value * usual / ratio, ratio / usual)


def _swapped(measure: str, period: str, group: pd.DataFrame) -> Iterator[Suspect]:
    """Two categories of an area that fit the other districts' far better the other way round."""
    table = group[group["category"] != ""].pivot_table(index="area", columns="category", values="value", aggfunc="first")
    table = table[table.index.str.match("E0[6-9]")].dropna()
    numbers = table.to_numpy(float)
    if table.shape[0] < FEWEST_AREAS or table.shape[1] < 2 or (numbers <= 0).any():
        return
    areas, categories = table.index.to_list(), table.columns.to_list()
    shares = np.log(numbers / numbers.sum(axis=1, keepdims=True))
    middle = np.median(shares, axis=0)
    spread = 1.4826 * np.median(np.abs(shares - middle), axis=0) + 1e-9
    apart = np.abs(shares - middle) / spread
    for row in range(len(areas)):
        out = np.nonzero(apart[row] > FAR / 2)[0].tolist()
        for one, other in ((a, b) for a in out for b in out if b < a):
            crossed = abs(shares[row, other] - middle[one]) / spread[one], abs(shares[row, one] - middle[other]) / spread[other]
            if max(crossed) < 3:
                own, meant, far = (float(each) for each in (numbers[row, one], numbers[row, other], apart[row, one]))
                yield Suspect(str(areas[row]), period, measure, str(categories[one]), own, "swapped", meant, far)
