"""Headline, sentence and small print of a finding (R11): plain words, one pair of numbers, one rank.

Deterministic, with a memory: the forms of a kind are used one after the other, so that a page does not say everything alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from placebook.catalogue.aggregations import Share
from placebook.catalogue.models import Indicator
from placebook.catalogue.relations import Pair, Product, Relation
from placebook.evidence.reading import Reading
from placebook.evidence.values import Value
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.findings.candidates import Candidate
from placebook.findings.level_candidates import RATIOS
from placebook.findings.sentences import ordinal
from placebook.geography.names import located, with_article

LEVELS = (
    "{short} {was} {own}, against {england} in England: {rank} of {of} districts.",
    "At {own}, beside {england} in England, {short} {was} {rank} of {of} districts.",
    "England had {england}; here {short} {was} {own}, {rank} of {of} districts.",
)
ALONE = ("{short} {was} {own}: {rank} of {of} districts.",)
TOWNS = (
    "{short} {was} {own}, against {england} in England: {beyond} than in {than} of {of} districts.",
    "At {own}, beside {england} in England, {short} {was} {beyond} than in {than} of {of} districts.",
)
TOWNS_ALONE = ("{short} {was} {own}, {beyond} than in {than} of {of} districts.",)
WORDS_OF = {"years": "years", "minutes": "minutes"}
"""What a difference from England's is of, where it is not of points."""
LEVEL = 0.3
"""Points from England's that a headline does not count."""
CHANGES = (
    "With England as 100, {short} {was} {before} in {then} and {now} in {today}: {rank} {way} of {of} districts.",
    "From {then} to {today} {short} went from {before} to {now}, England being 100: {rank} {way} of {of} districts.",
)
POINTS = (
    "{short} {was} {before} in {then} and {now} in {today}; in England {england_before} and {england_now}: "
    "{rank} {way} of {of} districts.",
)
SPREADS = (
    "{short} ran from {low} in {lowest} to {high} in {highest}; in {more} of {of} districts neighbourhoods differ more.",
    "Between {lowest} and {highest} {short} ran from {low} to {high}; {more} of {of} districts differ more.",
)
PAIRS = ("{one} {was} {own} (England {england}), {other} {beside} (England {beside_england}).",)
PASSINGS = (
    "{short} went from {before} in {then} to {now} in {today}; {away} from {other_before} to {other_now}.",
    "In {then} {short} {was} {before} ({other_before} {away}), in {today} {now} ({other_now}).",
)
PRODUCTS = ("With England as 100, {whole} was {index}: {parts}.",)
FORMS = {
    "level": LEVELS,
    "level without England": ALONE,
    "level of a town": TOWNS,
    "level of a town without England": TOWNS_ALONE,
    "change of a ratio": CHANGES,
    "change in points": POINTS,
    "inside": SPREADS,
    "pair": PAIRS,
    "product": PRODUCTS,
    "passing": PASSINGS,
}
"""Every form of a sentence, for the page of the documentation that lists them."""


@dataclass(frozen=True)
class Told:
    """A finding in words."""

    headline: str
    sentence: str
    small: tuple[str, ...]
    """What a reader must know beside it, line by line."""
    plural: bool = False
    """Whether its measure takes a verb of many."""

    @property
    def clause(self) -> str:
        """The headline inside a sentence."""
        words = f"{self.headline[:1].lower()}{self.headline[1:]}"
        if ": once " not in words:
            return words
        return words.replace(": once ", ", once ", 1).replace(", now ", f", {'are' if self.plural else 'is'} now ", 1)


