"""The record of a refresh in a source's file: only the lines that it is about, all else untouched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from placebook.errors import InputError

_TABLES = re.compile(r"^tables:.*\Z", re.MULTILINE | re.DOTALL)
_CORRECTED = re.compile(r"^corrected:[^\n]*\n(?:[ \t]*- [^\n]*\n)*", re.MULTILINE)
_READ_FROM = re.compile(r"^read_from:[^\n]*\n(?:[ \t]+[^\n]*\n|\n)*", re.MULTILINE)


@dataclass(frozen=True)
class RefreshedTable:
    """One file made: ``rows`` below the header, or features."""

    path: str
    rows: int
    sha256: str
    size: int


def with_tables(written: str, tables: Sequence[RefreshedTable]) -> str:
    """The source's text with its last block, ``tables:``, written anew and all before it untouched."""
    match = _TABLES.search(written)
    if match and (after := [line for line in match.group().splitlines()[1:] if line[:1].strip() and line[0] not in "-#"]):
        raise InputError(f"{after[0]!r} stands after tables: in a source file. Keep tables: last; it is written anew.")
    before = _TABLES.sub("", written)
    if before and not before.endswith("\n"):
        before += "\n"
    lines = ["tables:"]
    for table in tables:
        lines += [
            f"  - path: {table.path}",
            f"    rows: {table.rows}",
            f"    sha256: {_plain(table.sha256)}",
        ]
    return before + "\n".join(lines) + "\n"


def with_dates(written: str, retrieved: date, released: date | None, period: str, live: bool) -> str:
    """The text with when the figures were taken, released, and what they cover, where these are known.

    What was said to be expected until now is expected no more. Where the publisher itself was asked (``live``), it no longer
    says that the figures were read elsewhere.
    """
    text = _with_line(written, "retrieved", retrieved.isoformat())
    if period:
        text = _with_line(text, "period", period)
    if released:
        text = _with_line(text, "released", released.isoformat(), before="retrieved")
    if (expected := re.search(r"^next_release: (\d{4}-\d{2}-\d{2})[ \t]*$", text, re.MULTILINE)) and (
        date.fromisoformat(expected[1]) <= (released or retrieved)
    ):
        text = _with_line(text, "next_release", "not announced")
    return _READ_FROM.sub("", text) if live else text


def with_corrected(written: str, words: Sequence[str]) -> str:
    """The text with what is corrected in the source's tables, one line each, before ``tables:``."""
    text = _CORRECTED.sub("", written)
    quoted = (yaml.safe_dump(line, width=10_000, allow_unicode=True, default_style="'").strip() for line in words)
    lines = "".join(f"  - {line}\n" for line in quoted)
    return re.sub(r"^(?=tables:)", lambda _: f"corrected:\n{lines}", text, count=1, flags=re.MULTILINE) if words else text


def _with_line(text: str, key: str, value: str, before: str = "") -> str:
    line = re.compile(rf"^{key}:[^\n]*$", re.MULTILINE)
    if line.search(text):
        return line.sub(f"{key}: {value}", text, count=1)
    return re.sub(rf"^(?={before}:)", f"{key}: {value}\n", text, count=1, flags=re.MULTILINE) if before else text


def _plain(text: str) -> str:
    """``text`` as YAML reads it back as text: quoted where it looks like a number."""
    return text if isinstance(yaml.safe_load(text), str) else f"'{text}'"
