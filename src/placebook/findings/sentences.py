"""Sentences from claims. Nothing else in the book makes a sentence that compares two numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.evidence.windows import locked_down
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.findings.claims import Claim, Place
from placebook.findings.gap_wording import agreeing, gap, interval, shown_gap
from placebook.findings.town_wording import concentration
from placebook.findings.wording import figure, pinned, sure_figure
from placebook.geography.names import located, with_article


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
    sentences = []
    level = tuple(claim for claim in claims if claim.kind == "level")
    if level:
        sentences.append(Said(_levels(level), level))
    makers = {
        "composition": _composition,
        "change": _change,
        "trend": _trend,
        "rank": _rank,
        "extreme": _extreme,
        "concentration": concentration,
        "none": _none,
    }
    sentences += [Said(makers[claim.kind](claim), (claim,)) for claim in claims if claim.kind in makers]
    return tuple(sentences)


def brief(value: Value, reading: Reading, decimals: int | None = None) -> str:
    """A comparator's figure beside the subject's: the unit's words are not said again."""
    short = write.brief_unit(reading.indicator.unit)
    decimals = reading.indicator.decimals if decimals is None else decimals
    return wording.marked(value, write.quantity(value.value, short, decimals, value.markers))


def decimals_of(claims: Sequence[Claim]) -> int:
    """The decimals of a sentence in which figures stand beside their differences."""
    shown = [c for c in claims if c.kind != "level" or c.verdict in ("higher", "lower", "gap_only")]
    pairs = [(one.value, other.value) for one, other, *_ in (c.values for c in shown if len(c.values) > 1)]
    return agreeing([(a, b) for a, b in pairs if a is not None and b is not None], claims[0].reading.indicator.decimals)


def _apart(claim: Claim, decimals: int) -> float:
    return shown_gap(claim.values[0].number, claim.values[1].number, decimals)


# ------------------------------------------------------------------ level


def _levels(claims: Sequence[Claim]) -> str:
    reading = claims[0].reading
    indicator = reading.indicator
    value, places = claims[0].values[0], decimals_of(claims)
    verb = "were" if indicator.plural else "was"
    first = (
        f"{wording.when(value, indicator)} {indicator.phrase} {wording.there(reading)} {verb} "
        f"{sure_figure(value, indicator, '95% interval ', places)}"
    )
    of = {
        verdict: [c for c in claims if c.verdict == verdict]
        for verdict in (
            "higher",
            "lower",
            "equal",
            "similar",
            "no_clear_difference",
            "gap_only",
            "too_uncertain",
            "not_possible",
        )
    }
    if indicator.uncertainty == "full_count" and not any(c.p is not None or c.verdict == "gap_only" for c in claims):
        text = f"{first}{_counted(claims, places)}."
    else:
        text = f"{first}{_stated(of['gap_only'] + of['equal'], places)}.{_tested(of, places)}"
    if of["too_uncertain"]:
        names = [f"{with_article(c.comparator.name)}" for c in of["too_uncertain"] if c.comparator]
        text += f" It is too uncertain to say whether it differs from {write.joined(names, 'or')}."
    if of["not_possible"]:
        names = [_with_value(claim, places) for claim in of["not_possible"]]
        text += f" It is not compared with {write.joined(names, 'or')}: {of['not_possible'][0].reason}."
    return text + _single(reading, value, claims[0].values) + wording.withheld(reading)


def _single(reading: Reading, value: Value, values: Sequence[Value]) -> str:
    """The newest reading and the one before, beside the mean of several."""
    if wording.readings(value) == 1:
        return ""
    parts = [f"{figure(v, reading.indicator)} in {said_when(reading, v)}" for v in values[-2:]]
    return f" It was {write.joined(parts)}."


def _with_value(claim: Claim, places: int) -> str:
    assert claim.comparator is not None
    return f"{with_article(claim.comparator.name)} ({brief(claim.values[1], claim.reading, places)})"


def _there(claim: Claim, places: int) -> str:
    """The comparator with its figure and its preposition: ``in England (4.2%)``."""
    assert claim.comparator is not None
    return f"{located(claim.comparator.name)} ({brief(claim.values[1], claim.reading, places)})"


