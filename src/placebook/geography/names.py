"""How an area is called in a sentence: its name as people say it, with article and preposition.

One table, ``names.csv`` beside this room, holds all districts and regions of England; every other name stands as it is
written and takes ``in``.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple


class Name(NamedTuple):
    """One row of the table."""

    code: str
    official: str
    """As the Office for National Statistics lists it: ``Bristol, City of``."""
    name: str
    """As people say it: ``Bristol``."""
    article: str
    preposition: str
    kind: str
    """What sort of area it is: ``unitary authority``."""


@cache  # a table of the package, the same for everybody
def names() -> dict[str, Name]:
    """The rows of the table by code, by official name and by the name that people say."""
    text = (resources.files("placebook.geography") / "names.csv").read_text(encoding="utf-8")
    rows = [Name(**row) for row in csv.DictReader(text.splitlines())]
    return {key: row for row in rows for key in (row.official, row.name, row.code)}


def said(official: str) -> str:
    """The name that people say: ``Bristol`` for ``Bristol, City of``."""
    row = names().get(official)
    return row.name if row else official


def with_article(name: str) -> str:
    """As the subject or object of a sentence: ``the Isle of Wight``, ``the East of England``, ``Bristol``."""
    row = names().get(name)
    return f"{row.article} {name}" if row and row.article else name


def located(name: str) -> str:
    """Where something is: ``on the Isle of Wight``, ``in the City of London``, ``in Bristol``."""
    row = names().get(name)
    return f"{row.preposition if row else 'in'} {with_article(name)}"


def joined(items: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; ``a, and b and c`` where a name holds the word itself."""
    if len(items) < 2:
        return "".join(items)
    comma = "," if any(f" {last} " in item for item in items[-2:]) else ""
    return f"{', '.join(items[:-1])}{comma} {last} {items[-1]}"
