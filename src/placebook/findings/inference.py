"""Intervals, tests, corrections and rank sets, as pure functions. Nothing here knows an indicator.

Each method is a documented one and is cited where it stands. All intervals and limits are 95%.

The few formulas that SciPy has too are written out: loading its statistics takes a fifth of the time that a page's libraries
take, in every process that makes pages. The tests hold each of them against SciPy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

ALPHA = 0.05
Z = NormalDist().inv_cdf(1 - ALPHA / 2)
"""1.96: half-width of a 95% interval in standard errors."""


@dataclass(frozen=True)
class Estimate:
    """A published estimate with its 95% limits; a full count taken as fixed has none."""

    value: float
    lower: float | None = None
    upper: float | None = None

    @property
    def has_limits(self) -> bool:
        return self.lower is not None and self.upper is not None

    @property
    def below(self) -> float:
        """Half-width of the interval under the estimate; 0 for a fixed number."""
        return max(self.value - self.lower, 0.0) if self.lower is not None else 0.0

    @property
    def above(self) -> float:
        """Half-width of the interval over the estimate; 0 for a fixed number."""
        return max(self.upper - self.value, 0.0) if self.upper is not None else 0.0

    @property
    def standard_error(self) -> float:
        """From the published limits: their distance over 2 × 1.96; 0 for a fixed number."""
        return (self.below + self.above) / (2 * Z)


@dataclass(frozen=True)
class Difference:
    """The difference of two estimates with its 95% interval, p value and test statistic."""

    estimate: float
    lower: float
    upper: float
    statistic: float
    p: float
    method: str
    """``z`` or ``MOVER``."""

    @property
    def clear(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.lower > 0 or self.upper < 0

    def allowing(self, moved: float) -> Difference:
        """The same with room for what rounding may have moved: it is clear only where it is for every value inside.

        The interval is longer by ``moved`` at both ends, and statistic and p are those of the nearest gap to nought.
        """
        if not moved:
            return self
        error = abs(self.estimate) / abs(self.statistic) if self.statistic else math.inf
        z = math.copysign(max(abs(self.estimate) - moved, 0.0) / error, self.estimate)
        return Difference(
            self.estimate, self.lower - moved, self.upper + moved, z, two_sided(z), f"{self.method}, rounding allowed for"
        )

    def within(self, margin: float) -> bool:
        """Whether the whole interval lies inside ±margin: the two are similar, not merely untold apart.

        Equivalence by two one-sided tests (Schuirmann 1987), on the same 95% interval, which is the
        stricter choice than the usual 90%.
        """
        return -margin < self.lower and self.upper < margin


def overlap_variance(place: float, comparator: float, share: float | None) -> float:
    """Var(P − C), from Var(P), Var(C) and the place's share w of a comparator that contains it.

    For a mean or proportion C = wP + (1 − w)R, with R the rest and independent of P. Then
    Var(P − C) = (1 − 2w)·Var(P) + Var(C). Published variances come from rounded limits and need not
    fit together, so it is never taken below the least that the same sum allows, with Var(R) = 0:
    (1 − w)²·Var(P). Without a share, Var(P) + Var(C), which errs on the safe side.

    Raises ValueError where the share is not between 0 and 1.
    """
    if share is None:
        return place + comparator
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share} of the comparator is not between 0 and 1")
    return max((1 - 2 * share) * place + comparator, (1 - share) ** 2 * place)


def difference(value: Estimate, other: Estimate, overlap: float | None = None) -> Difference:
    """``value − other`` with its 95% interval and two-sided p value.

    With ``overlap``, the place's share of a comparator that contains it (means and proportions): normal
    approximation with standard errors from the limits and ``overlap_variance``. Without: MOVER, the
    square-and-add rule with the half-widths that face each other (Zou and Donner 2008, Statistics in
    Medicine 27, 1693 to 1702), which holds for asymmetric limits (rates of events, life expectancy) and for
    symmetric ones is the normal approximation itself. Its p value is the level at which the
    interval would just touch zero, half-widths scaled in proportion.
    """
    gap = value.value - other.value
    if overlap is None:
        lower = gap - math.hypot(value.below, other.above)
        upper = gap + math.hypot(value.above, other.below)
        facing = gap - lower if gap > 0 else upper - gap
        return _difference(gap, lower, upper, facing / Z, "MOVER")
    variance = overlap_variance(value.standard_error**2, other.standard_error**2, overlap)
    error = math.sqrt(variance)
    return _difference(gap, gap - Z * error, gap + Z * error, error, "z")


def _difference(gap: float, lower: float, upper: float, error: float, method: str) -> Difference:
    statistic = gap / error if error else math.copysign(math.inf, gap) if gap else 0.0
    return Difference(gap, lower, upper, statistic, two_sided(statistic), method)


# ------------------------------------------------------------------ counts of events, and several readings


def wilson(count: float, of: float) -> tuple[float, float]:
    """95% limits of a proportion, between 0 and 1.

    Wilson (1927, Journal of the American Statistical Association 22, 209 to 212), as in the Public health technical
    guidance on confidence intervals (Department of Health and Social Care). Raises ValueError unless 0 ≤ count ≤ of.
    """
    if not 0 <= count <= of or of <= 0:
        raise ValueError(f"{count} of {of} is no proportion")
    middle, reach = 2 * count + Z**2, Z * math.sqrt(Z**2 + 4 * count * (1 - count / of))
    whole = 2 * (of + Z**2)
    return max((middle - reach) / whole, 0.0), min((middle + reach) / whole, 1.0)


def byar(count: float) -> tuple[float, float]:
    """95% limits of a count of events (Poisson), by Byar's approximation.

    Breslow and Day (1987, Statistical methods in cancer research II), as in the Public health technical guidance.
    Raises ValueError for a count below nought.
    """
    if count < 0:
        raise ValueError(f"{count} is no count")

    def end(n: float, z: float) -> float:
        return n * (1 - 1 / (9 * n) + z / (3 * math.sqrt(n))) ** 3

    return (end(count, -Z) if count else 0.0), end(count + 1, Z)


def error_of_mean(errors: Sequence[float], correlation: float) -> float:
    """The standard error (or half-width) of the mean of n estimates whose errors are correlated alike.

    Var = (Σ s² + r Σ s t over all pairs of different ones) / n², which with equal errors is s² (1 + (n − 1) r) / n.
    """
    squares, total = sum(e * e for e in errors), sum(errors)
    return math.sqrt((1 - correlation) * squares + correlation * total**2) / len(errors)


def two_sided(z: float) -> float:
    """The probability of a standard normal number at least as far from zero as ``z``."""
    return math.erfc(abs(z) / math.sqrt(2))


def drawn_p(here: int, drawn: int, own: int, areas: int) -> float:
    """Two-sided p that of ``drawn`` areas taken at random from ``areas``, ``here`` are among the ``own``: Fisher's exact test.

    Twice the smaller tail of the hypergeometric distribution, at most 1.
    """
    ways = [math.comb(own, n) * math.comb(areas - own, drawn - n) for n in range(drawn + 1)]
    return min(1.0, 2 * min(sum(ways[: here + 1]), sum(ways[here:])) / math.comb(areas, drawn))


def adjusted(p_values: Sequence[float], method: str) -> tuple[float, ...]:
    """p values adjusted for the false discovery rate, in the order given.

    ``bh``: Benjamini and Hochberg (1995), for independent or positively dependent tests; ``by``: Benjamini
    and Yekutieli (2001), for any dependence. Raises ValueError for another method, or for what is no probability.
    """
    if method not in ("bh", "by"):
        raise ValueError(f"there is no method {method!r}: use bh or by")
    p = np.asarray(p_values, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("a p value is between 0 and 1")
    order, ranks = np.argsort(p), np.arange(1, len(p) + 1)
    scaled = p[order] * (len(p) / ranks)
    if method == "by":
        scaled *= (1 / ranks).sum()
    result = np.empty(len(p))
    result[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(0, 1)  # none is larger than the next larger one's
    return tuple(result.tolist())


# ------------------------------------------------------------------ ranks

DRAWS = 10_000
SEED = 20240101
"""Any fixed number: the same data give the same set at every build."""


@dataclass(frozen=True)
class RankSet:
    """A 95% confidence set for one area's rank, 1 the largest value."""

    rank: int
    best: int
    worst: int
    of: int

    @property
    def informative(self) -> bool:
        """Whether the set spans no more than half of the areas."""
        return self.worst - self.best + 1 <= self.of / 2


