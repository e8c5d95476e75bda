"""Workbooks that need not be made again: kept by the hash of what they are made from, a folder for each place.

A workbook costs more than the chart that it belongs to, and a changed word changes none of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from importlib.metadata import version
from pathlib import Path

from placebook import kept
from placebook.findings import formats
from placebook.report import spreadsheets
from placebook.report.spreadsheets import Sheet, workbook


class Workbooks:
    """The kept workbooks of one place. ``folder`` may be deleted at any time; without it nothing is kept."""

    def __init__(self, folder: Path | None = None):
        self.folder = folder
        self._used: set[str] = set()
        rooms = (spreadsheets.__file__, formats.__file__)
        made_by = [Path(room).read_text(encoding="utf-8") for room in rooms if room]
        self._maker = [*made_by, *(version(name) for name in ("gptables", "XlsxWriter", "pandas"))]

    def make(self, title: str, about: Mapping[str, str], sources: Sequence[str], sheets: Sequence[Sheet]) -> bytes:
        """As ``spreadsheets.workbook``, from what is kept where it was made before."""
        if self.folder is None:
            return workbook(title, about, sources, sheets)
        given = [self._maker, title, list(about.items()), list(sources), [astuple(sheet) for sheet in sheets]]
        name = f"{hashlib.sha256(json.dumps(given).encode()).hexdigest()}.xlsx"
        self._used.add(name)
        path = self.folder / name
        if (held := kept.recall(path)) is not None:
            return held
        made = workbook(title, about, sources, sheets)
        kept.keep(path, made)
        return made

    def drop_unused(self) -> None:
        """Delete what no download of this time was made from."""
        for path in self.folder.glob("*.xlsx") if self.folder else ():
            if path.name not in self._used:
                path.unlink(missing_ok=True)
