"""The CSV that holds a measure of one's own: which column is what, and which areas it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from placebook.errors import Fault, InputError
from placebook.geography.areas import Areas
from placebook.paths import unfit
from placebook.refresh.delimited import Delimited, read_delimited
from placebook.refresh.periods import iso_period

MAX_BYTES = 20_000_000
CODE = re.compile(r"^[EKNSTUW][0-9]{8}$")
NUMBER = re.compile(r"^-?[0-9]+(\.[0-9]+)?$")
LEVELS = {
    "E01": "lsoa",
    "E02": "msoa",
    "E05": "ward",
    "E06": "district",
    "E07": "district",
    "E08": "district",
    "E09": "district",
    "E10": "county",
    "E11": "county",
    "E12": "region",
    "E13": "county",
    "E92": "country",
}
"""Beginning of a GSS code to the level of the area."""
SMALL = ("lsoa", "msoa")
SUPPRESSED = {
    "": "x",
    "c": "c",
    "[c]": "c",
    "*": "c",
    "suppressed": "c",
    "x": "x",
    "[x]": "x",
    "-": "x",
    "..": "x",
    ":": "x",
} | {
    "n/a": "x",
    "na": "x",
    "[u]": "u",
    "u": "u",
    "[z]": "z",
    "z": "z",
    "[low]": "low",
}
"""What publishers write where there is no figure, in small letters, to the marker that the book keeps."""
NAMES = {
    "period": ("period", "year", "date", "time", "time_period"),
    "value": ("value", "obs_value", "rate", "percent", "percentage", "count", "number"),
    "lower": ("lower", "lower_ci", "lci", "lower_limit", "lower ci", "lower 95% limit"),
    "upper": ("upper", "upper_ci", "uci", "upper_limit", "upper ci", "upper 95% limit"),
}
"""What a column is usually called, in small letters."""


@dataclass(frozen=True)
class Columns:
    """The columns of a file by what they hold; "" where it has none of a kind."""

    area: str
    value: str = ""
    period: str = ""
    lower: str = ""
    upper: str = ""
    numerator: str = ""
    denominator: str = ""

    @property
    def figures(self) -> tuple[str, ...]:
        """The columns with figures."""
        return tuple(name for name in (self.value, self.lower, self.upper, self.numerator, self.denominator) if name)


def read(path: Path) -> Delimited:
    """The rows of a CSV file. Raises InputError where it is none, is too large, or is no ordinary file."""
    if path.suffix.lower() != ".csv":
        raise InputError(f"{path.name!r} is no .csv file; save the table as CSV in UTF-8, with one row for each area")
    try:
        if problem := unfit(path, MAX_BYTES):
            raise InputError(f"{path.name}: {problem}")
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"there is no file {str(path)!r}") from None
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}") from None
    return read_delimited(path.name, content)


def columns(table: Delimited, given: Mapping[str, str]) -> Columns:
    """Which column is what: as ``given``, else by its name and by what stands in it.

    Raises InputError where no column holds GSS codes or figures, or several might, with the columns there are.
    """
    for kind, name in given.items():
        if name and name not in table.columns:
            raise InputError(
                Fault(table.file, 1, "", f"has no column {name!r}", f"--{kind}: one of {', '.join(table.columns)}")
            )
    found = dict(given)
    found["area"] = found.get("area") or _one(
        table, "area", [name for name in table.columns if _share(table, name, CODE) > 0.9]
    )
    for kind, names in NAMES.items():
        named = [name for name in table.columns if name.strip().lower() in names and name not in found.values()]
        if not found.get(kind) and named and kind != "value":
            found[kind] = named[0]
    if bool(found.get("numerator")) != bool(found.get("denominator")):
        raise InputError("a share needs both columns: --numerator and --denominator")
    if not found.get("value") and not found.get("numerator"):
        free = [name for name in table.columns if name not in found.values() and _share(table, name, NUMBER) >= 0.5]
        usual = [name for name in free if name.strip().lower() in NAMES["value"]]
        found["value"] = _one(table, "value", usual[:1] or free)
    return Columns(**found)


def _share(table: Delimited, name: str, pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.match(row[name].strip())) for row in table) / len(table.rows)


def _one(table: Delimited, kind: str, found: Sequence[str]) -> str:
    what = {"area": "GSS codes, such as E07000095", "value": "figures"}[kind]
    if len(found) == 1:
        return found[0]
    problem = f"has no column with {what}" if not found else f"may hold {what} in {' or in '.join(found)}"
    raise InputError(Fault(table.file, 1, "", problem, f"say which: --{kind} COLUMN, one of {', '.join(table.columns)}"))


def levels(table: Delimited, column: str) -> tuple[str, ...]:
    """The levels of the areas of a file, smallest first.

    Raises InputError for a code that is none, and where small areas stand beside others.
    """
    order = list(dict.fromkeys(LEVELS.values()))
    found: Counter[str] = Counter()
    for row in table:
        code = row[column].strip()
        if code and not (level := LEVELS.get(code[:3], "") if CODE.match(code) else ""):
            outside = CODE.match(code) and code[0] != "E"
            problem = f"{code!r} is no area of England" if outside else f"{code!r} is no GSS code of a kind that the book shows"
            raise InputError(Fault(table.file, row.line, column, problem, "leave the row out, or write the area's code"))
        if code:
            found[level] += 1
    if any(level in (*SMALL, "ward") for level in found) and len(found) > 1:
        raise InputError(
            Fault(
                table.file,
                1,
                column,
                f"holds areas of several levels: {', '.join(found)}",
                "put small areas or wards into a file of their own: they are added up to districts here",
            )
        )
    return tuple(sorted(found, key=order.index))


def missing(table: Delimited, names: Sequence[str]) -> dict[str, str]:
    """What stands in the file in place of figures, as it is written, to the marker that is kept.

    Raises InputError at the first cell that is neither a figure nor a usual sign for none.
    """
    found = {}
    for row in table:
        for name in names:
            text = row[name].strip()
            if not NUMBER.match(text):
                if text.lower() not in SUPPRESSED:
                    remedy = "write a plain number (1234.5), nothing where there is none, or c where it is suppressed"
                    raise InputError(Fault(table.file, row.line, name, f"{text!r} is not a figure", remedy))
                found[text] = SUPPRESSED[text.lower()]
    return found


def period(text: str) -> str:
    """A period as the book writes it; of ``2023/24`` the year from April. Raises InputError."""
    if (match := re.fullmatch(r"(\d{4})/(\d{2})", text.strip())) and (int(match[1]) + 1) % 100 == int(match[2]):
        return f"{match[1]}-04-01/P1Y"
    try:
        return iso_period(text)
    except ValueError:
        raise InputError(
            f"{text!r} is not a period: write 2024, 2023/24 (a year from April), 2024-03, or a day as 2024-03-31"
        ) from None


def whole_districts(table: Delimited, column: str, areas: Areas) -> tuple[dict[str, str], tuple[str, ...]]:
    """Of wards: ward to its district, for districts of which every ward stands in the file; and districts that lack some.

    Raises InputError for a ward that the book does not know, or where no district is whole.
    """
    known: dict[str, set[str]] = {}
    for district, ward in zip(areas.registry.column("district"), areas.registry.column("ward"), strict=True):
        if ward:
            known.setdefault(district, set()).add(ward)
    home = {ward: district for district, wards in known.items() for ward in wards}
    held: dict[str, set[str]] = {}
    for row in table:
        code = row[column].strip()
        if code and code not in home:
            remedy = "use the wards of May 2024, or give the figures by LSOA"
            raise InputError(Fault(table.file, row.line, column, f"there is no ward {code!r} of that name today", remedy))
        if code:
            held.setdefault(home[code], set()).add(code)
    whole = {ward: district for district, wards in held.items() if wards == known[district] for ward in wards}
    if not whole:
        lacks = {areas[district].name: len(known[district] - wards) for district, wards in held.items()}
        told = ", ".join(f"{name} lacks {many}" for name, many in sorted(lacks.items())[:3])
        raise InputError(
            Fault(table.file, 0, column, f"has no district with all its wards: {told}", "add the wards that are missing")
        )
    return whole, tuple(sorted(areas[district].name for district in held if district not in whole.values()))
