"""Trend markers over five points, as pure functions: the Fingertips method of the Department of Health and Social Care."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from placebook.findings.inference import Estimate, two_sided

POINTS = 5
TREND_ALPHA = 0.002
LEVEL = 1e-9
CRITICAL = NormalDist().inv_cdf(1 - TREND_ALPHA / 2) ** 2
"""9.5495: the critical value of the trend markers, 99.8% of chi-squared on one degree of freedom, which is a standard normal
number squared."""


@dataclass(frozen=True)
class Trend:
    """A trend marker over five points."""

    direction: int
    """1 rising, −1 falling, 0 no significant change."""
    statistic: float
    """Chi-squared on one degree of freedom."""
    p: float
    outlier: bool = False
    """The test passed, but leaving one point out turns the slope: no trend is named."""


def trend_of_proportions(counts: Sequence[float], of: Sequence[float]) -> Trend:
    """The trend marker of five proportions: chi-squared test for trend.

    Fingertips trend markers (Department of Health and Social Care, Public health technical guidance): the
    Armitage test for the five newest annual points at the 99.8% level, and the slope of the log odds
    must keep its sign whichever point is left out. Raises ValueError unless there are five points.
    """
    _five(counts)
    _five(of)
    x = np.arange(1, POINTS + 1, dtype=float)
    r, n = np.asarray(counts, dtype=float), np.asarray(of, dtype=float)
    whole, cases = n.sum(), r.sum()
    above = whole * (whole * (r * x).sum() - cases * (n * x).sum()) ** 2
    below = cases * (whole - cases) * (whole * (n * x**2).sum() - (n * x).sum() ** 2)
    statistic = float(above / below) if below else 0.0
    # Half a case more on either side, only where a count of none or all would have no log odds.
    spare = 0.5 if (r == 0).any() or (r == n).any() else 0.0
    odds = np.log((r + spare) / (n - r + spare))
    return _marker(odds, np.ones(POINTS), statistic)


def trend_of_estimates(points: Sequence[Estimate]) -> Trend:
    """The trend marker of five estimates with limits: regression on time, weighted by inverse variance.

    Fingertips trend markers, as for ``trend_of_proportions``. Raises ValueError unless there are five
    points, each with limits that leave it a width.
    """
    _five(points)
    if any(not point.has_limits or point.standard_error == 0 for point in points):
        raise ValueError("a trend of estimates needs limits at every point")
    values = np.array([point.value for point in points])
    weights = np.array([1 / point.standard_error**2 for point in points])
    x = np.arange(1, POINTS + 1, dtype=float)
    slope = _slope(x, values, weights)
    total = weights.sum()
    error = math.sqrt(total / (total * (weights * x**2).sum() - (weights * x).sum() ** 2))
    return _marker(values, weights, (slope / error) ** 2)


def _marker(values: np.ndarray, weights: np.ndarray, statistic: float) -> Trend:
    x = np.arange(1, POINTS + 1, dtype=float)
    p = two_sided(math.sqrt(statistic))
    slope = _slope(x, values, weights)
    if statistic <= CRITICAL or slope == 0:
        return Trend(0, statistic, p)
    kept = [np.arange(POINTS) != left_out for left_out in range(POINTS)]
    # A slope that is level but for the last digits of a float counts as turned, whichever way it leans.
    turned = any(_slope(x[k], values[k], weights[k]) / slope <= LEVEL for k in kept)
    return Trend(0 if turned else int(math.copysign(1, slope)), statistic, p, outlier=turned)


def _slope(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> float:
    total = weights.sum()
    above = total * (weights * x * y).sum() - (weights * x).sum() * (weights * y).sum()
    return float(above / (total * (weights * x**2).sum() - (weights * x).sum() ** 2))


def _five(points: Sequence[object]) -> None:
    if len(points) != POINTS:
        raise ValueError(f"a trend marker takes {POINTS} points, not {len(points)}")
