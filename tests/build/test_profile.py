"""Where the time goes on a page is said by kind of work and by room, and the project stays as it is."""

import json

import pytest

from placebook.build import profile as room
from placebook.build.profile import KINDS, profile
from placebook.errors import InputError
from placebook.report import display


def cell(source, *tags):
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": [source]}


@pytest.fixture
def project(tiny_project):
    cells = [
        cell('place = "nowhere"', "parameters"),
        cell("from placebook.report.page import Page\n\npage = Page.open(place)"),
        {"cell_type": "markdown", "metadata": {}, "source": ["## People"]},
        cell("page.show_title()"),
        cell("page.show_sources()"),
    ]
    tiny_project.write("notebooks/place.ipynb", json.dumps({"cells": cells}))
    return tiny_project


def test_the_kinds_of_work_are_the_whole_and_the_rooms_are_named(project):
    shown = display.display
    found = profile(project, "broxbourne")
    names = [name for name, _ in found.kinds]
    assert names == [*KINDS, "the rest"] and all(seconds >= 0 for _, seconds in found.kinds)
    assert dict(found.kinds)["readings"] > 0 and dict(found.kinds)["workbooks"] == 0
    own = [seconds for _, seconds in found.rooms]
    assert own == sorted(own, reverse=True) and len(own) == room.ROOMS
    assert sum(own) <= sum(seconds for _, seconds in found.kinds) * 1.01
    assert {"Python", "pandas"} <= {name for name, _ in found.rooms}
    assert display.display is shown


def test_nothing_of_the_project_is_written_but_tables_kept_for_later(project):
    before = {path for path in project.root.rglob("*") if "cache/tables" not in path.as_posix()}
    profile(project, "broxbourne")
    after = {path for path in project.root.rglob("*") if "cache/tables" not in path.as_posix()}
    assert {path.relative_to(project.root).as_posix() for path in after - before} <= {"_build", "_build/cache"}


def test_a_place_that_there_is_none_of_is_said(project):
    with pytest.raises(InputError, match="there is no place 'luton'"):
        profile(project, "luton")


def test_a_file_is_named_by_its_room_or_library():
    assert room._room("/x/site-packages/matplotlib/text.py") == "matplotlib"
    assert room._room("/x/src/placebook/figures/charts.py") == "placebook/figures/charts.py"
    assert room._room("/usr/lib/python3.11/json/decoder.py") == room._room("~") == "Python"
