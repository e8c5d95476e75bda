"""What the theme leaves in every compiled page that this book does without: the one room that knows the theme's HTML and files.

* Faults that a reader or a checker meets, taken out where Sphinx writes a page: a second title in print, a logo outside every
  landmark, two viewports, names of buttons that say nothing.
* Weight, taken out when the site is published: an icon library of 1.5 MB for nine icons, style rules for parts that no page
  has, translations.

Each repair names what it expects to find. Where a new version of the theme no longer holds it, the build says so.
"""

from __future__ import annotations

import json
import re
import shutil
from functools import lru_cache
from pathlib import Path

import tinycss2

from placebook.errors import BuildError
from placebook.markup import Html
from placebook.paths import files, write_atomically

# What is on every page of the book, or "" for what is only on some; where it stands; what stands there instead.
REPAIRS = [
    ("the second title for print", r'(?s)<div id="jb-print-docs-body".*?</div>\s*</div>\s*</div>', ""),
    (
        "the icon library",
        r'\s*<!-- So that users can add custom icons -->\s*<script src="[^"]*fontawesome\.js[^"]*"></script>',
        "",
    ),
    ("the sidebar", '<div id="pst-primary-sidebar"', r'\g<0> role="complementary" aria-label="The book"'),
    # It would follow every link of the page instead, and stop at an address that no page has.
    ("the contents that follow the reader", r'data-bs-target="\.bd-toc-nav"', 'data-bs-target="#pst-page-toc-nav"'),
    # So a keyboard comes to the page's own links first, however many places the sidebar lists; the style sheet puts it back.
    (
        "the page before the sidebar",
        r'(?s)(<div id="pst-primary-sidebar".*?)(<main id="main-content".*?</main>)',
        r"\g<2>\n\g<1>",
    ),
    ("the second viewport", r'\s*<meta name="viewport" content="width=device-width, initial-scale=1"\s*/>', ""),
    ("the place of a version", r'\s*<meta name="docsearch:[^>]*/>', ""),
    ("", r'\s*<div class="sidebar-primary-items__end sidebar-primary__section">\s*</div>', ""),
    ("", r'(?s)\s*<span class="search-button__kbd-shortcut">.*?</span>', ""),
    ("", r'\s*<div class="footer-item">\s*</div>', ""),
    ("", 'title="Toggle primary sidebar"', 'title="Contents of the book" aria-label="Contents of the book"'),
    ("", 'title="Toggle secondary sidebar"', 'title="On this page" aria-label="On this page"'),
    ("", "Color mode", "Light or dark"),
    ("", r"\n\s*\n+", "\n"),
]
SECTION, SECTION_END, BETWEEN = "<section", "</section>", "<!-- what the book wrote -->"

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
    *STYLES,
    *SCRIPTS_THAT_STYLE,
    "placebook.css",
    "documentation_options.js",
    "language_data.js",
    "styles/theme.css",
    "scripts/bootstrap.js",
}
COLOURS = "colours.css"
"""A book's own colours, over those of ``placebook.css``."""
# In place of the compiler's, which is no whole page.
REDIRECT = (
    '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>To the front page</title>\n'
    '<meta http-equiv="refresh" content="0; url=book/index.html">\n</head>\n'
    '<body>\n<h1>To the front page</h1>\n<p><a href="book/index.html">The book</a></p>\n</body>\n</html>\n'
)
CLASSES = re.compile(rb'class="([^"]*)"')
PICTURES = re.compile(rb'(?:src|href)="[./]*_static/([\w.-]+\.(?:svg|png|jpe?g|webp|ico))')
SEARCH = "Search.setIndex("
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
# What a selector excludes, or names as one of several: it need not be on any page.
OPTIONAL = re.compile(r":(?:not|is|where)\([^)]*\)")
COMMA = re.compile(r"\s*,\s*(?!(?:[^()]|\([^()]*\))*\))")
"""Between selectors; one inside brackets does not part them."""
TOKEN = re.compile(r"[A-Za-z_][\w-]*")
# The charts' typeface, compressed: letters in charts and text are the same on every machine.
FONTS = Path(__file__).with_name("fonts")


# ------------------------------------------------------------------ pages


