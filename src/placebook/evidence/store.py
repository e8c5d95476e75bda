"""The tidy store: frozen tables, read-only, addressed by the hash of their content.

A table of districts and larger areas is read from CSV and checked once; what was checked lies under ``_build/cache/tables`` in
Arrow's format, named by the SHA-256 of the CSV. A changed CSV has another name, so the cache is never stale, and it
is safe to delete. Tables that nobody asks for are hashed and never read. A table of small areas is Parquet: of one that was
checked a page reads its own rows (``small_tables``), which are kept beside it. Small areas are asked for by codes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from placebook import content_cache
from placebook.catalogue.models import Source, Table
from placebook.errors import DataError, Fault
from placebook.evidence import small_tables
from placebook.evidence.columns import COLUMNS as COLUMNS
from placebook.evidence.columns import KEY as KEY
from placebook.evidence.columns import ROW, WORDS, Columns, coded_rows, from_bytes, to_bytes
from placebook.evidence.query_log import Asked, Question, digest
from placebook.evidence.small_tables import Contents
from placebook.geography.areas import Areas
from placebook.paths import GEOGRAPHY_OF_SMALL_AREAS, Project, unfit

MARKERS = ("c", "u", "x", "z", "p", "r", "e", "b", "low")
RULES = 4
"""Raise it when ``integrity`` asks for more, or the cache's layout changes: every table is then read again."""
MAX_BYTES = 200_000_000
"""Of a table."""
Made = TypeVar("Made")
NO_ROWS = pa.table(
    {
        **{
            name: pa.array([], pa.string()).dictionary_encode() if name in WORDS else pa.array([], pa.float64())
            for name in COLUMNS
        },
        ROW: pa.array([], pa.uint64()),
    }
)


