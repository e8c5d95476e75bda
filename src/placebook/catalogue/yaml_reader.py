"""YAML as data and nothing else: what people wrote, with the line of every field.

Files are read as a tree of nodes and never turned into objects by a tag. What could run code, explode
or silently win over something else is refused: tags, anchors, aliases, merge keys, repeated keys, more
than one document. Plain scalars follow the core schema of YAML 1.2, so ``no`` is a word and not a false.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from placebook.catalogue.characters import hidden, named
from placebook.errors import Fault
from placebook.paths import unfit

MAX_BYTES = 250_000
MAX_DEPTH = 20
MAX_ENTRIES = 2_000
"""Of one list or group."""
MAX_VALUES = 20_000
"""Of a file: lists, groups, keys and what they hold."""
MAX_DIGITS = 30
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

INTEGER = re.compile(r"^[-+]?(0|[1-9][0-9]*)$")
FLOAT = re.compile(r"^[-+]?((\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)$")
WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NULLS = {"", "~", "null", "Null", "NULL"}

FieldPath = tuple[str | int, ...]


@dataclass
class Document:
    """One file's content, its fields' lines and what is wrong with it as YAML."""

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[FieldPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: FieldPath) -> int:
        """The line of a field, or of the nearest field around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(self, line: int, name: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, line, name, problem, remedy))


def read(path: Path, shown: str) -> Document:
    """The file as data. Never raises for what the file holds: the document carries the faults."""
    document = Document(shown)
    raw = content(path, document)
    return document if raw is None else parse(raw, document)


def read_list(path: Path, document: Document) -> list[Any]:
    """A file that is a list of records; empty, with the faults in the document, where it is none."""
    raw = content(path, document)
    text = None if raw is None else _text(raw, document)
    root = None if text is None else _compose(text, document)
    if root is None:
        return []
    if not isinstance(root, yaml.SequenceNode):
        document.refuse(root.start_mark.line + 1, "", "is no list", "begin each entry with a dash")
        return []
    data = _value(root, (), document)
    return [] if document.faults else list(data)


def content(path: Path, document: Document) -> bytes | None:
    """The file's bytes; None, with the fault in the document, where it cannot be read. Only an ordinary file is opened."""
    try:
        problem = unfit(path, MAX_BYTES)
        if not problem:
            return path.read_bytes()
    except OSError as error:
        document.refuse(0, "", f"cannot be read: {error.strerror}", "check its name and its rights")
        return None
    remedy = "split it, or leave out what no reader needs" if "larger" in problem else "write an ordinary file in its place"
    document.refuse(0, "", problem, remedy)
    return None


def parse(raw: bytes, document: Document) -> Document:
    """As ``read``, from bytes."""
    text = _text(raw, document)
    if text is None:
        return document
    root = _compose(text, document)
    if root is None:
        return document
    if not isinstance(root, yaml.MappingNode):
        document.refuse(
            root.start_mark.line + 1, "", "is not a list of `key: value` lines", "begin with a line such as `name: …`"
        )
        return document
    data = _value(root, (), document)
    if not document.faults:
        document.data = data
    return document


def name(path: FieldPath) -> str:
    """A field's path as people write it: ``narrative.events[2].who``."""
    shown = ""
    for part in path:
        word = brief(str(part))
        shown += f"[{word}]" if isinstance(part, int) else f".{word}" if shown else word
    return shown


def brief(text: str, most: int = 80) -> str:
    """A text as messages quote it: the beginning of a long one."""
    return text if len(text) <= most else f"{text[: most - 4]} …"


def _text(raw: bytes, document: Document) -> str | None:
    if len(raw) > MAX_BYTES:
        document.refuse(0, "", f"is larger than {MAX_BYTES:,} bytes", "split it, or leave out what no reader needs")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        document.refuse(line, "", "is not UTF-8 text", "save the file as UTF-8")
        return None
    if text.startswith("\ufeff"):
        document.refuse(1, "", "begins with a byte order mark", "save the file as UTF-8 without BOM")
        return None
    text = text.replace("\r\n", "\n")
    # Also in a comment: what only YAML takes for the end of a line begins a field where no reader sees one begin.
    if found := hidden(text):
        line = text[: text.index(found)].count("\n") + 1
        document.refuse(line, "", f"holds {named(found)}", "delete it and type the line again")
        return None
    return text


