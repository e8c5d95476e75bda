"""Everything that people wrote, read once, strictly, with all faults of all files at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from placebook.catalogue import yaml_reader
from placebook.catalogue.corrections import Correction, read_corrections
from placebook.catalogue.fields import SLUG
from placebook.catalogue.image_files import LIKE as LIKE_AN_IMAGE
from placebook.catalogue.image_files import NAME as IMAGE_NAME
from placebook.catalogue.messages import forgiven, in_words, own
from placebook.catalogue.models import Indicator, Measure, Source, Theme
from placebook.catalogue.pins import Pins
from placebook.catalogue.places import AnyPlace, County, CountyPlace, GroupPlace, Place, TownPlace
from placebook.catalogue.relations import Relation
from placebook.catalogue.reviews import ReviewRecord
from placebook.catalogue.yaml_reader import Document, FieldPath
from placebook.errors import Fault, InputError
from placebook.geography.areas import Areas
from placebook.geography.registry import Registry
from placebook.paths import PINS, REVIEWS, Project

THEME_FILE = re.compile(r"^(\d{2,3})-([a-z0-9]+(?:-[a-z0-9]+)*)$")
MOST = 100
"""Mistakes of one file that are put into words."""
# Names that a file cannot have on Windows, where a colleague may clone the book.
RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}


class Catalogue:
    """Sources, themes, indicators, counties and places by id, and the areas that they speak of."""

    def __init__(self, project: Project, areas: Areas):
        self.project = project
        self.areas = areas
        self.sources: dict[str, Source] = {}
        self.themes: dict[str, Theme] = {}
        self.indicators: dict[str, Indicator] = {}
        self.measures: dict[str, Measure] = {}
        self.relations: dict[str, Relation] = {}
        self.counties: dict[str, County] = {}
        self.places: dict[str, AnyPlace] = {}
        self.pins: dict[str, Pins] = {}
        self.reviews: dict[str, ReviewRecord] = {}
        """Of a place's or a county's words, by its slug."""
        self.corrections: tuple[Correction, ...] = ()
        """Publishers' known errors, whether or not the tables hold them yet."""
        self.documents: dict[tuple[str, str], Document] = {}
        """Kind and id to the file that it was read from."""

    @classmethod
    def open(cls, project: Project, place: str | None = None) -> Catalogue:
        """Read everything; of the places' files only that of ``place`` where one is named, as its page needs no other.

        Raises InputError with every fault of every file, and where there is no such place.
        """
        catalogue, faults = cls.read(project, place)
        if faults:
            raise InputError(faults)
        return catalogue

    @classmethod
    def read(cls, project: Project, place: str | None = None) -> tuple[Catalogue, list[Fault]]:
        """As ``open``, with the faults in order. What is wrong only by keys that nobody knows is there without them: more may
        be wrong with it.

        Raises InputError where there is no such place, or the areas cannot be read.
        """
        if place is not None and not (project.params / f"{place}.yml").is_file():
            places = ", ".join(sorted(path.stem for path in project.params.glob("*.yml")))
            raise InputError(f"there is no place {place!r}: params/ holds {places}")
        catalogue = cls(project, Areas.open(project))
        faults: list[Fault] = []
        kinds: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("source", "data/sources", catalogue.sources),
            ("theme", "data/indicators", catalogue.themes),
            ("measure", "data/measures", catalogue.measures),
            ("relation", "data/relations", catalogue.relations),
            ("county", "data/counties", catalogue.counties),
            ("place", "params", catalogue.places),
            ("review", REVIEWS, catalogue.reviews),
            *((("pins", PINS, catalogue.pins),) if place is None else ()),
        )
        for kind, folder, target in kinds:
            for path, shown in _written(project, folder, kind, faults):
                if kind in ("place", "review") and place not in (None, path.stem):
                    continue
                catalogue.read_file(kind, path, shown, target, faults)
        catalogue._gather_indicators(faults)
        try:
            catalogue.corrections = read_corrections(project)
        except InputError as error:
            faults += error.faults
        if not catalogue.places and not faults:
            faults.append(Fault("params", 0, "", "holds no place", "write params/<place>.yml"))
        return catalogue, sorted(faults)

    def county_of(self, slug: str) -> str:
        """The county that a place lies in: the one that its file names, or one that lists its district; "" for none."""
        own = set(self.districts_of(self.places[slug]))
        listed = (name for name, record in self.counties.items() if own and own <= set(record.districts))
        return self.places[slug].county or next(listed, "")

    def districts_of(self, place: AnyPlace) -> tuple[str, ...]:
        """The districts that a place is, lies in or consists of; of an unknown county none."""
        if isinstance(place, CountyPlace):
            known = place.code in self.areas
            return tuple(area.code for area in self.areas.children(place.code, "district")) if known else ()
        return (
            place.districts
            if isinstance(place, GroupPlace)
            else place.parent
            if isinstance(place, TownPlace)
            else (place.code,)
        )

    def lsoas_of(self, place: AnyPlace) -> tuple[str, ...]:
        """The 2021 LSOAs that a place consists of, by code: those that it lists, or those of what it names."""
        if isinstance(place, TownPlace) and place.lsoas:
            return tuple(sorted(place.lsoas))
        areas = [area for code in self.districts_of(place) for area in self.areas.children(code, "lsoa")]
        chosen = [area for area in areas if area.vintage == "2021"]
        if isinstance(place, TownPlace):
            for level, codes in (("msoa", place.msoas), ("ward", place.wards), ("built_up_area", (place.built_up_area,))):
                if any(codes):
                    chosen = [area for area in chosen if area.parents.get(level) in codes]
        return tuple(sorted(area.code for area in chosen))

    def members(self, county: str) -> list[str]:
        """Slugs of the places of the book that lie in a county, by name."""
        slugs = (slug for slug in self.places if self.county_of(slug) == county)
        return sorted(slugs, key=lambda slug: (self.places[slug].name, slug))

    @property
    def edition_date(self) -> date:
        """The day until which figures were taken."""
        return max(source.retrieved for source in self.sources.values())

    def fault(self, kind: str, id_: str, path: FieldPath, problem: str, remedy: str) -> Fault:
        """A fault at a field of a file that was read."""
        document = self.documents[kind, id_]
        return Fault(document.file, document.line(path), yaml_reader.name(path), problem, remedy)

    def read_file(self, kind: str, path: Path, shown: str, target: dict[str, Any], faults: list[Fault]) -> None:
        """Read one file into ``target`` under its id, or what is wrong with it into ``faults``."""
        unread = Document(shown)
        raw = yaml_reader.content(path, unread)
        if raw is None:
            faults.extend(unread.faults)
            return
        document, record, mistakes = _understood(kind, shown, raw)
        if document.faults:
            faults.extend(document.faults)
            return
        id_ = path.stem if kind != "theme" else THEME_FILE.match(path.stem)[2]  # type: ignore[index]
        if (first := self.documents.setdefault((kind, id_), document)) is not document:
            faults.append(
                Fault(shown, 0, "", f"is the {kind} {id_!r}, and so is {first.file}", "join the two, or give one another name")
            )
            return
        faults.extend(mistakes)
        if record is not None:
            target[id_] = record

    def _gather_indicators(self, faults: list[Fault]) -> None:
        for name, measure in self.measures.items():
            if measure.id != name:
                problem = f"is {measure.id!r} in a file of another name"
                faults.append(self.fault("measure", name, ("id",), problem, f"call the file {measure.id}.yml"))
            elif theme := self.themes.get(measure.section):
                self.themes[measure.section] = theme.model_copy(update={"indicators": (*theme.indicators, measure)})
            else:
                remedy = f"write one of {', '.join(self.themes)}"
                faults.append(self.fault("measure", name, ("section",), f"there is no section {measure.section!r}", remedy))
        homes: dict[str, str] = {}
        for theme_id, theme in self.themes.items():
            for indicator in theme.indicators:
                if indicator.id in homes:
                    kind, id_, path = self.home(indicator.id, last=True)
                    problem = f"the id {indicator.id!r} is taken in the theme {homes[indicator.id]!r}"
                    faults.append(self.fault(kind, id_, (*path, "id"), problem, "give the indicator an id of its own"))
                self.indicators[indicator.id] = indicator
                homes[indicator.id] = theme_id

    def section_of(self, indicator_id: str) -> str:
        """The theme that shows an indicator. Raises KeyError."""
        for theme_id, theme in self.themes.items():
            if any(indicator.id == indicator_id for indicator in theme.indicators):
                return theme_id
        raise KeyError(indicator_id)

    def home(self, indicator_id: str, *, last: bool = False) -> tuple[str, str, FieldPath]:
        """Kind and id of the file that declares an indicator, and the path to it there; the ``last`` of several."""
        found: list[tuple[str, str, FieldPath]] = []
        for theme_id, theme in self.themes.items():
            for at, indicator in enumerate(theme.indicators):
                if indicator.id == indicator_id:
                    own = isinstance(indicator, Measure)
                    found.append(("measure", indicator_id, ()) if own else ("theme", theme_id, ("indicators", at)))
        if not found:
            raise KeyError(indicator_id)
        return found[-1 if last else 0]


