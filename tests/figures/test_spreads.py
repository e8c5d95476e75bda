"""Spreads, small maps and flow maps: what is drawn, the classes stated, the same bytes each time."""

import geopandas
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from shapely.geometry import box

from placebook.figures import maps, spreads, style
from placebook.figures.svg import Drawn, svg

SQUARES = geopandas.GeoDataFrame({"geometry": [box(x, 0, x + 1, 1) for x in range(4)]}, index=list("ABCD"), crs="EPSG:27700")
NAMES = geopandas.GeoDataFrame(
    {"name": ["Hill", "Mill"], "geometry": [box(0, 0, 2, 1), box(2, 0, 4, 1)]}, index=["h", "m"], crs="EPSG:27700"
)
WHISKERS = (
    spreads.Whisker("Upper Town", 40.0, 36.0, 45.0, "£40"),
    spreads.Whisker("Lower Town", 30.0, None, None, "£30"),
)
FLOWS = (
    maps.Flow("B", "Beeton", 200.0, 100.0),
    maps.Flow("D", "Deeton", 0.0, 50.0),
    maps.Flow("Z", "Nowhere", 900.0, 0.0),
)


def shaded(title="Renting", values=(5.0, 15.0, 35.0, 38.0), bins=(10.0, 20.0, 30.0, 40.0)):
    labels = tuple(f"to {end:.0f}%" for end in bins)
    return maps.Shaded(title, dict(zip("ABCD", values, strict=True)), maps.Classes(bins, labels))


def words(figure):
    """Every word of a figure: axes, legends, notes."""
    FigureCanvasAgg(figure).draw()
    return {text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))}


DRAWN = {
    "whiskers": lambda: spreads.whiskers(WHISKERS, "£ a week"),
    "small_maps": lambda: [maps.small_map(SQUARES, each, NAMES) for each in (shaded(), shaded("Owning"), shaded("Sharing"))],
    "flow_map": lambda: maps.flow_map(SQUARES, "A", "Ayton", FLOWS),
}


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_twice_the_bytes_are_the_same(name):
    def drawn():
        made = DRAWN[name]()
        return [svg(Drawn(each, name)) for each in (made if isinstance(made, list) else [made])]

    first = drawn()
    assert all(each.startswith("<svg ") and "<path" in each for each in first)
    assert first == drawn()
    assert "date" not in "".join(first)


# ------------------------------------------------------------ estimates with limits


def test_an_estimate_is_a_dot_with_its_interval():
    axes = spreads.whiskers(WHISKERS, "£ a week").axes[0]
    (intervals,) = axes.collections
    assert [[tuple(end) for end in line] for line in intervals.get_segments()] == [[(36.0, 0.0), (45.0, 0.0)]], (
        "where published"
    )
    assert [list(line.get_xdata()) for line in axes.lines] == [[40.0, 30.0]]
    assert axes.get_xlabel() == "£ a week"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Upper Town", "Lower Town"]
    low, high = axes.get_ylim()
    assert low > high, "the first stands on top"


def test_an_axis_says_its_unit():
    assert {"£ a week", "£40", "£30"} <= words(spreads.whiskers(WHISKERS, "£ a week"))


# ------------------------------------------------------------ small maps


def test_classes_hold_a_fifth_each_rounded_up():
    """1 to 100: fifths end at 20.8, 40.6, 60.4 and 80.2, each rounded up to a whole number."""
    found = maps.quantile_classes([float(n) for n in range(1, 101)], "%")
    assert found.bins == (21, 41, 61, 81, 100)
    assert found.labels == ("1 to 21%", "21 to 41%", "41 to 61%", "61 to 81%", "81 to 100%")


@pytest.mark.filterwarnings("ignore:Not enough unique values")
def test_classes_are_fewer_where_many_are_alike():
    found = maps.quantile_classes([0.0] * 90 + [0.4, 3.2], "%")
    assert found.bins[-1] == 4 and len(found.bins) == len(found.labels) < 5
    assert list(found.bins) == sorted(set(found.bins))


@pytest.mark.filterwarnings("ignore:Not enough unique values")
@pytest.mark.parametrize("numbers", [[5.0] * 8, [0.0, 0.0, 0.0], [0.2, 0.4, 0.6], [99.5, 99.9, 100.0]])
def test_every_value_has_a_class(numbers):
    found = maps.quantile_classes(numbers, "%")
    classes = maps.classified(numbers, found)
    assert classes.min() >= 0 and classes.max() < len(found.labels)


def test_a_small_map_shades_by_class_and_states_it():
    figure = maps.small_map(SQUARES, shaded(), NAMES)
    filled = [c for c in figure.axes[0].collections if len(c.get_facecolor())]
    areas = [(to_hex(each.get_facecolor()[0]), len(each.get_paths())) for each in filled]
    darker = [to_hex(shade) for shade in style.SEQUENTIAL[::-1][-4:]]
    assert areas == [(darker[0], 1), (darker[1], 1), (darker[3], 2)], "classes 1, 2, 4 and 4 of four, class by class"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(shaded().classes.labels)
    assert figure.get_suptitle() == "Renting"


def test_each_measure_has_a_small_map_of_its_own():
    figures = [maps.small_map(SQUARES, shaded(name), NAMES) for name in ("One", "Two", "Three")]
    assert [figure.get_suptitle() for figure in figures] == ["One", "Two", "Three"]


# ------------------------------------------------------------ flows


def arrows(figure):
    axes = figure.axes[0]
    return [text.arrow_patch for text in axes.texts if getattr(text, "arrow_patch", None) is not None]


def test_a_line_for_each_way_as_thick_as_its_people():
    """200 out, the most drawn, is 5 points; 100 in 2.8; 50 in 1.7. None for no people or a place that is not held."""
    figure = maps.flow_map(SQUARES, "A", "Ayton", FLOWS)
    widths = [line.get_linewidth() for line in arrows(figure)]
    assert widths == pytest.approx([0.6 + 4.4 * n / 200 for n in (200, 100, 50)])
    solid = [line.get_linestyle() in ("-", "solid") for line in arrows(figure)]
    assert solid == [True, False, False], "out solid, in dashed"
    assert [to_hex(line.get_edgecolor()) for line in arrows(figure)] == [
        to_hex(style.ACCENT),
        to_hex(style.MUTED),
        to_hex(style.MUTED),
    ]


def test_a_flow_map_names_both_ends_and_both_ways():
    said = words(maps.flow_map(SQUARES, "A", "Ayton", FLOWS))
    assert {"Ayton", "Beeton", "Deeton"} <= said and "Nowhere" not in said
    assert {"residents of Ayton travelling out", "workers travelling in to Ayton"} <= said


def test_a_flow_map_without_a_known_partner_is_still_a_map():
    figure = maps.flow_map(SQUARES, "A", "Ayton", [maps.Flow("Z", "Nowhere", 900.0, 0.0)])
    assert arrows(figure) == []
    assert "<path" in svg(Drawn(figure, "A map."))
