"""Whether what people wrote fits together and fits the tables: all faults at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from placebook.catalogue.against_tables import Held, against_tables
from placebook.catalogue.aggregations import LocationQuotient, Published, Share, SmallAreaValues, adds_up, measures_of
from placebook.catalogue.check_places import county_faults, pin_faults, place_faults, review_faults
from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Indicator, Source
from placebook.catalogue.narrative import image_faults, narrative_faults
from placebook.catalogue.place_names import borrowed_names
from placebook.catalogue.relations import Pair
from placebook.catalogue.remedies import indicator_fault, meant
from placebook.catalogue.yaml_reader import FieldPath
from placebook.errors import Fault
from placebook.paths import NATIONAL

HEADLINES = 8
ADDABLE = ("count", "share")


def check(catalogue: Catalogue, store: Held | None, today: date | None = None) -> list[Fault]:
    """Every cross-check; without a store those that need the tables are left out."""
    today = today or date.today()
    faults = [
        *place_faults(catalogue, today),
        *borrowed_names(catalogue),
        *narrative_faults(catalogue),
        *image_faults(catalogue),
        *county_faults(catalogue),
        *pin_faults(catalogue),
        *review_faults(catalogue, today),
        *_sources(catalogue, today),
        *_indicators(catalogue),
        *_relations(catalogue),
    ]
    if store is not None:
        faults += against_tables(catalogue, store)
    return faults


# ------------------------------------------------------------------ sources


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _sources(catalogue: Catalogue, today: date) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for id_, source in catalogue.sources.items():
        first, last = source.period.split("/")
        if not (_is_day(first) and _is_day(last)):
            yield catalogue.fault(
                "source",
                id_,
                ("period",),
                f"{source.period} holds a day that no calendar has",
                "write first/last day, such as 2023-01-01/2023-12-31",
            )
        elif last < first:
            yield catalogue.fault("source", id_, ("period",), "ends before it begins", "write first/last day")
        if source.retrieved > today:
            yield catalogue.fault(
                "source",
                id_,
                ("retrieved",),
                f"{source.retrieved} lies in the future",
                "write the day on which the figures were taken",
            )
        if source.released and source.released > source.retrieved:
            yield catalogue.fault(
                "source", id_, ("released",), "is later than the day it was taken", "correct one of the two dates"
            )
        for at, table in enumerate(source.tables):
            if (other := owners.setdefault(table.path, id_)) != id_:
                yield catalogue.fault(
                    "source", id_, ("tables", at), f"{table.path} is a table of {other!r} too", "a table has one source"
                )
        yield from _own(catalogue, id_, source)
        if not source.tables:
            yield catalogue.fault("source", id_, ("tables",), "lists no table", f"run placebook refresh --from DIR {id_}")
        yield from _added_up(catalogue, id_, source)
        observed = [t for t in source.tables if t.path.startswith("data/tables/")]
        if observed and not source.measures:
            yield catalogue.fault(
                "source",
                id_,
                ("measures",),
                "is missing for a source of observations",
                "name each measure with its unit and range",
            )


def _own(catalogue: Catalogue, id_: str, source: Source) -> Iterator[Fault]:
    """Figures of an analyst's own say so, where the package tells which are national, and which of them are counts."""
    for name, measure in source.measures.items() if source.own else ():
        if measure.count is None:
            problem = "is of figures of your own, and does not say whether it counts people, households or firms"
            yield catalogue.fault("source", id_, ("measures", name), problem, "write count: true or count: false under it")
    if source.own is None and NATIONAL.is_dir() and not (NATIONAL / "data/sources" / f"{id_}.yml").exists():
        problem = "is no source of the package, and does not say whether its figures are your own"
        remedy = "write own: true, and small counts are held back; or own: false for what a publisher has released"
        yield catalogue.fault("source", id_, (), problem, remedy)


