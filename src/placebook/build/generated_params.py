"""A book of every district of a country or a county, from the same tables and the same template.

It is a checkout of its own below ``_build/editions``, with params that this room writes; what is written by people is
shared with the project that it was made from.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from placebook.catalogue.load import Catalogue
from placebook.errors import InputError
from placebook.geography.areas import Area
from placebook.paths import Project, write_changed

SHARED = ("data", "notebooks", "schemas")
MARK = "# Written by placebook edition: change the place's own file in params/, or the project's, not this one.\n"


def edition(project: Project, catalogue: Catalogue, name: str, first: int | None = None) -> Project:
    """The checkout of an edition, brought up to date.

    ``name`` is a country (``england``) or the slug of a county's file: all its districts are places of the book, the
    first ones by name where ``first`` says how many. A district that the project has a params file for keeps its words.
    Raises InputError for a name that is neither.
    """
    slug = name.strip().lower()
    wanted = sorted(_districts(catalogue, slug), key=lambda area: (area.name, area.code))[:first]
    made = Project(project.build / "editions" / slug)
    written = {getattr(place, "code", ""): known for known, place in catalogue.places.items() if place.kind == "district"}
    texts = {}
    for area, own in zip(wanted, slugs(wanted), strict=True):
        if area.code in written:
            texts[written[area.code]] = (project.params / f"{written[area.code]}.yml").read_text(encoding="utf-8")
        else:
            texts[own] = f"{MARK}name: {json.dumps(area.name, ensure_ascii=False)}\nkind: district\ncode: {area.code}\n"
    _lay(project, made, texts)
    return Project.at(made.root)


def slugs(areas: Sequence[Area]) -> list[str]:
    """An address for each area from its name; the code joins where two have one name."""
    plain = [re.sub(r"[^a-z0-9]+", "-", area.name.lower().replace("'", "").replace("’", "")).strip("-") for area in areas]
    return [slug if plain.count(slug) == 1 else f"{slug}-{area.code.lower()}" for slug, area in zip(plain, areas, strict=True)]


def _districts(catalogue: Catalogue, name: str) -> list[Area]:
    districts = catalogue.areas.of_level("district")
    if name in catalogue.counties:
        return [area for area in districts if area.code in catalogue.counties[name].districts]
    # A country has other codes in other classifications: its name here is that of the one that districts lie in.
    lie_in = {code for area in districts if (code := area.parents.get("country"))}
    countries = {catalogue.areas[code].name.lower(): code for code in lie_in}
    if name not in countries:
        known = ", ".join([*sorted(catalogue.counties), *sorted(countries)])
        raise InputError(f"there is no edition {name!r}: use one of {known}")
    return [area for area in districts if area.parents.get("country") == countries[name]]


def _lay(project: Project, made: Project, texts: dict[str, str]) -> None:
    """Params as given and no others; what people wrote, as it is in the project."""
    made.params.mkdir(parents=True, exist_ok=True)
    for path in made.params.glob("*.yml"):
        if path.stem not in texts:
            path.unlink()
    for slug, text in texts.items():
        write_changed(made.params / f"{slug}.yml", text)
    for path in (project.config, project.toc):
        write_changed(made.root / path.name, path.read_bytes())
    for name in SHARED:
        _share(project.root / name, made.root / name)
    book = made.root / "book"
    pages = sorted((project.root / "book").glob("*.md"))
    for path in [*pages, *sorted(path for path in (project.root / "book" / "_static").rglob("*") if path.is_file())]:
        write_changed(made.root / path.relative_to(project.root), path.read_bytes())
    for path in book.glob("*.md"):
        if path.name not in {page.name for page in pages}:
            path.unlink()


def _share(source: Path, target: Path) -> None:
    """The same folder under a second name; a copy where the disk knows no such thing."""
    if target.is_symlink() and target.resolve() == source.resolve():
        return
    if target.is_symlink():
        target.unlink()
    else:
        shutil.rmtree(target, ignore_errors=True)
    try:
        target.symlink_to(os.path.relpath(source, target.parent), target_is_directory=True)
    except OSError:
        shutil.copytree(source, target)