class Teller:
    """Puts the findings of one page into words, one after the other."""

    def __init__(self, readings: Mapping[str, Reading], relations: Mapping[str, Relation]):
        self.readings = readings
        self.relations = relations
        self._used: Counter[str] = Counter()

    def tell(self, candidate: Candidate) -> Told:
        """The words of a finding; the forms move on with every call."""
        makers = {
            "level": self._level,
            "change": self._change,
            "inside": self._inside,
            "relation": self._relation,
            "passing": self._passing,
        }
        told = makers[candidate.type](candidate)
        if candidate.wider:
            return replace(told, headline=f"{candidate.subject}: {told.headline[:1].lower()}{told.headline[1:]}")
        return told

    def _form(self, name: str) -> str:
        forms = FORMS[name]
        self._used[name] += 1
        return forms[(self._used[name] - 1) % len(forms)]

    # ------------------------------------------------------------ kinds

    def _level(self, candidate: Candidate) -> Told:
        reading = self.readings[candidate.indicators[0]]
        indicator, own = reading.indicator, candidate.values[0]
        ranked, england = candidate.rules["R2"], candidate.rules.get("R7")
        form = "" if reading.subject.level == "town" else self._form("level" if england else "level without England")
        words = {
            "short": _short(indicator),
            "was": _was(indicator),
            "own": wording.amount(own, indicator),
            "england": wording.amount(candidate.values[1], indicator) if england else "",
            "rank": _rank(ranked),
            "of": ranked["of"],
        }
        if reading.subject.level == "town":
            form = self._form("level of a town" if england else "level of a town without England")
            beyond = "higher" if ranked["end"] == "highest" else "lower"
            words |= {"beyond": beyond, "than": int(ranked["of"] or 0) - int(ranked["rank"] or 0) + 1}
        higher = ranked["end"] == "highest"
        shown = candidate.values[2 if england else 1 :]
        small = [_when(own, indicator), *_newest(shown, indicator)]
        if "R5" in candidate.rules:
            small.append("tested")
        return Told(_headline(indicator, higher, england is not None), _sentence(form.format(**words)), tuple(small))

    def _change(self, candidate: Candidate) -> Told:
        reading = self.readings[candidate.indicators[0]]
        indicator, (now, before, england_now, england_before) = reading.indicator, candidate.values
        moved, ranked = candidate.rules["R7"], candidate.rules["R11"]
        rose = float(moved["to"] or 0) > float(moved["from"] or 0)
        largest = "largest" if ranked["rank"] == 1 else f"{ordinal(int(ranked['rank'] or 0))} largest"
        words = {
            "short": _short(indicator),
            "was": _was(indicator),
            "then": write.period(before.period, indicator.period_style),
            "today": write.period(now.period, indicator.period_style),
            "before": write.number(float(moved["from"] or 0), 1),
            "now": write.number(float(moved["to"] or 0), 1),
            "rank": f"the {largest}",
            "way": "rise against England" if rose else "fall against England",
            "of": ranked["of"],
        }
        if indicator.unit in RATIOS:
            form = self._form("change of a ratio")
            if " to " in str(words["then"]):  # from 2017 to 2019 to 2022 to 2024: nobody could say which is which
                form = CHANGES[0]
            small = [
                f"{wording.amount(now, indicator)} in {words['today']}; England {wording.amount(england_now, indicator)}",
            ]
        else:
            form = self._form("change in points")
            names = ("before", "now", "england_before", "england_now")
            ends = (before, now, england_before, england_now)
            words |= {name: wording.amount(value, indicator) for name, value in zip(names, ends, strict=True)}
            small = [_when(now, indicator)]
        then, today = (_apart(indicator, float(moved[end] or 0)) for end in ("from", "to"))
        headline = f"{_capital(_short(indicator))}: once {then} England’s, now {today.removesuffix(' with')}"
        if candidate.asks_local:
            way = "rise" if rose else "fall"
            first, _, last = candidate.asks_local.partition(" to ")
            small.append(f"half of the {way} came between {first} and {last}: those who know the place can say why")
        return Told(headline, _sentence(form.format(**words)), tuple(small), plural=_was(indicator) == "were")

    def _passing(self, candidate: Candidate) -> Told:
        indicator, (now, before, other_now, _) = self.readings[candidate.indicators[0]].indicator, candidate.values
        names = ("now", "before", "other_now", "other_before")
        words = {name: wording.amount(value, indicator) for name, value in zip(names, candidate.values, strict=True)}
        words |= {
            "short": _short(indicator),
            "was": _was(indicator),
            "then": write.period(before.period, indicator.period_style),
            "today": write.period(now.period, indicator.period_style),
            "away": located(other_now.area_name),
        }
        above = float(candidate.rules["passing"]["now"] or 0) > 0
        then, today = ("below", "above") if above else ("above", "below")
        own, other = with_article(candidate.subject), with_article(other_now.area_name)
        headline = f"{_capital(_short(indicator))}: {own} once {then} {other}, now {today}"
        many = write.plural(int(candidate.rules["passing"]["passed"] or 1), "district")
        small = (f"now {today} {many} of the county that it was {then}",)
        return Told(headline, _sentence(self._form("passing").format(**words)), small)

    def _inside(self, candidate: Candidate) -> Told:
        reading = self.readings[candidate.indicators[0]]
        indicator, place = reading.indicator, with_article(reading.subject.name)
        if candidate.detail == "spread":
            highest, lowest = candidate.values[:2]
            words = {
                "short": _short(indicator),
                "low": wording.amount(lowest, indicator),
                "high": wording.amount(highest, indicator),
                "lowest": lowest.area_name,
                "highest": highest.area_name,
                "more": _few(int(candidate.rules["R2"]["rank"] or 1) - 1),
                "of": candidate.rules["R2"]["of"],
            }
            differ = "differ" if (indicator.says or indicator).plural else "differs"
            headline = f"{_capital(_short(indicator))} {differ} widely between neighbourhoods"
            return Told(headline, _sentence(self._form("inside").format(**words)), (_when(highest, indicator),))
        if reading.around:
            most = len(candidate.values)
            here = sum(value.area in reading.subject.members for value in candidate.values)
            many = f"{here} of the {most} most deprived areas" if here < most else f"All {most} most deprived areas"
            small = (f"Index of Multiple Deprivation, {write.period(candidate.values[0].period, 'edition')}",)
            headline = f"{many} of the district are here"
            areas = f"{len(reading.subject.members)} of the {len(reading.around)} small areas of {reading.within}"
            return Told(headline, f"{_capital(place)} has {areas}, and {here} of the {most} most deprived.", small)
        reads = indicator.reads
        assert isinstance(reads, Share)
        whole, those = (float(candidate.rules["R2"][name] or 0) for name in ("share of all", "share of these"))
        places = int(min(whole, those) < 10)
        sentence = (
            f"{_capital(place)} has {write.number(whole, places)}% of the {reads.denominator.noun} in {reading.within} and "
            f"{write.number(those, places)}% of the {reads.numerator.noun}."
        )
        headline = f"{write.number(those, places)}% of the district’s {reads.numerator.noun} are here"
        small = (f"{wording.amount(candidate.values[0], indicator)}, {_when(candidate.values[0], indicator)}",)
        return Told(headline, sentence, small)

    def _relation(self, candidate: Candidate) -> Told:
        relation = self.relations[candidate.detail]
        rules = candidate.rules["R9"]
        if isinstance(relation, Pair):
            one, other = (self.readings[name].indicator for name in (relation.first, relation.second))
            own, england, beside, beside_england = candidate.values[:4]
            words = {
                "one": _short(one),
                "was": _was(one),
                "own": wording.amount(own, one),
                "england": wording.amount(england, one),
                "other": _short(other),
                "beside": wording.amount(beside, other),
                "beside_england": wording.amount(beside_england, other),
            }
            far = f"{_few(int(rules['rank'] or 1) - 1)} of {rules['of']} districts lie further apart"
            when = _when(own, one) if own.period == beside.period else f"{_when(own, one)} and {_when(beside, other)}"
            headline = relation.says.more if candidate.z > 0 else relation.says.less
            return Told(headline, _sentence(self._form("pair").format(**words)), (when, far))
        return self._product(candidate, relation)

    def _product(self, candidate: Candidate, relation: Product) -> Told:
        rules = candidate.rules["R9"]
        whole = self.readings[relation.whole].indicator
        part = next(part for part in relation.parts if part.name == rules["part"])
        parts = [f"{each.name} {write.number(float(rules[each.name] or 0), 0)}" for each in relation.parts]
        sentence = self._form("product").format(
            whole=_short(whole), index=write.number(float(rules["whole"] or 0), 0), parts=write.joined(parts)
        )
        small = (_when(candidate.values[0], whole), "the parts are implied by published figures, some of them smoothed")
        return Told(part.says.more if candidate.z > 0 else part.says.less, _sentence(sentence), small)


