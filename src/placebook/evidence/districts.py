"""The districts of England behind a place: five numbers at one period, the book's own calculation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from placebook.catalogue.models import Indicator
from placebook.catalogue.reads import Published, Share, expand_categories
from placebook.evidence.values import Inputs

# Below this many districts five numbers say nothing of England.
ENOUGH_DISTRICTS = 200


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


def band(
    store: Any, indicator: Indicator, table: str, codes: list[str], period: str
) -> Band | None:
    """The band of an indicator; None where too few districts have a number or it has no single one.

    Quantiles by linear interpolation between the districts (numpy's default, Hyndman and Fan's type 7).
    """
    numbers, inputs = _numbers(store, indicator, table, codes, period)
    if len(numbers) < ENOUGH_DISTRICTS:
        return None
    five = np.quantile(numbers, [0, 0.25, 0.5, 0.75, 1])
    return Band(period, len(numbers), *(float(n) for n in five), inputs=inputs)


def _numbers(
    store: Any, indicator: Indicator, table: str, codes: list[str], period: str
) -> tuple[np.ndarray, tuple[dict[str, Any], ...]]:
    """The districts' numbers at one period, and a record of where they stand."""
    reads = indicator.reads

    def column(measure: str, categories: tuple[str, ...]) -> pd.Series:
        frame = store.rows(indicator.source, measure=measure, areas=codes)
        frame = frame[
            (frame["period"] == period)
            & frame["category"].isin(categories)
            & (frame["partner"] == "")
        ]
        complete = frame.groupby("area")["value"].agg(["sum", "count"])
        return complete.loc[complete["count"] == len(categories), "sum"]

    def record(measure: str, categories: tuple[str, ...], part: str = "") -> dict[str, Any]:
        inputs = Inputs(table, ("every English district",), period, measure, categories, part=part)
        return inputs.record()

    if isinstance(reads, Published):
        categories = (reads.category or "",)
        return column(reads.measure, categories).to_numpy(), (record(reads.measure, categories),)
    if isinstance(reads, Share):
        above = expand_categories(reads.numerator.categories) or ("",)
        below = expand_categories(reads.denominator.categories) or ("",)
        share = column(reads.numerator.measure, above) / column(reads.denominator.measure, below)
        return reads.per * share.dropna().to_numpy(), (
            record(reads.numerator.measure, above, "numerator"),
            record(reads.denominator.measure, below, "denominator"),
        )
    return np.array([]), ()
