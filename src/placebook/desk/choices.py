"""What a name may mean: the districts, counties and built-up areas that bear it, each with its districts and small areas.

Built-up areas are those of the Office for National Statistics' lookup of December 2022, which the list of small areas holds.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from placebook.catalogue.place_names import alike
from placebook.errors import InputError
from placebook.findings.formats import joined, plural
from placebook.geography.areas import Areas

IN_BRACKETS = re.compile(r"(.+?) \((.+)\)")
"""A name and, in brackets, the district that the place lies in."""
KINDS = ("district", "county", "town", "group")


@dataclass(frozen=True)
class Choice:
    """A place that may be written."""

    kind: str
    """One of ``KINDS``."""
    code: str
    """Of a town that is a built-up area the area's; "" of other towns and of groups."""
    name: str
    districts: tuple[str, ...]
    """Of a town those that its LSOAs lie in, the one with most of them first."""
    lsoas: tuple[str, ...]
    field: str = "built_up_area"
    """Of a town the key of its params that says which areas it is."""
    codes: tuple[str, ...] = ()
    """What stands under it, where that is a list."""
    how: str = ""
    """Of a town how its LSOAs were chosen: "in the built-up area …"."""
    partly: frozenset[str] = frozenset()
    """LSOAs that lie partly outside a boundary."""
    notes: tuple[str, ...] = ()
    """Further sentences on how they were chosen."""


Pick = Callable[[str, list[Choice]], Choice]
"""Which of several places of one name is meant."""


class Names:
    """Areas of one level by code and by name, as people write it."""

    def __init__(self, what: str, such: str, named: Iterable[tuple[str, tuple[str, ...], str]]):
        """``what`` they are in a message, ``such`` a code; each area's code, its names and its district."""
        self.what, self.such = what, such
        self.about: dict[str, tuple[str, str]] = {}
        self.by_name: dict[str, list[str]] = {}
        for code, names, district in named:
            self.about[code] = names[0], district
            for name in {spoken(name) for name in names if name}:
                self.by_name.setdefault(name, []).append(code)

    def codes(self, text: str) -> list[str]:
        """The areas that a code or a name may mean."""
        code = text.strip().upper()
        return [code] if code in self.about else self.by_name.get(spoken(text), [])

    def near(self, text: str, inside: Sequence[str] = ()) -> str:
        """Names that are spelt nearly so, as the end of a sentence; in these districts where any are given."""
        names = [name for name, codes in self.by_name.items() if not inside or any(self.about[c][1] in inside for c in codes)]
        wanted = spoken(text)
        near = [begins for begins in names if wanted.startswith(f"{begins} ")][-1:]
        near += difflib.get_close_matches(wanted, names, n=3, cutoff=0.7)
        known = dict.fromkeys(self.about[self.by_name[name][0]][0] for name in near)
        return f". Did you mean {' or '.join(known)}?" if known else ""


def districts_named(areas: Areas, texts: Sequence[str], option: str = "--in") -> tuple[str, ...]:
    """The districts that an ``option`` names, by their names or codes, each once; one text may name several, with commas.

    Raises InputError for one that there is none of.
    """
    english = (area for area in areas.of_level("district") if area.code.startswith("E"))
    known = Names("district", "E07000095", ((area.code, (area.name, area.known_as), area.code) for area in english))
    found = []
    for text in split(texts, known):
        if not (codes := known.codes(text)):
            hint = f". {areas.hint(text.upper())}" if text.upper() in areas.superseded else known.near(text)
            raise InputError(f"{option}: there is no district {text!r} in England{hint or '; write its name or its GSS code'}")
        found.append(codes[0])
    return tuple(dict.fromkeys(found))


def split(texts: Sequence[str], known: Names) -> list[str]:
    """The names of a repeated option; what is a name as it stands, commas and all, is one.

    Raises InputError where nothing is named.
    """
    found: list[str] = []
    for text in texts:
        parts = [text] if known.codes(text) else text.split(",")
        found += [part.strip() for part in parts if part.strip()]
    if texts and not found:
        raise InputError(f"no {known.what} is named; write a name or a code, such as {known.such}")
    return found


