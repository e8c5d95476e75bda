"""What was read of one indicator for one place: a reading, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from placebook.catalogue.models import Indicator, Source
from placebook.evidence.coverage import Lack
from placebook.evidence.district_band import Band, Districts, band
from placebook.evidence.values import Group, Value, at, latest


@dataclass(frozen=True)
class Comparator:
    """One comparator of a reading: its values, or none where the source does not publish it."""

    role: str
    code: str
    name: str
    rank: int
    """Rank among ONS's statistical neighbours; 0 for all other comparators."""
    series: tuple[Value, ...]
    contains: bool = False
    """Whether it contains the reading's subject."""
    share: float | None = None
    """The subject's share of it in the newest period, by the indicator's own denominator, where held."""
    share_ever: float | None = None
    """The same in the newest year held: says whether the share is small."""
    lack: Lack | None = None
    """Why it has no figure."""


@dataclass(frozen=True)
class Inside:
    """The newest values of all small areas of a place, largest first."""

    level: str
    """``lsoa`` or ``msoa``."""
    values: tuple[Value, ...]
    everywhere: tuple[float, ...]
    """The same measure of every small area held around the place: a map's classes are drawn from
    these, so that two places of one county have the same classes."""


@dataclass(frozen=True)
class Count:
    """How many small areas fall in one decile. An index is never added up, only counted."""

    indicator: str
    decile: int
    count: int
    areas: tuple[str, ...]
    of: int
    measure: str = ""


@dataclass(frozen=True, eq=False)
class Reading:
    """What may be shown of one indicator on one place's page; known by itself, so that what is made of it can be kept."""

    indicator: Indicator
    source: Source
    subject: Group
    place_name: str
    series: tuple[Value, ...]
    """The subject's values, oldest first; of a composition, all slices of a period together."""
    comparators: tuple[Comparator, ...]
    districts: Districts | None
    """The figures of the English districts at the newest period."""
    details: tuple[Value, ...] = ()
    """Small areas of an index or with estimates of their own, partners of a flow."""
    counts: tuple[Count, ...] = ()
    domains: tuple[tuple[str, tuple[Count, ...]], ...] = ()
    """What an index is made of, each counted by decile."""
    inside: Inside | None = None
    """The same measure for every small area of the place."""
    held_back: tuple[Value, ...] = ()
    """The place's own values where the publisher holds back every one and a wider area stands in."""
    within: str = ""
    """Of a town's own figures: the district or districts that it lies in, as a sentence names them."""
    around: tuple[Value, ...] = ()
    """Of a town's index the ranks of all small areas of its district, the most deprived first."""
    lack: Lack | None = None
    """Of a wider reading: why there is no figure of the place itself."""
    among: Mapping[str, Districts] = field(default_factory=dict, repr=False)
    """The figures of the English districts at the periods that readings taken together or a change rest on."""
    bases: Mapping[str, float] = field(default_factory=dict, repr=False)
    """How many stand behind a published rate, by area: the subject, its comparators, the districts."""
    artefacts: tuple[str, ...] = ()
    """Periods in which the place's registers were no picture of its firms: see ``Indicator.barred_by``."""

    @cached_property
    def band(self) -> Band | None:
        """Five numbers of the English districts."""
        return band(self.districts)

    @property
    def period(self) -> str:
        """The newest period with a number."""
        newest = latest(self.series)
        return newest.period if newest else ""

    @property
    def now(self) -> tuple[Value, ...]:
        """The subject's values of the newest period: one, or all slices."""
        return at(self.series, self.period)

    @property
    def withheld(self) -> tuple[Value, ...]:
        """Values newer than the newest number that the publisher holds back."""
        return tuple(v for v in self.series if v.period > self.period and v.value is None)

    @property
    def wider(self) -> bool:
        return self.subject.badge == "wider"

    def beside(self, role: str) -> Comparator | None:
        return next((comparator for comparator in self.comparators if comparator.role == role), None)


@dataclass(frozen=True)
class Absent:
    """An indicator of which neither the place nor an area around it has a figure here."""

    indicator: Indicator
    reason: str
    """In words that follow the name of the measure."""
    lack: Lack
