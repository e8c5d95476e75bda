"""Yearly figures of a rate added up over years that follow one another."""

import pytest

from placebook.catalogue.load import Catalogue
from placebook.evidence import district_band
from placebook.evidence.derivation import recompute
from placebook.evidence.panel import panel
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store

HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"
MEASURE = "  homes_added: {label: homes, unit: homes, minimum: -100, maximum: 1000}"
# Made up for these tests; they exist nowhere else.
ADDED = {
    "E06000032": {2019: 7, 2021: 7, 2022: 7},  # a year is missing
    "E07000095": {2019: 4, 2020: 6, 2021: 9, 2022: 1},
    "E07000099": {2019: 2, 2020: 3, 2021: 5, 2022: 8},
    "E92000001": {2019: 5, 2020: 5, 2021: 6, 2022: 5},
}
ROWS = [(code, year, n) for code, of_code in ADDED.items() for year, n in of_code.items()]
TABLE = HEAD + "".join(f"{code},{year}-04-01/P1Y,homes_added,,,{n},,,\n" for code, year, n in ROWS)
TOGETHER = """\
  - id: added-together
    title: Homes added in three years
    phrase: homes added in three years
    question: How many?
    definition: Homes.
    unit: per-1000
    unit_words: homes per 1,000
    decimals: 0
    polarity: higher_is_better
    measure: rate
    uncertainty: estimate_without_limits
    counts: none
    source: homes-added
    reads: {kind: published, measure: homes_added, years: 3}
    levels: [district, country]
    comparators: [country]
"""


@pytest.fixture
def evidence(tiny_project):
    tiny_project.table("homes-added", TABLE, "[district, country]", MEASURE)
    tiny_project.write("data/indicators/60-places.yml", f"title: Places\nquestion: Who?\nindicators:\n{TOGETHER}")
    catalogue = Catalogue.open(tiny_project)
    return Evidence(catalogue, Store.open(tiny_project, catalogue.sources, catalogue.areas), "broxbourne")


def test_three_years_are_added_up_and_named_by_the_first(evidence):
    series = evidence.read("added-together").series
    assert [(value.period, value.value) for value in series] == [
        ("2019-04-01/P3Y", 4 + 6 + 9),
        ("2020-04-01/P3Y", 6 + 9 + 1),
    ]
    assert [given.period for given in series[0].inputs] == [f"{year}-04-01/P1Y" for year in (2019, 2020, 2021)]
    record = {"derivation": series[0].derivation, "inputs": [given.record() for given in series[0].inputs]}
    rows = {(code, f"{year}-04-01/P1Y"): float(n) for code, year, n in ROWS}
    assert recompute(record, lambda _, key: rows[key[0], key[1]]) == 4 + 6 + 9


def test_england_stands_beside_it_over_the_same_years(evidence):
    england = evidence.read("added-together").beside("country")
    assert [value.value for value in england.series] == [5 + 5 + 6, 5 + 6 + 5]


def test_districts_and_panel_hold_the_same_and_none_that_lacks_a_year(evidence, monkeypatch):
    monkeypatch.setattr(district_band, "ENOUGH_DISTRICTS", 2)
    reading = evidence.read("added-together")
    assert reading.period == "2020-04-01/P3Y"
    assert dict(zip(reading.districts.codes, reading.districts.values, strict=True)) == {
        "E07000095": 6 + 9 + 1,
        "E07000099": 3 + 5 + 8,
    }
    assert [given["key"]["period"] for given in reading.districts.inputs] == [
        f"{year}-04-01/P1Y" for year in (2020, 2021, 2022)
    ]
    table = panel(evidence.store, reading.indicator, ("E06000032", "E07000095", "E07000099"))
    assert table.periods == ("2019-04-01/P3Y", "2020-04-01/P3Y")
    assert table.of("E07000095").tolist() == [19, 16] and table.england.tolist() == [16, 16]
    lacking = table.of("E06000032")
    assert lacking is None or (lacking != lacking).all()
