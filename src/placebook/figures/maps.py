"""Maps of areas. Names, classes and shapes come in as arguments."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from shapely import get_parts, normalize, to_ragged_array
from shapely.affinity import affine_transform
from shapely.geometry import MultiPolygon, Point

from placebook.figures.labels import Name, Stands, middle, placed, ways
from placebook.figures.letters import broken, stacked
from placebook.figures.paper import LINE, NOTE, SPARE
from placebook.figures.style import (
    ACCENT,
    GROUND,
    HALF,
    INK,
    LEAST,
    MUTED,
    PALE,
    SEQUENTIAL,
    WIDTH,
    figure_style,
    inches,
    subplots,
)
from placebook.figures.vector import HALO

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Classes:
    """The upper ends of a map's classes and how each is written; the same for every place."""

    bins: tuple[float, ...]
    labels: tuple[str, ...]


EDGE = "#808080"
UNSEEN = 0.4
"""A corner that moves an outline by less than this part of a point is left out."""
KEY = 0.36
"""Inches before the words of a key beside a small map: the shade and the room around it."""
SPECK = 0.004
"""A place of less than this part of the map's area is marked with a dot as well."""

DECILES = Classes(
    bins=(2, 4, 6, 8, 10),
    labels=("1 and 2, most deprived", "3 and 4", "5 and 6", "7 and 8", "9 and 10, least deprived"),
)


def classified(values: Sequence[float], classes: Classes) -> np.ndarray:
    """The class of each value, 0 for the lowest."""
    import mapclassify  # brings scikit-learn along, which nothing else needs

    return mapclassify.UserDefined(np.asarray(values, dtype=float), list(classes.bins)).yb


def small_area_map(
    shapes: GeoDataFrame,
    values: Mapping[str, float],
    classes: Classes,
    title: str,
    names: GeoDataFrame,
) -> Figure:
    """Small areas shaded by class, with the names of the neighbourhoods around them.

    ``shapes`` and ``names`` are indexed by code; ``names`` has a column ``name`` and is drawn as thin
    borders with its name at a point inside.
    """
    with figure_style():
        shown, names = _lighter(shapes.loc[list(values)], WIDTH), _lighter(names, WIDTH)
        left, bottom, right, top = shown.total_bounds
        key = 0.62
        height = min(5.4, max(2.6, WIDTH * (top - bottom) / (right - left))) + key
        figure, axes = subplots(figsize=(WIDTH, height))
        figure.subplots_adjust(left=0.005, right=0.995, top=1 - (key + 0.02) / height, bottom=0.005)
        of_class = classified(list(values.values()), classes)
        _fill(axes, shown, [SEQUENTIAL[number] for number in of_class], 0.5)
        names.boundary.plot(ax=axes, color=INK, linewidth=0.7)
        axes.set_axis_off()
        axes.set_aspect("equal")
        _write(axes, [Wanted(row.name, row.geometry) for row in names.itertuples()])
        handles = [Patch(facecolor=SEQUENTIAL[i], edgecolor=EDGE, label=label) for i, label in enumerate(classes.labels)]
        figure.legend(
            handles=handles,
            title=title,
            loc="upper left",
            bbox_to_anchor=(0, 1),
            ncols=3,
            fontsize=LEAST,
            title_fontsize=LEAST,
            alignment="left",
            borderaxespad=0.1,
            handlelength=1.2,
            columnspacing=1.1,
        )
    return figure


@dataclass(frozen=True)
class Wanted:
    """A name for a map, and the area that it is the name of."""

    text: str
    area: BaseGeometry
    size: float = LEAST
    bold: bool = False
    colour: str = INK
    lift: float = 0.0
    """Points by which it stands above the middle of its area, because something is marked there."""


def _write(axes: Axes, wanted: Sequence[Wanted], taken: Sequence[Stands] = ()) -> list[Stands]:
    """Names on a map, none on another: the first stands where it will, the others where there is room."""
    axes.apply_aspect()
    to_points = axes.transData + axes.figure.dpi_scale_trans.inverted()
    (x0, y0), (x1, y1) = to_points.transform([(0.0, 0.0), (1.0, 1.0)]) * 72
    across, along = x1 - x0, y1 - y0
    names = []
    for each in wanted:
        area = affine_transform(each.area, (across, 0, 0, along, x0, y0))
        x, y = middle(area) if area.area else area.coords[0]
        broken = tuple((lines, 72 * inches("\n".join(lines), each.size, each.bold)) for lines in ways(each.text))
        names.append(Name(each.text, x, y + each.lift, each.size, broken, area if area.area and not each.lift else None))
    width, height = axes.figure.get_size_inches() * 72  # type: ignore[union-attr]  # a map is no part of another figure
    found = placed(names, taken, (0, 0, width, height))
    for each, name, stands in zip(wanted, names, found, strict=True):
        at = ((stands.x - x0) / across, (stands.y - y0) / along)
        if stands.joined:
            start = ((name.x - x0) / across, (name.y - each.lift - y0) / along)
            axes.plot([start[0], at[0]], [start[1], at[1]], color=each.colour, linewidth=0.6, zorder=5)
        axes.annotate(
            "\n".join(stands.lines),
            at,
            ha="center",
            va="center",
            fontsize=each.size,
            color=each.colour,
            weight="bold" if each.bold else "normal",
            gid=HALO,
            zorder=6,
        )
    return found


