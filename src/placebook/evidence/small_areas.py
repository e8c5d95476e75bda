"""Readings of a shape of their own: an index on small areas, estimates for small areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from placebook.catalogue.aggregations import SmallAreaIndex, SmallAreaValues
from placebook.catalogue.models import Indicator
from placebook.evidence.place_view import PlaceView
from placebook.evidence.reading import Count, Reading
from placebook.evidence.store import Store
from placebook.evidence.values import Group, Inputs, Value, number, value_of
from placebook.geography.areas import Areas


def of_index(view: PlaceView, indicator: Indicator, reads: SmallAreaIndex) -> Reading | None:
    """An index of small areas: each area's own figures, counted by decile. Never added up."""
    members = _indexed(view, indicator.source, reads)
    asked = (view.store, indicator, reads, view.store.small_table_path(indicator.source), members, view.areas)
    details = small_areas(*asked)
    if not details:
        return None
    return Reading(
        indicator,
        view.catalogue.sources[indicator.source],
        _own(view, members),
        view.place.name,
        (),
        (),
        None,
        details=details,
        counts=by_decile(indicator, details, reads.decile),
        domains=domains(*asked),
        within=view.within,
        around=_around(view, indicator, reads) if view.is_town and reads.mapped else (),
    )


def _around(view: PlaceView, indicator: Indicator, reads: SmallAreaIndex) -> tuple[Value, ...]:
    """The ranks of all small areas of the district or districts that a town lies in, the most deprived first."""
    areas = view.areas
    members = [a.code for d in view.districts for a in areas.children(d, "lsoa") if a.vintage.startswith("2021")]
    ranks = _each(view.store, indicator, view.store.small_table_path(indicator.source), members, areas, [reads.rank])
    return tuple(sorted(ranks, key=lambda value: value.number))


def _indexed(view: PlaceView, source: str, reads: SmallAreaIndex) -> tuple[str, ...]:
    """The small areas whose index is shown: the place's own, or those of the edition's boundaries.

    An index of an earlier vintage is counted over the district's small areas of that vintage. A town is
    a set of today's, so it is shown only where every one of them was there before.
    """
    children = [area for district in view.districts for area in view.areas.children(district, "lsoa")]
    codes = {*view.fit.lsoas, *(area.code for area in children)}
    published = {area for (area,) in view.store.cells(source, ("area",), measure=reads.decile, areas=codes)}
    if view.is_town or set(view.fit.lsoas) <= published:
        return view.fit.lsoas
    earlier = [area.code for area in children if not area.vintage.startswith("2021")]
    if not earlier or not set(earlier) <= published:
        return view.fit.lsoas
    return tuple(area.code for area in children if area.code in published)


def of_estimates(view: PlaceView, indicator: Indicator, reads: SmallAreaValues) -> Reading | None:
    """Estimates with limits of their own for each small area of the place. Never added up."""
    members = view.fit.msoas if "msoa" in indicator.levels else view.fit.lsoas
    table = view.store.small_table_path(indicator.source)
    details = estimates(view.store, indicator, reads, table, members, view.areas)
    if not details:
        return None
    source = view.catalogue.sources[indicator.source]
    return Reading(indicator, source, _own(view, members), view.place.name, (), (), None, details=details)


def _own(view: PlaceView, members: tuple[str, ...]) -> Group:
    """The place as the set of its small areas, each shown for itself: a district's are all that it has."""
    return view.own_group("best_fit" if view.is_town else "direct", members)


def small_areas(
    store: Store, indicator: Indicator, reads: SmallAreaIndex, table: str, members: Sequence[str], areas: Areas
) -> tuple[Value, ...]:
    """Decile and rank (and score) of each small area in the newest edition; empty where one is not held."""
    measures = [reads.decile, reads.rank] + ([reads.score] if reads.score else [])
    return _each(store, indicator, table, members, areas, measures)


def domains(
    store: Store, indicator: Indicator, reads: SmallAreaIndex, table: str, members: Sequence[str], areas: Areas
) -> tuple[tuple[str, tuple[Count, ...]], ...]:
    """The counts by decile of each domain that the index is made of."""
    counted = []
    for domain in reads.domains:
        details = _each(store, indicator, table, members, areas, [domain.decile])
        if details:
            counted.append((domain.label, by_decile(indicator, details, domain.decile)))
    return tuple(counted)


def _each(
    store: Store,
    indicator: Indicator,
    table: str,
    members: Sequence[str],
    areas: Areas,
    measures: Sequence[str],
) -> tuple[Value, ...]:
    values: list[Value] = []
    for measure in measures:
        frame = store.rows(indicator.source, measure=measure, areas=list(members), category="")
        # Two editions of an index are never mixed: the newest counts.
        frame = frame[frame["period"] == frame["period"].max()]
        if len(frame) != len(members):
            return ()
        values += [_small(indicator, table, row, areas, measure) for row in frame.itertuples(index=False)]
    return tuple(values)


def estimates(
    store: Store, indicator: Indicator, reads: SmallAreaValues, table: str, members: Sequence[str], areas: Areas
) -> tuple[Value, ...]:
    """The newest estimate of each small area that the table holds one for, largest first."""
    frame = store.rows(indicator.source, measure=reads.measure, category=reads.category or "", areas=list(members))
    frame = frame[frame["period"] == frame["period"].max()]
    values = [_small(indicator, table, row, areas, "") for row in frame.itertuples(index=False)]
    return tuple(sorted(values, key=lambda value: (-(value.value or 0), value.area)))


def _small(indicator: Indicator, table: str, row: Any, areas: Areas, category: str) -> Value:
    area = areas[row.area]
    group = Group("small_area", area.code, small_area_name(areas, area.code), area.level, "direct", (area.code,))
    return value_of(
        indicator,
        group,
        measure=row.measure,
        period=row.period,
        category=category,
        value=number(row.value),
        lower=number(row.lower),
        upper=number(row.upper),
        markers=tuple(row.markers.split()),
        derivation="published",
        inputs=(Inputs(table, (row.area,), row.period, row.measure, (row.category,)),),
    )


def small_area_name(areas: Areas, code: str) -> str:
    """The publisher's name with the House of Commons Library's name of its MSOA."""
    area = areas[code]
    if area.level == "msoa":
        return area.known_as
    msoa = area.parents.get("msoa")
    known_as = areas[msoa].known_as if msoa else area.known_as
    return f"{area.name} ({known_as})" if known_as != area.name else area.name


def by_decile(indicator: Indicator, details: Sequence[Value], measure: str) -> tuple[Count, ...]:
    """How many of the small areas are in each decile of a measure, 1 to 10."""
    deciles = {v.area: int(v.value) for v in details if v.measure == measure and v.value}
    return tuple(
        Count(
            indicator.id,
            decile,
            sum(own == decile for own in deciles.values()),
            tuple(sorted(area for area, own in deciles.items() if own == decile)),
            len(deciles),
            measure,
        )
        for decile in range(1, 11)
    )
