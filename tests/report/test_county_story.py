"""What the findings of a county's places come to: shared, apart, changed places, alike; and what they never come to."""

import pytest
from bs4 import BeautifulSoup
from small_ledgers import value

from placebook.catalogue.load import Catalogue
from placebook.report import county_story
from placebook.report.matrix import PlaceLedger

THEN = "2013-01-01/P1Y"


def level(place, subject, rank, end="highest", indicator="work", left_out=None, score=2.0):
    at = rank / 300
    return {
        "kind": "finding",
        "id": f"finding--level--{indicator}",
        "order": 1,
        "type": "level",
        "subject": subject,
        "indicator": indicator,
        "readings": [value(place, indicator, 50.0)["id"]],
        "rules": {"R2": {"rank": rank, "of": 296, "end": end, "position": 1 - at if end == "highest" else at}},
        "score": score,
        "good": True,
        "headline": "A headline",
        "sentence": "A sentence.",
        "left_out": left_out,
    }


def change(place, subject, before, now, rank=5, left_out=None):
    readings = [value(place, "work", now)["id"], value(place, "work", before, THEN)["id"]]
    rules = {"R7": {"from": before, "to": now}, "R11": {"rank": rank, "of": 296}}
    return level(place, subject, rank, left_out=left_out) | {
        "id": "finding--change--work",
        "type": "change",
        "readings": readings,
        "rules": rules,
    }


def ledger(slug, name, *findings, kind="district"):
    values = [
        value(slug, indicator, 50.0 + len(slug), period, name=name)
        for indicator in ("work", "flats")
        for period in ("2023-01-01/P1Y", THEN)
    ]
    return PlaceLedger(slug, name, kind, slug, {}, (*values, *findings))


def told(project, *ledgers):
    return county_story.stories(ledgers, Catalogue.open(project).indicators)


def three(*findings):
    return [ledger(slug, slug.title(), *given) for slug, given in zip(("a", "bb", "ccc"), findings, strict=True)]


def test_two_in_three_at_the_same_end_is_what_places_share(tiny_project):
    (story,) = told(
        tiny_project, *three([level("a", "A", 7)], [level("bb", "Bb", 21)], [level("ccc", "Ccc", 90, left_out="R2")])
    )
    assert story.type == "shared" and story.headline.startswith(("2 of 3 districts", "The employment rate: 2 of 3 districts"))
    assert "the 7th highest of 296 districts in A and the 21st highest in Bb." in story.sentence
    assert story.score == pytest.approx(2.0 * 2 / 3)


def test_one_in_three_is_not_shared_nor_what_a_rule_left_out(tiny_project):
    assert told(tiny_project, *three([level("a", "A", 7)], [level("bb", "Bb", 70, left_out="R2")], [])) == []
    chance = [level(slug, slug.title(), 7, left_out="R5") for slug in ("a", "bb", "ccc")]
    assert told(tiny_project, *three(*([each] for each in chance))) == []
    weak = [level(slug, slug.title(), 7, score=0.5) for slug in ("a", "bb", "ccc")]
    assert told(tiny_project, *three(*([each] for each in weak))) == [], "under the score that opens a place's page"
    room = [level(slug, slug.title(), 7, left_out="R10 section") for slug in ("a", "bb", "ccc")]
    (story,) = told(tiny_project, *three(*([each] for each in room)))
    assert "ll 3 districts" in story.headline


def test_opposite_ends_are_told_as_apart_with_both_figures(tiny_project):
    high, low = level("a", "A", 7), level("bb", "Bb", 12, "lowest")
    (story,) = told(tiny_project, *three([high], [low], []))
    assert story.type == "apart" and story.headline.endswith("high in A, low in Bb")
    assert "51.0% in A (the 7th highest of 296 districts) and 52.0% in Bb (the 12th lowest of 296 districts)" in story.sentence
    assert story.pair == ("a", "bb") and story.good is None


