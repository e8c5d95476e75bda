"""``placebook refresh``: published files → frozen tables, and the record of them in each source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from placebook.catalogue.load import read_sources
from placebook.catalogue.models import Refresh, Source
from placebook.errors import Fault, InputError
from placebook.paths import Project, write_atomically
from placebook.refresh import datapackage
from placebook.refresh.adapters import GEOGRAPHY_ADAPTERS, OPTIONS, SMALL_AREA_OPTIONS, TABLE_ADAPTERS, check_options
from placebook.refresh.codes import Codes
from placebook.refresh.delimited import Files, read_parquet
from placebook.refresh.outlines import small_area_outlines
from placebook.refresh.readers import Reader
from placebook.refresh.small_area_lists import small_area_lists
from placebook.refresh.small_areas import observations
from placebook.refresh.source_record import RefreshedTable, with_tables
from placebook.refresh.tidy import LEFT_OUT, table_text

LARGEST_TABLE = 1_800_000
"""Bytes; a larger table is cut into several files."""
STAGES = dict.fromkeys(GEOGRAPHY_ADAPTERS, 0) | {"small-area-lists": 1}
"""What the others stand on is made first."""


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


def refresh(project: Project, reader: Reader, ids: Sequence[str] | None = None) -> list[RefreshResult]:
    """Make the tables of the sources named (all of them where ``ids`` is None or empty) again.

    Everything is read, made and checked before the first byte is written, so that a file that
    cannot be read leaves all tables as they were. Raises InputError or DataError with what is wrong.
    """
    sources = chosen(read_sources(project), ids)
    making = Making(project, reader, sources)
    making.make()
    results = [_write(project, making, name) for name in sorted(sources)]
    datapackage.write(project)
    return results


def chosen(sources: dict[str, Source], ids: Sequence[str] | None) -> dict[str, Source]:
    """The sources named, all of them where none is. Raises InputError for a name that no source has."""
    unknown = [name for name in ids or () if name not in sources]
    if unknown:
        raise InputError(f"there is no source {', '.join(unknown)}. Known: {', '.join(sources)}")
    return {name: source for name, source in sources.items() if not ids or name in ids}


class Making:
    """The files of the sources, made in memory: first the geography, which the others stand on."""

    def __init__(self, project: Project, reader: Reader, sources: Mapping[str, Source]):
        self.project, self.reader, self.sources = project, reader, sources
        self.files: dict[str, dict[str, bytes]] = {name: {} for name in sources}
        """Source → path from the project's root → bytes."""
        self.left_out: dict[str, dict[str, tuple[str, ...]]] = {name: {} for name in sources}

    def make(self) -> None:
        """Make every file. Raises InputError or DataError."""
        both = [(name, (source.refresh, source.small_areas)) for name, source in self.sources.items()]
        blocks = [(name, block, bool(small)) for name, each in both for small, block in enumerate(each) if block]
        for name, block, small in blocks:
            check_options(f"{name}.yml", block.adapter, block.options, SMALL_AREA_OPTIONS if small else OPTIONS)
        for name, block, small in sorted(blocks, key=lambda one: STAGES.get(one[1].adapter, len(STAGES))):
            self.files[name] |= self._small(name, block) if small else self._larger(name, block)

    def _larger(self, name: str, block: Refresh) -> dict[str, bytes]:
        """Tables of districts and larger areas, or their geography."""
        source, contents = self.sources[name], self._contents(block)
        if adapter := GEOGRAPHY_ADAPTERS.get(block.adapter):
            made = {f"data/geography/{file}": text for file, text in adapter(contents, block.options).items()}
        else:
            codes = self._codes.of_table(source.geography.levels, source.added_up_from)
            frame = TABLE_ADAPTERS[block.adapter](contents, block.options, source.measures, codes)
            self.left_out[name] = {reason: tuple(found) for reason, found in frame.attrs.get(LEFT_OUT, {}).items()}
            made = parts(f"data/tables/{name}", frame)
        return {file: text.encode("utf-8") for file, text in made.items()}

    def _small(self, name: str, block: Refresh) -> dict[str, bytes]:
        """A table of small areas, or their registry or outlines."""
        source, contents = self.sources[name], self._contents(block)
        if block.adapter == "small-area-lists":
            made = small_area_lists(contents, block.options, self._codes)
        elif block.adapter == "small-area-outlines":
            made = small_area_outlines(contents, block.options, self._districts(source.geography.levels))
        else:
            districts = self._districts(source.geography.levels)
            made = {f"{name}.parquet": observations(contents, block.options, source.measures, districts)}
        return {f"data/small-areas/{file}": content for file, content in made.items()}

    def _contents(self, block: Refresh) -> Files:
        return Files((name, self.reader.read(name)) for name in block.files)

    def _made_or_frozen(self, where: str) -> bytes:
        """A geography file: as just made, or else the frozen one."""
        made = {path: content for files in self.files.values() for path, content in files.items()}
        if where not in made and not self.project.file(where).is_file():
            raise InputError(Fault(where, 0, "", "is missing", "refresh the geography sources first"))
        return made.get(where) or self.project.file(where).read_bytes()

    @cached_property
    def _codes(self) -> Codes:
        """The codes that tables may hold."""
        names = ("data/geography/areas.csv", "data/geography/superseded.csv")
        return Codes.read(*(self._made_or_frozen(name).decode("utf-8") for name in names))

    def _districts(self, levels: Sequence[str]) -> dict[str, str]:
        """Small area of these levels → the district that it lies in."""
        where = "data/small-areas/areas.parquet"
        areas = read_parquet(where, self._made_or_frozen(where)).select(["code", "level", "district"]).to_pandas()
        areas = areas[areas["level"].isin(levels)]
        return dict(zip(areas["code"], areas["district"], strict=True))


def parts(name: str, frame: pd.DataFrame) -> dict[str, str]:
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


def _write(project: Project, made: Making, name: str) -> RefreshResult:
    """Write what differs: first the tables, then the record that vouches for them; into the project, also of the package's."""
    tables, changed = [listed(where, data) for where, data in sorted(made.files[name].items())], False
    for where, data in sorted(made.files[name].items()):
        changed |= _write_if_new(project, where, data)
    record = f"data/sources/{name}.yml"
    written = project.file(record).read_bytes().decode("utf-8")
    changed |= _write_if_new(project, record, with_tables(written, tables).encode("utf-8"))
    return RefreshResult(name, tuple(tables), changed, made.left_out[name])


def _write_if_new(project: Project, where: str, data: bytes) -> bool:
    held = project.file(where)
    if held.is_file() and held.read_bytes() == data:
        return False
    write_atomically(project.root / where, data)
    return True


def listed(where: str, data: bytes) -> RefreshedTable:
    """A file as its source lists it."""
    return RefreshedTable(where, _count(where, data), hashlib.sha256(data).hexdigest(), len(data))


def _count(name: str, data: bytes) -> int:
    if name.endswith(".parquet"):
        return len(read_parquet(name, data))
    if name.endswith(".geojson"):
        return len(json.loads(data)["features"])
    return _rows(data.decode("utf-8"))


def _rows(text: str) -> int:
    """Rows below the header; a line end inside quotes ends no row."""
    return sum(line.count('"') % 2 == 0 for line in text.splitlines()) - 1
