"""A changed table makes again the pages whose readings changed, all of them and no other."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from placebook.catalogue.load import Catalogue
from placebook.evidence import query_log
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.incremental.stale_pages import UNREADABLE, StalePages
from placebook.report import reading_trace

PLACES = ("broxbourne", "letchworth")


def opened(project):
    catalogue = Catalogue.open(project)
    return catalogue, Store.open(project, catalogue.sources, catalogue.areas)


def readings(project, slug):
    """Every reading of a place, worked out from nothing."""
    catalogue, store = opened(project)
    evidence = Evidence(catalogue, store, slug)
    return reading_trace.trace(evidence, {name: reading_trace.read(evidence, name) for name in catalogue.indicators})


def gists(project, slug):
    return {name: read.gist for name, read in readings(project, slug).readings.items()}


def made(project):
    """As if every page had been made from the tables as they are."""
    for slug in PLACES:
        kept = readings(project, slug)
        query_log.write(project.traces / f"{slug}.json", kept)
        tables = "".join(f"{path} <code>{digest}</code>\n" for t in kept.tables.values() for path, digest in t.items())
        project.write(f"_build/evidence/{slug}/people.html", tables)


def why(project, slug):
    return StalePages(project, *opened(project)).why(slug)


def rewrite(project, name, old, new):
    text = (project.tables / f"{name}.csv").read_text(encoding="utf-8")
    assert old in text
    project.table(name, text.replace(old, new))


@pytest.fixture
def book(tiny_project):
    made(tiny_project)
    return tiny_project


def test_where_no_table_changed_every_page_stands(book):
    assert [why(book, slug) for slug in PLACES] == ["", ""]


def test_only_the_place_whose_figure_changed_is_made_again_and_the_reason_names_the_measure(book):
    rewrite(book, "jobs", "rate,,,75,70,80", "rate,,,74,70,80")
    assert [why(book, slug) for slug in PLACES] == ["", "changed: Employment rate"]


def test_a_comparators_figure_makes_again_every_page_beside_which_it_stands(book):
    rewrite(book, "homes", "E01000004,2021-03-21,homes,flat,,2", "E01000004,2021-03-21,homes,flat,,3")
    assert [why(book, slug) for slug in PLACES] == ["changed: Flats"] * 2, "the county's share is the sum of all"


def test_a_row_that_no_page_reads_makes_none_again_and_evidence_names_todays_table(book):
    before = readings(book, "broxbourne").tables["jobs"]
    text = (book.tables / "jobs.csv").read_text(encoding="utf-8")
    book.table("jobs", text.replace("E07000095,2022", "E06000032,2023-01-01/P1Y,rate,,,50,40,60,\nE07000095,2022"))
    assert [why(book, slug) for slug in PLACES] == ["", ""]
    now = readings(book, "broxbourne").tables["jobs"]
    assert before != now
    page = (book.evidence / "broxbourne" / "people.html").read_text(encoding="utf-8")
    assert now["data/tables/jobs.csv"] in page and before["data/tables/jobs.csv"] not in page
    assert query_log.recall(book.traces / "broxbourne.json") == readings(book, "broxbourne"), "as a page made anew would"
    assert why(book, "broxbourne") == ""


PAY = """\
  - id: pay
    title: Pay
    phrase: the pay
    question: How much?
    definition: Pay.
    unit: percent
    unit_words: '% of people'
    decimals: 1
    polarity: higher_is_better
    measure: share
    uncertainty: limits
    source: jobs
    reads: {kind: published, measure: rate, category: pay}
    levels: [district, country]
    comparators: [country]
    weight: {source: residents, measure: residents}
