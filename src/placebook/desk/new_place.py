"""A place by its name: the district, county or built-up area that bears it, written as a file of params.

Built-up areas are those of the Office for National Statistics' lookup of December 2022, which the list of small areas holds.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from placebook.catalogue.check_places import place_faults
from placebook.catalogue.load import Catalogue, slug_of
from placebook.catalogue.place_names import alike, borrowed_names
from placebook.errors import Fault, InputError
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings.formats import joined, plural
from placebook.geography.areas import Areas
from placebook.paths import Project

RESIDENTS = "census-2021-residents"
"""The source of residents by LSOA (Census 2021, TS001), and its measure."""
MEASURE = "residents"
SCHEMA = "# yaml-language-server: $schema=../schemas/place.schema.json\n"
IN_BRACKETS = re.compile(r"(.+?) \((.+)\)")
"""A name and, in brackets, the district that the place lies in."""


@dataclass(frozen=True)
class Choice:
    """A place that a name may mean."""

    kind: str
    """``district``, ``county`` or ``town``."""
    code: str
    name: str
    districts: tuple[str, ...]
    """Of a town those that its LSOAs lie in, the one with most of them first."""
    lsoas: tuple[str, ...]


def choices(areas: Areas, name: str) -> list[Choice]:
    """The districts, counties and built-up areas of this name, with and without what ONS adds in brackets."""
    wanted, found = _spoken(name), []
    for level in ("district", "county"):
        for area in areas.of_level(level):
            if area.code.startswith("E") and wanted in {_spoken(area.name), _spoken(area.known_as)}:
                inside = (area.code,) if level == "district" else tuple(d.code for d in areas.children(area.code, "district"))
                found.append(Choice(level, area.code, area.name, inside, _lsoas(areas, area.code)))
    for code, named, districts, lsoas in _built_up_areas(areas):
        if wanted in {_spoken(named), _spoken(named.partition(" (")[0])}:
            found.append(Choice("town", code, named, districts, lsoas))
    return found


def chosen(areas: Areas, name: str, within: str = "", kind: str = "") -> Choice:
    """The one place of this name, of a kind and in a district where these are given.

    Raises InputError where there is none, with names that are near, and where there are several, with how to name each.
    """
    found = [choice for choice in choices(areas, name) if kind in ("", choice.kind)]
    if within:
        around = next((area.code for area in areas.of_level("district") if _spoken(area.name) == _spoken(within)), within)
        found = [choice for choice in found if around in choice.districts]
    if not found and not within and (parts := IN_BRACKETS.fullmatch(name.strip())):
        return chosen(areas, parts[1], parts[2], kind)
    if not found:
        raise InputError(f"no district, county or built-up area is called {name!r}{_near(areas, name)}")
    if len(found) > 1:
        lines = "\n".join(f"    → placebook add {json.dumps(c.name)} --kind {c.kind}: {_words(areas, c)}" for c in found)
        raise InputError(f"{name!r} may be {len(found)} places; say which:\n{lines}")
    return found[0]


def add(project: Project, choice: Choice, catalogue: Catalogue, store: Store, name: str = "") -> tuple[Path, list[str]]:
    """Write the place's params; gives the file and what is to be known of the place, line by line.

    ``name`` is what the book calls it, where that is not its own name. The file is written when everything is checked, whole
    and over nothing. Raises InputError where one of its name is there already, or the check finds a fault in it.
    """
    name = name or (choice.name.partition(" (")[0] if choice.kind == "town" else choice.name)
    slug = slug_of(name)
    if slug in catalogue.counties:  # addresses and logs are named by it
        slug = f"{slug}-{choice.kind}"
    path, shown, faults = project.params / f"{slug}.yml", f"params/{slug}.yml", list[Fault]()
    fit = list(_fit(catalogue, store, choice))
    lines = [*fit, *_overlaps(catalogue, store, choice)]
    taken = InputError(f"{shown} is there already, and is never overwritten: give the new place another name with --as")
    if path.exists():
        raise taken
    with TemporaryDirectory(prefix=".", dir=project.params) as folder:  # what begins with a dot is no place
        draft = Path(folder) / path.name
        draft.write_text(params(choice, name, " ".join(fit)), encoding="utf-8")
        catalogue.read_file("place", draft, shown, catalogue.places, faults)
        if not faults:
            found = (*place_faults(catalogue, catalogue.edition_date), *borrowed_names(catalogue))
            faults = [fault for fault in found if fault.file == shown]
        if faults:
            raise InputError(faults)
        lines.append(_measures(Evidence(catalogue, store, slug)))
        try:
            os.link(draft, path)
        except FileExistsError:
            raise taken from None
    return path, lines


def params(choice: Choice, name: str, fit: str) -> str:
    """The text of a place's file of params."""
    record: dict[str, object] = {"name": name, "kind": choice.kind}
    if choice.kind == "town":
        record |= {"parent": list(choice.districts), "built_up_area": choice.code, "chosen": fit}
    else:
        record["code"] = choice.code
    return SCHEMA + yaml.safe_dump(record, sort_keys=False, allow_unicode=True, width=100)


