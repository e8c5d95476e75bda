"""The sidebar is made once for a folder of pages; only scripts of other servers are left out; the search finds what it would."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx import addnodes
from sphinx.search import IndexBuilder
from sphinx.util.parallel import make_chunks

from placebook.site import launch, theme


def app(pages):
    tree = addnodes.toctree(entries=[(None, page) for page in pages], caption="Places")
    titles = {page: nodes.title(text=page.rsplit("/", 1)[-1].title()) for page in pages}
    env = SimpleNamespace(tocs={"book/index": nodes.bullet_list("", tree)}, titles=titles)

    def relative(start, target):
        assert start.startswith("book/places")
        return target.rsplit("/", 1)[-1] + ".html"

    return SimpleNamespace(
        env=env, config=SimpleNamespace(root_doc="book/index"), builder=SimpleNamespace(get_relative_uri=relative)
    )


def test_three_hundred_pages_cost_one_sidebar(monkeypatch):
    pages = [f"book/places/place-{n}" for n in range(300)]
    made, render = [], theme._render
    monkeypatch.setattr(theme, "_render", lambda *a: made.append(a) or render(*a))
    book = app(pages)
    sidebars = [theme._sidebar(book, page) for page in pages]
    assert len(made) == 1
    for page, sidebar in zip(pages, sidebars, strict=True):
        assert sidebar.count('aria-current="page"') == 1
        assert f'data-page="{page}"><a aria-current="page"' in sidebar
        assert sidebar.count("<li ") == 300


def test_a_new_build_forgets_the_sidebars():
    book = app(["book/places/a"])
    theme._sidebar(book, "book/places/a")
    theme._forget_sidebars(book, book.env)
    assert book.env.placebook_sidebars == {}


def script(filename="", body=""):
    return SimpleNamespace(filename=filename, attributes={"body": body})


def test_foreign_scripts_are_told_from_our_own():
    assert theme._foreign(script("https://unpkg.com/thebe/lib/index.js"))
    assert theme._foreign(script("_static/sphinx-thebe.js"))
    assert theme._foreign(script(body='const THEBE_JS_URL = "https://…"'))
    assert not theme._foreign(script("_static/searchtools.js"))
    assert not theme._foreign(script(body="let toggleOpenOnPrint = 'true';"))


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<style>a{b:c}</style>",
        "<STYLE>\nd",
        "</style>",
        "<script>if (a > b) c()</script>",
        "<svg aria-label='x y'>",
        "word",
        "Word",
        " ",
        "\n",
        "1,024",
        "0.5%",
        "a&amp;b",
        "<",
        ">",
        "<style>",
        "<script>",
        "</script>",
        "é",
        "don't",
        "words",
        "<br/>",
    ]
)


def page(*blocks):
    """A page with a title, a paragraph that holds HTML itself, and blocks of HTML."""
    document = new_document("page")
    section = nodes.section("", nodes.title("", "The title"), ids=["a"])
    section += nodes.paragraph("", "", nodes.Text("Some words "), nodes.raw("", "<b>bold</b>", format="html"))
    for html in blocks:
        section += nodes.raw("", html, format="html")
    section += nodes.raw("", "\\latex", format="latex")
    document += section
    return document


def index(document):
    """What the search would find on the page."""
    kept = {
        f"_search_index_{name}": {}
        for name in ("titles", "filenames", "mapping", "title_mapping", "all_titles", "index_entries", "objtypes", "objnames")
    }
    builder = IndexBuilder(SimpleNamespace(**kept), "en", {}, "")
    builder.feed("page", "page.ipynb", "The title", document)
    return builder._mapping, builder._title_mapping, builder._all_titles


@settings(max_examples=500)
@given(st.lists(st.lists(PIECES, max_size=12).map("".join), max_size=4))
def test_the_search_finds_the_words_of_blocks_as_it_would_in_their_html(blocks):
    expected, given_ = page(*blocks), page(*blocks)
    theme._blocks(None, given_)
    found, wanted = index(given_), index(expected)
    assert found == wanted
    assert list(found[0]) == list(wanted[0]), "in the same order"
    assert given_.astext() == expected.astext()
    assert len(list(given_.findall(theme.Block))) == len(blocks)


def test_a_block_is_written_as_it_was_given():
    document, written = page("<p>one</p>\n", "<p>one two</p>"), SimpleNamespace(body=[])
    theme._blocks(None, document)
    for block in document.findall(theme.Block):
        with pytest.raises(nodes.SkipNode):
            theme._write_block(written, block)
    assert written.body == ["<p>one</p>\n", "<p>one two</p>"]
    assert [block[0] for block in document.findall(theme.Block)] == ["one", "two"], "each word once"


@given(st.integers(1, 400), st.integers(2, 16))
def test_every_page_is_in_one_batch_and_places_are_spread_over_them(count, cores):
    pages = [f"{number:03d}" for number in range(count)]
    batches = launch.mixed(make_chunks, pages, cores)
    assert sorted(page for batch in batches for page in batch) == pages
    assert len(batches) == len(make_chunks(pages, cores, maxbatch=launch.BATCH))
    assert all(batch == sorted(batch) for batch in batches)
    assert max(map(len, batches)) - min(map(len, batches)) <= 1
