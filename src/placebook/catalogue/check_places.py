"""Whether what a place's file names is there: its district, its small areas, its county, its statistical neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import DistrictPlace, TownPlace
from placebook.catalogue.remedies import HINTED, LOOK_UP, meant
from placebook.errors import Fault


def place_faults(catalogue: Catalogue, today: date) -> Iterator[Fault]:
    """What is wrong in places' files."""
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    for slug, place in catalogue.places.items():
        if (other := names.setdefault(place.name.casefold(), slug)) != slug:
            yield catalogue.fault(
                "place", slug, ("name",), f"has the name of params/{other}.yml", "give each place a name of its own"
            )
        if isinstance(place, TownPlace):
            yield from _town(catalogue, slug, place)
        else:
            yield from _district(catalogue, slug, place.code, "code")
            if (other := codes.setdefault(place.code, slug)) != slug:
                yield catalogue.fault(
                    "place", slug, ("code",), f"is the district of params/{other}.yml too", "delete one of the two files"
                )
        yield from _peers(catalogue, slug, place)
        if place.review and place.review.on > today:
            yield catalogue.fault(
                "place",
                slug,
                ("review", "on"),
                f"{place.review.on} lies in the future",
                "write the day on which the page was reviewed",
            )
        if place.county and place.county not in catalogue.counties:
            yield catalogue.fault(
                "place", slug, ("county",), f"there is no county file {place.county!r}", meant(place.county, catalogue.counties)
            )
        elif place.county:
            district = place.parent if isinstance(place, TownPlace) else place.code
            if district in catalogue.areas and district not in catalogue.counties[place.county].districts:
                yield catalogue.fault(
                    "place",
                    slug,
                    ("county",),
                    f"data/counties/{place.county}.yml does not list {catalogue.areas[district].name}",
                    "remove the line, or add the district to that file",
                )


def _peers(catalogue: Catalogue, slug: str, place: DistrictPlace | TownPlace) -> Iterator[Fault]:
    """Statistical neighbours that are asked for, not only shown where there are any, and that are not held."""
    district = place.parent if isinstance(place, TownPlace) else place.code
    if place.peers == 0 or district not in catalogue.areas or catalogue.areas.neighbours(district):
        return
    for field, asked, remedy in (
        ("comparators", "peer" in place.comparators, "remove peer from the list"),
        ("peers", True, "remove the line"),
    ):
        if asked and field in place.model_fields_set:
            yield catalogue.fault(
                "place",
                slug,
                (field,),
                f"asks for statistical neighbours, and none are held for {catalogue.areas[district].name}",
                f"{remedy}; or add them to the files that data/geography/neighbours.csv is made from",
            )


def _district(catalogue: Catalogue, slug: str, code: str, field: str) -> Iterator[Fault]:
    areas = catalogue.areas
    if code in areas:
        if areas[code].level != "district":
            yield catalogue.fault(
                "place",
                slug,
                (field,),
                f"{code} is a {areas[code].level}, not a district",
                "use the GSS code of a district, such as E07000095",
            )
    elif code in areas.superseded:
        yield catalogue.fault("place", slug, (field,), f"{code} is a superseded code", areas.hint(code))
    else:
        name = catalogue.places[slug].name
        remedy = areas.hint(name, "district") or areas.hint(code, "district")
        yield catalogue.fault("place", slug, (field,), f"there is no district {code}", remedy or LOOK_UP)


def _town(catalogue: Catalogue, slug: str, place: TownPlace) -> Iterator[Fault]:
    areas = catalogue.areas
    yield from _district(catalogue, slug, place.parent, "parent")
    strange = [code for code in place.lsoas if code not in areas]
    if len(strange) > HINTED:
        yield catalogue.fault(
            "place",
            slug,
            ("lsoas",),
            f"lists {len(strange) - HINTED} more LSOAs that there are not",
            "correct the first ones and check again",
        )
    for at, code in enumerate(place.lsoas):
        where = ("lsoas", at)
        if code not in areas:
            if code not in strange[:HINTED]:
                continue
            yield catalogue.fault(
                "place",
                slug,
                where,
                f"there is no LSOA {code}",
                areas.hint(code, "lsoa")
                or "small areas are not held for all of England; look the code up in data/geography/areas.csv",
            )
            continue
        area = areas[code]
        if not area.vintage.startswith("2021"):
            yield catalogue.fault(
                "place",
                slug,
                where,
                f"{code} is an LSOA of {area.vintage}, not of 2021",
                "use the 2021 codes; data/geography/lookups/lsoa11-lsoa21.csv has them",
            )
        inside = area.parents.get("district")
        if inside != place.parent and place.parent in areas:
            name = areas[inside].name if inside and inside in areas else "no district"
            yield catalogue.fault(
                "place",
                slug,
                where,
                f"{code} ({area.name}) lies in {name}, not in {areas[place.parent].name}",
                "delete it, or correct the parent",
            )
