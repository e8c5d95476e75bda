"""A section's scorecard and the scoreboard: what stands in a row, that the ledger has it, and what is counted."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from drawn import SHARE, all_districts, england, indicator, other, reading, value, year

from placebook.catalogue.load import Catalogue
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import verdicts
from placebook.findings.all_claims import all_claims
from placebook.paths import Project
from placebook.report import scoreboard
from placebook.report.evidence_pages import row_id
from placebook.report.ledger import Ledger
from placebook.report.page_findings import Findings
from placebook.report.scorecard import Scorecard
from placebook.report.scorecard_rows import Row, divided, one_number
from placebook.site import guard

ON = date(2025, 6, 30)
COUNTED = {"uncertainty": "full_count", "reads": SHARE}
SHIRE = {"role": "county", "name": "Shire", "code": "E10000001"}


def county(number):
    return england(value(number, role="county", area="E10000001", name="Shire", level="county"), **SHIRE)


def card(*readings, place="Ayton"):
    ledger = Ledger({"slug": "ayton"}, {"work": "people"})
    made = Scorecard([Row.of(found, all_claims(found)) for found in readings], ledger, ON, "People", place)
    html = made.html()
    assert "\n\n" not in html and list(guard.problems(html)) == []
    return BeautifulSoup(html, "html.parser"), ledger, made


def cells(soup):
    (row,) = soup.select("tbody tr")
    return [cell.get_text("|") for cell in row.find_all("td")]


FULL = {"beside": [county(74), england(other(70, 69.5, 70.5))], "districts": all_districts(range(249), 3.0, own=80)}


def test_a_row_says_the_figure_those_beside_it_the_verdict_and_the_change():
    soup, _, _ = card(reading(value(80, 76, 84), **FULL))
    assert [th.get_text() for th in soup.select("thead th")][1:5] == ["Ayton", "Shire", "England", "Against England"]
    head = soup.select_one("tbody th")
    assert head.get_text("|") == "Employment rate|% of people · 2023"
    own, shire, nation, verdict, among, time = cells(soup)
    assert (own, shire, nation) == ("80.0%|76.0% to 84.0%", "74.0%", "70.0%")
    assert verdict == "Better|10.0 points higher" and time == "–|one period only"
    assert among.startswith("0.0%|248.0%|250 English districts run from 0.0% to 248.0%, the middle half from ")


def test_the_name_is_the_one_link_of_a_row_and_leads_to_the_places_own_figure():
    own = value(80, 76, 84)
    soup, ledger, _ = card(reading(own, **FULL))
    (link,) = soup.select("tbody a")
    assert link.get_text() == "Employment rate" and link["href"] == ledger.href(own.id)


def test_every_number_of_a_row_is_in_the_ledger_and_in_what_is_taken_along():
    _, ledger, made = card(reading(value(80, 76, 84), **FULL))
    kept = {entry.get("value") for entry in ledger.entries.values()} | {
        entry[name] for entry in ledger.entries.values() for name in ("lower", "upper", "minimum", "maximum") if entry.get(name)
    }
    assert {80, 76, 84, 74, 70, 248} <= kept
    taken = {cell.entry for row in made.table().rows for cell in row if cell.entry}
    assert taken == set(ledger.entries)


def test_pictures_are_for_the_eye_alone():
    soup, _, _ = card(reading(value(80, 76, 84), **FULL))
    assert {svg["class"][0] for svg in soup.select("svg")} == {"pb-m", "pb-strip"}
    assert all(svg["aria-hidden"] == "true" and not svg.select("text, title, a") for svg in soup.select("svg"))


def test_the_strip_has_the_county_in_it_and_turns_round_where_lower_is_better():
    soup, _, _ = card(reading(value(80, 76, 84), **FULL, of=indicator(polarity="lower_is_better")))
    ends = [end.get_text() for end in soup.select(".pb-ends span")]
    assert ends == ["248.0%", "0.0%"] and soup.select(".pb-strip .m-beside") and soup.select(".pb-strip .m-worse")


def test_where_neither_end_is_better_the_row_says_higher_and_not_better():
    soup, _, _ = card(reading(value(80, 76, 84), **FULL, of=indicator(polarity="neither")))
    assert soup.select_one(".pb-verdict b").get_text() == "Higher" and soup.select(".pb-verdict .m-different")


def test_what_is_missing_has_its_three_words():
    for lack, words in (("not_published", "not published"), ("not_held", "not held here"), ("gone", "former districts alone")):
        absent = england(**SHIRE)
        object.__setattr__(absent, "lack", lack)
        soup, _, _ = card(reading(value(5), beside=[absent, england(other(6))], of=indicator(**COUNTED)))
        assert cells(soup)[1] == f"–|{words}"


def test_without_england_or_districts_there_is_no_strip_and_no_verdict():
    soup, _, _ = card(reading(value(5), beside=[england(other(6))], of=indicator(**COUNTED)))
    assert not soup.select(".pb-strip") and "not published for enough districts" in cells(soup)[-2]
    soup, _, _ = card(reading(value(5), beside=[county(6)], of=indicator(**COUNTED), districts=FULL["districts"]))
    assert not soup.select(".pb-strip, .pb-m") and "not published for England" in cells(soup)[-3]


def test_a_total_stands_alone():
    total = indicator(measure="count", unit="count", unit_words="people", decimals=0, **COUNTED)
    soup, ledger, _ = card(
        reading(value(98_983, unit="count"), beside=[county(1_000_000), england(other(57_000_000))], of=total)
    )
    own, verdict, *_ = cells(soup)
    assert own == "98,983" and verdict == "–|not compared" and {e["value"] for e in ledger.entries.values()} == {98_983}


def test_readings_taken_together_are_shown_together_and_the_newest_below():
    pooled = indicator(pooled={"readings": 3, "correlation": 0.3})
    three = [year(number, when, number - 6, number + 6) for number, when in ((84, 2021), (78.8, 2022), (76.1, 2023))]
    soup, _, _ = card(reading(*three, of=pooled))
    own = cells(soup)[0]
    assert own.startswith(f"{(84 + 78.8 + 76.1) / 3:.1f}%|") and own.endswith("76.1% in 2023")
    assert "2021 to 2023 together" in soup.select_one("tbody th").get_text("|")


def test_a_line_over_time_needs_three_figures_and_money_is_drawn_beside_england():
    def lines(*years, **more):
        pair = england(*(year(50, when, role="country", area="E92000001", name="England") for when in years))
        series = [year(40 + when % 7, when) for when in years]
        soup, _, _ = card(reading(*series, beside=[pair], of=indicator(**COUNTED, **more)))
        return [path["d"] for path in soup.select(".pb-line path")]

    assert lines(2022, 2023) == [] and len(lines(2021, 2022, 2023)) == 2
    dashed, _ = lines(2021, 2022, 2023, price_basis="current", unit="pounds")
    assert len({point.split()[-1] for point in re.findall(r"[\d.]+ [\d.]+", dashed)}) == 1, "England is 100 all along"


def test_the_rule_is_said_once_and_the_exception_in_its_row():
    own = reading(value(5), of=indicator(**COUNTED))
    shire = value(6, badge="wider", area="E10000001", name="Shire")
    town = reading(shire, badge="wider", name="Shire", code="E10000001", of=indicator(**COUNTED))
    soup, _, _ = card(own)
    assert soup.caption.small.get_text() == "All are published for Ayton itself."
    soup, _, _ = card(own, own, town)
    assert soup.caption.small.get_text() == "Unless a row says otherwise they are published for Ayton itself."
    assert [only.get_text() for only in soup.select(".pb-only")] == ["for Shire only"]
    soup, _, _ = card(town)
    assert soup.caption.small.get_text() == "All are for Shire only, and say nothing of Ayton alone."


# ------------------------------------------------------------ real places


@pytest.fixture(scope="module", params=["broxbourne", "letchworth"])
def real(request):
    project = Project.at(Path(__file__).parents[2])
    catalogue = Catalogue.open(project)
    evidence = Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), request.param)
    themes = {indicator.id: name for name, theme in catalogue.themes.items() for indicator in theme.indicators}
    place = {"slug": request.param, "name": evidence.place.name, "kind": evidence.place.kind, "district": evidence.district}
    ledger = Ledger(place, themes)
    return evidence, ledger, Findings(evidence, ledger)


def test_a_town_stands_beside_the_rest_of_its_district_and_england(real):
    evidence, ledger, findings = real
    own = [r for r in one_number(evidence.theme("inside-the-place")) if not r.wider]
    made = Scorecard([Row.of(r, findings.of(r)) for r in own], ledger, ON, "Inside the place", evidence.place.name)
    heads = [th.get_text() for th in BeautifulSoup(made.html(), "html.parser").select("thead th")]
    if evidence.is_town:
        assert heads[1:5] == ["Letchworth Garden City", "The rest of North Hertfordshire", "England", "Against England"]
    else:
        assert heads[1:5] == ["Broxbourne", "Hertfordshire", "East of England", "England"]


def test_the_scoreboard_counts_the_places_own_measures_alone(real):
    evidence, _, findings = real
    lines = scoreboard.lines(evidence, findings)
    total = sum(sum(line.counts.values()) for line in lines)
    own = [r for theme in evidence.catalogue.themes for r in one_number(evidence.theme(theme)) if not r.wider]
    kinds = [verdicts.against_england(findings.of(r)).kind for r in own]
    assert total == sum(bool(kind) for kind in kinds) and 0 < total < len(kinds)
    soup = BeautifulSoup(scoreboard.board(lines, evidence.place.name), "html.parser")
    for line, row in zip(lines, soup.select("tbody tr"), strict=False):
        assert row.a["href"] == f"#{line.anchor}" and row.a.get_text() == line.title
        assert [int(cell.b.get_text()) for cell in row.select("td")] == [line.counts[kind] for kind in verdicts.KINDS]
        assert [len(cell.select("svg > g")) for cell in row.select("td")] == [line.counts[kind] for kind in verdicts.KINDS]
    assert [int(b.get_text()) for b in soup.select("tbody tr:last-child b")] == [kinds.count(kind) for kind in verdicts.KINDS]
    key = scoreboard.key(evidence, own)
    assert list(guard.problems(key)) == [] and ("the rest of North" in key) == evidence.is_town


def test_the_line_above_the_board_says_the_counts():
    counts = {"better": 10, "worse": 18, "unclear": 12, "different": 5, "untested": 16}
    assert scoreboard.in_words(counts, "Isle of Wight") == (
        "10 better, 18 worse, 12 with no clear difference, of 61 measures of the Isle of Wight itself that are published for "
        "England too. The rest: 5 differ where neither end is better and 16 are not tested."
    )
    assert "The rest" not in scoreboard.in_words({**counts, "different": 0, "untested": 0}, "Ayton")


# ------------------------------------------------------------ what stands open


def rows(*names, differ=(), **priorities):
    made = []
    for name in names:
        own = value(80 if name in differ else 70, 76 if name in differ else 66, 84 if name in differ else 74)
        says = {"more": "More", "less": "Fewer", "short": "work"}
        of = indicator(id=name, says=says, **COUNTED | {"priority": priorities.get(name, 0.5)})
        nation = replace(other(70, 69.5, 70.5), indicator=name)
        found = reading(replace(own, indicator=name), beside=[england(nation)], of=of)
        made.append(Row.of(found, all_claims(found)))
    return made


def names(rows):
    return "".join(row.reading.indicator.id for row in rows)


def test_what_differs_and_what_a_finding_could_tell_stands_open_in_the_order_of_the_section():
    opened, closed = divided(rows(*"abcdefgh", differ="gbd"), told={"a"})
    assert (names(opened), names(closed)) == ("abdg", "cefh")


def test_three_stand_open_at_least_by_priority_and_two_are_not_worth_closing():
    opened, closed = divided(rows(*"abcdefg", differ="g", c=0.9, e=0.8), told=())
    assert (names(opened), names(closed)) == ("ceg", "abdf")
    opened, closed = divided(rows(*"abcde", differ="abc"), told=())
    assert (names(opened), closed) == ("abcde", [])


def test_six_stand_open_at_most_those_of_findings_first():
    opened, closed = divided(rows(*"abcdefghij", differ="abcdefghij", b=0.1), told={"j"})
    assert (names(opened), names(closed)) == ("acdefj", "bghi")


def test_the_closed_rows_are_counted_by_verdict_and_keep_their_own_addresses():
    ledger = Ledger({"slug": "ayton"}, dict.fromkeys("abcdefg", "people"))
    html = Scorecard(rows(*"abcdefg", differ="abc"), ledger, ON, "People", "Ayton", "ayton-people-measures").html(told={"a"})
    soup = BeautifulSoup(html, "html.parser")
    assert soup.caption.contents[0].strip() == "People: 3 of 7 measures"
    assert soup.summary.get_text() == "4 more: 4 no clear difference"
    assert [row["id"] for row in soup.select("details tbody tr")] == [row_id("ayton", name) for name in "defg"]
    assert len(soup.select("tbody tr")) == 7 and list(guard.problems(html)) == []
