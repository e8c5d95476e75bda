"""Counts added up over areas and categories, where every row that belongs to the sum is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from placebook.catalogue.aggregations import Part, expand_categories
from placebook.evidence.store import Store
from placebook.evidence.values import Group, Inputs


@dataclass(frozen=True)
class Total:
    """A sum of counts, None where a row of it is withheld, with where it stands."""

    value: float | None
    markers: tuple[str, ...]
    inputs: Inputs


Cells = dict[str, dict[str, dict[str, tuple[float, str]]]]
"""Area to period to category to number and markers."""


def cells_of(store: Store, source: str, measure: str, groups: Sequence[Group], categories: Iterable[str]) -> Cells:
    """The published cells of a measure that these groups are made from, read once."""
    wanted = {code for group in groups for code in group.members}
    rows = store.cells(
        source,
        ("area", "period", "category", "value", "markers"),
        measure=measure,
        category=frozenset(categories),
        areas=wanted,
        partner="",
    )
    cells: Cells = {}
    here = None  # the rows are sorted: those of an area and period follow one another
    for area, period, category, value, markers in rows:
        if (area, period) != here:
            here = (area, period)
            of_period = cells.setdefault(area, {}).setdefault(period, {})
        of_period[category] = (value, markers)
    return cells


def totals(
    cells: Cells,
    measure: str,
    categories: tuple[str, ...],
    table: str,
    groups: Sequence[Group],
    name: str = "",
) -> dict[Group, dict[str, Total]]:
    """For each group and period the sum over its members and the categories.

    A period in which one of the cells is not there has no total.
    """
    by_group: dict[Group, dict[str, Total]] = {}
    for group in groups:
        for period in sorted(cells.get(group.members[0], {})):
            parts = _known(cells, group.members, period, categories)
            if parts is None:
                continue
            value = sum(number for number, _ in parts)  # NaN where one of them is
            missing = isnan(value)
            withheld = {m for number, text in parts if isnan(number) for m in text.split()} if missing else ()
            by_group.setdefault(group, {})[period] = Total(
                None if missing else float(value),
                tuple(sorted(withheld)),
                Inputs(table, group.members, period, measure, categories, part=name),
            )
    return by_group


def _known(cells: Cells, members: Sequence[str], period: str, categories: Sequence[str]) -> list[tuple[float, str]] | None:
    """The cells of all members and categories; None where one is not there."""
    parts: list[tuple[float, str]] = []
    for area in members:
        of_area = cells.get(area, {}).get(period, {})
        try:
            parts += [of_area[category] for category in categories]
        except KeyError:
            return None
    return parts


def part_totals(
    store: Store, source: str, part: Part, table: str, groups: Sequence[Group], name: str = ""
) -> dict[Group, dict[str, Total]]:
    """The totals of one part of an indicator."""
    categories = expand_categories(part.categories) or ("",)
    cells = cells_of(store, source, part.measure, groups, categories)
    return totals(cells, part.measure, categories, table, groups, name)