# ------------------------------------------------------------------ what was made


def _fit(catalogue: Catalogue, store: Store, choice: Choice) -> Iterator[str]:
    """How many live there, and how well the small areas fit."""
    areas, residents = catalogue.areas, _residents(store, choice.lsoas)
    own = sum(residents.values())
    names = joined([areas[code].name for code in choice.districts])
    if choice.kind != "town":
        yield f"{choice.name} ({choice.code}): {plural(len(choice.lsoas), 'LSOA')}, {own:,} residents (Census 2021, TS001)."
        return
    yield (
        f"The {plural(len(choice.lsoas), 'LSOA')} that lie in the built-up area {choice.name} ({choice.code}, ONS lookup of "
        f"December 2022), in {names}: {own:,} residents (Census 2021, TS001)."
    )
    members: dict[str, list[str]] = {}
    for district in choice.districts:
        for area in areas.children(district, "lsoa"):
            if area.vintage == "2021":
                members.setdefault(area.parents.get("ward", ""), []).append(area.code)
    everybody = _residents(store, [code for codes in members.values() for code in codes])
    inside = {ward: sum(residents.get(code, 0) for code in codes) for ward, codes in members.items()}
    whole = {ward: sum(everybody[code] for code in codes) for ward, codes in members.items()}
    mostly = [ward for ward in members if 2 * inside[ward] > whole[ward]]
    if mostly:
        wards = sum(whole[ward] for ward in mostly)
        yield (
            f"The {plural(len(mostly), 'ward')} (2024, best fit) most of whose residents are among them have {wards:,}: "
            f"{100 * (own - wards) / wards:+.1f}%."
        )
    partly = sum(inside[ward] for ward in members if 0 < inside[ward] < whole[ward])
    yield f"{partly:,} of its residents live in wards that lie partly outside. ONS's own count of a built-up area is not held."


def _overlaps(catalogue: Catalogue, store: Store, choice: Choice) -> Iterator[str]:
    """Other places of the book that share small areas with it."""
    for place in catalogue.places.values():
        if shared := set(choice.lsoas) & set(catalogue.lsoas_of(place)):
            people = sum(_residents(store, sorted(shared)).values())
            yield f"Shares {plural(len(shared), 'LSOA')} ({people:,} residents) with {place.name}."


def _measures(evidence: Evidence) -> str:
    """How many measures are the place's own, added up or of a wider area."""
    readings = [evidence.read(indicator) for indicator in evidence.catalogue.indicators]
    badges = Counter(reading.subject.badge if isinstance(reading, Reading) else "missing" for reading in readings)
    return (
        f"Of {len(readings)} measures {badges['direct']} are published for it, {badges['best_fit']} added up, "
        f"{badges['wider']} of a wider area, {badges['missing']} missing."
    )


def _residents(store: Store, lsoas: Sequence[str]) -> dict[str, int]:
    cells = store.cells(RESIDENTS, ("area", "value"), measure=MEASURE, category="", areas=lsoas)
    return {area: int(value) for area, value in cells}


# ------------------------------------------------------------------ names


def _built_up_areas(areas: Areas) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Code, name, districts (that with most of its LSOAs first) and LSOAs of every built-up area that has a name."""
    columns = ("built_up_area", "built_up_area_name", "district", "code")
    by_code: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for code, name, district, lsoa in zip(*map(areas.registry.column, columns), strict=True):
        if name:
            by_code.setdefault((code, name), []).append((district, lsoa))
    for (code, name), rows in by_code.items():
        districts = Counter(district for district, _ in rows)
        yield code, name, tuple(d for d, _ in districts.most_common()), tuple(sorted(lsoa for _, lsoa in rows))


def _lsoas(areas: Areas, code: str) -> tuple[str, ...]:
    return tuple(area.code for area in areas.children(code, "lsoa") if area.vintage == "2021")


def _spoken(name: str) -> str:
    """A name without what people write one way or another."""
    return f" {alike(name)} ".replace(" saint ", " st ").strip().removeprefix("city of ").replace("'", "")


def _near(areas: Areas, name: str) -> str:
    """Names that are spelt nearly so, as the end of a sentence."""
    known = {_spoken(area.name): area.name for level in ("county", "district") for area in areas.of_level(level)}
    known |= {_spoken(named): named for _, named, _, _ in _built_up_areas(areas)}
    wanted = _spoken(name)
    near = [begins for begins in known if wanted.startswith(f"{begins} ")][-1:]
    near += difflib.get_close_matches(wanted, known, n=3, cutoff=0.7)
    return f". Did you mean {' or '.join(known[each] for each in near)}?" if near else "; look it up on the map of ONS"


def _words(areas: Areas, choice: Choice) -> str:
    where = joined([areas[code].name for code in choice.districts[:3]])
    what = f"the {choice.kind}" if choice.kind != "town" else "the built-up area"
    return f"{what} ({choice.code}), {plural(len(choice.lsoas), 'LSOA')} in {where}"
