"""Everything checked before a build, by this process and by one beside it."""

import subprocess
import sys

import pytest

from placebook.build import checked
from placebook.errors import InputError
from placebook.incremental import fingerprints

# In a process of its own: one that tests have started threads in is not to be forked.
BESIDE = """
import multiprocessing, signal, sys
from pathlib import Path
from placebook.build import checked
from placebook.errors import InputError
from placebook.paths import Project

project = Project(Path(sys.argv[1]))

def helper():
    (found,) = multiprocessing.active_children()
    return found

"""


def beside(project, code):
    """What a piece of code prints, which has a ``helper`` where it is in the block."""
    words = [sys.executable, "-c", BESIDE + code, project.root]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    assert done.stderr == ""
    return done.stdout.strip()


def spoil(project):
    text = (project.tables / "jobs.csv").read_text(encoding="utf-8")
    project.table("jobs", text.replace("75,70,80", "75,90,80"))


@pytest.mark.forks
def test_a_process_beside_checks_tables_while_this_one_does_other_things(tiny_project):
    code = "with checked.helped(project):\n    helper().join()\n"
    assert fingerprints.unread(tiny_project) > 1 and beside(tiny_project, code) == "" and fingerprints.unread(tiny_project) == 0
    nothing_left = "with checked.helped(project):\n    print(multiprocessing.active_children())\n"
    assert beside(tiny_project, nothing_left) == "[]"


@pytest.mark.forks
def test_what_is_wrong_is_told_by_the_build_alone(tiny_project):
    spoil(tiny_project)
    code = """
try:
    with checked.helped(project):
        helper().join()
        print("it has ended")
        checked.open_checked(project)
except InputError as error:
    print(error)
"""
    said = beside(tiny_project, code)
    assert said.startswith("it has ended\n") and said.count("90 is larger than the upper limit 80") == 1


@pytest.mark.forks
@pytest.mark.parametrize("wrong", ["", "1 / 0"])
def test_it_ends_with_the_block(tiny_project, wrong):
    code = f"""
checked.PATIENCE = 0.0
checked._help = lambda project: signal.pause()
try:
    with checked.helped(project):
        there = helper()
        {wrong}
except ZeroDivisionError:
    pass
print(there.exitcode, multiprocessing.active_children())
"""
    assert beside(tiny_project, code) == "-9 []"


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
