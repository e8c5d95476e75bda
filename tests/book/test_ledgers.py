"""Each ledger: every value recomputed from the frozen tables by its derivation; golden readings."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import small_areas
import yaml

from placebook.catalogue.load import Catalogue
from placebook.evidence.derivation import each_key, recompute

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
PLACES = ("broxbourne", "letchworth", "st-albans")
FIELDS = {
    "kind",
    "id",
    "indicator",
    "measure",
    "category",
    "area",
    "area_name",
    "level",
    "role",
    "badge",
    "period",
    "value",
    "lower",
    "upper",
    "unit",
    "markers",
    "derivation",
    "inputs",
    "source",
}


@pytest.fixture(scope="session")
def published() -> dict[str, dict[tuple, tuple]]:
    """Every row of every table, of small areas those of the county, read without the package."""
    tables = {}
    for path in sorted((ROOT / "data" / "tables").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            tables[f"data/tables/{path.name}"] = {tuple(row[:5]): tuple(row[5:]) for row in list(csv.reader(stream))[1:]}
    assert len(tables) > 20
    county = yaml.safe_load((ROOT / "data" / "counties" / "hertfordshire.yml").read_text(encoding="utf-8"))
    for path in sorted((ROOT / "data" / "small-areas").glob("*.parquet")):
        if "value" in pq.read_schema(path).names:
            name = f"data/small-areas/{path.name}"
            cells = small_areas.rows(ROOT, name, county["districts"]).to_numpy().tolist()
            tables[name] = {tuple(row[:5]): tuple(row[5:]) for row in cells}
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
    assert set(ledger) == {"place", "page", "quotes", "entries"}
    assert len(values(ledger)) > 1000
    for entry in values(ledger):
        assert entry.keys() >= FIELDS
        assert entry["role"] in {
            "place",
            "parent",
            "county",
            "itl3",
            "region",
            "country",
            "peer",
            "near",
            "small_area",
            "pooled",
        }
        assert entry["badge"] in {"direct", "best_fit", "wider"}
        assert entry["derivation"] in {"published", "percentage", "sum", "share", "mean", "quotient", "difference"}
        assert entry["inputs"]


def test_the_coverage_of_every_measure_is_what_its_figures_say(ledger):
    page = ledger["page"]
    assert page["badges"] == {kind: list(page["coverage"].values()).count(kind) for kind in page["badges"]}
    assert sum(page["badges"].values()) == len(page["coverage"]) > 100
    badges = {entry["indicator"]: entry["badge"] for entry in values(ledger) if entry["role"] == "place"}
    assert {name: page["coverage"][name] for name in badges} == badges
    assert {name: why for name, why in page["coverage"].items() if name in page["missing"]} == page["missing"]


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
            worked_out = entry["role"] == "pooled"  # the book's own: see test_claims_again
            assert worked_out or (entry["lower"] is None and entry["upper"] is None)
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
            if area[:3] in ("E06", "E07", "E08", "E09")
            and period == key["period"]
            and measure == key["measure"]
            and category == key["category"]
            and row[0]
        ]
        assert band["districts"] == len(numbers)
        times = band.get("per", 1)
        assert band["median"] == pytest.approx(times * np.median(numbers))
        assert (band["minimum"], band["maximum"]) == (times * min(numbers), times * max(numbers))


def test_every_number_leads_to_the_row_of_its_entry(ledger, built_book):
    """From text, card and table in one step: the row says the same number, its area and its tables."""
    from bs4 import BeautifulSoup

    slug = ledger["place"]["slug"]
    places = built_book.html / "book" / "places"
    page = BeautifulSoup((places / f"{slug}.html").read_text(encoding="utf-8"), "lxml")
    rows = {
        f"{path.name}#{row['id']}": row.get_text(" ")
        for path in sorted((places / slug).glob("*.html"))
        for row in BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").select("tr[id]")
    }
    entries = {entry["at"]: entry for entry in ledger["entries"] if entry["kind"] != "finding"}
    assert set(rows) == set(entries), "every entry has its row, and no row is without"
    links = page.select("a.pb-n, .pb-figure td a, .pb-table td a")
    assert len(links) > 800
    for link in links:
        at = link["href"].removeprefix(f"{slug}/")
        entry, row = entries[at], " ".join(rows[at].split())
        if entry["kind"] == "value":
            assert entry["area"] in row and entry["area_name"] in row
            number = link.get_text().split(" ")[0].split("(")[0].lstrip("\u2212£").rstrip("%")
            same = number.rstrip("0").rstrip(".") if "." in number else number  # 66.90 beside 51.95 is the row's 66.9
            assert same in row, (at, link.get_text(), row)
        if entry["kind"] == "claim":  # a gap, a place, a count: its test, in the sentence that the link stands in
            assert link.get_text() in entry["sentence"]
        elif entry["kind"] != "count":
            assert all(given["table"].rpartition("/")[2] in row for given in entry["inputs"])


def test_an_evidence_page_names_source_licence_and_checksum(ledger, built_book):
    from bs4 import BeautifulSoup

    catalogue = Catalogue.open(built_book)
    slug = ledger["place"]["slug"]
    for name, theme in catalogue.themes.items():
        path = built_book.html / "book" / "places" / slug / f"{name}.html"
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for section in page.select(".pb-measure"):
            (indicator,) = [i for i in theme.indicators if f"m-{i.id}" == section.h2["id"]]
            source = catalogue.sources[indicator.source]
            text = " ".join(section.dl.get_text(" ").split())
            assert " ".join(indicator.definition.split()) in text and source.publisher in text
            assert source.landing_page in [a["href"] for a in section.dl.select("a")]
            assert "nationalarchives.gov.uk" in str(section.dl) or "parliament.uk" in str(section.dl)
            assert all(table.sha256 in text for table in source.tables)
            assert str(source.retrieved.year) in text


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
