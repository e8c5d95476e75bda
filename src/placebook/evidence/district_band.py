"""The districts of England behind a place: their figures at one period, and five numbers of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd

from placebook.catalogue.aggregations import Published, Share, expand_categories
from placebook.catalogue.models import Indicator
from placebook.evidence.series import whole_period, years_of
from placebook.evidence.store import Store
from placebook.evidence.values import Inputs

# Below this many districts five numbers say nothing of England.
ENOUGH_DISTRICTS = 200


@dataclass(frozen=True)
class Districts:
    """Every English district that has a figure at one period, sorted by code."""

    period: str
    codes: tuple[str, ...]
    values: tuple[float, ...]
    lower: tuple[float, ...]
    """NaN where a district has no limits."""
    upper: tuple[float, ...]
    inputs: tuple[dict[str, Any], ...]
    above: tuple[float, ...] = ()
    """Of a share the count above, and below it the whole; empty for all other figures."""
    below: tuple[float, ...] = ()

    def of(self, code: str) -> float | None:
        """One district's figure."""
        return self.values[self.codes.index(code)] if code in self.codes else None


@dataclass(frozen=True)
class Band:
    """Five numbers of the English districts at one period: the book's own calculation."""

    period: str
    count: int
    minimum: float
    lower_quartile: float
    median: float
    upper_quartile: float
    maximum: float
    inputs: tuple[dict[str, Any], ...]


def band(districts: Districts | None) -> Band | None:
    """Five numbers, by linear interpolation between the districts.

    numpy's default quantiles, Hyndman and Fan's type 7.
    """
    if districts is None:
        return None
    low, lower, middle, upper, high = np.quantile(districts.values, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return Band(districts.period, len(districts.codes), low, lower, middle, upper, high, districts.inputs)


def districts(store: Store, indicator: Indicator, table: str, codes: Sequence[str], period: str) -> Districts | None:
    """The districts' figures; None where too few have a number or the indicator has no single one."""
    reads = indicator.reads

    def record(
        measure: str, categories: tuple[str, ...], part: str = "", of: str = period, where: str = table
    ) -> dict[str, Any]:
        inputs = Inputs(where, ("every English district",), of, measure, categories, part=part)
        return inputs.record()

    def rows(
        measure: str, categories: tuple[str, ...], *names: str, of: str = period, source: str = indicator.source
    ) -> Iterator[list[Any]]:
        found = store.cells(
            source,
            ("period", "area", *names),
            measure=measure,
            category=frozenset(categories),
            areas=codes,
            partner="",
        )
        return (cells for when, *cells in found if when == of)

    def total(measure: str, categories: tuple[str, ...], of: str = period, source: str = indicator.source) -> dict[str, float]:
        cells = rows(measure, categories, "value", of=of, source=source)
        if len(categories) == 1:
            return {area: value for area, value in cells if not isnan(value)}
        grouped = pd.DataFrame(cells, columns=["area", "value"]).groupby("area")["value"]
        return grouped.sum(min_count=len(categories)).dropna().to_dict()  # type: ignore[return-value]  # its keys are areas

    figures: dict[str, Sequence[float]]  # value, lower, upper
    parts: dict[str, float] = {}
    wholes: dict[str, float] = {}
    if isinstance(reads, Published):
        categories = (reads.category or "",)
        inputs: tuple[dict[str, Any], ...] = (record(reads.measure, categories),)
        if reads.years > 1:
            each_year = [total(reads.measure, categories, year) for year in years_of(period, reads.years)]
            whole_run = [area for area in each_year[0] if all(area in of_year for of_year in each_year)]
            figures = {area: (sum(of_year[area] for of_year in each_year), nan, nan) for area in whole_run}
            inputs = tuple(record(reads.measure, categories, of=year) for year in years_of(period, reads.years))
        else:
            published = rows(reads.measure, categories, "value", "lower", "upper")
            figures = {area: [n * reads.times for n in numbers] for area, *numbers in published if not isnan(numbers[0])}
    elif isinstance(reads, Share):
        above = expand_categories(reads.numerator.categories) or ("",)
        below = expand_categories(reads.denominator.categories) or ("",)
        whole, source = reads.denominator, reads.denominator.source or indicator.source
        of = whole_period(whole, period, store.periods(source, whole.measure))
        parts, wholes = total(reads.numerator.measure, above), total(whole.measure, below, of, source)
        both = [area for area in parts if area in wholes]
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = {area: reads.per * (np.float64(parts[area]) / wholes[area]) for area in both}
        figures = {area: (share, nan, nan) for area, share in shares.items() if not isnan(share)}
        inputs = (
            record(reads.numerator.measure, above, "numerator"),
            record(whole.measure, below, "denominator", of, store.table_path(source) if whole.source else table),
        )
    else:
        return None
    if len(figures) < ENOUGH_DISTRICTS:
        return None
    areas = tuple(sorted(figures))
    values, lower, upper = (tuple(float(figures[area][at]) for area in areas) for at in range(3))
    counted = (parts, wholes) if isinstance(reads, Share) and not reads.rates else ({}, {})
    counts = [tuple(float(of_each[area]) for area in areas) if of_each else () for of_each in counted]
    return Districts(period, areas, values, lower, upper, inputs, *counts)
