"""Values with their way back: the input drawn small, the expected number written as arithmetic."""

import io

import pandas as pd
import pytest

from placebook.catalogue.models import Indicator
from placebook.evidence.derivation import each_key, recompute
from placebook.evidence.flows import flows
from placebook.evidence.series import values_of
from placebook.evidence.small_areas import by_decile, small_areas
from placebook.evidence.store import COLUMNS
from placebook.evidence.values import Group, latest

TEXT = {"area", "period", "measure", "category", "partner", "markers"}


class Drawn:
    """A store of one table, written in the test as a reader would draw it."""

    def __init__(self, text: str):
        frame = pd.read_csv(
            io.StringIO(text.replace(" ", "")),
            dtype=dict.fromkeys(TEXT, str),
            keep_default_na=False,
            na_values={c: [""] for c in ("value", "lower", "upper")},
        )
        for column in COLUMNS:
            if column not in frame:
                frame[column] = "" if column in TEXT else float("nan")
        self.frame = frame[list(COLUMNS)]

    def rows(self, source_id, *, measure=None, category=None, areas=None, partner=None):
        frame = self.frame
        for column, wanted in (("measure", measure), ("category", category), ("partner", partner)):
            if wanted is not None:
                frame = frame[frame[column].isin([wanted] if isinstance(wanted, str) else list(wanted))]
        return frame[frame["area"].isin(areas)] if areas is not None else frame

    def cells(self, source_id, names, **where):
        return self.rows(source_id, **where)[list(names)].itertuples(index=False, name=None)

    def lookup(self, table, key):
        area, period, measure, category, partner = key
        (row,) = self.frame[
            (self.frame.area == area)
            & (self.frame.period == period)
            & (self.frame.measure == measure)
            & (self.frame.category == category)
            & (self.frame.partner == partner)
        ].itertuples()
        return row.value


def indicator(reads, **more):
    given = {
        "id": "things",
        "title": "Things",
        "phrase": "the number of things",
        "question": "How many?",
        "definition": "Things.",
        "unit": "percent",
        "unit_words": "% of things",
        "decimals": 1,
        "polarity": "neither",
        "measure": "share",
        "uncertainty": "full_count",
        "counts": "stock",
        "source": "s",
        "reads": reads,
        "levels": ["lsoa"],
    }
    return Indicator.model_validate(given | more)


def group(*members, role="place"):
    return Group(role, members[0] if len(members) == 1 else "town", "Town", "town", "best_fit", members)


SMALL = Drawn(
    """area,period,measure,category,value,markers
    A,2021-03-21,homes,,     100,
    A,2021-03-21,homes,flat,  30,
    A,2021-03-21,homes,house, 68,
    B,2021-03-21,homes,,      50,
    B,2021-03-21,homes,flat,   0,
    B,2021-03-21,homes,house, 50,
    C,2021-03-21,homes,,      10,
    C,2021-03-21,homes,flat,    ,c
    C,2021-03-21,homes,house,  4,"""
)
SHARE = {
    "kind": "share",
    "numerator": {"measure": "homes", "categories": ["flat"]},
    "denominator": {"measure": "homes"},
}


def only(store, spec, found):
    (series,) = values_of(store, spec, "t", [found]).values()
    return series


def test_a_share_is_the_sum_of_numerators_over_the_sum_of_denominators():
    (value,) = only(SMALL, indicator(SHARE), group("A", "B"))
    assert value.value == 100 * (30 + 0) / (100 + 50)
    assert value.derivation == "share"
    assert value.lower is None, "no limits are published, so none are made up"


def test_a_sum_over_small_areas():
    spec = indicator({"kind": "sum", "of": {"measure": "homes"}}, unit="count", measure="count")
    (value,) = only(SMALL, spec, group("A", "B"))
    assert value.value == 100 + 50 and value.derivation == "sum"
    (alone,) = only(SMALL, spec, group("A"))
    assert alone.value == 100 and alone.derivation == "published"


def test_a_withheld_part_withholds_the_whole_with_its_marker():
    (value,) = only(SMALL, indicator(SHARE), group("A", "C"))
    assert value.value is None and value.markers == ("c",)
    assert latest([value]) is None


def test_a_missing_small_area_makes_no_sum():
    assert values_of(SMALL, indicator(SHARE), "t", [group("A", "Z")]) == {}


def test_a_zero_is_a_value():
    (value,) = only(SMALL, indicator(SHARE), group("B"))
    assert value.value == 0 and latest([value]) is value


def test_a_composition_uses_the_sum_of_its_own_slices():
    spec = indicator(
        {
            "kind": "composition",
            "measure": "homes",
            "slices": [{"label": "Flats", "categories": ["flat"]}, {"label": "Houses", "categories": ["house"]}],
        }
    )
    flats, houses = only(SMALL, spec, group("A", "B"))
    assert flats.value == 100 * 30 / (30 + 68 + 0 + 50)  # the table's total says 150, perturbed
    assert flats.value + houses.value == pytest.approx(100)


