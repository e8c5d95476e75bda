"""A book of one's own: a project of params, a chapter, title, address, colours and logo; all else comes from the package."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template
from tempfile import mkdtemp

import yaml

from placebook.catalogue import configuration, schemas
from placebook.catalogue.check_places import county_faults, place_faults
from placebook.catalogue.load import Catalogue
from placebook.catalogue.place_names import borrowed_names
from placebook.desk.book_words import Words, colours
from placebook.desk.choices import Choice, Names, districts_named, lsoas_in
from placebook.desk.logo import drawn_logo
from placebook.desk.new_place import params, slug_for
from placebook.errors import InputError
from placebook.geography.areas import Areas
from placebook.geography.names import joined
from placebook.paths import MARKERS, Project, national

COUNTY_SCHEMA = "# yaml-language-server: $schema=../../schemas/county.schema.json\n"
PAGES = ("accessibility", "challenge", "glossary", "methods")
"""The package's pages that a new book's own include."""
LEVELS = ("county", "district", "region")
MOST = 100
"""Districts that a chapter may list."""


@dataclass(frozen=True)
class Extent:
    """What a book is about."""

    name: str
    districts: tuple[str, ...]
    """By name."""
    code: str = ""
    """Of the county that these are all districts of."""


def init(folder: Path, county: str, districts: list[str], name: str, words: Words) -> list[str]:
    """Write a new project into a folder that is missing or empty; gives lines on what was written. Whole, or not at all.

    ``county`` is a county, unitary authority or region, ``districts`` are named beside it or in its place, ``name`` is what
    they are called together. Raises InputError for a folder that holds something, an area that there is none of, and words
    that cannot stand in a book.
    """
    if not national("data/tables"):
        raise InputError(
            "this placebook runs from a checkout and carries no tables of its own: make its wheel, pip wheel . --no-deps, and "
            "install that"
        )
    target = _target(folder)
    areas = Areas.open(Project(target))  # the package's
    extent = _extent(areas, county, districts, name)
    words = words.checked(extent.name, len(extent.districts))
    with _whole(target) as draft:
        slugs = _write(Project(draft), areas, extent, words)
        _check(Project(draft))
    return _told(areas, extent, words, slugs, folder)


# ------------------------------------------------------------------ where


def _target(folder: Path) -> Path:
    """The folder, looked at. Raises InputError where no book can begin there."""
    shown = str(folder)
    if not shown.isprintable():
        raise InputError(f"{shown!r} is no name of a folder that anybody can see; write letters, digits and hyphens")
    if folder.is_symlink():
        raise InputError(f"{shown} is a link; name the folder that it leads to")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{shown} is a file, and is never overwritten; name a folder that is empty or not there yet")
    target = folder.resolve()
    if not target.parent.is_dir():
        raise InputError(
            f"there is no folder {str(folder.parent)!r} to make {folder.name!r} in; make it first, or name another one"
        )
    for above in target.parents:
        if all((above / marker).exists() for marker in MARKERS):
            raise InputError(
                f"{shown} lies inside the book {above}; a book of its own lies beside it: placebook init ../{folder.name}"
            )
    if target.is_dir() and (held := sorted(path.name for path in target.iterdir())):
        raise InputError(
            f"{shown} is not empty: it holds {held[0]}. Nothing is ever overwritten; name a folder that is not there yet"
        )
    return target


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A folder to fill that becomes the target when the block ends well; otherwise nothing of it is left."""
    there = target.is_dir()
    moved: list[Path] = []
    try:
        draft = Path(mkdtemp(prefix=".placebook-", dir=target if there else target.parent))
    except OSError as error:
        raise InputError(f"nothing can be written to {target.parent}: {error.strerror}; name another folder") from None
    try:
        yield draft
        draft.chmod(0o755)
        if not there:
            draft.rename(target)  # in one step
            return
        for path in sorted(draft.iterdir()):  # somebody may stand in the folder: it stays the same one
            moved += [path.rename(target / path.name)]
        draft.rmdir()
    except BaseException:
        for path in (*moved, draft):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise


# ------------------------------------------------------------------ of what


def _extent(areas: Areas, county: str, districts: list[str], name: str) -> Extent:
    """Raises InputError where nothing is named, or what there is none of, or the whole has no name."""
    if not county.strip() and not districts:
        raise InputError(
            'say what the book is about: --county Cambridgeshire, or --districts "Bedford, Luton" --name "Two towns"'
        )
    code, inside = _county(areas, county) if county.strip() else ("", ())
    found = (*inside, *districts_named(areas, districts, "--districts"))
    codes = tuple(sorted(dict.fromkeys(found), key=lambda each: (areas[each].name, each)))
    if len(codes) > MOST:
        raise InputError(f"{len(codes)} districts are more than one chapter sets side by side ({MOST}); name fewer")
    alone = codes == tuple(sorted(inside, key=lambda each: (areas[each].name, each)))
    if not name.strip() and not alone and len(codes) > 1:
        more = [f"{len(codes) - 3} more"] if len(codes) > 3 else []
        listed = joined([*(areas[each].name for each in codes[:3]), *more])
        raise InputError(f'{listed} have no name together; write one: --name "Our districts"')
    called = name.strip() or areas[code if alone else codes[0]].name
    return Extent(called, codes, code if alone and areas[code].level == "county" else "")


