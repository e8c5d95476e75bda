"""Where the texts of a picture stand, and which are cut off or printed over one another."""

from itertools import combinations
from typing import NamedTuple

from bs4 import BeautifulSoup

from placebook.figures.labels import letters_wide

RISES, SINKS = 0.76, 0.22
"""How far letters reach above and below their line, in ems."""
DOUBT = 0.5
"""Points: what letters may differ from one program to another."""


class Text(NamedTuple):
    """A line of letters and its box in the picture's own points, counted from its upper left corner."""

    said: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other):
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > DOUBT and along > DOUBT


def texts(picture):
    """Every level text of an ``<svg>``, once: a rim is a second one below it."""
    found = []
    for text in picture.select("text:not([transform])"):
        size = float((text.get("font-size") or picture["font-size"]).removesuffix("px"))
        long = letters_wide([text.get_text()], size, text.get("font-weight") in ("700", "bold"))
        left = float(text["x"]) - {"end": long, "middle": long / 2}.get(text.get("text-anchor"), 0)
        line = float(text["y"])
        found.append(Text(text.get_text(), left, line - RISES * size, left + long, line + SINKS * size))
    return list(dict.fromkeys(found))


def faults(drawn):
    """What of a picture nobody can read: texts that leave it, pairs that lie on each other."""
    picture = BeautifulSoup(drawn, "lxml").svg
    wide, high = map(float, picture["viewbox"].split()[2:])
    found = texts(picture)
    assert found, "a picture without a letter"
    cut = [
        text.said
        for text in found
        if min(text.left, text.top) < -DOUBT or text.right > wide + DOUBT or text.bottom > high + DOUBT
    ]
    return cut, [(one.said, other.said) for one, other in combinations(found, 2) if one.covers(other)]
