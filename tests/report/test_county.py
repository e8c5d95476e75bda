"""A county's chapter from small ledgers: matrix, widest gaps, neighbours, targets, and what it refuses."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from small_ledgers import NAMES, band, claim, value, write_ledger

from placebook.catalogue.check_places import county_faults
from placebook.catalogue.load import Catalogue
from placebook.catalogue.narrative import narrative_faults
from placebook.catalogue.places import PlanTarget
from placebook.errors import InputError
from placebook.paths import Project
from placebook.report import county as room
from placebook.report import county_plan, gaps, matrix
from placebook.report.county import Chapter
from placebook.report.matrix import PlaceLedger

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shown(monkeypatch):
    out = []
    monkeypatch.setattr(room, "show_markdown", out.append)
    monkeypatch.setattr(room, "show_words", lambda name, text: out.append(text))
    return out


def chapter(project, broxbourne, letchworth, peers=(None, None)):
    write_ledger(project, "broxbourne", broxbourne, peers[0])
    write_ledger(project, "letchworth", letchworth, peers[1], "town")
    return Chapter.open("hertfordshire", project)


def soup(shown):
    return BeautifulSoup("\n".join(shown), "html.parser")


# ------------------------------------------------------------ which places, which ledgers


def test_a_chapter_has_the_places_that_lie_in_the_county(tiny_project):
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    assert Catalogue.open(tiny_project).members("hertfordshire") == ["broxbourne", "letchworth"]


def test_a_place_that_names_another_county_is_not_in_this_one(tiny_project):
    tiny_project.write("data/counties/other.yml", "name: Other\ncode: E10000015\ndistricts: [E07000099]\n")
    tiny_project.replace("data/counties/hertfordshire.yml", "[E07000095, E07000099]", "[E07000095]")
    tiny_project.replace("params/broxbourne.yml", "kind:", "county: other\nkind:")
    catalogue = Catalogue.open(tiny_project)
    assert catalogue.members("hertfordshire") == []
    assert catalogue.members("other") == ["broxbourne", "letchworth"]
    with pytest.raises(InputError, match="no place in params/ lies in Hertfordshire"):
        Chapter.open("hertfordshire", tiny_project)


def test_a_missing_ledger_says_which_command_makes_it(tiny_project):
    write_ledger(tiny_project, "broxbourne", [])
    with pytest.raises(InputError, match="no ledger of letchworth: run placebook build letchworth"):
        Chapter.open("hertfordshire", tiny_project)


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_half_a_ledger_is_refused(tiny_project, text):
    path = tiny_project.write("_build/ledgers/broxbourne.json", text)
    with pytest.raises(InputError, match="is not whole"):
        PlaceLedger.read(path)


def test_an_unknown_county_names_the_known_ones(tiny_project):
    with pytest.raises(InputError, match="there is no county 'kent': data/counties/ holds hertfordshire"):
        Chapter.open("kent", tiny_project)


# ------------------------------------------------------------ matrix


def test_a_cell_has_its_value_its_entry_and_the_way_to_its_evidence(tiny_project, shown):
    own = [value("broxbourne", "work", 81.0), band("work"), claim("level", "higher")]
    wide = [value("letchworth", "work", 75.0, badge="wider", name="North Hertfordshire", markers=["p"]), band("work")]
    chapter(tiny_project, own, wide).show_appendix()
    table = soup(shown).select_one("table.pb-sortable")
    assert [th.get_text() for th in table.thead.find_all("th")] == ["Measure", "Broxbourne", "Letchworth"]
    (row,) = table.tbody.find_all("tr")
    assert row.th.get_text() == "Employment rate, 2023% of people"
    first, second = row.find_all("td")
    assert first.get_text() == "81.0%"
    assert first["data-entry"] == "broxbourne--work--place--e07000095--2023"
    assert first.a["href"] == "../places/broxbourne/people.html#e-work-2023"
    assert first["data-sort"] == "0.6000"  # (81 − 75) ÷ (80 − 70)
    assert second.get_text() == "75.0% [p]North Hertfordshire (district)"
    assert second.a["href"] == "../places/letchworth/people.html#e-work-2023"
    assert not second.has_attr("data-sort")


def test_different_periods_stand_in_the_cells(tiny_project, shown):
    later = value("broxbourne", "work", 80.0, "2024-01-01/P1Y")
    older = value("broxbourne", "work", 70.0)
    chapter(tiny_project, [older, later], [value("letchworth", "work", 60.0)]).show_appendix()
    row = soup(shown).select_one("table.pb-sortable tbody tr")
    assert row.th.get_text() == "Employment rate% of people"
    assert [td.get_text() for td in row.find_all("td")] == ["80.0%2024", "60.0%2023"]


def test_what_is_not_there_says_so_and_what_is_withheld_shows_its_marker(tiny_project, shown):
    held = [value("broxbourne", "work", None, markers=["u"])]
    chapter(tiny_project, held, []).show_appendix()
    assert [td.get_text() for td in soup(shown).select(".pb-sortable tbody td")] == ["[u]", "not published here"]


def test_ratios_and_flows_are_not_taken_for_the_measure(tiny_project):
    entries = [
        value("broxbourne", "work", 80.0),
        value("broxbourne", "work", 99.0, category="ratio to E92000001"),
        value("broxbourne", "work", 98.0, role="county"),
        value("broxbourne", "work", 7.0, partner="E06000032"),
    ]
    write_ledger(tiny_project, "broxbourne", entries)
    ledger = PlaceLedger.read(tiny_project.ledgers / "broxbourne.json")
    assert [entry["value"] for entry in ledger.series("work")] == [80.0]


def test_a_table_cannot_be_broken_out_of():
    grid = matrix.Grid('a"<b>', ("<i>",), ((matrix.Box("<u>"), matrix.Box("<s>", '"x', '"y', 1, "<q>")),))
    html = matrix.html(grid)
    assert not re.search(r"<(b|i|u|s|q)>", html)
    assert 'aria-label="a&quot;&lt;b&gt;"' in html


# ------------------------------------------------------------ the widest gap


def indicators(project, *ids):
    return [Catalogue.open(project).indicators[name] for name in ids]


def both(project, first, second):
    write_ledger(project, "broxbourne", first)
    write_ledger(project, "letchworth", second)
    return [PlaceLedger.read(project.ledgers / f"{slug}.json") for slug in NAMES]


def widest(project, first, second, *ids):
    sources = Catalogue.open(project).sources
    return gaps.widest(indicators(project, *ids), both(project, first, second), sources)


def test_a_tested_gap_is_clear_or_it_is_not(tiny_project):
    def found(half):
        return widest(
            tiny_project,
            [value("broxbourne", "work", 80.0, lower=80 - half, upper=80 + half), band("work")],
            [value("letchworth", "work", 70.0, lower=70 - half, upper=70 + half)],
            "work",
        )

    clear, unclear = found(3), found(9)
    assert (clear.gap, clear.units, clear.verdict) == (10.0, 1.0, "higher")
    assert clear.tested.lower == pytest.approx(10 - 3 * 2**0.5)  # square-and-add of the half-widths
    assert "It is higher in Broxbourne than in Letchworth" in clear.sentence()
    assert "a gap of 10.0 percentage points, 1.0 times the distance" in clear.sentence()
    assert unclear.verdict == "no_clear_difference"
    assert "There is no clear difference" in unclear.sentence() and "higher" not in unclear.sentence()


def test_the_widest_of_many_must_be_clearer_than_one_alone(tiny_project, monkeypatch):
    """A gap that is clear on its own may be chance where it was picked from many pairs."""
    first = [value("broxbourne", "work", 80.0, lower=75, upper=85), band("work")]
    second = [value("letchworth", "work", 72.5, lower=67.5, upper=77.5)]
    alone = widest(tiny_project, first, second, "work")
    assert alone.verdict == "higher" and alone.p == pytest.approx(alone.tested.p) and alone.p < 0.05
    verdict, _, tested = gaps._verdict(alone, 10, Catalogue.open(tiny_project).sources["jobs"])
    assert tested.clear and verdict == "not_after_choice"
    said = gaps._judged(alone, 10, Catalogue.open(tiny_project).sources)
    assert "higher" not in said.sentence() and "widest of 10 gaps" in said.sentence()
    assert said.p == pytest.approx(10 * alone.p)


def test_measures_are_chosen_by_quartile_distances_not_by_size(tiny_project):
    first = [
        value("broxbourne", "work", 80.0),
        band("work", 60, 70, 100),
        value("broxbourne", "flats", 12.0),
        band("flats", 10, 11, 12),
    ]
    second = [value("letchworth", "work", 60.0), value("letchworth", "flats", 6.0)]
    found = widest(tiny_project, first, second, "work", "flats")
    assert (found.indicator.id, found.units, found.pairs) == ("flats", 3.0, 2)  # 6 ÷ 2, not 20 ÷ 40


def test_without_quartiles_the_first_declared_is_stated_and_nothing_compared(tiny_project):
    found = widest(tiny_project, [value("broxbourne", "work", 80.0)], [value("letchworth", "work", 60.0)], "work")
    assert found.units is None and "quartiles" not in found.sentence()
    assert found.verdict == "gap_only"
    assert found.sentence().endswith("No margin of error is published, so nothing is tested.")


def test_only_own_figures_of_one_period_count(tiny_project):
    own = [value("broxbourne", "work", 80.0)]
    assert widest(tiny_project, own, [value("letchworth", "work", 60.0, badge="wider")], "work") is None
    assert widest(tiny_project, own, [value("letchworth", "work", 60.0, "2022-01-01/P1Y")], "work") is None
    assert widest(tiny_project, own, [value("letchworth", "work", 60.0, markers=["u"])], "work") is None
    earlier = [value("broxbourne", "work", 70.0, "2022-01-01/P1Y"), *own]
    found = widest(tiny_project, earlier, [value("letchworth", "work", 60.0, "2022-01-01/P1Y")], "work")
    assert (found.period, found.gap) == ("2022-01-01/P1Y", 10.0)


def test_full_counts_are_what_they_are_unless_the_publisher_rounds(tiny_project):
    first, second = [value("broxbourne", "flats", 12.0)], [value("letchworth", "flats", 6.0)]
    assert widest(tiny_project, first, second, "flats").verdict == "higher"
    path = tiny_project.sources / "homes.yml"
    path.write_text(path.read_text() + "perturbation: {small_area: 9, total: 26}\n")
    found = widest(tiny_project, first, second, "flats")
    assert found.verdict == "rounded" and "nothing is tested" in found.sentence()
    assert "higher" not in found.sentence()
    assert widest(tiny_project, first, [value("letchworth", "flats", 12.01)], "flats").verdict == "equal"


def test_totals_are_left_out(tiny_project):
    tiny_project.replace("data/indicators/60-places.yml", "measure: share\n", "measure: count\n")
    assert widest(tiny_project, [value("broxbourne", "flats", 9.0)], [value("letchworth", "flats", 1.0)], "flats") is None


def test_gaps_are_shown_with_their_entries_and_kept(tiny_project, shown):
    first = [value("broxbourne", "work", 80.0), band("work")]
    made = chapter(tiny_project, first, [value("letchworth", "work", 70.0, badge="best_fit")])
    made.show_gaps()
    page = soup(shown)
    said = page.select_one(".pb-said")
    assert said["data-claim"] == "county-hertfordshire--gap--people--work"
    assert page.find(id="county-hertfordshire--gap--people--work")
    entries = [td["data-entry"] for td in page.select("td[data-entry]")]
    assert entries[:2] == ["broxbourne--work--place--e07000095--2023", "letchworth--work--place--e07000099--2023"]
    assert any("Places: no measure has figures of two places" in li.get_text() for li in page.find_all("li"))
    made.close()
    kept = json.loads((tiny_project.ledgers / "counties" / "hertfordshire.json").read_text())
    (entry,) = kept["entries"]
    assert entry["value"] == 10.0 and entry["inputs"] == entries[:2]
    assert entry["sentence"] == said.get_text()
    assert kept["page"]["places"] == ["broxbourne", "letchworth"]


# ------------------------------------------------------------ the other sections


def test_strengths_are_the_places_own_sentences_with_the_way_to_their_test(tiny_project, shown):
    entries = [claim("strength", "tested", sentence="Strong <here>."), claim("level", "higher"), claim("rank", "ranked")]
    chapter(tiny_project, entries, [claim("trend", "rising")]).show_appendix()
    page = soup(shown)
    (said,) = page.select(".pb-said")
    assert said.get_text() == "Strong <here>."
    assert page.select_one(".pb-why")["href"] == "../places/broxbourne/people.html#e-strength"
    counts = {row.th.get_text(): [td.get_text() for td in row.find_all("td")] for row in page.select("tbody tr")}
    assert counts["tested"] == ["1", "0"] and counts["upward trend"] == ["0", "1"]
    assert "Challenges: none that the evidence supports for Broxbourne itself." in page.get_text()


def test_neighbours_are_those_of_the_ledgers_and_a_town_has_its_districts(tiny_project, shown):
    near = (
        [{"rank": 3, "code": "E07000099", "name": "North Hertfordshire"}],
        [{"rank": 1, "code": "W06000015", "name": "Cardiff"}, {"rank": 2, "code": "E07000095", "name": "Broxbourne"}],
    )
    chapter(tiny_project, [], [], near).show_alike()
    said = [li.get_text() for li in soup(shown).find_all("li")]
    assert said == [
        "Among the 1 nearest neighbours shown for Broxbourne is North Hertfordshire (rank 3) of this county.",
        "Among the 2 nearest neighbours shown for Letchworth (by its district, North Hertfordshire) is "
        "Broxbourne (rank 2) of this county.",
        "Among each other’s nearest neighbours shown: Broxbourne and Letchworth (by its district).",
    ]


def ledger(slug, kind, district):
    return PlaceLedger(slug, slug.title(), kind, district, {}, ())


def test_each_district_stands_once_by_its_own_page_else_by_its_first_town():
    own = ledger("north", "district", "E07000099")
    towns = [ledger("baldock", "town", "E07000099"), ledger("hitchin", "town", "E07000099")]
    other = ledger("ware", "town", "E07000242")
    assert room.one_a_district([*towns, own, other]) == [own, other]
    assert room.one_a_district([*towns, other]) == [towns[0], other]


def test_a_target_shows_a_districts_figure_once_though_its_towns_pages_show_it_too():
    target = PlanTarget(what="More work", amount="1,000", by="2030")
    (indicator,) = (each for each in Catalogue.open(Project.at(ROOT)).indicators.values() if each.id == "employment-rate")
    figures = {
        "north": [value("north", "employment-rate", 70.0, area="E07000099", name="North")],
        "hitchin": [value("hitchin", "employment-rate", 70.0, badge="wider", area="E07000099", name="North")],
        "ware": [value("ware", "employment-rate", 60.0, badge="wider", area="E07000242", name="East")],
    }
    ledgers = [PlaceLedger(slug, slug.title(), "town", "", {}, tuple(figures[slug])) for slug in ("hitchin", "north", "ware")]
    grid = county_plan.measured(target, indicator, ledgers)
    assert grid.columns == ("Period", "North", "Ware")
    assert [box.text for box in grid.rows[0][1:]] == ["70.0%", "60.0%"]


def test_one_way_is_not_each_others_nearest(tiny_project, shown):
    near = (
        [{"rank": 3, "code": "E07000099", "name": "North Hertfordshire"}],
        [{"rank": 1, "code": "E06000032", "name": "Luton"}],
    )
    chapter(tiny_project, [], [], near).show_alike()
    said = [li.get_text() for li in soup(shown).find_all("li")]
    assert said[1] == (
        "None of the county’s other districts is among the nearest neighbours shown for Letchworth (by its district, "
        "North Hertfordshire)."
    )
    assert said[2] == "No two places of this chapter are among each other’s nearest neighbours shown."


def test_ledgers_without_neighbours_show_no_section(tiny_project, shown):
    chapter(tiny_project, [], []).show_alike()
    assert shown == []


COUNTY = """\
name: Hertfordshire
code: E10000015
districts: [E07000095, E07000099]
story: "One **bold** word."
plan: A plan
plan_targets:
  - {what: More work, amount: "1,000", by: "2030", measured_by: work}
  - {what: More money, amount: "£1m", by: "2030"}
