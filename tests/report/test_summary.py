"""A place in short: what the front page and the build's last words need of its ledger."""

from placebook.catalogue.load import Catalogue
from placebook.report import summary
from placebook.report.matrix import PlaceLedger


def test_a_summary_makes_the_same_card_as_the_whole_ledger(tiny_project, tmp_path):
    entries = [
        {"kind": "value", "role": role, "category": category, "indicator": indicator, "period": period, "value": 1.0}
        for role in ("place", "country")
        for category in ("", "a")
        for indicator in ("work", "flats")
        for period in ("2022-01-01/P1Y", "2023-01-01/P1Y")
    ]
    place = {"slug": "ayton", "name": "Ayton", "kind": "district", "district": "E07000001"}
    record = {"place": place, "page": {"figures": 3, "tables": 4}, "entries": entries}
    summary.write(tmp_path / "ayton.json", record, Catalogue.open(tiny_project))
    counts, small = summary.read(tmp_path / "ayton.json")
    assert counts == (3, 4, len(entries))
    assert small.newest("work") == PlaceLedger.of(record).newest("work") and len(small.entries) == 2 and not small.page
    assert small.newest("flats") is None and small.name == "Ayton", "only work is a headline"
