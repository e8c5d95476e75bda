"""Analysts' words as HTML, once ``catalogue.narrative`` has found nothing wrong with them."""

from __future__ import annotations

import re

from placebook.catalogue.narrative import parser, problems
from placebook.markup import Html, markup

_parser = parser()
# MyST reads the page once more: a sign that stood escaped here must not act there.
_parser.add_render_rule("text", lambda renderer, tokens, at, *_: str(Html.escape(tokens[at].content)))
_parser.add_render_rule("code_inline", lambda renderer, tokens, at, *_: str(markup("<code>{}</code>", tokens[at].content)))


def html(text: str) -> Html:
    """The words as HTML without a blank line, so that the page takes it as one block.

    Raises ValueError with line and reason where ``problems`` finds something.
    """
    if first := next(problems(text), None):
        line, what, remedy = first
        raise ValueError(f"line {line} holds {what}; {remedy}")
    rendered = str(_parser.render(text))
    return Html(re.sub(r"\n\s*\n", "\n", rendered).strip())
