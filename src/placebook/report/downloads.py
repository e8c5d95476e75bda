"""What a reader takes along: each figure's numbers, the whole ledger, everything in one archive.

A download is made from the same ledger entries as the figure, so it says what is drawn and what is said.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from placebook.catalogue.licences import LICENCES
from placebook.catalogue.models import Indicator, Source
from placebook.errors import BuildError
from placebook.figures.tables import Table
from placebook.findings import formats as write
from placebook.findings import wording
from placebook.paths import beside, write_changed
from placebook.report.csvw import Column, Row, csv_text, metadata
from placebook.report.spreadsheets import NOTHING, Cell, Sheet, tab_name, workbook

BUNDLE = "all-downloads.zip"
"""The archive of everything, beside the places' folders."""
Entry = Mapping[str, Any]
FIVE = {
    "minimum": "least",
    "lower_quartile": "lower quartile",
    "median": "median",
    "upper_quartile": "upper quartile",
    "maximum": "most",
}
ROLES = {"place": "place", "small_area": "small area of the place", "pooled": "several readings together", **wording.ROLE_WORDS}
RATIO = "ratio to "
"""How the category of a value begins that is the place's as a share of another area's."""


COLUMNS = (
    Column("indicator", "Indicator", "Id of the measure in this book", required=True),
    Column("measure", "Measure", "Title of the measure", required=True),
    Column("area_code", "Area code", "GSS or ITL code; the short name of a town, which has none"),
    Column("area", "Area", "Name of the area that the number is for", required=True),
    Column("geography", "Geography", "Direct: of this area; best fit: of small areas; wider: of an area around it"),
    Column("role", "Role", "What the area is to the place: the place, its county, region, country, a neighbour …"),
    Column("period", "Period", "ISO 8601: a date, or start and duration"),
    Column("category", "Category", "Age, tenure, industry, decile …, or which of the five numbers of the districts"),
    Column("partner_code", "Partner code", "Code of the other end of a flow"),
    Column("partner", "Partner", "The other end of a flow"),
    Column("value", "Value", "The number, not rounded by this book", "number"),
    Column("lower", "Lower limit", "Lower end of the published 95% interval", "number"),
    Column("upper", "Upper limit", "Upper end of the published 95% interval", "number"),
    Column("unit", "Unit", "Unit of the value, in words", required=True),
    Column("shown", "As shown", "The number as the page writes it", required=True),
    Column("markers", "Markers", "Standard markers of official statistics, in brackets"),
    Column("derivation", "How it was made", "Published, percentage, sum, share, mean, quotient, difference, own calculation"),
    Column("source", "Source", "Publisher and title of the data set", required=True),
    Column("entry", "Ledger entry", "Id of the number in the place's ledger", required=True),
)
EMPTY: Row = dict.fromkeys(column.name for column in COLUMNS)
INPUTS = Column("inputs", "Inputs", "Rows of the book's tables that it was made from; small areas of a count", "json")
MANY = 200
"""Entries of a claim that its cell in the spreadsheet names."""
CLAIMS = (
    Column("entry", "Claim", "Id of the claim in the place's ledger", required=True),
    Column("kind", "Kind", "Level, change, trend, rank, extreme …", required=True),
    Column("indicator", "Indicator", "Id of the measure in this book", required=True),
    Column("measure", "Measure", "Title of the measure", required=True),
    Column("subject_code", "Subject code", "Code of the area that the claim is about", required=True),
    Column("subject", "Subject", "Area that the claim is about", required=True),
    Column("geography", "Geography", "Direct, best fit or wider", required=True),
    Column("comparator_code", "Comparator code", "Code of the area that it is compared with"),
    Column("comparator", "Compared with", "Area that it is compared with"),
    Column("readings", "Entries used", "Ids of the numbers in the ledger, parted by spaces"),
    Column("test", "Test", "Name of the test"),
    Column("difference", "Difference", "The difference that was tested", "number"),
    Column("lower", "Lower limit", "Lower end of its 95% interval", "number"),
    Column("upper", "Upper limit", "Upper end of its 95% interval", "number"),
    Column("p", "p value", "Two-sided, before any correction", "number"),
    Column("correction", "Correction", "For several tests, where one was made"),
    Column("verdict", "Verdict", "What the test allows to be said", required=True),
    Column("sentence", "Sentence", "What the page says", required=True),
)