def _counted(claims: Sequence[Claim], places: int) -> str:
    """Full counts: the difference is what it is."""
    parts: list[str] = []
    for claim in claims:
        if claim.verdict in ("higher", "lower"):
            size = gap(claim.reading.indicator, _apart(claim, places), claim.values[1].value, not parts, places)
            parts.append(f"{pinned(claim.id, size)} {claim.verdict} than {_there(claim, places)}")
    same = [located(c.comparator.name) for c in claims if c.verdict == "equal" and c.comparator]
    if same:
        parts.append(f"the same as {write.joined(same)}")
    near = [_with_value(c, places) for c in claims if c.verdict == "no_clear_difference"]
    if near:
        parts.append(f"not clearly different from {write.joined(near, 'or')}")
    return f", {write.joined(parts)}" if parts else ""


def _stated(claims: Sequence[Claim], places: int) -> str:
    """Estimates without limits: the other figure and the size of the gap, no verdict."""
    parts: list[str] = []
    for claim in claims:
        assert claim.comparator is not None
        other = claim.values[1]
        size = gap(claim.reading.indicator, _apart(claim, places), other.value, not parts, places)
        apart = size.replace(" (", " or ").replace("%)", "%")
        verdict = "the same" if claim.verdict == "equal" else f"a gap of {pinned(claim.id, apart)}"
        parts.append(f"{brief(other, claim.reading, places)} {located(claim.comparator.name)} ({verdict})")
    return f", against {write.joined(parts)}, on the published figures" if parts else ""


def _tested(of: dict[str, list[Claim]], places: int) -> str:
    text = ""
    for verdict in ("higher", "lower"):
        if of[verdict]:
            parts = [_clear(claim, places, unit=not at) for at, claim in enumerate(of[verdict])]
            text += f" That is {verdict} than {write.joined(parts)}."
    if of["similar"]:
        reading = of["similar"][0].reading
        margin = gap(reading.indicator, reading.indicator.similar_within or 0)
        names = [_with_value(claim, places) for claim in of["similar"]]
        text += f" It is similar to {write.joined(names)}: the difference lies within {pinned(of['similar'][0].id, margin)}."
    if of["no_clear_difference"]:
        names = [_with_value(claim, places) for claim in of["no_clear_difference"]]
        text += f" There is no clear difference from {write.joined(names, 'or')}."
    return text


def _clear(claim: Claim, places: int, unit: bool = True) -> str:
    assert claim.comparator is not None and claim.lower is not None and claim.upper is not None
    # The interval of the size: for a lower figure its two ends change places.
    low, high = sorted((abs(claim.lower), abs(claim.upper)))
    size = gap(claim.reading.indicator, _apart(claim, places), unit=unit, decimals=places)
    sure = f"{size} (95% interval {interval(claim.reading.indicator, low, high, places)})"
    return f"{_there(claim, places)} by {pinned(claim.id, sure)}"


# ------------------------------------------------------------------ change and trend


def _change(claim: Claim) -> str:
    reading = claim.reading
    if claim.ratios is not None:
        return _ratio(claim)
    now, before = claim.values[:2]
    indicator, when, places = reading.indicator, said_when(reading, before), decimals_of([claim])
    was = figure(before, indicator, places)
    if claim.verdict in ("rose", "fell"):
        has = "risen" if claim.verdict == "rose" else "fallen"
        size = gap(indicator, _apart(claim, places), before.value, decimals=places)
        sure = ""
        if claim.lower is not None and claim.upper is not None:
            low, high = sorted((abs(claim.lower), abs(claim.upper)))
            sure = f" (95% interval {interval(indicator, low, high, places)})"
        return (
            f"Since {when}, when it was {was}, it has {has} by {pinned(claim.id, size + sure)} to "
            f"{figure(now, indicator, places)}{_beside(claim)}{pandemic(reading, before)}."
        )
    was = figure(before, indicator)
    if claim.verdict == "equal":
        return f"It is the same as in {when}."
    if claim.verdict in ("no_clear_change", "no_clear_difference"):
        return f"There is no clear change since {when}, when it was {was}."
    if claim.verdict == "similar":
        return f"It is similar to {when}, when it was {was}."
    return f"In {when} the published figure was {was}{_beside(claim)}{pandemic(reading, before)}."


