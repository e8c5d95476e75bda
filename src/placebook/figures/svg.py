"""A drawn figure as a small SVG that stands inside a page.

Matplotlib writes it; one pass over its elements keeps paths and texts, with colours as presentation attributes (so that a
style sheet can turn them for a dark ground) and without ids that two pictures of a page could share. What is clipped must
lie inside the picture as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from textwrap import wrap

from lxml import etree
from matplotlib.figure import Figure

from placebook.figures.labels import letters_wide
from placebook.figures.style import INK, LEAST, figure_style
from placebook.markup import Html, attribute, join, markup

HALO = "halo"
"""The gid of a text that has a rim in the colour of the ground."""
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
SIZE = re.compile(r"([\d.]+)px")
POINTS = 4 / 3
"""CSS pixels in a point: at that size the letters are as tall as the page's."""


@dataclass(frozen=True)
class Drawn:
    """One picture of a figure and what it shows in words."""

    figure: Figure
    alt: str


def svg(drawn: Drawn) -> Html:
    """The picture as one ``<svg>`` element without an empty line, its words as accessible name.

    Raises ValueError for an image, which would be no drawing.
    """
    file = BytesIO()
    with figure_style():
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        drawn.figure.savefig(file, format="svg", metadata=nothing)
    root = etree.fromstring(file.getvalue(), etree.XMLParser(resolve_entities=False, no_network=True))
    wide, high = (float(length) for length in root.get("viewBox").split()[2:])
    shapes = {shape.get("id"): shape for shape in root.iter(f"{SVG}path") if shape.get("id")}
    return markup(
        '<svg class="pb-svg" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}" '
        'font-family="Placebook Sans, sans-serif" font-size="{}px" stroke-linejoin="round">{}</svg>',
        drawn.alt,
        round(wide * POINTS),
        round(high * POINTS),
        *(f"{length:.10g}" for length in (wide, high)),
        LEAST,
        join(_joined(_parts(root, shapes, halo=False))),
    )


MARGIN, LINE, BROAD = 12, 20, 84
"""CSS pixels around a picture that is taken along, from one line of its words to the next; letters in a line."""


