"""Why a table has no figure for an area: three different things, with three different words.

*Not published*: the publisher gives none for such areas, or none for this one. *Not held*: the publisher may well give one,
and this book's table stops short of it. *Gone*: published for areas that no longer exist, of which today's was made. Beside
these, *left out*: those who wrote the page want none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Literal

from placebook.geography.areas import Areas

Lack = Literal["not_published", "not_held", "gone", "left_out"]
WIDELY = 0.5
"""Of the areas of a kind a table that holds fewer than this, and not none, stops somewhere that no publisher would stop."""


def lack(areas_held: Collection[str], code: str, areas: Areas) -> Lack:
    """Why the area ``code`` is not among the areas that a table holds (``areas_held``).

    Computed from the table: one that holds some areas of a kind (unitary authorities, districts, counties, LSOAs, …) but not
    half of them is part of what is published, and says nothing of the others; one that holds none, or nearly all, of them is
    as the publisher gives it.
    """
    level = areas[code].level
    if level == "district" and not _partial(areas_held, level, areas) and former(code, areas):
        return "gone"
    return "not_held" if _partial(areas_held, level, areas) else "not_published"


def former(code: str, areas: Areas) -> tuple[str, ...]:
    """Names of the districts that were merged or split into this one, as the publisher's list of changes has them."""
    names = [
        old.name
        for old in areas.superseded.values()
        if code in old.successors and old.kind != "recode" and old.level == "district"
    ]
    return tuple(sorted(names))


def _partial(areas_held: Collection[str], level: str, areas: Areas) -> bool:
    there = Counter(code[:3] for code in areas_held if code in areas and areas[code].level == level)
    if level in ("lsoa", "msoa"):
        return bool(there)
    all_of = Counter(area.code[:3] for area in areas.of_level(level) if area.code.startswith("E"))
    return any(0 < there[kind] < WIDELY * count for kind, count in all_of.items())
