"""What the theme leaves in every compiled page that this book does without, taken out once for the whole site.

* Faults that a reader or a checker meets: a second title in print, placeholders of code launchers, a logo outside every landmark, two viewports.
* Weight: an icon library of 1.5 MB for nine icons, style rules for parts that no page has, translations.

Each repair names what it expects to find. Where a new version of the theme no longer holds it, the build says so.
"""

from __future__ import annotations

import re
import shutil
from importlib import resources
from pathlib import Path

import tinycss2
from fontTools.ttLib import TTFont

from placebook.errors import BuildError
from placebook.paths import write_atomically

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
COMPILERS_BLANKS = re.compile(r"\n\s*\n+")
# On every page that was written, so that their absence means that the theme has changed.
EVERYWHERE = {"the second title for print": PRINT_TITLE, "the icon library": ICONS, "the launcher": LAUNCHER}
MADE_BY_COMPILER = ("search.html", "genindex.html")

STYLES = ("basic.css", "styles/pydata-sphinx-theme.css", "styles/sphinx-book-theme.css")
SCRIPTS_THAT_STYLE = (
    "scripts/pydata-sphinx-theme.js", "scripts/sphinx-book-theme.js", "searchtools.js", "sphinx_highlight.js",
    "doctools.js", "placebook.js",
)  # fmt: skip
# Set by bootstrap.js when a tooltip opens or the contents follow the reader.
AT_RUN_TIME = {
    "active", "show", "fade", "tooltip", "tooltip-inner", "tooltip-arrow", "bs-tooltip-auto", "bs-tooltip-top",
    "bs-tooltip-bottom", "bs-tooltip-start", "bs-tooltip-end", "nav-link",
}  # fmt: skip
KEPT = {
    "placebook.css", "placebook.js", "basic.css", "doctools.js", "documentation_options.js", "language_data.js",
    "searchtools.js", "sphinx_highlight.js", "styles/pydata-sphinx-theme.css", "styles/sphinx-book-theme.css",
    "styles/theme.css", "scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js", "scripts/sphinx-book-theme.js",
}  # fmt: skip
REDIRECT = (
    '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>To the front page</title>\n'
    '<meta http-equiv="refresh" content="0; url=book/index.html">\n</head>\n'
    '<body>\n<h1>To the front page</h1>\n<p><a href="book/index.html">The book</a></p>\n</body>\n</html>\n'
)
"""In place of the compiler's, which is no whole page."""
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
TOKEN = re.compile(r"[A-Za-z_][\w-]*")
FONTS = {"PlacebookSans-Regular.ttf": "placebook-regular.woff2", "PlacebookSans-Bold.ttf": "placebook-bold.woff2"}


def polish(site: Path) -> None:
    """Repair all pages of a freshly compiled site and lighten what they load.

    Raises BuildError where the theme no longer holds what is repaired.
    """
    used: set[str] = set(AT_RUN_TIME)
    for path in sorted(site.rglob("*.html")):
        if "_static" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if "bd-article" in text:
            text = repaired(text, path.relative_to(site).as_posix())
            path.write_text(text, encoding="utf-8")
        used |= {name for names in re.findall(r'class="([^"]*)"', text) for name in names.split()}
    static = site / "_static"
    for name in SCRIPTS_THAT_STYLE:
        used |= set(TOKEN.findall((static / name).read_text(encoding="utf-8")))
    for name in STYLES:
        sheet = static / name
        sheet.write_text(lighter(sheet.read_text(encoding="utf-8"), used), encoding="utf-8")
    for path in sorted(static.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(static).as_posix() not in KEPT:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    if (site / "index.html").exists():
        (site / "index.html").write_text(REDIRECT, encoding="utf-8")
    _fonts(static / "fonts")
    # The compiler's note to itself: it names the folder of the checkout by a hash, so no two would be alike.
    (site / ".buildinfo").unlink(missing_ok=True)
    shutil.rmtree(site / "_sphinx_design_static", ignore_errors=True)


def repaired(page: str, name: str) -> str:
    """One page without the theme's faults. ``name`` is for the message. Raises BuildError as ``polish``."""
    for what, pattern in EVERYWHERE.items():
        if name not in MADE_BY_COMPILER and not pattern.search(page):
            raise BuildError(
                f"{name}: {what} is not where the theme used to put it. Has sphinx-book-theme changed? See "
                f"edition/polish.py."
            )
    for pattern in (PRINT_TITLE, EMPTY_END, LAUNCHER, ICONS, VERSION, SHORTCUT, EMPTY_ITEM):
        page = pattern.sub("", page)
    page = VIEWPORT.sub("", page)
    if SIDEBAR not in page:
        raise BuildError(f"{name}: the sidebar is not where the theme used to put it. See edition/polish.py.")
    page = page.replace(SIDEBAR, LANDMARK, 1)
    page = page.replace('title="Toggle primary sidebar"', 'title="Contents of the book" aria-label="Contents of the book"')
    page = page.replace('title="Toggle secondary sidebar"', 'title="On this page" aria-label="On this page"')
    page = page.replace("Color mode", "Light or dark").replace('placeholder="Search..."', 'placeholder="Search the book"')
    page = page.replace('aria-label="Search..."', 'aria-label="Search the book"')
    return COMPILERS_BLANKS.sub("\n", page)


# ------------------------------------------------------------------ style sheets


def lighter(sheet: str, used: set[str]) -> str:
    """The style sheet without rules for classes that no page has and no script sets, and without comments."""
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    return "".join(_lighter(rule, used) for rule in rules)


def _lighter(rule: tinycss2.ast.Node, used: set[str]) -> str:
    if rule.type == "qualified-rule":
        selectors = [part.strip() for part in _selectors(rule.prelude)]
        kept = [part for part in selectors if all(name in used for name in CLASS.findall(_positive(part)))]
        return f"{','.join(kept)}{{{tinycss2.serialize(rule.content).strip()}}}" if kept else ""
    if rule.type == "at-rule" and rule.content is not None:
        head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
        if rule.at_keyword in ("media", "supports", "layer"):
            inner = "".join(
                _lighter(inside, used) for inside in tinycss2.parse_rule_list(rule.content, True, True)
            )
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


def _fonts(folder: Path) -> None:
    """The charts' typeface, compressed: letters in charts and text are the same on every machine."""
    folder.mkdir(exist_ok=True)
    source = resources.files("placebook.figures") / "fonts"
    for name, target in FONTS.items():
        with resources.as_file(source / name) as path:
            font = TTFont(path, recalcTimestamp=False)
            font.flavor = "woff2"
            font.save(folder / target)
    write_atomically(folder / "OFL.txt", (source / "OFL.txt").read_text(encoding="utf-8"))
