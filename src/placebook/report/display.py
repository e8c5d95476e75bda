"""What a page shows, one block an output: it looks right in JupyterLab and tells bake what it is."""

from __future__ import annotations

from typing import Any

from IPython.display import display

from placebook.markup import Html, markup

NAMESPACE = "placebook"


def show_markdown(text: Html) -> None:
    """Text with structure: headings, lists, folded tables."""
    _show({"text/markdown": text, "text/plain": text}, {"kind": "markdown"})


def show_figure(html: Html, *, name: str, alt: str) -> None:
    """A figure with everything that belongs to it, as one block of HTML."""
    _show({"text/html": html, "text/plain": alt}, {"kind": "figure", "name": name})


def show_words(name: str, text: Html) -> None:
    """What an analyst wrote, in its place on the page. In the book stands what is written when the page is baked."""
    _show({"text/markdown": text, "text/plain": text}, {"kind": "words", "name": name})


def slot(name: str) -> Html:
    """A place inside other text for what an analyst may have written; in the book it is gone where nothing is written."""
    return markup('<p class="pb-slot" data-label="{}"></p>', name)


def _show(data: dict[str, str], about: dict[str, Any]) -> None:
    if not isinstance(data.get("text/markdown", data.get("text/html")), Html):
        raise TypeError("a page shows only what placebook.markup made: put the text into markup(…)")
    display(data, raw=True, metadata={NAMESPACE: about})
