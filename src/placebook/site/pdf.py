"""The book and each place as a tagged PDF (PDF/UA-1), laid out by WeasyPrint from the compiled pages.

What a screen needs is left out (toolbars, links to evidence, the tables behind figures, which stay with the web book
and its downloads); what paper needs is added (cover, contents with page numbers, running heads).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path

from lxml.html import HtmlElement

from placebook.content_cache import Shelf, maker
from placebook.errors import BuildError
from placebook.execute.child_processes import end_with_parent
from placebook.markup import Html, join, markup
from placebook.paths import TYPEFACES, write_atomically
from placebook.report.brief import SUMMARY
from placebook.site import pdf_layout
from placebook.site.pages import Page, addresses, links, pages, written

PAPER = Path(__file__).with_name("paper.css")
IN_BRIEF = 3
"""So many sections of a place's page its two pages hold: key findings, scoreboard, the first scorecard."""
ROWS = 11
"""Of the scorecard so many of the first measures that are set against England: more would need a third page."""
# Tables, and scorecards, of up to this many rows stay on one page.
SHORT_TABLE, SHORT_CARD = 14, 6
# Letters in a line of an area and age beside its sentence, and millimetres from line to line.
BADGE, BADGE_LINE = 53, 3
# What paper has no use for; the last is what to take along from the web: paper is taken along.
LEFT_OUT = ".pb-closed:not(.pb-keep), .pb-tools, .pb-why, .pb-more, span.pb-vh, .prev-next-footer, :has(> ul.pb-forms)"
MISSING = (
    "the PDF needs the Pango library, which this machine lacks. Install it: apt install libpango-1.0-0 "
    "libpangoft2-1.0-0 libharfbuzz-subset0 (Debian, Ubuntu); dnf install pango (Fedora); brew install pango (macOS); "
    "conda install -c conda-forge pango. Everything else of the book is made."
)


@dataclass(frozen=True)
class Document:
    """One PDF: which pages of the site, and what its cover says."""

    name: str
    title: str
    subtitle: str
    addresses: tuple[str, ...]
    slug: str = ""
    """Of a place's document the place; "" for the whole book."""
    brief: bool = False
    """Whether it is the two pages of a place: head, key findings and scoreboard."""


def problem() -> str:
    """Why no PDF can be made on this machine, with what to install; "" where one can."""
    try:
        import weasyprint  # noqa: F401
    except ImportError as error:
        return f"the PDF needs WeasyPrint: {error}. Run make again; it installs what the lock names."
    except OSError:
        return MISSING
    return ""


def write_pdfs(
    site: Path,
    target: Path,
    title: str,
    places: Mapping[str, str],
    edition: Mapping[str, str],
    workers: int,
    wanted: Sequence[str] = (),
    kept: Path | None = None,
) -> list[Path]:
    """``book.pdf``, and a PDF and a summary of two pages for each place, into ``target``.

    ``places`` gives each slug's name, ``edition`` what the cover says under the title, line by line; ``wanted`` are
    slugs, empty: the whole book and all places. ``kept`` is a folder where documents lie that need not be laid out again; it
    may be deleted at any time. The paths come in the order of the documents: the book, then by slug.
    Raises BuildError where Pango is missing, a wanted page was not compiled, a picture has no words, or a process is lost.
    """
    if why := problem():
        raise BuildError(why)
    documents = [Document("book", title, "All places", tuple(addresses(site)))]
    for slug, name in sorted(places.items()):
        page = (f"book/places/{slug}.html",)
        documents += [
            Document(slug, title, name, page, slug),
            Document(f"{slug}{SUMMARY}", title, name, page, slug, brief=True),
        ]
    chosen = [document for document in documents if not wanted or document.slug in wanted]
    # Fresh processes: a fork of one that has threads may wait for ever. The whole book is the longest: it goes first.
    with ProcessPoolExecutor(min(workers, len(chosen)), get_context("spawn"), _begin) as pool:
        try:
            return list(pool.map(partial(_make, site, target, dict(edition), kept), chosen))
        except BrokenProcessPool as error:
            raise BuildError(
                "a process that laid out a PDF ended before it was made; the system ends one where memory runs out. With fewer "
                "--workers less memory is needed"
            ) from error
        except BaseException:  # Ctrl-C above all: nobody waits for what is under way
            for process in active_children():
                process.terminate()
            raise


def _begin() -> None:
    end_with_parent()
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # the typefaces inside a PDF would hold the hour of its making


def _make(site: Path, target: Path, edition: Mapping[str, str], kept: Path | None, document: Document) -> Path:
    path = target / f"{document.name}.pdf"
    shelf = Shelf(kept / document.name if kept else None, ".pdf", _maker())
    text = html(site, document, edition)
    write_atomically(path, shelf.make(text, partial(_laid_out, text, site)))
    shelf.drop_unused()
    return path


def _maker() -> list[str]:
    """Everything besides the document that the bytes of a PDF depend on: style, typefaces, libraries."""
    from weasyprint.text.ffi import pango

    return [*maker([PAPER, *TYPEFACES], "weasyprint", "pydyf", "tinycss2", "fonttools"), str(pango.pango_version())]


