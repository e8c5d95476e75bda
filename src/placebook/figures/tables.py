"""Tables as HTML: a caption, real headers with a scope, nothing that a cell could smuggle in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and the ledger entry that the number comes from."""

    text: str
    entry: str = ""
    numeric: bool = True
    sort: float | None = None
    """What a sortable table sorts the cell by."""


@dataclass(frozen=True)
class Table:
    """A table whose first column heads its rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    ids: tuple[str, ...] = ()
    """An anchor for each row; none where there are none."""
    sortable: bool = False
    """Whether readers may put the rows in order by a column, where scripts run."""

    @property
    def numbers(self) -> int:
        return sum(bool(cell.entry) for row in self.rows for cell in row)


Way = Callable[[str], str]
"""From a ledger id to the address of its evidence."""


def html(table: Table, way: Way | None = None) -> str:
    """The table in a region that scrolls sideways by keyboard where it is too wide.

    ``way`` makes each number a link to its ledger entry.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    ids = table.ids or ("",) * len(table.rows)
    body = "".join(
        f"<tr{f' id={chr(34)}{escape(id_, True)}{chr(34)}' if id_ else ''}>{_row(row, way)}</tr>"
        for row, id_ in zip(table.rows, ids, strict=True)
    )
    caption = escape(table.caption)
    return (
        f'<div class="pb-scroll" role="region" tabindex="0" aria-label="{escape(table.caption, True)}">'
        f'<table class="pb-table{" pb-sortable" if table.sortable else ""}"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def folded(summary: str, tables: Sequence[Table], way: Way | None = None) -> str:
    """Tables behind a line that opens them."""
    inside = "".join(html(table, way) for table in tables)
    return f'<details class="pb-data"><summary>{escape(summary)}</summary>{inside}</details>'


def _row(row: Sequence[Cell], way: Way | None) -> str:
    first, *rest = row
    cells = [f'<th scope="row">{escape(first.text)}</th>']
    for cell in rest:
        # Most cells are numbers: words are the ones that are marked, which keeps a page of 4,000 cells light.
        kind = "" if cell.numeric else ' class="pb-w"'
        order = f' data-sort="{cell.sort!r}"' if cell.sort is not None else ""
        text = escape(cell.text)
        if cell.entry and way and cell.text:
            text = f'<a href="{escape(way(cell.entry), True)}">{text}</a>'
        cells.append(f"<td{kind}{order}>{text}</td>")
    return "".join(cells)
