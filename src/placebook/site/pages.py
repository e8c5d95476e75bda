"""The compiled pages of a site in reading order, as the other forms of the book take them."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag

from lxml import html as parser
from lxml.html import HtmlElement

from placebook.errors import BuildError
from placebook.markup import Html

FRONT = "book/index.html"


@dataclass(frozen=True)
class Page:
    """One compiled page: its address in the site and what it says. ``body`` is the article, a tree of its own that may be
    changed."""

    address: str
    title: str
    body: HtmlElement

    @property
    def anchor(self) -> str:
        """The id of its first section: where a link to the page leads when all pages are one."""
        return next(str(node.get("id")) for node in self.body.iter() if node.get("id"))


def pages(site: Path, wanted: Collection[str] | None = None) -> list[Page]:
    """The pages that the sidebar lists, the front page first; only those whose address is wanted, where any is named.

    Raises BuildError where a page holds no article.
    """
    return [_page(site, address) for address in addresses(site) if wanted is None or address in wanted]


def addresses(site: Path) -> Iterator[str]:
    """The addresses of the pages that the sidebar lists, the front page's first."""
    yield FRONT
    front = _tree(site / FRONT)
    for link in front.cssselect("nav.bd-docs-nav li[data-page] > a"):
        yield _address(FRONT, str(link.get("href")))[0]


def evidence(site: Path) -> list[Page]:
    """The evidence pages of all places, by place and then by their own order on the disk."""
    found = sorted((site / "book" / "places").glob("*/*.html"))
    return [_page(site, path.relative_to(site).as_posix(), "main") for path in found]


def _tree(path: Path) -> HtmlElement:
    return parser.fromstring(path.read_text(encoding="utf-8"))


def _page(site: Path, address: str, where: str = "article.bd-article") -> Page:
    tree = _tree(site / address)
    articles = tree.cssselect(where)
    titles = articles[0].cssselect("h1") if articles else []
    if not titles:
        raise BuildError(f"the compiled page {address} holds no article with a title; see site/pages.py")
    for unwanted in articles[0].cssselect("script, button, a.headerlink, .tocsection"):
        unwanted.drop_tree()
    return Page(address, titles[0].text_content().strip(), articles[0])


def _address(page: str, link: str) -> tuple[str, str]:
    """The address in the site that a link of a page leads to, and its fragment."""
    target, fragment = urldefrag(link)
    if not target:
        return page, fragment
    if "&" in fragment:  # two places of the page that compares: no place on a page
        fragment = ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(target))), fragment


def links(page: Page) -> Iterator[tuple[HtmlElement, str, str]]:
    """Each link that stays in the site: the element, the address it leads to, its fragment."""
    for link in page.body.iter("a"):
        target = link.get("href")
        if target and "://" not in target and not target.startswith("mailto:"):
            yield link, *_address(page.address, target)


def sink_headings(page: Page, by: int) -> None:
    """Put every heading some levels lower, the sixth at most."""
    for node in page.body.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        node.tag = f"h{min(int(node.tag[1]) + by, 6)}"


def written(node: HtmlElement) -> Html:
    """An element of a compiled page as HTML: what it says was escaped when the page was made."""
    return Html(parser.tostring(node, encoding="unicode", with_tail=False))


def style(sheet: str) -> Html:
    """A style sheet for the head of a page. Raises BuildError where it would end before its end."""
    if "</" in sheet:
        raise BuildError("the style sheet holds </, which would end it in the one-file book; write it another way")
    return Html(sheet)
