"""Several places side by side: one period, one source, England beside them, each figure with its way back."""

import json

import pytest
from bs4 import BeautifulSoup
from small_ledgers import DISTRICTS, NAMES, YEAR, band, value, write_ledger

from placebook.catalogue.load import Catalogue
from placebook.report import compare_page, comparison
from placebook.report.matrix import PlaceLedger

EARLIER = "2022-01-01/P1Y"


def england(number, period=YEAR, indicator="work", role="country"):
    more = {"area": "E92000001", "name": "England", "level": "country", "role": role}
    return value("broxbourne", indicator, number, period, **more) | {"id": f"{indicator}--{role}--e92000001--{period[:4]}"}


def ledgers(project, **entries):
    for slug in NAMES:
        write_ledger(project, slug, entries.get(slug, []), kind="town" if slug == "letchworth" else "district")
    return [PlaceLedger.read(project.ledgers / f"{slug}.json") for slug in NAMES]


def compared(project, **entries):
    return comparison.compared(Catalogue.open(project).indicators["work"], ledgers(project, **entries))


def shown(html):
    return BeautifulSoup(html, "html.parser")


def test_the_newest_period_that_most_places_share_is_compared(tiny_project):
    old = [value("broxbourne", "work", 70.0, EARLIER), value("broxbourne", "work", 80.0), england(75.0), england(74.0, EARLIER)]
    both = compared(tiny_project, broxbourne=old, letchworth=[value("letchworth", "work", 60.0, badge="best_fit")])
    assert both.period == YEAR and [entry["value"] for _, entry in both.own] == [80.0, 60.0]
    assert both.england[1]["value"] == 75.0
    assert compared(tiny_project, broxbourne=[], letchworth=[]) is None


def test_a_figure_of_another_period_says_so_and_is_in_no_strip(tiny_project):
    later = value("letchworth", "work", 60.0, "2024-01-01/P1Y", badge="best_fit")
    newer = [value("broxbourne", "work", 80.0, "2024-01-01/P1Y"), value("broxbourne", "work", 70.0)]
    both = compared(tiny_project, broxbourne=newer, letchworth=[later])
    assert both.period == "2024-01-01/P1Y" and len(both.own) == 2
    apart = compared(tiny_project, broxbourne=newer[1:], letchworth=[value("letchworth", "work", 60.0, EARLIER, "best_fit")])
    assert apart.period == YEAR and [ledger.slug for ledger, _ in apart.own] == ["broxbourne"]
    row = comparison.table([apart], "T").rows[0]
    assert (row[1].text, row[1].note) == ("70.0%", "") and (row[2].text, row[2].note) == ("60.0%", "added up; only 2022")


def test_readings_that_stand_together_are_compared_together(tiny_project):
    several = "2021-01-01/P3Y"
    own = [value("broxbourne", "work", 80.0), value("broxbourne", "work", 78.0, several, role="pooled"), england(75.0)]
    own.append(england(76.0, several, role="pooled"))
    both = compared(tiny_project, broxbourne=own)
    assert both.period == several and both.own[0][1]["value"] == 78.0 and both.england[1]["value"] == 76.0
    assert both.when == "2021 to 2023, readings taken together"


def test_a_wider_area_is_drawn_under_its_own_name_once_and_a_county_never(tiny_project):
    wide = {"badge": "wider", "name": "North Hertfordshire"}
    entries = [value("broxbourne", "work", 80.0), england(75.0), band("work")]
    both = compared(tiny_project, broxbourne=entries, letchworth=[value("letchworth", "work", 77.0, **wide)])
    page = shown(comparison.strips([both], "row-"))
    label = page.select_one("svg[role=img]")["aria-label"]
    assert label == "Employment rate, 2023: Broxbourne 80.0%, North Hertfordshire 77.0%, England 75.0%"
    assert page.select_one("svg[role=img] .p-wider .hollow") and "Letchworth" not in label
    assert "North Hertfordshire, where nothing is published for Letchworth alone" in page.ul.get_text()
    assert page.select_one(".pb-compared a")["href"] == "#row-work"
    county = value("letchworth", "work", 77.0, badge="wider", name="Hertfordshire", level="county", area="E10000015")
    assert "Hertfordshire" not in comparison.strips([compared(tiny_project, broxbourne=entries, letchworth=[county])], "r-")


