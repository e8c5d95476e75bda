"""The registry of small areas: LSOAs, MSOAs and output areas of England, and what became of those of 2011."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

from placebook.errors import DataError, Fault
from placebook.geography.registry import COLUMNS
from placebook.refresh.codes import Codes
from placebook.refresh.columns import as_words, frozen, read_columns
from placebook.refresh.delimited import column_of

CHANGE_FIELDS = ("district", "level", "code_2011", "code_2021", "change")
OUTPUT_COLUMNS = ("district", "lsoa", "output_area", "residents")
OUTPUT_AREAS = {
    "oa_code": "output_area",
    "lsoa_code": "lsoa",
    "msoa_code": "msoa",
    "la_code": "former",
    "population": "residents",
}
WARDS = {"lsoa21_code": "code", "lsoa21_name": "name", "ward24_code": "ward", "ward24_name": "ward_name"}
TOWNS = {"LSOA21CD": "code", "BUA22CD": "built_up_area", "BUA22NM": "built_up_area_name"}
CHANGES = {
    "lsoa11_code": "code_2011",
    "lsoa11_name": "name_2011",
    "lsoa21_code": "code_2021",
    "lsoa21_name": "name_2021",
    "change_code": "change",
}
MSOA_CHANGES = {published.replace("lsoa", "msoa"): stored for published, stored in CHANGES.items() if stored != "change"}


def small_area_lists(contents: Mapping[str, bytes], options: Mapping[str, Any], codes: Codes) -> dict[str, bytes]:
    """``areas.parquet``, ``changes.parquet`` and ``output-areas.parquet`` as file name → bytes.

    Options name the files: ``output_areas`` (with LSOA, MSOA, district and residents), ``lsoa_wards``, ``built_up_areas``,
    ``lsoa_changes``, ``msoa_changes``, ``msoa_names`` and ``msoa_names_2011``; ``lsoas`` and ``msoas`` say how many of 2021
    there are. An LSOA lies in the district of its output areas, under the code in force; an MSOA in that of its LSOAs,
    and is named as they are, less the last letter; an area that ended in 2021 in that of its successors.

    Raises DataError where an area lies in two districts or MSOAs or in none, where a code stands twice or the lists are
    not about the same areas, and where the numbers of areas are others or a district of today has none.
    """

    def read(role: str, columns: Mapping[str, str], *key: str) -> pd.DataFrame:
        return _renamed(options[role], read_columns(options[role], contents[options[role]]), columns, list(key))

    output_areas = read("output_areas", OUTPUT_AREAS, "output_area")
    output_areas["district"] = output_areas["former"].map({one: codes.in_force(one) for one in set(output_areas["former"])})
    parents = output_areas[["district", "lsoa", "msoa"]].drop_duplicates().rename(columns={"lsoa": "code"})
    _unique(options["output_areas"], parents, "lies in two districts or MSOAs")
    lsoas = parents.assign(level="lsoa", vintage="2021")
    for role, columns in (("lsoa_wards", WARDS), ("built_up_areas", TOWNS)):
        more = read(role, columns, "code")
        if apart := sorted(set(more["code"]) ^ set(lsoas["code"])):
            _refuse(options[role], f"and {options['output_areas']} hold different LSOAs: {', '.join(apart[:3])}")
        lsoas = lsoas.merge(more, on="code")
    msoas = pd.DataFrame({"code": lsoas["msoa"], "name": lsoas["name"].str[:-1], "district": lsoas["district"]})
    msoas = msoas.drop_duplicates().assign(level="msoa", vintage="2021")
    _unique(options["lsoa_wards"], msoas, "has LSOAs of two districts, or named in two ways")
    names = {"areacd": "code", "areanm": "known_as"}, {"msoa11cd": "code", "msoa11hclnm": "known_as"}
    msoas = msoas.merge(read("msoa_names", names[0], "code"), on="code", how="left")
    changes = read("lsoa_changes", CHANGES, "code_2011", "code_2021").assign(level="lsoa")
    listed = read("msoa_changes", MSOA_CHANGES, "code_2011", "code_2021").assign(level="msoa", change="")
    changes = pd.concat([changes, listed, _traced(changes, listed, lsoas)])
    districts = pd.concat([lsoas, msoas]).set_index("code")["district"]
    changes["district"] = changes["code_2021"].map(districts)
    ended = _ended(changes[~changes["code_2011"].isin(districts.index)])
    ended = ended.merge(read("msoa_names_2011", names[1], "code"), on="code", how="left")
    areas = pd.concat([lsoas, msoas, ended], ignore_index=True).reindex(columns=COLUMNS).fillna("")
    _check(areas, changes, options, codes)
    return {
        "areas.parquet": _frozen(areas, ["district", "level", "code"]),
        "changes.parquet": _frozen(changes[list(CHANGE_FIELDS)], list(CHANGE_FIELDS)),
        "output-areas.parquet": _frozen(output_areas[list(OUTPUT_COLUMNS)], ["district", "lsoa", "output_area"]),
    }


def _renamed(file: str, rows: pd.DataFrame, columns: Mapping[str, str], key: list[str]) -> pd.DataFrame:
    """Some columns (published → stored), what is missing as "". Raises DataError where a key is blank or stands twice."""
    renamed = (
        rows[[column_of(file, rows.columns, name) for name in columns]]
        .set_axis(list(columns.values()), axis="columns")
        .fillna("")
    )
    wrong = renamed[renamed.duplicated(key) | (renamed[key] == "").any(axis="columns")]
    if len(wrong):
        _refuse(file, f"{', '.join(wrong[key].iloc[0])!r} is blank or stands twice", int(wrong.index.to_numpy()[0]))
    return renamed


def _traced(lsoas: pd.DataFrame, listed: pd.DataFrame, today: pd.DataFrame) -> pd.DataFrame:
    """The MSOAs of 2021 that the lookup of MSOAs does not list, by what became of the LSOAs of 2011."""
    names = {name: lsoas[name].str[:-1] for name in ("name_2011", "name_2021")}
    msoas = lsoas.assign(
        **names,
        code_2011=names["name_2011"].map(dict(zip(listed["name_2011"], listed["code_2011"], strict=True))),
        code_2021=lsoas["code_2021"].map(dict(zip(today["code"], today["msoa"], strict=True))),
        level="msoa",
        change="",
    )
    return msoas[~msoas["code_2021"].isin([*listed["code_2021"], None])].drop_duplicates(["code_2011", "code_2021"])


def _ended(changes: pd.DataFrame) -> pd.DataFrame:
    """Each area of 2011; where its successors lie in two districts, in the one that it is named after."""
    named = [changes[name].str.rsplit(" ", n=1).str[0] for name in ("name_2011", "name_2021")]
    each = changes.assign(moved=named[0] != named[1]).sort_values(["moved", "code_2021"]).drop_duplicates("code_2011")
    return each.rename(columns={"code_2011": "code", "name_2011": "name"}).assign(vintage="2011")


def _check(areas: pd.DataFrame, changes: pd.DataFrame, options: Mapping[str, Any], codes: Codes) -> None:
    today = areas[areas["vintage"] == "2021"]
    for level in ("lsoa", "msoa"):
        if (count := int((today["level"] == level).sum())) != options[f"{level}s"]:
            _refuse("the geography source", f"finds {count:,} {level.upper()}s of 2021, not {options[f'{level}s']:,}")
    strange = set(changes["code_2021"]) ^ set(today["code"]) | set(changes["code_2011"][changes["code_2011"].isna()])
    if strange:
        _refuse(options["lsoa_changes"], f"does not say of {', '.join(map(str, sorted(strange)[:3]))} what it was in 2011")
    districts = {code for code, level in codes.levels.items() if level == "district"}
    if apart := sorted(districts ^ set(areas["district"])):
        _refuse(options["output_areas"], f"and areas.csv hold different districts: {', '.join(apart[:3])}")


def _unique(file: str, rows: pd.DataFrame, problem: str) -> None:
    if len(twice := rows[rows.duplicated("code")]):
        _refuse(file, f"{twice['code'].iloc[0]} {problem}")


def _refuse(file: str, problem: str, line: int = 0) -> None:
    raise DataError(Fault(file, line, "", problem, "get the lists again, of one vintage"))


def _frozen(rows: pd.DataFrame, order: list[str]) -> bytes:
    words = [name for name in rows.columns if name != "residents"]
    return frozen(as_words(rows, words).sort_values(order), {"residents": pa.int32()})
