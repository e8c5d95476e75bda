"""The map of the front page: the districts of a county, those with a page as links."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from shapely.affinity import affine_transform

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import County, TownPlace
from placebook.figures import labels, letters
from placebook.geography.outlines import outlines
from placebook.paths import Project
from placebook.report.front import FROM_FRONT
from placebook.report.matrix import PlaceLedger

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WIDE = 400
"""Width of the map in the units of its own drawing: about as broad as a phone, so that its letters stay as they are."""
LETTERS, OWN_LETTERS, DOT = 12.0, 14.0, 7.0
"""Sizes of a name, of the name of a place with a page (which is bold), and of a town's dot, as the style sheet has them."""


def county_map(project: Project, catalogue: Catalogue, county: County, ledgers: Mapping[str, PlaceLedger]) -> str:
    """The county's districts; those with a page are links, towns are marked where they lie.

    Empty where the county's outlines are not held: the list beside it says the same.
    """
    held = outlines(project, "districts")
    codes = [code for code in county.districts if code in held.index]
    if not codes:
        return ""
    shapes = held.loc[codes].copy()
    left, bottom, right, top = shapes.total_bounds
    scale = WIDE / (right - left)
    shapes.geometry = shapes.geometry.simplify_coverage(0.6 / scale)
    high = round((top - bottom) * scale)
    own = {catalogue.places[slug].code: slug for slug in ledgers if not isinstance(catalogue.places[slug], TownPlace)}

    def at(x: float, y: float) -> tuple[float, float]:
        return (x - left) * scale, (top - y) * scale

    def path(shape: BaseGeometry) -> str:
        rings = [part.exterior for part in getattr(shape, "geoms", [shape])]
        return "".join(
            "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in (at(*point[:2]) for point in ring.coords[:-1])) + "z" for ring in rings
        )

    drawn = {code: affine_transform(shapes.loc[code].geometry, (scale, 0, 0, -scale, -left * scale, top * scale)) for code in codes}
    towns = {}
    for slug in ledgers:
        place = catalogue.places[slug]
        if isinstance(place, TownPlace):
            towns[slug] = at(*labels.middle(outlines(project, "lsoa21").loc[list(place.lsoas)].union_all()))
    # Names of places with a page stand where they will, the smaller districts before the larger ones that have more room.
    names = {slug: _name(ledgers[slug].name, (x, y - 2 * DOT), OWN_LETTERS) for slug, (x, y) in towns.items()}
    names |= {code: _name(catalogue.areas[code].name, labels.middle(drawn[code]), OWN_LETTERS, drawn[code]) for code in codes if code in own}
    names |= {code: _name(catalogue.areas[code].name, labels.middle(drawn[code]), LETTERS, drawn[code])
              for code in sorted(codes, key=lambda code: drawn[code].area) if code not in own}  # fmt: skip
    dots = [labels.Stands((), x, y, 2 * DOT, 2 * DOT, joined=False) for x, y in towns.values()]
    stands = dict(zip(names, labels.placed(list(names.values()), dots, (0, 0, WIDE, high)), strict=True))
    written = {key: _label(names[key], stands[key]) for key in names}
    plain = [f'<path d="{path(shapes.loc[code].geometry)}"/>' for code in codes if code not in own]
    plain += [written[code] for code in codes if code not in own]
    links = [_link(own[code], names[code].text, f'<path d="{path(shapes.loc[code].geometry)}"/>{written[code]}') for code in codes if code in own]
    links += [_link(slug, names[slug].text, f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{DOT:.0f}"/>{written[slug]}') for slug, (x, y) in towns.items()]
    return (
        f'<svg class="pb-map" role="group" aria-label="Map of {escape(county.name, True)}: places with a page are links" '
        f'viewBox="-6 -6 {WIDE + 12} {high + 12}" width="{WIDE + 12}" height="{high + 12}">{"".join(plain + links)}</svg>'
    )


def _name(text: str, point: tuple[float, float], size: float, inside: BaseGeometry | None = None) -> labels.Name:
    broken = tuple(
        (lines, 72 * letters.inches("\n".join(lines), size, bold=size == OWN_LETTERS)) for lines in labels.ways(text)
    )
    return labels.Name(text, *point, size, broken, inside)


def _label(name: labels.Name, stands: labels.Stands) -> str:
    """A name where it stands, line by line; one that stands aside is joined to its area."""
    high = name.size * labels.LETTER_HIGH
    top = stands.y - stands.high / 2 + high * 0.78
    lines = "".join(
        f'<tspan x="{stands.x:.0f}" y="{top + high * at:.0f}">{escape(line)}</tspan>' for at, line in enumerate(stands.lines)
    )
    lead = f'<line x1="{name.x:.0f}" y1="{name.y:.0f}" x2="{stands.x:.0f}" y2="{stands.y:.0f}"/>' if stands.joined else ""
    return f"{lead}<text>{lines}</text>"


def _link(slug: str, name: str, inside: str) -> str:
    return f'<a href="{FROM_FRONT}/{escape(slug, True)}.html" aria-label="{escape(name, True)}">{inside}</a>'
