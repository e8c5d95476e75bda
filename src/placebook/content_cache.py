"""Files that only save time: each holds its own hash, so that one cut off or changed by a bad disk is not believed."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import accumulate
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
_young: dict[tuple[Path, re.Pattern[bytes] | None], int] = {}
"""What this process has read too early to remember it: by file, the nanosecond from which it may."""


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
        _young.pop((path, without), None)
    else:
        _young[path, without] = about.st_ctime_ns + TIME_STEP + 1
    return found


def until_old() -> float | None:
    """Seconds until it is worth to look whether what was read too early can be remembered; None where nothing was.

    Never more than a file needs that was written now: the clock may have been set back since one was.
    """
    return min(max(0, max(_young.values()) - time.time_ns()), TIME_STEP) / 1e9 if _young else None


def read_old() -> None:
    """Read what may be remembered now: for a process that is forked for many pages, none of which then reads it."""
    for path, without in [what for what, when in _young.items() if when <= time.time_ns()]:
        del _young[path, without]  # it may be gone
        hash_of(path, without)


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


class _Made:
    """Things of one kind, each known by the hash of what it is made from and of what makes it.

    ``maker`` is all that the same input could give other bytes by: the text of the rooms that make it, the versions of
    libraries.
    """

    def __init__(self, maker: Sequence[str]):
        self._maker = hashlib.sha256(json.dumps(list(maker)).encode())

    def _name(self, given: Any) -> str:
        whole = self._maker.copy()
        whole.update(json.dumps(given).encode())
        return whole.hexdigest()


class Shelf(_Made):
    """Each in a file of its own. ``folder`` may be deleted at any time; without it nothing is kept."""

    def __init__(self, folder: Path | None, ending: str, maker: Sequence[str]):
        super().__init__(maker)
        self.folder = folder
        self._ending = ending
        self._used: set[str] = set()

    def make(self, given: Any, make: Callable[[], bytes]) -> bytes:
        """What ``make`` gives for ``given`` (anything that JSON can write), from the shelf where it lies there."""
        if self.folder is None:
            return make()
        name = f"{self._name(given)}{self._ending}"
        self._used.add(name)
        path = self.folder / name
        if (held := recall(path)) is not None:
            return held
        made = make()
        keep(path, made)
        return made

    def drop_unused(self) -> None:
        """Delete what nobody asked for this time."""
        for path in self.folder.glob(f"*{self._ending}") if self.folder else ():
            if path.name not in self._used:
                path.unlink(missing_ok=True)


class Case(_Made):
    """All in one file, read when the first is asked for: for hundreds of small things that one process asks for.

    ``path`` may be deleted at any time; without it nothing is kept. Close it, or nothing new is.
    """

    def __init__(self, path: Path | None, maker: Sequence[str]):
        super().__init__(maker)
        self._path = path
        self._used: dict[str, bytes] = {}

    @cached_property
    def _held(self) -> dict[str, bytes]:
        """What lay in the file. Its first line says how long each thing is, in order."""
        content = recall(self._path) if self._path else None
        if content is None:
            return {}
        head, _, rest = content.partition(b"\n")
        ends = [*accumulate(json.loads(head).values(), initial=0)]
        return {name: rest[start:end] for name, start, end in zip(json.loads(head), ends, ends[1:], strict=False)}

    def make(self, given: Any, make: Callable[[], bytes]) -> bytes:
        """What ``make`` gives for ``given`` (anything that JSON can write), from the case where it lies there."""
        if self._path is None:
            return make()
        name = self._name(given)
        if name not in self._used:
            held = self._held.get(name)
            self._used[name] = make() if held is None else held
        return self._used[name]

    def close(self) -> None:
        """Keep what was asked for this time, and nothing else."""
        if self._path is not None and list(self._used) != list(self._held):
            head = json.dumps({name: len(made) for name, made in self._used.items()}).encode()
            keep(self._path, b"\n".join([head, b"".join(self._used.values())]))
