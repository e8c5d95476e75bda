"""The geography files: districts and larger areas with their parents, and codes superseded.

Built from the lookups of the ONS Open Geography portal and the notes on former codes in ONS Explore Local Statistics.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

from placebook.errors import DataError, Fault, InputError
from placebook.refresh.codes import OUTSIDE_ENGLAND
from placebook.refresh.delimited import Delimited, Files, read_delimited

AREA_COLUMNS = (
    "code",
    "name",
    "known_as",
    "level",
    "vintage",
    "msoa",
    "district",
    "county",
    "region",
    "country",
    "same_as",
)
SUPERSEDED_COLUMNS = ("code", "name", "level", "since", "successors", "kind")
ENGLAND = "E92000001"
_NOTE = re.compile(r"Obsolete code since (\d{4}) \(replaced by (.+)\)")
_CODE = re.compile(r"\b[EWSN]\d{8}\b")

Record = dict[str, str]


def geography(contents: Mapping[str, bytes], options: Mapping[str, Any]) -> dict[str, str]:
    """``areas.csv`` and ``superseded.csv`` as file name → text.

    Options name the files (``districts``, ``counties``; ``former`` a list) and declare the
    areas of the economic accounts and the wholes (``accounts`` code → name, with ``account_levels``,
    ``account_vintages``, ``account_counties``, ``account_regions`` and ``same_as`` by code); ``authorities`` is the
    file of commuting flows whose labels name the local authorities of Wales, Scotland and Northern Ireland.

    Raises DataError where a code stands for two things.
    """
    read = Files((file, read_delimited(file, content)) for file, content in contents.items())
    former = [read[file] for file in options["former"]]
    superseded = superseded_codes(former)
    recodes = {code: row["successors"] for code, row in superseded.items() if row["kind"] == "recode"}
    areas = _districts(read[options["districts"]], read[options["counties"]], recodes, options["district_vintage"])
    areas |= _accounts(options, areas)
    if "authorities" in options:
        areas |= _authorities(read[options["authorities"]], options["authority_vintage"])
    return {
        "areas.csv": as_csv(AREA_COLUMNS, (areas[code] for code in sorted(areas))),
        "superseded.csv": as_csv(SUPERSEDED_COLUMNS, (superseded[code] for code in sorted(superseded))),
    }


def superseded_codes(tables: Iterable[Delimited]) -> dict[str, Record]:
    """Codes that the publisher notes as obsolete, each with its successors and what happened.

    ``recode``: one area, one successor of the same name. ``split``: several successors. Else ``merged``.
    """
    by_code: dict[str, tuple[str, str, tuple[str, ...], str]] = {}
    faults: list[Fault] = []
    for row in (row for table in tables for row in table):
        if not (note := _NOTE.match(row.get("notes"))):
            continue
        entry = (row["areanm"], note[1], tuple(_CODE.findall(note[2])), note[2])
        if by_code.setdefault(row["areacd"], entry) != entry:
            faults.append(row.fault("notes", f"{row['areacd']} is noted in two ways", "find out which is right"))
    if faults:
        raise DataError(faults)
    heirs = [successors for _, _, successors, _ in by_code.values()]
    records: dict[str, Record] = {}
    for code, (name, since, successors, text) in by_code.items():
        alone = heirs.count(successors) == 1 and text == f"{successors[0]} {name}"
        kind = "split" if len(successors) > 1 else "recode" if alone and code[:3] == successors[0][:3] else "merged"
        records[code] = {
            "code": code,
            "name": name,
            "level": "county" if code.startswith("E10") else "district",
            "since": since,
            "successors": " ".join(successors),
            "kind": kind,
        }
    return records


def _districts(regions: Delimited, uppers: Delimited, recodes: Record, vintage: str) -> dict[str, Record]:
    """England's districts, counties, regions and the country, under the codes in force."""
    county_of = {
        row["ltla23_code"]: (row["utla23_code"], row["utla23_name"]) for row in uppers if row["utla23_code"].startswith("E10")
    }
    areas = {ENGLAND: _area(ENGLAND, "England", "country", vintage)}
    for row in regions:
        region, code = row["region24_code"], recodes.get(row["ltla24_code"], row["ltla24_code"])
        parents = {"region": region, "country": ENGLAND}
        areas[region] = _area(region, row["region24_name"], "region", vintage, country=ENGLAND)
        county, county_name = county_of.get(row["ltla24_code"], ("", ""))
        if county:
            areas[county] = _area(county, county_name, "county", vintage, **parents)
        areas[code] = _area(code, row["ltla24_name"], "district", vintage, county=county, **parents)
    return areas


def _accounts(options: Mapping[str, Any], areas: dict[str, Record]) -> dict[str, Record]:
    """Areas of the economic accounts (ITL, NUTS) and the wholes above England, as declared."""
    records = {}
    for code, name in options["accounts"].items():
        regions: Record = options.get("account_regions", {})
        region = next((regions[head] for head in regions if code.startswith(head)), "")
        level = options["account_levels"].get(code) or options["account_levels"].get(f"{code[:2]}:{len(code)}", "")
        if not level:
            raise InputError(f"the geography source declares {code} and no level for it: add it to account_levels.")
        records[code] = _area(
            code,
            name,
            level,
            options["account_vintages"].get(code) or options["account_vintages"][code[:2]],
            county=options.get("account_counties", {}).get(code, ""),
            region=region,
            country=ENGLAND if region else "",
            same_as=options.get("same_as", {}).get(code, ""),
        )
        if code in areas:
            raise InputError(f"the geography source declares {code}, which the lookups hold already: take it out of accounts.")
    return records


def _authorities(flows: Delimited, vintage: str) -> dict[str, Record]:
    """Local authorities outside England, by the labels of those whom people of England travel to."""
    code, name = flows.column("LTLA of workplace code"), flows.column("LTLA of workplace label")
    named = {row[code]: row[name] for row in flows if row[code].startswith(OUTSIDE_ENGLAND)}
    return {code: _area(code, name, "authority", vintage) for code, name in named.items()}


def _area(code: str, name: str, level: str, vintage: str, **more: str) -> Record:
    return {
        **dict.fromkeys(AREA_COLUMNS, ""),
        "code": code,
        "name": name,
        "level": level,
        "vintage": vintage,
        **more,
    }


def as_csv(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV text: UTF-8, LF, header, quotes only where needed."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
