"""New figures land only where they hold, one source at a time, and whole."""

import hashlib
from datetime import date

import numpy as np
import pandas as pd
import pytest
import yaml
from publishers import Said, els, serving

from placebook.catalogue.load import read_sources
from placebook.errors import InputError
from placebook.evidence.store import Store
from placebook.geography.areas import Areas
from placebook.refresh.changes import Change
from placebook.refresh.course import RefreshOrder, refresh_all, ways
from placebook.refresh.fetching import Limits
from placebook.refresh.stops import stops

TODAY = date(2026, 11, 30)
AREAS = {"E07000095": "Broxbourne", "E07000099": "North Hertfordshire", "E06000032": "Luton", "E92000001": "England"}
YEARS = range(2014, 2024)
SOURCE = """\
title: Jobs
publisher: Office for National Statistics
landing_page: https://www.ons.gov.uk/jobs
query: https://www.ons.gov.uk/els/api/v1/data.csv?indicator=jobs
read_from: {{repository: somebody/copies, path: jobs.csv, commit: abc}}
licence: OGL-UK-3.0
attribution: 'Source: Office for National Statistics.'
geography: {{levels: [district, country], vintage: April 2025}}
period: 2014-01-01/2023-12-31
released: 2025-01-20
retrieved: 2025-06-30
next_release: 2026-01-20
# the analyst's own remark
measures:
  rate: {{label: Rate, unit: per cent, minimum: 0, maximum: 100}}
refresh:
  adapter: els
  files: [jobs.csv]
  options: {{labels: {{Rate: rate}}}}
fetch:
  - kind: els
    file: jobs.csv
    address: https://www.ons.gov.uk/els/api/v1
    limits: true
    indicators:
      - {{slug: jobs, label: Rate, unit: '%'}}
{more}tables: []
"""


def figure(code, year):
    """A rate that moves by a tenth of a point from year to year."""
    return 60 + list(AREAS).index(code) + (year - 2014) * 0.1


def answer(figures=None, years=YEARS, areas=AREAS, half=2.0):
    """What the interface gives: ``figures`` by area and year in place of those above."""
    figures = figures or {}
    rows = ["areacd,areanm,period,value,lci_95,uci_95,status"]
    for code, name in areas.items():
        for year in years:
            value = figures[code, year] if (code, year) in figures else figure(code, year)
            rows.append(f"{code},{name},{year}-01-01/P1Y,{value:.1f},{value - half:.1f},{value + half:.1f},")
    return "\n".join(rows)


def source(more=""):
    return SOURCE.format(more=more)


@pytest.fixture
def project(tiny_project):
    """A checkout whose source ``jobs`` landed once."""
    (tiny_project.root / "data/tables/jobs.csv").unlink()
    tiny_project.write("data/sources/jobs.yml", source())
    [first] = landed(tiny_project, els(jobs=answer(), updated="2025-01-20"), today=date(2025, 6, 30))
    assert first.state == "landed", first.why
    return tiny_project


def landed(project, answering, ids=("jobs",), **more):
    """What became of sources that are refreshed from a server that answers so."""
    with serving(answering) as publishers:
        order = RefreshOrder(ids, base_url=publishers.url, **({"today": TODAY, "limits": Limits(tries=1)} | more))
        return list(refresh_all(project, order))


def contents(project):
    data = project.root / "data"
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}


def whole(project):
    """Whether every table is the one that its source lists, and reads as one."""
    sources = read_sources(project)
    Store.open(project, sources, Areas.open(project)).check_all()
    return True


NEXT = range(2014, 2025)


def test_a_new_period_lands_with_its_record_and_says_what_is_new(project):
    before = (project.root / "data/sources/jobs.yml").read_text()
    [result] = landed(project, els(jobs=answer({("E07000095", 2023): 61.2}, NEXT), updated="2026-01-20"))
    assert (result.state, result.added, result.gone, result.revised, result.newest) == ("landed", 4, 0, 1, "2024-01-01/P1Y")
    assert result.largest == ("Broxbourne E07000095 rate 2023-01-01/P1Y: 60.9 → 61.2",)
    record = yaml.safe_load(after := (project.root / "data/sources/jobs.yml").read_text())
    table = project.root / "data/tables/jobs.csv"
    assert record["tables"] == [
        {"path": "data/tables/jobs.csv", "rows": 44, "sha256": hashlib.sha256(table.read_bytes()).hexdigest()}
    ]
    assert (record["retrieved"], record["released"]) == (TODAY, date(2026, 1, 20))
    assert (record["period"], record["next_release"]) == ("2014-01-01/2024-12-31", "not announced")
    assert "read_from" not in record and "# the analyst's own remark\n" in after and "# the analyst's own remark\n" in before
    assert whole(project) and '"2026-01-20"' not in after
    assert result.lines()[0] == "jobs: landed: 44 rows, 4 new, 0 gone, 1 revised; newest period 2024-01-01/P1Y"


