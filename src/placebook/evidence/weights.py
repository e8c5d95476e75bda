"""A place's share of the area that contains it, counted in the indicator's own denominator."""

from __future__ import annotations

from math import fsum, isnan

from placebook.catalogue.aggregations import expand_categories
from placebook.catalogue.models import Indicator, Weight
from placebook.evidence.periods import span
from placebook.evidence.store import Store
from placebook.geography.areas import Areas


class Weights:
    """The weights of areas by date, each added up once: one area is the comparator of many indicators and places."""

    def __init__(self, store: Store, areas: Areas):
        self._store = store
        self._areas = areas

    def share(self, indicator: Indicator, place: str, comparator: str, period: str) -> tuple[float | None, float | None]:
        """The place's share in the period, and in the newest year held; None where it is not held.

        The first is for variances: it is exact only where the weight's own date lies in the period. The
        second says whether the share is small.
        """
        weight = indicator.weight
        if weight is None:
            return None, None
        above, below = (self._totals(weight, code) for code in (place, comparator))
        dates = sorted(set(above) & {date for date, total in below.items() if total > 0})
        if not dates:
            return None, None
        shares = {date: above[date] / below[date] for date in dates}
        inside = [date for date in dates if _lies_in(date, period)]
        return (shares[inside[-1]] if inside else None), shares[dates[-1]]

    def newest(self, indicator: Indicator, code: str) -> float | None:
        """The newest weight of an area: how many residents stand behind a published rate; None where it is not held."""
        totals = self._totals(indicator.weight, code) if indicator.weight else {}
        return totals[max(totals)] if totals else None

    def of_districts(self, indicator: Indicator) -> dict[str, float]:
        """The same of every English district, read at once."""
        weight = indicator.weight
        return self._store.once(("weights of districts", weight), lambda: self._districts(weight)) if weight else {}

    def _districts(self, weight: Weight) -> dict[str, float]:
        categories = expand_categories(weight.categories) or ("",)
        codes = [area.code for area in self._areas.of_level("district")]
        cells = self._store.cells(
            weight.source,
            ("area", "period", "value"),
            measure=weight.measure,
            category=frozenset(categories),
            areas=codes,
            partner="",
        )
        by_area: dict[str, dict[str, list[float]]] = {}
        for area, date, value in cells:
            if not isnan(value):
                by_area.setdefault(area, {}).setdefault(date, []).append(value)
        whole = {area: {d: v for d, v in dates.items() if len(v) == len(categories)} for area, dates in by_area.items()}
        return {area: fsum(dates[max(dates)]) for area, dates in whole.items() if dates}

    def _totals(self, weight: Weight, code: str) -> dict[str, float]:
        return self._store.once(("weight", weight, code), lambda: self._added_up(weight, code))

    def _added_up(self, weight: Weight, code: str) -> dict[str, float]:
        """The weight of an area by date: its own row, or the sum of all its districts."""
        store, areas = self._store, self._areas
        published = store.areas(weight.source, weight.measure)
        members = [same for same in areas.equivalents(code) if same in published][:1]
        if not members:
            members = [d.code for d in areas.children(code, "district")] if code in areas else []
        if not members or not set(members) <= published:
            return {}
        categories = expand_categories(weight.categories) or ("",)
        cells = store.cells(
            weight.source,
            ("period", "value"),
            measure=weight.measure,
            category=frozenset(categories),
            areas=members,
            partner="",
        )
        by_date: dict[str, list[float]] = {}
        for date, value in cells:
            if not isnan(value):
                by_date.setdefault(date, []).append(value)
        whole = len(categories) * len(members)
        return {date: fsum(values) for date, values in sorted(by_date.items()) if len(values) == whole}


def _lies_in(date: str, period: str) -> bool:
    when = span(period)
    return when.start <= span(date).start <= when.end
