"""How areas, amounts, badges, sources and figures of special shapes are put into words.

Whatever is said of a *wider* reading names the area that the figure is really for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from placebook.catalogue.models import Indicator
from placebook.evidence.periods import span
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.findings import formats as write
from placebook.geography.names import located, with_article
from placebook.geography.names import names as area_names

ROLE_WORDS = {
    "parent": "district",
    "county": "county",
    "itl3": "ITL level 3 area",
    "region": "region",
    "country": "country",
    "peer": "peer",
    "near": "district of the same county",
}
LEVEL_WORDS = {
    "district": "district",
    "county": "county",
    "itl1": "region",
    "itl2": "ITL level 2 area",
    "itl3": "ITL level 3 area",
    "region": "region",
    "country": "country",
}
NAMED_SOURCES = 2
"""A caption that names more than these is read by nobody."""
NOT_HERE = {"not_held": "this book’s table does not reach", "gone": "published for the former districts of"}
"""Why a wider area stands in where the publisher gives figures nearer to the place."""
SHORT_BADGE = {"direct": "direct", "best_fit": "best fit", "wider": "wider"}


OPEN, MID, SHUT = "\ue000", "\ue001", "\ue002"
"""Around a figure in a sentence: its ledger id, what is written, the end. No publisher uses these characters."""
MARKED = re.compile(f"{OPEN}([^{MID}]*){MID}([^{SHUT}]*){SHUT}")


def pinned(id_: str, text: str) -> str:
    """What is written of a ledger entry, a claim say, with the way to it."""
    return f"{OPEN}{id_}{MID}{text}{SHUT}"


def marked(value: Value, text: str) -> str:
    """What is written of a value, with the way to its ledger entry."""
    return pinned(value.id, text)


def unmarked(text: str) -> str:
    """The words alone."""
    return MARKED.sub(r"\2", text)


def amount(value: Value, indicator: Indicator, decimals: int | None = None) -> str:
    """The number with unit and markers."""
    decimals = indicator.decimals if decimals is None else decimals
    return write.quantity(value.value, indicator.unit, decimals, value.markers)


def figure(value: Value, indicator: Indicator, decimals: int | None = None) -> str:
    """The number with unit and markers, as a sentence carries it: with the way to its ledger entry."""
    return marked(value, amount(value, indicator, decimals))


def sure_figure(value: Value, indicator: Indicator, lead: str = "", decimals: int | None = None) -> str:
    """The same with its limits, which have the same entry."""
    return marked(value, f"{amount(value, indicator, decimals)}{limits(value, indicator, lead, decimals)}")


def limits(value: Value, indicator: Indicator, lead: str = "", decimals: int | None = None) -> str:
    """The limits in brackets; nothing where there are none. Rounded limits without a width are not shown as certainty."""
    if value.value is None or value.lower is None or value.upper is None:
        return ""
    decimals = indicator.decimals if decimals is None else decimals
    if write.rounded(value.lower, decimals) == write.rounded(value.upper, decimals):
        return f" (the limits {write.interval(value.lower, value.upper, indicator.unit, decimals)})"
    return f" ({lead}{write.interval(value.lower, value.upper, indicator.unit, decimals)})"


COUNTED = {2: "two", 3: "three", 4: "four", 5: "five"}


def readings(value: Value) -> int:
    """How many readings a value is taken together from."""
    return len({i.period for i in value.inputs}) if value.role == "pooled" else 1


def when(value: Value, indicator: Indicator) -> str:
    """A value's period as a sentence begins; of readings taken together how many they are."""
    many = readings(value)
    if many == 1:
        return write.period_lead(value.period, indicator.period_style)
    return f"From {write.period(value.period, indicator.period_style)} ({_taken(value, many)})"


def _taken(value: Value, many: int) -> str:
    return f"{COUNTED[many]} years together" if value.derivation == "share" else f"mean of {COUNTED[many]} readings"


def said_when(value: Value, indicator: Indicator) -> str:
    """A value's period in brackets; of readings taken together how many they are."""
    words, many = write.period(value.period, indicator.period_style), readings(value)
    return words if many == 1 else f"{words}, {_taken(value, many)}"


def said_period(reading: Reading) -> str:
    return write.period(reading.period, reading.indicator.period_style)


