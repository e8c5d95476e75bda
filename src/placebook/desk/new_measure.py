"""A measure of one's own: from a CSV to source, table and indicator, checked before they stay, over nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from placebook.build.checked import open_checked
from placebook.catalogue.licences import LICENCES
from placebook.catalogue.load import Catalogue, slug_of
from placebook.desk import measure_file
from placebook.desk.measure_file import SMALL, Columns
from placebook.errors import Fault, InputError
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import wording
from placebook.findings.formats import joined, plural
from placebook.paths import Project, write_atomically
from placebook.refresh import datapackage
from placebook.refresh.delimited import Delimited
from placebook.refresh.readers import Directory
from placebook.refresh.run import refresh

BETTER = {"higher": "higher_is_better", "lower": "lower_is_better", "neither": "neither"}
COUNTED = ("counted", "estimated")
SMALL_COUNTS = ("1", "2", "3", "4")
FORMS: dict[str, tuple[str, str, str, int]] = {
    "count": ("count", "the number of {}", "number", 0),
    "percent": ("share", "the share of {}", "%", 1),
    "per-1000": ("rate", "the rate of {}", "per 1,000", 1),
    "per-10000": ("rate", "the rate of {}", "per 10,000", 1),
    "per-100000": ("rate", "the rate of {}", "per 100,000", 1),
    "pounds": ("mean", "the {}", "£", 0),
    "years": ("mean", "the {}", "years", 1),
    "minutes": ("mean", "the {}", "minutes", 0),
    "score": ("index", "the score of {}", "score", 1),
    "ratio": ("ratio", "the ratio of {}", "ratio", 2),
}
"""Unit to the kind of measure, how a sentence says it, its words on an axis and its decimals."""
COMPARED = {"county": "county", "region": "region", "country": "country"}


@dataclass(frozen=True)
class Answers:
    """What must be known of a measure beside its file; "" what was not said."""

    title: str = ""
    section: str = ""
    unit: str = ""
    better: str = ""
    counted: str = ""
    publisher: str = ""
    page: str = ""
    licence: str = ""
    period: str = ""
    of: str = ""
    own: str = ""
    definition: str = ""


@dataclass(frozen=True)
class Question:
    """One thing to ask: the option that says it, what a person is asked, and the answers that are known."""

    option: str
    words: str
    choices: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True)
class Draft:
    """A file that was read and understood, before anything is written."""

    path: Path
    table: Delimited
    columns: Columns
    levels: tuple[str, ...]
    missing: Mapping[str, str]
    wards: Mapping[str, str] = field(default_factory=dict)
    """Of a file of wards: each with its district."""
    short_of: tuple[str, ...] = ()
    """Districts that lack wards there."""

    @property
    def small(self) -> bool:
        """Whether it is about small areas, which are added up."""
        return self.levels[0] in SMALL

    @property
    def share(self) -> bool:
        """Whether it holds a numerator and a denominator."""
        return bool(self.columns.numerator)


def drafted(path: Path, given: Mapping[str, str], catalogue: Catalogue, hold_back: bool = False) -> Draft:
    """The file as it is understood; counts from one to four are held back where that is wanted.

    Raises InputError for what cannot be, with file, line and remedy.
    """
    table = measure_file.read(path)
    columns = measure_file.columns(table, given)
    found = measure_file.levels(table, columns.area)
    missing = measure_file.missing(table, columns.figures) | (dict.fromkeys("1234", "c") if hold_back else {})
    wards, lacking = ({}, ()) if found != ("ward",) else measure_file.whole_districts(table, columns.area, catalogue.areas)
    return Draft(path, table, columns, ("district",) if wards else found, missing, wards, lacking)


def questions(draft: Draft, catalogue: Catalogue) -> Iterator[Question]:
    """What is asked of whoever adds a measure."""
    yield Question(
        "title", "What is it called, as a heading?", default=draft.path.stem.replace("-", " ").replace("_", " ").capitalize()
    )
    yield Question("section", "In which section does it stand?", tuple(catalogue.themes))
    if not draft.share:
        yield Question("unit", "What is its unit?", ("count",) if draft.small or draft.wards else tuple(FORMS))
    yield Question("of", "Of what is it a share, a rate or a number (households, say)?", default="the place")
    yield Question("better", "Which end is better?", tuple(BETTER))
    if not (draft.columns.lower and draft.columns.upper) and not draft.small and not draft.share:
        yield Question("counted", "Was it counted in full, or is it an estimate without limits?", COUNTED)
    yield Question("own", "Are the figures your own, so that small counts must be held back?", ("yes", "no"), "yes")
    yield Question("publisher", "Who publishes it?")
    yield Question("page", "At which address (https://…)?")
    yield Question("licence", "Under which licence?", tuple(LICENCES), "OGL-UK-3.0")
    if not draft.columns.period or draft.share or draft.wards:
        yield Question("period", "Of which period is it (2024, 2023/24, 2024-03-31)?")


def checked(answers: Answers, draft: Draft, catalogue: Catalogue) -> None:
    """Raises InputError with everything that was not said, or is none of the answers, at once."""
    if (draft.small or draft.wards) and not draft.share and answers.unit not in ("", "count"):
        raise InputError("a share or a rate of small areas cannot be added up: give --numerator and --denominator columns")
    problems = []
    for question in questions(draft, catalogue):
        said = getattr(answers, question.option)
        if question.choices and said not in question.choices:
            problem = f"{said!r} is none of them" if said else "is not said"
            problems.append(f"--{question.option} {problem}: {', '.join(question.choices)}")
        elif not said:
            problems.append(f"--{question.option} is not said: {question.words}")
    if answers.page and not answers.page.startswith("https://"):
        problems.append(f"--page {answers.page!r} is no address: it begins with https://")
    if problems:
        raise InputError("\n".join(problems))
    if answers.own == "yes" and (draft.share or answers.unit == "count"):
        for row in draft.table:
            for column in draft.columns.figures:
                if row[column].strip() in SMALL_COUNTS and row[column].strip() not in draft.missing:
                    problem = f"{row[column]!r} counts fewer than five, and may show who they are"
                    remedy = "hold all such counts back with --hold-back, or say --own no where a publisher has protected them"
                    raise InputError(Fault(draft.table.file, row.line, column, problem, remedy))


def slug(answers: Answers) -> str:
    """The name of the measure's files."""
    return slug_of(answers.title.replace("'", "").replace("’", ""))[:60].strip("-")


