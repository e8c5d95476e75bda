"""Maps of areas. Names, classes and shapes come in as arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from shapely.affinity import affine_transform
from shapely.geometry import Point

from placebook.figures.labels import Name, Stands, letters_wide, middle, placed, ways
from placebook.figures.style import (
    ACCENT,
    EDGE,
    GROUND,
    HALF,
    INK,
    LEAST,
    MUTED,
    PALE,
    SEQUENTIAL,
    WIDTH,
    figure_style,
    wrapped,
)
from placebook.figures.svg import HALO

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Classes:
    """The upper ends of a map's classes and how each is written; the same for every place."""

    bins: tuple[float, ...]
    labels: tuple[str, ...]


UNSEEN = 0.4
"""A corner that moves an outline by less than this part of a point is left out."""
KEY_LINE = 0.21
"""Inches from one line of a key to the next."""

DECILES = Classes(
    bins=(2, 4, 6, 8, 10),
    labels=("1 and 2, most deprived", "3 and 4", "5 and 6", "7 and 8", "9 and 10, least deprived"),
)


def classified(values: Sequence[float], classes: Classes) -> np.ndarray:
    """The class of each value, 0 for the lowest."""
    import mapclassify  # brings scikit-learn along, which nothing else needs

    return mapclassify.UserDefined(np.asarray(values, dtype=float), list(classes.bins)).yb


def quantile_classes(everywhere: Sequence[float], unit: str, count: int = 5) -> Classes:
    """Classes that hold a fifth each of all small areas held around the place, fewer where many are alike.

    mapclassify's quantiles, rounded up to a whole number, so that places of one county share them.
    """
    import mapclassify

    numbers = np.asarray(everywhere, dtype=float)
    ends = mapclassify.Quantiles(numbers, k=count).bins[:-1]
    inner = sorted({float(np.ceil(end)) for end in ends if np.ceil(end) < numbers.max()})
    bins = (*inner, float(np.ceil(numbers.max())))
    starts = (float(np.floor(numbers.min())), *bins)
    labels = tuple(f"{low:.0f} to {high:.0f}{unit}" for low, high in zip(starts, bins, strict=False))
    return Classes(bins, labels)


def small_area_map(
    shapes: GeoDataFrame, values: Mapping[str, float], classes: Classes, title: str, names: GeoDataFrame
) -> Figure:
    """Small areas shaded by class, with the names of the neighbourhoods around them.

    ``shapes`` and ``names`` are indexed by code; ``names`` has a column ``name`` and is drawn as thin borders with its name
    at a point inside.
    """
    with figure_style():
        figure, axes = _map(shapes, WIDTH, (2.6, 3.8), below=KEY_LINE * 3)
        _shade(axes, shapes, values, classes, SEQUENTIAL)
        _lighter(names, WIDTH).boundary.plot(ax=axes, color=INK, linewidth=0.7)
        _write(axes, [Wanted(row.name, row.geometry) for row in names.itertuples()], below=KEY_LINE * 3)
        _key(figure, classes, SEQUENTIAL, title)
    return figure


@dataclass(frozen=True)
class Shaded:
    """One of several small maps: its measure and the number of each small area."""

    title: str
    values: Mapping[str, float]
    classes: Classes


