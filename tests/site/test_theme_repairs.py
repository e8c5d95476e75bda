"""What the theme leaves behind is taken out, what readers need stays, and a changed theme is noticed."""

import io
import json
from importlib import resources

import pytest
from fontTools.ttLib import TTFont

from placebook.errors import BuildError
from placebook.site import theme_repairs as room
from placebook.site.theme_repairs import in_order, lighter, polish, repaired

PAGE = """
<head><meta name="viewport" content="width=device-width, initial-scale=1.0" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
  <!-- So that users can add custom icons -->
  <script src="../_static/scripts/fontawesome.js?digest=1"></script>
  <meta name="docsearch:version" content="" />
</head><body data-bs-spy="scroll" data-bs-target=".bd-toc-nav"><div id="pst-primary-sidebar" class="a">Sidebar</div>
<main id="main-content">
<div id="jb-print-docs-body" class="onlyprint"><h1>T</h1><div id="print-main-content"><div id="jb-print-toc">
</div></div></div>
<p>Color mode</p>
<article class="bd-article"><section><h1>T</h1><p>Words.</p></section>
</article></main></body>
"""


def test_one_title_one_viewport_and_no_icons():
    page = repaired(PAGE, "x")
    assert page.count("<h1>") == 1 and page.count("viewport") == 1 and "<p>Words.</p>" in page
    assert "fontawesome" not in page and "docsearch" not in page and "Color mode" not in page
    assert 'role="complementary"' in page and "\n\n" not in page


def test_the_page_comes_before_the_sidebar_and_its_own_contents_follow_the_reader():
    page = repaired(PAGE, "x")
    assert page.index("Words.") < page.index("</main>") < page.index("Sidebar") and page.count("Sidebar") == 1
    assert 'data-bs-target="#pst-page-toc-nav"' in page


def test_what_the_book_wrote_stays_as_it_is():
    written = (
        '<p>Color mode</p><div class="footer-item"></div>\n\n<p title="Toggle primary sidebar">Words.</p><section></section>'
    )
    page = repaired(PAGE.replace("<p>Words.</p>", written), "x")
    assert written in page and page.count("<section>") == 2 and page.count("Color mode") == 1 and "onlyprint" not in page


@pytest.mark.parametrize(
    "gone",
    [
        "jb-print-docs-body",
        "fontawesome.js",
        "pst-primary-sidebar",
        'width=device-width, initial-scale=1"',
        "docsearch:",
        "main-content",
        "bd-toc-nav",
    ],
)
def test_a_theme_that_has_changed_is_noticed(gone):
    changed = PAGE.replace(gone, "something-else")
    with pytest.raises(BuildError, match="x: .* is not where the theme used to put it. Has sphinx-book-theme changed"):
        repaired(changed, "x")
    assert "Color mode" not in repaired(changed.replace("section>", "div>"), "search"), "a page that Sphinx makes by itself"


def test_rules_for_classes_that_no_page_has_go():
    sheet = "/* c */ .a{color:red} .b .a , .b{color:blue} p{margin:0} @media print{.b{top:0} .a:not(.b){top:1px}}"
    assert lighter(sheet, frozenset({"a"})) == ".a{color:red}p{margin:0}@media print{.a:not(.b){top:1px}}"
    assert lighter(".b .a,.b{color:blue}", frozenset({"a", "b"})) == ".b .a,.b{color:blue}"


def test_an_empty_media_rule_goes_and_other_at_rules_stay():
    sheet = (
        '@media print{.b{top:0}} @font-face{font-family:"Font Awesome 6 Free"} @font-face{font-family:Own} @charset "utf-8";'
    )
    assert lighter(sheet, frozenset()) == '@font-face{font-family:Own}@charset "utf-8";'


def test_a_comma_in_brackets_parts_no_selector():
    assert lighter(":is(.a,.b) p{top:0}", frozenset()) == ":is(.a,.b) p{top:0}"


# ------------------------------------------------------------ a whole site