def _added_up(catalogue: Catalogue, id_: str, source: Source) -> Iterator[Fault]:
    """Former districts that are added up: counts alone, of all districts that the new one replaced, and a caveat says so."""
    for field in source.adds_up.measures if source.adds_up else ():
        if field not in source.measures:
            yield catalogue.fault(
                "source", id_, ("adds_up",), f"the source has no measure {field!r}", meant(field, source.measures)
            )
    if source.added_up_from and not source.adds_up:
        yield catalogue.fault(
            "source",
            id_,
            ("added_up_from",),
            "adds figures up that are declared nowhere as counts",
            "name its counts under adds_up; medians, rates and indices are never added up",
        )
    if source.added_up_from and not any("added up from former districts" in " ".join(line.split()) for line in source.caveats):
        yield catalogue.fault(
            "source",
            id_,
            ("caveats",),
            "does not say which districts are added up",
            "add a line such as: 'Cumberland: added up from former districts.'",
        )
    superseded = catalogue.areas.superseded
    for new, former in source.added_up_from.items():
        right = {old.code for old in superseded.values() if old.successors == (new,) and old.level == "district"}
        if set(former) != right:
            yield catalogue.fault(
                "source",
                id_,
                ("added_up_from", new),
                f"is not made of {', '.join(former)}",
                f"write {', '.join(sorted(right)) or 'nothing: it was made by no merger'}",
            )
    for at, agrees in enumerate(source.agrees_with):
        other = catalogue.sources.get(agrees.source)
        if agrees.measure not in source.measures or other is None or agrees.other not in other.measures:
            yield catalogue.fault(
                "source",
                id_,
                ("agrees_with", at),
                "names a source or a measure that there is not",
                "correct measure, source or other",
            )


# ------------------------------------------------------------------ indicators


def _indicators(catalogue: Catalogue) -> Iterator[Fault]:
    for id_, indicator in catalogue.indicators.items():
        for problem, field, remedy in _indicator(catalogue, indicator):
            yield indicator_fault(catalogue, id_, field, problem, remedy)
    for name in ("headline", "town_headline"):
        yield from _headlines(catalogue, name)


def _relations(catalogue: Catalogue) -> Iterator[Fault]:
    """Every measure and every section that a relation names is there."""
    for id_, relation in catalogue.relations.items():
        named = (
            [("first", relation.first), ("second", relation.second)]
            if isinstance(relation, Pair)
            else [("whole", relation.whole), *(("parts", n) for part in relation.parts for n in (part.of, part.over) if n)]
        )
        for field, name in named:
            if name not in catalogue.indicators:
                remedy = meant(name, catalogue.indicators)
                yield catalogue.fault("relation", id_, (field,), f"there is no measure {name!r}", remedy)
        if relation.section not in catalogue.themes:
            remedy = meant(relation.section, catalogue.themes)
            yield catalogue.fault("relation", id_, ("section",), f"there is no section {relation.section!r}", remedy)


def _headlines(catalogue: Catalogue, field: str) -> Iterator[Fault]:
    headlines: dict[int, str] = {}
    for id_, indicator in catalogue.indicators.items():
        number = getattr(indicator, field)
        if number and (other := headlines.setdefault(number, id_)) != id_:
            problem, remedy = f"is the headline number of {other!r} too", "give each headline figure a number of its own"
            yield indicator_fault(catalogue, id_, (field,), problem, remedy)
    if len(headlines) > HEADLINES:
        extra = headlines[max(headlines)]
        problem, remedy = f"makes {len(headlines)} headline figures", f"at most {HEADLINES} fit: remove one"
        yield indicator_fault(catalogue, extra, (field,), problem, remedy)


def _indicator(catalogue: Catalogue, indicator: Indicator) -> Iterator[tuple[str, FieldPath, str]]:
    source = catalogue.sources.get(indicator.source)
    if source is None:
        yield (f"there is no source {indicator.source!r}", ("source",), meant(indicator.source, catalogue.sources))
        return
    for measure in measures_of(indicator.reads):
        if measure not in source.measures:
            yield (f"the source {indicator.source!r} has no measure {measure!r}", ("reads",), meant(measure, source.measures))
    yield from _whole(catalogue, indicator)
    added = adds_up(indicator.reads) and not isinstance(indicator.reads, LocationQuotient)
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


def _whole(catalogue: Catalogue, indicator: Indicator) -> Iterator[tuple[str, FieldPath, str]]:
    """The denominator that another source publishes is there."""
    whole = indicator.reads.denominator if isinstance(indicator.reads, Share) else None
    if whole is None or whole.source is None:
        return
    field: FieldPath = ("reads", "denominator", "source")
    other = catalogue.sources.get(whole.source)
    if other is None:
        yield f"there is no source {whole.source!r}", field, meant(whole.source, catalogue.sources)
    elif whole.measure not in other.measures:
        yield f"the source {whole.source!r} has no measure {whole.measure!r}", field, meant(whole.measure, other.measures)
    if indicator.counts != "none":  # tests of proportions are for parts of a whole
        yield "is set over what it is no part of", ("counts",), "write counts: none"


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
