"""Tables as HTML: a caption, real headers with a scope, nothing that a cell could smuggle in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from placebook.markup import Html, attribute, join, markup


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


def html(table: Table, way: Way | None = None) -> Html:
    """The table in a region that scrolls sideways by keyboard where it is too wide.

    ``way`` makes each number a link to its ledger entry.
    """
    head = join(markup('<th scope="col">{}</th>', name) for name in table.columns)
    ids = table.ids or ("",) * len(table.rows)
    body = join(markup("<tr{}>{}</tr>", attribute("id", id_), _row(row, way)) for row, id_ in zip(table.rows, ids, strict=True))
    return markup(
        '<div class="pb-scroll" role="region" tabindex="0" aria-label="{}">'
        '<table class="pb-table{}"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        table.caption,
        " pb-sortable" if table.sortable else "",
        table.caption,
        head,
        body,
    )


def folded(summary: str, tables: Sequence[Table], way: Way | None = None) -> Html:
    """Tables behind a line that opens them."""
    inside = join(html(table, way) for table in tables)
    return markup('<details class="pb-data"><summary>{}</summary>{}</details>', summary, inside)


def _row(row: Sequence[Cell], way: Way | None) -> Html:
    first, *rest = row
    cells = [markup('<th scope="row">{}</th>', first.text)]
    for cell in rest:
        # Most cells are numbers: words are the ones that are marked, which keeps a page of 4,000 cells light.
        kind = attribute("class", "" if cell.numeric else "pb-w")
        order = attribute("data-sort", "" if cell.sort is None else repr(cell.sort))
        text = markup('<a href="{}">{}</a>', way(cell.entry), cell.text) if way and cell.entry and cell.text else cell.text
        cells.append(markup("<td{}{}>{}</td>", kind, order, text))
    return join(cells)
