"""Tables as HTML: a caption, real headers with a scope, nothing that a cell could smuggle in."""

from __future__ import annotations

from collections.abc import Sequence
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


def html(table: Table) -> str:
    """The table in a region that scrolls sideways by keyboard where it is too wide."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    ids = table.ids or ("",) * len(table.rows)
    body = "".join(
        f"<tr{f' id={chr(34)}{escape(id_, True)}{chr(34)}' if id_ else ''}>{_row(row)}</tr>"
        for row, id_ in zip(table.rows, ids, strict=True)
    )
    caption = escape(table.caption)
    return (
        f'<div class="pb-scroll" role="region" tabindex="0" aria-label="{escape(table.caption, True)}">'
        f'<table class="pb-table{" pb-sortable" if table.sortable else ""}"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def folded(summary: str, tables: Sequence[Table]) -> str:
    """Tables behind a line that opens them; open in print."""
    inside = "".join(html(table) for table in tables)
    return f'<details class="pb-data"><summary>{escape(summary)}</summary>{inside}</details>'


def _row(row: Sequence[Cell]) -> str:
    first, *rest = row
    cells = [f'<th scope="row">{escape(first.text)}</th>']
    for cell in rest:
        entry = f' data-entry="{escape(cell.entry, True)}"' if cell.entry else ""
        kind = ' class="pb-number"' if cell.numeric else ""
        order = f' data-sort="{cell.sort!r}"' if cell.sort is not None else ""
        cells.append(f"<td{kind}{order}{entry}>{escape(cell.text)}</td>")
    return "".join(cells)
