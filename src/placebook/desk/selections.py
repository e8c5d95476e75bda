"""A place that no list has a name for: wards, MSOAs or LSOAs as an analyst names them, built-up areas or districts together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from placebook.desk.choices import Choice, Names, Pick, built_up_areas, chosen, districts_named, lsoas_in, plain, split
from placebook.errors import InputError
from placebook.findings.formats import joined, plural
from placebook.geography.areas import Areas

SHOWN = 12
"""Names of areas that a file of params says; of others their number."""
WHAT = {"wards": "ward", "msoas": "MSOA", "lsoas": "LSOA"}
SUCH = {"wards": "E05013044", "msoas": "E02004911", "lsoas": "E01023630"}


def named(areas: Areas, name: str, option: str, texts: Sequence[str], within: Sequence[str] = ()) -> Choice:
    """A town of the wards, MSOAs or LSOAs (``option``) that are named by code or name.

    A name that several bear is looked for in the districts ``within``. Raises InputError for one that there is none of, or
    that may be several.
    """
    around, known = districts_named(areas, within), _names(areas, option)
    codes = tuple(dict.fromkeys(_one(areas, known, option, text, around) for text in split(texts, known)))
    lsoas = codes if option == "lsoas" else _lsoas(areas, WHAT[option].lower(), codes, {known.about[c][1] for c in codes})
    shown = [f"{known.about[code][0]} ({code})" for code in codes[:SHOWN]]
    more = [f"{len(codes) - SHOWN} others"] if len(codes) > SHOWN else []
    how = {
        "wards": f"of the {plural(len(codes), 'ward')} (2024, best fit) {joined([*shown, *more])}",
        "msoas": f"of the {plural(len(codes), 'MSOA')} {joined([*shown, *more])}",
        "lsoas": "named one by one",
    }[option]
    return town(areas, name, lsoas, option, codes, how)


def joined_towns(areas: Areas, name: str, texts: Sequence[str], within: Sequence[str], pick: Pick | None) -> Choice:
    """A town of several built-up areas, as the list of their LSOAs. Raises InputError as ``choices.chosen``."""
    towns = ((one.code, (one.name, plain(one.name)), one.districts[0]) for one in built_up_areas(areas))
    parts = [chosen(areas, text, within, "town", pick) for text in split(texts, Names("built-up area", "Newmarket", towns))]
    if len({part.code for part in parts}) < 2:
        raise InputError(f"--built-up-areas joins two or more; of one write: placebook add {parts[0].name!r} --kind town")
    lsoas = sorted({lsoa for part in parts for lsoa in part.lsoas})
    listed = joined([f"{part.name} ({part.code})" for part in parts])
    how = f"in the built-up areas {listed} (ONS lookup of December 2022)"
    return town(areas, name, lsoas, "lsoas", tuple(lsoas), how)


def group(areas: Areas, name: str, within: Sequence[str]) -> Choice:
    """A group of whole districts. Raises InputError for fewer than two."""
    districts = districts_named(areas, within)
    if len(districts) < 2:
        raise InputError(
            "--kind group: a group has two districts or more; name each with --in: "
            'placebook add Solent --kind group --in Southampton --in "New Forest"'
        )
    return Choice("group", "", name, districts, tuple(code for district in districts for code in lsoas_in(areas, district)))


def town(areas: Areas, name: str, lsoas: Iterable[str], field: str, codes: tuple[str, ...], how: str) -> Choice:
    """A town of some LSOAs, with the districts that they lie in."""
    found = tuple(sorted(lsoas))
    districts = Counter(areas.registry.districts[code] for code in found)
    return Choice("town", "", name, tuple(code for code, _ in districts.most_common()), found, field, codes, how)


def _names(areas: Areas, option: str) -> Names:
    registry, level = areas.registry, "msoa" if option == "msoas" else "lsoa"
    columns = ("level", "vintage", "district", "code", "name", "known_as", "ward", "ward_name")
    rows = [row for row in zip(*map(registry.column, columns), strict=True) if row[:2] == (level, "2021")]
    if option == "wards":
        wards = {ward: (ward, (ward_name,), district) for _, _, district, _, _, _, ward, ward_name in rows if ward}
        return Names("ward", SUCH[option], wards.values())
    each = ((code, (known_as or name, name), district) for _, _, district, code, name, known_as, _, _ in rows)
    return Names(WHAT[option], SUCH[option], each)


def _one(areas: Areas, known: Names, option: str, text: str, around: tuple[str, ...]) -> str:
    """The code of the one area that is meant."""
    found = known.codes(text)
    inside = [code for code in found if not around or known.about[code][1] in around]
    where = joined([areas[code].name for code in around], "or")
    if len(inside) == 1:
        return inside[0]
    if len(inside) > 1:
        places = [f"{code} in {areas[known.about[code][1]].name}" for code in inside[:5]]
        more = f" and {len(inside) - 5} others" if len(inside) > 5 else ""
        remedy = "write the code" if around else "write the code, or name the district with --in"
        raise InputError(f"--{option}: {text!r} may be {len(inside)} {known.what}s: {'; '.join(places)}{more}; {remedy}")
    if found:
        name, district = known.about[found[0]]
        raise InputError(
            f"--{option}: {name} ({found[0]}) lies in {areas[district].name}, not in {where}; correct it, or add "
            f"--in {areas[district].name!r}"
        )
    code = text.upper()
    if code in areas.registry.districts:
        area = areas[code]
        same = f" of {area.vintage}, not of 2021; look it up in data/small-areas/changes.parquet"
        other = "; name it with --msoas" if area.level == "msoa" else "; name it with --lsoas"
        raise InputError(f"--{option}: {code} is an {area.level.upper()}{same if area.vintage != '2021' else other}")
    near = known.near(text, around)
    if not near and code[:1] == "E" and code[1:].isdecimal() and (codes := [c for c in known.about if c[:7] == code[:7]][:2]):
        near = f". Did you mean {' or '.join(f'{c} ({known.about[c][0]})' for c in codes)}?"
    remedy = f"; write its name or its code, such as {known.such}"
    year = " of 2024" if option == "wards" else " of 2021"
    raise InputError(f"--{option}: there is no {known.what}{year} {text!r}{f' in {where}' if where else ''}{near or remedy}")


def _lsoas(areas: Areas, level: str, codes: Sequence[str], districts: Iterable[str]) -> list[str]:
    inside = [area for district in sorted(districts) for area in areas.children(district, "lsoa") if area.vintage == "2021"]
    return [area.code for area in inside if area.parents.get(level) in codes]
