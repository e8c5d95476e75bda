"""One measure for every small area of a place: its own LSOAs for a town, its MSOAs for a district."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from placebook.catalogue.models import Indicator
from placebook.evidence.small_areas import small_area_name
from placebook.evidence.values import Group, Value, at, latest

if TYPE_CHECKING:
    from placebook.evidence.readings import Evidence


@dataclass(frozen=True)
class Inside:
    """The newest values of all small areas of a place, largest first."""

    level: str
    """``lsoa`` or ``msoa``."""
    values: tuple[Value, ...]
    everywhere: tuple[float, ...]
    """The same measure of every small area held around the place: a map's classes are drawn from
    these, so that two places of one county have the same classes."""


def inside(evidence: Evidence, indicator: Indicator) -> Inside | None:
    """None where one of the place's small areas is not held, or there are fewer than two.

    Shares are made for each small area from its own counts; MSOAs are sums of their LSOAs where
    only those are published.
    """
    level = "lsoa" if evidence.is_town and indicator.inside == "lsoa" else "msoa"
    wanted = evidence.fit.lsoas if level == "lsoa" else evidence.fit.msoas
    around = evidence.code_at("county") or evidence.district
    parent = evidence.areas[around].level
    codes = [
        area.code
        for area in evidence.areas.of_level(level)
        if area.vintage.startswith("2021") and area.parents.get(parent) == around
    ]
    groups = {code: _group(evidence, indicator, level, code) for code in codes}
    series = evidence.series(indicator, [group for group in groups.values() if group.members])
    newest = {
        code: at(series[group], found.period)[0]
        for code, group in groups.items()
        if group in series and (found := latest(series[group]))
    }
    if len(wanted) < 2 or not set(wanted) <= set(newest):
        return None
    own = sorted((newest[code] for code in wanted), key=lambda v: (-(v.value or 0), v.area))
    return Inside(level, tuple(own), tuple(v.value for v in newest.values() if v.value is not None))


def _group(evidence: Evidence, indicator: Indicator, level: str, code: str) -> Group:
    areas = evidence.areas
    if level == "msoa" and "msoa" not in indicator.levels:
        members = tuple(a.code for a in areas.children(code, "lsoa") if a.vintage.startswith("2021"))
        badge = "best_fit"
    else:
        members, badge = (code,), "direct"
    return Group("small_area", code, small_area_name(areas, code), level, badge, members)
