"""What interfaces answer, as the files that adapters read: CSV, or Parquet of the same text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from placebook.errors import DataError, Fault
from placebook.refresh.delimited import Delimited, as_text, column_of, read_delimited
from placebook.refresh.fetching import Answer


def table_of(answer: Answer, required: Iterable[str]) -> Delimited:
    """The rows of an answer that must be a CSV table with these columns. Raises InputError."""
    return read_delimited(answer.address, answer.table().encode("utf-8"), required)


def as_file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as the file ``name``, of which an adapter expects CSV or Parquet by its ending."""
    if name.endswith(".parquet"):
        columns = list(zip(*rows, strict=True)) or [()] * len(header)
        stream = io.BytesIO()
        table = pa.table({column: pa.array(cells, pa.string()) for column, cells in zip(header, columns, strict=True)})
        pa.parquet.write_table(table, stream)
        return stream.getvalue()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def sheet_rows(
    name: str, header: int, required: Sequence[str], cells: Sequence[Sequence[Any]]
) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a sheet whose header stands in line ``header``; blank rows and columns without a name are left out.

    Raises DataError, InputError where the header lacks a column, or has one twice.
    """
    if len(cells) < header:
        raise DataError(Fault(name, header, "", "has no such line, where the header should stand", "look for it in the file"))
    names = ["" if cell is None else " ".join(str(cell).split()) for cell in cells[header - 1]]
    for column in required:
        column_of(name, names, column)
    twice = sorted({column for column in names if column and names.count(column) > 1})
    if twice:
        raise DataError(Fault(name, header, "", f"has the column {', '.join(twice)} twice", "get the file again"))
    kept = [at for at, column in enumerate(names) if column]
    rows = ([_cell(row[at]) for at in kept] for row in cells[header:])
    return [names[at] for at in kept], [row for row in rows if any(row)]


def _cell(cell: Any) -> str:
    """A number as it was typed: sheets know no whole numbers."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return as_text(cell).strip()


def melted(
    header: Sequence[str], rows: Iterable[Mapping[str, str]], area: str, beside: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Area, category (the header's words) and figure for every cell of a table with a column for each category."""
    categories = [column for column in header if column != area and column not in beside]
    for row in rows:
        for category in categories:
            yield row[area], category, row[category]
