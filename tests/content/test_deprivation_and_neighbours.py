"""The book's ranks beside published ones, and statistical neighbours as their publisher lists them."""

import csv
from pathlib import Path

import pytest

from placebook.catalogue.load import Catalogue
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings.inference import competition_rank
from placebook.paths import Project

ROOT = Path(__file__).parents[2]


def rows(name):
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def book():
    project = Project.at(ROOT)
    catalogue = Catalogue.open(project)
    return catalogue, Store.open(project, catalogue.sources, catalogue.areas)


@pytest.mark.parametrize(
    ("score", "rank"),
    [("imd_average_score", "imd_rank_of_average_score"), ("imd_average_rank", "imd_rank_of_average_rank")],
)
def test_ranking_the_published_scores_gives_the_published_ranks(score, rank):
    """Rank 1 is the most deprived district: the highest average, by the book's own ranking."""
    table = rows("tables/imd-2025-district.csv")
    scores = {r["area"]: float(r["value"]) for r in table if r["measure"] == score}
    published = {r["area"]: int(float(r["value"])) for r in table if r["measure"] == rank}
    assert len(published) == 296 and set(published) == set(scores)
    codes = sorted(scores)
    values = [scores[code] for code in codes]
    own = {code: competition_rank(values, at) for at, code in enumerate(codes)}
    differing = {code: (own[code], published[code]) for code in codes if own[code] != published[code]}
    # Scores are published to three decimals: districts alike to the last are told apart in the ranks alone.
    assert all(values.count(scores[code]) > 1 for code in differing), differing


def test_a_page_shows_the_published_rank(book):
    reading = Evidence(*book, "broxbourne").read("deprivation-rank")
    published = {
        r["area"]: float(r["value"])
        for r in rows("tables/imd-2025-district.csv")
        if r["measure"] == "imd_rank_of_average_score"
    }
    assert reading.now[0].value == published["E07000095"]
    assert reading.subject.badge == "direct"


@pytest.mark.parametrize("slug", ["broxbourne", "letchworth", "st-albans"])
def test_neighbours_are_the_first_five_in_england_as_published(book, slug):
    catalogue, _ = book
    evidence = Evidence(*book, slug)
    english = {a.code for a in catalogue.areas.of_level("district")}
    published = [
        (int(r["rank"]), r["neighbour"])
        for r in rows("geography/neighbours.csv")
        if r["area"] == evidence.district and r["model"] == "global" and r["neighbour"] in english
    ]
    assert [(n.rank, n.code) for n in evidence.peers] == sorted(published)[:5]
