"""What analysts may write as narrative: a small part of CommonMark, nothing executed, nothing included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from placebook.catalogue.addresses import link
from placebook.catalogue.characters import hidden, named
from placebook.catalogue.image_files import NAME as IMAGE_NAME
from placebook.catalogue.load import Catalogue
from placebook.catalogue.marks import unrendered
from placebook.catalogue.places import Narrative
from placebook.catalogue.quotes import HOW, QUOTE, SIGN, Quote, quotes, unknown
from placebook.catalogue.word_targets import INSIDE, alone, alternative, image_file_faults, targets, unknown_image, unknown_page
from placebook.catalogue.yaml_reader import FieldPath, brief, name
from placebook.errors import Fault

ALLOWED = {
    "paragraph_open",
    "paragraph_close",
    "inline",
    "text",
    "text_special",
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
    "quote",
    "image",
    "table_open",
    "table_close",
    "thead_open",
    "thead_close",
    "tbody_open",
    "tbody_close",
    "tr_open",
    "tr_close",
    "th_open",
    "th_close",
    "td_open",
    "td_close",
    "footnote_ref",
    "footnote_block_open",
    "footnote_block_close",
    "footnote_open",
    "footnote_close",
    "footnote_anchor",
}
REFUSED = {
    "html_block": ("raw HTML", "write plain text; **bold** and *italic* are there"),
    "html_inline": ("raw HTML", "write plain text; **bold** and *italic* are there"),
    "heading_open": ("a heading", "the page has its own headings; begin a new paragraph instead"),
    "fence": ("a code block", "write the words themselves"),
    "code_block": ("a code block (four spaces of indent)", "remove the spaces at the line's start"),
    "hr": ("a rule", "begin a new paragraph instead"),
}
SET_APART = re.compile(r"^[\s>*+-]{0,99}\[(?!\^)[^\]]{1,999}\]:")
# What MyST would act on if these words ever reached it.
MYST = (
    (re.compile(r"^\s*(:{3,}|`{3,}\s*\{|~{3,}\s*\{)"), "a directive"),
    (re.compile(r"\{[a-zA-Z][\w:+-]*\}`"), "a role"),
    (re.compile(r"\{\{|\{%|%\}"), "a substitution that quotes no figure"),
    (re.compile(r"^\s*\([^)]+\)=\s*$"), "a cross-reference target"),
)
SIGNS, MOST = "*_[`<&!\\{", 300
"""The time to parse these grows with the square of their number, of brackets fastest: no text needs one every few letters."""
SHOWN = 20
"""Problems of one text that are named."""


class Words(NamedTuple):
    """One text that analysts wrote: of which record, in which field, and what."""

    kind: str
    slug: str
    path: FieldPath
    text: str

    def fault(self, catalogue: Catalogue, line: int, problem: str, remedy: str) -> Fault:
        """A fault of the text, at the line of its field, with the line inside of it."""
        document = catalogue.documents.get((self.kind, self.slug))
        folder = "params" if self.kind == "place" else "data/counties"
        file, at = (document.file, document.line(self.path)) if document else (f"{folder}/{self.slug}.yml", 0)
        return Fault(file, at, f"{name(self.path)}, line {line}", problem, remedy)


def parser() -> MarkdownIt:
    """A parser of the CommonMark that narrative is written in, with tables, notes and quotes of figures.

    Without addresses set apart from their links: reading many takes minutes, and a reader sees one that no link uses.
    """
    found = MarkdownIt("commonmark").disable("reference").enable("table")
    footnote_plugin(found, inline=False)
    found.inline.ruler.before("escape", "quote", _quote)
    return found


def _quote(state: StateInline, silent: bool) -> bool:
    """The parser's rule of a quote: its token holds which."""
    match = QUOTE.match(state.src, state.pos)
    if match is None or match.end() > state.posMax:
        return False
    if not silent:
        token = state.push("quote", "", 0)
        token.content, token.meta = match.group(), {"quote": Quote.of(match)}
    state.pos = match.end()
    return True


def every_text(catalogue: Catalogue) -> Iterator[Words]:
    """All that analysts wrote in CommonMark."""
    for slug, county in catalogue.counties.items():
        if county.story:
            yield Words("county", slug, ("story",), county.story)
    for slug, place in catalogue.places.items():
        for path, text in (*written(place.narrative), *((("explain", id_), text) for id_, text in place.explain.items())):
            yield Words("place", slug, path, text)


