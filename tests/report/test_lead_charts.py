"""Which findings a page draws, and what each picture shows."""

from collections import Counter
from pathlib import Path

import pytest

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import DistrictPlace
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings.choice import openings
from placebook.findings.key_findings import KeyFindings
from placebook.paths import Project
from placebook.report.lead_charts import A_SECTION, MOST, LeadCharts
from placebook.report.ledger import Ledger
from placebook.report.page_findings import Findings
from placebook.report.special_figures import Studio

REAL = Project.at(Path(__file__).parents[2])
CATALOGUE = Catalogue.open(REAL)
CATALOGUE.places |= {
    "cornwall": DistrictPlace(name="Cornwall", kind="district", code="E06000052"),
    "scilly": DistrictPlace(name="Isles of Scilly", kind="district", code="E06000053"),
}
STORE = Store.open(REAL, CATALOGUE.sources, CATALOGUE.areas)


def leads(slug):
    evidence = Evidence(CATALOGUE, STORE, slug)
    themes = {indicator.id: name for name, theme in CATALOGUE.themes.items() for indicator in theme.indicators}
    ledger = Ledger({"slug": slug}, themes)
    return LeadCharts(Studio(REAL, evidence, ledger, Findings(evidence, ledger)), KeyFindings(evidence))


@pytest.fixture(scope="module", params=["broxbourne", "letchworth", "cornwall"])
def drawn(request):
    made = leads(request.param)
    told = [c for section in CATALOGUE.themes for c in openings(made.findings.chosen, section)]
    return made, [candidate for candidate in told if candidate.id in made.chosen]


def test_a_page_has_few_lead_charts_and_a_section_two(drawn):
    made, candidates = drawn
    assert len(candidates) == len(made.chosen) <= MOST
    assert max(Counter(candidate.section for candidate in candidates).values(), default=0) <= A_SECTION
    assert candidates or made.studio.evidence.is_town, "a census counts once: a town may have no series that stands out"
    assert not any(candidate.wider for candidate in candidates), "the district's is not the town's"
    assert not any(CATALOGUE.themes[candidate.section].maps for candidate in candidates), "its own maps show it"


def test_what_is_left_out_scores_no_higher_than_what_is_drawn(drawn):
    made, candidates = drawn
    counted = Counter(candidate.section for candidate in candidates)
    for section in CATALOGUE.themes:
        for other in openings(made.findings.chosen, section):
            if other.id not in made.chosen and made.can_be_drawn(other) and counted[section] < A_SECTION:
                assert len(candidates) == MOST and other.score <= min(candidate.score for candidate in candidates)


def test_each_picture_has_its_title_its_words_and_its_numbers(drawn):
    made, candidates = drawn
    for at, candidate in enumerate(candidates):
        picture = made.picture(candidate, f"lead-{at}", "What was found", "#town-finding-1")
        assert picture.finding == "What was found" and picture.lead and picture.way == "#town-finding-1"
        assert [reading.indicator.id for reading in picture.readings] == list(candidate.indicators)
        assert all(each.alt for each in picture.drawn)
        numbers = [cell.entry for table in picture.tables for row in table.rows for cell in row if cell.entry]
        assert numbers and set(numbers) <= set(made.studio.ledger.entries)


def test_what_moved_against_england_is_drawn_with_england_at_100():
    made = leads("broxbourne")
    (candidate,) = [c for c in made.findings.chosen.key if c.id in made.chosen and c.indicators == ("gdp-per-head",)]
    figure = made.picture(candidate, "lead", "x", "").drawn[0].figure
    england, own = figure.axes[0].lines
    assert set(england.get_ydata()) == {100.0}
    now, england_now = (float(value.value) for value in (candidate.values[0], candidate.values[2]))
    assert own.get_ydata()[-1] == pytest.approx(100 * now / england_now)


def test_where_nothing_stands_out_nothing_is_drawn():
    assert leads("scilly").chosen == frozenset()
