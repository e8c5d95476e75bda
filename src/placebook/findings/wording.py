"""How it is said. Sentences, captions and alternative texts are made here and nowhere else.

Until claims exist a sentence states figures and compares nothing: no "higher", no "rose". Whatever is
said of a *wider* reading names the area that the figure is really for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from placebook.catalogue.models import Indicator
from placebook.evidence.periods import span
from placebook.evidence.readings import Reading
from placebook.evidence.values import Value, at
from placebook.findings import formats as write

ROLE_WORDS = {
    "parent": "district",
    "county": "county",
    "itl3": "ITL level 3 area",
    "region": "region",
    "country": "country",
    "peer": "statistical neighbour",
}
LEVEL_WORDS = {
    "district": "district",
    "county": "county",
    "itl1": "region",
    "itl3": "ITL level 3 area",
    "region": "region",
    "country": "country",
}
WITH_ARTICLE = {
    "East of England", "North East", "North West", "East Midlands", "West Midlands", "South East",
    "South West", "United Kingdom",
}  # fmt: skip
SHORT_BADGE = {"direct": "direct", "best_fit": "best fit", "wider": "wider"}


def amount(value: Value, indicator: Indicator) -> str:
    """The number with unit and markers."""
    return write.quantity(value.value, indicator.unit, indicator.decimals, value.markers)


def limits(value: Value, indicator: Indicator, lead: str = "") -> str:
    """The published limits in brackets; nothing where none are published."""
    if value.value is None or not value.has_limits:
        return ""
    said = write.interval(value.lower, value.upper, indicator.unit, indicator.decimals)
    return f" ({lead}{said})"


def said_period(reading: Reading) -> str:
    return write.period(reading.period, reading.indicator.period_style)


def area(name: str) -> str:
    """A name as a sentence says it: most regions of England take an article."""
    return f"the {name}" if name in WITH_ARTICLE else name


def where(reading: Reading) -> str:
    """The area of a reading in a sentence; a wider one says its level."""
    name = area(reading.subject.name)
    if not reading.wider:
        return name
    return f"{name} ({LEVEL_WORDS.get(reading.subject.level, reading.subject.level)})"


def level_sentence(reading: Reading) -> str:
    """``In 2023 the employment rate in Broxbourne was 76.1% (95% interval …); in England it was …``"""
    indicator = reading.indicator
    (value,) = reading.now
    lead = write.period_lead(reading.period, indicator.period_style)
    first = (
        f"{lead} {indicator.phrase} in {where(reading)} was {amount(value, indicator)}"
        f"{limits(value, indicator, '95% interval ')}"
    )
    others = []
    for found in reading.comparators:
        if found.role not in ("parent", "county", "region", "country"):
            continue
        for same in at(found.series, reading.period):
            if same.value is not None:
                others.append(
                    f"in {area(found.name)} it was {amount(same, indicator)}{limits(same, indicator)}"
                )
    tail = f"; {write.joined(others)}" if others else ""
    return f"{first}{tail}.{_withheld(reading)}"


def _withheld(reading: Reading) -> str:
    if not reading.withheld:
        return ""
    newest = reading.withheld[-1]
    why = write.joined([write.MARKER_WORDS[m] for m in newest.markers]) or "not available"
    said = write.period(newest.period, reading.indicator.period_style)
    return f" No figure for {said} is shown ({why})."


def composition_sentence(reading: Reading) -> str:
    """Every slice of a short composition, the three largest of a long one."""
    indicator = reading.indicator
    slices = [value for value in reading.now if value.value is not None]
    lead = write.period_lead(reading.period, indicator.period_style)
    shown = slices
    if len(slices) > 6:
        shown = sorted(slices, key=lambda value: (-value.value, value.category))[:3]
    parts = [f"{value.category} {amount(value, indicator)}" for value in shown]
    largest = "the three largest groups of " if len(slices) > 6 else ""
    return f"{lead}, {largest}{indicator.phrase} in {where(reading)}: {write.joined(parts)}."


def index_sentence(reading: Reading) -> str:
    """``5 of 23 small areas (LSOAs) … are among the most deprived three tenths in England.``"""
    most = sum(count.count for count in reading.counts if count.decile <= 3)
    least = sum(count.count for count in reading.counts if count.decile >= 8)
    total = reading.counts[0].of
    name = reading.subject.name
    return (
        f"In the {write.period(reading.details[0].period, 'edition')} of {reading.indicator.phrase}, "
        f"{most} of the {total} small areas (LSOAs) in {name} are among the most deprived three tenths "
        f"in England and {least} among the least deprived three tenths."
    )


def flow_sentence(reading: Reading) -> str:
    """Out, in and net, with the largest partner each way."""
    totals = {value.category: value for value in reading.series}
    out, into, net = (totals[kind].value or 0 for kind in ("out", "in", "net"))
    name = reading.subject.name
    lead = write.period_lead(reading.period, reading.indicator.period_style)
    way = "into" if net > 0 else "out of"
    balance = f"a net flow {way} {name} of {write.number(abs(net), 0)}" if net else "no net flow"
    return (
        f"{lead} {write.number(out, 0)} residents of {where(reading)} travelled to a workplace in "
        f"another district, and {write.number(into, 0)} residents of other districts to one in {name}: "
        f"{balance}."
    )


def sentence(reading: Reading) -> str:
    """The sentence of a reading, whatever its shape."""
    shape = reading.indicator.reads.kind
    if shape == "small_area_index":
        return index_sentence(reading)
    if shape == "flow":
        return flow_sentence(reading)
    if shape == "composition":
        return composition_sentence(reading)
    return level_sentence(reading)


# ------------------------------------------------------------------ geography, age, source


def badge(reading: Reading) -> str:
    """The geography badge in words, with the area's code where it is wider."""
    subject = reading.subject
    if subject.badge == "direct":
        if reading.counts:
            areas = write.plural(len(subject.members), "small area", "small areas")
            return f"direct: published for each of the {areas} of {subject.name}"
        return f"direct: published for {subject.name}"
    if subject.badge == "best_fit":
        small = "LSOA" if subject.members[0].startswith("E01") else "MSOA"
        return f"best fit: {write.plural(len(subject.members), small)} of {subject.name} added up" if (
            not reading.counts
        ) else f"best fit: {write.plural(len(subject.members), small)} of {subject.name}, each counted"
    level = LEVEL_WORDS.get(subject.level, subject.level)
    return (
        f"wider: published for {subject.name} ({level}, {subject.code}), not for {reading.place_name}"
    )


