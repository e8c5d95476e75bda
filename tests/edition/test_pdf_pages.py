"""Pages as paper takes them, before anything is laid out; and what is said where paper cannot be made."""

import builtins

import pytest
from lxml import html as parser

from placebook.edition import pdf
from placebook.errors import BuildError
from tests.edition.test_single import FRONT, PROOF, TOWN

FIGURE = """<figure id="town-x"><p class="pb-figure-title"><strong>Found</strong></p><div class="pb-drawn pb-grid">
<svg width="350" role="img" aria-label="One, 5%."></svg><svg width="350" role="img" aria-label="Two."></svg>
<svg width="350" role="img" aria-label="Three."></svg></div><figcaption>Figure 1.</figcaption>
<ul class="pb-tools"><li><a href="x.csv">CSV</a></li></ul><details class="pb-data"><summary>Table</summary><table></table></details>
</figure><ul class="pb-cards"><li><a class="pb-card-value" href="town/people.html#e1">5%</a><svg class="pb-spark"></svg></li></ul>
<details class="pb-data"><summary>Sources</summary><ul><li><p>One source</p></li></ul></details>
<p><span class="pb-said">Said</span><a class="pb-why" href="town/people.html#e2">†</a></p>"""


@pytest.fixture
def site(tmp_path):
    town = TOWN.replace('<svg viewBox="0 0 1 1" role="img" aria-label="A dot."><path d="M0 0h1"/></svg>', FIGURE)
    for name, text in {"book/index.html": FRONT, "book/places/town.html": town, "book/places/town/people.html": PROOF}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def made(site, *addresses):
    document = pdf.Document("town", "The book", "Town", addresses or ("book/places/town.html",))
    return parser.fromstring(pdf.html(site, document, {"Taken until": "2025-06-30"}))


def test_cover_and_contents_come_first(site):
    page = made(site)
    assert page.cssselect(".cover")[0].text_content() == "The bookTownTaken until: 2025-06-30"
    assert [(a.text, a.get("href")) for a in page.cssselect(".contents a")] == [("Town", "#town"), ("People", "#town-people")]
    assert page.get("lang") == "en-GB" and page.findtext(".//title") == "The book: Town"


def test_a_picture_has_its_words_as_title_and_small_ones_stand_in_pairs(site):
    page = made(site)
    assert [title.text for title in page.cssselect("figure svg > title")] == ["One, 5%.", "Two.", "Three."]
    assert [len(pair) for pair in page.cssselect(".pair")] == [2, 1]
    assert not page.cssselect("svg[aria-label], svg[role]")


def test_what_a_screen_needs_is_left_out(site):
    page = made(site)
    assert not page.cssselect(".pb-tools, .pb-why, .pb-spark, table, details, script")
    assert page.cssselect(".sources li")[0].text_content() == "One source", "lists of sources are opened"
    assert page.cssselect(".pb-card-value")[0].text_content() == "5%"


def test_links_stay_inside_the_document_or_become_words(site):
    assert {a.get("href") for a in made(site).cssselect("article a")} == set()
    whole = made(site, "book/index.html", "book/places/town.html")
    links = {a.text_content(): a.get("href") for a in whole.cssselect("article a")}
    assert links == {"Town": "#town", "People": "#town-people", "Out": "https://example.org/"}


@pytest.mark.parametrize("error", [OSError("cannot load library 'libpangoft2-1.0-0'"), ImportError("no weasyprint")])
def test_where_paper_cannot_be_made_one_line_says_what_to_install(site, monkeypatch, error):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "weasyprint":
            raise error
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BuildError) as caught:
        pdf.write_pdfs(site, site, "The book", {"town": "Town"}, {}, 1)
    said = str(caught.value)
    assert "\n" not in said and ("apt install libpango" in said if isinstance(error, OSError) else "WeasyPrint" in said)
