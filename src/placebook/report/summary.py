"""What a build and the pages of the whole book need of a place: a small file beside its ledger, which is megabytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from placebook.catalogue.load import Catalogue
from placebook.paths import write_changed
from placebook.report.brief import Brief
from placebook.report.coverage import Coverage
from placebook.report.matrix import PlaceLedger, comparable


class Summary(NamedTuple):
    """A place in short."""

    counts: tuple[int, int, int]
    """Figures, tables and ledger entries of its page."""
    ledger: PlaceLedger
    """With nothing but its findings and the newest figure of each measure of one number, England's beside it."""
    brief: Brief
    """Its two pages."""
    coverage: Coverage
    """Of what it has figures; of nothing where an earlier placebook made the page."""


def write(path: Path, record: Mapping[str, Any], catalogue: Catalogue, two_pages: Brief) -> None:
    """Write the summary of a whole ledger (``Ledger.record``)."""
    measures = [indicator.id for indicator in comparable(list(catalogue.indicators.values()))]
    counts = [record["page"]["figures"], record["page"]["tables"], len(record["entries"])]
    ledger = asdict(PlaceLedger.of(record).only(measures))
    coverage = Coverage.of(record).record()
    short = {"counts": counts, "ledger": ledger, "brief": two_pages.record(), "coverage": coverage}
    write_changed(path, json.dumps(short, ensure_ascii=False) + "\n")


def read(path: Path) -> Summary:
    """The summary in a file. Raises OSError where there is none."""
    record = json.loads(path.read_bytes())
    figures, tables, entries = record["counts"]
    ledger = record["ledger"]
    place = PlaceLedger(**{**ledger, "entries": tuple(ledger["entries"])})
    return Summary((figures, tables, entries), place, Brief.read(record["brief"]), Coverage.read(record.get("coverage", {})))
