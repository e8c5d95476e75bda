"""Downloads: what is downloaded is what is shown, reads back exactly, and starts no formula."""

import csv
import datetime as calendar
import io
import json
import re
import time as clock
import unicodedata
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placebook.errors import BuildError
from placebook.figures.tables import Cell, Table
from placebook.report import downloads as room
from placebook.report import spreadsheets
from placebook.report.downloads import CLAIMS, COLUMNS, Downloads, bundle, csv_text, figure_rows
from placebook.report.spreadsheets import NOTHING, Sheet, safe_text, tab_name, workbook

INDICATORS = {
    "work": SimpleNamespace(
        id="work",
        title="Employment rate",
        unit_words="% of people",
        decimals=1,
        source="jobs",
        sources=("jobs",),
        uncertainty="limits",
    ),
    "heads": SimpleNamespace(
        id="heads", title="People", unit_words="people", decimals=0, source="jobs", sources=("jobs",), uncertainty="full_count"
    ),
}
SOURCES = {
    "jobs": SimpleNamespace(
        publisher="Nobody",
        title="Made-up jobs",
        landing_page="https://example.org/jobs",
        licence="OGL-UK-3.0",
        attribution="Made up for a test",
        measures={
            "imd_decile": SimpleNamespace(label="Index: decile", unit="decile, 1 the least"),
            "imd_rank": SimpleNamespace(label="Index: rank", unit="rank, 1 the first"),
        },
    ),
}
ABOUT = {"Place": "Broxbourne", "Period": "2023", "Edition": "30 June 2025"}
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def value(id_="work--place", number=76.123456789012345, **more):
    return {
        "kind": "value",
        "id": id_,
        "indicator": "work",
        "measure": "rate",
        "category": "",
        "area": "E07000095",
        "area_name": "Broxbourne",
        "level": "district",
        "role": "place",
        "badge": "direct",
        "period": "2023-01-01/P1Y",
        "value": number,
        "lower": 64.9,
        "upper": 87.3,
        "unit": "percent",
        "markers": [],
        "derivation": "published",
        "inputs": [{"table": "t.csv", "key": {"area": "E07000095"}}],
        "source": "jobs",
    } | more


BAND = {
    "kind": "band",
    "id": "band",
    "indicator": "work",
    "period": "2023-01-01/P1Y",
    "districts": 296,
    "minimum": 50.0,
    "lower_quartile": 70.0,
    "median": 75.0,
    "upper_quartile": 80.0,
    "maximum": 90.0,
    "unit": "percent",
    "derivation": "quantiles",
    "inputs": [{"table": "t.csv"}],
    "source": "jobs",
}
COUNT = {
    "kind": "count",
    "id": "count",
    "indicator": "work",
    "measure": "imd_decile",
    "decile": 3,
    "count": 5,
    "of": 23,
    "areas": ["E01000001"],
    "derivation": "number of small areas in the decile",
    "source": "jobs",
}
CLAIM = {
    "kind": "claim",
    "id": "claim--work",
    "claim": "level",
    "indicator": "work",
    "comparator": {"role": "country", "code": "E92000001", "name": "England"},
    "subject": {"name": "Broxbourne", "code": "E07000095", "level": "district", "badge": "direct"},
    "readings": ["a", "b"],
    "test": "MOVER",
    "difference": 0.1,
    "lower": -1.0,
    "upper": 1.2,
    "p": 0.8,
    "correction": None,
    "verdict": "no_clear_difference",
    "sentence": "There is no clear difference.",
}
WITHHELD = value("other", None, area="E92000001", area_name="England", role="country", lower=None, upper=None, markers=["c"])
NO_LIMITS = value("alone", 1.5, lower=None, upper=None, markers=["p"])
FLOW = value(
    "flow",
    300.0,
    indicator="heads",
    category="out",
    partner="E09000010",
    partner_name="Enfield",
    unit="count",
    lower=None,
    upper=None,
    badge="wider",
)
ENTRIES = {entry["id"]: entry for entry in (value(), WITHHELD, NO_LIMITS, FLOW, BAND, COUNT, CLAIM)}
FIVE = "50.0% · 70.0% · 75.0% · 80.0% · 90.0%"
TABLES = (
    Table(
        "one",
        ("", "Value", "95% interval"),
        (
            (Cell("Rate"), Cell("76.1%", "work--place"), Cell("64.9% to 87.3%", "work--place")),
            (Cell("Rate"), Cell("[c]", "other"), Cell("not published here", "")),
            (Cell("Rate"), Cell(FIVE, "band"), Cell("")),
        ),
    ),
    Table(
        "two",
        ("", "Value"),
        (
            (Cell("Decile 3"), Cell("5", "count")),
            (Cell("Again"), Cell("76.1% (64.9% to 87.3%)", "work--place")),
            (Cell("Enfield"), Cell("300", "flow")),
            (Cell("Rate"), Cell("1.5% [p]", "alone")),
        ),
    ),
)


