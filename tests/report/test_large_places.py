"""A city has more neighbourhoods than a map can name or a page can list: what is drawn then, and what is said of it."""

from datetime import date
from pathlib import Path

import geopandas
import pytest
from shapely.geometry import box

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import DistrictPlace
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.paths import Project
from placebook.report import page_head, special_figures
from placebook.report.ledger import Ledger
from placebook.report.page_findings import Findings

REAL = Project.at(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def studio():
    """Of Birmingham, which has no file of params here."""
    catalogue = Catalogue.open(REAL)
    catalogue.places["birmingham"] = DistrictPlace(name="Birmingham", kind="district", code="E08000025")
    evidence = Evidence(catalogue, Store.open(REAL, catalogue.sources, catalogue.areas), "birmingham")
    themes = {indicator.id: name for name, theme in catalogue.themes.items() for indicator in theme.indicators}
    ledger = Ledger({"slug": "birmingham", "name": "Birmingham", "kind": "district", "district": "E08000025"}, themes)
    return special_figures.Studio(REAL, evidence, ledger, Findings(evidence, ledger))


def test_estimates_of_many_neighbourhoods_are_drawn_at_both_ends(studio):
    evidence = studio.evidence
    (estimates,) = (i for i in evidence.catalogue.indicators.values() if i.reads.kind == "small_area_values")
    reading = evidence.read(estimates.id)
    assert len(reading.details) > special_figures.MOST_ROWS
    picture = studio.estimates(reading)
    (table,) = picture.tables
    ends = [*reading.details[: special_figures.ENDS], *reading.details[-special_figures.ENDS :]]
    assert [row[1].text for row in table.rows] == [value.area for value in ends], "the download is what is drawn"
    assert f"the 20 highest and the 20 lowest of the {len(reading.details)} neighbourhoods of Birmingham" in picture.measure
    (drawn,) = picture.drawn
    assert drawn.alt.count(";") == 2 * special_figures.ENDS - 1 and ends[-1].area_name in drawn.alt
    assert reading.details[special_figures.ENDS].area_name not in drawn.alt


@pytest.mark.parametrize(("count", "named"), [(60, "neighbourhoods"), (61, "districts")])
def test_a_map_names_neighbourhoods_or_where_they_are_too_many_districts(studio, count, named):
    areas = studio.evidence.areas
    codes = [area.code for area in areas.children("E08000025", "msoa") if area.vintage == "2021"][:count]
    shapes = geopandas.GeoDataFrame(
        {"name": [areas.known_as(code) for code in codes]},
        geometry=[box(at, 0, at + 1, 1) for at in range(count)],
        index=codes,
        crs=27700,
    )
    drawn, said = page_head.named(studio.evidence, shapes)
    assert said.startswith(named)
    assert list(drawn["name"]) == (list(shapes["name"]) if count == 60 else ["Birmingham"])
    assert drawn.union_all().equals(shapes.union_all()), "the same ground"


def test_a_line_without_a_sentence_is_left_out(studio):
    class Silent(Findings):
        def of(self, reading):
            return ()

    readings = studio.evidence.theme("people")
    assert readings and Silent(studio.evidence, studio.ledger).paragraphs(readings, date(2026, 11, 23)) == ""
