"""Only what changed is compiled again; what stands on every page changes every page; and the pages are those made anew."""

import json

import pytest
from bs4 import BeautifulSoup
from checkouts import compiled, small_book

from placebook.edition.polish import in_order

ONE, OTHER = "book/places/ayton.html", "book/places/beeford.html"


def rewrite(project, name, old, new):
    path = project.root / "book" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def times(html):
    return {p.relative_to(html).as_posix(): p.stat().st_mtime_ns for p in html.rglob("book/**/*.html")}


def sidebar(html, page):
    soup = BeautifulSoup((html / page).read_text(encoding="utf-8"), "html.parser")
    return [link.get_text().strip() for link in soup.select("nav.bd-docs-nav a")]


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A book of two places compiled, with a word changed, with a title changed; and that book from nothing."""
    project = small_book(tmp_path_factory.mktemp("book"), ("places/ayton", "places/beeford"))
    steps = {}

    def step(name, made):
        steps[name] = (times(made), {p: (made / p).read_bytes() for p in (ONE, OTHER, "searchindex.js")}, sidebar(made, OTHER))

    step("first", compiled(project))
    rewrite(project, "places/ayton.md", "Words.", "Weavers and dyers.")
    step("word", compiled(project))
    rewrite(project, "places/ayton.md", "# Ayton", "# Great Ayton")
    step("title", compiled(project))
    anew = small_book(tmp_path_factory.mktemp("anew"), ("places/ayton", "places/beeford"))
    rewrite(anew, "places/ayton.md", "# Ayton\n\nWords.", "# Great Ayton\n\nWeavers and dyers.")
    step("anew", compiled(anew))
    return project, steps


def test_a_changed_word_writes_its_own_page_again(history):
    _, steps = history
    (before, old, _), (after, new, _) = steps["first"], steps["word"]
    assert {page for page in after if after[page] != before[page]} == {ONE, "book/index.html"}, "it and what lists it"
    assert b"Weavers and dyers" in new[ONE] and old[OTHER] == new[OTHER]


def test_a_changed_title_is_in_every_sidebar(history):
    _, steps = history
    assert "Ayton" in steps["word"][2] and "Great Ayton" in steps["title"][2] and "Ayton" not in steps["title"][2]
    before, after = steps["word"][0], steps["title"][0]
    assert before.keys() == after.keys() and all(after[page] != before[page] for page in after)


def test_the_search_knows_the_new_words_and_not_the_old(history):
    _, steps = history
    known = {}
    for name in ("first", "word"):
        text = in_order(steps[name][1]["searchindex.js"].decode("utf-8"))
        known[name] = json.loads(text.removeprefix("Search.setIndex(")[:-1])["terms"]
    assert "weaver" not in known["first"] and "weaver" in known["word"]


def test_what_was_compiled_bit_by_bit_is_what_is_compiled_from_nothing(history):
    _, steps = history
    bit_by_bit, anew = steps["title"][1], steps["anew"][1]
    assert bit_by_bit[ONE] == anew[ONE] and bit_by_bit[OTHER] == anew[OTHER]
    index = [in_order(step["searchindex.js"].decode("utf-8")) for step in (bit_by_bit, anew)]
    assert index[0] == index[1]


def test_a_run_that_did_not_end_is_not_believed(history):
    """Its note is missing: whatever lies there is made again."""
    project, _ = history
    work = project.build / "work" / "html"
    (work / "shape.txt").unlink()
    (work / "_build" / "html" / ONE).write_text("half a page")
    made = compiled(project)
    assert "Weavers and dyers" in (made / ONE).read_text(encoding="utf-8")
    assert (work / "shape.txt").exists() and not (work / "_build" / "jupyter_execute").exists()
