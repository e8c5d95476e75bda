"""Each ledger: every value recomputed from the frozen tables by its derivation; golden readings."""

import csv
import json
from pathlib import Path

import pytest

from placebook.evidence.derivation import each_key, recompute

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
PLACES = ("broxbourne", "letchworth", "st-albans")
FIELDS = {
    "kind", "id", "indicator", "measure", "category", "area", "area_name", "level", "role", "badge",
    "period", "value", "lower", "upper", "unit", "markers", "derivation", "inputs", "source",
}  # fmt: skip


@pytest.fixture(scope="session")
def published() -> dict[str, dict[tuple, tuple]]:
    """Every row of every table, read with nothing but csv."""
    tables = {}
    for path in sorted((ROOT / "data" / "tables").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            tables[f"data/tables/{path.name}"] = {
                tuple(row[:5]): tuple(row[5:]) for row in list(csv.reader(stream))[1:]
            }
    assert len(tables) > 20
    return tables


@pytest.fixture(scope="session", params=PLACES)
def ledger(request, built_book) -> dict:
    return json.loads((built_book.ledgers / f"{request.param}.json").read_text(encoding="utf-8"))


def values(ledger):
    return [entry for entry in ledger["entries"] if entry["kind"] == "value"]


def find(published, table, key):
    for path in table.split(";"):
        if key in published[path]:
            return published[path][key]
    raise KeyError((table, key))


def test_a_ledger_has_place_page_and_entries(ledger):
    assert set(ledger) == {"place", "page", "entries"}
    assert len(values(ledger)) > 1000
    for entry in values(ledger):
        assert entry.keys() >= FIELDS
        assert entry["role"] in {
            "place", "parent", "county", "itl3", "region", "country", "peer", "small_area",
        }  # fmt: skip
        assert entry["badge"] in {"direct", "best_fit", "wider"}
        assert entry["derivation"] in {"published", "sum", "share", "quotient", "difference"}
        assert entry["inputs"]


def test_ids_are_unique(ledger):
    ids = [entry["id"] for entry in ledger["entries"]]
    assert len(ids) == len(set(ids))


def test_every_value_follows_from_its_inputs(ledger, published):
    checked = 0
    for entry in values(ledger):
        if entry["value"] is None:
            continue

        def lookup(table, key):
            return float(find(published, table, key)[0])

        assert recompute(entry, lookup) == pytest.approx(entry["value"], rel=1e-12, abs=1e-12), entry["id"]
        checked += 1
    assert checked > 1000


def test_limits_and_markers_are_the_published_ones(ledger, published):
    seen = 0
    for entry in values(ledger):
        if entry["derivation"] != "published":
            assert entry["lower"] is None and entry["upper"] is None
            continue
        ((inputs),) = entry["inputs"]
        ((key),) = each_key(inputs["key"])
        value, lower, upper, markers = find(published, inputs["table"], key)
        assert entry["lower"] == (float(lower) if lower else None)
        assert entry["upper"] == (float(upper) if upper else None)
        assert set(markers.split()) <= set(entry["markers"])
        assert (entry["value"] is None) == (value == "")
        seen += entry["lower"] is not None
    assert seen > 100


def test_a_number_changed_by_hand_is_noticed(ledger, published):
    entry = dict(next(e for e in values(ledger) if e["derivation"] == "share"))
    right = recompute(entry, lambda table, key: float(find(published, table, key)[0]))
    entry["value"] += 0.5
    assert right != pytest.approx(entry["value"], rel=1e-12)


def test_bands_are_quantiles_of_the_districts(ledger, published):
    import numpy as np

    bands = [e for e in ledger["entries"] if e["kind"] == "band" and len(e["inputs"]) == 1]
    assert len(bands) > 10
    for band in bands:
        ((inputs),) = band["inputs"]
        key = inputs["key"]
        rows = published[inputs["table"]]
        numbers = [
            float(row[0])
            for (area, period, measure, category, partner), row in rows.items()
            if area[:3] in ("E06", "E07", "E08", "E09") and period == key["period"]
            and measure == key["measure"] and category == key["category"] and row[0]
        ]  # fmt: skip
        assert band["districts"] == len(numbers)
        assert band["median"] == pytest.approx(np.median(numbers))
        assert (band["minimum"], band["maximum"]) == (min(numbers), max(numbers))


def test_every_number_in_a_table_has_its_entry(ledger, built_book):
    from bs4 import BeautifulSoup

    path = built_book.html / "book" / "places" / f"{ledger['place']['slug']}.html"
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    known = {entry["id"] for entry in ledger["entries"]}
    named = [cell["data-entry"] for cell in page.select("[data-entry]")]
    assert len(named) > 500
    assert set(named) <= known


def test_golden_readings(ledger, update_golden):
    """The newest figure of each indicator. ``make test ARGS=--update-golden`` writes them again."""
    path = GOLDEN / f"{ledger['place']['slug']}.csv"
    lines = sorted(
        f"{e['indicator']},{e['category'].replace(',', ';')},{e['area']},{e['badge']},{e['period']},{e['value']!r},"
        f"{e['lower']!r},{e['upper']!r}"
        for e in newest(values(ledger))
    )
    text = "indicator,category,area,badge,period,value,lower,upper\n" + "\n".join(lines) + "\n"
    if update_golden:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def newest(entries):
    own = [e for e in entries if e["role"] == "place" and e["value"] is not None]
    last: dict[str, str] = {}
    for entry in own:
        last[entry["indicator"]] = max(last.get(entry["indicator"], ""), entry["period"])
    return [e for e in own if e["period"] == last[e["indicator"]] and not e.get("partner")]
