"""Files that publishers put at an address: CSV, XLSX, ODS, or an archive of CSV files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import python_calamine as calamine

from placebook.catalogue.fetches import FileFetch
from placebook.errors import DataError, Fault
from placebook.refresh.delimited import Delimited
from placebook.refresh.fetching import Answer, Fetcher, FetchError
from placebook.refresh.layouts import as_file, melted, sheet_rows, table_of
from placebook.refresh.names import Names

ZIPPED = b"PK\x03\x04"
LARGEST = 600_000_000
"""Bytes to which an archive or a workbook may unpack."""


def published_file(fetch: FileFetch, fetcher: Fetcher, names: Names) -> bytes:
    """The file as its adapter reads it: a table with the columns of the published one, a category a row where it is melted.

    Raises FetchError or InputError where it is no such file, or its header lacks a column.
    """
    answer = fetcher.get(fetch.address)
    if fetch.members:
        tables = {level: _member(answer, fetch, name) for level, name in fetch.members.items()}
    elif answer.content.startswith(ZIPPED):
        header, rows = _sheet(answer, fetch)
        return _file(fetch, names, header, rows)
    else:
        tables = {"": table_of(replace(answer, charset=fetch.encoding or answer.charset), fetch.columns)}
    if fetch.melted is None:
        [table] = tables.values()
        return _file(fetch, names, table.columns, [[row[column] for column in table.columns] for row in table])
    return _melted_file(fetch, names, tables)


def _file(fetch: FileFetch, names: Names, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    if "areacd" in header and "areanm" in header:
        code, name = header.index("areacd"), header.index("areanm")
        names.check(fetch.address, ((row[code], row[name]) for row in rows))
    return as_file(fetch.file, header, rows)


def _melted_file(fetch: FileFetch, names: Names, tables: dict[str, Delimited]) -> bytes:
    assert fetch.melted is not None
    how, rows = fetch.melted, []
    for level, table in tables.items():
        if "geography" in how.beside:
            names.check(table.file, ((row[how.area], row["geography"]) for row in table))
        lines = (row.cells for row in table)
        rows += [(level, *cell) for cell in melted(table.columns, lines, how.area, how.beside)]
    return as_file(fetch.file, ("level", how.area, how.category, how.value), rows)


def _member(answer: Answer, fetch: FileFetch, name: str) -> Delimited:
    """One CSV file of an archive."""
    with _archive(answer) as archive:
        if name not in archive.namelist():
            held = ", ".join(archive.namelist()[:12])
            raise FetchError(f"{answer.address}: has no {name}; it holds {held}. Correct the source's fetch.")
        try:
            content = archive.read(name)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise FetchError(f"{answer.address}: {name} cannot be unpacked ({type(error).__name__}). Ask later.") from None
    one = Answer(f"{answer.address}#{name}", content, "text/csv", fetch.encoding or "")
    return table_of(one, fetch.columns)


def _sheet(answer: Answer, fetch: FileFetch) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a workbook's sheet."""
    with _archive(answer):
        pass  # that it is an archive, and how large it becomes, is known before anything reads it
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        sheets = book.sheet_names
        if (fetch.sheet or sheets[0]) not in sheets:
            raise FetchError(f"{answer.address}: has no sheet {fetch.sheet!r}; it has {', '.join(sheets)}.")
        cells: list[list[Any]] = book.get_sheet_by_name(fetch.sheet or sheets[0]).to_python(skip_empty_area=False)
    except calamine.CalamineError as error:
        raise DataError(Fault(answer.address, 0, "", f"is no workbook: {error}", "get the file again")) from None
    return sheet_rows(answer.address, fetch.header, fetch.columns, cells)


def _archive(answer: Answer) -> zipfile.ZipFile:
    """The archive, where it does not unpack to more than can be read. Sizes in it are held to by who unpacks it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
    except zipfile.BadZipFile:
        raise FetchError(f"{answer.address}: is no archive, or was cut off. Ask later.") from None
    if (size := sum(one.file_size for one in archive.infolist())) > LARGEST:
        raise FetchError(f"{answer.address}: would unpack to {size:,} bytes. No table of this book is so large.")
    return archive
