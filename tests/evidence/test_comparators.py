"""Beside whom a figure stands, and what small areas, quotients and flows do where something is not held."""

import pytest

from placebook.catalogue.load import Catalogue
from placebook.evidence.periods import overlap, span, years_between
from placebook.evidence.ratios import ratios
from placebook.evidence.reading import Absent
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings import sentences
from placebook.findings.all_claims import all_claims

HEAD = "area,period,measure,category,partner,value,lower,upper,markers\n"
MEASURE = "  {0}: {{label: {0}, unit: units, minimum: 0, maximum: 1000000000}}"
# All figures below are made up for these tests; they exist nowhere else.
ENTRY = """\
title: Inside
question: How?
indicators:
  - id: {id}
    title: {id}
    phrase: the {id}
    question: How?
    definition: Made up.
    unit: {unit}
    unit_words: units
    decimals: {decimals}
    polarity: neither
    measure: {measure}
    uncertainty: {uncertainty}
    counts: stock
    price_basis: {price}
    source: {id}
    reads: {reads}
    levels: {levels}
"""


def evidence(project, slug="broxbourne") -> Evidence:
    catalogue = Catalogue.open(project)
    return Evidence(catalogue, Store.open(project, catalogue.sources, catalogue.areas), slug)


def table(project, name, rows, levels, measures=None):
    """A table of (area, period, measure, category, partner, value, markers), sorted as the store wants it."""
    text = "".join(f"{a},{p},{m},{c},{o},{v},,,{k}\n" for a, p, m, c, o, v, k in sorted(rows, key=lambda row: row[:5]))
    project.table(name, HEAD + text, levels, "\n".join(MEASURE.format(found) for found in measures or (name,)))


def entry(
    project,
    id_,
    reads,
    levels="[district]",
    unit="count",
    measure="count",
    price="none",
    uncertainty="full_count",
    decimals=0,
    more="",
):
    project.write(
        "data/indicators/90-inside.yml",
        ENTRY.format(
            id=id_,
            reads=reads,
            levels=levels,
            unit=unit,
            measure=measure,
            price=price,
            uncertainty=uncertainty,
            decimals=decimals,
        )
        + more,
    )


def told(count):
    """A count and its marker: confidential where there is none."""
    return ("", "c") if count is None else (count, "")


def north(project):
    project.write("params/north.yml", "name: North Herts\nkind: district\ncode: E07000099\n")
    return evidence(project, "north")


# ------------------------------------------------------------ periods


@pytest.mark.parametrize(
    ("earlier", "later", "shared"),
    [
        ("2018-01-01/P3Y", "2020-01-01/P3Y", True),
        ("2017-01-01/P3Y", "2020-01-01/P3Y", False),
        ("2023-04-01/P1Y", "2024-03-31", True),
        ("2023-04-01/P1Y", "2024-04-01", False),
        ("2023-01-01/P3M", "2023-03-01/P1M", True),
        ("2021-03-21", "2021-03-21", True),
    ],
)
def test_periods_that_share_a_day_overlap(earlier, later, shared):
    assert overlap(earlier, later) is overlap(later, earlier) is shared


def test_a_period_ends_on_its_last_day():
    ends = {
        "2023-01-01/P1Y": "2023-12-31",
        "2023-04-01/P1Y": "2024-03-31",
        "2024-02-01/P1M": "2024-02-29",
        "2021-03-21": "2021-03-21",
    }
    assert {text: span(text).end.isoformat() for text in ends} == ends
    assert years_between("2018-01-01/P1Y", "2023-01-01/P1Y") == pytest.approx(5, abs=0.01)


