"""The whole book as one HTML file: styles and figures inside, nothing to fetch, no script."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup, Tag

from placebook.errors import BuildError
from placebook.paths import Project, write_atomically

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; color: #1a1a1a; max-width: 52rem; margin: 0 auto; padding: 1rem; }
h2 { border-top: 4px solid #12436d; padding-top: 1rem; margin-top: 4rem; }
a { color: #12436d; } code { word-break: break-all; } .headerlink { display: none; }
@media (prefers-color-scheme: dark) {
  body { background: #12161d; color: #e8eaee; } a { color: #8cc4f5; }
  :root { --pb-accent: #8cc4f5; --pb-muted: #c4c9d1; --pb-line: #4a515c; }
}
"""


def write_single(project: Project, made: Path, title: str) -> Path:
    """Make ``_build/single/book.html`` from the compiler's single page.

    Raises BuildError where an id stands twice or a link inside the page leads nowhere.
    """
    source = next(iter(sorted(made.rglob("index.html"), key=lambda p: p.stat().st_size)[::-1]))
    page = BeautifulSoup(source.read_text(encoding="utf-8"), "html.parser")
    article = page.select_one("article.bd-article")
    if article is None:
        raise BuildError(f"the compiler's single page {source} holds no article")
    for unwanted in article.select("script, .tocsection, button"):
        unwanted.decompose()
    _pages_side_by_side(article)
    _keep_links_inside(article, source)
    _figures_inside(article, made / "_images")
    _check(article)
    style = STYLE + (project.root / "book" / "_static" / "placebook.css").read_text(encoding="utf-8")
    text = (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{_contents(article)}\n<main>\n{article.decode_contents()}\n</main>\n</body>\n</html>\n"
    )
    target = project.single / "book.html"
    write_atomically(target, text)
    return target


def _pages_side_by_side(article: Tag) -> None:
    """The compiler hangs the pages into the front page's last section: put them behind it instead.

    Headings then follow the nesting: the book ``h1``, a page ``h2``, its sections ``h3``.
    """
    front = article.find("section")
    if not isinstance(front, Tag):
        raise BuildError("the compiler's single page holds no section")
    for wrapper in article.select(".toctree-wrapper"):
        for page in wrapper.find_all("section", recursive=False):
            front.append(page.extract())
        wrapper.decompose()
    for heading in article.find_all(HEADINGS):
        heading.name = f"h{min(len(heading.find_parents('section')), 6)}"


def _keep_links_inside(article: Tag, source: Path) -> None:
    """Links to other pages of the book become links to their place in this one."""
    known = {str(tag["id"]) for tag in article.find_all(id=True)}
    for link in article.find_all("a", href=True):
        address, fragment = urldefrag(str(link["href"]))
        if "://" in address or address.startswith("mailto:"):
            continue
        if fragment not in known:
            raise BuildError(
                f"a link of the single page leads nowhere: {link['href']} ({link.get_text()[:60]})"
            )
        link["href"] = f"#{fragment}"


def _figures_inside(article: Tag, images: Path) -> None:
    for image in article.find_all("img", src=True):
        path = images / Path(unquote(str(image["src"]))).name
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        image["src"] = f"data:{TYPES[path.suffix]};base64,{data}"
        parent = image.parent
        if parent is not None and parent.name == "a":
            parent.unwrap()


def _check(article: Tag) -> None:
    seen: set[str] = set()
    for tag in article.find_all(id=True):
        if tag["id"] in seen:
            raise BuildError(f"the id {tag['id']!r} stands twice in the single page")
        seen.add(str(tag["id"]))


def _contents(article: Tag) -> str:
    items = []
    for heading in article.find_all("h2"):
        section = heading.find_parent("section")
        if section is not None and section.get("id"):
            text = escape(heading.get_text().rstrip("#¶").strip())
            items.append(f'<li><a href="#{section["id"]}">{text}</a></li>')
    return f'<nav aria-label="Contents"><ul>{"".join(items)}</ul></nav>'
