"""Nomis: CSV in pages of 25,000 rows; its failures come as HTTP 200, too."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlencode

from placebook.catalogue.fetches import NomisFetch
from placebook.errors import DataError, Fault
from placebook.refresh.delimited import Row
from placebook.refresh.fetching import Fetcher, FetchError
from placebook.refresh.layouts import as_file, table_of
from placebook.refresh.names import Names

PAGE = 25_000
"""Rows that who has no key is given at once."""
MOST = 5_000_000
KEY = "NOMIS_API_KEY"
"""Variable of the environment that holds the key, if anybody has one. It is written nowhere."""
FREE = ("F", "FALSE")
"""OBS_CONF of a figure that may be published: the letter, and what R makes of it."""


def secrets() -> Mapping[str, Mapping[str, str]]:
    """The key by host, where the environment holds one."""
    key = os.environ.get(KEY, "").strip()
    return {"www.nomisweb.co.uk": {"uid": key}} if key else {}


def nomis_file(fetch: NomisFetch, fetcher: Fetcher, names: Names) -> bytes:
    """All rows of the answer, page by page, with the file's own names of columns.

    Raises FetchError or DataError where a page is missing, repeated or of another edition than the first.
    """
    rows: list[tuple[str, ...]] = []
    count = 1
    while len(rows) < count:
        page, whole = _page(fetch, fetcher, len(rows))
        if rows and whole != count:
            raise FetchError(
                f"{fetch.address}: had {count:,} rows and now has {whole:,}: it changes while it is read. Ask later."
            )
        count = whole
        names.check(
            fetch.address, ((row["GEOGRAPHY_CODE"], row.get("GEOGRAPHY_NAME")) for row in page if row.get("GEOGRAPHY_NAME"))
        )
        for row in page:
            _check(row, len(rows))
            rows.append(tuple(row[column] for column in fetch.columns))
    return as_file(fetch.file, tuple(fetch.columns.values()), rows)


def _page(fetch: NomisFetch, fetcher: Fetcher, offset: int) -> tuple[tuple[Row, ...], int]:
    """The rows from ``offset`` on, and how many there are in all."""
    wanted = (*fetch.columns, "MEASURES", "OBS_STATUS", "OBS_CONF", "RECORD_OFFSET", "RECORD_COUNT")
    select = ",".join(dict.fromkeys(wanted))
    asked = urlencode({"select": select, "recordoffset": offset, "recordlimit": PAGE}, safe=",")
    answer = fetcher.get(f"{fetch.address}{'&' if '?' in fetch.address else '?'}{asked}", "text/csv")
    if not answer.content.strip():
        raise FetchError(
            f"{fetch.address}: is empty, which is how Nomis says that it holds nothing. Correct the source's fetch."
        )
    table = table_of(answer, wanted)  # an error as HTTP 200 is a message, a web page or a table without these columns
    first = table.rows[0]
    if len({row["RECORD_COUNT"] for row in table}) > 1 or not first["RECORD_COUNT"].isdigit():
        raise DataError(Fault(fetch.address, first.line, "RECORD_COUNT", "is not one number", "ask later"))
    count = int(first["RECORD_COUNT"])
    if not offset < count <= MOST:
        raise DataError(Fault(fetch.address, first.line, "RECORD_COUNT", f"{count:,} rows cannot be all", "ask for less"))
    return table.rows, count


def _check(row: Row, offset: int) -> None:
    """Raises DataError for a row out of its place, a figure that is withheld, or a measure beside that asked for."""
    if row["RECORD_OFFSET"] != str(offset):
        raise DataError(row.fault("RECORD_OFFSET", f"is {row['RECORD_OFFSET']}, not {offset}: rows are missing", "ask later"))
    if row["OBS_STATUS"] != "A" or row["OBS_CONF"].upper() not in FREE:
        problem = f"is {row['OBS_STATUS']!r} and {row['OBS_CONF']!r}: no normal, free figure"
        raise DataError(row.fault("OBS_STATUS", problem, "look at Nomis's notes; ask for what is published"))
    if row["MEASURES"] not in ("20100", ""):
        raise DataError(row.fault("MEASURES", f"is {row['MEASURES']}, no value", "put measures=20100 into the address"))
