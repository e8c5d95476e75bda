"""Indicator and place to reading: what a page may show, for which area really, beside whom.

The rules of geography honesty live here. A number is *direct* where it is published for exactly this
place; *best fit* where it is added up over the place's small areas, which only counts and shares of
counts allow; *wider* where only an area around the place is published, and then everything about the
reading names that area. A comparator is shown as published or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from placebook.catalogue.aggregations import (
    Composition,
    Flow,
    LocationQuotient,
    Share,
    SmallAreaIndex,
    SmallAreaValues,
    Sum,
    measures_of,
)
from placebook.catalogue.models import Indicator, Source
from placebook.catalogue.places import TownPlace
from placebook.evidence import shapes, windows
from placebook.evidence.comparators import comparators
from placebook.evidence.coverage import Lack, former, lack
from placebook.evidence.district_band import Districts, districts
from placebook.evidence.inside import inside
from placebook.evidence.query_log import Asked
from placebook.evidence.reading import Absent, Reading
from placebook.evidence.series import values_of
from placebook.evidence.values import Group, Value, latest
from placebook.evidence.weights import Weights
from placebook.geography.areas import Areas, Neighbour
from placebook.geography.fit import Fit, fit
from placebook.geography.names import joined, located, with_article

ITL = ("itl3", "itl2")
WIDER_LEVELS = ("district", "county", "itl3", "itl2", "region", "country")


class Catalogue(Protocol):
    sources: dict[str, Source]
    themes: dict[str, Any]
    indicators: dict[str, Indicator]
    counties: dict[str, Any]
    places: dict[str, Any]
    areas: Areas

    def county_of(self, slug: str) -> str: ...


class Evidence:
    """The store seen from one place."""

    def __init__(self, catalogue: Catalogue, store: Any, slug: str):
        self.catalogue = catalogue
        self.store = store
        self.slug = slug
        self.place = catalogue.places[slug]
        self.areas = catalogue.areas
        self.weights = Weights(store, catalogue.areas)
        self._readings: dict[str, Reading | Absent] = {}
        self.asked: dict[str, tuple[Asked, ...]] = {}
        """What each reading asked of the store, by indicator."""

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
        return self.catalogue.counties.get(self.catalogue.county_of(self.slug))

    @property
    def around(self) -> str:
        """The name of the county or, without one, of the region that the place lies in; "" for a London borough."""
        district = self.areas[self.district]
        if self.county or "county" in district.parents:
            return str(self.county.name) if self.county else self.areas[district.parents["county"]].name
        return "" if district.level_words == "London borough" else self.areas[self.code_at("region")].name

    @cached_property
    def peers(self) -> tuple[Neighbour, ...]:
        """ONS's statistical neighbours in England that are shown, nearest first."""
        if "peer" not in self.place.comparators:
            return ()
        near = self.areas.neighbours(self.district)
        english = [n for n in near if n.code in self.areas and self.areas[n.code].level == "district"]
        return tuple(english[: self.place.peers])

    @cached_property
    def fit(self) -> Fit:
        if isinstance(self.place, TownPlace):
            return fit(self.areas, self.place.lsoas)
        return fit(self.areas, [a.code for a in self.areas.children(self.district, "lsoa") if a.vintage.startswith("2021")])

    def code_at(self, level: str) -> str:
        """The code of the area of ``level`` that the place lies in; "" where there is none."""
        if level == "district":
            return self.district
        return self.areas[self.district].parents.get(level, "")

    # ------------------------------------------------------------ readings

    def read(self, indicator_id: str) -> Reading | Absent:
        """The reading of an indicator, or why there is none. The same object at every call."""
        if indicator_id not in self._readings:
            with self.store.listening() as asked:
                self._readings[indicator_id] = self._read(self.catalogue.indicators[indicator_id])
            self.asked[indicator_id] = tuple(dict.fromkeys(asked))
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
            return shapes.of_index(self, indicator)
        if isinstance(indicator.reads, SmallAreaValues):
            return shapes.of_estimates(self, indicator)
        if isinstance(indicator.reads, Flow):
            return shapes.of_flow(self, indicator)
        subject, series, held_back = self._subject(indicator)
        if subject is None:
            return self.no_figure(indicator)
        period = getattr(latest(series), "period", "")
        own = subject.badge != "wider"
        beside = comparators(self, indicator, subject, period)
        ranked = subject.level in ("district", "town")
        return Reading(
            indicator=indicator,
            source=self.catalogue.sources[indicator.source],
            subject=subject,
            place_name=self.place.name,
            series=series,
            comparators=beside,
            districts=self._districts(indicator, period) if ranked else None,
            inside=inside(self, indicator) if own and indicator.inside else None,
            held_back=held_back,
            among=self._among(indicator, series) if ranked else {},
            bases=self._bases(indicator, [subject.code, *(found.code for found in beside)]),
            artefacts=self._artefacts(indicator, subject),
            lack=None if own else self._lack(indicator, subject),
        )

    def _among(self, indicator: Indicator, series: Sequence[Value]) -> dict[str, Districts]:
        found = {period: self._districts(indicator, period) for period in windows.needed(indicator, series)}
        return {period: districts for period, districts in found.items() if districts}

    def _bases(self, indicator: Indicator, codes: Sequence[str]) -> dict[str, float]:
        if indicator.weight is None or indicator.counts not in ("events", "stock"):
            return {}
        found = {code: self.weights.newest(indicator, code) for code in codes}
        return self.weights.of_districts(indicator) | {code: base for code, base in found.items() if base}

    def _artefacts(self, indicator: Indicator, subject: Group) -> tuple[str, ...]:
        """The periods in which a measure of the artefact's name is too far out to be a finding."""
        if indicator.barred_by is None or subject.level != "district":
            return ()
        group = Group("place", subject.code, subject.name, "district", "direct", (subject.code,))
        periods = set()
        for other in self.catalogue.indicators.values():
            if other.artefact and other.artefact.name == indicator.barred_by:
                series = self.series(other, [group]).get(group, ())
                periods |= {value.period for value in series if other.artefact.holds(value.value)}
        return tuple(sorted(periods))

    def no_figure(self, indicator: Indicator) -> Absent:
        """Why nothing can be shown of an indicator."""
        held = self.store.areas(indicator.source, measures_of(indicator.reads)[0])
        if set(indicator.levels) <= {"lsoa", "msoa"}:
            if not isinstance(indicator.reads, (Sum, Share, Composition, SmallAreaIndex, SmallAreaValues)):
                why = f"published for small areas only, and a {indicator.measure} is never added up"
                return Absent(indicator, why, "not_published")
            if held & {*self.fit.lsoas, *self.fit.msoas}:
                return Absent(indicator, "published for small areas of earlier boundaries, not all of which are left", "gone")
            return Absent(indicator, f"small areas {located(self.place.name)} are not held", "not_held")
        found = self._lack(indicator)
        source = self.catalogue.sources[indicator.source]
        if found == "not_published" and any(self.areas[code].level in ITL for code in held if code in self.areas):
            found = "not_held"  # published for areas of economic accounts, of which this book knows those of one county
        reasons = {
            "not_published": f"no figure is published for {with_article(self.place.name)} or an area around it",
            "not_held": f"held for {joined([self.areas[code].name for code in source.held_for])} alone"
            if source.held_for
            else f"the book’s table does not reach {with_article(self.place.name)}",
            "gone": f"published for {joined(former(self.district, self.areas))} alone",
        }
        return Absent(indicator, reasons[found], found)

    def _lack(self, indicator: Indicator, subject: Group | None = None) -> Lack:
        """Why there is no figure of the place itself; of a town, which nobody publishes figures of, why its district's is missing
        where a still wider area stands in."""
        if self.is_town and subject is not None and subject.level == "district":
            return "not_published"
        source = self.catalogue.sources[indicator.source]
        if source.held_for and not {self.district, *self.areas[self.district].parents.values()} & set(source.held_for):
            return "not_held"
        if self.district in source.only_former:
            return "gone"
        return lack(self.store.areas(indicator.source, measures_of(indicator.reads)[0]), self.district, self.areas)

    def _districts(self, indicator: Indicator, period: str) -> Districts | None:
        codes = [area.code for area in self.areas.of_level("district")]
        return self.store.once(
            ("districts", indicator.source, indicator.reads, period),
            lambda: districts(self.store, indicator, self.table(indicator.source), codes, period),
        )

    def series(self, indicator: Indicator, groups: Sequence[Group]) -> dict[Group, tuple[Value, ...]]:
        """The values of an indicator for any groups of areas."""
        return values_of(self.store, indicator, self.table(indicator.source), groups)

    def _subject(self, indicator: Indicator) -> tuple[Group | None, tuple[Value, ...], tuple[Value, ...]]:
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

    def own_group(self, badge: str, members: tuple[str, ...]) -> Group:
        """The place itself, a town by its slug and a district by its code, made up of ``members``."""
        level = "town" if self.is_town else "district"
        return Group("place", self.slug if self.is_town else self.district, self.place.name, level, badge, members)

    def _own_groups(self, indicator: Indicator) -> list[Group]:
        summable = isinstance(indicator.reads, (Sum, Share, Composition, LocationQuotient))
        own = []
        if not self.is_town:  # whether there is a figure of it the table says: some levels are published for some districts
            own.append(self.own_group("direct", (self.district,)))
        for small in ("lsoa", "msoa"):
            members = self.fit.members(small)
            if summable and small in indicator.levels and members:
                own.append(self.own_group("best_fit", members))
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
