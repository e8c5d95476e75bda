"""Whether what a place's file leaves out and compares with is there, and may stand so."""

from __future__ import annotations

from collections.abc import Iterator

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import COMPARATORS, AnyPlace, DistrictPlace, TownPlace
from placebook.catalogue.remedies import meant
from placebook.catalogue.yaml_reader import FieldPath
from placebook.errors import Fault

MOST_PEERS = 10


def choice_faults(catalogue: Catalogue, slug: str, place: AnyPlace) -> Iterator[Fault]:
    """What is wrong with what an analyst chose for a page."""
    for where, problem, remedy in (*_left_out(catalogue, place), *_compared(catalogue, place)):
        yield catalogue.fault("place", slug, where, problem, remedy)


def _left_out(catalogue: Catalogue, place: AnyPlace) -> Iterator[tuple[FieldPath, str, str]]:
    known = {*catalogue.indicators, *catalogue.themes}
    for name in place.leave_out:
        if name not in known:
            near = meant(name, known)
            remedy = near if "did you mean" in near else f"the sections are {', '.join(catalogue.themes)}; a measure by its id"
            yield ("leave_out", name), f"there is no measure and no section {name!r}", remedy
    left = [
        indicator.id
        for name, theme in catalogue.themes.items()
        for indicator in theme.indicators
        if name not in place.leave_out and indicator.id not in place.leave_out
    ]
    if place.leave_out and catalogue.indicators and not left:
        yield ("leave_out",), "leaves out every measure of the book", "a page shows some: remove a line"


def _compared(catalogue: Catalogue, place: AnyPlace) -> Iterator[tuple[FieldPath, str, str]]:
    if place.compare_with and "comparators" in place.model_fields_set:
        yield ("comparators",), "stands beside compare_with, which says the same with reasons", "remove the line"
    if place.chosen_peers and "peers" in place.model_fields_set:
        yield ("peers",), "counts statistical neighbours, and compare_with names others in their place", "remove the line"
    if place.chosen_peers and "peer" in place.compare_with:
        problem = "asks for statistical neighbours, and districts are named in their place"
        yield ("compare_with", "peer"), problem, "remove this line, or those of districts"
    if place.chosen_peers and not isinstance(place, (DistrictPlace, TownPlace)):
        where = ("compare_with", place.chosen_peers[0])
        yield where, f"a {place.kind} has no peers", f"write comparators alone: {', '.join(COMPARATORS)}"
        return
    if len(place.chosen_peers) > MOST_PEERS:
        yield ("compare_with",), f"names {len(place.chosen_peers)} districts", f"name at most {MOST_PEERS}: a table has no room"
    for code in place.chosen_peers:
        if why := _no_peer(catalogue, place, code):
            yield ("compare_with", code), *why


def _no_peer(catalogue: Catalogue, place: AnyPlace, code: str) -> tuple[str, str] | None:
    """Why a name can be no peer, and the remedy; None of a district of England elsewhere."""
    areas = catalogue.areas
    if code not in areas or not code.startswith("E"):
        near = meant(code, COMPARATORS)
        remedy = areas.hint(code, "district") or (near if "did you mean" in near else "")
        such = f"write one of {', '.join(COMPARATORS)}, or the code of an English district, such as E07000095"
        return f"there is no comparator and no English district {code!r}", remedy or such
    if areas[code].level != "district":
        return f"{code} is a {areas[code].level}, not a district", "peers are districts; use a code such as E07000095"
    if code in catalogue.districts_of(place):
        return f"{areas[code].name} is the place itself, or what it lies in", "name another district"
    return None
