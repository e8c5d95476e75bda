"""Publishers' known errors: ``data/corrections.yml``, each with its evidence, until the publisher mends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from placebook.catalogue import yaml_reader
from placebook.catalogue.fields import Code, Https, Line, MeasureId, Period, Record, Slug
from placebook.catalogue.models import Source
from placebook.errors import Fault, InputError
from placebook.paths import Project

FILE = "data/corrections.yml"
TABLES = "data/tables/"
"""Of these alone a figure can be corrected."""
Key = tuple[str, str, str, str, str]
"""Area, period, measure, category and partner: what one row of a table is known by."""


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
    def key(self) -> Key:
        """As a table's key."""
        return self.area, self.period, self.measure, self.category, self.partner

    def record(self) -> dict[str, Any]:
        """As the ledger keeps it beside each number that was made of the row."""
        return self.model_dump(mode="json", exclude={"source"}, exclude_defaults=True)

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
    document = yaml_reader.Document(FILE)
    raw = yaml_reader.read_list(path, document)
    if document.faults:
        raise InputError(document.faults)
    try:
        found = TypeAdapter(tuple[Correction, ...]).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        line, where = document.line(first["loc"]), yaml_reader.name(first["loc"])
        raise InputError(Fault(FILE, line, where, first["msg"], "mend it, or take the entry out")) from None
    keys = [(one.source, *one.key) for one in found]
    if twice := [key for key in keys if keys.count(key) > 1]:
        problem = f"{', '.join(filter(None, twice[0]))} is corrected twice"
        raise InputError(Fault(FILE, 0, "", problem, "leave one of them out"))
    return found


def by_row(corrections: Sequence[Correction], sources: Mapping[str, Source]) -> dict[tuple[str, Key], dict[str, Any]]:
    """What is corrected in the tables as they are, as the ledger keeps it, by table and key of the row."""
    return {
        (table.path, one.key): one.record()
        for one in corrections
        if _holds(one, sources)
        for table in sources[one.source].tables
        if table.path.startswith(TABLES)
    }


def hints(corrections: Sequence[Correction], sources: Mapping[str, Source]) -> Iterator[Fault]:
    """Where the file and what a refresh made of it are apart: what it corrects is not in the tables, or not as it says."""
    for one in corrections:
        if not _holds(one, sources):
            problem = f"{', '.join(filter(None, one.key))} of {one.source} is not corrected in the table yet"
            yield Fault(FILE, 0, "", problem, f"placebook refresh {one.source}")
    told = {one.words() for one in corrections}
    for name, source in sources.items():
        if any(text not in told for text in source.corrected):
            problem = f"tells of a correction that is not in {FILE}, so that no figure of a ledger says so"
            yield Fault(f"data/sources/{name}.yml", 0, "corrected", problem, f"placebook refresh {name}")


def _holds(one: Correction, sources: Mapping[str, Source]) -> bool:
    """Whether the tables hold a correction: the refresh that made them says so in the source's file."""
    return one.source in sources and one.words() in sources[one.source].corrected


def written(corrections: tuple[Correction, ...]) -> bytes:
    """The file with these."""
    every = [one.model_dump(mode="json", exclude_defaults=True) for one in corrections]
    return yaml.safe_dump(every, sort_keys=False, allow_unicode=True, width=120).encode("utf-8")
