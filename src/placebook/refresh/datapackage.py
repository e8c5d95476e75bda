"""``data/datapackage.json``: the frozen files as a Frictionless Data Package, from the sources."""

from __future__ import annotations

import json
from typing import Any

from placebook.catalogue.load import read_sources
from placebook.catalogue.models import LICENCES, Source, Table
from placebook.errors import DataError, Fault
from placebook.evidence.store import COLUMNS, KEY
from placebook.paths import Project, write_atomically

NUMBERS = ("value", "lower", "upper")
DESCRIPTIONS = {
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
    "lsoa21-ward24.csv": ("lsoa",),
    "lsoa11-lsoa21.csv": ("lsoa11", "lsoa21"),
    "msoa11-msoa21.csv": ("msoa11", "msoa21"),
    "msoa21-names.csv": ("msoa",),
}


def write(project: Project) -> bool:
    """Write the package's description; True where it changed. The same sources give the same bytes.

    Raises DataError where a source lists a file that is not there.
    """
    text = json.dumps(describe(project), ensure_ascii=False, indent=1) + "\n"
    path = project.datapackage
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    write_atomically(path, text)
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
    path = project.root / table.path
    if not path.is_file():
        raise DataError(Fault(table.path, 0, "", "is missing", "restore it from git, or run placebook refresh"))
    relative = table.path.removeprefix("data/")
    stem = relative.removeprefix("tables/").removeprefix("geography/")
    outlines = path.suffix == ".geojson"
    return {
        "name": stem.rsplit(".", 1)[0].replace("/", "-"),
        "title": source.title,
        "path": relative,
        "scheme": "file",
        "format": "geojson" if outlines else "csv",
        "mediatype": "application/geo+json" if outlines else "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{table.sha256}",
        "licenses": [_licence(source.licence)],
        "sources": [{"title": f"{source.publisher}: {source.title}", "path": source.landing_page}],
        **({"type": "json"} if outlines else {"type": "table", "schema": _schema(project, table)}),
    }


def _schema(project: Project, table: Table) -> dict[str, Any]:
    if table.path.startswith("data/tables/"):
        fields = [
            {
                "name": column,
                "type": "number" if column in NUMBERS else "string",
                "description": DESCRIPTIONS[column],
            }
            for column in COLUMNS
        ]
        return {"fields": fields, "primaryKey": list(KEY), "missingValues": [""]}
    path = project.root / table.path
    with path.open(encoding="utf-8") as stream:
        columns = stream.readline().strip().split(",")
    fields = [{"name": column, "type": "integer" if column == "rank" else "string"} for column in columns]
    key = GEOGRAPHY_KEYS.get(path.name)
    return {"fields": fields, **({"primaryKey": list(key)} if key else {}), "missingValues": [""]}


def _licence(licence: str) -> dict[str, str]:
    title, path = LICENCES[licence]
    return {"name": licence, "title": title, "path": path}