def is_whole(page: str) -> bool:
    """Whether this is a page, and not a part of one."""
    return "<html" in page


def repaired(page: str, name: str) -> str:
    """One page without the theme's faults. ``name`` is for the message. Raises BuildError where a page of the book, which has a
    section, lacks what is repaired; those that Sphinx makes by itself, for the search, need not have all of it.

    What the book itself wrote stays as it is: the theme's parts stand before its first section and after its last, and a
    search for them through the charts between would take ten times as long.
    """
    begin, end = page.find(SECTION), page.rfind(SECTION_END)
    around = page[:begin] + BETWEEN + page[end:] if begin >= 0 else page
    for what, pattern, instead in REPAIRS:
        around, count = re.subn(pattern, instead, around)
        if what and not count and begin >= 0:
            raise BuildError(
                f"{name}: {what} is not where the theme used to put it. Has sphinx-book-theme changed? "
                f"See site/theme_repairs.py."
            )
    return around.replace(BETWEEN, page[begin:end], 1)


# ------------------------------------------------------------------ the site


def polish(compiled: Path, site: Path) -> None:
    """Fill ``site`` from the compiled pages, and lighten what they load. No file is shared: the compiler writes in place.

    Raises BuildError where Sphinx writes another search index than it used to.
    """
    classes: set[bytes] = set()
    pictures: set[bytes] = set()
    for path in files(compiled):
        name = path.relative_to(compiled).as_posix()
        if name == "index.html":
            write_atomically(site / name, REDIRECT)
        elif name == "searchindex.js":
            write_atomically(site / name, in_order(path.read_text(encoding="utf-8")))
        elif not name.startswith("_static/") or name.removeprefix("_static/") in KEPT:
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, site / name)
            if name.endswith(".html"):
                content = path.read_bytes()
                classes.update(CLASSES.findall(content))
                pictures.update(PICTURES.findall(content))
    static = compiled / "_static"
    for name in sorted(picture.decode() for picture in pictures):  # the book's logo and its sign in a browser's tab
        if (static / name).is_file():
            shutil.copyfile(static / name, site / "_static" / name)
    used = frozenset(AT_RUN_TIME).union(*(names.decode().split() for names in classes))
    for name in SCRIPTS_THAT_STYLE:
        used |= set(TOKEN.findall((static / name).read_text(encoding="utf-8")))
    for name in STYLES:
        write_atomically(site / "_static" / name, lighter((static / name).read_text(encoding="utf-8"), used))
    if (colours := static / COLOURS).is_file():  # in the one sheet that pages, evidence and the one-file book take
        sheet = site / "_static" / "placebook.css"
        write_atomically(sheet, f"{sheet.read_text(encoding='utf-8')}\n{colours.read_text(encoding='utf-8')}")
    shutil.copytree(FONTS, site / "_static" / "fonts")


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


# ------------------------------------------------------------------ style sheets


@lru_cache(maxsize=len(STYLES))  # a preview publishes after every change, with the same sheets: half of that time
def lighter(sheet: str, used: frozenset[str]) -> str:
    """The style sheet without rules for classes that no page has and no script sets, and without comments."""
    return "".join(_lighter(rule, used) for rule in tinycss2.parse_stylesheet(sheet, True, True))


def _lighter(rule: tinycss2.ast.Node, used: frozenset[str]) -> str:
    if rule.type == "qualified-rule":
        selectors = COMMA.split(tinycss2.serialize(rule.prelude).strip())
        kept = [part for part in selectors if used.issuperset(CLASS.findall(OPTIONAL.sub("", part)))]
        return f"{','.join(kept)}{{{tinycss2.serialize(rule.content).strip()}}}" if kept else ""
    if rule.type == "at-rule" and rule.content is not None:
        head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
        if rule.at_keyword in ("media", "supports", "layer"):
            inner = "".join(_lighter(inside, used) for inside in tinycss2.parse_rule_list(rule.content, True, True))
            return f"{head}{{{inner}}}" if inner else ""
        body = tinycss2.serialize(rule.content)
        return "" if "Font Awesome" in body or "FontAwesome" in body else f"{head}{{{body.strip()}}}"
    return rule.serialize() if rule.type == "at-rule" else ""
