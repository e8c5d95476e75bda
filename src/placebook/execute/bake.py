"""An executed notebook to a plain one: what code displayed becomes structure of the book, and analysts' words are put in.

A heading or a figure directive that code prints is not structure for the compiler: titles came out
wrong and images were described by their path. So text becomes Markdown cells, a figure becomes the block of
HTML that it is (its picture inside it, with its own alternative text), and code, sources of cells and times
are left behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from placebook.errors import BuildError
from placebook.execute.outcome import Page
from placebook.markup import Html, join, markup
from placebook.paths import Project, write_changed

NAMESPACE = "placebook"
SLOT = re.compile(re.escape(str(markup('<p class="pb-slot" data-label="{}"></p>', "NAME"))).replace("NAME", "([a-z0-9 -]+)"))
"""As ``report.display.slot`` writes it."""
HEADING = re.compile(r"^(#{1,6}) ")


def write_page(project: Project, page: Page, words: Mapping[str, Html]) -> None:
    """Bake a page's executed notebook into the page that is compiled. Raises BuildError as ``bake``."""
    executed = nbformat.read(project.executed(page.kind, page.slug), as_version=4)
    write_notebook(project.page(page.kind, page.slug), bake(executed, page.slug, words))


def write_placeholder(project: Project, page: Page, name: str, problem: str) -> None:
    """A page that says so in place of one that could not be made, where the rest of the book is wanted all the same."""
    lines = join((line.strip() for line in problem.splitlines() if line.strip()), "<br>")
    text = markup(
        '# {}\n\n<p class="pb-review"><strong>This page could not be made in this edition.</strong> '
        "Nothing is shown in its place, and no older figures.</p>\n\n<p>What the build said: {}</p>",
        name,
        lines,
    )
    write_notebook(project.page(page.kind, page.slug), plain(page.slug, [text]))


def write_notebook(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook; one that holds the same keeps its time of writing."""
    write_changed(path, nbformat.writes(notebook, version=4) + "\n")


def bake(executed: NotebookNode, place: str, words: Mapping[str, Html]) -> NotebookNode:
    """The page's plain notebook, with the analysts' ``words`` by the name of their block.

    Raises BuildError where the template shows what has no kind.
    """
    cells = list(_without_empty_sections(list(_texts(executed, place, words))))
    if not cells or not cells[0].startswith("# "):
        raise BuildError(f"{place}: the page does not begin with its title; see notebooks/place.ipynb")
    return plain(place, cells)


def plain(slug: str, texts: Sequence[str]) -> NotebookNode:
    """A notebook of Markdown cells."""
    cells = [
        {"cell_type": "markdown", "id": f"{slug}-{number:03d}"[-64:], "metadata": {}, "source": text}
        for number, text in enumerate(texts)
    ]
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": python, "language_info": {"name": "python"}}
    return nbformat.from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _texts(executed: NotebookNode, place: str, words: Mapping[str, Html]) -> Iterator[str]:
    """The Markdown of each cell."""
    for cell in executed.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        elif cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type != "stream":  # what a library prints is no part of the book
                    yield from _text(output, place, cell.source, words)


def _text(output: NotebookNode, place: str, source: str, words: Mapping[str, Html]) -> Iterator[str]:
    about: Mapping[str, Any] = output.get("metadata", {}).get(NAMESPACE, {})
    kind = about.get("kind")
    if kind == "markdown":
        yield SLOT.sub(lambda slot: words.get(slot[1], ""), output.data["text/markdown"])
    elif kind == "figure":
        yield output.data["text/html"]
    elif kind == "words":
        if text := words[about["name"]]:
            yield text
    else:
        raise BuildError(
            f"{place}: the template cell {source.strip()!r} shows something that is neither text nor a "
            f"figure of the page ({output.output_type}). Show it through page.show_…, or end the line "
            f"with a semicolon."
        )


def _level(text: str) -> int:
    heading = HEADING.match(text)
    return len(heading[1]) if heading else 0


def _without_empty_sections(texts: list[str]) -> Iterator[str]:
    """Leave out a section whose cells showed nothing for this place: the page closes up."""
    for text, following in zip(texts, [*texts[1:], "# "], strict=True):
        if _level(text) != 2 or not 1 <= _level(following) <= 2:
            yield text
