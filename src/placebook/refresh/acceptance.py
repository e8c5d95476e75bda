"""What somebody looked at and took: ``data/accepted.yml``, written by ``placebook refresh --accept``, oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import yaml
from pydantic import TypeAdapter, ValidationError

from placebook.catalogue import yaml_reader
from placebook.catalogue.fields import Line, Record, Sha256, Slug, Text
from placebook.errors import InputError
from placebook.paths import Project

FILE = "data/accepted.yml"
HEAD = (
    "# Written by placebook refresh --accept: what stopped a source, who looked at it said why it is right, and it was taken.\n"
)


class Acceptance(Record):
    """One refresh of one source that had stopped."""

    source: Slug
    when: date
    because: Line
    """Why the figures are right, in a reader's words."""
    stopped_by: tuple[Text, ...]
    tables: dict[Line, Sha256]
    """What was taken."""


def accepted(project: Project) -> tuple[Acceptance, ...]:
    """Everything that was accepted. Raises InputError where the file is no such list."""
    path = project.root / FILE
    if not path.is_file():
        return ()
    document = yaml_reader.Document(FILE)
    try:
        found = TypeAdapter(tuple[Acceptance, ...]).validate_python(yaml_reader.read_list(path, document))
        if not document.faults:
            return found
    except ValidationError:
        pass
    raise InputError(f"{FILE}: is not as placebook refresh writes it. Restore it: git checkout -- {FILE}")


def with_acceptance(
    project: Project, source: str, when: date, because: str, stopped_by: Sequence[str], tables: Mapping[str, str]
) -> bytes:
    """The file with one more acceptance at its end. Raises InputError where the reason is none."""
    try:
        one = Acceptance(source=source, when=when, because=because, stopped_by=tuple(stopped_by), tables=dict(tables))
    except ValidationError:
        raise InputError("--because: say in one line, of 300 characters at most, why the figures are right") from None
    every = [each.model_dump(mode="json") for each in (*accepted(project), one)]
    return (HEAD + yaml.safe_dump(every, sort_keys=False, allow_unicode=True, width=120)).encode("utf-8")
