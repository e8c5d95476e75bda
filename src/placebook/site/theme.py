"""A Sphinx extension: what the book needs of its theme, done once and nobody else's server asked.

* The sidebar is made once for each folder of pages, not twice for each page: the stock theme renders the
  whole site map into every page, and once more to see whether it is empty, which makes a book of 300 pages take minutes.
  A template of ours takes the place of the theme's, so that the theme's site map is never asked for.
* Pages are read and written on several cores, for which every extension must say whether it minds.
* A block of HTML, most of a page, keeps its words beside it for the search: they are looked for where pages are read, on several
  cores, and each counts once. Sphinx would look for them in all of the HTML, one page after the other, while pages are written.
* Ids of headings carry the page's name, so that all pages can be joined into one without a clash.
* Scripts from other servers are left out.
"""

from __future__ import annotations

import re
from functools import reduce
from importlib import resources
from pathlib import PurePosixPath
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from placebook import __version__
from placebook.markup import Html, join, markup


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_transform(IdsCarryThePage)
    app.add_node(Block, html=(_write_block, None))
    app.connect("doctree-read", _blocks)
    # Captions carry their own number, counted on the page; another extension switches Sphinx's on.
    app.connect("config-inited", _own_numbers, priority=999)
    app.connect("config-inited", _own_templates)
    app.connect("config-inited", _several_cores)
    app.connect("env-updated", _forget_sidebars)
    # Before the theme looks which of its parts are empty.
    app.connect("html-page-context", _offer_sidebar, priority=100)
    app.connect("html-page-context", _page_context, priority=900)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


class IdsCarryThePage(SphinxTransform):
    """``people`` becomes ``broxbourne-people``; runs before labels and tables of contents are read."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        prefix = PurePosixPath(self.env.docname).name
        for section in self.document.findall(nodes.section):
            renamed = []
            for old in section["ids"]:
                new = old if old == prefix or old.startswith(f"{prefix}-") else f"{prefix}-{old}"
                renamed.append(new)
                self.document.ids.pop(old, None)
                self.document.ids[new] = section
                for name, known in list(self.document.nameids.items()):
                    if known == old:
                        self.document.nameids[name] = new
            section["ids"] = renamed


class Block(nodes.Element):
    """A block of HTML, ``html``, as it goes into the page. Its children are for the search: the words in it."""

    def astext(self) -> str:
        return str(self["html"])


NO_WORDS = [
    re.compile(text, re.IGNORECASE | re.DOTALL) for text in ("<style.*?</style>", "<script.*?</script>", "<[^<][^<>]*>")
]
WORD = re.compile(r"\w+")
"""What Sphinx leaves out of HTML, one after the other, and what it takes for a word, when it makes its index."""


def _blocks(app: Sphinx, doctree: nodes.document) -> None:
    """Put a ``Block`` in the place of each block of HTML; a word that stood in an earlier one is not said again."""
    said: dict[str, None] = {}
    for raw in list(doctree.findall(nodes.raw)):
        if raw["format"] == "html" and not raw["classes"] and not isinstance(raw.parent, nodes.TextElement):
            html = raw.astext()
            text = reduce(lambda text, left_out: left_out.sub("", text), NO_WORDS, html)
            words = [word for word in dict.fromkeys(WORD.findall(text)) if word not in said]
            said.update(dict.fromkeys(words))
            raw.replace_self(Block("", nodes.Text(" ".join(words)), html=html))


def _write_block(writer: Any, block: Block) -> None:
    writer.body.append(block["html"])
    raise nodes.SkipNode


def _own_numbers(app: Sphinx, config: Any) -> None:
    config.numfig = False


def _own_templates(app: Sphinx, config: Any) -> None:
    config.templates_path = [str(resources.files("placebook.site") / "templates"), *config.templates_path]


SILENT = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")
"""Extensions that do not say whether pages may be read side by side. They may: the one numbers chapters once all pages
are read, in one process; the other works for LaTeX alone."""


def _several_cores(app: Sphinx, config: Any) -> None:
    for name in SILENT:
        if extension := app.extensions.get(name):
            extension.parallel_read_safe = extension.parallel_write_safe = True


def _forget_sidebars(app: Sphinx, env: Any) -> None:
    env.placebook_sidebars = {}


def _offer_sidebar(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    context["placebook_sidebar"] = lambda: _sidebar(app, pagename)


def _page_context(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    scripts = context.get("script_files", [])
    context["script_files"] = [script for script in scripts if not (_foreign(script) or _unused(script, SCRIPTS))]
    context["css_files"] = [sheet for sheet in context.get("css_files", []) if not _unused(sheet, SHEETS)]
    context["copyright"] = app.config.copyright
    if not doctree or not any(True for _ in doctree.findall(nodes.math, nodes.math_block)):
        context["script_files"] = [script for script in context["script_files"] if "mathjax" not in str(script).lower()]


SHEETS = ("pygments.css", "togglebutton.css", "copybutton.css", "mystnb", "sphinx-thebe.css", "sphinx-design")
SCRIPTS = (
    "clipboard.min.js",
    "copybutton.js",
    "togglebutton.js",
    "design-tabs.js",
    "toggleHint",
    "toggleOpenOnPrint",
    "togglebuttonSelector",
)
"""What other extensions add to every page: code cells, tabs and toggles, of which this book has none."""


def _unused(asset: Any, names: tuple[str, ...]) -> bool:
    said = f"{getattr(asset, 'filename', asset) or ''} {getattr(asset, 'attributes', {}).get('body', '')}"
    return any(name in said for name in names)


def _foreign(script: Any) -> bool:
    """Whether a script is fetched from, or names, another server; only code launchers do."""
    named = str(getattr(script, "filename", script) or "")
    body = str(getattr(script, "attributes", {}).get("body", ""))
    return "://" in named or "thebe" in named.lower() or "THEBE" in body


def _sidebar(app: Sphinx, pagename: str) -> str:
    """The site map for a page: made once for its folder, then only its own entry is marked."""
    sidebars = getattr(app.env, "placebook_sidebars", None)
    if sidebars is None:
        sidebars = app.env.placebook_sidebars = {}
    folder = str(PurePosixPath(pagename).parent)
    if folder not in sidebars:
        sidebars[folder] = _render(app, pagename)
    mark = markup('<li class="toctree-l1" data-page="{}"><a ', pagename)
    here = markup('<li class="toctree-l1 current active" data-page="{}"><a aria-current="page" ', pagename)
    return str(sidebars[folder]).replace(mark, here, 1)


def _render(app: Sphinx, pagename: str) -> Html:
    parts = []
    for tree in app.env.tocs[app.config.root_doc].findall(addnodes.toctree):
        if caption := tree.get("caption"):
            parts.append(
                markup('<p aria-level="2" class="caption" role="heading"><span class="caption-text">{}</span></p>', caption)
            )
        items = join(_item(app, pagename, title, page) for title, page in tree["entries"])
        parts.append(markup('<ul class="nav bd-sidenav">{}</ul>', items))
    return join(parts)


def _item(app: Sphinx, pagename: str, title: str | None, page: str) -> Html:
    said = title or app.env.titles[page].astext()
    # From any page of the folder the way is the same, but a page's way to itself would be empty.
    beside = str(PurePosixPath(pagename).parent / "-")
    target = app.builder.get_relative_uri(beside, page)
    return markup(
        '<li class="toctree-l1" data-page="{}"><a class="reference internal" href="{}">{}</a></li>', page, target, said
    )
