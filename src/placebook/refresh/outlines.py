"""Boundary files → small GeoJSON on the British National Grid, the code as the only property."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import LinearRing, Polygon
from shapely.geometry.base import BaseGeometry

from placebook.errors import DataError, Fault
from placebook.refresh.columns import LEVEL
from placebook.refresh.delimited import column_of

BRITISH_NATIONAL_GRID = 27700
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}


def outlines(contents: Mapping[str, bytes], options: Mapping[str, Any]) -> dict[str, str]:
    """Outlines as file name → GeoJSON text, one for each published file.

    Options: ``written`` published file → file written; ``codes`` published file → property that
    holds the code; ``recodes`` old code → code in force. Coordinates are whole metres, points that
    fall together are dropped, features are valid polygons sorted by code.

    Raises DataError for what is no GeoJSON, a feature without code or surface, a code that stands twice.
    """
    texts = {}
    for file, content in contents.items():
        collection = _parsed(file, content)
        shapes: dict[str, BaseGeometry] = {}
        for number, feature in enumerate(collection["features"], start=1):
            code = (feature.get("properties") or {}).get(options["codes"][file], "")
            code = options.get("recodes", {}).get(code, code)
            if not code or code in shapes:
                raise DataError(
                    Fault(file, 0, f"features[{number}]", f"{code or 'no code'} is blank or stands twice", "get the file again")
                )
            shapes[code] = _areal(shapely.geometry.shape(feature["geometry"]))
            if shapes[code].is_empty:
                raise DataError(
                    Fault(file, 0, f"features[{number}]", f"the outline of {code} has no surface", "get the file again")
                )
        texts[options["written"][file]] = _text(shapes)
    return texts


def small_area_outlines(
    contents: Mapping[str, bytes], options: Mapping[str, Any], districts: Mapping[str, str]
) -> dict[str, bytes]:
    """Outlines of small areas as file name → GeoParquet: ``district``, ``code`` and ``geometry``, sorted by these.

    ``contents`` are GeoParquet files; ``written`` and ``codes`` as in :func:`outlines`.

    Raises DataError for what is no such file, a shape without surface, and an unknown or doubled code.
    """
    made = {}
    for file, content in contents.items():
        try:
            layer = gpd.read_parquet(io.BytesIO(content)).to_crs(BRITISH_NATIONAL_GRID).reset_index(drop=True)
        except (ValueError, OSError) as error:  # what Arrow and geopandas raise is a ValueError
            raise DataError(Fault(file, 0, "", f"is not a GeoParquet file: {error}", "get the file again")) from None
        code = layer[column_of(file, layer.columns, options["codes"][file])]
        shapes = [shape if shape is not None and shape.is_valid else _areal(shape) for shape in layer.geometry]
        grid = gpd.GeoSeries(shapely.normalize(shapely.set_precision(shapes, 1.0)), crs=BRITISH_NATIONAL_GRID)
        for wrong in code[~code.isin(list(districts)) | code.duplicated() | ~(grid.area > 0)]:
            problem = f"{wrong} is unknown, stands twice or has no surface"
            raise DataError(Fault(file, 0, "", problem, "get the file again, of the vintage of the registry"))
        layer = gpd.GeoDataFrame({"district": code.map(districts), "code": code}, geometry=grid)
        sink = io.BytesIO()
        layer.sort_values(["district", "code"]).to_parquet(
            sink, index=False, compression="zstd", compression_level=LEVEL, row_group_size=len(layer)
        )
        made[options["written"][file]] = sink.getvalue()
    return made


def _parsed(file: str, content: bytes) -> dict[str, Any]:
    try:
        collection = json.loads(content)
    except ValueError as error:
        raise DataError(Fault(file, 0, "", f"is not JSON: {error}", "get the file again")) from None
    if not isinstance(collection, dict) or not collection.get("features"):
        raise DataError(Fault(file, 0, "", "holds no features", "get the file again"))
    return collection


def _text(shapes: Mapping[str, BaseGeometry]) -> str:
    codes = sorted(shapes)
    lonlat = gpd.GeoSeries([shapes[code] for code in codes], crs=4326)
    grid = lonlat.to_crs(BRITISH_NATIONAL_GRID)
    lines = ",\n".join(
        json.dumps(
            {"type": "Feature", "properties": {"code": code}, "geometry": _whole_metres(shape)},
            separators=(",", ":"),
        )
        for code, shape in zip(codes, grid, strict=True)
    )
    crs = json.dumps(CRS, separators=(",", ":"))
    return f'{{"type":"FeatureCollection","crs":{crs},"features":[\n{lines}\n]}}\n'


def _whole_metres(shape: BaseGeometry) -> dict[str, Any]:
    """The shape's polygons on a grid of whole metres, which keeps them valid."""
    snapped = shapely.set_precision(_areal(shape), 1.0).normalize()
    rings = [
        [_ring(polygon.exterior), *(_ring(hole) for hole in polygon.interiors)]
        for polygon in map(shapely.geometry.polygon.orient, _polygons(snapped))
    ]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}


def _areal(shape: BaseGeometry) -> BaseGeometry:
    """The shape made valid, part by part; what has no surface (a ring fallen flat) is dropped."""
    parts = [part for part in _polygons(shape) if part.convex_hull.area > 0]
    return shapely.union_all([piece for part in parts for piece in _polygons(shapely.make_valid(part))])


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    return [polygon for part in getattr(shape, "geoms", ()) for polygon in _polygons(part)]


def _ring(ring: LinearRing) -> list[list[int]]:
    points = [[round(x), round(y)] for x, y in ring.coords]
    return [point for number, point in enumerate(points) if number == 0 or point != points[number - 1]]
