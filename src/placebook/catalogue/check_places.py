"""Whether what the files of places and counties name is there: areas, small areas, counties, measures, themes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from placebook.catalogue.check_choices import choice_faults
from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import AnyPlace, County, DistrictPlace, GroupPlace, TownPlace
from placebook.catalogue.remedies import HINTED, LOOK_UP, meant
from placebook.catalogue.yaml_reader import FieldPath
from placebook.errors import Fault

# ------------------------------------------------------------------ places


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
        elif isinstance(place, GroupPlace):
            for at, code in enumerate(place.districts):
                yield from _district(catalogue, slug, code, ("districts", at))
        else:
            level = "district" if isinstance(place, DistrictPlace) else "county"
            yield from _district(catalogue, slug, place.code, ("code",), level)
            if (other := codes.setdefault(place.code, slug)) != slug:
                yield catalogue.fault(
                    "place", slug, ("code",), f"is the {level} of params/{other}.yml too", "delete one of the two files"
                )
        yield from _peers(catalogue, slug, place)
        yield from choice_faults(catalogue, slug, place)
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
            listed = catalogue.counties[place.county].districts
            away = [code for code in catalogue.districts_of(place) if code in catalogue.areas and code not in listed]
            for district in away[:1]:
                yield catalogue.fault(
                    "place",
                    slug,
                    ("county",),
                    f"data/counties/{place.county}.yml does not list {catalogue.areas[district].name}",
                    "remove the line, or add the district to that file",
                )


def _peers(catalogue: Catalogue, slug: str, place: AnyPlace) -> Iterator[Fault]:
    """Statistical neighbours that are asked for, not only shown where there are any, and that are not held."""
    districts = [code for code in catalogue.districts_of(place) if code in catalogue.areas]
    alone = isinstance(place, (DistrictPlace, TownPlace))
    if place.peers == 0 or place.chosen_peers or not districts or (alone and catalogue.areas.neighbours(districts[0])):
        return
    lacking = catalogue.areas[districts[0]].name if alone else f"a {place.kind}"
    for field, asked, remedy in (
        (("comparators",), "peer" in place.comparators, "remove peer from the list"),
        (("compare_with", "peer"), "peer" in place.compare_with, "remove the line"),
        (("peers",), True, "remove the line"),
    ):
        if asked and field[0] in place.model_fields_set:
            yield catalogue.fault(
                "place",
                slug,
                field,
                f"asks for statistical neighbours, and none are held for {lacking}",
                f"{remedy}; or add them to the files that data/geography/neighbours.csv is made from" if alone else remedy,
            )


def _district(catalogue: Catalogue, slug: str, code: str, where: FieldPath, level: str = "district") -> Iterator[Fault]:
    areas = catalogue.areas
    if code in areas:
        if areas[code].level != level:
            such = "E07000095" if level == "district" else "E10000015"
            problem = f"{code} is a {areas[code].level}, not a {level}"
            yield catalogue.fault("place", slug, where, problem, f"use the GSS code of a {level}, such as {such}")
    elif code in areas.superseded:
        yield catalogue.fault("place", slug, where, f"{code} is a superseded code", areas.hint(code))
    else:
        name = catalogue.places[slug].name
        remedy = areas.hint(name, level) or areas.hint(code, level)
        yield catalogue.fault("place", slug, where, f"there is no {level} {code}", remedy or LOOK_UP)


def _town(catalogue: Catalogue, slug: str, place: TownPlace) -> Iterator[Fault]:
    areas = catalogue.areas
    for at, code in enumerate(place.parent):
        yield from _district(catalogue, slug, code, ("parent", at))
    yield from _selected(catalogue, slug, place)
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
                areas.hint(code, "lsoa") or "use GSS codes of 2021 LSOAs in England, such as E01023630",
            )
            continue
        area = areas[code]
        if not area.vintage.startswith("2021"):
            yield catalogue.fault(
                "place",
                slug,
                where,
                f"{code} is an LSOA of {area.vintage}, not of 2021",
                "use the 2021 codes; data/small-areas/changes.parquet has them",
            )
        inside = area.parents.get("district")
        if inside not in place.parent and all(parent in areas for parent in place.parent):
            name = areas[inside].name if inside and inside in areas else "no district"
            listed = " or ".join(areas[parent].name for parent in place.parent)
            yield catalogue.fault(
                "place",
                slug,
                where,
                f"{code} ({area.name}) lies in {name}, not in {listed}",
                "delete it, or correct the parent",
            )


def _selected(catalogue: Catalogue, slug: str, place: TownPlace) -> Iterator[Fault]:
    """MSOAs, wards and built-up areas of which no LSOA lies in the place's districts."""
    parents = [catalogue.areas[parent] for parent in place.parent if parent in catalogue.areas]
    around = [area for parent in parents for area in catalogue.areas.children(parent.code, "lsoa")]
    names = " or ".join(parent.name for parent in parents)
    for field, level, codes in (
        ("msoas", "msoa", place.msoas),
        ("wards", "ward", place.wards),
        ("built_up_area", "built_up_area", (place.built_up_area,) if place.built_up_area else ()),
    ):
        there = {area.parents.get(level) for area in around}
        for at, code in enumerate(codes):
            if code not in there and around:
                where = (field, at) if field != "built_up_area" else (field,)
                words = field.rstrip("s").replace("_", "-", 1).replace("_", " ")
                yield catalogue.fault(
                    "place",
                    slug,
                    where,
                    f"no LSOA of {names} lies in the {words} {code}",
                    "correct the code or the parent; placebook add NAME finds both",
                )


