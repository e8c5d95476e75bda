"""Drawn figures as small pictures inside a page: nothing lost, nothing doubled, nothing shared."""

import re

import geopandas
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from shapely.geometry import GeometryCollection, MultiPolygon, Point, box

from placebook.figures import bars, maps, strokes, style, trends, vector
from tests.figures import by_matplotlib

INK = "#12436d"


def figure(*artists):
    """A figure of 90 by 45 points with these on it; points from its lower left corner."""
    made = Figure(figsize=(1.25, 0.625), dpi=72)
    for each in artists:
        each.set_transform(made.dpi_scale_trans.inverted() + made.dpi_scale_trans)
        made.add_artist(each)
    return made


def picture(*artists, alt="A picture."):
    with style.figure_style():
        return vector.picture(figure(*artists), alt)


def parts(made):
    return [(node.tag.split("}")[-1], dict(node.attrib), node.text) for node in etree.fromstring(made)]


def line(*points, **look):
    return Line2D(*zip(*points, strict=True), **{"color": INK, "linewidth": 1, **look})


def test_the_alternative_text_is_the_name_and_is_said_once():
    made = etree.fromstring(picture(line((0, 0), (1, 1)), alt='A "quoted" < text.'))
    assert made.get("role") == "img" and made.get("aria-label") == 'A "quoted" < text.'
    assert not made.findall(".//{*}title") and not made.findall(".//{*}desc")
    assert (made.get("width"), made.get("height")) == ("120", "60"), "a point is 4/3 of a CSS pixel"


def test_what_says_nothing_is_left_out():
    ((tag, look, _),) = parts(
        picture(Polygon([(0, 45), (1.26, 42.96), (9, 42.96)], facecolor="none", edgecolor=INK, linewidth=1))
    )
    assert tag == "path" and look == {"stroke": INK, "d": "M0 0l1.3 2h7.7l-9-2z"}


def test_dashes_ends_and_widths_are_kept():
    ((_, look, _),) = parts(picture(line((0, 45), (9, 45), linewidth=2, dashes=(4, 1.5), dash_capstyle="round")))
    assert look == {"stroke": INK, "stroke-width": "2", "stroke-dasharray": "8 3", "stroke-linecap": "round", "d": "M0 0h9"}


def test_what_is_neither_filled_nor_drawn_is_left_out():
    corners = [(0, 0), (9, 0), (9, 9)]
    assert parts(picture(Polygon(corners, facecolor="none", edgecolor="none"), line((0, 0), (9, 9), linewidth=0))) == []


def test_text_stays_text():
    made = picture(Text(3.14, 40, "£5 & more", fontsize=10, ha="right", color=LETTERS, va="baseline"))
    assert parts(made) == [
        ("text", {"font-size": "10px", "text-anchor": "end", "fill": LETTERS, "x": "3.1", "y": "5"}, "£5 & more")
    ]


LETTERS = vector.LETTERS


def test_a_text_of_several_lines_is_as_many_texts_and_a_black_one_takes_the_book_s_ink():
    first, second = parts(picture(Text(10, 20, "one\ntwo", color="black", fontsize=9.5)))
    assert (first[2], second[2]) == ("one", "two") and first[1]["fill"] == LETTERS and "font-size" not in first[1]


def test_a_turned_text_is_turned_about_where_it_stands():
    ((_, look, _),) = parts(picture(Text(10, 20, "up", rotation=90, rotation_mode="anchor", va="baseline")))
    assert look["transform"] == f"rotate(-90 {look['x']} {look['y']})" and (look["x"], look["y"]) == ("10", "25")


def test_a_halo_is_the_same_text_beneath_in_the_colour_of_the_ground():
    (under, over) = parts(picture(Text(1, 2, "Hill", gid=vector.HALO)))
    assert under[1]["stroke"] == "#ffffff" and "stroke" not in over[1] and under[2] == over[2] == "Hill"


def test_a_marker_is_put_where_it_is_used():
    made = picture(line((10, 25), (30, 25), linestyle="none", marker="s", markersize=4, markeredgewidth=0))
    assert parts(made) == [("path", {"fill": INK, "d": "M8 22h4v-4h-4zM28 22h4v-4h-4z"}, None)]


def test_a_round_marker_is_a_circle():
    made = picture(line((1, 43), linestyle="none", marker="o", markersize=9, markeredgewidth=0))
    assert parts(made) == [("circle", {"cx": "1", "cy": "2", "r": "4.5", "fill": INK}, None)]


def test_a_number_that_is_missing_breaks_a_line():
    ((_, look, _),) = parts(picture(line((0, 45), (9, 45), (np.nan, np.nan), (20, 45), (29, 44))))
    assert look["d"] == "M0 0h9M20 0l9 1"


