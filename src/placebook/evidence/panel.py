"""One measure of every English district over all its periods: what a place's level and change are set against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from placebook.catalogue.aggregations import Published, Share, expand_categories
from placebook.catalogue.models import Indicator
from placebook.evidence.periods import span
from placebook.evidence.series import whole_period, years_of
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
        table = _table(store, indicator.source, reads.measure, (reads.category or "",), areas) * reads.times
        table = _over_years(table, reads.years) if reads.years > 1 else table
    elif isinstance(reads, Share):
        above, below = (
            _table(store, source, part.measure, expand_categories(part.categories) or ("",), areas)
            for source, part in (
                (indicator.source, reads.numerator),
                (reads.denominator.source or indicator.source, reads.denominator),
            )
        )
        of = {period: whole_period(reads.denominator, period, below.index) for period in above.index}
        beside = below.reindex([of[period] for period in above.index]).set_axis(above.index)
        table = reads.per * above / beside.where(beside > 0)
    else:
        return None
    table = table.loc[table.index >= (indicator.from_period or "")].dropna(how="all")
    if table.empty:
        return None
    months = span(str(table.index[-1])).months
    table = table.loc[[span(str(period)).months == months for period in table.index]]
    own = table[[code for code in table.columns if code not in ENGLAND]]
    published = [table[code].to_numpy() for code in ENGLAND if code in table.columns]
    england = published[0] if published else np.full(len(table), np.nan)
    return Panel(tuple(map(str, table.index)), tuple(map(str, own.columns)), own.to_numpy(), england)


def _over_years(table: pd.DataFrame, years: int) -> pd.DataFrame:
    """Each period's figures and those of the years after it, added up; none where one is missing."""
    runs = {str(period): years_of(str(period), years) for period in table.index}
    whole = {f"{span(first).start}/P{years}Y": run for first, run in runs.items() if set(run) <= set(table.index)}
    sums = [table.loc[list(run)].sum(axis=0, skipna=False) for run in whole.values()]
    return pd.DataFrame(sums, index=list(whole), columns=table.columns)


def _table(store: Store, source: str, measure: str, categories: Sequence[str], areas: Sequence[str]) -> pd.DataFrame:
    """Periods by areas; NaN where one of the categories that are added up is missing."""
    names = ("period", "area", "value")
    cells = store.cells(source, names, measure=measure, category=frozenset(categories), areas=areas, partner="")
    frame = pd.DataFrame(cells, columns=list(names))
    return frame.groupby(["period", "area"])["value"].sum(min_count=len(categories)).unstack("area").sort_index()
