"""YAML as data and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.catalogue.strict_yaml import Document, name, parse


def faults(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return [(f.line, f.problem) for f in parse(raw, Document("x.yml")).faults]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("name: !!python/object/apply:os.system ['true']", 1, "has the tag !!python/object/apply:os.system"),
        ("a: 1\nb: !foo x", 2, "has the tag !foo"),
        ("a: !!str 1", 1, "has the tag !!str"),
        ("a: &x [1]\nb: *x", 1, "defines the anchor &x"),
        ("a: 1\nb: *x", 2, "uses the alias *x"),
        ("a: {b: 1}\n<<: {c: 2}", 2, "uses a merge key (<<)"),
        ("name: a\nkind: b\nname: c", 3, "repeats the key 'name' of line 1"),
        ("a: 1\n---\nb: 2", 2, "cannot be read as YAML: it holds more than one document (a line ---)"),
        ("\ufeffa: 1", 1, "begins with a byte order mark"),
        (b"a: 1\nb: \xff", 2, "is not UTF-8 text"),
        ("a: 1\nb: x\x07y", 2, "holds the control character U+0007"),
        ("- a\n- b", 1, "is not a list of `key: value` lines"),
        ("? [a]\n: 1", 1, "has a key that is no word"),
        ("", 1, "is empty"),
        ("# only a comment\n", 1, "is empty"),
    ],
)
def test_what_is_no_plain_data_is_refused_with_its_line(text, line, said):
    found = faults(text)
    assert found and found[0][0] == line
    assert said in found[0][1]


def test_a_tab_as_indent_is_refused():
    ((line, said),) = faults("a:\n\tb: 1")
    assert line == 2 and "cannot be read as YAML" in said


def test_a_file_that_is_too_large_or_too_deep():
    assert "larger than 1,000,000 bytes" in faults("a: " + "x" * 1_000_001)[0][1]
    assert "nested more than 20 deep" in faults("a: " + "[" * 5000 + "]" * 5000)[0][1]


def test_a_bomb_of_aliases_does_not_explode():
    bomb = "a: &a [x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20)
    )
    assert len(faults(bomb)) >= 20


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("true", True), ("False", False), ("null", None),
        ("~", None), ("", None), ("12", 12), ("-3", -3), ("1_000", "1_000"), ("0o17", "0o17"),
        ("012", "012"), ("1.5", 1.5), ("1e3", 1000.0), ("2021-03-21", "2021-03-21"), ("12:30", "12:30"),
        ("'12'", "12"), ('"true"', "true"), (".5", 0.5), ("E07000095", "E07000095"), ("0x1F", "0x1F"),
    ],
)  # fmt: skip
def test_words_are_words(written, value):
    data = parse(f"a: {written}".encode(), Document("x.yml")).data
    assert data == {"a": value} and type(data["a"]) is type(value)


def test_every_field_knows_its_line():
    document = parse(b"a:\n  - x\n  - b: 1\n    c: 2\n", Document("x.yml"))
    assert document.line(("a", 1, "c")) == 4
    assert document.line(("a", 1, "missing")) == 3
    assert name(("a", 1, "c")) == "a[1].c"


@given(st.binary(max_size=200))
def test_no_bytes_raise(raw):
    parse(raw, Document("x.yml"))


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!<>|\n \t'\"#?,%@"), max_size=60))
def test_no_text_raises_and_what_is_accepted_is_plain(text):
    document = parse(text.encode(), Document("x.yml"))
    assert document.faults or isinstance(document.data, dict)
