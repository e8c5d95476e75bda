"""Figures: what is drawn is what was asked for, the same bytes each time."""

import re

import geopandas
import matplotlib.pyplot as plt
import pytest
from shapely.geometry import box

from placebook.figures import charts, maps, style, tables


def row(**more):
    given = {"title": "Rate", "subtitle": "per cent, 2023", "value": 50.0, "label": "50%"}
    return charts.Row(**(given | more))


def test_the_scale_holds_everything_that_the_row_is_about():
    found = row(lower=20.0, upper=90.0, band=(40, 45, 50, 55, 60), marks=(charts.Mark("peer", "P", 95.0),))
    assert found.scale == (20.0, 95.0)


def test_a_district_far_out_does_not_squeeze_the_rest():
    # the middle half is 45 to 55: the fence lies at 55 + 3 * 10
    assert row(band=(40, 45, 50, 55, 5000)).scale == (40, 55 + 3 * 10)


def test_without_a_band_the_scale_begins_at_zero():
    assert row(marks=(charts.Mark("county", "C", 60.0),)).scale == (0, 60.0 * 1.15)


def test_one_number_alone_has_a_scale():
    low, high = row(value=0.0).scale
    assert low < high


def test_same_strip_same_bytes():
    def drawn():
        marks = (charts.Mark("country", "England", 55.0), charts.Mark("peer", "P", 45.0))
        return style.svg(style.Drawn(charts.strip(row(lower=40.0, upper=60.0, marks=marks)), "Dots."))

    first = drawn()
    assert first == drawn()
    assert "date" not in first and "matplotlib" not in first.lower()


def test_a_panel_draws_a_small_multiple_for_each_reading():
    line = charts.Line("place", "Town", (2020.5, 2021.5, 2022.5), (1.0, None, 3.0))
    sketches = charts.panel([charts.Small("A", "per cent", (line,)), charts.Small("B", "£", (line,)),
                             charts.Small("C", "£", (line,))])  # fmt: skip
    figures = [sketch.figure() for sketch in sketches]
    assert [figure.texts[0].get_text() for figure in figures] == ["A", "B", "C"]
    values = figures[0].axes[0].lines[0].get_ydata()
    assert values[0] == 1 and values[1] != values[1] and values[2] == 3, "a gap stays a gap"
    for figure in figures:
        style.svg(style.Drawn(figure, "A line."))


def line(first, last):
    years = tuple(float(year) for year in range(first, last + 1))
    return charts.Line("place", "Town", years, tuple(1.0 for _ in years))


def test_years_are_shared_but_not_by_a_series_of_less_than_half_of_them():
    """Of 2000 to 2024, 2013 to 2024 is eleven of 24 years; 2012 to 2024 is half."""
    smalls = [charts.Small(str(first), "£", (line(first, 2024),)) for first in (2000, 2013, 2012)]
    limits = [sketch.figure().axes[0].get_xlim()[0] for sketch in charts.panel(smalls)]
    assert limits == pytest.approx([2000 - 0.3, 2013 - 0.3, 2000 - 0.3])


def test_bars_begin_at_zero_and_keep_their_order():
    figure = charts.bars([charts.Bar("b", 2.0, "2"), charts.Bar("a", 5.0, "5")], "%", "Town", [])
    axes = figure.axes[0]
    assert axes.get_xlim()[0] == 0
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "a"]
    assert [patch.get_width() for patch in axes.patches] == [2.0, 5.0]
    style.svg(style.Drawn(figure, "Bars."))


def test_classes_are_the_same_for_every_place():
    assert maps.classified([1, 2, 3, 10], maps.DECILES).tolist() == [0, 0, 1, 4]
    assert maps.classified([9], maps.DECILES).tolist() == [4]
    assert len(maps.DECILES.labels) == len(maps.DECILES.bins) == len(style.SEQUENTIAL)


def test_a_map_shades_each_area_by_its_class():
    shapes = geopandas.GeoDataFrame(
        {"geometry": [box(0, 0, 1, 1), box(1, 0, 2, 1)]}, index=["A", "B"], crs="EPSG:27700"
    )
    names = geopandas.GeoDataFrame({"name": ["Hill"], "geometry": [box(0, 0, 2, 1)]}, crs="EPSG:27700")
    figure = maps.small_area_map(shapes, {"A": 1, "B": 10}, maps.DECILES, "Decile", names)
    text = style.svg(style.Drawn(figure, "A map."))
    for colour in (style.SEQUENTIAL[0], style.SEQUENTIAL[4]):
        assert colour.lower() in text.lower()


@pytest.mark.parametrize("text", ["<script>x</script>", 'a"b', "a & b", "=1+1"])
def test_cells_are_text(text):
    table = tables.Table(text, (text, "n"), ((tables.Cell(text), tables.Cell(text, text)),))
    made = tables.html(table, lambda id_: f"x.html#{id_}")
    assert "<script" not in made
    assert re.findall(r"<t[hd][^>]*scope=\"(\w+)\"", made) == ["col", "col", "row"]
    assert 'role="region"' in made and 'tabindex="0"' in made


def test_with_limits_and_no_band_the_scale_is_half_as_wide_again_on_both_sides():
    assert row(lower=40.0, upper=60.0).scale == (40 - 20 / 2, 60 + 20 / 2)


@pytest.mark.parametrize("name", ["Hitchin", "Royston South, West & East", "Ickleford, Great Offley & Whitwell", "Basingstoke and Deane"])
def test_no_name_of_two_bar_charts_is_cut_or_lies_on_the_other_chart(name):
    items = [charts.Bar(name, 394.0, "394"), charts.Bar("Baldock", 110.0, "110")]
    figure = charts.paired_bars(items, items, ("Where residents go", "Where workers come from"), "people")
    figure.canvas.draw()
    first, second = figure.axes
    edge = first.get_window_extent().x1
    for axes, least in ((first, 0), (second, edge)):
        for label in axes.get_yticklabels():
            assert label.get_window_extent().x0 >= least, label.get_text()
    (one, other) = (label.get_window_extent() for label in first.get_yticklabels())
    assert not one.overlaps(other)
    plt.close(figure)