def one_cell(id_, text="1"):
    """The tables of a figure that shows one number."""
    return [Table("t", ("", "x"), ((Cell("r"), Cell(text, id_)),))]


@pytest.fixture
def made(tmp_path):
    return Downloads(tmp_path, INDICATORS, SOURCES)


def read(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cells(sheet):
    """The table of a sheet: heads and rows, as the workbook marks it."""
    (table,) = sheet.tables.values()
    return [[cell.value for cell in row] for row in sheet[table.ref]]


# ------------------------------------------------------------ rows


def rows():
    return figure_rows(TABLES, ENTRIES, INDICATORS, SOURCES)


def test_each_number_shown_is_a_row_once_in_the_order_of_the_tables():
    assert [row["entry"] for row in rows()] == ["work--place", "other", *["band"] * 5, "count", "flow", "alone"]
    assert all(list(row) == [column.name for column in COLUMNS] for row in rows())


def test_the_text_is_the_one_of_the_value_and_not_of_its_interval():
    assert [row["shown"] for row in rows()] == ["76.1%", "[c]", *FIVE.split(" · "), "5", "300", "1.5% [p]"]


def test_a_value_is_the_ledgers_number_with_its_area_badge_and_source():
    first = rows()[0]
    assert (first["value"], first["lower"], first["upper"]) == (76.123456789012345, 64.9, 87.3)
    assert (first["area_code"], first["area"], first["geography"], first["role"]) == (
        "E07000095",
        "Broxbourne",
        "direct",
        "place",
    )
    assert (first["unit"], first["source"], first["markers"]) == ("% of people", "Nobody, Made-up jobs", None)
    flow = rows()[-2]
    assert (flow["partner_code"], flow["partner"], flow["category"]) == ("E09000010", "Enfield", "out")
    assert (flow["geography"], flow["unit"]) == ("wider", "people")


def test_a_number_that_is_held_back_is_empty_and_has_its_marker():
    held = rows()[1]
    assert (held["value"], held["markers"], held["role"]) == (None, "[c]", "country")


def test_the_districts_are_five_rows_and_the_books_own_calculation():
    five = rows()[2:7]
    assert [row["value"] for row in five] == [50.0, 70.0, 75.0, 80.0, 90.0]
    assert [row["category"] for row in five] == ["least", "lower quartile", "median", "upper quartile", "most"]
    assert {row["area"] for row in five} == {"296 English districts"}
    assert {row["derivation"] for row in five} == {"the book’s own calculation: quantiles"}


def test_a_count_takes_its_period_from_the_small_areas_beside_it():
    count = rows()[7]
    assert (count["value"], count["category"], count["area"]) == (5, "Index: decile 3", "23 small areas")
    assert count["period"] == "2023-01-01/P1Y"


def test_a_ratio_has_the_unit_of_a_ratio_and_not_of_its_measure():
    ratio = value("ratio", 114.88, unit="ratio", category="ratio to E92000001", derivation="quotient", per=100)
    entries = {"ratio": ratio, "other": WITHHELD}
    (row,) = figure_rows(one_cell("ratio", "114.9"), entries, INDICATORS, SOURCES)
    assert row["unit"] == "England = 100"


def test_rank_and_decile_of_an_index_have_each_their_own_unit():
    entries = {name: value(name, 7.0, measure=name, category=name) for name in ("imd_rank", "imd_decile")}
    tables = [*one_cell("imd_rank", "7"), *one_cell("imd_decile", "7")]
    found = figure_rows(tables, entries, INDICATORS, SOURCES)
    assert [row["unit"] for row in found] == ["rank, 1 the first", "decile, 1 the least"]


def test_a_number_that_the_ledger_does_not_hold_stops_the_build():
    with pytest.raises(BuildError, match="lost.*add it to the ledger"):
        figure_rows(one_cell("lost"), ENTRIES, INDICATORS, SOURCES)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("name", ["value", "lower", "upper"])
def test_what_is_no_number_is_refused(made, tmp_path, name, number):
    with pytest.raises(BuildError, match=f"work--place: its {name} is {number}"):
        made.ledger("x", "X", {}, [value(**{name: number})] if name != "value" else [value(number=number)])
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------ a figure's files


def test_csv_and_spreadsheet_hold_the_same(made, tmp_path):
    made.figure("b-strip", "Figure 2. Rate", ABOUT, TABLES, ENTRIES)
    said = read(tmp_path / "b-strip.csv")
    heads, *found = cells(openpyxl.load_workbook(tmp_path / "b-strip.xlsx")["Figure 2"])
    assert heads == [column.title for column in COLUMNS]
    assert len(found) == len(said) == 10
    for row, text in zip(found, said, strict=True):
        for column, cell in zip(COLUMNS, row, strict=True):
            told = text[column.name]
            if told and column.datatype == "number":
                assert cell == pytest.approx(float(told), rel=1e-15, abs=0)
            else:
                assert cell == told if told else re.fullmatch(r"\[[cxz]\]", cell), column.name
    assert float(said[0]["value"]) == 76.123456789012345


def test_an_empty_number_says_why_in_the_spreadsheet(made, tmp_path):
    made.figure("b-strip", "Figure 2. Rate", ABOUT, TABLES, ENTRIES)
    heads, *found = cells(openpyxl.load_workbook(tmp_path / "b-strip.xlsx")["Figure 2"])
    at = [heads.index(title) for title in ("Value", "Lower limit", "Upper limit")]
    numbers = {row[-1]: tuple(row[column] for column in at) for row in found}
    assert numbers["other"] == ("[c]", "[c]", "[c]"), "held back"
    assert numbers["alone"] == (1.5, "[x]", "[x]"), "an estimate without limits"
    assert numbers["flow"] == (300, "[z]", "[z]"), "counted: there are none"
    assert numbers["count"] == (5, "[z]", "[z]")


def test_a_spreadsheet_leaves_out_columns_that_say_nothing(made, tmp_path):
    made.figure("x", "Figure 1. X", {}, one_cell("work--place"), ENTRIES)
    heads, _ = cells(openpyxl.load_workbook(tmp_path / "x.xlsx")["Figure 1"])
    assert {"Partner", "Partner code", "Category", "Markers"} == {c.title for c in COLUMNS} - set(heads)
    assert len(read(tmp_path / "x.csv")[0]) == len(COLUMNS)


def test_the_cover_says_what_where_from_and_under_which_licence(made, tmp_path):
    made.figure("b-strip", "Figure 2. Rate", ABOUT, TABLES, ENTRIES)
    book = openpyxl.load_workbook(tmp_path / "b-strip.xlsx")
    cover = [row[0].value for row in book["Cover"].iter_rows() if row[0].value]
    assert book.sheetnames == ["Cover", "Figure 2"]
    assert cover[0] == "Figure 2. Rate"
    assert {"Place: Broxbourne", "Period: 2023", "Edition: 30 June 2025"} <= set(cover)
    assert cover[-1] == ("Nobody, Made-up jobs, https://example.org/jobs (Open Government Licence v3.0). Made up for a test")
    assert list(book["Figure 2"].tables) == ["Figure_2_b_strip"]


def test_the_ledger_has_every_number_and_every_claim(made, tmp_path):
    made.ledger("town", "Town: the ledger", ABOUT, list(ENTRIES.values()))
    numbers = read(tmp_path / "town-ledger.csv")
    assert len(numbers) == 4 + 5 + 1
    assert json.loads(numbers[0]["inputs"]) == value()["inputs"]
    assert json.loads(numbers[-1]["inputs"]) == ["E01000001"], "of a count: the small areas counted"
    assert [row["shown"] for row in numbers if row["entry"] in ("work--place", "count")] == ["76.1%", "5"]
    (claim,) = read(tmp_path / "town-claims.csv")
    assert list(claim) == [column.name for column in CLAIMS]
    assert (claim["sentence"], claim["readings"], claim["comparator"]) == (CLAIM["sentence"], "a b", "England")
    assert [float(claim[name]) for name in ("difference", "lower", "upper", "p")] == [0.1, -1.0, 1.2, 0.8]
    book = openpyxl.load_workbook(tmp_path / "town-ledger.xlsx")
    assert book.sheetnames == ["Cover", "Contents", "Numbers", "Claims"]
    assert len(cells(book["Numbers"])) == 1 + 10 and len(cells(book["Claims"])) == 1 + 1
    assert "Inputs" not in cells(book["Numbers"])[0]


def test_a_ledger_without_claims_has_no_sheet_of_claims(made, tmp_path):
    made.ledger("town", "Town", {}, [value()])
    assert openpyxl.load_workbook(tmp_path / "town-ledger.xlsx").sheetnames == ["Cover", "Numbers"]
    assert not (tmp_path / "town-claims.csv").exists()


def test_a_ratio_reads_in_the_ledger_as_its_page_writes_it(made, tmp_path):
    ratio = value("r", 114.88, unit="ratio", category="ratio to E92000001", per=100, inputs=[])
    made.ledger("town", "Town", {}, [ratio])
    (row,) = read(tmp_path / "town-ledger.csv")
    assert (row["shown"], row["unit"], row["inputs"]) == ("114.9", "E92000001 = 100", "[]")


# ------------------------------------------------------------ descriptions (CSVW)


def faults(folder, name):
    """What a validator of W3C tabular metadata would refuse: heads, types, required cells, unique keys."""
    about = json.loads((folder / f"{name}-metadata.json").read_text(encoding="utf-8"))
    schema, table = about["tableSchema"], read(folder / about["url"])
    found = [] if about["@context"][0] == "http://www.w3.org/ns/csvw" else ["context"]
    allowed = {"name", "titles", "dc:description", "datatype", "required"}
    names = [column["name"] for column in schema["columns"]]
    found += [f"column {c['name']}" for c in schema["columns"] if set(c) - allowed]
    found += [f"name {name}" for name in names if not re.fullmatch("[a-z_]+", name)]
    found += ["heads"] if list(table[0]) != names else []
    found += [f"title {c['name']}" for c in schema["columns"] if c["name"] not in c["titles"]["en-GB"]]
    for column in schema["columns"]:
        texts = [row[column["name"]] for row in table]
        if column["required"] and "" in texts:
            found.append(f"required {column['name']}")
        if column["datatype"] == "number":
            found += [text for text in texts if text and not re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text)]
        elif column["datatype"] == "json":
            found += [text for text in texts if text and not isinstance(json.loads(text), list)]
        elif column["datatype"] != "string":
            found.append(f"datatype {column['datatype']}")
    key = schema["primaryKey"]
    keys = [tuple(row[name] for name in ([key] if isinstance(key, str) else key)) for row in table]
    return found + (["key"] if len(set(keys)) != len(keys) else [])


