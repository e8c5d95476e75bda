"""What is published for no smaller area than a county or a region is told once, in the county's chapter."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from placebook.paths import Project
from placebook.report import county as chapters
from placebook.report import page as pages
from placebook.report import wider
from placebook.report.county import Chapter
from placebook.report.page import Page

HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"
ROADS = """\
  - id: roads
    title: Road traffic
    phrase: road traffic
    question: How much is driven?
    definition: Miles driven.
    unit: count
    unit_words: miles
    decimals: 0
    polarity: neither
    measure: count
    uncertainty: full_count
    counts: none
    source: roads
    reads: {kind: published, measure: miles}
    levels: [county]
    comparators: [country]
"""


@pytest.fixture
def project(tiny_project):
    """The tiny checkout with a measure that is published for the county alone: 30, 40 and 50 miles."""
    rows = "".join(f"E10000015,{year}-01-01/P1Y,miles,,,{miles},,,\n" for year, miles in ((2021, 30), (2022, 40), (2023, 50)))
    tiny_project.table("roads", HEAD + rows, "[county]", "  miles: {label: Miles, unit: miles, minimum: 0, maximum: 1000}")
    text = (tiny_project.root / "data/indicators/60-places.yml").read_text(encoding="utf-8")
    tiny_project.write("data/indicators/60-places.yml", text + ROADS)
    return tiny_project


@pytest.fixture
def shown(monkeypatch):
    """What pages and chapters show, in order; pictures and analysts' words apart."""
    blocks: list[str] = []
    for room in (pages, chapters):
        monkeypatch.setattr(room, "show_markdown", lambda text: blocks.append(str(text)))
        monkeypatch.setattr(room, "show_words", lambda name, text: None)
    monkeypatch.setattr(pages, "show_figure", lambda html, *, name, alt: None)
    return blocks


def made(project: Project, *places: str) -> None:
    for place in places:
        Page.open(place, project).close()


def test_a_districts_page_says_where_it_is_told_and_shows_none_of_it(project, shown):
    Page.open("broxbourne", project).show_wider()
    assert shown == [
        "## Published for no smaller area",
        "<p>1 measure is published for Hertfordshire alone, and told once for all places in "
        '<a href="../counties/hertfordshire.html#county-hertfordshire--wider">the chapter of Hertfordshire</a>.</p>',
    ]


def test_the_chapter_tells_it_once_with_its_evidence_at_one_place(project, shown):
    made(project, "broxbourne", "letchworth")
    chapter = Chapter.open("hertfordshire", project)
    chapter.show_wider()
    heading, introduction, part = shown
    assert heading == "## Published for no smaller area" and 'id="county-hertfordshire--wider"' in introduction
    assert "1 measure is published for Hertfordshire alone: told here once" in introduction
    soup = BeautifulSoup(part, "html.parser")
    assert [row.th.a.get_text() for row in soup.select(".pb-sc tbody tr")] == ["Road traffic"]
    assert [cell.get_text() for cell in soup.select(".pb-series td")] == ["30", "40", "50"]
    assert "of any one place of Hertfordshire" in part and "Broxbourne" not in re.sub(r'="[^"]*"', "", part)
    addresses = {link["href"] for link in soup.select("a") if "places/" in link["href"]}
    assert addresses and all(address.startswith("../places/broxbourne/places.html#") for address in addresses)
    evidence = (project.evidence / "broxbourne" / "places.html").read_text(encoding="utf-8")
    for address in addresses:
        assert f'id="{address.partition("#")[2]}"' in evidence or address.endswith("#claims")
    back = BeautifulSoup(evidence, "html.parser").select_one("#m-roads ~ p a.pb-back")
    assert back is not None and back["href"] == "../../counties/hertfordshire.html#county-hertfordshire--wider"
    assert chapter.tables > 0


def test_a_page_keeps_the_rows_but_does_not_count_what_the_chapter_shows(project, shown):
    made(project, "broxbourne")
    with_county = json.loads((project.ledgers / "broxbourne.json").read_text(encoding="utf-8"))
    assert {e["value"] for e in with_county["entries"] if e["kind"] == "value" and e["indicator"] == "roads"} == {30, 40, 50}
    assert with_county["page"]["tables"] == with_county["page"]["words"] == 0
    shown.clear()
    (project.root / "data/counties/hertfordshire.yml").unlink()
    page = Page.open("broxbourne", project)
    page.show_wider()
    assert page.tables > 0 and "Road traffic" in shown[2]
    assert "of Hertfordshire that Broxbourne lies in: they say nothing of Broxbourne alone" in shown[1]


def test_what_a_town_has_of_its_district_stays_on_its_page(project, shown):
    page = Page.open("letchworth", project)
    assert {name: [r.indicator.id for r in found] for name, found in wider.readings(page.evidence).items()} == {
        "people": ["work"]
    }
    assert [r.indicator.id for r in wider.told_in_chapter(page.evidence)["places"]] == ["roads"]
    page.show_wider()
    assert shown[0] == "## North Hertfordshire: what is published for no smaller area"
    assert "Employment rate" in shown[2] and not any("Road traffic" in block for block in shown)


def test_what_one_place_leaves_out_another_tells(project, shown):
    (project.root / "params/broxbourne.yml").write_text(
        "name: Broxbourne\nkind: district\ncode: E07000095\nleave_out: {roads: No road of it is ours.}\n", encoding="utf-8"
    )
    made(project, "broxbourne", "letchworth")
    Chapter.open("hertfordshire", project).show_wider()
    assert "../places/letchworth/places.html#" in shown[2]


def test_a_county_whose_places_have_figures_of_their_own_has_no_such_part(tiny_project, shown):
    for place in ("broxbourne", "letchworth"):
        page = Page.open(place, tiny_project)
        page.show_theme("places")
        page.close()
    shown.clear()
    Chapter.open("hertfordshire", tiny_project).show_wider()
    assert shown == []
