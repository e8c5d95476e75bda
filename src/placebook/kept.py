"""Files that only save time: each holds its own hash, so that one cut off or changed by a bad disk is not believed."""

from __future__ import annotations

import hashlib
from pathlib import Path

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