def standing_alone(title: str, pictures: Sequence[Html], source: str) -> bytes:
    """Pictures of one figure one below the other as a file, with title and source in it."""
    drawn = [etree.fromstring(picture, etree.XMLParser(resolve_entities=False, no_network=True)) for picture in pictures]
    wide = max(int(picture.get("width")) for picture in drawn) + 2 * MARGIN
    letters = max(BROAD * wide // 660, 20)
    y, parts = float(MARGIN), []
    for line in wrap(title, letters):
        y += LINE
        parts.append(markup('<text x="{}" y="{}" font-size="15px" font-weight="700" fill="#1a1a1a">{}</text>', MARGIN, y, line))
    for picture in drawn:
        parts.append(markup('<g transform="translate({} {}) scale(1.3333)">{}</g>', MARGIN, y + MARGIN, _inside(picture)))
        y += MARGIN + int(picture.get("height"))
    for line in wrap(source, letters * 6 // 5):
        y += LINE * 0.8
        parts.append(markup('<text x="{}" y="{}" font-size="12px" fill="#595959">{}</text>', MARGIN, y, line))
    whole = markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{0}" width="{1}" height="{2}" viewBox="0 0 {1} {2}" '
        'font-family="Placebook Sans, Source Sans 3, Arial, sans-serif" font-size="{3}px" stroke-linejoin="round">'
        '<rect width="{1}" height="{2}" fill="#ffffff"/>{4}</svg>',
        title,
        wide,
        round(y + MARGIN),
        LEAST,
        join(parts),
    )
    return whole.encode("utf-8")


def _inside(picture: etree._Element) -> Html:
    return Html("".join(etree.tostring(part, encoding="unicode") for part in picture))  # what svg() has made above


Path = tuple[dict[str, str], str]
"""How a path looks, and its steps."""


def _parts(element: etree._Element, shapes: dict[str, etree._Element], halo: bool) -> Iterator[Path | Html]:
    for child in element.iterchildren(etree.Element):
        kind = child.tag.removeprefix(SVG)
        if kind == "g":
            yield from _parts(child, shapes, halo or (child.get("id") or "").startswith(HALO))
        elif kind == "path":
            yield from _path(child.get("d"), child)
        elif kind == "use":
            shift = (float(child.get("x", 0)), float(child.get("y", 0)))
            yield from _path(shapes[child.get(LINK)[1:]].get("d"), child, shift)
        elif kind == "text":
            yield _text(child, halo)
        elif kind == "image":
            raise ValueError("a figure holds an image, which cannot stand in a page as a drawing")


def _style(element: etree._Element) -> dict[str, str]:
    pairs = (given.partition(":") for given in (element.get("style") or "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _path(steps: str, element: etree._Element, shift: tuple[float, float] = (0.0, 0.0)) -> Iterator[Path]:
    look = _style(element)
    if "fill" not in look:  # SVG's own default, which the picture's would not be
        look["fill"] = "#000000"
    if look.get("stroke", "none") == "none" and look["fill"] == "none":
        return  # the empty ground of a figure
    at = iter(range(steps.count(" ") + 1))
    moved = NUMBER.sub(lambda found: _short(float(found.group()) + shift[next(at) % 2]), steps)
    yield look, " ".join(moved.split())


def _joined(parts: Iterator[Path | Html]) -> Iterator[Html]:
    """Paths of one look that follow one another become one: grid lines, areas of one class."""
    look: dict[str, str] = {}
    steps: list[str] = []
    for part in parts:
        same = isinstance(part, tuple) and part[0] == look and not any("opacity" in name for name in look)
        if steps and not same:
            yield _element(look, steps)
            steps = []
        if isinstance(part, tuple):
            look = part[0]
            steps.append(part[1])
        else:
            yield part
    if steps:
        yield _element(look, steps)


def _element(look: dict[str, str], steps: list[str]) -> Html:
    width = look.get("stroke-width", "1") if look.get("stroke", "none") != "none" else ""
    return markup(
        "<path{}{}{}{}{}{}{}{}{}/>",
        attribute("fill", look["fill"]),
        attribute("stroke", look.get("stroke", "").replace("none", "")),
        attribute("stroke-width", "" if width == "1" else width),
        attribute("stroke-dasharray", look.get("stroke-dasharray", "").replace("none", "") if width else ""),
        attribute("stroke-linecap", look.get("stroke-linecap", "") if width else ""),
        attribute("opacity", look.get("opacity", "")),
        attribute("fill-opacity", look.get("fill-opacity", "")),
        attribute("stroke-opacity", look.get("stroke-opacity", "")),
        attribute("d", "".join(steps)),
    )


def _text(element: etree._Element, halo: bool) -> Html:
    look = _style(element)
    font = look.get("font") or look.get("font-size", "")
    found = SIZE.search(font)
    size = found.group(1) if found else str(LEAST)
    bold = font.startswith(("700", "bold"))
    turned = re.search(r"rotate\(([-\d.]+)", element.get("transform", ""))
    moved = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", element.get("transform", ""))
    x, y = (_short(float(number)) for number in (moved.groups() if moved else (element.get("x"), element.get("y"))))
    angle = float(turned.group(1)) if turned else 0.0
    given = (
        attribute("x", x),
        attribute("y", y),
        attribute("text-anchor", look.get("text-anchor", "").replace("start", "")),
        attribute("font-size", "" if float(size) == LEAST else f"{size}px"),
        attribute("font-weight", "700" if bold else ""),
        attribute("transform", f"rotate({_short(angle)} {x} {y})" if angle else ""),
        # Who reads with wider letters (WCAG 1.4.12) keeps the words inside the picture, where lines and bars are.
        attribute("textLength", _short(letters_wide((element.text or "",), float(size), bold))),
    )
    rim = markup(
        '<text{}{}{}{}{}{}{} fill="#ffffff" stroke="#ffffff" stroke-width="2.4" stroke-opacity="0.85">{}</text>',
        *given,
        element.text,
    )
    words = markup("<text{}{}{}{}{}{}{}{}>{}</text>", *given, attribute("fill", look.get("fill", INK)), element.text)
    return rim + words if halo else words


def _short(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".") if abs(number) >= 0.05 else "0"
