"""What the rules on chance, rounding and base years come to in the real tables: one statement each, worked out by hand."""

import re
from pathlib import Path

import pytest

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import DistrictPlace
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import sentences, strengths
from placebook.findings.all_claims import all_claims
from placebook.findings.claims import barred
from placebook.paths import Project

BROXBOURNE, ST_ALBANS, SCILLY = "E07000095", "E07000240", "E06000053"
BROMSGROVE, LEICESTER = "E07000234", "E06000016"


@pytest.fixture(scope="module")
def of():
    """A district's evidence by its code."""
    catalogue = Catalogue.open(Project.at(Path(__file__).parents[2]))
    store, known = Store.open(catalogue.project, catalogue.sources, catalogue.areas), {}

    def evidence(code):
        catalogue.places.setdefault(code, DistrictPlace(kind="district", code=code, name=catalogue.areas[code].name))
        return known.setdefault(code, Evidence(catalogue, store, code))

    return evidence


def found(evidence, indicator, kind, role="country"):
    """The claim of a kind, of levels the one against England; None where nothing is claimed."""
    reading = evidence.read(indicator)
    assert isinstance(reading, Reading)
    every = [c for c in all_claims(reading) if c.kind == kind]
    return next((c for c in every if kind != "level" or (c.comparator and c.comparator.role == role)), None)


def text(claim):
    return next(said.text for said in sentences.say([claim]) if claim in said.claims)


def listed(evidence):
    read = (evidence.read(indicator) for indicator in evidence.catalogue.indicators)
    return {c.reading.indicator.id: c for c in strengths.strengths_and_challenges([r for r in read if isinstance(r, Reading)])}


def test_level_3_in_broxbourne_is_the_mean_of_two_readings_and_both_are_shown(of):
    """62.0% (50.4 to 73.6) and 41.9% (28.7 to 55.1), correlated 0.3: √(11.6² + 13.2² + 2 × 0.3 × 11.6 × 13.2) / 2 each way."""
    claim = found(of(BROXBOURNE), "level-3-qualifications", "level")
    half = (11.6**2 + 13.2**2 + 2 * 0.3 * 11.6 * 13.2) ** 0.5 / 2
    pooled = claim.values[0]
    assert pooled.value == pytest.approx((62.0 + 41.9) / 2)
    assert (pooled.lower, pooled.upper) == pytest.approx((pooled.value - half, pooled.value + half))
    assert claim.verdict == "lower" and 0.001 < claim.p < 0.01, "not the 0.00015 of the single draw"
    assert "From 2022 to 2023 (mean of two readings)" in text(claim)
    assert text(claim).endswith("It was 41.9% in 2023 and 62.0% in 2022.")
    challenge = listed(of(BROXBOURNE))["level-3-qualifications"]
    assert challenge.values[0] == pooled and "It was 41.9% in 2023 and 62.0% in 2022." in sentences.lane(challenge).text


def test_fifteen_of_370_high_growth_firms_are_not_fewer_than_england_s(of):
    """15 of 370 is 4.1%, England 5.0%: over three years a difference of a few firms, each count rounded to 5."""
    reading = of(BROXBOURNE).read("high-growth")
    assert (reading.now[0].numerator, reading.now[0].denominator) == (15, 370)
    claim = found(of(BROXBOURNE), "high-growth", "level")
    assert claim.verdict == "no_clear_difference" and claim.p > 0.05
    assert claim.values[0].numerator == sum(v.numerator for v in reading.series[-3:])
    assert "high-growth" not in listed(of(BROXBOURNE))


def test_45_of_750_high_growth_firms_are_not_more_than_england_s(of):
    reading = of(ST_ALBANS).read("high-growth")
    assert (reading.now[0].numerator, reading.now[0].denominator) == (45, 750)
    claim = found(of(ST_ALBANS), "high-growth", "level")
    assert claim.verdict == "no_clear_difference" and claim.p > 0.05
    assert found(of(ST_ALBANS), "high-growth", "rank").verdict == "not_rankable"


def test_of_none_of_ten_firms_nothing_is_said(of):
    """0 of 10, rounded to 5: between none and half of them. No rank, no tenth, no challenge."""
    reading = of(SCILLY).read("high-growth")
    assert (reading.now[0].numerator, reading.now[0].denominator) == (0, 10)
    assert found(of(SCILLY), "high-growth", "rank") is None
    assert found(of(SCILLY), "high-growth", "level").verdict == "no_clear_difference"
    assert "high-growth" not in listed(of(SCILLY))


