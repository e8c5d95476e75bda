"""An executed notebook to a plain one: what code displayed becomes structure of the book.

A heading or a figure directive that code prints is not structure for the compiler: titles came out
wrong and images were described by their path. So text becomes Markdown cells, a figure becomes the block of
HTML that it is (its picture inside it, with its own alternative text), and code, sources of cells and times
are left behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat import NotebookNode

from placebook.errors import BuildError

NAMESPACE = "placebook"
HEADING = re.compile(r"^(#{1,6}) ")


def bake(executed: NotebookNode, place: str) -> NotebookNode:
    """The page's plain notebook. Raises BuildError where the template shows what has no kind."""
    cells = list(_without_empty_sections(list(_cells(executed, place))))
    if not cells or not cells[0]["source"].startswith("# "):
        raise BuildError(f"{place}: the page does not begin with its title; see notebooks/place.ipynb")
    for number, cell in enumerate(cells):
        cell["id"] = f"{place}-{number:03d}"[-64:]
    return nbformat.from_dict(
        {
            "cells": cells,
            "metadata": {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def _cells(executed: NotebookNode, place: str) -> Iterator[dict[str, Any]]:
    for cell in executed.cells:
        if cell.cell_type == "markdown":
            yield _markdown(cell.source)
        elif cell.cell_type == "code":
            for output in cell.outputs:
                yield from _from_output(output, place, cell.source)


def _from_output(output: NotebookNode, place: str, source: str) -> Iterator[dict[str, Any]]:
    if output.output_type == "stream":
        return  # what a library prints is no part of the book; it stays in the log
    about = output.get("metadata", {}).get(NAMESPACE, {})
    if about.get("kind") == "markdown":
        yield _markdown(output.data["text/markdown"])
    elif about.get("kind") == "figure":
        yield _markdown(output.data["text/html"])
    else:
        raise BuildError(
            f"{place}: the template cell {source.strip()!r} shows something that is neither text nor a "
            f"figure of the page ({output.output_type}). Show it through page.show_…, or end the line "
            f"with a semicolon."
        )


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _level(cell: dict[str, Any]) -> int:
    found = HEADING.match(cell["source"]) if cell["cell_type"] == "markdown" else None
    return len(found[1]) if found else 0


def _without_empty_sections(cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Leave out a section whose cells showed nothing for this place: the page closes up."""
    for at, cell in enumerate(cells):
        level = _level(cell)
        if level == 2:
            after = cells[at + 1 :]
            if not after or 1 <= _level(after[0]) <= level:
                continue
        yield cell
