"""ONS Explore Local Statistics, API v1: one request an indicator, CSV only.

Its JSON-stat gives the figures of other areas and periods wherever one of them is asked for alone, and is never read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from placebook.catalogue.fetches import ElsFetch, ElsIndicator
from placebook.errors import DataError, Fault
from placebook.refresh.delimited import Delimited
from placebook.refresh.fetching import Fetcher, FetchError, Refused
from placebook.refresh.layouts import as_file, table_of
from placebook.refresh.names import Names

HEADER = ("areacd", "areanm", "indicator", "period", "value", "lci_95", "uci_95", "status")
LEVELS = ("ltla", "utla", "rgn", "ctry", "cauth")
TOO_MUCH = "Too much data requested"
TOO_LONG = (413, 414, 431)
NOT_CARRIED = ("E47", "E67")
"""How the codes of combined authorities, and of areas that the interface makes up, begin."""


@dataclass
class Told:
    """What an interface says beside the figures."""

    released: date | None = None
    remarks: list[str] = field(default_factory=list)
    """What somebody must look at before the figures are believed."""


def els_file(fetch: ElsFetch, fetcher: Fetcher, names: Names, told: Told) -> bytes:
    """The file that the ``els`` adapter reads, all indicators one after the other.

    Raises FetchError or DataError where an indicator is not to be had whole.
    """
    rows: dict[tuple[str, ...], None] = {}
    """In their order, each once: a unitary authority comes with its level below and with that above."""
    for indicator in fetch.indicators:
        _ask_about(fetch, indicator, fetcher, told)
        for table in _tables(fetch, indicator, fetcher):
            names.check(table.file, ((row["areacd"], row["areanm"]) for row in table))
            carried = (row for row in table if not row["areacd"].startswith(NOT_CARRIED))
            for row in carried:
                rows[tuple(indicator.label if column == "indicator" else row.get(column) for column in HEADER)] = None
    return as_file(fetch.file, HEADER, rows)


def _ask_about(fetch: ElsFetch, indicator: ElsIndicator, fetcher: Fetcher, told: Told) -> None:
    """What the interface says of the indicator: unit, and date of release. Its label may change, its slug may not."""
    answer = fetcher.get(f"{fetch.address}/metadata/indicators/{indicator.slug}", "application/json")
    try:
        about: dict[str, Any] = json.loads(answer.text())
        slug, unit, updated = about["slug"], about["unit"], about.get("updated")
        released = date.fromisoformat(updated) if updated else None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FetchError(f"{answer.address}: does not describe the indicator. Ask later.") from None
    if slug != indicator.slug:
        raise FetchError(f"{answer.address}: describes {slug!r}, another indicator. Ask later.")
    if unit != indicator.unit:
        told.remarks.append(f"the unit of {indicator.slug} is now {unit!r}; it was {indicator.unit!r}")
    told.released = max(filter(None, (told.released, released)), default=None)


def _tables(fetch: ElsFetch, indicator: ElsIndicator, fetcher: Fetcher) -> Iterator[Delimited]:
    """The indicator's figures: in one answer, or level by level where that is too much."""
    try:
        yield _table(fetch, indicator, fetcher, "all")
        return
    except Refused as refused:
        if not (refused.status in TOO_LONG or (refused.status == 400 and TOO_MUCH in refused.said)):
            raise
    for level in LEVELS:
        try:
            yield _table(fetch, indicator, fetcher, level)
        except Refused as refused:
            if "No data available" not in refused.said:  # not every indicator has every level
                raise


def _table(fetch: ElsFetch, indicator: ElsIndicator, fetcher: Fetcher, geo: str) -> Delimited:
    measures = ("value", "lci_95", "uci_95") if fetch.limits else ("value",)
    asked = {"indicator": indicator.slug, "geo": geo, "time": "all", "measure": ",".join(measures), "includeStatus": "true"}
    # With another Accept errors come as a web page, without their message.
    answer = fetcher.get(f"{fetch.address}/data.csv?{urlencode(asked, safe=',')}", "*/*")
    if not answer.content.strip():
        raise FetchError(f"{answer.address}: is empty, which is how the interface says that nothing is held. Ask later.")
    table = table_of(answer, ("areacd", "areanm", "period", *measures))
    if "indicator" in table.columns:
        problem = "answers for several indicators, and one was asked for"
        raise DataError(
            Fault(answer.address, 1, "indicator", problem, "the interface has changed: tell who maintains the book")
        )
    return table
