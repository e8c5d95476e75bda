"""What must add up: districts to larger areas, journeys to their totals, one source to another, mergers to their parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from math import sqrt

from placebook import content_cache
from placebook.catalogue.aggregations import Flow, Margin
from placebook.catalogue.models import Agrees, Indicator, Source, Weight
from placebook.errors import Fault
from placebook.evidence.store import Store
from placebook.geography.areas import Areas
from placebook.paths import Project

RULES = 1
"""Raise it when a check here changes: every sum is then worked out again."""
CHECKED_BY = {"adds_up", "agrees_with", "added_up_from", "rounded_to", "perturbation"}
WHOLES = ("county", "region", "country")
MERGED_SINCE = 2019


def check_sums(
    project: Project, store: Store, sources: Mapping[str, Source], indicators: Collection[Indicator], areas: Areas
) -> list[Fault]:
    """The faults of ``sums``. That the same tables, declarations and areas have none is remembered: it takes half a second."""
    rules = [(id_, source.model_dump_json(include=CHECKED_BY)) for id_, source in sorted(sources.items())]
    flows = [indicator.reads for indicator in indicators if isinstance(indicator.reads, Flow)]
    about = (
        RULES,
        store.fingerprint,
        rules,
        flows,
        sorted((a.code, a.level, *sorted(a.parents.items())) for a in areas),
        sorted((old.code, old.successors, old.kind) for old in areas.superseded.values()),
    )
    path = project.cache / "sums" / sha256(repr(about).encode()).hexdigest()
    if content_cache.recall(path) is not None:
        return []
    faults = list(sums(store, sources, indicators, areas))
    if not faults:
        content_cache.keep(path, b"")
    return faults


def sums(store: Store, sources: Mapping[str, Source], indicators: Collection[Indicator], areas: Areas) -> Iterator[Fault]:
    """Every sum that does not hold, each with table, area, period, measure and both numbers."""
    with_tables = {id_: source for id_, source in sources.items() if source.tables}
    for id_, source in with_tables.items():
        if source.adds_up:
            for measure in source.adds_up.measures:
                yield from districts_add_up(store, id_, source, measure, areas)
                if source.adds_up.beside and source.adds_up.beside.source in with_tables:
                    yield from mergers(store, id_, measure, source.adds_up.beside, areas)
        for agrees in source.agrees_with:
            if agrees.source in with_tables:
                yield from agreement(store, id_, agrees, areas)
    for indicator in indicators:
        # Who names totals both ways says that every flow is held.
        if isinstance(indicator.reads, Flow) and indicator.reads.margin_in and indicator.source in with_tables:
            yield from flows_add_up(store, indicator.source, indicator.reads, with_tables[indicator.source], areas)


def tolerance(source: Source, members: int, value: float) -> float:
    """How far a sum over ``members`` may lie from the published ``value``.

    Each rounded figure is off by up to half of what it is rounded to, the whole too. Perturbations are independent of each
    other, so their sum grows with the square root of the members.
    """
    rounding = (source.rounded_to or 0) * (members + 1) / 2
    noise = source.perturbation.total * sqrt(members) if source.perturbation else 0.0
    return rounding + noise + (source.adds_up.within if source.adds_up else 0.0) * abs(value) + 1e-6


def districts_add_up(store: Store, id_: str, source: Source, measure: str, areas: Areas) -> Iterator[Fault]:
    """Counties, regions and England against their districts, wherever both are held and every district has a value."""
    rows = store.cells(id_, ("area", "period", "category", "value"), measure=measure, partner="")
    larger: dict[tuple[str, str, str], float] = {}
    added: dict[tuple[str, str, str], list[float]] = {}
    for code, period, category, value in rows:
        if value != value or code not in areas:
            continue
        area = areas[code]
        if area.level in WHOLES:
            larger[code, period, category] = value
        for whole in WHOLES if area.level == "district" else ():
            if inside := area.parents.get(whole):
                added.setdefault((inside, period, category), []).append(value)
    members = {code: len(areas.children(code, "district")) for code, _, _ in larger}
    for (code, period, category), value in larger.items():
        parts = added.get((code, period, category), [])
        if parts and len(parts) == members[code] and abs(sum(parts) - value) > tolerance(source, len(parts), value):
            yield _fault(
                store,
                id_,
                areas,
                code,
                period,
                measure,
                category,
                f"its {len(parts)} districts add up to {sum(parts):,.10g}, published is {value:,.10g}",
                "find the district that is wrong, or declare why the parts are not the whole (adds_up.within)",
            )


def flows_add_up(store: Store, id_: str, reads: Flow, source: Source, areas: Areas) -> Iterator[Fault]:
    """Each district's flows, out and in, and those inside it, against the published totals."""
    flows = store.rows(id_, measure=reads.measure, category=reads.category or "")
    flows = flows[flows["partner"] != ""]
    wholes = [("area", reads.margin, flows), ("partner", reads.margin_in, flows)]
    if reads.within:
        wholes.append(("area", Margin(of=reads.within), flows[flows["area"] == flows["partner"]]))
    allowed = tolerance(source, 1, 0.0)
    for end, margin, rows in wholes:
        assert margin is not None
        added = rows.groupby(end)["value"].sum()
        published = {name: _totals(store, id_, name) for name in (margin.of, *margin.less)}
        for code, (period, value) in published[margin.of].items():
            parts = [published[name].get(code, (period, float("nan")))[1] for name in margin.less]
            left, total = value - sum(parts), float(added.get(code, 0.0))
            if not abs(left - total) <= allowed:
                less = "".join(f" less {name}" for name in margin.less)
                yield _fault(
                    store,
                    id_,
                    areas,
                    code,
                    period,
                    margin.of,
                    "",
                    f"the flows ({end}) add up to {total:,.10g}, {margin.of}{less} is {left:,.10g}",
                    "get the file of flows again: some are missing, or the summary is of other areas",
                )


