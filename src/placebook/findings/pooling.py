"""The newest readings taken together, with limits: one draw of a survey, or one year of a few events, says little.

Of a survey the mean, its variance from the published limits and the declared overlap of samples. Of events the counts
added up, with limits by Wilson (proportions) or Byar (rates). Where the counts behind a published rate are not held they are
worked out from the measure's declared weight; where there is none the mean stands without limits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from placebook.catalogue.models import Indicator
from placebook.evidence import windows
from placebook.evidence.district_band import Band, Districts
from placebook.evidence.district_band import band as five_numbers
from placebook.evidence.reading import Comparator, Reading
from placebook.evidence.values import Value, at
from placebook.findings.inference import byar, error_of_mean, wilson

PER = {"percent": 100, "per-1000": 1000, "per-10000": 10_000, "per-100000": 100_000}
"""Of a published rate: what it is a rate per."""


@dataclass(frozen=True)
class Pool:
    """A place's newest readings taken together, and the same readings of those it is set beside."""

    own: Value
    others: Mapping[str, Value]
    """By area; without those that lack one of the periods."""
    readings: tuple[Value, ...]
    """What the place's own is made from, oldest first."""
    behind: Mapping[str, tuple[Value, ...]]
    """What each other's is made from."""

    @property
    def shown(self) -> tuple[Value, ...]:
        """The newest reading and the one before; none where there is one only."""
        return self.readings[:-3:-1] if len(self.readings) > 1 else ()


def pool(reading: Reading) -> Pool | None:
    """None where one reading stands for itself."""
    own = windows.newest(reading.indicator, reading.series)
    if not own:
        return None
    periods = [value.period for value in own]
    behind = {c.code: values for c in reading.comparators if (values := _same(c, periods, reading.indicator))}
    others = {code: mean(reading, values, code) for code, values in behind.items()}
    return Pool(mean(reading, own, reading.subject.code), others, own, behind)


def _same(beside: Comparator, periods: Sequence[str], indicator: Indicator) -> tuple[Value, ...]:
    values = [value for period in periods for value in at(beside.series, period) if value.value is not None]
    whole = len(values) == len(periods) and (not indicator.pooled or all(v.has_limits for v in values))
    return tuple(values) if whole else ()


def mean(reading: Reading, readings: Sequence[Value], code: str) -> Value:
    """Several readings as one value of its own period, with limits where they can be had."""
    first, indicator = readings[0], reading.indicator
    shares = all(value.denominator for value in readings)
    above, below = (sum(getattr(v, part) or 0.0 for v in readings) for part in ("numerator", "denominator"))
    numbers = [value.value or 0.0 for value in readings]
    number = first.per * above / below if shares else sum(numbers) / len(numbers)
    limits = (
        _limits(indicator, readings, above, below)
        if shares
        else _of_means(indicator, readings, number, reading.bases.get(code))
    )
    return replace(
        readings[-1],
        role="pooled",
        period=windows.together([v.period for v in readings]),
        value=number,
        lower=limits[0],
        upper=limits[1],
        markers=tuple(dict.fromkeys(m for v in readings for m in v.markers if m != "b")),
        derivation="share" if shares else "mean",
        inputs=tuple(i for v in readings for i in v.inputs),
        numerator=above if shares else None,
        denominator=below if shares else None,
    )


Limits = tuple[float, float] | tuple[None, None]


def _limits(indicator: Indicator, readings: Sequence[Value], above: float, below: float) -> Limits:
    if indicator.counts != "events" or not 0 <= above <= below:
        return None, None
    low, high = wilson(above, below)
    return readings[0].per * low, readings[0].per * high


def _of_means(indicator: Indicator, readings: Sequence[Value], number: float, base: float | None) -> Limits:
    if indicator.pooled:
        down = [(v.value or 0.0) - (v.lower or 0.0) for v in readings]
        up = [(v.upper or 0.0) - (v.value or 0.0) for v in readings]
        r = indicator.pooled.correlation
        return number - error_of_mean(down, r), number + error_of_mean(up, r)
    return of_events(indicator, number, base, len(readings))


def of_events(indicator: Indicator, rate: float, base: float | None, years: int) -> Limits:
    """Limits of a published rate of events, its counts worked out from how many stand behind it in a year."""
    per = PER.get(indicator.unit)
    if indicator.counts != "events" or not base or not per:
        return None, None
    whole = base * years
    count = rate / per * whole
    if indicator.unit == "percent":
        low, high = wilson(min(count, whole), whole)
        return per * low, per * high
    low, high = byar(count)
    return per * low / whole, per * high / whole


# ------------------------------------------------------------------ the districts of England


@lru_cache(maxsize=256)  # of all readings of a page: its claims, its scorecard and its trace each ask
def districts(reading: Reading) -> Districts | None:
    """The districts' readings taken together over the place's periods; those that lack one are left out."""
    own = windows.newest(reading.indicator, reading.series)
    every = [reading.among[value.period] for value in own if value.period in reading.among]
    if not own or len(every) < len(own):
        return None
    codes = tuple(sorted(set.intersection(*(set(each.codes) for each in every))))
    at_index = [{code: n for n, code in enumerate(each.codes)} for each in every]
    indicator = reading.indicator

    def column(name: str) -> list[list[float]]:
        return [[getattr(found, name)[index[code]] for found, index in zip(every, at_index, strict=True)] for code in codes]

    if all(each.below for each in every):
        above, below = ([sum(row) for row in column(name)] for name in ("above", "below"))
        per = getattr(indicator.reads, "per", 100)
        values = [per * a / b for a, b in zip(above, below, strict=True)]
        limits = [_proportion(indicator, a, b, per) for a, b in zip(above, below, strict=True)]
    else:
        above, below = [], []
        values = [sum(row) / len(row) for row in column("values")]
        limits = _limits_of(reading, values, codes, column)
    lower, upper = (tuple(pair[side] for pair in limits) for side in (0, 1))
    inputs = tuple(given for each in every for given in each.inputs)
    return Districts(
        windows.together([v.period for v in own]), codes, tuple(values), lower, upper, inputs, tuple(above), tuple(below)
    )


def band(reading: Reading) -> Band | None:
    """Five numbers of the districts that a place's figure stands among: of their readings taken together, where its own are."""
    together = len(windows.newest(reading.indicator, reading.series)) > 1
    return five_numbers(districts(reading)) if together else reading.band


NAN = float("nan")


def _proportion(indicator: Indicator, above: float, below: float, per: int) -> tuple[float, float]:
    if indicator.counts != "events" or not 0 <= above <= below:
        return NAN, NAN
    low, high = wilson(above, below)
    return per * low, per * high


def _limits_of(
    reading: Reading, values: Sequence[float], codes: Sequence[str], column: Callable[[str], list[list[float]]]
) -> list[tuple[float, float]]:
    indicator, limits = reading.indicator, []
    rows = zip(codes, values, column("values"), column("lower"), column("upper"), strict=True)
    for code, value, numbers, lower, upper in rows:
        if indicator.pooled:
            r = indicator.pooled.correlation
            down = error_of_mean([n - low for n, low in zip(numbers, lower, strict=True)], r)
            limits.append((value - down, value + error_of_mean([u - n for u, n in zip(upper, numbers, strict=True)], r)))
        else:
            low, high = of_events(indicator, value, reading.bases.get(code), len(numbers))
            limits.append((NAN, NAN) if low is None or high is None else (low, high))
    return limits
