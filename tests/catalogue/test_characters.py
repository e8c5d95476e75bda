"""What nobody sees is refused, and no name that people bear."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from placebook.catalogue.aggregations import Composition, Slice
from placebook.catalogue.characters import hidden
from placebook.catalogue.load import Catalogue
from placebook.catalogue.yaml_reader import Document, parse
from placebook.errors import Fault, InputError

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u180b\u180e\u200b\u200f\u202e\u2060\u2066\u2069\u2800"
    "\u3164\ufe0f\ufeff\ufff9\ufffb\U000e0041\U000e0100\ue000\uffff\x00\x7f\x85\u2028"
)


@pytest.mark.parametrize("character", UNSEEN, ids=lambda character: f"U+{ord(character):04X}")
def test_a_character_that_nobody_sees(character):
    assert hidden(f"St{character} Albans") == character
    assert [fault.problem for fault in parse(f"# a\nb: c # St{character}".encode(), Document("x.yml")).faults] == [
        f"holds the control character U+{ord(character):04X}"
    ]


@pytest.mark.parametrize(
    "text", ["Ynys Tŷ", "King’s Lynn", "Westward Ho!", "Stoke-on-Trent", "£5 – 10\u00a0%\n\tof ½", "Ελλάδα", "naïve"]
)
def test_what_people_write_is_seen(text):
    assert hidden(text) == "" and hidden(unicodedata.normalize("NFD", text)) == ""


@given(st.text(max_size=30))
def test_nothing_of_the_kinds_that_are_not_seen_is_let_through(text):
    unseen = [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") and c not in "\n\t"]
    found = hidden(text)  # it may be another one, of a kind that is more than these
    assert found in text and (found or not unseen)


@pytest.mark.parametrize("name", ["Westward Ho!", "Ynys Tŷ", "King’s Lynn", "Town, St. Mary", "Mid-Suffolk", "Y\u0302 Town"])
def test_a_name_as_people_write_it(tiny_project, name):
    tiny_project.write("params/luton.yml", f'name: "{name}"\nkind: district\ncode: E06000032\n')
    assert Catalogue.open(tiny_project).places["luton"].name == unicodedata.normalize("NFC", name)


def test_an_inverted_official_name_is_turned_as_people_say_it(tiny_project):
    tiny_project.write("params/luton.yml", 'name: "Bristol, City of"\nkind: district\ncode: E06000032\n')
    assert Catalogue.open(tiny_project).places["luton"].name == "Bristol"


@pytest.mark.parametrize("name", ["!x", "_x_", "a_b", "a*b*", "![x]", "a`b", "{x}", "<b>", "1st", "a|b", "a\\\\b"])
def test_a_name_that_a_page_could_take_for_more(tiny_project, name):
    tiny_project.write("params/luton.yml", f'name: "{name}"\nkind: district\ncode: E06000032\n')
    with pytest.raises(InputError, match="name: is not a name as people write it\n    → use letters, digits, spaces, hyphens"):
        Catalogue.open(tiny_project)


def test_a_message_writes_out_what_it_could_act_by():
    shown = str(Fault("params/a\x1b[2J\n.yml", 1, "a\u202eb", "holds 'ŷ’'", "→"))
    assert shown == "params/a\\x1b[2J\\n.yml:1: a\\u202eb: holds 'ŷ’'\n    → →"


def test_a_hundred_faults_are_written_out_and_the_others_counted():
    error = InputError(Fault("a", number, "", "wrong", "") for number in range(1, 251))
    assert len(error.faults) == 250 and str(error).splitlines()[99:] == ["a:100: wrong", "and 150 more"]
    assert str(InputError(error.faults[:100])).splitlines()[-1] == "a:100: wrong"


def test_what_stands_in_a_chart_is_short():
    slices = tuple({"label": label, "categories": ("0",)} for label in ("a" * 60, "b"))
    assert Composition(kind="composition", measure="homes", slices=slices).slices[0].label == "a" * 60
    with pytest.raises(ValidationError, match="at most 60 characters"):
        Slice(label="a" * 61, categories=("0",))
