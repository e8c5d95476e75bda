"""Pydantic's words into an analyst's: what is wrong in a file, where, and what to write instead."""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic_core import ErrorDetails

from placebook.catalogue import yaml_reader
from placebook.catalogue.fields import Record
from placebook.catalogue.models import Measure, Source, Theme
from placebook.catalogue.pins import Pins
from placebook.catalogue.places import AnyPlace, County
from placebook.catalogue.relations import Pair, Product
from placebook.catalogue.reviews import ReviewRecord
from placebook.catalogue.yaml_reader import Document, FieldPath
from placebook.errors import Fault

EXPECTED = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": "small letters, digits and single hyphens, such as `st-albans`",
    "^[a-z0-9]+(_[a-z0-9]+)*$": "small letters, digits and single underscores, such as `employment_rate`",
    "^finding--[a-z]+--[a-z0-9-]+$": "a finding as the ledger names it, such as `finding--change--gdp-per-head`",
    r"^[a-z0-9][a-z0-9_-]{0,60}\.(png|jpe?g|webp)$": "the name of a file in params/, in small letters, such as `market.png`",
    r"^E01\d{6}$": "the code of a 2021 LSOA, such as E01023630",
    r"^E02\d{6}$": "the code of a 2021 MSOA, such as E02004911",
    r"^E05\d{6}$": "the code of a ward of 2024, such as E05004789",
    r"^(E63|K08)\d{6}$": "the code of a built-up area of 2022, such as E63008401",
    r"^E0[6789]\d{6}$": "the GSS code of a district, such as E07000095",
    r"^E1[0-3]\d{6}$": "the GSS code of a county, such as E10000015",
    "^[EKNSTUW][A-Z0-9]{1,8}$": "a GSS or ITL code, such as E12000006",
    "^https://": "an address that begins with https://",
    "^[0-9a-f]{64}$": "a SHA-256 of 64 digits 0-9 and a-f; run placebook refresh",
    r"^\d{4}-\d{2}-\d{2}(/P[1-9]\d?[YM])?$": "a date (2021-03-21) or a start and length (2023-01-01/P1Y)",
}

EMPTY = ("is empty", "write it, or remove the key")
NO_LIST = ("is not a list", "write it in brackets: `{last}: [ … ]`")
NO_GROUP = ("is not a group of `key: value` lines", "indent its fields under it")
NO_INTEGER = ("{written} is not a whole number", "write digits only")
NO_NUMBER = ("{written} is not a number", "write digits, with a point for decimals")
WORDS = {
    "date": ("{written} is not a date", "write year-month-day, such as 2025-03-31"),
    "dict_type": NO_GROUP,
    "float_parsing": NO_NUMBER,
    "float_type": NO_NUMBER,
    "greater_than_equal": ("{written} is too small", "write {ge} or more"),
    "int_from_float": NO_INTEGER,
    "int_parsing": NO_INTEGER,
    "int_type": NO_INTEGER,
    "less_than_equal": ("{written} is too large", "write {le} or less"),
    "list_type": NO_LIST,
    "missing": ("the key {last!r} is missing", "add `{last}: …`"),
    "model_attributes_type": NO_GROUP,
    "model_type": NO_GROUP,
    "string_too_long": ("is longer than {max_length:,} characters", "shorten it"),
    "string_too_short": EMPTY,
    "string_type": ("{written} is not text", "put it in quotes"),
    "too_long": ("lists more than {max_length:,}", "leave out what no reader needs"),
    "too_short": ("is empty", "list at least {min_length}"),
    "tuple_type": NO_LIST,
}
"""Pydantic's name of a mistake to what is wrong and what to write; ``written`` as quoted, ``last`` the key."""
RECORDS: dict[str, list[type[Record]]] = {
    "source": [Source],
    "theme": [Theme],
    "measure": [Measure],
    "relation": [Pair, Product],
    "county": [County],
    "pins": [Pins],
    "review": [ReviewRecord],
    "place": list(get_args(AnyPlace)),
}
PLACES: dict[str, type[Record]] = {get_args(each.model_fields["kind"].annotation)[0]: each for each in get_args(AnyPlace)}
"""Kind of place to its record."""


def own(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """The mistakes themselves: a list is not also too short because an item in it is wrong."""
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(other["loc"][: len(detail["loc"])] == detail["loc"] for other in details if other is not detail)
    ]


def forgiven(details: list[ErrorDetails], data: Any) -> Any:
    """What is written without the keys that nobody knows, for what else may be wrong with it."""
    left = copy.deepcopy(data)
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *way, key = _field_path(detail["loc"], data)
            here = left
            for step in way:
                here = here[step]
            here.pop(key, None)
    return left


def in_words(document: Document, detail: ErrorDetails, kind: str) -> Fault:
    path = _field_path(detail["loc"], document.data)
    if detail["type"].startswith("union_tag") and kind == "place":
        return _without_kind(document, detail)
    problem, remedy = _said(detail, path, document, kind)
    return Fault(document.file, document.line(path), yaml_reader.name(path), problem, remedy)


