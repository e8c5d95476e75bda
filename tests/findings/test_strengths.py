"""Strengths and challenges: who is asked, who passes, in which order, and that nobody else matters."""

from statistics import NormalDist

import pytest
from drawn import all_districts, england, indicator, other, reading, value
from hypothesis import given, settings
from hypothesis import strategies as st

from placebook.catalogue.load import Catalogue
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings.inference import Z
from placebook.findings.strengths import strengths_and_challenges

GUESS = {"uncertainty": "estimate_without_limits"}
COUNTED = {"uncertainty": "full_count"}
# The fifteen p values of Benjamini and Hochberg 1995, section 3.1.
P_VALUES = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0000,
]
SCORES = [NormalDist().inv_cdf(1 - p / 2) for p in P_VALUES]


def measured(number, half=2.0, id_="work", beside=50.0, **more):
    """A figure with limits beside an England without error."""
    of = indicator(id=id_, title=id_, **more)
    return reading(
        value(number, number - half, number + half),
        of=of,
        beside=[england(other(beside), ever=0.001)],
        districts=all_districts(range(249), own=number),
    )


def plain(number, id_="work", values=range(249), **more):
    """A figure without limits."""
    of = indicator(id=id_, title=id_, **{**GUESS, **more})
    return reading(value(number), of=of, districts=all_districts(values, own=number))


def named(readings):
    return [(claim.kind, claim.verdict, claim.reading.indicator.id) for claim in strengths_and_challenges(readings)]


# ------------------------------------------------------------ the tested lane


def test_the_example_of_benjamini_and_hochberg_through_the_lane():
    """A figure z standard errors above England has the p value of z: of the fifteen four are named."""
    readings = [measured(50 + z, Z, f"m{at:02}") for at, z in enumerate(SCORES)]
    claims = strengths_and_challenges(readings)
    found = {claim.reading.indicator.id: claim for claim in claims}
    assert set(found) == {"m00", "m01", "m02", "m03"}
    for at in range(4):
        claim = found[f"m{at:02}"]
        assert claim.p == pytest.approx(P_VALUES[at], rel=1e-3) and claim.alpha == 0.05
    # 0.0095 × 15 / 4, and the same times 1 + 1/2 + … + 1/15
    assert found["m03"].correction == "Benjamini and Hochberg p 0.036; Benjamini and Yekutieli p 0.12"


def test_a_figure_below_england_is_tested_on_both_sides():
    assert named([measured(10)]) == [("challenge", "tested", "work")]
    assert named([measured(10, polarity="lower_is_better")]) == [("strength", "tested", "work")]


def test_only_england_is_asked():
    of = indicator()
    beside = england(other(10, 9, 11), role="region", name="South East", code="E12000008")
    found = reading(value(60, 58, 62), of=of, beside=[beside], districts=all_districts(range(249), own=60))
    assert strengths_and_challenges([found]) == ()


def test_england_of_another_year_is_not_asked():
    of = indicator()
    beside = england(other(10, 9, 11, period="2022-01-01/P1Y"))
    found = reading(value(248, 246, 250), of=of, beside=[beside], districts=all_districts(range(249), own=248))
    assert strengths_and_challenges([found]) == (), "nor is a testable figure put among the untested"


@pytest.mark.parametrize(
    "change", [{"measure": "index", "unit": "score"}, {"measure": "count", "unit": "count"}, {"polarity": "neither"}]
)
def test_totals_and_indices_and_what_is_neither_better_nor_worse_are_not_asked(change):
    assert strengths_and_challenges([measured(240, **change)]) == ()


def test_an_unreliable_figure_is_not_asked():
    of = indicator()
    found = reading(
        value(240, 238, 242, markers=("u",)),
        of=of,
        beside=[england(other(50), ever=0.001)],
        districts=all_districts(range(249), own=240),
    )
    assert strengths_and_challenges([found]) == ()


def test_a_figure_without_districts_behind_it_is_not_asked():
    found = reading(value(90, 88, 92), beside=[england(other(50), ever=0.001)])
    assert strengths_and_challenges([found]) == ()


def test_where_most_districts_share_one_value_distance_means_nothing():
    found = reading(value(9), of=indicator(**COUNTED), districts=all_districts([0] * 249, own=9))
    assert strengths_and_challenges([found]) == ()


# ------------------------------------------------------------ the lane that is not tested


@pytest.mark.parametrize(("number", "kinds"), [(225, ["strength"]), (224, []), (23, ["challenge"]), (24, [])])
def test_a_tenth_of_250_is_25(number, kinds):
    """Districts at 0 … 248 and the place itself: 224 to 248 and the place make 26, 225 to 248 and it 25."""
    assert [claim.kind for claim in strengths_and_challenges([plain(number)])] == kinds