def _beside(claim: Claim) -> str:
    """How England, or the region, changed over the same periods."""
    if claim.england is None:
        return ""
    now, before = claim.england
    indicator = claim.reading.indicator
    return f"; {located(now.area_name)} it went from {figure(before, indicator)} to {figure(now, indicator)}"


def pandemic(reading: Reading, before: Value) -> str:
    """A word of warning where a third or more of the earlier period lay in the time of lockdowns."""
    return f"; {said_when(reading, before)} was marked by the pandemic" if locked_down(before.period) else ""


def said_when(reading: Reading, value: Value) -> str:
    """A value's period inside a sentence: ``the year to March 2025``."""
    period = write.period(value.period, reading.indicator.period_style)
    return f"the {period}" if period.startswith("year to") else period


RATIO_VERDICTS = {"rose": "it has risen", "fell": "it has fallen", "similar": "that is similar"}


def _ratio(claim: Claim) -> str:
    now, before = claim.values[:2]
    assert claim.ratios is not None and claim.comparator is not None
    then, today = (write.number(ratio, 1) for ratio in claim.ratios)
    name = with_article(claim.comparator.name)
    ratios = f"{then} in {said_when(claim.reading, before)} and {today}"
    start = f"With {name} as 100 it was {pinned(claim.id, ratios)} in {said_when(claim.reading, now)}"
    if claim.lower is None or claim.upper is None:
        return f"{start} (ratios of the published figures, not tested)."
    sure = f"95% interval of the change {write.number(claim.lower, 1)} to {write.number(claim.upper, 1)}"
    verdict = RATIO_VERDICTS.get(claim.verdict, "there is no clear change")
    early, late = (wording.COUNTED[wording.readings(value)] for value in (before, now))
    return f"{start}, means of {early} and {late} readings: {verdict} ({pinned(claim.id, sure)})."


def _trend(claim: Claim) -> str:
    now, before = claim.values[0], claim.values[1]
    reading = claim.reading
    over = f"{said_when(reading, before)} and {said_when(reading, now)}"
    again = ", though the survey asks some of the same people again" if reading.indicator.sample_repeats else ""
    if claim.verdict == "no_clear_trend":
        return f"There is no clear trend between {over}{again}."
    way = "upwards" if claim.verdict == "rising" else "downwards"
    first, last = (figure(value, reading.indicator) for value in (before, now))
    return f"Between {over} the trend is {way}, from {first} to {last}{again}{_beside(claim)}."


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


def _why_moved(claim: Claim) -> str:
    return "changes counts a little to protect people" if claim.reading.source.perturbation else "rounds"


def _rank(claim: Claim) -> str:
    place = claim.place
    assert place is not None
    joint = "joint " if place.tied else ""
    nth = f"{joint}{_nth(place.rank, place).removeprefix('the ')}"
    among = f"{pinned(claim.id, f'{nth} of {place.of}')} English districts"
    if claim.verdict == "ranked":
        return f"It is the {among}."
    if claim.verdict == "ranked_unsure":
        return f"On the published figures it was the {among}."
    if claim.verdict == "rank_range":
        between = f"{_nth(place.best, place)} and {_nth(place.worst, place)}"
        return (
            f"Among {pinned(claim.id, str(place.of))} English districts its place lies between "
            f"{pinned(claim.id, between)}: more is not known, because the publisher {_why_moved(claim)}."
        )
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
    high, low = (f"{sure_figure(value, indicator)} in {value.area_name}" for value in (first, last))
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
    places = decimals_of([claim]) if claim.verdict == "tested" else indicator.decimals
    start = f"{indicator.title}: {sure_figure(value, indicator, decimals=places)} ({wording.said_when(value, indicator)})"
    if claim.verdict == "tested":
        assert claim.gap is not None
        word = "higher" if claim.gap > 0 else "lower"
        return f"{start}: {word} than {_clear(claim, places)}.{_single(reading, value, claim.values)}"
    better_high = indicator.polarity == "higher_is_better"
    highest = better_high == (claim.kind == "strength")
    end = "highest" if highest else "lowest"
    return f"{start}: among the {end} tenth of English districts (not tested)."
