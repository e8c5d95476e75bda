"""What the theme leaves in every compiled page that this book does without, taken out once for the whole site.

* Faults that a reader or a checker meets: a second title in print, placeholders of code launchers, a logo outside every landmark, two viewports.
* Weight: an icon library of 1.5 MB for nine icons, style rules for parts that no page has, translations.

Each repair names what it expects to find. Where a new version of the theme no longer holds it, the build says so.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
from functools import lru_cache
from importlib import resources
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import tinycss2
from fontTools.ttLib import TTFont

from placebook.content_cache import Shelf, keep, recall, seal, unharmed
from placebook.errors import BuildError
from placebook.incremental.fingerprints import files
from placebook.markup import Html
from placebook.paths import link, write_atomically

PRINT_TITLE = re.compile(r'<div id="jb-print-docs-body".*?</div>\s*</div>\s*</div>', re.S)
EMPTY_END = re.compile(r'\s*<div class="sidebar-primary-items__end sidebar-primary__section">\s*</div>')
LAUNCHER = re.compile(r'\s*<script type="text/x-thebe-config">.*?</script>\s*<script>kernelName = [^<]*</script>', re.S)
ICONS = re.compile(r"\s*<!-- So that users can add custom icons -->\s*<script src=\"[^\"]*fontawesome\.js[^\"]*\"></script>")
VIEWPORT = re.compile(r'\s*<meta name="viewport" content="width=device-width, initial-scale=1"\s*/>')
VERSION = re.compile(r'\s*<meta name="docsearch:[^>]*/>')
SHORTCUT = re.compile(r'\s*<span class="search-button__kbd-shortcut">.*?</span>', re.S)
EMPTY_ITEM = re.compile(r'\s*<div class="footer-item">\s*</div>')
SIDEBAR = '<div id="pst-primary-sidebar" class='
LANDMARK = '<div id="pst-primary-sidebar" role="complementary" aria-label="The book" class='
SECTION, SECTION_END = "<section", "</section>"
BETWEEN = "<!-- what the book wrote -->"
COMPILERS_BLANKS = re.compile(r"\n\s*\n+")
# On every page that was written, so that their absence means that the theme has changed.
EVERYWHERE = {"the second title for print": PRINT_TITLE, "the icon library": ICONS, "the launcher": LAUNCHER}
MADE_BY_COMPILER = ("search.html", "genindex.html")

THEME = "pydata_sphinx_theme"
STYLES = ("basic.css", "styles/pydata-sphinx-theme.css", "styles/sphinx-book-theme.css")
SCRIPTS_THAT_STYLE = (
    "scripts/pydata-sphinx-theme.js",
    "scripts/sphinx-book-theme.js",
    "searchtools.js",
    "sphinx_highlight.js",
    "doctools.js",
    "placebook.js",
)
# Set by bootstrap.js when a tooltip opens or the contents follow the reader.
AT_RUN_TIME = {
    "active",
    "show",
    "fade",
    "tooltip",
    "tooltip-inner",
    "tooltip-arrow",
    "bs-tooltip-auto",
    "bs-tooltip-top",
    "bs-tooltip-bottom",
    "bs-tooltip-start",
    "bs-tooltip-end",
    "nav-link",
}
KEPT = {
    "placebook.css",
    "placebook.js",
    "basic.css",
    "doctools.js",
    "documentation_options.js",
    "language_data.js",
    "searchtools.js",
    "sphinx_highlight.js",
    "styles/pydata-sphinx-theme.css",
    "styles/sphinx-book-theme.css",
    "styles/theme.css",
    "scripts/bootstrap.js",
    "scripts/pydata-sphinx-theme.js",
    "scripts/sphinx-book-theme.js",
}
REDIRECT = (
    '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>To the front page</title>\n'
    '<meta http-equiv="refresh" content="0; url=book/index.html">\n</head>\n'
    '<body>\n<h1>To the front page</h1>\n<p><a href="book/index.html">The book</a></p>\n</body>\n</html>\n'
)
"""In place of the compiler's, which is no whole page."""
CLASSES = re.compile(r'class="([^"]*)"')
SEARCH = "Search.setIndex("
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
TOKEN = re.compile(r"[A-Za-z_][\w-]*")
FONTS = {"PlacebookSans-Regular.ttf": "placebook-regular.woff2", "PlacebookSans-Bold.ttf": "placebook-bold.woff2"}


