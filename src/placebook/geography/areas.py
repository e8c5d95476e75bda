"""Areas by GSS code: names, levels, parents, superseded codes, statistical neighbours."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from placebook.errors import DataError, Fault, InputError
from placebook.geography import names
from placebook.geography.registry import FILE, LEVELS, Registry
from placebook.paths import Project, unfit

LEVEL_WORDS = {
    "lsoa": "LSOA",
    "msoa": "MSOA",
    "ward": "ward",
    "district": "district",
    "authority": "local authority outside England",
    "county": "county",
    "itl3": "ITL level 3 area",
    "itl2": "ITL level 2 area",
    "itl1": "ITL level 1 area",
    "region": "region",
    "country": "country",
    "uk": "United Kingdom and its parts",
}
COLUMNS = {
    "areas.csv": ("code", "name", "known_as", "level", "vintage", "msoa", "district", "county", "region", "country", "same_as"),
    "superseded.csv": ("code", "name", "level", "since", "successors", "kind"),
    "neighbours.csv": ("area", "model", "rank", "neighbour"),
}
ELSEWHERE = {"W": "Wales", "S": "Scotland", "N": "Northern Ireland"}
"""How codes of areas outside England begin."""
MAX_BYTES = 200_000_000
PARENT_LEVELS = ("msoa", "district", "county", "region", "country")


@dataclass(frozen=True)
class Area:
    """One area, by the name that people say. ``parents`` maps a level to the code of the area of that level around it."""

    code: str
    name: str
    known_as: str
    level: str
    vintage: str
    parents: dict[str, str]
    same_as: tuple[str, ...] = ()
    ward: str = ""
    """Name of the ward (2024) that an LSOA fits best; its code is among the parents."""
    built_up_area: str = ""
    """Name of the built-up area (2022) that an LSOA lies in; its code is among the parents."""

    @property
    def level_words(self) -> str:
        """The level as a reader says it; unitary authorities and boroughs are not "districts"."""
        found = names.names().get(self.code)
        return found.kind if found and found.kind else LEVEL_WORDS[self.level]


@dataclass(frozen=True)
class Superseded:
    """A code no longer in force, with the codes that took its place."""

    code: str
    name: str
    level: str
    since: str
    successors: tuple[str, ...]
    kind: str
    """``recode``: one for one, figures carry over. ``merged`` or ``split``: they do not."""


@dataclass(frozen=True)
class Neighbour:
    """One of ONS's statistical neighbours of an area, as ranked by the publisher."""

    rank: int
    code: str
    name: str
    """Empty for a county or a combined authority that the book does not know."""


