"""A trace keeps what a page was made from; its gist is another one wherever the page would be."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from placebook.evidence import query_log
from placebook.evidence.district_band import Districts
from placebook.evidence.query_log import Asked, Question, Read, Trace
from placebook.evidence.reading import Absent, Reading
from placebook.evidence.values import Group
from placebook.findings.all_claims import all_claims
from placebook.report import reading_trace

from drawn import england, indicator, other, source, value  # isort: skip

PACKAGE = Path(__file__).parents[2] / "src" / "placebook"
KNOWN = {
    "evidence/reading.py": "the five numbers, which are part of the gist",
    "findings/changes.py": "how many moved alike, which is part of the gist",
    "findings/pooling.py": "their readings taken together, behind rank, distance and tenth",
    "findings/ranks.py": "the rank, which is part of the gist",
    "findings/level_candidates.py": "where the place stands: what it tells first is kept as a reading of its own",
    "findings/expected.py": "how many lie that far out, kept with what the place tells first",
    "findings/strengths.py": "distance and tenth, which are part of the gist",
    "report/page_findings.py": "whether there are any, which the five numbers tell",
    "report/reading_trace.py": "the gist itself",
    "report/ahead.py": "their middle and spread, made ready for the distance, which is part of the gist",
}
"""Every room that looks at the figures of other districts, and why the gist misses nothing of it."""


def reading(districts=None, **changes):
    whole = Reading(
        indicator(uncertainty="full_count"),
        source(),
        Group("place", "E07000001", "Ayton", "district", "direct", ("E07000001",)),
        "Ayton",
        (value(60.0),),
        (england(other(50.0)),),
        districts,
    )
    return replace(whole, **changes)


def england_of(values):
    """Ayton first, then districts with these figures."""
    every = (60.0, *values)
    codes = tuple(f"E07{number:06d}" for number in range(1, len(every) + 1))
    nan = (float("nan"),) * len(every)
    return Districts("2023-01-01/P1Y", codes, every, nan, nan, ())


MIDDLING = [float(number % 100) for number in range(299)]


def gist(found):
    return reading_trace.gist(found, all_claims(found) if isinstance(found, Reading) else ())


def test_the_same_reading_has_the_same_gist_whatever_objects_it_is_made_of():
    assert gist(reading(england_of(MIDDLING))) == gist(reading(england_of(list(MIDDLING))))


@pytest.mark.parametrize(
    "change",
    [
        {"series": (value(60.0000001),)},
        {"series": (value(60.0, markers=("p",)),)},
        {"comparators": (england(other(50.1)),)},
        {"comparators": (england(other(50.0), share=0.1),)},
        {"place_name": "Beeford"},
        {"held_back": (value(None, markers=("c",)),)},
        {"subject": Group("place", "E07000001", "Ayton", "district", "direct", ("E07000001", "E07000002"))},
    ],
)
def test_whatever_a_page_shows_of_a_reading_changes_its_gist(change):
    assert gist(reading(**change)) != gist(reading())


def test_another_districts_figure_counts_only_where_the_page_shows_it():
    plain = gist(reading(england_of(MIDDLING)))
    among = MIDDLING.index(20.0)
    moved = list(MIDDLING)
    moved[among], moved[MIDDLING.index(21.0)] = moved[MIDDLING.index(21.0)], moved[among]
    assert gist(reading(england_of(moved))) == plain, "two others that change places"
    highest = [*MIDDLING[:99], 101.0, *MIDDLING[100:]]
    assert gist(reading(england_of(highest))) != plain, "the end of the band"
    past = list(MIDDLING)
    past[MIDDLING.index(59.0)] = 61.0
    assert gist(reading(england_of(past))) != plain, "the place's rank"
    assert gist(reading(england_of(MIDDLING[:-1]))) != plain, "their number"
    assert gist(reading(None)) != plain


def test_an_earlier_year_of_the_districts_counts_where_readings_are_shown_together():
    survey = indicator(pooled={"readings": 3, "correlation": 0.3})
    years = [f"{year}-01-01/P1Y" for year in (2021, 2022, 2023)]
    own = tuple(value(60.0, 50.0, 70.0, period=year) for year in years)

    def found(earliest):
        among = {year: replace(england_of(MIDDLING), period=year) for year in years}
        among[years[0]] = replace(england_of(earliest), period=years[0])
        return gist(reading(among[years[-1]], indicator=survey, series=own, comparators=(), among=among))

    assert found(MIDDLING) == found(list(MIDDLING)) != found([number + 1 for number in MIDDLING])


def test_a_measure_that_is_absent_has_its_reason_for_a_gist():
    one, two, three = (
        Absent(indicator(), reason, lack)
        for reason, lack in (("none", "not_held"), ("none at all", "not_held"), ("none", "not_published"))
    )
    assert gist(one) == gist(Absent(indicator(), "none", "not_held"))
    assert len({gist(one), gist(two), gist(three), gist(reading())}) == 4


def test_a_trace_reads_back_as_it_was_written(tmp_path):
    many = tuple(f"E{number:08d}" for number in range(300))
    questions = (
        Asked(Question("rows", "jobs", "rate", None, many, None), "ab" * 16),
        Asked(Question("area", "jobs", None, ("flat", "house")), "cd" * 16),
    )
    kept = Trace(
        {"jobs": {"data/tables/jobs.csv": "0" * 64}},
        {"work": Read("ef" * 16, questions), "pay": Read("01" * 16, questions[:1])},
    )
    path = tmp_path / "ayton.json"
    query_log.write(path, kept)
    assert query_log.recall(path) == kept and query_log.recall_tables(path) == kept.tables
    assert path.read_text(encoding="utf-8").count(many[7]) == 1, "a list that several questions share is written once"


OF_PLACES = {
    "desk/choices.py",
    "desk/fit.py",
    "desk/new_place.py",
    "desk/own_book.py",
    "refresh/landing.py",
    "desk/picture.py",
    "desk/selections.py",
    "desk/towns.py",
    "desk/wanted.py",
    "refresh/small_areas.py",
    "evidence/place_view.py",
    "evidence/readings.py",
    "geography/registry.py",
}
"""Rooms that have districts of their own: those that a place lies in, those of small areas."""


def readers_of_districts(package: Path) -> set[str]:
    """Rooms in which something named ``districts`` is taken from a reading, not from a file, a place or a list of areas."""
    found = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("districts", "among"):
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "[…]")
                if owner not in ("county", "record", "c", "[…]", "view", "evidence", "place", "known", "registry"):
                    found.add(path.relative_to(package).as_posix())
    return found - OF_PLACES


def test_every_room_that_looks_at_other_districts_is_known_to_the_gist(tmp_path):
    (tmp_path / "new.py").write_text("def f(reading):\n    return max(reading.districts.values)\n")
    assert readers_of_districts(tmp_path) == {"new.py"}
    assert readers_of_districts(PACKAGE) == set(KNOWN)
