"""Analysts' words: data, never code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.catalogue.narrative import SHOWN, problems
from placebook.report import narrative


def test_plain_commonmark_is_kept():
    text = "The **garden city** was *planned*.\n\n- one\n- two [page](https://example.org/a?b=c&d=e)"
    assert narrative.html(text) == (
        "<p>The <strong>garden city</strong> was <em>planned</em>.</p>\n<ul>\n<li>one</li>\n"
        '<li>two <a href="https://example.org/a?b=c&amp;d=e">page</a></li>\n</ul>'
    )


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("fine\n\n<script>alert(1)</script>", 3, "raw HTML"),
        ("a <b>bold</b> word", 1, "raw HTML"),
        ("# Title", 1, "a heading"),
        ("```{include} ../../etc/passwd\n```", 1, "a directive"),
        (":::{note}\nx\n:::", 1, "a directive"),
        ("see {download}`secret.csv`", 1, "a role"),
        ("{{ page title }}", 1, "a substitution that quotes no figure"),
        ("(target)=\n\nwords", 1, "a cross-reference target"),
        ("![alt](https://example.org/x.png)", 1, "an image at 'https://example.org/x.png'"),
        ("[x](javascript:alert(1))", 1, "a link that leads nowhere"),  # not even a link in CommonMark
        ("[x](http://example.org)", 1, "a link to 'http://example.org'"),
        ("[x](file:///etc/passwd)", 1, "a link that leads nowhere"),
        ("[x](../params/a.yml)", 1, "a link to '../params/a.yml'"),
        ("    indented", 1, "a code block (four spaces of indent)"),
        ("---\n\nwords", 1, "a rule"),
        ("<https://example.org>", None, ""),
        ("a\n\nb &#x202e; c", 3, "the control character U+202E"),
        ("- b &zwj; c", 1, "the control character U+200D"),
        ("[x](https://a.org 'b&shy;c')", 1, "the control character U+00AD"),
        ("[x](https://&#x202e;a.org)", 1, "a link to 'https://xn--a-pin.org', which has a host that is no name of one"),
        ("[x](https://a.org/&#x202e;)", 1, "a link to 'https://a.org/%E2%80%AE', which holds the control character U+202E"),
        (
            "[x](https://a&#64;b.org/)",
            1,
            "a link to 'https://a@b.org/', which names a user before its host, which hides where it leads",
        ),
        (
            "<https://a@b.org/>",
            1,
            "a link to 'https://a@b.org/', which names a user before its host, which hides where it leads",
        ),
        ("[x](mailto:a@b.org?bcc=c@d.org)", 1, "a link to 'mailto:a@b.org?bcc=c@d.org', which is more than one mailbox"),
        ("[x](mailto:a@b.org)", None, ""),
        ("[a][x]\n\n[x]: https://a.org", 3, "an address set apart from its link"),
        ("*a " * 301, 1, "301 times the sign *"),
        ("![" * 301, 1, "301 times the sign ["),
    ],
)
def test_everything_else_is_refused_with_its_line(text, line, what):
    found = list(problems(text))
    if line is None:
        assert found == []
        rendered = narrative.html(text)
        assert "javascript:" not in rendered or "<a" not in rendered
        assert 'href="file' not in rendered
    else:
        assert (found[0][0], found[0][1]) == (line, what)
        with pytest.raises(ValueError, match=f"line {line} holds"):
            narrative.html(text)


@given(st.text(alphabet=st.sampled_from("<>{}[]()`:!#*_-\n abc&\"'=/%~|^\\"), max_size=80))
def test_whatever_is_accepted_renders_without_blank_lines_or_tags_of_its_own(text):
    if list(problems(text)):
        return
    rendered = narrative.html(text)
    assert "\n\n" not in rendered
    assert "<script" not in rendered and "<img" not in rendered and "<iframe" not in rendered


def test_of_many_problems_the_first_are_told():
    assert len(list(problems("<b>\n\n" * 100))) == SHOWN


HIDDEN = st.characters(categories=["Cc", "Cf", "Co", "Zl", "Zp"], exclude_characters="\t\n\r")


@given(
    HIDDEN, st.sampled_from(["a &#x{:x}; b", "*&#x{:x};*", "- [a&#x{:x};](https://a.org)", "> [a](https://a.org '&#x{:x};')"])
)
def test_no_entity_brings_back_a_character_that_nobody_sees(character, around):
    text = around.format(ord(character))
    assert list(problems(text)) or character not in narrative.html(text)
