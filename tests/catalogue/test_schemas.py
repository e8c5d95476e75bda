"""The committed schemas and reference are those of the records and the commands."""

import json
from pathlib import Path

import typer.main
from jsonschema import Draft202012Validator

from placebook.catalogue import schemas
from placebook.cli import app
from placebook.desk import reference
from placebook.paths import Project

REAL = Project.at(Path(__file__).parents[2])


def test_what_is_committed_and_generated_has_not_drifted():
    """Schemas, forms of sentences, reference."""
    texts = reference.generated(REAL, typer.main.get_command(app))
    assert {name.rpartition("/")[0] for name in texts} == {"schemas", "docs", "docs/reference"}
    assert schemas.drift(REAL, texts) == ""


def test_drift_is_shown_with_the_command_that_mends_it(tiny_project):
    texts = schemas.generated()
    schemas.write(tiny_project, texts)
    assert schemas.drift(tiny_project, texts) == ""
    tiny_project.replace("schemas/place.schema.json", '"title": "A place"', '"title": "A town"')
    shown = schemas.drift(tiny_project, texts)
    assert '-  "title": "A town"' in shown and '+  "title": "A place"' in shown
    assert shown.endswith("Mend it: placebook schemas")


def test_the_schemas_are_valid_and_explain_every_field():
    made = {name: json.loads(text) for name, text in schemas.generated().items()}
    kinds = ("place", "source", "theme", "measure", "relation", "county", "pins", "review")
    assert set(made) == {f"schemas/{kind}.schema.json" for kind in kinds}
    for schema in made.values():
        Draft202012Validator.check_schema(schema)
        assert schema["description"]


def test_the_schema_refuses_what_the_reader_refuses():
    place = Draft202012Validator(json.loads(schemas.generated()["schemas/place.schema.json"]))
    right = {"name": "Broxbourne", "kind": "district", "code": "E07000095"}
    assert place.is_valid(right)
    assert not place.is_valid(right | {"codee": "x"})
    assert not place.is_valid(right | {"code": "Broxbourne"})
    assert not place.is_valid({"name": "X", "kind": "town", "parent": "E07000095", "lsoas": [], "chosen": "x"})