def test_a_median_is_never_added_up():
    pay = Drawn("area,period,measure,value,lower,upper\nA,2025-04-30,pay,600,550,650\nB,2025-04-30,pay,700,,")
    spec = indicator({"kind": "published", "measure": "pay"}, measure="median", unit="pounds")
    assert values_of(pay, spec, "t", [group("A", "B")]) == {}
    (value,) = only(pay, spec, group("A"))
    assert (value.value, value.lower, value.upper) == (600, 550, 650)


def test_periods_come_oldest_first_and_breaks_are_marked():
    series = Drawn("area,period,measure,value\nA,2021-01-01/P1Y,x,5\nA,2022-01-01/P1Y,x,9\nA,2020-01-01/P1Y,x,4")
    series.frame = series.frame.sort_values("period")
    spec = indicator(
        {"kind": "published", "measure": "x"},
        from_period="2021-01-01/P1Y",
        breaks=[{"period": "2022-01-01/P1Y", "reason": "new survey"}],
    )
    assert [(v.value, v.markers) for v in only(series, spec, group("A"))] == [(5, ()), (9, ("b",))]


@pytest.mark.parametrize("members", [("A",), ("A", "B")])
def test_every_value_is_recomputed_from_its_inputs(members):
    (value,) = only(SMALL, indicator(SHARE), group(*members))
    entry = {"derivation": value.derivation, "inputs": [i.record() for i in value.inputs]}
    assert recompute(entry, SMALL.lookup) == value.value
    keys = list(each_key(entry["inputs"][0]["key"]))
    assert keys == [(m, "2021-03-21", "homes", "flat", "") for m in members]


def test_recompute_notices_a_row_that_is_not_there():
    entry = {
        "derivation": "published",
        "inputs": [
            {"table": "t", "key": {"area": "Q", "period": "2021-03-21", "measure": "homes", "category": "", "partner": ""}}
        ],
    }
    with pytest.raises(ValueError):
        recompute(entry, SMALL.lookup)


class Names(dict):
    def __missing__(self, code):
        raise KeyError(code)

    def known_as(self, code):
        return self[code].known_as if code in self else code


class Place:
    def __init__(self, code):
        self.code, self.name, self.level, self.parents, self.known_as = code, f"Place {code}", "lsoa", {}, f"Place {code}"


AREAS = Names({code: Place(code) for code in ("A", "B", "C", "E1", "E2", "E3", "W9")})


def test_small_areas_of_an_index_are_counted_never_added():
    imd = Drawn(
        """area,period,measure,value
        A,2025-01-01/P1Y,decile,1
        B,2025-01-01/P1Y,decile,3
        A,2025-01-01/P1Y,rank,100
        B,2025-01-01/P1Y,rank,9000"""
    )
    spec = indicator({"kind": "small_area_index", "decile": "decile", "rank": "rank"}, measure="index")
    details = small_areas(imd, spec, spec.reads, "t", ["A", "B"], AREAS)
    counts = {count.decile: count.count for count in by_decile(spec, details, "decile")}
    assert counts[1] == 1 and counts[3] == 1 and sum(counts.values()) == 2
    assert {v.role for v in details} == {"small_area"}
    assert small_areas(imd, spec, spec.reads, "t", ["A", "B", "C"], AREAS) == (), "one is not held"


def test_flows_out_in_and_net():
    trips = Drawn(
        """area,period,measure,category,partner,value
        E1,2021-03-21,workers,3,E1,40
        E1,2021-03-21,workers,3,E2,7
        E1,2021-03-21,workers,3,W9,2
        E1,2021-03-21,workers,3,999999999,5
        E2,2021-03-21,workers,3,E1,11
        E3,2021-03-21,workers,3,E1,1
        E3,2021-03-21,workers,1,E1,99
        E1,2021-03-21,live,,,154
        E1,2021-03-21,work,,,152
        E1,2021-03-21,home,,,100
        E1,2021-03-21,away,,,5"""
    )
    reads = {
        "kind": "flow",
        "measure": "workers",
        "category": "3",
        "abroad": "away",
        "margin": {"of": "live", "less": ["home"]},
        "margin_in": {"of": "work", "less": ["home"]},
    }
    spec = indicator(reads, unit="count", measure="count")
    totals, details = flows(trips, spec, spec.reads, "t", group("E1"), AREAS)
    assert {v.category: v.value for v in totals} == {"out": 7 + 2, "abroad": 5, "in": 11 + 1, "net": (11 + 1) - (7 + 2)}
    assert [(v.category, v.partner, v.value) for v in details] == [
        ("in", "E2", 11),
        ("in", "E3", 1),
        ("out", "E2", 7),
        ("out", "W9", 2),
    ]
    net = totals[3]
    entry = {"derivation": net.derivation, "inputs": [i.record() for i in net.inputs]}
    assert recompute(entry, trips.lookup) == net.value


