"""Whether a place is called what another district is called: then its figures stand under a wrong name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import CountyPlace, GroupPlace, TownPlace
from placebook.errors import Fault
from placebook.geography.areas import Areas
from placebook.geography.names import names


def borrowed_names(catalogue: Catalogue) -> Iterator[Fault]:
    """Places that bear the name of a district that is not theirs."""
    bearers = _bearers(catalogue.areas)
    for slug, place in catalogue.places.items():
        if isinstance(place, (GroupPlace, CountyPlace)):
            continue
        town, (own, *more) = isinstance(place, TownPlace), catalogue.districts_of(place)
        others = bearers.get(alike(place.name), frozenset())
        if not others or others & {own, *more} or own not in catalogue.areas or catalogue.areas[own].level != "district":
            continue
        other, real = min(others), catalogue.areas[own].name
        yield catalogue.fault(
            "place",
            slug,
            ("name",),
            f"is the name of another district, {other}, and {own} is {real}",
            f"correct the parent, or say which it is: `name: {place.name} ({real})`"
            if town
            else f"write `code: {other}`, or call the place {real}",
        )


def _bearers(areas: Areas) -> Mapping[str, frozenset[str]]:
    """Each name that people use of a district to the codes of the districts that bear it."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for area in areas.of_level("district"):
        listed = names().get(area.code)
        for name in filter(None, (area.name, area.known_as, listed and listed.official)):
            # "Bristol, City of" is "Bristol" and "City of Bristol" too; "Bournemouth, Christchurch and Poole" is a list.
            first, comma, rest = name.partition(", ")
            turned = comma and rest.endswith(" of")
            for spoken in (name, first, f"{rest} {first}") if turned else (name,):
                by_name[alike(spoken)].add(area.code)
    return {name: frozenset(codes) for name, codes in by_name.items()}


def alike(name: str) -> str:
    """A name without what people write one way or another."""
    plain = name.casefold().replace("’", "'").replace("&", " and ").replace("-", " ").replace(".", "")
    return re.sub(r"\s+", " ", plain).strip()
