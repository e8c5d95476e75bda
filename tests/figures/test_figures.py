"""Figures: what is drawn is what was asked for, the same bytes each time."""

import itertools
import re

import geopandas
import matplotlib
import matplotlib.pyplot as plt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.ticker import MaxNLocator
from shapely.geometry import box

from placebook.figures import bars, maps, style, tables, trends


def test_a_picture_is_the_same_drawn_before_or_while_it_is_written_and_leaves_no_style_behind():
    before = dict(matplotlib.rcParams)
    given = ([bars.Bar("a", 2.0, "2", (bars.Mark("country", "England", 1.0),))], "%", "Town", [("country", "England")])
    late = style.svg(style.Drawn(style.Sketch(bars.large_bars, given), "Dots."))
    assert "date" not in late and "matplotlib" not in late.lower()
    early = bars.large_bars(*given)
    style.svg(style.Drawn(bars.large_bars([bars.Bar("a", 1.0, "1")], "%", "Town", []), "Another between."))
    assert style.svg(style.Drawn(early, "Dots.")) == late
    assert dict(matplotlib.rcParams) == before


def test_a_panel_draws_a_small_multiple_for_each_reading():
    line = trends.Line("place", "Town", (2020.5, 2021.5, 2022.5), (1.0, None, 3.0))
    sketches = trends.panel(
        [trends.Small("A", "per cent", (line,)), trends.Small("B", "£", (line,)), trends.Small("C", "£", (line,))]
    )
    drawn = [style.svg(style.Drawn(sketch, "A line.")) for sketch in sketches]
    assert [re.findall(r"<text[^>]*>([^<]*)</text>", text)[-2] for text in drawn] == ["A", "B", "C"]
    (path,) = re.findall(f'stroke="{style.ACCENT.lower()}"[^>]* d="([^"]*)"', drawn[0])
    assert path.count("M") == 2, "a gap stays a gap"


def line(first, last):
    years = tuple(float(year) for year in range(first, last + 1))
    return trends.Line("place", "Town", years, tuple(1.0 for _ in years))


def test_years_are_shared_but_not_by_a_series_of_less_than_half_of_them():
    """Of 2000 to 2024, 2013 to 2024 is eleven of 24 years; 2012 to 2024 is half."""
    smalls = [trends.Small(str(first), "£", (line(first, 2024),)) for first in (2000, 2013, 2012)]
    assert [sketch.given[1:3] for sketch in trends.panel(smalls)] == [(2000, 2024), (2013, 2024), (2000, 2024)]


NUMBERS = st.floats(-1e7, 1e7).map(lambda number: round(number, 3))


@settings(max_examples=25, deadline=None)
@given(st.lists(NUMBERS | st.none(), min_size=1, max_size=8), st.floats(0, 50))
@example([None], 0.0)
@example([5.0], 0.0)
@example([0.0, 0.0], 0.0)
def test_the_scales_of_a_small_multiple_are_those_that_axes_would_have(values, around):
    """Room around the lines, and the same round numbers in it, without the cost of axes."""
    years = tuple(2010.5 + at for at, _ in enumerate(values))
    lower, upper = (tuple(None if v is None else v + way * around for v in values) for way in (-1, 1))
    place = trends.Line("place", "Town", years, tuple(values), lower, upper)
    lines = (place, trends.Line("peer", "P", years[:1], (1.0,)))
    figure, axes = plt.subplots()
    for line in lines:
        for numbers in (line.values, line.lower, line.upper):
            if numbers:
                axes.plot(line.years, [float("nan") if number is None else number for number in numbers])
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=2))
    axes.set_xlim(years[0] - 0.3, years[-1] + 0.3)
    axes.margins(y=0.12)
    low, high = trends.limits(trends.Small("T", "£", lines))
    assert (low, high) == pytest.approx(axes.get_ylim(), rel=1e-9, abs=1e-9)
    shown = [tick for tick in axes.get_yticks() if low <= tick <= high]
    assert trends.ticks(trends.UPWARDS, low, high) == pytest.approx(shown, rel=1e-9, abs=1e-9)
    first, last = axes.get_xlim()
    assert trends.ticks(trends.ACROSS, first, last) == [year for year in axes.get_xticks() if first <= year <= last]
    plt.close(figure)


