"""The logo of a new book that brings none: the shape of what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from placebook.geography.areas import Areas
from placebook.geography.outlines import outlines
from placebook.markup import join, markup
from placebook.paths import Project

SIZE = 96.0
"""Width and height of the drawing in its own units."""
LEAST = 0.002
"""Of the whole area: smaller parts, such as islets, are left out."""


def drawn_logo(project: Project, areas: Areas, districts: Sequence[str], colour: str) -> tuple[str, bytes]:
    """Name and content of an SVG of the districts' outlines in one colour, fine lines between them."""
    shapes = outlines(project, "england").loc[list(districts)].geometry
    left, bottom, right, top = shapes.total_bounds
    scale = SIZE / max(right - left, top - bottom)
    wide, high = (right - left) * scale, (top - bottom) * scale
    paths = []
    for shape in shapes.simplify(0.5 / scale):
        parts = [part for part in getattr(shape, "geoms", [shape]) if part.area >= LEAST * shapes.area.sum()]
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        points = (" ".join(f"{(x - left) * scale:.1f} {(top - y) * scale:.1f}" for x, y in ring.coords[:-1]) for ring in rings)
        paths.append(markup('<path d="{}"/>', join(markup("M{}z", each) for each in points)))
    picture = markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" fill="{2}" stroke="#ffffff" '
        'stroke-width="1" stroke-linejoin="round">{3}</svg>\n',
        round(wide),
        round(high),
        colour,
        join(paths),
    )
    return "logo.svg", picture.encode("utf-8")
