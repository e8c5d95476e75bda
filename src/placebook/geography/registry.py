"""Small areas of all England: what each is called and lies in, from one file sorted by district.

Forty-odd thousand are too many to be made for one page: the file is read at once, its rows become areas district by district.
"""

from __future__ import annotations

import hashlib
from bisect import bisect
from functools import cached_property
from itertools import groupby

import pyarrow as pa
import pyarrow.parquet as pq

from placebook.errors import DataError, Fault

FILE = "data/small-areas/areas.parquet"
COLUMNS = (
    "district",
    "code",
    "name",
    "known_as",
    "level",
    "vintage",
    "msoa",
    "ward",
    "ward_name",
    "built_up_area",
    "built_up_area_name",
)
LEVELS = ("lsoa", "msoa")
NEAR = 7
"""Characters of a code that those near it share."""


class Registry:
    """The rows of ``areas.parquet``. Raises DataError for a file that is not one, or whose codes are doubled."""

    def __init__(self, content: bytes | None):
        self.fingerprint = hashlib.sha256(content or b"").hexdigest()
        self._table = (
            _parsed(content) if content is not None else pa.table({name: pa.array([], pa.string()) for name in COLUMNS})
        )
        districts, codes = self.column("district"), self.column("code")
        self.districts: dict[str, str] = dict(zip(codes, districts, strict=True))
        """Code of a small area to that of its district."""
        self._spans: dict[str, tuple[int, int]] = {}
        begin = 0
        for district, rows in groupby(districts):
            count = sum(1 for _ in rows)
            problem = f"{district} stands in two places" if district in self._spans else ""
            self._spans[district] = (begin, count)
            begin += count
            if problem:
                raise _wrong(problem)
        if len(self.districts) != len(codes):
            raise _wrong("a code stands twice")

    def rows(self, district: str) -> list[dict[str, str]]:
        """The small areas of a district, sorted by level and code; none of one that the file does not name."""
        begin, count = self._spans.get(district, (0, 0))
        return self._table.slice(begin, count).to_pylist()

    def near(self, code: str) -> list[str]:
        """Up to two codes that stand beside ``code`` and begin as it does."""
        at = bisect(self._sorted, code)
        return [near for near in self._sorted[max(at - 1, 0) : at + 1] if near[:NEAR] == code[:NEAR]]

    @cached_property
    def homes(self) -> dict[str, tuple[str, str]]:
        """Code to the area's level and district."""
        columns = (self.column(name) for name in ("code", "level", "district"))
        return {code: (level, district) for code, level, district in zip(*columns, strict=True)}

    @cached_property
    def known_as(self) -> dict[str, str]:
        """Code to the name by which people know the area, or else its own."""
        rows = zip(self.column("code"), self.column("known_as"), self.column("name"), strict=True)
        return {code: known_as or name for code, known_as, name in rows}

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.districts)

    def column(self, name: str) -> list[str]:
        """One column of all rows."""
        return list(self._table[name].to_numpy())


def _parsed(content: bytes) -> pa.Table:
    try:
        table = pq.read_table(pa.BufferReader(content), use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise _wrong(f"cannot be read as Parquet: {error}") from None
    if missing := [name for name in COLUMNS if name not in table.column_names]:
        raise _wrong(f"has no column {', '.join(missing)}")
    return table


def _wrong(problem: str) -> DataError:
    return DataError(Fault(FILE, 0, "", problem, "restore it from git, or run placebook refresh"))
