"""The other forms of the book: one HTML file, PDFs, summaries in Word, the archive of all data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from placebook.build.order import Order
from placebook.catalogue import yaml_reader
from placebook.catalogue.load import Catalogue
from placebook.errors import BuildError
from placebook.markup import join, markup
from placebook.paths import Project, write_atomically
from placebook.report import summary
from placebook.report.brief import SUMMARY
from placebook.report.downloads import BUNDLE
from placebook.site import citing, pdf, single

SINGLE = "book.html"
LICENCE = "Open Government Licence v3.0 unless the list of sources says otherwise"
HEAD = markup('<p class="pb-small pb-take">')
"""Of a place's page: what stands before its downloads."""


def forms(project: Project, catalogue: Catalogue, order: Order) -> list[tuple[str, str]]:
    """The forms that this build makes: name and file in the site's downloads."""
    named = [("All data: every figure’s numbers and every place’s ledger (ZIP)", BUNDLE)]
    if "single" in order.formats:
        named.append(("The whole book as one HTML file", SINGLE))
    if "pdf" in order.formats and not pdf.problem() and not order.places:
        named.append(("The whole book as a PDF", "book.pdf"))
    for slug, name in with_figures(project, catalogue).items():
        named += [(f"{name} {what}", file) for what, file in of_place(slug, order)]
    return named


def of_place(slug: str, order: Order) -> list[tuple[str, str]]:
    """The forms of one place: what each is, and its file in the site's downloads."""
    wanted = slug in (order.places or [slug])
    paper, letters = "pdf" in order.formats and not pdf.problem(), "word" in order.formats
    found = [
        ("in two pages (PDF)", f"{slug}{SUMMARY}.pdf", paper),
        ("in two pages (Word)", f"{slug}{SUMMARY}.docx", letters),
    ]
    return [(what, file) for what, file, made in (*found, ("as a PDF", f"{slug}.pdf", paper)) if wanted and made]


def with_figures(project: Project, catalogue: Catalogue) -> dict[str, str]:
    """The places whose pages were made, slug and name: one that failed has no ledger."""
    slugs = [slug for slug in sorted(catalogue.places) if (project.ledgers / f"{slug}.json").exists()]
    return {slug: catalogue.places[slug].name for slug in slugs}


def make_forms(project: Project, site: Path, catalogue: Catalogue, data: str, order: Order) -> None:
    """The one-file book, PDFs and Word files of ``site``, beside its other downloads, with links from the places' pages.

    No PDF on a machine that can make none. ``data`` is the fingerprint of all tables. Raises BuildError for a form that cannot
    be made of this book.
    """
    title, downloads = book_title(project), site / "downloads"
    places = with_figures(project, catalogue)
    if "single" in order.formats:
        single.write_single(site, downloads / SINGLE, title)
    if "pdf" in order.formats and not pdf.problem():
        edition = {
            "Official statistics for places, taken until": catalogue.edition_date.isoformat(),
            "Data of this edition (SHA-256)": data,
            "Licence of the figures": LICENCE,
            "The evidence of every number, the tables behind the figures and all downloads": "in the web edition of this book",
        }
        pdf.write_pdfs(site, downloads, title, places, edition, order.workers, order.places, project.cache / "forms")
    if "word" in order.formats:
        from placebook.documents import word  # it draws, which no other form does

        wanted = [slug for slug in places if slug in (order.places or places)]
        briefs = [summary.read(project.summaries / f"{slug}.json").brief for slug in wanted]
        edition_of_all = word.Edition(title, catalogue.edition_date, LICENCE, public_address(project))
        word.write_documents(briefs, downloads, edition_of_all, project.cache / "forms")
    if public_address(project):  # nobody finds a picture without an address
        from placebook.documents import previews

        for slug in places:
            brief = summary.read(project.summaries / f"{slug}.json").brief
            previews.write_preview(brief, title, downloads / f"{slug}{citing.PREVIEW}", project.cache / "forms")
    for slug in places:
        _offer(site / project.place_pages.relative_to(project.root) / f"{slug}.html", of_place(slug, order))


def _offer(page: Path, files: Sequence[tuple[str, str]]) -> None:
    """Put links to a place's other forms at the head of its page. Raises BuildError where the head has no place for them."""
    if not files:
        return
    text = page.read_text(encoding="utf-8")
    named = ((file, f"{what[:1].upper()}{what[1:]}") for what, file in files)
    links = join(markup('<a href="../../downloads/{}" download>{}</a> · ', file, what) for file, what in named)
    if HEAD not in text:
        raise BuildError(f"{page.name} has no line of downloads in its head: has report/page_head.py changed?")
    write_atomically(page, text.replace(HEAD, f"{HEAD}{links}", 1))


def public_address(project: Project) -> str:
    """Where the book is published, with a slash at its end: its configuration's ``html.baseurl``; "" where none is declared."""
    declared = yaml_reader.read(project.config, project.config.name).data.get("html") or {}
    return citing.address_of(declared.get("baseurl"))


def book_title(project: Project) -> str:
    """The title that the book's configuration gives it."""
    return str(yaml_reader.read(project.config, project.config.name).data.get("title") or "The book")