def test_figures_that_are_the_same_change_no_byte(project):
    before = contents(project)
    [result] = landed(project, els(jobs=answer(), updated="2025-01-20"))
    assert result.state == "unchanged" and contents(project) == before


def test_a_dry_run_says_what_would_be_and_writes_nothing(project):
    before = contents(project)
    [result] = landed(project, els(jobs=answer(years=NEXT)), dry_run=True)
    assert (result.state, result.added) == ("would land", 4) and contents(project) == before


STOPS = {
    "lost history of rate: 3 of 10 periods are gone: 2014-01-01/P1Y, 2015-01-01/P1Y": answer(years=range(2017, 2024)),
    "lost areas of rate: 1 of 4 are gone: E06000032": answer(areas={c: n for c, n in AREAS.items() if n != "Luton"}),
    "rate: 1 revisions beyond the limits that were published: E07000099 rate 2020-01-01/P1Y: 61.6 → 66.6": answer(
        {("E07000099", 2020): 66.6}
    ),
    "rate: the figures are 0.00969 times what they were: another unit": answer(
        {(code, year): figure(code, year) / 100 for code in AREAS for year in YEARS}, half=0
    ),
    "rate: 1 jumps: E07000099 rate 2024-01-01/P1Y: 61.9 → 6.2": answer({("E07000099", 2024): 6.2}, NEXT),
    "rate: 2024-01-01/P1Y is there for 1 areas, the period before for 4": "\n".join(
        [answer(), answer(years=[2024], areas={"E92000001": "England"}).splitlines()[1]]
    ),
}


@pytest.mark.parametrize("why", STOPS)
def test_what_no_publisher_does_without_saying_so_stops_the_source(project, why):
    before = contents(project)
    [result] = landed(project, els(jobs=STOPS[why]))
    assert result.state == "stopped" and why in "\n".join(result.why)
    assert contents(project) == before and whole(project)
    assert 'placebook refresh --accept jobs --because "…"' in "\n".join(result.lines())


def test_a_warning_that_is_forgotten_stops_the_source(project):
    """The interface tells of unreliable figures in notes that it does not serve: a file had them."""
    marked = answer().replace("2020-01-01/P1Y,60.6,58.6,62.6,", "2020-01-01/P1Y,60.6,58.6,62.6,u")
    [first] = landed(project, els(jobs=marked))
    [second] = landed(project, els(jobs=answer()))
    assert (first.state, second.state) == ("landed", "stopped")
    assert second.why == ("1 figures are what they were and are no longer marked unreliable",)


def test_another_unit_stops_the_source_though_no_figure_moved(project):
    [result] = landed(project, els(unit="Persons", jobs=answer(years=NEXT)))
    assert result.state == "stopped" and result.why == ("the unit of jobs is now 'Persons'; it was '%'",)


def test_what_stopped_and_is_accepted_lands_and_is_written_down_with_the_reason(project):
    moved = els(jobs=answer({("E07000099", 2020): 66.6}))
    [result] = landed(project, moved, (), accepting={"jobs": "The survey was weighted anew, see its notes."})
    assert result.state == "landed" and whole(project)
    [one] = yaml.safe_load((project.root / "data/accepted.yml").read_text())
    assert (one["source"], one["when"], one["because"]) == (
        "jobs",
        "2026-11-30",
        "The survey was weighted anew, see its notes.",
    )
    assert "beyond the limits" in one["stopped_by"][0]
    table = hashlib.sha256((project.root / "data/tables/jobs.csv").read_bytes()).hexdigest()
    assert one["tables"] == {"data/tables/jobs.csv": table}


def test_what_was_accepted_once_does_not_stop_again(project):
    landed(project, els(unit="Persons", jobs=answer(years=NEXT)), accepting={"jobs": "They call it so now."})
    [result] = landed(project, els(unit="Persons", jobs=answer(years=range(2014, 2026))))
    assert (result.state, result.added) == ("landed", 4)


def test_nobody_can_accept_a_table_that_is_wrong_in_itself(project):
    before = contents(project)
    swapped = answer().replace("lci_95,uci_95", "uci_95,lci_95")
    [result] = landed(project, els(jobs=swapped), accepting={"jobs": "It is right."})
    assert result.state == "failed" and "does not lie between its limits" in result.why[0]
    assert contents(project) == before


