"""The sidebar is made once for a folder of pages; only scripts of other servers are left out."""

from types import SimpleNamespace

from docutils import nodes
from sphinx import addnodes

from placebook.edition import theme


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
