"""A series as a ratio to a comparator of the same source: how money in current prices is set over time."""

from __future__ import annotations

from dataclasses import replace

from placebook.evidence.reading import Reading
from placebook.evidence.values import Value, at

ROLES = ("country", "region")


def ratios(reading: Reading) -> tuple[str, tuple[Value, ...]]:
    """The comparator's name, and the subject's figure for each 100 of the comparator's.

    Empty where neither England nor the region is published over time. A quotient of two published rows.
    """
    for role in ROLES:
        beside = reading.beside(role)
        quotients = (
            []
            if beside is None
            else [
                _ratio(value, same[0])
                for value in reading.series
                if value.value is not None and (same := at(beside.series, value.period)) and same[0].value
            ]
        )
        if beside is not None and len(quotients) > 1:
            return beside.name, tuple(quotients)
    return "", ()


def _ratio(value: Value, other: Value) -> Value:
    above, below = replace(value.inputs[0], part="numerator"), replace(other.inputs[0], part="denominator")
    markers = tuple(dict.fromkeys((*value.markers, *other.markers)))
    return replace(
        value,
        category=f"ratio to {other.area}",
        value=100 * value.number / other.number,
        lower=None,
        upper=None,
        unit="ratio",
        markers=markers,
        derivation="quotient",
        inputs=(above, below),
        per=100,
    )
