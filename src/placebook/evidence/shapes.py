"""Readings of the special shapes: an index of small areas, estimates for each of them, flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from placebook.catalogue.aggregations import SmallAreaIndex
from placebook.catalogue.models import Indicator
from placebook.evidence import small_areas
from placebook.evidence.flows import flows
from placebook.evidence.reading import Absent, Reading
from placebook.evidence.values import Group

if TYPE_CHECKING:
    from placebook.evidence.readings import Evidence


def of_index(evidence: Evidence, indicator: Indicator) -> Reading | Absent:
    """An index of small areas: each area's own figures, counted by decile. Never added up."""
    assert isinstance(indicator.reads, SmallAreaIndex)
    members = _indexed(evidence, indicator.source, indicator.reads)
    asked = (evidence.store, indicator, evidence.table(indicator.source), members, evidence.areas)
    details = small_areas.small_areas(*asked)
    if not details:
        return evidence.no_figure(indicator)
    return Reading(
        indicator,
        evidence.catalogue.sources[indicator.source],
        _own(evidence, members),
        evidence.place.name,
        (),
        (),
        None,
        details=details,
        counts=small_areas.by_decile(indicator, details, indicator.reads.decile),
        domains=small_areas.domains(*asked),
    )


def _indexed(evidence: Evidence, source: str, reads: SmallAreaIndex) -> tuple[str, ...]:
    """The small areas whose index is shown: the place's own, or those of the edition's boundaries.

    An index of an earlier vintage is counted over the district's small areas of that vintage. A town is
    a set of today's, so it is shown only where every one of them was there before.
    """
    held = evidence.store.areas(source, reads.decile)
    if evidence.is_town or set(evidence.fit.lsoas) <= held:
        return evidence.fit.lsoas
    children = evidence.areas.children(evidence.district, "lsoa")
    earlier = [area.code for area in children if not area.vintage.startswith("2021")]
    if not earlier or not set(earlier) <= held:
        return evidence.fit.lsoas
    return tuple(area.code for area in children if area.code in held)


def of_estimates(evidence: Evidence, indicator: Indicator) -> Reading | Absent:
    """Estimates with limits of their own for each small area of the place. Never added up."""
    members = evidence.fit.msoas if "msoa" in indicator.levels else evidence.fit.lsoas
    table = evidence.table(indicator.source)
    details = small_areas.estimates(evidence.store, indicator, table, members, evidence.areas)
    if not details:
        return evidence.no_figure(indicator)
    source = evidence.catalogue.sources[indicator.source]
    return Reading(indicator, source, _own(evidence, members), evidence.place.name, (), (), None, details=details)


def _own(evidence: Evidence, members: tuple[str, ...]) -> Group:
    """The place as the set of its small areas, each shown for itself: a district's are all that it has."""
    return evidence.own_group("best_fit" if evidence.is_town else "direct", members)


def of_flow(evidence: Evidence, indicator: Indicator) -> Reading | Absent:
    """Who leaves and who arrives, and where the others are."""
    subject = _travelling(evidence, indicator)
    if subject is None:
        return Absent(indicator, "shown for towns; the district’s own flows are shown instead", "not_published")
    table = evidence.table(indicator.source)
    series, details = flows(evidence.store, indicator, table, subject, evidence.areas)
    if not details:
        complete = "complete " if getattr(indicator.reads, "margin", None) else ""
        return Absent(indicator, f"no {complete}origins and destinations are held here", "not_held")
    source = evidence.catalogue.sources[indicator.source]
    return Reading(indicator, source, subject, evidence.place.name, series, (), None, details=details)


def _travelling(evidence: Evidence, indicator: Indicator) -> Group | None:
    """Whose flows are shown: the town's own MSOAs together, or the district."""
    if "msoa" in indicator.levels:
        whole = evidence.is_town and evidence.fit.msoas
        return evidence.own_group("best_fit", evidence.fit.msoas) if whole else None
    if not evidence.is_town:
        return evidence.own_group("direct", (evidence.district,))
    area = evidence.areas[evidence.district]
    return Group("place", area.code, area.name, area.level, "wider", (area.code,))