def badges(readings: Sequence[Reading]) -> str:
    """One line for a figure of several readings: each badge once, with the measures it is for."""
    by_badge: dict[str, list[str]] = {}
    for reading in readings:
        by_badge.setdefault(badge(reading), []).append(reading.indicator.title)
    if len(by_badge) == 1:
        return next(iter(by_badge))
    return "; ".join(f"{said} ({', '.join(titles)})" for said, titles in by_badge.items())


def sources(readings: Sequence[Reading]) -> str:
    """Publisher and title of each source, once."""
    named = dict.fromkeys(
        f"{reading.source.publisher}, {reading.source.title}" for reading in readings
    )
    return "; ".join(named)


def periods(readings: Sequence[Reading]) -> str:
    """The period shown; of several the years that they cover, each being marked in its row."""
    said = dict.fromkeys(said_period(reading) for reading in readings)
    if len(said) == 1:
        return next(iter(said))
    spans = [span(reading.period) for reading in readings]
    first, last = min(span.start.year for span in spans), max(span.end.year for span in spans)
    years = str(first) if first == last else f"{first} to {last}"
    return f"{years}, as marked in each row"


def age(reading: Reading, on: date) -> str:
    return write.age(reading.period or reading.details[0].period, on)


def area_note(readings: Sequence[Reading], place: str) -> str:
    """For a title: the areas that wider readings are really for; empty where there are none."""
    names = list(dict.fromkeys(reading.subject.name for reading in readings if reading.wider))
    own = any(not reading.wider for reading in readings)
    if not names:
        return place
    return write.joined([place, *names] if own else names)


# ------------------------------------------------------------------ captions


def caption(
    count: int, what: str, readings: Sequence[Reading], shown: str, note: str = ""
) -> str:
    """Number, what it is, period, geography, source."""
    return (
        f"Figure {count}. {what}. Period: {shown}. Geography: {badges(readings)}. "
        f"{note}Source: {sources(readings)}."
    )


# ------------------------------------------------------------------ alternative texts


def strip_alt(theme: str, readings: Sequence[Reading], place: str) -> str:
    """What a comparison strip shows: each measure with its number and England's."""
    rows = []
    for reading in readings:
        (value,) = reading.now
        indicator = reading.indicator
        country = reading.beside("country")
        same = at(country.series, reading.period) if country else ()
        named = f" in {reading.subject.name}" if reading.wider else ""
        beside = f", England {amount(same[0], indicator)}" if same else ""
        rows.append(
            f"{indicator.title}{named} {amount(value, indicator)} ({said_period(reading)}){beside}"
        )
    return (
        f"Rows of dots, one for each measure of {theme} in {area_note(readings, place)}, "
        f"on the scale of the English districts. {'; '.join(rows)}."
    )


def panel_alt(theme: str, readings: Sequence[Reading], place: str) -> str:
    """What a trend panel shows: each line's first and last number."""
    lines = []
    for reading in readings:
        indicator = reading.indicator
        known = [value for value in reading.series if value.value is not None]
        first, last = known[0], known[-1]
        lines.append(
            f"{indicator.title} in {reading.subject.name} from {amount(first, indicator)} in "
            f"{write.period(first.period, indicator.period_style)} to {amount(last, indicator)} in "
            f"{write.period(last.period, indicator.period_style)}"
        )
    return (
        f"Small line charts of {theme} over time for {area_note(readings, place)}. {'; '.join(lines)}."
    )


def composition_alt(reading: Reading) -> str:
    indicator = reading.indicator
    slices = [f"{v.category} {amount(v, indicator)}" for v in reading.now if v.value is not None]
    return (
        f"Bars of {indicator.phrase} in {reading.subject.name}, {said_period(reading)}: "
        f"{', '.join(slices)}."
    )


def index_alt(reading: Reading) -> str:
    counts = [f"decile {c.decile}: {c.count}" for c in reading.counts if c.count]
    return (
        f"Map of {write.plural(reading.counts[0].of, 'small area')} in {reading.subject.name}, "
        f"shaded by deprivation decile, 1 the most deprived tenth in England. "
        f"Small areas by decile: {', '.join(counts)}."
    )


def flow_alt(reading: Reading, top: int) -> str:
    def largest(kind: str) -> str:
        found = [value for value in reading.details if value.category == kind][:top]
        return ", ".join(f"{v.partner_name} {write.number(v.value or 0, 0)}" for v in found)

    name = reading.subject.name
    return (
        f"Two bar charts. Where residents of {name} travel to work: {largest('out')}. "
        f"Where people who travel to work in {name} live: {largest('in')}."
    )


def history(readings: Sequence[Reading]) -> str:
    """From the first period of the earliest series to the last of the latest."""
    known = [
        (span(value.period).start, value.period, reading.indicator.period_style)
        for reading in readings
        for value in reading.series
        if value.value is not None
    ]
    (_, first, style), (_, last, other) = min(known), max(known)
    return f"{write.period(first, style)} to {write.period(last, other)}"
