"""Tables and notes in analysts' words: rendered, or refused; never printed as signs, and nothing of them lost."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from placebook.catalogue.narrative import problems
from placebook.markup import markup
from placebook.report import narrative
from placebook.site import guard

TABLE = "| Year | Homes |\n|:-----|------:|\n| 2023 | **12** |\n| 2024 | a \\| b |"


def soup(text, **more):
    html = narrative.html(text, **more)
    assert "\n\n" not in html and list(guard.problems(html)) == []
    return BeautifulSoup(html, "html.parser")


def test_a_table_is_a_table_with_headers_of_columns():
    made = soup(f"Words.\n\n{TABLE}\n\nMore.")
    assert [(th["scope"], th.get_text()) for th in made.select("thead th")] == [("col", "Year"), ("col", "Homes")]
    assert [[td.get_text() for td in tr.select("td")] for tr in made.select("tbody tr")] == [["2023", "12"], ["2024", "a | b"]]
    assert made.select_one("td strong") and not made.select("[style]")


def test_a_table_quotes_figures():
    made = soup("| Work |\n|---|\n| {{ work }} |", fill=lambda quote, _: markup("<b>{}</b>", 7))
    assert made.select_one("td b").get_text() == "7"


def test_a_note_leads_there_and_back():
    made = soup("One[^a], two[^b], one[^a].\n\n[^a]: The *first*.\n[^b]: The second.", prefix="ware-story")
    ways = made.select("sup a")
    assert [way.get_text() for way in ways] == ["1", "2", "1"]
    notes = made.select("section[aria-label=Notes] ol li")
    assert [note["id"] for note in notes] == ["ware-story-note-1", "ware-story-note-2"]
    assert [way["href"] for way in ways] == ["#ware-story-note-1", "#ware-story-note-2", "#ware-story-note-1"]
    back = [link["href"] for note in notes for link in note.select("a")]
    assert sorted(back) == sorted(f"#{way['id']}" for way in ways)
    assert notes[0].p.get_text().startswith("The first.")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("One.\n\n| a | b |\n| 1 | 2 |", 3, "a table that cannot be read"),
        ("|---|---|", 1, "a table that cannot be read"),
        ("| a | b |\n| --- |\n| 1 | 2 |", 1, "a table that cannot be read"),
        ("a | b\n--- | ---\n1 | 2 | 3", 3, "a row of more cells than the 2 of its header row"),
        ("One.\n\n| | b |\n|---|---|\n| 1 | 2 |", 3, "a column without a name"),
        ("- one\n- [ ] two", 2, "a list of tasks"),
        ("a ~~b~~", 1, "words struck out or marked"),
        ("a ==b==", 1, "words struck out or marked"),
        ("a\n\n** b**", 3, "signs of bold that hold no words"),
        ("One[^2].", 1, "a mark of a note that there is none of"),
        ("One[^a b].\n\n[^a b]: no.", 1, "a mark of a note that there is none of"),
        ("One ^[note].", 1, "a mark of a note that there is none of"),
        ("One.\n\n[^1]: note", 3, "a note that nothing refers to"),
        ("One[^1].\n\n[^1]: note\n\n[^1]: another", 5, "a second note of the same name"),
        ("A word\n: what it means", 2, "a definition list"),
        ("a [b][c]", 1, "a link by a name"),
        ("[a[^1]](https://a.org)\n\n[^1]: note", 1, "a link that leads nowhere"),
        ("| a |\n|---|\n| <b>x</b> |", 3, "raw HTML"),
        ("One[^1].\n\n[^1]: a <b>note</b>", 3, "raw HTML"),
        ("One[^1].\n\n[^1]: [x](http://a.org)", 3, "a link to 'http://a.org'"),
        ("| a |\n|---|\n| {role}`x` |", 3, "a role"),
        ("| a |\n|---|\n| ![x](https://a.org/x.png) |", 3, "an image at 'https://a.org/x.png'"),
    ],
)
def test_what_is_not_rendered_is_refused_with_its_line(text, line, what):
    found = list(problems(text))
    assert (line, what) in [(at, problem) for at, problem, _ in found]
    with pytest.raises(ValueError, match=r"line \d+ holds"):
        narrative.html(text)


def test_a_sign_that_is_escaped_or_stands_in_a_sentence_is_a_sign():
    assert narrative.html("either | or") == "<p>either &#124; or</p>"
    assert soup(r"\| a \*\*b\*\* \[c\]\(d\) \~~ \[^1\]").get_text() == "| a **b** [c](d) ~~ [^1]"


@given(st.text(alphabet=st.sampled_from("ab|-:[^]1\n *~>=&;`"), max_size=60))
def test_no_signs_of_tables_and_notes_are_printed(text):
    if list(problems(text)):
        return
    html = narrative.html(text, prefix="x")
    assert list(guard.problems(html)) == [] and "\n\n" not in html
    made = BeautifulSoup(html, "html.parser")
    for code in made.select("code"):
        code.decompose()
    printed = made.get_text()
    assert not re.search(r"\[\^|\^\[|~~|\*\*|\]\(", printed), printed
    for way in made.select("sup a, section a"):
        assert made.find(id=way["href"].removeprefix("#")) is not None
