"""One number with its way back: the rows it was read from and what was done with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isnan
from typing import Any

from placebook.catalogue.models import Indicator


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
    numerator: float | None = None
    """Of a share: the count above, where it is known."""
    denominator: float | None = None

    @property
    def id(self) -> str:
        """Stable within a place: what it is, of whom, when."""
        parts = (self.indicator, self.role, self.area, self.period, self.category, self.partner)
        return "--".join(_token(part) for part in parts if part)

    @property
    def number(self) -> float:
        """The number itself. Raises ValueError where none is published."""
        if self.value is None:
            raise ValueError(f"{self.id} has no number")
        return self.value

    @property
    def has_limits(self) -> bool:
        return self.lower is not None and self.upper is not None


def value_of(
    indicator: Indicator,
    group: Group,
    *,
    measure: str,
    period: str,
    value: float | None,
    derivation: str,
    inputs: tuple[Inputs, ...],
    category: str = "",
    lower: float | None = None,
    upper: float | None = None,
    markers: tuple[str, ...] = (),
    partner: str = "",
    partner_name: str = "",
    per: int = 100,
    numerator: float | None = None,
    denominator: float | None = None,
) -> Value:
    """A value of an indicator for an area: what follows from these two is filled in."""
    return Value(
        indicator.id,
        measure,
        category,
        group.code,
        group.name,
        group.level,
        group.role,
        group.badge,
        period,
        value,
        lower,
        upper,
        indicator.unit,
        markers,
        derivation,
        inputs,
        indicator.source,
        partner,
        partner_name,
        per,
        numerator,
        denominator,
    )


def number(raw: float) -> float | None:
    """None for a missing number; zero is a value."""
    return None if raw is None or isnan(raw) else float(raw)


def latest(series: Iterable[Value]) -> Value | None:
    """The newest value that is a number; of a composition, its first slice."""
    numbers = [value for value in series if value.value is not None]
    return max(numbers, key=lambda value: value.period) if numbers else None


def at(series: Iterable[Value], period: str) -> tuple[Value, ...]:
    """The values of one period."""
    return tuple(value for value in series if value.period == period)


def _one_or_list(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


@lru_cache(maxsize=4096)
def _token(text: str) -> str:
    return re.sub(r"[\W_]", "-", text.lower()).strip("-") or "x"
