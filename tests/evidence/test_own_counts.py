"""Small counts in an analyst's own figures are held back: refused with file and line, and what to write instead."""

import pytest

from placebook.build.checked import open_checked
from placebook.catalogue import check
from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.paths import NATIONAL

HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"
FLATS = "E0100000{0},2021-03-21,homes,flat,,{1},,,{2}\nE0100000{0},2021-03-21,homes,house,,50,,,\n"
COUNT = "  homes: {{label: Homes, unit: homes, minimum: 0, maximum: 1000, count: {}}}"
REMEDY = "leave the value empty and write c under markers in the file that placebook refresh reads, then refresh"


def own(project, values, count="true"):
    """A table of four small areas in figures of one's own: a value each, or a marker."""
    rows = [FLATS.format(at, "" if value == "c" else value, "c" if value == "c" else "") for at, value in enumerate(values, 1)]
    project.table("homes", HEAD + "".join(rows), measures=COUNT.format(count))
    project.replace("data/sources/homes.yml", "licence:", "own: true\nlicence:")


def faults(project):
    with pytest.raises(InputError) as raised:
        open_checked(project)
    return [(f"{fault.file}:{fault.line}", fault.problem, fault.remedy) for fault in raised.value.faults]


@pytest.mark.parametrize("small", [1, 4, 2.5])
def test_a_count_below_five_is_refused_with_its_line(tiny_project, small):
    own(tiny_project, [10, small, 5, 20])
    ((where, problem, remedy),) = [fault for fault in faults(tiny_project) if fault[0].startswith("data/tables")]
    assert (where, remedy) == ("data/tables/homes.csv:4", REMEDY)
    assert problem == f"{small} is a count of fewer than 5 in figures of your own, which may show who they are"


def test_what_is_held_back_none_at_all_and_what_counts_nobody_pass(tiny_project):
    own(tiny_project, [10, "c", 0, 5])
    open_checked(tiny_project)
    own(tiny_project, [10, 1.5, 4, 5], count="false")
    open_checked(tiny_project)


def test_a_table_that_was_checked_as_a_publishers_is_checked_again_as_ones_own(tiny_project):
    own(tiny_project, [10, 1, 5, 20])
    tiny_project.replace("data/sources/homes.yml", "own: true\n", "")
    open_checked(tiny_project)
    tiny_project.replace("data/sources/homes.yml", "licence:", "own: true\nlicence:")
    assert faults(tiny_project)[0][0] == "data/tables/homes.csv:4"


def test_figures_of_ones_own_say_of_each_measure_whether_it_is_a_count(tiny_project):
    tiny_project.replace("data/sources/homes.yml", "licence:", "own: true\nlicence:")
    problem = "is of figures of your own, and does not say whether it counts people, households or firms"
    assert (problem, "write count: true or count: false under it") in [fault[1:] for fault in faults(tiny_project)]


def test_beside_a_package_that_holds_the_national_sources_every_other_one_says_whose_it_is(tiny_project, tmp_path, monkeypatch):
    national = tmp_path / "national"
    (national / "data/sources").mkdir(parents=True)
    (national / "data/sources/jobs.yml").write_text("", encoding="utf-8")
    assert not NATIONAL.is_dir(), "this checkout holds them itself"
    monkeypatch.setattr(check, "NATIONAL", national)

    def told():
        return [(f.file, f.problem) for f in check.check(Catalogue.open(tiny_project), None) if "your own" in f.problem]

    problem = "is no source of the package, and does not say whether its figures are your own"
    assert told() == [("data/sources/homes.yml", problem)]
    for said in ("true", "false"):
        tiny_project.table("homes", HEAD + FLATS.format(1, 9, ""), measures=COUNT.format("true"))
        tiny_project.replace("data/sources/homes.yml", "licence:", f"own: {said}\nlicence:")
        assert told() == []
