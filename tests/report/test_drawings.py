"""A kept picture is the one that would be drawn, and nothing else is ever taken for it."""

import json
from dataclasses import replace

import geopandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from placebook.figures import maps, strips, style
from placebook.figures.style import Drawn, Sketch
from placebook.report import drawings
from placebook.report.drawings import Drawings, written

ROW = strips.Row("Pay", "£ a week", 612.5, "£612.50", marks=(strips.Mark("country", "England", 700.0),))


def squares(size=1.0, names=("North", "South")):
    shapes = [box(0, 1, size, 2), box(0, 0, 1, 1)]
    return geopandas.GeoDataFrame({"name": list(names)}, geometry=shapes, index=["E1", "E2"], crs="EPSG:27700")


@pytest.fixture
def drawn(monkeypatch):
    """How often a picture was really drawn."""
    real, times = style.svg, []
    monkeypatch.setattr(style, "svg", lambda picture: times.append(picture) or real(picture))
    return times


@pytest.fixture
def kept(tmp_path):
    """A file of pictures; none is there yet."""
    return tmp_path / "cache" / "ayton.kept"


def draw(path, *pictures):
    """The pictures of one time, kept for the next."""
    drawings = Drawings(path)
    made = [drawings.svg(picture) for picture in pictures]
    drawings.close()
    return made


def strip(row=ROW, alt="Pay 612.5"):
    return Drawn(Sketch(strips.strip, (row,)), alt)


def test_the_second_time_gives_the_same_picture_and_costs_nothing(kept, drawn):
    (first,) = draw(kept, strip())
    assert draw(kept, strip()) == [first] == draw(None, strip()) and len(drawn) == 2
    assert first.startswith("<svg") and "£612.50" in first


@pytest.mark.parametrize(
    "other",
    [
        {"value": 612.5000001},
        {"label": "£612"},
        {"lower": 600.0},
        {"marks": ()},
        {"marks": (strips.Mark("region", "England", 700.0),)},
    ],
)
def test_another_number_word_or_mark_is_another_picture(kept, drawn, other):
    draw(kept, strip())
    draw(kept, strip(), strip(replace(ROW, **other)), strip(alt="Another text"))
    assert len(drawn) == 3


def test_another_room_or_library_draws_again(kept, drawn, monkeypatch):
    draw(kept, strip())
    monkeypatch.setattr(drawings, "version", lambda name: "0")
    monkeypatch.setattr(drawings, "_maker", drawings._maker.__wrapped__)  # as another process, which has read nothing yet
    draw(kept, strip())
    monkeypatch.setattr(drawings, "_rooms", lambda: ["another hand"])
    draw(kept, strip())
    assert len(drawn) == 3


def test_what_nobody_drew_this_time_is_dropped(kept):
    draw(kept, strip(alt="Gone"))
    draw(kept, strip())
    assert b"Pay 612.5" in kept.read_bytes() and b"Gone" not in kept.read_bytes()


def test_what_has_not_changed_is_not_written_again(kept):
    draw(kept, strip())
    before = kept.stat().st_mtime_ns
    draw(kept, strip())
    assert kept.stat().st_mtime_ns == before


@pytest.mark.parametrize("other", [squares(size=1.5), squares(names=("North", "East")), squares().iloc[::-1]])
def test_outlines_differ_by_corner_name_and_order(other):
    assert json.dumps(written(squares())) == json.dumps(written(squares())) != json.dumps(written(other))


def test_a_map_is_kept_too(kept, drawn):
    shaded = maps.Shaded("Owning", {"E1": 1.0, "E2": 2.0}, maps.Classes((1, 2), ("1", "2")))
    picture = Drawn(Sketch(maps.small_map, (squares(), shaded, squares())), "A map")
    assert draw(kept, picture) == draw(kept, picture) and len(drawn) == 1


def test_a_thing_that_cannot_be_told_apart_is_refused():
    with pytest.raises(TypeError, match="given a object"):
        written((object(),))


THINGS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner).map(tuple) | st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def kinds(thing):
    """A thing with the kinds of its parts: 1, 1.0 and True are alike to Python and not when drawn."""
    if isinstance(thing, dict):
        return ("dict", tuple((key, kinds(value)) for key, value in thing.items()))
    if isinstance(thing, list | tuple):
        return (type(thing).__name__, tuple(map(kinds, thing)))
    return (type(thing).__name__, repr(thing))


@given(THINGS, THINGS)
def test_two_things_are_written_alike_only_if_they_are_alike(one, other):
    assert (json.dumps(written(one)) == json.dumps(written(other))) == (kinds(one) == kinds(other))
