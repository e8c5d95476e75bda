"""A table that a worksheet writes in one pass: the same bytes as gptables and XlsxWriter write, in a fraction of the time.

gptables asks pandas about every column, and XlsxWriter keeps every cell as an object and puts its attributes together one by
one. A page has thirty workbooks of a hundred thousand cells: making them took a third of its time. But a table knows two looks,
of what keeps to the left and of what keeps to the right. gptables is shown a sample of both once, and says what they are and
how a table is marked; the cells are written in those looks by what is known of each beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import chain
from typing import Any, Literal

import gptables
import pandas as pd
from gptables.core.wrappers import GPWorksheet
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range

Side = Literal["left", "right"]
Filled = Sequence[str | float | int]
"""A row without empty cells; numbers are finite."""
SAMPLE: Mapping[Side, str | int] = {"left": "text", "right": 1}
"""A cell of each side, and the head of its column."""


def sample() -> pd.DataFrame:
    """The table that gptables is shown in place of one that is written by ``fill``."""
    return pd.DataFrame([list(SAMPLE.values())], columns=list(SAMPLE), dtype=object)


def fill(sheet: GPWorksheet, columns: Sequence[str], sides: Sequence[Side], rows: Sequence[Filled]) -> None:
    """Have ``sheet`` write and mark this table where gptables would write and mark the sample.

    ``columns`` are the heads and ``sides`` where each column keeps to. There is a row at least, and nothing is written below.
    """
    sample_looks = _sample_looks()

    def write_table(pos: list[int], table: gptables.GPTable, auto_width: bool) -> list[int]:
        top, left, last, right = table.data_range[0], 0, table.data_range[0] + len(rows), len(columns) - 1
        heads, looks = (
            [sheet._workbook.add_format(look[side]) for side in sides] for look in (sample_looks.heads, sample_looks.cells)
        )
        for at, (row, formats) in enumerate(((columns, heads), (rows[0], looks)), top):
            for column, (cell, look) in enumerate(zip(row, formats, strict=True), left):
                sheet.write(at, column, cell, look)
        _write_later(sheet, top + 1, left, rows[1:], looks)
        named = [{"header": name, "header_format": look} for name, look in zip(columns, heads, strict=True)]
        # XlsxWriter would go through what is marked cell by cell.
        sheet.add_table(top, left, top + 1, right, {**sample_looks.mark, "columns": named, "name": table.table_name})
        sheet.tables[-1].update(range=xl_range(top, left, last, right), a_range=xl_range(top, left, last, right))
        return [last + 1, 0]

    sheet._write_table_elements = write_table


@dataclass(frozen=True)
class _Looks:
    """What gptables makes of the sample."""

    heads: Mapping[Side, dict[str, Any]]
    cells: Mapping[Side, dict[str, Any]]
    mark: Mapping[str, Any]
    """How a table is marked, whatever its name and columns."""


@cache
def _sample_looks() -> _Looks:
    asked = gptables.GPWorkbook(BytesIO(), options={"in_memory": True}).add_worksheet("Sample")
    looks: list[Mapping[Side, dict[str, Any]]] = []
    mark: dict[str, Any] = {}
    write, add = asked._write_array, asked.add_table

    def write_array(pos: list[int], data: pd.DataFrame, formats: pd.DataFrame) -> list[int]:
        looks.extend(dict(zip(SAMPLE, row, strict=True)) for row in formats.values.tolist())
        return write(pos, data, formats)

    def add_table(*where: Any) -> Any:
        *_, options = where
        mark.update({name: value for name, value in options.items() if name not in ("columns", "name")})
        return add(*where)

    asked._write_array, asked.add_table = write_array, add_table
    table = gptables.GPTable(sample(), "sample", "Sample", index_columns={})
    asked.write_gptable(table, auto_width=False)
    heads, cells = looks
    return _Looks(heads, cells, mark)


def _write_later(sheet: GPWorksheet, above: int, left: int, rows: Sequence[Filled], looks: Sequence[Format]) -> None:
    """Have the sheet write ``rows`` below the row ``above`` when it writes that."""
    if not rows:
        return
    ends = list(_ends(sheet, rows))
    sheet._check_dimensions(above + len(rows), left)
    write_rows = sheet._write_rows

    def write_all() -> None:
        last, sheet.dim_rowmax = sheet.dim_rowmax, above
        write_rows()
        sheet.dim_rowmax = last
        # What a format is called is known only now, when all of the workbook are known.
        begins = [
            (f'<c r="{xl_col_to_name(column)}', f'" s="{look._get_xf_index()}"') for column, look in enumerate(looks, left)
        ]
        span = f"{left + 1}:{left + len(looks)}"
        for at, line in enumerate(ends, above + 1):
            sheet._write_row(at, span)
            sheet.fh.write("".join([f"{cell}{at + 1}{look}{end}" for (cell, look), end in zip(begins, line, strict=True)]))
            sheet._xml_end_tag("row")

    sheet._write_rows = write_all


def _ends(sheet: GPWorksheet, rows: Sequence[Filled]) -> Iterator[tuple[str, ...]]:
    """What stands in the file behind the address and the look of each cell. A text is the number that the workbook gives it."""
    texts = sheet.str_table
    ends_of: dict[str | float | int, str] = {}
    for cell in dict.fromkeys(chain.from_iterable(rows)):  # in the order in which they come: that is how they are numbered
        if isinstance(cell, str):
            ends_of[cell] = f' t="s"><v>{texts._get_shared_string_index(cell)}</v></c>'
            texts.count -= 1
    columns = []
    for column in zip(*rows, strict=True):
        ends = [ends_of.get(cell) or f"><v>{cell:.16G}</v></c>" for cell in column]
        texts.count += sum(map(ends_of.__contains__, column))
        columns.append(ends)
    return zip(*columns, strict=True)