def locator(shapes: GeoDataFrame, names: Mapping[str, str], chosen: GeoDataFrame, place: str, within: str) -> Figure:
    """Where the place lies: the areas around it in grey, the place in the accent colour."""
    with figure_style():
        left, bottom, right, top = shapes.total_bounds
        shapes = _lighter(shapes, WIDTH)
        chosen = chosen.copy()
        chosen.geometry = chosen.geometry.simplify(max(right - left, top - bottom) / (WIDTH * 72) * UNSEEN)
        title = broken(within, WIDTH - SPARE, 9.5, bold=True)
        head = 0.06 + NOTE * len(title)
        height = min(4.6, WIDTH * (top - bottom) / (right - left)) + head
        figure, axes = subplots(figsize=(WIDTH, height))
        figure.subplots_adjust(left=0.0, right=1, top=1 - head / height, bottom=0.0)
        _areas(axes, shapes, PALE, GROUND, 0.9)
        _areas(axes, chosen, ACCENT, ACCENT, 0.4)
        own = chosen.union_all()
        if chosen.area.sum() < SPECK * shapes.area.sum():
            # Too small to be seen at this scale: a ring says where to look.
            axes.plot(
                *middle(own), marker="o", markersize=11, markerfacecolor=ACCENT, markeredgecolor=GROUND, markeredgewidth=1.5
            )
        axes.set_title("\n".join(title), loc="left", fontsize=9.5, y=1)  # where it would be put, once all ticks were measured
        axes.set_axis_off()
        axes.set_aspect("equal")
        wanted = [Wanted(place, own, 9.5, bold=True, lift=14)]
        # A name on the place itself could not be read there: it stands in what is left of its area.
        rest = [(name, shapes.loc[code].geometry.difference(own.buffer((right - left) / 60))) for code, name in names.items()]
        wanted += [Wanted(name, area, colour=MUTED) for name, area in sorted(rest, key=lambda pair: pair[1].area) if area.area]
        _write(axes, wanted)
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
    import mapclassify

    numbers = np.asarray(everywhere, dtype=float)
    ends = mapclassify.Quantiles(numbers, k=count).bins[:-1]
    inner = sorted({float(np.ceil(end)) for end in ends if np.ceil(end) < numbers.max()})
    bins = (*inner, float(np.ceil(numbers.max())))
    starts = (float(np.floor(numbers.min())), *bins)
    labels = tuple(f"{low:.0f} to {high:.0f}{unit}" for low, high in zip(starts, bins, strict=False))
    return Classes(bins, labels)


def small_map(shapes: GeoDataFrame, shaded: Shaded, names: GeoDataFrame) -> Figure:
    """One of several measures over the same small areas; the strongest shade is the most."""
    with figure_style():
        shapes, names = (_lighter(each, HALF * 0.7) for each in (shapes, names))
        left, bottom, right, top = shapes.total_bounds
        high = min(2.9, max(1.8, HALF * 0.68 * (top - bottom) / (right - left)))
        return _small_map(shapes, shaded, names, high)


def _small_map(shapes: GeoDataFrame, shaded: Shaded, names: GeoDataFrame, high: float) -> Figure:
    title = broken(shaded.title, HALF - SPARE, 10, bold=True)
    head = 0.12 + LINE * len(title)
    height = high + head + 0.02
    figure, axes = subplots(figsize=(HALF, height))
    beside = min(0.7, 1 - (KEY + max(inches(label, LEAST) for label in shaded.classes.labels)) / HALF)
    figure.subplots_adjust(left=0.0, right=beside, top=1 - head / height, bottom=0.01)
    steps = len(shaded.classes.bins)
    ramp = SEQUENTIAL[::-1][-steps:] if steps < len(SEQUENTIAL) else SEQUENTIAL[::-1]
    of_class = classified(list(shaded.values.values()), shaded.classes)
    _fill(axes, shapes.loc[list(shaded.values)], [ramp[number] for number in of_class], 0.4)
    names.boundary.plot(ax=axes, color=INK, linewidth=0.5)
    for number, line in enumerate(title):
        figure.text(0, 1 - (0.1 + LINE * number) / height, line, weight="bold", color=INK, va="center", fontsize=10)
    axes.set_axis_off()
    axes.set_aspect("equal")
    handles = [Patch(facecolor=ramp[i], edgecolor=EDGE, label=label) for i, label in enumerate(shaded.classes.labels)]
    figure.legend(
        handles=handles, loc="center left", bbox_to_anchor=(beside, 0.5), fontsize=LEAST, handlelength=1.1, borderaxespad=0.2
    )
    return figure


