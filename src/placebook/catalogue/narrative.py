"""What analysts may write as narrative: a small part of CommonMark, nothing executed, nothing included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.token import Token

from placebook.catalogue.addresses import link
from placebook.catalogue.characters import hidden, named
from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import Narrative
from placebook.catalogue.yaml_reader import brief
from placebook.errors import Fault

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
"""The time to parse these grows with the square of their number, of brackets fastest: no text needs one every few letters."""
SHOWN = 20
"""Problems of one text that are named."""


def parser() -> MarkdownIt:
    """A parser of the CommonMark that narrative is written in.

    Without addresses set apart from their links: reading many takes minutes, and a reader sees one that no link uses.
    """
    return MarkdownIt("commonmark").disable("reference")


def narrative_faults(catalogue: Catalogue) -> Iterator[Fault]:
    """What analysts' words hold that they must not, with the line counted inside the field."""
    texts = [
        (f"data/counties/{slug}.yml", "story", county.story) for slug, county in catalogue.counties.items() if county.story
    ]
    texts += [
        (f"params/{slug}.yml", field, text)
        for slug, place in catalogue.places.items()
        for field, text in written(place.narrative)
    ]
    for file, field, text in texts:
        # One line may be refused for the same reason twice: an opening and a closing tag.
        for line, what, remedy in dict.fromkeys(problems(text)):
            yield Fault(file, 0, f"{field}, line {line}", f"holds {what}", remedy)


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
    yield from _tokens(parser().parse(text), 1)


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
        if token.type != "inline" and (character := hidden(f"{token.content}{token.attrs.get('title', '')}")):
            yield at, named(character), "delete it and type the words again"
        if token.children:
            yield from _tokens(token.children, at)


def written(narrative: Narrative) -> Iterator[tuple[str, str]]:
    """Each field that holds CommonMark, with its path in the params file."""
    for name, text in (("summary", narrative.summary), ("story", narrative.story)):
        if text:
            yield f"narrative.{name}", text
    for number, event in enumerate(narrative.events):
        yield f"narrative.events[{number}].what", event.what
