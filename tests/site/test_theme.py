"""The sidebar is one template; no script of another server stays; Jupyter Book configures Sphinx as it did."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from jinja2.sandbox import SandboxedEnvironment
from jupyter_book.config import get_final_config
from lxml import html as parser
from sphinx import addnodes

from placebook.paths import Project
from placebook.site import compile, theme
from placebook.site.settings import settings

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "src" / "placebook" / "site" / "templates" / "sbt-sidebar-nav.html"


def book(**titles):
    """A Sphinx application, as far as the theme asks it, whose contents list these pages of places."""
    tree = addnodes.toctree(entries=[(None, f"book/places/{page}") for page in titles], caption="Places & more")
    words = {f"book/places/{page}": nodes.title(text=title) for page, title in titles.items()}
    env = SimpleNamespace(
        tocs={"book/index": nodes.bullet_list("", tree)},
        titles={"book/index": nodes.title(text="The book"), **words},
        found_docs={"book/index", *words},
    )
    return SimpleNamespace(env=env, config=SimpleNamespace(root_doc="book/index"))


def test_all_pages_are_written_again_where_a_title_changed_and_only_then():
    app = book(ayton="Ayton", beeford="Beeford")
    assert theme._keep_site_map(app, app.env) == app.env.found_docs, "the first time"
    assert not theme._keep_site_map(app, app.env)
    for page in ("book/index", "book/places/ayton"):
        app.env.titles[page] = nodes.title(text="Another")
        assert theme._keep_site_map(app, app.env) == app.env.found_docs
        assert not theme._keep_site_map(app, app.env)


@pytest.mark.parametrize("page", ["book/places/ayton", "book/index"])
def test_the_sidebar_lists_every_page_and_marks_the_one_that_it_stands_on(page):
    app, context = book(ayton="Ayton <b>", beeford="Beeford"), {}
    theme._keep_site_map(app, app.env)
    theme._offer_site_map(app, page, "page.html", context, None)
    environment = SandboxedEnvironment()
    text = environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        context, pagename=page, root_doc="book/index", root_title="The book", file_suffix=".html", pathto=lambda to: f"to {to}"
    )
    sidebar = parser.fromstring(text)
    links = {link.text_content().strip(): link for link in sidebar.iter("a")}
    assert list(links) == ["The book", "Ayton <b>", "Beeford"]
    assert links["Beeford"].get("href") == "to book/places/beeford" and links["Beeford"].get("aria-current") is None
    here = page.endswith("ayton")
    assert links["Ayton <b>"].get("href") == ("ayton.html" if here else "to book/places/ayton")
    assert links["Ayton <b>"].get("aria-current") == ("page" if here else None)
    assert [node.text_content() for node in sidebar.cssselect(".caption")] == ["Places & more"]


def test_pages_are_read_in_shares_of_one_length(tmp_path):
    sizes = {"catalogue": 3, "front": 1, "methods": 2, "places/ayton": 90, "places/beeford": 100, "places/cawood": 80}
    for name, size in sizes.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x" * size, encoding="utf-8")
    names = sorted(sizes)
    theme._share_out(SimpleNamespace(parallel=2), SimpleNamespace(doc2path=tmp_path.joinpath), names)
    assert sorted(names) == sorted(sizes)
    assert [sum(sizes[name] for name in share) for share in (names[:3], names[3:])] == [1 + 3 + 90, 2 + 80 + 100]


def test_scripts_from_other_servers_and_styles_for_code_are_left_out():
    def assets(*names):
        return [SimpleNamespace(filename=name) for name in names]

    context = {
        "script_files": assets("https://cdn.example.org/mathjax.js", "_static/searchtools.js", None),
        "css_files": assets("_static/pygments.css", "_static/mystnb.1a2b.css", "_static/placebook.css"),
    }
    app = SimpleNamespace(config=SimpleNamespace(copyright="2026, the authors"))
    theme._page_context(app, "page", "page.html", context, None)
    assert [script.filename for script in context["script_files"]] == ["_static/searchtools.js", None]
    assert [sheet.filename for sheet in context["css_files"]] == ["_static/placebook.css"]
    assert context["copyright"] == "2026, the authors"


def test_jupyter_book_gives_the_configuration_that_the_compiler_hands_to_sphinx():
    """``get_final_config`` is in no documentation: where it changes, this says so before a page is compiled otherwise."""
    config, rest = get_final_config(
        user_yaml=settings(Project(ROOT)),
        cli_config={"external_toc_path": "_toc.yml", "latex_individualpages": False},
        sourcedir=ROOT,
    )
    assert list(rest) == ["latex_doc_overrides", "latex_individualpages"], "for LaTeX alone"
    assert config["external_toc_path"] == "_toc.yml" and config["html_theme"] == "sphinx_book_theme"
    assert config["nb_execution_mode"] == "off" and config["numfig"] is False
    assert {*compile.UNUSED} <= {*config["extensions"]}
    assert [name for name in config["extensions"] if name not in compile.UNUSED] == [
        "myst_nb",
        "jupyter_book",
        "sphinx_comments",
        "sphinx_external_toc",
        "sphinx.ext.intersphinx",
        "sphinx_book_theme",
        "placebook.site.guard",
        "placebook.site.theme",
        "sphinx_multitoc_numbering",
    ]
