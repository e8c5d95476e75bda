"""A Sphinx extension: nothing that is written can act, and no file from outside the book comes into the site.

A generated page (a place's, a county's, the catalogue, what the front page includes) consists of headings, paragraphs and
blocks of HTML in one plain form. Whatever else the compiler makes of its words (a download, an image, what a directive inserts)
is named and stops the build, although the words are escaped where the page is made: this is the second lock of the door. It
asks what is there, not what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util import logging

from placebook import __version__
from placebook.paths import Project

LOGGER = logging.getLogger(__name__)
DIRECTIVE = re.compile(r"(`{3,}|~{3,}|:{3,})\s*\{")
"""The beginning of what would act while it is read: fetch an address, insert a file."""
PLAIN = {
    nodes.document,
    addnodes.document,
    nodes.section,
    nodes.title,
    nodes.paragraph,
    nodes.Text,
    nodes.emphasis,
    nodes.strong,
    nodes.literal,
    nodes.reference,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.block_quote,
    nodes.raw,
}
"""What a generated page may consist of."""
AROUND = {nodes.compound, addnodes.toctree}
"""What stands beside that on a written page that includes something generated: the table of contents."""

TAG = re.compile(r"""<(/?[a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<>]*")?)*)\s*/?>""")
"""The one form in which this book writes HTML. Parsers repair other forms, each in its own way: here they are refused."""
ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:-]*)(?:="([^"]*)")?""")
HTML = """
    a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins
    li ol p section small span strong sub summary sup table tbody td tfoot th thead tr ul
    circle clippath defs desc ellipse g line path polygon polyline rect svg text title tspan
"""
ATTRIBUTES = """
    alt class colspan data-claim data-edition data-entry data-label data-sort download href id lang open role rowspan scope src
    start tabindex title
    aria-describedby aria-hidden aria-label aria-labelledby
    clip-path cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family font-size font-style font-weight height
    opacity paint-order points preserveaspectratio r rx ry stroke stroke-dasharray stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width text-anchor textlength transform vector-effect viewbox width x x1 x2 xmlns
    y y1 y2
"""
ELEMENTS, NAMES = frozenset(HTML.split()), frozenset(ATTRIBUTES.split())
IMAGE = re.compile(r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}")
"""The one form of an image: inside the page, and of a kind that cannot act."""
SCHEMES = ("", "https", "mailto")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", _configured, priority=0)  # before extensions add what is theirs
    app.connect("source-read", lambda app, docname, source: _read(app, f"{docname}", source))
    app.connect("include-read", lambda app, path, docname, source: _read(app, path.as_posix(), source))
    app.connect("doctree-read", _page)  # what a page depends on is known
    app.connect("env-updated", _files)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


# ------------------------------------------------------------ generated pages


def _generated(app: Sphinx, name: str) -> bool:
    """Whether a page or a file, named from the project's root, is made by the book itself."""
    project = Project(Path(app.srcdir))
    folders = (project.place_pages, project.county_pages, project.generated)
    return any((project.root / name).is_relative_to(folder) for folder in folders)


def _read(app: Sphinx, name: str, source: list[str]) -> None:
    """Take the beginning of each directive away before it is read, and say so."""
    if _generated(app, name) and (found := DIRECTIVE.search(source[0])):
        line = source[0][found.start() : found.start() + 60].splitlines()[0]
        LOGGER.error("%s holds a directive, which no such page may hold: %s", name, line)
        source[0] = DIRECTIVE.sub("refused ", source[0])


