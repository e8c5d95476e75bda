"""Same inputs, same bytes; a place more is one file more."""

import filecmp

import pytest
from checkouts import clone, files

from placebook.edition import release, warm
from placebook.edition.standing import Order
from placebook.paths import Project

pytestmark = pytest.mark.long
STAMP = {"edition.json"}


def built(project: Project, formats=("html",)) -> Project:
    outcomes = release.build(project, Order(formats=formats, workers=2), lambda outcome: None)
    assert [outcome.problem for outcome in outcomes if outcome.failed] == []
    return project


def different(one: Project, other: Project) -> list[str]:
    """Files of two sites that are not the same, or not in both."""
    names = files(one.html)
    assert len(names) > 100
    alone = names ^ files(other.html)
    return sorted(alone) + [
        name for name in sorted(names - alone - STAMP)
        if not filecmp.cmp(one.html / name, other.html / name, shallow=False)
    ]  # fmt: skip


def test_two_folders_give_the_same_bytes(built_book, formats, tmp_path):
    assert different(built_book, built(clone(tmp_path / "a folder of another name"), formats)) == []


def test_a_book_that_reuses_places_is_the_one_that_a_build_from_nothing_gives(tmp_path):
    def change(project: Project) -> None:
        path = project.params / "broxbourne.yml"
        path.write_text(path.read_text(encoding="utf-8").replace("Broxbourne", "Old Broxbourne", 1), encoding="utf-8")

    reused = built(clone(tmp_path / "reused"))
    change(reused)
    with warm.kernels(reused) as kernel:  # the others here are cold
        outcomes = release.build(reused, Order(workers=2, kernel=kernel), lambda outcome: None)
    assert {outcome.place: outcome.unchanged for outcome in outcomes} == {
        "broxbourne": False, "letchworth": True, "st-albans": True, "hertfordshire": False,
    }  # fmt: skip
    fresh = clone(tmp_path / "fresh")
    change(fresh)
    assert different(reused, built(fresh)) == []


def test_places_elsewhere_close_up_around_what_is_not_published(tmp_path):
    project = clone(tmp_path / "more")
    for path in project.params.glob("*.yml"):
        path.unlink()
    for slug, name, code in (("stevenage", "Stevenage", "E07000243"), ("luton", "Luton", "E06000032"),
                             ("camden", "Camden", "E09000007")):  # fmt: skip
        (project.params / f"{slug}.yml").write_text(f"name: {name}\nkind: district\ncode: {code}\n")
    built(project)
    pages = {s: (project.html / f"book/places/{s}.html").read_text() for s in ("stevenage", "luton", "camden")}
    assert 'id="stevenage-inside-the-place"' in pages["stevenage"]
    for slug in ("luton", "camden"):
        assert f'id="{slug}-inside-the-place"' not in pages[slug]
        assert f'id="{slug}-peers"' not in pages[slug]
        assert "Index of Multiple Deprivation 2025: the book holds no small-area figures here" in pages[slug]