def rank_set(values: Sequence[float], errors: Sequence[float], at: int) -> RankSet:
    """A marginal 95% confidence set for the rank of the area at index ``at``, the largest value first.

    Pairwise differences (Mogstad, Romano, Shaikh and Wilhelm 2024, Review of Economic Studies 91, 476 to 518,
    section 3.2 with the stepwise improvement; as ``csranks(cstype = "two-sided", simul = FALSE)`` does):
    the area's difference from every other is tested, the critical value being the 95% point of the
    largest standardised difference under normal errors; areas told apart are taken out and the others
    tested again until none is. The set runs from 1 + the areas clearly larger to n − the areas clearly
    smaller. Estimates are taken as independent. Raises ValueError where an error is not positive.
    """
    x, se = np.asarray(values, dtype=float), np.asarray(errors, dtype=float)
    if not (se > 0).all():
        raise ValueError("a rank set needs a positive standard error of every area")
    gap = x[at] - x  # the area's own is 0: it counts as neither larger nor smaller
    error = np.hypot(se[at], se)
    left = np.arange(len(x)) != at
    while left.any():
        critical = np.quantile(_largest(se, error, at, left), 1 - ALPHA)
        told_apart = left & (np.abs(gap) / error > critical)
        if not told_apart.any():
            break
        left &= ~told_apart
    larger = int(((gap < 0) & ~left).sum())
    smaller = int(((gap > 0) & ~left).sum())
    return RankSet(competition_rank(x.tolist(), at), 1 + larger, len(x) - smaller, len(x))