def _page(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    included = {name for name in app.env.dependencies[page] if _generated(app, name)}
    if _generated(app, page):
        found = [f"the file {name}" for name in sorted(app.env.dependencies[page])]
        found += _acting(doctree, PLAIN)
    elif included:
        found = list(_acting(doctree, PLAIN | AROUND))
    else:
        found = [f"an image from elsewhere ({image['uri']})" for image in doctree.findall(nodes.image) if "//" in image["uri"]]
    for what in dict.fromkeys(found):
        LOGGER.error("%s holds %s, which no such page may hold", page, what)


def _acting(doctree: nodes.document, plain: set[type[nodes.Node]]) -> Iterator[str]:
    """What is on a page that a plain one has not, in words."""
    for node in doctree.findall():
        if type(node) not in plain:
            yield f"what is called {type(node).__name__}: {_shown(node.astext() or str(node))}"
        elif isinstance(node, nodes.raw):
            yield from problems(node.astext()) if node["format"] == "html" else [f"raw {node['format']}"]
        elif isinstance(node, nodes.reference) and "refuri" in node and not _leads(node["refuri"]):
            yield f"a link to {_shown(node['refuri'])}"


def problems(html: str) -> Iterator[str]:
    """What of a block of HTML this book does not write, in words: an element, an attribute, an address, a sign."""
    tags = TAG.findall(html)
    if len(tags) < html.count("<"):
        rest = TAG.sub("", html)
        yield f"HTML of another form: {_shown(rest[rest.index('<') :])}"
    for name, attributes in set(tags):
        if (element := name.lstrip("/").lower()) not in ELEMENTS:
            yield f"the element {element}"
        for attribute, value in ATTRIBUTE.findall(attributes):
            if why := _wrong(attribute.lower(), value):
                yield f"{why} (in {element})"


@lru_cache(maxsize=1 << 14)
def _wrong(name: str, value: str) -> str:
    """What is wrong with an attribute, in words, or ""."""
    if name not in NAMES:
        return f"the attribute {name}"
    if name == "href" and not _leads(unescape(value)):
        return f"a link to {_shown(value)}"
    if name == "src" and not IMAGE.fullmatch(value):
        return f"an image at {_shown(value)}"
    return f"an address in {name}: {_shown(value)}" if "url(" in unescape(value).lower().replace("url(#", "") else ""


def _leads(address: str) -> bool:
    """Whether a link leads to a page: of this book, or by https or mailto of another."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain = address.isprintable() and not any(sign in address for sign in " \\")
    elsewhere = parts.netloc or address.startswith("//")
    return plain and parts.scheme in SCHEMES and (parts.scheme == "https" or not elsewhere)


def _shown(text: str) -> str:
    return " ".join(text.split())[:80]


# ------------------------------------------------------------ files of all pages


def _outside(app: Sphinx, name: str) -> bool:
    """Whether a file, named from the project's root, really lies where no part of the book does."""
    project = Project(Path(app.srcdir).resolve())
    found = Path(app.srcdir, name).resolve()
    return not any(found.is_relative_to(folder.resolve()) for folder in (project.root / "book", project.build))


def _files(app: Sphinx, env: Any) -> None:
    """Every page, and every file that one shows, offers or includes."""
    named = {(page, name) for page, names in env.dependencies.items() for name in names}
    named |= {(page, name) for shelf in (env.images, env.dlfiles) for name, (pages, _) in shelf.items() for page in pages}
    named |= {(page, str(env.doc2path(page, False))) for page in env.found_docs}
    for page, name in sorted(named):
        if _outside(app, name):
            LOGGER.error("%s names %s, which lies outside the book: only what lies in book/ comes into the site", page, name)


def _configured(app: Sphinx, config: Any) -> None:
    """Raises ConfigError where the configuration names files from outside the book, or of another server."""
    for given in (*config.html_css_files, *config.html_js_files):
        if "//" in (name := given if isinstance(given, str) else given[0]):
            raise ConfigError(f"_config.yml: {name} lies on another server: pages load nothing from elsewhere")
    logo = config.html_theme_options.get("logo")
    logos = [logo.get("image_light"), logo.get("image_dark")] if isinstance(logo, Mapping) else []
    named = [config.html_logo, config.html_favicon, *logos, *config.html_static_path, *config.html_extra_path]
    for name in map(str, filter(None, named)):
        folder = Path(app.srcdir, name)
        inside = (
            [name, *(path.relative_to(app.srcdir).as_posix() for path in folder.rglob("*"))]
            if not Path(name).is_absolute()
            else [name]
        )
        if wrong := next((each for each in inside if _outside(app, each)), ""):
            raise ConfigError(f"_config.yml: {wrong} lies outside the book: only what lies in book/ comes into the site")
