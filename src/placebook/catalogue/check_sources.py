"""Whether a source's file fits together: its days, its tables, its measures and what is added up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Source
from placebook.catalogue.remedies import meant
from placebook.errors import Fault


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def source_faults(catalogue: Catalogue, today: date) -> Iterator[Fault]:
    """What is wrong in sources' files."""
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
