"""The whole book as one HTML file: styles, figures and evidence inside, nothing to fetch, no script."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import tinycss2
from lxml import html as parser

from placebook.errors import BuildError
from placebook.markup import Html, join, markup
from placebook.paths import write_atomically
from placebook.site.pages import FRONT, Page, evidence, links, pages, sink_headings, style, written

DARK = 'html[data-theme="dark"]'
URL = re.compile(r'url\("(fonts/[^"]+)"\)')
STYLE = """
body { font-family: var(--pb-font); font-size: 1rem; line-height: 1.6; color: var(--pb-ink); background: var(--pb-ground);
  max-width: 56rem; margin: 0 auto; padding: 1rem; }
h2 { border-top: 3px solid var(--pb-accent); padding-top: 1rem; margin-top: 4rem; }
a { color: var(--pb-link); } code { overflow-wrap: anywhere; }
.bd-article h3 { border-top: 0; } table { max-width: 100%; }
"""


def write_single(site: Path, target: Path, title: str) -> Path:
    """Make one file of a compiled site.

    Raises BuildError where an id stands twice or a link inside the file leads nowhere.
    """
    chapters, proofs = pages(site), evidence(site)
    for page in proofs:
        _prefix(page)
    _join(chapters, proofs)
    _check([*chapters, *proofs])
    for page in chapters[1:]:
        sink_headings(page, 1)
    for page in proofs:
        sink_headings(page, 2)
    parts = [
        markup(
            '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{}</title>\n<style>',
            title,
        ),
        style(_style(site / "_static" / "placebook.css")),
        markup("</style>\n</head>\n<body>\n{}\n<main>\n", _contents(chapters, bool(proofs))),
        *(_written(page) for page in chapters),
        markup('<section class="bd-article"><h2 id="how-we-know">How we know</h2>{}</section>\n', join(map(_written, proofs)))
        if proofs
        else Html(),
        markup("</main>\n<footer>{}</footer>\n</body>\n</html>\n", _challenge(site)),
    ]
    write_atomically(target, join(parts))
    return target


def _anchor(address: str, fragment: str) -> str:
    """An id of an evidence page beside those of all others; without a fragment its title."""
    path = PurePosixPath(address)
    return f"{path.parent.name}--{path.stem}--{fragment or 'title'}"


def _prefix(page: Page) -> None:
    for node in page.body.iter():
        if isinstance(node.tag, str) and node.get("id"):
            node.set("id", _anchor(page.address, node.get("id")))
    page.body.find(".//h1").set("id", _anchor(page.address, ""))


def _join(chapters: Sequence[Page], proofs: Sequence[Page]) -> None:
    """Links between pages become links inside the file; what is no part of it is named and not linked."""
    starts = {page.address: page.anchor for page in chapters}
    known = {page.address for page in proofs}
    for page in [*chapters, *proofs]:
        for link, address, fragment in list(links(page)):
            if address in known:
                link.set("href", f"#{_anchor(address, fragment)}")
            elif address in starts:
                link.set("href", f"#{fragment or starts[address]}")
            elif address.startswith(("downloads/", "pdf/")):
                _leave_out(link)
            else:
                raise BuildError(f"a link of {page.address} leads to {address}, which is no page of the book")


def _leave_out(link: parser.HtmlElement) -> None:
    parent = link.getparent()
    if parent is not None and parent.tag == "li" and len(parent) == 1:
        parent.drop_tree()
    else:
        link.drop_tag()


def _check(everything: Sequence[Page]) -> None:
    nodes = [node for page in everything for node in page.body.iter() if isinstance(node.tag, str)]
    ids = Counter(node.get("id") for node in nodes if node.get("id"))
    if twice := [id_ for id_, count in ids.items() if count > 1]:
        raise BuildError(f"the id {twice[0]!r} stands twice in the single page")
    for node in nodes:
        target = node.get("href") or ""
        if target.startswith("#") and target[1:] not in ids:
            raise BuildError(f"a link of the single page leads nowhere: {target} ({node.text_content()[:60]})")


def _written(page: Page) -> Html:
    page.body.tag = "article"
    page.body.attrib.clear()
    page.body.set("class", "bd-article")
    return markup("{}\n", written(page.body))


def _challenge(site: Path) -> Html:
    """What stands at the foot of every page of the site: where to challenge a figure."""
    front = parser.fromstring((site / FRONT).read_text(encoding="utf-8"))
    return join(map(written, front.cssselect(".pb-challenge")))


def _contents(chapters: Sequence[Page], proofs: bool) -> Html:
    items = join(markup('<li><a href="#{}">{}</a></li>', page.anchor, page.title) for page in chapters[1:])
    more = markup('<li><a href="#how-we-know">How we know: the evidence of every number</a></li>') if proofs else ""
    return markup('<nav aria-label="Contents"><ul>{}{}</ul></nav>', items, more)


def _style(sheet: Path) -> str:
    """The book's style sheet with its typeface inside; without a script the reader's system says light or dark."""
    light: list[str] = []
    dark: list[str] = []
    for rule in tinycss2.parse_stylesheet(sheet.read_text(encoding="utf-8"), True, True):
        text = rule.serialize()
        (dark if text.startswith(DARK) else light).append(text.replace(DARK, "html"))
    whole = f"{''.join(light)}@media (prefers-color-scheme: dark){{{''.join(dark)}}}{STYLE}"

    def inside(found: re.Match[str]) -> str:
        data = base64.b64encode((sheet.parent / found[1]).read_bytes()).decode("ascii")
        return f'url("data:font/woff2;base64,{data}")'

    return URL.sub(inside, whole)