def small_map(shapes: GeoDataFrame, shaded: Shaded, names: GeoDataFrame) -> Figure:
    """One of several measures over the same small areas; the strongest shade is the most."""
    steps = len(shaded.classes.bins)
    ramp = SEQUENTIAL[::-1][-steps:] if steps < len(SEQUENTIAL) else SEQUENTIAL[::-1]
    title = wrapped(shaded.title, 40)
    with figure_style():
        head = 0.06 + KEY_LINE * (title.count("\n") + 1)
        figure, axes = _map(shapes, HALF, (1.6, 2.3), above=head, below=KEY_LINE * -(-steps // _columns(shaded.classes)))
        _shade(axes, shapes, shaded.values, shaded.classes, ramp)
        _lighter(names, HALF).boundary.plot(ax=axes, color=INK, linewidth=0.5)
        figure.suptitle(title, x=0, y=0.995, ha="left", fontsize=10, weight="bold")
        _key(figure, shaded.classes, ramp, "")
    return figure


def _map(
    shapes: GeoDataFrame, width: float, heights: tuple[float, float], above: float = 0.0, below: float = 0.0
) -> tuple[Figure, Axes]:
    """A figure that is filled by a map without axes, with room above and below it; sizes in inches."""
    left, bottom, right, top = shapes.total_bounds
    high = min(max(heights[0], width * (top - bottom) / (right - left)), heights[1]) + above + below
    figure = Figure(figsize=(width, high))
    axes = figure.subplots()
    figure.subplots_adjust(left=0.005, right=0.995, top=1 - above / high, bottom=(below + 0.02) / high)
    axes.set_axis_off()
    axes.set_aspect("equal")
    return figure, axes


def _shade(axes: Axes, shapes: GeoDataFrame, values: Mapping[str, float], classes: Classes, ramp: Sequence[str]) -> None:
    """Areas in the colour of their class, class by class, so that each becomes one path in the file."""
    shown = _lighter(shapes.loc[list(values)], WIDTH)
    of_class = classified(list(values.values()), classes)
    for number, colour in enumerate(ramp):
        if (of_class == number).any():
            shown[of_class == number].plot(ax=axes, color=colour, edgecolor=GROUND, linewidth=0.5, aspect=None)


def _columns(classes: Classes) -> int:
    return 3 if max(map(len, classes.labels)) <= 12 or classes is DECILES else 2


def _key(figure: Figure, classes: Classes, ramp: Sequence[str], title: str) -> None:
    handles = [Patch(facecolor=ramp[at], edgecolor=EDGE, label=label) for at, label in enumerate(classes.labels)]
    figure.legend(
        handles=handles,
        title=title,
        loc="lower left",
        bbox_to_anchor=(0, 0),
        ncols=_columns(classes),
        alignment="left",
        frameon=False,
        borderpad=0,
        borderaxespad=0.1,
        handlelength=1.1,
        columnspacing=1.0,
        labelspacing=0.3,
    )


def _lighter(shapes: GeoDataFrame, inches: float) -> GeoDataFrame:
    """Outlines without the corners that nobody would see at this width; shared borders stay shared."""
    left, bottom, right, top = shapes.total_bounds
    lighter = shapes.copy()
    lighter.geometry = lighter.geometry.simplify_coverage(UNSEEN * max(right - left, top - bottom) / (inches * 72))
    return lighter


@dataclass(frozen=True)
class Wanted:
    """A name for a map, and the area that it is the name of."""

    text: str
    area: BaseGeometry
    bold: bool = False


def _write(axes: Axes, wanted: Sequence[Wanted], taken: Sequence[Stands] = (), below: float = 0.0) -> None:
    """Names on a map, none on another: the first stands where it will, the others where there is room.

    ``below`` are the inches under the map that are not theirs.
    """
    axes.autoscale_view()
    axes.autoscale(enable=False)  # a leader that is drawn later moves nothing
    axes.apply_aspect()
    to_points = axes.transData + axes.figure.dpi_scale_trans.inverted()
    (x0, y0), (x1, y1) = to_points.transform([(0.0, 0.0), (1.0, 1.0)]) * 72
    across, along = x1 - x0, y1 - y0
    names = []
    for each in wanted:
        area = affine_transform(each.area, (across, 0, 0, along, x0, y0))
        x, y = middle(area) if area.area else area.coords[0]
        broken = tuple((lines, letters_wide(lines, LEAST, each.bold)) for lines in ways(each.text))
        names.append(Name(each.text, x, y, LEAST, broken, area if area.area else None))
    width, height = axes.figure.get_size_inches() * 72  # type: ignore[union-attr]  # a map is no part of another figure
    found = placed(names, taken, (0, 72 * below, width, height))
    for each, name, stands in zip(wanted, names, found, strict=True):
        at = ((stands.x - x0) / across, (stands.y - y0) / along)
        if stands.joined:
            start = ((name.x - x0) / across, (name.y - y0) / along)
            axes.plot([start[0], at[0]], [start[1], at[1]], color=INK, linewidth=0.6, zorder=5)
        words = "\n".join(stands.lines)
        weight = "bold" if each.bold else "normal"
        axes.text(*at, words, ha="center", va="center", fontsize=LEAST, weight=weight, gid=HALO, zorder=6)


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
        points = {code: shapes.loc[code].geometry.representative_point() for code in [home, *(flow.code for flow in chosen)]}
        xs, ys = [p.x for p in points.values()], [p.y for p in points.values()]
        margin = 0.12 * max(max(xs) - min(xs), max(ys) - min(ys), 1.0)
        width, height = max(xs) - min(xs) + 2 * margin, max(ys) - min(ys) + 2 * margin
        drawn = min(3.4, max(2.6, HALF * height / width))
        middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        scale = max(width / HALF, height / drawn)
        low_x, high_x = middle_x - scale * HALF / 2, middle_x + scale * HALF / 2
        low_y, high_y = middle_y - scale * drawn / 2, middle_y + scale * drawn / 2
        # What lies outside the frame would only make the file heavy.
        near = shapes.clip((low_x, low_y, high_x, high_y)).simplify(scale / 150)
        figure = Figure(figsize=(HALF, drawn))
        axes = figure.subplots()
        figure.subplots_adjust(left=0, right=1, top=1, bottom=0)
        near.plot(ax=axes, color=PALE, edgecolor=GROUND, linewidth=0.7, aspect=None)
        near.loc[[home]].plot(ax=axes, color=SEQUENTIAL[3], edgecolor=GROUND, linewidth=0.7, aspect=None)
        most = max([flow.out for flow in chosen] + [flow.into for flow in chosen] + [1.0])
        start = points[home]
        for flow in chosen:
            end = points[flow.code]
            for people, bend, style in ((flow.out, 0.14, "solid"), (flow.into, -0.14, (0, (4, 1.6)))):
                if people:
                    axes.annotate(
                        "",
                        (end.x, end.y),
                        (start.x, start.y),
                        arrowprops={
                            "arrowstyle": "-|>" if bend > 0 else "<|-",
                            "lw": 0.6 + 4.4 * people / most,
                            "color": ACCENT if bend > 0 else MUTED,
                            "linestyle": style,
                            "connectionstyle": f"arc3,rad={bend}",
                            "shrinkA": 7,
                            "shrinkB": 7,
                            "mutation_scale": 9,
                        },
                    )
        axes.set_xlim(low_x, high_x)
        axes.set_ylim(low_y, high_y)
        out = wrapped(f"residents of {name} travelling out", 44)
        into = wrapped(f"workers travelling in to {name}", 44)
        handles = [
            Line2D([], [], color=ACCENT, linewidth=2.4, label=out),
            Line2D([], [], color=MUTED, linewidth=2.4, linestyle=(0, (4, 1.6)), label=into),
        ]
        figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0.0, 0.0),
            fontsize=LEAST,
            frameon=True,
            facecolor=GROUND,
            framealpha=0.9,
            edgecolor="none",
            handlelength=2.6,
            borderaxespad=0,
        )
        axes.set_axis_off()
        axes.set_aspect("equal")
        lines = [*out.split("\n"), *into.split("\n")]
        key, tall = 40 + letters_wide(lines, LEAST), 18 * len(lines)
        under = Stands((), key / 2, tall / 2, key, tall, joined=False)
        wanted = [Wanted(name, Point(points[home]), bold=True)]
        wanted += [Wanted(flow.name, Point(points[flow.code])) for flow in sorted(chosen, key=lambda f: -(f.out + f.into))]
        _write(axes, wanted, (under,))
    return figure