class Areas:
    """All areas that the book knows: districts and what is larger at once, small areas as they are asked for."""

    def __init__(
        self,
        areas: dict[str, Area],
        superseded: dict[str, Superseded],
        neighbours: dict[tuple[str, str], list[tuple[int, str]]],
        registry: Registry,
    ):
        self._areas = areas
        self.superseded = superseded
        self._neighbours = neighbours
        self.registry = registry
        self._small: dict[str, dict[str, Area]] = {}
        self._inside: dict[tuple[str, str], tuple[Area, ...]] = {}

    @classmethod
    def open(cls, project: Project) -> Areas:
        """Read ``areas.csv``, ``superseded.csv``, ``neighbours.csv`` and the registry of small areas.

        Raises DataError, naming file and line, where a row is short, doubled or points nowhere.
        """
        names = [*(f"data/geography/{name}" for name in COLUMNS), FILE]
        return _read(tuple(_File(name, _content(project.file(name), name)) for name in names))

    def __contains__(self, code: object) -> bool:
        return code in self._areas or code in self.registry.districts

    def __iter__(self) -> Iterator[Area]:
        """Districts and larger areas."""
        return iter(self._areas.values())

    def __getitem__(self, code: str) -> Area:
        """The area of this code. Raises InputError, with the nearest codes, where there is none."""
        if code in self._areas:
            return self._areas[code]
        if code in self.registry.districts:
            return self._of_district(self.registry.districts[code])[code]
        raise InputError(f"there is no area {code}. {self.hint(code)}".strip())

    def _of_district(self, district: str) -> dict[str, Area]:
        """The small areas of a district, by code."""
        if district not in self._small:
            above = {level: self._areas[district].parents.get(level, "") for level in ("county", "region", "country")}
            self._small[district] = {row["code"]: _small(row, above) for row in self.registry.rows(district)}
        return self._small[district]

    def hint(self, text: str, level: str | None = None) -> str:
        """What the writer of an unknown code may have meant, as one sentence; may be empty."""
        if text in self.superseded:
            old = self.superseded[text]
            successors = " and ".join(
                f"{code} ({self._areas[code].name})" if code in self._areas else code for code in self._in_force(text)
            )
            return f"{text} was {old.name} until {old.since}; use {successors or 'its successor'}."
        pool = [area for area in self if level is None or area.level == level]
        near = difflib.get_close_matches(text, [area.code for area in pool], n=2, cutoff=0.75)
        near += [code for code in self.registry.near(text) if level is None or self[code].level == level]
        named = [a.code for a in pool if a.name.casefold() == text.strip().casefold()]
        suggestions = [f"{code} ({self[code].name})" for code in dict.fromkeys(named + near)]
        return f"Did you mean {' or '.join(suggestions)}?" if suggestions else ""

    def _in_force(self, code: str, passed: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The codes that stand today where a superseded one stood; a successor may have gone too."""
        if code not in self.superseded or code in passed:
            return (code,)
        heirs = (self._in_force(heir, (*passed, code)) for heir in self.superseded[code].successors)
        return tuple(dict.fromkeys(current for each in heirs for current in each))

    @cached_property
    def _by_level(self) -> dict[str, tuple[Area, ...]]:
        by_level: dict[str, list[Area]] = {}
        for area in self:
            by_level.setdefault(area.level, []).append(area)
        return {level: tuple(areas) for level, areas in by_level.items()}

    @cached_property
    def _by_parent(self) -> dict[tuple[str, str], tuple[Area, ...]]:
        """Code and level to the areas of the level that name the code as the one of its level they lie in."""
        by_parent: dict[tuple[str, str], list[Area]] = {}
        for area in self:
            for level, parent in area.parents.items():
                if parent in self and self[parent].level == level:
                    by_parent.setdefault((parent, area.level), []).append(area)
        return {key: tuple(areas) for key, areas in by_parent.items()}

    @cached_property
    def _same(self) -> dict[str, tuple[str, ...]]:
        """Code to the areas that say of themselves that they have its boundary."""
        same: dict[str, list[str]] = {}
        for area in self:
            for code in dict.fromkeys(area.same_as):
                same.setdefault(code, []).append(area.code)
        return {code: tuple(areas) for code, areas in same.items()}

    def of_level(self, level: str) -> tuple[Area, ...]:
        """All areas of a level above small areas, by code."""
        return self._by_level.get(level, ())

    def children(self, code: str, level: str) -> tuple[Area, ...]:
        """Areas of ``level`` that lie in the area ``code``, by code (for a country: all of England's)."""
        area = self[code]  # an unknown one is an error, not an area without children
        if level not in LEVELS:
            return self._by_parent.get((code, level), ())
        if (code, level) not in self._inside:
            if area.level == "msoa":
                around = self.children(area.parents["district"], level)
                inside = [small for small in around if small.parents.get("msoa") == code]
            else:
                districts = [area] if area.level == "district" else self.children(code, "district")
                smalls = (small for district in districts for small in self._of_district(district.code).values())
                inside = sorted((small for small in smalls if small.level == level), key=lambda small: small.code)
            self._inside[code, level] = tuple(inside)
        return self._inside[code, level]

    def known_as(self, code: str) -> str:
        """The name by which people know an area: of thousands of small areas, all over England, sooner had than the areas.

        Of one that the book does not know, where it lies, as far as its code says that.
        """
        if code in self._areas:
            return self._areas[code].known_as
        country = ELSEWHERE.get(code[:1])
        return self.registry.known_as.get(code) or (f"an area in {country} ({code})" if country else code)

    def equivalents(self, code: str) -> tuple[str, ...]:
        """The code and those of areas with the same boundary (an ITL 1 area and its region)."""
        return (code, *self[code].same_as, *self._same.get(code, ()))

    def neighbours(self, code: str, model: str = "global") -> tuple[Neighbour, ...]:
        """ONS's statistical neighbours of a district, nearest first; empty where not held."""
        ranked = sorted(self._neighbours.get((code, model), ()))
        return tuple(Neighbour(rank, near, self._areas[near].name if near in self else "") for rank, near in ranked)


class _File(NamedTuple):
    """A file as it was read."""

    shown: str
    content: bytes | None
    """None where it is missing."""


def _content(path: Path, shown: str) -> bytes | None:
    try:
        if problem := unfit(path, MAX_BYTES):
            raise DataError(Fault(shown, 0, "", problem, "restore it from git, or run placebook refresh"))
        return path.read_bytes()
    except FileNotFoundError:
        return None


@lru_cache(maxsize=2)
def _read(files: tuple[_File, ...]) -> Areas:
    """By their bytes: a process that is forked for many pages reads them once."""
    first, old, near, small = files
    where = first.shown
    faults: list[Fault] = []
    areas: dict[str, Area] = {}
    for line, row in _rows(first):
        if row["code"] in areas:
            faults.append(Fault(where, line, "code", f"{row['code']} stands twice", "delete one of them"))
        if row["level"] not in LEVEL_WORDS:
            faults.append(
                Fault(where, line, "level", f"unknown level {row['level']!r}", f"use one of {', '.join(LEVEL_WORDS)}")
            )
        areas[row["code"]] = Area(
            code=row["code"],
            name=names.said(row["name"]),
            known_as=row["known_as"] or names.said(row["name"]),
            level=row["level"],
            vintage=row["vintage"],
            parents={level: row[level] for level in PARENT_LEVELS if row[level]},
            same_as=tuple(row["same_as"].split()),
        )
    faults += [
        Fault(
            where, 0, area.code, f"points to {code}, which is not in the file", "run placebook refresh for the geography source"
        )
        for area in areas.values()
        for code in (*area.parents.values(), *area.same_as)
        if code not in areas
    ]
    superseded = {
        row["code"]: Superseded(
            row["code"],
            row["name"],
            row["level"],
            row["since"],
            tuple(row["successors"].split()),
            row["kind"],
        )
        for _, row in _rows(old)
    }
    neighbours: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for _, row in _rows(near):
        neighbours.setdefault((row["area"], row["model"]), []).append((int(row["rank"]), row["neighbour"]))
    if small.content is None:
        raise DataError(Fault(FILE, 0, "", "is missing", "restore it from git, or run placebook refresh"))
    registry = Registry(small.content)
    faults += [
        Fault(FILE, 0, code, "is no district of areas.csv", "run placebook refresh for the geography source")
        for code in sorted(set(registry.districts.values()))
        if code not in areas or areas[code].level != "district"
    ]
    if faults:
        raise DataError(faults)
    return Areas(areas, superseded, neighbours, registry)


def _small(row: dict[str, str], above: dict[str, str]) -> Area:
    inside = {level: row[level] for level in ("msoa", "ward", "built_up_area", "district")}
    return Area(
        code=row["code"],
        name=row["name"],
        known_as=row["known_as"] or row["name"],
        level=row["level"],
        vintage=row["vintage"],
        parents={level: code for level, code in (inside | above).items() if code},
        ward=row["ward_name"],
        built_up_area=row["built_up_area_name"],
    )


def _rows(file: _File) -> Iterator[tuple[int, dict[str, str]]]:
    columns = COLUMNS[Path(file.shown).name]
    line, problem = 0, ""
    try:
        if file.content is None:
            line, problem = 0, "is missing"
        else:
            reader = csv.reader(io.StringIO(file.content.decode("utf-8"), newline=""), strict=True)
            header = next(reader, [])
            if missing := [name for name in columns if name not in header]:
                line, problem = 1, f"has no column {', '.join(missing)}"
            else:
                line = 1
                for cells in filter(None, reader):
                    line = reader.line_num
                    if len(cells) != len(header):
                        problem = "has not as many fields as the header"
                        break
                    row = dict(zip(header, cells, strict=True))  # a third of the time of csv.DictReader
                    if not row.get("rank", "1").isdecimal():
                        problem = f"{row['rank']!r} is not a rank"
                        break
                    yield line, row
    except UnicodeDecodeError:
        line, problem = 0, "is not UTF-8 text"
    except csv.Error as error:
        line, problem = line + 1, f"cannot be read as CSV: {error}"
    if problem:
        raise DataError(Fault(file.shown, line, "", problem, "restore it from git, or run placebook refresh"))