@pytest.fixture
def compiled(tmp_path):
    """A compiled site of one page."""
    made = tmp_path / "compiled"
    for name in (*room.STYLES, *room.SCRIPTS_THAT_STYLE, "unused.js"):
        path = made / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(".a{color:red}.b{color:blue}" if name.endswith(".css") else "")
    (made / "searchindex.js").write_text('Search.setIndex({"terms":{"b":[0,1],"a":[]},"titleterms":{}})')
    (made / ".buildinfo").write_text("the checkout's folder, as a hash")
    (made / "index.html").write_text("a redirection")
    (made / "one.html").write_text(repaired(PAGE, "one"))
    return made


def test_what_the_compiler_wrote_is_left_alone_and_shared_with_nobody(compiled, tmp_path):
    before = {path: path.read_bytes() for path in compiled.rglob("*") if path.is_file()}
    site = tmp_path / "site"
    polish(compiled, site)
    assert before == {path: path.read_bytes() for path in compiled.rglob("*") if path.is_file()}
    assert not {p.stat().st_ino for p in before} & {p.stat().st_ino for p in site.rglob("*") if p.is_file()}
    assert not (site / ".buildinfo").exists() and not (site / "_static/unused.js").exists()
    assert (site / "_static/basic.css").read_text() == ".a{color:red}", "the class that a page has"
    assert (site / "one.html").read_bytes() == (compiled / "one.html").read_bytes()
    assert "book/index.html" in (site / "index.html").read_text()
    assert (site / "_static/placebook.js").exists() and (site / "_static/fonts/OFL.txt").exists()


def test_a_books_own_colours_stand_after_those_of_every_book(compiled, tmp_path):
    (compiled / "_static/placebook.css").write_text("a{top:0}")
    polish(compiled, tmp_path / "plain")
    assert (tmp_path / "plain/_static/placebook.css").read_text() == "a{top:0}"
    (compiled / "_static/colours.css").write_text(":root{--pb-accent:#000000}")
    polish(compiled, tmp_path / "site")
    assert (tmp_path / "site/_static/placebook.css").read_text() == "a{top:0}\n:root{--pb-accent:#000000}"
    assert not (tmp_path / "site/_static/colours.css").exists(), "pages load one sheet"


def test_pictures_that_a_page_shows_are_published_and_no_others(compiled, tmp_path):
    for name in ("logo.svg", "minus.png", "icon.ico"):
        (compiled / "_static" / name).write_text(name)
    page = compiled / "one.html"
    links = '<link rel="icon" href="_static/icon.ico"><img src="../_static/logo.svg?v=1"><img src="_static/gone.png"></head>'
    page.write_text(page.read_text().replace("</head>", links))
    site = tmp_path / "site"
    polish(compiled, site)
    assert {path.name for path in (site / "_static").iterdir() if path.suffix in (".svg", ".png", ".ico")} == {
        "logo.svg",
        "icon.ico",
    }


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_typeface_of_pages_is_that_of_charts(weight):
    """Where tools/glyphs.py has drawn others: fonttools ttLib.woff2 compress -o site/fonts/… figures/fonts/….ttf."""
    with resources.as_file(resources.files("placebook.figures") / "fonts" / f"PlacebookSans-{weight}.ttf") as path:
        font = TTFont(path, recalcTimestamp=False)
    font.flavor = "woff2"
    stream = io.BytesIO()
    font.save(stream)
    assert (room.FONTS / f"placebook-{weight.lower()}.woff2").read_bytes() == stream.getvalue()


def test_a_search_index_brought_up_to_date_is_the_one_made_anew():
    anew = 'Search.setIndex({"alltitles": {"A": [[0, null]], "B": [[1, "b"]]}, "terms": {"x": 0}, "titleterms": {"a": 0}})'
    later = (
        'Search.setIndex({"titleterms": {"a": 0, "gone": []}, "terms": {"gone": [], "x": 0}, '
        '"alltitles": {"B": [[1, "b"]], "A": [[0, null]]}})'
    )
    assert in_order(later) == in_order(anew)
    assert json.loads(in_order(anew).removeprefix("Search.setIndex(")[:-1])["terms"] == {"x": 0}
    with pytest.raises(BuildError, match="searchindex.js is not what Sphinx used to write"):
        in_order("var index = {}")
