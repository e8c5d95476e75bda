"""Maps of areas. Names, classes and shapes come in as arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mapclassify
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from placebook.figures.style import ACCENT, INK, MUTED, PALE, SEQUENTIAL, WIDTH, figure_style

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@dataclass(frozen=True)
class Classes:
    """The upper ends of a map's classes and how each is written; the same for every place."""

    bins: tuple[float, ...]
    labels: tuple[str, ...]


SPECK = 0.004
"""A place of less than this part of the map's area is marked with a dot as well."""

DECILES = Classes(
    bins=(2, 4, 6, 8, 10),
    labels=("1 and 2, most deprived", "3 and 4", "5 and 6", "7 and 8", "9 and 10, least deprived"),
)


def classified(values: Sequence[float], classes: Classes) -> np.ndarray:
    """The class of each value, 0 for the lowest."""
    return mapclassify.UserDefined(np.asarray(values, dtype=float), list(classes.bins)).yb


def small_area_map(
    shapes: GeoDataFrame, values: Mapping[str, float], classes: Classes, title: str,
    names: GeoDataFrame,
) -> Figure:
    """Small areas shaded by class, with the names of the neighbourhoods around them.

    ``shapes`` and ``names`` are indexed by code; ``names`` has a column ``name`` and is drawn as thin
    borders with its name at a point inside.
    """  # fmt: skip
    with figure_style():
        shown = shapes.loc[list(values)]
        left, bottom, right, top = shown.total_bounds
        width = WIDTH * 0.72
        height = min(7.0, max(3.0, width * (top - bottom) / (right - left)))
        figure, axes = plt.subplots(figsize=(WIDTH, height))
        figure.subplots_adjust(left=0.0, right=0.74, top=0.99, bottom=0.01)
        of_class = classified(list(values.values()), classes)
        colours = [SEQUENTIAL[number] for number in of_class]
        shown.plot(ax=axes, color=colours, edgecolor="white", linewidth=0.5)
        names.boundary.plot(ax=axes, color=INK, linewidth=0.7)
        _names(axes, names)
        axes.set_axis_off()
        axes.set_aspect("equal")
        handles = [
            Patch(facecolor=SEQUENTIAL[i], edgecolor="#808080", label=label)
            for i, label in enumerate(classes.labels)
        ]
        figure.legend(handles=handles, title=title, loc="center left", bbox_to_anchor=(0.75, 0.5),
                      fontsize=8.6, title_fontsize=9, alignment="left")  # fmt: skip
    return figure


def locator(
    shapes: GeoDataFrame, names: Mapping[str, str], chosen: GeoDataFrame, place: str, within: str
) -> Figure:
    """Where the place lies: the areas around it in grey, the place in the accent colour."""
    with figure_style():
        left, bottom, right, top = shapes.total_bounds
        width = WIDTH * 0.62
        height = min(5.2, width * (top - bottom) / (right - left))
        figure, axes = plt.subplots(figsize=(WIDTH * 0.66, height + 0.3))
        figure.subplots_adjust(left=0.0, right=1, top=1 - 0.3 / (height + 0.3), bottom=0.0)
        shapes.plot(ax=axes, color=PALE, edgecolor="white", linewidth=0.9)
        chosen.plot(ax=axes, color=ACCENT, edgecolor=ACCENT, linewidth=0.4)
        for code, name in names.items():
            point = shapes.loc[code].geometry.representative_point()
            axes.annotate(name.replace(" ", "\n"), (point.x, point.y), ha="center", va="center", fontsize=7.6,
                          color=MUTED, path_effects=_halo())  # fmt: skip
        middle = chosen.union_all().representative_point()
        if chosen.area.sum() < SPECK * shapes.area.sum():
            # Too small to be seen at this scale: a ring says where to look.
            axes.plot(middle.x, middle.y, marker="o", markersize=11, markerfacecolor=ACCENT,
                      markeredgecolor="white", markeredgewidth=1.5)  # fmt: skip
        axes.annotate(place, (middle.x, middle.y), xytext=(0, 14), textcoords="offset points", ha="center",
                      va="center", fontsize=9.5, weight="bold", color=INK, path_effects=_halo())  # fmt: skip
        axes.set_title(within, loc="left", fontsize=9.5)
        axes.set_axis_off()
        axes.set_aspect("equal")
    return figure


def _names(axes: Axes, names: GeoDataFrame) -> None:
    size = 8.0 if len(names) <= 12 else 6.6
    for row in names.itertuples():
        point = row.geometry.representative_point()
        axes.annotate(row.name.replace(" & ", " &\n"), (point.x, point.y), ha="center", va="center",
                      fontsize=size, color=INK, path_effects=_halo())  # fmt: skip


def _halo() -> list[patheffects.AbstractPathEffect]:
    return [patheffects.withStroke(linewidth=2.2, foreground="white", alpha=0.85)]
