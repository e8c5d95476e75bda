"""Pictures that need not be drawn again: kept by the hash of what they are drawn from, a file for each place.

Drawing is half of the work on a page, and a changed word changes no picture.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from placebook.content_cache import Case
from placebook.figures import style
from placebook.figures.style import Drawn, Sketch
from placebook.markup import Html

LIBRARIES = ("matplotlib", "seaborn", "afcharts", "geopandas", "shapely", "mapclassify", "numpy", "pandas")


class Drawings:
    """The kept pictures of one place. ``path`` may be deleted at any time; without it nothing is kept, nor unless closed."""

    def __init__(self, path: Path | None = None):
        self._case = Case(path, _maker())
        self.close = self._case.close

    def svg(self, drawn: Drawn) -> Html:
        """As ``style.svg``, from what is kept where the same was drawn before."""
        if not isinstance(drawn.figure, Sketch):
            return style.svg(drawn)
        sketch = drawn.figure
        given = [sketch.draw.__module__, sketch.draw.__qualname__, written(sketch.given), drawn.alt]
        return Html(self._case.make(given, lambda: style.svg(drawn).encode("utf-8")).decode("utf-8"))


@cache
def _maker() -> list[str]:
    """All that draws, as this process has it: read once, also for the pages that are forks of it."""
    return [*_rooms(), sys.version, *map(version, LIBRARIES)]


def written(thing: Any) -> Any:
    """What a picture is given in a form that JSON can write, with every difference that could be drawn.

    Raises TypeError for a kind of thing that it does not know, so that none is passed over.
    """
    if thing is None or isinstance(thing, str | bool | int):
        return thing
    if isinstance(thing, float):
        return ["float", float(thing).hex()]
    if isinstance(thing, Mapping):
        return ["mapping", [[written(key), written(value)] for key, value in thing.items()]]
    if isinstance(thing, list | tuple):
        return [type(thing).__name__, [written(each) for each in thing]]
    if is_dataclass(thing):
        return [type(thing).__qualname__, [written(getattr(thing, field.name)) for field in fields(thing)]]
    if hasattr(thing, "geometry") and hasattr(thing, "columns"):
        return ["outlines", *_outlines(thing)]
    raise TypeError(f"a picture is given a {type(thing).__name__}, which cannot be told apart from another")


def _outlines(shapes: Any) -> list[Any]:
    """Codes, columns and a hash of all corners of a GeoDataFrame."""
    corners = hashlib.sha256()
    for shape in shapes.geometry.to_wkb():
        corners.update(len(shape).to_bytes(8, "big") + shape)
    named = [name for name in shapes.columns if name != shapes.geometry.name]
    columns = [[name, written([str(value) for value in shapes[name]])] for name in named]
    return [str(shapes.crs), [str(code) for code in shapes.index], columns, corners.hexdigest()]


def _rooms() -> list[str]:
    """The text of every room that draws, and the typefaces."""
    found = []
    folder = resources.files("placebook.figures")
    for part in (folder, folder / "fonts"):
        for file in sorted((file for file in part.iterdir() if file.is_file()), key=lambda file: file.name):
            found.append(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}")
    return found
