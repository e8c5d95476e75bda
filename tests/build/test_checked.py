"""Everything checked before a build."""

import pytest

from placebook.build import checked
from placebook.errors import InputError


def spoil(project):
    text = (project.tables / "jobs.csv").read_text(encoding="utf-8")
    project.table("jobs", text.replace("75,70,80", "75,90,80"))


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
    spoil(tiny_project)
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