def where(reading: Reading) -> str:
    """The area of a reading in a sentence; a wider one says its level."""
    return f"{with_article(reading.subject.name)}{_level(reading)}"


def named(reading: Reading) -> str:
    """The same where a name stands alone, without its article."""
    return f"{reading.subject.name}{_level(reading)}"


def there(reading: Reading) -> str:
    """The same with its preposition: ``in Broxbourne``, ``on the Isle of Wight``."""
    return f"{located(reading.subject.name)}{_level(reading)}"


def level_words(level: str, code: str) -> str:
    """What kind of area it is, as readers say it: a unitary authority is no "district"."""
    known = area_names().get(code) if level == "district" else None
    return (known and known.kind) or LEVEL_WORDS.get(level, level)


def _level(reading: Reading) -> str:
    return f" ({level_words(reading.subject.level, reading.subject.code)})" if reading.wider else ""


def withheld(reading: Reading) -> str:
    """That a newer figure exists and is held back; nothing where there is none."""
    if not reading.withheld:
        return ""
    newest = reading.withheld[-1]
    why = write.joined([write.MARKER_WORDS[m] for m in newest.markers]) or "not available"
    period = write.period(newest.period, reading.indicator.period_style)
    return f" No figure for {period} is shown ({why})."


def composition_sentence(reading: Reading) -> str:
    """Every slice of a short composition, the three largest of a long one."""
    indicator = reading.indicator
    slices = [value for value in reading.now if value.value is not None]
    lead = write.period_lead(reading.period, indicator.period_style)
    shown = slices
    if len(slices) > 6:
        shown = sorted(slices, key=lambda value: (-(value.value or 0), value.category))[:3]
    parts = [f"{value.category} ({figure(value, indicator)})" for value in shown]
    largest = "the three largest groups of " if len(slices) > 6 else ""
    return f"{lead} {largest}{indicator.phrase} {there(reading)} were {write.joined(parts)}."


def quotient_sentence(reading: Reading) -> str:
    """The three industries that are most concentrated here, beside the base that is named."""
    quotients = [value for value in reading.now if value.value is not None]
    top = sorted(quotients, key=lambda value: (-(value.value or 0), value.category))[:3]
    lead = write.period_lead(reading.period, reading.indicator.period_style)
    base = with_article(getattr(reading.indicator.reads, "base_name", ""))
    parts = [f"{value.category} ({figure(value, reading.indicator)})" for value in top]
    return (
        f"{lead} the industries that take the largest share {there(reading)} beside their share in {base}: "
        f"{write.joined(parts)}. A location quotient of 1 is the share in {base}."
    )


def index_sentence(reading: Reading, id_: str) -> str:
    """``5 of 23 small areas (LSOAs) … are among the most deprived three tenths in England.``

    ``id_`` is the entry that the counts lead to.
    """
    least = pinned(id_, str(sum(count.count for count in reading.counts if count.decile >= 8)))
    most = deprived(reading, "small area (LSOA) in", "small areas (LSOAs) in", id_)
    beside = f" and {least} among the least deprived three tenths" if reading.counts[0].of > 1 else ""
    edition = write.period(reading.details[0].period, "edition")
    return f"In the {edition} of {reading.indicator.phrase}, {most}{beside}."


def deprived(reading: Reading, one: str, many: str, id_: str = "") -> str:
    """How many of a place's small areas are among the most deprived three tenths; of a single one its tenth.

    With ``id_`` the counts lead to that entry.
    """
    total, inside = reading.counts[0].of, many.endswith(" in")
    place = located(reading.subject.name) if inside else f"of {with_article(reading.subject.name)}"
    one, many = (words.rpartition(" ")[0] for words in (one, many))
    if total == 1:
        (decile,) = (count.decile for count in reading.counts if count.count)
        tenth = pinned(id_, str(decile)) if id_ else decile
        return f"the only {one} {place} is in tenth {tenth} of England’s small areas, 1 being the most deprived"
    most = sum(count.count for count in reading.counts if count.decile <= 3)
    verb = "is" if most == 1 else "are"
    counted = f"{most} of the {total}"
    return f"{pinned(id_, counted) if id_ else counted} {many} {place} {verb} among the most deprived three tenths in England"