def test_figures_that_no_longer_add_up_do_not_land(project):
    adds = "adds_up: {measures: [people]}\n"
    text = source(adds).replace("rate", "people").replace("Rate", "People").replace("maximum: 100", "maximum: 9000")
    project.write("data/sources/people.yml", text.replace("[jobs.csv]", "[people.csv]").replace("file: jobs", "file: people"))
    county = {**AREAS, "E10000015": "Hertfordshire"}
    counts = {(code, 2023): number for code, number in zip(county, (100, 200, 50, 350, 300), strict=True)}
    text = answer(counts, [2023], county, half=0)
    [first] = landed(project, els(jobs=text), ["people"])
    assert first.state == "landed", first.why
    before = contents(project)
    [result] = landed(project, els(jobs=answer(counts | {("E10000015", 2023): 310}, [2023], county, half=0)), ["people"])
    assert result.state == "failed" and "310" in result.why[0] and contents(project) == before


def test_the_others_go_on_where_one_fails(project):
    text = source().replace("slug: jobs", "slug: pay").replace("jobs.csv", "pay.csv")
    project.write("data/sources/pay.yml", text)
    results = landed(project, els(pay=answer()), ["jobs", "pay"])
    assert [(one.source, one.state) for one in results] == [("jobs", "failed"), ("pay", "landed")]
    assert whole(project)


def test_periods_that_the_publisher_serves_no_more_are_kept_where_the_source_says_so(project):
    project.replace("data/sources/jobs.yml", "tables:", "keeps_earlier: The newest two years alone are served.\ntables:")
    old = (project.root / "data/tables/jobs.csv").read_text().splitlines()
    [result] = landed(project, els(jobs=answer(years=[2023, 2024])))
    new = (project.root / "data/tables/jobs.csv").read_text().splitlines()
    assert (result.state, result.added, result.gone) == ("landed", 4, 0)
    assert set(old) < set(new) and new == [new[0], *sorted(new[1:])] and whole(project)


def test_files_from_a_directory_are_held_against_the_frozen_ones_too(project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    rows = [line.split(",") for line in answer(years=range(2017, 2024)).splitlines()]
    written = "\n".join(",".join([*row[:2], "Rate" if at else "indicator", *row[2:]]) for at, row in enumerate(rows))
    (folder / "jobs.csv").write_text(written)
    [result] = list(refresh_all(project, RefreshOrder(["jobs"], folder)))
    assert result.state == "stopped" and "lost history" in result.why[0]
    states = {one.source: one.state for one in refresh_all(project, RefreshOrder((), folder))}
    assert states == {"homes": "by hand", "jobs": "stopped"}


def test_a_source_that_no_interface_offers_says_how_its_files_are_had(project):
    project.replace("data/sources/homes.yml", "tables:", "manual: Ask the council for its register.\ntables:")
    [result] = landed(project, lambda _: Said(status=500), ["homes"])
    assert result.state == "failed" and "Ask the council for its register." in result.why[0]
    assert ways(project) == [
        ("homes", "by hand", "Ask the council for its register."),
        ("jobs", "ONS Explore Local Statistics", ""),
    ]


def test_only_what_is_looked_at_can_be_accepted(project):
    with pytest.raises(InputError, match="is not among the sources named"):
        landed(project, els(jobs=answer()), ["homes"], accepting={"jobs": "Because."})
    [result] = landed(project, els(jobs=answer(years=[2023])), accepting={"jobs": "x" * 400})
    assert result.state == "failed" and "say in one line" in result.why[0]


CORRECTION = """\
- source: jobs
  area: E07000099
  period: 2024-01-01/P1Y
  measure: rate
  published: 6.2
  value: 61.9
  because: The publisher's own bulletin prints 61.9.
  evidence: https://www.ons.gov.uk/jobs/bulletin
"""


def test_a_known_error_of_the_publisher_is_corrected_with_its_evidence_until_it_is_mended(project):
    project.write("data/corrections.yml", CORRECTION)
    wrong = answer({("E07000099", 2024): 6.2}, NEXT, half=0).replace("6.2,6.2,6.2", "6.2,,")
    [result] = landed(project, els(jobs=wrong))
    assert result.state == "landed", result.why
    row = "E07000099,2024-01-01/P1Y,rate,,,{},,,\n"
    assert row.format("61.9") in (project.root / "data/tables/jobs.csv").read_text()
    [told] = read_sources(project)["jobs"].remarks
    assert told == (
        "Corrected (E07000099, rate, 2024-01-01/P1Y): the publisher gives 6.2, this book 61.9. "
        "The publisher's own bulletin prints 61.9. https://www.ons.gov.uk/jobs/bulletin"
    )
    assert [one.state for one in landed(project, els(jobs=wrong))] == ["unchanged"]
    [mended] = landed(project, els(jobs=wrong.replace(",6.2,,", ",62,,")))
    assert mended.state == "landed" and "no longer so, and dropped: Corrected" in "\n".join(mended.lines())
    assert row.format("62") in (project.root / "data/tables/jobs.csv").read_text()
    assert read_sources(project)["jobs"].remarks == () and whole(project)
    assert yaml.safe_load((project.root / "data/corrections.yml").read_text()) == []


def test_a_figure_that_is_corrected_later_stops_nothing(project):
    project.write("data/corrections.yml", CORRECTION.replace("2024", "2020").replace("6.2", "61.6").replace("61.9", "62.9"))
    [result] = landed(project, els(jobs=answer()))
    assert (result.state, result.revised) == ("landed", 1)
    assert "E07000099,2020-01-01/P1Y,rate,,,62.9,59.6,63.6,\n" in (project.root / "data/tables/jobs.csv").read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CORRECTION * 2, "is corrected twice"),
        (CORRECTION.replace("  evidence: https", "  evidence: http"), "[0].evidence: "),
        (CORRECTION.replace("  because", "  why"), "[0].because: Field required"),
        ("- [", "cannot be read as YAML"),
        ("source: jobs", "is no list"),
        ("[" * 3000, "nested"),
    ],
)
def test_a_correction_without_evidence_or_sense_is_refused(project, text, message):
    project.write("data/corrections.yml", text)
    before = contents(project)
    [result] = landed(project, els(jobs=answer(years=NEXT)))
    assert result.state == "failed" and message in result.why[0] and contents(project) == before