def test_changes_the_same_way_are_shared_with_their_periods(tiny_project):
    (story,) = told(tiny_project, *three([change("a", "A", 97.4, 72.7)], [change("bb", "Bb", 99, 90, 30)], []))
    assert story.type == "shared" and "both districts lost ground against England" in story.headline
    assert "fell: the 5th largest fall of 296 districts in A and the 30th largest fall in Bb" in story.sentence
    assert story.small == "2013 to 2023"
    assert told(tiny_project, *three([change("a", "A", 97, 72)], [change("bb", "Bb", 90, 99)], [])) == []


def test_a_district_is_told_once_and_by_its_own_page(tiny_project):
    town = ledger("t", "Town", level("t", "Bb", 21), kind="town")
    own = ledger("bb", "Bb", level("bb", "Bb", 21))
    assert told(tiny_project, town, own) == [], "the same district twice is no two places"
    (story,) = told(tiny_project, town, own, ledger("a", "A", level("a", "A", 7)))
    assert "Both districts" in story.headline or "both districts" in story.headline
    assert {finding.ledger.slug for finding in story.findings} == {"a", "bb"}


def test_a_town_stands_beyond_districts_and_is_none(tiny_project):
    town = ledger("t", "Town", level("t", "Town", 11), kind="town")
    (story,) = told(tiny_project, town, ledger("a", "A", level("a", "A", 7)))
    assert "both places" in story.headline.lower() and "higher than in 286 in Town" in story.sentence  # 296 − 11 + 1


def test_places_that_changed_places_are_told_once_in_their_pages_words(tiny_project):
    passing = level("a", "A", 1) | {
        "id": "finding--passing--work--a--bb",
        "type": "passing",
        "rules": {},
        "headline": "A passed",
    }
    other = passing | {"readings": [value("bb", "work", 1.0)["id"]]}
    (story,) = told(tiny_project, *three([passing], [other], []))
    assert (story.type, story.headline, story.sentence) == ("passing", "A passed", "A sentence.")
    assert told(tiny_project, *three([passing | {"left_out": "R6"}], [], [])) == []


def test_the_nearest_and_the_farthest_pair_by_rank(tiny_project, monkeypatch):
    monkeypatch.setattr(county_story, "ENOUGH", 2)
    ranks = {"a": (30, 60), "bb": (36, 60), "ccc": (150, 90)}
    made = [
        ledger(
            slug,
            slug.title(),
            *(level(slug, slug.title(), r, indicator=i, left_out="R2") for i, r in zip(("work", "flats"), both, strict=True)),
        )
        for slug, both in ranks.items()
    ]
    (story,) = told(tiny_project, *made)
    # A and Bb: (6/300 + 0)/2 = 1 in a hundred; A and Ccc: (120/300 + 30/300)/2 = 25 in a hundred
    assert story.type == "alike" and story.headline == "Most alike: A and Bb" and story.pair == ("a", "bb")
    assert "lie 1 place in a hundred apart" in story.sentence and "those of A and Ccc 25" in story.sentence
    assert told(tiny_project, *made[:2]) == [], "of two places the nearest pair is the farthest too"


def test_a_single_place_has_no_story_of_a_county(tiny_project):
    assert told(tiny_project, ledger("a", "A", level("a", "A", 1), change("a", "A", 50, 99))) == []


def test_a_tile_leads_to_each_figure_and_to_both_places_side_by_side(tiny_project):
    (story,) = told(tiny_project, *three([level("a", "A", 7)], [level("bb", "Bb", 12, "lowest")], []))
    page = BeautifulSoup(county_story.tile(story, "county-x--finding", "../compare.html"), "html.parser")
    assert {link.get_text(): link["href"] for link in page.select("a")} == {
        "A": "../places/a/people.html#e-work-2023",
        "Bb": "../places/bb/people.html#e-work-2023",
        "side by side": "../compare.html#a&bb",
    }
    record = story.record("x", 1)
    assert record["inputs"] == ["a--finding--level--work", "bb--finding--level--work"] and record["kind"] == "finding"
