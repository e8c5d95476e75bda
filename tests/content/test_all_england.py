"""What the book holds for every English district, against numbers that its publishers print."""

from pathlib import Path

import pytest

from placebook.catalogue.aggregations import Composition
from placebook.catalogue.load import Catalogue
from placebook.catalogue.places import DistrictPlace
from placebook.evidence.reading import Reading
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.evidence.sums import mergers, sums
from placebook.findings import sentences
from placebook.findings.all_claims import all_claims
from placebook.paths import Project

PROJECT = Project(Path(__file__).parents[2])
COMMUTERS = {  # out to another district of the UK, of whom with abroad and offshore, in
    "E06000023": (33_727, 34_211, 48_518),
    "E06000042": (17_061, 17_502, 28_091),
    "E07000008": (10_154, 10_402, 32_681),
    "E06000032": (29_280, 29_564, 18_992),
    "E09000001": (1_016, 1_051, 84_612),
}
MERGED = ("E06000063", "E06000064", "E06000065", "E06000066")


@pytest.fixture(scope="module")
def book():
    catalogue = Catalogue.open(PROJECT)
    return catalogue, Store.open(PROJECT, catalogue.sources, catalogue.areas)


def read(book, code: str, indicator: str):
    catalogue, store = book
    place = DistrictPlace(name=catalogue.areas[code].name, kind="district", code=code)
    catalogue.places["anywhere"] = place
    return Evidence(catalogue, store, "anywhere").read(indicator)


@pytest.mark.parametrize("code", COMMUTERS)
def test_commuters_are_those_of_the_publishers_summary(book, code):
    out, with_abroad, into = COMMUTERS[code]
    reading = read(book, code, "commuting")
    assert {v.category: v.value for v in reading.series} == {
        "out": out,
        "abroad": with_abroad - out,
        "in": into,
        "net": into - out,
    }
    assert reading.subject.badge == "direct"
    assert not [v for v in reading.details if v.partner_name == v.partner], "every partner has a name"


def test_abroad_is_said_once_beside_those_who_travel_out(book):
    (sentence,) = sentences.say(all_claims(read(book, "E06000023", "commuting")))
    said = sentence.text
    assert "33,727 residents of Bristol travelled to a workplace in another district, " in said
    assert "484 more abroad or offshore, and " in said and "48,518 residents of other districts to one in Bristol" in said


def test_every_district_has_its_commuters_and_its_neighbours(book):
    catalogue, store = book
    for number, area in enumerate(catalogue.areas.of_level("district")):
        # That flows add up to their totals in all districts is checked below; a tenth of them are read as a page does.
        assert number % 10 or isinstance(read(book, area.code, "commuting"), Reading), area.name
        catalogue.places["anywhere"] = DistrictPlace(name=area.name, kind="district", code=area.code)
        peers = Evidence(catalogue, store, "anywhere").peers
        assert len(peers) == 5 and [n.rank for n in peers] == sorted(n.rank for n in peers), area.name
        assert all(catalogue.areas[n.code].level == "district" for n in peers)


@pytest.mark.parametrize(
    ("indicator", "published"),
    [
        # The rows of Bristol in the Census tables as published: TS054, TS001, TS041, TS063, TS037, TS045, TS058, TS046.
        ("social-rented", 100 * (24_977 + 10_902) / (48_199 + 55_221 + 1_656 + 24_977 + 10_902 + 46_271 + 3_942 + 470)),
        ("residents", 472_465),
        ("households", 191_638),
        ("managers-and-professionals", 100 * (24_219 + 64_929 + 35_165) / 238_513),
        ("bad-health", 100 * (18_032 + 5_419) / 472_465),
        ("no-car", 100 * 50_141 / 191_640),
        ("mainly-from-home", 100 * 92_026 / 238_510),
        ("mains-gas-only", 100 * 143_784 / 191_638),
    ],
)
def test_a_districts_census_figures_are_the_published_ones(book, indicator, published):
    reading = read(book, "E06000023", indicator)
    assert (reading.subject.badge, reading.now[0].value) == ("direct", pytest.approx(published, rel=1e-12))


CENSUS = {
    "residents": "census-2021-residents",
    "households": "census-2021-households",
    "tenure": "census-2021-tenure",
    "accommodation": "census-2021-accommodation",
    "ethnic-groups": "census-2021-ethnic-group",
    "disabled": "census-2021-disability",
    "social-rented": "census-2021-tenure",
    "managers-and-professionals": "census-2021-occupation",
    "occupation": "census-2021-occupation",
    "socio-economic-class": "census-2021-ns-sec",
    "bad-health": "census-2021-health",
    "no-car": "census-2021-cars",
    "mainly-from-home": "census-2021-distance-to-work",
    "distance-to-work": "census-2021-distance-to-work",
    "mains-gas-only": "census-2021-heating",
    "heating": "census-2021-heating",
    "industry-of-residents": "census-2021-industry",
}


@pytest.mark.parametrize("indicator", CENSUS)
def test_published_totals_are_a_districts_and_sums_a_towns(book, indicator):
    badges = {slug: Evidence(*book, slug).read(indicator).subject.badge for slug in ("broxbourne", "letchworth")}
    assert badges == {"broxbourne": "direct", "letchworth": "best_fit"}


