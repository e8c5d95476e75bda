"""The map of the front page: the districts of a county, those with a page as links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shapely.affinity import affine_transform

from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import County, DistrictPlace, TownPlace
from placebook.figures import labels
from placebook.geography.outlines import outlines, small_outlines
from placebook.markup import Html, join, markup
from placebook.paths import Project
from placebook.report.matrix import FROM_FRONT, PlaceLedger

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WIDE = 400
"""Width of the map in the units of its own drawing: about as broad as a phone, so that its letters stay as they are."""
LETTERS, OWN_LETTERS, DOT = 12.0, 14.0, 7.0
"""Sizes of a name, of the name of a place with a page (which is bold), and of a town's dot, as the style sheet has them."""


def county_map(project: Project, catalogue: Catalogue, county: County, ledgers: Mapping[str, PlaceLedger]) -> Html:
    """The county's districts; those with a page are links, towns are marked where they lie.

    Empty where the county's outlines are not held: the list beside it says the same.
    """
    districts = outlines(project, "districts")
    if not set(county.districts) <= set(districts.index):  # in detail those of one county are held, coarser ones of all
        districts = outlines(project, "england")
    codes = [code for code in county.districts if code in districts.index]
    if not codes:
        return Html()
    shapes = districts.loc[codes].copy()
    left, bottom, right, top = shapes.total_bounds
    scale = WIDE / (right - left)
    shapes.geometry = shapes.geometry.simplify_coverage(0.6 / scale)
    high = round((top - bottom) * scale)
    own = {place.code: slug for slug in ledgers if isinstance(place := catalogue.places[slug], DistrictPlace)}

    def at(x: float, y: float) -> tuple[float, float]:
        return (x - left) * scale, (top - y) * scale

    def path(shape: BaseGeometry) -> str:
        rings = [ring for part in getattr(shape, "geoms", [shape]) for ring in (part.exterior, *part.interiors)]
        return "".join(
            "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in (at(*point[:2]) for point in ring.coords[:-1])) + "z"
            for ring in rings
        )

    drawn = {
        code: affine_transform(shapes.loc[code].geometry, (scale, 0, 0, -scale, -left * scale, top * scale)) for code in codes
    }
    towns = {}
    for slug in ledgers:
        place = catalogue.places[slug]
        if isinstance(place, TownPlace):
            lsoas = list(catalogue.lsoas_of(place))
            town = small_outlines(project, "lsoa21", catalogue.areas, lsoas).loc[lsoas]
            towns[slug] = at(*labels.middle(town.union_all()))
    # Names of places with a page stand where they will, the smaller districts before the larger ones that have more room.
    names = {slug: _name(ledgers[slug].name, (x, y - 2 * DOT), OWN_LETTERS) for slug, (x, y) in towns.items()}
    names |= {
        code: _name(catalogue.areas[code].name, labels.middle(drawn[code]), OWN_LETTERS, drawn[code])
        for code in codes
        if code in own
    }
    names |= {
        code: _name(catalogue.areas[code].name, labels.middle(drawn[code]), LETTERS, drawn[code])
        for code in sorted(codes, key=lambda code: drawn[code].area)
        if code not in own
    }
    dots = [labels.Stands((), x, y, 2 * DOT, 2 * DOT, joined=False) for x, y in towns.values()]
    stands = dict(zip(names, labels.placed(list(names.values()), dots, (0, 0, WIDE, high)), strict=True))
    paths = {code: markup('<path d="{}"/>', path(shapes.loc[code].geometry)) for code in codes}
    by_size = sorted((code for code in codes if code in own), key=lambda code: -drawn[code].area)  # small ones on top
    shown = [paths[code] for code in codes if code not in own]
    shown += [_link(own[code], names[code].text, paths[code]) for code in by_size]
    for slug, (x, y) in towns.items():
        dot = markup('<circle cx="{}" cy="{}" r="{}"/>', f"{x:.0f}", f"{y:.0f}", f"{DOT:.0f}")
        shown.append(_link(slug, names[slug].text, dot))
    leads = own | {slug: slug for slug in towns}
    shown += [_named(leads.get(key, ""), names[key], stands[key]) for key in _clear(stands)]
    return markup(
        '<svg class="pb-map" role="group" aria-label="Map of {}: places with a page are links" '
        'viewBox="-6 -6 {} {}" width="{}" height="{}">{}</svg>',
        county.name,
        WIDE + 12,
        high + 12,
        WIDE + 12,
        high + 12,
        join(shown),
    )


def _name(text: str, point: tuple[float, float], size: float, inside: BaseGeometry | None = None) -> labels.Name:
    broken = tuple((lines, labels.letters_wide(lines, size, bold=size == OWN_LETTERS)) for lines in labels.ways(text))
    return labels.Name(text, *point, size, broken, inside)


def _label(name: labels.Name, stands: labels.Stands) -> Html:
    """A name where it stands, line by line; one that stands aside is joined to its area."""
    high = name.size * labels.LETTER_HIGH
    top = stands.y - stands.high / 2 + high * 0.78
    lines = join(
        markup('<tspan x="{}" y="{}">{}</tspan>', f"{stands.x:.0f}", f"{top + high * at:.0f}", line)
        for at, line in enumerate(stands.lines)
    )
    lead = (
        markup('<line x1="{}" y1="{}" x2="{}" y2="{}"/>', *(f"{end:.0f}" for end in (name.x, name.y, stands.x, stands.y)))
        if stands.joined
        else ""
    )
    return markup("{}<text>{}</text>", lead, lines)


def _clear(stands: Mapping[str, labels.Stands]) -> list[str]:
    """The names that lie on none before them: what lies on another is read by nobody, and its shape and the list have it."""
    clear: list[str] = []
    for key, each in stands.items():
        if not any(each.covers(stands[other]) for other in clear):
            clear.append(key)
    return clear


def _named(slug: str, name: labels.Name, stands: labels.Stands) -> Html:
    """A name, above all shapes so that none lies on it; the link for who cannot see it is the shape."""
    label = _label(name, stands)
    if not slug:
        return label
    return markup('<a href="{}/{}.html" aria-hidden="true" tabindex="-1">{}</a>', FROM_FRONT, slug, label)


def _link(slug: str, name: str, inside: Html) -> Html:
    return markup('<a href="{}/{}.html" aria-label="{}"><title>{}</title>{}</a>', FROM_FRONT, slug, name, name, inside)
