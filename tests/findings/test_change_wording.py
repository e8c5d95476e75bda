"""How a change against England is told: both ends by their periods, so that nobody takes one for the other."""

import pytest

from placebook.findings.candidates import Candidate
from placebook.findings.finding_wording import Teller
from tests.findings.drawn import england, indicator, other, reading, value

SAYS = {"more": "Pay is higher than in England", "less": "Pay is lower than in England", "short": "pay"}
GIVEN = {"measure": "median", "uncertainty": "estimate_without_limits", "counts": "none", "priority": 0.9, "says": SAYS}
MONEY = indicator(**GIVEN, unit="pounds", price_basis="real")
SHARE = indicator(**GIVEN | {"measure": "share"}, unit="percent")


def told(of, now, before, at_now, at_before, rounds=1):
    """A change from one end to the other; ``now`` and ``before`` are beside England's: its index, or points from it."""
    ends = [value(number, period=period) for number, period in ((81.0, at_now), (62.0, at_before))]
    beside = [other(60.0, period=period) for period in (at_now, at_before)]
    read = reading(*reversed(ends), beside=(england(*reversed(beside)),), of=of)
    candidate = Candidate(
        type="change",
        indicators=("work",),
        section="people",
        concept="pay",
        subject="Ayton",
        z=3.0,
        core=True,
        priority=0.9,
        quality=1.0,
        recency=1.0,
        good=None,
        values=(*ends, *beside),
        rules={"R7": {"from": before, "to": now}, "R11": {"rank": 4, "of": 296}},
    )
    teller = Teller({"work": read}, {})
    return [teller.tell(candidate) for _ in range(rounds)]


def test_a_ratio_is_told_in_two_forms_by_turns():
    first, second = told(MONEY, 135.0, 103.3, "2023-01-01/P1Y", "2013-01-01/P1Y", rounds=2)
    assert first.headline == second.headline == "Pay: once 3% above England’s, now 35% above"
    assert first.sentence.startswith(
        "With England as 100, pay was 103.3 in 2013 and 135.0 in 2023: the 4th largest rise against"
    )
    assert second.sentence.startswith("From 2013 to 2023 pay went from 103.3 to 135.0, England being 100: the 4th largest rise")


def test_ends_of_several_years_each_stand_beside_their_own_figure():
    """From 2017 to 2019 to 2022 to 2024: nobody could say which is which."""
    for each in told(MONEY, 135.0, 103.3, "2022-01-01/P3Y", "2017-01-01/P3Y", rounds=2):
        assert each.sentence.startswith("With England as 100, pay was 103.3 in 2017 to 2019 and 135.0 in 2022 to 2024: the 4th")
    (share,) = told(SHARE, 21.0, 2.0, "2022-01-01/P3Y", "2017-01-01/P3Y")
    assert share.sentence == (
        "Pay was 62.0% in 2017 to 2019 and 81.0% in 2022 to 2024; in England 60.0% and 60.0%: "
        "the 4th largest rise against England of 296 districts."
    )


@pytest.mark.parametrize(
    ("of", "before", "now", "headline"),
    [
        (MONEY, 98.1, 100.2, "Pay: once 2% below England’s, now level"),
        (MONEY, 100.2, 81.0, "Pay: once level with England’s, now 19% below"),
        (MONEY, 150.0, 251.0, "Pay: once 50% above England’s, now 2.5 times"),
        (SHARE, 1.9, 0.1, "Pay: once 1.9 points above England’s, now level"),
    ],
)
def test_headlines_say_where_it_lay_and_where_it_lies(of, before, now, headline):
    (found,) = told(of, now, before, "2023-01-01/P1Y", "2013-01-01/P1Y")
    assert found.headline == headline


def test_inside_a_sentence_the_verb_agrees_with_the_measure():
    """The abstract of a page is made of these."""
    many = indicator(**GIVEN | {"says": SAYS | {"short": "emissions per head", "plural": True}}, unit="pounds")
    for of, clause in (
        (MONEY, "pay, once 3% above England’s, is now 35% above"),
        (many, "emissions per head, once 3% above England’s, are now 35% above"),
    ):
        (found,) = told(of, 135.0, 103.3, "2023-01-01/P1Y", "2013-01-01/P1Y")
        assert found.clause == clause
