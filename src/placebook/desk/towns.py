"""The largest towns of some districts that are no district themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from placebook.catalogue.places import TownPlace
from placebook.desk.choices import Choice, built_up_areas, lsoas_in
from placebook.desk.opened import RESIDENTS, Desk

SAME = 0.9
"""Two places are one where each holds at least this share of the other's residents; a town that holds this share of its
district's is the district with another edge."""


def largest(desk: Desk, districts: Collection[str], count: int) -> list[tuple[Choice, str]]:
    """The ``count`` built-up areas with most residents, each with the slug of a town's file that is the same place, or "".

    One belongs to the district that most of its LSOAs lie in. None is listed that has ``SAME`` of the residents of that
    district: it stands in the book already.
    """
    towns = [town for town in built_up_areas(desk.areas) if town.districts[0] in districts]
    people = desk.count(RESIDENTS, [lsoa for code in districts for lsoa in lsoas_in(desk.areas, code)])
    people |= desk.count(RESIDENTS, [lsoa for town in towns for lsoa in town.lsoas if lsoa not in people])

    def residents(lsoas: Collection[str]) -> int:
        return sum(people.get(lsoa, 0) for lsoa in lsoas)

    def fills(town: Choice) -> bool:
        whole = lsoas_in(desk.areas, town.districts[0])
        return residents(set(whole) & set(town.lsoas)) >= SAME * residents(whole)

    found = sorted(towns, key=lambda town: (-residents(town.lsoas), town.code))
    own = [town for town in found if not fills(town)][:count]
    return [(town, _written(desk, town, people)) for town in own]


def _written(desk: Desk, town: Choice, people: dict[str, int]) -> str:
    """The slug of the file that is the same town."""
    for slug, lsoas in _towns(desk):
        shared = sum(people.get(lsoa, 0) for lsoa in lsoas & set(town.lsoas))
        if shared and shared >= SAME * max(sum(people.get(lsoa, 0) for lsoa in each) for each in (lsoas, town.lsoas)):
            return slug
    return ""


def _towns(desk: Desk) -> Iterator[tuple[str, set[str]]]:
    for slug, place in desk.catalogue.places.items():
        if isinstance(place, TownPlace):
            yield slug, set(desk.catalogue.lsoas_of(place))
