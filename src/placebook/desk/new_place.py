"""A new place: its file of params, checked before it is written, written whole and over nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from placebook.catalogue.check_places import place_faults
from placebook.catalogue.load import Catalogue, slug_of
from placebook.catalogue.narrative import narrative_faults
from placebook.catalogue.place_names import borrowed_names
from placebook.desk.choices import Choice, plain
from placebook.desk.fit import fit, measures, overlaps
from placebook.desk.opened import Desk
from placebook.errors import Fault, InputError
from placebook.paths import Project

SCHEMA = "# yaml-language-server: $schema=../schemas/place.schema.json\n"
Agree = Callable[[str, Sequence[str]], bool]
"""Whether a file, by the name that messages show, is to be written, given what is to be known of the place."""


def add(project: Project, choice: Choice, desk: Desk, name: str = "", agree: Agree = lambda shown, lines: True) -> Path | None:
    """Write the place's params; gives the file, None where ``agree`` says no.

    ``name`` is what the book calls it, where that is not its own name. The file is written when everything is checked, whole
    and over nothing. Raises InputError where one of its name is there already, or the check finds a fault in it.
    """
    catalogue, name = desk.catalogue, name or called(choice)
    slug = slug_for(name)
    if slug in catalogue.counties:  # addresses and logs are named by it
        slug = f"{slug}-{choice.kind}"
    path, shown = project.params / f"{slug}.yml", f"params/{slug}.yml"
    if os.path.lexists(path):
        raise _taken(shown)
    fits = list(fit(desk, choice))
    lines = [*fits, *overlaps(desk, choice)]
    with TemporaryDirectory(prefix=".", dir=project.params) as folder:  # what begins with a dot is no place
        draft = Path(folder) / path.name
        draft.write_text(params(choice, name, " ".join(fits)), encoding="utf-8")
        if faults := faults_of(catalogue, draft, shown):
            raise InputError(faults)
        if not agree(shown, [*lines, measures(desk, slug)]):
            return None
        put(draft, path, shown)
    return path


def slug_for(name: str) -> str:
    """The name of a place's file: ``bishops-stortford``."""
    return slug_of(name.replace("'", "").replace("’", ""))


def called(choice: Choice) -> str:
    """What the book calls it, where nobody says otherwise."""
    return plain(choice.name) if choice.kind == "town" and choice.code else choice.name


def params(choice: Choice, name: str, fits: str) -> str:
    """The text of a place's file of params."""
    record: dict[str, object] = {"name": name, "kind": choice.kind}
    if choice.kind == "town":
        record["parent"] = list(choice.districts)
        record[choice.field] = list(choice.codes) or choice.code
        record["chosen"] = fits
    elif choice.kind == "group":
        record["districts"] = list(choice.districts)
    else:
        record["code"] = choice.code
    return SCHEMA + yaml.safe_dump(record, sort_keys=False, allow_unicode=True, width=100)


def faults_of(catalogue: Catalogue, draft: Path, shown: str) -> list[Fault]:
    """Read a draft as one more place of the book; gives what is wrong with it."""
    faults: list[Fault] = []
    catalogue.read_file("place", draft, shown, catalogue.places, faults)
    if faults:
        return faults
    found = (
        *place_faults(catalogue, catalogue.edition_date),
        *borrowed_names(catalogue),
        *narrative_faults(catalogue),
    )
    return [fault for fault in found if fault.file == shown]


def put(draft: Path, path: Path, shown: str) -> None:
    """Give a whole draft its name. Raises InputError where a file has that name."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise _taken(shown) from None


def _taken(shown: str) -> InputError:
    return InputError(f"{shown} is there already, and is never overwritten: give the new place another name with --as")
