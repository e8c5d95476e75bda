"""A book of every district of a country, or of every district and the largest towns of a county, from the same tables.

It is a checkout of its own below ``_build/editions``, with params that this room writes; what is written by people is
shared with the project that it was made from.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from placebook.catalogue.image_files import LIKE as IMAGE
from placebook.catalogue.load import Catalogue
from placebook.desk.choices import spoken
from placebook.desk.fit import fit
from placebook.desk.new_place import called, params, slug_for
from placebook.desk.opened import Desk
from placebook.desk.towns import largest
from placebook.errors import InputError
from placebook.evidence.store import Store
from placebook.geography.areas import Area
from placebook.paths import Project, write_changed

SHARED = ("data", "notebooks", "schemas")
TOWNS = 10
"""Of a county, where the command does not say how many."""
MARK = "# Written by placebook edition: change the place's own file in params/, or the project's, not this one.\n"


def edition(project: Project, catalogue: Catalogue, name: str, first: int | None = None, towns: int | None = None) -> Project:
    """The checkout of an edition, brought up to date.

    ``name`` is a country (``england``) or the slug of a county's file: all its districts are places of the book, the
    first ones by name where ``first`` says how many, and its ``towns`` largest towns that are no district themselves; left
    out, ten of a county and none of a country. What the project has a params file for keeps its words.
    Raises InputError for a name that is neither.
    """
    slug = name.strip().lower()
    wanted = sorted(_districts(catalogue, slug), key=lambda area: (area.name, area.code))
    count = towns if towns is not None else TOWNS if slug in catalogue.counties else 0
    made = Project(project.build / "editions" / slug)
    written = {getattr(place, "code", ""): known for known, place in catalogue.places.items() if place.kind == "district"}
    texts = {}
    for area, own in zip(wanted[:first], slugs(wanted[:first]), strict=True):
        if area.code in written:
            texts[written[area.code]] = _own(project, written[area.code])
        else:
            texts[own] = f"{MARK}name: {json.dumps(area.name, ensure_ascii=False)}\nkind: district\ncode: {area.code}\n"
    texts |= _towns(project, catalogue, [area.code for area in wanted], count, set(texts)) if count else {}
    _lay(project, made, texts)
    return Project.at(made.root)


def _towns(
    project: Project, catalogue: Catalogue, districts: Sequence[str], count: int, taken: Collection[str]
) -> dict[str, str]:
    """The texts of the largest towns' params by slug; a town of a district's name, or of another town's, says what it is."""
    texts: dict[str, str] = {}
    desk = Desk(catalogue, Store.open(project, catalogue.sources, catalogue.areas))
    districts_names = {spoken(area.name) for area in catalogue.areas.of_level("district")}
    found = largest(desk, districts, count)
    bearers = Counter(spoken(called(town)) for town, _ in found)
    for town, own in found:
        if own:
            texts[own] = _own(project, own)
            continue
        name = called(town)
        name = f"{name} (built-up area)" if spoken(name) in districts_names else name
        if bearers[spoken(called(town))] > 1 and town.name != called(town):
            name = town.name  # with its district in brackets
        slug = slug_for(name)
        if slug in {*texts, *taken, *catalogue.counties}:
            slug = f"{slug}-{town.code.lower()}"
        texts[slug] = MARK + params(town, name, " ".join(fit(desk, town)))
    return texts


def _own(project: Project, slug: str) -> str:
    return (project.params / f"{slug}.yml").read_text(encoding="utf-8")


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
    for path in project.params.glob("*.*"):
        if IMAGE.search(path.name) and not path.is_symlink():  # what words show
            write_changed(made.params / path.name, path.read_bytes())
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
    """The same folder under a second name; a copy where the disk knows no such thing; nothing of what the package alone has."""
    if not source.is_dir():
        return
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
