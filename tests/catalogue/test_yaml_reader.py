"""YAML as data and nothing else."""

import sys
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.catalogue.yaml_reader import Document, name, parse, read


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
        ("a: 1\n---\nb: 2", 2, "holds more than one document (a line ---)"),
        ("\ufeffa: 1", 1, "begins with a byte order mark"),
        (b"a: 1\nb: \xff", 2, "is not UTF-8 text"),
        ("a: 1\nb: x\x07y", 2, "holds the control character U+0007"),
        # YAML would begin a new field here, and no reader would see it.
        ("name: a\u2028code: b", 1, "holds the control character U+2028"),
        ("name: a\u2029code: b", 1, "holds the control character U+2029"),
        ("name: a\u0085code: b", 1, "holds the control character U+0085"),
        ("name: a\rcode: b", 1, "holds the control character U+000D"),
        ("a:\n  - <<: {b: 1}", 2, "uses a merge key (<<)"),
        ("a: {b: 1, b: 2}", 1, "repeats the key 'b' of line 1"),
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
    assert "larger than 250,000 bytes" in faults("a: " + "x" * 250_001)[0][1]
    assert "nested more than 20 deep" in faults("a: " + "[" * 5000 + "]" * 5000)[0][1]


def test_a_bomb_of_aliases_does_not_explode():
    bomb = "a: &a [x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20))
    assert len(faults(bomb)) >= 20


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("1_000", "1_000"),
        ("0o17", "0o17"),
        ("012", "012"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("2021-03-21", "2021-03-21"),
        ("12:30", "12:30"),
        ("'12'", "12"),
        ('"true"', "true"),
        (".5", 0.5),
        ("E07000095", "E07000095"),
        ("0x1F", "0x1F"),
    ],
)
def test_words_are_words(written, value):
    data = parse(f"a: {written}".encode(), Document("x.yml")).data
    assert data == {"a": value} and type(data["a"]) is type(value)


def test_lines_may_end_as_on_windows():
    document = parse(b"a: 1\r\nb:\r\n  - x\r\n", Document("x.yml"))
    assert document.data == {"a": 1, "b": ["x"]} and document.line(("b", 0)) == 3


def test_a_refused_file_gives_no_data():
    assert parse(b"a: 1\nb: !!str 2", Document("x.yml")).data == {}
    assert parse(b"a: 1\na: 2", Document("x.yml")).data == {}


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    (fault,) = read(tmp_path / "gone.yml", "params/gone.yml").faults
    assert str(fault) == "params/gone.yml: cannot be read: No such file or directory\n    → check its name and its rights"


CALLS = st.sampled_from(
    [
        "python/object/apply:os.system",
        "python/object/new:os.system",
        "python/name:os.system",
        "python/module:antigravity",
        "python/object:os.system",
    ]
)


@given(
    CALLS, st.sampled_from(["!!{}", "!<tag:yaml.org,2002:{}>"]), st.sampled_from(["a: {} ['x']", "{}\na: b", "a: [{} {{}}]"])
)
def test_nothing_is_ever_called(call, written, around):
    called = []
    with patch("os.system", called.append):
        document = parse(around.format(written.format(call)).encode(), Document("x.yml"))
    assert called == [] and document.data == {}
    assert document.faults and "antigravity" not in sys.modules


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
