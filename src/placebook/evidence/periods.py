"""A period of the tables taken apart: an instant is a date, a span a start and a duration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_PERIOD = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:/P(\d+)([YM]))?$")


@dataclass(frozen=True)
class Span:
    """A period taken apart; an instant has no months."""

    start: date
    months: int

    @property
    def end(self) -> date:
        """Its last day."""
        if not self.months:
            return self.start
        after = self.start.year * 12 + self.start.month - 1 + self.months
        year, month = divmod(after, 12)
        return date(year, month + 1, self.start.day) - timedelta(days=1)

    @property
    def decimal_year(self) -> float:
        """Its middle on an axis of years."""
        middle = self.start + (self.end - self.start) / 2
        return middle.year + (middle.timetuple().tm_yday - 1) / 365.25


# A page asks for the same few periods thousands of times.
@lru_cache(maxsize=4096)
def span(period: str) -> Span:
    """``2023-04-01/P1Y`` taken apart. Raises ValueError where it is no ISO 8601 period of ours."""
    match = _PERIOD.match(period)
    if not match:
        raise ValueError(f"{period!r} is not a date, nor a start and a duration in years or months")
    year, month, day, length, unit = match.groups()
    months = int(length or 0) * (12 if unit == "Y" else 1)
    return Span(date(int(year), int(month), int(day)), months)


def overlap(earlier: str, later: str) -> bool:
    """Whether two periods share a day."""
    first, second = span(earlier), span(later)
    return first.start <= second.end and second.start <= first.end


def years_between(earlier: str, later: str) -> float:
    """Years from the start of one period to the start of the other."""
    return (span(later).start - span(earlier).start).days / 365.25
