"""Figures: what is drawn is what was asked for."""

import re

import geopandas
import numpy as np
import pytest
from shapely.geometry import box

from placebook.figures import bars, lines, maps, style, tables
from placebook.figures.svg import Drawn, svg


def line(role, *values, **more):
    return lines.Line(role, role.title(), tuple(2020.5 + at for at in range(len(values))), values, **more)


# ------------------------------------------------------------ over time


def test_a_missing_number_breaks_its_line():
    text = svg(Drawn(lines.over_time([line("place", 1.0, None, 3.0, 4.0)], "per cent"), "A line."))
    (steps,) = re.findall(f'stroke="{style.ACCENT.lower()}" stroke-width="2.4"[^>]* d="([^"]*)"', text)
    assert steps.count("M") == 2 and steps.count("L") == 1, "from one end of the gap no line leads to the other"
    axes = lines.over_time([line("place", 1.0, None, 3.0, 4.0)], "per cent").axes[0]
    assert np.isnan(axes.lines[0].get_ydata()).tolist() == [False, True, False, False]


def test_the_interval_is_drawn_where_it_is_published():
    limited = line("place", 2.0, 3.0, lower=(1.0, 2.0), upper=(3.0, 4.0))
    assert len(lines.over_time([limited], "%").axes[0].collections) == 1
    assert not lines.over_time([line("place", 2.0, 3.0)], "%").axes[0].collections
    assert not lines.over_time([line("country", 2.0, 3.0, lower=(1.0, 2.0), upper=(3.0, 4.0))], "%").axes[0].collections


@pytest.mark.parametrize(
    ("values", "unit", "begins", "ticks"),
    [
        ((61.0, 79.0), "%", "; the axis begins at 60%", {"60%", "80%"}),
        ((29_000.0, 41_000.0), "£", "begins at £27,000", {"£27,000", "£42,000"}),
        ((0.0, 8.0), "", "", {"0", "8"}),
        ((-4.0, 8.0), "", "", {"0", "−6"}),
    ],
)
def test_an_axis_says_where_it_begins_and_its_numbers_have_a_unit(values, unit, begins, ticks):
    figure = lines.over_time([line("place", *values)], "of people", unit)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    low, high = axes.get_ylim()
    assert low <= min(values) and high >= max(values), "all numbers lie on the scale"
    assert (low, high) == (axes.get_yticks()[0], axes.get_yticks()[-1]), "it begins and ends with a number"
    assert ticks <= {label.get_text() for label in axes.get_yticklabels()}
    assert begins in axes.get_title(loc="left").replace("\n", " ")
    assert ("begins" in axes.get_title(loc="left")) == (low > 0)


def test_each_line_is_named_at_its_end():
    figure = lines.over_time([line("country", 5.0, 5.0), line("place", 1.0, 9.0)], "£")
    names = {text.get_text(): text.get_weight() for text in figure.axes[0].texts}
    assert names == {"Country": "normal", "Place": "bold"}


# ------------------------------------------------------------ bars


def test_bars_begin_at_zero_and_keep_their_order():
    axes = bars.large_bars([bars.Bar("b", 2.0, "2"), bars.Bar("a", 4.0, "4")], "%", "Town", []).axes[0]
    assert [(bar.get_x(), bar.get_width()) for bar in axes.patches] == [(0, 2.0), (0, 4.0)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "a"]
    assert axes.get_xlim()[0] == 0 and axes.get_ylim() == (1.5, -0.5), "the first stands on top"
    assert [text.get_text() for text in axes.texts] == ["2", "4"]


def test_a_comparator_stands_on_the_line_of_its_bar_and_in_the_key():
    marks = (bars.Mark("country", "England", 1.5),)
    items = [bars.Bar("a", 2.0, "2"), bars.Bar("b", 1.0, "1", marks)]
    figure = bars.large_bars(items, "%", "Town", [("country", "England")], (1.0, "1 = share in England"))
    mark, reference = figure.axes[0].lines
    assert (mark.get_xdata(), mark.get_ydata()) == ([1.5], [1])
    assert list(reference.get_xdata()) == [1.0, 1.0]
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {"Town", "England", "1 = share in England"}
    assert figure.axes[0].get_legend() is None, "one key"


def test_small_bars_of_one_figure_share_their_scale():
    one, other = (bars.small_bars([bars.Bar("Hitchin", value, "x")], "Where", "people", 300.0) for value in (100.0, 300.0))
    assert one.axes[0].get_xlim() == other.axes[0].get_xlim()
    assert svg(Drawn(bars.small_bars([], "Where they go", "people", 0), "No bars."))


# ------------------------------------------------------------ maps and tables


def test_classes_are_the_same_for_every_place():
    assert maps.classified([1, 2, 3, 10], maps.DECILES).tolist() == [0, 0, 1, 4]
    assert maps.classified([9], maps.DECILES).tolist() == [4]
    assert len(maps.DECILES.labels) == len(maps.DECILES.bins) == len(style.SEQUENTIAL)


def test_a_map_shades_each_area_by_its_class():
    shapes = geopandas.GeoDataFrame({"geometry": [box(0, 0, 1, 1), box(1, 0, 2, 1)]}, index=["A", "B"], crs="EPSG:27700")
    names = geopandas.GeoDataFrame({"name": ["Hill"], "geometry": [box(0, 0, 2, 1)]}, crs="EPSG:27700")
    figure = maps.small_area_map(shapes, {"A": 1, "B": 10}, maps.DECILES, "Decile", names)
    text = svg(Drawn(figure, "A map."))
    for colour in (style.SEQUENTIAL[0], style.SEQUENTIAL[4]):
        assert colour.lower() in text.lower()


@pytest.mark.parametrize("text", ["<script>x</script>", 'a"b', "a & b", "=1+1"])
def test_cells_are_text(text):
    table = tables.Table(text, (text, "n"), ((tables.Cell(text), tables.Cell(text, text)),))
    made = tables.html(table, lambda id_: f"x.html#{id_}")
    assert "<script" not in made
    assert re.findall(r"<t[hd][^>]*scope=\"(\w+)\"", made) == ["col", "col", "row"]
    assert 'role="region"' in made and 'tabindex="0"' in made


SMALLEST = re.compile(r'font-size="([\d.]+)px"')


@pytest.mark.parametrize(
    "figure",
    [
        lambda: lines.over_time([line("place", 1.0, 2.0)], "£"),
        lambda: bars.large_bars([bars.Bar("a", 1.0, "1")], "%", "Town", [("county", "C")], (1.0, "one")),
        lambda: bars.small_bars([bars.Bar("a", 1.0, "1")], "Title", "%", 1.0),
    ],
)
def test_no_letter_is_smaller_than_the_least(figure):
    """Two wide in the book's narrowest use: six points on paper, nine pixels on a phone."""
    text = svg(Drawn(figure(), "x"))
    assert min(float(size) for size in SMALLEST.findall(text)) >= style.LEAST
