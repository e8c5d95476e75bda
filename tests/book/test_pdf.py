"""The PDFs, opened: tags, language, title, bookmarks, alternative texts, fonts, links, and a checker of PDF/UA-1."""

import re
from collections import Counter

import pikepdf
import pytest

from tests.book import ink

pytestmark = pytest.mark.pango
PLACES = {"letchworth": "Letchworth Garden City", "broxbourne": "Broxbourne", "st-albans": "St Albans"}
SECTIONS = ("Key findings", "Against England", "People", "Places", "Ageing society", "Sectors", "Peers")
NAMES = ("book", *PLACES)
SUMMARIES = {f"{name}-summary.pdf" for name in PLACES}
IN_WORD = {f"{name}-summary.docx" for name in PLACES}


def elements(node):
    """Every structure element below a node, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from elements(node.K if isinstance(node.K, pikepdf.Array) else pikepdf.Array([node.K]))


@pytest.fixture(scope="module")
def opened(built_book):
    known = {}

    def _open(name):
        if name not in known:
            pdf = pikepdf.open(built_book.html / "downloads" / f"{name}.pdf")
            known[name] = pdf, list(elements(pdf.Root.StructTreeRoot.K))
        return known[name]

    yield _open
    for pdf, _ in known.values():
        pdf.close()


@pytest.mark.parametrize("name", [*NAMES, *(f"{name}-summary" for name in PLACES)])
def test_no_rule_of_pdf_ua_is_broken(built_book, name):
    import page

    path = str(built_book.html / "downloads" / f"{name}.pdf")
    report = page.validate_pdf(path, profile=page.ValidationProfile.PDF_UA_1)
    assert Counter(f"{failure.rule_id}: {failure.message}" for failure in report.failures) == {}
    assert report.is_compliant


def test_the_checker_sees_a_figure_without_words(built_book, tmp_path):
    import page

    with pikepdf.open(built_book.html / "downloads" / "broxbourne.pdf") as pdf:
        figure = next(e for e in elements(pdf.Root.StructTreeRoot.K) if e.S == "/Figure")
        del figure["/Alt"]
        del pdf.Root["/Lang"]
        pdf.save(tmp_path / "spoilt.pdf")
    report = page.validate_pdf(str(tmp_path / "spoilt.pdf"), profile=page.ValidationProfile.PDF_UA_1)
    assert not report.is_compliant and len(report.failures) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_language_title_and_tags(opened, name):
    pdf, _ = opened(name)
    assert str(pdf.Root.Lang) == "en-GB" and bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    wanted = "All places" if name == "book" else PLACES[name]
    assert str(pdf.docinfo["/Title"]) == f"Deep dives on places: {wanted}"


@pytest.mark.parametrize("name", NAMES)
def test_bookmarks_follow_the_headings(opened, name):
    pdf, _ = opened(name)
    with pdf.open_outline() as outline:
        top = [item.title for item in outline.root]
        below = {item.title: [child.title for child in item.children] for item in outline.root}
    for place in PLACES.values() if name == "book" else [PLACES[name]]:
        assert place in top and set(SECTIONS) <= {title.partition(":")[0] for title in below[place]}
    if name == "book":
        assert {"Hertfordshire", "Methods", "Glossary"} <= set(top)


@pytest.mark.parametrize("slug", PLACES)
def test_every_figure_has_words_of_its_own(opened, built_book, slug):
    from bs4 import BeautifulSoup

    _, found = opened(slug)
    alts = [str(element.Alt) for element in found if element.S == "/Figure"]
    text = (built_book.html / "book" / "places" / f"{slug}.html").read_text(encoding="utf-8")
    wanted = [svg["aria-label"] for svg in BeautifulSoup(text, "lxml").select("figure svg[role=img], svg.pb-where")]
    assert sorted(alts) == sorted(wanted) and len(set(alts)) == len(alts) > 10
    assert not any(re.search(r"\.(svg|png)$|^/|_images", alt) for alt in alts)


def typefaces(pdf):
    """Every typeface of a PDF that is not the book's own, by name."""
    known = (obj for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary))
    fonts = [obj for obj in known if obj.get("/Type") == "/FontDescriptor"]
    assert fonts
    for font in fonts:
        assert any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3")), font.FontName
    return [str(font.FontName) for font in fonts if not re.match(r"/[A-Z]{6}\+Placebook-Sans", str(font.FontName))]


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_is_of_the_books_own_typeface_and_embedded(opened, name):
    """A letter from the machine's own fonts would look different, and weigh different, on the next machine."""
    pdf, _ = opened(name)
    assert typefaces(pdf) == []


