"""A ledger entry's number again from its inputs: how anybody can check the book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Key = tuple[str, str, str, str, str]
"""Area, period, measure, category and partner: what one row of a table is known by."""


def recompute(value: Mapping[str, Any], lookup: Callable[[str, Key], float]) -> float:
    """The number again from a ledger entry's inputs, by its derivation.

    ``lookup(table, key)`` gives the published number of one row. Share entries are per 100 unless
    the entry's ``per`` says otherwise. Raises KeyError where a row is not there.
    """
    sums: dict[str, float] = {}
    for entry in value["inputs"]:
        part = entry.get("part", "")
        total = sum(lookup(entry["table"], key) for key in each_key(entry["key"]))
        sums[part] = sums.get(part, 0.0) + total
    if value["derivation"] in ("published", "sum"):
        return sums[""]
    if value["derivation"] == "percentage":
        return float(value["per"] * sums[""])
    if value["derivation"] == "mean":
        return sums[""] / len(value["inputs"])
    if value["derivation"] == "share":
        return float(value.get("per", 100) * sums["numerator"] / sums["denominator"])
    if value["derivation"] == "quotient":  # or a share over the same share in a base
        quotient = sums["numerator"] / sums["denominator"]
        if "base_numerator" in sums:
            return quotient / (sums["base_numerator"] / sums["base_denominator"])
        return float(value.get("per", 1) * quotient)
    if value["derivation"] == "difference":
        return sums["minuend"] - sums["subtrahend"]
    raise ValueError(f"unknown derivation {value['derivation']!r}")


def each_key(key: Mapping[str, Any]) -> Iterable[Key]:
    """Every row's key that a ledger input stands for."""
    for area in _as_list(key["area"]):
        for category in _as_list(key["category"]):
            for partner in _as_list(key["partner"]):
                yield area, key["period"], key["measure"], category, partner


def _as_list(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
