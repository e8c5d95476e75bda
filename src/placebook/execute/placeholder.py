"""What stands in the book for a page that could not be made, where the rest is wanted all the same."""

from __future__ import annotations

from placebook.execute.bake import plain, write_notebook
from placebook.execute.outcome import Page
from placebook.markup import join, markup
from placebook.paths import Project


def write(project: Project, page: Page, name: str, problem: str) -> None:
    """A page that says so in place of a place's or a county's."""
    lines = join((line.strip() for line in problem.splitlines() if line.strip()), "<br>")
    text = markup(
        '# {}\n\n<p class="pb-review"><strong>This page could not be made in this edition.</strong> '
        "Nothing is shown in its place, and no older figures.</p>\n\n<p>What the build said: {}</p>",
        name,
        lines,
    )
    write_notebook(project.page(page.kind, page.slug), plain(page.slug, [text]))
