"""One number with its way back: the rows it was read from and what was done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Any, Protocol

import pandas as pd

from placebook.catalogue.models import Indicator
from placebook.catalogue.reads import Composition, Part, Published, Share, Sum, expand_categories


class Rows(Protocol):
    """What this room asks of the store."""

    def rows(self, source_id: str, **where: Any) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Group:
    """An area that a number may be for, and the published areas that make it up."""

    role: str
    code: str
    name: str
    level: str
    badge: str
    """``direct``, ``best_fit`` or ``wider``."""
    members: tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """Rows of one table: every combination of the areas, categories and partners is one row."""

    table: str
    areas: tuple[str, ...]
    period: str
    measure: str
    categories: tuple[str, ...] = ("",)
    partners: tuple[str, ...] = ("",)
    part: str = ""

    def record(self) -> dict[str, Any]:
        """As the ledger keeps it; a key with one value is text, with several a list."""
        key = {
            "area": _one_or_list(self.areas),
            "period": self.period,
            "measure": self.measure,
            "category": _one_or_list(self.categories),
            "partner": _one_or_list(self.partners),
        }
        return {"table": self.table, "key": key} | ({"part": self.part} if self.part else {})


@dataclass(frozen=True)
class Value:
    """One number of one area, period and category; ``value`` is None where none is published."""

    indicator: str
    measure: str
    category: str
    area: str
    area_name: str
    level: str
    role: str
    badge: str
    period: str
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    markers: tuple[str, ...]
    derivation: str
    inputs: tuple[Inputs, ...]
    source: str
    partner: str = ""
    partner_name: str = ""
    per: int = 100
    """Of a share: what the quotient is multiplied by."""

    @property
    def id(self) -> str:
        """Stable within a place: what it is, of whom, when."""
        parts = (self.indicator, self.role, self.area, self.period, self.category, self.partner)
        return "--".join(_token(part) for part in parts if part)

    @property
    def has_limits(self) -> bool:
        return self.lower is not None and self.upper is not None


def values_of(
    store: Rows, indicator: Indicator, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    """Each group's values over all periods, oldest first; a group without any is left out.

    Sums and shares are made only where every row that belongs to them is there; where one of them is
    withheld, the value is None and carries the withheld row's marker.
    """
    reads = indicator.reads
    if isinstance(reads, Published):
        found = _published(store, indicator, reads, table, groups)
    elif isinstance(reads, Sum):
        found = _sums(store, indicator, reads.of, table, groups)
    elif isinstance(reads, Share):
        found = _shares(store, indicator, reads, table, groups)
    elif isinstance(reads, Composition):
        found = _compositions(store, indicator, reads, table, groups)
    else:
        raise TypeError(f"{indicator.id}: {reads.kind} is not read as a series of values")
    since = indicator.from_period or ""
    marked = {
        group: tuple(_with_breaks(indicator, value) for value in series if value.period >= since)
        for group, series in found.items()
    }
    return {group: series for group, series in marked.items() if series}


def base(indicator: Indicator, group: Group, **more: Any) -> dict[str, Any]:
    """The fields of a value that follow from its indicator and its area."""
    return {
        "indicator": indicator.id,
        "category": "",
        "area": group.code,
        "area_name": group.name,
        "level": group.level,
        "role": group.role,
        "badge": group.badge,
        "lower": None,
        "upper": None,
        "unit": indicator.unit,
        "markers": (),
        "source": indicator.source,
    } | more


def number(raw: float) -> float | None:
    """None for a missing number; zero is a value."""
    return None if raw is None or isnan(raw) else float(raw)


def _published(
    store: Rows, indicator: Indicator, reads: Published, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    # A median, an index or a rate is never added up: only groups that are one published area.
    single = {group.members[0]: group for group in groups if len(group.members) == 1}
    frame = store.rows(
        indicator.source, measure=reads.measure, category=reads.category or "", areas=list(single)
    )
    found: dict[Group, list[Value]] = {}
    for row in frame.itertuples(index=False):
        group = single[row.area]
        found.setdefault(group, []).append(
            Value(
                **base(
                    indicator,
                    group,
                    measure=reads.measure,
                    category=row.category,
                    period=row.period,
                    value=number(row.value),
                    lower=number(row.lower),
                    upper=number(row.upper),
                    markers=tuple(row.markers.split()),
                    derivation="published",
                    inputs=(Inputs(table, (row.area,), row.period, reads.measure, (row.category,)),),
                )
            )
        )
    return {group: tuple(series) for group, series in found.items()}


@dataclass(frozen=True)
class _Total:
    value: float | None
    markers: tuple[str, ...]
    inputs: Inputs


Cells = dict[str, dict[str, dict[str, tuple[float, str]]]]
"""Area to period to category to number and markers."""


def _cells(
    store: Rows, source: str, measure: str, groups: Sequence[Group], categories: Iterable[str]
) -> Cells:
    """The published cells of a measure that these groups are made from, read once."""
    wanted = {code for group in groups for code in group.members}
    frame = store.rows(source, measure=measure, areas=wanted, partner="")
    chosen = set(categories)
    cells: Cells = {}
    columns = (frame[name] for name in ("area", "period", "category", "value", "markers"))
    for area, period, category, value, markers in zip(*columns, strict=True):
        if category in chosen:
            cells.setdefault(area, {}).setdefault(period, {})[category] = (value, markers)
    return cells


def _totals(
    cells: Cells, measure: str, categories: tuple[str, ...], table: str, groups: Sequence[Group],
    name: str = "",
) -> dict[Group, dict[str, _Total]]:
    """For each group and period the sum over its members and the categories.

    A period in which one of the cells is not there has no total.
    """  # fmt: skip
    found: dict[Group, dict[str, _Total]] = {}
    for group in groups:
        for period in sorted(cells.get(group.members[0], {})):
            parts = [
                cells.get(area, {}).get(period, {}).get(category)
                for area in group.members
                for category in categories
            ]
            if any(part is None for part in parts):
                continue
            known = [part for part in parts if part is not None]
            withheld = sorted({m for value, text in known if isnan(value) for m in text.split()})
            missing = any(isnan(value) for value, _ in known)
            found.setdefault(group, {})[period] = _Total(
                None if missing else float(sum(value for value, _ in known)),
                tuple(withheld),
                Inputs(table, group.members, period, measure, categories, part=name),
            )
    return found


def _part_totals(
    store: Rows, source: str, part: Part, table: str, groups: Sequence[Group], name: str = ""
) -> dict[Group, dict[str, _Total]]:
    categories = expand_categories(part.categories) or ("",)
    cells = _cells(store, source, part.measure, groups, categories)
    return _totals(cells, part.measure, categories, table, groups, name)


def _sums(
    store: Rows, indicator: Indicator, part: Part, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    totals = _part_totals(store, indicator.source, part, table, groups)
    return {
        group: tuple(
            Value(
                **base(
                    indicator,
                    group,
                    measure=part.measure,
                    period=period,
                    value=total.value,
                    markers=total.markers,
                    derivation=_sum_or_published(total.inputs),
                    inputs=(total.inputs,),
                )
            )
            for period, total in periods.items()
        )
        for group, periods in totals.items()
    }


def _shares(
    store: Rows, indicator: Indicator, reads: Share, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    above = _part_totals(store, indicator.source, reads.numerator, table, groups, "numerator")
    below = _part_totals(store, indicator.source, reads.denominator, table, groups, "denominator")
    return {
        group: tuple(
            _share(indicator, group, total, below[group][period], reads.per, "")
            for period, total in periods.items()
            if period in below.get(group, {})
        )
        for group, periods in above.items()
    }


def _compositions(
    store: Rows, indicator: Indicator, reads: Composition, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    everything = expand_categories(tuple(c for s in reads.slices for c in s.categories))
    cells = _cells(store, indicator.source, reads.measure, groups, everything)
    whole = _totals(cells, reads.measure, everything, table, groups, "denominator")
    found: dict[Group, list[Value]] = {}
    for piece in reads.slices:
        categories = expand_categories(piece.categories)
        parts = _totals(cells, reads.measure, categories, table, groups, "numerator")
        for group, periods in parts.items():
            for period, total in periods.items():
                if period in whole.get(group, {}):
                    found.setdefault(group, []).append(
                        _share(indicator, group, total, whole[group][period], 100, piece.label)
                    )
    return {
        group: tuple(sorted(series, key=lambda value: value.period))
        for group, series in found.items()
    }


def _share(
    indicator: Indicator, group: Group, above: _Total, below: _Total, per: int, category: str
) -> Value:
    known = above.value is not None and below.value
    return Value(
        **base(
            indicator,
            group,
            measure=above.inputs.measure,
            category=category,
            per=per,
            period=above.inputs.period,
            value=per * above.value / below.value if known else None,
            markers=tuple(sorted({*above.markers, *below.markers})) or (() if known else ("z",)),
            derivation="share",
            inputs=(above.inputs, below.inputs),
        )
    )


def _sum_or_published(inputs: Inputs) -> str:
    return "sum" if len(inputs.areas) * len(inputs.categories) > 1 else "published"


def _with_breaks(indicator: Indicator, value: Value) -> Value:
    if any(found.period == value.period for found in indicator.breaks):
        return replace(value, markers=tuple(dict.fromkeys((*value.markers, "b"))))
    return value


def latest(series: Iterable[Value]) -> Value | None:
    """The newest value that is a number; of a composition, its first slice."""
    known = [value for value in series if value.value is not None]
    return max(known, key=lambda value: value.period) if known else None


def at(series: Iterable[Value], period: str) -> tuple[Value, ...]:
    """The values of one period."""
    return tuple(value for value in series if value.period == period)


def _one_or_list(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _token(text: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in text.lower()).strip("-") or "x"