# ---------------------------------------------------------------- rows


def figure_rows(
    tables: Sequence[Table],
    entries: Mapping[str, Entry],
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
) -> list[Row]:
    """A row for each number that some tables show, five for the five numbers of the districts, in their order.

    An interval shares its entry with the value before it, so each entry is taken once, as its first cell writes it.
    Raises BuildError for a number that is in no ledger entry.
    """
    shown: dict[str, str] = {}
    for cell in (cell for table in tables for row in table.rows for cell in row if cell.entry and cell.text):
        shown.setdefault(cell.entry, cell.text)
    lost = [id_ for id_ in shown if id_ not in entries]
    if lost:
        raise BuildError(f"a table shows what the ledger does not hold, {', '.join(lost)}: add it to the ledger first")
    return [row for id_, text in shown.items() for row in _rows(entries[id_], text, entries, indicators, sources)]


def _rows(
    entry: Entry,
    shown: str,
    entries: Mapping[str, Entry],
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
) -> list[Row]:
    """The rows of one entry; ``shown`` "" takes the way in which the book writes it everywhere."""
    indicator, source = indicators[entry["indicator"]], sources[entry["source"]]
    row: Row = {
        **EMPTY,
        "indicator": indicator.id,
        "measure": indicator.title,
        "derivation": entry["derivation"] + _corrected(entry),
        "source": f"{source.publisher}, {source.title}",
        "entry": entry["id"],
    }
    if entry["kind"] == "value":
        value, lower, upper = (_number(entry, name) for name in ("value", "lower", "upper"))
        unit, decimals = _unit(entry, indicator, source, entries)
        said = write.quantity(value, entry["unit"], decimals, tuple(entry["markers"]))
        return [
            {
                **row,
                "area_code": entry["area"],
                "area": entry["area_name"],
                "geography": wording.SHORT_BADGE[entry["badge"]],
                "role": ROLES[entry["role"]],
                "period": entry["period"],
                "category": entry["category"] or None,
                "partner_code": entry.get("partner"),
                "partner": entry.get("partner_name"),
                "value": value,
                "lower": lower,
                "upper": upper,
                "unit": unit,
                "shown": shown or said,
                "markers": " ".join(f"[{marker}]" for marker in entry["markers"]) or None,
            }
        ]
    if entry["kind"] == "band":
        parts = dict(zip(FIVE, shown.split(" · "), strict=True)) if shown.count(" · ") == len(FIVE) - 1 else {}
        return [
            row
            | {
                "area": f"{entry['districts']} English districts",
                "role": "English districts",
                "period": entry["period"],
                "category": words,
                "value": _number(entry, key),
                "unit": indicator.unit_words,
                "shown": parts.get(key) or write.quantity(entry[key], entry["unit"], indicator.decimals),
                "derivation": f"the book’s own calculation: {entry['derivation']}",
            }
            for key, words in FIVE.items()
        ]
    # A count knows no period: it is of the edition whose small areas the ledger holds beside it.
    periods = (e["period"] for e in entries.values() if e["kind"] == "value" and e["indicator"] == indicator.id)
    return [
        row
        | {
            "area": f"{entry['of']} small areas",
            "role": ROLES["place"],
            "period": next(periods, None),
            "category": f"{source.measures[entry['measure']].label} {entry['decile']}",
            "value": entry["count"],
            "unit": "small areas",
            "shown": shown or str(entry["count"]),
        }
    ]


def _corrected(entry: Entry) -> str:
    """What is corrected in the rows that a number was made of; "" where nothing is."""
    return "".join(
        f"; corrected: the publisher gives {each['published']:.12g}, this book {each['value']:.12g} ({each['evidence']})"
        for each in entry.get("corrections", ())
    )


def _unit(entry: Entry, indicator: Indicator, source: Source, entries: Mapping[str, Entry]) -> tuple[str, int]:
    """Unit in words and decimals; of a place beside another area as pages write such a ratio."""
    if entry["category"] == entry["measure"]:  # rank, decile and score of an index differ in unit
        return source.measures[entry["measure"]].unit, indicator.decimals
    if not (entry["unit"] == "ratio" and entry["category"].startswith(RATIO)):
        return indicator.unit_words, indicator.decimals
    code = entry["category"].removeprefix(RATIO)
    names = (e["area_name"] for e in entries.values() if e["kind"] == "value" and e["area"] == code)
    return f"{next(names, code)} = {entry.get('per', 1):g}", 1


