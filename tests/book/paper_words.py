"""Where the words of a PDF's page stand, and what the frames around them leave of each."""

import re
from decimal import Decimal
from typing import NamedTuple

import pikepdf

from tests.book.ink import START, times

WIDEST = (-1e9, -1e9, 1e9, 1e9)
RISES, SINKS = 0.74, 0.21
"""How far letters reach above and below their line, in ems."""


class Word(NamedTuple):
    """One string as it is written, its letters' box and that of the frame it is seen through, in points from the foot."""

    text: str
    box: tuple[float, float, float, float]
    frame: tuple[float, float, float, float]

    @property
    def cut(self):
        """Points that lie outside the frame."""
        (left, foot, right, top), (x0, y0, x1, y1) = self.box, self.frame
        return max(x0 - left, y0 - foot, right - x1, top - y1, 0.0)


class Font:
    """Widths and letters of a font of two-byte codes, as WeasyPrint writes them."""

    def __init__(self, font):
        inner = font.DescendantFonts[0]
        self.usual = float(inner.get("/DW", 1000))
        self.widths = {}
        given = list(inner.get("/W", []))
        while given:
            first, following, *given = given
            if isinstance(following, pikepdf.Array):
                self.widths |= {int(first) + at: float(wide) for at, wide in enumerate(following)}
            else:
                wide, *given = given
                self.widths |= dict.fromkeys(range(int(first), int(following) + 1), float(wide))
        self.letters = {}
        cmap = font.ToUnicode.read_bytes().decode("ascii", "replace") if "/ToUnicode" in font else ""
        for part in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
            for code, letters in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", part):
                self.letters[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be", "replace")

    def codes(self, string):
        found = bytes(string)
        return [int.from_bytes(found[at : at + 2], "big") for at in range(0, len(found), 2)]


def corners(box, matrix):
    x0, y0, x1, y1 = box
    points = [times((1, 0, 0, 1, x, y), matrix)[4:] for x in (x0, x1) for y in (y0, y1)]
    across, up = zip(*points, strict=True)
    return min(across), min(up), max(across), max(up)


def common(one, other):
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def words(page):
    """Every string of a page."""
    known = {}
    return list(_words(page, page.get("/Resources"), START, WIDEST, known))


def _words(holder, resources, matrix, frame, known):
    kept, path, clips, text, font, size = [], [], False, START, None, 1.0
    for operands, operator in pikepdf.parse_content_stream(holder):
        name = str(operator)
        given = [float(each) if isinstance(each, int | float | Decimal) else each for each in operands]
        if name == "q":
            kept.append((matrix, frame, font, size))
        elif name == "Q":
            matrix, frame, font, size = kept.pop()
        elif name == "cm":
            matrix = times(tuple(given), matrix)
        elif name in ("m", "l"):
            path.append((*given, *given))
        elif name == "c":
            path.append((*given[4:], *given[4:]))
        elif name == "re":
            x, y, wide, high = given
            path.append((x, y, x + wide, y + high))
        elif name in ("W", "W*"):
            clips = True
        elif name in ("n", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*"):
            if clips and path:
                x0, y0, x1, y1 = zip(*path, strict=True)
                frame = common(frame, corners((min(x0), min(y0), max(x1), max(y1)), matrix))
            path, clips = [], False
        elif name == "BT":
            text = START
        elif name == "Tm":
            text = tuple(given)
        elif name in ("Td", "TD"):
            text = times((1, 0, 0, 1, given[0], given[1]), text)
        elif name == "Tf":
            key = str(operands[0])
            font, size = known.setdefault(key, Font(resources.Font[key])), given[1]
        elif name in ("Tj", "TJ"):
            wide, letters = 0.0, ""
            for part in operands[0] if name == "TJ" else operands:
                if isinstance(part, pikepdf.String):
                    codes = font.codes(part)
                    wide += sum(font.widths.get(code, font.usual) for code in codes)
                    letters += "".join(font.letters.get(code, "�") for code in codes)
                else:
                    wide -= float(part)
            there = times(text, matrix)
            box = corners((0, -SINKS * size, wide * size / 1000, RISES * size), there)
            yield Word(letters, box, frame)
            text = times((1, 0, 0, 1, wide * size / 1000, 0), text)
        elif name == "Do":
            part = resources.XObject[str(operands[0])]
            if part.get("/Subtype") == "/Form":
                inner = times(tuple(map(float, part.get("/Matrix", START))), matrix)
                seen = common(frame, corners(tuple(map(float, part.BBox)), inner)) if "/BBox" in part else frame
                yield from _words(part, part.get("/Resources", resources), inner, seen, known)
