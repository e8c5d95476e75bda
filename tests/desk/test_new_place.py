"""A place is made by its name: the right one, or a question; its numbers are those of the tables; nothing is overwritten."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from placebook.catalogue.load import Catalogue
from placebook.desk import choices, fit, new_place
from placebook.errors import InputError
from placebook.geography.areas import Areas
from placebook.paths import Project

REAL = Project.at(Path(__file__).parents[2])


def residents(store, lsoas):
    rows = store.rows("census-2021-residents", measure="residents", category="", areas=lsoas)
    assert len(rows) == len(lsoas)
    return int(rows["value"].sum())


@pytest.mark.parametrize(
    ("name", "given", "code", "districts", "lsoas"),
    [
        ("Hitchin", {}, "E63004031", ("E07000099",), 21),
        ("hitchin ", {}, "E63004031", ("E07000099",), 21),
        ("Saffron Walden", {}, "E63003866", ("E07000077",), 8),
        ("Bletchley", {}, "E63003960", ("E06000042",), 24),
        ("Newmarket", {}, "E63003321", ("E07000245", "E07000009"), 13),
        ("Newmarket (West Suffolk)", {}, "E63003321", ("E07000245", "E07000009"), 13),
        ("Bedford", {"kind": "town"}, "E63003597", ("E06000055",), 63),
        ("Bedford", {"kind": "district"}, "E06000055", ("E06000055",), 117),
        ("Royston", {"within": ["North Hertfordshire"]}, "E63003814", ("E07000099",), 8),
        ("Royston (Barnsley)", {}, "E63001085", ("E08000038",), 6),
        ("Letchworth", {}, "E63003977", ("E07000099",), 22),
        ("City of Bristol", {"kind": "district"}, "E06000023", ("E06000023",), 268),
        ("bristol,  city of", {"kind": "district"}, "E06000023", ("E06000023",), 268),
    ],
)
def test_a_name_is_the_place_that_bears_it(real, name, given, code, districts, lsoas):
    choice = choices.chosen(real.areas, name, **given)
    assert (choice.code, len(choice.lsoas)) == (code, lsoas) and set(choice.districts) == set(districts)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Stevenage", 'placebook add "Stevenage" --kind town: the built-up area'),
        ("Royston", 'placebook add "Royston (Barnsley)" --kind town'),
        ("Hithcin", "is called 'Hithcin'. Did you mean Hitchin?"),
        ("Letchworth Garden City", "Did you mean Letchworth?"),
        ("Xyzzy", "no district, county or built-up area is called 'Xyzzy'; look it up"),
        ("", "is called ''"),
        ("../../etc/passwd", "is called '../../etc/passwd'"),
    ],
)
def test_what_is_not_one_place_is_asked(real, name, said):
    with pytest.raises(InputError) as caught:
        choices.chosen(real.areas, name)
    assert said in str(caught.value)


def test_the_fit_is_told_in_residents(real):
    letchworth = choices.chosen(real.areas, "Letchworth")
    assert residents(real.store, list(letchworth.lsoas)) == 33_039
    lines = list(fit.fit(real, letchworth))
    assert lines[0].startswith("The 22 LSOAs in the built-up area") and "33,039 residents and" in lines[0]
    (shared,) = fit.overlaps(real, letchworth)
    assert shared == "Shares 22 LSOAs (33,039 residents) with Letchworth Garden City."
    bletchley = choices.chosen(real.areas, "Bletchley")
    _, wards, partly, _ = fit.fit(real, bletchley)
    own = residents(real.store, list(bletchley.lsoas))
    more = f"{100 * (own - 49_306) / 49_306:+.1f}%"
    assert wards == f"The 3 wards (2024, best fit) most of whose residents are among them have 49,306: {more}."
    assert partly == "28,470 of its residents live in wards that lie partly outside."


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=200)


@given(WORDS, WORDS)
def test_whatever_a_name_holds_the_file_says_just_that(name, fits):
    choice = choices.Choice("town", "E63004031", name, ("E07000099",), ("E01023556",))
    assert yaml.safe_load(new_place.params(choice, name, fits)) == {
        "name": name,
        "kind": "town",
        "parent": ["E07000099"],
        "built_up_area": "E63004031",
        "chosen": fits,
    }


def test_a_town_is_added_once_and_checked(checkout, placebook):
    done = placebook(checkout, "add", "Hitchin")
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "21 LSOAs" in said and "35,224 residents" in said and "Next: placebook build hitchin" in said
    many = len(Catalogue.open(REAL).indicators)
    assert f"Of {many} measures 0 are published for it" in said
    before = (checkout.params / "hitchin.yml").read_bytes()
    place = Catalogue.open(checkout).places["hitchin"]
    assert (place.name, place.built_up_area, place.parent) == ("Hitchin", "E63004031", ("E07000099",))
    again = placebook(checkout, "add", "Hitchin")
    assert again.returncode == 2 and "params/hitchin.yml is there already" in again.stderr
    assert (checkout.params / "hitchin.yml").read_bytes() == before


def test_the_second_town_of_a_name_is_called_otherwise(checkout, placebook):
    assert placebook(checkout, "add", "Royston (North Hertfordshire)").returncode == 0
    again = placebook(checkout, "add", "Royston (Barnsley)")
    assert again.returncode == 2 and "give the new place another name with --as" in again.stderr
    assert placebook(checkout, "add", "Royston (Barnsley)", "--as", "Royston, Barnsley").returncode == 0
    names = {slug: place.name for slug, place in Catalogue.open(checkout).places.items()}
    assert names["royston"] == "Royston" and names["royston-barnsley"] == "Royston, Barnsley"


def test_a_name_that_would_act_is_refused_and_writes_nothing(checkout, placebook):
    before = sorted(path.name for path in checkout.params.iterdir())
    for name in ("<script>alert(1)</script>", "[x](https://evil.example)", "{download}`x`", "a\nb: c"):
        done = placebook(checkout, "add", "Hitchin", "--as", name)
        assert done.returncode == 2 and "is not a name as people write it" in done.stderr, done.stderr
    assert sorted(path.name for path in checkout.params.iterdir()) == before


def test_what_the_check_refuses_leaves_nothing_behind(checkout, placebook):
    done = placebook(checkout, "add", "St Albans", "--kind", "district")
    assert done.returncode == 2 and "is there already" in done.stderr
    (checkout.params / "st-albans.yml").rename(checkout.params / "verulamium.yml")
    before = sorted(path.name for path in checkout.params.iterdir())
    done = placebook(checkout, "add", "St Albans", "--kind", "district")
    assert done.returncode == 2 and "has the name of params/" in done.stderr
    assert sorted(path.name for path in checkout.params.iterdir()) == before


def test_areas_without_built_up_areas_are_districts_alone(tiny_project):
    areas = Areas.open(tiny_project)
    assert choices.chosen(areas, "Broxbourne").lsoas == ("E01000004",)
    with pytest.raises(InputError, match="is called 'Grange'"):
        choices.chosen(areas, "Grange")