def source_record(answers: Answers, draft: Draft, today: date) -> dict[str, Any]:
    """The source's file."""
    name, columns = slug(answers).replace("-", "_"), draft.columns
    when = measure_file.period(answers.period) if answers.period else ""
    options: dict[str, Any] = {"area": columns.area, "leave_out_blank_areas": True}
    if draft.missing:
        options["missing"] = dict(draft.missing)
    if draft.share:
        both = {columns.numerator: name, columns.denominator: f"{name}_of"}
        adapter, options = "wide-table", options | {"columns": both, "period": when}
    elif draft.wards:
        adapter, options = "wide-table", options | {"columns": {columns.value: name}, "period": when}
        options |= {"areas": dict(draft.wards), "parts": columns.area, "only_areas": sorted(draft.wards)}
    else:
        adapter = "long-table"
        options |= {kind: getattr(columns, kind) for kind in ("value", "lower", "upper") if getattr(columns, kind)}
        options |= {"measure": name} | ({"period_column": columns.period} if columns.period else {"period": when})
    blocks: dict[str, Any] = {"adapter": adapter, "files": [draft.path.name], "options": options}
    first, last = _covers(draft, when)
    measures = {name: _measure(answers.title, draft, columns.numerator or columns.value, answers)}
    if draft.share:
        measures[f"{name}_of"] = _measure(f"{answers.title}: out of", draft, columns.denominator, answers)
    return {
        "title": answers.title,
        "publisher": answers.publisher,
        "landing_page": answers.page,
        "query": f"{draft.path.name}, as taken from {answers.page}",
        "licence": answers.licence,
        "attribution": f"Source: {answers.publisher}, {LICENCES[answers.licence][0]}.",
        "own": answers.own == "yes",
        "geography": {"levels": list(draft.levels), "vintage": _vintage(draft)},
        "period": f"{first}/{last}",
        "retrieved": today,
        "next_release": "not announced",
        "measures": measures,
        "small_areas" if draft.small else "refresh": blocks,
    }


def _measure(label: str, draft: Draft, column: str, answers: Answers) -> dict[str, Any]:
    figures = [float(row[column]) for row in draft.table if row[column].strip() not in draft.missing]
    if not figures:
        raise InputError(Fault(draft.table.file, 0, column, "holds no figure at all", "name the column with figures"))
    largest = sum(figures) if draft.wards else max(figures)
    most = 100.0 if answers.unit == "percent" else max(2 * largest, 1.0)
    counts = draft.share or answers.unit == "count"
    return {"label": label, "unit": answers.of, "minimum": min(0.0, 2 * min(figures)), "maximum": most, "count": counts}


def _covers(draft: Draft, when: str) -> tuple[str, str]:
    from placebook.evidence.periods import span

    column = "" if when else draft.columns.period
    periods = {when or measure_file.period(row[column]) for row in draft.table}
    spans = [span(each) for each in periods]
    return min(each.start for each in spans).isoformat(), max(each.end for each in spans).isoformat()


def _vintage(draft: Draft) -> str:
    small = {"lsoa": "2021 LSOAs", "msoa": "2021 MSOAs"}
    return small.get(draft.levels[0], "districts as the file names them" if not draft.wards else "wards added up to districts")


