"""A CSV file and its description by the W3C's Metadata Vocabulary for Tabular Data (CSVW)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from placebook.catalogue.licences import LICENCES
from placebook.catalogue.models import Source
from placebook.report.spreadsheets import Cell, safe_text

Row = dict[str, Cell]


@dataclass(frozen=True)
class Column:
    """One column: its name in the CSV, its title, what stands in it, and its datatype in CSVW's words."""

    name: str
    title: str
    what: str
    datatype: str = "string"
    required: bool = False


def csv_text(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """RFC 4180 with a head of names; numbers so that they read back exactly, text that starts no formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    names = [column.name for column in columns]
    text = cache(_text)  # most stand there often
    writer.writerow(names)
    writer.writerows([text(cell) if isinstance(cell := row[name], str) else _text(cell) for name in names] for row in rows)
    return stream.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return safe_text(cell) if isinstance(cell, str) else repr(cell)


def metadata(
    name: str,
    title: str,
    about: Mapping[str, str],
    columns: Sequence[Column],
    rows: Sequence[Row],
    sources: Sequence[Source],
) -> str:
    """The description of a CSV file by the W3C's Metadata Vocabulary for Tabular Data (CSVW)."""
    alone = len({row["entry"] for row in rows}) == len(rows)
    named = [{"@id": source.landing_page, "dc:title": f"{source.publisher}, {source.title}"} for source in sources]
    licences = dict.fromkeys(LICENCES[source.licence][1] for source in sources)
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
        "url": name,
        "dc:title": title,
        "dc:description": " ".join(f"{heading}: {text.rstrip('.')}." for heading, text in about.items() if text),
        "dc:language": "en-GB",
        "dc:source": named,
        "dc:license": [{"@id": address} for address in licences],
        "dc:rights": list(dict.fromkeys(source.attribution for source in sources)),
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"], "trim": False},
        "tableSchema": {
            "null": [""],
            "columns": [
                {
                    "name": column.name,
                    "titles": {"en-GB": [column.title, column.name]},
                    "dc:description": column.what,
                    "datatype": column.datatype,
                    "required": column.required,
                }
                for column in columns
            ],
            "primaryKey": "entry" if alone else ["entry", "category"],
        },
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"