def choices(areas: Areas, name: str) -> list[Choice]:
    """The districts, counties and built-up areas of this name, with and without what ONS adds in brackets."""
    wanted, found = spoken(name), []
    for level in ("district", "county"):
        for area in areas.of_level(level):
            if area.code.startswith("E") and wanted in {spoken(area.name), spoken(area.known_as)}:
                inside = (area.code,) if level == "district" else tuple(d.code for d in areas.children(area.code, "district"))
                found.append(Choice(level, area.code, area.name, inside, lsoas_in(areas, area.code)))
    towns = [town for town in built_up_areas(areas) if wanted in {spoken(town.name), spoken(plain(town.name))}]
    return found + sorted(towns, key=lambda town: (-len(town.lsoas), town.code))


def refuse(areas: Areas) -> Pick:
    """Among several ask nobody: raise InputError with how to name each."""

    def pick(name: str, found: list[Choice]) -> Choice:
        lines = "\n".join(f"    → placebook add {json.dumps(c.name)} --kind {c.kind}: {words(areas, c)}" for c in found)
        raise InputError(f"{name!r} may be {len(found)} places; say which:\n{lines}")

    return pick


def chosen(areas: Areas, name: str, within: Sequence[str] = (), kind: str = "", pick: Pick | None = None) -> Choice:
    """The one place of this name, of a kind and in one of some districts where these are given; ``pick`` decides of several.

    Raises InputError where there is none, with names that are near, and where nobody picks.
    """
    around = districts_named(areas, within)
    found = [choice for choice in choices(areas, name) if kind in ("", choice.kind)]
    found = [choice for choice in found if not around or set(around) & set(choice.districts)]
    if not found and not within and (parts := IN_BRACKETS.fullmatch(name.strip())):
        try:
            return chosen(areas, parts[1], [parts[2]], kind, pick)
        except InputError:
            pass  # what is in brackets is no district
    if not found:
        what = kind if kind in ("district", "county") else "built-up area" if kind else "district, county or built-up area"
        where = f" in {joined([areas[code].name for code in around])}" if around else ""
        raise InputError(f"no {what}{where} is called {name!r}{_elsewhere(areas, name, kind, around)}")
    return found[0] if len(found) == 1 else (pick or refuse(areas))(name, found)


def built_up_areas(areas: Areas) -> Iterator[Choice]:
    """Every built-up area that has a name, as a town."""
    columns = ("built_up_area", "built_up_area_name", "district", "code")
    by_code: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for code, name, district, lsoa in zip(*map(areas.registry.column, columns), strict=True):
        if name:
            by_code.setdefault((code, name), []).append((district, lsoa))
    for (code, name), rows in by_code.items():
        districts = Counter(district for district, _ in rows)
        lsoas, inside = tuple(sorted(lsoa for _, lsoa in rows)), tuple(d for d, _ in districts.most_common())
        how = f"in the built-up area {name} ({code}, ONS lookup of December 2022)"
        yield Choice("town", code, name, inside, lsoas, how=how)


def lsoas_in(areas: Areas, code: str) -> tuple[str, ...]:
    """The 2021 LSOAs of a district or a larger area, by code."""
    return tuple(area.code for area in areas.children(code, "lsoa") if area.vintage == "2021")


def spoken(name: str) -> str:
    """A name without what people write one way or another: ``Bristol, City of`` is Bristol."""
    name = alike(name).removesuffix(", city of").removesuffix(", county of")
    return f" {name} ".replace(" saint ", " st ").strip().removeprefix("city of ").replace("'", "")


def plain(name: str) -> str:
    """A built-up area's name without the district that ONS adds in brackets."""
    return name.partition(" (")[0]


def words(areas: Areas, choice: Choice) -> str:
    """What a choice is, for the one who chooses."""
    where = joined([areas[code].name for code in choice.districts[:3]])
    what = f"the {choice.kind}" if choice.kind != "town" else "the built-up area"
    return f"{what} ({choice.code}), {plural(len(choice.lsoas), 'LSOA')} in {where}"


def _elsewhere(areas: Areas, name: str, kind: str, around: tuple[str, ...]) -> str:
    """Where a place of the name is after all, or names that are near, as the end of a sentence."""
    if others := choices(areas, name) if kind or around else []:
        there = [f"{json.dumps(c.name)} is {words(areas, c)}" for c in others[:3]]
        return f": {'; '.join(there)}. Leave out --kind or --in, or correct them"
    large = ((a.code, (a.name, a.known_as), a.code) for level in ("county", "district") for a in areas.of_level(level))
    towns = ((town.code, (town.name, plain(town.name)), town.districts[0]) for town in built_up_areas(areas))
    return Names("place", "", (*large, *towns)).near(name, around) or (
        "; look it up on the map of ONS, or name its areas with --wards, --msoas, --lsoas or --boundary"
    )
