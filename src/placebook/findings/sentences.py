"""Sentences from claims. Nothing else in the book makes a sentence that compares two numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from placebook.evidence.periods import span
from placebook.evidence.records import Reading
from placebook.evidence.values import Value
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.findings.claims import Claim, Place
from placebook.findings.sizes import gap, interval
from placebook.findings.wording import figure, pinned, sure_figure
from placebook.geography.names import located, with_article

LOCKDOWNS = (date(2020, 3, 23), date(2021, 7, 19))
"""First and last day of England's legal limits on social contact."""


@dataclass(frozen=True)
class Said:
    """One sentence, or two that belong together, and the claims that it is made from."""

    marked: str
    """The words, each figure in it with the way to its ledger entry (see ``wording.marked``)."""
    claims: tuple[Claim, ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return wording.unmarked(self.marked)


def say(claims: Sequence[Claim]) -> tuple[Said, ...]:
    """The sentences of one reading's claims, in reading order."""
    said = []
    level = tuple(claim for claim in claims if claim.kind == "level")
    if level:
        said.append(Said(_levels(level), level))
    makers = {
        "composition": _composition, "change": _change, "trend": _trend, "rank": _rank,
        "extreme": _extreme, "none": _none,
    }  # fmt: skip
    said += [Said(makers[claim.kind](claim), (claim,)) for claim in claims if claim.kind in makers]
    return tuple(said)


def brief(value: Value, reading: Reading) -> str:
    """A comparator's figure beside the subject's: the unit's words are not said again."""
    short = write.brief_unit(reading.indicator.unit)
    return wording.marked(value, write.quantity(value.value, short, reading.indicator.decimals, value.markers))


# ------------------------------------------------------------------ level


def _levels(claims: Sequence[Claim]) -> str:
    reading = claims[0].reading
    indicator = reading.indicator
    value = claims[0].values[0]
    lead = write.period_lead(reading.period, indicator.period_style)
    verb = "were" if indicator.plural else "was"
    first = (
        f"{lead} {indicator.phrase} {wording.there(reading)} {verb} "
        f"{sure_figure(value, indicator, '95% interval ')}"
    )
    of = {verdict: [c for c in claims if c.verdict == verdict] for verdict in
          ("higher", "lower", "equal", "similar", "no_clear_difference", "gap_only", "too_uncertain", "not_possible")}  # fmt: skip
    if indicator.uncertainty == "full_count":
        text = f"{first}{_counted(claims)}."
    else:
        text = f"{first}{_stated(of['gap_only'] + of['equal'])}.{_tested(of)}"
    if of["too_uncertain"]:
        names = [f"{with_article(c.comparator.name)}" for c in of["too_uncertain"] if c.comparator]
        text += f" It is too uncertain to say whether it differs from {write.joined(names, 'or')}."
    if of["not_possible"]:
        names = [_with_value(claim) for claim in of["not_possible"]]
        text += f" It is not compared with {write.joined(names, 'or')}: {of['not_possible'][0].reason}."
    return text + wording.withheld(reading)


def _with_value(claim: Claim) -> str:
    assert claim.comparator is not None
    return f"{with_article(claim.comparator.name)} ({brief(claim.values[1], claim.reading)})"


def _there(claim: Claim) -> str:
    """The comparator with its figure and its preposition: ``in England (4.2%)``."""
    assert claim.comparator is not None
    return f"{located(claim.comparator.name)} ({brief(claim.values[1], claim.reading)})"


def _counted(claims: Sequence[Claim]) -> str:
    """Full counts: the difference is what it is."""
    parts = []
    for claim in claims:
        if claim.verdict in ("higher", "lower"):
            assert claim.gap is not None
            size = gap(claim.reading.indicator, claim.gap, claim.values[1].value, unit=not parts)
            parts.append(f"{pinned(claim.id, size)} {claim.verdict} than {_there(claim)}")
    same = [located(c.comparator.name) for c in claims if c.verdict == "equal" and c.comparator]
    if same:
        parts.append(f"the same as {write.joined(same)}")
    near = [_with_value(c) for c in claims if c.verdict == "no_clear_difference"]
    if near:
        parts.append(f"not clearly different from {write.joined(near, 'or')}")
    return f", {write.joined(parts)}" if parts else ""


def _stated(claims: Sequence[Claim]) -> str:
    """Estimates without limits: the other figure and the size of the gap, no verdict."""
    parts = []
    for claim in claims:
        assert claim.comparator is not None and claim.gap is not None
        other = claim.values[1]
        apart = gap(claim.reading.indicator, claim.gap, other.value, unit=not parts).replace(" (", " or ").replace("%)", "%")
        size = "the same" if claim.verdict == "equal" else f"a gap of {pinned(claim.id, apart)}"
        parts.append(f"{brief(other, claim.reading)} {located(claim.comparator.name)} ({size})")
    if not parts:
        return ""
    return f", against {write.joined(parts)}; no margin of error is published"


def _tested(of: dict[str, list[Claim]]) -> str:
    text = ""
    for verdict in ("higher", "lower"):
        if of[verdict]:
            parts = [_clear(claim, unit=not at) for at, claim in enumerate(of[verdict])]
            text += f" That is {verdict} than {write.joined(parts)}."
    if of["similar"]:
        reading = of["similar"][0].reading
        margin = gap(reading.indicator, reading.indicator.similar_within or 0)
        names = [_with_value(claim) for claim in of["similar"]]
        text += f" It is similar to {write.joined(names)}: the difference lies within {pinned(of['similar'][0].id, margin)}."
    if of["no_clear_difference"]:
        names = [_with_value(claim) for claim in of["no_clear_difference"]]
        text += f" There is no clear difference from {write.joined(names, 'or')}."
    return text


def _clear(claim: Claim, unit: bool = True) -> str:
    assert claim.comparator is not None and claim.lower is not None and claim.upper is not None
    assert claim.gap is not None
    # The interval of the size: for a lower figure its two ends change places.
    low, high = sorted((abs(claim.lower), abs(claim.upper)))
    size = gap(claim.reading.indicator, claim.gap, unit=unit)
    sure = f"{size} (95% interval {interval(claim.reading.indicator, low, high)})"
    return f"{_there(claim)} by {pinned(claim.id, sure)}"


# ------------------------------------------------------------------ change and trend


def _change(claim: Claim) -> str:
    reading = claim.reading
    if claim.ratios is not None:
        return _ratio(claim)
    now, before = claim.values
    indicator = reading.indicator
    when = said_when(reading, before)
    was = figure(before, indicator)
    assert claim.gap is not None
    size = gap(reading.indicator, claim.gap, before.value)
    if claim.verdict in ("rose", "fell"):
        has = "risen" if claim.verdict == "rose" else "fallen"
        sure = ""
        if claim.lower is not None and claim.upper is not None:
            low, high = sorted((abs(claim.lower), abs(claim.upper)))
            sure = f" (95% interval {interval(reading.indicator, low, high)})"
        return f"Since {when}, when it was {was}, it has {has} by {pinned(claim.id, size + sure)}{pandemic(reading, before)}."
    if claim.verdict == "equal":
        return f"It is the same as in {when}."
    if claim.verdict in ("no_clear_change", "no_clear_difference"):
        return f"There is no clear change since {when}, when it was {was}."
    if claim.verdict == "similar":
        return f"It is similar to {when}, when it was {was}."
    return (
        f"In {when} the figure was {was}; no margin of error is published for the change"
        f"{pandemic(reading, before)}."
    )


def pandemic(reading: Reading, before: Value) -> str:
    """A word of warning where a third or more of the earlier period lay in the time of lockdowns."""
    when = span(before.period)
    days = (when.end - when.start).days + 1
    inside = (min(when.end, LOCKDOWNS[1]) - max(when.start, LOCKDOWNS[0])).days + 1
    return f"; {said_when(reading, before)} was marked by the pandemic" if inside * 3 >= days > 1 else ""


def said_when(reading: Reading, value: Value) -> str:
    """A value's period inside a sentence: ``the year to March 2025``."""
    said = write.period(value.period, reading.indicator.period_style)
    return f"the {said}" if said.startswith("year to") else said


def _ratio(claim: Claim) -> str:
    now, before = claim.values
    assert claim.ratios is not None and claim.comparator is not None
    then, today = (write.number(ratio, 1) for ratio in claim.ratios)
    name = with_article(claim.comparator.name)
    ratios = f"{then} in {said_when(claim.reading, before)} and {today}"
    return (
        f"With {name} as 100 it was {pinned(claim.id, ratios)} in "
        f"{said_when(claim.reading, now)} (ratios of the published figures, not tested)."
    )


def _trend(claim: Claim) -> str:
    now, before = claim.values[0], claim.values[1]
    reading = claim.reading
    over = f"{said_when(reading, before)} and {said_when(reading, now)}"
    again = (
        ", though the survey asks some of the same people again" if reading.indicator.sample_repeats else ""
    )
    if claim.verdict == "no_clear_trend":
        return f"There is no clear trend between {over}{again}."
    way = "upwards" if claim.verdict == "rising" else "downwards"
    first, last = (figure(value, reading.indicator) for value in (before, now))
    return f"Between {over} the trend is {way}, from {first} to {last}{again}."


# ------------------------------------------------------------------ rank


def ordinal(number: int) -> str:
    """``1st``, ``22nd``, ``113th``."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _end(place: Place) -> str:
    return "highest" if place.from_highest else "lowest"


def _nth(number: int, place: Place) -> str:
    """``the highest``, ``the 2nd highest``."""
    return f"the {_end(place)}" if number == 1 else f"the {ordinal(number)} {_end(place)}"


def _rank(claim: Claim) -> str:
    place = claim.place
    assert place is not None
    joint = "joint " if place.tied else ""
    nth = f"{joint}{_nth(place.rank, place).removeprefix('the ')}"
    among = f"{pinned(claim.id, f'{nth} of {place.of}')} English districts"
    if claim.verdict == "ranked":
        return f"It is the {among}."
    if claim.verdict == "ranked_unsure":
        return f"On the published values it is the {among}, precision unknown."
    if claim.verdict == "rank_set":
        between = f"{_nth(place.best, place)} and {_nth(place.worst, place)}"
        return (
            f"Among {pinned(claim.id, str(place.of))} English districts its place lies between "
            f"{pinned(claim.id, between)} (95% confidence set)."
        )
    between = f"{ordinal(place.best)} to {ordinal(place.worst)} of {place.of}"
    return f"The limits are too wide to rank districts (95% confidence set: {pinned(claim.id, between)})."


# ------------------------------------------------------------------ special shapes and nothing to say


def _composition(claim: Claim) -> str:
    shape = claim.reading.indicator.reads.kind
    if shape == "small_area_index":
        return wording.index_sentence(claim.reading, claim.id)
    if shape == "flow":
        return wording.flow_sentence(claim.reading)
    if shape == "location_quotient":
        return wording.quotient_sentence(claim.reading)
    return wording.composition_sentence(claim.reading)


def _extreme(claim: Claim) -> str:
    first, last = claim.values
    reading = claim.reading
    indicator = reading.indicator
    count = len(reading.inside.values) if reading.inside else len(reading.details)
    kind = "LSOAs" if first.level == "lsoa" else "neighbourhoods (MSOAs)"
    period = reading.period or first.period
    lead = "" if reading.inside else f"{write.period_lead(period, indicator.period_style)}, a"
    among = f"{lead or 'A'}mong the {pinned(claim.id, str(count))} {kind} of {with_article(reading.subject.name)}"
    named = "it" if reading.inside else indicator.phrase
    high, low = (
        f"{sure_figure(value, indicator)} in {value.area_name}" for value in (first, last)
    )
    if claim.verdict == "higher":
        return f"{among} {named} runs from {low} to {high}."
    if claim.verdict == "equal":
        return f"{among} {named} is everywhere the same, {figure(first, indicator)}."
    return f"{among} there is no clear difference in {named}: the published figures run from {low} to {high}."


def _none(claim: Claim) -> str:
    if claim.detail == "held-back":
        return f"For {with_article(claim.reading.place_name)} itself no figure is shown: {claim.reason}."
    return f"No change over time is stated: {claim.reason}."


# ------------------------------------------------------------------ strengths and challenges


def lane(claim: Claim) -> Said:
    """One strength or challenge: the figure, and what it is set against."""
    return Said(_lane(claim), (claim,))


def _lane(claim: Claim) -> str:
    reading = claim.reading
    indicator = reading.indicator
    value = claim.values[0]
    start = f"{indicator.title}: {sure_figure(value, indicator)} ({wording.said_period(reading)})"
    if claim.verdict == "tested":
        assert claim.gap is not None
        word = "higher" if claim.gap > 0 else "lower"
        return f"{start}: {word} than {_clear(claim)}."
    assert reading.districts is not None and value.value is not None
    better_high = indicator.polarity == "higher_is_better"
    highest = better_high == (claim.kind == "strength")
    end = "highest" if highest else "lowest"
    return f"{start}: among the {end} tenth of English districts (not tested)."
