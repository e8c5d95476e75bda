"""The front page's own part: a map of links with the same list in words, headline figures, news from the sources."""

import subprocess
import sys
from dataclasses import replace
from datetime import date

import geopandas
import pytest
from bs4 import BeautifulSoup
from shapely.geometry import box

from placebook.catalogue.load import Catalogue
from placebook.report import front_map, front_page
from placebook.report.matrix import PlaceLedger

VALUE = {
    "kind": "value",
    "id": "work--place",
    "indicator": "work",
    "category": "",
    "role": "place",
    "badge": "direct",
    "period": "2023-01-01/P1Y",
    "value": 76.1,
    "unit": "percent",
    "markers": [],
    "level": "district",
    "area": "E07000095",
    "area_name": "Broxbourne",
    "at": "people.html#e1",
}


@pytest.fixture
def shapes(monkeypatch):
    districts = geopandas.GeoDataFrame({"geometry": [box(0, 0, 10, 10), box(10, 0, 20, 10)]}, index=["E07000095", "E07000099"])
    small = geopandas.GeoDataFrame({"geometry": [box(12, 2, 13, 3), box(13, 2, 14, 3)]}, index=["E01000001", "E01000002"])
    monkeypatch.setattr(front_map, "outlines", lambda *_: districts)
    monkeypatch.setattr(front_map, "small_outlines", lambda *_: small)


def made(project, others=()):
    ledgers = {
        "broxbourne": PlaceLedger("broxbourne", "Broxbourne", "district", "E07000095", {}, (VALUE,)),
        "letchworth": PlaceLedger(
            "letchworth",
            "Letchworth",
            "town",
            "E07000099",
            {},
            ({**VALUE, "badge": "wider", "area": "E07000099", "area_name": "North Hertfordshire"},),
        ),
    }
    text = front_page.page(project, Catalogue.open(project), ledgers, date(2025, 6, 30), others)
    return BeautifulSoup(text, "html.parser")


def stand_elsewhere(monkeypatch, moved):
    """Has each name of the map stand where ``moved`` puts it, of the name and where it would stand."""
    real = front_map.labels.placed

    def placed(names, dots, frame):
        return [moved(name, stands) for name, stands in zip(names, real(names, dots, frame), strict=True)]

    monkeypatch.setattr(front_map.labels, "placed", placed)


def test_the_map_is_made_of_links_and_the_list_says_the_same(tiny_project, shapes):
    page = made(tiny_project)
    links = {a["aria-label"]: a["href"] for a in page.select("svg.pb-map a[aria-label]")}
    assert links == {"Broxbourne": "places/broxbourne.html", "Letchworth": "places/letchworth.html"}
    assert {a.get_text(): a["href"] for a in page.select(".pb-front li a")} == links
    assert page.svg["role"] == "group" and "Map of Hertfordshire" in page.svg["aria-label"]
    assert page.select_one('svg a[aria-label="Letchworth"] circle'), "a town is a dot where it lies"
    assert [t.get_text() for t in page.select("svg.pb-map > text")] == ["North Hertfordshire"], (
        "a district without a page is named"
    )


def test_of_two_names_that_lie_on_each_other_one_is_left_out_and_stays_with_its_link(tiny_project, shapes, monkeypatch):
    stand_elsewhere(monkeypatch, lambda name, stands: replace(stands, x=100, y=100, joined=False))
    page = made(tiny_project)
    assert [text.get_text() for text in page.select("svg.pb-map text")] == ["Letchworth"], "a town's before a district's"
    assert [title.get_text() for title in page.select("svg.pb-map a > title")] == ["Broxbourne", "Letchworth"]
    assert [a.get("tabindex") for a in page.select("svg.pb-map a")] == [None, None, "-1"]


def test_a_name_that_has_no_room_where_it_belongs_is_joined_to_its_area_by_a_line(tiny_project, shapes, monkeypatch):
    aside = "North Hertfordshire"
    stand_elsewhere(monkeypatch, lambda name, stands: replace(stands, x=stands.x + 90, joined=name.text == aside))
    (line,) = made(tiny_project).select("svg line")
    assert float(line["x2"]) - float(line["x1"]) == pytest.approx(90, abs=1)


def test_each_place_tells_its_first_finding_and_leads_to_its_tile(tiny_project, shapes, monkeypatch):
    found = {"kind": "finding", "id": "finding--level--work", "order": 1, "headline": "More <work>", "sentence": "So it is."}
    monkeypatch.setattr(PlaceLedger, "findings", property(lambda ledger: [found] if ledger.slug == "broxbourne" else []))
    first, second = made(tiny_project).select(".pb-place-card")
    assert first.select_one(".pb-first a")["href"] == "places/broxbourne.html#broxbourne-finding--level--work"
    assert first.get_text() == "BroxbourneMore <work>So it is." and "Nothing stands out" in second.get_text()


