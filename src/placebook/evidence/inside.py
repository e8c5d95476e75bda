"""One measure for every small area of a place: its own LSOAs for a town, its MSOAs for a district."""

from __future__ import annotations

from placebook.catalogue.models import Indicator
from placebook.evidence.place_view import PlaceView
from placebook.evidence.reading import Inside
from placebook.evidence.small_areas import small_area_name
from placebook.evidence.values import Group, at, latest


def inside(view: PlaceView, indicator: Indicator) -> Inside | None:
    """None where one of the place's small areas is not held, or there are fewer than two.

    Shares are made for each small area from its own counts; MSOAs are sums of their LSOAs where
    only those are published.
    """
    level = "lsoa" if view.is_town and indicator.inside == "lsoa" else "msoa"
    wanted = view.fit.lsoas if level == "lsoa" else view.fit.msoas
    around = [view.code_at("county")] if view.code_at("county") else view.districts
    codes = [area.code for code in around for area in view.areas.children(code, level) if area.vintage.startswith("2021")]
    groups = {code: _group(view, indicator, level, code) for code in codes}
    series = view.series(indicator, [group for group in groups.values() if group.members])
    newest = {
        code: at(series[group], last.period)[0]
        for code, group in groups.items()
        if group in series and (last := latest(series[group]))
    }
    if len(wanted) < 2 or not set(wanted) <= set(newest):
        return None
    own = sorted((newest[code] for code in wanted), key=lambda v: (-(v.value or 0), v.area))
    return Inside(level, tuple(own), tuple(v.value for v in newest.values() if v.value is not None))


def _group(view: PlaceView, indicator: Indicator, level: str, code: str) -> Group:
    areas = view.areas
    if level == "msoa" and "msoa" not in indicator.levels:
        members = tuple(a.code for a in areas.children(code, "lsoa") if a.vintage.startswith("2021"))
        badge = "best_fit"
    else:
        members, badge = (code,), "direct"
    return Group("small_area", code, small_area_name(areas, code), level, badge, members)
