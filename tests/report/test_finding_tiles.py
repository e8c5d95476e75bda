"""What a tile is called: no change is tested, nothing is better than an England that is not published."""

import pytest

from placebook.findings.candidates import Candidate
from placebook.report import finding_tiles
from placebook.report.page import Page

from drawn import indicator, reading, value  # isort: skip


def said_of(kind="level", good=True, rules=("R2", "R7"), **of):
    found = reading(value(1.0), of=indicator(**of))
    candidate = Candidate(
        kind, ("work",), "people", "work", "Ayton", 2.0, True, 1.0, 1.0, 1.0, good, (value(1.0),), {rule: {} for rule in rules}
    )
    return finding_tiles.tag(candidate, found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ("better", "Better than England")),
        ({"good": False}, ("worse", "Worse than England")),
        ({"good": None}, ("different", "Different from England")),
        ({"good": False, "rules": ("R2",)}, ("worse", "Worse than most districts")),
        ({"rules": ("R2", "R7", "R4")}, ("untested", "Size only, not tested")),
        # Early deaths once 50% above England's, now 18% above: better than they were, not better than England's.
        ({"kind": "change", "good": True}, ("untested", "Gained ground against England, not tested")),
        ({"kind": "change", "good": False}, ("untested", "Lost ground against England, not tested")),
        ({"kind": "change", "good": None}, ("untested", "Moved against England, not tested")),
    ],
)
def test_a_tag_says_no_more_than_was_found(given, said):
    assert said_of(**given) == said


def test_a_group_of_districts_has_no_key_findings(tiny_project):
    tiny_project.write("params/both.yml", "name: Both\nkind: group\ndistricts: [E07000095, E07000099]\n")
    page = Page.open("both", tiny_project)
    assert page.tiles.html() == "" and page.tiles.abstract() == ""