def _without_kind(document: Document, detail: ErrorDetails) -> Fault:
    """What a place is must be known before anything else of its file is: a misspelt word is named."""
    kinds = list(PLACES)
    choices = " or ".join(f"`kind: {name}`" for name in kinds)
    if detail["type"] == "union_tag_invalid":
        written = yaml_reader.brief(str(document.data["kind"]))
        near = difflib.get_close_matches(written, kinds, n=1, cutoff=0.6)
        meant = f"did you mean {near[0]!r}? " if near else ""
        return Fault(
            document.file, document.line(("kind",)), "kind", f"{written!r} is no kind of place", f"{meant}write {choices}"
        )
    fields = {field for record in PLACES.values() for field in record.model_fields}
    for key in difflib.get_close_matches("kind", [str(key) for key in document.data if key not in fields], n=1, cutoff=0.6):
        return Fault(document.file, document.line((key,)), key, f"unknown key {key!r}", f"did you mean 'kind'? Write {choices}")
    return Fault(document.file, document.line(("kind",)), "kind", "the key 'kind' is missing", f"write {choices}")


def _field_path(loc: FieldPath, data: Any) -> FieldPath:
    """The place in the file: pydantic's own steps (the name of a union's member) are left out."""
    path: list[str | int] = []
    here = data
    for at, part in enumerate(loc):
        last = at == len(loc) - 1
        if isinstance(here, dict) and part != "[key]" and (part in here or last):
            path.append(part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            path.append(part)
            here = here[part]
    return tuple(path)


def _said(detail: ErrorDetails, path: FieldPath, document: Document, kind: str) -> tuple[str, str]:
    type_, context = detail["type"], detail.get("ctx", {})
    quoted = _quoted(detail["input"])
    last = path[-1] if path else ""
    if type_ == "extra_forbidden":
        return f"unknown key {_quoted(last)}", _nearest_key(str(last), _records_at(detail["loc"][:-1], kind))
    if type_ == "literal_error":
        expected = str(context.get("expected", ""))
        choices = re.findall(r"'([^']*)'", expected)
        near = difflib.get_close_matches(str(detail["input"]), choices, n=1, cutoff=0.6)
        meant = f"did you mean {near[0]!r}? " if near else ""
        return f"{quoted} is not known here", f"{meant}use one of {expected}"
    if type_ == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        return f"{quoted} is not what is expected", f"write {EXPECTED.get(pattern, pattern)}"
    if type_ == "value_error":
        # Our own validators say what is wrong, then what to do.
        problem, _, remedy = str(context.get("error", detail["msg"])).partition("; ")
        return problem, remedy or "correct it"
    if type_ == "string_type" and detail["input"] is None:
        return EMPTY
    if type_ == "too_short" and context["actual_length"]:
        return f"lists only {context['actual_length']}", f"list at least {context['min_length']}"
    if words := WORDS.get("date" if type_.startswith("date") else type_):
        problem, remedy = (text.format(written=quoted, last=last, **context) for text in words)
        return problem, remedy
    return detail["msg"][0].lower() + detail["msg"][1:], "see the file's schema in schemas/"


def _quoted(written: Any) -> str:
    """What is written, as messages quote it. A long text or list is not written out whole to be cut off."""
    if isinstance(written, str):
        return yaml_reader.brief(repr(written[:100]))
    return (
        yaml_reader.brief(repr(written)) if not isinstance(written, (dict, list)) or len(written) < 5 else "this list or group"
    )


def _nearest_key(written: str, records: list[type[Record]]) -> str:
    """What an unknown key may have been meant for: a key of its own record, or one that belongs deeper."""

    def near(names: Iterable[str]) -> list[str]:
        return difflib.get_close_matches(written, sorted(names), n=1, cutoff=0.6)

    fields = {name: field.annotation for record in records for name, field in record.model_fields.items()}
    if names := near(fields):
        return f"did you mean {names[0]!r}?"
    for name, annotation in sorted(fields.items()):
        if names := near(key for part in _with_parts([annotation]) for key in part.model_fields):
            return f"did you mean {names[0]!r}? It stands under `{name}:`"
    return "remove it"


def _records_at(loc: FieldPath, kind: str) -> list[type[Record]]:
    """The records that may stand at this place of a file."""
    records = RECORDS[kind]
    for step in loc:
        if kind == "place" and step in PLACES:  # pydantic's own step, the kind of place
            records = [PLACES[str(step)]]
        within = [record.model_fields[step].annotation for record in records if step in record.model_fields]
        if within:
            records = [part for annotation in within for part in _nearest_records(annotation)]
    return records


def _nearest_records(annotation: Any) -> list[type[Record]]:
    """The records that a field is declared to hold, one or many, of one kind or several."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return [annotation]
    return [record for part in get_args(annotation) for record in _nearest_records(part)]


def _with_parts(annotations: Iterable[Any]) -> Iterator[type[Record]]:
    """The records of fields, and the records that their own fields are made of."""
    seen: set[type[Record]] = set()
    queue = [record for annotation in annotations for record in _nearest_records(annotation)]
    while queue:
        if (found := queue.pop()) not in seen:
            seen.add(found)
            yield found
            queue += [part for field in found.model_fields.values() for part in _nearest_records(field.annotation)]
