"""Not published, not held, gone: which it is follows from the areas that the table holds."""

import pytest

from placebook.evidence.coverage import former, lack
from placebook.geography.areas import Areas
from placebook.paths import Project

AREAS = Areas.open(Project.find())
DISTRICTS = {area.code for area in AREAS.of_level("district")}
HERTFORDSHIRE = {area.code for area in AREAS.children("E10000015", "district")}
BRISTOL, BROXBOURNE, CUMBERLAND, LONDON_REGION = "E06000023", "E07000095", "E06000063", "E12000007"
UPPER_TIER = {code for code in DISTRICTS if not code.startswith("E07")}


@pytest.mark.parametrize(
    ("held", "code", "why"),
    [
        (DISTRICTS - {BRISTOL}, BRISTOL, "not_published"),
        (HERTFORDSHIRE, BRISTOL, "not_held"),
        (HERTFORDSHIRE, "E07000008", "not_held"),
        (UPPER_TIER, BROXBOURNE, "not_published"),
        (set(), BRISTOL, "not_published"),
        ({"E92000001"}, BRISTOL, "not_published"),
        (DISTRICTS - {CUMBERLAND}, CUMBERLAND, "gone"),
        (HERTFORDSHIRE, CUMBERLAND, "not_held"),
        ({"E10000015"}, "E10000003", "not_held"),
        ({"E12000006"}, LONDON_REGION, "not_held"),
        ({"E01023630"}, "E01023289", "not_held"),
    ],
)
def test_why_there_is_no_figure(held, code, why):
    assert lack(held, code, AREAS) == why


def test_districts_that_became_another_are_named():
    assert former(CUMBERLAND, AREAS) == ("Allerdale", "Carlisle", "Copeland")
    assert former("E07000242", AREAS) == ()  # a new code for the same district
    assert former(BRISTOL, AREAS) == ()