def test_every_csv_is_as_its_description_says(made, tmp_path):
    made.figure("b-strip", "Figure 2. Rate", ABOUT, TABLES, ENTRIES)
    made.ledger("town", "Town", ABOUT, list(ENTRIES.values()))
    for name in ("b-strip.csv", "town-ledger.csv", "town-claims.csv"):
        assert faults(tmp_path, name) == []


def test_a_csv_that_is_not_as_described_is_noticed(made, tmp_path):
    made.figure("x", "Figure 1. X", ABOUT, one_cell("work--place", "76.1%"), ENTRIES)
    head, row, _ = (tmp_path / "x.csv").read_bytes().split(b"\r\n")
    wrong = row.replace(b"64.9", b"much").replace(b"76.1%", b"")
    (tmp_path / "x.csv").write_bytes(b"\r\n".join([head, row, wrong, b""]))
    assert faults(tmp_path, "x.csv") == ["much", "required shown", "key"]


def test_a_description_names_title_sources_and_licence(made, tmp_path):
    made.figure("b-strip", "Figure 2. Rate", ABOUT, TABLES, ENTRIES)
    found = json.loads((tmp_path / "b-strip.csv-metadata.json").read_text(encoding="utf-8"))
    assert (found["url"], found["dc:title"], found["dc:language"]) == ("b-strip.csv", "Figure 2. Rate", "en-GB")
    assert found["dc:description"] == "Place: Broxbourne. Period: 2023. Edition: 30 June 2025."
    assert found["dc:source"] == [{"@id": "https://example.org/jobs", "dc:title": "Nobody, Made-up jobs"}]
    assert found["dc:rights"] == ["Made up for a test"]
    (licence,) = found["dc:license"]
    assert "open-government-licence" in licence["@id"]
    assert found["tableSchema"]["primaryKey"] == ["entry", "category"]


