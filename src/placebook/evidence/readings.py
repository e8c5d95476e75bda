"""Indicator and place to reading: what a page may show, for which area really, beside whom.

The rules of geography honesty live here. A number is *direct* where it is published for exactly this
place; *best fit* where it is added up over the place's small areas, which only counts and shares of
counts allow; *wider* where only an area around the place is published, and then everything about the
reading names that area. A comparator is shown as published or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from placebook.catalogue.aggregations import (
    Composition,
    Flow,
    Share,
    SmallAreaIndex,
    SmallAreaValues,
    Sum,
    adds_up,
    measures_of,
)
from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Indicator
from placebook.catalogue.places import CountyPlace, DistrictPlace, GroupPlace
from placebook.evidence import small_areas, windows
from placebook.evidence.comparators import comparators
from placebook.evidence.coverage import Lack, former, lack
from placebook.evidence.district_band import Districts, districts
from placebook.evidence.flows import of_flow
from placebook.evidence.inside import inside
from placebook.evidence.place_view import PlaceView
from placebook.evidence.query_log import Asked
from placebook.evidence.reading import Absent, Reading
from placebook.evidence.store import Store
from placebook.evidence.values import Group, Value, latest
from placebook.geography.names import joined, located, with_article

ITL = ("itl3", "itl2")
WIDER_LEVELS = ("district", "county", "itl3", "itl2", "region", "country")


class Evidence(PlaceView):
    """Every indicator as it is read for one place."""

    def __init__(self, catalogue: Catalogue, store: Store, slug: str):
        super().__init__(catalogue, store, slug)
        self._readings: dict[str, Reading | Absent] = {}
        self.asked: dict[str, tuple[Asked, ...]] = {}
        """What each reading asked of the store, by indicator."""

    def read(self, indicator_id: str) -> Reading | Absent:
        """The reading of an indicator, or why there is none. The same object at every call."""
        if indicator_id not in self._readings:
            with self.store.listening() as asked:
                self._readings[indicator_id] = self._read(self.catalogue.indicators[indicator_id])
            self.asked[indicator_id] = tuple(dict.fromkeys(asked))
        return self._readings[indicator_id]

    def theme(self, theme_id: str) -> tuple[Reading, ...]:
        """The readings of a theme, in the order of its file, without the absent ones."""
        entries = (self.read(indicator.id) for indicator in self.catalogue.themes[theme_id].indicators)
        return tuple(reading for reading in entries if isinstance(reading, Reading))

    def absent(self) -> tuple[Absent, ...]:
        """Every indicator that cannot be shown for this place."""
        entries = (self.read(indicator) for indicator in self.catalogue.indicators)
        return tuple(entry for entry in entries if isinstance(entry, Absent))

    def _read(self, indicator: Indicator) -> Reading | Absent:
        if reason := self.left_out.get(indicator.id):
            return Absent(indicator, reason, "left_out")
        if isinstance(indicator.reads, SmallAreaIndex):
            return small_areas.of_index(self, indicator, indicator.reads) or self._no_figure(indicator)
        if isinstance(indicator.reads, SmallAreaValues):
            return small_areas.of_estimates(self, indicator, indicator.reads) or self._no_figure(indicator)
        if isinstance(indicator.reads, Flow):
            return of_flow(self, indicator, indicator.reads)
        subject, series, held_back = self._subject(indicator)
        if subject is None:
            return self._no_figure(indicator)
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
            bases=self._bases(indicator, [subject.code, *(comparator.code for comparator in beside)]),
            artefacts=self._artefacts(indicator, subject),
            lack=None if own else self._lack(indicator, subject),
            within=self.within,
        )

    def _among(self, indicator: Indicator, series: Sequence[Value]) -> dict[str, Districts]:
        by_period = {period: self._districts(indicator, period) for period in windows.needed(indicator, series)}
        return {period: districts for period, districts in by_period.items() if districts}

    def _bases(self, indicator: Indicator, codes: Sequence[str]) -> dict[str, float]:
        if indicator.weight is None or indicator.counts not in ("events", "stock"):
            return {}
        newest = {code: self.weights.newest(indicator, code) for code in codes}
        return self.weights.of_districts(indicator) | {code: base for code, base in newest.items() if base}

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

    def _no_figure(self, indicator: Indicator) -> Absent:
        """Why nothing can be shown of an indicator."""
        measure = measures_of(indicator.reads)[0]
        if set(indicator.levels) <= {"lsoa", "msoa"}:
            own = [*self.fit.lsoas, *self.fit.msoas]
            if not isinstance(indicator.reads, (Sum, Share, Composition, SmallAreaIndex, SmallAreaValues)):
                why = f"published for small areas only, and a {indicator.measure} is never added up"
                return Absent(indicator, why, "not_published")
            if next(self.store.cells(indicator.source, ("area",), measure=measure, areas=own), None):
                return Absent(indicator, "published for small areas of earlier boundaries, not all of which are left", "gone")
            return Absent(indicator, f"small areas {located(self.place.name)} are not held", "not_held")
        cause = self._lack(indicator)
        source = self.catalogue.sources[indicator.source]
        areas_held = self.store.areas(indicator.source, measure)
        if cause == "not_published" and any(self.areas[code].level in ITL for code in areas_held if code in self.areas):
            cause = "not_held"  # published for areas of economic accounts, of which this book knows those of one county
        reasons = {
            "not_published": f"no figure is published for {with_article(self.place.name)} or an area around it",
            "not_held": "held for other areas alone"
            if source.held_for
            else f"the book’s table does not reach {with_article(self.place.name)}",
            "gone": f"published for {joined(former(self.district, self.areas))} alone",
        }
        return Absent(indicator, reasons[cause], cause)

    def _lack(self, indicator: Indicator, subject: Group | None = None) -> Lack:
        """Why there is no figure of the place itself.

        Nobody publishes figures of a town: of it, why its district's is missing where a still wider area stands in.
        """
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
            lambda: districts(self.store, indicator, self.store.table_path(indicator.source), codes, period),
        )

    def _subject(self, indicator: Indicator) -> tuple[Group | None, tuple[Value, ...], tuple[Value, ...]]:
        """The narrowest area that the indicator can honestly be shown for, with its values.

        And what the publisher holds back of narrower ones.
        """
        candidates = self._own_groups(indicator) + self._wider_groups(indicator)
        by_group = self.series(indicator, candidates)
        held_back: tuple[Value, ...] = ()
        for group in candidates:
            if latest(by_group.get(group, ())):
                return group, by_group[group], held_back
            held_back = held_back or by_group.get(group, ())
        return None, (), held_back

    def _own_groups(self, indicator: Indicator) -> list[Group]:
        summable = adds_up(indicator.reads)
        own = []
        if isinstance(self.place, (DistrictPlace, CountyPlace)):  # whether there is a figure of it the table says
            own.append(self.own_group("direct", (self.place.code,)))
        if isinstance(self.place, (GroupPlace, CountyPlace)) and summable and "district" in indicator.levels:
            own.append(self.own_group("best_fit", self.districts))
        for small in ("lsoa", "msoa"):
            members = self.fit.members(small)
            if summable and small in indicator.levels and members:
                own.append(self.own_group("best_fit", members))
        return own

    def _wider_groups(self, indicator: Indicator) -> list[Group]:
        groups = []
        for level in WIDER_LEVELS:
            if level == self.place.kind or (level == "district" and not self.is_town):
                continue
            for code in self._codes(level):
                area = self.areas[code]
                groups.append(Group("place", code, area.name, area.level, "wider", (code,)))
        return groups

    def _codes(self, level: str) -> tuple[str, ...]:
        """Codes of the area of a level around the place, its equivalents included."""
        if level == "district":
            return self.districts
        if level == "itl3":
            return ()  # several make up one county: comparators, never stand-ins
        if level == "itl2":
            return self.county.itl2 if self.county else ()
        code = self.code_at(level)
        return self.areas.equivalents(code) if code else ()