def _county(areas: Areas, text: str) -> tuple[str, tuple[str, ...]]:
    """Code and districts of a county, a unitary authority or a region."""
    english = [area for level in LEVELS for area in areas.of_level(level) if area.code.startswith("E")]
    known = Names("county", "E10000003", ((area.code, (area.name, area.known_as), area.code) for area in english))
    if not (codes := known.codes(text)):
        raise InputError(
            f"--county: there is no county, unitary authority or region {text!r}{known.near(text) or '.'} Of several districts "
            f'together write: --districts "…, …" --name {json.dumps(text, ensure_ascii=False)}'
        )
    area = areas[codes[0]]
    return area.code, (area.code,) if area.level == "district" else tuple(d.code for d in areas.children(area.code, "district"))


# ------------------------------------------------------------------ what is written


def _write(project: Project, areas: Areas, extent: Extent, words: Words) -> dict[str, str]:
    """Everything of a new book; gives the slugs of its places with their names."""
    slugs = {}
    for code in extent.districts:
        area = areas[code]
        choice = Choice("district", code, area.name, (code,), lsoas_in(areas, code))
        slugs[slug_for(area.name)] = area.name
        _put(project, f"params/{slug_for(area.name)}.yml", params(choice, area.name, ""))
    if len(extent.districts) > 1:
        slug = slug_for(extent.name)
        slug = f"{slug}-county" if slug in slugs else slug
        _put(project, f"data/counties/{slug}.yml", _chapter(extent))
    values = {"title": words.title, "name": extent.name}
    for source, name in (("_toc.yml",) * 2, ("gitignore", ".gitignore"), ("README.md",) * 2, ("index.md", "book/index.md")):
        _put(project, name, _template(source, values))
    _put(project, "data/README.md", _template("data.md", {}))
    _put(project, "book/compare.md", "# Compare places\n\n```{include} generated/compare.md\n```\n")
    for page in PAGES:
        _put(project, f"book/{page}.md", f"```{{include}} national/{page}.md\n```\n")
    _put(project, "book/_static/colours.css", colours(words.colour))
    logo = words.logo or drawn_logo(project, areas, extent.districts, words.colour)
    _put(project, f"book/_static/{logo[0]}", logo[1])
    _put(project, "_config.yml", words.configuration(f"book/_static/{logo[0]}"))
    schemas.write(project, schemas.generated())
    return slugs


def _put(project: Project, name: str, content: str | bytes) -> None:
    path = project.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def _template(name: str, values: dict[str, str]) -> str:
    text = resources.files("placebook.desk").joinpath("first_files", name).read_text(encoding="utf-8")
    return Template(text).substitute(values)


def _chapter(extent: Extent) -> str:
    """The file of the chapter that sets the places side by side."""
    record: dict[str, object] = {"name": extent.name, **({"code": extent.code} if extent.code else {})}
    text = yaml.safe_dump(record | {"districts": list(extent.districts)}, sort_keys=False, allow_unicode=True, width=100)
    return (
        f"{COUNTY_SCHEMA}{text}"
        "# You may add: story (the opening words), plan and plan_targets, documents (the evidence library), key_sectors.\n"
    )


def _check(project: Project) -> None:
    """Raises InputError with what would be wrong with the book, before it is anywhere."""
    catalogue, faults = Catalogue.read(project)
    if not faults:
        faults = [
            *place_faults(catalogue, catalogue.edition_date),
            *borrowed_names(catalogue),
            *county_faults(catalogue),
            *configuration.faults(project),
        ]
    if faults:
        raise InputError(sorted(faults))


def _told(areas: Areas, extent: Extent, words: Words, slugs: dict[str, str], folder: Path) -> list[str]:
    shown = os.fspath(folder)
    lines = [f"{words.title}: a book of {len(slugs)} place{'s' if len(slugs) > 1 else ''} in {shown}"]
    lines += [f"  params/{slug}.yml  {name}" for slug, name in slugs.items()]
    if len(slugs) > 1:
        lines.append(f"  data/counties/  the chapter on {extent.name}")
    lines.append("  _config.yml  title, author, address, logo   ·   book/  words   ·   book/_static/colours.css  colours")
    lines.append(f"Next: cd {shlex.quote(shown)} && placebook build" if shown != "." else "Next: placebook build")
    if not words.address:
        lines.append("Before readers see it: put your own address into _config.yml, where figures are challenged.")
    return lines