# ------------------------------------------------------------ spreadsheets


def sheet(*rows, columns=("Name", "Number"), tab="Table"):
    return Sheet(tab, tab, "A title", columns, rows)


def opened(*sheets, title="Title", about=None, sources=()):
    return openpyxl.load_workbook(io.BytesIO(workbook(title, about or {}, sources, sheets)))


def test_one_table_a_sheet_and_no_merged_or_blank_cell():
    found = opened(sheet(("a", 1), ("b", None), (" ", 2)), sheet(("c", 3), tab="More"), about={"Place": "Town"})
    assert found.sheetnames == ["Cover", "Contents", "Table", "More"]
    assert not any(one.merged_cells.ranges for one in found)
    assert [len(one.tables) for one in found] == [0, 1, 1, 1]
    assert cells(found["Table"]) == [["Name", "Number"], ["a", 1], ["b", NOTHING], [NOTHING, 2]]


def test_the_document_has_title_subject_author_and_language():
    found = opened(sheet(("a", 1)))
    assert (found.properties.title, found.properties.subject) == ("Title", "A title")
    assert found.properties.creator == "The placebook authors"
    assert found.custom_doc_props["Language"].value == "en-GB"


def test_markers_that_stand_in_a_table_are_explained_above_it():
    found = opened(sheet(("5 [p]", 1), ("[c]", None)))["Table"]
    above = " ".join(str(cell.value) for row in found.iter_rows(max_row=8) for cell in row if cell.value)
    assert all(said in above for said in ("[p] provisional", "[c] confidential", "[z] not applicable"))
    assert "[b]" not in above