# ------------------------------------------------------------------ words


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _sentence(text: str) -> str:
    return _capital(text)


def _short(indicator: Indicator) -> str:
    return indicator.says.short if indicator.says else indicator.phrase


def _was(indicator: Indicator) -> str:
    return "were" if (indicator.says or indicator).plural else "was"


def _headline(indicator: Indicator, higher: bool, beside_england: bool) -> str:
    if indicator.says is None:
        return f"{indicator.title}: far {'above' if higher else 'below'} most districts"
    said = indicator.says.more if higher else indicator.says.less
    return said if beside_england else said.replace("than in England", "than in most districts")


def _rank(ranked: Mapping[str, float | str | None]) -> str:
    rank, end = int(ranked["rank"] or 0), ranked["end"]
    joint = "joint " if ranked["tied"] == "true" else ""
    return f"the {joint}{end}" if rank == 1 else f"the {joint}{ordinal(rank)} {end}"


def _when(value: Value, indicator: Indicator) -> str:
    return wording.said_when(value, indicator)


def _newest(shown: Sequence[Value], indicator: Indicator) -> list[str]:
    """R5: the newest reading and the one before, beside a mean."""
    if not shown:
        return []
    parts = [f"{wording.amount(v, indicator)} in {write.period(v.period, indicator.period_style)}" for v in shown]
    return [f"newest {write.joined(parts)}"]


def _apart(indicator: Indicator, index: float) -> str:
    """Where a figure lies beside England's, in words: ``10% below``, ``2.4 times``, ``3.1 points above``."""
    if indicator.unit not in RATIOS:
        size = write.number(abs(index), 1)
        unit = WORDS_OF.get(indicator.unit, "points")
        return "level with" if abs(index) < LEVEL else f"{size} {unit} {'above' if index > 0 else 'below'}"
    if index >= 200:
        return f"{write.number(index / 100, 1)} times"
    size = write.number(abs(index - 100), 0)
    return "level with" if size == "0" else f"{size}% {'above' if index > 100 else 'below'}"


def _few(number: int) -> str:
    return "none" if number == 0 else str(number)
