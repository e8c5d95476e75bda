"""What tables and pictures over time hold of the real figures."""

from pathlib import Path

import pytest

from placebook.catalogue.load import Catalogue
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.paths import Project
from placebook.report import chart_data
from placebook.report.ledger import Ledger


@pytest.fixture(scope="module")
def broxbourne():
    project = Project.at(Path(__file__).parents[2])
    catalogue = Catalogue.open(project)
    evidence = Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), "broxbourne")
    themes = {indicator.id: name for name, theme in catalogue.themes.items() for indicator in theme.indicators}
    return evidence, Ledger({"slug": "broxbourne"}, themes)


def test_a_table_over_time_has_a_row_for_each_period_and_every_number_in_the_ledger(broxbourne):
    evidence, ledger = broxbourne
    readings = evidence.theme("productivity")
    made = chart_data.series_tables(readings, ledger)
    shown = chart_data.in_panel(readings)
    assert len(made) > len(shown) > 10, "money in current prices stands twice, once with England as 100"
    first = made[0]
    assert len(first.rows) == len(shown[0].series) and first.columns[:2] == ("Period", "Broxbourne")
    assert {cell.entry for table in made for row in table.rows for cell in row if cell.entry} == set(ledger.entries)


def test_a_line_over_time_begins_where_the_place_s_own_does_and_lies_on_top(broxbourne):
    evidence, _ = broxbourne
    reading = evidence.read("gdp-per-head")
    *beside, own = chart_data.lines(reading)
    assert own.role == "place" and own.name == "Broxbourne"
    assert [value.value for value in reading.series] == list(own.values)
    assert beside and all(min(line.years) >= min(own.years) for line in beside)
