"""What is put into a page is escaped by one function, and the code has no other way to a page."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as parser
from markdown_it import MarkdownIt

from placebook.markup import Html, attribute, join, listed, markup
from placebook.report.display import show_figure, show_markdown

SOURCE = Path(__file__).parents[1] / "src" / "placebook"
ROOMS = sorted(SOURCE.rglob("*.py"))
MAKERS = {"markup.py", "report/narrative.py", "figures/svg.py", "site/pages.py"}
"""Rooms that may call text ready: the one function, rendered CommonMark that was checked, drawn pictures, compiled pages."""
WRITERS = {"report/sheet_rows.py", "site/theme_repairs.py"}
"""Rooms that write the XML of workbooks, escaped by the standard library, and that repair the theme's HTML."""
TAG = re.compile(r"(?s)^(?!.*\.\*).*</?(a|b|body|br|code|d[dlt]|details|div|figure|h\d|html|i|img|li|nav|[ou]l|p|s\w+|t\w+)\b")
"""The beginning of an element, but not in a pattern that looks for one."""
HOSTILE = "<script>alert(1)</script>*a* _b_ `c` [d](https://e.example) ![f](g.png) {h}`i` {{ j }} \\k | # ~ $l$ & \" '\n\n# m"


def inline(source: str) -> str:
    """The text that a reader sees of a line of Markdown."""
    return str(parser.fromstring(MarkdownIt("commonmark").render(source)).text_content())


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=60))
def test_any_text_reads_the_same_in_a_heading_a_block_and_an_attribute(text: str) -> None:
    assert inline(markup("# a{}z", text)) == f"a{text}z".strip()
    block = parser.fromstring(MarkdownIt("commonmark").render(markup('<p title="{}">{}</p>', text, text)))
    assert block.text_content() == text
    assert block.get("title") == text


def test_nothing_hostile_acts_as_html_or_markdown() -> None:
    for template in ("# {}", "<p>{}</p>", '<p title="{}">x</p>'):
        made = MarkdownIt("commonmark").render(markup(template, HOSTILE))
        assert {node.tag for node in parser.fromstring(made).iter()} <= {"h1", "p"}, template


def test_a_line_end_cannot_end_a_block() -> None:
    assert "\n" not in markup("<p>{}</p>", "one\n\n# two")


def test_what_is_ready_stays_as_it_is_and_everything_else_is_escaped() -> None:
    ready = markup("<b>{}</b>", "a<b")
    assert ready == "<b>a&lt;b</b>"
    assert markup("<p>{}</p>", ready) == "<p><b>a&lt;b</b></p>"
    assert ready + "<i>" == "<b>a&lt;b</b>&lt;i&gt;"
    assert join([ready, "<i>"], ", ") == "<b>a&lt;b</b>, &lt;i&gt;"
    assert listed([ready, "&", "c"]) == "<b>a&lt;b</b>, &amp; and c"
    assert attribute("id", 'a"b') == ' id="a&quot;b"'
    assert attribute("id", "") == ""
    assert all(isinstance(made, Html) for made in (ready, ready + "x", join([]), listed(["a"]), attribute("id", "")))


@pytest.mark.parametrize("text", ["<p>plain</p>", f"{markup('<p>{}</p>', 'x')} y", "# A title"])
def test_a_page_refuses_text_that_no_function_of_ours_made(text: str) -> None:
    with pytest.raises(TypeError, match="a page shows only what placebook.markup made"):
        show_markdown(text)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a page shows only what placebook.markup made"):
        show_figure(text, name="a", alt="b")  # type: ignore[arg-type]


# ------------------------------------------------------------------ the code itself


def trees() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        yield room.relative_to(SOURCE).as_posix(), ast.parse(room.read_text(encoding="utf-8"))


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def is_literal(node: ast.expr) -> bool:
    """A string of the code, or a choice between such strings."""
    if isinstance(node, ast.IfExp):
        return is_literal(node.body) and is_literal(node.orelse)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def faults(room: str, tree: ast.Module) -> Iterator[str]:
    """Ways past the one function, by line."""
    templates: set[ast.AST] = set()
    for name, at in (("markup", 0), ("attribute", 0), ("join", 1)):
        for call in calls(tree, name):
            for given_template in call.args[at : at + 1]:
                templates.update(ast.walk(given_template))
                if not is_literal(given_template):
                    yield f"{room}:{call.lineno}: the template of {name} is no literal"
                elif re.search(r"=\s*\{\}|<(script|style)[^>]*>[^<]*\{\}|\bon\w+=", ast.unparse(given_template)):
                    yield f"{room}:{call.lineno}: a part stands where no escape helps"
    for call in calls(tree, "Html"):
        if call.args and room not in MAKERS:
            yield f"{room}:{call.lineno}: calls text ready by itself"
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    for node in ast.walk(tree):
        tag = isinstance(node, ast.Constant) and isinstance(node.value, str) and TAG.search(node.value)
        if tag and node not in templates and node not in docstrings and room not in WRITERS:
            yield f"{room}:{node.lineno}: writes HTML by itself: {node.value[:40]!r}"


def test_no_room_writes_html_but_by_the_one_function() -> None:
    assert [fault for room, tree in trees() for fault in faults(room, tree)] == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("markup(f'<p>{name}</p>')", "no literal"),
        ("markup(template, name)", "no literal"),
        ("join(parts, name)", "no literal"),
        ("markup('<a href={}>x</a>', name)", "where no escape helps"),
        ("markup('<script>{}</script>', name)", "where no escape helps"),
        ("markup('<b onclick=\"{}\">x</b>', name)", "where no escape helps"),
        ("Html(name)", "ready by itself"),
        ("text = '<p>' + name + '</p>'", "writes HTML by itself"),
        ("text = f'<a href=\"{name}\">'", "writes HTML by itself"),
    ],
)
def test_each_way_past_it_is_found(line: str, fault: str) -> None:
    assert any(fault in found for found in faults("report/page.py", ast.parse(line)))


def test_the_marks_of_active_signs_are_read_back() -> None:
    assert html.unescape(Html.escape(HOSTILE)) == HOSTILE
