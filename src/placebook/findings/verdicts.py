"""What a row of a scorecard says in a few words: the verdict against England, the place in England, the change.

The words are made from the claims that the sentences are made from, and say no more than they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placebook.evidence.reading import Reading
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.findings.claims import NEARLY_ALL, NOT_NEEDED, Claim, Place, barred
from placebook.findings.gap_wording import gap, shown_gap
from placebook.findings.sentences import decimals_of, ordinal, said_when

KINDS = {
    "worse": "worse",
    "unclear": "no clear difference",
    "better": "better",
    "different": "different",
    "untested": "not tested",
}
"""Every kind of verdict against England, in the order of the scoreboard, in words."""
HIGHER_IS_BETTER = {"higher_is_better": True, "lower_is_better": False}
BARRED = "the registers were no picture of its firms in these years"


@dataclass(frozen=True)
class Verdict:
    """How a figure stands against England's; ``kind`` and ``title`` are "" where the two are not compared."""

    kind: str
    title: str
    detail: str


def against_england(claims: Sequence[Claim]) -> Verdict:
    """The verdict of the claim about the level beside England."""
    claim = england(claims)
    if claim is None:
        total = any(c.kind == "level" and c.reading.indicator.measure == "count" for c in claims)
        return Verdict("", "", "" if total else "not published for England")
    if barred(claim):
        return Verdict("", "", BARRED)
    if claim.verdict == "not_possible":
        return Verdict("", "", claim.reason)
    if claim.verdict == "too_uncertain":
        return Verdict("untested", "Too uncertain", "the publisher marks a figure as unreliable")
    if claim.verdict in ("higher", "lower"):
        return _apart(claim)
    if claim.verdict == "gap_only":
        return Verdict("untested", "Not tested", f"a gap of {size(claim)}")
    if claim.verdict == "equal" and claim.test != NOT_NEEDED:
        return Verdict("untested", "Not tested", "the same figure")
    return _alike(claim)


def england(claims: Sequence[Claim]) -> Claim | None:
    """The claim about the level beside England; None where there is none."""
    return next((c for c in claims if c.kind == "level" and c.comparator and c.comparator.role == "country"), None)


def _apart(claim: Claim) -> Verdict:
    better = HIGHER_IS_BETTER.get(claim.reading.indicator.polarity)
    detail = f"{size(claim)} {claim.verdict}"
    if better is None:
        return Verdict("different", claim.verdict.capitalize(), detail)
    good = better == (claim.verdict == "higher")
    return Verdict("better" if good else "worse", "Better" if good else "Worse", detail)


def _alike(claim: Claim) -> Verdict:
    if claim.verdict == "equal":
        return Verdict("unclear", "The same", "")
    if claim.verdict == "similar":
        within = gap(claim.reading.indicator, claim.reading.indicator.similar_within or 0)
        return Verdict("unclear", "Similar", f"within {within}")
    return Verdict("unclear", "No clear difference", "rounding or a handful" if claim.test == NOT_NEEDED else "")


def size(claim: Claim) -> str:
    """How far apart the two figures of a claim are, as they are written: ``0.7 points``, ``£4.43 (10%)``."""
    places = decimals_of([claim])
    own, other = claim.values[:2]
    words = gap(claim.reading.indicator, shown_gap(own.number, other.number, places), other.value, decimals=places)
    return words.replace("percentage point", "point")


def places(claims: Sequence[Claim]) -> int:
    """The decimals with which a row writes its figures, so that they agree with the gap that it states."""
    claim = england(claims)
    return decimals_of([claim]) if claim else claims[0].reading.indicator.decimals


# ------------------------------------------------------------------ the place in England


def rank(claims: Sequence[Claim]) -> str:
    """``12th lowest of 296``; "" where no place is stated, or the figure is too uncertain for one."""
    claim = next((c for c in claims if c.kind == "rank"), None)
    if claim is None or claim.place is None:
        return ""
    place = claim.place
    if claim.verdict == "not_rankable":
        return ""
    if claim.verdict in ("rank_range", "rank_set"):
        return f"{ordinal(place.best)} to {ordinal(place.worst)} {_end(place)} of {place.of}"
    nth = _end(place) if place.rank == 1 else f"{ordinal(place.rank)} {_end(place)}"
    return f"{'joint ' if place.tied else ''}{nth} of {place.of}"


def _end(place: Place) -> str:
    return "highest" if place.from_highest else "lowest"


# ------------------------------------------------------------------ the change


def change(reading: Reading, claims: Sequence[Claim]) -> str:
    """What may be said of the change, in a few words; "" of a single period."""
    for claim in claims:
        if claim.kind in ("change", "trend") and len(claim.values) > 1:
            return _changed(claim)
        if claim.kind == "none" and claim.detail == "change":
            return "No change stated"
    return "" if sum(value.value is not None for value in reading.series) == 1 else "No change stated"


CHANGES = {
    "rising": "Upward trend since {}",
    "falling": "Downward trend since {}",
    "no_clear_trend": "No clear trend since {}",
    "no_clear_change": "No clear change since {}",
    "no_clear_difference": "No clear change since {}",
    "equal": "The same as in {}",
    "similar": "Similar to {}",
}


def _changed(claim: Claim) -> str:
    reading, before = claim.reading, claim.values[1]
    when = said_when(reading, before)
    if wording.readings(before) > 1:
        when = f"the mean of {when}"
    if claim.ratios is not None and claim.comparator is not None:
        then, now = (write.number(ratio, 1) for ratio in claim.ratios)
        tested = {"rose": "; risen", "fell": "; fallen", "gap_only": "; not tested"}.get(claim.verdict, "; no clear change")
        return f"{claim.comparator.name} as 100: {then} in {when}, {now} now{tested}"
    if claim.verdict in ("rose", "fell"):
        words = f"{claim.verdict.capitalize()} by {size(claim)} since {when}"
    elif claim.verdict in CHANGES:
        words = CHANGES[claim.verdict].format(when)
    else:
        return f"{wording.amount(before, reading.indicator)} in {when}; not tested"
    return f"{words}, as in nearly all districts" if claim.passed and (claim.alike or 0) > NEARLY_ALL else words
