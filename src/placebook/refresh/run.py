"""``placebook refresh``: published files → frozen tables, and the record of them in each source."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from placebook.catalogue.load import read_sources
from placebook.catalogue.models import Source
from placebook.errors import Fault, InputError, shown_path
from placebook.paths import Project, write_atomically
from placebook.refresh import datapackage
from placebook.refresh.adapters import GEOGRAPHY_ADAPTERS, TABLE_ADAPTERS, check_options
from placebook.refresh.codes import Codes
from placebook.refresh.delimited import Files
from placebook.refresh.readers import Reader
from placebook.refresh.tidy import LEFT_OUT, table_text

LARGEST_TABLE = 1_800_000
"""Bytes; a larger table is cut into several files."""
_TABLES = re.compile(r"^tables:.*\Z", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class RefreshedTable:
    """One file made: ``rows`` below the header, or features."""

    path: str
    rows: int
    sha256: str
    size: int


@dataclass(frozen=True)
class RefreshResult:
    """What became of one source."""

    source: str
    tables: tuple[RefreshedTable, ...]
    changed: bool
    """Whether any byte of its tables or of its record differs from before."""
    left_out: Mapping[str, tuple[str, ...]]
    """Reason → codes of the areas whose rows were not carried."""

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Source, table, number of rows and state, one for each table, for a reader's eyes."""
        state = "written" if self.changed else "unchanged"
        state += "".join(f"; {len(codes)} areas {reason} left out" for reason, codes in self.left_out.items())
        return [(self.source, table.path, f"{table.rows:,}", state) for table in self.tables]


@dataclass(frozen=True)
class _Made:
    id: str
    path: Path
    source: Source
    files: dict[str, str]
    """Path from the project's root → text."""
    left_out: dict[str, tuple[str, ...]]


def refresh(project: Project, reader: Reader, ids: Sequence[str] | None = None) -> list[RefreshResult]:
    """Make the tables of the sources named (all of them where ``ids`` is None or empty) again.

    Everything is read, made and checked before the first byte is written, so that a file that
    cannot be read leaves all tables as they were. Raises InputError or DataError with what is wrong.
    """
    sources = _chosen(read_sources(project), ids)
    paths = {name: project.sources / f"{name}.yml" for name in sources}
    geography = [name for name, source in sources.items() if _is_geography(source)]
    made = [_geography(paths[name], sources[name], reader) for name in geography]
    if tables := [name for name in sources if name not in geography]:
        codes = _codes(project, made)
        made += [_table(paths[name], sources[name], reader, codes) for name in tables]
    results = [_write(project, one) for one in sorted(made, key=lambda one: one.id)]
    datapackage.write(project)
    return results


def _chosen(sources: dict[str, Source], ids: Sequence[str] | None) -> dict[str, Source]:
    unknown = [name for name in ids or () if name not in sources]
    if unknown:
        raise InputError(f"there is no source {', '.join(unknown)}. Known: {', '.join(sources)}")
    return {name: source for name, source in sources.items() if not ids or name in ids}


def _is_geography(source: Source) -> bool:
    return source.refresh.adapter in GEOGRAPHY_ADAPTERS


def _codes(project: Project, made: Sequence[_Made]) -> Codes:
    """The codes that tables may hold: from the geography just made, or else from the frozen one."""
    texts = {path: text for one in made for path, text in one.files.items()}
    found = []
    for name in ("areas.csv", "superseded.csv"):
        path = project.geography / name
        where = shown_path(path, project.root)
        if where not in texts and not path.is_file():
            raise InputError(Fault(where, 0, "", "is missing", "refresh the geography sources first"))
        found.append(texts.get(where) or path.read_text(encoding="utf-8"))
    return Codes.read(*found)


def _contents(made: Path, source: Source, reader: Reader) -> Files:
    check_options(made.name, source.refresh.adapter, source.refresh.options)
    return Files((name, reader.read(name)) for name in source.refresh.files)


def _geography(path: Path, source: Source, reader: Reader) -> _Made:
    adapter = GEOGRAPHY_ADAPTERS[source.refresh.adapter]
    files = adapter(_contents(path, source, reader), source.refresh.options)
    return _Made(path.stem, path, source, {f"data/geography/{name}": text for name, text in files.items()}, {})


def _table(path: Path, source: Source, reader: Reader, codes: Codes) -> _Made:
    contents = _contents(path, source, reader)
    frame = TABLE_ADAPTERS[source.refresh.adapter](
        contents, source.refresh.options, source.measures, codes.of_table(source.geography.levels, source.added_up_from)
    )
    left_out = {reason: tuple(found) for reason, found in frame.attrs.get(LEFT_OUT, {}).items()}
    return _Made(path.stem, path, source, _parts(f"data/tables/{path.stem}", frame), left_out)


def _parts(name: str, frame: pd.DataFrame) -> dict[str, str]:
    """The table as one file, or as several of equal numbers of areas where it is too large for one."""
    whole = table_text(frame)
    count = -(-len(whole.encode("utf-8")) // LARGEST_TABLE)
    if count == 1:
        return {f"{name}.csv": whole}
    areas = sorted(frame["area"].unique())
    each = -(-len(areas) // count)
    return {
        f"{name}-{part + 1}.csv": table_text(frame[frame["area"].isin(areas[part * each : (part + 1) * each])])
        for part in range(count)
    }


def _write(project: Project, made: _Made) -> RefreshResult:
    """Write what differs: first the tables, then the record that vouches for them."""
    tables, changed = [], False
    for name, text in sorted(made.files.items()):
        data = text.encode("utf-8")
        tables.append(RefreshedTable(name, _count(name, text), hashlib.sha256(data).hexdigest(), len(data)))
        changed |= _write_if_new(project.root / name, data)
    record = made.path.read_bytes()
    changed |= _write_if_new(made.path, _with_tables(record.decode("utf-8"), tables).encode("utf-8"))
    return RefreshResult(made.id, tuple(tables), changed, made.left_out)


def _write_if_new(path: Path, data: bytes) -> bool:
    if path.is_file() and path.read_bytes() == data:
        return False
    write_atomically(path, data)
    return True


def _with_tables(written: str, tables: Sequence[RefreshedTable]) -> str:
    """The source's text with its last block, ``tables:``, written anew and all before it untouched."""
    match = _TABLES.search(written)
    if match and (after := [line for line in match.group().splitlines()[1:] if line[:1].strip() and line[0] not in "-#"]):
        raise InputError(f"{after[0]!r} stands after tables: in a source file. Keep tables: last; it is written anew.")
    before = _TABLES.sub("", written)
    if before and not before.endswith("\n"):
        before += "\n"
    lines = ["tables:"]
    for table in tables:
        lines += [
            f"  - path: {table.path}",
            f"    rows: {table.rows}",
            f"    sha256: {_plain(table.sha256)}",
        ]
    return before + "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """``text`` as YAML reads it back as text: quoted where it looks like a number."""
    return text if isinstance(yaml.safe_load(text), str) else f"'{text}'"


def _count(name: str, text: str) -> int:
    if name.endswith(".geojson"):
        return len(json.loads(text)["features"])
    return _rows(text)


def _rows(text: str) -> int:
    """Rows below the header; a line end inside quotes ends no row."""
    return sum(line.count('"') % 2 == 0 for line in text.splitlines()) - 1
