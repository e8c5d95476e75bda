"""How far the places of a county lie apart: the widest gap of a theme, and what may be said of it.

Only figures of the places themselves count, of one period. The gap chosen is the widest of many, so a test of
it is a test of a chosen one: its p value is multiplied by the number of pairs that it was chosen from
(Bonferroni).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from placebook.catalogue.models import Indicator, Source
from placebook.findings import county_wording as say
from placebook.findings import formats as write
from placebook.findings import gap_wording
from placebook.findings.inference import ALPHA, Difference, Estimate, difference
from placebook.report.matrix import Entry, PlaceLedger, comparable

FOUNDATIONS = ("ideas", "people", "infrastructure", "business-environment", "places")


@dataclass(frozen=True)
class Apart:
    """The highest and the lowest place on one measure."""

    indicator: Indicator
    period: str
    high: PlaceLedger
    high_entry: Entry
    low: PlaceLedger
    low_entry: Entry
    of: int
    """Places with an own figure."""
    band: Entry | None
    band_of: PlaceLedger | None
    """The ledger that holds the band."""
    verdict: str
    test: str
    tested: Difference | None = None
    pairs: int = 1
    """Pairs of places, over all measures of the theme, that this one was the widest of."""

    @property
    def gap(self) -> float:
        return float(self.high_entry["value"] - self.low_entry["value"])

    @property
    def units(self) -> float | None:
        """The gap in distances between the quartiles of the English districts."""
        if self.band is None:
            return None
        return self.gap / float(self.band["upper_quartile"] - self.band["lower_quartile"])

    @property
    def p(self) -> float | None:
        """The p value, corrected for the choice of the widest gap."""
        return None if self.tested is None else min(1.0, self.tested.p * self.pairs)

    def sentence(self) -> str:
        """Both figures, the gap, and what may be said of it."""
        ends = [_end(self.high, self.high_entry), _end(self.low, self.low_entry)]
        stated = say.apart(self.indicator, self.period, ends[0], ends[1], self.units)
        limits = gap_wording.interval(self.indicator, self.tested.lower, self.tested.upper) if self.tested else ""
        return f"{stated} {say.verdict(self.verdict, self.high.name, self.low.name, limits, self.pairs)}"

    def record(self, id_: str) -> dict[str, Any]:
        """The gap as the county's ledger keeps it."""
        tested = self.tested
        return {
            "kind": "gap",
            "id": id_,
            "indicator": self.indicator.id,
            "period": self.period,
            "value": _exact(self.gap),
            "unit": self.indicator.unit,
            "quartile_distances": _exact(self.units),
            "derivation": "difference",
            "inputs": [self.high.entry(self.high_entry["id"]), self.low.entry(self.low_entry["id"])],
            "band": self.band_of.entry(self.band["id"]) if self.band and self.band_of else None,
            "test": self.test,
            "lower": _exact(tested.lower) if tested else None,
            "upper": _exact(tested.upper) if tested else None,
            "p": _exact(tested.p) if tested else None,
            "corrected_p": _exact(self.p),
            "pairs": self.pairs,
            "alpha": ALPHA if tested else None,
            "correction": "Bonferroni, over the pairs that the widest was chosen from" if tested else None,
            "verdict": self.verdict,
            "sentence": self.sentence(),
        }


def _exact(number: float | None) -> float | None:
    # As in the places' ledgers: what differs beyond ten digits differs between processors.
    return None if number is None else float(f"{number:.10g}")


def _end(ledger: PlaceLedger, entry: Entry) -> say.End:
    return say.End(ledger.name, entry["value"], entry["lower"], entry["upper"], tuple(entry["markers"]))


