"""The other forms of the book: one HTML file, PDFs, the archive of all data."""

from __future__ import annotations

from pathlib import Path

from placebook.build.order import Order
from placebook.catalogue import yaml_reader
from placebook.catalogue.load import Catalogue
from placebook.paths import Project
from placebook.report.downloads import BUNDLE
from placebook.site import pdf, single

SINGLE = "book.html"


def forms(project: Project, catalogue: Catalogue, order: Order) -> list[tuple[str, str]]:
    """The forms that this build makes: name and file in the site's downloads."""
    named = [("All data: every figure’s numbers and every place’s ledger (ZIP)", BUNDLE)]
    if "single" in order.formats:
        named.append(("The whole book as one HTML file", SINGLE))
    if "pdf" in order.formats and not pdf.problem():
        if not order.places:
            named.append(("The whole book as a PDF", "book.pdf"))
        places = with_figures(project, catalogue)
        for slug, name in places.items():
            if slug in (order.places or places):
                named += [(f"{name} in two pages (PDF)", f"{slug}{pdf.SUMMARY}.pdf"), (f"{name} as a PDF", f"{slug}.pdf")]
    return named


def with_figures(project: Project, catalogue: Catalogue) -> dict[str, str]:
    """The places whose pages were made, slug and name: one that failed has no ledger."""
    slugs = [slug for slug in sorted(catalogue.places) if (project.ledgers / f"{slug}.json").exists()]
    return {slug: catalogue.places[slug].name for slug in slugs}


def make_forms(project: Project, site: Path, catalogue: Catalogue, data: str, order: Order) -> None:
    """The one-file book and the PDFs, from the compiled pages of ``site``, beside its other downloads.

    No PDF on a machine that can make none. ``data`` is the fingerprint of all tables. Raises BuildError for a form that cannot
    be made of this book.
    """
    title, downloads = book_title(project), site / "downloads"
    if "single" in order.formats:
        single.write_single(site, downloads / SINGLE, title)
    if "pdf" in order.formats and not pdf.problem():
        edition = {
            "Official statistics for places, taken until": catalogue.edition_date.isoformat(),
            "Data of this edition (SHA-256)": data,
            "Licence of the figures": "Open Government Licence v3.0 unless the list of sources says otherwise",
            "The evidence of every number, the tables behind the figures and all downloads": "in the web edition of this book",
        }
        places = with_figures(project, catalogue)
        pdf.write_pdfs(site, downloads, title, places, edition, order.workers, order.places, project.cache / "pdf")


def book_title(project: Project) -> str:
    """The title that the book's configuration gives it."""
    return str(yaml_reader.read(project.config, project.config.name).data.get("title") or "The book")
