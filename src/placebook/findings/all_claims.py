"""Everything that may be said of one reading, in the order in which it is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from placebook.evidence.reading import Reading
from placebook.findings import formats as write
from placebook.findings.changes import change
from placebook.findings.claims import STATED, Claim, estimates, extremes, levels
from placebook.findings.concentration import concentration
from placebook.findings.ranks import rank


def all_claims(reading: Reading) -> tuple[Claim, ...]:
    """Every claim that a reading allows, in the order in which they are said."""
    shape = reading.indicator.reads.kind
    if shape in ("composition", "location_quotient", "flow", "small_area_index"):
        values = reading.now or reading.details
        stated = Claim("composition", reading, "stated", STATED, tuple(values))
        return tuple(claim for claim in (stated, concentration(reading)) if claim)
    if shape == "small_area_values":
        return tuple(claim for claim in (estimates(reading),) if claim)
    if reading.held_back:
        newest = reading.held_back[-1]
        why = write.joined([write.MARKER_WORDS[m] for m in newest.markers]) or "not available"
        withheld = Claim("none", reading, "not_possible", "none", reading.held_back[-1:], reason=why, detail="held-back")
    else:
        withheld = None
    rooms: Sequence[Callable[[Reading], Claim | None]] = (change, rank, extremes, concentration)
    claims = [*levels(reading), withheld, *(room(reading) for room in rooms)]
    return tuple(claim for claim in claims if claim)