def _claim(entry: Entry, indicators: Mapping[str, Indicator]) -> Row:
    compared, subject = entry["comparator"] or {}, entry["subject"]
    return {
        "entry": entry["id"],
        "kind": entry["claim"],
        "indicator": entry["indicator"],
        "measure": indicators[entry["indicator"]].title,
        "subject_code": subject["code"],
        "subject": subject["name"],
        "geography": wording.SHORT_BADGE[subject["badge"]],
        "comparator_code": compared.get("code"),
        "comparator": compared.get("name"),
        "readings": " ".join(entry["readings"]) or None,
        "test": entry["test"],
        "difference": _number(entry, "difference"),
        "lower": _number(entry, "lower"),
        "upper": _number(entry, "upper"),
        "p": _number(entry, "p"),
        "correction": entry["correction"],
        "verdict": entry["verdict"],
        "sentence": entry["sentence"],
    }


def _for_a_cell(claim: Row) -> Row:
    """A claim whose entries find room in a spreadsheet's cell: a city has hundreds of small areas."""
    ids = str(claim["readings"] or "").split()
    many = len(ids) > MANY
    return claim | ({"readings": f"{' '.join(ids[:MANY])} and {len(ids) - MANY} more: see the CSV file"} if many else {})


def _number(entry: Entry, name: str) -> float | None:
    number = entry[name]
    if number is None:
        return None
    if not isfinite(number):
        raise BuildError(f"{entry['id']}: its {name} is {number}, no number to download: leave it empty, with a marker")
    return float(number)


# ---------------------------------------------------------------- files


class Downloads:
    """Writes the downloads of one place."""

    def __init__(self, folder: Path, indicators: Mapping[str, Indicator], sources: Mapping[str, Source]):
        self.folder = folder
        self.written: set[str] = set()
        self.indicators = indicators
        self.sources = sources

    def figure(
        self, name: str, title: str, about: Mapping[str, str], tables: Sequence[Table], entries: Mapping[str, Entry]
    ) -> None:
        """CSV, its description and a spreadsheet of one figure's tables; ``about`` is what the cover says."""
        rows = figure_rows(tables, entries, self.indicators, self.sources)
        shown = (entries[str(row["entry"])] for row in rows)
        used = dict.fromkeys(source for entry in shown for source in self.indicators[entry["indicator"]].sources)
        tab = tab_name(title.partition(". ")[0])
        self._describe(name, title, about, COLUMNS, rows, list(used))
        self._spreadsheet(name, title, about, list(used), [self._sheet(tab, f"{tab}_{name}", title, COLUMNS, rows)])

    def ledger(self, slug: str, title: str, about: Mapping[str, str], entries: Sequence[Entry]) -> None:
        """CSV files, their descriptions and one spreadsheet of everything that a page shows and says."""
        by_id = {entry["id"]: entry for entry in entries}
        numbers, inputs = [], []
        for entry in (entry for entry in entries if entry["kind"] not in ("claim", "finding")):
            made = _rows(entry, "", by_id, self.indicators, self.sources)
            text = json.dumps(entry["areas"] if entry["kind"] == "count" else entry["inputs"], separators=(",", ":"))
            numbers += made
            inputs += [row | {"inputs": text} for row in made]
        claims = [_claim(entry, self.indicators) for entry in entries if entry["kind"] == "claim"]
        shown = (entry for entry in entries if entry["kind"] not in ("claim", "finding"))
        used = list(dict.fromkeys(source for entry in shown for source in self.indicators[entry["indicator"]].sources))
        name, every, said = f"{slug}-ledger", f"{title}: every number", f"{title}: every claim and its test"
        # Where a number comes from can take thousands of characters: for programs, not for a sheet's cell.
        self._describe(name, every, about, (*COLUMNS, INPUTS), inputs, used)
        sheets = [self._sheet("Numbers", f"Numbers_{slug}", every, COLUMNS, numbers)]
        if claims:
            self._describe(f"{slug}-claims", said, about, CLAIMS, claims, used)
            sheets.append(self._sheet("Claims", f"Claims_{slug}", said, CLAIMS, [_for_a_cell(claim) for claim in claims]))
        self._spreadsheet(name, title, about, used, sheets)

    def _describe(
        self,
        name: str,
        title: str,
        about: Mapping[str, str],
        columns: Sequence[Column],
        rows: Sequence[Row],
        used: Sequence[str],
    ) -> None:
        self._write(f"{name}.csv", csv_text(columns, rows))
        described = metadata(f"{name}.csv", title, about, columns, rows, [self.sources[source] for source in used])
        self._write(f"{name}.csv-metadata.json", described)

    def _spreadsheet(
        self, name: str, title: str, about: Mapping[str, str], used: Sequence[str], sheets: Sequence[Sheet]
    ) -> None:
        credits = [
            f"{source.publisher}, {source.title}, {source.landing_page} ({LICENCES[source.licence][0]}). {source.attribution}"
            for source in (self.sources[id_] for id_ in used)
        ]
        self._write(f"{name}.xlsx", workbook(title, about, credits, sheets))

    def copy(self, source: Path) -> None:
        """Offer a file as it is, under a name of its own."""
        self._write(f"{source.stem}-ledger{source.suffix}", source.read_bytes())

    def picture(self, name: str, svg: bytes) -> None:
        """A figure as it is drawn."""
        self._write(f"{name}.svg", svg)

    def close(self) -> None:
        """Delete what an earlier time wrote and this one did not: figures that the page has no more."""
        for path in self.folder.iterdir():
            if path.name not in self.written:
                path.unlink()

    def _write(self, name: str, content: str | bytes) -> None:
        # What is the same stays as it was, with its time of writing: what is made from it need not be made again.
        write_changed(self.folder / name, content)
        self.written.add(name)

    def _sheet(self, tab: str, table: str, title: str, columns: Sequence[Column], rows: Sequence[Row]) -> Sheet:
        """The table without the columns that are empty in every row, which would read as one marker after another."""
        kept = [c for c in columns if c.datatype == "number" or any(row[c.name] is not None for row in rows)]
        cells = [[row[column.name] for column in kept] for row in rows]
        for at, column in enumerate(kept):
            if column.datatype == "number" and rows and "value" in rows[0]:
                for row, written in zip(rows, cells, strict=True):
                    if written[at] is None:
                        written[at] = self._marked(row)
        return Sheet(tab, table, title, [column.title for column in kept], cells)

    def _marked(self, row: Row) -> Cell:
        """The marker that says why a number is not there."""
        if row["value"] is None:
            return row["markers"] or "[x]"
        counted = self.indicators[str(row["indicator"])].uncertainty == "full_count"
        return NOTHING if counted or not row["area_code"] else "[x]"


