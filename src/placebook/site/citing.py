"""What others see of a page before they open it, and how they cite it: description, preview picture, a line at its end."""

from __future__ import annotations

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
    if lede := _part(doctree, "pb-lede"):
        return _short(lede)
    paragraph = next((" ".join(node.astext().split()) for node in doctree.findall(nodes.paragraph)), "")
    return _short(paragraph)


def edition(doctree: nodes.document) -> date | None:
    """Until when the figures of a place's page were taken."""
    for raw in doctree.findall(nodes.raw):
        if "data-edition" in raw.astext():
            return date.fromisoformat(html.fragment_fromstring(raw.astext(), create_parent=True)[0].get("data-edition"))
    return None


def _part(doctree: nodes.document, name: str) -> str:
    for raw in doctree.findall(nodes.raw):
        if f'class="{name}"' in raw.astext():
            (found, *_) = html.fragment_fromstring(raw.astext(), create_parent=True).find_class(name)
            return " ".join(found.text_content().split())
    return ""


def _short(text: str) -> str:
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
