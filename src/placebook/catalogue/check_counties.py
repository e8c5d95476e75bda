"""Whether what a county's file names is there: areas, districts, measures, themes."""

from __future__ import annotations

from collections.abc import Iterator

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import County
from placebook.catalogue.remedies import LOOK_UP
from placebook.errors import Fault


def county_faults(catalogue: Catalogue) -> Iterator[Fault]:
    """What is wrong in counties' files."""
    homes: dict[str, str] = {}
    for id_, county in catalogue.counties.items():
        if id_ in catalogue.places:  # addresses and logs are named by it
            yield catalogue.fault("county", id_, (), f"has the name of the place params/{id_}.yml", f"call it {id_}-county.yml")
        if county.code in catalogue.areas:
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
        elif catalogue.areas[code].parents.get("county") != county.code:
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