LISTS = """\
title: Names
publisher: Nobody
landing_page: https://example.org/names
query: made up for a test
licence: OGL-UK-3.0
attribution: Made up for a test
geography: {levels: [msoa], vintage: '2021'}
period: 2021-01-01/2021-12-31
retrieved: 2025-06-30
refresh:
  adapter: area-list
  files: [names.csv]
  options: {file: lookups/names.csv, columns: {code: msoa, nm: name}, key: [msoa]}
tables: []
"""


@pytest.mark.parametrize(("rows", "state"), [(60, "unchanged"), (61, "landed"), (59, "landed"), (40, "failed")])
def test_a_list_of_areas_that_loses_many_rows_does_not_land(project, tmp_path_factory, rows, state):
    project.write("data/sources/names.yml", LISTS)
    folder = tmp_path_factory.mktemp("files")
    for count, expected in ((60, "landed"), (rows, state)):
        lines = ["code,nm", *(f"E0200{at:04d},Place {at}" for at in range(count))]
        (folder / "names.csv").write_text("\n".join(lines))
        [result] = list(refresh_all(project, RefreshOrder(["names"], folder)))
        assert result.state == expected, result.why
    if state == "failed":
        assert f"would have {rows} rows where it has 60" in result.why[0]


def rows_of(*areas, years=(2022, 2023)):
    keys = [{"area": code, "period": f"{year}-01-01/P1Y", "measure": "rate"} for code in areas for year in years]
    return pd.DataFrame(keys).assign(category="", partner="", value=5.0, lower=np.nan, upper=np.nan, markers="")


def test_an_area_whose_code_has_changed_is_not_lost():
    change = Change(rows_of("E07000097", "E92000001"), rows_of("E07000242", "E92000001"))
    lost = "lost areas of rate: 1 of 2 are gone: E07000097"
    assert lost in stops(change) and lost not in stops(change, lambda code: code == "E07000097")


def test_what_never_moved_may_not_turn_its_sign():
    new = rows_of("E07000097", "E92000001")
    new.loc[0, "value"] = -5.0
    assert stops(Change(rows_of("E07000097", "E92000001"), new)) == [
        "rate: 1 revisions larger than a usual step: E07000097 rate 2022-01-01/P1Y: 5 → -5"
    ]


def test_a_frozen_table_that_is_not_as_it_was_written_is_held_against_nothing(project):
    project.replace("data/tables/jobs.csv", "60.6", "60.7")
    [result] = landed(project, els(jobs=answer(years=NEXT)))
    assert result.state == "failed" and "nothing can be held against it\n    → restore it: git checkout" in result.why[0]
