"""Files that only save time: each holds its own hash, so that one cut off or changed by a bad disk is not believed."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from placebook.paths import write_atomically

MAX_BYTES = 1_000_000_000
"""Of a file whose content counts."""
DIGEST = hashlib.sha256().digest_size


def keep(path: Path, content: bytes) -> None:
    """Keep ``content``. Where it cannot be written nothing happens: that only costs time, later."""
    with suppress(OSError):
        write_atomically(path, hashlib.sha256(content).digest() + content)


def recall(path: Path) -> bytes | None:
    """What was kept, or None where it is not there or not what was written."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    whole = len(raw) >= DIGEST and hashlib.sha256(raw[DIGEST:]).digest() == raw[:DIGEST]
    return raw[DIGEST:] if whole else None


_hashed: dict[tuple[Path, re.Pattern[bytes] | None], tuple[tuple[int, ...], str]] = {}
"""What this process has read already: by file, its mark and its hash."""
TIME_STEP = 1_000_000_000
"""Nanoseconds after which a file that changes gets another time from every system."""


def hash_of(path: Path, without: re.Pattern[bytes] | None = None) -> str:
    """The SHA-256 of a file, or of what is left of it ``without`` some of its lines; "" where there is none that is to be read.

    A file is read again only where it may be another one: the time of its last change is set by nobody but the system.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_BYTES:  # a pipe never ends: the check says so
            return ""
        seen = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
        known = _hashed.get((path, without))
        if known and known[0] == seen:
            return known[1]
        now, content = time.time_ns(), path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""
    found = hashlib.sha256(without.sub(b"", content) if without else content).hexdigest()
    if now - about.st_ctime_ns > TIME_STEP:
        _hashed[path, without] = seen, found
    return found


Seal = Sequence[Any]
"""By what a file is known again: its size, the times of its last writing and of its last change in nanoseconds, its SHA-256."""


def seal(path: Path, known: Seal | None = None, by: int = 3) -> Seal | None:
    """The seal of a file, None where there is none.

    The file is read where the first ``by`` marks of ``known`` are not its own. The third, the time of the last change, is
    set by nobody but the system, which counts a second name as a change.
    """
    try:
        about = path.stat()
    except OSError:
        return None
    seen = [about.st_size, about.st_mtime_ns, about.st_ctime_ns]
    return [*seen, known[3] if known and list(known[:by]) == seen[:by] else hash_of(path)]


def unharmed(path: Path, known: Seal | None) -> bool:
    """Whether a file holds what it held when it was sealed."""
    found = seal(path, known)
    return bool(found and known and found[3] == known[3])


def maker(files: Iterable[Path], *libraries: str) -> list[str]:
    """What makes the things of a shelf: files of the package by their content, libraries by their version."""
    return [*map(hash_of, files), *map(version, libraries)]


class Shelf:
    """Things of one kind, each in a file named by the hash of what it is made from and of what makes it.

    ``folder`` may be deleted at any time; without it nothing is kept. ``maker`` is all that the same input could give other
    bytes by (``maker``).
    """

    def __init__(self, folder: Path | None, ending: str, maker: Sequence[str]):
        self.folder = folder
        self._ending = ending
        self._maker = hashlib.sha256(json.dumps(list(maker)).encode())
        self._used: set[str] = set()

    def make(self, given: Any, make: Callable[[], bytes]) -> bytes:
        """What ``make`` gives for ``given`` (anything that JSON can write), from the shelf where it lies there."""
        if self.folder is None:
            return make()
        whole = self._maker.copy()
        whole.update(json.dumps(given).encode())
        name = f"{whole.hexdigest()}{self._ending}"
        self._used.add(name)
        path = self.folder / name
        if (kept := recall(path)) is not None:
            return kept
        made = make()
        keep(path, made)
        return made

    def drop_unused(self) -> None:
        """Delete what nobody asked for this time."""
        for path in self.folder.glob(f"*{self._ending}") if self.folder else ():
            if path.name not in self._used:
                path.unlink(missing_ok=True)