def flow_sentence(reading: Reading) -> str:
    """Out, in and net, with the largest partner each way."""
    totals = {value.category: value for value in reading.series}
    name = with_article(reading.subject.name)
    lead = write.period_lead(reading.period, reading.indicator.period_style)
    if any(value.value is None for value in totals.values()):
        return f"{lead} the flows of {where(reading)} are partly withheld, so that no total is shown."
    out = _people(totals["out"])
    if "net" not in totals:
        largest = next(value for value in reading.details if value.category == "out")
        return (
            f"{lead} {out} residents of {where(reading)} travelled to a workplace outside it; the largest number, "
            f"{_people(largest)}, to {with_article(largest.partner_name)}."
        )
    net = totals["net"].value or 0
    way = "into" if net > 0 else "out of"
    size = marked(totals["net"], write.number(abs(net), 0))
    abroad = f", {_people(totals['abroad'])} more abroad or offshore" if "abroad" in totals else ""
    balance = f"a net flow {way} {name} of {size}" if net else "no net flow"
    return (
        f"{lead} {out} residents of {where(reading)} travelled to a workplace in another district{abroad}, and "
        f"{_people(totals['in'])} residents of other districts to one {located(reading.subject.name)}: {balance}."
    )


def _people(value: Value) -> str:
    return marked(value, write.number(value.value or 0, 0))


# ------------------------------------------------------------------ geography, age, source


def badge(reading: Reading) -> str:
    """The geography badge in words, with the area's code where it is wider."""
    subject, shape = reading.subject, reading.indicator.reads.kind
    if subject.badge == "direct":
        if reading.counts:
            areas = write.plural(len(subject.members), "small area", "small areas")
            return f"direct: published for each of the {areas} of {with_article(subject.name)}"
        if shape == "small_area_values":
            each = f"each of {len(reading.details)} neighbourhoods (MSOAs)" if len(reading.details) > 1 else "the only MSOA"
            return f"direct: published for {each} of {with_article(subject.name)}"
        return f"direct: published for {with_article(subject.name)}"
    if subject.badge == "best_fit":
        small = {"E01": "LSOA", "E02": "MSOA"}.get(subject.members[0][:3], "district")
        done = {"small_area_index": "each counted", "small_area_values": "each shown"}.get(shape)
        many, how = write.plural(len(subject.members), small), " added up" if len(subject.members) > 1 else ""
        return f"best fit: {many} of {with_article(subject.name)}" + (f", {done}" if done else how)
    level = level_words(subject.level, subject.code)
    named = f"wider: published for {with_article(subject.name)} ({level}, {subject.code})"
    place = with_article(reading.place_name)
    return (
        f"{named}, not for {place}" if reading.lack in (None, "not_published") else f"{named}; {NOT_HERE[reading.lack]} {place}"
    )


def badges(readings: Sequence[Reading]) -> str:
    """One line for a figure of several readings: each badge once, with the measures it is for."""
    by_badge: dict[str, list[str]] = {}
    for reading in readings:
        by_badge.setdefault(badge(reading), []).append(reading.indicator.title)
    if len(by_badge) == 1:
        return next(iter(by_badge))
    return "; ".join(f"{words} ({', '.join(titles)})" for words, titles in by_badge.items())


def sources(readings: Sequence[Reading]) -> str:
    """Publisher and title of one or two sources; of more the publishers, and how many data sets."""
    named_sources = dict.fromkeys((reading.source.publisher, reading.source.title) for reading in readings)
    if len(named_sources) <= NAMED_SOURCES:
        return "; ".join(f"{publisher}, {title}" for publisher, title in named_sources)
    publishers = list(dict.fromkeys(publisher for publisher, _ in named_sources))
    return f"{'; '.join(publishers)} ({len(named_sources)} data sets, each named where its figures are explained)"


def periods(readings: Sequence[Reading], each: str = "measure") -> str:
    """The period shown; of several the years that they cover, each being said with its measure (or map)."""
    words = dict.fromkeys(said_period(reading) for reading in readings)
    if len(words) == 1:
        return next(iter(words))
    spans = [span(reading.period) for reading in readings]
    first, last = min(span.start.year for span in spans), max(span.end.year for span in spans)
    years = str(first) if first == last else f"{first} to {last}"
    return f"{years}, as said with each {each}"


def age(reading: Reading, on: date) -> str:
    return write.age(reading.period or reading.details[0].period, on)