@pytest.mark.parametrize(("indicator", "source"), CENSUS.items())
def test_a_make_up_leaves_nothing_out(book, indicator, source):
    """Every category of the table is in one slice, so that what is drawn is the published total."""
    catalogue, store = book
    reads = catalogue.indicators[indicator].reads
    assert catalogue.indicators[indicator].source == source
    if isinstance(reads, Composition):
        held = {category for (category,) in store.cells(source, ("category",), measure=reads.measure, areas=["E06000052"])}
        drawn = [category for piece in reads.slices for category in piece.categories]
        assert sorted(drawn) == sorted(held - {""})


def test_letchworths_figures_are_the_sums_of_its_small_areas(book):
    """Counts of its 23 LSOAs by hand: of 14,766 households in TS045 2,946 are without a car."""
    letchworth = Evidence(*book, "letchworth")
    assert letchworth.read("residents").now[0].value == 34_324
    assert letchworth.read("households").now[0].value == 14_756
    assert letchworth.read("no-car").now[0].value == pytest.approx(100 * 2_946 / (2_946 + 6_503 + 3_988 + 1_329))
    assert letchworth.read("bad-health").now[0].value == pytest.approx(100 * (1_313 + 336) / 34_332)
    assert letchworth.read("mainly-from-home").now[0].value == pytest.approx(100 * 5_992 / 16_194)


def test_a_town_has_industries_of_its_own_only_where_whole_neighbourhoods_make_it_up(book):
    catalogue, store = book
    town = catalogue.places["letchworth"]
    whole = Evidence(catalogue, store, "letchworth").read("industry-of-residents")
    assert whole.subject.members == ("E02004911", "E02004914", "E02004915", "E02004916", "E02004917")
    catalogue.places["less"] = town.model_copy(update={"name": "Less", "lsoas": town.lsoas[1:]})
    less = Evidence(catalogue, store, "less")
    industry, occupation = less.read("industry-of-residents"), less.read("occupation")
    assert (industry.subject.badge, industry.subject.name) == ("wider", "North Hertfordshire")
    assert (occupation.subject.badge, len(occupation.subject.members)) == ("best_fit", 22)


def test_what_is_held_by_small_area_only_is_still_added_up(book):
    for indicator in ("overcrowded", "households-deprived"):
        assert Evidence(*book, "broxbourne").read(indicator).subject.badge == "best_fit"
        assert read(book, "E06000023", indicator).subject.badge == "best_fit"


@pytest.mark.parametrize(
    ("code", "indicator", "said"),
    [
        ("E06000023", "gva-by-industry", "not_held"),
        ("E06000063", "private-rent", "gone"),
    ],
)
def test_what_is_not_there_has_its_own_word(book, code, indicator, said):
    assert read(book, code, indicator).lack == said


def test_only_districts_without_a_row_are_said_to_be_published_under_former_ones(book):
    catalogue, store = book
    for id_, source in catalogue.sources.items():
        assert not set(source.only_former) & set(store.areas(id_) if source.only_former else ())


# ------------------------------------------------------------ sums and mergers


def test_everything_that_is_declared_to_add_up_adds_up(book):
    catalogue, store = book
    assert sum(bool(source.adds_up) for source in catalogue.sources.values()) >= 11
    assert list(sums(store, catalogue.sources, list(catalogue.indicators.values()), catalogue.areas)) == []


def test_enterprises_of_merged_districts_are_no_longer_one_former_districts(book):
    """Cumberland had 4,160 in 2022, those of Carlisle; with Allerdale and Copeland they are 11,000 and more."""
    _, store = book
    rows = store.cells(
        "ons-business-counts", ("area", "period", "value"), measure="enterprises_by_size", category="", partner="", areas=MERGED
    )
    held = {(area, period[:4]): value for area, period, value in rows}
    assert all(held[code, "2022"] > 8_000 for code in MERGED)
    assert {code for code, year in held if year == "2024"} == {"E06000065"}, (
        "none, where the dashboard carries one former district"
    )


def test_the_check_of_mergers_would_have_found_it(book, tmp_path):
    catalogue, store = book
    source = catalogue.sources["ons-business-counts"]

    class Before:
        """The store with the dashboard's figures of March 2024."""

        def cells(self, id_, names, **where):
            wrong = {"E06000063": 4025.0, "E06000064": 5290.0}
            yield from store.cells(id_, names, **where)
            if id_ == "ons-business-counts":
                yield from ((code, "2024-03-01/P1M", value) for code, value in wrong.items())

        table_path = staticmethod(store.table_path)

    found = list(mergers(Before(), "ons-business-counts", "enterprises_by_size", source.adds_up.beside, catalogue.areas))
    assert "E06000063 (Cumberland)" in str(found[0])


def test_former_districts_are_those_that_the_publisher_names(book):
    catalogue, _ = book
    added = {new for source in catalogue.sources.values() for new in source.added_up_from}
    assert set(MERGED) <= added
    for source in catalogue.sources.values():
        assert (
            all("median" not in m.label.lower() and "rate" not in m.label.lower() for m in source.measures.values())
            or not source.added_up_from
        )


def test_small_areas_of_earlier_boundaries_are_gone_where_not_all_are_left(book):
    assert Evidence(*book, "broxbourne").read("aged-65-2020").lack == "gone"
    assert read(book, "E06000023", "aged-65-2020").lack == "gone"