def measure_record(answers: Answers, draft: Draft) -> dict[str, Any]:
    """The measure's file."""
    name, columns = slug(answers).replace("-", "_"), draft.columns
    unit = "percent" if draft.share else answers.unit
    kind, phrase, words, decimals = FORMS[unit]
    title = answers.title if answers.title[1:2].isupper() else answers.title[:1].lower() + answers.title[1:]
    limits = bool(columns.lower and columns.upper)
    full = draft.small or draft.share or answers.counted == "counted"
    reads: dict[str, Any] = {"kind": "published", "measure": name}
    if draft.share:
        reads = {"kind": "share", "numerator": {"measure": name}, "denominator": {"measure": f"{name}_of"}}
    elif draft.small:
        reads = {"kind": "sum", "of": {"measure": name}}
    record = {
        "section": answers.section,
        "id": slug(answers),
        "title": answers.title,
        "phrase": phrase.format(title),
        "question": f"{answers.title}: how does the place compare?",
        "definition": answers.definition or f"{answers.title}, as published by {answers.publisher}.",
        "unit": unit,
        "unit_words": f"{words} of {answers.of}" if answers.of != "the place" else words,
        "decimals": decimals,
        "polarity": BETTER[answers.better],
        "measure": kind,
        "uncertainty": "limits" if limits else "full_count" if full else "estimate_without_limits",
        "source": slug(answers),
        "reads": reads,
        "levels": list(draft.levels),
        "comparators": _comparators(draft, kind),
    }
    if full and not limits:
        record["counts"] = "stock" if kind in ("count", "share", "rate") else "none"
    if draft.small and draft.share and draft.levels[0] == "lsoa":
        record["inside"] = "lsoa"
    return record


def _comparators(draft: Draft, kind: str) -> list[str]:
    if draft.small:
        return ["parent"] if draft.share else []
    around = [role for level, role in COMPARED.items() if level in draft.levels]
    return ["parent", *around, "peer"] if "district" in draft.levels and kind != "count" else around


HEADS = {
    "data/sources": "# yaml-language-server: $schema=../../schemas/source.schema.json\n",
    "data/measures": "# yaml-language-server: $schema=../../schemas/measure.schema.json\n",
}


def write(project: Project, answers: Answers, draft: Draft, today: date) -> list[str]:
    """Write source, measure and table; gives the paths. What is wrong with them leaves nothing behind.

    Raises InputError where files of the name are there, or where the check of the whole book finds a fault.
    """
    name = slug(answers)
    records = {"data/sources": source_record(answers, draft, today), "data/measures": measure_record(answers, draft)}
    with _undone(project, name):
        for folder, record in records.items():
            text = HEADS[folder] + yaml.safe_dump(record, sort_keys=False, allow_unicode=True, width=100)
            write_atomically(project.root / folder / f"{name}.yml", text)
        (result,) = refresh(project, Directory(draft.path.resolve().parent), [name])
        open_checked(project)
    return [f"data/sources/{name}.yml", f"data/measures/{name}.yml", *(table.path for table in result.tables)]


@contextmanager
def _undone(project: Project, name: str) -> Iterator[None]:
    """What is written inside is taken away again where something is raised. Raises InputError where files are there already."""
    data = project.root / "data"
    named = ("sources/{}.yml", "measures/{}.yml", "tables/{}.csv", "tables/{}-[0-9].csv", "small-areas/{}.parquet")
    patterns = [pattern.format(name) for pattern in named]
    for taken in (path for pattern in patterns for path in data.glob(pattern)):
        raise InputError(f"data/{taken.relative_to(data)} is there already, and is never overwritten: give another --title")
    try:
        yield
    except BaseException:
        for path in [path for pattern in patterns for path in data.glob(pattern)]:
            path.unlink()
        with suppress(OSError):  # others lie in it
            (data / "measures").rmdir()
        datapackage.write(project)
        raise


def shown(project: Project, answers: Answers, draft: Draft) -> Iterator[str]:
    """What the book shows of it: how it is read, and its newest figure for each place."""
    catalogue = Catalogue.open(project)
    store = Store.open(project, catalogue.sources, catalogue.areas)
    indicator = catalogue.indicators[slug(answers)]
    title = catalogue.themes[answers.section].title
    areas = plural(len({row[draft.columns.area] for row in draft.table}), "area")
    yield f"A row in the table of {title}, from {areas} ({', '.join(draft.levels)})."
    if indicator.inside:
        yield "A place of several small areas shows each of them too."
    if draft.short_of:
        yield f"Left out, for want of some of their wards: {joined(list(draft.short_of))}."
    for place in catalogue.places:
        evidence = Evidence(catalogue, store, place)
        reading = evidence.read(indicator.id)
        if isinstance(reading, Reading):
            value = reading.now[0]
            of = f" (published for {reading.subject.name} only)" if reading.wider else ""
            yield f"{evidence.place.name}{of}: {wording.amount(value, indicator)}, {wording.said_period(reading)}."
        else:
            yield f"{evidence.place.name}: no figure ({reading.reason})."
