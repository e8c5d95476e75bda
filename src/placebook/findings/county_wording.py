"""Sentences of a county's chapter, made from what the ledgers of its places hold.

Nothing is called higher or lower here unless a verdict says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placebook.catalogue.models import Indicator
from placebook.findings import formats as write
from placebook.findings import gap_wording
from placebook.findings.sentences import ordinal
from placebook.geography.names import located, with_article


@dataclass(frozen=True)
class End:
    """One end of a gap: a place's own figure."""

    place: str
    value: float
    lower: float | None = None
    upper: float | None = None
    markers: tuple[str, ...] = ()


def figure(end: End, indicator: Indicator) -> str:
    """The figure with its unit, its markers and its limits where they are published."""
    amount = write.quantity(end.value, indicator.unit, indicator.decimals, end.markers)
    if end.lower is None or end.upper is None:
        return amount
    limits = write.interval(end.lower, end.upper, indicator.unit, indicator.decimals)
    return f"{amount} (95% interval {limits})"


def size(distance: float, indicator: Indicator) -> str:
    """The size of a gap in its unit: of shares it is percentage points, never per cent."""
    if indicator.unit.startswith("per-") and not write.is_low(distance, indicator.decimals):
        return write.quantity(abs(distance), indicator.unit, indicator.decimals)
    return gap_wording.gap(indicator, distance)


def apart(indicator: Indicator, period: str, high: End, low: End, units: float | None) -> str:
    """Both ends, the gap in the unit and, where it is known, in quartile distances."""
    lead = write.period_lead(period, indicator.period_style)
    verb = "were" if indicator.plural else "was"
    beside = ""
    if units is not None:
        beside = f", {write.number(units, 1)} times the distance between the quartiles of the English districts"
    return (
        f"{lead} {indicator.phrase} {verb} {figure(high, indicator)} in {high.place} and "
        f"{figure(low, indicator)} in {low.place}: a gap of {size(high.value - low.value, indicator)}{beside}."
    )


def wider(many: int, areas: Sequence[str]) -> str:
    """What is published for wider areas alone: of which, and that it is told once."""
    stand = "is" if many == 1 else "are"
    of = write.plural(many, "measure").capitalize()
    return f"{of} {stand} published for {write.joined(areas)} alone: told here once for all places, and of no one of them."


def verdict(kind: str, high: str, low: str, limits: str, choices: int) -> str:
    """What may be said of a gap; ``limits`` is its interval, ``choices`` the pairs that it was the widest of."""
    if kind == "higher" and limits:
        chosen = f", also once it is allowed for that this is the widest of {choices} gaps" if choices > 1 else ""
        return f"It is higher in {high} than in {low} (95% interval of the gap {limits}){chosen}."
    sentences = {
        "higher": f"Both are full counts: it is higher in {high} than in {low}.",
        "equal": "As published the two are the same.",
        "gap_only": "No margin of error is published, so nothing is tested.",
        "rounded": "The publisher rounds or perturbs the counts behind it, so nothing is tested here.",
        "no_clear_difference": f"There is no clear difference between the two (95% interval of the gap {limits}).",
        "not_after_choice": (
            f"There is no clear difference between the two once it is allowed for that this is the widest of "
            f"{choices} gaps (95% interval of this gap alone {limits})."
        ),
    }
    return sentences[kind]


def by_district(place: str, district: str) -> str:
    """A place's name; a town's with the district whose neighbours are shown."""
    return place if place == district else f"{place} (by its district, {district})"


def alike(place: str, district: str, near: Sequence[tuple[str, int]], shown: int) -> str:
    """Which places of the county are among a place's nearest neighbours."""
    named = write.joined([f"{name} (rank {rank})" for name, rank in near])
    verb = "is" if len(near) == 1 else "are"
    return f"Among the {shown} nearest neighbours shown for {by_district(place, district)} {verb} {named} of this county."


def alike_none(places: Sequence[str]) -> str:
    """The places that have none of the county's among their nearest."""
    return f"None of the county’s other districts is among the nearest neighbours shown for {write.joined(list(places), 'or')}."


def mutual(pairs: Sequence[tuple[str, str]]) -> str:
    """Places of the book that are among each other's nearest."""
    if not pairs:
        return "No two places of this chapter are among each other’s nearest neighbours shown."
    named = write.joined([f"{one} and {other}" for one, other in pairs])
    return f"Among each other’s nearest neighbours shown: {named}."


# ------------------------------------------------------------------ what the places' findings come to

NAMED = 4
"""So many places are named one by one; of more the two ends."""


@dataclass(frozen=True)
class Standing:
    """A place on one measure among the English districts."""

    place: str
    amount: str
    rank: int
    of: int
    end: str
    """``highest`` or ``lowest``; of a change ``rise`` or ``fall``."""
    town: bool = False

    @property
    def words(self) -> str:
        """``the 7th highest of 294 districts``; a town is no district and stands beyond so many of them."""
        return f"{self.short} of {self.of} districts"

    @property
    def short(self) -> str:
        """The same where how many districts there are has been said."""
        if self.town:
            return f"{'higher' if self.end == 'highest' else 'lower'} than in {self.of - self.rank + 1}"
        nth = "" if self.rank == 1 else f"{ordinal(self.rank)} "
        return f"the {nth}largest {self.end}" if self.end in ("rise", "fall") else f"the {nth}{self.end}"


