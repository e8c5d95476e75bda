"""The place with the longest name in England, built and looked at: in a browser at three widths, and on paper."""

import itertools
import shutil

import pikepdf
import pytest
from bs4 import BeautifulSoup
from checkouts import clone

from placebook.build.build import build
from placebook.build.order import Order
from placebook.site import pdf
from tests.book import axe, paper_words

NAME = "Bournemouth, Christchurch and Poole"
TWICE = f"{NAME} and {NAME}"
PARAMS = f"name: '{NAME}'\nkind: district\ncode: E06000058\n"
WIDTHS = (1440, 1024, 390)
DOUBT = 1
"""Pixels that letters may reach over a picture's edge or over one another's ink."""
PRINTED = """() => {
  document.querySelectorAll('details').forEach(d => d.open = true);
  const pen = document.createElement('canvas').getContext('2d');
  return [...document.querySelectorAll('figure svg, svg.pb-map')].map(svg => {
    const edge = svg.getBoundingClientRect(), grown = svg.getScreenCTM();
    const lines = [...svg.querySelectorAll('text')].flatMap(
        t => t.querySelector('tspan') ? [...t.querySelectorAll('tspan')] : [t]);
    const texts = lines.map(line => {
      const box = line.getBoundingClientRect(), look = getComputedStyle(line);
      pen.font = `${look.fontWeight} ${parseFloat(look.fontSize) * grown.a}px ${look.fontFamily}`;
      const ink = pen.measureText(line.textContent);
      const foot = grown.f + grown.d * parseFloat(line.getAttribute('y'));
      return [line.textContent, box.left, foot - ink.actualBoundingBoxAscent, box.right, foot + ink.actualBoundingBoxDescent];
    });
    const figure = svg.closest('figure');
    return {name: figure ? figure.id : 'map', edge: [edge.left, edge.top, edge.right, edge.bottom], texts};
  });
}"""
"""Every text of every picture with the box of its letters as they are printed, in pixels of the screen."""


def faults(pictures):
    """Texts that leave their picture, and pairs that are printed over each other; the rim of a text is the same text again."""
    for picture in pictures:
        left, top, right, bottom = picture["edge"]
        texts = list(dict.fromkeys(tuple(text) for text in picture["texts"]))
        for said, x0, y0, x1, y1 in texts:
            if max(left - x0, top - y0, x1 - right, y1 - bottom) > DOUBT:
                yield picture["name"], said
        for one, other in itertools.combinations(texts, 2):
            across = min(one[3], other[3]) - max(one[1], other[1])
            along = min(one[4], other[4]) - max(one[2], other[2])
            if across > DOUBT and along > DOUBT:
                yield picture["name"], one[0], other[0]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A checkout with this one place, built."""
    project = clone(tmp_path_factory.mktemp("long"))
    for path in project.params.glob("*.yml"):
        path.unlink()
    (project.params / "bcp.yml").write_text(PARAMS, encoding="utf-8")
    (outcome,) = build(project, Order(["bcp"], ["html"]))
    assert not outcome.failed, outcome.problem
    return project


@pytest.fixture(scope="module")
def paper(book, tmp_path_factory):
    """The place's PDF with nothing but its headings and the pictures that hold names."""
    site = book.html / "book"
    page = BeautifulSoup((site / "places" / "bcp.html").read_text(encoding="utf-8"), "lxml")
    for part in page.select("article section > *"):
        if part.name not in ("section", "figure", "h1", "h2"):
            part.decompose()
    folder = tmp_path_factory.mktemp("paper")
    (folder / "book" / "places").mkdir(parents=True)
    shutil.copyfile(site / "index.html", folder / "book" / "index.html")
    (folder / "book" / "places" / "bcp.html").write_text(str(page), encoding="utf-8")
    path, _ = pdf.write_pdfs(folder, folder, "The book", {"bcp": NAME}, {}, 1, ["bcp"])
    return path


@pytest.fixture(scope="module")
def looked_at(book, browser_path):
    """What a browser prints at each width; and once more with names that are not broken."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path or None, args=axe.ARGUMENTS)
        page = browser.new_page()
        page.goto((book.html / "book" / "places" / "bcp.html").as_uri())
        page.evaluate("document.fonts.ready")
        found = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found[width] = page.evaluate(PRINTED)
        page.evaluate(
            "name => document.querySelectorAll('#bcp-enterprise-quotients text').forEach(t => {"
            "if (t.textContent.startsWith('Construction')) { t.removeAttribute('textLength'); t.textContent = name; } })",
            TWICE,
        )
        found["spoilt"] = page.evaluate(PRINTED)
        browser.close()
    return found


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_of_a_picture_is_cut_off_or_printed_over_another(looked_at, width):
    assert sum(len(picture["texts"]) for picture in looked_at[width]) > 250
    assert list(faults(looked_at[width])) == []


@pytest.mark.browser
def test_a_name_in_one_line_is_noticed(looked_at):
    found = list(faults(looked_at["spoilt"]))
    assert ("bcp-enterprise-quotients", TWICE) in found


@pytest.mark.pango
def test_no_letter_of_the_paper_is_cut_off(paper):
    """Each is seen whole through the frame of its picture."""
    with pikepdf.open(paper) as opened:
        found = [(number, word) for number, page in enumerate(opened.pages, 1) for word in paper_words.words(page)]
    framed = [word for _, word in found if word.frame != paper_words.WIDEST]
    assert len(framed) > 4000 and "Bournemouth" in "".join(word.text for word in framed)
    assert [(number, word.text) for number, word in found if word.cut > 0.5] == []


@pytest.mark.pango
def test_a_letter_that_is_cut_off_on_paper_is_noticed():
    """Three letters of five points in a frame that ends in the third, in a form moved and made smaller by half."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(200, 200))
    cmap = b"beginbfchar <0001> <0041> endbfchar"
    inner = pikepdf.Dictionary(DW=500, W=pikepdf.Array([1, pikepdf.Array([500])]))
    font = pikepdf.Dictionary(DescendantFonts=pikepdf.Array([inner]), ToUnicode=made.make_stream(cmap))
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = made.make_stream(
        b"q 0.5 0 0 0.5 10 10 cm 0 0 24 40 re W n BT /F1 20 Tf 1 0 0 1 0 10 Tm <0001> Tj <00010001> Tj ET Q"
    )
    one, two = paper_words.words(page)
    assert (one.text, two.text) == ("A", "AA") and one.cut == 0
    assert two.box[0] == pytest.approx(15) and two.box[2] == pytest.approx(25) and two.cut == pytest.approx(25 - 22)
