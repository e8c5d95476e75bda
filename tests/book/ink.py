"""How far down a page of a PDF goes: the lowest point at which anything is painted between its margins."""

from decimal import Decimal

import pikepdf

MM = 72 / 25.4
TOP, BOTTOM = 14.5, 12.5
"""Millimetres: the margins of the book's pages, where running heads and page numbers stand."""
START = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
PAINT = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s"}


def times(one, other):
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def heights(holder, resources, matrix=START):
    """The height above the page's foot of everything that is written or painted, in points."""
    kept, path, text = [], [], START
    lead = 0.0
    for operands, operator in pikepdf.parse_content_stream(holder):
        name = str(operator)
        given = [float(each) if isinstance(each, int | float | Decimal) else each for each in operands]
        if name == "q":
            kept.append(matrix)
        elif name == "Q":
            matrix = kept.pop()
        elif name == "cm":
            matrix = times(tuple(given), matrix)
        elif name in ("m", "l"):
            path.append(tuple(given))
        elif name == "c":
            path += [(given[0], given[1]), (given[2], given[3]), (given[4], given[5])]
        elif name == "re":
            x, y, wide, high = given
            path += [(x, y), (x + wide, y + high), (x, y + high), (x + wide, y)]
        elif name in PAINT or name == "n":
            if name != "n":
                yield from (x * matrix[1] + y * matrix[3] + matrix[5] for x, y in path)
            path = []
        elif name == "BT":
            text = START
        elif name == "Tm":
            text = tuple(given)
        elif name in ("Td", "TD"):
            text = times((1, 0, 0, 1, given[0], given[1]), text)
        elif name == "TL":
            lead = given[0]
        elif name == "T*":
            text = times((1, 0, 0, 1, 0, -lead), text)
        elif name in ("Tj", "TJ"):
            yield times(text, matrix)[5]
        elif name == "Do":
            part = resources.XObject[str(operands[0])]
            if part.Subtype == "/Form":
                inner = times(tuple(map(float, part.get("/Matrix", START))), matrix)
                yield from heights(part, part.get("/Resources", resources), inner)
            else:
                yield from (y * matrix[3] + matrix[5] for y in (0, 1))


def empty(page):
    """The part of a page between its margins that stays empty below the last thing on it; 1 of an empty page."""
    tall = float(page.MediaBox[3])
    low, high = BOTTOM * MM, tall - TOP * MM
    inside = [y for y in heights(page, page.get("/Resources")) if low <= y <= high]
    return (min(inside) - low) / (high - low) if inside else 1.0
