"""What makes Markdown and HTML: whatever is put into a template is escaped here, and nowhere else.

Pages are Markdown with blocks of HTML in it, and the same text may stand in either. So a string loses what either would act
on: the signs of HTML, those of Markdown and of MyST, and the end of a line, which would end a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import LiteralString

from markupsafe import Markup

ACTIVE = re.compile("[&<>\"'`*_\\[\\]{}\\\\$~|\n\r\t]")
"""Signs that HTML, CommonMark or MyST may act on inside a line; what acts at its start stands behind the template's words."""
NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


class Html(Markup):
    """Text that a page may show as it stands. What is joined to it or put into it is escaped, unless it is ``Html`` too.

    Only this room, the analyst's words rendered from checked CommonMark, and drawn pictures make any; a test over the code
    sees to that.
    """

    __slots__ = ()

    @classmethod
    def escape(cls, text: object, /) -> Html:
        """The text with every active sign as a character reference: it reads the same in Markdown, HTML and attributes."""
        if isinstance(text, Html):
            return text
        return cls(ACTIVE.sub(_reference, str(text)))


def markup(template: LiteralString, *parts: object) -> Html:
    """The template, a literal of the code, with each part escaped in the place of a ``{}``."""
    return Html(template.format(*map(Html.escape, parts)))


def join(parts: Iterable[object], between: LiteralString = "") -> Html:
    """The parts one after the other, each escaped unless it is ``Html``; ``between`` is a literal of the code."""
    return Html(between.join(map(Html.escape, parts)))


def listed(parts: Sequence[object]) -> Html:
    """As a sentence lists them: ``A, B and C``."""
    *first, last = parts
    return markup("{} and {}", join(first, ", "), last) if first else join(parts)


def _reference(match: re.Match[str]) -> str:
    return NAMED.get(match.group()) or f"&#{ord(match.group())};"


def attribute(name: LiteralString, value: str) -> Html:
    """A space and the attribute of an element; nothing where the value is empty."""
    return markup(' {}="{}"', name, value) if value else Html()
