"""Publishers' known errors beside the sources that tell of them: which are in the tables, and what is apart."""

import pytest

from placebook.catalogue import corrections
from placebook.catalogue.load import Catalogue
from placebook.errors import InputError

CORRECTION = """\
- source: jobs
  area: E07000095
  period: 2023-01-01/P1Y
  measure: rate
  published: 71.6
  value: 76.1
  because: The bulletin prints 76.1.
  evidence: https://www.ons.gov.uk/jobs/bulletin
"""
ROW = ("E07000095", "2023-01-01/P1Y", "rate", "", "")


def opened(project, text=CORRECTION, told=True):
    """With a corrections file, and a source's file that tells of it as a refresh writes it, or not."""
    project.write("data/corrections.yml", text)
    if told:
        (one,) = corrections.read_corrections(project)
        path = project.sources / "jobs.yml"
        words = f"corrected:\n  - '{one.words()}'\n"
        path.write_text(path.read_text(encoding="utf-8").replace("tables:\n", f"{words}tables:\n"), encoding="utf-8")
    return Catalogue.open(project)


def test_what_the_tables_hold_is_known_by_table_and_row(tiny_project):
    catalogue = opened(tiny_project)
    (row, record) = corrections.by_row(catalogue.corrections, catalogue.sources).popitem()
    assert row == ("data/tables/jobs.csv", ROW)
    assert record == {
        "area": "E07000095",
        "period": "2023-01-01/P1Y",
        "measure": "rate",
        "published": 71.6,
        "value": 76.1,
        "because": "The bulletin prints 76.1.",
        "evidence": "https://www.ons.gov.uk/jobs/bulletin",
    }
    assert list(corrections.hints(catalogue.corrections, catalogue.sources)) == []


def test_what_no_refresh_has_put_into_the_table_is_not_told_of_and_pointed_out(tiny_project):
    catalogue = opened(tiny_project, told=False)
    assert corrections.by_row(catalogue.corrections, catalogue.sources) == {}
    (hint,) = corrections.hints(catalogue.corrections, catalogue.sources)
    assert hint.file == "data/corrections.yml" and "is not corrected in the table yet" in hint.problem
    assert hint.remedy == "placebook refresh jobs"


@pytest.mark.parametrize("text", ["[]\n", CORRECTION.replace("value: 76.1", "value: 76.2")])
def test_a_source_that_tells_of_another_correction_than_the_file_is_pointed_out(tiny_project, text):
    opened(tiny_project)
    tiny_project.write("data/corrections.yml", text)
    catalogue = Catalogue.open(tiny_project)
    assert corrections.by_row(catalogue.corrections, catalogue.sources) == {}
    *_, hint = corrections.hints(catalogue.corrections, catalogue.sources)
    assert hint.file == "data/sources/jobs.yml" and "that is not in data/corrections.yml" in hint.problem


@pytest.mark.parametrize("text", [CORRECTION * 2, "- [", CORRECTION.replace("because", "why")])
def test_a_file_that_makes_no_sense_is_told_with_all_else_that_is_wrong(tiny_project, text):
    tiny_project.write("data/corrections.yml", text)
    tiny_project.replace("params/letchworth.yml", "kind: town", "kind: towne")
    with pytest.raises(InputError) as told:
        Catalogue.open(tiny_project)
    assert {fault.file for fault in told.value.faults} == {"data/corrections.yml", "params/letchworth.yml"}
