"""What a place's page has figures of, and which of them carry a marker: in short, for the pages of the whole book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

GROUPS = {
    "direct": ("direct",),
    "best_fit": ("best_fit",),
    "own": ("direct", "best_fit"),
    "wider": ("wider",),
    "missing": ("not_published", "not_held", "gone"),
    "left_out": ("left_out",),
}
"""Kinds of coverage, and what belongs to them."""
KINDS = ("direct", "best_fit", "wider", "not_published", "not_held", "gone", "left_out")
"""The badges of a measure's figure, then why there is none."""


@dataclass(frozen=True)
class Coverage:
    """One page's coverage."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    """Measure to its badge, or to why the page has no figure of it: one of ``KINDS``."""
    figures: int = 0
    """How many figures the page shows, those beside the place's own among them."""
    markers: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Measure and marker to the number of figures that carry it."""

    @classmethod
    def of(cls, ledger: Mapping[str, Any]) -> Coverage:
        """Of a whole ledger (``Ledger.record``)."""
        values = [entry for entry in ledger["entries"] if entry["kind"] == "value"]
        markers = Counter((entry["indicator"], marker) for entry in values for marker in entry.get("markers", ()))
        return cls(ledger["page"].get("coverage", {}), len(values), markers)

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Coverage:
        """What ``record`` gave; of nothing what an earlier placebook wrote."""
        markers = {(name, marker): count for name, marker, count in record.get("markers", ())}
        return cls(record.get("kinds", {}), record.get("figures", 0), markers)

    def record(self) -> dict[str, Any]:
        markers = [[name, marker, count] for (name, marker), count in sorted(self.markers.items())]
        return {"kinds": dict(self.kinds), "figures": self.figures, "markers": markers}

    def count(self, group: str, measures: Iterable[str]) -> int:
        """How many of some measures belong to a group of ``GROUPS``."""
        return sum(self.kinds.get(name) in GROUPS[group] for name in measures)