def _compose(text: str, document: Document) -> yaml.Node | None:
    """The tree of nodes, once the events have shown that it can do no harm."""
    before = len(document.faults)
    try:
        for event in _events(text):
            _check_event(event, document)
            if len(document.faults) - before >= 20:
                return None
        if len(document.faults) > before:
            return None
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = getattr(error, "problem", None) or "it is not YAML"
        line = mark.line + 1 if mark else 0
        if remedy := getattr(error, "note", None):
            document.refuse(line, "", said, remedy)
        else:
            document.refuse(
                line,
                "",
                f"cannot be read as YAML: {said}",
                "look at the indent, the colons and the quotes on this line and the one above",
            )
        return None
    except RecursionError:
        document.refuse(0, "", f"is nested more than {MAX_DEPTH} deep", "write it flat")
        return None
    if root is None:
        document.refuse(1, "", "is empty", "write the file's fields, or delete it")
    return root


def _events(text: str) -> Iterator[yaml.Event]:
    documents = values = 0
    entries: list[int] = []
    """Of the lists and groups around, the outermost first."""
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _too_much(event, "holds more than one document (a line ---)", "write one file for each")
        if isinstance(event, yaml.NodeEvent):
            values += 1
            if values > MAX_VALUES:
                raise _too_much(event, f"holds more than {MAX_VALUES:,} values", "leave out what no reader needs")
            if entries:
                entries[-1] += 1
                if entries[-1] > MAX_ENTRIES:
                    raise _too_much(
                        event, f"holds more than {MAX_ENTRIES:,} entries in one list or group", "leave out what no reader needs"
                    )
        if isinstance(event, yaml.CollectionStartEvent):
            # A group gives an event for the key and one for what it holds.
            entries.append(0 if isinstance(event, yaml.SequenceStartEvent) else -MAX_ENTRIES)
            if len(entries) > MAX_DEPTH:
                raise _too_much(event, f"is nested more than {MAX_DEPTH} deep", "write it flat")
        elif isinstance(event, yaml.CollectionEndEvent):
            entries.pop()
        yield event


def _too_much(event: yaml.Event, problem: str, remedy: str) -> yaml.MarkedYAMLError:
    # The stub lets an event be without a mark; what is parsed has one.
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark, note=remedy)  # type: ignore[arg-type]


def _check_event(event: yaml.Event, document: Document) -> None:
    line = event.start_mark.line + 1  # type: ignore[union-attr]  # as in _too_much
    if isinstance(event, yaml.AliasEvent):
        document.refuse(line, "", f"uses the alias *{brief(str(event.anchor))}", "write the value out; aliases are not read")
        return
    if anchor := getattr(event, "anchor", None):
        document.refuse(line, "", f"defines the anchor &{brief(anchor)}", "remove it; anchors are not read")
    if tag := getattr(event, "tag", None):
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        document.refuse(line, "", f"has the tag {brief(shown)}", "remove it; tags are not read")


def _value(node: yaml.Node, path: FieldPath, document: Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, path, document)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    return [_value(item, (*path, at), document) for at, item in enumerate(node.value)]


def _mapping(node: yaml.MappingNode, path: FieldPath, document: Document) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            document.refuse(line, name(path), "has a key that is no word", "write `key: value`")
            continue
        key = key_node.value
        here = (*path, key)
        if key == "<<":
            document.refuse(line, name(path), "uses a merge key (<<)", "write the fields out")
        elif key in fields:
            first = document.lines[here]
            document.refuse(line, name(here), f"repeats the key {brief(repr(key))} of line {first}", "delete one of the two")
        else:
            document.lines[here] = line
            fields[key] = _value(value_node, here, document)
    return fields


def _scalar(node: yaml.ScalarNode, path: FieldPath, document: Document) -> Any:
    text = node.value
    if node.style:  # quoted or folded: always text
        return text
    if text in NULLS:
        return None
    if text in WORDS:
        return WORDS[text]
    if INTEGER.match(text) or FLOAT.match(text):
        # Python refuses to read thousands of digits, and 1e999 would be a limit that nothing ever passes.
        if len(text) > MAX_DIGITS or not math.isfinite(float(text)):
            document.refuse(
                node.start_mark.line + 1,
                name(path),
                "is a number too large to be read",
                "correct it, or put it in quotes if it is a name",
            )
            return None
        return int(text) if INTEGER.match(text) else float(text)
    return text
