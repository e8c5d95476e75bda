"""How far out a figure lies among those of all districts. Pure functions.

Robust z as in Iglewicz and Hoaglin (1993): distance from the median over 1.4826 times the median absolute deviation; the normal
score of the mid-rank (Blom 1958 with mid-ranks for ties) where that deviation is nought or many values tie at the lowest.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

TO_SIGMA = 1.4826
MANY_TIES = 0.1
"""A larger share of values that tie with the commonest one makes a distance from the median mean little."""
TENTH, FIFTH = 0.1, 0.2


@dataclass(frozen=True)
class Standing:
    """Where one figure lies among others."""

    z: float
    position: float
    """Mid-rank over count, 0 the lowest to 1 the highest."""
    rank: int
    """From the nearer end, 1 for the farthest out."""
    of: int
    from_highest: bool
    tied: bool

    @property
    def core(self) -> bool:
        """In the highest or the lowest tenth."""
        return min(self.position, 1 - self.position) <= TENTH

    @property
    def far(self) -> bool:
        """In the highest or the lowest fifth."""
        return min(self.position, 1 - self.position) <= FIFTH


def standing(
    value: float, others: np.ndarray, *, logarithms: bool = False, ranked: np.ndarray | None = None
) -> Standing | None:
    """Where ``value`` lies among ``others``, which hold it too where it is one of them. None of fewer than 20 figures.

    ``logarithms``: distances are ratios, as for money and rates; not where a figure is nought or less. The rank is that
    among ``ranked`` where more have a figure than are in the yardstick.
    """
    known = others[~np.isnan(others)]
    if len(known) < 20 or np.isnan(value):
        return None
    below, same = int((known < value).sum()), int((known == value).sum())
    position = (below + max(same, 1) / 2) / (len(known) + (same == 0))
    from_highest = position > 0.5
    all_of_them = known if ranked is None else ranked[~np.isnan(ranked)]
    rank = 1 + int((all_of_them > value).sum() if from_highest else (all_of_them < value).sum())
    if logarithms and value > 0 and known.min() > 0:
        value, known = float(np.log(value)), np.log(known)
    middle = float(np.median(known))
    spread = TO_SIGMA * float(np.median(np.abs(known - middle)))
    _, counts = np.unique(known, return_counts=True)
    if spread == 0 or counts.max() > MANY_TIES * len(known):
        z = NormalDist().inv_cdf(min(max(position, 0.5 / len(known)), 1 - 0.5 / len(known)))
    else:
        z = (value - middle) / spread
    return Standing(z, position, rank, len(all_of_them), from_highest, same > 1)