def test_claimants_are_counted_from_2019_and_stand_beside_england_s(of):
    """2.1% in 2019, 3.3% in 2025: not from the 5.1% of 2020, which would have been a fall."""
    claim = found(of(BROXBOURNE), "claimant-rate", "change")
    assert [v.value for v in claim.values] == [3.3, 2.1] and claim.verdict == "rose"
    assert text(claim) == (
        "Since 2019, when it was 2.1%, it has risen by 1.2 percentage points to 3.3%; in England it went from 2.6% to 4.0%."
    )


def test_net_additions_are_a_mean_of_whole_numbers_without_a_verdict(of):
    """4, 5, 8, 12, 16, 7 a thousand: the last alone is below England's 8, the mean of three, 11.7, above its 8.7."""
    reading = of(BROXBOURNE).read("net-additions")
    assert [v.value for v in reading.series[-6:]] == [4, 5, 8, 12, 16, 7]
    claim = found(of(BROXBOURNE), "net-additions", "level")
    assert claim.values[0].value == pytest.approx((12 + 16 + 7) / 3)
    assert (claim.verdict, claim.p) == ("gap_only", None) and "on the published figures" in text(claim)
    assert found(of(BROXBOURNE), "net-additions", "rank").verdict == "rank_range", "a whole number may hide half"


def test_where_nearly_all_districts_moved_alike_it_is_no_news(of):
    claim = found(of(BROXBOURNE), "electricity", "change")
    assert claim.verdict == "fell" and claim.alike > 0.95


def test_mass_registrations_make_no_strength_challenge_or_title(of):
    """Leicester: 22% of firms closed in 2022, nothing of 2022 to 2024. Bromsgrove: births of 44% in 2019, not its cohort."""
    leicester, bromsgrove = of(LEICESTER), of(BROMSGROVE)
    assert "2022-01-01/P1Y" in leicester.read("business-births").artefacts
    claim = found(leicester, "business-births", "level")
    assert claim.passed and barred(claim)
    assert barred(found(bromsgrove, "survival-3-years", "level"))
    assert not barred(found(bromsgrove, "business-births", "level")), "2022 to 2024 are years like others"
    for evidence in (leicester, bromsgrove):
        firms = [id_ for id_, i in evidence.catalogue.indicators.items() if i.barred_by]
        spoilt = {id_ for id_ in firms if (c := found(evidence, id_, "level")) and barred(c)}
        assert spoilt and not spoilt & listed(evidence).keys()


def test_micro_firms_have_one_share_wherever_it_stands(of):
    evidence = of(BROXBOURNE)
    share = evidence.read("micro-enterprises").now[0]
    (slice_,) = [v for v in evidence.read("enterprises-by-size").now if v.category == "0 to 9 people"]
    assert (slice_.value, slice_.denominator) == (share.value, share.denominator)
    digital = evidence.read("ict-enterprises").now[0]
    (beside,) = [v for v in evidence.read("enterprises-by-industry").now if v.category == "Information and communication"]
    assert beside.value == digital.value


def test_a_share_is_in_per_cent(of):
    """IMD gives a part of one; readers see per cent of small areas."""
    evidence = of("E08000012")  # Liverpool
    value = evidence.read("deprived-areas").now[0]
    assert value.unit == "percent" and 1 < value.value <= 100 and value.derivation == "percentage"
    every = evidence.catalogue.indicators.values()
    assert not [i.id for i in every if re.search(r"\b0 to 1\b", f"{i.unit_words} {i.phrase} {i.title}")]


def test_every_measure_says_what_is_counted_where_it_must(of):
    every = of(BROXBOURNE).catalogue.indicators.values()
    assert {i.id for i in every if i.pooled} == {
        "employment-rate",
        "inactivity-rate",
        "unemployment",
        "level-3-qualifications",
        "no-qualifications",
        "weekly-pay",
        "life-satisfaction",
        "worthwhile",
        "happiness",
        "anxiety",
        "obesity",
    }
    assert {i.counts for i in every} == {"events", "stock", "none", None}
    assert not [i.id for i in every if i.counts is None and i.uncertainty == "full_count"]
