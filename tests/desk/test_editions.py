"""A book of all districts: from the same tables and template, each district once, and words that people wrote are kept."""

import pytest

from placebook.catalogue.load import Catalogue
from placebook.desk.editions import edition, slugs
from placebook.errors import InputError
from placebook.geography.areas import Area
from placebook.paths import Project


def area(code, name):
    return Area(code, name, name, "district", "2025", {}, ())


@pytest.fixture
def project(tiny_project):
    tiny_project.write("notebooks/place.ipynb", "{}")
    tiny_project.write("schemas/place.schema.json", "{}")
    tiny_project.write("book/index.md", "# The book\n")
    tiny_project.write("book/places/old.ipynb", "{}")
    tiny_project.write("book/_static/placebook.css", "p{}")
    return tiny_project


def made(project, name, first=None):
    return edition(project, Catalogue.open(project), name, first)


def params(project):
    return {path.stem: path.read_text(encoding="utf-8") for path in project.params.glob("*.yml")}


def test_every_district_of_a_country_is_a_place_and_what_was_written_of_one_is_kept(project):
    project.write("params/broxbourne.yml", "name: Broxbourne\nkind: district\ncode: E07000095\nnarrative: {summary: Words.}\n")
    found = made(project, "England")
    texts = params(found)
    assert set(texts) == {"broxbourne", "luton", "north-hertfordshire"}, "no town, and each district once"
    assert "Words." in texts["broxbourne"] and texts["luton"].endswith('name: "Luton"\nkind: district\ncode: E06000032\n')
    places = Catalogue.open(found).places
    assert {place.code for place in places.values()} == {"E07000095", "E07000099", "E06000032"}


def test_a_countys_edition_holds_its_districts_and_the_first_ones_come_by_name(project):
    assert set(params(made(project, "hertfordshire"))) == {"broxbourne", "north-hertfordshire"}
    assert set(params(made(project, "england", 2))) == {"broxbourne", "luton"}


def test_an_edition_is_brought_up_to_date_and_shares_what_people_write(project):
    first = made(project, "england")
    times = {path: path.stat().st_mtime_ns for path in first.params.glob("*.yml")}
    project.write("data/tables/new.csv", "rows")
    project.write("book/index.md", "# Another title\n")
    again = made(project, "england", 2)
    assert again == first and (again.tables / "new.csv").exists()
    assert (again.root / "book/index.md").read_text() == "# Another title\n"
    assert not (again.root / "book/places").exists(), "what was generated is the edition's own"
    assert all(path.stat().st_mtime_ns == times[path] for path in again.params.glob("*.yml"))
    assert set(params(again)) == {"broxbourne", "luton"}, "a place that is asked for no more goes"


def test_where_folders_cannot_be_shared_they_are_copied(project, monkeypatch):
    def refuse(*given, **more):
        raise OSError

    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    project.write("data/tables/new.csv", "rows")
    found = made(project, "england")
    assert (found.tables / "new.csv").read_text() == "rows" and not (found.root / "data").is_symlink()


def test_a_name_that_is_neither_country_nor_county_is_refused_with_those_that_are(project):
    with pytest.raises(InputError, match="there is no edition 'wales': use one of hertfordshire, england"):
        made(project, "wales")
    with pytest.raises(InputError, match="there is no edition '../params'"):
        made(project, "../params")
    assert not (project.build / "editions").exists()


def test_addresses_are_plain_and_no_two_are_the_same():
    given = [area("E1", "King's Lynn and West Norfolk"), area("E2", "Bristol, City of"), area("E3", "Moor"), area("E4", "Moor")]
    assert slugs(given) == ["kings-lynn-and-west-norfolk", "bristol-city-of", "moor-e3", "moor-e4"]


def test_all_districts_of_england_have_addresses_of_their_own():
    catalogue = Catalogue.open(Project.find())
    districts = catalogue.areas.of_level("district")
    assert len(set(slugs(districts))) == len(districts) == 296


def test_a_countys_edition_holds_its_ten_largest_towns_and_no_district_twice(checkout):
    found = edition(checkout, Catalogue.open(checkout), "hertfordshire")
    places = Catalogue.open(found).places
    towns = {place.name for place in places.values() if place.kind == "town"}
    # Watford and Stevenage have more residents than most of these, and are their districts; Letchworth's file is its own.
    assert towns == {
        "Hemel Hempstead",
        "St Albans (built-up area)",
        "Welwyn Garden City",
        "Cheshunt",
        "Hatfield",
        "Bishop's Stortford",
        "Borehamwood",
        "Hoddesdon",
        "Hitchin",
        "Letchworth Garden City",
    }
    assert sum(place.kind == "district" for place in places.values()) == 10 and len(places) == 20
    for slug in ("letchworth", "broxbourne", "st-albans"):
        assert (found.params / f"{slug}.yml").read_bytes() == (checkout.params / f"{slug}.yml").read_bytes()
    assert not any(place.narrative.summary for slug, place in places.items() if not (checkout.params / f"{slug}.yml").exists())
    assert set(params(edition(checkout, Catalogue.open(checkout), "hertfordshire", None, 2))) >= {"hemel-hempstead"}
    fewer = Catalogue.open(edition(checkout, Catalogue.open(checkout), "hertfordshire", None, 0)).places
    assert {place.kind for place in fewer.values()} == {"district"}


def test_all_englands_edition_holds_districts_alone(checkout):
    found = Catalogue.open(edition(checkout, Catalogue.open(checkout), "england")).places
    assert len(found) == 296 and {place.kind for place in found.values()} == {"district"}


def test_towns_of_one_name_say_their_districts(checkout):
    found = Catalogue.open(edition(checkout, Catalogue.open(checkout), "england", 1, 500)).places
    names = [place.name for place in found.values()]
    assert len(names) == len(set(names))
