"""Periods as publishers write them → ISO 8601: an instant is a date, a span is start/duration."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"


def iso_period(text: str, months: str = "span") -> str:
    """``text`` as an ISO 8601 period.

    Understands ``2023``, ``2023-06``, ``2023-06-30``, ``2023-01-01/P1Y``, ``Mar 2020``, ``Jul-25``,
    ``Apr 2020-Mar 2021`` and ``AY19/20`` (an academic year from 1 August). ``months`` says what a
    month is: a ``span`` of one month, an ``instant`` on its first day, or the last of a year (``year_to``); with ``mid_year``
    a year stands for its 30 June. Raises ValueError.
    """
    label = text.strip()
    if re.fullmatch(r"\d{4}", label) and months == "mid_year":
        return f"{label}-06-30"
    if re.fullmatch(r"\d{4}", label):
        return f"{label}-01-01/P1Y"
    if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})(/P[1-9]\d?[YM])?", label):
        date.fromisoformat(match[1])
        return label
    if match := re.fullmatch(r"(\d{4})-(\d{2})", label):
        return _month(int(match[1]), int(match[2]), months)
    if match := re.fullmatch(rf"{_MONTH}[ -](\d{{4}}|\d{{2}})", label, re.IGNORECASE):
        year = int(match[2]) + (2000 if len(match[2]) == 2 else 0)
        return _month(year, _MONTHS[match[1].lower()], months)
    if match := re.fullmatch(rf"{_MONTH} (\d{{4}}) ?- ?{_MONTH} (\d{{4}})", label, re.IGNORECASE):
        first, last = _MONTHS[match[1].lower()], _MONTHS[match[3].lower()]
        length = (int(match[4]) - int(match[2])) * 12 + last - first + 1
        if length == 12:
            return f"{match[2]}-{first:02d}-01/P1Y"
    if (match := re.fullmatch(r"AY(\d{2})/(\d{2})", label)) and (int(match[1]) + 1) % 100 == int(match[2]):
        return f"20{match[1]}-08-01/P1Y"
    raise ValueError(f"{text!r} is not a period that is understood")


def _month(year: int, month: int, months: str) -> str:
    if months == "year_to":
        return f"{date(year - (month < 12), month % 12 + 1, 1).isoformat()}/P1Y"
    start = date(year, month, 1).isoformat()
    return start if months == "instant" else f"{start}/P1M"
