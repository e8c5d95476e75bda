"""The longest names of England in every kind of picture: none is cut off, none is printed over another."""

import csv
import itertools
import pathlib

import geopandas
import pytest
from checkouts import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from placebook.figures import bars, lines, maps, spreads, style
from placebook.figures.labels import letters_wide
from placebook.figures.svg import Drawn, svg
from tests.figures.texts import faults

with pathlib.Path(ROOT / "data" / "geography" / "areas.csv").open(encoding="utf-8") as file:
    AREAS = list(csv.DictReader(file))
DISTRICTS = {row["name"] for row in AREAS if row["level"] == "district" and row["country"] == "E92000001"}
LONGEST = sorted(DISTRICTS, key=lambda name: (-len(name), name))[:20]
REGIONS = ("Yorkshire and The Humber", "East of England")
BROADEST = max((row["name"] for row in AREAS if row["level"] == "county"), key=lambda name: letters_wide([name], style.LEAST))
"""The county whose name is longest."""


def told(figure):
    return faults(svg(Drawn(figure, "x")))


def test_the_longest_names_are_those_that_were_cut_off():
    assert LONGEST[0] == "Bournemouth, Christchurch and Poole"
    assert {"King's Lynn and West Norfolk", "Kingston upon Hull, City of"} <= set(LONGEST)
    assert set(REGIONS) <= {row["name"] for row in AREAS if row["level"] == "region"}


# ------------------------------------------------------------ what is drawn


ENDS = {
    "together at the top": (1_999_999.0,) * 4,
    "together below": (-2.0, -2.0, -2.0, -2.01),
    "far apart": (0.1, 40_000.0, 80_000.0, 120_000.0),
    "of both signs": (-160_000.0, -80_000.0, 20_000.0, 19_000.0),
}


def trend(name, region, ends):
    roles = (("country", "England"), ("region", region), ("county", BROADEST), ("place", name))
    years = tuple(range(1998, 2024))
    drawn = [
        lines.Line(role, said, years, tuple(end * (0.5 + 0.5 * at / 25) for at, _ in enumerate(years)))
        for (role, said), end in zip(roles, ends, strict=True)
    ]
    return lines.over_time(drawn, f"GCSE English and maths by age 19, % of young people aged 19, {name}", "%")


def large(name, region):
    marks = (
        bars.Mark("county", BROADEST, 0.0),
        bars.Mark("region", region, 1_450_000.0),
        bars.Mark("country", "England", 2.0),
    )
    items = [
        bars.Bar(name, 1_499_999.0, "1,499,999", marks),
        bars.Bar("Business administration and support services", 2.0, "2"),
        bars.Bar(region, 900_000.0, "900,000", marks),
    ]
    legend = [("county", BROADEST), ("region", region), ("country", "England")]
    return bars.large_bars(
        items,
        f"enterprises in {name} and everywhere around it, whoever owns them",
        name,
        legend,
        (1_400_000.0, "1,400,000 = share in England"),
    )


def small(name, region):
    items = [
        bars.Bar(said, 120_000.0 / at, f"{120_000 / at:,.0f}") for at, said in enumerate((name, region, BROADEST, "Bath"), 1)
    ]
    return bars.small_bars(items, f"Where residents of {name} go", "people", 120_000.0)


def shapes(names, columns=4):
    cells = [
        box(10_000 * (at % columns), 10_000 * (at // columns), 10_000 * (at % columns + 1), 10_000 * (at // columns + 1))
        for at, _ in enumerate(names)
    ]
    return geopandas.GeoDataFrame({"name": list(names), "geometry": cells}, index=list(names), crs="EPSG:27700")


def flows(name, region):
    around = shapes([name, *(other for other in LONGEST if other != name)][:9])
    return maps.flow_map(around, name, name, [maps.Flow(other, other, 2_000.0, 900.0) for other in around.index[1:]])


def neighbourhoods(name, region):
    around = shapes([name, region, BROADEST, "Bath"], 2)
    values = dict(zip(around.index, (1, 4, 8, 10), strict=True))
    return maps.small_area_map(around, values, maps.DECILES, f"Decile of deprivation in {region}", around)


def inside(name, region):
    around = shapes([name, region, BROADEST, "Bath"], 2)
    shaded = maps.Shaded(
        f"Disposable household income, {name}",
        dict(zip(around.index, (1.0, 2.0, 31_000.0, 52_000.0), strict=True)),
        maps.quantile_classes([21_000.0, 31_000.0, 41_000.0, 52_000.0, 99_999.0], "%"),
    )
    return maps.small_map(around, shaded, around)


def whiskers(name, region):
    items = [
        spreads.Whisker(said, 40_000.0 + at, 1_000.0, 2_000_000.0, "£40,000")
        for at, said in enumerate((name, region, BROADEST))
    ]
    return spreads.whiskers(items, "£ a year, before housing costs")


CHARTS = (large, small, whiskers)
MAPS = (flows, neighbourhoods, inside)


@pytest.mark.parametrize("name", (*LONGEST, *REGIONS))
def test_no_text_of_a_chart_is_cut_off_or_printed_over_another(name):
    region = REGIONS[LONGEST.index(name) % 2] if name in LONGEST else name
    found = {f"trend, {ends}": told(trend(name, region, values)) for ends, values in ENDS.items()}
    found |= {kind.__name__: told(kind(name, region)) for kind in CHARTS}
    assert {kind: faulty for kind, faulty in found.items() if any(faulty)} == {}


@pytest.mark.parametrize("kind", MAPS)
@pytest.mark.parametrize("name", LONGEST[:4])
def test_no_text_of_a_map_is_cut_off_or_printed_over_another(name, kind):
    """Each map holds several of the longest names at once."""
    assert told(kind(name, REGIONS[0])) == ([], [])


@pytest.mark.parametrize("kind", (*CHARTS, *MAPS))
def test_a_town_may_have_the_longest_name_that_is_allowed(kind):
    name = "Stoke-on-the-Wold with Great and Little Ashby, Upper Slaughterford and Winterborne"[:80]
    assert told(kind(name, REGIONS[0])) == ([], []) and told(trend(name, REGIONS[0], ENDS["together below"])) == ([], [])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 60), st.floats(5, 15)), min_size=1, max_size=6))
def test_blocks_that_are_pushed_apart_stay_in_order_and_between_the_ends(wanted):
    wanted = sorted(wanted)
    heights = [high for _, high in wanted]
    top = max(60.0, sum(heights))
    at = lines.apart([middle for middle, _ in wanted], heights, 0.0, top)
    edges = [(middle - high / 2, middle + high / 2) for middle, high in zip(at, heights, strict=True)]
    assert edges[0][0] >= -1e-6 and edges[-1][1] <= top + 1e-6
    assert all(lower[1] <= upper[0] + 1e-6 for lower, upper in itertools.pairwise(edges))


def test_blocks_that_have_room_stay_where_they_are():
    assert lines.apart([10, 30, 50], [10, 10, 10], 0, 60) == [10, 30, 50]