def widest(indicators: Sequence[Indicator], ledgers: Sequence[PlaceLedger], sources: Mapping[str, Source]) -> Apart | None:
    """The measure on which places lie farthest apart; None where no two have figures of their own.

    Measures in different units are set beside each other only through the quartiles of the English districts.
    Where there are none for any measure it is the first declared. Totals are left out: a larger place has more
    of everything.
    """
    pairs = [pair for indicator in comparable(indicators) if (pair := _apart(indicator, ledgers))]
    banded = [entry for entry in pairs if entry[0].units is not None]
    if not pairs:
        return None
    if not banded:
        apart, many = pairs[0]
        return _judged(apart, many, sources)
    apart, _ = max(banded, key=lambda entry: entry[0].units or 0.0)
    return _judged(apart, sum(many for _, many in banded), sources)


def _apart(indicator: Indicator, ledgers: Sequence[PlaceLedger]) -> tuple[Apart, int] | None:
    """Highest and lowest of the newest period that two places share, and the number of pairs."""
    if indicator.measure == "count":
        return None
    periods = sorted({str(e["period"]) for ledger in ledgers for e in ledger.series(indicator.id)})
    several = [(ledger, entry) for ledger in ledgers if (entry := ledger.together(indicator.id))]
    pooled = len(several) > 1 and len({entry["period"] for _, entry in several}) == 1
    if pooled:
        periods = periods[-1:]  # of a survey, or of events, one reading is a single draw
    for period in reversed(periods):
        single = [(ledger, entry) for ledger in ledgers if (entry := ledger.at(indicator.id, period))]
        own = several if pooled else single
        own = [(ledger, entry) for ledger, entry in own if "u" not in entry["markers"] and not _unusual(indicator, entry)]
        if len(own) < 2:
            continue
        low, high = (end(own, key=lambda pair: pair[1]["value"]) for end in (min, max))
        if low[0] is high[0]:  # all alike: any two say so
            high = own[-1] if own[-1][0] is not low[0] else own[0]
        bands = [(band, ledger) for ledger, _ in own if (band := ledger.band(indicator.id, period))]
        bands = [(band, of) for band, of in bands if band["upper_quartile"] > band["lower_quartile"]]
        band, band_of = bands[0] if bands else (None, None)
        apart = Apart(indicator, str(high[1]["period"]), high[0], high[1], low[0], low[1], len(own), band, band_of, "", "")
        return apart, len(list(combinations(own, 2)))
    return None


def _unusual(indicator: Indicator, entry: Entry) -> bool:
    """Whether the indicator knows the figure to be unlike the others."""
    return any(entry["area"] in each.areas and entry["period"] in each.periods for each in indicator.unusual)


def _judged(apart: Apart, pairs: int, sources: Mapping[str, Source]) -> Apart:
    """The gap with its verdict."""
    verdict, test, tested = _verdict(apart, pairs, sources[apart.indicator.source])
    return Apart(
        apart.indicator,
        apart.period,
        apart.high,
        apart.high_entry,
        apart.low,
        apart.low_entry,
        apart.of,
        apart.band,
        apart.band_of,
        verdict,
        test,
        tested,
        pairs,
    )


def _verdict(apart: Apart, pairs: int, source: Source) -> tuple[str, str, Difference | None]:
    indicator = apart.indicator
    ends = [Estimate(e["value"], e["lower"], e["upper"]) for e in (apart.high_entry, apart.low_entry)]
    if all(end.has_limits for end in ends) and not source.rounded_to:
        tested = difference(ends[0], ends[1])
        name = f"difference of two estimates ({tested.method}), Bonferroni over {pairs} pairs"
        if not tested.clear:
            return "no_clear_difference", name, tested
        return ("higher" if tested.p * pairs <= ALPHA else "not_after_choice"), name, tested
    if indicator.counts == "events" and not source.rounded_to:
        return "gap_only", "none: events, whose counts are not held", None
    shown = {write.rounded(end.value, indicator.decimals) for end in ends}
    if indicator.uncertainty == "full_count":
        if len(shown) == 1:
            return "equal", "none needed: a full count", None
        if source.perturbation or source.rounded_to:
            return "rounded", "none: the publisher rounds or perturbs the counts", None
        return "higher", "none needed: a full count", None
    return ("equal" if len(shown) == 1 else "gap_only"), "none: no margin of error is published", None
