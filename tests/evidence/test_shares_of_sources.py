"""A count over a whole that another source publishes, of its own period, or of one that is named; rates over rates."""

import pytest

from placebook.catalogue.load import Catalogue
from placebook.evidence import district_band
from placebook.evidence.derivation import recompute
from placebook.evidence.panel import panel
from placebook.evidence.readings import Evidence
from placebook.evidence.series import whole_period
from placebook.evidence.store import Store

HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"
# Made up for these tests; they exist nowhere else.
DISTRICTS = ("E06000032", "E07000095", "E07000099")
MEASURE = "  {0}: {{label: {0}, unit: units, minimum: 0, maximum: 1000000000}}"
OFFENCES = HEAD + "".join(f"{code},2023-07-01/P1Y,offences,,,{n},,,\n" for code, n in zip(DISTRICTS, (90, 26, 51), strict=True))
PEOPLE = {"2021": (500, 200, 300), "2022": (550, 250, 320), "2023": (600, 260, 340), "2024": (700, 300, 400)}
RESIDENTS = HEAD + "".join(
    f"{code},{year}-06-30,people,,,{n},,,\n"
    for code, of_code in zip(DISTRICTS, zip(*PEOPLE.values(), strict=True), strict=True)
    for year, n in zip(PEOPLE, of_code, strict=True)
)
RATE = """\
  - id: offence-rate
    title: Offences
    phrase: the number of offences
    question: How many?
    definition: Offences.
    unit: per-1000
    unit_words: offences per 1,000 residents
    decimals: 1
    polarity: lower_is_better
    measure: share
    uncertainty: estimate_without_limits
    counts: none
    source: offences
    reads:
      kind: share
      numerator: {measure: offences}
      denominator: {measure: people, source: people, period: before}
      per: 1000
    levels: [district]
    comparators: [county]
"""


def written(project, text=RATE):
    project.table("offences", OFFENCES, "[district]", MEASURE.format("offences"))
    project.table("people", RESIDENTS, "[district]", MEASURE.format("people"))
    project.write("data/indicators/60-places.yml", f"title: Places\nquestion: Who?\nindicators:\n{text}")
    return project


def evidence(project, slug="broxbourne"):
    catalogue = Catalogue.open(project)
    return Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), slug)


def lookup(table, key):
    text = {"data/tables/offences.csv": OFFENCES, "data/tables/people.csv": RESIDENTS}[table]
    area, period, measure, *_ = key
    return next(float(row.split(",")[5]) for row in text.splitlines() if row.startswith(f"{area},{period},{measure},"))


def test_offences_of_a_year_stand_over_the_residents_of_the_june_before(tiny_project):
    reading = evidence(written(tiny_project)).read("offence-rate")
    (value,) = reading.now
    assert value.value == pytest.approx(1000 * 26 / 260) and value.period == "2023-07-01/P1Y"
    assert [given.period for given in value.inputs] == ["2023-07-01/P1Y", "2023-06-30"]
    assert [given.table for given in value.inputs] == ["data/tables/offences.csv", "data/tables/people.csv"]
    record = {"derivation": value.derivation, "per": value.per, "inputs": [given.record() for given in value.inputs]}
    assert recompute(record, lookup) == pytest.approx(value.value)
    assert reading.indicator.sources == ("offences", "people")


def test_a_county_has_all_offences_over_all_residents_of_its_districts(tiny_project):
    county = evidence(written(tiny_project)).read("offence-rate").beside("county")
    assert county.series[0].value == pytest.approx(1000 * (26 + 51) / (260 + 340))


def test_one_year_may_be_named(tiny_project):
    growth = RATE.replace("source: people, period: before", "period: '2021-06-30'").replace("offences}", "people}")
    growth = growth.replace("source: offences", "source: people").replace("per: 1000", "per: 100")
    reading = evidence(written(tiny_project, growth)).read("offence-rate")
    assert [value.value for value in reading.series] == pytest.approx([100 * n / 200 for n in (200, 250, 260, 300)])


def test_the_districts_and_the_panel_hold_the_same_figures(tiny_project, monkeypatch):
    monkeypatch.setattr(district_band, "ENOUGH_DISTRICTS", 3)
    found = evidence(written(tiny_project))
    reading = found.read("offence-rate")
    rates = [1000 * n / of for n, of in zip((90, 26, 51), (600, 260, 340), strict=True)]
    assert reading.districts.values == pytest.approx(rates)
    assert reading.districts.inputs[1]["key"]["period"] == "2023-06-30"
    assert reading.districts.inputs[1]["table"] == "data/tables/people.csv"
    assert reading.districts.below == (600, 260, 340)
    table = panel(found.store, reading.indicator, DISTRICTS)
    assert table.periods == ("2023-07-01/P1Y",) and table.values[0] == pytest.approx(rates)


def test_rates_over_rates_are_for_published_areas_alone(tiny_project, monkeypatch):
    """90 over 600 is no number of anything: nothing is counted in it, and a county's districts do not add up."""
    monkeypatch.setattr(district_band, "ENOUGH_DISTRICTS", 3)
    rates = RATE.replace("per: 1000", "per: 1000\n      rates: true").replace("[county]", "[]")
    reading = evidence(written(tiny_project, rates.replace("measure: share", "measure: ratio"))).read("offence-rate")
    (value,) = reading.now
    assert value.derivation == "quotient" and value.value == pytest.approx(1000 * 26 / 260)
    assert value.numerator is None and value.denominator is None and reading.districts.below == ()
    assert all(not comparator.series for comparator in reading.comparators)
    record = {"derivation": "quotient", "per": 1000, "inputs": [given.record() for given in value.inputs]}
    assert recompute(record, lookup) == pytest.approx(value.value)


@pytest.mark.parametrize(
    ("period", "held", "found"),
    [
        ("2024-03-01/P1M", ("2022-06-30", "2023-06-30", "2024-06-30"), "2023-06-30"),
        ("2023-06-30", ("2022-06-30", "2023-06-30"), "2023-06-30"),
        ("2024-03-01/P1M", ("2023-07-01/P1Y", "2022-07-01/P1Y"), "2022-07-01/P1Y"),  # the one year is not over in March
        ("1990-03-01/P1M", ("1991-06-30",), ""),
    ],
)
def test_before_is_the_newest_that_is_over(tiny_project, period, held, found):
    whole = evidence(written(tiny_project)).catalogue.indicators["offence-rate"].reads.denominator
    assert whole_period(whole, period, held) == found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("source: people,", "source: persons-2,", "there is no source 'persons-2'"),
        ("counts: none", "counts: stock", "is set over what it is no part of"),
        ("measure: people, source", "measure: persons, source", "the source 'people' has no measure 'persons'"),
    ],
)
def test_a_whole_that_nobody_publishes_is_a_fault(tiny_project, old, new, said):
    from placebook.catalogue.check import check

    written(tiny_project, RATE.replace(old, new))
    assert any(said in str(fault) for fault in check(Catalogue.open(tiny_project), None))
