"""What the theme leaves behind is taken out, what readers need stays, and a changed theme is noticed."""

import json
import os

import pytest

from placebook.errors import BuildError
from placebook.site import theme_repairs as room
from placebook.site.theme_repairs import in_order, lighter, polish, repaired

PAGE = """
<head><meta name="viewport" content="width=device-width, initial-scale=1.0" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
  <!-- So that users can add custom icons -->
  <script src="../_static/scripts/fontawesome.js?digest=1"></script>
</head><body><div id="pst-primary-sidebar" class="a"></div>
<div id="jb-print-docs-body" class="onlyprint"><h1>T</h1><div id="print-main-content"><div id="jb-print-toc">
</div></div></div>
<article class="bd-article"><h1>T</h1><p>Words.</p>
    <script type="text/x-thebe-config">{}</script>
    <script>kernelName = 'python3'</script>
</article></body>
"""


def test_one_title_one_viewport_no_icons_no_launcher():
    page = repaired(PAGE, "x.html")
    assert page.count("<h1>") == 1 and page.count("viewport") == 1 and "<p>Words.</p>" in page
    assert "fontawesome" not in page and "thebe" not in page and "kernelName" not in page
    assert 'role="complementary"' in page and "\n\n" not in page


def test_what_the_book_wrote_stays_as_it_is():
    said = '<p>Color mode</p><div class="footer-item"></div><p title="Toggle primary sidebar">Words.</p>'
    sections = f"<section><h1>T</h1>{said}<section>More.</section></section>"
    page = repaired(PAGE.replace("<h1>T</h1><p>Words.</p>", sections), "x.html")
    assert said in page and page.count("<section>") == 2 and "thebe" not in page and "onlyprint" not in page
    assert "Color mode" not in repaired(PAGE.replace("Words.", "Color mode"), "x.html"), (
        "seen to change a page without sections"
    )


@pytest.mark.parametrize("gone", ["jb-print-docs-body", "fontawesome.js", "text/x-thebe-config", "pst-primary-sidebar"])
def test_a_theme_that_has_changed_is_noticed(gone):
    with pytest.raises(BuildError, match="x.html: .* is not where the theme used to put it"):
        repaired(PAGE.replace(gone, "something-else"), "x.html")


def test_rules_for_classes_that_no_page_has_go():
    sheet = "/* c */ .a{color:red} .b .a , .b{color:blue} p{margin:0} @media print{.b{top:0} .a:not(.b){top:1px}}"
    assert lighter(sheet, {"a"}) == ".a{color:red}p{margin:0}@media print{.a:not(.b){top:1px}}"
    assert lighter(".b .a,.b{color:blue}", {"a", "b"}) == ".b .a,.b{color:blue}"


def test_an_empty_media_rule_goes_and_other_at_rules_stay():
    sheet = (
        '@media print{.b{top:0}} @font-face{font-family:"Font Awesome 6 Free"} @font-face{font-family:Own} @charset "utf-8";'
    )
    assert lighter(sheet, set()) == '@font-face{font-family:Own}@charset "utf-8";'


def test_a_comma_in_brackets_parts_no_selector():
    assert lighter(":is(.a,.b) p{top:0}", set()) == ":is(.a,.b) p{top:0}"


# ------------------------------------------------------------ a whole site, from one time to the next


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A compiled site of two pages, and how often a page was repaired."""
    made, repairs = tmp_path / "made", []
    real = room.repaired
    monkeypatch.setattr(room, "repaired", lambda page, name: repairs.append(name) or real(page, name))
    for name in (*room.STYLES, *room.SCRIPTS_THAT_STYLE, "unused.js"):
        path = made / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(".a{color:red}.b{color:blue}" if name.endswith(".css") else "")
    (made / "searchindex.js").write_text('Search.setIndex({"terms":{"b":[0,1],"a":[]},"titleterms":{}})')
    (made / ".buildinfo").write_text("the checkout's folder, as a hash")
    for name in ("one", "two"):
        (made / f"{name}.html").write_text(PAGE)

    def run(times=iter(range(100))):
        repairs.clear()
        target = tmp_path / f"site-{next(times)}"
        polish(made, target, tmp_path / "work")
        return target, sorted(repairs)

    return made, run


def test_only_a_page_that_was_compiled_again_is_repaired_again(site):
    made, run = site
    first, repairs = run()
    assert repairs == ["one.html", "two.html"]
    (made / "one.html").write_text(PAGE.replace("Words", "Other words"))
    second, repairs = run()
    assert repairs == ["one.html"]
    assert "Other words" in (second / "one.html").read_text() and "Other words" not in (first / "one.html").read_text()
    assert (second / "two.html").read_text() == (first / "two.html").read_text() == repaired(PAGE, "two.html")


def test_a_kept_page_that_somebody_changed_is_not_believed(site):
    made, run = site
    first, _ = run()
    (first / "one.html").write_text("spoilt in place, under both its names")
    second, repairs = run()
    assert repairs == ["one.html"] and (second / "one.html").read_text() == repaired(PAGE, "one.html")


def test_what_the_compiler_wrote_is_left_alone_and_shared_with_nobody(site):
    made, run = site
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    done, _ = run()
    assert before == {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    assert not {os.stat(p).st_ino for p in before} & {os.stat(p).st_ino for p in done.rglob("*") if p.is_file()}
    assert not (done / ".buildinfo").exists() and not (done / "_static/unused.js").exists()
    assert (done / "_static/basic.css").read_text() == ".a{color:red}", "the class that a page has"


def test_a_page_that_is_gone_is_kept_no_longer(site, tmp_path):
    made, run = site
    run()
    (made / "two.html").unlink()
    done, repairs = run()
    assert not repairs and not (done / "two.html").exists() and not (tmp_path / "work/pages/two.html").exists()


def test_a_search_index_brought_up_to_date_is_the_one_made_anew():
    anew = 'Search.setIndex({"alltitles": {"A": [[0, null]], "B": [[1, "b"]]}, "terms": {"x": 0}, "titleterms": {"a": 0}})'
    later = 'Search.setIndex({"titleterms": {"a": 0, "gone": []}, "terms": {"gone": [], "x": 0}, "alltitles": {"B": [[1, "b"]], "A": [[0, null]]}})'
    assert in_order(later) == in_order(anew)
    assert json.loads(in_order(anew).removeprefix("Search.setIndex(")[:-1])["terms"] == {"x": 0}
    with pytest.raises(BuildError, match="searchindex.js is not what Sphinx used to write"):
        in_order("var index = {}")


def test_what_needs_no_page_is_made_ready_while_pages_compile_and_found_by_who_publishes(tmp_path, monkeypatch):
    room._rules.cache_clear()
    room.make_ready_what_pages_load(tmp_path)
    assert room._rules.cache_info().currsize == 1, "the theme's own sheet, read before any page was compiled"
    monkeypatch.setattr(room, "_compressed", lambda path: pytest.fail("compressed twice"))
    letters = {room._font(name, room._loaded(tmp_path))[:4] for name in room.FONTS}
    assert letters == {b"wOF2"}
    room._rules.cache_clear()
    room.make_ready_what_pages_load(tmp_path)
    assert room._rules.cache_info().currsize == 0, "a later build has all of it"