def test_shapes_of_one_look_that_follow_each_other_are_one():
    grid = [line((0, 45 - y), (9, 45 - y), color="#cccccc") for y in (1, 2)]
    assert [look["d"] for _, look, _ in parts(picture(*grid, line((0, 42), (9, 42))))] == ["M0 1h9M0 2h9", "M0 3h9"]
    clear = [line((0, 45 - y), (9, 45 - y), color=(0, 0, 1, 0.5)) for y in (1, 2)]
    assert [look["stroke-opacity"] for _, look, _ in parts(picture(*clear))] == ["0.5"] * 2, "they would lie doubly"


def test_what_is_not_known_is_refused():
    with pytest.raises(ValueError, match="holds a hatched area"):
        picture(Rectangle((0, 0), 9, 9, hatch="/"))
    with pytest.raises(ValueError, match="holds the formula"):
        picture(Text(1, 2, "$x^2$"))
    with style.figure_style(), pytest.raises(ValueError, match="holds an image"):
        made = figure()
        made.figimage(np.zeros((2, 2, 3)))
        vector.picture(made, "x")


# ------------------------------------------------------------------ the same as matplotlib's own


def squares():
    shapes = [box(0, 0, 1, 1), MultiPolygon([box(1, 0, 2, 1), box(3, 0, 4, 1).difference(box(3.2, 0.2, 3.4, 0.4))])]
    return geopandas.GeoDataFrame({"name": ["North", "South & west"]}, geometry=shapes, index=["E1", "E2"], crs="EPSG:27700")


SMALL = trends.Small(
    "Employment",
    "% of people",
    (
        trends.Line("country", "England", (2019.0, 2020.0, 2021.0), (75.0, None, 76.5)),
        trends.Line("place", "Ayton", (2019.0, 2020.0, 2021.0), (72.0, 73.5, 71.0), (70.0, None, 69.0), (74.0, None, 73.0)),
    ),
    breaks=(2020.0,),
)
DRAWN = {
    "trend": lambda: trends.panel([SMALL])[0].figure(),
    "bars": lambda: bars.large_bars([bars.Bar("Retail", 31.25, "31.3%"), bars.Bar("Health", 4.0, "4.0%")], "%", "Ayton", []),
    "locator": lambda: maps.locator(squares(), {"E2": "South & west"}, squares().loc[["E1"]], "North", "Ayshire"),
    "shaded": lambda: maps.small_map(
        squares(), maps.Shaded("Owning", {"E1": 1.0, "E2": 2.0}, maps.Classes((1, 2), ("1", "2"))), squares()
    ),
    "flows": lambda: maps.flow_map(squares(), "E1", "North", [maps.Flow("E2", "South & west", 120.0, 80.0)]),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_every_kind_of_chart_is_what_matplotlib_itself_would_write(kind):
    with style.figure_style():
        assert vector.picture(DRAWN[kind](), "A & B") == by_matplotlib.picture(DRAWN[kind](), "A & B")


@pytest.mark.parametrize("colours", [["#e6e6e6"], ["#e6e6e6", "#12436d"]])
def test_areas_are_drawn_as_geopandas_draws_them(colours):
    """With their holes, which must run the other way round, in parts, and next to what is no area."""
    island = MultiPolygon([box(1, 0, 2, 1), box(3, 0, 4, 1).difference(box(3.2, 0.2, 3.4, 0.4)).reverse()])
    shapes = geopandas.GeoSeries([GeometryCollection([box(0, 0, 1, 1), Point(0, 0)]), island], crs="EPSG:27700")
    areas_alone = shapes.apply(lambda shape: shape.geoms[0] if shape.geom_type == "GeometryCollection" else shape)
    made = []
    for draw in (
        lambda axes: maps._areas(axes, shapes, colours if len(colours) > 1 else colours[0], "#ffffff", 0.5),
        lambda axes: areas_alone.plot(
            ax=axes, color=colours if len(colours) > 1 else colours[0], edgecolor="#ffffff", linewidth=0.5
        ),
    ):
        with style.figure_style():
            drawn, axes = style.subplots(figsize=(2, 1))
            axes.set_axis_off()
            draw(axes)
            axes.set_aspect("equal")
            made.append(vector.picture(drawn, "x"))
    assert made[0] == made[1] and made[0].count("M") == 4, "three outlines and a hole"


def some(draw):
    number, colour = st.floats(-20, 110), st.sampled_from(["black", INK, "#ffffff", "none"])
    corners = draw(st.lists(st.tuples(number, number), min_size=3, max_size=6))
    look = {"linewidth": draw(st.sampled_from([0, 0.4, 1, 2.35])), "alpha": draw(st.sampled_from([None, 0.3, 1]))}
    kind = draw(st.sampled_from(["line", "area", "circle", "text", "areas"]))
    if kind == "line":
        marker = draw(st.sampled_from([None, "o", "D", "|"]))
        return Line2D(
            *zip(*corners, strict=True),
            color=draw(colour),
            marker=marker,
            linestyle=draw(st.sampled_from(["-", ":", (0, (4, 1.6))])),
            **look,
        )
    if kind == "area":
        return Polygon(corners, facecolor=draw(colour), edgecolor=draw(colour), **look)
    if kind == "circle":
        return Circle(corners[0], 5.5, facecolor=draw(colour), edgecolor=draw(colour), **look)
    if kind == "areas":
        paths = [Path([*corners, corners[0]], closed=True), Path([(x + 3, y) for x, y in corners])]
        return PathCollection(paths, facecolor=draw(st.lists(colour, min_size=1, max_size=2)), edgecolor=draw(colour), **look)
    said, side, height = (
        draw(st.sampled_from(["Ayton", "A & <B>", "two\nlines"])),
        st.sampled_from(["left", "center", "right"]),
        st.sampled_from(["top", "center", "baseline"]),
    )
    return Text(
        *corners[0],
        said,
        color=draw(colour.filter(lambda name: name != "none")),
        ha=draw(side),
        va=draw(height),
        rotation=draw(st.sampled_from([0, 30, 90])),
        rotation_mode=draw(st.sampled_from(["anchor", "default"])),
        fontsize=draw(st.sampled_from([9.5, 10, 12.25])),
        weight=draw(st.sampled_from(["normal", "bold"])),
        alpha=look["alpha"],
    )


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_drawn_is_what_matplotlib_itself_would_write(data):
    artists = [some(data.draw) for _ in range(data.draw(st.integers(1, 4)))]
    with style.figure_style():
        made = figure(*artists)
        assert vector.picture(made, "x") == by_matplotlib.picture(made, "x")


def absolute(path):
    """The corners of a written path, read back."""
    here, start, found = (0.0, 0.0), (0.0, 0.0), []
    for letter, body in re.findall(r"([MlhvczqQ])([^MlhvczqQ]*)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", body)]
        if letter == "z":
            here = start
            continue
        step = {"M": 2, "l": 2, "h": 1, "v": 1}[letter]
        for at in range(0, len(numbers), step):
            given = numbers[at : at + step]
            if letter == "M":
                here = start = tuple(given)
            elif letter == "l":
                here = (here[0] + given[0], here[1] + given[1])
            else:
                here = (here[0] + given[0], here[1]) if letter == "h" else (here[0], here[1] + given[0])
            found.append(here)
    return found


