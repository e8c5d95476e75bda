"""What others see of a page before they open it, and how they cite it: description, preview picture, a line at its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from docutils import nodes
from lxml import html

from placebook.findings.formats import period
from placebook.markup import Html, join, markup

LONG = 200
"""Letters of a description; search engines show no more."""
PREVIEW = "-preview.png"
"""How the picture ends that is shown where somebody shares a place's page."""


def address_of(declared: object) -> str:
    """Where a book is published, with a slash at its end; "" where no https address is declared."""
    address = str(declared or "")
    return f"{address.rstrip('/')}/" if address.startswith("https://") else ""


def description(doctree: nodes.document) -> str:
    """The findings of a place or a county in short; of another page its first paragraph; "" where it has neither."""
    for head in _blocks(doctree, 'class="pb-lede"'):
        return _short(head.find_class("pb-lede")[0].text_content())
    return _short(next((paragraph.astext() for paragraph in doctree.findall(nodes.paragraph)), ""))


def edition(doctree: nodes.document) -> date | None:
    """Until when the figures of a place's page were taken."""
    for head in _blocks(doctree, "data-edition"):
        return date.fromisoformat(head[0].get("data-edition"))
    return None


def _blocks(doctree: nodes.document, sign: str) -> Iterator[html.HtmlElement]:
    """The blocks of HTML on a page that hold a sign."""
    for raw in doctree.findall(nodes.raw):
        if sign in raw.astext():
            yield html.fragment_fromstring(raw.astext(), create_parent=True)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONG else f"{text[:LONG].rpartition(' ')[0]} …"


def metatags(title: str, book: str, words: str, page: str, address: str) -> Html:
    """The description, and what social networks show; ``address`` is the site's, "" where nobody knows it."""
    pairs = [("og:type", "article"), ("og:title", title), ("og:site_name", book), ("og:description", words)]
    if address:
        pairs.append(("og:url", f"{address}{page}.html"))
        if PurePosixPath(page).parent.name == "places":
            pairs.append(("og:image", f"{address}downloads/{PurePosixPath(page).name}{PREVIEW}"))
    named = markup('<meta name="description" content="{}"/>', words) if words else Html()
    return named + join(markup('<meta property="{}" content="{}"/>', name, text) for name, text in pairs if text)


def citation(title: str, author: str, book: str, taken: date, page: str, address: str) -> Html:
    """How the page is cited, closed at its end."""
    where = f", {address}{page}.html" if address else ""
    return markup(
        '<details class="pb-data pb-cite"><summary>How to cite this page</summary><p>{}, “{}”, in <cite>{}</cite>, figures '
        "taken until {}{}. Findings and figures keep their addresses from edition to edition: add the finding’s or the "
        "figure’s (#…). The figures are their publishers’, who are named with each.</p></details>",
        author,
        title,
        book,
        period(taken.isoformat(), "day"),
        where,
    )
