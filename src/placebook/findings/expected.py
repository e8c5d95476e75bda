"""How many measures of a district lie far out by the luck of there being many measures (R8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from placebook.evidence.panel import APART
from placebook.evidence.reading import Reading
from placebook.findings import pooling
from placebook.findings.yardstick import TENTH


@dataclass(frozen=True)
class Expected:
    """Measures of a district in the highest or lowest tenth of districts, and what half of all districts have."""

    measures: int
    own: int
    lower: int
    upper: int


def expected(readings: Iterable[Reading], code: str) -> Expected | None:
    """Counted over every measure with a figure for the district, before any test; None of what is in no yardstick."""
    counts: dict[str, int] = {}
    measures = own = 0
    for reading in readings:
        among = pooling.districts(reading) or reading.districts
        if reading.wider or among is None or reading.indicator.priority == 0 or reading.indicator.measure in ("count", "index"):
            continue
        codes = [each for each in among.codes if each not in APART]
        values = np.array([value for each, value in zip(among.codes, among.values, strict=True) if each not in APART])
        if code not in codes:
            continue
        measures += 1
        below = np.searchsorted(np.sort(values), values, side="left")
        upto = np.searchsorted(np.sort(values), values, side="right")
        position = (below + upto) / 2 / len(values)
        for each, far in zip(codes, np.minimum(position, 1 - position) <= TENTH, strict=True):
            counts[each] = counts.get(each, 0) + int(far)
    own = counts.get(code, 0)
    if not counts or code in APART or code not in counts:
        return None
    lower, upper = np.quantile(list(counts.values()), [0.25, 0.75])
    return Expected(measures, own, round(float(lower)), round(float(upper)))
