"""One file of a compiled site: ids once, links inside, what is not inside not linked."""

import pytest
from lxml import html as parser

from placebook.errors import BuildError
from placebook.site.single import write_single

SIDEBAR = '<nav class="bd-docs-nav"><ul><li data-page="a"><a href="places/town.html">Town</a></li></ul></nav>'
FRONT = f"""<html><body>{SIDEBAR}<article class="bd-article"><section id="book"><h1>The book</h1>
<p><a href="places/town.html">Town</a> <a href="places/town.html#town-people">People</a>
<a href="../downloads/all.zip">All data</a> <a href="https://example.org/">Out</a></p></section></article></body></html>"""
TOWN = """<html><body><article class="bd-article"><section id="town"><h1>Town<a class="headerlink" href="#town">#</a></h1>
<script>x</script><section id="town-people"><h2>People</h2><p><a class="pb-n" href="town/people.html#e1">5%</a></p>
<svg viewBox="0 0 1 1" role="img" aria-label="A dot."><path d="M0 0h1"/></svg>
<ul class="pb-tools"><li><a href="../../downloads/town/x.csv">CSV</a></li><li><a href="town/people.html#f-x">How</a></li></ul>
</section></section></article></body></html>"""
PROOF = """<html><body><main><h1>How we know</h1><p><a href="../town.html">Back</a></p>
<table><tr id="e1"><th>5%</th></tr></table><p id="f-x">x</p></main></body></html>"""
CSS = ':root{--a:1}html[data-theme="dark"]{--a:2}html[data-theme="dark"] .b{top:0}@font-face{src:url("fonts/f.woff2")}'


@pytest.fixture
def site(tmp_path):
    for name, text in {
        "book/index.html": FRONT,
        "book/places/town.html": TOWN,
        "book/places/town/people.html": PROOF,
        "_static/placebook.css": CSS,
        "_static/fonts/f.woff2": "font",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def made(site):
    return write_single(site, site / "single.html", "The book").read_text(encoding="utf-8")


def test_links_lead_inside_the_file_and_downloads_are_not_promised(site):
    page = parser.fromstring(made(site))
    assert {a.text_content(): a.get("href") for a in page.iter("a")} == {
        "Town": "#town",
        "People": "#town-people",
        "Out": "https://example.org/",
        "5%": "#town--people--e1",
        "How": "#town--people--f-x",
        "Back": "#town",
        "How we know: the evidence of every number": "#how-we-know",
    }
    ids = [node.get("id") for node in page.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert "All data" in page.text_content() and not page.findall(".//script")


def test_headings_follow_the_nesting(site):
    page = parser.fromstring(made(site))
    assert [(h.tag, h.text_content()) for h in page.iter("h1", "h2", "h3", "h4")] == [
        ("h1", "The book"),
        ("h2", "Town"),
        ("h3", "People"),
        ("h2", "How we know"),
        ("h3", "How we know"),
    ]


def test_the_dark_follows_the_readers_system_and_the_typeface_is_inside(site):
    text = made(site)
    assert "@media (prefers-color-scheme: dark){html{--a:2}html .b{top:0}}" in text
    assert "data:font/woff2;base64,Zm9udA==" in text and "fonts/f.woff2" not in text


def test_an_id_that_stands_twice_is_refused(site):
    path = site / "book" / "places" / "town.html"
    path.write_text(TOWN.replace('id="town-people"', 'id="book"'), encoding="utf-8")
    with pytest.raises(BuildError, match="the id 'book' stands twice"):
        made(site)


def test_a_link_into_nothing_is_refused(site):
    (site / "book" / "index.html").write_text(FRONT.replace("#town-people", "#nowhere"), encoding="utf-8")
    with pytest.raises(BuildError, match="leads nowhere: #nowhere"):
        made(site)
    (site / "book" / "index.html").write_text(FRONT.replace("places/town.html#town-people", "gone.html"), encoding="utf-8")
    with pytest.raises(BuildError, match="leads to book/gone.html, which is no page of the book"):
        made(site)
