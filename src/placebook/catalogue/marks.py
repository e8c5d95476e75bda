"""Marks of wider Markdown that CommonMark with tables and notes does not render: a page would show them as signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it.token import Token

Problem = tuple[int, str, str]
"""Line from 1, what is there, what to write instead."""
ROW = re.compile(r"^\s*\||(?<!\\)\|\s*$|^\s*:?-{2,}:?\s*\|")
"""A line that was meant as one of a table."""
TABLE = "write a header row, below it | --- | --- | with as many columns, and leave a blank line before and after the table"
LINES = (
    (ROW, "a table that cannot be read", TABLE),
    (re.compile(r"^\s*:\s"), "a definition list", "write a list or a table"),
)
TEXTS = (
    (
        re.compile(r"\[\^|\^\["),
        "a mark of a note that there is none of",
        "write [^1] in the words and, on a line of its own, [^1]: note",
    ),
    (re.compile(r"~~|==(?=\w)"), "words struck out or marked", "write **bold** or *italic*"),
    (re.compile(r"\*\*|__"), "signs of bold that hold no words", "put them at the words, without a space: **bold**"),
    (re.compile(r"\]\("), "a link that leads nowhere", "write [words](https://…), without spaces and without a note inside"),
    (re.compile(r"!\["), "the beginning of an image that is none", "write ![what it shows](market.png), a paragraph by itself"),
    (re.compile(r"\|[ \t]*(:-+:?|-+:|-{2,})[ \t]*(\||$)"), "a table that cannot be read", TABLE),
    (re.compile(r"\}\}"), "a sign of a quote that quotes no figure", "write {{ measure }}, or remove the sign"),
    (re.compile(r"\]\["), "a link by a name", "write its address there: [words](https://…)"),
)
TASK = re.compile(r"^\[[ xX]\]\s")
NOTE = re.compile(r"^[\s>*+-]*\[\^([^\]\s]+)\]:")
PIPE = re.compile(r"(?<!\\)\|")


def unrendered(tokens: Sequence[Token], lines: Sequence[str], env: Mapping[str, Any]) -> Iterator[Problem]:
    """What of a parsed text would be printed as signs, or be lost; ``env`` is the parser's own of it."""
    line, columns, before = 1, 0, ""
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type == "thead_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and columns and len(PIPE.split(lines[line - 1].strip().strip("|"))) > columns > 0:
            yield line, f"a row of more cells than the {columns} of its header row", TABLE
        elif token.type == "inline":
            yield from _in_line(token, line, before)
        before = token.type if token.type != "paragraph_open" else before
    yield from _notes(lines, env)


def _notes(lines: Sequence[str], env: Mapping[str, Any]) -> Iterator[Problem]:
    """Notes that would be lost: nothing refers to them, or another has their name."""
    named = [(number, found[1]) for number, text in enumerate(lines, 1) if (found := NOTE.match(text))]
    for label, at in env.get("footnotes", {}).get("refs", {}).items():
        where = [number for number, name in named if name == label[1:]] or [1]
        if at < 0:
            yield where[0], "a note that nothing refers to", f"write [^{label[1:]}] where it belongs, or remove it"
        for number in where[1:]:
            yield number, "a second note of the same name", "give each note a name of its own"


def _in_line(token: Token, line: int, before: str) -> Iterator[Problem]:
    """``before`` is the type of what the line stands in."""
    if before == "th_open" and not token.content.strip():
        yield line, "a column without a name", TABLE
    if before == "list_item_open" and TASK.match(token.content):
        yield line, "a list of tasks", "write the words alone"
    for number, text in enumerate(token.content.split("\n") if before not in ("th_open", "td_open") else ()):
        for pattern, what, remedy in LINES:
            if pattern.search(text):
                yield line + number, what, remedy
    inside = 0
    for child in token.children or ():
        inside += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if inside and child.type in ("quote", "footnote_ref"):
            yield line, "a figure or a note inside a link", "write it beside the link"
    # What is escaped stands for itself, and parts what is beside it.
    shown = "".join(child.content if child.type == "text" else "\0" for child in token.children or ())
    yield from ((line, what, remedy) for pattern, what, remedy in TEXTS if pattern.search(shown))
