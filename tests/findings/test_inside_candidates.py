"""What a town has of its district: a key finding only where areas drawn at random would seldom do the same (R6)."""

from datetime import date
from math import comb

import pytest
from scipy.stats import hypergeom

from placebook.findings.inference import drawn_p
from placebook.findings.inside_candidates import concentration_candidates
from tests.findings.test_concentration import INDEX, index

ON = date(2026, 1, 1)


def candidate(members, many):
    (made,) = concentration_candidates([index(members, many)], {INDEX.id: "people"}, ON)
    return made


def test_a_town_of_one_area_with_none_of_the_most_deprived_is_chance():
    made = candidate([40], 63)  # six of 63 are the most deprived tenth
    assert made.rules["R6"]["p"] == pytest.approx(min(1, 2 * comb(62, 6) / comb(63, 6))) and made.left_out == "R6"


def test_seven_of_eight_in_a_quarter_of_the_areas_is_told():
    members = [*range(1, 8), *range(20, 36)]
    made = candidate(members, 82)
    ways = [comb(23, n) * comb(59, 8 - n) for n in (7, 8)]
    assert made.rules["R6"]["p"] == pytest.approx(2 * sum(ways) / comb(82, 8)) and not made.left_out


@pytest.mark.parametrize(("here", "drawn", "own", "areas"), [(0, 6, 1, 63), (7, 8, 23, 82), (3, 6, 30, 60), (2, 2, 3, 20)])
def test_the_tails_are_scipys(here, drawn, own, areas):
    known = hypergeom(areas, own, drawn)
    smaller = min(known.cdf(here), known.sf(here - 1))
    assert drawn_p(here, drawn, own, areas) == pytest.approx(min(1, 2 * smaller))
