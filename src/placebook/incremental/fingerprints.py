"""What need not be done again: each result is kept with what it was made from.

A record names the inputs by part (params, template, code …) and the outputs by path and seal: whatever file was changed, is gone
or was added is noticed by its hash. It is written after the outputs, and deleted before work on them begins: a build that is killed
leaves no record, and the next one does that work again. All records may be deleted at any time.

Nothing heavy is imported here, so that a build with nothing to do ends before the libraries are loaded.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from placebook import content_cache
from placebook.content_cache import Seal
from placebook.paths import Project

RECORD = 3
"""Raise it when records change their form: all are then made again."""
PACKAGE = Path(__file__).parents[1]
COUNTED = re.compile(rb"^    (?:rows: \d+|sha256: [0-9a-f]{64})\n", re.MULTILINE)
"""What a source's file says of its tables and no page shows but as the table is: it changes with every row."""
PASSED_OVER = ("__pycache__", ".ipynb_checkpoints")


class Inputs:
    """Hashes of everything that a book is made from, part by part."""

    def __init__(self, project: Project, package: Path = PACKAGE):
        self.project = project
        self.package = package

    def place(self, slug: str) -> dict[str, str]:
        """What one place's page, ledger, evidence and downloads depend on, but for its readings.

        Of tables a page depends through its readings alone, and of those its trace tells (``renewal.Renewal``).
        """
        params = self.project.params / f"{slug}.yml"
        return {"params": self._hash([params]), "template": self._hash([self.project.place_template]), **self._shared}

    def county(self, members: Mapping[str, str]) -> dict[str, str]:
        """What a county's chapter depends on: its places (slug to name) and their ledgers."""
        ledgers = [self.project.ledgers / f"{slug}.json" for slug in members]
        return {
            "places": _digest(f"{slug} {name}" for slug, name in members.items()),
            "template": self._hash([self.project.county_template]),
            "ledgers": self._hash(ledgers),
            **self._shared,
        }

    def book(self, formats: Iterable[str]) -> dict[str, str]:
        """What the whole book depends on."""
        made = (self.project.place_pages, self.project.county_pages, self.project.generated)
        written = [path for path in files(self.project.root / "book") if not any(f in path.parents for f in made)]
        return {
            "params": self._hash(files(self.project.params)),
            "templates": self._hash([self.project.place_template, self.project.county_template]),
            "pages": self._hash([*written, self.project.config, self.project.toc]),
            "formats": ",".join(formats),
            "tables": self._hash(files(self.project.tables)),
            **self._shared,
            # Whole: where a source's file says of a table what is not so, the build must say it.
            "declarations": self._hash(self._declared()),
        }

    def _declared(self) -> Iterator[Path]:
        for folder in (self.project.sources, self.project.indicators, self.project.counties):
            yield from files(folder)

    @cached_property
    def _shared(self) -> dict[str, str]:
        return {
            "declarations": self._hash(self._declared(), COUNTED),
            "geography": self._hash(files(self.project.geography)),
            "code": self._hash(files(self.package)),
            "libraries": installed(),
        }

    def _hash(self, paths: Iterable[Path], without: re.Pattern[bytes] | None = None) -> str:
        return _digest(self._line(path, without) for path in sorted(paths))

    def _line(self, path: Path, without: re.Pattern[bytes] | None) -> str:
        # From the package or the project: a moved checkout is the same book, also for a package that stayed.
        name = os.path.relpath(path, self.package if path.is_relative_to(self.package) else self.project.root)
        return f"{name}\0{content_cache.hash_of(path, without) or 'none'}"


def files(folder: Path) -> Iterator[Path]:
    """All files of a folder and the folders in it; none where it is missing."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in PASSED_OVER and not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                yield Path(here, name)


def unread(project: Project) -> int:
    """How many tables nobody has read yet: of which the cache holds nothing."""
    known = {path.name.partition("-")[0] for path in files(project.cache / "tables")}
    return sum(content_cache.hash_of(path) not in known for path in files(project.tables))


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def installed() -> str:
    """Python and what is installed beside it, by name and version."""
    found = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return hashlib.sha256("\n".join([sys.version, *found]).encode()).hexdigest()


# ------------------------------------------------------------------ records


@dataclass(frozen=True)
class Record:
    """One result that stands: what it was made from, the files that it is, what is told of it."""

    parts: Mapping[str, str]
    outputs: Mapping[str, Seal | None]
    """Path from the project's root to seal."""
    folders: Sequence[str] = ()
    """Folders that hold outputs and nothing else."""
    told: Mapping[str, Any] = field(default_factory=dict)