def read_sources(project: Project) -> dict[str, Source]:
    """Only the sources, by id, for the code that writes their tables. Raises InputError with all faults."""
    sources: dict[str, Source] = {}
    faults: list[Fault] = []
    # Areas may not be written yet: this is what writes them.
    catalogue = Catalogue(project, Areas({}, {}, {}, Registry(None)))
    for path, shown in _written(project, "data/sources", "source", faults):
        catalogue.read_file("source", path, shown, sources, faults)
    if faults:
        raise InputError(sorted(faults))
    return sources


@lru_cache(maxsize=1024)
def _understood(kind: str, shown: str, raw: bytes) -> tuple[Document, Any, tuple[Fault, ...]]:
    """A file's content as YAML, as the record that it stands for (None where that cannot be said), and what is wrong with it.

    By its bytes: a process that is forked for many pages reads the declarations for all of them once.
    """
    document = yaml_reader.parse(raw, Document(shown))
    if document.faults:
        return document, None, ()
    understand = partial(_adapter(kind).validate_python, strict=False)
    try:
        return document, understand(document.data), ()
    except ValidationError as error:
        errors = error.errors(include_url=False)
    details = own(errors[:MOST])
    mistakes = tuple(in_words(document, detail, kind) for detail in details)
    if len(errors) > MOST:
        mistakes += (Fault(shown, 0, "", f"holds {len(errors) - MOST:,} more mistakes", "mend the first ones and check again"),)
    try:
        return document, understand(forgiven(details, document.data)), mistakes
    except ValidationError:
        return document, None, mistakes


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    records: dict[str, Any] = {
        "source": Source,
        "theme": Theme,
        "measure": Measure,
        "relation": Relation,
        "county": County,
        "place": Place,
        "pins": Pins,
        "review": ReviewRecord,
    }
    return TypeAdapter(records[kind])