def test_the_same_figures_are_the_same_bytes_at_any_hour(monkeypatch):
    class Dates(type):
        def __instancecheck__(cls, one):
            return isinstance(one, calendar.datetime)

    class Later(metaclass=Dates):
        @classmethod
        def now(cls, tz=None):
            return calendar.datetime(2031, 5, 6, 7, 8, 9, tzinfo=tz)

    def build():
        return workbook("T", {"a": "b"}, ["s"], [sheet(("a", 1.5))])

    def pass_time():
        monkeypatch.setattr("xlsxwriter.core.datetime", Later)
        monkeypatch.setattr(clock, "localtime", lambda *_: clock.gmtime(2e9))

    first = build()
    pass_time()
    assert build() == first
    # Without a date of its own the workbook would carry the hour of its making.
    monkeypatch.setattr("placebook.report.spreadsheets.MADE", None)
    assert build() != first


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: workbook("T", {}, [], [sheet()]), "needs rows, and A title has none"),
        (lambda: workbook("T", {}, [], [sheet(("x" * 32_768, 1))]), "holds 32,767 characters, not 32,768"),
        (lambda: workbook("T", {}, [], [sheet(("a" + "😀" * 16_384, 1))]), "holds 32,767 characters, not 32,769"),
        (
            lambda: workbook("T", {}, [], [sheet(("a", 1), columns=["Area", "Area"])]),
            "cannot be made: .*[Dd]uplicate column names",
        ),
        (
            lambda: workbook("T", {}, [], [sheet(("a", 1), columns=["Area", ""])]),
            "cannot be made: .*column names must all have text",
        ),
        (lambda: workbook("T", {}, [], [sheet(("…", 1))]), "the spreadsheet of T cannot be made: .*special characters"),
    ],
)
def test_what_a_spreadsheet_cannot_hold_stops_the_build(made, said):
    with pytest.raises(BuildError, match=said):
        made()