@pytest.mark.parametrize("text", ["2023", "2023-01-01/P1D", "", "2023-01-01/1Y"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="not a date"):
        span(text)


# ------------------------------------------------------------ comparators


def test_a_region_is_added_up_from_all_its_districts_or_not_at_all(tiny_project):
    """Broxbourne 60, North Hertfordshire 30 and Luton 10 of 100 each: a third of all homes."""
    rows = [
        (code, "2023-01-01/P1Y", "homes", kind, "", count, "")
        for code, old in (("E06000032", 10), ("E07000095", 60), ("E07000099", 30))
        for kind, count in (("old", old), ("new", 100 - old))
    ]
    table(tiny_project, "age", rows, "[district]", ["homes"])
    reads = (
        "{kind: share, numerator: {measure: homes, categories: [old]}, denominator: {measure: homes, categories: [old, new]}}"
    )
    entry(tiny_project, "age", reads, unit="percent", measure="share", more="    comparators: [county, region, country]\n")
    reading = evidence(tiny_project).read("age")
    found = {c.role: (c.series[0].value, c.series[0].badge, c.contains) for c in reading.comparators if c.series}
    assert found["region"] == found["country"] == (pytest.approx(100 * 100 / 300), "best_fit", True)
    assert found["county"] == (pytest.approx(100 * 90 / 200), "best_fit", True)
    table(tiny_project, "age", rows[2:], "[district]", ["homes"])  # without Luton
    found = {c.role: c.series for c in evidence(tiny_project).read("age").comparators}
    assert found["region"] == found["country"] == () and found["county"] != ()


def test_a_comparator_without_figures_contains_nobody(tiny_project):
    county = evidence(tiny_project).read("work").beside("county")
    assert (county.series, county.contains, county.share) == ((), False, None)


def test_a_weight_of_which_one_district_is_missing_is_none(tiny_project):
    rows = [(code, "2023-06-30", "people", "", "", count, "") for code, count in (("E07000095", 260), ("E07000099", 340))]
    table(tiny_project, "people", rows, "[district]")
    tiny_project.replace(
        "data/indicators/30-people.yml",
        "    headline: 1\n",
        "    comparator_overlap: linear\n    weight: {source: people, measure: people}\n",
    )
    england = evidence(tiny_project).read("work").beside("country")
    assert (england.share, england.share_ever) == (None, None)
    table(tiny_project, "people", [*rows, ("E06000032", "2023-06-30", "people", "", "", 600, "")], "[district]")
    assert evidence(tiny_project).read("work").beside("country").share == pytest.approx(260 / 1200)


def test_a_published_total_of_the_comparator_comes_before_its_parts(tiny_project):
    rows = [(code, "2023-06-30", "people", "", "", count, "") for code, count in (("E07000095", 260), ("E92000001", 26000))]
    table(tiny_project, "people", rows, "[district, country]")
    tiny_project.replace(
        "data/indicators/30-people.yml",
        "    headline: 1\n",
        "    comparator_overlap: linear\n    weight: {source: people, measure: people}\n",
    )
    assert evidence(tiny_project).read("work").beside("country").share == pytest.approx(0.01)


def test_of_several_years_of_weights_the_newest_inside_the_period_counts(tiny_project):
    rows = [
        (code, f"{year}-06-30", "people", "", "", count, "")
        for year, own in ((2022, 100), (2023, 200), (2024, 300))
        for code, count in (("E07000095", own), ("E92000001", 1000))
    ]
    table(tiny_project, "people", rows, "[district, country]")
    tiny_project.replace(
        "data/indicators/30-people.yml",
        "    headline: 1\n",
        "    comparator_overlap: linear\n    weight: {source: people, measure: people}\n",
    )
    england = evidence(tiny_project).read("work").beside("country")
    assert (england.share, england.share_ever) == (pytest.approx(0.2), pytest.approx(0.3))


def test_a_ratio_falls_back_on_the_region_where_england_is_not_held(tiny_project):
    rows = [("E07000095", 40), ("TLH", 50)]
    text = "".join(f"{c},{y}-01-01/P1Y,rate,,,{v + n},,,p\n" for c, v in rows for n, y in enumerate((2022, 2023)))
    tiny_project.table("jobs", HEAD + text, "[district, itl1]")
    name, found = ratios(evidence(tiny_project).read("work"))
    assert name == "East of England" and [v.value for v in found] == pytest.approx([100 * 40 / 50, 100 * 41 / 51])
    assert [(v.markers, v.lower) for v in found] == [(("p",), None)] * 2


def test_one_year_makes_no_series_of_ratios(tiny_project):
    assert ratios(evidence(tiny_project).read("work")) == ("", ())


# ------------------------------------------------------------ small areas


def look_inside(project, level="lsoa"):
    project.replace(
        "data/indicators/60-places.yml",
        "    comparators: [parent, county]\n",
        f"    comparators: [parent, county]\n    inside: {level}\n",
    )


HOMES = [("E01000001", 10, 30), ("E01000002", 5, 15), ("E01000003", 1, 99), ("E01000004", 2, 38)]


def homes(rows):
    return HEAD + "".join(
        f"{code},2021-03-21,homes,{kind},,{'' if count is None else count},,,{'c' if count is None else ''}\n"
        for code, flats, houses in rows
        for kind, count in (("flat", flats), ("house", houses))
    )


def test_a_small_area_that_is_withheld_leaves_no_inside(tiny_project):
    look_inside(tiny_project)
    tiny_project.table("homes", homes([("E01000001", None, 30), *HOMES[1:]]))
    reading = evidence(tiny_project, "letchworth").read("flats")
    assert getattr(reading, "inside", None) is None


def test_a_small_area_withheld_elsewhere_takes_nothing_from_the_place(tiny_project):
    look_inside(tiny_project)
    tiny_project.table("homes", homes([*HOMES[:2], ("E01000003", None, 99), HOMES[3]]))
    inside = evidence(tiny_project, "letchworth").read("flats").inside
    assert [v.value for v in inside.values] == [25, 25] and sorted(inside.everywhere) == [5, 25, 25]


def test_small_areas_alike_stand_in_the_order_of_their_codes(tiny_project):
    look_inside(tiny_project)
    inside = evidence(tiny_project, "letchworth").read("flats").inside
    assert [v.area for v in inside.values] == ["E01000001", "E01000002"]
    (claim,) = [c for c in all_claims(evidence(tiny_project, "letchworth").read("flats")) if c.kind == "extreme"]
    assert claim.verdict == "equal"


def test_a_small_area_without_homes_has_no_share(tiny_project):
    look_inside(tiny_project)
    tiny_project.table("homes", homes([("E01000001", 0, 0), *HOMES[1:]]))
    reading = evidence(tiny_project, "letchworth").read("flats")
    assert reading.now[0].value == 25 and reading.inside is None


# ------------------------------------------------------------ estimates and indices


def estimates(project, rows):
    project.table("pay", HEAD + "".join(rows), "[msoa]", MEASURE.format("pay"))
    entry(project, "pay", "{kind: small_area_values, measure: pay}", "[msoa]", "pounds", "modelled", "current", "limits")


def test_the_newest_estimates_alone_are_shown(tiny_project):
    estimates(
        tiny_project,
        [
            "E02004911,2018-01-01/P1Y,pay,,,90,88,92,\n",
            "E02004911,2020-01-01/P1Y,pay,,,30,28,32,\n",
            "E02004914,2020-01-01/P1Y,pay,,,40,38,42,\n",
        ],
    )
    reading = north(tiny_project).read("pay")
    assert [(v.area_name, v.value) for v in reading.details] == [("East", 40), ("Grange", 30)]
    assert reading.subject.badge == "direct" and {v.derivation for v in reading.details} == {"published"}


def test_an_estimate_that_is_held_back_is_shown_as_such_and_never_an_extreme(tiny_project):
    estimates(tiny_project, ["E02004911,2020-01-01/P1Y,pay,,,,,,c\n", "E02004914,2020-01-01/P1Y,pay,,,40,38,42,\n"])
    reading = north(tiny_project).read("pay")
    assert [(v.value, v.markers) for v in reading.details] == [(40, ()), (None, ("c",))]
    assert all_claims(reading) == ()


def test_estimates_whose_limits_overlap_are_not_told_apart(tiny_project):
    estimates(tiny_project, ["E02004911,2020-01-01/P1Y,pay,,,30,20,40,\n", "E02004914,2020-01-01/P1Y,pay,,,40,30,50,\n"])
    (claim,) = all_claims(north(tiny_project).read("pay"))
    assert (claim.kind, claim.verdict, claim.gap) == ("extreme", "no_clear_difference", 10)


EARLIER = [("E01000003", 1), ("E01000004", 5), ("E01000009", 9)]


def index(project, rows, edition="2019-01-01/P1Y"):
    table(
        project,
        "index",
        [(code, edition, m, "", "", v, "") for code, v in rows for m in ("whole", "whole_rank")],
        "[lsoa]",
        ["whole", "whole_rank"],
    )
    entry(project, "index", "{kind: small_area_index, decile: whole, rank: whole_rank}", "[lsoa]", "decile", "index")


def test_an_edition_on_earlier_small_areas_is_counted_over_those(tiny_project):
    """Of 2011 only 009Z remains, and 004A in both: 001A and 001B are not in the table, so the earlier set counts."""
    index(tiny_project, EARLIER)
    reading = north(tiny_project).read("index")
    assert reading.subject.members == ("E01000003", "E01000009")
    assert {c.decile: c.count for c in reading.counts if c.count} == {1: 1, 9: 1}


def test_a_town_of_todays_small_areas_has_no_count_on_earlier_ones(tiny_project):
    index(tiny_project, EARLIER)
    assert isinstance(evidence(tiny_project, "letchworth").read("index"), Absent)


def test_an_edition_on_todays_small_areas_leaves_the_earlier_ones_out(tiny_project):
    index(tiny_project, [("E01000001", 1), ("E01000002", 2), ("E01000003", 3), ("E01000004", 4), ("E01000009", 9)])
    assert north(tiny_project).read("index").subject.members == ("E01000001", "E01000002", "E01000003")


def test_a_domain_that_lacks_a_small_area_is_not_counted(tiny_project):
    """Income is held for one of the two small areas of the town: the index is counted, the domain is not."""
    rows = [
        ("E01000001", "whole", 2),
        ("E01000001", "whole_rank", 2),
        ("E01000001", "income", 1),
        ("E01000002", "whole", 3),
        ("E01000002", "whole_rank", 3),
    ]
    table(
        tiny_project,
        "index",
        [(code, "2025-01-01/P1Y", m, "", "", v, "") for code, m, v in rows],
        "[lsoa]",
        ["whole", "whole_rank", "income"],
    )
    entry(
        tiny_project,
        "index",
        "{kind: small_area_index, decile: whole, rank: whole_rank, domains: [{label: Income, decile: income, rank: income}]}",
        "[lsoa]",
        "decile",
        "index",
    )
    reading = evidence(tiny_project, "letchworth").read("index")
    assert reading.domains == () and sum(c.count for c in reading.counts) == 2


# ------------------------------------------------------------ location quotients

FIRMS = {"E07000095": (30, 70), "E07000099": (10, 90), "E06000032": (0, 100), "E92000001": (40, 260)}
QUOTIENT = (
    "{kind: location_quotient, measure: firms, base: [E92000001], base_name: England, slices: "
    "[{label: Farms, categories: [farms]}, {label: Shops, categories: [shops]}]}"
)


def firms(project, held=FIRMS):
    rows = [
        (code, "2024-01-01/P1Y", "firms", kind, "", *told(n))
        for code, counts in held.items()
        for kind, n in zip(("farms", "shops"), counts, strict=True)
    ]
    table(project, "firms", rows, "[district, country]")
    entry(project, "firms", QUOTIENT, "[district, country]", "quotient", "ratio", decimals=2)


def test_a_quotient_by_hand(tiny_project):
    """Farms: 30 of 100 here, 40 of 300 in England: 0.3 / 0.1333 = 2.25. Shops: 0.7 / 0.8667."""
    firms(tiny_project)
    now = evidence(tiny_project).read("firms").now
    assert {v.category: v.value for v in now} == {"Farms": pytest.approx(2.25), "Shops": pytest.approx(0.7 / (260 / 300))}


def test_an_industry_that_is_not_there_has_a_quotient_of_nought(tiny_project):
    firms(tiny_project)
    tiny_project.write("params/luton.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    farms, shops = evidence(tiny_project, "luton").read("firms").now
    assert farms.value == 0 and farms.markers == () and shops.value == pytest.approx(1 / (260 / 300))


def test_the_base_itself_has_quotients_of_one(tiny_project):
    firms(tiny_project, {"E07000095": (40, 260), "E92000001": (40, 260)})
    assert [v.value for v in evidence(tiny_project).read("firms").now] == pytest.approx([1, 1])


def test_a_withheld_industry_withholds_every_quotient_of_the_place(tiny_project):
    """Without farms the sum of all industries is not known either."""
    firms(tiny_project, FIRMS | {"E07000095": (None, 70)})
    reading = evidence(tiny_project).read("firms")
    assert {v.category: (v.value, v.markers) for v in reading.held_back} == {"Farms": (None, ("c",)), "Shops": (None, ("c",))}
    assert "E07000095" not in {v.area for v in reading.now}


def test_an_industry_that_the_base_lacks_has_no_quotient(tiny_project):
    firms(tiny_project, FIRMS | {"E92000001": (0, 300)})
    farms, shops = evidence(tiny_project).read("firms").now
    assert (farms.value, farms.markers) == (None, ("z",)) and shops.value == pytest.approx(0.7)


# ------------------------------------------------------------ flows

TRIPS = [("E07000095", "E07000099", 70), ("E07000099", "E06000032", None), ("E07000099", "E07000095", 40)]
WAYS = ("trips", "leaving", "arriving")
BOTH = "{kind: flow, measure: trips, margin: {of: leaving}, margin_in: {of: arriving}}"


def test_a_withheld_flow_is_told_and_no_total_is_made_up(tiny_project):
    rows = [(home, "2021-03-21", "trips", "", work, *told(n)) for home, work, n in TRIPS]
    rows += [("E07000099", "2021-03-21", m, "", "", n, "") for m, n in (("leaving", 60), ("arriving", 70))]
    table(tiny_project, "trips", rows, "[district]", WAYS)
    entry(tiny_project, "trips", BOTH)
    reading = north(tiny_project).read("trips")
    assert {v.category: (v.value, v.markers) for v in reading.series} == {
        "out": (None, ("c",)),
        "in": (70, ()),
        "net": (None, ("c",)),
    }
    assert ("E06000032", None, ("c",)) in [(v.partner, v.value, v.markers) for v in reading.details]
    (said,) = sentences.say(all_claims(reading))
    assert said.text == "On 21 March 2021 the flows of North Herts are partly withheld, so that no total is shown."


def test_as_many_in_as_out_is_no_net_flow(tiny_project):
    rows = [(home, "2021-03-21", "trips", "", work, 40, "") for home, work, _ in (TRIPS[0], TRIPS[2])]
    rows += [("E07000095", "2021-03-21", m, "", "", 40, "") for m in WAYS[1:]]
    table(tiny_project, "trips", rows, "[district]", WAYS)
    entry(tiny_project, "trips", BOTH)
    (said,) = sentences.say(all_claims(evidence(tiny_project).read("trips")))
    assert said.text.endswith("and 40 residents of other districts to one in Broxbourne: no net flow.")
