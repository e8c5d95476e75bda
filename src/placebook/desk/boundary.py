"""The LSOAs inside a boundary that an analyst has as GeoJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from placebook.catalogue.characters import hidden
from placebook.desk.choices import Choice
from placebook.desk.selections import town
from placebook.errors import InputError
from placebook.findings.formats import plural
from placebook.geography.areas import Areas
from placebook.geography.outlines import GRID, small_outlines
from placebook.paths import Project, unfit

if TYPE_CHECKING:
    from geopandas import GeoSeries
    from shapely.geometry.base import BaseGeometry

MOST = 20_000_000
"""Bytes of a file."""
DEGREES = "EPSG:4326"
"""What GeoJSON is in that says nothing (RFC 7946)."""
SLIVER = 0.02
"""Share of an LSOA's area by which two drawings of one line may differ: it counts neither as inside nor as outside."""


def inside(project: Project, areas: Areas, name: str, path: Path, crs: str = "", share: float = 0.5) -> Choice:
    """A town of the LSOAs of which at least ``share`` (0 to 1) of the area lies inside the boundary in ``path``.

    ``crs`` is the coordinate system where the file does not say it. Raises InputError for a file that holds no such boundary,
    and where no LSOA is inside.
    """
    if not 0 < share <= 1:
        raise InputError(f"--share: {share:g} is no share of an area; write more than 0 and at most 1, such as 0.5")
    shape, system = boundary(path, crs)
    one_of_each = {district: code for code, district in areas.registry.districts.items() if code.startswith("E01")}
    everywhere = small_outlines(project, "lsoa21", areas, one_of_each.values()).geometry
    smalls = everywhere.iloc[sorted(everywhere.sindex.query(shape, predicate="intersects"))]
    if smalls.empty:
        raise _wrong(
            path,
            "lies outside England",
            f"it was read as {system}: name the right one with --crs, and write longitude before latitude (RFC 7946)",
        )
    shares = smalls.intersection(shape).area / smalls.area
    chosen = [str(code) for code in shares.index[shares >= share]]
    if not chosen:
        most = f"the most is {shares.max():.0%}, of {shares.idxmax()}"
        raise _wrong(
            path, f"holds no LSOA of which {share:.0%} of the area is inside; {most}", "draw it larger, or lower --share"
        )
    partly = shares[(shares > SLIVER) & (shares < 1 - SLIVER)]
    crossed = frozenset(str(code) for code in partly.index)
    counted = sum(code in crossed for code in chosen)
    notes = [
        f"Partly inside: {plural(len(crossed), 'LSOA')}, {counted} counted in and {len(crossed) - counted} left out."
        if crossed
        else "No LSOA lies partly inside."
    ]
    outside = 1 - smalls.intersection(shape).area.sum() / shape.area
    if outside > SLIVER:
        notes.append(f"{outside:.0%} of the boundary's area lies in no LSOA of England.")
    how = f"of which at least {share:.0%} of the area lies in the boundary of {path.name} ({system})"
    found = town(areas, name, chosen, "lsoas", tuple(sorted(chosen)), how)
    return Choice(**{**vars(found), "partly": crossed, "notes": tuple(notes)})


def boundary(path: Path, crs: str = "") -> tuple[BaseGeometry, str]:
    """The boundary of a GeoJSON file in British National Grid, as one shape, and the name of the system it was in.

    Raises InputError for a file that is none, whose polygons are not valid, or whose coordinate system is not to be known.
    """
    content = _content(path)
    shapes = [_polygon(path, number, given) for number, given in enumerate(_geometries(path, content), 1)]
    if not shapes:
        raise _wrong(path, "holds no shape", "draw the boundary as a Polygon or a MultiPolygon")
    stated = _stated(path, content)
    system = crs.strip() or stated or DEGREES
    series = _series(path, shapes, system, "--crs" if crs.strip() else "crs")
    if stated and crs.strip() and _series(path, [], stated, "crs").crs != series.crs:
        raise _wrong(path, f"says that it is in {stated}, and --crs says {crs}", "leave out --crs, or correct the file")
    left, bottom, right, top = series.total_bounds
    if series.crs.is_geographic and (min(left, bottom) < -180 or max(right, top) > 180):
        raise _wrong(
            path,
            f"holds coordinates that are no degrees (up to {max(right, top):,.0f}), and it was read as {system}",
            f"say what they are, of British National Grid: --crs EPSG:{GRID}",
        )
    return series.to_crs(GRID).union_all(), system