# ------------------------------------------------------------------ counties


def county_faults(catalogue: Catalogue) -> Iterator[Fault]:
    """What is wrong in counties' files."""
    homes: dict[str, str] = {}
    for id_, county in catalogue.counties.items():
        if id_ in catalogue.places:  # addresses and logs are named by it
            yield catalogue.fault("county", id_, (), f"has the name of the place params/{id_}.yml", f"call it {id_}-county.yml")
        if county.code is None or county.code in catalogue.areas:
            yield from _districts(catalogue, id_, county, homes)
            yield from _itl_areas(catalogue, id_, county)
        else:
            yield catalogue.fault(
                "county",
                id_,
                ("code",),
                f"there is no area {county.code}",
                catalogue.areas.hint(county.name) or "use the GSS code of the county",
            )
        yield from _measures_and_themes(catalogue, id_, county)


def _districts(catalogue: Catalogue, id_: str, county: County, homes: dict[str, str]) -> Iterator[Fault]:
    """``homes``: the county that lists a district first."""
    for at, code in enumerate(county.districts):
        where = ("districts", at)
        if code not in catalogue.areas:
            yield catalogue.fault(
                "county", id_, where, f"there is no district {code}", catalogue.areas.hint(code, "district") or LOOK_UP
            )
        elif county.code and catalogue.areas[code].parents.get("county") != county.code:
            yield catalogue.fault(
                "county",
                id_,
                where,
                f"{catalogue.areas[code].name} does not lie in {county.name}",
                "delete it from the list",
            )
        if (other := homes.setdefault(code, id_)) != id_:
            yield catalogue.fault("county", id_, where, f"{code} is listed by {other!r} too", "a district lies in one county")


def _itl_areas(catalogue: Catalogue, id_: str, county: County) -> Iterator[Fault]:
    for level, digit, such in (("itl3", 3, "TLH23"), ("itl2", 2, "TLH2")):
        for at, code in enumerate(getattr(county, level)):
            if code not in catalogue.areas:
                yield catalogue.fault(
                    "county", id_, (level, at), f"there is no area {code}", catalogue.areas.hint(code, level) or LOOK_UP
                )
            elif catalogue.areas[code].level != level:
                yield catalogue.fault(
                    "county",
                    id_,
                    (level, at),
                    f"{code} is a {catalogue.areas[code].level}, not an ITL level {digit} area",
                    f"use ITL codes, such as {such}",
                )


def _measures_and_themes(catalogue: Catalogue, id_: str, county: County) -> Iterator[Fault]:
    for at, target in enumerate(county.plan_targets):
        if target.measured_by and target.measured_by not in catalogue.indicators:
            yield catalogue.fault(
                "county",
                id_,
                ("plan_targets", at, "measured_by"),
                f"there is no indicator {target.measured_by!r}",
                "use the id of an indicator",
            )
    for at, document in enumerate(county.documents):
        for number, theme in enumerate(document.cited_in):
            if theme not in catalogue.themes:
                yield catalogue.fault(
                    "county",
                    id_,
                    ("documents", at, "cited_in", number),
                    f"there is no theme {theme!r}",
                    f"use one of {', '.join(catalogue.themes)}",
                )


# ------------------------------------------------------------------ pins


def pin_faults(catalogue: Catalogue) -> Iterator[Fault]:
    """Pins of what the book has not; a text pinned twice."""
    for slug, pins in catalogue.pins.items():
        if slug not in catalogue.places and slug not in catalogue.counties:
            problem = f"there is no place or county {slug!r} whose words these are"
            remedy = meant(slug, [*catalogue.places, *catalogue.counties])
            yield catalogue.fault("pins", slug, (), problem, f"delete the file, or name it as the place is now: {remedy}")
        seen: set[str] = set()
        for at, pinned in enumerate(pins.texts):
            if pinned.text in seen:
                problem = f"{pinned.text} is pinned twice"
                yield catalogue.fault("pins", slug, ("texts", at), problem, f"write the file again: placebook pin {slug}")
            seen.add(pinned.text)


# ------------------------------------------------------------------ reviews


def review_faults(catalogue: Catalogue, today: date) -> Iterator[Fault]:
    """Reviews of what the book has not, and of days to come."""
    for slug, record in catalogue.reviews.items():
        if slug not in catalogue.places:
            remedy = f"delete the file, or name it as the place is now: {meant(slug, catalogue.places)}"
            yield catalogue.fault("review", slug, (), f"there is no place {slug!r} that it is of", remedy)
        if record.on > today:
            yield catalogue.fault("review", slug, ("on",), f"{record.on} lies in the future", "write the day of the review")
