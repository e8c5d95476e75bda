"""What was asked of the store, with digests of the answers: the same answers make the same readings.

A page asks the store through its readings alone. Its trace names each reading's questions with a digest of the answers,
and a digest of the reading as the page shows it (``report.traces.gist``). Nothing heavy is imported here, so that a build
can ask whether tables have changed before it loads what makes readings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from placebook.paths import write_changed

FORM = 2
"""Raise it when a trace changes its form or a gist what it is made of: every page is then made again."""


class Question(NamedTuple):
    """One question to the store, in a form that can be kept and asked again."""

    kind: str
    """``rows``, ``table`` for all of a source's tables, or the column whose different words were asked for."""
    source: str
    measure: str | None = None
    category: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    partner: str | None = None


class Asked(NamedTuple):
    question: Question
    answer: str
    """Digest of the rows or words that were the answer."""


def digest(content: bytes) -> str:
    """Sixteen bytes of BLAKE2, as hexadecimal digits."""
    return hashlib.blake2s(content, digest_size=16).hexdigest()


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


# ------------------------------------------------------------------ on the disk


def write(path: Path, trace: Trace) -> None:
    """Keep a trace. Lists of areas and categories, which most questions share, are written once."""
    lists: dict[tuple[str, ...], int] = {}

    def several(words: tuple[str, ...] | None) -> int | None:
        return None if words is None else lists.setdefault(words, len(lists))

    readings = {
        indicator: [
            each.gist,
            [
                [q.kind, q.source, q.measure, several(q.category), several(q.areas), q.partner, answer]
                for q, answer in each.asked
            ],
        ]
        for indicator, each in trace.readings.items()
    }
    # The tables stand on a line of their own: mostly nobody asks for more.
    parts = ({"form": FORM, "tables": trace.tables}, {"readings": readings, "lists": list(lists)})
    write_changed(path, "".join(json.dumps(part, separators=(",", ":")) + "\n" for part in parts))


def recall_tables(path: Path) -> dict[str, dict[str, str]] | None:
    """The tables of the trace that was kept, as ``Trace.tables``; None where there is none or it cannot be read."""
    try:
        with path.open(encoding="utf-8") as stream:
            content = json.loads(stream.readline())
        return {source: dict(tables) for source, tables in content["tables"].items()} if content["form"] == FORM else None
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
            content = json.loads(stream.readline())
        lists = [tuple(words) for words in content["lists"]]

        def several(at: int | None) -> tuple[str, ...] | None:
            return None if at is None else lists[at]

        def asked(row: list[Any]) -> Asked:
            kind, source, measure, category, areas, partner, answer = row
            return Asked(Question(kind, source, measure, several(category), several(areas), partner), answer)

        readings = {name: Read(seen, tuple(map(asked, rows))) for name, (seen, rows) in content["readings"].items()}
        return Trace(tables, readings)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
