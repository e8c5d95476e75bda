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


@dataclass(frozen=True)
class Shaded:
    """One of several small maps: its measure and the number of each small area."""

    title: str
    values: Mapping[str, float]
    classes: Classes


def quantile_classes(everywhere: Sequence[float], unit: str, count: int = 5) -> Classes:
    """Classes that hold a fifth each of all small areas held around the place, fewer where many are alike.

    mapclassify's quantiles, rounded up to a whole number, so that places of one county share them.
    """
    numbers = np.asarray(everywhere, dtype=float)
    ends = mapclassify.Quantiles(numbers, k=count).bins[:-1]
    inner = sorted({float(np.ceil(end)) for end in ends if np.ceil(end) < numbers.max()})
    bins = (*inner, float(np.ceil(numbers.max())))
    starts = (float(np.floor(numbers.min())), *bins)
    labels = tuple(f"{low:.0f} to {high:.0f}{unit}" for low, high in zip(starts, bins, strict=False))
    return Classes(bins, labels)


def small_maps(shapes: GeoDataFrame, maps: Sequence[Shaded], names: GeoDataFrame) -> Figure:
    """Several measures over the same small areas, two a row; darker is more."""
    with figure_style():
        left, bottom, right, top = shapes.total_bounds
        rows = -(-len(maps) // 2)
        width = WIDTH * 0.33
        each = min(3.6, max(1.9, width * (top - bottom) / (right - left))) + 0.45
        figure, grid = plt.subplots(rows, 2, figsize=(WIDTH, each * rows), squeeze=False)
        figure.subplots_adjust(left=0.0, right=0.86, top=1 - 0.3 / (each * rows), bottom=0.01, wspace=0.42,
                               hspace=0.16)  # fmt: skip
        for axes, shaded in zip(grid.flat, maps, strict=False):
            shown = shapes.loc[list(shaded.values)]
            steps = len(shaded.classes.bins)
            ramp = SEQUENTIAL[::-1][-steps:] if steps < len(SEQUENTIAL) else SEQUENTIAL[::-1]
            of_class = classified(list(shaded.values.values()), shaded.classes)
            shown.plot(ax=axes, color=[ramp[number] for number in of_class], edgecolor="white", linewidth=0.4)
            names.boundary.plot(ax=axes, color=INK, linewidth=0.5)
            axes.set_title(shaded.title, loc="left", fontsize=9.5)
            axes.set_axis_off()
            axes.set_aspect("equal")
            handles = [Patch(facecolor=ramp[i], edgecolor="#808080", label=label)
                       for i, label in enumerate(shaded.classes.labels)]  # fmt: skip
            axes.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=7.8,
                        handlelength=1.1, borderaxespad=0.2)  # fmt: skip
        for axes in list(grid.flat)[len(maps) :]:
            axes.set_visible(False)
    return figure


@dataclass(frozen=True)
class Flow:
    """A line on a flow map: the partner's code and name, people out and in (0 where not drawn)."""

    code: str
    name: str
    out: float
    into: float


def flow_map(shapes: GeoDataFrame, home: str, name: str, flows: Sequence[Flow]) -> Figure:
    """Lines between a district and its partners, as thick as the people who travel: out solid, in dashed."""
    with figure_style():
        chosen = [flow for flow in flows if flow.code in shapes.index]
        points = {code: shapes.loc[code].geometry.representative_point()
                  for code in [home, *(flow.code for flow in chosen)]}  # fmt: skip
        xs, ys = [p.x for p in points.values()], [p.y for p in points.values()]
        margin = 0.12 * max(max(xs) - min(xs), max(ys) - min(ys), 1.0)
        width, height = max(xs) - min(xs) + 2 * margin, max(ys) - min(ys) + 2 * margin
        drawn = min(6.2, max(3.4, WIDTH * height / width))
        middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        scale = max(width / WIDTH, height / drawn)
        low_x, high_x = middle_x - scale * WIDTH / 2, middle_x + scale * WIDTH / 2
        low_y, high_y = middle_y - scale * drawn / 2, middle_y + scale * drawn / 2
        # What lies outside the frame would only make the file heavy.
        near = shapes.clip((low_x, low_y, high_x, high_y)).simplify(scale / 150)
        figure, axes = plt.subplots(figsize=(WIDTH, drawn))
        figure.subplots_adjust(left=0, right=1, top=1, bottom=0)
        near.plot(ax=axes, color=PALE, edgecolor="white", linewidth=0.7)
        near.loc[[home]].plot(ax=axes, color=SEQUENTIAL[3], edgecolor="white", linewidth=0.7)
        most = max([flow.out for flow in chosen] + [flow.into for flow in chosen] + [1.0])
        start = points[home]
        for flow in chosen:
            end = points[flow.code]
            for people, bend, style in ((flow.out, 0.14, "solid"), (flow.into, -0.14, (0, (4, 1.6)))):
                if people:
                    axes.annotate(
                        "", (end.x, end.y), (start.x, start.y),
                        arrowprops={"arrowstyle": "-|>" if bend > 0 else "<|-", "lw": 0.6 + 4.4 * people / most,
                                    "color": ACCENT if bend > 0 else MUTED, "linestyle": style,
                                    "connectionstyle": f"arc3,rad={bend}", "shrinkA": 7, "shrinkB": 7,
                                    "mutation_scale": 9},
                    )  # fmt: skip
        for code, label in [(home, name), *((flow.code, flow.name) for flow in chosen)]:
            point = points[code]
            axes.annotate(label, (point.x, point.y), ha="center", va="center", fontsize=9 if code == home else 7.8,
                          weight="bold" if code == home else "normal", color=INK, path_effects=_halo(),
                          zorder=6)  # fmt: skip
        axes.set_xlim(low_x, high_x)
        axes.set_ylim(low_y, high_y)
        handles = [plt.Line2D([], [], color=ACCENT, linewidth=2.4, label=f"residents of {name} travelling out"),
                   plt.Line2D([], [], color=MUTED, linewidth=2.4, linestyle=(0, (4, 1.6)),
                              label=f"workers travelling in to {name}")]  # fmt: skip
        figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 0.0), fontsize=8.6, frameon=True,
                      facecolor="white", framealpha=0.9, edgecolor="none", handlelength=2.6)  # fmt: skip
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
