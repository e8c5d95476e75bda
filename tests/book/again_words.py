"""What a sentence and a row of tests must say: every number accounted for, and none at the wrong area.

Nothing here imports the package. The wording may change as long as figures stand beside the right names.
"""

from __future__ import annotations

import re
from typing import Any

from again import Book, Point, Subject, days, half_up
from again_claims import Claim

NUMBER = re.compile(r"(−?)£?(\d[\d,]*(?:\.\d+)?)")
CONSTANTS = (
    "95% interval",
    "95% confidence set",
    "location quotient of 1 ",
    "as 100 ",
    "per 100,000",
    "per 10,000",
    "per 1,000",
    "ITL level 2",
    "ITL level 3",
)
FROM_ZERO = {
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
SIDES = {
    "higher": "higher than in",
    "lower": "lower than in",
    "no_clear_difference": "no clear difference|not clearly",
    "similar": "is similar to",
    "too_uncertain": "too uncertain to say",
    "not_possible": "not compared with",
}
COUNTED = {2: "two", 3: "three", 4: "four", 5: "five"}
WORDS = r"(?: per [\d,]+| [A-Za-z₂ ]+?)?(?: \[\w+\])*"
"""After a number: its unit in words, its markers."""
MARKERS = {"c": "confidential", "u": "unreliable", "x": "not available", "z": "not applicable"}


def digits(value: float, decimals: int) -> str:
    """``-1,234.5``: rounded half up, thousands separated, a true minus sign, none before zero."""
    exact = half_up(value, decimals)
    return f"{'−' if exact < 0 else ''}{abs(exact):,.{decimals}f}"


def ordinal(number: int) -> str:
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number // 10 % 10 == 1 else last}"


def said(period: str, style: str = "auto") -> str:
    """A period in words."""
    first, months, last = days(period)
    if style == "edition":
        return f"{first.year} edition"
    if not months:
        by_style = {"year": "%Y", "month": "%B %Y"}
        return f"{first.day} {first:%B %Y}" if style not in by_style else first.strftime(by_style[style])
    if months == 12 and (style == "year" or (first.month, first.day) == (1, 1)):
        return str(first.year)
    if months == 1:
        return f"{first:%B %Y}"
    if first.day == 1 and first.month == 1 and months % 12 == 0:
        return f"{first.year} to {last.year}"
    if months == 12:
        return f"{first.year}/{last:%y}" if first.month in (4, 8, 9) else f"year to {last:%B %Y}"
    return f"{first:%B %Y} to {last:%B %Y}"


def reason(claim: Claim) -> str:
    """Why nothing may be claimed, the period in words."""
    period, style = claim.more.get("period", ""), claim.indicator.get("period_style", "auto")
    return claim.reason.replace("PERIOD", said(period, style)) if period else claim.reason


class Sentence:
    """Literals that hold no figure, the numbers allowed beside them, and what must stand there."""

    def __init__(self, book: Book, claims: list[Claim], entry: dict[str, Any]):
        self.book, self.claims, self.first = book, claims, claims[0]
        self.indicator = self.first.indicator
        self.decimals, self.unit = self.indicator["decimals"], self.indicator["unit"]
        self.style = self.indicator.get("period_style", "auto")
        self.decimals = self.agreeing()
        self.rank, self.verdict = entry["rank"], entry["verdict"]  # a simulated set: agreed with before, within its slack
        self.allowed: set[str] = set()
        self.literals = [self.indicator["phrase"], self.indicator["title"], *CONSTANTS]
        self.must: list[str] = []
        for claim in claims:
            names = [claim.subject.name, *([claim.beside.name] if claim.beside else [])]
            self.literals += names + [p.label for p in claim.values if p.label]
            getattr(self, f"_{claim.kind}", self._unknown)(claim)

    def agreeing(self) -> int:
        """One decimal more than usual where a difference would not be that of the two figures as they are written."""
        for claim in self.claims:
            level = claim.kind != "level" or claim.verdict in ("higher", "lower", "gap_only")
            changed = claim.kind != "change" or claim.verdict in ("rose", "fell")
            lane = claim.kind not in ("strength", "challenge") or claim.verdict == "tested"
            if (
                claim.kind in ("level", "change", "strength", "challenge")
                and level
                and changed
                and lane
                and len(claim.values) > 1
            ):
                one, other = (half_up(p.value, self.decimals) for p in claim.values[:2])
                if abs(one - other) != half_up(abs(claim.values[0].value - claim.values[1].value), self.decimals):
                    return min(self.decimals + 1, max(self.decimals, 2))
        return self.decimals

    # ------------------------------------------------------------ pieces

    def n(self, value: float, decimals: int | None = None) -> str:
        """The number as printed, now allowed."""
        text = digits(value, self.decimals if decimals is None else decimals)
        self.allowed.add(text)
        return text

    def amount(self, value: float) -> str:
        """As a pattern: the number with its pounds or per cent, or ``[low]``."""
        text = self.n(value)
        if value and not half_up(value, self.decimals):
            return r"\[low\]"
        money, sign = ("£" if self.unit.startswith("pounds") else ""), "−" if text.startswith("−") else ""
        return rf"{sign}{money}{text.lstrip('−')}{'%' if self.unit == 'percent' else ''}(?![\d]|[.,]\d)"

    def size(self, claim: Claim, other: float | None) -> str:
        """The size of a difference, with its percentage only where the unit starts at nothing."""
        exact = abs(claim.values[0].value - claim.values[1].value)
        one, other_ = (half_up(p.value, self.decimals) for p in claim.values[:2])
        gap = abs(float(one - other_)) or exact  # as the two are written
        low = gap and not half_up(gap, self.decimals)
        text = ("less than " if low else "") + self.amount(10**-self.decimals if low else gap).replace("%", "")
        share = 100 * gap / other if other and other > 0 and self.unit in FROM_ZERO else 0
        if share >= 0.05:
            self.n(share, 0 if share >= 10 else 1)
        return text

    def interval(self, claim: Claim) -> str:
        if "lower" not in claim.numbers:
            return ""
        low, high = sorted(abs(claim.numbers[end]) for end in ("lower", "upper"))
        money = "£" if self.unit.startswith("pounds") else ""
        return rf"{WORDS}(?: \([\d.,]+%\))? \(95% interval {money}{self.n(low)} to {money}{self.n(high)}\)"

    def when(self, period: str) -> str:
        words = said(period, self.style)
        self.literals.append(words)
        return re.escape(words)

    def own(self, point: Point) -> str:
        found = self.amount(point.value)
        if point.limited and half_up(point.lower, self.decimals) == half_up(point.upper, self.decimals):
            found += rf"{WORDS} \(the limits both round to {self.amount(point.lower)}"
        elif point.limited:
            ends = f"{self.amount(point.lower)}{WORDS} to {self.amount(point.upper)}{WORDS}"
            found += rf"{WORDS} \((?:95% interval )?{ends}\)"
        return found

    def where(self, subject: Subject) -> str:
        level = r" \((?:district|county|region|country|ITL level \d area)\)" if subject.badge == "wider" else ""
        return re.escape(subject.name) + level

    def small_name(self, code: str) -> str:
        area = self.book.area.get(code)
        if area is None:
            return re.escape(code)
        known = self.book.area.get(area["msoa"], {}).get("known_as", "")
        name = area["known_as"] or area["name"] if area["level"] == "msoa" else area["name"]
        name += f" ({known})" if area["level"] == "lsoa" and known and known != name else ""
        self.literals.append(name)
        return re.escape(name)

    # ------------------------------------------------------------ kinds

    def _unknown(self, claim: Claim) -> None:
        raise AssertionError(f"no second route for claims of kind {claim.kind}: add it here")

    def taken(self, value: Point) -> str:
        """How many readings a figure is made from, in brackets after its period."""
        many = len(value.readings)
        if many < 2:
            return ""
        words = f"{COUNTED[many]} years together" if value.below else f"mean of {COUNTED[many]} readings"
        return rf"(?: \(|, ){words}\)"

    def single(self, value: Point) -> None:
        """The newest reading and the one before stand beside a mean, with the usual decimals."""
        if len(value.readings) < 2:
            return
        usual, self.decimals = self.decimals, self.indicator["decimals"]
        texts = [rf"{self.amount(p.value)}{WORDS} in (?:the )?{self.when(p.period)}" for p in value.readings[:-3:-1]]
        self.decimals = usual
        self.must.append(rf" It was {' and '.join(texts)}\.")

    def _level(self, claim: Claim) -> None:
        value, verdict = claim.values[0], claim.verdict
        taken = self.taken(value)
        self.must.append(rf"{self.when(value.period)}\b{taken}.*{self.where(claim.subject)} (?:was|were) {self.own(value)}")
        self.single(value)
        for period in claim.more.get("withheld", ()):
            self.must.append(f"No figure for {self.when(period)} is shown")
        if verdict == "stated":
            return
        assert claim.beside is not None
        other = claim.values[1]
        name, shown = f"(?:the )?{re.escape(claim.beside.name)}", self.amount(other.value)
        if verdict == "too_uncertain":
            self.must.append(rf"{SIDES[verdict]}[^.]*\b{name}")
        elif verdict == "not_possible":
            self.literals.append(claim.reason)
            self.must.append(rf"not compared with [^:]*{name} \({shown}[^:]*: {re.escape(claim.reason)}\.")
        elif verdict == "equal":
            exact = rf"the same as in [^.]*{name}|{shown}[^()\d]* in {name} \(the same\)"
            self.must.append(exact)
        elif verdict == "gap_only":
            self.must.append(rf"{shown}[^()\d]* in {name} \(a gap of {self.size(claim, other.value)}.*on the published figures")
        elif verdict in ("higher", "lower") and "p" not in claim.numbers:
            text = self.size(claim, other.value)
            self.must.append(rf"{text}[^\d]*(?:\([\d.,]+%\) )?{verdict} than in {name} \({shown}")
        elif verdict in ("higher", "lower"):
            self.must.append(rf"{name} \({shown}[^()]*\) by {self.size(claim, None)}{self.interval(claim)}")
        else:
            self.must.append(rf"\b{name} \({shown}")
        if margin := self.indicator.get("similar_within"):
            self.n(margin)

    def side(self, claim: Claim, text: str) -> bool:
        """Whether the last verdict said before the comparator's name is the claim's own."""
        if claim.kind != "level" or not claim.beside or claim.verdict not in SIDES:
            return True
        start = re.search(r" (?:was|were) ", text)
        found = re.search(rf"(?:in|from|to|with|or|and|,) (?:the )?{re.escape(claim.beside.name)}\b", text[start.end() :])
        if not found:
            return False
        before = text[start.end() :][: found.end()]
        last = {verdict: max((m.start() for m in re.finditer(words, before)), default=-1) for verdict, words in SIDES.items()}
        return max(last, key=lambda verdict: last[verdict]) == claim.verdict

    def _change(self, claim: Claim) -> None:
        now, before = claim.values[:2]
        then = rf"(?:the )?{self.when(before.period)}"
        if claim.ratios:
            first, last = (self.n(ratio, 1) for ratio in claim.ratios)
            name = re.escape(claim.beside.name)
            tested = claim.verdict != "gap_only"
            self.must.append(rf"{name} as 100 it was {first} in {then} and {last} in (?:the )?{self.when(now.period)}")
            if tested:
                words = {"rose": "it has risen", "fell": "it has fallen"}.get(claim.verdict, "there is no clear change")
                ends = " to ".join(self.n(claim.numbers[end], 1) for end in ("lower", "upper"))
                many = [COUNTED[len(p.readings)] for p in (before, now)]
                self.must.append(
                    rf"means of {many[0]} and {many[1]} readings: {words} \(95% interval of the change {ends}\)\.$"
                )
            return
        was, by = self.amount(before.value), self.size(claim, before.value)
        to = rf".* to {self.amount(now.value)}"
        if claim.verdict in ("rose", "fell", "gap_only"):
            self.beside(claim)
        self.must.append(
            {
                "rose": rf"Since {then}, when it was {was}.*has risen by {by}{self.interval(claim)}{to}",
                "fell": rf"Since {then}, when it was {was}.*has fallen by {by}{self.interval(claim)}{to}",
                "equal": rf"the same as in {then}",
                "similar": rf"similar to {then}, when it was {was}",
                "no_clear_change": rf"no clear change since {then}, when it was {was}",
                "no_clear_difference": rf"no clear change since {then}, when it was {was}",
                "gap_only": rf"In {then} the published figure was {was}",
            }[claim.verdict]
        )

    def beside(self, claim: Claim) -> None:
        """England's, or the region's, figures over the same periods."""
        if not claim.england:
            self.must.append("^(?!.* it went from )")
            return
        usual, self.decimals = self.decimals, self.indicator["decimals"]
        last, first = (self.amount(p.value) for p in claim.england)
        self.decimals = usual
        name = re.escape(self.book.area[claim.england[0].area]["name"])
        self.literals.append(self.book.area[claim.england[0].area]["name"])
        self.must.append(rf"; in (?:the )?{name} it went from {first}{WORDS} to {last}")

    def _trend(self, claim: Claim) -> None:
        now, before = claim.values[:2]
        over = rf"between (?:the )?{self.when(before.period)} and (?:the )?{self.when(now.period)}"
        way = {"rising": "upwards", "falling": "downwards"}.get(claim.verdict)
        ends = rf", from {self.amount(before.value)}{WORDS} to {self.amount(now.value)}" if way else ""
        self.must.append(rf"(?i){over}.*trend is {way}{ends}" if way else rf"(?i)no clear trend {over}")
        again = "asks some of the same people again"
        if way:
            self.beside(claim)
        self.must.append(again if self.indicator.get("sample_repeats") else rf"^(?!.*{again})")

    def _rank(self, claim: Claim) -> None:
        rank, end = self.rank, "highest" if self.rank["from_highest"] else "lowest"
        self.n(rank["of"], 0)
        for number in ("rank", "best", "worst"):
            self.n(rank[number], 0)

        def nth(number: int) -> str:
            return end if number == 1 else f"{ordinal(number)} {end}"

        joint, among = "joint " if rank["tied"] else "", f"of {rank['of']} English districts"
        self.must.append(
            {
                "ranked": rf"^It is the {joint}{nth(rank['rank'])} {among}\.$",
                "ranked_unsure": rf"^On the published figures it was the {joint}{nth(rank['rank'])} {among}\.$",
                "rank_range": rf"{among[3:]} .*between the {nth(rank['best'])} and the {nth(rank['worst'])}: more is not known",
                "rank_set": rf"{among[3:]} .*between the {nth(rank['best'])} and the {nth(rank['worst'])} \(95% conf",
                "not_rankable": rf"{ordinal(rank['best'])} to {ordinal(rank['worst'])} of {rank['of']}\)",
            }[self.verdict]
        )

    def _extreme(self, claim: Claim) -> None:
        high, low = claim.values
        self.must.append(rf"the {self.n(claim.more['of'], 0)} \D*{re.escape(claim.subject.name)}")
        texts = [rf"{self.own(p)}{WORDS} in {self.small_name(p.area)}" for p in (low, high)]
        if claim.detail == "estimates":
            self.must.append(self.when(high.period))
        words = {"higher": "runs from ", "no_clear_difference": "no clear difference.* run from "}
        equal = rf"everywhere the same, {self.amount(high.value)}"
        self.must.append(words[claim.verdict] + " to ".join(texts) if claim.verdict in words else equal)

    def _concentration(self, claim: Claim) -> None:
        name, within = re.escape(claim.subject.name), re.escape(claim.more["within"])
        self.literals += [claim.more["within"]]
        if claim.ratios:
            places = int(min(claim.ratios) < 10)
            whole, those = (self.n(ratio, places) for ratio in claim.ratios)
            reads = self.indicator["reads"]
            self.literals += [reads["numerator"]["noun"], reads["denominator"]["noun"]]
            above, below = (re.escape(reads[part]["noun"]) for part in ("numerator", "denominator"))
            self.must.append(rf"^{name} has {whole}% of the {below} in {within} and {those}% of the {above}\.$")
            return
        counts = (claim.numbers["difference"], *(claim.more[key] for key in ("of", "own", "around")))
        here, of, own, around = (self.n(number, 0) for number in counts)
        some = (
            rf"{here if claim.numbers['difference'] else 'None'} of the {of} most deprived small areas in {within} (?:is|are)"
        )
        self.must.append(rf"^{some} in {name}, which has {own} of all {around}\.$")

    def _none(self, claim: Claim) -> None:
        if claim.detail == "held-back":
            self.must += [MARKERS[m] for m in sorted(claim.values[0].markers) if m in MARKERS]
            return
        self.literals.append(reason(claim))
        self.must.append(rf"No change over time is stated: {re.escape(reason(claim))}\.$")

    def _composition(self, claim: Claim) -> None:
        kind, known = self.indicator["reads"]["kind"], [p for p in claim.values if p.value is not None]
        self.must.append(self.when(claim.values[0].period))
        if kind == "small_area_index":
            most, least, of = (self.n(claim.more[k], 0) for k in ("most", "least", "of"))
            name = re.escape(claim.subject.name)
            self.must.append(rf"{most} of the {of} \D*{name} (?:is|are) \D*most deprived three tenths\D* and {least} \D*least")
            return
        if kind == "flow":
            self._flow(claim, {p.label: p.value for p in claim.values})
            return
        self.must.append(self.where(claim.subject))
        top = sorted(known, key=lambda p: (-p.value, p.label))
        long = kind == "location_quotient" or len(known) > 6
        shown = top[:3] if long else known
        if kind == "location_quotient":
            self.literals.append(self.indicator["reads"]["base_name"])
        self.must.append("[^()]*?".join(rf"{re.escape(p.label)} \(?{self.amount(p.value)}\)?" for p in shown))

    def _flow(self, claim: Claim, totals: dict[str, float | None]) -> None:
        name = re.escape(claim.subject.name)
        if None in totals.values():
            self.must.append("partly withheld")
            return
        self.must.append(rf" {self.n(totals['out'], 0)} residents of (?:the )?{self.where(claim.subject)} travelled")
        if "net" not in totals:
            self.must.append(rf", {self.n(claim.more['largest'], 0)}, to {self.small_name(claim.more['partner'])}\.$")
            return
        if "abroad" in totals:
            self.must.append(rf", {self.n(totals['abroad'], 0)} more abroad or offshore, and")
        way = "into" if totals["net"] > 0 else "out of"
        self.must.append(rf" {self.n(totals['in'], 0)} residents of other districts to one in {name}")
        net = rf"net flow {way} {name} of {self.n(abs(totals['net']), 0)}\.$"
        self.must.append(net if totals["net"] else "no net flow")

    def _strength(self, claim: Claim) -> None:
        value = claim.values[0]
        self.must.append(
            rf"^{re.escape(self.indicator['title'])}: {self.own(value)}.*{self.when(value.period)}{self.taken(value)}"
        )
        if claim.verdict == "tested":
            self.single(value)
        if claim.verdict == "not_tested":
            self.must.append(rf"among the {claim.more['end']} tenth of English districts \(not tested\)\.$")
            return
        word = "higher" if claim.numbers["difference"] > 0 else "lower"
        self.must.append(
            rf"{word} than in {re.escape(claim.beside.name)} \({self.amount(claim.values[1].value)}[^()]*\)"
            rf" by {self.size(claim, None)}{self.interval(claim)}\."
        )

    _challenge = _strength

    # ------------------------------------------------------------ the verdict on a text

    def faults(self, text: str) -> list[str]:
        """What is wrong with the sentence."""
        left = text
        for literal in sorted(set(self.literals), key=len, reverse=True):
            left = left.replace(literal, " ~ ")
        printed = [sign + number.rstrip(",") for sign, number in NUMBER.findall(left)]
        strangers = [number for number in printed if number not in self.allowed]
        found = [f"unaccounted number {number}" for number in strangers]
        found += [f"does not say {pattern!r}" for pattern in dict.fromkeys(self.must) if not re.search(pattern, text)]
        found += [f"{claim.verdict} is not what is said" for claim in self.claims if not self.side(claim, text)]
        return [f"{self.first.id}: {fault}: {text}" for fault in found]


def row_faults(claim: Claim, rank: Any, cells: list[str]) -> list[str]:
    """A row of the table of tests: difference with its interval, and p."""
    shown, p = cells[3], cells[5]
    decimals = 1 if claim.ratios else claim.indicator["decimals"]
    if claim.kind == "rank":
        best, worst, of = rank["best"], rank["worst"], rank["of"]
        right = f"{best} to {worst} of {of}" if best != worst else f"{rank['rank']} of {of}"
    elif "difference" not in claim.numbers:
        right = ""
    else:
        right, *ends = (digits(claim.numbers[k], decimals) for k in ("difference", "lower", "upper") if k in claim.numbers)
        right += f" ({ends[0]} to {ends[1]})" if ends else ""
    value = claim.numbers.get("p")
    right_p = "" if value is None else f"{value:.2g}" if value >= 0.0001 else "under 0.0001"
    pairs = (("difference", shown, right), ("p", p, right_p))
    return [f"{claim.id}: row of tests shows {what} {a!r}, not {b!r}" for what, a, b in pairs if a != b]
