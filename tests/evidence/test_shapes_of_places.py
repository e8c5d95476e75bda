"""Places of every shape: a town across two districts, a group of districts, a county; each figure for the area it is of."""

import pytest

from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import wording

TWO = (
    "name: Twinton\nkind: town\nparent: [E07000099, E07000095]\nlsoas: [E01000003, E01000004, E01000001]\nchosen: For a test.\n"
)
GROUP = "name: Both\nkind: group\ndistricts: [E07000095, E07000099]\n"
COUNTY = "name: The county\nkind: county\ncode: E10000015\n"


@pytest.fixture
def evidence(tiny_project):
    def open_(slug, text):
        tiny_project.write(f"params/{slug}.yml", text)
        catalogue = Catalogue.open(tiny_project)
        return Evidence(catalogue, Store.open(tiny_project, catalogue.sources, catalogue.areas), slug)

    return open_


def test_a_town_across_two_districts_adds_up_its_areas_and_names_both_districts(evidence):
    twin = evidence("twinton", TWO)
    assert twin.districts == ("E07000099", "E07000095"), "first the one that most of it lies in"
    flats = twin.read("flats")
    assert flats.subject.badge == "best_fit" and flats.now[0].value == 100 * (10 + 1 + 2) / (40 + 100 + 40)
    work = twin.read("work")
    assert (work.subject.badge, work.subject.name) == ("wider", "North Hertfordshire")
    (other,) = [beside for beside in work.comparators if beside.role == "parent"]
    assert other.name == "Broxbourne" and not other.contains
    assert {value.period: value.value for value in other.series} == {"2022-01-01/P1Y": 70.0, "2023-01-01/P1Y": 76.1}


@pytest.mark.parametrize(("slug", "text"), [("both", GROUP), ("county", COUNTY)])
def test_districts_together_are_the_sum_of_all_their_areas(evidence, slug, text):
    whole = evidence(slug, text)
    flats = whole.read("flats")
    assert flats.now[0].value == 100 * (10 + 5 + 1 + 2) / (40 + 20 + 100 + 40)
    assert flats.subject.level == whole.place.kind and flats.districts is None, "it is no district, and has no rank among them"
    work = whole.read("work")
    assert (work.subject.badge, work.subject.level) == ("wider", "itl1"), "a rate is never added up"
    assert whole.peers == () and not any(beside.role == "peer" for beside in flats.comparators)


def test_the_county_of_a_group_is_the_one_that_lists_all_of_it(evidence, tiny_project):
    assert evidence("both", GROUP).county.name == "Hertfordshire"
    tiny_project.replace("data/counties/hertfordshire.yml", "[E07000095, E07000099]", "[E07000095]")
    assert evidence("both", GROUP).county is None


@pytest.mark.parametrize("selection", ["msoas: [E02004911]", "wards: [E05000001]", "lsoas: [E01000002, E01000001]\nchosen: x"])
def test_a_town_may_be_named_by_what_its_areas_lie_in(evidence, selection):
    town = evidence("grange", f"name: Grange\nkind: town\nparent: E07000099\n{selection}\n")
    assert town.fit.lsoas == ("E01000001", "E01000002")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TWO.replace("lsoas:", "msoas: [E02004911]\nlsoas:"), "names lsoas and msoas → write one of"),
        (TWO.replace("lsoas: [E01000003, E01000004, E01000001]\n", ""), "names no areas → write one of lsoas, msoas, wards"),
        (TWO.replace("chosen: For a test.\n", ""), "does not say how its LSOAs were chosen → write chosen: and a sentence"),
        (TWO.replace("E07000095]", "E07000099]"), "lists E07000099 more than once → name each district once"),
        (GROUP.replace(", E07000099", ""), "districts: lists only 1 → list at least 2"),
        (COUNTY.replace("E10000015", "E07000095"), "write the GSS code of a county, such as E10000015"),
    ],
)
def test_what_is_no_place_is_refused_with_what_to_write(evidence, text, said):
    with pytest.raises(InputError) as caught:
        evidence("x", text)
    assert said in " ".join(str(caught.value).split())


def test_a_badge_says_what_was_added_up(evidence):
    assert wording.badge(evidence("twinton", TWO).read("flats")) == "best fit: 3 LSOAs of Twinton added up"
    one = TWO.replace("[E01000003, E01000004, E01000001]", "[E01000003]").replace("[E07000099, E07000095]", "E07000099")
    assert wording.badge(evidence("twinton", one).read("flats")) == "best fit: 1 LSOA of Twinton"


def test_a_unitary_authority_is_no_district():
    assert wording.level_words("district", "E06000032") == "unitary authority"
    assert wording.level_words("district", "E07000095") == "district"
    assert wording.level_words("itl2", "TLH2") == "ITL level 2 area"
