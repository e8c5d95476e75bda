"""What a page was made from, reading by reading: so that a changed table makes again only the pages that show it.

A page asks the store through its readings alone. Its trace names each reading's questions with a digest of the answers,
and a digest of the reading as the page shows it. Where the answers are the same, so is the page. Where they are not, the
reading is made again, which is quick, and only another reading makes another page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from placebook.evidence.asked import Asked, Question, digest
from placebook.evidence.readings import Evidence
from placebook.evidence.records import Absent, Reading
from placebook.findings import claims as claims_room
from placebook.findings.claims import Claim
from placebook.findings.inference import robust_distance
from placebook.findings.lanes import in_a_tenth
from placebook.paths import write_changed

FORM = 1
"""Raise it when a trace changes its form or a gist what it is made of: every page is then made again."""


@dataclass(frozen=True)
class Read:
    """One reading of a page."""

    gist: str
    """Digest of what the page shows of it."""
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Trace:
    """All readings of a page, and the tables that they were made from."""

    tables: Mapping[str, Mapping[str, str]]
    """Source to the SHA-256 of each of its tables, by path."""
    readings: Mapping[str, Read]
    """By indicator."""


def gist(reading: Reading | Absent, claims: Iterable[Claim]) -> str:
    """A digest of everything that a page shows of a reading, or says because of it.

    Of the districts of England a page shows five numbers and says where the place stands among them, so another
    district's figure makes another page only where one of these changes. Declarations are no part of it: of them the
    page's other inputs tell.
    """
    if isinstance(reading, Absent):
        return digest(repr(("absent", reading.reason)).encode())
    shown = (
        reading.place_name, reading.subject, reading.series, reading.comparators, reading.details, reading.counts,
        reading.domains, reading.inside, reading.held_back, _among(reading, claims),
    )  # fmt: skip
    return digest(repr(shown).encode())


def _among(reading: Reading, claims: Iterable[Claim]) -> Any:
    found, band = reading.districts, reading.band
    if found is None or band is None:
        return None
    five = (band.minimum, band.lower_quartile, band.median, band.upper_quartile, band.maximum)
    ranks = [(claim.verdict, claim.place) for claim in claims if claim.kind == "rank"]
    stands = [
        (robust_distance(value.value, found.values), in_a_tenth(value.value, found.values))
        for value in reading.now
        if value.value is not None
    ]
    return found.period, band.count, five, ranks, stands


def read(evidence: Evidence, indicator: str, claims: Iterable[Claim] | None = None) -> Read:
    """The reading of an indicator as a trace keeps it; without ``claims`` they are worked out."""
    reading = evidence.read(indicator)
    if claims is None:
        claims = claims_room.of(reading) if isinstance(reading, Reading) else ()
    return Read(gist(reading, claims), evidence.asked[indicator])


def trace(evidence: Evidence, readings: Mapping[str, Read]) -> Trace:
    """The trace of a page, with the tables of every source that it asked."""
    sources = {asked.question.source for each in readings.values() for asked in each.asked}
    return Trace({source: evidence.store.hashes(source) for source in sorted(sources)}, readings)


# ------------------------------------------------------------------ on the disk


def write(path: Path, kept: Trace) -> None:
    """Keep a trace. Lists of areas and categories, which most questions share, are written once."""
    lists: dict[tuple[str, ...], int] = {}

    def several(words: tuple[str, ...] | None) -> int | None:
        return None if words is None else lists.setdefault(words, len(lists))

    readings = {
        indicator: [each.gist, [
            [q.kind, q.source, q.measure, several(q.category), several(q.areas), q.partner, answer]
            for q, answer in each.asked
        ]]
        for indicator, each in kept.readings.items()
    }  # fmt: skip
    # The tables stand on a line of their own: mostly nobody asks for more.
    parts = ({"form": FORM, "tables": kept.tables}, {"readings": readings, "lists": list(lists)})
    write_changed(path, "".join(json.dumps(part, separators=(",", ":")) + "\n" for part in parts))


def recall_tables(path: Path) -> dict[str, dict[str, str]] | None:
    """The tables of the trace that was kept, as ``Trace.tables``; None where there is none or it cannot be read."""
    try:
        with path.open(encoding="utf-8") as stream:
            held = json.loads(stream.readline())
        return {source: dict(tables) for source, tables in held["tables"].items()} if held["form"] == FORM else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def recall(path: Path) -> Trace | None:
    """The trace that was kept; None where there is none or it cannot be read."""
    tables = recall_tables(path)
    if tables is None:
        return None
    try:
        with path.open(encoding="utf-8") as stream:
            stream.readline()
            held = json.loads(stream.readline())
        lists = [tuple(words) for words in held["lists"]]

        def asked(row: list[Any]) -> Asked:
            kind, source, measure, category, areas, partner, answer = row
            several = (None if at is None else lists[at] for at in (category, areas))
            return Asked(Question(kind, source, measure, *several, partner), answer)

        readings = {name: Read(seen, tuple(map(asked, rows))) for name, (seen, rows) in held["readings"].items()}
        return Trace(tables, readings)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
