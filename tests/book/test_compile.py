"""Only what changed is compiled again; what stands on every page changes every page; and the pages are those made anew."""

import json
import os

import pytest
import yaml
from bs4 import BeautifulSoup
from checkouts import compiled, small_book

from placebook.errors import BuildError
from placebook.incremental.records import Records
from placebook.site.compile import COMPILED
from placebook.site.settings import settings
from placebook.site.theme_repairs import in_order

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
    """Its record is missing: whatever lies there is made again."""
    project, _ = history
    work, records = project.build / "work" / "html", Records(project)
    assert records.whole(COMPILED)
    records.forget(COMPILED)
    (work / "_build" / "html" / ONE).write_text("half a page")
    made = compiled(project)
    assert "Weavers and dyers" in (made / ONE).read_text(encoding="utf-8")
    assert records.whole(COMPILED) and not (work / "_build" / "jupyter_execute").exists()


@pytest.fixture(scope="module")
def believed(tmp_path_factory):
    """A book compiled once, with all that the compiler keeps of it."""
    project = small_book(tmp_path_factory.mktemp("believed"), ("places/ayton", "places/beeford"))
    made = compiled(project)
    return project, {p.relative_to(made).as_posix(): p.read_bytes() for p in made.rglob("*.html")}


@pytest.mark.parametrize(
    "name", [".doctrees/book/places/ayton.doctree", ".doctrees/environment.pickle", f"html/{ONE}", "html/more.html"]
)
@pytest.mark.parametrize("elsewhere", [False, True], ids=["alone", "with a word changed elsewhere"])
def test_what_somebody_changed_in_what_the_compiler_keeps_is_not_believed(believed, name, elsewhere):
    project, pages = believed
    path = project.build / "work" / "html" / "_build" / name
    if path.exists():
        about, content = path.stat(), path.read_bytes()
        assert content.count(b"Ayton") and not content.count(b"Aytoy")
        path.write_bytes(content.replace(b"Ayton", b"Aytoy"))  # well-formed still
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    else:
        path.write_text("Aytoy")
    if elsewhere:
        other = project.root / "book" / "places" / "beeford.md"
        other.write_text(other.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    made = compiled(project)
    now = {p.relative_to(made).as_posix(): p.read_bytes() for p in made.rglob("*.html")}
    assert {name for name in {*now, *pages} if now.get(name) != pages.get(name)} <= {OTHER}


def test_several_cores_compile_the_same_bytes(tmp_path):
    """Five pages or fewer are read by one process, so there are more."""
    chapters = tuple(f"places/place-{letter}" for letter in "abcdefgh")
    sites = []
    for cores in (1, 2):
        (tmp_path / f"{cores}").mkdir()
        made = compiled(small_book(tmp_path / f"{cores}", chapters), cores)
        sites.append({p.relative_to(made).as_posix(): p.read_bytes() for p in made.rglob("*") if p.is_file()})
        sites[-1]["searchindex.js"] = in_order(sites[-1]["searchindex.js"].decode("utf-8"))
    assert sites[0].keys() == sites[1].keys() and not [name for name in sites[0] if sites[0][name] != sites[1][name]]


@pytest.mark.parametrize("cores", [1, 2])
def test_a_page_that_cannot_be_compiled_is_named_with_its_line(tmp_path, cores):
    project = small_book(tmp_path, tuple(f"places/place-{letter}" for letter in "abcdefgh"))
    rewrite(project, "places/place-d.md", "Words.", "[words](nowhere.md)")
    with pytest.raises(BuildError, match=r"place-d.md:3: WARNING: .*nowhere.md"):
        compiled(project, cores)


def test_a_page_is_repaired_where_sphinx_writes_it(tmp_path):
    """Sphinx's template_bridge is at work, for one core and for pages of all kinds."""
    made = compiled(small_book(tmp_path, ("places/ayton",)))
    for name in (ONE, "book/index.html", "search.html", "genindex.html"):
        text = (made / name).read_text(encoding="utf-8")
        assert 'id="pst-primary-sidebar" role="complementary"' in text, name
        assert "fontawesome.js" not in text and "jb-print-docs-body" not in text and "kbd-shortcut" not in text, name


@pytest.mark.parametrize("cores", [1, 2])
def test_a_theme_that_changed_stops_the_build_and_is_named(tmp_path, cores):
    """Here a template of the project's stands in for another version of the theme, without the second title for print."""
    project = small_book(tmp_path, tuple(f"places/place-{letter}" for letter in "abcdefgh"))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "layout.html").write_text(
        '{% extends "!layout.html" %}{% block docs_body %}{{ super.super() }}{% endblock %}'
    )
    config = settings(project)
    config["sphinx"]["config"]["templates_path"] = ["templates"]
    project.config.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    with pytest.raises(BuildError, match="second title for print is not where the theme used to put it. Has sphinx-book-theme"):
        compiled(project, cores)


SITE_MAP = """
import sphinx.builders.html

def refuse(*given, **more):
    raise AssertionError("the whole site map was asked for")

def setup(app):
    sphinx.builders.html.global_toctree_for_doc = refuse
    return {"parallel_read_safe": True, "parallel_write_safe": True}
"""


@pytest.mark.parametrize("ours", [True, False], ids=["this theme", "the stock one"])
def test_no_page_asks_for_the_whole_site_map(tmp_path, monkeypatch, ours):
    """Made for every page it takes a time that grows with the square of their number."""
    project = small_book(tmp_path, ("places/ayton",))
    (tmp_path / "refusing.py").write_text(SITE_MAP)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    config = settings(project)
    config["sphinx"]["extra_extensions"] = ["refusing", *(config["sphinx"]["extra_extensions"] if ours else [])]
    project.config.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    if ours:
        assert (compiled(project) / ONE).exists()
    else:
        with pytest.raises(BuildError, match="site map was asked for"):
            compiled(project)
