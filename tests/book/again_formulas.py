"""Formulas of the check's own: intervals, trends, rank sets, false discoveries. Nothing imports the package."""

from __future__ import annotations

import statistics
from functools import cache

import numpy as np
from again import Point, Z
from scipy import stats

DRAWS, SEED = 20_000, 77
BOOK_DRAWS = 4_000
SLACK = 4 * (0.05 * 0.95 * (1 / BOOK_DRAWS + 1 / DRAWS)) ** 0.5
"""Four standard errors, in probability, of the difference of two 95% points read off so many draws: about 0.015. A
rank set of the book must lie between the sets that critical values this much lower and higher give."""
LEVELS = (0.95 - SLACK, 0.95, 0.95 + SLACK)


def apart(one: Point, other: Point, share: float | None = None) -> dict[str, float]:
    """Difference with 95% interval, statistic and p: square-and-add, or z with the overlap taken out."""
    gap = one.value - other.value
    if share is None:
        (down, up), (o_down, o_up) = ((p.value - p.lower, p.upper - p.value) if p.limited else (0.0, 0.0) for p in (one, other))
        lower, upper = gap - np.sqrt(down**2 + o_up**2), gap + np.sqrt(up**2 + o_down**2)
        error = ((gap - lower) if gap > 0 else (upper - gap)) / Z
    else:
        least = (1 - share) ** 2 * one.error**2
        error = np.sqrt(max(least, one.error**2 - 2 * share * one.error**2 + other.error**2))
        lower, upper = gap - Z * error, gap + Z * error
    z = gap / error
    return {"difference": gap, "lower": lower, "upper": upper, "statistic": z, "p": 2 * stats.norm.sf(abs(z))}


def allowing(found: dict[str, float], moved: float) -> dict[str, float]:
    """A difference with room for what rounding may have moved: statistic and p are of the nearest it can be to nought."""
    if not moved:
        return found
    gap, error = found["difference"], found["difference"] / found["statistic"] if found["statistic"] else np.inf
    z = np.sign(gap) * max(abs(gap) - moved, 0.0) / error
    return found | {
        "lower": found["lower"] - moved,
        "upper": found["upper"] + moved,
        "statistic": z,
        "p": 2 * stats.norm.sf(abs(z)),
    }


def wilson(count: float, of: float) -> tuple[float, float]:
    """The two proportions p that lie z standard errors √(p(1 − p)/n) from the one observed: roots of a square."""
    seen, z = count / of, Z**2 / of
    low, high = sorted(np.roots([1 + z, -2 * seen - z, seen**2]).real)
    return max(low, 0.0), min(high, 1.0)


def byar(count: float) -> tuple[float, float]:
    """Cube-root normal limits of a Poisson count (Wilson and Hilferty's chi-squared, Byar's form)."""
    ends = []
    for n, side in ((count, -1), (count + 1, 1)):
        ends.append(n * (1 - 1 / (9 * n) + side * Z / 3 / np.sqrt(n)) ** 3 if n else 0.0)
    return ends[0], ends[1]


def of_mean(errors: list[float], correlation: float) -> float:
    """The error of a mean, from the matrix of variances and covariances."""
    e = np.array(errors)
    matrix = np.outer(e, e) * (correlation + (1 - correlation) * np.eye(len(e)))
    return float(np.sqrt(matrix.sum()) / len(e))


def trend(points: list[Point], counts: bool) -> tuple[int, float, float, bool]:
    """Direction, chi-squared, p, and whether leaving one of five points out turns the slope."""
    x = np.arange(5.0)
    if counts:  # Armitage: the covariance of case and time over its variance without a trend
        r, n = (np.array([p[at] for p in points], dtype=float) for at in (8, 9))
        middle, rate = (n * x).sum() / n.sum(), r.sum() / n.sum()
        spread = rate * (1 - rate) * (n * (x - middle) ** 2).sum()
        chi = (r * (x - middle)).sum() ** 2 / spread if spread else 0.0
        spare = 0.5 if ((r == 0) | (r == n)).any() else 0.0
        y, w = np.log((r + spare) / (n - r + spare)), np.ones(5)
    else:
        y, w = np.array([p.value for p in points]), np.array([p.error**-2 for p in points])
        middle = np.average(x, weights=w)
        chi = (w * (x - middle) * y).sum() ** 2 / (w * (x - middle) ** 2).sum()
    slopes = [np.polyfit(x[keep], y[keep], 1, w=np.sqrt(w[keep]))[0] for keep in (np.arange(5) != out for out in range(-1, 5))]
    passed = chi > stats.chi2.ppf(0.998, 1) and slopes[0] != 0
    turned = bool(passed and any(s / slopes[0] < 1e-9 for s in slopes[1:]))  # level counts as turned
    way = int(np.sign(slopes[0])) if passed and not turned else 0
    return way, float(chi), float(stats.chi2.sf(chi, 1)), turned


@cache
def noise() -> np.ndarray:
    """Normal draws, a column for each area of a set that is ranked."""
    return np.random.Generator(np.random.PCG64(SEED)).normal(size=(DRAWS, 320))


def confidence_set(values: np.ndarray, errors: np.ndarray, at: int, level: float = 0.95) -> tuple[int, int]:
    """Best and worst rank, 1 the largest, by pairwise differences with the stepwise improvement."""
    others = np.delete(np.arange(len(values)), at)
    scale = np.sqrt(errors[at] ** 2 + errors[others] ** 2)
    z = (values[others] - values[at]) / scale
    drawn = noise()[:, : len(values)]
    under = np.abs(drawn[:, others] * errors[others] - drawn[:, [at]] * errors[at]) / scale
    undecided = np.full(len(others), True)
    while undecided.any():
        critical = np.quantile(under[:, undecided].max(axis=1), level)
        news = undecided & (np.abs(z) > critical)
        if not news.any():
            break
        undecided &= ~news
    told = ~undecided
    return 1 + int((told & (z > 0)).sum()), len(values) - int((told & (z < 0)).sum())


def spans_half(best: int, worst: int, of: int) -> bool:
    """Over half of the areas: no rank is named."""
    return 2 * (worst - best + 1) > of


def false_discovery(p_values: list[float]) -> list[tuple[float, float]]:
    """Adjusted p values by the step-up rule: Benjamini and Hochberg, and with their sum of 1/i Yekutieli's."""
    m = len(p_values)
    harmonic = sum(1 / i for i in range(1, m + 1))
    ordered = sorted(p_values)
    found = []
    for p in p_values:
        least = min(ordered[k - 1] * m / k for k in range(1, m + 1) if ordered[k - 1] >= p)
        found.append((min(least, 1.0), min(least * harmonic, 1.0)))
    return found


def robust(value: float, every: list[float]) -> float | None:
    """Distance from the median over 1.4826 × MAD; None where that is no measure."""
    middle = statistics.median(every)
    spread = statistics.median(abs(v - middle) for v in every) / stats.norm.ppf(0.75)
    return (value - middle) / spread if spread else 0.0 if value == middle else None
