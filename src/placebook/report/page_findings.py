"""From claims to the page: sentences with a way to their tests, strengths and challenges, the table of tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.figures.tables import Cell, Table
from placebook.findings import formats as write
from placebook.findings import sentences, strengths, wording
from placebook.findings.all_claims import all_claims
from placebook.findings.claims import Claim
from placebook.geography.names import with_article
from placebook.markup import Html, join, markup
from placebook.report.ledger import Ledger
from placebook.report.reviewed import HeldBack

VERDICT_WORDS = {
    "stated": "stated as published",
    "higher": "higher",
    "lower": "lower",
    "equal": "the same as published",
    "similar": "similar",
    "no_clear_difference": "no clear difference",
    "gap_only": "size of the gap only, not tested",
    "too_uncertain": "too uncertain to say",
    "rose": "rose",
    "fell": "fell",
    "no_clear_change": "no clear change",
    "rising": "upward trend",
    "falling": "downward trend",
    "no_clear_trend": "no clear trend",
    "ranked": "ranked, full count",
    "ranked_unsure": "ranked on the published figures",
    "rank_range": "places that rounding or perturbation allows",
    "rank_set": "confidence set for the rank",
    "not_rankable": "cannot be ranked",
    "not_possible": "no claim possible",
    "tested": "tested",
    "not_tested": "not tested",
}
KIND_WORDS = {
    "level": "level",
    "change": "change",
    "trend": "trend",
    "rank": "place in England",
    "composition": "make-up",
    "extreme": "extremes inside",
    "concentration": "share of its district",
    "none": "no claim",
    "strength": "strength",
    "challenge": "challenge",
}


MOST = 5
"""Sentences at the head of a town's page."""
NO_MARGIN = (
    "“On the published figures”: no margin of error is published for these, so that a gap, a rank or a change between them "
    "may be larger or smaller than it looks, and none of them is tested."
)


class Findings:
    """The claims of one page: worked out once, kept in the ledger as they are shown."""

    def __init__(self, evidence: Evidence, ledger: Ledger):
        self.evidence = evidence
        self.ledger = ledger
        self._claims: dict[str, tuple[Claim, ...]] = {}
        self.words = 0
        self.explained = False
        self.held_back = HeldBack.of(evidence.catalogue.reviews.get(evidence.slug))
        self.kept: dict[str, Claim] = {}
        """Every claim that was said, by id, in the order of the page."""

    def of(self, reading: Reading) -> tuple[Claim, ...]:
        """The claims of a reading. The same ones at every call."""
        id_ = reading.indicator.id
        if id_ not in self._claims:
            self._claims[id_] = all_claims(reading)
        return self._claims[id_]

    def paragraphs(self, readings: Sequence[Reading], on: date) -> Html:
        """A list entry for each reading: what may be said of it, its area and its age."""
        lines = []
        for reading in readings:
            for value in reading.now:
                self.ledger.add(value)
            paragraphs = [entry for entry in sentences.say(self.of(reading)) if not self._rejected(entry.claims)]
            if not paragraphs:  # of a single neighbourhood there is nothing to say but what its table shows
                continue
            spoken = join((self._said(entry) for entry in paragraphs), " ")
            lines.append(
                markup(
                    '<li>{} <span class="pb-badge">{}; age {}</span></li>',
                    spoken,
                    wording.badge(reading),
                    wording.age(reading, on),
                )
            )
        return self._explained(lines) + markup('<ul class="pb-findings">{}</ul>', join(lines)) if lines else Html()

    def _rejected(self, claims: Sequence[Claim]) -> bool:
        """Whether a review rejected one of these, which rests on the same figures still."""
        return any(self.held_back.holds(claim.id, claim.values) for claim in claims)

    def _explained(self, lines: Sequence[Html]) -> Html:
        """Once a page, before the first sentence that needs it: what figures without a published margin mean."""
        if self.explained or not any("n the published figures" in line or "published figure was" in line for line in lines):
            return Html()
        self.explained = True
        return markup('<p class="pb-badge">{}</p>', NO_MARGIN)

    def _said(self, entry: sentences.Said) -> Html:
        ids = " ".join(self._keep(claim, entry.text) for claim in entry.claims)
        self.words += len(entry.text.split())
        first = entry.claims[0]
        about = f"How we know: {first.reading.indicator.title}, {KIND_WORDS[first.kind]}"
        return markup(
            '<span class="pb-said" data-claim="{}">{}</span><a class="pb-why" href="{}" aria-label="{}">†</a>',
            ids,
            self._linked(entry),
            self.ledger.href(first.id),
            about,
        )

    def _linked(self, entry: sentences.Said) -> Html:
        """A sentence as HTML: each figure a link to its evidence, each gap and place to its test."""
        said_of = {value.id: value for claim in entry.claims for value in claim.reading.details}
        parts: list[str] = []
        marked, at = entry.marked, 0
        for match in wording.MARKED.finditer(marked):
            if match[1] not in self.ledger.entries:  # a flow's largest partner, say: no part of what was tested
                self.ledger.add(said_of[match[1]])
            address = self.ledger.href(match[1])
            parts += [marked[at : match.start()], markup('<a class="pb-n" href="{}">{}</a>', address, match[2])]
            at = match.end()
        return join([*parts, marked[at:]])

    def _keep(self, claim: Claim, sentence: str) -> str:
        used = [self.ledger.add(value) for value in (*claim.values, *(claim.england or ()))]
        self.kept[claim.id] = claim
        return self.ledger.add_claim(claim, used, sentence)

    # ------------------------------------------------------------ strengths and challenges

    def in_its_district(self) -> Html:
        """Of a town: what it has more or less of than its size makes likely, the farthest first; "" where there is nothing."""
        claims = [claim for reading in self._readings() for claim in self.of(reading) if claim.kind == "concentration"]
        claims.sort(key=lambda claim: (claim.ratios is not None, -_times(claim)))
        items = join(markup("<li>{}</li>", self._said(entry)) for claim in claims[:MOST] for entry in sentences.say([claim]))
        return markup('<ul class="pb-findings">{}</ul>', items) if claims else Html()

    def _readings(self) -> list[Reading]:
        read = (self.evidence.read(indicator) for indicator in self.evidence.catalogue.indicators)
        return [reading for reading in read if isinstance(reading, Reading)]

    def strengths(self) -> Html:
        """Two short lists, or a line that says why there are none."""
        readings = self._readings()
        claims = [claim for claim in strengths.strengths_and_challenges(readings) if not self._rejected([claim])]
        place = with_article(self.evidence.place.name)
        if not claims:
            return markup("<p>{}</p>", self._why_none(readings, place))
        parts = []
        for kind, title in (("strength", "Strengths"), ("challenge", "Challenges")):
            items = join(markup("<li>{}</li>", self._lane(claim)) for claim in claims if claim.kind == kind)
            empty = markup("<p>No {} of {} itself is supported by the evidence.</p>", kind, place)
            parts.append(markup("<h3>{}</h3>", title) + (markup("<ul>{}</ul>", items) if items else empty))
        note = (
            "Tested: the place’s own figures against England, with the false discovery rate held at 5% "
            "(Benjamini and Hochberg); surveys and events over several readings. Not tested: figures without limits in the "
            "highest or lowest tenth of the English districts, whatever rounding did. One measure for each subject; farthest "
            "from the middle district first."
        )
        return markup('<div class="pb-lanes">{}<p class="pb-badge">{}</p></div>', join(parts), note)

    @staticmethod
    def _why_none(readings: Sequence[Reading], place: str) -> str:
        own = [r for r in readings if not r.wider and r.districts is not None]
        if own:
            return f"Nothing is named: no figure of {place} itself stands out clearly from England."
        return (
            f"Nothing is named: no measure that is published for {place} itself is published for the English "
            f"districts too, and what is true of a wider area is not called a strength of {place}."
        )

    def _lane(self, claim: Claim) -> Html:
        return self._said(sentences.lane(claim))

    # ------------------------------------------------------------ the tests behind the sentences

    def tests(self, title: str, indicators: Sequence[str]) -> Table:
        """Measure, claim, against what, difference, test, p value and verdict of what was said of some measures.

        A row for each claim, its id the fragment that the sentence's dagger leads to.
        """
        claims = [claim for claim in self.kept.values() if claim.reading.indicator.id in indicators]
        columns = ("Measure", "Claim", "Against", "Difference (95% interval)", "Test", "p", "Verdict")
        rows = tuple(_row(claim) for claim in claims)
        ids = tuple(self.ledger.entries[claim.id]["at"].partition("#")[2] for claim in claims)
        return Table(f"Tests behind the sentences: {title}", columns, rows, ids)


