"""Indicator and place to reading: what a page may show, for which area really, beside whom.

The rules of geography honesty live here. A number is *direct* where it is published for exactly this
place; *best fit* where it is added up over the place's small areas, which only counts and shares of
counts allow; *wider* where only an area around the place is published, and then everything about the
reading names that area. A comparator is shown as published or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from placebook.catalogue.models import Indicator, Source
from placebook.catalogue.reads import (
    Composition,
    Flow,
    LocationQuotient,
    Share,
    SmallAreaIndex,
    SmallAreaValues,
    Sum,
)
from placebook.catalogue.places import TownPlace
from placebook.evidence import special
from placebook.evidence.comparators import Comparator, comparators
from placebook.evidence.districts import Band, Districts, band, districts
from placebook.evidence.flows import flows
from placebook.evidence.inside import Inside, inside
from placebook.evidence.series import values_of
from placebook.evidence.values import Group, Value, at, latest
from placebook.geography.areas import Areas, Neighbour
from placebook.geography.fit import Fit, fit

WIDER_LEVELS = ("district", "county", "itl3", "itl2", "region", "country")


class Catalogue(Protocol):
    sources: dict[str, Source]
    themes: dict[str, Any]
    indicators: dict[str, Indicator]
    counties: dict[str, Any]
    places: dict[str, Any]
    areas: Areas


@dataclass(frozen=True)
class Reading:
    """What may be shown of one indicator on one place's page."""

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
    counts: tuple[special.Count, ...] = ()
    domains: tuple[tuple[str, tuple[special.Count, ...]], ...] = ()
    """What an index is made of, each counted by decile."""
    inside: Inside | None = None
    """The same measure for every small area of the place."""
    held_back: tuple[Value, ...] = ()
    """The place's own values where the publisher holds back every one and a wider area stands in."""

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
        return next((found for found in self.comparators if found.role == role), None)


@dataclass(frozen=True)
class Absent:
    """An indicator that no area around the place is published for."""

    indicator: Indicator
    reason: str


