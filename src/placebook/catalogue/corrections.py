"""Publishers' known errors: ``data/corrections.yml``, each with its evidence, until the publisher mends it."""

from __future__ import annotations

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from placebook.catalogue.fields import Code, Https, Line, MeasureId, Period, Record, Slug
from placebook.errors import InputError
from placebook.paths import Project

FILE = "data/corrections.yml"


class Correction(Record):
    """One figure that its publisher has wrong."""

    source: Slug
    area: Code
    period: Period
    measure: MeasureId
    category: str = Field(default="", max_length=300)
    partner: str = Field(default="", max_length=60)
    published: float
    """What the publisher gives. As soon as it gives anything else the correction is dropped."""
    value: float
    """What is right."""
    because: Line
    """How anybody knows, in a reader's words."""
    evidence: Https
    """Where that can be read."""

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """As a table's key."""
        return self.area, self.period, self.measure, self.category, self.partner

    def words(self) -> str:
        """As readers are told of it."""
        of = ", ".join(filter(None, (self.area, self.measure, self.category, self.partner, self.period)))
        figures = f"the publisher gives {self.published:.12g}, this book {self.value:.12g}"
        return f"Corrected ({of}): {figures}. {self.because} {self.evidence}"


def read_corrections(project: Project) -> tuple[Correction, ...]:
    """All corrections, none where there is no file. Raises InputError with the first of what is wrong."""
    path = project.file(FILE)
    if not path.is_file():
        return ()
    try:
        found = TypeAdapter(tuple[Correction, ...]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or ())
    except (yaml.YAMLError, UnicodeDecodeError):
        raise InputError(f"{FILE}: is no YAML that can be read. Write a list; each entry begins with - source:") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise InputError(f"{FILE}: {where}: {first['msg']}. Mend it, or take the entry out.") from None
    keys = [(one.source, *one.key) for one in found]
    if twice := [key for key in keys if keys.count(key) > 1]:
        raise InputError(f"{FILE}: {', '.join(filter(None, twice[0]))} is corrected twice. Leave one of them out.")
    return found


def written(corrections: tuple[Correction, ...]) -> bytes:
    """The file with these."""
    every = [one.model_dump(mode="json", exclude_defaults=True) for one in corrections]
    return yaml.safe_dump(every, sort_keys=False, allow_unicode=True, width=120).encode("utf-8")