def test_headline_measures_stand_on_one_line_with_the_numbers_and_the_way_to_all(tiny_project, shapes):
    page = made(tiny_project)
    (strip,) = page.select("svg.pb-places[role=img]")
    assert "Broxbourne 76.1%" in strip["aria-label"]
    name = page.select_one(".pb-compared a")
    row = page.find(id=name["href"].removeprefix("#"))
    assert row.td.a["href"] == "places/broxbourne/people.html#e1" and row.td["data-entry"] == "broxbourne--work--place"
    assert "North Hertfordshire (district)" in row.get_text()
    assert page.select_one('a[href="compare.html"]')


def test_a_district_around_another_is_a_ring_below_it(tiny_project, monkeypatch):
    around, inside = box(0, 0, 20, 20).difference(box(8, 8, 12, 12)), box(8, 8, 12, 12)
    held = {"districts": {}, "england": {"E07000095": inside, "E07000099": around}}
    layers = {name: geopandas.GeoDataFrame({"geometry": [*found.values()]}, index=[*found]) for name, found in held.items()}
    monkeypatch.setattr(front_map, "outlines", lambda project, layer: layers[layer])
    tiny_project.write("params/north.yml", "name: North\nkind: district\ncode: E07000099\n")
    ledgers = {
        slug: PlaceLedger(slug, slug.title(), "district", code, {}, (VALUE,))
        for slug, code in (("broxbourne", "E07000095"), ("north", "E07000099"))
    }
    page = BeautifulSoup(
        front_page.page(tiny_project, Catalogue.open(tiny_project), ledgers, date(2025, 6, 30), ()), "html.parser"
    )
    assert [a["aria-label"] for a in page.select("svg.pb-map a[aria-label]")] == ["North Hertfordshire", "Broxbourne"], (
        "the larger first, in coarse outlines"
    )
    assert [path["d"].count("M") for path in page.select("svg.pb-map a path")] == [2, 1]


def test_without_outlines_the_list_is_enough(tiny_project, monkeypatch):
    monkeypatch.setattr(front_map, "outlines", lambda *_: geopandas.GeoDataFrame({"geometry": []}, index=[]))
    page = made(tiny_project)
    assert not page.select("svg.pb-map") and len(page.select(".pb-front li a")) == 2
    assert page.select_one(".pb-front p").get_text() == "Choose a place:"


def test_news_are_the_latest_releases_and_the_next(tiny_project, shapes):
    tiny_project.replace(
        "data/sources/jobs.yml",
        "retrieved: 2025-06-30\n",
        "retrieved: 2025-06-30\nreleased: 2025-05-13\nnext_release: 2025-11-04\n",
    )
    text = made(tiny_project).get_text()
    assert "2 places, 2 measures from 2 data sets, taken until 30 June 2025" in text
    assert "13 May 2025: Made-up jobs, Nobody" in text and "4 November 2025: Made-up jobs, Nobody" in text


def test_other_forms_are_named_with_their_files(tiny_project, shapes):
    page = made(tiny_project, [("The book as a PDF", "book.pdf")])
    assert page.select_one('a[href="../downloads/book.pdf"]').get_text() == "The book as a PDF"


def test_hundreds_of_places_are_listed_by_region_without_cards(tiny_project, monkeypatch):
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    (tiny_project.counties / "hertfordshire.yml").unlink()
    monkeypatch.setattr(front_page, "MANY", 1)
    monkeypatch.setattr(front_page, "FEW", 1)
    ledgers = {
        slug: PlaceLedger(slug, slug.title(), "district", code, {}, (VALUE,))
        for slug, code in (("luton", "E06000032"), ("broxbourne", "E07000095"))
    }
    text = front_page.page(tiny_project, Catalogue.open(tiny_project), ledgers, date(2025, 6, 30), ())
    assert "## Places\n" in text and "### East of England\n" in text and "pb-place-card" not in text
    page = BeautifulSoup(text, "html.parser")
    assert [a.get_text() for a in page.select(".pb-columns li a")] == ["Broxbourne", "Luton"]


def test_a_build_of_places_in_no_county_loads_nothing_that_draws():
    code = (
        "import placebook.build.build, placebook.report.front_page, sys; print({'matplotlib', 'geopandas'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
