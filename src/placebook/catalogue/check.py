"""Whether what people wrote fits together and fits the tables: all faults at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from placebook.catalogue.against_tables import Held, against_tables
from placebook.catalogue.aggregations import Composition, Published, Share, SmallAreaValues, Sum, measures_of
from placebook.catalogue.check_counties import county_faults
from placebook.catalogue.check_places import place_faults
from placebook.catalogue.check_sources import source_faults
from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Indicator
from placebook.catalogue.narrative import narrative_faults
from placebook.catalogue.place_names import borrowed_names
from placebook.catalogue.remedies import indicator_fault, meant
from placebook.catalogue.yaml_reader import FieldPath
from placebook.errors import Fault

HEADLINES = 8
ADDABLE = ("count", "share")


def check(catalogue: Catalogue, store: Held | None, today: date | None = None) -> list[Fault]:
    """Every cross-check; without a store those that need the tables are left out."""
    today = today or date.today()
    found = [
        *place_faults(catalogue, today),
        *borrowed_names(catalogue),
        *narrative_faults(catalogue),
        *county_faults(catalogue),
        *source_faults(catalogue, today),
        *_indicators(catalogue),
    ]
    if store is not None:
        found += against_tables(catalogue, store)
    return found


def _indicators(catalogue: Catalogue) -> Iterator[Fault]:
    headlines: dict[int, str] = {}
    for id_, indicator in catalogue.indicators.items():
        for problem, field, remedy in _indicator(catalogue, indicator):
            yield indicator_fault(catalogue, id_, field, problem, remedy)
        if indicator.headline and (other := headlines.setdefault(indicator.headline, id_)) != id_:
            yield indicator_fault(
                catalogue,
                id_,
                ("headline",),
                f"is the headline number of {other!r} too",
                "give each headline figure a number of its own",
            )
    if len(headlines) > HEADLINES:
        extra = headlines[max(headlines)]
        yield indicator_fault(
            catalogue, extra, ("headline",), f"makes {len(headlines)} headline figures", f"at most {HEADLINES} fit: remove one"
        )


def _indicator(catalogue: Catalogue, indicator: Indicator) -> Iterator[tuple[str, FieldPath, str]]:
    source = catalogue.sources.get(indicator.source)
    if source is None:
        yield (f"there is no source {indicator.source!r}", ("source",), meant(indicator.source, catalogue.sources))
        return
    for measure in measures_of(indicator.reads):
        if measure not in source.measures:
            yield (f"the source {indicator.source!r} has no measure {measure!r}", ("reads",), meant(measure, source.measures))
    added = isinstance(indicator.reads, (Sum, Share, Composition))
    if added and indicator.measure not in ADDABLE:
        yield (
            f"a {indicator.measure} is never added up",
            ("reads", "kind"),
            "read it as `published`, or declare `measure: count` or `share` if its parts are counts",
        )
    if indicator.unit in ("pounds", "pounds-million") and indicator.price_basis == "none":
        yield "is missing for an amount of money", ("price_basis",), "write current or real"
    if indicator.unit == "percent" and isinstance(indicator.reads, Published):
        most = source.measures.get(indicator.reads.measure)
        if most is not None and most.maximum > 100:
            yield (
                "is per cent, but its source lets it pass 100",
                ("unit",),
                f"set `maximum: 100` for {indicator.reads.measure} in data/sources/{indicator.source}.yml",
            )
    yield from _weight(catalogue, indicator)
    if indicator.inside and indicator.inside not in indicator.levels and "lsoa" not in indicator.levels:
        yield (
            f"asks for each {indicator.inside}, which the source does not publish",
            ("inside",),
            "remove it, or name a level that stands in `levels`",
        )
    published = isinstance(indicator.reads, (Published, SmallAreaValues))
    if indicator.uncertainty == "limits" and not published:
        yield ("has no published limits once it is added up", ("uncertainty",), "write full_count or estimate_without_limits")


def _weight(catalogue: Catalogue, indicator: Indicator) -> Iterator[tuple[str, FieldPath, str]]:
    if indicator.weight is None:
        return
    weighing = catalogue.sources.get(indicator.weight.source)
    if weighing is None:
        yield (
            f"there is no source {indicator.weight.source!r}",
            ("weight", "source"),
            meant(indicator.weight.source, catalogue.sources),
        )
    elif indicator.weight.measure not in weighing.measures:
        yield (
            f"the source {indicator.weight.source!r} has no measure {indicator.weight.measure!r}",
            ("weight", "measure"),
            meant(indicator.weight.measure, weighing.measures),
        )