class Cache:
    """Records under ``_build/cache/records``."""

    def __init__(self, project: Project):
        self.project = project
        self.folder = project.cache / "records"

    def read(self, name: str) -> Record | None:
        """The record of a result; None where there is none or it cannot be read."""
        try:
            held = json.loads(content_cache.recall(self._path(name)) or b"{}")
            if held["record"] != RECORD:
                return None
            return Record(held["parts"], held["outputs"], held["folders"], held["told"])
        except KeyError:
            return None

    def why(self, name: str, parts: Mapping[str, str]) -> str:
        """Why a result must be made again, in words; "" where it stands."""
        record = self.read(name)
        if record is None:
            return "not built yet"
        changed = [part for part in {**record.parts, **parts} if record.parts.get(part) != parts.get(part)]
        if changed:
            return f"changed: {', '.join(changed)}"
        return self._harmed(record)

    def whole(self, name: str) -> bool:
        """Whether a result's files are all as they were written, whatever became of its inputs."""
        record = self.read(name)
        return record is not None and not self._harmed(record)

    def harmed(self, name: str) -> bool:
        """Whether a result was whole once and is not any more."""
        return self.read(name) is not None and not self.whole(name)

    def _harmed(self, record: Record) -> str:
        root = self.project.root
        for path, known in record.outputs.items():
            if not content_cache.unharmed(root / path, known):
                return f"{path} is gone or was changed"
        for path in (path for folder in record.folders for path in files(root / folder)):
            if (name := path.relative_to(root).as_posix()) not in record.outputs:
                return f"{name} was added"
        return "" if record.outputs else "not built yet"

    def forget(self, name: str) -> None:
        """Before work on a result begins."""
        self._path(name).unlink(missing_ok=True)

    def keep(self, name: str, parts: Mapping[str, str], outputs: Iterable[Path], told: Mapping[str, Any]) -> None:
        """After a result is whole. A record that cannot be written only costs time, later."""
        given = [path.relative_to(self.project.root) for path in outputs]
        folders = [path for path in given if (self.project.root / path).is_dir()]
        made = [path.relative_to(self.project.root) for folder in folders for path in files(self.project.root / folder)]
        named = sorted(path.as_posix() for path in {*given, *made}.difference(folders))
        sealed = {path: content_cache.seal(self.project.root / path) for path in named}
        self._write(name, Record(parts, sealed, [folder.as_posix() for folder in folders], told))

    def seal_again(self, name: str) -> None:
        """After a result's files got second names, which counts as a change of each: they were whole before."""
        if record := self.read(name):
            now = {path: content_cache.seal(self.project.root / path, known, by=2) for path, known in record.outputs.items()}
            self._write(name, replace(record, outputs=now))

    def _write(self, name: str, record: Record) -> None:
        content_cache.keep(self._path(name), json.dumps({"record": RECORD, **vars(record)}).encode())

    def drop_others(self, names: Iterable[str]) -> None:
        """Delete the records of places and counties that are in the book no more."""
        known = {self._path(name) for name in names}
        for path in files(self.folder):
            if path not in known:
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def mark(path: Path) -> tuple[int, int] | None:
    """Size in bytes and time of writing in nanoseconds, by which a file is known again; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def place_outputs(project: Project, slug: str) -> list[Path]:
    """Every file and folder that executing a place writes."""
    return [
        project.place_pages / f"{slug}.ipynb",
        project.ledgers / f"{slug}.json",
        project.evidence / slug,
        project.downloads / slug,
        project.traces / f"{slug}.json",
    ]


def county_outputs(project: Project, slug: str) -> list[Path]:
    """Every file that executing a county's chapter writes."""
    return [project.county_pages / f"{slug}.ipynb", project.ledgers / "counties" / f"{slug}.json"]
