"""Analysts' words as HTML, once ``catalogue.narrative`` has found nothing wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from placebook.catalogue.narrative import parser, problems
from placebook.catalogue.quotes import Quote
from placebook.catalogue.word_targets import INSIDE, alternative
from placebook.markup import Html, markup

_parser = parser()
# MyST reads the page once more: a sign that stood escaped here must not act there.
_parser.add_render_rule("text", lambda renderer, tokens, at, *_: str(Html.escape(tokens[at].content)))
_parser.add_render_rule("code_inline", lambda renderer, tokens, at, *_: str(markup("<code>{}</code>", tokens[at].content)))
ENDS = (".", "?", "!")

Fill = Callable[[Quote, bool], Html]
"""Gives the figure that is quoted; the second argument says whether it begins a sentence."""


def unfilled(quote: Quote, begins: bool) -> Html:
    """In place of a figure while the page's figures are still worked out: which it will be."""
    return markup("[{}]", str(quote).strip("{} "))


Show = Callable[[str, str], Html]
"""Gives an image by the name of its file and the words for who cannot see it."""


def unshown(name: str, alt: str) -> Html:
    """In place of an image while the page's figures are still worked out: what it shows."""
    return markup("<p>[{}: {}]</p>", name, alt)


def _image(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: object, env: Mapping[str, Any]) -> str:
    show: Show = env["show"]
    return str(show(str(tokens[at].attrs["src"]), alternative(tokens[at])))


def _link(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """A page of this book is named from the book's folder; words stand on pages one folder down."""
    if INSIDE.fullmatch(address := str(tokens[at].attrs.get("href", ""))):
        tokens[at].attrSet("href", f"../{address}.html")
    return renderer.renderToken(tokens, at, options, env)


def _fill(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: object, env: Mapping[str, Any]) -> str:
    before = "".join(token.content or " " for token in tokens[:at]).rstrip()
    fill: Fill = env["fill"]
    return str(fill(tokens[at].meta["quote"], not before or before.endswith(ENDS)))


def _note(tokens: Sequence[Token], at: int, env: Mapping[str, Any]) -> tuple[str, int, str]:
    """Of a note or a reference to one: the beginning of its ids, its number, and which reference it is ("" for the first)."""
    meta = tokens[at].meta
    return env["prefix"], meta["id"] + 1, f"-{meta['subId'] + 1}" if meta.get("subId") else ""


def _reference(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: object, env: Mapping[str, Any]) -> str:
    prefix, number, which = _note(tokens, at, env)
    id_, way = f"{prefix}-word-{number}{which}", f"#{prefix}-note-{number}"
    return str(markup('<sup><a id="{}" href="{}" aria-label="Note {}">{}</a></sup>', id_, way, number, number))


def _note_opens(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: object, env: Mapping[str, Any]) -> str:
    prefix, number, _ = _note(tokens, at, env)
    return str(markup('<li id="{}">', f"{prefix}-note-{number}"))


def _way_back(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: object, env: Mapping[str, Any]) -> str:
    prefix, number, which = _note(tokens, at, env)
    return str(
        markup(' <a href="{}" aria-label="Back to note {} in the words">↑</a>', f"#{prefix}-word-{number}{which}", number)
    )


_parser.add_render_rule("quote", _fill)
_parser.add_render_rule("image", _image)
_parser.add_render_rule("link_open", _link)
_parser.add_render_rule("footnote_ref", _reference)
_parser.add_render_rule("footnote_open", _note_opens)
_parser.add_render_rule("footnote_anchor", _way_back)
for _token, _html in {
    "footnote_block_open": markup('<section class="pb-notes" aria-label="Notes"><ol>\n'),
    "footnote_block_close": markup("</ol></section>\n"),
    "footnote_close": markup("</li>\n"),
    # How a column is aligned is no business of the words: attributes of style never reach a page.
    "table_open": markup('<div class="pb-scroll" role="region" tabindex="0" aria-label="A table"><table class="pb-written">\n'),
    "table_close": markup("</table></div>\n"),
    "th_open": markup('<th scope="col">'),
    "td_open": markup("<td>"),
}.items():
    _parser.add_render_rule(_token, lambda *_, html=_html: str(html))


def html(text: str, fill: Fill = unfilled, prefix: str = "words", show: Show = unshown) -> Html:
    """The words as HTML without a blank line, so that the page takes it as one block.

    ``fill`` gives the quoted figures, ``show`` the images; ids of notes begin with ``prefix``.

    Raises ValueError with line and reason where ``problems`` finds something.
    """
    if first := next(problems(text), None):
        line, what, remedy = first
        raise ValueError(f"line {line} holds {what}; {remedy}")
    env = {"fill": fill, "prefix": prefix, "show": show}
    tokens = _parser.parse(text, env)
    for opens, inline, closes in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if inline.children and inline.children[0].type == "image":  # it stands alone: no paragraph is around it
            opens.hidden = closes.hidden = True
    rendered = str(_parser.renderer.render(tokens, _parser.options, env))
    return Html(re.sub(r"\n\s*\n", "\n", rendered).strip())
