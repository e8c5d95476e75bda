"""One indicator over areas and periods: published rows, sums, shares, parts of a whole, quotients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from placebook.catalogue.aggregations import (
    Composition,
    LocationQuotient,
    Part,
    Published,
    Share,
    Sum,
    Whole,
    expand_categories,
)
from placebook.catalogue.models import Indicator
from placebook.evidence.periods import span
from placebook.evidence.store import Store
from placebook.evidence.totals import Total, cells_of, part_totals, totals
from placebook.evidence.values import Group, Inputs, Value, number, value_of


def values_of(store: Store, indicator: Indicator, table: str, groups: Sequence[Group]) -> dict[Group, tuple[Value, ...]]:
    """Each group's values over all periods, oldest first; a group without any is left out.

    Sums and shares are made only where every row that belongs to them is there; where one of them is
    withheld, the value is None and carries the withheld row's marker.
    """
    reads = indicator.reads
    if isinstance(reads, Published):
        by_group = _published(store, indicator, reads, table, groups)
    elif isinstance(reads, Sum):
        by_group = _sums(store, indicator, reads.of, table, groups)
    elif isinstance(reads, Share):
        by_group = _shares(store, indicator, reads, table, groups)
    elif isinstance(reads, Composition):
        by_group = _compositions(store, indicator, reads, table, groups)
    elif isinstance(reads, LocationQuotient):
        by_group = _quotients(store, indicator, reads, table, groups)
    else:
        raise TypeError(f"{indicator.id}: {reads.kind} is not read as a series of values")
    since = indicator.from_period or ""
    marked = {
        group: tuple(_with_breaks(indicator, value) for value in series if value.period >= since)
        for group, series in by_group.items()
    }
    return {group: series for group, series in marked.items() if series}


def _published(
    store: Store, indicator: Indicator, reads: Published, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    # A median, an index or a rate is never added up: only groups that are one published area.
    single = {group.members[0]: group for group in groups if len(group.members) == 1}
    by_group: dict[Group, list[Value]] = {}
    rows = store.cells(
        indicator.source,
        ("area", "period", "category", "value", "lower", "upper", "markers"),
        measure=reads.measure,
        category=reads.category or "",
        areas=list(single),
    )
    for area, period, category, value, lower, upper, markers in rows:
        group = single[area]
        by_group.setdefault(group, []).append(
            value_of(
                indicator,
                group,
                measure=reads.measure,
                category=category,
                period=period,
                value=number(value * reads.times),
                lower=number(lower * reads.times),
                upper=number(upper * reads.times),
                markers=tuple(markers.split()),
                derivation="published" if reads.times == 1 else "percentage",
                inputs=(Inputs(table, (area,), period, reads.measure, (category,)),),
            )
        )
    if reads.years > 1:
        return {group: _over_years(indicator, group, series, reads.years) for group, series in by_group.items()}
    return {group: tuple(series) for group, series in by_group.items()}


def _over_years(indicator: Indicator, group: Group, series: Sequence[Value], years: int) -> tuple[Value, ...]:
    """Sums of so many years' figures, each named by its first year and their number; none where one of the years is missing."""
    by_period = {value.period: value for value in series}
    found = []
    for period in sorted(by_period):
        parts = [by_period.get(each) for each in years_of(period, years)]
        if all(part is not None and part.value is not None for part in parts):
            known = [part for part in parts if part is not None]
            found.append(
                value_of(
                    indicator,
                    group,
                    measure=known[0].measure,
                    period=f"{span(period).start}/P{years}Y",
                    value=sum(part.number for part in known),
                    markers=tuple(sorted({marker for part in known for marker in part.markers})),
                    derivation="sum",
                    inputs=tuple(each for part in known for each in part.inputs),
                )
            )
    return tuple(found)


def years_of(period: str, years: int) -> tuple[str, ...]:
    """The yearly periods that one begins, itself first."""
    start = span(period).start
    return tuple(f"{start.year + at}-{start:%m-%d}/P1Y" for at in range(years))


