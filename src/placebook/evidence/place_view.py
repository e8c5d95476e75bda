"""The store seen from one place: the areas around it, its small areas, and series of values for any of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Indicator
from placebook.catalogue.places import County, CountyPlace, DistrictPlace, TownPlace
from placebook.evidence.series import values_of
from placebook.evidence.store import Store
from placebook.evidence.values import Group, Value
from placebook.evidence.weights import Weights
from placebook.geography.areas import Neighbour
from placebook.geography.fit import Fit, fit
from placebook.geography.names import joined, with_article


class PlaceView:
    """One place of the catalogue, and what the store can give for it and for the areas around it."""

    def __init__(self, catalogue: Catalogue, store: Store, slug: str):
        self.catalogue = catalogue
        self.store = store
        self.slug = slug
        self.place = catalogue.places[slug]
        self.areas = catalogue.areas
        self.weights = Weights(store, catalogue.areas)

    @property
    def is_town(self) -> bool:
        return isinstance(self.place, TownPlace)

    @property
    def is_district(self) -> bool:
        return isinstance(self.place, DistrictPlace)

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """The districts that the place is, lies in or consists of; of a town first the one that most of it lies in."""
        own = [self.areas[code].parents["district"] for code in self.fit.lsoas] if self.is_town else []
        return tuple(sorted(self.catalogue.districts_of(self.place), key=lambda code: -own.count(code)))

    @property
    def district(self) -> str:
        """The first of these."""
        return self.districts[0]

    @property
    def within(self) -> str:
        """The names of the districts that a town lies in, as a sentence says them; "" for any other place."""
        return joined([with_article(self.areas[code].name) for code in self.districts]) if self.is_town else ""

    @cached_property
    def county(self) -> County | None:
        """The county's record, or None where no county file lists the district."""
        return self.catalogue.counties.get(self.catalogue.county_of(self.slug))

    @property
    def around(self) -> str:
        """The name of the county or, without one, of the region that the place lies in; "" for a London borough."""
        if self.county and not isinstance(self.place, CountyPlace):
            return str(self.county.name)
        around = self.code_at("county") or self.code_at("region")
        return self.areas[around].name if around and self.areas[self.district].level_words != "London borough" else ""

    @cached_property
    def left_out(self) -> dict[str, str]:
        """Measures that the page leaves out, by themselves or with their section, each with the reason."""
        reasons = self.place.leave_out
        of_sections = {
            indicator.id: reasons[name]
            for name, theme in self.catalogue.themes.items()
            if name in reasons
            for indicator in theme.indicators
        }
        return of_sections | {name: reason for name, reason in reasons.items() if name in self.catalogue.indicators}

    @property
    def peers(self) -> tuple[Neighbour, ...]:
        """The districts that stand beside the place as its like: those that were chosen, else its statistical neighbours."""
        chosen = enumerate(self.place.chosen_peers, 1)
        return tuple(Neighbour(at, code, self.areas[code].name) for at, code in chosen) or self.neighbours

    @cached_property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """ONS's statistical neighbours in England that are shown, nearest first; none that the place lies in itself.

        None where other districts were chosen in their place.
        """
        if "peer" not in self.place.roles or self.place.chosen_peers or not (self.is_town or self.is_district):
            return ()
        near = self.areas.neighbours(self.district)
        english = [
            n for n in near if n.code not in self.districts and n.code in self.areas and self.areas[n.code].level == "district"
        ]
        return tuple(english[: self.place.peers])

    @cached_property
    def fit(self) -> Fit:
        return fit(self.areas, self.catalogue.lsoas_of(self.place))

    def code_at(self, level: str) -> str:
        """The code of the area of ``level`` that the place lies in; "" where there is none, or several."""
        if level == "district" and self.is_district:
            return self.district
        if isinstance(self.place, CountyPlace) and level == "county":
            return self.place.code
        around = {code if level == "district" else self.areas[code].parents.get(level, "") for code in self.districts}
        return around.pop() if len(around) == 1 else ""

    @cached_property
    def edition_date(self) -> date:
        """The newest day on which figures were taken: what the age of a figure is counted to."""
        return max(source.retrieved for source in self.catalogue.sources.values())

    def series(self, indicator: Indicator, groups: Sequence[Group]) -> dict[Group, tuple[Value, ...]]:
        """The values of an indicator for any groups of areas."""
        small = self.areas.registry.districts
        of_small = [group for group in groups if group.members[0] in small]
        others = [group for group in groups if group.members[0] not in small]
        series: dict[Group, tuple[Value, ...]] = {}
        for groups, table in ((others, self.store.table_path), (of_small, self.store.small_table_path)):
            if groups:
                series |= values_of(self.store, indicator, table(indicator.source), groups)
        return series

    def own_group(self, badge: str, members: tuple[str, ...]) -> Group:
        """The place itself, made up of ``members``: a district or a county by its code, what has none by its slug."""
        code = self.place.code if isinstance(self.place, (DistrictPlace, CountyPlace)) else self.slug
        return Group("place", code, self.place.name, self.place.kind, badge, members)
