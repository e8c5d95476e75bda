"""What the front page and the summary need of places' ledgers, kept: a whole ledger is megabytes, and is read once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from placebook.content_cache import Shelf
from placebook.errors import InputError
from placebook.incremental.fingerprints import mark
from placebook.paths import Project
from placebook.report import matrix
from placebook.report.matrix import PlaceLedger

Counts = tuple[int, int, int]
"""Figures, tables and entries of a place's page."""


class Cards:
    """One card for each place. ``measures`` are the ids of what a card shows."""

    def __init__(self, project: Project, measures: Sequence[str]):
        self._project = project
        self._measures = measures
        rooms = [Path(str(room)).read_text(encoding="utf-8") for room in (__file__, matrix.__file__)]
        self._shelf = Shelf(project.cache / "headlines", ".json", [*rooms, *measures])
        self.drop_unused = self._shelf.drop_unused

    def counts(self, slug: str) -> Counts | None:
        """How much a place's page holds; None where there is no whole ledger."""
        try:
            figures, tables, entries = json.loads(self._card(slug))["counts"]
            return figures, tables, entries
        except (InputError, KeyError):
            return None

    def ledger(self, slug: str) -> PlaceLedger:
        """A place's ledger without all that its card does not show. Raises InputError where there is none."""
        held = json.loads(self._card(slug))["ledger"]
        return PlaceLedger(**{**held, "entries": tuple(held["entries"])})

    def _card(self, slug: str) -> bytes:
        path = self._project.ledgers / f"{slug}.json"

        def make() -> bytes:
            whole, entries = PlaceLedger.skim(path, self._measures) or (PlaceLedger.read(path), None)
            counts = [whole.page["figures"], whole.page["tables"], len(whole.entries) if entries is None else entries]
            kept = whole.only(self._measures)
            ledger = {field.name: getattr(kept, field.name) for field in fields(kept)}
            return json.dumps({"counts": counts, "ledger": ledger}).encode("utf-8")

        return self._shelf.make([slug, mark(path)], make)
