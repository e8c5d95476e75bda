"""Pictures on paper: how broad each is, which stand side by side, and where their captions stand."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from lxml import etree
from lxml import html as parser
from lxml.html import HtmlElement

from placebook.errors import BuildError

# Small pictures in a row, and how broad each is in millimetres: letters of 9.5 points are six then.
ROW, THIRD = 3, 60
# Millimetres: how broad a large picture is, two side by side.
HALF = 84
# Millimetres between small pictures.
BETWEEN = 3
# Millimetres: rows of small pictures up to this height stay on one page.
TOGETHER = 34
# Millimetres: how broad a letter of a caption is, how high a line, and how much higher than its row it may be.
CAPTION_LETTER, CAPTION_LINE, TALLER = 1.15, 3.05, 9
FLAT = {"fill": "#f4f6f9", "stroke": "#8c96a3", "stroke-width": "1"}
OWN = {"fill": "#a9c3e0", "stroke": "#12436d", "stroke-width": "1.4"}
LETTERS = {"font-family": "Placebook Sans", "font-size": "12px", "text-anchor": "middle", "fill": "#4f4f4f"}
OWN_LETTERS = LETTERS | {"font-weight": "700", "font-size": "14px", "fill": "#1a1a1a"}
# Millimetres for each pixel of the small pictures in tables' rows, and how each of their parts looks.
SMALL = 0.17
WHERE = 26
"""Millimetres of the map in the head of a page."""
PARTS = {
    "range": {"fill": "#e6e6e6"},
    "half": {"fill": "#bfc8d3"},
    "england": {"fill": "none", "stroke": "#1a1a1a", "stroke-width": "1.8"},
    "limits": {"fill": "none", "stroke": "#333333", "stroke-width": "1.8"},
    "own": {"fill": "none", "stroke": "#12436d", "stroke-width": "2"},
    "hollow": {"fill": "#ffffff", "stroke": "#333333", "stroke-width": "2.2"},
    "m-beside": {"fill": "#ffffff", "stroke": "#333333", "stroke-width": "1.4"},
    "m-better": {"fill": "#12436d"},
    "m-worse": {"fill": "#a33d06"},
}
DASHED = {"stroke-width": "1.3", "stroke-dasharray": "4 3"}


def set_out(body: HtmlElement) -> None:
    """Every picture of a page made ready: small ones in rows, large ones in columns, maps without their style sheet.

    Raises BuildError for a picture without words.
    """
    for drawn in body.cssselect("svg[aria-hidden]"):
        _behind(drawn)
    for figure in body.cssselect("figure"):
        _figure(figure)
    _columns(body)
    for drawn in body.cssselect("svg.pb-map"):
        _map(drawn)
    for drawn in body.cssselect("svg.pb-places"):
        _name(drawn, drawn.get("aria-label", ""))
        high = HALF * float(drawn.get("height")) / float(drawn.get("width"))
        drawn.attrib.update({"width": f"{HALF}mm", "height": f"{high:.2f}mm"})
    for drawn in body.cssselect("svg.pb-where"):
        _name(drawn, drawn.get("aria-label", ""))
        tall = WHERE * float(drawn.get("height")) / float(drawn.get("width"))
        drawn.attrib.update({"width": f"{WHERE}mm", "height": f"{tall:.2f}mm"})


def _behind(drawn: HtmlElement) -> None:
    """A small picture that repeats the words beside it becomes a background: as an element it would be tagged as a figure."""
    for part in drawn.iter("path", "circle", "rect", "g"):
        name = part.get("class", "m-none" if part.tag == "g" and part.get("transform") is None else "")
        part.attrib.update(PARTS.get(name, {"fill": "#333333"} if name.startswith("m-") else {}))
        if name == "england" and drawn.get("class") == "pb-line":
            part.attrib.update(DASHED)
        if name == "own" and part.tag == "circle":
            part.set("fill", "#12436d")
    box = drawn.attrib.pop("viewbox", None) or drawn.attrib.pop("viewBox")
    drawn.attrib.update({"xmlns": "http://www.w3.org/2000/svg", "viewBox": box})
    picture = b64encode(etree.tostring(drawn, with_tail=False)).decode("ascii")
    across, high = (SMALL * float(drawn.get(name)) for name in ("width", "height"))
    look = (
        f"width:{across:.2f}mm;height:{high:.2f}mm;background:url(data:image/svg+xml;base64,{picture}) 0 0/100% 100% no-repeat"
    )
    span = parser.Element("span", {"class": f"drawn {drawn.get('class')}", "style": look})
    span.tail = drawn.tail
    drawn.getparent().replace(drawn, span)


def _figure(figure: HtmlElement) -> None:
    """Each picture's words where WeasyPrint looks for them; small pictures in rows, large ones half as broad as the text."""
    (drawn,) = figure.cssselect(".pb-drawn")
    pictures = drawn.cssselect("svg")
    small = "pb-grid" in drawn.get("class", "")
    for picture in pictures:
        if not picture.get("aria-label", "").strip():
            raise BuildError(f"a picture of the figure {figure.get('id')} has no words; give it an alternative text")
        _name(picture, picture.get("aria-label"))
        # As attributes: a style would not reach an inline SVG.
        across = THIRD if small else HALF
        picture.set("height", f"{across * float(picture.get('height')) / float(picture.get('width')):.2f}mm")
        picture.set("width", f"{across}mm")
    if small:
        _rows(figure, drawn, pictures)
    else:
        figure.set("class", "wide")