key_sectors:
  - {name: Films, sic: ["59.11"], definition: "analyst-defined: films", employers_named_then: [Studio & Sons]}
documents:
  - {title: A survey, by: Nobody, year: 2019, month: 2, url: "https://example.org/a?b=1&c=2", cited_in: [people]}
  - {title: Undated, url: "https://example.org/undated"}
"""


def test_targets_stand_beside_what_is_measured_without_a_pace(tiny_project, shown):
    tiny_project.write("data/counties/hertfordshire.yml", COUNTY)
    years = [value("broxbourne", "work", 60.0 + n, f"{2016 + n}-01-01/P1Y") for n in range(7)]
    chapter(tiny_project, years, []).show_targets()
    page = soup(shown)
    text = page.get_text()
    assert "start year and its definitions are not held" in text
    assert "More work: 1,000 by 2030." in text
    assert "More money: £1m by 2030. The book holds no measure that is comparable" in text
    recent, earlier = page.find_all("table")
    assert [row.th.get_text() for row in recent.tbody.find_all("tr")] == ["2022", "2021", "2020", "2019", "2018"]
    assert [row.td.get_text() for row in earlier.tbody.find_all("tr")] == ["61.0%", "60.0%"]
    assert earlier.find_parent("details")
    assert not re.search(r"on track|behind|ahead", text)


def test_sectors_and_library_say_only_what_is_written(tiny_project, shown):
    tiny_project.write("data/counties/hertfordshire.yml", COUNTY)
    made = chapter(tiny_project, [], [])
    made.show_sectors()
    row = soup(shown).select_one("tbody tr")
    assert [cell.get_text() for cell in row.find_all(["th", "td"])] == [
        "Films",
        "59.11",
        "analyst-defined: films",
        "Studio & Sons",
    ]
    assert "then, not today" in shown[0]
    shown.clear()
    made.show_library()
    first, second = soup(shown).find_all("li")
    assert first.a["href"] == "https://example.org/a?b=1&c=2" and first.a.get_text() == "A survey"
    assert first.get_text().startswith("Nobody: A survey (February 2019). Belongs, by its title, beside: People.")
    assert second.get_text() == "Undated. https://example.org/undated"


def test_a_county_with_nothing_written_closes_up(tiny_project, shown):
    made = chapter(tiny_project, [], [])
    made.show_targets()
    made.show_sectors()
    made.show_library()
    assert shown == []


def test_the_story_is_the_analysts_words_made_safe(tiny_project, shown):
    tiny_project.write("data/counties/hertfordshire.yml", COUNTY)
    chapter(tiny_project, [], []).show_story()
    assert shown[1] == "<p>One <strong>bold</strong> word.</p>"
    tiny_project.replace("data/counties/hertfordshire.yml", "**bold**", "<b>raw</b>")
    catalogue = Catalogue.open(tiny_project)
    (fault,) = narrative_faults(catalogue)
    assert (fault.file, fault.problem) == ("data/counties/hertfordshire.yml", "holds raw HTML")
    with pytest.raises(ValueError, match="raw HTML"):
        Chapter.open("hertfordshire", tiny_project).show_story()


def test_a_county_that_names_what_is_not_there_is_refused(tiny_project):
    text = COUNTY.replace("measured_by: work", "measured_by: homes").replace("[people]", "[people, peeple]")
    tiny_project.write("data/counties/hertfordshire.yml", text)
    tiny_project.write("params/hertfordshire.yml", "name: Hertford\nkind: district\ncode: E06000032\n")
    found = [fault.problem for fault in county_faults(Catalogue.open(tiny_project))]
    assert found == [
        "has the name of the place params/hertfordshire.yml",
        "there is no indicator 'homes'",
        "there is no theme 'peeple'",
    ]


# ------------------------------------------------------------ the template


def test_the_template_is_thin_and_without_outputs():
    cells = json.loads((ROOT / "notebooks" / "county.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] for cell in cells if cell["cell_type"] == "code")
    assert code[0] == "county = None" and cells[0]["metadata"]["tags"] == ["parameters"]
    assert code[1] == "from placebook.report.county import Chapter\n\nchapter = Chapter.open(county)"
    assert all(re.fullmatch(r"chapter\.(show_\w+|close)\(\)", line) for line in code[2:])
    shown_ones = {line[8:-2] for line in code[2:]}
    assert shown_ones == {name for name in dir(Chapter) if name.startswith("show_")} | {"close"}
