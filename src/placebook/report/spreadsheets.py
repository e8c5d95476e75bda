"""Accessible spreadsheets by gptables, after the Government Analysis Function's rules.

A cover says what the workbook is, a contents sheet where its tables are if there are several; one table a sheet, no
cell merged or blank, no meaning in colours, every marker explained, nothing that a spreadsheet program would take for
a formula or a link.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

import gptables
import pandas as pd

from placebook.errors import BuildError
from placebook.findings import formats as write
from placebook.report.sheet_rows import Filled, Side, fill, sample

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
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "in_memory": True,
}
STARTS, BREAKS = frozenset("=+-@"), frozenset("\t\r\n")
"""What begins a formula, in whatever width; and what some programs begin one after."""
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs of Unicode that nobody sees; of other kinds these are the separators, controls and marks."""

MARKED, NAMED = re.compile(r"\[[\w\s]+\]"), re.compile(r"[a-zA-Z0-9]")
"""What gptables takes for a marker, and what it wants at least one of in each cell."""

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
    if text[:1].isascii() and text[:1].isalnum():  # as most
        return text
    unseen = "".join(takewhile(lambda sign: unicodedata.category(sign)[0] in "CMZ" or sign in BLANK, text))
    begins = unicodedata.normalize("NFKC", text[len(unseen) : len(unseen) + 1]) in STARTS
    return f"'{text}" if begins or BREAKS.intersection(unseen) else text


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
    tables = [_Table(sheet) for sheet in sheets]
    book = gptables.GPWorkbook(stream, options=OPTIONS)
    try:
        given = {table.sheet.tab: table.given() for table in tables}
        # For a few texts at a time Arrow's are slower than Python's own.
        with warnings.catch_warnings(), pd.option_context("mode.string_storage", "python"):
            warnings.simplefilter("ignore")  # what pandas will change one day
            book.add_worksheet(cover.cover_label).write_cover(cover)
            if len(sheets) > 1:
                book.add_worksheet("Contents").write_gptable(book.make_table_of_contents(given), auto_width=False)
            for table in tables:
                found = book.add_worksheet(table.sheet.tab)
                if table.sound:
                    fill(found, table.heads, table.sides(), table.rows)
                found.write_gptable(given[table.sheet.tab], auto_width=False)
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise BuildError(f"the spreadsheet of {title} cannot be made: {reason}") from error
    book.set_properties(
        {
            "title": title,
            "subject": sheets[0].title,
            "author": AUTHORS,
            "comments": "Official statistics, each with its source.",
            "created": MADE,
        }
    )
    book.set_custom_property("Language", "en-GB")
    for sheet in sheets:
        found = book.get_worksheet_by_name(sheet.tab)
        for number, name in enumerate(sheet.columns):
            longest = max([len(name), *(len(str(row[number])) for row in sheet.rows[:200] if row[number] is not None)])
            found.set_column(number, number, min(max(longest + 2, 9), 60))
    book.close()
    return stream.getvalue()


class _Table:
    """The table of a sheet as it is written."""

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        self.heads = [_plain(name) for name in sheet.columns]
        # By columns: what stands in a column often is looked at once.
        self.columns = [_filled(column) for column in zip(*sheet.rows, strict=True)]
        self.rows: list[Filled] = list(zip(*self.columns, strict=True))
        self.texts = {cell for column in self.columns for cell in set(column) if isinstance(cell, str)}

    @property
    def sound(self) -> bool:
        """Whether gptables would take every cell. Where it would refuse one it is given all, so that it says so itself."""
        return (
            all(map(NAMED.search, self.texts)) and all(map(str.strip, self.heads)) and len(set(self.heads)) == len(self.heads)
        )

    def given(self) -> gptables.GPTable:
        """What gptables is given: a sample, and what it would learn from all of the rows."""
        texts = "\n".join(self.texts)
        return gptables.GPTable(
            table=sample() if self.sound else pd.DataFrame(self.rows, columns=self.heads, dtype=object),
            table_name=re.sub(r"\W", "_", self.sheet.table),
            title=_plain(self.sheet.title),
            legend=[f"[{marker}] {meaning}" for marker, meaning in write.MARKER_WORDS.items() if f"[{marker}]" in texts],
            instructions=(
                "This worksheet contains one table. A marker in square brackets stands where there is no number, or where "
                "nothing applies; each marker used is explained below."
            ),
            source="Each row names its source; the cover names licences.",
            index_columns={},
        )

    def sides(self) -> list[Side]:
        """Where each column keeps to."""
        return [_side(at, column) for at, column in enumerate(self.columns)]


def _side(at: int, cells: Filled) -> Side:
    """Where gptables would keep a column to: one of numbers and markers to the right, unless it is the first."""
    different = set(cells)
    texts = [cell for cell in different if isinstance(cell, str)]
    return "right" if at > 0 and len(texts) < len(different) and all(map(MARKED.search, texts)) else "left"


def _filled(cells: Sequence[Cell]) -> list[str | float | int]:
    """A column without an empty cell, its texts made safe."""
    replaced: dict[Cell, str | float | int] = {}
    for cell in set(cells):
        if cell is None:
            replaced[cell] = NOTHING
        elif isinstance(cell, str):
            replaced[cell] = _plain(cell) if cell.strip() else NOTHING
        elif not math.isfinite(cell):
            raise BuildError(f"a spreadsheet cell holds no {cell}: leave it empty")
    return [replaced.get(cell, cell) for cell in cells]  # type: ignore[misc]  # None is among those known


def _plain(text: str) -> str:
    """Safe text in which gptables finds none of its own marks: ``[words](address)``, ``$$note$$``."""
    plain = safe_text(text.replace("](", "] (").replace("$$", "$ $").replace("$$", "$ $"))
    # A character beyond the first 65,536, an emoji for one, counts as two.
    if len(plain) > LONGEST // 2 and (long := len(plain.encode("utf-16-le")) // 2) > LONGEST:
        raise BuildError(f"a spreadsheet cell holds {LONGEST:,} characters, not {long:,}: shorten {text[:60]}…")
    return plain
