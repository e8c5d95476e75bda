"""Accessible spreadsheets by gptables, after the Government Analysis Function's rules.

A cover says what the workbook is, a contents sheet where its tables are if there are several; one table a sheet, no
cell merged or blank, no meaning in colours, every marker explained, nothing that a spreadsheet program would take for
a formula or a link.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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

Cell = str | float | int | None


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
    try:
        with warnings.catch_warnings():
            # That there is no sheet of notes (markers stand above each table), and what pandas will change one day.
            warnings.simplefilter("ignore")
            made = gptables.produce_workbook(
                stream,
                {sheet.tab: _table(sheet) for sheet in sheets},
                cover=cover,
                contentsheet_label="Contents" if len(sheets) > 1 else None,
                auto_width=False,
                workbook_options=OPTIONS,
            )
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


def _table(sheet: Sheet) -> gptables.GPTable:
    rows = [[_cell(cell) for cell in row] for row in sheet.rows]
    return gptables.GPTable(
        table=pd.DataFrame(rows, columns=[_plain(name) for name in sheet.columns], dtype=object),
        table_name=re.sub(r"\W", "_", sheet.table),
        title=_plain(sheet.title),
        legend=[f"[{marker}] {words}" for marker, words in write.MARKER_WORDS.items() if _holds(rows, f"[{marker}]")],
        instructions=(
            "This worksheet contains one table. A marker in square brackets stands where there is no number, or where "
            "nothing applies; each marker used is explained below."
        ),
        source="Each row names its source; the cover names licences.",
        index_columns={},
    )


def _holds(rows: Sequence[Sequence[str | float | int]], marker: str) -> bool:
    return any(isinstance(cell, str) and marker in cell for row in rows for cell in row)


def _cell(cell: Cell) -> str | float | int:
    if cell is None:
        return NOTHING
    return (_plain(cell) if cell.strip() else NOTHING) if isinstance(cell, str) else cell


def _plain(text: str) -> str:
    """Safe text in which gptables finds none of its own marks: ``[words](address)``, ``$$note$$``."""
    plain = safe_text(text.replace("](", "] (").replace("$$", "$ $").replace("$$", "$ $"))
    if len(plain) > LONGEST:
        raise BuildError(f"a spreadsheet cell holds {LONGEST:,} characters, not {len(plain):,}: shorten {text[:60]}…")
    return plain