def _lighter(shapes: GeoDataFrame, inches: float) -> GeoDataFrame:
    """Outlines without the corners that nobody would see at this width; shared borders stay shared."""
    return _thinned(_Itself(shapes), inches)


class _Itself:
    """A thing known by being the very same one: it is as long as it is known."""

    def __init__(self, thing: Any):
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


# The outlines of England are those of every place: what is made of them is made for the first.
@lru_cache(maxsize=8)
def _thinned(shapes: _Itself, inches: float) -> GeoDataFrame:
    left, bottom, right, top = shapes.thing.total_bounds
    step = max(right - left, top - bottom) / (inches * 72)
    lighter = shapes.thing.copy()
    lighter.geometry = lighter.geometry.simplify_coverage(UNSEEN * step)
    return lighter


def _areas(axes: Axes, shapes: GeoDataFrame | GeoSeries, colours: str | Sequence[str], edge: str, width: float) -> None:
    """Areas as geopandas' ``plot`` draws them, without a patch made for each of them first."""
    axes.add_collection(PathCollection(_paths(_Itself(shapes)), facecolor=colours, edgecolor=edge, linewidth=width))
    axes.autoscale_view()


@lru_cache(maxsize=8)
def _paths(shapes: _Itself) -> list[Path]:
    """A path for each area: every ring of its parts, closed, and holes the other way round."""
    parts_of = (get_parts(area) for area in normalize(shapes.thing.geometry.to_numpy()))
    areas = [MultiPolygon([part for part in parts if part.geom_type == "Polygon"]) for parts in parts_of]
    _, corners, (rings, parts, whole) = to_ragged_array(areas)
    codes = np.full(len(corners), Path.LINETO, Path.code_type)
    codes[rings[:-1]], codes[rings[1:] - 1] = Path.MOVETO, Path.CLOSEPOLY
    ends = rings[parts[whole]]
    return [Path(corners[start:end], codes[start:end]) for start, end in itertools.pairwise(ends)]


def _fill(axes: Axes, shapes: GeoDataFrame, colours: Sequence[str], width: float) -> None:
    """Areas of one colour after another, so that they become one path in the file."""
    order = sorted(range(len(colours)), key=lambda at: colours[at])
    _areas(axes, shapes.iloc[order], [colours[at] for at in order], GROUND, width)


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
        drawn = min(4.8, max(2.8, WIDTH * height / width))
        middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        scale = max(width / WIDTH, height / drawn)
        low_x, high_x = middle_x - scale * WIDTH / 2, middle_x + scale * WIDTH / 2
        low_y, high_y = middle_y - scale * drawn / 2, middle_y + scale * drawn / 2
        # What lies outside the frame would only make the file heavy.
        near = shapes.clip((low_x, low_y, high_x, high_y)).simplify(scale / 150)
        figure, axes = subplots(figsize=(WIDTH, drawn))
        figure.subplots_adjust(left=0, right=1, top=1, bottom=0)
        _areas(axes, near, PALE, GROUND, 0.7)
        _areas(axes, near.loc[[home]], SEQUENTIAL[3], GROUND, 0.7)
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
        said = [
            stacked(words, WIDTH - 0.7, LEAST)
            for words in (f"residents of {name} travelling out", f"workers travelling in to {name}")
        ]
        out, into = ("\n".join(lines) for lines in said)
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
        key = 72 * (0.55 + max(inches(str(handle.get_label()), LEAST) for handle in handles))
        tall = 18 * sum(len(lines) for lines in said)
        under = Stands((), key / 2, tall / 2, key, tall, joined=False)
        wanted = [Wanted(name, Point(points[home]), bold=True)]
        wanted += [Wanted(flow.name, Point(points[flow.code])) for flow in sorted(chosen, key=lambda f: -(f.out + f.into))]
        _write(axes, wanted, (under,))
    return figure
