"""Shapes of areas in British National Grid, for drawing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from placebook.errors import DataError, Fault
from placebook.paths import Project

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

LAYERS = ("districts", "lsoa21", "msoa21", "england")


def outlines(project: Project, layer: str) -> GeoDataFrame:
    """The outlines of a layer, indexed by GSS code, EPSG:27700 (metres).

    Raises DataError where the file is missing, unreadable or in another projection.
    """
    name = f"data/geography/outlines/{layer}.geojson"
    path = project.file(name)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (FileNotFoundError, ValueError) as error:
        raise DataError(
            Fault(
                name,
                0,
                "",
                f"cannot be read as outlines: {error}",
                "restore it: git checkout -- data/geography/outlines",
            )
        ) from error


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> GeoDataFrame:
    import json

    import geopandas

    content = json.loads(path.read_text(encoding="utf-8"))
    if "27700" not in json.dumps(content.get("crs") if isinstance(content, dict) else None):
        raise ValueError("it is not in British National Grid (EPSG:27700)")
    features = content.get("features") or []
    codes: list[Any] = [(feature.get("properties") or {}).get("code") for feature in features]
    if not codes or not all(codes) or not all(feature.get("geometry") for feature in features):
        raise ValueError("not every shape in it has a code and an outline")
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValueError(f"{', '.join(twice)} stands twice")
    frame = geopandas.GeoDataFrame.from_features(features, crs="EPSG:27700")
    return frame.set_index("code").sort_index()