def _written(project: Project, folder: str, kind: str, faults: list[Fault]) -> Iterator[tuple[Path, str]]:
    """The folder's YAML files in order, with the path that messages show; whatever else lies there is a fault."""
    for path in project.entries(folder):
        shown = f"{folder}/{path.name}"
        if path.name.startswith(".") or path.name == "README.md":
            continue
        own = path.parent.is_relative_to(project.root)  # the package's files lie where its installer put them
        if own and path.is_symlink() and (problem := _astray(path, project.root)):
            faults.append(Fault(shown, 0, "", problem, "copy the file here"))
        elif path.is_dir() and shown in (PINS, REVIEWS):
            continue
        elif path.is_dir():
            faults.append(Fault(shown, 0, "", "is a folder", "files lie directly in this folder; move them up"))
        elif not path.is_file():
            faults.append(Fault(shown, 0, "", "is no ordinary file, but a pipe, a socket or a device", "delete it"))
        elif kind == "place" and re.fullmatch(IMAGE_NAME, path.name):
            continue  # what words may show: read where they do
        elif path.suffix != ".yml":
            faults.append(
                Fault(
                    shown,
                    0,
                    "",
                    "is not a .yml file",
                    _elsewhere(kind, path),
                )
            )
        elif kind == "theme" and not THEME_FILE.match(path.stem):
            faults.append(
                Fault(
                    shown,
                    0,
                    "",
                    "has a name that gives no order",
                    "call it like 30-people.yml: two digits for the order, then the theme",
                )
            )
        elif not re.match(SLUG, path.stem) or path.stem in RESERVED or len(path.stem) > 60:
            faults.append(
                Fault(
                    shown,
                    0,
                    "",
                    "has a name that is no slug (small letters, digits, hyphens)",
                    f"call it {slug_of(path.stem)}.yml",
                )
            )
        else:
            yield path, shown


def _elsewhere(kind: str, path: Path) -> str:
    """What to do with a file that is none of the folder's."""
    if kind == "place" and LIKE_AN_IMAGE.search(path.name):
        return "an image that words show is a .png, .jpg or .webp, in small letters, digits, - and _: market.png"
    return f"call it {path.stem}.yml" if path.suffix.lower() in (".yaml", ".yml") else "move it elsewhere"


def _astray(link: Path, root: Path) -> str:
    """What is wrong with where a link leads, or ""."""
    try:
        inside = link.resolve(strict=True).is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return "is a link that leads nowhere"
    return "" if inside else "is a link to a file outside the project"


def slug_of(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:60] or "place"
    return f"{slug}-place" if slug in RESERVED else slug
