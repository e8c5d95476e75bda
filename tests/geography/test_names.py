"""Names as people say them: every English district in one table, with article and preposition."""

import csv

import pytest

from placebook.geography.areas import Areas
from placebook.geography.names import located, names, said, with_article
from placebook.paths import Project


def districts():
    with (Project.find().geography / "areas.csv").open(encoding="utf-8") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream) if row["level"] == "district"}


def test_the_table_holds_every_district_under_its_official_name():
    held = {row.code: row.official for row in names().values() if row.code.startswith(("E06", "E07", "E08", "E09"))}
    assert held == districts()
    assert len(held) == 296


def test_no_two_districts_are_called_the_same_and_none_is_inverted():
    called = [said(official) for official in districts().values()]
    assert len(set(called)) == 296
    assert [name for name in called if ", City" in name or ", County" in name] == []


@pytest.mark.parametrize(
    ("official", "place"),
    [
        ("Bristol, City of", "in Bristol"),
        ("Herefordshire, County of", "in Herefordshire"),
        ("Kingston upon Hull, City of", "in Kingston upon Hull"),
        ("Isle of Wight", "on the Isle of Wight"),
        ("Isles of Scilly", "on the Isles of Scilly"),
        ("City of London", "in the City of London"),
        ("New Forest", "in the New Forest"),
        ("East of England", "in the East of England"),
        ("London", "in London"),
        ("St. Helens", "in St Helens"),
        ("Westward Ho!", "in Westward Ho!"),
    ],
)
def test_where_something_is(official, place):
    assert located(said(official)) == place


def test_articles():
    assert with_article("East of England") == "the East of England"
    assert with_article("Bournemouth, Christchurch and Poole") == "Bournemouth, Christchurch and Poole"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("E09000001", "local authority of its own kind"),
        ("E09000007", "London borough"),
        ("E06000023", "unitary authority"),
        ("E08000035", "metropolitan district"),
        ("E07000095", "district"),
        ("E12000006", "region"),
    ],
)
def test_what_kind_of_area_it_is(code, kind):
    area = Areas.open(Project.find())[code]
    assert area.level_words == kind
