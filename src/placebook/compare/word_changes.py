"""Two sentences word by word: what is gone, what is new."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher


def words(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Runs of words, each ``same``, ``gone`` or ``new``, in the order in which they are read."""
    then, now = old.split(), new.split()
    for kind, a, b, c, d in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", " ".join(then[a:b])
            continue
        if b > a:
            yield "gone", " ".join(then[a:b])
        if d > c:
            yield "new", " ".join(now[c:d])
