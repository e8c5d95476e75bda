"""How numbers, periods, ages and markers are written, the same in charts, tables and sentences."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from placebook.evidence.periods import span
from placebook.geography.names import joined as joined

MINUS = "−"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MARKER_WORDS = {
    "c": "confidential: held back by the publisher",
    "u": "unreliable: too uncertain to publish or to rely on",
    "x": "not available",
    "z": "not applicable",
    "p": "provisional",
    "r": "revised",
    "e": "estimated",
    "b": "break in series: not comparable with earlier periods",
    "low": "rounds to zero but is not zero",
}
NOT_PUBLISHED = "not published here"
LACKS = {
    "not_published": NOT_PUBLISHED,
    "not_held": "not held here",
    "gone": "published for former districts alone",
    "left_out": "left out of its page",
}
"""Why there is no figure of an area, in a cell of a table."""

_BEFORE = {"pounds": "£", "pounds-million": "£"}
_AFTER = {
    "percent": "%",
    "pounds-million": " million",
    "years": " years",
    "per-100000": " per 100,000",
    "per-10000": " per 10,000",
    "per-1000": " per 1,000",
    "tonnes-co2e": " tonnes CO₂e",
    "kwh": " kWh",
    "minutes": " minutes",
    "vehicles-per-day": " vehicles a day",
}


def brief_unit(unit: str) -> str:
    """The unit where it is a sign at the number; "ratio", which writes none, where its words stand beside it once."""
    return unit if unit in ("pounds", "pounds-million", "percent") else "ratio"


def rounded(value: float, decimals: int) -> Decimal:
    """The value rounded half up, as publishers round, from its shortest decimal text.

    ``round(2.675, 2)`` would give 2.67; a reader with the published 2.675 expects 2.68.
    """
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def is_low(value: float, decimals: int) -> bool:
    """Whether the value is not zero but would be written as zero."""
    return value != 0 and rounded(value, decimals) == 0


def number(value: float, decimals: int) -> str:
    """Thousands separated, a true minus sign, no minus before zero."""
    exact = rounded(value, decimals)
    text = f"{abs(exact):,.{decimals}f}"
    return f"{MINUS}{text}" if exact < 0 else text


# A number is written on the page, on its evidence page, and in several downloads.
@lru_cache(maxsize=1 << 16)
def quantity(value: float | None, unit: str, decimals: int, markers: tuple[str, ...] = ()) -> str:
    """The value with its unit and its markers: ``£42.30``, ``76.1%``, ``1,234 per 100,000``.

    A value that is not there reads as its marker alone; one that rounds to zero as ``[low]``.
    """
    shown = "".join(f" [{marker}]" for marker in markers)
    if value is None:
        return shown.strip() or "[x]"
    if is_low(value, decimals):
        return f"[low]{shown}"
    text = number(value, decimals)
    sign, text = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}{_BEFORE.get(unit, '')}{text}{_AFTER.get(unit, '')}{shown}"


def interval(lower: float, upper: float, unit: str, decimals: int) -> str:
    """``64.9% to 87.3%``: a range is written with "to"; one without width says that it was rounded."""
    if rounded(lower, decimals) == rounded(upper, decimals):
        return f"both round to {quantity(lower, unit, decimals)}"
    return f"{quantity(lower, unit, decimals)} to {quantity(upper, unit, decimals)}"


# ------------------------------------------------------------------ periods


@lru_cache(maxsize=4096)
def period(text: str, style: str = "auto") -> str:
    """A period as people say it: ``2023``, ``2023/24``, ``year to September 2025``, ``March 2020``."""
    if not text:
        return ""
    when = span(text)
    start, end = when.start, when.end
    if style == "edition":
        return f"{start.year} edition"
    if style == "year" and when.months in (0, 12):
        return str(start.year)
    if style == "month" and when.months == 0:
        return f"{MONTHS[start.month - 1]} {start.year}"
    if not when.months:
        return f"{start.day} {MONTHS[start.month - 1]} {start.year}"
    if when.months == 1:
        return f"{MONTHS[start.month - 1]} {start.year}"
    whole_years = when.months % 12 == 0 and start.day == 1
    if whole_years and start.month == 1:
        return str(start.year) if when.months == 12 else f"{start.year} to {end.year}"
    if when.months == 12 and start.month in (4, 8, 9):
        return f"{start.year}/{end.year % 100:02d}"
    if when.months == 12:
        return f"year to {MONTHS[end.month - 1]} {end.year}"
    return f"{MONTHS[start.month - 1]} {start.year} to {MONTHS[end.month - 1]} {end.year}"


def period_lead(text: str, style: str = "auto") -> str:
    """The period as a sentence begins: ``In 2023``, ``On 21 March 2021``, ``In the year to …``."""
    words = period(text, style)
    when = span(text)
    if words.startswith("year to"):
        return f"In the {words}"
    if style == "edition":
        return f"In the {words}"
    if not when.months and style not in ("year", "month"):
        return f"On {words}"
    return f"In {words}"


def age_in_months(text: str, on: date) -> int:
    """Whole months from the last day of a period to ``on``; none for a period that has not ended."""
    end = span(text).end
    months = (on.year - end.year) * 12 + on.month - end.month - (on.day < end.day)
    return max(months, 0)


def age(text: str, on: date) -> str:
    """How old a figure is: ``under a month``, ``7 months``, ``2 years``, counted from its end."""
    months = age_in_months(text, on)
    if months < 1:
        return "under a month"
    if months < 24:
        return f"{months} month{'s' if months > 1 else ''}"
    return f"{months // 12} years"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 small area``, ``2 small areas``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