"""


def test_a_weight_that_two_measures_share_makes_again_also_the_page_where_only_the_second_one_uses_its_year(tiny_project):
    """Employment of 2023 and pay of 2022 are weighed by residents of both years: each hears that it asked for them."""
    head = (tiny_project.tables / "jobs.csv").read_text(encoding="utf-8").splitlines()[0] + "\n"

    def residents(of_2022):
        rows = [f"E07000095,{date},residents,,,{count},,,\n" for date, count in (("2022-06-30", of_2022), ("2023-06-30", 100))]
        rows += [f"E92000001,{date},residents,,,1000,,,\n" for date in ("2022-06-30", "2023-06-30")]
        tiny_project.table(
            "residents",
            head + "".join(rows),
            "[district, country]",
            "  residents: {label: Residents, unit: people, minimum: 0, maximum: 1000000}",
        )

    residents(100)
    jobs = (tiny_project.tables / "jobs.csv").read_text(encoding="utf-8").splitlines(keepends=True)[1:]
    jobs += ["E07000095,2022-01-01/P1Y,rate,pay,,50,45,55,\n", "E92000001,2022-01-01/P1Y,rate,pay,,52,51,53,\n"]
    tiny_project.table("jobs", head + "".join(sorted(jobs)))
    people = tiny_project.root / "data/indicators/30-people.yml"
    written = people.read_text(encoding="utf-8") + "    weight: {source: residents, measure: residents}\n"
    people.write_text(written.replace("    headline: 1\n", "") + PAY, encoding="utf-8")
    made(tiny_project)
    residents(101)
    assert why(tiny_project, "broxbourne") == "changed: Pay"


@pytest.mark.parametrize("harm", ["", "{", '{"form": 0}\n{}\n', '{"form": 1, "tables": {"jobs": 3}}\n', None])
def test_a_trace_that_cannot_be_read_is_no_trace(book, harm):
    path = book.traces / "broxbourne.json"
    path.unlink() if harm is None else path.write_text(harm)
    assert why(book, "broxbourne") == UNREADABLE


def test_a_trace_cut_off_half_way_is_no_trace_once_a_table_changed(book):
    path = book.traces / "broxbourne.json"
    path.write_bytes(path.read_bytes()[:-40])
    rewrite(book, "jobs", "76,75.6,76.4", "76.1,75.7,76.5")
    assert why(book, "broxbourne") == UNREADABLE


CELLS = st.tuples(
    st.sampled_from(["jobs", "homes"]),
    st.integers(0, 7),
    st.sampled_from(["value", "lower", "drop"]),
    st.sampled_from([0, 0.1, 0.5, 1]),
)
"""A table, a row of it, what becomes of the row, and how far a number moves: between its limits, or towards nothing."""


def changed(row, column, share):
    value, lower, upper = (float(row[name] or 0) for name in ("value", "lower", "upper"))
    if column == "lower":
        return share * value
    return lower + share * (upper - lower) if row["upper"] else share * value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CELLS, min_size=1, max_size=3))
def test_whatever_row_changes_a_page_is_made_again_where_and_only_where_its_readings_are_others(tiny_project, changes):
    was = {name: (tiny_project.tables / f"{name}.csv").read_text(encoding="utf-8") for name in ("jobs", "homes")}
    made(tiny_project)
    before = {slug: gists(tiny_project, slug) for slug in PLACES}
    try:
        for name, at, column, share in changes:
            rows = list(csv.DictReader(io.StringIO((tiny_project.tables / f"{name}.csv").read_text(encoding="utf-8"))))
            if at >= len(rows):
                continue
            if column == "drop":
                rows.pop(at)
            elif rows[at][column]:
                rows[at][column] = repr(changed(rows[at], column, share))
            text = io.StringIO()
            writer = csv.DictWriter(
                text,
                ["area", "period", "measure", "category", "partner", "value", "lower", "upper", "markers"],
                lineterminator="\n",
            )
            writer.writeheader()
            writer.writerows(rows)
            tiny_project.table(name, text.getvalue())
        told = {slug: why(tiny_project, slug) for slug in PLACES}
        after = {slug: gists(tiny_project, slug) for slug in PLACES}
        assert {slug: bool(told[slug]) for slug in PLACES} == {slug: before[slug] != after[slug] for slug in PLACES}
    finally:
        for name, text in was.items():
            tiny_project.table(name, text)
