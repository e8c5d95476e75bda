"""The reference in ``docs/reference``: the keys of every written file from its record, the commands from the command line.

Written by ``placebook schemas`` and held against drift as the schemas are: a key or an option is described once, in the code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from placebook.catalogue import fields, schemas
from placebook.catalogue.load import Catalogue
from placebook.findings import forms_page
from placebook.paths import Project
from placebook.refresh.adapters import described

WRITTEN = "Written by `placebook schemas` from the code: change it there.\n"
PAGES = {
    "params": ("Keys of a place", ("place",)),
    "measures": ("Keys of sections and measures", ("theme", "measure")),
    "counties": ("Keys of a county", ("county",)),
    "sources": ("Keys of a source", ("source",)),
    "relations": ("Keys of a relation", ("relation",)),
    "pins": ("Keys of pins", ("pins",)),
    "reviews": ("Keys of a review", ("review",)),
}
"""Each page with its title and the schemas that it describes."""
PATTERNS = {
    fields.SLUG: "a name in small letters, digits and hyphens",
    fields.MEASURE: "a name in small letters, digits and underscores",
    r"^https://": "an address that begins with https://",
    r"^\d{4}-\d{2}-\d{2}(/P[1-9]\d?[YM])?$": "a day, 2024-03-31, or a span from one, 2023-04-01/P1Y",
    r"^\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}$": "two days, 2023-01-01/2023-12-31",
    fields.DISTRICT: "the code of a district, such as E07000041",
    r"^E1[0-3]\d{6}$": "the code of a county, such as E10000016",
    r"^E01\d{6}$": "the code of a 2021 LSOA: E01 and six digits",
    r"^E02\d{6}$": "the code of a 2021 MSOA: E02 and six digits",
    r"^E05\d{6}$": "the code of a ward: E05 and six digits",
    r"^(E63|K08)\d{6}$": "the code of a built-up area: E63 or K08 and six digits",
    r"^[EKNSTUW][A-Z0-9]{1,8}$": "the code of an area, such as E92000001",
    r"^finding--[a-z]+--[a-z0-9-]+$": "the id of a finding, such as finding--change--gdp-per-head",
    r"^[0-9a-f]{64}$": "64 digits and letters from a to f",
    r"^[0-9a-f]{16}$": "16 digits and letters from a to f",
}
"""What stands in a text of such a pattern, where its words say more than the pattern."""
VALUES = {"int": "NUMBER", "float": "NUMBER", "Path": "PATH"}
"""What an option takes, where it does not say so itself and it is not words."""


def generated(project: Project, command: Any) -> dict[str, str]:
    """All that is generated of code and declarations, by path from the root: schemas, forms of sentences, reference.

    ``command`` is the command line as a click command, with all commands below it.
    """
    catalogue = Catalogue.open(project)
    made = schemas.generated()
    pages = {
        name: record_page(title, [json.loads(made[f"schemas/{n}.schema.json"]) for n in kinds])
        for name, (title, kinds) in PAGES.items()
    }
    pages |= {"commands": commands_page(command), "adapters": adapters_page()}
    return {
        **made,
        "docs/findings.md": forms_page.page(catalogue.indicators.values(), catalogue.relations),
        **{f"docs/reference/{name}.md": text for name, text in pages.items()},
    }


# ------------------------------------------------------------ files


def record_page(title: str, described_by: list[dict[str, Any]]) -> str:
    """A page of tables of keys, of one schema after the other; what several schemas share stands once."""
    parts = [f"# {title}\n", WRITTEN]
    seen: set[str] = set()
    for schema in described_by:
        parts += [f"## {schema['title']}\n", _prose(schema["description"]) + "\n"]
        definitions = schema.get("$defs", {})
        variants = [definitions[_name(each)] for each in schema.get("oneOf", ())]
        if variants:
            common = {k: v for k, v in variants[0]["properties"].items() if all(w["properties"].get(k) == v for w in variants)}
            if common:
                parts += [*_table(common, variants[0].get("required", ())), ""]
            seen |= {_name(each) for each in schema["oneOf"]}
            for each in schema["oneOf"]:
                own = {k: v for k, v in definitions[_name(each)]["properties"].items() if k not in common}
                parts += _section(_name(each), definitions[_name(each)], own)
        else:
            parts += [*_table(schema["properties"], schema.get("required", ())), ""]
        for name in _used(schema, definitions):
            if name not in seen:
                seen.add(name)
                parts += _section(name, definitions[name], definitions[name]["properties"])
    return "\n".join(parts).rstrip() + "\n"


def _section(name: str, record: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {_title(name)}\n"
    if "description" in record:
        yield _prose(record["description"]) + "\n"
    yield from _table(own, record.get("required", ()))
    yield ""


def _table(keys: Mapping[str, Any], required: Any) -> Iterator[str]:
    yield "| key | what it says | what stands there |"
    yield "| --- | --- | --- |"
    for key, schema in keys.items():
        default = _default(schema.get("default"))
        after = "; **needed**" if key in required else f"; left out: {default}" if default else ""
        words = schema.get("description") or ("Says that it is one of these." if "const" in schema else "")
        yield f"| `{key}` | {_prose(words)} | {_what(schema)}{after} |"


def _used(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    """The records that a schema leads to, in the order in which a reader comes by them."""
    queue, seen = [{k: v for k, v in schema.items() if k != "$defs"}], set()
    while queue:
        for name in re.findall(r'"#/\$defs/(\w+)"', json.dumps(queue.pop(0))):
            if name not in seen:
                seen.add(name)
                queue.append(definitions[name])
                yield name


def _what(schema: Mapping[str, Any]) -> str:
    """What may stand under a key, in words."""
    if "$ref" in schema:
        return f"[{_title(_name(schema))}](#{_title(_name(schema)).lower().replace(' ', '-')})"
    if alternatives := [each for each in schema.get("anyOf", schema.get("oneOf", ())) if each.get("type") != "null"]:
        return " or ".join(dict.fromkeys(_what(each) for each in alternatives))
    if "const" in schema or "enum" in schema:
        return " or ".join(f"`{each}`" for each in schema.get("enum", [schema.get("const")]))
    kinds = {"array": _list, "object": _mapping, "string": _text, "integer": _number, "number": _number}
    return kinds[schema["type"]](schema) if schema["type"] in kinds else "`true` or `false`"


def _list(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    bounds = [*([f"{least} or more"] if least else []), *([f"{most:,} at most"] if most else [])]
    return f"a list ({', '.join(bounds)}) of: {_what(schema['items'])}" if bounds else f"a list of: {_what(schema['items'])}"


def _mapping(schema: Mapping[str, Any]) -> str:
    inner = schema.get("additionalProperties") or next(iter(schema.get("patternProperties", {}).values()), None)
    return f"keys, each with: {_what(inner)}" if isinstance(inner, Mapping) else "keys and values"


def _text(schema: Mapping[str, Any]) -> str:
    pattern, most = schema.get("pattern", ""), schema.get("maxLength")
    if schema.get("format") == "date":
        return "a day, 2024-03-31"
    if pattern in PATTERNS:
        return PATTERNS[pattern]
    if pattern and pattern != r"^[^\n]*$":
        return f"`{_cell(pattern)}`"
    line = "a line" if pattern else "text"
    return f"{line} of {most:,} characters at most" if most else line


def _number(schema: Mapping[str, Any]) -> str:
    kind = "a whole number" if schema["type"] == "integer" else "a number"
    words = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "below"}
    return " ".join([kind, *(f"{word} {schema[key]:g}" for key, word in words.items() if key in schema)])


def _default(value: Any) -> str:
    if value in (None, [], {}, ""):
        return ""
    if isinstance(value, dict):  # a record whose keys are all left out
        return ""
    if isinstance(value, list):
        return ", ".join(f"`{each}`" for each in value)
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value)}`"


def _name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _title(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: " " + found[1].lower(), name)


# ------------------------------------------------------------ commands


def commands_page(command: Any) -> str:
    """Every command: what it does, what it takes, examples; the words of its ``--help``."""
    parts = ["# Commands\n", WRITTEN]
    for words, each in _commands(command, ("placebook",)):
        prose, _, examples = (each.help or "").partition("\nExamples:\n")
        parts += [f"## `{' '.join(words)}`\n", _prose(prose) + "\n"]
        typed = re.sub(r"\n    +", " \\\\\n    ", examples.rstrip())  # a command on several lines
        parts += ["```sh", *(line[2:] for line in typed.splitlines()), "```\n"]
        if rows := [_parameter(parameter) for parameter in each.params if not getattr(parameter, "hidden", False)]:
            parts += ["| takes | what |", "| --- | --- |", *rows, ""]
    return "\n".join(parts).rstrip() + "\n"


def _commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield words, command
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from _commands(inner, (*words, name))


def _parameter(parameter: Any) -> str:
    """An option or an argument as a row: how it is written, what it does, what it is where it is left out."""
    options = [*parameter.opts, *parameter.secondary_opts]
    if parameter.param_type_name == "argument":
        shown = f"`{parameter.metavar or parameter.name.upper()}`" + (" …" if parameter.nargs == -1 else "")
    else:
        value = "" if parameter.is_flag else f" {parameter.metavar or VALUES.get(parameter.bare_type(), 'WORDS')}"
        shown = ", ".join(f"`{option}{value}`" for option in options)
    default = parameter.default
    told = "Default" in (parameter.help or "") or parameter.required or callable(default) or isinstance(default, bool)
    after = "" if told or default in (None, "", []) else f" Default: `{default}`."
    return f"| {shown} | {_prose(parameter.help or '')}{after} |"


def adapters_page() -> str:
    """The layouts of publishers' files that ``placebook refresh`` reads, and what each must and may be told."""
    parts = [
        "# Adapters\n",
        WRITTEN,
        "A source's `refresh:` or `small_areas:` names the layout of the publisher's file and what must be known of it. "
        "[Add a measure](../add-a-measure.md) shows one at work; each file in `data/sources/` is another example.\n",
    ]
    for name, words, options in described():
        must = [f"`{option[:-1]}`" for option in options if option.endswith("*")]
        may = [f"`{option}`" for option in options if not option.endswith("*")]
        parts += [f"## `{name}`\n", f"{_prose(words)}\n", f"Must be given: {', '.join(must) or 'nothing'}.\n"]
        parts += [f"May be given: {', '.join(may)}.\n"] if may else []
    return "\n".join(parts).rstrip() + "\n"


def _prose(text: str) -> str:
    """Words of a docstring as Markdown: nothing in them acts, and a cell of a table stays one."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")]
    pieces = re.split(r"(`[^`]*`)", "\n\n".join(paragraphs))
    return _cell("".join(piece if piece.startswith("`") else re.sub(r"([<*_\[\]])", r"\\\1", piece) for piece in pieces))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
