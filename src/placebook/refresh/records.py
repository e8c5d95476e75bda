"""The one place where refresh reads what people wrote about a source."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from placebook.catalogue.models import Source
from placebook.errors import Fault, InputError, shown_path
from placebook.paths import Project


def sources_of(project: Project) -> dict[str, Source]:
    """Every source by its id, sorted. Raises InputError as :func:`source_of`."""
    return {path.stem: source_of(path, project) for path in sorted(project.sources.glob("*.yml"))}


def source_of(path: Path, project: Project) -> Source:
    """The source's record. Raises InputError, naming the file and every field that is wrong."""
    where = shown_path(path, project.root)
    try:
        return Source.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = f"is not YAML: {getattr(error, 'problem', error)}"
        raise InputError(
            Fault(where, mark.line + 1 if mark else 0, "", problem, "correct the line")
        ) from None
    except ValidationError as error:
        raise InputError(
            Fault(where, 0, ".".join(map(str, one["loc"])), one["msg"], "correct the field")
            for one in error.errors()
        ) from None
