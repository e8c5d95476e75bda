"""Workbooks that need not be made again: kept by the hash of what they are made from, a file for each place.

A workbook costs more than the chart that it belongs to, and a changed word changes none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from importlib.metadata import version
from pathlib import Path

from placebook.content_cache import Case
from placebook.findings import formats
from placebook.report import sheet_rows, spreadsheets
from placebook.report.spreadsheets import Sheet, workbook


class Workbooks:
    """The kept workbooks of one place. ``path`` may be deleted at any time; without it nothing is kept, nor unless closed."""

    def __init__(self, path: Path | None = None):
        self._case = Case(path, _maker())
        self.close = self._case.close

    def make(self, title: str, about: Mapping[str, str], sources: Sequence[str], sheets: Sequence[Sheet]) -> bytes:
        """As ``spreadsheets.workbook``, from what is kept where it was made before."""
        given = [
            title,
            list(about.items()),
            list(sources),
            [[getattr(sheet, field.name) for field in fields(sheet)] for sheet in sheets],
        ]
        return self._case.make(given, lambda: workbook(title, about, sources, sheets))


@cache
def _maker() -> list[str]:
    """All that makes a workbook, as this process has it: read once, also for the pages that are forks of it."""
    rooms = (spreadsheets.__file__, sheet_rows.__file__, formats.__file__)
    made_by = [Path(room).read_text(encoding="utf-8") for room in rooms if room]
    return [*made_by, *(version(name) for name in ("gptables", "XlsxWriter", "pandas"))]
