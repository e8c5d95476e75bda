"""Analysts' words made safe: a small part of CommonMark, nothing executed, nothing included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from placebook.catalogue.addresses import link
from placebook.catalogue.characters import hidden, named
from placebook.catalogue.places import Narrative
from placebook.catalogue.yaml_reader import brief
from placebook.markup import Html, markup

ALLOWED = {
    "paragraph_open",
    "paragraph_close",
    "inline",
    "text",
    "softbreak",
    "hardbreak",
    "em_open",
    "em_close",
    "strong_open",
    "strong_close",
    "link_open",
    "link_close",
    "bullet_list_open",
    "bullet_list_close",
    "ordered_list_open",
    "ordered_list_close",
    "list_item_open",
    "list_item_close",
    "blockquote_open",
    "blockquote_close",
    "code_inline",
}
REFUSED = {
    "html_block": ("raw HTML", "write plain text; **bold** and *italic* are there"),
    "html_inline": ("raw HTML", "write plain text; **bold** and *italic* are there"),
    "heading_open": ("a heading", "the page has its own headings; begin a new paragraph instead"),
    "fence": ("a code block", "write the words themselves"),
    "code_block": ("a code block (four spaces of indent)", "remove the spaces at the line's start"),
    "image": ("an image", "describe it in words, or name its address as an https link"),
    "hr": ("a rule", "begin a new paragraph instead"),
}
SET_APART = re.compile(r"^[\s>*+-]{0,99}\[[^\]]{1,999}\]:")
# What MyST would act on if these words ever reached it.
MYST = (
    (re.compile(r"^\s*(:{3,}|`{3,}\s*\{|~{3,}\s*\{)"), "a directive"),
    (re.compile(r"\{[a-zA-Z][\w:+-]*\}`"), "a role"),
    (re.compile(r"\{\{|\{%|%\}"), "a substitution"),
    (re.compile(r"^\s*\([^)]+\)=\s*$"), "a cross-reference target"),
)
SIGNS, MOST = "*_[`<&!\\", 300
"""The time to read these grows by the square of their number, that of brackets fastest: no text needs one for every few letters."""
SHOWN = 20
"""Problems of one text that are told."""

# Without addresses set apart from their links: reading many takes minutes, and a reader sees one that no link uses.
_parser = MarkdownIt("commonmark").disable("reference")
# MyST reads the page once more: a sign that stood escaped here must not act there.
_parser.add_render_rule("text", lambda renderer, tokens, at, *_: str(Html.escape(tokens[at].content)))
_parser.add_render_rule("code_inline", lambda renderer, tokens, at, *_: str(markup("<code>{}</code>", tokens[at].content)))


def html(text: str) -> Html:
    """The words as HTML without a blank line, so that the page takes it as one block.

    Raises ValueError with line and reason where ``problems`` finds something.
    """
    if found := next(problems(text), None):
        line, what, remedy = found
        raise ValueError(f"line {line} holds {what}; {remedy}")
    rendered = str(_parser.render(text))
    return Html(re.sub(r"\n\s*\n", "\n", rendered).strip())


def problems(text: str) -> Iterator[tuple[int, str, str]]:
    """Line (from 1), what is there that must not be, and what to do instead; the first ``SHOWN``."""
    yield from islice(_problems(text), SHOWN)


def _problems(text: str) -> Iterator[tuple[int, str, str]]:
    for sign in SIGNS:
        most = min(MOST, 20 + len(text) // 40) if sign == "[" else MOST
        if text.count(sign) > most:
            yield 1, f"{text.count(sign):,} times the sign {sign}", f"write no more than {most}"
            return
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in MYST:
            if pattern.search(line):
                yield number, what, "narrative is plain CommonMark; write the words themselves"
        if SET_APART.match(line):
            yield number, "an address set apart from its link", "write it there: [words](https://…)"
    yield from _tokens(_parser.parse(text), 1)


def _tokens(tokens: list[Token], line: int) -> Iterator[tuple[int, str, str]]:
    for token in tokens:
        at = token.map[0] + 1 if token.map else line
        if token.type not in ALLOWED:
            what, remedy = REFUSED.get(token.type, (f"“{token.type}”", "write plain text"))
            yield at, what, remedy
        if token.type == "link_open":
            target = str(token.attrs.get("href", ""))
            try:
                link(target)
            except ValueError as error:
                problem, _, remedy = str(error).partition("; ")
                yield at, f"a link to {brief(repr(target))}" + (f", which {problem}" if problem else ""), remedy
        # Decoded: as an entity, &#x202e;, it turns the line around as well.
        if token.type != "inline" and (found := hidden(f"{token.content}{token.attrs.get('title', '')}")):
            yield at, named(found), "delete it and type the words again"
        if token.children:
            yield from _tokens(token.children, at)


def written(narrative: Narrative) -> Iterator[tuple[str, str]]:
    """Each field that holds CommonMark, with its path in the params file."""
    fields: dict[str, Any] = {"summary": narrative.summary, "story": narrative.story}
    for name, text in fields.items():
        if text:
            yield f"narrative.{name}", text
    for number, event in enumerate(narrative.events):
        yield f"narrative.events[{number}].what", event.what