def test_a_withheld_flow_withholds_its_total():
    trips = Drawn(
        """area,period,measure,category,partner,value,lower,upper,markers
        E1,2021-03-21,workers,,E2,7,,,
        E1,2021-03-21,workers,,E3,,,,c
        E2,2021-03-21,workers,,E1,11,,,
        E1,2021-03-21,live,,,9,,,
        E1,2021-03-21,work,,,11,,,"""
    )
    spec = indicator(
        {"kind": "flow", "measure": "workers", "margin": {"of": "live"}, "margin_in": {"of": "work"}},
        unit="count",
        measure="count",
    )
    totals, _ = flows(trips, spec, spec.reads, "t", group("E1"), AREAS)
    assert [(v.category, v.value, v.markers) for v in totals] == [
        ("out", None, ("c",)),
        ("in", 11, ()),
        ("net", None, ("c",)),
    ]


def test_flows_of_several_small_areas_stay_inside_and_need_their_margin():
    """A and B are one town: 5 between them stay inside; E2 gets 7 + 1 from them."""
    rows = """area,period,measure,category,partner,value
        A,2021-03-21,workers,,B,5
        A,2021-03-21,workers,,E2,7
        B,2021-03-21,workers,,E2,1
        E2,2021-03-21,workers,,A,4
        A,2021-03-21,all,,,12
        B,2021-03-21,all,,,{margin}"""
    spec = indicator({"kind": "flow", "measure": "workers", "margin": {"of": "all"}}, unit="count", measure="count")
    trips = Drawn(rows.format(margin=1))
    totals, details = flows(trips, spec, spec.reads, "t", group("A", "B"), AREAS)
    assert [(v.category, v.value) for v in totals] == [("out", 8)]
    assert [(v.category, v.partner, v.value, v.derivation) for v in details] == [
        ("in", "E2", 4, "published"),
        ("out", "E2", 8, "sum"),
    ]
    for value in (*totals, *details):
        entry = {"derivation": value.derivation, "inputs": [i.record() for i in value.inputs]}
        assert recompute(entry, trips.lookup) == value.value
    assert flows(Drawn(rows.format(margin=90)), spec, spec.reads, "t", group("A", "B"), AREAS) == ((), ())


@pytest.mark.parametrize("area, live, work", [("E1", 7, 1000), ("E1", 1000, 9), ("E2", 7, 9)])
def test_flows_of_which_only_some_are_held_are_not_shown(area, live, work):
    """The fault of Bristol: only its flows with one county were held, and their sum was called its own."""
    trips = Drawn(
        f"""area,period,measure,category,partner,value
        E1,2021-03-21,workers,,E2,7
        E2,2021-03-21,workers,,E1,9
        {area},2021-03-21,live,,,{live}
        {area},2021-03-21,work,,,{work}"""
    )
    spec = indicator(
        {"kind": "flow", "measure": "workers", "margin": {"of": "live"}, "margin_in": {"of": "work"}},
        unit="count",
        measure="count",
    )
    assert flows(trips, spec, spec.reads, "t", group("E1"), AREAS) == ((), ())


def test_of_two_editions_of_an_index_the_newest_counts():
    imd = Drawn(
        """area,period,measure,value
        A,2019-01-01/P1Y,decile,9
        A,2025-01-01/P1Y,decile,2
        A,2019-01-01/P1Y,rank,900
        A,2025-01-01/P1Y,rank,200"""
    )
    spec = indicator({"kind": "small_area_index", "decile": "decile", "rank": "rank"}, measure="index")
    details = small_areas(imd, spec, spec.reads, "t", ["A"], AREAS)
    assert [(v.period[:4], v.value) for v in details] == [("2025", 2), ("2025", 200)]


def test_a_location_quotient_is_a_share_over_the_share_in_the_base():
    """Farms are 3 of 10 here and 10 of 100 in the base: 0.3 / 0.1."""
    firms = Drawn(
        """area,period,measure,category,value
        E1,2024-01-01/P1Y,firms,farms,3
        E1,2024-01-01/P1Y,firms,shops,7
        X,2024-01-01/P1Y,firms,farms,4
        X,2024-01-01/P1Y,firms,shops,36
        Y,2024-01-01/P1Y,firms,farms,6
        Y,2024-01-01/P1Y,firms,shops,54"""
    )
    spec = indicator(
        {
            "kind": "location_quotient",
            "measure": "firms",
            "base": ["E00000001", "E00000002"],
            "base_name": "all",
            "slices": [{"label": "Farms", "categories": ["farms"]}, {"label": "Shops", "categories": ["shops"]}],
        },
        unit="quotient",
        measure="ratio",
    )
    spec = spec.model_copy(update={"reads": spec.reads.model_copy(update={"base": ("X", "Y")})})
    (found,) = values_of(firms, spec, "t", [group("E1")]).values()
    assert [(v.category, v.value) for v in found] == [
        ("Farms", pytest.approx((3 / 10) / (10 / 100))),
        ("Shops", pytest.approx((7 / 10) / (90 / 100))),
    ]
    for value in found:
        entry = {"derivation": value.derivation, "inputs": [i.record() for i in value.inputs]}
        assert recompute(entry, firms.lookup) == pytest.approx(value.value)
