"""The small picture of a figure by another way: matplotlib's own SVG, read as XML and put down in fewer words."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from matplotlib.figure import Figure

from placebook.figures.vector import _attributes, _merged

NS = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
HALO = "halo"
"""The beginning of the name of a text that is drawn with a rim in the colour of the ground."""
RIM = 2.4
TOKEN = re.compile(r"[MLCQZz]|-?\d*\.?\d+(?:e-?\d+)?")
TAKES = {"M": 2, "L": 2, "C": 6, "Q": 4, "Z": 0}
KEPT = (
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "opacity",
    "fill-opacity",
    "stroke-opacity",
)
FONT = ("font-size", "font-weight", "text-anchor", "fill")
ROTATED = re.compile(r"rotate\((-?[\d.]+)")
MOVED = re.compile(r"translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)")
PLAIN_SIZE = "9.5px"
"""The size of most letters, and the smallest: what is written in it need not say so."""
LETTERS = "#1a1a1a"
"""The ink of a text that was given none."""

Point = tuple[float, float]
Step = tuple[str, tuple[Point, ...]]


def picture(figure: Figure, alt: str) -> str:
    """As ``vector.picture``. The figure was drawn with text as text."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None}, facecolor="none")
    return slim(stream.getvalue(), alt)


def slim(drawn: str, alt: str) -> str:
    root = etree.fromstring(drawn.encode("utf-8"), etree.XMLParser(resolve_entities=False, no_network=True))
    _, _, width, height = root.get("viewBox", "0 0 1 1").split()
    shapes = {node.get("id"): node for node in root.iter(f"{NS}path") if node.get("id")}
    parts = list(_merged(_drawn(root, shapes, "")))
    # One point of the drawing is a CSS pixel and a third: the size at which the letters are as tall as the page's.
    wide, high = (round(float(length) * 4 / 3) for length in (width, height))
    head = (
        f'<svg class="pb-svg" role="img" aria-label={quoteattr(alt)} width="{wide}" height="{high}" '
        f'viewBox="0 0 {_short(float(width))} {_short(float(height))}" '
        f'font-family="Placebook Sans, sans-serif" font-size="{PLAIN_SIZE}" fill="none" stroke-linejoin="round">'
    )
    return head + "".join(f"<{tag}{_attributes(given)}{inside}" for tag, given, inside in parts) + "</svg>"


# ------------------------------------------------------------------ what is drawn, in order

Part = tuple[str, dict[str, str], str]
"""A tag, its attributes, and how it goes on behind them."""


def _drawn(node: Any, shapes: dict[str, Any], name: str) -> Iterator[Part]:
    for child in node:
        if not isinstance(child.tag, str):
            continue
        tag = child.tag.removeprefix(NS)
        if tag == "g":
            own = child.get("id", "")
            yield from _drawn(child, shapes, own if own.startswith(HALO) else name)
        elif tag == "path":
            if found := _path(child, _steps(child.get("d", ""))):
                yield found
        elif tag == "use":
            yield from _marker(child, shapes[child.get(HREF, "").lstrip("#")])
        elif tag == "text":
            yield from _text(child, name)
        elif tag not in ("defs", "metadata", "clipPath", "style"):
            raise ValueError(f"a figure holds <{tag}>, which this room does not know")