def polish(made: Path, site: Path, work: Path) -> None:
    """Fill ``site`` from the freshly compiled pages in ``made``, repaired, and lighten what they load.

    ``work`` keeps repaired pages and lightened sheets from one time to the next and may be deleted at any time. Nothing
    in ``made`` is changed, and no file is shared with it: the compiler writes in place.
    Raises BuildError where the theme no longer holds what is repaired.
    """
    kept = _Kept(work)
    used: set[str] = set(AT_RUN_TIME)
    static = made / "_static"
    for path in sorted(files(made)):
        name = path.relative_to(made).as_posix()
        target = site / name
        if name.startswith("_static/"):
            name = name.removeprefix("_static/")
            if name in KEPT and name not in STYLES:
                _copy(path, target)
        elif name == "index.html":
            write_atomically(target, REDIRECT)
        elif name == "searchindex.js":
            write_atomically(target, in_order(path.read_text(encoding="utf-8")))
        elif name.endswith(".html"):
            used |= kept.page(path, name, target)
        elif not name.startswith("_sphinx_design_static/"):
            _copy(path, target)
    for name in SCRIPTS_THAT_STYLE:
        used |= set(TOKEN.findall((static / name).read_text(encoding="utf-8")))
    shelf = _loaded(work)
    for name in STYLES:
        sheet = (static / name).read_text(encoding="utf-8")
        light = shelf.make([sheet, sorted(used)], lambda: lighter(sheet, used).encode("utf-8"))
        write_atomically(site / "_static" / name, light)
    _fonts(site / "_static" / "fonts", shelf)
    shelf.drop_unused()
    kept.close()


def make_ready_what_pages_load(work: Path) -> None:
    """What a first build can make before any page is compiled, which takes a third of a second: it compresses the typeface, and
    reads the theme's largest sheet where it is installed. Nothing where ``work`` holds what an earlier build made."""
    shelf = _loaded(work)
    if shelf.folder is None or shelf.folder.exists():
        return
    for name in FONTS:
        _font(name, shelf)
    theme = find_spec(THEME)
    for folder in (theme.submodule_search_locations or ()) if theme else ():
        for path in Path(folder).glob(f"theme/*/static/styles/{THEME.replace('_', '-')}.css"):
            _rules(path.read_text(encoding="utf-8"))


def _loaded(work: Path) -> Shelf:
    return Shelf(work / "loaded", "", [Path(__file__).read_text(encoding="utf-8"), version("tinycss2"), version("fonttools")])


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


class _Kept:
    """Repaired pages from one time to the next: each known by the seal of the page as compiled, and believed only while it is itself
    as it was written."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._note = folder / "pages.json"
        self._rules = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
        self._known: dict[str, Any] = {}
        self._seen: dict[str, Any] = {}
        try:
            held = json.loads(recall(self._note) or b"{}")
            if held["rules"] == self._rules:
                self._known = held["pages"]
        except KeyError:
            pass

    def page(self, compiled: Path, name: str, target: Path) -> set[str]:
        """Put the repaired page at ``target``; gives the classes that it uses."""
        path = self._folder / "pages" / name
        known = self._known.get(name)
        if known and unharmed(compiled, known["compiled"]) and unharmed(path, known["repaired"]):
            classes = known["classes"]
        else:
            text = compiled.read_text(encoding="utf-8")
            if "bd-article" in text:
                text = repaired(text, name)
            write_atomically(path, text)
            classes = sorted({each for names in CLASSES.findall(text) for each in names.split()})
        link(path, target)
        seals = {
            "compiled": seal(compiled, known and known["compiled"]),
            "repaired": seal(path, known and known["repaired"], by=2),
        }
        self._seen[name] = {**seals, "classes": classes}
        return set(classes)

    def close(self) -> None:
        """Note what was seen, and forget the pages that were not."""
        for path in files(self._folder / "pages"):
            if path.relative_to(self._folder / "pages").as_posix() not in self._seen:
                path.unlink()
        keep(self._note, json.dumps({"rules": self._rules, "pages": self._seen}).encode())


def in_order(index: str) -> str:
    """A search index in an order of its own: one brought up to date says the same as one made anew, in another order.

    Words of which no page is left go too. Raises BuildError where the index is not what it used to be.
    """
    if not (index.startswith(SEARCH) and index.endswith(")")):
        raise BuildError("searchindex.js is not what Sphinx used to write. See site/theme_repairs.py.")
    held = json.loads(index.removeprefix(SEARCH)[:-1])
    # Sphinx's search page puts headings into itself as HTML; those of pages are written as such, those of sections are not.
    held["alltitles"] = {Html.escape(title): found for title, found in held.get("alltitles", {}).items()}
    for part in ("terms", "titleterms"):
        held[part] = {word: found for word, found in held[part].items() if found != []}
    return f"{SEARCH}{json.dumps(held, sort_keys=True, ensure_ascii=False, separators=(',', ':'))})"


def repaired(page: str, name: str) -> str:
    """One page without the theme's faults. ``name`` is for the message. Raises BuildError as ``polish``.

    What the book itself wrote stays as it is: the theme's parts stand before its first section and after its last, and a
    search for them through the charts between would take ten times as long.
    """
    begin, end = page.find(SECTION), page.rfind(SECTION_END)
    if begin < 0:
        return COMPILERS_BLANKS.sub("\n", _without_faults(page, "", name))
    around = _without_faults(page[:begin], page[end:], name)
    return COMPILERS_BLANKS.sub("\n", around.replace(BETWEEN, page[begin:end], 1))


def _without_faults(before: str, after: str, name: str) -> str:
    """The theme's parts before and after what the book wrote, for which a mark stands between them."""
    page = f"{before}{BETWEEN}{after}" if after else before
    for what, pattern in EVERYWHERE.items():
        if name not in MADE_BY_COMPILER and not pattern.search(page):
            raise BuildError(
                f"{name}: {what} is not where the theme used to put it. Has sphinx-book-theme changed? See site/theme_repairs.py."
            )
    for pattern in (PRINT_TITLE, EMPTY_END, LAUNCHER, ICONS, VERSION, SHORTCUT, EMPTY_ITEM, VIEWPORT):
        page = pattern.sub("", page)
    if SIDEBAR not in page:
        raise BuildError(f"{name}: the sidebar is not where the theme used to put it. See site/theme_repairs.py.")
    page = page.replace(SIDEBAR, LANDMARK, 1)
    page = page.replace('title="Toggle primary sidebar"', 'title="Contents of the book" aria-label="Contents of the book"')
    page = page.replace('title="Toggle secondary sidebar"', 'title="On this page" aria-label="On this page"')
    page = page.replace("Color mode", "Light or dark").replace('placeholder="Search..."', 'placeholder="Search the book"')
    return page.replace('aria-label="Search..."', 'aria-label="Search the book"')


