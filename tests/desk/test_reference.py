"""The generated reference: every key, option and adapter is on its page, and its tables are tables."""

import json
import re

import pytest
import typer.main

from placebook.catalogue import schemas
from placebook.cli import app
from placebook.desk import reference
from placebook.refresh.adapters import OPTIONS, SMALL_AREA_OPTIONS


def keys(schema):
    """Every key that a schema names, in it and in its parts."""
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", ())


@pytest.fixture(scope="module")
def written():
    return {name: json.loads(text) for name, text in schemas.generated().items()}


@pytest.mark.parametrize(("title", "kinds"), reference.PAGES.values(), ids=reference.PAGES)
def test_every_key_has_its_row(written, title, kinds):
    described_by = [written[f"schemas/{kind}.schema.json"] for kind in kinds]
    page = reference.record_page(title, described_by)
    rows = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert set(rows) == {key for schema in described_by for key in keys(schema)}
    for line in (line for line in page.splitlines() if line.startswith("|")):
        cells = re.split(r"(?<!\\)\|", line)
        assert len(cells) == 5 and all(cell.strip() for cell in cells[1:-1]), f"a key without words: {line}"
    named = {line.lstrip("# ").lower().replace(" ", "-") for line in page.splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= named


def test_every_schema_is_on_a_page(written):
    described = [kind for _, kinds in reference.PAGES.values() for kind in kinds]
    assert sorted(f"schemas/{kind}.schema.json" for kind in described) == sorted(written)


def test_every_command_and_option_is_there():
    page = reference.commands_page(typer.main.get_command(app))
    sections = dict(zip(re.findall(r"^## `(.*)`$", page, re.M), re.split(r"^## `.*`$", page, flags=re.M)[1:], strict=True))
    assert {"placebook", "placebook build", "placebook new", "placebook new measure"} <= set(sections)
    assert "`--time-limit NUMBER`" in sections["placebook build"] and "Default: `600`." in sections["placebook build"]
    assert "`--yes`, `-y`" in sections["placebook remove"] and "`FILE.csv`" in sections["placebook new measure"]
    assert "--better higher --counted counted" in sections["placebook new measure"]
    assert "clubs.csv --section places --unit count \\\n  --better higher" in sections["placebook new measure"]
    workers = next(line for line in sections["placebook build"].splitlines() if "`--workers" in line)
    assert not re.search(r"\d", workers), "how many cores this machine has is no part of the reference"


def test_every_adapter_is_there_with_what_it_must_be_told():
    page = reference.adapters_page()
    # These two make the lists and outlines that every book stands on, and read no figures.
    names = set(OPTIONS) | set(SMALL_AREA_OPTIONS)
    assert names - set(re.findall(r"^## `(.*)`$", page, re.M)) == {"small-area-lists", "small-area-outlines"}
    wide = page.partition("## `wide-table`")[2].partition("\n## ")[0]
    assert "Must be given: `area`, `columns`, `period`." in wide and "`leave_out_blank_areas`" in wide


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 10}, "a whole number from 0 to 10"),
        ({"type": "number", "exclusiveMinimum": 0}, "a number above 0"),
        ({"anyOf": [{"type": "string", "maxLength": 3000}, {"type": "null"}]}, "text of 3,000 characters at most"),
        ({"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 1}, "a list (1 or more) of: `a` or `b`"),
        ({"type": "string", "format": "date"}, "a day, 2024-03-31"),
        ({"type": "string", "pattern": "^x|y$"}, "`^x\\|y$`"),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, "keys, each with: `true` or `false`"),
    ],
)
def test_what_stands_under_a_key_is_said_in_words(schema, words):
    page = reference.record_page("T", [{"title": "A", "description": "b", "properties": {"key": schema}}])
    assert page.splitlines()[-1] == f"| `key` |  | {words} |"