def narrative_faults(catalogue: Catalogue) -> Iterator[Fault]:
    """What analysts' words hold that they must not, with the line counted inside the field."""
    for words in every_text(catalogue):
        # One line may be refused for the same reason twice: an opening and a closing tag.
        for line, what, remedy in dict.fromkeys(problems(words.text)):
            yield words.fault(catalogue, line, f"holds {what}", remedy)
        yield from _lost(catalogue, words)
        for line, quote in islice(dict.fromkeys(quotes(words.text)), SHOWN):
            problem, remedy = unknown(catalogue, words.kind, words.slug, quote)
            if problem:
                yield words.fault(catalogue, line, problem, remedy)


def _lost(catalogue: Catalogue, words: Words) -> Iterator[Fault]:
    """Links to pages of the book that there are not, images that nobody declares."""
    record = catalogue.places[words.slug] if words.kind == "place" else catalogue.counties[words.slug]
    for line, kind, address in islice(dict.fromkeys(targets(parser(), words.text)), SHOWN):
        if kind == "link":
            problem, remedy = unknown_page(catalogue, address)
        else:
            problem, remedy = unknown_image(record.images, address) if re.fullmatch(IMAGE_NAME, address) else ("", "")
        if problem:
            yield words.fault(catalogue, line, f"holds {problem}", remedy)


def image_faults(catalogue: Catalogue) -> Iterator[Fault]:
    """Images that places' and counties' files declare and that cannot be shown."""
    records = [("county", slug, county.images) for slug, county in catalogue.counties.items()]
    records += [("place", slug, place.images) for slug, place in catalogue.places.items()]
    for kind, slug, images in records:
        for path, problem, remedy in image_file_faults(catalogue.project, images):
            yield catalogue.fault(kind, slug, path, problem, remedy)


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
            if pattern.search(QUOTE.sub("·", line)):
                yield number, what, HOW if SIGN in line else "narrative is plain CommonMark; write the words themselves"
        if SET_APART.match(line):
            yield number, "an address set apart from its link", "write it there: [words](https://…)"
    env: dict[str, Any] = {}
    tokens = parser().disable("text_join").parse(text, env)  # what is escaped stands for itself
    yield from _tokens(tokens, 1)
    yield from unrendered(tokens, text.splitlines(), env)


def _tokens(tokens: list[Token], line: int) -> Iterator[tuple[int, str, str]]:
    before = ""
    for token in tokens:
        line = at = token.map[0] + 1 if token.map else line
        for child in token.children or ():
            if child.type == "image" and (wrong := _image(child, alone(token, before, token.level))):
                yield at, *wrong
        before = token.type
        if token.type not in ALLOWED:
            what, remedy = REFUSED.get(token.type, (f"“{token.type}”", "write plain text"))
            yield at, what, remedy
        if token.type == "link_open":
            target = str(token.attrs.get("href", ""))
            try:
                if not INSIDE.fullmatch(target):
                    link(target)
            except ValueError as error:
                problem, _, remedy = str(error).partition("; ")
                yield at, f"a link to {brief(repr(target))}" + (f", which {problem}" if problem else ""), remedy
        # Decoded: as an entity, &#x202e;, it turns the line around as well.
        if token.type != "inline" and (character := hidden(f"{token.content}{token.attrs.get('title', '')}")):
            yield at, named(character), "delete it and type the words again"
        if token.children:
            if sum(child.type == "quote" for child in token.children) != token.content.count(SIGN):
                yield (
                    at,
                    "a quote of a figure where none can stand",
                    "write it in the sentence itself, not in code or in a link",
                )
            yield from _tokens(token.children, at)


def _image(token: Token, by_itself: bool) -> tuple[str, str] | None:
    """What is wrong with an image, and the remedy; None where nothing is that its words can tell."""
    source, words = str(token.attrs.get("src", "")), alternative(token)
    if not re.fullmatch(IMAGE_NAME, source):
        how = "put the file into params/ and write its name alone: ![what it shows](market.png)"
        return f"an image at {brief(repr(source))}", f"{how}; PNG, JPEG or WebP, in small letters"
    if token.attrs.get("title") or (token.content.strip() and not words):
        return f"the image {source} with more than plain words", f"write ![what it shows]({source})"
    if not words or words.casefold() in (source, source.rpartition(".")[0]):
        return (
            f"the image {source} without words for who cannot see it",
            f"say what it shows: ![The market on a Saturday]({source})",
        )
    return None if by_itself else (f"the image {source} among other words", "give it a paragraph of its own, outside of lists")


def written(narrative: Narrative) -> Iterator[tuple[FieldPath, str]]:
    """Each field that holds CommonMark, by its path in the params file."""
    for field, text in (("summary", narrative.summary), ("story", narrative.story)):
        if text:
            yield ("narrative", field), text
    for number, event in enumerate(narrative.events):
        yield ("narrative", "events", number, "what"), event.what
