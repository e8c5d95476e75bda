"""The name of a measure is the link, numbers are not each one: and yet every number has its way back to a row of evidence."""

import re
from functools import lru_cache

import pytest
from bs4 import BeautifulSoup

PLACES = ("broxbourne", "letchworth", "st-albans")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@lru_cache
def page_at(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def target(path, href):
    """The page and the element that a link of a page leads to."""
    address, _, fragment = href.partition("#")
    led = (path.parent / address).resolve() if address else path
    return led, page_at(led).find(id=fragment)


def numbers(text):
    return {float(found.replace(",", "")) for found in NUMBER.findall(text)}


def near(shown, known):
    """Whether a number is one of those known, which may have a decimal more or less."""
    return any(abs(shown - one) <= 0.5001 * 10 ** -min(places(shown), places(one)) for one in known)


def places(number):
    return len(f"{number!r}".partition(".")[2].rstrip("0"))


@pytest.mark.parametrize("slug", PLACES)
def test_the_evidence_that_a_row_leads_to_holds_every_number_of_it_and_leads_back(built_book, slug):
    path = built_book.html / "book" / "places" / f"{slug}.html"
    rows = page_at(path).select(".pb-sc tbody tr")
    assert len(rows) > 60
    known: dict[str, set[float]] = {}
    for row in rows:
        evidence, line = target(path, row.a["href"])
        section = line.find_parent("section", class_="pb-measure")
        name = section.h2["id"]
        if name not in known:
            known[name] = numbers(section.tbody.get_text(" "))
        for part in row.select(".pb-own b, .pb-fig:not(.pb-own), .pb-ends span"):
            for shown in numbers(part.find(string=True, recursive=True) or ""):
                assert near(shown, known[name]), (slug, row.a.get_text(), shown)
        (back,) = section.select("a.pb-back")
        assert target(evidence, back["href"]) == (path, row), "and back to the very row"


def test_every_number_of_the_strips_stands_in_their_table_and_leads_to_its_row(built_book):
    for name in ("counties/hertfordshire", "index"):
        path = built_book.html / "book" / f"{name}.html"
        strips = page_at(path).select(".pb-compared > li")
        assert len(strips) > 5
        for strip in strips:
            _, row = target(path, strip.a["href"])
            cells = row.select("td[data-entry]")
            shown = numbers(strip.svg["aria-label"].rpartition(": ")[2])
            assert all(near(number, numbers(" ".join(cell.a.get_text() for cell in cells))) for number in shown)
            for cell in cells:
                _, line = target(path, cell.a["href"])
                assert any(near(number, numbers(line.get_text(" "))) for number in numbers(cell.a.get_text()))


def test_every_number_that_is_compared_leads_to_its_row(built_book):
    path = built_book.html / "book" / "compare.html"
    cells = page_at(path).select("td[data-entry]")
    assert len(cells) > 300
    for cell in cells:
        led, line = target(path, cell.a["href"])
        assert line is not None and cell["data-entry"].startswith(f"{led.parent.name}--")
        assert numbers(cell.a.get_text()) <= numbers(line.get_text(" ")) or "[" in cell.a.get_text()


def test_every_story_of_the_county_leads_to_the_figures_that_it_names(built_book):
    path = built_book.html / "book" / "counties" / "hertfordshire.html"
    tiles = page_at(path).select(".pb-find")
    assert len(tiles) >= 2
    for tile in tiles:
        links = [link for link in tile.select("a") if "compare" not in link["href"]]
        evidence = set().union(*(numbers(target(path, link["href"])[1].get_text(" ")) for link in links))
        amounts = re.findall(r"£?\d[\d,]*\.\d+", tile.select("p")[1].get_text())
        assert links and all(near(float(amount.lstrip("£").replace(",", "")), evidence) for amount in amounts)


def test_a_number_that_is_not_there_is_noticed():
    assert near(52.0, {52.04}) and near(1234.0, {1234.0}) and not near(52.1, {52.04, 51.0})
