"""The reviewer's sheet as a Word document: a table to tick and to write in."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx

from placebook.report.review_sheet import HOW, Sheet, Statement, heading, rows


def document(made: Sheet) -> bytes:
    """The document."""
    word = docx.Document()
    word.core_properties.title = f"Review of {made.name}"
    word.core_properties.author = ""
    word.add_heading(f"Review of {made.name}", 0)
    word.add_paragraph(HOW)
    _table(word, "Key findings", made.findings)
    for title, lines in made.notes.items():
        word.add_heading(title, 1)
        for line in lines:
            word.add_paragraph(line, style="List Bullet")
    _table(word, heading(made.claims), made.claims)
    content = BytesIO()
    word.save(content)
    return content.getvalue()


def _table(word: Any, title: str, statements: Sequence[Statement]) -> None:
    word.add_heading(title, 1)
    table = word.add_table(rows=1, cols=3, style="Table Grid")
    for cell, head in zip(table.rows[0].cells, ("Statement", "Verdict", "Remark"), strict=True):
        cell.text = head
    for words, every in rows(statements):
        cells = table.add_row().cells
        rest = "".join(f"\n{each.rests_on}\n{each.id}" for each in every)
        cells[0].text = f"{'New. ' if any(each.new for each in every) else ''}{words}{rest}"
        cells[1].text = "☐ accept\n☐ reject"
