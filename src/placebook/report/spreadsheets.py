"""Accessible spreadsheets by gptables, after the Government Analysis Function's rules.

A cover says what the workbook is, a contents sheet where its tables are if there are several; one table a sheet, no
cell merged or blank, no meaning in colours, every marker explained, nothing that a spreadsheet program would take for
a formula or a link.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import gptables
import pandas as pd

from placebook.errors import BuildError
from placebook.findings import formats as write

AUTHORS = "The placebook authors"
MADE = datetime(2000, 1, 1)
"""Written into each workbook in place of the hour of its making: same figures, same bytes."""
NOTHING = "[z]"
"""A blank cell says nothing to a screen reader: what does not apply is marked as such."""
LONGEST = 32_767
"""Characters that a cell holds; the writer would drop a longer text without a word."""
TAB = 31
"""Characters that a sheet's name holds."""
OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False,
    "in_memory": True,
}  # fmt: skip
DANGEROUS = re.compile(r"[\s\ufeff\u200b]*[=+@＝＋－＠\t\r\n-]")

MARKED, NAMED = re.compile(r"\[[\w\s]+\]"), re.compile(r"[a-zA-Z0-9]")
"""What gptables takes for a marker, and what it wants at least one of in each cell."""

Cell = str | float | int | None
Filled = list[str | float | int]
"""A row as it is written."""


