"""How far the neighbourhoods of every district lie apart: what a place's own spread is set against."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pandas as pd

from placebook.catalogue.aggregations import Part, Share, expand_categories
from placebook.catalogue.models import Indicator
from placebook.evidence.panel import APART
from placebook.evidence.store import Store
from placebook.geography.areas import Areas

FEWEST = 4
"""Of fewer neighbourhoods a spread says little."""


def spreads(store: Store, indicator: Indicator, areas: Areas) -> Mapping[str, float]:
    """District to the standard deviation of a share over its MSOAs (2021); empty for what is no share of small areas.

    Worked out once for a table and kept beside it: it reads every small area of England.
    """
    if not isinstance(indicator.reads, Share) or not indicator.inside:
        return {}
    reads = indicator.reads
    key = f"spreads {reads!r}"
    return dict(json.loads(store.worked_out(indicator.source, key, lambda: json.dumps(_spreads(store, indicator, areas)))))


def _spreads(store: Store, indicator: Indicator, areas: Areas) -> dict[str, float]:
    assert isinstance(indicator.reads, Share)
    above, below = (_counts(store, indicator.source, part) for part in (indicator.reads.numerator, indicator.reads.denominator))
    registry = areas.registry
    msoa = dict(zip(registry.column("code"), registry.column("msoa"), strict=True))
    district = dict(zip(registry.column("code"), registry.column("district"), strict=True))
    frame = pd.DataFrame({"above": above, "below": below}).dropna()
    codes = pd.Index([code if code.startswith("E02") else msoa.get(code, "") for code in frame.index])
    summed = frame.groupby(codes).sum()
    summed = summed[(summed["below"] > 0) & (summed.index != "")]
    share = indicator.reads.per * summed["above"] / summed["below"]
    by_district = share.groupby(pd.Index([district.get(code, "") for code in share.index]))
    found = by_district.std(ddof=0)[by_district.count() >= FEWEST]
    return {str(code): float(np.round(value, 6)) for code, value in found.items() if code and code not in APART}


def _counts(store: Store, source: str, part: Part) -> pd.Series:
    """Small area to the sum over the part's categories; NaN where one is missing."""
    categories = expand_categories(part.categories) or ("",)
    frame = store.small_rows(source, part.measure, categories)
    return frame.groupby("area", observed=True)["value"].sum(min_count=len(categories))
