"""Where a place lies, as a small inline picture: the areas around it in grey, the place in the accent colour."""

from __future__ import annotations

from collections.abc import Iterable

from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from placebook.markup import Html, join, markup

WIDE = 360
SPECK = 0.002
"""A place of a smaller share of the area around it is marked with a ring."""
FINE = 0.8
"""Nothing smaller than this is drawn, in units of the picture."""


def locator(shapes: GeoDataFrame, chosen: GeoDataFrame, words: str) -> Html:
    """An SVG of both, ``words`` its name for those who do not see it."""
    left, bottom, right, top = shapes.total_bounds
    scale = WIDE / (right - left)

    def path(geometry: BaseGeometry) -> str:
        return "".join(_ring(ring, left, top, scale) for ring in _rings(geometry.simplify(FINE / scale)))

    parts = [
        markup('<path class="pb-land" fill="#d5d9e0" stroke="#ffffff" d="{}"/>', drawn)
        for shape in shapes.geometry
        if (drawn := path(shape))
    ]
    own = chosen.union_all()
    if own.area < SPECK * shapes.area.sum():
        middle = own.representative_point()
        x, y = round((middle.x - left) * scale, 1), round((top - middle.y) * scale, 1)
        parts.append(markup('<circle class="pb-here" fill="#12436d" cx="{}" cy="{}" r="9"/>', x, y))
    else:
        parts.append(markup('<path class="pb-here" fill="#12436d" d="{}"/>', path(own)))
    tall = round((top - bottom) * scale, 1)
    return markup(
        '<svg class="pb-where" role="img" aria-label="{2}" viewBox="0 0 {0} {1}" width="{0}" height="{1}">{3}</svg>',
        WIDE,
        tall,
        words,
        join(parts),
    )


def _rings(geometry: BaseGeometry) -> Iterable[list[tuple[float, float]]]:
    for part in getattr(geometry, "geoms", [geometry]):
        if not part.is_empty:
            yield [(x, y) for x, y, *_ in part.exterior.coords]


def _ring(ring: list[tuple[float, float]], left: float, top: float, scale: float) -> str:
    points = [f"{(x - left) * scale:.1f} {(top - y) * scale:.1f}" for x, y in ring[:-1]]
    return f"M{'L'.join(points)}Z" if len(points) > 2 else ""
