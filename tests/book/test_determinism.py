"""Same inputs, same bytes; a place more is one file more."""

import csv
import filecmp
import hashlib
import io
import random
import shutil
import time

import pytest
from bs4 import BeautifulSoup
from checkouts import clone, files

from placebook.build.build import build
from placebook.build.order import Order
from placebook.paths import Project
from placebook.refresh import datapackage

pytestmark = pytest.mark.long
STAMP = {"edition.json"}


def built(project: Project, formats=("html",), cold=False) -> Project:
    outcomes = build(project, Order(formats=formats, workers=2, cold=cold))
    assert [outcome.problem for outcome in outcomes if outcome.failed] == []
    return project


def different(one: Project, other: Project) -> list[str]:
    """Files of two sites that are not the same, or not in both."""
    names = files(one.html)
    assert len(names) > 100
    alone = names ^ files(other.html)
    return sorted(alone) + [
        name for name in sorted(names - alone - STAMP) if not filecmp.cmp(one.html / name, other.html / name, shallow=False)
    ]


def test_two_folders_give_the_same_bytes(built_book, formats, tmp_path):
    assert different(built_book, built(clone(tmp_path / "a folder of another name"), formats, cold=True)) == []


def test_a_book_that_reuses_places_is_the_one_that_a_build_from_nothing_gives(tmp_path):
    def change(project: Project) -> None:
        path = project.params / "broxbourne.yml"
        path.write_text(path.read_text(encoding="utf-8").replace("Broxbourne", "Old Broxbourne", 1), encoding="utf-8")

    reused = built(clone(tmp_path / "reused"))
    change(reused)
    outcomes = build(reused, Order(workers=2))
    assert {outcome.place: outcome.unchanged for outcome in outcomes} == {
        "broxbourne": False,
        "letchworth": True,
        "st-albans": True,
        "hertfordshire": False,
    }
    fresh = clone(tmp_path / "fresh")
    change(fresh)
    assert different(reused, built(fresh)) == []


# ------------------------------------------------------------ whatever changes


def a_word(project: Project, chance: random.Random) -> None:
    path = chance.choice(sorted(project.params.glob("*.yml")))
    path.write_text(path.read_text(encoding="utf-8") + f"# {chance.random()}\n", encoding="utf-8")


def a_title(project: Project, chance: random.Random) -> None:
    path = project.params / "st-albans.yml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("name: "))
    lines[at] = f"name: St Albans {chance.randint(1, 99)}\n"
    path.write_text("".join(lines), encoding="utf-8")


def a_written_page(project: Project, chance: random.Random) -> None:
    path = project.root / "book" / chance.choice(["methods.md", "glossary.md"])
    title, _, rest = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"{title} {chance.randint(1, 99)}\n{rest}\nOne more sentence.\n", encoding="utf-8")


def a_style(project: Project, chance: random.Random) -> None:
    path = project.root / "book" / "_static" / "placebook.css"
    path.write_text(path.read_text(encoding="utf-8") + f".x{chance.randint(1, 99)} {{ color: red }}\n", encoding="utf-8")


def a_place_more_or_less(project: Project, chance: random.Random) -> None:
    path = project.params / "luton.yml"
    path.unlink() if path.exists() else path.write_text("name: Luton\nkind: district\ncode: E06000032\n", encoding="utf-8")


def a_row(project: Project, chance: random.Random) -> None:
    """Any figure of any table a little higher, and its limits; the source's file says the table's new checksum."""
    table = chance.choice(sorted(project.tables.glob("els-*.csv")))
    was = table.read_text(encoding="utf-8")
    lines = was.splitlines(keepends=True)
    at = chance.randrange(1, len(lines))
    fields = dict(zip(lines[0].strip().split(","), next(csv.reader([lines[at]])), strict=True))
    for name in ("value", "lower", "upper"):
        fields[name] = repr(round(float(fields[name]) * 0.999, 6)) if fields[name] else ""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(fields.values())
    now = "".join([*lines[:at], text.getvalue(), *lines[at + 1 :]])
    table.write_text(now, encoding="utf-8")
    old, new = (hashlib.sha256(content.encode()).hexdigest() for content in (was, now))
    about = project.sources / f"{table.stem}.yml"
    assert old in about.read_text(encoding="utf-8")
    about.write_text(about.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    datapackage.write(project)


CHANGES = (a_word, a_title, a_written_page, a_style, a_place_more_or_less, a_row, a_row, a_row)


@pytest.mark.parametrize("turn", range(3))
def test_whatever_changes_the_book_is_the_one_that_a_build_from_nothing_gives(tmp_path, turn):
    seed = time.time_ns()
    chance, told = random.Random(seed), []
    reused = built(clone(tmp_path / "reused"))
    for _ in range(4):
        change = chance.choice(CHANGES)
        change(reused, chance)
        told.append(change.__name__)
        built(reused)
    fresh = tmp_path / "fresh"
    for name in ("data", "params", "notebooks", "_config.yml", "_toc.yml"):
        source = reused.root / name
        shutil.copytree(source, fresh / name) if source.is_dir() else shutil.copyfile(source, fresh / name)
    shutil.copytree(reused.root / "book", fresh / "book", ignore=shutil.ignore_patterns("places", "counties", "generated"))
    assert different(reused, built(Project.at(fresh))) == [], (seed, told)


def test_places_elsewhere_close_up_around_what_is_not_published(tmp_path):
    project = clone(tmp_path / "more")
    for path in project.params.glob("*.yml"):
        path.unlink()
    for slug, name, code in (
        ("stevenage", "Stevenage", "E07000243"),
        ("luton", "Luton", "E06000032"),
        ("camden", "Camden", "E09000007"),
    ):
        (project.params / f"{slug}.yml").write_text(f"name: {name}\nkind: district\ncode: {code}\n")
    built(project)
    pages = {}
    for slug in ("stevenage", "luton", "camden"):
        pages[slug] = BeautifulSoup((project.html / f"book/places/{slug}.html").read_text(encoding="utf-8"), "html.parser")
        for section in pages[slug].select("article section > section"):
            heading = section.find(["h2", "h3"])
            assert len(section.get_text(strip=True)) > len(heading.get_text(strip=True)) + 20, f"{section['id']} holds nothing"
    missing = {slug: page.select_one(f"#{slug}-not-available-for-this-place").get_text(" ") for slug, page in pages.items()}
    for slug in ("luton", "camden"):
        assert "Location quotients of jobs: held for other areas alone" in missing[slug]
    assert "Location quotients" not in missing["stevenage"] and "Not held" not in missing["stevenage"]
    assert "Working at a workplace in London: no figure is published for Camden" in missing["camden"]
