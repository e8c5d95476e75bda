"""A Sphinx extension: what the book needs of its theme, and that no other server is asked.

* The sidebar is a template of ours: the stock theme makes the whole site map from Sphinx's tables of contents for every page,
  and once more to see whether it is empty, so that the time grows with the square of the number of pages: minutes for 300.
* Ids of headings carry the page's name, so that all pages can be joined into one without a clash.
* Scripts from other servers are left out.
* Pages are read side by side in shares of one length.
* Whole pages are repaired as they are written (``theme_repairs``).
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.transforms import SphinxTransform

from placebook import __version__
from placebook.site import citing
from placebook.site.settings import static_paths
from placebook.site.theme_repairs import is_whole, repaired


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_transform(IdsCarryThePage)
    app.connect("config-inited", _configure)
    app.connect("env-before-read-docs", _share_out)
    app.connect("env-updated", _keep_site_map)
    # Before the theme looks which of its parts are empty.
    app.connect("html-page-context", _offer_site_map, priority=100)
    app.connect("html-page-context", _page_context, priority=900)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


class IdsCarryThePage(SphinxTransform):
    """``people`` becomes ``broxbourne-people``; runs before labels and tables of contents are read.

    Of a title of a place's page only what stands before a colon counts, so that its words may change and its address stays.
    """

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        page, document = PurePosixPath(self.env.docname), self.document
        prefix, of_place = page.name, page.parent.name == "places"
        for section in document.findall(nodes.section):
            name, colon, _ = section[0].astext().partition(":")
            # The sections of a place's page are told apart by what stands before the colon.
            ids = [nodes.make_id(name)] if colon and of_place else section["ids"]
            ids = [id_ if f"{id_}-".startswith(f"{prefix}-") else f"{prefix}-{id_}" for id_ in ids]
            renamed = dict.fromkeys(section["ids"], ids[0])
            section["ids"] = list(dict.fromkeys(renamed.values()))
            document.ids = {id_: node for id_, node in document.ids.items() if id_ not in renamed}
            document.ids.update(dict.fromkeys(section["ids"], section))
            document.nameids = {name: renamed.get(id_, id_) for name, id_ in document.nameids.items()}


class RepairedPages(BuiltinTemplateLoader):
    """Sphinx's own templates (its ``template_bridge``), whose whole pages come without the theme's faults."""

    def render(self, template: str, context: dict[str, Any]) -> str:  # type: ignore[override]
        text = super().render(template, context)
        return repaired(text, context["pagename"]) if is_whole(text) else text


def _configure(app: Sphinx, config: Any) -> None:
    config.templates_path = [str(resources.files("placebook.site") / "templates"), *config.templates_path]
    config.html_static_path = static_paths(config.html_static_path)
    config.template_bridge = "placebook.site.theme.RepairedPages"
    # It numbers chapters when all pages are read, in one process, but does not say that they may be read on several cores.
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True


def _share_out(app: Sphinx, env: Any, docnames: list[str]) -> None:
    """Let each core read as much as another: it is given pages that follow each other, and places' are long and do."""
    docnames.sort(key=lambda name: Path(env.doc2path(name)).stat().st_size)
    docnames[:] = [name for first in range(app.parallel) for name in docnames[first :: app.parallel]]


def _keep_site_map(app: Sphinx, env: Any) -> Iterable[str]:
    """Let the template have the site map. All pages are written again where another title stands in it."""
    trees = env.tocs[app.config.root_doc].findall(addnodes.toctree)
    site_map = [
        (tree.get("caption"), [(page, title or env.titles[page].astext()) for title, page in tree["entries"]]) for tree in trees
    ]
    now, before = (env.titles[app.config.root_doc].astext(), site_map), getattr(env, "placebook_site_map", None)
    env.placebook_site_map = now
    return () if now == before else env.found_docs


def _offer_site_map(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    _, context["site_map"] = getattr(app.env, "placebook_site_map")  # noqa: B009  Sphinx keeps what extensions put there


def _page_context(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """No script from another server (MathJax, for one), and no style sheet for code cells, of which no page has one."""
    context["script_files"] = [script for script in context["script_files"] if "://" not in str(script.filename)]
    sheets = [sheet for sheet in context["css_files"] if "mystnb" not in str(sheet.filename)]
    context["css_files"] = [sheet for sheet in sheets if "pygments" not in str(sheet.filename)]
    context["copyright"] = app.config.copyright
    if doctree is not None:
        book, address = str(app.config.html_title), citing.address_of(app.config.html_baseurl)
        title, words = app.env.titles[pagename].astext(), citing.description(doctree)
        context["metatags"] = context.get("metatags", "") + str(citing.metatags(title, book, words, pagename, address))
        if taken := citing.edition(doctree):
            context["body"] += str(citing.citation(title, str(app.config.author), book, taken, pagename, address))
