"""Which readings of a series are set against which: runs without a break, readings taken together, base periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from placebook.catalogue.models import Indicator
from placebook.evidence.periods import overlap, span, years_between
from placebook.evidence.values import Value

YEARS_BACK = 5
"""A change is stated over about this many years, or over what the series has."""
TREND_POINTS = 5
READINGS = 3
"""So many readings of events are taken together."""
LOCKDOWNS = (date(2020, 3, 23), date(2021, 7, 19))
"""First and last day of England's legal limits on social contact."""


def unbroken(values: Sequence[Value]) -> list[Value]:
    """The newest values that can be compared with one another: oldest first, no break, no overlap.

    Of three-year periods that overlap every third is taken, counted from the newest.
    """
    run: list[Value] = []
    months = span(values[-1].period).months if values else 0
    for value in reversed(values):
        if span(value.period).months != months or "u" in value.markers:
            break
        if not run or not overlap(value.period, run[-1].period):
            run.append(value)
        if "b" in value.markers:
            break
    return run[::-1]


def locked_down(period: str) -> bool:
    """Whether a third or more of a period lay in the time of lockdowns; of an instant, whether it did."""
    when = span(period)
    days = (when.end - when.start).days + 1
    inside = (min(when.end, LOCKDOWNS[1]) - max(when.start, LOCKDOWNS[0])).days + 1
    return inside * 3 >= days


def base(points: Sequence[Value], indicator: Indicator | None = None) -> Value | None:
    """The period that the newest is set against: the latest at least five years earlier, or the nearest to that.

    Work, learning and travel are never counted from the lockdowns; None where no period is left.
    """
    now = points[-1]
    allowed = [p for p in points[:-1] if indicator is None or may_begin(indicator, p.period)]
    early = [p for p in allowed if years_between(p.period, now.period) >= YEARS_BACK - 0.05]
    return early[-1] if early else allowed[0] if allowed else None


def may_begin(indicator: Indicator, period: str) -> bool:
    """Whether a change of the indicator may be counted from a period."""
    return not (indicator.lockdown and locked_down(period)) and period >= (indicator.base_from or "")


def pools(indicator: Indicator) -> int:
    """How many of its newest readings are taken together: of surveys and of events; 0 for what stands alone."""
    return indicator.pooled.readings if indicator.pooled else READINGS if indicator.counts == "events" else 0


def newest(indicator: Indicator, series: Iterable[Value]) -> tuple[Value, ...]:
    """The readings that are taken together, oldest first; none where one reading stands for itself.

    Of a survey those with limits; a single one of a survey stays what it is.
    """
    many = pools(indicator)
    values = [value for value in series if value.value is not None]
    if not many or not values:
        return ()
    run = with_limits(unbroken(values)) if indicator.pooled else unbroken(values)
    chosen = tuple(value for value in run[-many:] if _near(value, run[-1], many))
    return () if indicator.pooled and len(chosen) < 2 else chosen


def _near(value: Value, last: Value, many: int) -> bool:
    """Whether a reading is of the time of the newest: as many steps before it, or a year more where one is missing."""
    step = max(span(last.period).months, 12) / 12
    return years_between(value.period, last.period) <= (many - 1) * step + 1.05


def with_limits(points: Sequence[Value]) -> list[Value]:
    """The newest points that all have limits."""
    run: list[Value] = []
    for point in reversed(points):
        if not point.has_limits:
            break
        run.insert(0, point)
    return run


def earlier(indicator: Indicator, series: Iterable[Value]) -> tuple[Value, ...]:
    """Of a survey, the readings that the newest ones are set against: as many, five years back or nearest to it.

    Fewer than two are no pool: () then, and where the same people may have been asked in both.
    """
    series = tuple(series)
    late = newest(indicator, series)
    values = [value for value in series if value.value is not None]
    points = with_limits(unbroken(values)) if values else []
    allowed = [p for p in points if late and p.period < late[0].period and may_begin(indicator, p.period)]
    early = [p for p in allowed if years_between(p.period, late[-1].period) >= YEARS_BACK - 0.05]
    chosen = tuple(early[-pools(indicator) :] if len(early) > 1 else allowed[: pools(indicator)])
    if len(chosen) < 2:
        return ()
    return chosen


def together(periods: Sequence[str]) -> str:
    """One period from the first to the last day of several, in whole months."""
    first, last = span(periods[0]).start, max(span(period).end for period in periods)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    length = f"{months // 12}Y" if months % 12 == 0 else f"{months}M"
    return f"{first:%Y-%m}-01/P{length}"


def needed(indicator: Indicator, series: Sequence[Value]) -> tuple[str, ...]:
    """The periods at which the districts of England are looked at: readings taken together, ends of a change."""
    values = [value for value in series if value.value is not None]
    periods = [value.period for value in newest(indicator, series)]
    points = unbroken(values)
    if len(points) > 1:
        first = base(points, indicator)
        periods += [points[-1].period, *([first.period] if first else []), points[-TREND_POINTS:][0].period]
    return tuple(sorted(set(periods)))