def _content(path: Path) -> dict[str, Any]:
    try:
        if problem := unfit(path, MOST):
            raise _wrong(path, problem, "name a GeoJSON file of the boundary alone, with fewer corners")
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _wrong(path, f"cannot be read: {error.strerror}", "check its name and its rights") from None
    except (ValueError, RecursionError):
        raise _wrong(path, "is not GeoJSON", "save the boundary as GeoJSON: in QGIS, Export, Save Features As") from None
    if not isinstance(content, dict) or not isinstance(content.get("type"), str):
        raise _wrong(path, "is JSON, but not GeoJSON: it says no type", "save the boundary as GeoJSON")
    return content


def _geometries(path: Path, content: dict[str, Any]) -> list[Any]:
    """The geometries of a collection, a feature or a geometry."""
    if content["type"] == "FeatureCollection":
        features = content.get("features")
        if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
            raise _wrong(path, "is a FeatureCollection without a list of features", "save it again as GeoJSON")
        return [feature.get("geometry") for feature in features]
    return [content.get("geometry") if content["type"] == "Feature" else content]


def _polygon(path: Path, number: int, given: Any) -> BaseGeometry:
    from shapely import is_valid_reason
    from shapely.geometry import shape

    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        what = f"is a {kind}" if isinstance(kind, str) else "has no geometry"
        raise _wrong(path, f"its shape {number} {what}, not a Polygon or a MultiPolygon", "draw the boundary as an area")
    try:
        polygon = shape(given)
        bounded = polygon.is_empty or all(abs(at) < 1e9 for at in polygon.bounds)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        bounded = False
    if not bounded:
        raise _wrong(path, f"its shape {number} has coordinates that are no numbers", "save it again as GeoJSON")
    if polygon.is_empty:
        raise _wrong(path, f"its shape {number} is empty", "draw the boundary, or delete the empty shape")
    if not polygon.is_valid:
        raise _wrong(
            path, f"its shape {number} is no valid polygon: {is_valid_reason(polygon)}", "mend it: in QGIS, Fix geometries"
        )
    return polygon


def _stated(path: Path, content: dict[str, Any]) -> str:
    """The coordinate system that the file names (GeoJSON of 2008), or ""."""
    if content.get("crs") is None:
        return ""
    about = content["crs"].get("properties") if isinstance(content["crs"], dict) else None
    name = about.get("name") if isinstance(about, dict) else None
    if not isinstance(name, str) or len(name) > 100 or hidden(name):
        raise _wrong(path, "crs: does not name a coordinate system", "remove it, and name the system with --crs")
    return name


def _series(path: Path, shapes: list[BaseGeometry], system: str, field: str) -> GeoSeries:
    import geopandas

    try:
        return geopandas.GeoSeries(shapes, crs=system)
    except RuntimeError:  # pyproj's own errors are some
        such = f"write such as EPSG:{GRID} (British National Grid) or {DEGREES} (degrees)"
        raise _wrong(path, f"{field}: there is no coordinate system {system!r}", such) from None


def _wrong(path: Path, problem: str, remedy: str) -> InputError:
    shown = path.name.encode("unicode_escape").decode() if hidden(path.name) else path.name
    return InputError(f"--boundary {shown}: {problem}\n    → {remedy}")
