"""How often the book's tests are right, by simulation on the real districts' published limits.

    python benchmarks/claims_by_simulation.py [DRAWS]

Truth is what was published; surveys are drawn anew with the published standard errors. Prints, for each measure,
the share of 95% rank sets that hold the true rank (and, beside it, what percentiles of simulated ranks would have
held for the true top ten), the same for the first and the last where all districts lie so near one another that any
district wrongly told apart shows, the share of comparisons that find a difference where there is none (of one reading, of
readings of a survey taken together whose samples overlap, of events in firms rounded to five), the false discovery rate
of strengths and challenges, and how often the highest and the lowest of neighbourhoods that are all alike are told apart.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from placebook.catalogue.load import Catalogue
from placebook.evidence.reading import Comparator, Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.evidence.values import Value
from placebook.findings.claims import estimate, estimates
from placebook.findings.inference import (
    ALPHA,
    Estimate,
    Z,
    adjusted,
    byar,
    difference,
    error_of_mean,
    rank_set,
    wilson,
)
from placebook.paths import Project

MEASURES = ("employment-rate", "level-3-qualifications", "weekly-pay", "life-satisfaction")
PLACE = "broxbourne"
NEIGHBOURHOODS = "small-area-income"
NEAR = 0.02
"""Of their true distances: so near that hardly any two districts can be told apart."""


@dataclass(frozen=True)
class Survey:
    """The published estimates of all districts with limits, and their standard errors."""

    name: str
    values: np.ndarray
    errors: np.ndarray
    comparators: tuple[Comparator, ...]
    """Of one place, with its share of each."""
    place_error: float


def read(measure: str, project: Project, place: str = PLACE) -> Reading:
    catalogue = Catalogue.open(project)
    store = Store.open(project, catalogue.sources, catalogue.areas)
    reading = Evidence(catalogue, store, place).read(measure)
    assert isinstance(reading, Reading)
    return reading


def survey(measure: str, project: Project) -> Survey:
    """The newest figures of a measure."""
    reading = read(measure, project)
    assert reading.districts is not None
    found = reading.districts
    errors = (np.array(found.upper) - np.array(found.lower)) / (2 * Z)
    with_limits = errors > 0
    (own,) = reading.now
    return Survey(
        measure,
        np.array(found.values)[with_limits],
        errors[with_limits],
        tuple(c for c in reading.comparators if c.contains),
        Estimate(own.value or 0, own.lower, own.upper).standard_error,
    )


def drawn_together(of: Survey, by: float = NEAR) -> Survey:
    """The same errors, the true values moved towards their median: the order stays, the distances shrink."""
    middle = np.median(of.values)
    return replace(of, values=middle + by * (of.values - middle))


def true_rank(values: np.ndarray, at: int) -> int:
    return 1 + int((values > values[at]).sum())


def rank_coverage(of: Survey, draws: int, areas: Sequence[int], seed: int = 1) -> float:
    """The share of rank sets that hold the true rank of these areas."""
    generator = np.random.default_rng(seed)
    held = total = 0
    for _ in range(draws):
        drawn = (of.values + generator.normal(0, of.errors)).tolist()
        for at in areas:
            found = rank_set(drawn, of.errors.tolist(), at)
            held += found.best <= true_rank(of.values, at) <= found.worst
            total += 1
    return held / total


def percentile_coverage(of: Survey, draws: int, areas: Sequence[int], seed: int = 1) -> float:
    """The same for the middle 95% of ranks that are drawn from each survey: what the book does not use."""
    generator = np.random.default_rng(seed)
    held = total = 0
    for _ in range(draws):
        drawn = of.values + generator.normal(0, of.errors)
        again = drawn + generator.normal(0, of.errors, (400, len(drawn)))
        ranks = 1 + (-again).argsort(axis=1).argsort(axis=1)
        low, high = np.quantile(ranks, [0.025, 0.975], axis=0)
        for at in areas:
            held += low[at] <= true_rank(of.values, at) <= high[at]
            total += 1
    return held / total


def top(of: Survey, count: int = 10) -> list[int]:
    return [int(at) for at in (-of.values).argsort()[:count]]


def ends(of: Survey) -> list[int]:
    """The first and the last: of all others a set must lose many before it misses."""
    return [int(of.values.argmax()), int(of.values.argmin())]


def false_positives(
    place: float, comparator: float, share: float | None, draws: int, use_overlap: bool, seed: int = 2
) -> float:
    """How often a difference is found between a place and an area that contains it, where there is none.

    The rest of the comparator is independent of the place; its error follows from the published ones.
    """
    generator = np.random.default_rng(seed)
    w = share or 0.0
    rest = np.sqrt(max(comparator**2 - (w * place) ** 2, 1e-12)) / (1 - w)
    found = 0
    for _ in range(draws):
        own, others = generator.normal(0, place), generator.normal(0, rest)
        whole = w * own + (1 - w) * others
        found += difference(
            Estimate(own, own - Z * place, own + Z * place),
            Estimate(whole, whole - Z * comparator, whole + Z * comparator),
            share if use_overlap else None,
        ).clear
    return found / draws


def pooled_false_positives(
    true: float, declared: float, draws: int, error: float = 5.0, readings: int = 3, seed: int = 5
) -> float:
    """How often the mean of several readings differs from a fixed figure where it does not, for errors that are correlated."""
    generator = np.random.default_rng(seed)
    matrix = error**2 * (true + (1 - true) * np.eye(readings))
    means = generator.multivariate_normal(np.zeros(readings), matrix, draws).mean(axis=1)
    half = error_of_mean([Z * error] * readings, declared)
    return sum(difference(Estimate(m, m - half, m + half), Estimate(0.0)).clear for m in means.tolist()) / draws


def events_false_positives(
    rate: float, of: int, whole: int, draws: int, rounded_to: int = 0, allow: bool = True, seed: int = 6
) -> float:
    """How often events of two areas with one rate are told apart: added up over three years, counts rounded as published.

    ``allow`` says whether room is left for the rounding, as the book does.
    """
    generator = np.random.default_rng(seed)
    found = 0
    for _ in range(draws):
        ends, room = [], 0.0
        for size in (of, whole):
            years = generator.binomial(size, rate, 3)
            counts = np.round(years / rounded_to) * rounded_to if rounded_to else years
            sizes = 3 * (round(size / rounded_to) * rounded_to if rounded_to else size)
            count = float(min(counts.sum(), sizes))
            ends.append(Estimate(count / sizes, *wilson(count, sizes)))
            moved = 3 * rounded_to / 2
            room += moved * (1 + count / sizes) / (sizes - moved)
        tested = difference(*ends)
        found += (tested.allowing(room) if allow else tested).clear
    return found / draws


def rate_false_positives(events: float, base: int, draws: int, seed: int = 7) -> float:
    """How often a rate of so many events by Byar differs from a county's of the same rate and ten times the residents."""
    generator = np.random.default_rng(seed)
    found = 0
    for _ in range(draws):
        ends = []
        for size in (1, 10):
            count = float(generator.poisson(events * size))
            ends.append(Estimate(count / (base * size), *(end / (base * size) for end in byar(count))))
        found += difference(*ends).clear
    return found / draws


