"""What a town has of its district: its share of those counted beside its share of all, and of the most deprived areas."""

import pytest

from placebook.findings import town_wording, wording
from placebook.findings.concentration import concentration
from tests.findings.drawn import england, indicator, reading, source, value

NOUNS = {
    "kind": "share",
    "numerator": {"measure": "n", "categories": ["a"], "noun": "flats"},
    "denominator": {"measure": "n", "noun": "homes"},
}
FLATS = indicator(uncertainty="full_count", reads=NOUNS)
INDEX = indicator(
    measure="index", reads={"kind": "small_area_index", "decile": "d", "rank": "r"}, uncertainty="full_count", counts="none"
)


def town(share, of, rest_share, rest_of, **more):
    own = value(share, of=of, level="town", badge="best_fit")
    rest = value(rest_share, of=rest_of, role="parent", area="E07000001-rest", name="the rest of Beeshire", level="rest")
    beside = england(rest, role="parent", name="the rest of Beeshire", code="E07000001-rest", contains=False)
    return reading(own, beside=(beside,), of=FLATS, level="town", badge="best_fit", within="Beeshire", **more)


def said(claim):
    return wording.unmarked(town_wording.concentration(claim))


def test_shares_of_those_counted_and_of_all_are_quotients_of_the_counts():
    claim = concentration(town(40, 1000, 20, 3000))
    assert claim.ratios == (100 * 1000 / 4000, 100 * 400 / (400 + 600)) and claim.verdict == "higher"
    assert claim.gap == pytest.approx(40 - 25)
    assert said(claim) == "Ayton has 25% of the homes in Beeshire and 40% of the flats."


def test_a_small_town_has_a_decimal_more():
    assert said(concentration(town(40, 1000, 20, 99_000))) == "Ayton has 1.0% of the homes in Beeshire and 2.0% of the flats."


@pytest.mark.parametrize(("rest", "told"), [(30, True), (35, False), (40, False), (60, True)])
def test_about_what_its_size_makes_likely_is_not_told(rest, told):
    assert (concentration(town(40, 1000, rest, 3000)) is not None) == told


def test_what_perturbation_could_have_made_is_not_told():
    moved = source(perturbation={"small_area": 9, "total": 26})
    assert concentration(town(40, 50, 20, 3000)) is not None
    assert concentration(town(40, 50, 20, 3000, made_by=moved)) is None


def test_a_district_has_no_share_of_itself():
    assert concentration(reading(value(40, of=1000), of=FLATS)) is None


def ranks(many):
    return tuple(
        value(float(n), area=f"E{n:08}", name=f"Area {n}", level="lsoa", role="small_area") for n in range(1, many + 1)
    )


def index(members, many):
    around = ranks(many)
    made = reading(of=INDEX, level="town", badge="best_fit", within="Beeshire", around=around)
    group = made.subject.__class__("place", "ayton", "Ayton", "town", "best_fit", tuple(around[n - 1].area for n in members))
    return made.__class__(**{**made.__dict__, "subject": group})


@pytest.mark.parametrize(
    ("members", "many", "sentence"),
    [
        ([1, 3, 15], 20, "1 of the 2 most deprived small areas in Beeshire is in Ayton, which has 3 of all 20."),
        ([1, 2, 15], 20, "2 of the 2 most deprived small areas in Beeshire are in Ayton, which has 3 of all 20."),
        ([14, 15], 20, "None of the 2 most deprived small areas in Beeshire are in Ayton, which has 2 of all 20."),
        ([1], 6, "The most deprived small area in Beeshire is in Ayton, which has 1 of all 6."),
        ([4], 6, "The most deprived small area in Beeshire is not in Ayton, which has 1 of all 6."),
    ],
)
def test_the_most_deprived_tenth_of_the_districts_small_areas_are_counted(members, many, sentence):
    assert said(concentration(index(members, many))) == sentence


def test_a_town_that_is_its_whole_district_has_nothing_to_be_set_beside():
    assert concentration(index([1, 2, 3], 3)) is None
