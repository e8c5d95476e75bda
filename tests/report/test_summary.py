"""A place in short: what the pages of the whole book and a build's last words need of its ledger."""

from placebook.catalogue.load import Catalogue
from placebook.report import summary
from placebook.report.brief import Brief, Finding
from placebook.report.coverage import Coverage
from placebook.report.matrix import PlaceLedger

FINDING = Finding("finding--level--work", "Better", "More work", "More people work.", "2023")
BRIEF = Brief("ayton", "Ayton", "District.", "More work.", (FINDING,), "1 better.", ())


def test_a_summary_holds_the_newest_figures_and_the_findings(tiny_project, tmp_path):
    entries = [
        {
            "kind": "value",
            "id": f"{indicator}--{role}--{category}--{period[:4]}",
            "role": role,
            "level": role,
            "category": category,
            "area": role,
            "indicator": indicator,
            "period": period,
            "value": 1.0,
        }
        for role in ("place", "country")
        for category in ("", "a")
        for indicator in ("work", "flats")
        for period in ("2022-01-01/P1Y", "2023-01-01/P1Y")
    ]
    finding = {"kind": "finding", "id": "f", "order": 1, "indicator": "work"}
    place = {"slug": "ayton", "name": "Ayton", "kind": "district", "district": "E07000001"}
    record = {
        "place": place,
        "page": {"figures": 3, "tables": 4, "missing": {"work": "gone", "y": "gone"}, "coverage": {"work": "direct"}},
    }
    record["entries"] = [*entries, finding, {**finding, "id": "g", "order": None}]
    summary.write(tmp_path / "ayton.json", record, Catalogue.open(tiny_project), BRIEF)
    counts, small, short, coverage = summary.read(tmp_path / "ayton.json")
    assert short == BRIEF and coverage == Coverage({"work": "direct"}, len(entries))
    assert counts == (3, 4, len(entries) + 2) and small.name == "Ayton"
    assert small.findings == [finding] and small.page == {"missing": {"work": "gone"}}
    for indicator in ("work", "flats"):
        assert small.newest(indicator) == PlaceLedger.of(record).newest(indicator)
        assert small.england(indicator, "2023-01-01/P1Y") is not None
    assert len(small.entries) == 1 + 2 * 2, "neither older periods nor groups"
