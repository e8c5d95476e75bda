"""Flows between areas: who leaves, who arrives, and the partners, for a district or a set of small areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from math import isclose
from operator import itemgetter

import pandas as pd

from placebook.catalogue.aggregations import Flow, Margin
from placebook.catalogue.models import Indicator
from placebook.evidence.place_view import PlaceView
from placebook.evidence.reading import Absent, Reading
from placebook.evidence.store import Store
from placebook.evidence.values import Group, Inputs, Value, number, value_of
from placebook.geography.areas import Areas


def of_flow(view: PlaceView, indicator: Indicator, reads: Flow) -> Reading | Absent:
    """Who leaves and who arrives, and where the others are."""
    subject = _travelling(view, indicator)
    if subject is None:
        why = "by neighbourhood (MSOA), of which this town is not made whole" if view.is_town else "for towns"
        return Absent(indicator, f"shown {why}; the district’s own flows are shown instead", "not_published")
    small = subject.members[0] in view.areas.registry.districts
    table = (view.store.small_table_path if small else view.store.table_path)(indicator.source)
    series, details = flows(view.store, indicator, reads, table, subject, view.areas)
    if not details:
        complete = "complete " if reads.margin else ""
        return Absent(indicator, f"no {complete}origins and destinations are held here", "not_held")
    source = view.catalogue.sources[indicator.source]
    return Reading(indicator, source, subject, view.place.name, series, (), None, details=details)


def _travelling(view: PlaceView, indicator: Indicator) -> Group | None:
    """Whose flows are shown: the town's own MSOAs together, or the district."""
    if "msoa" in indicator.levels:
        whole = view.is_town and view.fit.msoas
        return view.own_group("best_fit", view.fit.msoas) if whole else None
    if not view.is_town:
        return view.own_group("direct" if view.is_district else "best_fit", view.districts)
    area = view.areas[view.district]
    return Group("place", area.code, area.name, area.level, "wider", (area.code,))


