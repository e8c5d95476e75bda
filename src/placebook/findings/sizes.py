"""How far apart two figures are, in words: the size of a gap and its interval, in the unit of the gap."""

from __future__ import annotations

from placebook.catalogue.models import Indicator
from placebook.findings import formats as write

RATIO_SCALE = {
    "pounds", "pounds-million", "count", "per-100000", "per-10000", "per-1000", "tonnes-co2e", "kwh",
    "minutes", "vehicles-per-day",
}  # fmt: skip
"""Units whose zero is nothing at all, so that "10% lower" means something."""
MOST_PER_CENT = 1000
"""Beyond ten times the other figure a percentage says nothing more."""
WORDS = {
    "percent": ("percentage point", "percentage points"), "score": ("point", "points"),
    "rank": ("place", "places"), "years": ("year", "years"), "minutes": ("minute", "minutes"),
    "kwh": ("kWh", "kWh"), "tonnes-co2e": ("tonne", "tonnes"),
}  # fmt: skip


def gap(indicator: Indicator, distance: float, other: float | None = None, unit: bool = True) -> str:
    """The size of a difference: ``0.7 percentage points``, ``£1,234 (5.6%)``; never per cent of per cent.

    ``other`` is what the difference is from; without it no percentage is given. Without ``unit`` the words of
    the unit are left out, for the second of two like differences.
    """
    size = abs(distance)
    if write.is_low(size, indicator.decimals):
        least = _amount(10**-indicator.decimals, indicator)
        return f"less than {least}{_words(indicator, least) if unit else ''}"
    said = _amount(size, indicator)
    said += _words(indicator, said) if unit else ""
    share = 100 * size / other if indicator.unit in RATIO_SCALE and other and other > 0 else 0
    if 0.05 <= share < MOST_PER_CENT:
        said += f" ({write.number(share, 0 if share >= 10 else 1)}%)"
    return said


def interval(indicator: Indicator, lower: float, upper: float) -> str:
    """The interval of a difference, in the unit of the difference: ``£1 million to £3 million``."""
    low, high = (write.number(value, indicator.decimals) for value in (lower, upper))
    pounds = "£" if indicator.unit in ("pounds", "pounds-million") else ""
    million = " million" if indicator.unit == "pounds-million" else ""
    return f"{pounds}{low}{million} to {pounds}{high}{million}"


def _amount(size: float, indicator: Indicator) -> str:
    # Units that follow the number in words are said once, with the first figure.
    plain = indicator.unit if indicator.unit in ("pounds", "pounds-million") else "ratio"
    return write.quantity(size, plain, indicator.decimals)


def _words(indicator: Indicator, said: str) -> str:
    return f" {WORDS[indicator.unit][said != '1']}" if indicator.unit in WORDS else ""