def test_bars_begin_at_zero_and_keep_their_order():
    figure = bars.large_bars([bars.Bar("b", 2.0, "2"), bars.Bar("a", 4.0, "4")], "%", "Town", [])
    text = style.svg(style.Drawn(figure, "Bars."))
    assert re.findall(r">([^<]+)</text>", text) == ["0", "1", "2", "3", "4", "%", "b", "a", "2", "4"]
    lines = [float(x) for x in re.findall(r"M([\d.]+) [\d.]+v-", text)]
    (path,) = re.findall(f'fill="{style.ACCENT.lower()}" d="([^"]*)"', text)
    found = [(float(x), float(y), float(long)) for x, y, long in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", path)]
    assert {x for x, _, _ in found} == {lines[0]}, "from the line of zero"
    assert [x + long for x, _, long in found] == pytest.approx([lines[2], lines[4]], abs=0.2), "to those of 2 and 4"
    assert found[0][1] < found[1][1]


def test_classes_are_the_same_for_every_place():
    assert maps.classified([1, 2, 3, 10], maps.DECILES).tolist() == [0, 0, 1, 4]
    assert maps.classified([9], maps.DECILES).tolist() == [4]
    assert len(maps.DECILES.labels) == len(maps.DECILES.bins) == len(style.SEQUENTIAL)


def test_a_map_shades_each_area_by_its_class():
    shapes = geopandas.GeoDataFrame({"geometry": [box(0, 0, 1, 1), box(1, 0, 2, 1)]}, index=["A", "B"], crs="EPSG:27700")
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


LONG = ["Hitchin", "Royston South, West & East", "Ickleford, Great Offley & Whitwell", "Basingstoke and Deane"]


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("small", [True, False])
def test_no_name_beside_a_bar_is_cut_or_lies_on_another(name, small):
    items = [bars.Bar(name, 394.0, "394"), bars.Bar(name, 110.0, "110"), bars.Bar("Baldock", 1.0, "1")]
    if small:
        figure = bars.small_bars(items, f"Where residents of {name} and all around go", "people", 394)
    else:
        figure = bars.large_bars(
            items, "people", name, [("county", "Hertfordshire"), ("region", "East of England"), ("country", "England")]
        )
    figure.dpi = 600  # so that letters are as broad as they are designed, not as dots allow
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in figure.texts]
    beside = [text for text in figure.texts if text.get_ha() == "right"]
    assert " ".join(text.get_text() for text in beside) == f"{name} {name} Baldock"
    # A box of letters is higher than what is seen of them: a tenth may lie over its neighbour's.
    found = [text.get_window_extent(renderer).expanded(1, 0.9) for text in beside]
    zero = next(box for words, box in boxes if words == "0")
    assert min(box.x0 for box in found) >= 0
    assert max(box.x1 for box in found) <= (zero.x0 + zero.x1) / 2, "before the line of zero"
    assert not any(one.overlaps(other) for one, other in itertools.pairwise(found))
    figure.draw_without_rendering()
    written = [box for _, box in boxes] + [t.get_window_extent(renderer) for key in figure.legends for t in key.texts]
    assert max(box.x1 for box in written) <= figure.bbox.x1 and min(box.x0 for box in written) >= 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0, 100)] * 3), min_size=1, max_size=4).filter(lambda rows: max(map(max, rows)) > 1))
@example([(88.9, 91.0, 90.0), (9.2, 8.0, 9.0), (1.6, 1.6, 1.5), (0.0, 0.0, 0.0)])
def test_no_word_beside_a_bar_touches_a_mark(rows):
    """A mark on the line of zero would stand on the name, one at the end of a bar on its number."""
    items = [
        bars.Bar(
            f"{at} people or more",
            value,
            f"{value:.1f}%",
            (bars.Mark("county", "H", county), bars.Mark("country", "E", country)),
        )
        for at, (value, county, country) in enumerate(rows)
    ]
    figure = bars.large_bars(items, "%", "Town", [("county", "Hertfordshire"), ("country", "England")])
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()
    words = [
        text.get_window_extent(renderer)
        for text in figure.texts
        if text.get_text().endswith(("%", "more")) and text.get_text() != "%"
    ]
    marks = [line for line in figure.artists if getattr(line, "get_marker", str)() == style.COMPARATORS["county"]["marker"]]
    assert len(words) == 2 * len(items) and len(marks) == len(items)
    for mark in marks:
        across, up = mark.get_transform().transform(mark.get_xydata()[0])
        left, right = (across + way * bars.MARK * figure.dpi for way in (-1, 1))
        beside = [word for word in words if word.y0 < up < word.y1]
        assert len(beside) == 2 and not any(word.x0 < right and word.x1 > left for word in beside)
    assert min(word.x0 for word in words) >= 0 and max(word.x1 for word in words) <= figure.bbox.x1


def test_small_bars_of_one_figure_share_their_scale():
    ways = []
    for value in (100.0, 300.0):
        text = style.svg(
            style.Drawn(bars.small_bars([bars.Bar("Hitchin", value, "x")], "Where they go", "people", 300.0), "Bars.")
        )
        ways.append((re.findall(r">([^<]+)</text>", text), [float(x) for x in re.findall(r"M([\d.]+) [\d.]+v-", text)]))
    assert ways[0] == ways[1] and ways[0][0][:4] == ["0", "100", "200", "300"]
    empty = bars.small_bars([], "Where they go", "people", 0)
    assert style.svg(style.Drawn(empty, "No bars."))


def test_a_text_is_as_long_as_its_longest_line():
    assert style.inches("abc\nabcdef", 10) == style.inches("abcdef", 10) > style.inches("abc", 10)
    assert style.inches("abc", 20) == pytest.approx(2 * style.inches("abc", 10), rel=0.1)
    assert style.inches("abc", 10, bold=True) > style.inches("abc", 10)


SMALLEST = re.compile(r'font-size="([\d.]+)px"')


@pytest.mark.parametrize(
    "figure",
    [
        lambda: trends.panel([trends.Small("A", "£", (line(2000, 2024),), (2010.0,))])[0].figure(),
        lambda: bars.large_bars([bars.Bar("a", 1.0, "1")], "%", "Town", [("county", "C")], (1.0, "one")),
        lambda: bars.small_bars([bars.Bar("a", 1.0, "1")], "Title", "%", 1.0),
    ],
)
def test_no_letter_is_smaller_than_the_least(figure):
    """Two wide in the book's narrowest use: six points on paper, nine pixels on a phone."""
    text = style.svg(style.Drawn(figure(), "x"))
    assert min(float(size) for size in SMALLEST.findall(text)) >= style.LEAST
