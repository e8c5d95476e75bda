"""A place's share of the area that contains it, counted in the indicator's own denominator."""

from __future__ import annotations

from typing import Any

from placebook.catalogue.models import Indicator, Weight
from placebook.catalogue.reads import expand_categories
from placebook.evidence.periods import span
from placebook.geography.areas import Areas


class Weights:
    """The weights of areas by date, each added up once: one area is the comparator of many indicators."""

    def __init__(self, store: Any, areas: Areas):
        self._store = store
        self._areas = areas
        self._known: dict[tuple[Weight, str], dict[str, float]] = {}

    def share(
        self, indicator: Indicator, place: str, comparator: str, period: str
    ) -> tuple[float | None, float | None]:
        """The place's share in the period, and in the newest year held; None where it is not held.

        The first is for variances: it is exact only where the weight's own date lies in the period. The
        second says whether the share is small.
        """
        weight = indicator.weight
        if weight is None:
            return None, None
        above, below = (self._totals(weight, code) for code in (place, comparator))
        known = sorted(set(above) & {date for date, total in below.items() if total > 0})
        if not known:
            return None, None
        shares = {date: above[date] / below[date] for date in known}
        inside = [date for date in known if _lies_in(date, period)]
        return (shares[inside[-1]] if inside else None), shares[known[-1]]

    def _totals(self, weight: Weight, code: str) -> dict[str, float]:
        if (weight, code) not in self._known:
            self._known[weight, code] = self._added_up(weight, code)
        return self._known[weight, code]

    def _added_up(self, weight: Weight, code: str) -> dict[str, float]:
        """The weight of an area by date: its own row, or the sum of all its districts."""
        store, areas = self._store, self._areas
        held = store.areas(weight.source, weight.measure)
        members = [same for same in areas.equivalents(code) if same in held][:1]
        if not members:
            members = [d.code for d in areas.children(code, "district")] if code in areas else []
        if not members or not set(members) <= held:
            return {}
        categories = expand_categories(weight.categories) or ("",)
        frame = store.rows(
            weight.source, measure=weight.measure, category=frozenset(categories), areas=members, partner=""
        )
        summed = frame.groupby("period")["value"].agg(["sum", "count"])
        complete = summed[summed["count"] == len(categories) * len(members)]
        return {str(date): float(total) for date, total in complete["sum"].items()}


def _lies_in(date: str, period: str) -> bool:
    when = span(period)
    return when.start <= span(date).start <= when.end