FORMS: dict[str, tuple[str, ...]] = {
    "headline of what is shared": ("{who}: {says}", "{measure}: {who} far {side} most"),
    "headline of a change that is shared": ("{measure}: {who} {ground}",),
    "shared": ("{measure} {was} {standings}.",),
    "shared by many": ("{measure} {was} between {first} and {last}.",),
    "a change that is shared": ("Set against England’s, {measure} {way}: {standings}.",),
    "a change that many share": ("Set against England’s, {measure} {way}: between {first} and {last}.",),
    "headline of two ends": ("{measure}: high {high}, low {low}",),
    "two ends": ("{measure} {was} {high} and {low}.",),
    "headline of who is alike": ("Most alike: {one} and {other}",),
    "who is alike": ("Their ranks lie {nearest} in a hundred apart on average, those of {one} and {other} {farthest}.",),
}
"""Every sentence of the stories; words in braces are filled in. Passing is told as on a place's page."""


def shared_headline(indicator: Indicator, end: str, same: int, of: int, noun: str) -> str:
    """What most places have in common; ``noun`` says what they are: places, districts."""
    who = f"both {noun}" if same == of == 2 else f"all {of} {noun}" if same == of else f"{same} of {of} {noun}"
    measure = _capital(_short(indicator))
    if end in ("rise", "fall"):
        return FORMS["headline of a change that is shared"][0].format(measure=measure, who=who, ground=_ground(indicator, end))
    said = (indicator.says.more if end == "highest" else indicator.says.less) if indicator.says else ""
    with_says, without = FORMS["headline of what is shared"]
    if not said:
        return without.format(measure=measure, who=who, side="above" if end == "highest" else "below")
    return with_says.format(who=_capital(who), says=f"{said[:1].lower()}{said[1:]}")


def _ground(indicator: Indicator, way: str) -> str:
    if indicator.polarity == "neither":
        return "moved up against England" if way == "rise" else "moved down against England"
    better = (way == "rise") == (indicator.polarity == "higher_is_better")
    return "gained ground on England" if better else "lost ground against England"


def shared(indicator: Indicator, standings: Sequence[Standing]) -> str:
    """Each place with its rank; of many the first and the last."""
    first, last = standings[0], standings[-1]
    change, many = first.end in ("rise", "fall"), len(standings) > NAMED
    form = {
        (False, False): "shared",
        (False, True): "shared by many",
        (True, False): "a change that is shared",
        (True, True): "a change that many share",
    }[change, many]
    one_count = len({each.of for each in standings}) == 1
    rest = [f"{each.short if one_count else each.words} {located(each.place)}" for each in standings[1:]]
    begins = f"{first.words} {located(first.place)}"
    return FORMS[form][0].format(
        measure=_short(indicator) if change else _capital(_short(indicator)),
        was=_was(indicator),
        way="rose" if first.end == "rise" else "fell",
        standings=write.joined([begins, *rest]),
        first=begins,
        last=f"{last.short} {located(last.place)}",
    )


def apart_headline(indicator: Indicator, high: str, low: str) -> str:
    """Who lies at which end."""
    form = FORMS["headline of two ends"][0]
    return form.format(measure=_capital(_short(indicator)), high=located(high), low=located(low))


def both_ends(indicator: Indicator, high: Standing, low: Standing) -> str:
    """Both figures with their ranks."""
    ends = [f"{each.amount} {located(each.place)} ({each.words})" for each in (high, low)]
    measure, was = _capital(_short(indicator)), _was(indicator)
    return FORMS["two ends"][0].format(measure=measure, was=was, high=ends[0], low=ends[1])


def alike_headline(one: str, other: str) -> str:
    """Which two places are most alike."""
    return FORMS["headline of who is alike"][0].format(one=with_article(one), other=with_article(other))


def nearest_and_farthest(near: tuple[float, str, str], far: tuple[float, str, str]) -> str:
    """How far the ranks of two pairs lie apart, in places of a hundred districts."""
    nearest, farthest = write.plural(round(near[0]), "place"), write.number(far[0], 0)
    one, other = with_article(far[1]), with_article(far[2])
    return FORMS["who is alike"][0].format(nearest=nearest, one=one, other=other, farthest=farthest)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _short(indicator: Indicator) -> str:
    return indicator.says.short if indicator.says else indicator.phrase


def _was(indicator: Indicator) -> str:
    return "were" if (indicator.says or indicator).plural else "was"


def target(what: str, amount: str, by: str) -> str:
    """A target as the plan states it."""
    return f"{what}: {amount} by {by}"


BY_DISTRICTS = (
    "Each place is set against the districts of England by the rules of its own page; nothing is tested between the places."
)
NO_HEADLINES = "No headline measure has a figure of a place of this chapter."
ONE_PLACE = "This chapter has one place, so there is nothing to set it apart from."
UNMEASURED = "Quartiles of the English districts are not held for any measure here; the first declared is shown."
TOO_FEW = (
    "no measure has figures of two places themselves for the same period, so no gap is shown. Figures of a wider area "
    "say nothing of the places in it."
)
NO_PACE = (
    "No line shows whether a target is on course: the plan’s start year and its definitions are not held, so the "
    "share that should have been reached by now is not known."
)
NOTHING_COMPARABLE = "The book holds no measure that is comparable with this target."
THEN = "named in the plan’s time: then, not today"
AS_PUBLISHED = (
    "Titles and addresses as published then. Nothing here says what the documents hold, and an address may lead nowhere today."
)
