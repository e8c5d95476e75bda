"""What a town has of its district: its share of all households and of those in need, of the most deprived small areas."""

from __future__ import annotations

from placebook.catalogue.aggregations import Share
from placebook.evidence.reading import Reading
from placebook.evidence.values import at
from placebook.findings.claims import NOT_NEEDED, STATED, Claim, counted

NOTABLE = 1.15
"""How far a town's share of those counted must lie from its share of all to be told: so many times, up or down."""
A_TENTH = 10
"""One in so many of the district's small areas are its most deprived."""


def concentration(reading: Reading) -> Claim | None:
    """The claim of a town's reading; None where its share is about what its size makes likely, or is not known."""
    if reading.subject.level != "town":
        return None
    return _of_index(reading) if reading.around else _of_share(reading)


def _of_share(reading: Reading) -> Claim | None:
    reads = reading.indicator.reads
    parents = [c for c in reading.comparators if c.role == "parent"]
    rests = [value for c in parents for value in at(c.series, reading.period)]
    if len(rests) < len(parents):  # of one of its districts the rest is not held: the sum would be of another area
        return None
    if not (isinstance(reads, Share) and reads.numerator.noun and reads.denominator.noun and len(reading.now) == 1 and rests):
        return None
    own = reading.now[0]
    values = (own, *rests)
    if any(value.numerator is None or not value.denominator for value in values):
        return None
    those = (own.numerator or 0) / (sum(value.numerator or 0 for value in values) or 1)
    whole = (own.denominator or 0) / sum(value.denominator or 0 for value in values)
    if 1 / NOTABLE < those / whole < NOTABLE or any(counted(reading, own, rest) not in ("higher", "lower") for rest in rests):
        return None
    verdict = "higher" if those > whole else "lower"
    return Claim(
        "concentration", reading, verdict, NOT_NEEDED, values, gap=100 * (those - whole), ratios=(100 * whole, 100 * those)
    )


def _of_index(reading: Reading) -> Claim | None:
    worst = reading.around[: max(1, round(len(reading.around) / A_TENTH))]
    own = set(reading.subject.members)
    if len(own) == len(reading.around):
        return None
    here = sum(value.area in own for value in worst)
    return Claim("concentration", reading, "stated", STATED, worst, gap=float(here))
