"""Whether the tables hold what indicators read: measures, categories, levels, comparators, periods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from placebook.catalogue.aggregations import (
    Composition,
    LocationQuotient,
    Published,
    Share,
    SmallAreaIndex,
    SmallAreaValues,
    Sum,
    adds_up,
    categories_of,
    measures_of,
)
from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Indicator, Source
from placebook.catalogue.remedies import HINTED, LOOK_UP, indicator_fault, meant
from placebook.errors import Fault

ROLE_LEVELS = {
    "county": ("county",),
    "region": ("region", "itl1"),
    "country": ("country",),
    "itl3": ("itl3",),
    "parent": ("district", "lsoa", "msoa"),
    "peer": ("district",),
}


class Held(Protocol):
    """What this room asks of the store."""

    def areas(self, source_id: str, measure: str | None = None, category: str | None = None) -> frozenset[str]: ...

    def periods(self, source_id: str, measure: str | None = None) -> tuple[str, ...]: ...

    def categories(self, source_id: str, measure: str | None = None) -> tuple[str, ...]: ...

    def small_level(self, source_id: str, measure: str) -> str: ...


def against_tables(catalogue: Catalogue, store: Held) -> Iterator[Fault]:
    """Each indicator against the table that it reads; one whose source is wrong is left to the other checks."""
    for id_, indicator in catalogue.indicators.items():
        source = catalogue.sources.get(indicator.source)
        if source is None or not source.tables:
            continue
        if any(measure not in source.measures for measure in measures_of(indicator.reads)):
            continue
        yield from _held(catalogue, store, id_, indicator, source)


def _held(catalogue: Catalogue, store: Held, id_: str, indicator: Indicator, source: Source) -> Iterator[Fault]:
    for measure, categories in categories_of(indicator.reads).items():
        published = store.categories(indicator.source, measure)
        strange = [category for category in dict.fromkeys(categories) if category not in published]
        for category in strange[:HINTED]:
            shown = f"category {category!r}" if category else "row without a category"
            yield indicator_fault(
                catalogue,
                id_,
                ("reads",),
                f"the table holds no {shown} of {measure!r}",
                meant(category, [k for k in published if k]),
            )
        if len(strange) > HINTED:
            yield indicator_fault(
                catalogue,
                id_,
                ("reads",),
                f"the table holds no {len(strange) - HINTED} more categories of {measure!r} that are named",
                "correct the first ones and check again",
            )
    areas = catalogue.areas
    measure = measures_of(indicator.reads)[0]
    areas_held = store.areas(indicator.source, measure)
    reads = indicator.reads
    missing = [c for c in reads.base if c not in areas_held] if isinstance(reads, LocationQuotient) else []
    if missing:
        yield indicator_fault(
            catalogue,
            id_,
            ("reads", "base"),
            f"the table holds no {', '.join(missing)}",
            "name an area of the table that the shares are compared with",
        )
    levels = {areas[code].level for code in areas_held if code in areas}
    levels |= {level for level in [store.small_level(indicator.source, measure)] if level}
    if unlisted := levels - set(source.geography.levels):
        yield catalogue.fault(
            "source",
            indicator.source,
            ("geography", "levels"),
            f"does not list {', '.join(sorted(unlisted))}, which the table holds",
            "list every level of the table",
        )
    for level in indicator.levels:
        if level not in levels:
            yield indicator_fault(catalogue, id_, ("levels",), f"the table holds no {level}", "remove it from the list")
    yield from _comparators(catalogue, id_, indicator, levels)
    periods = store.periods(indicator.source, measure)
    named = [("from_period", indicator.from_period)] + [("breaks", b.period) for b in indicator.breaks]
    named += [("unusual", period) for each in indicator.unusual for period in each.periods]
    for code in [code for each in indicator.unusual for code in each.areas if code not in areas_held]:
        yield indicator_fault(catalogue, id_, ("unusual",), f"the table holds no {code}", LOOK_UP)
    for field, period in named:
        if period and period not in periods:
            yield indicator_fault(
                catalogue,
                id_,
                (field,),
                f"the table has no period {period}",
                f"use one of its periods, such as {periods[-1] if periods else '—'}",
            )


def _comparators(catalogue: Catalogue, id_: str, indicator: Indicator, levels: set[str]) -> Iterator[Fault]:
    """Comparators declared that the table lacks, and comparators that it has but are not declared."""
    added = adds_up(indicator.reads) and not isinstance(indicator.reads, LocationQuotient)
    small = bool(levels & {"lsoa", "msoa"}) and not isinstance(
        indicator.reads, (Published, SmallAreaIndex, SmallAreaValues, LocationQuotient)
    )
    for role, wanted in ROLE_LEVELS.items():
        there = bool(levels & set(wanted)) or (small and role in ("parent", "county"))
        there = there or (added and "district" in levels and role in ("county", "region", "country"))
        if role in indicator.comparators and not there:
            yield indicator_fault(
                catalogue,
                id_,
                ("comparators",),
                f"the table holds nothing for the comparator {role!r}",
                "remove it from the list",
            )
        shown = isinstance(indicator.reads, (Published, Share, Sum, Composition))
        listable = role in ("county", "region", "country") and set(wanted) & set(indicator.levels)
        if there and shown and listable and role not in indicator.comparators:
            yield indicator_fault(
                catalogue,
                id_,
                ("comparators",),
                f"the table holds the comparator {role!r}, which is not listed",
                "list it: readers want what the source publishes",
            )
