"""Everything checked before a build, by this process and by one beside it."""

import multiprocessing

import pytest

from placebook.edition import cache, checked
from placebook.errors import DataError, InputError


@pytest.mark.forks
def test_a_process_beside_checks_tables_while_this_one_does_other_things(tiny_project, capfd):
    with checked.helped(tiny_project):
        (helper,) = multiprocessing.active_children()
        helper.join()
        assert cache.unread(tiny_project) == 0 and helper.exitcode == 0
        with checked.helped(tiny_project):
            assert multiprocessing.active_children() == [], "there is nothing left to do"
    assert capfd.readouterr() == ("", "")


@pytest.mark.forks
def test_what_is_wrong_is_told_by_the_build_alone(tiny_project, capfd):
    tiny_project.table("jobs", (tiny_project.tables / "jobs.csv").read_text(encoding="utf-8").replace("75,70,80", "75,90,80"))
    with checked.helped(tiny_project):
        (helper,) = multiprocessing.active_children()
        helper.join()
        assert helper.exitcode == 0 and capfd.readouterr() == ("", "")
        with pytest.raises(DataError, match="90 is larger than the upper limit 80"):
            checked.open_checked(tiny_project)


@pytest.mark.forks
def test_it_ends_with_the_block(tiny_project, monkeypatch):
    monkeypatch.setattr(checked, "PATIENCE", 0.0)
    monkeypatch.setattr(checked, "_help", lambda project: multiprocessing.Event().wait())
    with pytest.raises(ZeroDivisionError), checked.helped(tiny_project):
        (helper,) = multiprocessing.active_children()
        1 / 0  # noqa: B018
    assert helper.exitcode == -9 and multiprocessing.active_children() == []


def test_what_is_wrong_with_a_place_is_told_at_once_whatever_kind_of_mistake_it_is(tiny_project):
    tiny_project.write("params/broxbourne.yml", "name: Broxbourne\nkind: district\ncode: E07000999\nkidn: x\n")
    tiny_project.replace("params/letchworth.yml", "parent: E07000099", "parent: E07000998")
    tiny_project.write("params/no-place.yml", "name: [\n")
    with pytest.raises(InputError) as caught:
        checked.open_checked(tiny_project)
    found = {(fault.file, fault.field.partition(",")[0]) for fault in caught.value.faults}
    assert {("params/broxbourne.yml", "code"), ("params/broxbourne.yml", "kidn")} <= found
    assert {file for file, _ in found} == {f"params/{name}.yml" for name in ("broxbourne", "letchworth", "no-place")}


def test_a_wrong_table_and_a_wrong_place_are_told_at_once(tiny_project):
    tiny_project.table("jobs", (tiny_project.tables / "jobs.csv").read_text(encoding="utf-8").replace("75,70,80", "75,90,80"))
    tiny_project.write("params/broxbourne.yml", "name: Broxbourne\nkind: district\ncode: E07000095\nkidn: x\n")
    with pytest.raises(InputError) as caught:
        checked.open_checked(tiny_project)
    assert {fault.file for fault in caught.value.faults} == {"data/tables/jobs.csv", "params/broxbourne.yml"}


def test_a_source_that_cannot_be_read_is_told_once_and_not_by_all_that_reads_it(tiny_project):
    tiny_project.replace("data/sources/jobs.yml", "publisher:", "publihser:")
    tiny_project.write("params/broxbourne.yml", "name: Broxbourne\nkind: district\ncode: E07000999\n")
    with pytest.raises(InputError) as caught:
        checked.open_checked(tiny_project)
    assert {fault.file for fault in caught.value.faults} == {"data/sources/jobs.yml"}
