"""Which candidates open the page, and which open a section (R8, R10, R10a): greedy by score, one a concept, two a section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from placebook.findings.candidates import NEVER_KEY, Candidate

MOST, FEWEST = 6, 3
LEAST_SCORE = 0.6
"""After the fewest none of a lower score opens a page."""
A_SECTION = 2
NEAR = 0.8
"""A finding of a kind that is still missing is preferred where its score is at least so much of the next one's."""
INSIDE = 2
"""So many at most tell of differences inside a place; of a town one more."""
OF_THE_DISTRICT = 2
"""Of a town's findings so many at most are its district's."""


@dataclass(frozen=True)
class Chosen:
    """What a page tells first, and what was left out by which rule."""

    key: tuple[Candidate, ...]
    others: tuple[Candidate, ...]
    """Every other candidate, with its rule."""


def choose(candidates: Iterable[Candidate], order: Sequence[str], *, town: bool = False) -> Chosen:
    """The key findings in the order in which they are told; ``order`` is that of the indicators, for ties.

    A town's own come first.
    """
    all_of_them = sorted(candidates, key=lambda c: (-c.score, order.index(c.indicators[0]), c.id))
    left = [c for c in all_of_them if not c.left_out]
    key: list[Candidate] = []
    out = {c.id: c.left_out for c in all_of_them if c.left_out}
    while left and len(key) < MOST:
        best = _preferred(left, key)
        left.remove(best)
        why = _against(best, key, town)
        if why:
            out[best.id] = why
        else:
            key.append(best)
    if town:
        key.sort(key=lambda c: c.wider)  # stable: by score within each
    told = {c.id for c in key}
    others = tuple(replace(c, left_out=out.get(c.id) or "R10 most") for c in all_of_them if c.id not in told)
    return Chosen(tuple(key), others)


def _against(candidate: Candidate, key: Sequence[Candidate], town: bool) -> str:
    """The rule by which it does not join those chosen so far, or ""."""
    if candidate.priority < NEVER_KEY:
        return "R10 priority"
    if any(other.concept == candidate.concept for other in key):
        return "R10 concept"
    if sum(other.section == candidate.section for other in key) >= A_SECTION:
        return "R10 section"
    if candidate.type == "inside" and sum(other.type == "inside" for other in key) >= INSIDE + town:
        return "R10 inside"
    if town and candidate.wider and sum(other.wider for other in key) >= OF_THE_DISTRICT:
        return "R1"
    enough = sum(not other.wider for other in key) >= FEWEST
    if candidate.score < LEAST_SCORE and (enough or candidate.wider):
        return "R10 score"
    return ""


def _preferred(left: Sequence[Candidate], key: Sequence[Candidate]) -> Candidate:
    """The next by score, or one nearly as high of a kind that the page does not have yet: good, bad, inside, relation."""
    kinds: tuple[Callable[[Candidate], bool], ...] = (
        lambda c: c.good is True,
        lambda c: c.good is False,
        lambda c: c.type == "inside",
        lambda c: c.type == "relation",
    )
    best = left[0]
    missing = [kind for kind in kinds if not any(map(kind, key))] if key else []
    near = [c for c in left if c.score >= NEAR * best.score]
    return next((c for c in near for kind in missing if kind(c)), best)


def openings(chosen: Chosen, section: str, most: int = 3) -> tuple[Candidate, ...]:
    """The best candidates of a section, key findings among them: one a concept, of a level, a change and an inside."""
    found: list[Candidate] = []
    left_for_space = ("R10 most", "R10 section", "R10 score", "R10 priority", "R10 inside")
    rest = [c for c in chosen.others if c.left_out in left_for_space]
    for candidate in sorted((*chosen.key, *rest), key=lambda c: -c.score):
        same = any(candidate.concept == other.concept for other in found)
        if candidate.section == section and not same and len(found) < most:
            found.append(candidate)
    return tuple(found)
