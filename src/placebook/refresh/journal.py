"""Several files that change together, or not at all: what a killed process had begun, the next one ends.

New files are first written whole beside each other, then a list of them, which is the point of no return, then each takes its
place by a rename. A reader meets every file whole at any moment.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from placebook.paths import Project, write_atomically

FOLDER = "landing"
LIST = "list.json"


def land(project: Project, name: str, files: Mapping[str, bytes | None]) -> None:
    """Put each file in its place, by its path from the root; None takes it away. ``name`` is this landing's own."""
    folder = project.build / FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    entries: list[dict[str, str | None]] = []
    for number, (where, content) in enumerate(sorted(files.items())):
        if content is None:
            entries.append({"to": where, "from": None})
            continue
        _write(folder / f"{number}", content)
        entries.append({"to": where, "from": f"{number}", "sha256": hashlib.sha256(content).hexdigest()})
    _sync(folder)
    write_atomically(folder / LIST, json.dumps(entries))
    _sync(folder)
    _finish(project, folder)


def recover(project: Project) -> list[str]:
    """End every landing that was begun, and forget those that were not; the names of those ended."""
    ended = []
    for folder in sorted((project.build / FOLDER).glob("*/")):
        if (folder / LIST).is_file():
            _finish(project, folder)
            ended.append(folder.name)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return ended


def _finish(project: Project, folder: Path) -> None:
    for entry in json.loads((folder / LIST).read_text(encoding="utf-8")):
        target = project.root / entry["to"]
        for half in target.parent.glob(f".{target.name}.*"):  # what was being written when the process was killed
            half.unlink()
        if entry["from"] is None:
            target.unlink(missing_ok=True)
            continue
        content = (folder / entry["from"]).read_bytes()
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:  # a disk that lost what was written to it
            continue
        if not target.is_file() or target.read_bytes() != content:
            write_atomically(target, content)
    (folder / LIST).unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    """Names in a folder are kept by the disk only when the folder itself is; systems that know no such thing do without."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
