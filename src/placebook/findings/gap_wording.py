"""How far apart two figures are, in words: the size of a gap and its interval, in the unit of the gap."""

from __future__ import annotations

from collections.abc import Sequence

from placebook.catalogue.models import Indicator
from placebook.findings import formats as write

RATIO_SCALE = {
    "pounds",
    "pounds-million",
    "count",
    "per-100000",
    "per-10000",
    "per-1000",
    "tonnes-co2e",
    "kwh",
    "minutes",
    "vehicles-per-day",
}
"""Units whose zero is nothing at all, so that "10% lower" means something."""
MOST_DECIMALS = 2
MOST_PER_CENT = 1000
"""Beyond ten times the other figure a percentage says nothing more."""
WORDS = {
    "percent": ("percentage point", "percentage points"),
    "score": ("point", "points"),
    "rank": ("place", "places"),
    "years": ("year", "years"),
    "minutes": ("minute", "minutes"),
    "kwh": ("kWh", "kWh"),
    "tonnes-co2e": ("tonne", "tonnes"),
}


def agreeing(pairs: Sequence[tuple[float, float]], decimals: int) -> int:
    """How many decimals figures and their differences are written with, so that a reader who subtracts agrees.

    One more than usual where the rounded figures differ by something else than the rounded difference; never more than two,
    of pounds the pence: the difference is then that of the two as they are written (``shown_gap``).
    """

    def agrees(one: float, other: float) -> bool:
        apart = write.rounded(one, decimals) - write.rounded(other, decimals)
        return abs(apart) == write.rounded(abs(one - other), decimals)

    return decimals if decimals >= MOST_DECIMALS or all(agrees(*pair) for pair in pairs) else decimals + 1


def shown_gap(one: float, other: float, decimals: int) -> float:
    """The difference of two figures as they are written; of figures that are written alike, as it is."""
    apart = write.rounded(one, decimals) - write.rounded(other, decimals)
    return float(apart) if apart else one - other


def gap(
    indicator: Indicator, distance: float, other: float | None = None, unit: bool = True, decimals: int | None = None
) -> str:
    """The size of a difference: ``0.7 percentage points``, ``£1,234 (5.6%)``; never per cent of per cent.

    ``other`` is what the difference is from; without it no percentage is given. Without ``unit`` the words of
    the unit are left out, for the second of two like differences.
    """
    size, decimals = abs(distance), indicator.decimals if decimals is None else decimals
    if write.is_low(size, decimals):
        least = _amount(10**-decimals, indicator, decimals)
        return f"less than {least}{_words(indicator, least) if unit else ''}"
    words = _amount(size, indicator, decimals)
    words += _words(indicator, words) if unit else ""
    share = 100 * size / other if indicator.unit in RATIO_SCALE and other and other > 0 else 0
    if 0.05 <= share < MOST_PER_CENT:
        words += f" ({write.number(share, 0 if share >= 10 else 1)}%)"
    return words


def interval(indicator: Indicator, lower: float, upper: float, decimals: int | None = None) -> str:
    """The interval of a difference, in the unit of the difference: ``£1 million to £3 million``."""
    decimals = indicator.decimals if decimals is None else decimals
    if write.rounded(lower, decimals) == write.rounded(upper, decimals) and lower != upper:
        decimals += 1  # ends that are written alike would look like certainty
    low, high = (write.number(value, decimals) for value in (lower, upper))
    pounds = "£" if indicator.unit in ("pounds", "pounds-million") else ""
    million = " million" if indicator.unit == "pounds-million" else ""
    return f"{pounds}{low}{million} to {pounds}{high}{million}"


def _amount(size: float, indicator: Indicator, decimals: int) -> str:
    # Units that follow the number in words are said once, with the first figure.
    plain = indicator.unit if indicator.unit in ("pounds", "pounds-million") else "ratio"
    return write.quantity(size, plain, decimals)


def _words(indicator: Indicator, amount: str) -> str:
    return f" {WORDS[indicator.unit][amount != '1']}" if indicator.unit in WORDS else ""
