"""Beside whom a reading stands: each comparator as published, or added up without a gap, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from placebook.catalogue.aggregations import Composition, LocationQuotient, Share, Sum, measures_of
from placebook.catalogue.models import Indicator
from placebook.evidence.coverage import Lack, lack
from placebook.evidence.values import Group, Value

if TYPE_CHECKING:
    from placebook.evidence.readings import Evidence

ORDER = ("town", "district", "county", "itl3", "itl2", "itl1", "region", "country")
# Districts make up everything above them without a gap, small areas districts and counties: published totals first.
MAKES_UP = {"district": ("county", "region", "country"), "lsoa": ("district", "county"), "msoa": ("district", "county")}


@dataclass(frozen=True)
class Comparator:
    """One comparator of a reading: its values, or none where the source does not publish it."""

    role: str
    code: str
    name: str
    rank: int
    """Rank among ONS's statistical neighbours; 0 for all other comparators."""
    series: tuple[Value, ...]
    contains: bool = False
    """Whether it contains the reading's subject."""
    share: float | None = None
    """The subject's share of it in the newest period, by the indicator's own denominator, where held."""
    share_ever: float | None = None
    """The same in the newest year held: says whether the share is small."""
    lack: Lack | None = None
    """Why it has no figure."""


def comparators(evidence: Evidence, indicator: Indicator, subject: Group, period: str) -> tuple[Comparator, ...]:
    """Every comparator that the place asks for and that can stand beside the subject."""
    groups: list[tuple[str, str, str, int, tuple[Group, ...]]] = []
    for role in evidence.place.comparators:
        if role == "itl3" and role not in indicator.comparators:
            continue  # areas for economic accounts only: elsewhere nobody misses them
        for code, name, rank in _areas(evidence, role, subject):
            if subject.code in evidence.areas.equivalents(code):
                continue
            groups.append((role, code, name, rank, _groups(evidence, role, code, indicator)))
    asked = [found for role, _, _, _, found in groups if role in indicator.comparators]
    published = [group for found in asked for group in found if group.badge == "direct"]
    series = evidence.series(indicator, published) if published else {}
    # What is published need not be added up, which for England takes every district.
    missing = [found for found in asked if not any(group in series for group in found)]
    for group in (group for found in missing for group in found if group.badge != "direct"):
        series |= _sum_of(evidence, indicator, group)
    compared = []
    for role, code, name, rank, found in groups:
        best = next((group for group in found if group in series), None)
        contains = role not in ("peer", "itl3") and bool(best)
        exact, ever = _shares(evidence, indicator, subject, code, period) if contains else (None, None)
        why = (
            None
            if best
            else lack(evidence.store.areas(indicator.source, measures_of(indicator.reads)[0]), code, evidence.areas)
        )
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


def _sum_of(evidence: Evidence, indicator: Indicator, group: Group) -> dict[Group, tuple[Value, ...]]:
    """An area around many places, added up over hundreds of others for the first of them."""
    return evidence.store.once(("added up", indicator, group), lambda: evidence.series(indicator, [group]))


def _shares(
    evidence: Evidence, indicator: Indicator, subject: Group, code: str, period: str
) -> tuple[float | None, float | None]:
    if subject.level == "town" or not period:
        return None, None
    return evidence.weights.share(indicator, subject.code, code, period)


def _areas(evidence: Evidence, role: str, subject: Group) -> list[tuple[str, str, int]]:
    """Code, name and rank of the areas in a role, none that is the subject or lies in it."""
    areas = evidence.areas
    if role == "peer":
        if subject.level not in ("district", "town"):
            return []
        return [(n.code, areas[n.code].name, n.rank) for n in evidence.peers]
    if role == "parent":
        codes: tuple[str, ...] = (evidence.district,) if evidence.is_town else ()
    elif role == "itl3":
        codes = evidence.county.itl3 if evidence.county else ()
    else:
        code = evidence.code_at(role)
        codes = (code,) if code else ()
    return [(code, areas[code].name, 0) for code in codes if ORDER.index(areas[code].level) > ORDER.index(subject.level)]


def _groups(evidence: Evidence, role: str, code: str, indicator: Indicator) -> tuple[Group, ...]:
    groups = []
    for same in evidence.areas.equivalents(code):
        area = evidence.areas[same]
        groups.append(Group(role, same, area.name, area.level, "direct", (same,)))
    if isinstance(indicator.reads, (Sum, Share, Composition, LocationQuotient)):
        groups += _added_up(evidence, role, code, indicator)
    return tuple(groups)


def _added_up(evidence: Evidence, role: str, code: str, indicator: Indicator) -> list[Group]:
    """The area as the sum of all smaller areas that it is made of, where counts are held for them."""
    area = evidence.areas[code]
    groups = []
    for level, makes_up in MAKES_UP.items():
        if level in indicator.levels and area.level in makes_up:
            members = tuple(
                part.code
                for part in evidence.areas.children(code, level)
                if level == "district" or part.vintage.startswith("2021")
            )
            if members:
                groups.append(Group(role, code, area.name, area.level, "best_fit", members))
    return groups
