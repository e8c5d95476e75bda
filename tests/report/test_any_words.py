"""Whatever is written, words are rendered or refused: no traceback, and nothing printed as signs."""

import random
import re
from html import unescape

import pytest

from placebook.catalogue.narrative import problems
from placebook.markup import markup
from placebook.report import narrative

PIECES = (
    "word", "Two words.", "79.5%", " ", " ", "\n", "\n\n", "*", "**", "_", "__", "~~", "==", "^", "|", "| a | b |", "|---|",
    "| --- | --- |", "|:-:|", "- ", "1. ", "> ", "# ", "---", "```", "`", "    ", "\t", "[", "]", "(", ")", "[x](", "](https://a.org)",
    "[a](https://a.org)", "[a](places/x)", "[a](methods)", "[a][b]", "[a]: https://a.org", "![", "![a b](c.png)", "![](c.png)",
    "[^1]", "[^1]: a note", "[^a]", "^[n]", "{{", "}}", "{{ work }}", "{{ work.england }}", "{{work.change}}",
    "{{ a b }}", "{", "}",
    "{% x %}", "{role}`x`", ":::", ":::{note}", "(t)=", "<b>", "</b>", "<!-- x -->", "<https://a.org>", "&amp;", "&#42;&#42;",
    "&nbsp;", "\\", "\\*", "$x$", "- [ ] task", ": meaning", "é", "“q”", "=", "+ ", "* * *",
)  # fmt: skip
GOOD = (
    "word ", "Two words. ", "79.5% ", "**bold** ", "*in* ", "[a](https://a.org) ", "[b](places/x) ", "{{ work }} ", "`code` ",
    "\n\n- one\n- two\n\n", "\n\n> said\n\n", "\n\n| a | b |\n|---|--:|\n| {{ work }} | **2** |\n\n", "\n\n![a b](c.png)\n\n",
)  # fmt: skip
SIGNS = ("**", "__", "~~", "](", "][", "![", "[^", "^[", "{{", "}}", "|--", "--|", "|:-", "`")
"""What CommonMark and its kin write with, and no reader should see."""
ESCAPED = re.compile(r"\\|&#42;|`")
"""With these an analyst asks for the sign itself."""


def shown(html):
    """What a reader sees, but what stands in code."""
    words = re.sub(r"<code>.*?</code>", "", re.sub(r"</(p|li|t[hd]|div)>", "\n", html), flags=re.S)
    return unescape(re.sub(r"<[^>]*>", "", words))


def texts(seed, count, pieces):
    source = random.Random(seed)
    for _ in range(count):
        chosen = (source.choice(pieces if source.random() < 0.15 else GOOD) for _ in range(source.randint(1, 14)))
        yield "".join(chosen)


@pytest.mark.parametrize("seed", range(26, 30))
def test_words_of_any_pieces_are_rendered_or_refused_and_show_no_signs(seed):
    rendered = refused = 0
    for text in texts(seed, 1_000, PIECES):
        found = list(problems(text))
        assert all(line >= 1 and what and remedy for line, what, remedy in found), text
        if found:
            refused += 1
            with pytest.raises(ValueError, match="line "):
                narrative.html(text)
            continue
        rendered += 1
        html = narrative.html(text, lambda quote, begins: markup("1.5%"))
        if not ESCAPED.search(text):
            signs = [sign for sign in SIGNS if sign in shown(html)]
            assert not signs, (text, html)
    assert rendered > 200 and refused > 200, "both are tried"


def test_pages_of_any_letters_raise_nothing():
    source = random.Random(26)
    letters = [chr(code) for code in (*range(9, 11), *range(32, 127), 0xA0, 0xE9, 0x2019, 0x202E, 0x1F600)]
    for _ in range(1_500):
        text = "".join(source.choice(letters) for _ in range(source.randint(0, 80)))
        if not list(problems(text)):
            narrative.html(text)
