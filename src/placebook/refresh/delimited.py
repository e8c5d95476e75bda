"""Published CSV and Parquet files as rows with line numbers; what is not such a file is refused by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from placebook.errors import Fault, InputError
from placebook.refresh.decimals import decimal_text


class Files(dict[str, Any]):
    """Published files by name, or what was read from them."""

    def __missing__(self, name: str) -> Any:
        raise InputError(f"the source's options name the file {name}, and its list of files does not. Add it there.")


@dataclass(frozen=True)
class Row:
    """One row of a published file: ``line`` counts from 1, the header being the first."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def get(self, column: str, default: str = "") -> str:
        return self.cells.get(column, default)

    def fault(self, field: str, problem: str, remedy: str) -> Fault:
        """A fault at this row."""
        return Fault(self.file, self.line, field, problem, remedy)


@dataclass(frozen=True)
class Delimited:
    """A published file, read whole."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def column(self, names: str | Iterable[str]) -> str:
        """The one of ``names`` that is a column of the file. Raises InputError where none is."""
        return column_of(self.file, self.columns, names)


def column_of(file: str, columns: Iterable[str], names: str | Iterable[str]) -> str:
    """The first of ``names`` that is one of the file's columns. Raises InputError where none is."""
    known, wanted = list(columns), [names] if isinstance(names, str) else list(names)
    for name in wanted:
        if name in known:
            return name
    raise InputError(
        Fault(
            file,
            1,
            "",
            f"has no column {' or '.join(wanted)}; it has {', '.join(known)}",
            "get the file again, or name its column in the source file",
        )
    )


def read_delimited(file: str, content: bytes, required: Iterable[str] = ()) -> Delimited:
    """The rows of a CSV file in UTF-8, or of a Parquet file (``.parquet``) as the same text.

    Raises InputError, naming file and line, for an empty body, a web page or a message in place of data, text
    that is not UTF-8, a doubled or missing column, a short or long row, and a file without rows.
    """
    if not content.strip():
        raise _refuse(file, 0, "is empty", "ask the publisher again: the areas may have no value for that period")
    if file.endswith(".parquet"):
        return _checked(_from_parquet(file, content), required)
    if content.lstrip()[:1] == b"<":
        raise _refuse(file, 1, "is a web page, not data", "open the address in a browser: it may show an error")
    if content.lstrip()[:1] == b"{":
        beginning = content.decode("utf-8", "replace").strip()[:120]
        raise _refuse(file, 1, f"is a message, not data: {beginning}", "correct the request that the source describes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refuse(file, line, "is not UTF-8 text", "save the file as UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        rows = tuple(_rows(file, header, reader))
    except csv.Error as error:
        raise _refuse(file, reader.line_num, f"is not a CSV file: {error}", "get the file again") from None
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise _refuse(file, 1, f"has the column {', '.join(twice)} twice", "get the file again")
    return _checked(Delimited(file, tuple(header), rows), required)


def _checked(table: Delimited, required: Iterable[str]) -> Delimited:
    for column in required:
        table.column(column)
    if not table.rows:
        raise _refuse(table.file, 1, "has a header and no rows", "ask the publisher again")
    return table


def read_parquet(file: str, content: bytes) -> pa.Table:
    """A Parquet file. Raises InputError, naming the file, for what is none."""
    try:
        return pa.parquet.read_table(pa.BufferReader(content))
    except pa.ArrowException as error:
        raise _refuse(file, 0, f"is not a Parquet file: {error}", "get the file again") from None


def _from_parquet(file: str, content: bytes) -> Delimited:
    """Every cell as text: a number without a float's noise, what is missing as blank; lines as a CSV would have them."""
    table = read_parquet(file, content)
    columns = [[as_text(cell) for cell in column.to_pylist()] for column in table.columns]
    names = tuple(table.column_names)
    rows = (
        Row(file, line, dict(zip(names, cells, strict=True))) for line, cells in enumerate(zip(*columns, strict=True), start=2)
    )
    return Delimited(file, names, tuple(rows))


def as_text(cell: Any) -> str:
    """A cell of a Parquet file as a CSV would have it."""
    if cell is None or cell != cell:  # NaN is not itself
        return ""
    return decimal_text(repr(cell)) if isinstance(cell, float) else str(cell)


def _rows(file: str, header: list[str], reader: Any) -> Iterator[Row]:
    for fields in reader:
        if not fields:
            continue
        if len(fields) != len(header):
            raise _refuse(
                file,
                reader.line_num,
                f"has {len(fields)} fields, the header {len(header)}",
                "get the file again: it may have been cut off",
            )
        yield Row(file, reader.line_num, dict(zip(header, fields, strict=True)))


def _refuse(file: str, line: int, problem: str, remedy: str) -> InputError:
    return InputError(Fault(file, line, "", problem, remedy))