def _style(node: Any, *more: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in (*more, node):
        for rule in each.get("style", "").split(";"):
            key, _, value = rule.partition(":")
            if value:
                found[key.strip()] = value.strip()
    return found


def _look(style: dict[str, str]) -> dict[str, str]:
    """The presentation attributes that say something; what is said already by being left out is left out."""
    kept = {key: style[key] for key in KEPT if key in style}
    if kept.get("fill", "#000000") == "none":
        kept.pop("fill", None)
    elif "fill" not in kept:
        kept["fill"] = "#000000"
    if kept.get("stroke", "none") == "none" or float(kept.get("stroke-width", "1")) == 0:
        for key in [key for key in kept if key.startswith("stroke")]:
            del kept[key]
    for key, plain in (("stroke-linecap", "butt"), ("stroke-dashoffset", "0"), ("stroke-width", "1")):
        if kept.get(key) == plain:
            del kept[key]
    for key in ("stroke-width", "opacity", "fill-opacity", "stroke-opacity"):
        if key in kept:
            kept[key] = _short(float(kept[key]), 2)
    if "stroke-dasharray" in kept:
        kept["stroke-dasharray"] = " ".join(_short(float(part)) for part in kept["stroke-dasharray"].split(","))
    return kept


def _path(node: Any, steps: list[Step]) -> Part | None:
    look = _look(_style(node))
    if not steps or not ("fill" in look or "stroke" in look):
        return None
    return "path", {**look, "d": _written(steps)}, "/>"


def _marker(use: Any, shape: Any) -> Iterator[Part]:
    """A shape put at a place: a circle as a circle, another with its coordinates moved there."""
    look, steps = _look(_style(use, shape)), _steps(shape.get("d", ""))
    x, y = float(use.get("x", 0)), float(use.get("y", 0))
    if len(steps) == 10 and [step for step, _ in steps[1:9]] == ["C"] * 8:
        radius = _short(abs(steps[0][1][0][1]), 2)
        yield "circle", {"cx": _short(x), "cy": _short(y), "r": radius, **look}, "/>"
    elif steps:
        yield "path", {**look, "d": _written(_moved(steps, x, y))}, "/>"


def _text(node: Any, name: str) -> Iterator[Part]:
    said = "".join(node.itertext())
    if not said.strip():
        return
    style = _style(node)
    look = {key: style[key] for key in FONT if key in style}
    look.setdefault("fill", LETTERS)
    # A text of several lines is put at its place by a transform, one of one line by its coordinates.
    moved = MOVED.search(node.get("transform", ""))
    at = moved.groups() if moved else (node.get("x", 0), node.get("y", 0))
    look["x"], look["y"] = (_short(float(length)) for length in at)
    if look.get("font-size") == PLAIN_SIZE:
        del look["font-size"]
    if look.get("text-anchor") == "start":
        del look["text-anchor"]
    turned = ROTATED.search(node.get("transform", ""))
    if turned and float(turned[1]) != 0:
        look["transform"] = f"rotate({_short(float(turned[1]))} {look['x']} {look['y']})"
    inside = f">{escape(said)}</text>"
    if name.startswith(HALO):
        yield "text", {**look, "stroke": "#ffffff", "stroke-width": str(RIM), "stroke-opacity": "0.85"}, inside
    yield "text", look, inside


# ------------------------------------------------------------------ paths


def _steps(path: str) -> list[Step]:
    """A path in absolute commands; matplotlib writes only M, L, C, Q and z."""
    tokens = TOKEN.findall(path)
    steps: list[Step] = []
    at = 0
    while at < len(tokens):
        command = tokens[at].upper()
        count = TAKES[command]
        numbers = [float(token) for token in tokens[at + 1 : at + 1 + count]]
        steps.append((command, tuple(zip(numbers[::2], numbers[1::2], strict=True))))
        at += 1 + count
    return steps


def _moved(steps: list[Step], x: float, y: float) -> list[Step]:
    return [(command, tuple((px + x, py + y) for px, py in points)) for command, points in steps]


def _written(steps: list[Step]) -> str:
    """Relative commands in tenths of a point; steps of no length are left out."""
    out: list[str] = []
    here = start = (0, 0)
    last = ""
    for command, points in steps:
        if command == "Z":
            out.append("z")
            here, last = start, "z"
            continue
        tenths = [(round(px * 10), round(py * 10)) for px, py in points]
        if command == "M":
            out.append(f"M{_tenths(*tenths[0])}")
            here = start = tenths[0]
            last = "M"
            continue
        if command == "L" and tenths[0] == here and last not in ("M", ""):
            continue
        steps_from = [(tx - here[0], ty - here[1]) for tx, ty in tenths]
        if command == "L" and steps_from[0][1] == 0:
            letter, body = "h", _tenth(steps_from[0][0])
        elif command == "L" and steps_from[0][0] == 0:
            letter, body = "v", _tenth(steps_from[0][1])
        else:
            letter = {"L": "l", "C": "c", "Q": "q"}[command]
            body = _joined([_tenths(*pair) for pair in steps_from])
        out.append((letter if letter != last else "" if body[0] == "-" else " ") + body)
        here, last = tenths[-1], letter
    return "".join(out)


def _joined(parts: list[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        text += part if part[0] == "-" else f" {part}"
    return text


def _tenths(x: int, y: int) -> str:
    return _joined([_tenth(x), _tenth(y)])


def _tenth(number: int) -> str:
    sign, whole, rest = "-" if number < 0 else "", *divmod(abs(number), 10)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"


def _short(number: float, decimals: int = 1) -> str:
    return f"{number:.{decimals}f}".rstrip("0").rstrip(".") or "0"