def alike_told_apart(of: Reading, draws: int, seed: int = 4) -> float:
    """How often the highest and the lowest of small areas are told apart, where all are truly alike.

    Each is drawn around the mean of all, with limits as far from it, in proportion, as the published ones.
    """
    generator = np.random.default_rng(seed)
    known = [(value, value.value) for value in of.details if value.value is not None]
    mean = float(np.mean([number for _, number in known]))
    errors = np.array([estimate(value).standard_error * mean / number for value, number in known])
    told = 0
    for _ in range(draws):
        again = [
            _moved(value, mean + noise, (mean + noise) / number)
            for (value, number), noise in zip(known, generator.normal(0, errors), strict=True)
        ]
        ordered = tuple(sorted(again, key=lambda value: -(value.value or 0)))
        claim = estimates(replace(of, details=ordered))
        told += claim is not None and claim.verdict == "higher"
    return told / draws


def _moved(value: Value, number: float, by: float) -> Value:
    assert value.lower is not None and value.upper is not None
    return replace(value, value=number, lower=value.lower * by, upper=value.upper * by)


def false_discoveries(errors: Sequence[float], nulls: float, effect: float, draws: int, seed: int = 3) -> float:
    """The mean share of false findings among those named, where a part of the measures shows nothing."""
    generator = np.random.default_rng(seed)
    shares = []
    for _ in range(draws):
        none = generator.random(len(errors)) < nulls
        truth = np.where(none, 0.0, effect) * np.asarray(errors)
        drawn = truth + generator.normal(0, errors)
        p_values = [difference(Estimate(v, v - Z * e, v + Z * e), Estimate(0.0)).p for v, e in zip(drawn, errors, strict=True)]
        named = np.array(adjusted(p_values, "bh")) <= ALPHA
        shares.append((named & none).sum() / max(named.sum(), 1))
    return float(np.mean(shares))


