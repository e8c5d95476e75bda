"""Observations by columns, words as codes: so that a question costs no text comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

KEY = ("area", "period", "measure", "category", "partner")
COLUMNS = (*KEY, "value", "lower", "upper", "markers")
WORDS = (*KEY, "markers")
NUMBERS = ("value", "lower", "upper")
ROW = "row"
"""A number for each row that differs where anything in the row does; it lies in the cache beside the row."""


@dataclass
class Columns:
    """A source's observations as codes and numbers, so that a question costs no text comparison."""

    words: dict[str, tuple[np.ndarray, np.ndarray]]
    """Column to its distinct words and each row's index into them."""
    numbers: dict[str, np.ndarray]
    digests: np.ndarray
    """A number for each row, by which a changed row is known."""
    _places: dict[str, dict[str, int]] = field(default_factory=dict)

    @classmethod
    def from_tables(cls, tables: list[pa.Table]) -> Columns:
        whole = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
        words = {}
        for name in WORDS:
            column = whole[name].chunk(0) if whole[name].num_chunks else pa.array([])
            words[name] = (
                column.dictionary.to_numpy(zero_copy_only=False),
                column.indices.to_numpy(zero_copy_only=False),
            )
        numbers = {name: whole[name].to_numpy() for name in NUMBERS}
        return cls(words, numbers, whole[ROW].to_numpy())

    def at(
        self,
        measure: str | None,
        category: str | Collection[str] | None,
        areas: Collection[str] | None,
        partner: str | None,
    ) -> np.ndarray:
        """Where the rows are that a question is about."""
        keep = np.ones(len(self.numbers["value"]), dtype=bool)
        for name, wanted in (("measure", measure), ("category", category), ("partner", partner)):
            if wanted is not None:
                keep &= self._is(name, (wanted,) if isinstance(wanted, str) else wanted)
        if areas is not None:
            keep &= self._is("area", areas)
        return np.flatnonzero(keep)

    def frame(self, at: np.ndarray) -> pd.DataFrame:
        """Some of the rows, written out."""
        return pd.DataFrame({name: self._column(name, at) for name in COLUMNS})

    def cells(self, at: np.ndarray, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Some cells of some of the rows."""
        return zip(*(self._column(name, at).tolist() for name in names), strict=True)

    def _column(self, name: str, at: np.ndarray) -> np.ndarray:
        if name in self.numbers:
            return self.numbers[name].take(at)
        distinct, codes = self.words[name]
        return distinct.take(codes.take(at))

    def distinct(self, name: str, measure: str | None, category: str | Collection[str] | None = None) -> list[str]:
        """The different words of a column; counted by their codes, so no row is written out."""
        distinct, codes = self.words[name]
        keep = np.ones(len(codes), dtype=bool)
        for column, wanted in (("measure", measure), ("category", category)):
            if wanted is not None:
                keep &= self._is(column, (wanted,) if isinstance(wanted, str) else wanted)
        return list(distinct[np.unique(codes[keep])])

    def _is(self, name: str, wanted: Collection[str]) -> np.ndarray:
        distinct, codes = self.words[name]
        known, chosen = self._numbered(name), np.zeros(len(distinct), bool)
        chosen[[known[word] for word in wanted if word in known]] = True
        return chosen.take(codes)

    def _numbered(self, name: str) -> dict[str, int]:
        """A column's distinct words and where each stands among them."""
        if name not in self._places:
            self._places[name] = {word: at for at, word in enumerate(self.words[name][0].tolist())}
        return self._places[name]


def words_of(column: pa.ChunkedArray) -> pd.Categorical[Any]:
    """A column of few different words, in the order of the alphabet."""
    encoded = _encoded(column)
    order = pc.array_sort_indices(encoded.dictionary)
    ranks = np.empty(len(order), dtype=np.min_scalar_type(-len(order)))
    ranks[order.to_numpy()] = np.arange(len(order))
    categories = pd.Index(encoded.dictionary.take(order).to_pandas(), dtype="str")
    return pd.Categorical.from_codes(ranks[encoded.indices.to_numpy()], dtype=pd.CategoricalDtype(categories))


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Each word once and none that no row has, whatever a file's own dictionary holds."""
    if pa.types.is_dictionary(column.type):
        encoded = column.unify_dictionaries().combine_chunks()
        if len(pc.unique(encoded.indices)) == len(encoded.dictionary) == len(pc.unique(encoded.dictionary)):
            return encoded
    return column.cast(pa.string()).combine_chunks().dictionary_encode()


def coded_rows(frame: pd.DataFrame) -> pa.Table:
    """A checked table, columns ``COLUMNS``, words as categories: as it is kept, each row with its number."""
    columns = {name: _coded(frame[name]) if name in WORDS else pa.array(frame[name].to_numpy()) for name in COLUMNS}
    return pa.table({**columns, ROW: pd.util.hash_pandas_object(frame[list(COLUMNS)], index=False).to_numpy()})


def to_bytes(table: pa.Table) -> bytes:
    """In Arrow's format."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def from_bytes(content: bytes) -> pa.Table:
    """What ``to_bytes`` gave."""
    return pa.ipc.open_file(pa.BufferReader(content)).read_all()


def _coded(words: pd.Series) -> pa.DictionaryArray:
    """Categories as Arrow holds them."""
    codes = pa.array(words.cat.codes.to_numpy().astype("int32"))
    return pa.DictionaryArray.from_arrays(codes, pa.array(words.cat.categories.tolist(), pa.string()))
