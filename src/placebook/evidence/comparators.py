"""Beside whom a reading stands: each comparator as published, or added up without a gap, or not at all."""

from __future__ import annotations

from placebook.catalogue.aggregations import Composition, Share, adds_up, measures_of
from placebook.catalogue.models import Indicator, Role
from placebook.evidence.coverage import lack
from placebook.evidence.place_view import PlaceView
from placebook.evidence.reading import Comparator
from placebook.evidence.values import Group, Value
from placebook.geography.names import with_article

ORDER = ("town", "district", "group", "county", "itl3", "itl2", "itl1", "region", "country")
REST = "rest"
"""The level of what is left of a district without a town in it."""
# Districts make up everything above them without a gap, small areas districts and counties: published totals first.
MAKES_UP = {"district": ("county", "region", "country"), "lsoa": ("district", "county"), "msoa": ("district", "county")}


def comparators(view: PlaceView, indicator: Indicator, subject: Group, period: str) -> tuple[Comparator, ...]:
    """Every comparator that the place asks for and that can stand beside the subject."""
    groups: list[tuple[Role, str, str, int, tuple[Group, ...]]] = []
    for role in view.place.roles:
        if role == "itl3" and role not in indicator.comparators:
            continue  # areas for economic accounts only: elsewhere nobody misses them
        for code, name, rank in _areas(view, role, subject):
            if subject.code in view.areas.equivalents(code):
                continue
            rest = _rest(view, code, subject, indicator) if role == "parent" else None
            if rest != ():  # nothing is left of a district that lies wholly in the town
                groups.append((role, code, name, rank, rest or _groups(view, role, code, indicator)))
    asked = [candidates for role, _, _, _, candidates in groups if role in indicator.comparators]
    published = [group for candidates in asked for group in candidates if group.badge == "direct"]
    series = view.series(indicator, published) if published else {}
    # What is published need not be added up, which for England takes every district.
    missing = [candidates for candidates in asked if not any(group in series for group in candidates)]
    for group in (group for candidates in missing for group in candidates if group.badge != "direct"):
        series |= _sum_of(view, indicator, group)
    compared = []
    for role, code, name, rank, candidates in groups:
        best = next((group for group in candidates if group in series), None)
        # The rest of a town's district; the other of two districts that it lies in.
        beside = role == "parent" and (subject.level == "district" or (best is not None and best.level == REST))
        contains = role not in ("peer", "itl3") and not beside and bool(best)
        exact, ever = _shares(view, indicator, subject, code, period) if contains else (None, None)
        why = None if best else lack(view.store.areas(indicator.source, measures_of(indicator.reads)[0]), code, view.areas)
        compared.append(
            Comparator(
                role,
                best.code if best else code,
                best.name if best else name,
                rank,
                series[best] if best else (),
                contains,
                exact,
                ever,
                why,
            )
        )
    return tuple(compared)


def _sum_of(view: PlaceView, indicator: Indicator, group: Group) -> dict[Group, tuple[Value, ...]]:
    """An area around many places, added up over hundreds of others for the first of them."""
    return view.store.once(("added up", indicator, group), lambda: view.series(indicator, [group]))


def _shares(view: PlaceView, indicator: Indicator, subject: Group, code: str, period: str) -> tuple[float | None, float | None]:
    if subject.level in ("town", "group") or not period:
        return None, None
    return view.weights.share(indicator, subject.code, code, period)


def _areas(view: PlaceView, role: str, subject: Group) -> list[tuple[str, str, int]]:
    """Code, name and rank of the areas in a role, none that is the subject or lies in it."""
    areas = view.areas
    if role == "peer":
        if subject.level not in ("district", "town"):
            return []
        return [(n.code, areas[n.code].name, n.rank) for n in view.peers]
    if role == "parent":
        codes: tuple[str, ...] = view.districts if view.is_town else ()
    elif role == "itl3":
        codes = view.county.itl3 if view.county else ()
    else:
        code = view.code_at(role)
        codes = (code,) if code else ()
    # Of a town across two districts the one stands beside the other.
    least = ORDER.index(subject.level) + (role != "parent")
    return [(code, areas[code].name, 0) for code in codes if ORDER.index(areas[code].level) >= least]


def _groups(view: PlaceView, role: str, code: str, indicator: Indicator) -> tuple[Group, ...]:
    groups = []
    for same in view.areas.equivalents(code):
        area = view.areas[same]
        groups.append(Group(role, same, area.name, area.level, "direct", (same,)))
    if adds_up(indicator.reads):
        groups += _added_up(view, role, code, indicator)
    return tuple(groups)


def _rest(view: PlaceView, code: str, subject: Group, indicator: Indicator) -> tuple[Group, ...] | None:
    """A town's share or make-up stands beside those of the rest of its district, not of a whole that it is a part of.

    None of any other figure.
    """
    if subject.level != "town" or "lsoa" not in indicator.levels or not isinstance(indicator.reads, (Share, Composition)):
        return None
    members = [part.code for part in view.areas.children(code, "lsoa") if part.vintage.startswith("2021")]
    rest = tuple(code for code in members if code not in set(subject.members))
    name = f"the rest of {with_article(view.areas[code].name)}"
    return (Group("parent", f"{code}-rest", name, REST, "best_fit", rest),) if rest else ()


def _added_up(view: PlaceView, role: str, code: str, indicator: Indicator) -> list[Group]:
    """The area as the sum of all smaller areas that it is made of, where counts are held for them."""
    area = view.areas[code]
    groups = []
    for level, makes_up in MAKES_UP.items():
        if level in indicator.levels and area.level in makes_up:
            members = tuple(
                part.code for part in view.areas.children(code, level) if level == "district" or part.vintage.startswith("2021")
            )
            if members:
                groups.append(Group(role, code, area.name, area.level, "best_fit", members))
    return groups
