"""What need not be done again: a result is kept with what it was made from.

A record names the inputs by part (``fingerprints``) and the outputs by path and seal: whatever file was changed, is gone
or was added is noticed by its hash. It is written after the outputs, and deleted before work on them begins: a build that is
killed leaves no record, and the next one does that work again. All records may be deleted at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from placebook import content_cache
from placebook.content_cache import Seal
from placebook.paths import Project, files

VERSION = 4
"""Raise it when records change their form: all are then made again."""


@dataclass(frozen=True)
class Record:
    """One result that stands: what it was made from, the files that it is, what else is to be known of it."""

    parts: Mapping[str, str]
    outputs: Mapping[str, Seal | None]
    """Path from the project's root to seal."""
    folders: Sequence[str] = ()
    """Folders that hold outputs and nothing else."""
    about: Mapping[str, Any] = field(default_factory=dict)


class Records:
    """Records under ``_build/cache/records``."""

    def __init__(self, project: Project):
        self.project = project
        self.folder = project.cache / "records"

    def read(self, name: str) -> Record | None:
        """The record of a result; None where there is none or it cannot be read."""
        try:
            record = json.loads(content_cache.recall(self._path(name)) or b"{}")
            if record.pop("version") == VERSION:
                return Record(**record)
        except (KeyError, TypeError):
            pass
        return None

    def why(self, name: str, parts: Mapping[str, str]) -> str:
        """Why a result must be made again, in words; "" where it stands."""
        record = self.read(name)
        if record is None:
            return "not built yet"
        changed = [part for part in {**record.parts, **parts} if record.parts.get(part) != parts.get(part)]
        return f"changed: {', '.join(changed)}" if changed else self._harm(record)

    def whole(self, name: str) -> bool:
        """Whether a result's files are all as they were written, whatever became of its inputs."""
        record = self.read(name)
        return record is not None and not self._harm(record)

    def _harm(self, record: Record) -> str:
        root = self.project.root
        for output, seal in record.outputs.items():
            if not content_cache.unharmed(root / output, seal):
                return f"{output} is gone or was changed"
        for path in (path for folder in record.folders for path in files(root / folder)):
            if (name := path.relative_to(root).as_posix()) not in record.outputs:
                return f"{name} was added"
        return "" if record.outputs else "not built yet"

    def forget(self, name: str) -> None:
        """Before work on a result begins."""
        self._path(name).unlink(missing_ok=True)

    def keep(
        self,
        name: str,
        parts: Mapping[str, str],
        outputs: Iterable[Path],
        about: Mapping[str, Any] | None = None,
        known: Mapping[str, Seal | None] | None = None,
    ) -> None:
        """After a result is whole. A record that cannot be written only costs time, later.

        A file that is as an earlier record's ``known`` outputs say is not read again.
        """
        root = self.project.root
        folders = [path for path in outputs if path.is_dir()]
        paths = {*outputs, *(path for folder in folders for path in files(folder))}.difference(folders)
        names = {path.relative_to(root).as_posix(): path for path in sorted(paths)}
        seals = {name: content_cache.seal(path, (known or {}).get(name)) for name, path in names.items()}
        self._write(name, Record(parts, seals, [folder.relative_to(root).as_posix() for folder in folders], about or {}))

    def seal_again(self, name: str) -> None:
        """After a result's files got second names, which counts as a change of each: they were whole before."""
        if record := self.read(name):
            seals = {name: content_cache.seal(self.project.root / name, seal, by=2) for name, seal in record.outputs.items()}
            self._write(name, replace(record, outputs=seals))

    def _write(self, name: str, record: Record) -> None:
        content_cache.keep(self._path(name), json.dumps({"version": VERSION, **vars(record)}).encode())

    def drop_others(self, names: Iterable[str]) -> None:
        """Delete all records but these."""
        paths = self.paths(names)
        for path in files(self.folder):
            if path not in paths:
                path.unlink(missing_ok=True)

    def paths(self, names: Iterable[str]) -> set[Path]:
        """Where the records of some results lie."""
        return {self._path(name) for name in names}

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"
