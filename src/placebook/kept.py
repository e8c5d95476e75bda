"""Files that only save time: each holds its own hash, so that one cut off or changed by a bad disk is not believed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from placebook.paths import write_atomically

DIGEST = hashlib.sha256().digest_size


def keep(path: Path, content: bytes) -> None:
    """Keep ``content``. Where it cannot be written nothing happens: that only costs time, later."""
    try:
        write_atomically(path, hashlib.sha256(content).digest() + content)
    except OSError:
        pass


def recall(path: Path) -> bytes | None:
    """What was kept, or None where it is not there or not what was written."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    whole = len(raw) >= DIGEST and hashlib.sha256(raw[DIGEST:]).digest() == raw[:DIGEST]
    return raw[DIGEST:] if whole else None


class Shelf:
    """Things of one kind, each kept by the hash of what it is made from and of what makes it.

    ``folder`` may be deleted at any time; without it nothing is kept. ``maker`` is all that the same input could give
    other bytes by: the text of the rooms that make it, the versions of libraries.
    """

    def __init__(self, folder: Path | None, ending: str, maker: Sequence[str]):
        self.folder = folder
        self._ending = ending
        self._maker = list(maker)
        self._used: set[str] = set()

    def make(self, given: Any, make: Callable[[], bytes]) -> bytes:
        """What ``make`` gives for ``given`` (anything that JSON can write), from the shelf where it lies there."""
        if self.folder is None:
            return make()
        name = f"{hashlib.sha256(json.dumps([self._maker, given]).encode()).hexdigest()}{self._ending}"
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