def test_full_counts_are_in_the_lane_that_is_not_tested():
    assert named([plain(240, **COUNTED)]) == [("strength", "not_tested", "work")]
    assert named([plain(240, **COUNTED, polarity="lower_is_better")]) == [("challenge", "not_tested", "work")]


# ------------------------------------------------------------ order and number


def test_the_tested_come_first_however_near():
    found = named([plain(248, "far"), measured(130, id_="near")])
    assert found == [("strength", "tested", "near"), ("strength", "not_tested", "far")]


def test_challenges_begin_with_the_farthest_below():
    """Distances from the median 124: 24 and 104 below; of a measure where less is better 116 above is farthest."""
    readings = [
        measured(100, id_="a", beside=200),
        measured(20, id_="b", beside=200),
        measured(240, id_="c", polarity="lower_is_better"),
    ]
    assert [name for _, _, name in named(readings)] == ["c", "b", "a"]


def test_five_of_each_at_most_and_the_tested_before_the_rest():
    readings = [measured(150 + n, id_=f"up{n}") for n in range(4)]
    readings += [plain(240 + n, f"top{n}") for n in range(4)]
    readings += [plain(n, f"low{n}") for n in range(7)]
    found = named(readings)
    assert [name for kind, _, name in found if kind == "strength"] == ["up3", "up2", "up1", "up0", "top3"]
    assert [name for kind, _, name in found if kind == "challenge"] == ["low0", "low1", "low2", "low3", "low4"]


def test_none_rather_than_a_weak_one():
    assert strengths_and_challenges([measured(51), plain(125, "middling")]) == ()
    assert strengths_and_challenges([]) == ()


def test_of_one_concept_the_first_that_can_be_asked():
    """A wider first measure is nobody's own: the second of the concept is asked."""
    wider = reading(value(240, 238, 242), of=indicator(id="a", concept="work"), badge="wider")
    found = named([wider, plain(240, "b", concept="work"), plain(241, "c", concept="work")])
    assert [name for _, _, name in found] == ["b"]


def test_a_concept_that_shows_nothing_is_not_shown_by_its_second_measure():
    assert strengths_and_challenges([plain(125, "a", concept="work"), plain(248, "b", concept="work")]) == ()


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 250), st.floats(0.5, 60), st.booleans()), max_size=12), st.randoms())
def test_the_order_of_the_themes_decides_nothing(drawn, random):
    readings = [
        measured(number, half, f"m{at:02}") if limits else plain(number, f"m{at:02}")
        for at, (number, half, limits) in enumerate(drawn)
    ]
    expected = named(readings)
    random.shuffle(readings)
    assert named(readings) == expected
    for kind in ("strength", "challenge"):
        assert sum(found == kind for found, _, _ in expected) <= 5


@given(st.lists(st.tuples(st.floats(0, 250), st.floats(0.5, 60)), min_size=1, max_size=10))
def test_what_is_named_is_clear_of_england(drawn):
    for claim in strengths_and_challenges([measured(n, half, f"m{at}") for at, (n, half) in enumerate(drawn)]):
        assert claim.lower > 0 if claim.kind == "strength" else claim.upper < 0


# ------------------------------------------------------------ who else is in the book


def test_a_place_more_changes_nothing(tiny_project, monkeypatch):
    """Its strengths come from the tables alone: another params file is not looked at."""
    monkeypatch.setattr("placebook.evidence.district_band.ENOUGH_DISTRICTS", 3)
    head = "area,period,measure,category,partner,value,lower,upper,markers\n"
    rows = (("E06000032", 40, 38, 42), ("E07000095", 90, 88, 92), ("E07000099", 60, 58, 62), ("E92000001", 50, 49, 51))
    tiny_project.table(
        "jobs", head + "".join(f"{c},2023-01-01/P1Y,rate,,,{v},{a},{b},\n" for c, v, a, b in rows), "[district, country]"
    )

    def of(slug):
        catalogue = Catalogue.open(tiny_project)
        evidence = Evidence(catalogue, Store.open(tiny_project, catalogue.sources, catalogue.areas), slug)
        readings = [evidence.read("work")]
        return [(c.id, c.verdict, c.gap, c.p, c.correction) for c in strengths_and_challenges(readings)]

    before = of("broxbourne")
    assert [entry[0] for entry in before] == ["claim--work--strength--e92000001"]
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    assert of("broxbourne") == before and of("luton") != before