def main(draws: int) -> None:
    project = Project.at(Path(__file__).parents[1])
    print(
        f"{'measure':26}{'rank sets':>10}{'top ten':>10}{'percentiles, top ten':>22}{'ends, all near':>16}{'percentiles':>13}"
    )
    surveys = [survey(measure, project) for measure in MEASURES]
    for of in surveys:
        every, near = list(range(0, len(of.values), 10)), drawn_together(of)
        print(
            f"{of.name:26}{rank_coverage(of, draws, every):10.3f}{rank_coverage(of, draws, top(of)):10.3f}"
            f"{percentile_coverage(of, draws, top(of)):22.3f}{rank_coverage(near, 20 * draws, ends(near)):16.3f}"
            f"{percentile_coverage(near, draws, ends(near)):13.3f}"
        )
    print(f"\n{'false positives':26}{'comparator':>18}{'share':>8}{'with overlap':>14}{'without':>10}")
    seed = 10  # another for each row: one lucky draw does not colour the whole table
    for of in surveys:
        for beside in of.comparators:
            known = [v for v in beside.series if v.has_limits and v.value is not None]
            if not known:
                continue
            error = Estimate(known[-1].value or 0, known[-1].lower, known[-1].upper).standard_error
            rates = [
                false_positives(of.place_error, error, beside.share, 500 * draws, overlap, seed) for overlap in (True, False)
            ]
            seed += 1
            share = "" if beside.share is None else f"{beside.share:.3f}"
            print(f"{of.name:26}{beside.name:>18}{share:>8}{rates[0]:14.3f}{rates[1]:10.3f}")
    errors = [of.place_error for of in surveys] * 4
    print("\nfalse discovery rate of the tested lane, 16 measures")
    for nulls in (1.0, 0.8, 0.5):
        print(f"  {nulls:.0%} show nothing: {false_discoveries(errors, nulls, 3, 200 * draws):.3f}")
    print("\nthe mean of three readings, correlation declared 0.3, differs where it does not")
    for true in (0.0, 0.15, 0.3, 0.5):
        print(f"  true correlation {true:.2f}: {pooled_false_positives(true, 0.3, 500 * draws):.3f}")
    print("\nevents of two areas with one rate told apart, three years together")
    for rate, of in ((0.045, 370), (0.11, 4800), (0.55, 500)):
        row = [
            events_false_positives(rate, of, 100 * of, 100 * draws, to, allow)
            for to, allow in ((0, True), (5, False), (5, True))
        ]
        print(f"  {rate:.1%} of {of}: exact counts {row[0]:.3f}, rounded {row[1]:.3f}, rounded and allowed for {row[2]:.3f}")
    for events in (12, 100, 2000):
        print(f"  rates of {events} events: {rate_false_positives(events, 80_000, 100 * draws):.3f}")
    print("\nneighbourhoods alike, highest and lowest told apart")
    for place in Catalogue.open(project).places:
        found = read(NEIGHBOURHOODS, project, place)
        print(f"  {place}, {len(found.details)}: {alike_told_apart(found, 50 * draws):.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