class Store:
    """All observations of the book. Open it once; ask it for rows."""

    _at_hand: ClassVar[Store | None] = None

    def __init__(
        self,
        project: Project,
        sources: Mapping[str, Source],
        areas: Areas | None,
        hashes: Mapping[str, str],
    ):
        self._project = project
        self._sources = sources
        self._areas = areas
        self._hashes = hashes
        self._columns: dict[str, Columns] = {}
        self._small_contents: dict[str, Contents] = {}
        self._rules: dict[str, str] = {}
        self._heard: list[Asked] | None = None
        self._made: dict[Hashable, tuple[Any, tuple[Asked, ...]]] = {}

    @classmethod
    def open(cls, project: Project, sources: Mapping[str, Source], areas: Areas | None = None) -> Store:
        """Hash every table and compare with what its source says.

        Raises DataError naming every table that differs, with the rows that are wrong where it can
        be read. Tables in the cache were checked when they were put there; the others are checked when
        they are first asked for, or all at once by ``check_all``.
        """
        from placebook.evidence import table_checks

        hashes: dict[str, str] = {}
        faults: list[Fault] = []
        for source in sources.values():
            for table in source.tables:
                if problem := _unfit(project.file(table.path)):
                    faults.append(Fault(table.path, 0, "", problem, project.restored(table.path)))
                    continue
                digest = content_cache.hash_of(project.file(table.path))
                hashes[table.path] = digest
                if digest != table.sha256:
                    faults += table_checks.changed(project, source, table, digest, areas)
        listed = {table.path for source in sources.values() for table in source.tables}
        listed |= {f"data/small-areas/{name}.parquet" for name in GEOGRAPHY_OF_SMALL_AREAS}
        for folder in (project.tables, project.small_areas):
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                shown = f"data/{folder.name}/{path.name}"
                if shown not in listed and not path.name.startswith("."):
                    faults.append(
                        Fault(shown, 0, "", "is listed by no source", "list it under the tables of its source, or delete it")
                    )
        if faults:
            raise DataError(faults)
        if (store := cls._at_hand) and store.is_of(project, sources, areas, hashes):
            return store
        return cls(project, sources, areas, hashes)

    def keep_at_hand(self) -> None:
        """Let this process, and what is forked from it, be given this store where it opens one of the same content.

        For a process that is forked for many pages: what is in memory already is read for none of them.
        """
        Store._at_hand = self

    def is_of(self, project: Project, sources: Mapping[str, Source], areas: Areas | None, hashes: Mapping[str, str]) -> bool:
        """Whether it was opened on just these tables, sources and areas."""
        same = (self._project.root, self._hashes, self._sources) == (project.root, hashes, sources)
        return same and self._areas is areas

    @cached_property
    def fingerprint(self) -> str:
        """One hash over all tables: which data an edition was made from."""
        joined = "\n".join(f"{path} {digest}" for path, digest in sorted(self._hashes.items()))
        return hashlib.sha256(joined.encode()).hexdigest()

    def read_all(self) -> None:
        """Take every source's tables into memory. Raises DataError for the first that is wrong."""
        for source_id in self._sources:
            if self._tables(source_id):
                self._of(source_id)

    def check_all(self, from_the_end: bool = False) -> None:
        """Read every table that the cache does not hold. Raises DataError with all faults at once.

        Of two processes that check at once, one ``from_the_end``, each finds in the cache what the other has read.
        """
        faults: list[Fault] = []
        for source_id in sorted(self._sources, reverse=from_the_end):
            try:
                for table in self._tables(source_id):
                    if not self._cached(source_id, table).exists():
                        self._read(source_id, table)
                self._contents(source_id)
            except DataError as error:
                faults += error.faults
        if faults:
            raise DataError(faults)

    @contextmanager
    def listening(self) -> Iterator[list[Asked]]:
        """Everything that is asked inside, each with a digest of the answer."""
        before, heard = self._heard, list[Asked]()
        self._heard = heard
        try:
            yield heard
        finally:
            self._heard = before

    def once(self, what: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, made at the first call for ``what``: for what is the same whichever place asks.

        ``make`` asks this store and reads nothing else that could change. Who listens hears its questions at every call.
        """
        if what not in self._made:
            with self.listening() as asked:
                result = make()
            self._made[what] = result, tuple(dict.fromkeys(asked))
        made, heard = self._made[what]
        if self._heard is not None:
            self._heard.extend(heard)
        return cast(Made, made)

    def answer(self, question: Question) -> str:
        """The digest of what a question is answered with now. Raises KeyError for an unknown source."""
        if question.kind == "rows":
            return _digest(self._found(question))
        if question.kind == "table":
            return digest(repr(self.hashes(question.source)).encode())
        words = self._words(question.kind, question.source, question.measure, question.category)
        return digest("\n".join(sorted(words)).encode())

    def hashes(self, source_id: str) -> dict[str, str]:
        """Path of each of a source's tables to the SHA-256 of its file."""
        small = self._small_table(source_id)
        return {table.path: self._hashes[table.path] for table in (*self._tables(source_id), *([small] if small else []))}

    # ------------------------------------------------------------ questions

    def rows(
        self,
        source_id: str,
        *,
        measure: str | None = None,
        category: str | Collection[str] | None = None,
        areas: Collection[str] | None = None,
        partner: str | None = None,
    ) -> pd.DataFrame:
        """Rows of a source's tables, columns ``COLUMNS``, sorted by ``KEY``; of one category or of several.

        Words are never missing ("" where there is none); numbers are float64, NaN where there is none.
        Raises KeyError for an unknown source.
        """
        found = self._asked(Question("rows", source_id, measure, _several(category), _several(areas), partner))
        frames = [columns.frame(at) for columns, at in found]
        return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)

    def cells(
        self,
        source_id: str,
        names: Sequence[str],
        *,
        measure: str | None = None,
        category: str | Collection[str] | None = None,
        areas: Collection[str] | None = None,
        partner: str | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """The same rows as ``rows`` gives, each a tuple of its cells in the columns ``names``.

        A page asks several hundred times: a frame takes longer to make, and to take apart, than all else of the answer.
        Raises KeyError for an unknown source or column.
        """
        found = self._asked(Question("rows", source_id, measure, _several(category), _several(areas), partner))
        return chain(*[columns.cells(at, names) for columns, at in found])

    def _asked(self, question: Question) -> list[tuple[Columns, np.ndarray]]:
        """Where the answer lies; who listens hears the question."""
        found = self._found(question)
        if self._heard is not None:
            self._heard.append(Asked(question, _digest(found)))
        return found

    def _found(self, question: Question) -> list[tuple[Columns, np.ndarray]]:
        """Where rows lie: small areas first, as their codes do; at least one part."""
        _, source, measure, category, areas, partner = question
        parts = [self._of(source)]
        if self._areas and (table := self._small_table(source)):
            path, cached = self._project.file(table.path), self._cached(source, table)
            parts = [*small_tables.part(path, cached, self._areas, areas, partner), *parts]
        found = [(columns, columns.at(measure, category, areas, partner)) for columns in parts]
        return [(columns, at) for columns, at in found if len(at)] or found[-1:]

    def areas(self, source_id: str, measure: str | None = None, category: str | None = None) -> frozenset[str]:
        """Codes of districts and larger areas that the source has a row for."""
        return frozenset(self._distinct("area", source_id, measure, category))

    def periods(self, source_id: str, measure: str | None = None) -> tuple[str, ...]:
        """Periods that the source has a row for, oldest first."""
        return tuple(sorted(self._distinct("period", source_id, measure)))

    def categories(self, source_id: str, measure: str | None = None) -> tuple[str, ...]:
        """Categories that the source has a row for."""
        return tuple(sorted(self._distinct("category", source_id, measure)))

    def small_rows(self, source_id: str, measure: str, categories: Sequence[str]) -> pd.DataFrame:
        """Area and value of every small area of England, for yardsticks; seldom: it reads the whole table."""
        table = self._small_table(source_id)
        path = self._project.file(table.path) if table else None
        return small_tables.whole(path, measure, categories) if path else pd.DataFrame({"area": [], "value": []})

    def worked_out(self, source_id: str, what: str, make: Callable[[], str]) -> str:
        """A text that ``make`` gives from a source's table of small areas, kept beside the table by its hash."""
        table = self._small_table(source_id)
        if table is None:
            return make()
        if self._heard is not None:
            question = Question("table", source_id)
            self._heard.append(Asked(question, self.answer(question)))
        path = self._project.cache / "tables" / f"{self._hashes[table.path]}-{digest(what.encode())}.json"
        if (content := content_cache.recall(path)) is None:
            content = make().encode()
            content_cache.keep(path, content)
        return content.decode()

    def _distinct(self, column: str, source_id: str, measure: str | None, category: str | None = None) -> list[str]:
        words = self._words(column, source_id, measure, category)
        if self._heard is not None:
            asked = Question(column, source_id, measure, _several(category))
            self._heard.append(Asked(asked, digest("\n".join(sorted(words)).encode())))
        return words

    def _words(self, column: str, source_id: str, measure: str | None, category: str | Collection[str] | None) -> list[str]:
        words = set(self._of(source_id).distinct(column, measure, category))
        contents = self._contents(source_id) if column != "area" else None
        return [*words.union(contents.distinct(column, measure) if contents else ())]

    def small_level(self, source_id: str, measure: str) -> str:
        """``lsoa`` or ``msoa`` where the source has a table of small areas with that measure; else ""."""
        contents = self._contents(source_id)
        return contents.level if contents and contents.distinct("period", measure) else ""

    def table_path(self, source_id: str) -> str:
        """Where the source's observations of districts and larger areas lie, from the root; several joined by ``;``."""
        return ";".join(table.path for table in self._tables(source_id))

    def small_table_path(self, source_id: str) -> str:
        """Where those of small areas lie: in a table of their own, or with the others."""
        table = self._small_table(source_id)
        return table.path if table else self.table_path(source_id)

    # ------------------------------------------------------------ reading

    def _tables(self, source_id: str) -> list[Table]:
        tables = self._sources[source_id].tables
        return [table for table in tables if table.path.startswith("data/tables/")]

    def _small_table(self, source_id: str) -> Table | None:
        path = f"data/small-areas/{source_id}.parquet"
        return next((table for table in self._sources[source_id].tables if table.path == path), None)

    def _contents(self, source_id: str) -> Contents | None:
        """What a source's table of small areas holds. Raises DataError where it is wrong."""
        from placebook.evidence import table_checks

        if (table := self._small_table(source_id)) is None or self._areas is None:
            return None
        if source_id not in self._small_contents:
            note = self._cached(source_id, table)
            if (content := content_cache.recall(note)) is None:
                content = table_checks.read_small(self._project, self._sources[source_id], table, self._areas).to_json()
                content_cache.keep(note, content)
            self._small_contents[source_id] = Contents.from_json(content)
        return self._small_contents[source_id]

    def _of(self, source_id: str) -> Columns:
        if source_id not in self._columns:
            parts = [self._columns_of(source_id, table) for table in self._tables(source_id)]
            if not parts and self._small_table(source_id) is None:
                raise KeyError(f"the source {source_id} has no table of observations")
            self._columns[source_id] = Columns.from_tables(parts or [NO_ROWS])
        return self._columns[source_id]

    def _cached(self, source_id: str, table: Table) -> Path:
        """Named by the table and by what it was held against: a stricter rule finds nothing there."""
        name = f"{self._hashes[table.path]}-{self._rules_of(source_id)}.arrow"
        return self._project.cache / "tables" / name

    @cached_property
    def _known_codes(self) -> str:
        if self._areas is None:
            return ""
        codes = " ".join(sorted(area.code for area in self._areas))
        return f"{codes};{' '.join(sorted(self._areas.superseded))};{self._areas.registry.fingerprint}"

    def _rules_of(self, source_id: str) -> str:
        if source_id not in self._rules:
            source = self._sources[source_id]
            ranges = [(name, about.minimum, about.maximum) for name, about in sorted(source.measures.items())]
            own = [name for name, about in sorted(source.measures.items()) if source.own and about.count]
            rules = f"{RULES};{ranges};{self._known_codes}{f';{own}' if own else ''}"
            self._rules[source_id] = hashlib.sha256(rules.encode()).hexdigest()[:16]
        return self._rules[source_id]

    def _columns_of(self, source_id: str, table: Table) -> pa.Table:
        content = content_cache.recall(self._cached(source_id, table))
        if content is None:
            return self._read(source_id, table)
        return from_bytes(content)

    def _read(self, source_id: str, table: Table) -> pa.Table:
        from placebook.evidence import table_checks

        frame = table_checks.read_checked(self._project, self._sources[source_id], table, self._areas)
        rows = coded_rows(frame)
        content_cache.keep(self._cached(source_id, table), to_bytes(rows))
        return rows


def _unfit(path: Path) -> str:
    """Why a table is not to be read, or "". Of one that is missing others tell."""
    if path.is_symlink():
        return "is a link: a table is a file of its own"
    try:
        return unfit(path, MAX_BYTES)
    except OSError:
        return ""


def _digest(found: Sequence[tuple[Columns, np.ndarray]]) -> str:
    return digest(np.concatenate([columns.digests[at] for columns, at in found]).tobytes())


def _several(words: str | Collection[str] | None) -> tuple[str, ...] | None:
    return words if words is None else (words,) if isinstance(words, str) else tuple(sorted(words))
