"""JSON Schemas of the written files, generated from the records, committed, and held against drift."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from placebook.catalogue.models import Measure, Source, Theme
from placebook.catalogue.pins import Pins
from placebook.catalogue.places import County, Place
from placebook.catalogue.relations import Relation
from placebook.catalogue.reviews import ReviewRecord
from placebook.paths import Project, write_atomically

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ABOUT: dict[str, tuple[Any, str, str]] = {
    "place": (Place, "A place", "One file in params/: a town, a district, a county or a group of districts."),
    "source": (Source, "A source", "One file in data/sources/: one published data set and its tables."),
    "theme": (Theme, "A theme", "One file in data/indicators/: the indicators of one section of the page."),
    "measure": (Measure, "A measure", "One file in data/measures/: a measure of one's own, shown at the end of a section."),
    "relation": (Relation, "A relation", "One file in data/relations/: measures that explain or contradict one another."),
    "county": (County, "A county", "One file in data/counties/: what the code does not know about a county."),
    "pins": (
        Pins,
        "Pins",
        "One file in params/pins/, written by placebook pin: what a place's or a county's words stood beside.",
    ),
    "review": (
        ReviewRecord,
        "A review",
        "One file in params/reviews/, written by placebook review --approve: who reviewed a page, beside what.",
    ),
}
EXAMPLES = {
    "place": [{"name": "Exeter", "kind": "district", "code": "E07000041"}],
    "county": [{"name": "Kent", "code": "E10000016", "districts": ["E07000105"]}],
}


def generated() -> dict[str, str]:
    """The text of every schema, by its path from the root."""
    texts = {}
    for name, (record, title, description) in ABOUT.items():
        schema = TypeAdapter(record).json_schema()
        head: dict[str, Any] = {"$schema": DIALECT, "title": title, "description": description}
        if name in EXAMPLES:
            head["examples"] = EXAMPLES[name]
        text = json.dumps(head | {k: v for k, v in schema.items() if k not in head}, indent=2, ensure_ascii=False)
        texts[f"schemas/{name}.schema.json"] = text + "\n"
    return texts


def write(project: Project, texts: Mapping[str, str]) -> None:
    """Write generated texts, by their paths from the root."""
    for name, text in texts.items():
        write_atomically(project.root / name, text)


def drift(project: Project, texts: Mapping[str, str]) -> str:
    """How the committed files differ from the texts, with the command that mends it; "" if not."""
    parts: list[str] = []
    for name, text in texts.items():
        path = project.root / name
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        if written != text:
            parts += difflib.unified_diff(written.splitlines(), text.splitlines(), name, "the code", lineterm="", n=1)
    return "\n".join([*parts, "", "Mend it: placebook schemas"]) if parts else ""
