"""A place as a set of 2021 LSOAs: which larger areas it fills, and how to say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placebook.geography.areas import Areas


@dataclass(frozen=True)
class Fit:
    """The small areas that stand for a place, sorted by code."""

    lsoas: tuple[str, ...]
    msoas: tuple[str, ...]
    """MSOAs all of whose LSOAs are in the set, where they cover it whole; empty where they do not."""
    wards: tuple[str, ...]
    """Names of the wards (best fit) that the set's LSOAs belong to, where they fill them whole."""

    def members(self, level: str) -> tuple[str, ...]:
        """The codes to add up at a level; empty where areas of that level do not make up the place."""
        return {"lsoa": self.lsoas, "msoa": self.msoas}.get(level, ())


def fit(areas: Areas, lsoas: Sequence[str]) -> Fit:
    """The fit of a set of LSOAs.

    An MSOA counts only where the set holds every one of its LSOAs, so a figure published by MSOA is
    added up only where nothing outside the place comes with it.
    """
    chosen = set(lsoas)
    msoas = {areas[code].parents.get("msoa", "") for code in chosen}
    whole = {msoa for msoa in msoas if msoa and {a.code for a in areas.children(msoa, "lsoa")} <= chosen}
    members: dict[str, set[str]] = {}
    for district in {areas[code].parents["district"] for code in chosen}:
        for area in areas.children(district, "lsoa"):
            members.setdefault(area.parents.get("ward", ""), set()).add(area.code)
    wards = {areas[code].parents.get("ward", ""): areas[code].ward for code in chosen}
    filled = {name for ward, name in wards.items() if ward and members[ward] <= chosen}
    return Fit(
        lsoas=tuple(sorted(chosen)),
        msoas=tuple(sorted(whole)) if whole == msoas else (),
        wards=tuple(sorted(filled)) if len(filled) == len(wards) else (),
    )
