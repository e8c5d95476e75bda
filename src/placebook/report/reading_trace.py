"""What a page was made from, reading by reading: so that a changed table makes again only the pages that show it.

Where a page's questions to the store have the same answers, it is the same page. Where they have not, the reading is made
again, which is quick, and only another reading makes another page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from placebook.evidence.query_log import Read, Trace, digest
from placebook.evidence.reading import Absent, Reading
from placebook.evidence.readings import Evidence
from placebook.findings import pooling
from placebook.findings.all_claims import all_claims
from placebook.findings.claims import Claim
from placebook.findings.inference import robust_distance
from placebook.findings.key_findings import KeyFindings
from placebook.findings.strengths import standing

FINDINGS = "key findings"
"""The name under which a trace keeps what a page tells first."""


def gist(reading: Reading | Absent, claims: Iterable[Claim]) -> str:
    """A digest of everything that a page shows of a reading, or says because of it.

    Of the districts of England a page shows five numbers, of single readings and of those taken together, and says where
    the place stands among them, so another district's figure makes another page only where one of these changes.
    Declarations are no part of it: of them the page's other inputs tell.
    """
    if isinstance(reading, Absent):
        return digest(repr(("absent", reading.reason, reading.lack)).encode())
    shown = (
        reading.place_name,
        reading.subject,
        reading.series,
        reading.comparators,
        reading.details,
        reading.counts,
        reading.domains,
        reading.inside,
        reading.held_back,
        reading.around,
        reading.lack,
        _among(reading, claims),
    )
    return digest(repr(shown).encode())


def _among(reading: Reading, claims: Iterable[Claim]) -> Any:
    districts, together = reading.districts, pooling.band(reading)
    if districts is None or reading.band is None:
        return None
    bands = [band for band in (reading.band, together) if band]
    five = [(band.minimum, band.lower_quartile, band.median, band.upper_quartile, band.maximum) for band in bands]
    claimed = [(claim.id, claim.verdict, claim.gap, claim.lower, claim.upper, claim.place, claim.alike) for claim in claims]
    stands = [robust_distance(value.value, districts.values) for value in reading.now if value.value is not None]
    return districts.period, [band.count for band in bands], five, claimed, stands, standing(reading), reading.artefacts


def read(evidence: Evidence, indicator: str, claims: Iterable[Claim] | None = None) -> Read:
    """The reading of an indicator, or ``FINDINGS``, as a trace keeps it; without ``claims`` they are worked out."""
    if indicator == FINDINGS:
        return of_findings(KeyFindings(evidence))
    reading = evidence.read(indicator)
    if claims is None:
        claims = all_claims(reading) if isinstance(reading, Reading) else ()
    return Read(gist(reading, claims), evidence.asked[indicator])


def of_findings(findings: KeyFindings) -> Read:
    """What the page tells first, as a trace keeps it: it rests on the districts of all England."""
    chosen = findings.chosen
    return Read(digest(repr((chosen, findings.expected)).encode()), findings.asked)


def trace(evidence: Evidence, readings: Mapping[str, Read]) -> Trace:
    """The trace of a page, with the tables of every source that it asked."""
    sources = {asked.question.source for each in readings.values() for asked in each.asked}
    return Trace({source: evidence.store.hashes(source) for source in sorted(sources)}, readings)
