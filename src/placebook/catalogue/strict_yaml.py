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

from placebook.errors import Fault

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_DIGITS = 30
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

INTEGER = re.compile(r"^[-+]?(0|[1-9][0-9]*)$")
FLOAT = re.compile(r"^[-+]?((\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)$")
WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NULLS = {"", "~", "null", "Null", "NULL"}
# With what only YAML takes for the end of a line: a field could begin where no reader sees one begin.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|\r(?!\n)")

Path_ = tuple[Any, ...]


@dataclass
class Document:
    """One file's content, its fields' lines and what is wrong with it as YAML."""

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path_, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """The line of a field, or of the nearest field around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(self, line: int, name: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, line, name, problem, remedy))


def read(path: Path, shown: str) -> Document:
    """The file as data. Never raises for what the file holds: the document carries the faults."""
    document = Document(shown)
    try:
        raw = path.read_bytes()
    except OSError as error:
        document.refuse(0, "", f"cannot be read: {error.strerror}", "check its name and its rights")
        return document
    return parse(raw, document)


def parse(raw: bytes, document: Document) -> Document:
    """As ``read``, from bytes."""
    text = _text(raw, document)
    if text is None:
        return document
    root = _compose(text, document)
    if root is None:
        return document
    if not isinstance(root, yaml.MappingNode):
        document.refuse(root.start_mark.line + 1, "", "is not a list of `key: value` lines",
                        "begin with a line such as `name: …`")  # fmt: skip
        return document
    data = _value(root, (), document)
    if not document.faults:
        document.data = data
    return document


def name(path: Path_) -> str:
    """A field's path as people write it: ``narrative.events[2].who``."""
    shown = ""
    for part in path:
        shown += f"[{part}]" if isinstance(part, int) else f".{part}" if shown else str(part)
    return shown


def _text(raw: bytes, document: Document) -> str | None:
    if len(raw) > MAX_BYTES:
        document.refuse(0, "", f"is larger than {MAX_BYTES:,} bytes", "a place is a page of text; split it")
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
    if found := CONTROL.search(text):
        line = text[: found.start()].count("\n") + 1
        code = f"U+{ord(found.group()):04X}"
        document.refuse(line, "", f"holds the control character {code}", "delete it and type the line again")
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
        document.refuse(line, "", f"cannot be read as YAML: {said}",
                        "look at the indent, the colons and the quotes on this line and the one above")  # fmt: skip
        return None
    except RecursionError:
        document.refuse(0, "", f"is nested more than {MAX_DEPTH} deep", "write it flat")
        return None
    if root is None:
        document.refuse(1, "", "is empty", "write the file's fields, or delete it")
    return root


def _events(text: str) -> Iterator[yaml.Event]:
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise yaml.MarkedYAMLError(
                    problem="it holds more than one document (a line ---)", problem_mark=event.start_mark
                )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise yaml.MarkedYAMLError(
                    problem=f"it is nested more than {MAX_DEPTH} deep", problem_mark=event.start_mark
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        yield event


def _check_event(event: yaml.Event, document: Document) -> None:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        document.refuse(line, "", f"uses the alias *{event.anchor}", "write the value out; aliases are not read")
        return
    if getattr(event, "anchor", None):
        document.refuse(line, "", f"defines the anchor &{event.anchor}", "remove it; anchors are not read")
    tag = getattr(event, "tag", None)
    if tag:
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        document.refuse(line, "", f"has the tag {shown}", "remove it; tags are not read")


def _value(node: yaml.Node, path: Path_, document: Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, path, document)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, at), document) for at, item in enumerate(node.value)]
    return _mapping(node, path, document)


def _mapping(node: yaml.MappingNode, path: Path_, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            document.refuse(line, name(path), "has a key that is no word", "write `key: value`")
            continue
        key = key_node.value
        here = (*path, key)
        if key == "<<":
            document.refuse(line, name(path), "uses a merge key (<<)", "write the fields out")
        elif key in found:
            first = document.lines[here]
            document.refuse(line, name(here), f"repeats the key {key!r} of line {first}", "delete one of the two")
        else:
            document.lines[here] = line
            found[key] = _value(value_node, here, document)
    return found


def _scalar(node: yaml.ScalarNode, path: Path_, document: Document) -> Any:
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
            document.refuse(node.start_mark.line + 1, name(path), "is a number too large to be read",
                            "correct it, or put it in quotes if it is a name")  # fmt: skip
            return None
        return int(text) if INTEGER.match(text) else float(text)
    return text
