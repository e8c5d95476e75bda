"""Shapes of areas in British National Grid, for drawing."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from placebook.errors import DataError, Fault
from placebook.geography.areas import Areas
from placebook.paths import Project

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

GRID = 27700
"""EPSG code of the British National Grid."""


def outlines(project: Project, layer: str) -> GeoDataFrame:
    """The outlines of a layer of districts, indexed by GSS code, EPSG:27700 (metres).

    Raises DataError where the file is missing, unreadable or in another projection.
    """
    return _opened(project, f"data/geography/outlines/{layer}.geojson", ())


def small_outlines(project: Project, layer: str, areas: Areas, codes: Collection[str]) -> GeoDataFrame:
    """The outlines of some small areas and of all others of their districts; as ``outlines``.

    Raises DataError as ``outlines``, and InputError for a code that is no small area.
    """
    districts = {areas[code].parents["district"] for code in codes}
    return _opened(project, f"data/small-areas/outlines-{layer}.parquet", tuple(sorted(districts)))


def _opened(project: Project, name: str, districts: tuple[str, ...]) -> GeoDataFrame:
    path = project.file(name)
    try:
        return _read(path, path.stat().st_mtime_ns, districts)
    except (OSError, ValueError) as error:
        raise DataError(Fault(name, 0, "", f"cannot be read as outlines: {error}", project.restored(name))) from error


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int, districts: tuple[str, ...]) -> GeoDataFrame:
    import geopandas

    if path.suffix == ".parquet":
        frame = geopandas.read_parquet(path, filters=[("district", "in", districts)], columns=["code", "geometry"])
    else:
        frame = _parsed(path)
    if frame.crs is None or frame.crs.to_epsg() != GRID:
        raise ValueError(f"it is not in British National Grid (EPSG:{GRID})")
    if twice := sorted(set(frame["code"][frame["code"].duplicated()])):
        raise ValueError(f"{', '.join(twice)} stands twice")
    return frame.set_index("code").sort_index()


def _parsed(path: Path) -> GeoDataFrame:
    """GeoJSON by hand: geopandas' own reader takes GDAL, which is half a second to load."""
    import json

    import geopandas

    content = json.loads(path.read_text(encoding="utf-8"))
    if str(GRID) not in json.dumps(content.get("crs") if isinstance(content, dict) else None):
        raise ValueError(f"it is not in British National Grid (EPSG:{GRID})")
    features = content.get("features") or []
    codes: list[Any] = [(feature.get("properties") or {}).get("code") for feature in features]
    if not codes or not all(codes) or not all(feature.get("geometry") for feature in features):
        raise ValueError("not every shape in it has a code and an outline")
    return geopandas.GeoDataFrame.from_features(features, crs=f"EPSG:{GRID}")
