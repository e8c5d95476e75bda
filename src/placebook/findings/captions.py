"""Captions, titles and alternative texts: what a figure shows, for those who look and those who listen.

A title says the finding where a claim passes, the measure where none does. Both, and the alternative text,
come from the same claims as the sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from placebook.evidence.periods import span
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.findings import formats as write
from placebook.findings.claims import Claim
from placebook.findings.wording import (
    amount,
    badges,
    level_words,
    limits,
    said_period,
    sources,
)
from placebook.geography.names import located, with_article

Claims = Mapping[str, Sequence[Claim]]
"""The claims of each indicator."""


def caption(count: int, readings: Sequence[Reading], note: str = "") -> str:
    """Number, source, and the area where it is not the place's own: the title says the rest."""
    where = "" if all(reading.subject.badge == "direct" for reading in readings) else f"Geography: {badges(readings)}. "
    return f"Figure {count}. {where}{note}Source: {sources(readings)}."


def extreme_title(reading: Reading, claims: Claims) -> str:
    """The two small areas that lie farthest apart; "" where they are not told apart."""
    for claim in claims[reading.indicator.id]:
        if claim.kind == "extreme" and claim.verdict == "higher":
            first, last = claim.values
            verb = "are" if reading.indicator.plural else "is"
            return f"{_capital(reading.indicator.phrase)} {verb} higher in {first.area_name} than in {last.area_name}"
    return ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def subtitle(readings: Sequence[Reading], shown: str) -> str:
    """Measure, unit and period, always."""
    if len(readings) == 1:
        indicator = readings[0].indicator
        return f"{indicator.title}, {indicator.unit_words}, {shown}"
    return f"{write.plural(len(readings), 'measure')}, each with its own unit; {shown}"


# ------------------------------------------------------------------ alternative texts


CHANGE_VERDICTS = {
    "rose": "risen",
    "fell": "fallen",
    "rising": "upward trend",
    "falling": "downward trend",
    "no_clear_change": "no clear change",
    "no_clear_trend": "no clear trend",
    "equal": "the same",
    "no_clear_difference": "no clear change",
    "similar": "similar",
    "gap_only": "change not tested",
    "not_possible": "no change stated",
}


def panel_alt(reading: Reading, claims: Sequence[Claim]) -> str:
    """What one chart of a trend panel shows: the line's first and last number, its range and the verdict."""
    indicator = reading.indicator
    values = [value for value in reading.series if value.value is not None]
    first, last = values[0], values[-1]
    least, most = (f(values, key=lambda v: v.value or 0) for f in (min, max))
    changes = [c for c in claims if c.kind in ("change", "trend", "none")]
    verdict = f"; {CHANGE_VERDICTS[changes[-1].verdict]}" if changes else ""
    return (
        f"Line chart: {indicator.title} {located(reading.subject.name)} from {amount(first, indicator)} in "
        f"{_period(first, reading)} to {amount(last, indicator)} in {_period(last, reading)}, between "
        f"{amount(least, indicator)} and {amount(most, indicator)}{verdict}."
    )


def _period(value: Value, reading: Reading) -> str:
    return write.period(value.period, reading.indicator.period_style)


def ratio_alt(reading: Reading, name: str, values: Sequence[Value]) -> str:
    """A line of a ratio to a comparator: first, last and range."""
    numbers = [value.value or 0 for value in values]
    return (
        f"Line chart with {with_article(name)} as 100: {reading.indicator.title} {located(reading.subject.name)} "
        f"{write.number(numbers[0], 1)} in {_period(values[0], reading)} and {write.number(numbers[-1], 1)} in "
        f"{_period(values[-1], reading)}, between {write.number(min(numbers), 1)} and "
        f"{write.number(max(numbers), 1)}; the change is not tested."
    )


def composition_alt(reading: Reading) -> str:
    """Every slice with its number."""
    indicator = reading.indicator
    slices = [f"{v.category} {amount(v, indicator)}" for v in reading.now if v.value is not None]
    return f"Bars of {indicator.phrase} {located(reading.subject.name)}, {said_period(reading)}: {', '.join(slices)}."


def quotient_alt(reading: Reading) -> str:
    """Every industry with its quotient, the most concentrated first."""
    quotients = [v for v in reading.now if v.value is not None]
    quotients.sort(key=lambda v: (-(v.value or 0), v.category))
    base = with_article(getattr(reading.indicator.reads, "base_name", ""))
    parts = ", ".join(f"{v.category} {amount(v, reading.indicator)}" for v in quotients)
    return (
        f"Bars of location quotients {located(reading.subject.name)}, {said_period(reading)}; 1 is the share in "
        f"{base}: {parts}."
    )


def index_alt(reading: Reading) -> str:
    """How many small areas are in each decile."""
    counts = [f"decile {c.decile}: {c.count}" for c in reading.counts if c.count]
    return (
        f"Map of {write.plural(reading.counts[0].of, 'small area')} {located(reading.subject.name)}, "
        f"shaded by deprivation decile, 1 the most deprived tenth in England. "
        f"Small areas by decile: {', '.join(counts)}."
    )


def inside_alt(reading: Reading) -> str:
    """Of a small map the highest and the lowest small area."""
    assert reading.inside is not None
    first, last = reading.inside.values[0], reading.inside.values[-1]
    indicator = reading.indicator
    return (
        f"Small map of {with_article(reading.subject.name)}, the stronger the shade the higher the share: {indicator.title} "
        f"from {amount(last, indicator)} in {last.area_name} to {amount(first, indicator)} in {first.area_name}."
    )


def estimates_alt(reading: Reading, drawn: Sequence[Value]) -> str:
    """Every small area that is ``drawn``, with its estimate and limits."""
    indicator = reading.indicator
    parts = [f"{v.area_name} {amount(v, indicator)}{limits(v, indicator)}" for v in drawn]
    place = with_article(reading.subject.name)
    return f"Dots with 95% intervals of {indicator.phrase} by neighbourhood of {place}: {'; '.join(parts)}."


def flow_alt(reading: Reading, way: str, top: int) -> str:
    """The largest partners one way, ``out`` or ``in``."""
    partners = [value for value in reading.details if value.category == way][:top]
    largest = ", ".join(f"{v.partner_name} {write.number(v.value or 0, 0)}" for v in partners)
    name = with_article(reading.subject.name)
    where = (
        f"Where residents of {name} travel to work"
        if way == "out"
        else f"Where people who travel to work {located(reading.subject.name)} live"
    )
    return f"Bar chart. {where}: {largest}."


def flow_map_alt(reading: Reading, top: int) -> str:
    """Which partners the map joins to the place."""
    out = [value for value in reading.details if value.category == "out"][:top]
    into = [value for value in reading.details if value.category == "in"][:top]
    names = write.joined([v.partner_name for v in out])
    others = write.joined([v.partner_name for v in into])
    level = level_words(reading.subject.level, reading.subject.code)
    return (
        f"Map of the {level} of {with_article(reading.subject.name)} with lines to the districts that most residents travel "
        f"to for work ({names}) and that most workers come from ({others}), thicker for more people."
    )


def history(readings: Sequence[Reading]) -> str:
    """From the first period of the earliest series to the last of the latest."""
    periods = [
        (span(value.period).start, value.period, reading.indicator.period_style)
        for reading in readings
        for value in reading.series
        if value.value is not None
    ]
    (_, first, style), (_, last, other) = min(periods), max(periods)
    return f"{write.period(first, style)} to {write.period(last, other)}"
