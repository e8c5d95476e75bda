"""The key findings of the built pages: tiles, ledger, the way to the evidence, the head, the front page, the two pages."""

import json

import again
import pikepdf
import pytest
from bs4 import BeautifulSoup

from tests.book import paper_words

PLACES = ("broxbourne", "letchworth", "st-albans")
FIELDS = {
    "id",
    "place",
    "order",
    "type",
    "indicators",
    "readings",
    "rules",
    "score",
    "good",
    "headline",
    "sentence",
    "section",
    "asks_local",
    "left_out",
}


def page_of(built_book, address):
    return BeautifulSoup((built_book.html / "book" / f"{address}.html").read_text(encoding="utf-8"), "html.parser")


def findings_of(built_book, slug):
    entries = json.loads((built_book.ledgers / f"{slug}.json").read_text(encoding="utf-8"))["entries"]
    return [entry for entry in entries if entry["kind"] == "finding"], {entry["id"]: entry for entry in entries}


@pytest.mark.parametrize("slug", PLACES)
def test_a_tile_says_what_the_ledger_says_and_leads_to_its_figures(built_book, slug):
    page, (findings, entries) = page_of(built_book, f"places/{slug}"), findings_of(built_book, slug)
    tiles = page.select(".pb-find")
    told = {entry["id"]: entry for entry in findings if entry["order"]}
    assert 3 <= len(tiles) <= 6 and [told[tile["data-entry"]]["order"] for tile in tiles] == list(range(1, len(tiles) + 1))
    for tile in tiles:
        entry, link = told[tile["data-entry"]], tile.h3.a
        assert link.get_text() == entry["headline"] and entry["sentence"] in [p.get_text() for p in tile.select("p")]
        address, _, fragment = link["href"].partition("#")
        assert page_of(built_book, f"places/{address.removesuffix('.html')}").find(id=fragment), link["href"]
        assert all(entries[reading]["kind"] == "value" for reading in entry["readings"])
        assert tile.select_one("svg.pb-m")["aria-hidden"] == "true" and tile.select_one(".pb-tag").get_text().strip()


@pytest.mark.parametrize("slug", PLACES)
def test_every_candidate_is_in_the_ledger_with_the_rule_that_left_it_out(built_book, slug):
    findings, _ = findings_of(built_book, slug)
    assert len(findings) > 40 and all(entry.keys() >= FIELDS for entry in findings)
    for entry in findings:
        assert (entry["order"] is None) == bool(entry["left_out"])
        assert (entry["order"] is None) == (entry["headline"] is None)
        assert entry["rules"] and entry["score"] >= 0 and entry["place"] == slug


def test_the_head_says_the_first_findings_where_the_place_lies_and_how_many_live_there(built_book):
    hero = page_of(built_book, "places/broxbourne").select_one(".pb-hero")
    findings, _ = findings_of(built_book, "broxbourne")
    first = next(entry for entry in findings if entry["order"] == 1)
    assert "99,009 residents" in hero.get_text() and "District in Hertfordshire (E07000095)." in hero.get_text()
    assert first["headline"].partition(":")[0] in hero.select_one(".pb-lede").get_text()
    assert [part.name for part in hero.find_all(recursive=False)] == ["div", "div"], "blocks, which a page's end may cut"
    assert hero.svg["role"] == "img" and "Broxbourne" in hero.svg["aria-label"]
    assert (built_book.html / "book" / "places" / hero.select_one("a[download]")["href"]).resolve().is_file()


def test_the_front_page_tells_each_places_first_finding(built_book):
    cards = page_of(built_book, "index").select(".pb-place-card")
    for card, slug in zip(cards, PLACES, strict=True):
        findings, _ = findings_of(built_book, slug)
        link = card.select_one(".pb-first a")
        assert link["href"] == f"places/{slug}.html#{slug}-{findings[0]['id']}"
        assert link.get_text() == next(entry["headline"] for entry in findings if entry["order"] == 1)


@pytest.mark.pango
@pytest.mark.parametrize("slug", PLACES)
def test_the_summary_is_two_tagged_pages_with_every_headline(built_book, slug):
    with pikepdf.open(built_book.html / "downloads" / f"{slug}-summary.pdf") as pdf:
        assert len(pdf.pages) <= 2 and pdf.Root.MarkInfo.Marked
        text = " ".join(" ".join(word.text for page in pdf.pages for word in paper_words.words(page)).split())
    findings, _ = findings_of(built_book, slug)
    for entry in (entry for entry in findings if entry["order"]):
        assert entry["headline"] in text
    assert "How to read it" in text
    assert "Against England" in text


def test_districts_that_changed_places_did_so_in_the_tables(built_book):
    """Again from the written tables: which of the two was above the other in the first period, and in the last."""
    book, seen = again.Book(built_book.root), 0
    declared = {indicator["id"]: indicator for indicator in book.indicators}
    for slug in PLACES:
        findings, entries = findings_of(built_book, slug)
        for finding in (entry for entry in findings if entry["type"] == "passing"):
            ends = []
            for entry in (entries[id_] for id_ in finding["readings"]):
                series = book.series(declared[finding["indicator"]], entry["area"], "district", (entry["area"],))
                ends.append(next(point.value for point in series if point.period == entry["period"]))
                assert entry["value"] == pytest.approx(ends[-1], rel=1e-12)
            now, before, other_now, other_before = ends
            assert (now - other_now) * (before - other_before) < 0, finding["id"]
            assert finding["order"] is None and finding["left_out"].startswith("R10"), "the page tells the change"
            seen += 1
    assert seen >= 2