def _laid_out(text: str, site: Path) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    # The style sheet names the typefaces by file name alone.
    style = CSS(string=PAPER.read_text(encoding="utf-8"), base_url=f"{TYPEFACES[0].parent}/", font_config=fonts)
    page = HTML(string=text, base_url=str(site))
    return bytes(page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"))


# ------------------------------------------------------------------ the pages as paper takes them


def html(site: Path, document: Document, edition: Mapping[str, str]) -> Html:
    """The whole document as HTML: cover, contents, pages.

    Raises BuildError for a page that the compiled book has not, and for a picture without words.
    """
    found = pages(site, document.addresses)
    if lost := sorted(set(document.addresses) - {page.address for page in found}):
        raise BuildError(f"{document.name}.pdf needs {', '.join(lost)}, which the book lacks; build that place first")
    for page in found:
        if document.brief:
            _shorten(page)
        _for_paper(page)
    _join(found)
    return markup(
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{}: {}</title>'
        '<meta name="author" content="The placebook authors"></head><body class="{}">'
        "{}{}{}{}</body></html>",
        document.title,
        document.subtitle,
        "brief" if document.brief else "whole" if len(found) > 1 else "alone",
        _imprint(document) if document.slug else _cover(document, edition),
        Html() if document.slug else _contents(found),
        join(written(page.body) for page in found),
        _colophon(edition) if document.slug else Html(),
    )


def _cover(document: Document, edition: Mapping[str, str]) -> Html:
    lines = join(markup("<p>{}: {}</p>", name, text) for name, text in edition.items())
    return markup(
        '<section class="cover"><p class="title">{}</p><p class="place">{}</p>{}</section>',
        document.title,
        document.subtitle,
        lines,
    )


def _imprint(document: Document) -> Html:
    """The first line of a place's own document: it begins with its findings, and its edition stands at its end."""
    return markup('<p class="imprint">{}</p>', document.title)


def _colophon(edition: Mapping[str, str]) -> Html:
    """The foot of a place's document: how to read it, of when its figures are and where the rest is."""
    lines = " ".join(f"{name}: {text}." for name, text in edition.items())
    return markup(
        '<section class="colophon"><h2>How to read it</h2><p>“Tested” means that the difference from England is larger than '
        "chance makes it, with a false discovery rate of 5% over all tests of the place. “Size only” marks figures published "
        "without a margin of error. Ranks count from the nearer end. {}</p></section>",
        lines,
    )


def _shorten(page: Page) -> None:
    """Leave out every section but the first, and of these pictures, what is closed, and what is not set against England."""
    for section in page.body.cssselect("section section")[IN_BRIEF:]:
        section.drop_tree()
    for node in page.body.cssselect("figure, details, .pb-story"):
        node.drop_tree()
    rows = page.body.cssselect(".pb-sc tbody tr")
    beside_england = [row for row in rows if row.cssselect("svg.pb-m")]
    for row in rows:
        if row not in beside_england[:ROWS]:
            row.drop_tree()


def _contents(found: Sequence[Page]) -> Html:
    items = []
    for page in found:
        sections = join(
            markup('<li><a href="#{}">{}</a></li>', section.get("id"), " ".join(section.find("h2").text_content().split()))
            for section in page.body.iter("section")
            if section.get("id") and section.find("h2") is not None
        )
        items.append(markup('<li><a href="#{}">{}</a><ul>{}</ul></li>', page.anchor, page.title, sections))
    return markup('<nav class="contents"><p class="head">Contents</p><ul>{}</ul></nav>', join(items))


def _for_paper(page: Page) -> None:
    """Leave out and set otherwise what paper takes otherwise than a screen."""
    body = page.body
    body.tag = "article"
    for node in body.cssselect(LEFT_OUT):
        node.drop_tree()
    for details in body.cssselect("details"):
        _open(details)
    # A list's entry may hold words, not blocks (ISO 14289-1, 7.2); nothing is to be scrolled.
    for around in body.cssselect("li > p, .pb-scroll"):
        around.drop_tag()
    for badge in body.cssselect(".pb-findings .pb-badge"):
        badge.set("class", "badge")
        lines = -(-len(badge.text_content()) // BADGE)
        badge.getparent().set("style", f"min-height: {lines * BADGE_LINE:.1f}mm")
    for table in body.cssselect("table"):
        _table(table)
    pdf_layout.set_out(body)


def _open(details: HtmlElement) -> None:
    """Opened for good, or left out where it holds a table."""
    if details.cssselect("table") and "pb-keep" not in details.get("class", ""):
        details.drop_tree()
        return
    for summary in details.findall("summary"):
        summary.tag = "p"
    details.tag = "div"
    details.set("class", "sources")


def _table(table: HtmlElement) -> None:
    """A short one stays on one page; the head of a column of numbers stands where they stand, on the right."""
    heads, first = table.cssselect("thead tr th"), table.cssselect("tbody tr:first-child > *")
    if "pb-table" in table.get("class", "").split() and len(heads) == len(first):
        for head, cell in zip(heads, first, strict=True):
            if cell.tag == "td" and "pb-w" not in cell.get("class", ""):
                head.set("class", f"{head.get('class', '')} number".strip())
    if len(table.cssselect("tbody tr")) <= (SHORT_TABLE if "pb-table" in table.get("class", "") else SHORT_CARD):
        table.set("class", f"{table.get('class', '')} short")


def _join(found: Sequence[Page]) -> None:
    """Links inside the document stay, those into the rest of the book become words."""
    starts = {page.address: page.anchor for page in found}
    ids = {node.get("id") for page in found for node in page.body.iter() if isinstance(node.tag, str)}
    for page in found:
        for link, address, fragment in list(links(page)):
            target = fragment or starts.get(address, "")
            if address in starts and target in ids:
                link.set("href", f"#{target}")
            else:
                link.drop_tag()
