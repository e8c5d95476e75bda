"""One measure of every English district over all its periods: what a place's level and change are set against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from placebook.catalogue.aggregations import Published, Share, expand_categories
from placebook.catalogue.models import Indicator
from placebook.evidence.periods import span
from placebook.evidence.store import Store

APART = ("E09000001", "E06000053")
"""City of London and Isles of Scilly: so small that they are in no yardstick; ranks count them."""
ENGLAND = ("E92000001", "TLB")


@dataclass(frozen=True, eq=False)
class Panel:
    """A table of periods by districts, and England's figures beside it."""

    periods: tuple[str, ...]
    """Oldest first, all as long as the newest."""
    codes: tuple[str, ...]
    values: np.ndarray
    """Shape (periods, districts), float64, NaN where none is published."""
    england: np.ndarray
    """Shape (periods,), NaN where none is published."""

    def of(self, code: str) -> np.ndarray | None:
        """A district's figures by period; None where it has none."""
        return self.values[:, self.codes.index(code)] if code in self.codes else None


def panel(store: Store, indicator: Indicator, districts: Sequence[str]) -> Panel | None:
    """The panel of a published measure or a share; None of any other, or where no district has a figure."""
    reads, areas = indicator.reads, (*districts, *ENGLAND)
    if isinstance(reads, Published):
        table = _table(store, indicator, reads.measure, (reads.category or "",), areas) * reads.times
    elif isinstance(reads, Share):
        above, below = (
            _table(store, indicator, part.measure, expand_categories(part.categories) or ("",), areas)
            for part in (reads.numerator, reads.denominator)
        )
        table = reads.per * above / below.where(below > 0)
    else:
        return None
    table = table.loc[table.index >= (indicator.from_period or "")].dropna(how="all")
    if table.empty:
        return None
    months = span(str(table.index[-1])).months
    table = table.loc[[span(str(period)).months == months for period in table.index]]
    own = table[[code for code in table.columns if code not in ENGLAND]]
    beside = [table[code] for code in ENGLAND if code in table.columns]
    england = beside[0].to_numpy() if beside else np.full(len(table), np.nan)
    return Panel(tuple(map(str, table.index)), tuple(map(str, own.columns)), own.to_numpy(), england)


def _table(store: Store, indicator: Indicator, measure: str, categories: Sequence[str], areas: Sequence[str]) -> pd.DataFrame:
    """Periods by areas; NaN where one of the categories that are added up is missing."""
    names = ("period", "area", "value")
    cells = store.cells(indicator.source, names, measure=measure, category=frozenset(categories), areas=areas, partner="")
    frame = pd.DataFrame(cells, columns=list(names))
    grouped = frame.groupby(["period", "area"])["value"]
    whole = grouped.sum().where(grouped.count() == len(categories))
    return whole.unstack("area").sort_index()