def _times(claim: Claim) -> float:
    """How many times more, or fewer, of those counted a town has than of all."""
    whole, those = claim.ratios or (1.0, 1.0)
    return max(whole / those, those / whole) if whole and those else 0.0


def _row(claim: Claim) -> tuple[Cell, ...]:
    against = claim.comparator.name if claim.comparator else ""
    if claim.kind in ("change", "trend") and len(claim.values) > 1:
        against = write.period(claim.values[1].period, claim.reading.indicator.period_style)
    p = "" if claim.p is None else f"{claim.p:.2g}" if claim.p >= 0.0001 else "under 0.0001"
    test = f"{claim.test}; {claim.correction}" if claim.correction else claim.test
    return (
        Cell(claim.reading.indicator.title),
        Cell(KIND_WORDS[claim.kind], "", False),
        Cell(against, "", False),
        Cell(_difference(claim)),
        Cell(test, "", False),
        Cell(p),
        Cell(VERDICT_WORDS[claim.verdict], "", False),
    )


def _difference(claim: Claim) -> str:
    if claim.place is not None:
        place = claim.place
        return f"{place.best} to {place.worst} of {place.of}" if place.best != place.worst else (f"{place.rank} of {place.of}")
    if claim.gap is None:
        return ""
    decimals = 1 if claim.ratios is not None else claim.reading.indicator.decimals
    size = write.number(claim.gap, decimals)
    if claim.lower is None or claim.upper is None:
        return size
    return f"{size} ({write.number(claim.lower, decimals)} to {write.number(claim.upper, decimals)})"


def verdicts(entries: Sequence[dict[str, object]]) -> dict[str, int]:
    """How many claims came to which verdict, most frequent first."""
    counts: dict[str, int] = {}
    for entry in entries:
        if entry["kind"] == "claim":
            counts[str(entry["verdict"])] = counts.get(str(entry["verdict"]), 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
