"""What ``_config.yml`` asks of the book: pictures that are there, and an address at which somebody answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from placebook.catalogue import addresses, yaml_reader
from placebook.catalogue.yaml_reader import Document, FieldPath
from placebook.errors import Fault
from placebook.paths import Project

PICTURES = ("logo", "html_logo", "html_favicon", "image_light", "image_dark")
CHALLENGE = "challenge"
"""The key that says where a reader challenges a figure: a page or, with mailto:, a mailbox."""
NOBODY = re.compile(r"@([a-z0-9-]+\.)*example(\.(org|com|net))?\b", re.IGNORECASE)
"""A mailbox of the names that are set apart for examples: nobody reads it."""


def faults(project: Project) -> list[Fault]:
    """What is wrong with ``_config.yml`` for any book."""
    document = _read(project)
    pictures = (fault for path, value in _values(document.data) for fault in _picture(project, document, path, value))
    return [*document.faults, *pictures, *_challenge(document)]


def warnings(project: Project) -> list[Fault]:
    """What may stay while a book is made, and not once it is for readers."""
    document = _read(project)
    return [
        Fault(
            document.file,
            document.line(path),
            yaml_reader.name(path),
            f"still names {found.group().removeprefix('@')}, where nobody answers who challenges a figure",
            "put your own address there",
        )
        for path, value in _values(document.data)
        if isinstance(value, str) and (found := NOBODY.search(value))
    ]


def public_faults(project: Project) -> list[Fault]:
    """What is wrong with a book that is for readers: what is only warned of for others."""
    return warnings(project)


def _read(project: Project) -> Document:
    return yaml_reader.read(project.config, project.config.name)


def _challenge(document: Document) -> Iterator[Fault]:
    if CHALLENGE not in document.data:
        return
    address = str(document.data[CHALLENGE])
    try:
        if not address.startswith(("https://", "mailto:")):
            raise ValueError("leads nowhere; links begin with https:// or mailto:")
        addresses.link(address)
    except ValueError as error:
        problem, _, remedy = str(error).partition("; ")
        yield Fault(document.file, document.line((CHALLENGE,)), CHALLENGE, problem, remedy)


def _picture(project: Project, document: Document, path: FieldPath, value: Any) -> Iterator[Fault]:
    if path[-1] not in PICTURES or value in (None, ""):
        return
    shown = yaml_reader.brief(str(value))
    book = (project.root / "book").resolve()
    try:
        there = (project.root / str(value)).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        problem, remedy = f"{shown} is not there", "name a picture in book/, such as book/_static/logo.svg, or remove the line"
    else:
        if there.is_relative_to(book) and there.is_file():
            return
        problem = f"{shown} is no file in book/"
        remedy = "copy the picture into book/_static and name it there"
    yield Fault(document.file, document.line(path), yaml_reader.name(path), problem, remedy)


def _values(data: Any, path: FieldPath = ()) -> Iterator[tuple[FieldPath, Any]]:
    """Every value that is no group or list, with its path."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else None
    if parts is None:
        yield path, data
        return
    for key, value in parts:
        yield from _values(value, (*path, key))
