"""What was asked of the store and a digest of the answer: the same answers make the same readings."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Question(NamedTuple):
    """One question to the store, in a form that can be kept and asked again."""

    kind: str
    """``rows``, or the column whose different words were asked for."""
    source: str
    measure: str | None = None
    category: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    partner: str | None = None


class Asked(NamedTuple):
    question: Question
    answer: str
    """Digest of the rows or words that were the answer."""


def digest(content: bytes) -> str:
    """Sixteen bytes of BLAKE2, as hexadecimal digits."""
    return hashlib.blake2s(content, digest_size=16).hexdigest()