WRITTEN = st.sampled_from(("Ayton", "5 [p]", "[c]", "[z] [x]", "2023", "B 7"))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda wide: st.lists(
            st.lists(st.none() | st.integers(-9, 9) | st.floats(-1e9, 1e9) | WRITTEN, min_size=wide, max_size=wide),
            min_size=1,
            max_size=40,
        )
    )
)
def test_a_table_written_at_a_stroke_has_the_bytes_of_one_that_gptables_writes_alone(rows):
    """gptables is shown a sample: here it is given all of the rows. A new version that decides otherwise is noticed."""
    columns = [f"Column {at}" for at, _ in enumerate(rows[0])]
    given = [sheet(*rows, columns=columns), sheet(*rows[::-1], columns=columns, tab="More")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spreadsheets._Table, "sound", False)
        alone = workbook("T", {"a": "b"}, ["s"], given)
    assert workbook("T", {"a": "b"}, ["s"], given) == alone


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_cell_that_holds_no_number_stops_the_build(number):
    with pytest.raises(BuildError, match=f"holds no {number}"):
        workbook("T", {}, [], [sheet(("a", 1.0), ("b", number))])


@given(st.text(min_size=1, max_size=60))
def test_a_tab_holds_no_character_that_a_sheet_may_not_have(text):
    assert len(tab_name(text)) <= 31
    assert not set("[]:*?/\\'") & set(tab_name(text))


# ------------------------------------------------------------ no cell starts a formula

spaces = st.text(
    st.characters(categories=("C", "Z", "M")) | st.sampled_from("\u00a0\u00ad\u200b\u2060\ufeff\u034f\u3164\u2800\U000e0041"),
    max_size=3,
)
dangerous = st.tuples(spaces, st.sampled_from(STARTS), st.text(max_size=9)).map("".join)


@given(dangerous)
def test_what_would_start_a_formula_gets_an_apostrophe(text):
    assert safe_text(text) == f"'{text}"


@given(st.text(max_size=20))
def test_no_text_starts_a_formula_and_other_text_is_left_alone(text):
    safe = safe_text(text)
    assert not safe.lstrip(" ").startswith(STARTS)
    bare = unicodedata.normalize("NFKC", "".join(sign for sign in safe if unicodedata.category(sign)[0] not in "CMZ"))
    assert not bare.startswith(("=", "+", "-", "@"))
    assert safe == text or (safe == f"'{text}" and any(start in unicodedata.normalize("NFKC", text) for start in STARTS))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "  =1",
        "＝1",
        "\u00ad=1",
        "\u2060\ufeff@x",
        "\u3164＋1",
        "﹦1",
        "{=1+1}",
        '=HYPERLINK("http://x")',
        "https://example.org",
        "mailto:a@example.org",
        "internal:Cover!A1",
        "[words](https://example.org)",
        "a $$note$$ b",
        "$$$n$$$",
        "1e5",
        "nan",
    ],
)
def test_a_spreadsheet_holds_text_as_text(text):
    one, two = sheet((text, 1)), sheet((text, 1), columns=(f"Name {text}", "N"), tab="More")
    found = opened(one, two, title=text, about={"x": text, text: "y"}, sources=[text])
    for page in found:
        for cell in (cell for row in page.iter_rows() for cell in row if cell.value is not None):
            assert cell.data_type in ("s", "n"), cell.value
            assert cell.hyperlink is None or cell.hyperlink.location, "only the contents link, inside the workbook"
    held = cells(found["Table"])[1][0]
    assert isinstance(held, str)
    assert held.removeprefix("'").replace(" ", "") == text.replace(" ", "")


