"""A place gets another name: in its file of params, where every other byte stays, and in the name of the file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from placebook.catalogue import yaml_reader
from placebook.catalogue.load import Catalogue
from placebook.catalogue.yaml_reader import Document
from placebook.desk.new_place import faults_of, put, slug_for
from placebook.errors import InputError
from placebook.paths import Project

BARE = re.compile(r"[A-Za-z][A-Za-z0-9 '’().-]*")
"""A name that YAML takes for a word without quotation marks."""


def rename(project: Project, slug: str, name: str) -> Path:
    """Give a place another name; gives its file, which has a new name too where the slug is another.

    Nothing is changed unless the file is without a fault before and after. Raises InputError where it is not, where a file of
    the new name is there, or the name is written in a way that cannot be changed alone.
    """
    catalogue, _ = Catalogue.read(project)  # what is wrong with other places stands in nobody's way
    path, shown = project.params / f"{slug}.yml", f"params/{slug}.yml"
    name = name.strip()
    new = slug_for(name) if name else ""
    if new in catalogue.counties and slug != new:  # addresses and logs are named by it
        new = f"{new}-place"
    target, new_shown = project.params / f"{new}.yml", f"params/{new}.yml"
    if not name:
        raise InputError("the new name is empty; write what the book is to call the place")
    if path.is_symlink():
        raise InputError(f"{shown}: is a link; put the file itself in its place first")
    if faults := faults_of(_without(catalogue, slug), path, shown):
        raise InputError(faults)
    if catalogue.places[slug].name == name:
        raise InputError(f"{shown}: name: is {name!r} already; write another one")
    if new != slug and (target.exists() or target.is_symlink()):
        raise InputError(f"{new_shown} is there already, and is never overwritten: choose another name")
    text = _renamed(path.read_bytes(), shown, name)
    with TemporaryDirectory(prefix=".", dir=project.params) as folder:  # what begins with a dot is no place
        draft = Path(folder) / target.name
        draft.write_bytes(text)
        draft.chmod(path.stat().st_mode & 0o777)
        if faults := faults_of(_without(catalogue, slug), draft, new_shown):
            raise InputError(faults)
        if new == slug:
            draft.replace(path)
        else:
            put(draft, target, new_shown)
            path.unlink()
            for beside in (project.pins / path.name, project.reviews / path.name):
                if beside.exists():
                    beside.replace(beside.with_name(target.name))
    return target


def _without(catalogue: Catalogue, slug: str) -> Catalogue:
    """The catalogue as if it had not read a place."""
    catalogue.places.pop(slug, None)
    catalogue.documents.pop(("place", slug), None)
    return catalogue


def _renamed(raw: bytes, shown: str, name: str) -> bytes:
    """A file's bytes with another name and nothing else changed."""
    text = raw.decode("utf-8")
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    assert isinstance(root, yaml.MappingNode)  # the file is a place's
    (value,) = (value for key, value in root.value if key.value == "name")
    start, end = value.start_mark.index, value.end_mark.index
    written = name if BARE.fullmatch(name) and not name.endswith(" ") else json.dumps(name, ensure_ascii=False)
    ending = "\r\n" if "\r\n" in text[start:end] else "\n"
    if value.style in ("|", ">"):
        written += ending
    changed = (text[:start] + written + text[end:]).encode("utf-8")
    before, after = (yaml_reader.parse(content, Document(shown)).data for content in (raw, changed))
    if after != {**before, "name": name}:
        raise InputError(f"{shown}: name: is written in a way that cannot be changed alone; write it as `name: {name}` by hand")
    return changed
