"""The tests' error rates on the real districts' published limits: bounds, by a smaller run of the benchmark."""

import importlib.util
from pathlib import Path

import pytest

from placebook.paths import Project

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def simulation():
    spec = importlib.util.spec_from_file_location("simulation", ROOT / "benchmarks" / "claims_by_simulation.py")
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_rank_sets_hold_the_true_rank_as_often_as_they_say(simulation):
    """400 sets: 0.95 less three standard errors of the simulation is 0.917. Percentiles fail the top ten."""
    of = simulation.survey("employment-rate", Project.at(ROOT))
    every = list(range(0, len(of.values), 15))
    assert simulation.rank_coverage(of, 20, every) >= 0.917
    assert simulation.rank_coverage(of, 20, simulation.top(of)) >= 0.917
    assert simulation.percentile_coverage(of, 20, simulation.top(of)) < 0.8


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4])
def test_a_difference_is_found_by_chance_in_one_of_twenty(simulation, share):
    place, rest = 5.0, 2.0
    comparator = ((share * place) ** 2 + ((1 - share) * rest) ** 2) ** 0.5
    rate = simulation.false_positives(place, comparator, share, 6000, use_overlap=True)
    assert 0.04 <= rate <= 0.06
    assert simulation.false_positives(place, comparator, share, 6000, use_overlap=False) <= rate + 0.005


@pytest.mark.parametrize("nulls", [1.0, 0.8, 0.5])
def test_false_discoveries_stay_below_one_of_twenty(simulation, nulls):
    assert simulation.false_discoveries([1.0] * 16, nulls, 3, 1500) <= 0.06