def _largest(se: np.ndarray, error: np.ndarray, at: int, left: np.ndarray) -> np.ndarray:
    """The largest standardised difference of the area from those left, in each draw.

    One area after another: what is worked on stays in the processor's cache. In single precision, which is a hundred thousand
    times finer than what so many draws say.
    """
    draws = _draws(len(se))
    own, largest, noise = draws[at] * np.float32(se[at]), np.zeros(DRAWS, np.float32), np.empty(DRAWS, np.float32)
    for other in np.flatnonzero(left):
        np.multiply(draws[other], np.float32(se[other]), out=noise)
        np.subtract(own, noise, out=noise)
        np.multiply(noise, np.float32(1 / error[other]), out=noise)
        np.maximum(largest, np.abs(noise, out=noise), out=largest)
    return largest


def _draws(areas: int) -> np.ndarray:
    """Standard normal numbers, a row for each area. One more area changes no other's: the first rows stay the same."""
    return _rows(-(-areas // 100) * 100)[:areas]


@lru_cache(maxsize=4)
def _rows(count: int) -> np.ndarray:
    """A page asks for several numbers of areas, all near to that of England's districts: drawn once."""
    return np.random.default_rng(SEED).standard_normal((count, DRAWS)).astype(np.float32)


def competition_rank(values: Sequence[float], at: int) -> int:
    """1 + the number of larger values: ties share the better rank, and the next rank is left out."""
    return 1 + sum(value > values[at] for value in values)


NORMAL_MAD = NormalDist().inv_cdf(0.75)
"""1 / 1.4826: the median absolute deviation of standard normal numbers."""


def robust_distance(value: float, values: Sequence[float]) -> float:
    """How far a value lies from the median, in robust standard deviations (1.4826 × MAD).

    The constant makes the median absolute deviation an estimate of the standard deviation of normal
    data (Rousseeuw and Croux 1993). Infinite where more than half of the values are the same.
    """
    middle, spread = _middle(tuple(values))
    if spread == 0:
        return 0.0 if value == middle else math.copysign(math.inf, value - middle)
    return (value - middle) / spread


@lru_cache(maxsize=512)
def _middle(values: tuple[float, ...]) -> tuple[float, float]:
    """Median and robust standard deviation: of the districts of England, for every place that stands among them."""
    middle = np.median(values)
    return float(middle), float(np.median(np.abs(np.asarray(values) - middle)) / NORMAL_MAD)
