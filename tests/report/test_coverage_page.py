"""The page *Age and coverage*: sources by their age on the edition's day, what places have figures of, markers by measure."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from placebook.catalogue.load import Catalogue
from placebook.report import coverage_page
from placebook.report.coverage import Coverage
from placebook.site import guard

OWN = "Measures of the place itself, of all in the section"
ON = date(2025, 6, 30)
"""The edition's day in the tiny project: every source was taken then."""


def with_sources(catalogue, **changes):
    """The tiny project's sources, each with what is said of it here."""
    for name, change in changes.items():
        catalogue.sources[name] = catalogue.sources[name].model_copy(update=change)
    return catalogue


def shown(catalogue, **places):
    text = coverage_page.page(catalogue, places)
    assert list(guard.problems(text)) == []
    return BeautifulSoup(text, "html.parser")


def rows(page, caption):
    (table,) = (table for table in page.select("table") if table.caption.get_text() == caption)
    return [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tbody tr")]


@pytest.mark.parametrize(
    ("expected", "state"),
    [
        (date(2025, 7, 1), "on time"),
        (date(2025, 6, 30), "due"),
        (date(2025, 5, 30), "due"),
        (date(2025, 5, 29), "overdue"),
        ("not announced", "not announced"),
    ],
)
def test_a_source_is_due_on_the_day_of_its_next_release_and_overdue_a_month_later(tiny_project, expected, state):
    source = Catalogue.open(tiny_project).sources["jobs"].model_copy(update={"next_release": expected})
    assert coverage_page.state(source, ON) == state


def test_sources_stand_by_what_is_late_and_then_by_age_and_are_counted(tiny_project):
    catalogue = Catalogue.open(tiny_project)
    first, second = catalogue.sources
    third, rest = "third", ["fourth"]
    catalogue.sources |= dict.fromkeys((third, *rest), catalogue.sources[first])
    with_sources(
        catalogue,
        **{
            first: {"title": "Young & coming", "period": "2020-01-01/2025-03-31", "next_release": date(2025, 12, 1)},
            second: {"title": "Late", "period": "2020-01-01/2024-12-31", "next_release": date(2025, 1, 2)},
            third: {"title": "Due", "period": "2020-01-01/2025-05-31", "next_release": date(2025, 6, 30), "released": ON},
        },
    )
    assert catalogue.edition_date == ON
    page = shown(catalogue)
    told = rows(page, "Sources by age")
    assert len(told) == len(catalogue.sources)
    publisher = catalogue.sources[first].publisher
    assert [row[0].removesuffix(publisher) for row in told[:3]] == ["Late", "Due", "Young & coming"]
    assert [row[-1] for row in told] == [
        *("2 January 2025: overdue", "30 June 2025: due", "1 December 2025: on time"),
        *["not announced"] * len(rest),
    ]
    assert told[0][1:3] == ["31 December 2024", "5 months"] and told[1][3] == "30 June 2025"
    said = f"Of {len(catalogue.sources)} sources 1 is overdue, 1 is due, 1 is on time and 1 has no announced day."
    assert said in page.get_text()


def test_the_oldest_stands_first_of_those_without_a_day(tiny_project):
    catalogue = Catalogue.open(tiny_project)
    oldest = list(catalogue.sources)[-1]
    with_sources(catalogue, **{oldest: {"title": "Oldest", "period": "1991-01-01/1991-12-31"}})
    page = shown(catalogue)
    assert rows(page, "Sources by age")[0][0].startswith("Oldest")
    assert f"None of the {len(catalogue.sources)} sources has an announced day of its next release." in page.get_text()
    assert not page.find(string="Coverage by place"), "nothing is said of places where no page was made"


def test_places_are_counted_section_by_section(tiny_project):
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    catalogue = Catalogue.open(tiny_project)
    (work, homes), of_all = catalogue.indicators, len(catalogue.indicators)
    titles = [theme.title for theme in catalogue.themes.values()]
    one, other = {work: "direct", homes: "best_fit"}, {work: "gone", homes: "left_out"}
    page = shown(
        catalogue, broxbourne=Coverage(one, 10), letchworth=Coverage(other | {work: "wider"}, 10), luton=Coverage(other)
    )
    assert rows(page, f"All sections: {of_all} measures") == [
        ["Broxbourne", "1", "1", "0", "0", "0"],
        ["Letchworth", "0", "0", "1", "0", "1"],
        ["Luton", "0", "0", "0", "1", "1"],
    ]
    own = [["1 of 1", "0 of 1", "0 of 1"]] * 2
    assert rows(page, OWN) == [[title, *cells] for title, cells in zip(titles, own, strict=True)]
    closed = [table.caption.get_text() for table in page.select("details.pb-closed table")]
    assert closed == [f"{title}: 1 measure" for title in titles]
    ways = [link["href"] for link in page.select("table")[1].select("a")]
    assert ways == [f"../places/{slug}.html" for slug in ("broxbourne", "letchworth", "luton")]


def test_many_places_stand_below_one_another(tiny_project, monkeypatch):
    monkeypatch.setattr(coverage_page, "FEW", 1)
    catalogue = Catalogue.open(tiny_project)
    work, homes = catalogue.indicators
    page = shown(catalogue, broxbourne=Coverage({work: "direct", homes: "gone"}), letchworth=Coverage({homes: "best_fit"}))
    assert rows(page, OWN) == [["Broxbourne", "1 of 1", "0 of 1"], ["Letchworth", "0 of 1", "1 of 1"]]


def test_markers_are_counted_by_measure_over_all_pages(tiny_project):
    catalogue = Catalogue.open(tiny_project)
    first, second, *_ = catalogue.indicators
    kinds = dict.fromkeys(catalogue.indicators, "direct")
    one = Coverage(kinds, 100, {(first, "u"): 3, (second, "p"): 1})
    two = Coverage(kinds, 50, {(first, "u"): 2})
    page = shown(catalogue, broxbourne=one, letchworth=two)
    titles = [catalogue.indicators[name].title for name in (first, second)]
    assert rows(page, "Figures with a marker, by measure") == [[titles[0], "5", "0"], [titles[1], "0", "1"]]
    heads = [head.get_text() for head in page.select("table")[-1].select("thead th")]
    assert heads == ["Measure", "Unreliable [u]", "Provisional [p]"]
    assert f"Of {100 + 50} figures" in page.get_text() and f"{3 + 2 + 1} carry a marker" in page.get_text()


def test_a_page_that_an_earlier_placebook_made_is_no_page_without_figures(tiny_project):
    assert Coverage.read({}) == Coverage()
    assert "Coverage by place" not in shown(Catalogue.open(tiny_project), broxbourne=Coverage()).get_text()


def test_coverage_is_read_as_it_was_written():
    values = [
        {"kind": "value", "indicator": "work", "markers": ["u", "p"]},
        {"kind": "value", "indicator": "work", "markers": ["u"]},
        {"kind": "claim", "indicator": "work"},
    ]
    coverage = Coverage.of({"page": {"coverage": {"work": "direct"}}, "entries": values})
    assert coverage == Coverage({"work": "direct"}, 2, {("work", "u"): 2, ("work", "p"): 1})
    assert Coverage.read(coverage.record()) == coverage
