"""Evidence pages: each number in its row, with everything that a doubter asks for in the same section."""

from types import MappingProxyType

from bs4 import BeautifulSoup

from placebook.catalogue.load import Catalogue
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.report.evidence_pages import LISTED, Explained, _list, page
from placebook.report.ledger import Ledger


def explained(project, slug="broxbourne", indicator="work", corrected=MappingProxyType({})):
    catalogue = Catalogue.open(project)
    evidence = Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), slug)
    reading = evidence.read(indicator)
    ledger = Ledger({"slug": slug}, {indicator: "people"}, corrected)
    for value in (*reading.series, *(v for c in reading.comparators for v in c.series)):
        ledger.add(value)
    record = catalogue.indicators[indicator]
    found = Explained(
        "Broxbourne",
        slug,
        "people",
        "People",
        list(ledger.entries.values()),
        (record,),
        catalogue.sources,
        None,
        [("people-strip", "Figure 2. People", [indicator])],
    )
    return ledger, BeautifulSoup(page(found), "html.parser")


def test_a_row_says_area_badge_period_limits_and_the_row_of_the_table(tiny_project):
    ledger, made = explained(tiny_project)
    entry = next(e for e in ledger.entries.values() if e["role"] == "place" and e["value"] == 76.1)
    row = made.find(id=entry["at"].partition("#")[2])
    assert [cell.get_text() for cell in row.find_all(["th", "td"])] == [
        "Broxbourne (E07000095)",
        "direct",
        "2023",
        "all",
        "76.1%",
        "64.9% to 87.3%",
        "as published",
        "jobs.csv: E07000095,2023-01-01/P1Y,rate,,",
    ]


def test_the_section_says_definition_source_licence_day_and_checksum(tiny_project):
    catalogue = Catalogue.open(tiny_project)
    facts = explained(tiny_project)[1].select_one(".pb-measure dl").get_text(" ")
    for part in (
        "People in work.",
        "Nobody",
        "Made-up jobs",
        "Open Government Licence v3.0",
        "30 June 2025",
        catalogue.sources["jobs"].tables[0].sha256,
    ):
        assert part in facts


def test_the_page_is_whole_without_a_script_and_leads_back(tiny_project):
    _, made = explained(tiny_project)
    assert made.html["lang"] == "en-GB" and len(made.find_all("h1")) == 1
    assert made.select_one("header a")["href"] == "../broxbourne.html"
    assert made.find(id="f-people-strip").a["href"] == "#m-work" and made.find(id="m-work")
    assert made.find(id="s-jobs").a["href"] == "https://example.org/jobs"
    ids = [tag["id"] for tag in made.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_a_sum_names_its_areas(tiny_project):
    _, made = explained(tiny_project, "letchworth", "flats")
    assert "homes.csv: E01000001|E01000002,2021-03-21,homes,flat," in made.get_text()


def test_a_long_list_is_counted():
    codes = [f"E{n}" for n in range(LISTED + 1)]
    assert _list(codes) == f"E0|…|E{LISTED} ({LISTED + 1})" and _list(codes[:2]) == "E0|E1"


def test_the_same_entry_has_the_same_short_name_in_every_edition(tiny_project):
    first, second = (explained(tiny_project)[0].entries for _ in range(2))
    assert {k: e["at"] for k, e in first.items()} == {k: e["at"] for k, e in second.items()}
    assert len({e["at"] for e in first.values()}) == len(first)


def test_a_corrected_figure_says_so_in_its_row_with_both_figures_and_the_way_to_the_evidence(tiny_project):
    row = ("data/tables/jobs.csv", ("E07000095", "2023-01-01/P1Y", "rate", "", ""))
    record = {
        "area": "E07000095",
        "period": "2023-01-01/P1Y",
        "measure": "rate",
        "published": 71.6,
        "value": 76.1,
        "because": "The bulletin <b>prints</b> 76.1.",
        "evidence": "https://www.ons.gov.uk/jobs?a=1&b=2",
    }
    ledger, made = explained(tiny_project, corrected={row: record})
    assert {e["period"] for e in ledger.entries.values() if "corrections" in e} == {"2023-01-01/P1Y"}
    entry = next(e for e in ledger.entries.values() if e["role"] == "place" and e["value"] == 76.1)
    assert entry["corrections"] == [record]
    cells = made.find(id=entry["at"].partition("#")[2]).find_all(["th", "td"])
    assert cells[4].get_text() == "76.1% (corrected)"
    assert cells[6].get_text() == (
        "as publishedCorrected (E07000095, 2023-01-01/P1Y): the publisher gives 71.6, this book 76.1. "
        "The bulletin <b>prints</b> 76.1. Evidence"
    )
    assert cells[6].a["href"] == "https://www.ons.gov.uk/jobs?a=1&b=2"
    assert len([cell for cell in made.select("td") if "(corrected)" in cell.get_text()]) == 1, "no other row"
