"""What a row says in a few words: each verdict against England, each place, each change."""

import pytest
from drawn import SHARE, all_districts, england, indicator, other, reading, value, year

from placebook.findings import verdicts
from placebook.findings.all_claims import all_claims

COUNTED = {"uncertainty": "full_count", "reads": SHARE}
GUESS = {"uncertainty": "estimate_without_limits"}


def against(own, beside, **more):
    found = reading(own, beside=[england(beside)], of=indicator(**more))
    verdict = verdicts.against_england(all_claims(found))
    return verdict.kind, verdict.title, verdict.detail


def test_a_tested_difference_is_better_or_worse_by_the_polarity():
    own, beside = value(80, 76, 84), other(70, 69.5, 70.5)
    assert against(own, beside) == ("better", "Better", "10.0 points higher")
    assert against(own, beside, polarity="lower_is_better") == ("worse", "Worse", "10.0 points higher")
    assert against(own, beside, polarity="neither") == ("different", "Higher", "10.0 points higher")


def test_a_full_count_says_that_it_is_one():
    assert against(value(5), other(6), **COUNTED) == ("worse", "Worse", "1.0 points lower")
    assert against(value(5), other(5), **COUNTED) == ("unclear", "The same", "")


def test_what_may_be_chance_is_no_clear_difference():
    assert against(value(72, 66, 78), other(70, 69.5, 70.5)) == (
        "unclear",
        "No clear difference",
        "",
    )
    kind, title, detail = against(value(70.1, 69.9, 70.3), other(70, 69.9, 70.1), similar_within=1.0)
    assert (kind, title, detail) == ("unclear", "Similar", "within 1.0 percentage points")


def test_without_a_margin_only_the_size_is_said():
    assert against(value(5), other(6), **GUESS) == ("untested", "Not tested", "a gap of 1.0 points")
    assert against(value(5), other(5), **GUESS) == ("untested", "Not tested", "the same figure")
    pay = {**GUESS, "unit": "pounds", "unit_words": "£", "decimals": 2}
    assert against(value(37.96), other(42.39), **pay)[2] == f"a gap of £4.43 ({100 * 4.43 / 42.39:.0f}%)"


def test_an_unreliable_figure_is_too_uncertain():
    assert against(value(5, markers=("u",)), other(6))[:2] == ("untested", "Too uncertain")


def test_what_is_not_compared_says_why():
    odd = {"unusual": [{"areas": ["E92000001"], "periods": ["2023-01-01/P1Y"], "reason": "a strike"}]}
    assert against(value(5), other(6), **odd) == ("", "", "a strike")
    total = all_claims(reading(value(5), beside=[england(other(6))], of=indicator(measure="count", unit="count", **COUNTED)))
    assert verdicts.against_england(total) == verdicts.Verdict("", "", "")
    alone = all_claims(reading(value(5), of=indicator(**COUNTED)))
    assert verdicts.against_england(alone).detail == "not published for England"
    county = england(other(6), role="county", name="Shire", code="E10000001")
    assert verdicts.england(all_claims(reading(value(5), beside=[county], of=indicator(**COUNTED)))) is None


def test_years_of_mass_registrations_are_not_compared():
    found = reading(value(5), beside=[england(other(6))], of=indicator(**COUNTED), artefacts=("2023-01-01/P1Y",))
    assert verdicts.against_england(all_claims(found)) == verdicts.Verdict("", "", verdicts.BARRED)


def test_every_kind_has_its_words():
    kinds = {against(value(80, 76, 84), other(70, 69, 71), polarity=p)[0] for p in ("higher_is_better", "neither")}
    assert kinds < set(verdicts.KINDS) and next(iter(verdicts.KINDS)) == "worse"


# ------------------------------------------------------------ the place


def placed(own, of, **more):
    found = reading(value(own), of=indicator(**of), districts=all_districts(range(249), own=own), **more)
    return verdicts.rank(all_claims(found))


def test_the_place_is_counted_from_the_nearer_end():
    assert placed(300, COUNTED) == "highest of 250"
    assert placed(247, COUNTED) == "joint 2nd highest of 250"
    assert placed(1.5, COUNTED) == "3rd lowest of 250"
    assert placed(246.5, GUESS) == "3rd highest of 250"
    assert verdicts.rank(all_claims(reading(value(5), of=indicator(**COUNTED)))) == ""


def test_a_place_that_limits_leave_open_is_a_range_or_none():
    def by_limits(own, error):
        found = reading(value(own, own - error, own + error), districts=all_districts(range(249), error, own=own))
        return verdicts.rank(all_claims(found))

    assert by_limits(100, 300) == ""
    assert by_limits(300, 1).endswith(" highest of 250")


# ------------------------------------------------------------ the change


def changed(*series, **more):
    found = reading(*series, of=indicator(**more))
    return verdicts.change(found, all_claims(found))


def test_a_change_says_its_size_and_since_when():
    assert changed(year(5, 2015), year(6, 2023), **COUNTED) == "Rose by 1.0 points since 2015"
    assert changed(year(6, 2015), year(5, 2023), **COUNTED) == "Fell by 1.0 points since 2015"
    assert changed(year(6, 2015), year(6, 2023), **COUNTED) == "The same as in 2015"
    assert changed(year(5, 2015), year(6, 2023), **GUESS) == "5.0% in 2015; not tested"


def test_a_trend_is_one_and_chance_is_none():
    up = [year(50 + 5 * n, 2019 + n, 49 + 5 * n, 51 + 5 * n) for n in range(5)]
    assert changed(*up) == "Upward trend since 2019"
    level = [year(50 + n % 2, 2019 + n, 40, 60) for n in range(5)]
    assert changed(*level) == "No clear trend since 2019"


@pytest.mark.parametrize("price", ["current", "none"])
def test_one_period_is_no_change(price):
    assert changed(year(5, 2023), price_basis=price, **COUNTED) == ""


def test_money_in_current_prices_is_set_against_england():
    pay = indicator(**GUESS, unit="pounds", unit_words="£", price_basis="current")
    both = england(*(year(n, when, role="country", area="E92000001", name="England") for n, when in ((20, 2018), (40, 2023))))
    found = reading(year(18, 2018), year(38, 2023), beside=[both], of=pay)
    assert verdicts.change(found, all_claims(found)) == (
        f"England as 100: {100 * 18 / 20:.1f} in 2018, {100 * 38 / 40:.1f} now; not tested"
    )
    alone = reading(year(18, 2018), year(38, 2023), of=pay)
    assert verdicts.change(alone, all_claims(alone)) == "No change stated"


def test_what_nearly_all_districts_did_is_said_to_be_that():
    among = {
        when: all_districts([n + up for n in range(249)], own=own, period=when)
        for when, up, own in (("2015-01-01/P1Y", 0, 5), ("2023-01-01/P1Y", 1, 6))
    }
    found = reading(year(5, 2015), year(6, 2023), of=indicator(**COUNTED), among=among)
    assert verdicts.change(found, all_claims(found)) == "Rose by 1.0 points since 2015, as in nearly all districts"
