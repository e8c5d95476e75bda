"""Readings of a shape of their own: an index on small areas, flows between areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from placebook.catalogue.models import Indicator
from placebook.catalogue.reads import Flow, SmallAreaIndex, SmallAreaValues
from placebook.evidence.values import Group, Inputs, Rows, Value, base, number
from placebook.geography.areas import Areas


@dataclass(frozen=True)
class Count:
    """How many small areas fall in one decile. An index is never added up, only counted."""

    indicator: str
    decile: int
    count: int
    areas: tuple[str, ...]
    of: int
    measure: str = ""


def small_areas(
    store: Rows, indicator: Indicator, table: str, members: Sequence[str], areas: Areas
) -> tuple[Value, ...]:
    """Decile and rank (and score) of each small area in the newest edition; empty where one is not held."""
    reads = indicator.reads
    assert isinstance(reads, SmallAreaIndex)
    measures = [reads.decile, reads.rank] + ([reads.score] if reads.score else [])
    return _each(store, indicator, table, members, areas, measures)


def domains(
    store: Rows, indicator: Indicator, table: str, members: Sequence[str], areas: Areas
) -> tuple[tuple[str, tuple[Count, ...]], ...]:
    """The counts by decile of each domain that the index is made of."""
    reads = indicator.reads
    assert isinstance(reads, SmallAreaIndex)
    found = []
    for domain in reads.domains:
        details = _each(store, indicator, table, members, areas, [domain.decile])
        if details:
            found.append((domain.label, by_decile(indicator, details, domain.decile)))
    return tuple(found)


def _each(
    store: Rows, indicator: Indicator, table: str, members: Sequence[str], areas: Areas,
    measures: Sequence[str],
) -> tuple[Value, ...]:
    found: list[Value] = []
    for measure in measures:
        frame = store.rows(indicator.source, measure=measure, areas=list(members), category="")
        # Two editions of an index are never mixed: the newest counts.
        frame = frame[frame["period"] == frame["period"].max()]
        if len(frame) != len(members):
            return ()
        found += [_small(indicator, table, row, areas, measure) for row in frame.itertuples(index=False)]
    return tuple(found)


def estimates(
    store: Rows, indicator: Indicator, table: str, members: Sequence[str], areas: Areas
) -> tuple[Value, ...]:
    """The newest estimate of each small area that the table holds one for, largest first."""
    reads = indicator.reads
    assert isinstance(reads, SmallAreaValues)
    frame = store.rows(
        indicator.source, measure=reads.measure, category=reads.category or "", areas=list(members)
    )
    frame = frame[frame["period"] == frame["period"].max()]
    found = [_small(indicator, table, row, areas, "") for row in frame.itertuples(index=False)]
    return tuple(sorted(found, key=lambda value: (-(value.value or 0), value.area)))


def _small(indicator: Indicator, table: str, row: Any, areas: Areas, category: str) -> Value:
    area = areas[row.area]
    group = Group("small_area", area.code, small_area_name(areas, area.code), area.level, "direct",
                  (area.code,))  # fmt: skip
    return Value(
        **base(
            indicator, group, measure=row.measure, period=row.period, category=category,
            value=number(row.value), lower=number(row.lower), upper=number(row.upper),
            markers=tuple(row.markers.split()), derivation="published",
            inputs=(Inputs(table, (row.area,), row.period, row.measure, (row.category,)),),
        )
    )  # fmt: skip


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
            sum(found == decile for found in deciles.values()),
            tuple(sorted(area for area, found in deciles.items() if found == decile)),
            len(deciles),
            measure,
        )
        for decile in range(1, 11)
    )


def flows(
    store: Rows, indicator: Indicator, table: str, subject: Group, areas: Areas
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Totals (out, in, net, within) and partners of a district, largest first.

    Only partners that are districts of England count as places; codes that stand for no fixed place
    or abroad stay in the table.
    """
    reads = indicator.reads
    assert isinstance(reads, Flow)
    code = subject.code
    where = {"measure": reads.measure, "category": reads.category or ""}
    out = store.rows(indicator.source, areas=[code], **where)
    into = store.rows(indicator.source, partner=code, **where)
    if not len(out) or not len(into):
        return (), ()

    def is_place(column: Any) -> Any:
        return column.map(lambda c: c[:1] in "EWSN" and c != code)

    out_rows = out[is_place(out["partner"])]
    in_rows = into[is_place(into["area"])]
    details = [
        _flow(indicator, table, subject, areas, row, "out", row.partner)
        for row in out_rows.itertuples(index=False)
    ] + [
        _flow(indicator, table, subject, areas, row, "in", row.area)
        for row in in_rows.itertuples(index=False)
    ]
    period = str(out["period"].iloc[0])
    category = (where["category"],)
    out_inputs = Inputs(table, (code,), period, reads.measure, category, tuple(out_rows["partner"]))
    in_inputs = Inputs(table, tuple(in_rows["area"]), period, reads.measure, category, (code,))

    withheld = tuple(
        sorted({m for rows in (out_rows, in_rows) for text in rows.loc[rows["value"].isna(), "markers"]
                for m in text.split()})
    )  # fmt: skip

    def total(kind: str, value: float, derivation: str, inputs: tuple[Inputs, ...]) -> Value:
        # A total over flows of which one is held back is not known.
        return Value(
            **base(indicator, subject, measure=reads.measure, category=kind, period=period,
                   value=number(value), derivation=derivation, inputs=inputs,
                   markers=withheld if number(value) is None else ())
        )  # fmt: skip

    leave, arrive = (float(rows["value"].sum(skipna=False)) for rows in (out_rows, in_rows))
    totals = (
        total("out", leave, "sum", (out_inputs,)),
        total("in", arrive, "sum", (in_inputs,)),
        total("net", arrive - leave, "difference",
              (replace(in_inputs, part="minuend"), replace(out_inputs, part="subtrahend"))),
    )  # fmt: skip
    ordered = sorted(details, key=lambda value: (value.category, -(value.value or 0), value.partner))
    return totals, tuple(ordered)


def _flow(
    indicator: Indicator, table: str, subject: Group, areas: Areas, row: Any, kind: str, partner: str
) -> Value:
    name = areas[partner].name if partner in areas else partner
    return Value(
        **base(
            indicator, subject, measure=row.measure, category=kind, period=row.period,
            value=number(row.value), markers=tuple(row.markers.split()), derivation="published",
            inputs=(Inputs(table, (row.area,), row.period, row.measure, (row.category,), (row.partner,)),),
            partner=partner, partner_name=name,
        )
    )  # fmt: skip
