"""Published files as whole columns, and frozen Parquet files of them: for tables of millions of rows."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from placebook.errors import Fault, InputError
from placebook.refresh.delimited import read_delimited, read_parquet

LARGEST_MEMBER = 100_000_000
"""Bytes of one file of an archive, unpacked."""
LARGEST_ARCHIVE = 500_000_000
"""Bytes of all its files, unpacked."""
GROUP = 20_000
"""Rows of a group: of one of 3 million rows a page finds its own in 0.03 s, where it is whole in 0.2."""
LEVEL = 19
"""Of zstd: far smaller files than at the usual level, read as fast, and written in a minute or two."""


def read_columns(file: str, content: bytes, member: str = "") -> pd.DataFrame:
    """A Parquet or a CSV file, or the CSV file ``member`` of a ZIP. The index is the line, as in a CSV with a header.

    Raises InputError, naming the file, for what is none, and for what :func:`read_delimited` refuses.
    """
    if file.endswith(".zip"):
        content = unpacked(file, content, member)
    if not file.endswith(".parquet"):
        table = read_delimited(file, content)
        return pd.DataFrame([row.cells for row in table], index=[row.line for row in table])
    rows = read_parquet(file, content).to_pandas()
    if rows.empty:
        raise InputError(Fault(file, 1, "", "has a header and no rows", "ask the publisher again"))
    return rows.set_axis(range(2, len(rows) + 2))


def unpacked(file: str, content: bytes, member: str) -> bytes:
    """The one file ``member`` of a ZIP, in memory: no name that stands in the archive is ever a path.

    Raises InputError for what is no ZIP, where the member is not there or stands twice, and for an archive whose
    files, by what it says of them, are larger than :data:`LARGEST_MEMBER` or :data:`LARGEST_ARCHIVE`; no more than that
    is ever unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = [(about.filename, about.file_size) for about in archive.infolist()]
            found = [size for name, size in sizes if name == member]
            if len(found) != 1:
                problem = f"holds {member!r} {len(found)} times; it holds {', '.join(name for name, _ in sizes[:20])}"
                raise InputError(Fault(file, 0, "member", problem, "name one of its files in the source file"))
            if found[0] > LARGEST_MEMBER or sum(size for _, size in sizes) > LARGEST_ARCHIVE:
                problem = f"is too large: {found[0]:,} bytes in {member}, {sum(size for _, size in sizes):,} in all"
                raise InputError(Fault(file, 0, "member", problem, "get the file again from the publisher"))
            return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(Fault(file, 0, "", f"is not a ZIP file: {error}", "get the file again")) from None


def as_words(rows: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The frame with these columns as categories in order, so that their codes sort as the words do."""
    return rows.assign(**{name: pd.Categorical(rows[name].astype(object)) for name in columns})


def frozen(rows: pd.DataFrame, numbers: Mapping[str, Any]) -> bytes:
    """A frame of categories, and of ``numbers`` by their Arrow types, as Parquet. The same frame gives the same bytes.

    Words are written as text: a group of rows then holds its own words alone, and is small enough to be read for one page.
    """
    columns = {name: pa.array(rows[name], numbers.get(name, pa.string()), from_pandas=True) for name in map(str, rows)}
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(pa.table(columns), sink, compression="zstd", compression_level=LEVEL, row_group_size=GROUP)
    return sink.getvalue().to_pybytes()