def _rows(figure: HtmlElement, drawn: HtmlElement, pictures: Sequence[HtmlElement]) -> None:
    """Small pictures three in a row; where the last row has room for the caption, it stands there."""
    high = last = 0.0
    for at in range(0, len(pictures), ROW):
        row = parser.Element("div", {"class": "row"})
        drawn.append(row)
        row.extend(pictures[at : at + ROW])
        last = max(float(picture.get("height").removesuffix("mm")) for picture in row)
        high += last
    if free := -len(pictures) % ROW:
        across = free * THIRD + (free - 1) * BETWEEN
        for caption in figure.cssselect("figcaption"):
            lines = -(-len(caption.text_content()) * CAPTION_LETTER // across)
            if lines * CAPTION_LINE <= last + TALLER:
                caption.set("style", f"width: {across}mm")
                row.append(caption)
    figure.set("class", "small whole" if high <= TOGETHER else "small")


def _columns(body: HtmlElement) -> None:
    """Large pictures that follow one another go in two columns; one alone has its caption beside it."""
    for figure in body.cssselect("figure.wide"):
        before = figure.getprevious()
        if before is not None and before.get("class") == "columns":
            before.append(figure)
        elif (after := figure.getnext()) is not None and after.tag == "figure" and after.get("class") == "wide":
            columns = parser.Element("div", {"class": "columns"})
            figure.addprevious(columns)
            columns.append(figure)
        else:
            figure.set("class", "wide beside")


def _name(picture: HtmlElement, alt: str) -> None:
    title = parser.Element("title")
    title.text = alt
    picture.insert(0, title)
    for name in ("role", "aria-label", "tabindex"):
        picture.attrib.pop(name, None)


def _map(drawn: HtmlElement) -> None:
    """The front page's map in attributes of its own: WeasyPrint takes a page's style sheet for no inline SVG."""
    _name(drawn, drawn.get("aria-label", "").partition(":")[0])
    for shape in drawn.cssselect("path, circle"):
        shape.attrib.update(OWN if shape.getparent().tag == "a" else FLAT)
    for lead in drawn.cssselect("line"):
        lead.attrib.update({"stroke": LETTERS["fill"], "stroke-width": "1"})
    for words in drawn.cssselect("text"):
        words.attrib.update(OWN_LETTERS if words.getparent().tag == "a" else LETTERS)
    for link in drawn.cssselect("a"):
        link.tag = "g"
        link.attrib.clear()
