"""Tables of small areas: all of England in one file, of which a page reads the rows of its own county or district alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from placebook import content_cache
from placebook.evidence.columns import COLUMNS, WORDS, Columns, coded_rows, from_bytes, to_bytes, words_of
from placebook.evidence.query_log import digest
from placebook.geography.areas import Areas

SLICES = 64
"""As many parts of tables are kept in memory."""


@dataclass(frozen=True)
class Contents:
    """What a checked table holds, so that nobody reads all of it to know."""

    level: str
    """``lsoa`` or ``msoa``."""
    words: Mapping[str, Mapping[str, list[str]]]
    """``period`` and ``category`` to measure to their different words."""

    @classmethod
    def of(cls, frame: pd.DataFrame, level: str) -> Contents:
        """Of a whole table, words as categories in the order of the alphabet."""
        measures, words = frame["measure"].cat, {}
        for column in ("period", "category"):
            of_column = frame[column].cat
            held = np.zeros((len(measures.categories), len(of_column.categories)), bool)
            held[measures.codes, of_column.codes] = True
            words[column] = {
                measure: of_column.categories[which].tolist()
                for measure, which in zip(measures.categories.tolist(), held, strict=True)
            }
        return cls(level, words)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Contents:
        return cls(**json.loads(content))

    def distinct(self, column: str, measure: str | None) -> set[str]:
        """The different periods or categories of a measure, of all measures where it is None."""
        of_measures = self.words[column]
        return {word for name in ([measure] if measure else of_measures) for word in of_measures.get(name, [])}


def part(path: Path, cached: Path, areas: Areas, codes: Collection[str] | None, partner: str | None) -> list[Columns]:
    """The part of a table that holds the rows of some small areas, or the flows that end in one; empty where none is asked for.

    It holds whole counties (a district that lies in none by itself): a page shows its neighbours too. ``cached`` is where
    parts are kept from one build to the next, named by the table's hash; theirs have a few letters more.
    """
    known = areas.registry.districts
    if codes is not None:
        own = {known[code] for code in codes if code in known}
        around = frozenset(near for district in own for near in _around(areas, district))
        return [_slice(path, cached, "district", around)] if around else []
    if partner in known:
        level = areas[partner].level
        near = (area.code for district in _around(areas, known[partner]) for area in areas.children(district, level))
        return [_slice(path, cached, "partner", frozenset(near))]
    return []


def whole(path: Path, measure: str, categories: Collection[str]) -> pd.DataFrame:
    """Area and value of every row of a measure and some of its categories."""
    filters = [("measure", "==", measure), ("category", "in", set(categories))]
    words = ["area", "measure", "category"]
    held = pq.read_table(path, columns=["area", "value"], filters=filters, use_threads=False, read_dictionary=words)
    rows: pd.DataFrame = held.to_pandas()
    return rows


def _around(areas: Areas, district: str) -> tuple[str, ...]:
    county = areas[district].parents.get("county")
    return tuple(area.code for area in areas.children(county, "district")) if county else (district,)


@lru_cache(maxsize=SLICES)
def _slice(path: Path, cached: Path, column: str, wanted: frozenset[str]) -> Columns:
    kept = cached.with_name(f"{cached.stem}-{column}-{digest(' '.join(sorted(wanted)).encode())}.arrow")
    if (content := content_cache.recall(kept)) is None:
        table = _cut(path, column, wanted)
        content_cache.keep(kept, to_bytes(table))
    else:
        table = from_bytes(content)
    return Columns.from_tables([table])


def _cut(path: Path, column: str, wanted: frozenset[str]) -> pa.Table:
    # One thread: a process that is forked for many pages reads it. What is sorted by is found in a few groups of rows; what is
    # not is looked for in all of them, and read faster as codes.
    as_codes = list(WORDS) if column != "district" else None
    filters = [(column, "in", wanted)]
    table = pq.read_table(path, columns=list(COLUMNS), filters=filters, read_dictionary=as_codes, use_threads=False)
    frame = pd.DataFrame({name: words_of(table[name]) if name in WORDS else table[name].to_numpy() for name in COLUMNS})
    return coded_rows(frame.sort_values("area", kind="stable", ignore_index=True))  # the rest of the key is in its order
