"""What is said of a town in its district."""

from __future__ import annotations

from placebook.catalogue.aggregations import Share
from placebook.findings import formats as write
from placebook.findings.claims import Claim
from placebook.findings.wording import pinned
from placebook.geography.names import with_article


def concentration(claim: Claim) -> str:
    """Of what the district has, how much a town has."""
    reading = claim.reading
    place, within = with_article(reading.subject.name), reading.within
    if reading.around:
        most, here = len(claim.values), int(claim.gap or 0)
        lies = f"{here or 'None'} of the {most} most deprived small areas in {within} {'is' if here == 1 else 'are'}"
        if most == 1:
            lies = f"The most deprived small area in {within} is{'' if here else ' not'}"
        of = f"{len(reading.subject.members)} of all {len(reading.around)}"
        return f"{pinned(claim.id, lies)} in {place}, which has {pinned(claim.id, of)}."
    reads = reading.indicator.reads
    assert isinstance(reads, Share) and claim.ratios is not None
    places = int(min(claim.ratios) < 10)
    whole, those = (f"{write.number(ratio, places)}%" for ratio in claim.ratios)
    has = f"{place[:1].upper()}{place[1:]} has {pinned(claim.id, whole)} of the {reads.denominator.noun} in {within}"
    return f"{has} and {pinned(claim.id, those)} of the {reads.numerator.noun}."