@given(st.lists(st.tuples(st.floats(-500, 900), st.floats(-500, 900)), min_size=2, max_size=12))
def test_a_path_keeps_every_corner_to_a_tenth_of_a_point(points):
    """Rounding does not add up along the way; only steps of no length may be left out."""
    written = strokes.written(strokes.stepped(np.array(points), np.array([1, *[2] * (len(points) - 1)])))
    got = [(round(x * 10), round(y * 10)) for x, y in absolute(written)]
    wanted = [(round(x * 10), round(y * 10)) for x, y in points]
    squeezed = [p for at, p in enumerate(wanted) if at < 2 or p != wanted[at - 1]]
    assert [p for at, p in enumerate(got) if at < 2 or p != got[at - 1]] == squeezed


def test_every_colour_of_the_palette_has_its_counterpart_in_the_dark():
    """A colour that the style sheet does not turn would glare, or vanish."""
    from pathlib import Path

    sheet = (Path(__file__).parents[2] / "book" / "_static" / "placebook.css").read_text(encoding="utf-8")
    turned = set(re.findall(r'data-theme="dark"\] \.pb-svg \[(?:fill|stroke)="(#[0-9a-f]{6})"\]', sheet))
    lines = {str(look["color"]) for look in style.COMPARATORS.values()}
    palette = {
        style.ACCENT,
        style.INK,
        style.MUTED,
        style.PALE,
        style.BAND,
        style.MEDIAN,
        style.GROUND,
        style.ON_DARK,
        style.ON_LIGHT,
        *style.SEQUENTIAL,
        *lines,
    }
    assert {colour.lower() for colour in palette} - turned == set()


def test_a_real_figure_is_small_and_holds_no_id():
    with style.figure_style():
        figure, axes = plt.subplots()
        axes.plot([1, 2, 3], [1, 3, 2], marker="o")
        axes.set_title("A title")
    made = style.svg(style.Drawn(figure, "A line."))
    assert ">A title</text>" in made and "id=" not in made and "clip-path" not in made and "\n" not in made
    assert len(made) < 5000
