"""Geography honesty: which area a figure is really for."""

import pytest

from placebook.catalogue.load import Catalogue
from placebook.evidence import district_band
from placebook.evidence.reading import Absent, Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store


def evidence(project, slug) -> Evidence:
    catalogue = Catalogue.open(project)
    return Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), slug)


def test_a_district_is_direct(tiny_project):
    reading = evidence(tiny_project, "broxbourne").read("work")
    assert (reading.subject.code, reading.subject.badge) == ("E07000095", "direct")
    (now,) = reading.now
    assert (now.value, now.lower, now.upper, now.period) == (76.1, 64.9, 87.3, "2023-01-01/P1Y")


def test_a_town_gets_its_district_as_wider_and_under_its_name(tiny_project):
    reading = evidence(tiny_project, "letchworth").read("work")
    assert reading.wider
    assert (reading.subject.code, reading.subject.name) == ("E07000099", "North Hertfordshire")
    assert {value.area_name for value in reading.series} == {"North Hertfordshire"}


def test_a_withheld_newest_figure_is_not_passed_over_in_silence(tiny_project):
    reading = evidence(tiny_project, "letchworth").read("work")
    assert reading.period == "2022-01-01/P1Y"
    assert [(v.period, v.markers) for v in reading.withheld] == [("2023-01-01/P1Y", ("u",))]


def test_a_town_is_the_best_fit_of_its_small_areas(tiny_project):
    reading = evidence(tiny_project, "letchworth").read("flats")
    (now,) = reading.now
    assert reading.subject.badge == "best_fit" and reading.subject.members == ("E01000001", "E01000002")
    assert now.value == 100 * (10 + 5) / (10 + 30 + 5 + 15)
    assert now.area == "letchworth" and now.area_name == "Letchworth"


def test_the_rest_of_the_district_and_the_county_are_added_up_over_all_their_small_areas(tiny_project):
    reading = evidence(tiny_project, "letchworth").read("flats")
    parent, county = reading.beside("parent"), reading.beside("county")
    assert parent.series[0].value == 100 * 1 / 100 and not parent.contains
    assert (parent.code, parent.name) == ("E07000099-rest", "the rest of North Hertfordshire")
    assert county.series[0].value == 100 * (10 + 5 + 1 + 2) / (40 + 20 + 100 + 40)
    assert {group.badge for group in (parent.series[0], county.series[0])} == {"best_fit"}


def test_a_small_area_of_2011_is_never_added(tiny_project):
    parent = evidence(tiny_project, "letchworth").read("flats").beside("parent")
    assert "E01000009" not in parent.series[0].inputs[0].areas


def test_a_comparator_that_is_not_published_is_empty_not_invented(tiny_project):
    reading = evidence(tiny_project, "broxbourne").read("work")
    assert reading.beside("county").series == ()
    assert reading.beside("county").name == "Hertfordshire"


def test_an_area_of_the_same_boundary_stands_for_the_region(tiny_project):
    region = evidence(tiny_project, "broxbourne").read("work").beside("region")
    assert (region.code, region.name, region.series[0].value) == ("TLH", "East of England", 77)


def test_a_comparator_around_the_subject_only(tiny_project):
    roles = {c.role: c.code for c in evidence(tiny_project, "letchworth").read("work").comparators}
    assert "parent" not in roles  # the district is what the reading is for
    assert roles["country"] == "E92000001"


def test_peers_are_english_and_keep_their_published_rank(tiny_project):
    peers = [c for c in evidence(tiny_project, "letchworth").read("work").comparators if c.role == "peer"]
    assert [(c.code, c.rank) for c in peers] == [("E07000095", 2)]  # rank 1 is Cardiff


def test_no_small_areas_no_figure_and_a_reason(tiny_project):
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    found = evidence(tiny_project, "luton").read("flats")
    assert isinstance(found, Absent)
    assert (found.reason, found.lack) == ("small areas in Luton are not held", "not_held")


def test_a_place_without_a_county_has_no_county_comparator(tiny_project):
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    luton = evidence(tiny_project, "luton")
    reading = luton.read("work")  # Luton itself is not in the table: the region stands in
    assert luton.county is None
    assert reading.wider and reading.subject.name == "East of England"
    assert [c.role for c in reading.comparators] == ["country"]


def test_the_band_needs_enough_districts(tiny_project, monkeypatch):
    assert evidence(tiny_project, "broxbourne").read("work").band is None
    monkeypatch.setattr(district_band, "ENOUGH_DISTRICTS", 1)
    band = evidence(tiny_project, "broxbourne").read("work").band
    assert (band.count, band.minimum, band.maximum) == (1, 76.1, 76.1)


def test_readings_are_made_once(tiny_project):
    found = evidence(tiny_project, "broxbourne")
    assert found.read("work") is found.read("work")
    assert isinstance(found.read("work"), Reading)


def test_the_place_asks_for_fewer_comparators(tiny_project):
    tiny_project.replace("params/broxbourne.yml", "code:", "comparators: [country]\ncode:")
    roles = [c.role for c in evidence(tiny_project, "broxbourne").read("work").comparators]
    assert roles == ["country"]


@pytest.mark.parametrize("slug", ["broxbourne", "letchworth"])
def test_every_shown_value_says_its_badge(tiny_project, slug):
    found = evidence(tiny_project, slug)
    for indicator in ("work", "flats"):
        reading = found.read(indicator)
        values = [*reading.series, *(v for c in reading.comparators for v in c.series)]
        assert values and {v.badge for v in values} <= {"direct", "best_fit", "wider"}