def _totals(store: Store, id_: str, measure: str) -> dict[str, tuple[str, float]]:
    """Area to period and value of a measure without partner and category."""
    cells = store.cells(id_, ("area", "period", "value"), measure=measure, category="", partner="")
    return {area: (period, value) for area, period, value in cells}


def agreement(store: Store, id_: str, agrees: Agrees, areas: Areas) -> Iterator[Fault]:
    """Two sources that count nearly the same: each district's ratio lies in the declared range in every year that both have."""
    excused = {(code, period[:4]) for one in agrees.but for code in one.areas for period in one.periods}
    others = _by_year(store, agrees.source, agrees.other)
    for (code, year), (period, value) in _by_year(store, id_, agrees.measure).items():
        other = others.get((code, year), ("", 0.0))[1]
        if code not in areas or areas[code].level != "district" or not other > 0 or (code, year) in excused:
            continue
        if not agrees.at_least <= value / other <= agrees.at_most:
            yield _fault(
                store,
                id_,
                areas,
                code,
                period,
                agrees.measure,
                "",
                f"is {value:,.10g} beside {other:,.10g} ({agrees.other} of {agrees.source}): {value / other:.2f} of it, and "
                f"{agrees.at_least:g} to {agrees.at_most:g} is usual",
                "see whether it is one former district's figure; leave it out, or say under `but` why it is right",
            )


def _by_year(store: Store, id_: str, measure: str) -> dict[tuple[str, str], tuple[str, float]]:
    cells = store.cells(id_, ("area", "period", "value"), measure=measure, category="", partner="")
    return {(area, period[:4]): (period, value) for area, period, value in cells if value == value}


def mergers(store: Store, id_: str, measure: str, beside: Weight, areas: Areas) -> Iterator[Fault]:
    """A district made by a merger has no row, or as many for each one ``beside`` as some district that was always one.

    One former district's figures under the new one's name are too few for all who live in the new one.
    """
    new = {
        old.successors[0]
        for old in areas.superseded.values()
        if len(old.successors) == 1 and old.kind == "merged" and int(old.since) >= MERGED_SINCE
    }
    districts = {area.code for area in areas.of_level("district")}
    people = {code: value for (code, _), (_, value) in _by_year(store, beside.source, beside.measure).items()}
    each: dict[str, list[tuple[float, str, str, float]]] = {}
    for (code, year), (period, value) in _by_year(store, id_, measure).items():
        if code in districts and people.get(code, 0.0) > 0:
            each.setdefault(year, []).append((value / people[code], code, period, value))
    for rates in each.values():
        whole = [rate for rate, code, *_ in rates if code not in new]
        for rate, code, period, value in rates:
            if code in new and len(whole) > 1 and rate < min(whole):
                yield _fault(
                    store,
                    id_,
                    areas,
                    code,
                    period,
                    measure,
                    "",
                    f"is {value:,.10g}, which is {1000 * rate:.3g} for each 1,000 {beside.measure}: less than in any district "
                    f"that was always one ({1000 * min(whole):.3g})",
                    "see whether it is one former district's figure; add the former ones up (added_up_from) or leave it out",
                )


def _fault(
    store: Store, id_: str, areas: Areas, code: str, period: str, measure: str, category: str, problem: str, remedy: str
) -> Fault:
    name = areas[code].name if code in areas else code
    what = f"{measure}, {category}" if category else measure
    return Fault(store.table_path(id_), 0, f"{code} ({name}), {period}, {what}", problem, remedy)