def _sums(
    store: Store, indicator: Indicator, part: Part, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    summed = part_totals(store, indicator.source, part, table, groups)
    return {
        group: tuple(
            value_of(
                indicator,
                group,
                measure=part.measure,
                period=period,
                value=total.value,
                markers=total.markers,
                derivation=_sum_or_published(total.inputs),
                inputs=(total.inputs,),
            )
            for period, total in periods.items()
        )
        for group, periods in summed.items()
    }


def _shares(
    store: Store, indicator: Indicator, reads: Share, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    groups = [group for group in groups if len(group.members) == 1] if reads.rates else groups
    above = part_totals(store, indicator.source, reads.numerator, table, groups, "numerator")
    source = reads.denominator.source
    other = (source, store.table_path(source)) if source else (indicator.source, table)
    below = part_totals(store, other[0], reads.denominator, other[1], groups, "denominator")
    shares = {}
    for group, periods in above.items():
        wholes = below.get(group, {})
        of = {period: whole_period(reads.denominator, period, wholes) for period in periods}
        shares[group] = tuple(
            _share(indicator, group, periods[p], wholes[w], reads.per, "", reads.rates) for p, w in of.items() if w
        )
    return shares


def whole_period(whole: Whole, period: str, held: Iterable[str]) -> str:
    """The period of a share's denominator beside its numerator's; "" where none of those ``held`` is that."""
    if whole.period == "before":
        first = span(period).start
        return max((each for each in held if span(each).end <= first), key=lambda each: span(each).end, default="")
    wanted = whole.period or period
    return wanted if wanted in held else ""


def _compositions(
    store: Store, indicator: Indicator, reads: Composition, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    everything = expand_categories(tuple(c for s in reads.slices for c in s.categories))
    cells = cells_of(store, indicator.source, reads.measure, groups, everything)
    whole = totals(cells, reads.measure, everything, table, groups, "denominator")
    if reads.whole:
        whole = part_totals(store, indicator.source, reads.whole, table, groups, "denominator")
    by_group: dict[Group, list[Value]] = {}
    for piece in reads.slices:
        categories = expand_categories(piece.categories)
        parts = totals(cells, reads.measure, categories, table, groups, "numerator")
        for group, periods in parts.items():
            for period, total in periods.items():
                if period in whole.get(group, {}):
                    by_group.setdefault(group, []).append(
                        _share(indicator, group, total, whole[group][period], 100, piece.label)
                    )
    return {group: tuple(sorted(series, key=lambda value: value.period)) for group, series in by_group.items()}


def _share(
    indicator: Indicator, group: Group, above: Total, below: Total, per: int, category: str, rates: bool = False
) -> Value:
    value = per * above.value / below.value if above.value is not None and below.value else None
    return value_of(
        indicator,
        group,
        measure=above.inputs.measure,
        category=category,
        per=per,
        period=above.inputs.period,
        value=value,
        markers=tuple(sorted({*above.markers, *below.markers})) or (("z",) if value is None else ()),
        derivation="quotient" if rates else "share",
        numerator=None if rates else above.value,
        denominator=None if rates else below.value,
        inputs=(above.inputs, below.inputs),
    )


def _sum_or_published(inputs: Inputs) -> str:
    return "sum" if len(inputs.areas) * len(inputs.categories) > 1 else "published"


def _quotients(
    store: Store, indicator: Indicator, reads: LocationQuotient, table: str, groups: Sequence[Group]
) -> dict[Group, tuple[Value, ...]]:
    """Location quotients: the industry's share in the group over its share in the base."""
    named = tuple(c for s in reads.slices for c in s.categories)
    everything = expand_categories(reads.whole or named)
    base_group = Group("base", reads.base[0], reads.base_name, "", "direct", reads.base)
    wanted = expand_categories((*reads.whole, *named))
    cells = cells_of(store, indicator.source, reads.measure, [*groups, base_group], wanted)

    def of(chosen: Sequence[Group], categories: tuple[str, ...], part: str) -> dict[Group, dict[str, Total]]:
        return totals(cells, reads.measure, categories, table, chosen, part)

    whole = of(groups, everything, "denominator")
    base_whole = of([base_group], everything, "base_denominator").get(base_group, {})
    by_group: dict[Group, list[Value]] = {}
    for piece in reads.slices:
        categories = expand_categories(piece.categories)
        base_part = of([base_group], categories, "base_numerator").get(base_group, {})
        for group, periods in of(groups, categories, "numerator").items():
            for period, total in periods.items():
                parts = (total, whole.get(group, {}).get(period), base_part.get(period), base_whole.get(period))
                if all(part is not None for part in parts):
                    by_group.setdefault(group, []).append(_quotient(indicator, group, [p for p in parts if p], piece.label))
    return {group: tuple(sorted(series, key=lambda value: value.period)) for group, series in by_group.items()}


def _quotient(indicator: Indicator, group: Group, parts: Sequence[Total], category: str) -> Value:
    above, below, base_above, base_below = (part.value for part in parts)
    value = (above / below) / (base_above / base_below) if above is not None and below and base_above and base_below else None
    return value_of(
        indicator,
        group,
        measure=parts[0].inputs.measure,
        category=category,
        period=parts[0].inputs.period,
        value=value,
        markers=tuple(sorted({m for part in parts for m in part.markers})) or (("z",) if value is None else ()),
        derivation="quotient",
        inputs=tuple(part.inputs for part in parts),
    )


def _with_breaks(indicator: Indicator, value: Value) -> Value:
    if any(each.period == value.period for each in indicator.breaks):
        return replace(value, markers=tuple(dict.fromkeys((*value.markers, "b"))))
    return value