# ------------------------------------------------------------------ style sheets


def lighter(sheet: str, used: set[str]) -> str:
    """The style sheet without rules for classes that no page has and no script sets, and without comments."""
    return "".join(_lighter(rule, used) for rule in _rules(sheet))


@lru_cache(maxsize=4)
def _rules(sheet: str) -> list[tinycss2.ast.Node]:
    return list(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True))


def _lighter(rule: tinycss2.ast.Node, used: set[str]) -> str:
    if rule.type == "qualified-rule":
        selectors = [part.strip() for part in _selectors(rule.prelude)]
        kept = [part for part in selectors if all(name in used for name in CLASS.findall(_positive(part)))]
        return f"{','.join(kept)}{{{tinycss2.serialize(rule.content).strip()}}}" if kept else ""
    if rule.type == "at-rule" and rule.content is not None:
        head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
        if rule.at_keyword in ("media", "supports", "layer"):
            inner = "".join(_lighter(inside, used) for inside in tinycss2.parse_rule_list(rule.content, True, True))
            return f"{head}{{{inner}}}" if inner else ""
        body = tinycss2.serialize(rule.content)
        return "" if "Font Awesome" in body or "FontAwesome" in body else f"{head}{{{body.strip()}}}"
    return rule.serialize() if rule.type == "at-rule" else ""


def _selectors(prelude: list[tinycss2.ast.Node]) -> list[str]:
    """The selectors of a rule; a comma inside brackets does not part them."""
    parts: list[list[tinycss2.ast.Node]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part) for part in parts]


def _positive(selector: str) -> str:
    # What a selector excludes, or names as one of several, need not be on any page.
    return re.sub(r":(?:not|is|where)\([^)]*\)", "", selector)


def _fonts(folder: Path, shelf: Shelf) -> None:
    """The charts' typeface, compressed: letters in charts and text are the same on every machine."""
    source = resources.files("placebook.figures") / "fonts"
    for name, target in FONTS.items():
        write_atomically(folder / target, _font(name, shelf))
    write_atomically(folder / "OFL.txt", (source / "OFL.txt").read_text(encoding="utf-8"))


def _font(name: str, shelf: Shelf) -> bytes:
    with resources.as_file(resources.files("placebook.figures") / "fonts" / name) as path:
        return shelf.make(hashlib.sha256(path.read_bytes()).hexdigest(), lambda: _compressed(path))


def _compressed(path: Path) -> bytes:
    font = TTFont(path, recalcTimestamp=False)
    font.flavor = "woff2"
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()