def test_words_of_a_table_start_no_formula_in_either_form(made, tmp_path):
    entry = value("evil", area_name="=cmd|' /C calc'!A0", category="@x", number=-5.5)
    made.figure("x", "Figure 1. X", {"Place": "=1"}, one_cell("evil", "-5.5"), {"evil": entry})
    (row,) = read(tmp_path / "x.csv")
    assert (row["area"], row["category"], row["shown"]) == ("'=cmd|' /C calc'!A0", "'@x", "'-5.5")
    assert row["value"] == "-5.5", "a number stays a number"
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert {"'=cmd|' /C calc'!A0", "'@x", "'-5.5", -5.5} <= set(cells(book["Figure 1"])[1])
    assert not any(cell.data_type == "f" for page in book for row in page.iter_rows() for cell in row)


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
figures = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False), st.integers())


@given(st.lists(st.tuples(words, figures), max_size=5))
def test_a_csv_reads_back_exactly(pairs):
    columns = (room.Column("a", "A", ""), room.Column("b", "B", "", "number"))
    text = csv_text(columns, [{"a": words, "b": number} for words, number in pairs])
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found[0] == ["a", "b"]
    for (words, number), (said, figure) in zip(pairs, found[1:], strict=True):
        assert said == safe_text(words)
        assert (None if figure == "" else type(number)(figure)) == number


def test_files_are_utf_8_without_a_mark_and_with_one_kind_of_line_end(made, tmp_path):
    entry = value(area_name='Ynys Môn, "the island"')
    made.figure("x", "Figure 1. X", {}, one_cell("work--place"), {"work--place": entry})
    data = (tmp_path / "x.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") == 2
    assert '"Ynys Môn, ""the island"""'.encode() in data


# ------------------------------------------------------------ the archive


def test_the_archive_is_the_same_from_the_same_files(tmp_path):
    folder = tmp_path / "d"
    for name in ("b/two.csv", "a/one.csv"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(name)
    bundle(folder, folder / "all.zip")
    first = (folder / "all.zip").read_bytes()
    (folder / "b" / "two.csv").touch()
    bundle(folder, folder / "all.zip")
    assert (folder / "all.zip").read_bytes() == first, "and it does not swallow itself"
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["README.txt", "a/one.csv", "b/two.csv"]
        assert archive.read("a/one.csv") == b"a/one.csv"
        assert b"[c] confidential" in archive.read("README.txt")
        assert {(one.date_time, one.external_attr >> 16, one.create_system) for one in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644, 3)
        }


def test_a_file_that_would_hide_the_archives_own_is_refused(tmp_path):
    (tmp_path / "README.txt").write_text("mine")
    with pytest.raises(BuildError, match="README.txt would hide"):
        bundle(tmp_path, tmp_path / "all.zip")


def test_a_workbook_is_put_in_as_it_is_and_text_is_packed(tmp_path):
    for name in ("a.xlsx", "a.csv"):
        (tmp_path / name).write_bytes(b"0" * 1000)
    bundle(tmp_path, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        sizes = {one.filename: one.compress_size for one in archive.infolist()}
    assert sizes["a.xlsx"] == 1000 > sizes["a.csv"]


def test_a_file_of_an_earlier_time_goes_and_one_that_is_the_same_keeps_its_time(made, tmp_path):
    (tmp_path / "gone.csv").write_text("a figure that the page has no more")
    made.figure("x", "Figure 1. X", {}, one_cell("work--place"), {"work--place": value()})
    kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    made.figure("x", "Figure 1. X", {}, one_cell("work--place"), {"work--place": value()})
    made.close()
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == {
        n: t for n, t in kept.items() if n != "gone.csv"
    }


def test_a_number_made_of_a_corrected_row_says_so_in_its_download():
    record = {"published": 71.6, "value": 76.1, "evidence": "https://www.ons.gov.uk/jobs/bulletin"}
    id_, entry = next((id_, entry) for id_, entry in ENTRIES.items() if entry["kind"] == "value")
    entries = ENTRIES | {id_: entry | {"corrections": [record]}}
    (row,) = figure_rows(one_cell(id_, "76.1%"), entries, INDICATORS, SOURCES)
    said = "corrected: the publisher gives 71.6, this book 76.1 (https://www.ons.gov.uk/jobs/bulletin)"
    assert row["derivation"] == f"{entry['derivation']}; {said}"
