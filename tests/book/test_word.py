"""The Word summaries of the built book: their numbers are the ledger's, and the page's head leads to them."""

import json
import re

import docx
import pytest
from bs4 import BeautifulSoup
from docx.oxml.ns import qn

from placebook.catalogue.load import Catalogue
from placebook.report import summary

PLACES = ("broxbourne", "letchworth", "st-albans")


@pytest.fixture(params=PLACES)
def place(built_book, request):
    """Of a place: the document, its ledger's entries by id, the two pages' content."""
    slug = request.param
    ledger = json.loads((built_book.ledgers / f"{slug}.json").read_text(encoding="utf-8"))
    entries = {entry["id"]: entry for entry in ledger["entries"]}
    document = docx.Document(str(built_book.html / "downloads" / f"{slug}-summary.docx"))
    return document, entries, summary.read(built_book.summaries / f"{slug}.json").brief


def number(text):
    return float(re.sub(r"[^\d.]", "", text.split(" per ")[0]))


def test_the_findings_are_the_ledgers_word_by_word(place):
    document, entries, _ = place
    key = sorted((e for e in entries.values() if e["kind"] == "finding" and e["order"]), key=lambda e: e["order"])
    assert 3 <= len(key) <= 6
    headlines = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert headlines == [entry["headline"] for entry in key]
    text = [p.text for p in document.paragraphs]
    assert all(entry["sentence"] in text for entry in key)


def test_every_number_of_the_scorecard_is_the_ledgers(built_book, place):
    document, entries, brief = place
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert len(rows) == len(brief.lines) >= 5
    titles = {indicator.id: indicator.title for indicator in Catalogue.open(built_book).indicators.values()}
    for row, line in zip(rows, brief.lines, strict=True):
        for text, id_ in zip(row[2:4], line.entries, strict=True):
            entry = entries[id_]
            decimals = len(text.split(".")[1].rstrip("%] a-zé")) if "." in text else 0
            assert number(text) == pytest.approx(entry["value"], abs=0.5000001 * 10**-decimals)
            assert titles[entry["indicator"]] == row[0]


def test_three_pictures_with_words_and_a_marked_header_row(place):
    document, _, brief = place
    alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(alts) == 3 and alts == [finding.scene.alt for finding in brief.findings if finding.scene]
    assert document.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize("slug", PLACES)
def test_the_head_of_the_page_leads_to_both_summaries(built_book, formats, slug):
    page = built_book.html / "book" / "places" / f"{slug}.html"
    hero = BeautifulSoup(page.read_text(encoding="utf-8"), "lxml").select_one(".pb-hero")
    links = {a.get_text(): a["href"] for a in hero.select("a[download]")}
    wanted = ["In two pages (Word)", *(["In two pages (PDF)", "As a PDF"] if "pdf" in formats else [])]
    assert set(wanted) <= set(links)
    assert all((page.parent / href).resolve().is_file() for href in links.values())