# ---------------------------------------------------------------- the archive

README = """\
Everything that can be downloaded from this book.

A folder for each place:
  NAME.csv                the numbers of one figure
  NAME.csv-metadata.json  what its columns mean, its sources and licences (W3C CSVW)
  NAME.xlsx               the same numbers as an accessible spreadsheet, without columns that would be empty
  PLACE-ledger.csv        every number on the place's page, with the rows of the tables that each was made from
  PLACE-claims.csv        every claim on the page and its test
  PLACE-ledger.xlsx       both as an accessible spreadsheet
  PLACE-ledger.json       both for programs

Numbers in CSV files are not rounded and read back exactly; a spreadsheet keeps 16 significant digits. An apostrophe
stands before a text that a spreadsheet program would take for a formula.

Markers: {markers}.
"""


def bundle(folder: Path, target: Path) -> None:
    """One archive of a folder, the same bytes from the same files; ``target`` may lie in the folder."""
    markers = "; ".join(f"[{marker}] {words}" for marker, words in write.MARKER_WORDS.items())
    files = (path for path in folder.rglob("*") if path.is_file() and path != target)
    by_name = {path.relative_to(folder).as_posix(): path for path in files}
    if "README.txt" in by_name:
        raise BuildError(f"{folder}/README.txt would hide the archive's own: give it another name")
    with beside(target) as stream, zipfile.ZipFile(stream, "w", compresslevel=6) as archive:
        _add(archive, "README.txt", README.format(markers=markers).encode())
        for name in sorted(by_name):
            _add(archive, name, by_name[name].read_bytes())


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    about.create_system = 3  # Unix, wherever it is made
    about.external_attr = 0o100644 << 16
    # A workbook is an archive itself: packing it again takes long and saves nothing.
    about.compress_type = zipfile.ZIP_STORED if name.endswith(".xlsx") else zipfile.ZIP_DEFLATED
    archive.writestr(about, data)
