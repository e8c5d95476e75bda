"""A place that is called what another district is called is refused: its figures would stand under a wrong name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.catalogue.place_names import borrowed_names
from placebook.catalogue.places import DistrictPlace
from placebook.catalogue.yaml_reader import Document
from placebook.geography.areas import Areas
from placebook.paths import Project
from tests.conftest import AREAS

MORE = """\
E06000023,"Bristol, City of",,district,April 2025,,,,,,
E06000058,"Bournemouth, Christchurch and Poole",,district,April 2025,,,,,,
E08000013,St. Helens,,district,April 2025,,,,,,
"""


def told(project, name: str, text: str) -> list[str]:
    project.write("data/geography/areas.csv", AREAS + MORE)
    project.write("params/other.yml", f'name: "{name}"\n{text}')
    return [str(fault) for fault in check(Catalogue.open(project), None)]


REAL = Areas.open(Project.find(__file__))
DISTRICTS = REAL.of_level("district")
LUTON = "kind: district\ncode: E06000032\n"
TOWN = "kind: town\nparent: E07000099\nlsoas: [E01000003]\nchosen: one\n"


@pytest.mark.parametrize("name", ["Bristol", "bristol, city of", "City of Bristol", "BRISTOL"])
def test_a_district_with_the_name_of_another(tiny_project, name):
    assert told(tiny_project, name, LUTON) == [
        "params/other.yml:1: name: is the name of another district, E06000023, and E06000032 is Luton\n"
        "    → write `code: E06000023`, or call the place Luton"
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bristol", "E06000023"),
        ("City of Bristol", "E06000023"),
        ("St Helens", "E08000013"),
        ("Bournemouth", "E06000032"),
        ("Luton Borough", "E06000032"),
    ],
)
def test_its_own_name_and_one_that_no_district_bears(tiny_project, name, code):
    assert told(tiny_project, name, f"kind: district\ncode: {code}\n") == []


def test_a_town_may_be_called_as_its_own_district_and_not_as_another(tiny_project):
    assert told(tiny_project, "North Hertfordshire", TOWN) == []
    assert told(tiny_project, "St Helens", TOWN) == [
        "params/other.yml:1: name: is the name of another district, E08000013, and E07000099 is North Hertfordshire\n"
        "    → correct the parent, or say which it is: `name: St Helens (North Hertfordshire)`"
    ]
    assert told(tiny_project, "St Helens (North Hertfordshire)", TOWN) == []


@given(st.sampled_from(DISTRICTS), st.sampled_from(DISTRICTS), st.sampled_from([str, str.upper, str.casefold]))
def test_of_all_districts_each_may_bear_its_own_name_alone(named, meant, written):
    catalogue = Catalogue(Project.find(__file__), REAL)
    catalogue.places["x"] = DistrictPlace(name=written(named.name), kind="district", code=meant.code)
    catalogue.documents["place", "x"] = Document("params/x.yml")
    assert [fault.field for fault in borrowed_names(catalogue)] == ([] if named.name == meant.name else ["name"])
