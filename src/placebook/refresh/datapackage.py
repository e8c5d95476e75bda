"""``data/datapackage.json``: the frozen files as a Frictionless Data Package, from the sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from placebook.catalogue.licences import LICENCES
from placebook.catalogue.load import read_sources
from placebook.catalogue.models import Source, Table
from placebook.errors import DataError, Fault
from placebook.evidence.store import COLUMNS, KEY
from placebook.paths import Project, write_atomically

NUMBERS = ("value", "lower", "upper")
FORMATS = {
    ".csv": ("csv", "text/csv"),
    ".geojson": ("geojson", "application/geo+json"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"),
}
DESCRIPTIONS = {
    "district": "GSS code in force of the district that the area lies in",
    "area": "GSS, ITL or NUTS code of the area",
    "period": "ISO 8601: a date, or start and duration",
    "measure": "Measure, as declared by the source",
    "category": "Age, tenure, industry or the like; empty for the whole",
    "partner": "The other end of a flow; empty where there is none",
    "value": "Published figure; empty where there is none",
    "lower": "Lower 95 per cent confidence limit, where published",
    "upper": "Upper 95 per cent confidence limit, where published",
    "markers": "Markers of official statistics, separated by spaces: "
    "c confidential, u unreliable, x not available, z not applicable, p provisional, r revised, "
    "e estimated, b break in series, low rounds to zero",
}
GEOGRAPHY_KEYS = {
    "areas.csv": ("code",),
    "superseded.csv": ("code",),
    "neighbours.csv": ("area", "model", "rank"),
    "clusters.csv": ("area",),
    "msoa21-names.csv": ("msoa",),
    "areas.parquet": ("code",),
    "changes.parquet": ("code_2011", "code_2021"),
    "output-areas.parquet": ("output_area",),
    "outlines-lsoa21.parquet": ("code",),
    "outlines-msoa21.parquet": ("code",),
}
FIELD_TYPES = {"rank": "integer", "residents": "integer", "geometry": "any"}


def write(project: Project) -> bool:
    """Write the package's description; True where it changed. The same sources give the same bytes.

    Raises DataError where a source lists a file that is not there.
    """
    text = json.dumps(describe(project), ensure_ascii=False, indent=1) + "\n"
    path = project.datapackage
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    write_atomically(project.root / "data" / path.name, text)  # and never into the package
    return True


def describe(project: Project) -> dict[str, Any]:
    """The package's description, resources in the order of the sources' names."""
    sources = read_sources(project)
    licences = sorted({source.licence for source in sources.values()})
    return {
        "name": "placebook-data",
        "title": "Frozen tables of the place deep-dive book",
        "description": "Official statistics as tidy tables, one observation a row, and the geography they stand on.",
        "licenses": [_licence(licence) for licence in licences],
        "resources": [_resource(project, source, table) for source in sources.values() for table in source.tables],
    }


def _resource(project: Project, source: Source, table: Table) -> dict[str, Any]:
    path = project.file(table.path)
    if not path.is_file():
        raise DataError(Fault(table.path, 0, "", "is missing", "restore it from git, or run placebook refresh"))
    relative = table.path.removeprefix("data/")
    stem = relative.removeprefix("tables/").removeprefix("geography/")
    form, mediatype = FORMATS[path.suffix]
    return {
        "name": stem.rsplit(".", 1)[0].replace("/", "-"),
        "title": source.title,
        "path": relative,
        "scheme": "file",
        "format": form,
        "mediatype": mediatype,
        **({} if form == "parquet" else {"encoding": "utf-8"}),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{table.sha256}",
        "licenses": [_licence(source.licence)],
        "sources": [{"title": f"{source.publisher}: {source.title}", "path": source.landing_page}],
        **({"type": "json"} if form == "geojson" else {"type": "table", "schema": _schema(path)}),
    }


def _schema(path: Path) -> dict[str, Any]:
    if path.suffix == ".parquet":
        columns = pa.parquet.read_schema(path).names
    else:
        with path.open(encoding="utf-8") as stream:
            columns = stream.readline().strip().split(",")
    if set(COLUMNS) <= set(columns):
        fields = [
            {"name": column, "type": "number" if column in NUMBERS else "string", "description": DESCRIPTIONS[column]}
            for column in columns
        ]
        return {"fields": fields, "primaryKey": list(KEY), "missingValues": [""]}
    fields = [{"name": column, "type": FIELD_TYPES.get(column, "string")} for column in columns]
    key = GEOGRAPHY_KEYS.get(path.name)
    return {"fields": fields, **({"primaryKey": list(key)} if key else {}), "missingValues": [""]}


def _licence(licence: str) -> dict[str, str]:
    title, path = LICENCES[licence]
    return {"name": licence, "title": title, "path": path}
