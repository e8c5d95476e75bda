"""The store seen from one place: the areas around it, its small areas, and series of values for any of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Indicator
from placebook.catalogue.places import County, TownPlace
from placebook.evidence.series import values_of
from placebook.evidence.store import Store
from placebook.evidence.values import Group, Value
from placebook.evidence.weights import Weights
from placebook.geography.areas import Neighbour
from placebook.geography.fit import Fit, fit


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

    @cached_property
    def district(self) -> str:
        """The district that the place is or lies in."""
        return self.place.parent if isinstance(self.place, TownPlace) else self.place.code

    @cached_property
    def county(self) -> County | None:
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

    @cached_property
    def edition_date(self) -> date:
        """The newest day on which figures were taken: what the age of a figure is counted to."""
        return max(source.retrieved for source in self.catalogue.sources.values())

    def table(self, source_id: str) -> str:
        return self.store.table_path(source_id)

    def series(self, indicator: Indicator, groups: Sequence[Group]) -> dict[Group, tuple[Value, ...]]:
        """The values of an indicator for any groups of areas."""
        return values_of(self.store, indicator, self.table(indicator.source), groups)

    def own_group(self, badge: str, members: tuple[str, ...]) -> Group:
        """The place itself, a town by its slug and a district by its code, made up of ``members``."""
        level = "town" if self.is_town else "district"
        return Group("place", self.slug if self.is_town else self.district, self.place.name, level, badge, members)
