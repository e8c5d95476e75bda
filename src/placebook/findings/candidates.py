"""What could be told of a place, how far out it is, and which rule leaves it out: see docs/findings in the methods page.

Rules are numbered R1 to R13 as the methods page numbers them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from placebook.catalogue.models import Indicator
from placebook.evidence.periods import span
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value

FARTHEST = 3.0
"""A robust z counts no further than this."""
NOT_CORE = 0.7
NEVER_KEY = 0.5
"""A measure of lower priority opens no page."""
RECENT, OLD = 3, 6
"""Years from a period's end to the edition: up to the first it counts in full, beyond the second by half."""
Type = Literal["level", "change", "inside", "relation", "passing"]


@dataclass(frozen=True)
class Candidate:
    """One thing that could be told of a place."""

    type: Type
    indicators: tuple[str, ...]
    section: str
    """The theme that it belongs to."""
    concept: str
    subject: str
    """The area that it is about, by name."""
    z: float
    core: bool
    priority: float
    quality: float
    recency: float
    good: bool | None
    values: tuple[Value, ...]
    """The figures that it rests on, the subject's own newest first."""
    rules: Mapping[str, Mapping[str, float | str | None]] = field(default_factory=dict)
    """Which rules it passed, with the figures of each."""
    left_out: str = ""
    """The rule that leaves it out; "" where it may be told."""
    wider: bool = False
    """Of a town: whether it is about its district."""
    detail: str = ""
    asks_local: str = ""
    """What only somebody who knows the place can answer; "" where nothing is asked."""

    @property
    def id(self) -> str:
        """Stable within a place."""
        return "--".join(part for part in ("finding", self.type, *self.indicators, self.detail) if part)

    @property
    def score(self) -> float:
        """R10: how far out, times how much it matters, how sure and how new it is."""
        size = min(abs(self.z), FARTHEST) * (1.0 if self.core else NOT_CORE)
        return size * self.priority * self.quality * self.recency


def about(
    reading: Reading,
    type_: Type,
    section: str,
    on: date,
    values: tuple[Value, ...],
    *,
    z: float,
    core: bool,
    good: bool | None,
    rules: Mapping[str, Mapping[str, float | str | None]],
    left_out: str = "",
    steps: int | None = None,
    detail: str = "",
) -> Candidate:
    """A candidate about one measure: its weight, quality and age are those of the measure and of the newest figure."""
    indicator = reading.indicator
    return Candidate(
        type_,
        (indicator.id,),
        section,
        indicator.concept or indicator.id,
        reading.subject.name,
        z,
        core,
        indicator.priority,
        quality(indicator, steps),
        recency(indicator, values[0].period, on),
        good,
        values,
        rules,
        left_out or ("R10" if indicator.priority == 0 else ""),
        detail=detail,
    )


def recency(indicator: Indicator, period: str, on: date) -> float:
    """R10: from the period's end to the day when the edition's newest figures were taken, never the clock."""
    years = (on - span(period).end).days / 365.25
    return 1.0 if years <= RECENT else 0.8 if years <= OLD else 0.5


def quality(indicator: Indicator, steps: int | None = None) -> float:
    """R10: 1 what is tested or a stock, 0.8 without a published margin, 0.6 what is modelled or a short series."""
    if steps is not None and steps < 6:
        return 0.6
    if indicator.uncertainty == "modelled" or indicator.measure == "modelled":
        return 0.6
    if indicator.uncertainty == "estimate_without_limits" and indicator.counts != "stock":
        return 0.8
    return 1.0


def good(indicator: Indicator, higher: bool) -> bool | None:
    """Whether a high figure is good news; None where it is neither."""
    return None if indicator.polarity == "neither" else higher == (indicator.polarity == "higher_is_better")
