"""What is downloaded is what is drawn and what is said: the built book read back, file by file."""

import csv
import io
import json
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from bs4 import BeautifulSoup
from lxml import etree

from placebook.findings.formats import NOT_PUBLISHED
from placebook.report.downloads import COLUMNS

PLACES = ("broxbourne", "letchworth", "st-albans")
SAMPLE = 6
"""Every sixth spreadsheet is opened: all are written by the same lines."""


def read(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class Built:
    def __init__(self, project, slug):
        self.slug = slug
        self.folder = project.html / "downloads" / slug
        path = project.html / "book" / "places" / f"{slug}.html"
        self.page = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        ledger = json.loads((project.ledgers / f"{slug}.json").read_text(encoding="utf-8"))
        self.entries = {entry["at"]: entry for entry in ledger["entries"] if entry["kind"] != "finding"}
        self.figures = [figure for figure in self.page.select("figure") if figure.select(".pb-tools")]

    def linked(self, node):
        """Each entry that a part of the page shows, with the first text that leads to it."""
        found = {}
        for link in node.select("a[href]"):
            entry = self.entries.get(link["href"].removeprefix(f"{self.slug}/"))
            if entry:
                found.setdefault(entry["id"], link.get_text())
        return found


@pytest.fixture(scope="module", params=PLACES)
def built(request, built_book):
    return Built(built_book, request.param)


def test_a_figures_csv_holds_what_its_table_shows(built):
    assert len(built.figures) >= 5
    for figure in built.figures:
        if "pb-lead" in figure["class"]:
            continue
        rows = read(built.folder / f"{figure['id']}.csv")
        shown = {row["entry"]: row["shown"] for row in rows if "English districts" not in row["area"]}
        table = built.linked(figure.select_one("details.pb-data"))
        bands = {entry["id"] for entry in built.entries.values() if entry["kind"] == "band"}
        assert {id_: text for id_, text in table.items() if id_ not in bands} == shown, figure["id"]
        assert {row["entry"] for row in rows} == set(table)


def test_a_lead_charts_csv_holds_what_the_section_shows_over_time(built):
    for figure in built.figures:
        if "pb-lead" in figure["class"]:
            tables = figure.find_parent("section").select(".pb-series table")
            shown = {cell.get_text().partition(" (")[0] for table in tables for cell in table.select("td")}
            rows = read(built.folder / f"{figure['id']}.csv")
            assert len(rows) >= 3 and {row["shown"].partition(" (")[0] for row in rows} <= shown, figure["id"]
            assert {row["entry"] for row in rows} <= {entry["id"] for entry in built.entries.values()}


def test_each_figure_can_be_taken_along_as_a_picture_with_its_title_and_source(built):
    for figure in built.figures:
        root = etree.fromstring((built.folder / f"{figure['id']}.svg").read_bytes())
        words = " ".join(text.text for text in root.iter("{http://www.w3.org/2000/svg}text"))
        title = " ".join(figure.select_one(".pb-figure-title strong").get_text().split())
        assert title in words and "Source: " in words, figure["id"]


def _is_of(said, shown):
    """Whether a sentence says what is shown elsewhere: the same, or one decimal more where a difference asks for it."""
    if said == shown or not said[-1].isdigit():
        return said == shown
    exact, place = Decimal(said.replace(",", "")), Decimal(1).scaleb(-len(shown.partition(".")[2]))
    return abs(exact - Decimal(shown.replace(",", ""))) <= place / 2


def test_what_is_said_and_what_the_cards_show_is_in_the_ledgers_csv(built):
    rows = {row["entry"]: row for row in read(built.folder / f"{built.slug}-ledger.csv")}
    claims = {entry["id"] for entry in built.entries.values() if entry["kind"] == "claim"}
    said = set(built.linked(built.page.select_one("article"))) - claims
    assert len(said) > 800 and said <= set(rows)
    tested = 0
    for link in built.page.select("a.pb-n"):
        entry = built.entries[link["href"].removeprefix(f"{built.slug}/")]
        if entry["kind"] == "claim":  # the size of a gap, a place among the districts: the claims' own CSV has it
            assert link.get_text() in entry["sentence"]
            tested += 1
            continue
        row = rows[entry["id"]]
        digits, shown = (re.search(r"[\d.,]*\d|\[low\]|\[c\]", text) for text in (link.get_text(), row["shown"]))
        assert digits and shown and _is_of(digits[0], shown[0]), (link.get_text(), row["shown"])
    assert tested > 60


def test_the_claims_csv_says_what_the_page_says(built):
    rows = {row["entry"]: row["sentence"] for row in read(built.folder / f"{built.slug}-claims.csv")}
    sentences = built.page.select(".pb-said")
    assert len(sentences) > 100
    for sentence in sentences:
        assert {rows[id_].removeprefix("'") for id_ in sentence["data-claim"].split()} == {sentence.get_text()}


def test_what_is_taken_along_of_a_section_holds_every_row_and_every_period(built):
    checked = 0
    for card in built.page.select(".pb-sc"):
        if card.parent.name == "details" and "pb-part" not in card.parent["class"]:
            continue  # the closed rows of the table above
        closed = card.find_next_sibling(True)
        rest = closed if closed is not None and closed.select(":scope > .pb-sc") else card
        ((csv_link, _, _, _),) = [tools.select("a") for tools in card.find_next_siblings("details", class_="pb-tools")[:1]]
        rows = read(built.folder / csv_link["href"].rpartition("/")[2])
        measures = {row["measure"] for row in rows}
        assert {link.get_text() for part in (card, rest) for link in part.select("tbody a")} == measures
        checked += len(measures)
    assert checked > 60
    for series in built.page.select(".pb-series"):
        ((csv_link, _, _, _),) = [tools.select("a") for tools in series.find_next_siblings("details", class_="pb-tools")[:1]]
        rows = read(built.folder / csv_link["href"].rpartition("/")[2])
        cells = [cell.get_text() for cell in series.select("td") if cell.get_text() != NOT_PUBLISHED]
        assert len(rows) == len(cells) > 2, csv_link["href"]


def test_a_spreadsheet_holds_its_csv_and_no_formula(built):
    names = {column.title: column.name for column in COLUMNS}
    for figure in built.figures[::SAMPLE]:
        rows = read(built.folder / f"{figure['id']}.csv")
        book = openpyxl.load_workbook(built.folder / f"{figure['id']}.xlsx")
        assert book.sheetnames[0] == "Cover" and len(book.sheetnames) == 2
        assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
        cells = [[cell.value for cell in row] for row in book[book.sheetnames[1]].iter_rows()]
        at = next(at for at, row in enumerate(cells) if row[0] == "Indicator")
        heads = [names[title] for title in cells[at] if title]
        assert {"measure", "area", "value", "shown", "entry"} <= set(heads)
        for row, wanted in zip(cells[at + 1 :], rows, strict=True):
            for head, cell in zip(heads, row, strict=True):
                text = wanted[head]
                if isinstance(cell, int | float):
                    assert cell == pytest.approx(float(text), rel=1e-15), (figure["id"], head)
                else:
                    assert cell == text or (not text and re.fullmatch(r"\[\w+\]( \[\w+\])*", cell)), (figure["id"], head, cell)


def test_no_text_of_any_csv_starts_a_formula(built):
    for path in sorted(built.folder.glob("*.csv")):
        numbers = {"value", "lower", "upper", "difference", "p"}
        for row in read(path):
            assert not any(
                text.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for name, text in row.items() if name not in numbers
            )


def test_every_csv_is_described(built):
    for path in sorted(built.folder.glob("*.csv")):
        described = json.loads((path.parent / f"{path.name}-metadata.json").read_text(encoding="utf-8"))
        head = path.read_bytes().decode("utf-8").partition("\r\n")[0].split(",")
        assert described["url"] == path.name and [c["name"] for c in described["tableSchema"]["columns"]] == head
        assert described["dc:source"] and described["dc:license"] and described["dc:title"]


def test_the_archive_holds_every_download(built_book):
    folder = built_book.html / "downloads"
    wanted = {path.relative_to(folder).as_posix() for slug in PLACES for path in (folder / slug).iterdir()}
    with zipfile.ZipFile(io.BytesIO((folder / "all-downloads.zip").read_bytes())) as archive:
        assert set(archive.namelist()) == {"README.txt", *wanted} and archive.testzip() is None
