"""Which candidates open a page: by score, one a concept, two a section, none of low priority, a town's own first."""

from dataclasses import replace
from datetime import date

import pytest

from placebook.findings.candidates import Candidate, quality, recency
from placebook.findings.choice import choose, openings
from tests.findings.drawn import indicator, value

ORDER = [f"m{n}" for n in range(30)]


def candidate(n, z=2.0, **more):
    fields = {
        "type": "level",
        "indicators": (f"m{n}",),
        "section": f"s{n}",
        "concept": f"c{n}",
        "subject": "Ayton",
        "z": z,
        "core": True,
        "priority": 1.0,
        "quality": 1.0,
        "recency": 1.0,
        "good": True,
        "values": (value(1.0),),
    }
    return Candidate(**{**fields, **more})


def names(chosen):
    return [each.indicators[0] for each in chosen.key]


def rules(chosen):
    return {each.indicators[0]: each.left_out for each in chosen.others}


def test_a_score_is_the_capped_distance_times_priority_quality_and_recency():
    assert candidate(1, z=-5.0, priority=0.9, quality=0.8, recency=0.5).score == pytest.approx(3 * 0.9 * 0.8 * 0.5)
    assert candidate(1, z=1.0, core=False).score == pytest.approx(0.7)


def test_six_at_most_by_score_and_ties_by_the_order_of_the_indicators():
    chosen = choose([candidate(n, z=2.0) for n in (7, 3, 5, 1, 6, 2, 4)], ORDER)
    assert names(chosen) == ["m1", "m2", "m3", "m4", "m5", "m6"] and rules(chosen) == {"m7": "R10 most"}


def test_one_a_concept_and_two_a_section():
    same = [
        candidate(1),
        candidate(2, concept="c1", z=1.9),
        candidate(3, section="s1", z=1.8),
        candidate(4, section="s1", z=1.7),
    ]
    chosen = choose(same, ORDER)
    assert names(chosen) == ["m1", "m3"] and rules(chosen) == {"m2": "R10 concept", "m4": "R10 section"}


def test_after_three_none_of_a_low_score_and_of_low_priority_none_at_all():
    low = [candidate(n, z=0.5) for n in range(1, 6)]
    chosen = choose([*low, candidate(6, z=3.0, priority=0.4)], ORDER)
    assert names(chosen) == ["m1", "m2", "m3"]
    assert rules(chosen) == {"m4": "R10 score", "m5": "R10 score", "m6": "R10 priority"}


def test_what_a_rule_left_out_is_never_chosen_and_keeps_its_rule():
    chosen = choose([candidate(1, z=3.0, left_out="R5"), candidate(2, z=0.6)], ORDER)
    assert names(chosen) == ["m2"] and rules(chosen) == {"m1": "R5"}


def test_a_missing_kind_is_preferred_within_a_fifth_and_never_forced():
    bad = candidate(3, z=1.7, good=False)
    assert names(choose([candidate(1, z=2.1), candidate(2, z=2.0), bad], ORDER)) == ["m1", "m3", "m2"]
    assert names(choose([candidate(1, z=2.4), candidate(2, z=2.2), replace(bad, z=1.7)], ORDER)) == ["m1", "m2", "m3"]


def test_a_towns_own_come_first_and_two_at_most_are_its_districts():
    district = [candidate(n, z=3.0, wider=True) for n in (11, 12, 13)]
    chosen = choose([*district, candidate(1, z=1.0), candidate(2, z=0.3), candidate(3, z=0.2)], ORDER, town=True)
    assert names(chosen) == ["m1", "m2", "m3", "m11", "m12"] and rules(chosen) == {"m13": "R1"}


def test_a_section_opens_with_its_best_whether_or_not_they_open_the_page():
    chosen = choose(
        [candidate(1, section="a"), candidate(2, section="a", z=0.2, priority=0.4), candidate(3, section="b")], ORDER
    )
    assert [each.indicators[0] for each in openings(chosen, "a")] == ["m1", "m2"]
    assert [each.indicators[0] for each in openings(chosen, "b")] == ["m3"]


@pytest.mark.parametrize(("period", "weight"), [("2023-01-01/P1Y", 1.0), ("2021-01-01/P1Y", 0.8), ("2018-01-01/P1Y", 0.5)])
def test_recency_counts_from_the_end_of_the_period_to_the_edition(period, weight):
    assert recency(indicator(), period, date(2026, 11, 30)) == weight


def test_quality_falls_where_no_margin_is_published_where_it_is_modelled_and_for_short_series():
    assert quality(indicator()) == 1.0
    assert quality(indicator(uncertainty="estimate_without_limits", counts="none")) == 0.8
    assert quality(indicator(uncertainty="modelled")) == 0.6
    assert quality(indicator(), steps=5) == 0.6