@dataclass(frozen=True)
class Sheet:
    """One table: its name on the tab, its own name, its title, column heads and rows. An empty cell becomes [z]."""

    tab: str
    table: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def safe_text(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet program would take for a formula."""
    return f"'{text}" if DANGEROUS.match(text) else text


def tab_name(text: str) -> str:
    """The text as the name of a sheet: without the characters that one may not hold, and cut to length."""
    return " ".join(re.sub(r"[\[\]:*?/\\']", " ", text).split())[:TAB].strip()


def workbook(title: str, about: Mapping[str, str], sources: Sequence[str], sheets: Sequence[Sheet]) -> bytes:
    """The bytes of an XLSX file with a cover, contents if there are several tables, and a sheet for each.

    ``about`` is what the cover says first, heading by heading; ``sources`` are its lines of credit. Numbers keep 16
    significant digits, which is all that the format's writer writes. Raises BuildError for a table without rows, and
    for what a spreadsheet cannot hold.
    """
    empty = [sheet.title for sheet in sheets if not sheet.rows]
    if empty:
        raise BuildError(f"a spreadsheet needs rows, and {'; '.join(empty)} has none: leave it out")
    stream = io.BytesIO()
    cover = gptables.Cover(
        title=_plain(title),
        intro=[_plain(f"{name}: {text}") for name, text in about.items() if text] or None,
        about=[_plain(source) for source in sources] or None,
        cover_label="Cover",
    )
    filled = {sheet.tab: _filled(sheet.rows) for sheet in sheets}
    made = gptables.GPWorkbook(stream, options=OPTIONS)
    try:
        tables = {sheet.tab: _table(sheet, filled[sheet.tab]) for sheet in sheets}
        # For a few texts at a time Arrow's are slower than Python's own.
        with warnings.catch_warnings(), pd.option_context("mode.string_storage", "python"):
            warnings.simplefilter("ignore")  # what pandas will change one day
            made.add_worksheet(cover.cover_label).write_cover(cover)
            if len(sheets) > 1:
                made.add_worksheet("Contents").write_gptable(made.make_table_of_contents(tables), auto_width=False)
            for tab, table in tables.items():
                found = made.add_worksheet(tab)
                _carry_on(found, filled[tab][len(table.table) :])
                found.write_gptable(table, auto_width=False)
    except ValueError as error:
        said = " ".join(str(error).split())
        raise BuildError(f"the spreadsheet of {title} cannot be made: {said}") from error
    made.set_properties({
        "title": title, "subject": sheets[0].title, "author": AUTHORS,
        "comments": "Official statistics, each with its source.", "created": MADE,
    })  # fmt: skip
    made.set_custom_property("Language", "en-GB")
    for sheet in sheets:
        found = made.get_worksheet_by_name(sheet.tab)
        for number, name in enumerate(sheet.columns):
            longest = max([len(name), *(len(str(row[number])) for row in sheet.rows[:200] if row[number] is not None)])
            found.set_column(number, number, min(max(longest + 2, 9), 60))
    made.close()
    return stream.getvalue()


def _table(sheet: Sheet, rows: Sequence[Filled]) -> gptables.GPTable:
    """The table as gptables takes it, with what it needs to see of the rows and what it would learn from the others."""
    texts = {cell for row in rows for cell in row if isinstance(cell, str)}
    return gptables.GPTable(
        table=pd.DataFrame(
            _given(rows), columns=[_plain(name) for name in sheet.columns], dtype=object
        ),
        table_name=re.sub(r"\W", "_", sheet.table),
        title=_plain(sheet.title),
        legend=[
            f"[{marker}] {meaning}"
            for marker, meaning in write.MARKER_WORDS.items()
            if any(f"[{marker}]" in text for text in texts)
        ],
        instructions=(
            "This worksheet contains one table. A marker in square brackets stands where there is no number, or where "
            "nothing applies; each marker used is explained below."
        ),
        source="Each row names its source; the cover names licences.",
        index_columns={},
        additional_formatting=[
            {"column": {"columns": columns, "format": {"align": side}}} for side, columns in _sides(rows).items()
        ],
    )


def _given(rows: Sequence[Filled]) -> Sequence[Filled]:
    """The first row, for each that gptables writes costs a hundred times what it costs to write it.

    Where it would refuse a cell it is given everything, so that it says so itself.
    """
    texts = {cell for row in rows for cell in row if isinstance(cell, str)}
    return rows[:1] if all(NAMED.search(text) for text in texts) else rows


def _sides(rows: Sequence[Filled]) -> dict[str, list[int]]:
    """Side to the columns that keep to it, though gptables would not think so by the first row alone.

    Columns of numbers and markers keep to the right, but for the first.
    """
    texts = {cell for row in rows for cell in row if isinstance(cell, str)}
    words = {text for text in texts if not MARKED.search(text)}
    sides: dict[str, list[int]] = {}
    for at, cell in enumerate(rows[0]):
        numbers = at > 0 and any(not isinstance(row[at], str) for row in rows)
        counted = numbers and not any(row[at] in words for row in rows)
        if counted != (at > 0 and not isinstance(cell, str)):
            sides.setdefault("right" if counted else "left", []).append(at)
    return sides


def _carry_on(found: Any, rows: Sequence[Filled]) -> None:
    """When gptables marks what it wrote as a table, the other rows are written in the looks of its last one first."""
    mark = found.add_table

    def add_table(top: int, left: int, bottom: int, right: int, options: dict[str, Any]) -> Any:
        looks = [found.table[bottom][column].format for column in range(left, right + 1)]
        for at, row in enumerate(rows, bottom + 1):
            for column, (cell, look) in enumerate(zip(row, looks, strict=True), left):
                if isinstance(cell, str):
                    found.write_string(at, column, cell, look)
                else:
                    found.write_number(at, column, cell, look)
        return mark(top, left, bottom + len(rows), right, options)

    found.add_table = add_table


def _filled(rows: Sequence[Sequence[Cell]]) -> list[Filled]:
    """The rows without an empty cell; each text, most of which stand there often, is made safe once."""
    plain = cache(lambda text: _plain(text) if text.strip() else NOTHING)
    return [[plain(cell) if isinstance(cell, str) else _number(cell) for cell in row] for row in rows]


def _number(cell: float | int | None) -> str | float | int:
    if cell is None:
        return NOTHING
    if not math.isfinite(cell):
        raise BuildError(f"a spreadsheet cell holds no {cell}: leave it empty")
    return cell


def _plain(text: str) -> str:
    """Safe text in which gptables finds none of its own marks: ``[words](address)``, ``$$note$$``."""
    plain = safe_text(text.replace("](", "] (").replace("$$", "$ $").replace("$$", "$ $"))
    if len(plain) > LONGEST:
        raise BuildError(f"a spreadsheet cell holds {LONGEST:,} characters, not {len(plain):,}: shorten {text[:60]}…")
    return plain