def test_every_number_of_the_table_leads_to_its_row(tiny_project):
    entries = [value("broxbourne", "work", 80.0), england(75.0)]
    both = compared(tiny_project, broxbourne=entries, letchworth=[value("letchworth", "work", 77.0, badge="best_fit")])
    _, own, other, whole = comparison.table([both], "T", seen_from="places").rows[0]
    assert own.href == "places/broxbourne/people.html#e-work-2023" and own.entry == f"broxbourne--{entries[0]['id']}"
    assert other.href == "places/letchworth/people.html#e-work-2023" and other.note == "added up"
    assert whole.text == "75.0%" and whole.entry == f"broxbourne--{entries[1]['id']}"


# ------------------------------------------------------------ the page that compares


def page(project, **entries):
    made = ledgers(project, **entries)
    return shown(compare_page.page(Catalogue.open(project), {ledger.slug: ledger for ledger in made}))


def test_the_page_holds_all_places_by_section_and_all_headline_measures(tiny_project):
    own = {slug: [value(slug, name, 50.0) for name in ("work", "flats")] for slug in NAMES}
    made = page(tiny_project, **own)
    tables = made.select(".pb-two details table")
    assert [table.caption.get_text() for table in tables] == ["People", "Places"]
    for table in tables:
        assert [th.get("data-label") for th in table.thead.select("th")] == [None, "broxbourne", "letchworth", None]
    headline = made.select("table")[-1]
    assert [row.th.get_text() for row in headline.tbody.select("tr")] == ["Broxbourne", "Letchworth", "England"]
    assert not made.select("script, select, form"), "a plain page until the book's own script finds it"


def test_one_place_is_beside_nothing_and_hundreds_have_their_headlines_alone(tiny_project, monkeypatch):
    own = {slug: [value(slug, "work", 50.0)] for slug in NAMES}
    monkeypatch.setattr(compare_page, "MANY", 1)
    assert not page(tiny_project, **own).select(".pb-two")
    (one, _) = ledgers(tiny_project, **own)
    alone = shown(compare_page.page(Catalogue.open(tiny_project), {"broxbourne": one}))
    assert "This book has one place" in alone.p.get_text() and not alone.select(".pb-two") and alone.select("table")


def test_what_is_published_for_no_place_itself_is_not_compared(tiny_project):
    county = {"badge": "wider", "name": "Hertfordshire", "level": "county", "area": "E10000015"}
    made = page(tiny_project, **{slug: [value(slug, "work", 50.0), value(slug, "flats", 50.0, **county)] for slug in NAMES})
    assert [table.caption.get_text() for table in made.select(".pb-two table")] == ["People"]


# ------------------------------------------------------------ what the summary keeps


def test_a_place_in_short_compares_as_the_whole_ledger_does(tiny_project):
    own = [value("broxbourne", "work", 80.0 - at, f"{2023 - at}-01-01/P1Y") for at in range(3)]
    several = "2021-01-01/P3Y"
    own += [value("broxbourne", "work", 78.0, several, role="pooled"), england(76.0, several, role="pooled")]
    own += [band("work", period=several), england(75.0)]
    (whole, _) = ledgers(tiny_project, broxbourne=own)
    short = whole.only(["work"])
    assert len(short.entries) == 4, "the newest, those taken together, England's and the districts' beside them"
    indicator = Catalogue.open(tiny_project).indicators["work"]
    strips = [comparison.strips([comparison.compared(indicator, [ledger])], "r-") for ledger in (whole, short)]
    assert strips[0] == strips[1] and "78.0%" in strips[0]
    assert json.loads(json.dumps(short.entries[0]))["at"] == own[0]["at"]


@pytest.mark.parametrize("kind", ["district", "town"])
def test_headlines_are_those_of_the_kinds_that_the_book_has(tiny_project, kind):
    tiny_project.replace("data/indicators/60-places.yml", "measure: share\n", "measure: share\n    town_headline: 1\n")
    indicators = Catalogue.open(tiny_project).indicators.values()
    made = [PlaceLedger("x", "X", kind, DISTRICTS["broxbourne"], {}, ())]
    wanted = {"district": ["work"], "town": ["flats"]}[kind]
    assert [indicator.id for indicator in comparison.headline_measures(indicators, made)] == wanted
