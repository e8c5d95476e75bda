"""The ledger keeps each number once, and never two under one name."""

import json
from dataclasses import replace

import pytest

from placebook.catalogue.load import Catalogue
from placebook.evidence.reading import Count
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.report.ledger import Ledger


@pytest.fixture
def value(tiny_project):
    catalogue = Catalogue.open(tiny_project)
    store = Store.open(tiny_project, catalogue.sources, catalogue.areas)
    return Evidence(catalogue, store, "letchworth").read("flats").now[0]


def test_an_entry_has_derivation_and_inputs(value):
    ledger = Ledger({"slug": "letchworth"})
    entry = ledger.entries[ledger.add(value)]
    assert (entry["kind"], entry["derivation"], entry["per"]) == ("value", "share", 100)
    assert [(i["table"], i["part"], i["key"]["area"]) for i in entry["inputs"]] == [
        ("data/tables/homes.csv", "numerator", ["E01000001", "E01000002"]),
        ("data/tables/homes.csv", "denominator", ["E01000001", "E01000002"]),
    ]


def test_a_number_shown_twice_is_kept_once(value):
    ledger = Ledger({})
    assert ledger.add(value) == ledger.add(value)
    assert len(ledger.entries) == 1


def test_of_two_rows_with_one_short_name_the_second_has_a_longer_one(value):
    # Met in a page of a real place.
    count = Count("deprivation", 6, 1, ("E01001923",), 2, "imd_decile")
    small = replace(
        value, indicator="deprivation", role="small-area", area="E01001923", period="2025-01-01/P1Y", category="imd_decile"
    )
    ledger = Ledger({"slug": "a"}, {"deprivation": "inside"})
    ids = ["", ""]
    for _ in range(2):
        ids = [ledger.add_count(count, "imd"), ledger.add(small)]
    assert ids == ["deprivation--imd-decile-6", "deprivation--small-area--e01001923--2025-01-01-p1y--imd-decile"]
    first, second = (ledger.entries[id_]["at"] for id_ in ids)
    assert first == "inside.html#e3f35e1e" and second.startswith("inside.html#e") and len(second) == len("inside.html#e") + 20
    assert ledger.href(ids[1]) == f"a/{second}"


def test_two_numbers_under_one_id_are_refused(value):
    ledger = Ledger({})
    ledger.add(value)
    with pytest.raises(ValueError, match="two different numbers would share the ledger id"):
        ledger.add(replace(value, value=99.0))


def test_it_is_written_whole_one_entry_a_line(value, tmp_path):
    ledger = Ledger({"slug": "letchworth"})
    ledger.add(value)
    path = tmp_path / "a" / "letchworth.json"
    ledger.write(path, {"title": "Letchworth"})
    read = json.loads(path.read_text(encoding="utf-8"))
    assert read["place"] == {"slug": "letchworth"} and read["page"] == {"title": "Letchworth"}
    assert len(read["entries"]) == 1
    assert [p.name for p in path.parent.iterdir()] == ["letchworth.json"], "no half-written file is left"


# ------------------------------------------------------------ corrections

RECORD = {"area": "E01000002", "period": "2021-03-21", "measure": "homes", "published": 1, "value": 2}


def test_a_number_made_of_a_corrected_row_carries_the_correction_once_and_no_other_number_does(value, tiny_project):
    catalogue = Catalogue.open(tiny_project)
    other = Evidence(catalogue, Store.open(tiny_project, catalogue.sources, catalogue.areas), "broxbourne").read("flats").now[0]
    (above, below) = value.inputs
    key = ("E01000002", above.period, above.measure, above.categories[0], "")
    assert key[0] in above.areas and key[3] in below.categories, "one row of the numerator, in the denominator too"
    ledger = Ledger({}, {}, {(above.table, key): RECORD})
    assert ledger.entries[ledger.add(value)]["corrections"] == [RECORD]
    assert "corrections" not in ledger.entries[ledger.add(other)]


@pytest.mark.parametrize("at", range(5))
def test_a_row_of_another_table_area_period_measure_or_category_is_another_row(value, at):
    (above, _) = value.inputs
    key = ["E01000002", above.period, above.measure, above.categories[0], ""]
    key[at] = "another"
    for row in ((above.table, tuple(key)), ("another", ("E01000002", *key[1:]))):
        ledger = Ledger({}, {}, {row: RECORD})
        assert "corrections" not in ledger.entries[ledger.add(value)]