class Evidence:
    """The store seen from one place."""

    def __init__(self, catalogue: Catalogue, store: Any, slug: str):
        self.catalogue = catalogue
        self.store = store
        self.slug = slug
        self.place = catalogue.places[slug]
        self.areas = catalogue.areas
        self._readings: dict[str, Reading | Absent] = {}

    # ------------------------------------------------------------ the place

    @property
    def is_town(self) -> bool:
        return isinstance(self.place, TownPlace)

    @cached_property
    def district(self) -> str:
        """The district that the place is or lies in."""
        return self.place.parent if isinstance(self.place, TownPlace) else self.place.code

    @cached_property
    def county(self) -> Any:
        """The county's record, or None where no county file lists the district."""
        if self.place.county:
            return self.catalogue.counties[self.place.county]
        listed = (c for c in self.catalogue.counties.values() if self.district in c.districts)
        return next(listed, None)

    @cached_property
    def peers(self) -> tuple[Neighbour, ...]:
        """ONS's statistical neighbours in England that are shown, nearest first."""
        if "peer" not in self.place.comparators:
            return ()
        english = [n for n in self.areas.neighbours(self.district) if n.code in self.areas]
        return tuple(english[: self.place.peers])

    @cached_property
    def fit(self) -> Fit:
        if isinstance(self.place, TownPlace):
            return fit(self.areas, self.place.lsoas)
        return fit(self.areas, [a.code for a in self.areas.children(self.district, "lsoa")
                                if a.vintage.startswith("2021")])  # fmt: skip

    def code_at(self, level: str) -> str:
        """The code of the area of ``level`` that the place lies in; "" where there is none."""
        if level == "district":
            return self.district
        return self.areas[self.district].parents.get(level, "")

    # ------------------------------------------------------------ readings

    def read(self, indicator_id: str) -> Reading | Absent:
        """The reading of an indicator, or why there is none. The same object at every call."""
        if indicator_id not in self._readings:
            self._readings[indicator_id] = self._read(self.catalogue.indicators[indicator_id])
        return self._readings[indicator_id]

    def theme(self, theme_id: str) -> tuple[Reading, ...]:
        """The readings of a theme, in the order of its file, without the absent ones."""
        found = (self.read(indicator.id) for indicator in self.catalogue.themes[theme_id].indicators)
        return tuple(reading for reading in found if isinstance(reading, Reading))

    def absent(self) -> tuple[Absent, ...]:
        """Every indicator that cannot be shown for this place."""
        found = (self.read(indicator) for indicator in self.catalogue.indicators)
        return tuple(entry for entry in found if isinstance(entry, Absent))

    @cached_property
    def edition_date(self) -> date:
        """The newest day on which figures were taken: what the age of a figure is counted to."""
        return max(source.retrieved for source in self.catalogue.sources.values())

    def table(self, source_id: str) -> str:
        return self.store.table_path(source_id)

    def _read(self, indicator: Indicator) -> Reading | Absent:
        if isinstance(indicator.reads, SmallAreaIndex):
            return self._small_areas(indicator)
        if isinstance(indicator.reads, SmallAreaValues):
            return self._estimates(indicator)
        if isinstance(indicator.reads, Flow):
            return self._flow(indicator)
        subject, series, held_back = self._subject(indicator)
        if subject is None:
            return Absent(indicator, self._why_absent(indicator))
        period = getattr(latest(series), "period", "")
        own = subject.badge != "wider"
        return Reading(
            indicator=indicator,
            source=self.catalogue.sources[indicator.source],
            subject=subject,
            place_name=self.place.name,
            series=series,
            comparators=comparators(self, indicator, subject, period),
            districts=self._districts(indicator, period) if subject.level in ("district", "town") else None,
            inside=inside(self, indicator) if own and indicator.inside else None,
            held_back=held_back,
        )

    def _why_absent(self, indicator: Indicator) -> str:
        if set(indicator.levels) <= {"lsoa", "msoa"}:
            summable = isinstance(indicator.reads, (Sum, Share, Composition, SmallAreaIndex, SmallAreaValues))
            if not summable:
                return f"published for small areas only, and a {indicator.measure} is never added up"
            return "the book holds no small-area figures here"
        return f"the source publishes no figure for {self.place.name} or an area around it"

    def _districts(self, indicator: Indicator, period: str) -> Districts | None:
        codes = [area.code for area in self.areas.of_level("district")]
        return districts(self.store, indicator, self.table(indicator.source), codes, period)

    def series(self, indicator: Indicator, groups: Sequence[Group]) -> dict[Group, tuple[Value, ...]]:
        """The values of an indicator for any groups of areas."""
        return values_of(self.store, indicator, self.table(indicator.source), groups)

    def _subject(
        self, indicator: Indicator
    ) -> tuple[Group | None, tuple[Value, ...], tuple[Value, ...]]:
        """The narrowest area that the indicator can honestly be shown for, with its values.

        And what the publisher holds back of narrower ones.
        """
        candidates = self._own_groups(indicator) + self._wider_groups(indicator)
        found = self.series(indicator, candidates)
        held_back: tuple[Value, ...] = ()
        for group in candidates:
            if latest(found.get(group, ())):
                return group, found[group], held_back
            held_back = held_back or found.get(group, ())
        return None, (), held_back

    def _own_groups(self, indicator: Indicator) -> list[Group]:
        name, slug = self.place.name, self.slug
        summable = isinstance(indicator.reads, (Sum, Share, Composition, LocationQuotient))
        level = "town" if self.is_town else "district"
        code = slug if self.is_town else self.district
        own = []
        if not self.is_town and "district" in indicator.levels:
            own.append(Group("place", code, name, level, "direct", (code,)))
        for small in ("lsoa", "msoa"):
            members = self.fit.members(small)
            if summable and small in indicator.levels and members:
                own.append(Group("place", code, name, level, "best_fit", members))
        return own

    def _wider_groups(self, indicator: Indicator) -> list[Group]:
        groups = []
        for level in WIDER_LEVELS:
            if level == "district" and not self.is_town:
                continue
            for code in self._codes(level):
                area = self.areas[code]
                groups.append(Group("place", code, area.name, area.level, "wider", (code,)))
        return groups

    def _codes(self, level: str) -> tuple[str, ...]:
        """Codes of the area of a level around the place, its equivalents included."""
        if level == "itl3":
            return ()  # several make up one county: comparators, never stand-ins
        if level == "itl2":
            return self.county.itl2 if self.county else ()
        code = self.code_at(level)
        return self.areas.equivalents(code) if code else ()

    # ------------------------------------------------------------ special shapes

    def _small_areas(self, indicator: Indicator) -> Reading | Absent:
        members = self._indexed(indicator)
        level = "town" if self.is_town else "district"
        code = self.slug if self.is_town else self.district
        badge = "best_fit" if self.is_town else "direct"
        subject = Group("place", code, self.place.name, level, badge, members)
        details = special.small_areas(
            self.store, indicator, self.table(indicator.source), members, self.areas
        )
        if not details:
            return Absent(indicator, self._why_absent(indicator))
        return Reading(
            indicator, self.catalogue.sources[indicator.source], subject, self.place.name, (), (), None,
            details=details, counts=special.by_decile(indicator, details, indicator.reads.decile),
            domains=special.domains(
                self.store, indicator, self.table(indicator.source), members, self.areas
            ),
        )  # fmt: skip

    def _indexed(self, indicator: Indicator) -> tuple[str, ...]:
        """The small areas whose index is shown: the place's own, or those of the edition's boundaries.

        An index of an earlier vintage is counted over the district's small areas of that vintage. A town is
        a set of today's, so it is shown only where every one of them was there before.
        """
        reads = indicator.reads
        assert isinstance(reads, SmallAreaIndex)
        held = self.store.areas(indicator.source, reads.decile)
        if self.is_town or set(self.fit.lsoas) <= held:
            return self.fit.lsoas
        children = self.areas.children(self.district, "lsoa")
        earlier = [area.code for area in children if not area.vintage.startswith("2021")]
        if not earlier or not set(earlier) <= held:
            return self.fit.lsoas
        return tuple(area.code for area in children if area.code in held)

    def _estimates(self, indicator: Indicator) -> Reading | Absent:
        level = "town" if self.is_town else "district"
        code = self.slug if self.is_town else self.district
        members = self.fit.msoas if "msoa" in indicator.levels else self.fit.lsoas
        badge = "best_fit" if self.is_town else "direct"
        details = special.estimates(
            self.store, indicator, self.table(indicator.source), members, self.areas
        )
        if not details:
            return Absent(indicator, "the book holds no small-area figures here")
        subject = Group("place", code, self.place.name, level, badge, members)
        return Reading(
            indicator, self.catalogue.sources[indicator.source], subject, self.place.name, (), (), None,
            details=details,
        )  # fmt: skip

    def _flow(self, indicator: Indicator) -> Reading | Absent:
        subject = self._travelling(indicator)
        if subject is None:
            return Absent(indicator, "shown for towns; the district’s own flows are shown instead")
        series, details = flows(
            self.store, indicator, self.table(indicator.source), subject, self.areas
        )
        if not details:
            complete = "complete " if getattr(indicator.reads, "margin", None) else ""
            return Absent(indicator, f"the book holds no {complete}origins and destinations here")
        return Reading(
            indicator, self.catalogue.sources[indicator.source], subject, self.place.name, series, (),
            None, details=details,
        )  # fmt: skip

    def _travelling(self, indicator: Indicator) -> Group | None:
        """Whose flows are shown: the town's own MSOAs together, or the district."""
        if "msoa" in indicator.levels:
            if not self.is_town or not self.fit.msoas:
                return None
            return Group("place", self.slug, self.place.name, "town", "best_fit", self.fit.msoas)
        area = self.areas[self.district]
        badge = "wider" if self.is_town else "direct"
        return Group("place", area.code, area.name, area.level, badge, (area.code,))