def test_a_letter_of_another_typeface_is_noticed(tmp_path):
    from weasyprint import HTML

    HTML(string="<p>A word.</p>").write_pdf(tmp_path / "one.pdf")
    with pikepdf.open(tmp_path / "one.pdf") as pdf:
        assert len(typefaces(pdf)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(opened, name):
    pdf, _ = opened(name)
    names = pdf.Root.Names.Dests if "/Names" in pdf.Root else None
    known = set(pikepdf.NameTree(names).keys()) if names is not None else set()
    links = [a for page in pdf.pages for a in page.get("/Annots", []) if a.Subtype == "/Link"]
    assert len(links) > 20
    inside = outside = 0
    for link in links:
        assert str(link.get("/Contents", "")), "what a screen reader says of it"
        if "/A" in link and link.A.S == "/URI":
            assert re.match(r"https?://|mailto:", str(link.A.URI))
            outside += 1
        else:
            target = link.Dest if "/Dest" in link else link.A.D
            assert isinstance(target, pikepdf.Array) or str(target) in known, target
            inside += 1
    assert inside > 10 and outside > 5


@pytest.mark.parametrize("name", NAMES)
def test_table_cells_know_their_headers(opened, name):
    _, found = opened(name)
    kinds = Counter(str(element.S) for element in found)
    assert kinds["/Table"] >= 1 and kinds["/TH"] >= 5 and kinds["/Caption"] >= 1
    heads = {str(element.ID) for element in found if element.S == "/TH"}
    cells = [element for element in found if element.S == "/TD"]
    assert cells and all({str(head) for head in cell.A.Headers} <= heads and cell.A.Headers for cell in cells)


@pytest.mark.parametrize("name", NAMES)
def test_pages_and_weight(opened, built_book, name):
    """Sixteen pages a place at most; the whole book holds every place, its county and what is written once."""
    pdf, _ = opened(name)
    assert (built_book.html / "downloads" / f"{name}.pdf").stat().st_size < 10_000_000
    assert len(pdf.pages) <= (110 if name == "book" else 16)


@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_left_half_empty(opened, name):
    """All but the cover and the last: what stands on a page reaches down three fifths of it at least, mostly far more."""
    pdf, _ = opened(name)
    found = {number: ink.empty(page) for number, page in enumerate(pdf.pages, 1)}
    assert {number: round(part, 2) for number, part in found.items() if 1 < number < len(pdf.pages) and part > 0.4} == {}


@pytest.mark.parametrize(("high", "left"), [(27, 0.9), (135, 0.5), (0, 1.0)])
def test_what_is_left_empty_is_measured(tmp_path, high, left):
    from weasyprint import HTML

    style = "@page { size: A4; margin: 14.5mm 12mm 12.5mm; @bottom-right { content: counter(page) } } body { margin: 0 }"
    block = (
        f'<svg width="50mm" height="{high}mm" viewBox="0 0 5 5" preserveAspectRatio="none"><rect width="5" height="5"/></svg>'
        if high
        else ""
    )
    HTML(string=f"<style>{style} svg {{ display: block }}</style><body>{block}</body>").write_pdf(tmp_path / "one.pdf")
    with pikepdf.open(tmp_path / "one.pdf") as pdf:
        assert ink.empty(pdf.pages[0]) == pytest.approx(left, abs=0.01)


def test_the_web_book_links_to_every_form(built_book):
    front = (built_book.html / "book" / "index.html").read_text(encoding="utf-8")
    linked = set(re.findall(r'href="\.\./downloads/([^"/]+)"', front))
    assert linked == {"all-downloads.zip", "book.html", *(f"{name}.pdf" for name in NAMES), *SUMMARIES, *IN_WORD}
    assert all((built_book.html / "downloads" / name).exists() for name in linked)