def flows(
    store: Store, indicator: Indicator, reads: Flow, table: str, subject: Group, areas: Areas
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Totals (out, abroad, in, net) and partners of the subject, largest first; empty where they are not held.

    Flows between the subject's own members stay inside. Only codes of areas count as places: those that
    stand for no fixed place or abroad stay in the table. An area whose flows do not add up to the published
    totals that the indicator names is not shown; where only the way out has one, there is neither a
    total in nor a net flow.
    """
    members = subject.members
    where = {"measure": reads.measure, "category": reads.category or ""}
    out = store.rows(indicator.source, areas=list(members), **where)
    parts = [store.rows(indicator.source, partner=code, **where) for code in members]
    into = pd.concat(parts) if len(parts) > 1 else parts[0]
    whole = _complete(store, indicator, reads.margin, out, "area", members) and (
        reads.margin_in is None or _complete(store, indicator, reads.margin_in, into, "partner", members)
    )
    if not len(out) or not len(into) or not whole:
        return (), ()

    def is_place(column: pd.Series[str]) -> pd.Series[bool]:
        return column.map(lambda c: c[:1] in "EWSN" and c not in members)

    out_rows, in_rows = out[is_place(out["partner"])], into[is_place(into["area"])]
    details = [
        *_partners(indicator, table, subject, areas, out_rows, "out"),
        *_partners(indicator, table, subject, areas, in_rows, "in"),
    ]
    totals = _totals(indicator, reads, table, subject, out_rows, in_rows)
    return totals[:1] + _abroad(store, indicator, reads, table, subject) + totals[1:], tuple(
        sorted(details, key=lambda value: (value.category, -(value.value or 0), value.partner))
    )


def _complete(
    store: Store, indicator: Indicator, margin: Margin, flows: pd.DataFrame, end: str, members: Sequence[str]
) -> bool:
    """Whether each member's flows, by their ``end`` at it, add up to its published total.

    Where one of them is withheld they are all there, and none may be too many.
    """

    def published(measure: str) -> dict[str, float]:
        rows = store.rows(indicator.source, measure=measure, areas=list(members), partner="", category="")
        return dict(zip(rows["area"], rows["value"], strict=True))

    totals, others = published(margin.of), [published(measure) for measure in margin.less]
    by_member = flows.groupby(end)["value"]
    added, withheld = by_member.sum(), by_member.count() < by_member.size()
    for code in members:
        if code not in totals or any(code not in other for other in others):
            return False
        total, added_up = totals[code] - sum(other[code] for other in others), added.get(code, 0.0)
        if not isclose(added_up, total, rel_tol=0.005, abs_tol=5) and not (withheld.get(code, False) and added_up < total):
            return False
    return True


def _abroad(store: Store, indicator: Indicator, reads: Flow, table: str, subject: Group) -> tuple[Value, ...]:
    """Those who work abroad or offshore, as published."""
    if reads.abroad is None:
        return ()
    rows = store.rows(indicator.source, measure=reads.abroad, areas=list(subject.members), partner="", category="")
    if len(rows) != len(subject.members):
        return ()
    value = number(float(rows["value"].sum(skipna=False)))
    inputs = Inputs(table, subject.members, str(rows["period"].iloc[0]), reads.abroad)
    markers = () if value is not None else tuple(sorted({m for text in rows["markers"] for m in text.split()}))
    return (
        value_of(
            indicator,
            subject,
            measure=reads.abroad,
            category="abroad",
            period=inputs.period,
            value=value,
            derivation="published" if len(rows) == 1 else "sum",
            inputs=(inputs,),
            markers=markers,
        ),
    )


def _partners(indicator: Indicator, table: str, subject: Group, areas: Areas, rows: pd.DataFrame, kind: str) -> list[Value]:
    """One value a partner: published, or the sum over the subject's members."""
    own, other = ("area", "partner") if kind == "out" else ("partner", "area")
    columns = ("area", "partner", "period", "measure", "category", "value", "markers")
    ordered = rows.sort_values([other, own])
    # Thousands of partners: plain tuples, where a frame for each of them took a second a place.
    cells = zip(*(ordered[name].tolist() for name in columns), strict=True)
    partners = []
    for code, same in groupby(cells, key=itemgetter(columns.index(other))):
        group = list(same)
        inputs = tuple(
            Inputs(table, (area,), period, measure, (category,), (partner,))
            for area, partner, period, measure, category, _, _ in group
        )
        withheld = tuple(sorted({marker for *_, markers in group for marker in markers.split()}))
        partners.append(
            value_of(
                indicator,
                subject,
                measure=group[0][3],
                category=kind,
                period=group[0][2],
                value=number(sum(cell[5] for cell in group)),
                markers=withheld,
                derivation="published" if len(group) == 1 else "sum",
                inputs=inputs,
                partner=str(code),
                partner_name=areas.known_as(str(code)),
            )
        )
    return partners


def _totals(
    indicator: Indicator, reads: Flow, table: str, subject: Group, out: pd.DataFrame, into: pd.DataFrame
) -> tuple[Value, ...]:
    period = str(out["period"].iloc[0])
    category = (reads.category or "",)
    withheld = tuple(
        sorted({m for rows in (out, into) for text in rows.loc[rows["value"].isna(), "markers"] for m in text.split()})
    )

    def total(kind: str, value: float, derivation: str, inputs: tuple[Inputs, ...]) -> Value:
        # A total over flows of which one is held back is not known.
        return value_of(
            indicator,
            subject,
            measure=reads.measure,
            category=kind,
            period=period,
            value=number(value),
            derivation=derivation,
            inputs=inputs,
            markers=withheld if number(value) is None else (),
        )

    # One input for each of the subject's members: not every pair of areas has a row.
    leaving = tuple(
        Inputs(table, (str(code),), period, reads.measure, category, tuple(rows["partner"]))
        for code, rows in out.groupby("area", sort=True)
    )
    arriving = tuple(
        Inputs(table, tuple(rows["area"]), period, reads.measure, category, (str(code),))
        for code, rows in into.groupby("partner", sort=True)
    )
    leave, arrive = (float(rows["value"].sum(skipna=False)) for rows in (out, into))
    totals = [total("out", leave, "sum", leaving)]
    if reads.margin_in is not None:
        parts = [replace(each, part="minuend") for each in arriving]
        parts += [replace(each, part="subtrahend") for each in leaving]
        totals += [
            total("in", arrive, "sum", arriving),
            total("net", arrive - leave, "difference", tuple(parts)),
        ]
    return tuple(totals)
