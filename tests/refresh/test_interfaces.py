"""Each publisher's interface as it behaves, and the file that an adapter reads made of its answers."""

import io
import json
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from published import zip_of
from publishers import Said, els, feature_server, nomis, serving

from placebook.catalogue.fetches import ElsFetch, FeatureFetch, FileFetch, NomisFetch
from placebook.errors import InputError
from placebook.refresh.els_interface import LEVELS, Told, els_file
from placebook.refresh.feature_server import features_file
from placebook.refresh.fetching import FetchError, Refused
from placebook.refresh.names import Names
from placebook.refresh.nomis_interface import PAGE, nomis_file, secrets
from placebook.refresh.published_file import published_file

NAMES = Names({"E07000099": ["North Hertfordshire"], "E12000006": ["East of England", "the East"], "E92000001": ["England"]})
ONS, NOMIS_HOST, ARCGIS = "www.ons.gov.uk", "www.nomisweb.co.uk", "services1.arcgis.com"
INDICATORS = [
    {"slug": "employment-rate", "label": "Employment rate", "unit": "%"},
    {"slug": "inactivity", "label": "Economically inactive", "unit": "%"},
]
ELS = ElsFetch(kind="els", file="jobs.csv", address=f"https://{ONS}/els/api/v1", indicators=INDICATORS, limits=True)
RATES = (
    "areacd,areanm,period,value,lci_95,uci_95,status\n"
    "E07000099,North Hertfordshire,2023-01-01/P1Y,64.89999999999999,60.1,69.7,\n"
    "E07000099,North Hertfordshire,2024-01-01/P1Y,,,,u\n"
    "E47000006,Tees Valley,2023-01-01/P1Y,70,69,71,\n"
)
HEADER = "areacd,areanm,indicator,period,value,lci_95,uci_95,status"


# ---------------------------------------------------------------- Explore Local Statistics


def test_indicators_become_the_file_that_the_adapter_reads():
    told = Told()
    with serving(
        els(employment_rate=RATES, inactivity=RATES.splitlines()[0] + "\nE92000001,England,2023-01-01/P1Y,20,19,21,\n")
    ) as p:
        content = els_file(ELS, p.fetcher(ONS), NAMES, told)
    assert content.decode().splitlines() == [
        HEADER,
        "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,64.89999999999999,60.1,69.7,",
        "E07000099,North Hertfordshire,Employment rate,2024-01-01/P1Y,,,,u",
        "E92000001,England,Economically inactive,2023-01-01/P1Y,20,19,21,",
    ]
    assert (told.released.isoformat(), told.remarks) == ("2026-01-20", [])
    asked = [one.query for one in p.asked if one.path.endswith("data.csv")]
    assert [one["indicator"] for one in asked] == ["employment-rate", "inactivity"]
    assert {(one["time"], one["measure"], one["includeStatus"]) for one in asked} == {("all", "value,lci_95,uci_95", "true")}
    assert not [one for one in p.asked if "json" in one.path]


def test_what_is_too_much_at_once_is_asked_for_level_by_level_and_no_row_comes_twice():
    alone = els(employment_rate=RATES, inactivity=RATES)

    def answer(asked):
        if asked.query.get("geo") == "all":
            return Said('{"message":"Too much data requested. Try narrowing your parameters."}', 400)
        if asked.query.get("geo") == "cauth":
            return Said('{"message":"No data available for the selected filters."}', 400)
        return alone(asked)

    with serving(answer) as publishers:
        content = els_file(ELS, publishers.fetcher(ONS), NAMES, Told())
    assert len(content.decode().splitlines()) == 1 + 2 * 2
    assert [one.query["geo"] for one in publishers.asked if "geo" in one.query] == ["all", *LEVELS] * 2


def test_another_unit_is_remarked():
    told = Told()
    with serving(els(unit="Persons", employment_rate=RATES, inactivity=RATES)) as publishers:
        els_file(ELS, publishers.fetcher(ONS), NAMES, told)
    assert told.remarks[0] == "the unit of employment-rate is now 'Persons'; it was '%'"


@pytest.mark.parametrize(
    ("rates", "error", "message"),
    [
        ("", FetchError, "is empty, which is how the interface says that nothing is held"),
        (RATES.replace("value", "figure"), InputError, "has no column value"),
        (
            RATES.replace(",lci_95,uci_95", ",uci_95", 1).replace(",60.1", ""),
            InputError,
            "has no column lci_95|fields, the header",
        ),
        (RATES.replace("North Hertfordshire", "Hackney"), InputError, "E07000099: stands with the name 'Hackney'"),
        (RATES.replace("areacd,areanm", "areanm,areacd"), None, ""),
        ("indicator," + RATES.replace("\nE", "\nEmployment rate,E"), InputError, "answers for several indicators"),
        (RATES[:-9], InputError, "fields, the header"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_refused(rates, error, message):
    with serving(els(employment_rate=rates, inactivity=RATES)) as publishers:
        fetcher = publishers.fetcher(ONS)
        if error is None:  # codes and names changed places: the adapter knows no such code
            assert b"North Hertfordshire,E07000099" in els_file(ELS, fetcher, NAMES, Told())
            return
        with pytest.raises(error, match=message):
            els_file(ELS, fetcher, NAMES, Told())


def test_an_indicator_that_is_no_more_is_told_in_the_interfaces_words():
    told = pytest.raises(Refused, match='404: Indicator "employment-rate" not found')
    with serving(els(inactivity=RATES)) as publishers, told:
        els_file(ELS, publishers.fetcher(ONS), NAMES, Told())


# ---------------------------------------------------------------- Nomis

COLUMNS = {"GEOGRAPHY_CODE": "area", "GEOGRAPHY_NAME": "name", "DATE_NAME": "date", "OBS_VALUE": "value"}
PEOPLE = NomisFetch(
    kind="nomis",
    file="people.parquet",
    address=f"https://{NOMIS_HOST}/api/v01/dataset/NM_2002_1.data.csv?geography=TYPE424",
    columns=COLUMNS,
)
MANY = [("E92000001", "England", str(1900 + at), str(at)) for at in range(7)]


def test_pages_are_asked_for_until_all_rows_are_there():
    with serving(nomis(MANY, page=3)) as publishers:
        content = nomis_file(PEOPLE, publishers.fetcher(NOMIS_HOST), NAMES)
    table = pa.parquet.read_table(io.BytesIO(content)).to_pydict()
    assert table == {
        "area": ["E92000001"] * 7,
        "name": ["England"] * 7,
        "date": [m[2] for m in MANY],
        "value": [m[3] for m in MANY],
    }
    assert [one.query["recordoffset"] for one in publishers.asked] == ["0", "3", "6"]
    assert {one.query["recordlimit"] for one in publishers.asked} == {str(PAGE)} == {"25000"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda text: "", "is empty"),
        (lambda text: '{"error":"Cannot process request"}', "is a web page or a message"),
        (lambda text: "<html><title>Busy</title>", "is a web page or a message"),
        (lambda text: "error\nThe query is too large\n", "has no column GEOGRAPHY_CODE"),
        (lambda text: text.splitlines()[0] + "\n", "has a header and no rows"),
        (lambda text: text.replace(",1,7\n", ",2,7\n"), "is 2, not 1: rows are missing"),
        (lambda text: text.replace('"A"', '"Q"'), "no normal, free figure"),
        (lambda text: text.replace('"F"', '"C"'), "no normal, free figure"),
        (lambda text: text.replace("20100", "20301"), "is 20301, no value"),
        (lambda text: text.replace("England", "France"), "stands with the name 'France'"),
        (lambda text: text.replace(",7\n", ",99999999\n"), "rows cannot be all"),
    ],
)
def test_failures_that_arrive_as_success_are_found(wrong, message):
    right = nomis(MANY, page=9)
    with (
        serving(lambda asked: Said(wrong(right(asked).body), headers={"Content-Type": "text/csv"})) as publishers,
        pytest.raises(InputError, match=message),
    ):
        nomis_file(PEOPLE, publishers.fetcher(NOMIS_HOST), NAMES)


def test_an_answer_that_grows_while_it_is_read_is_refused():
    first, later = nomis(MANY, page=3), nomis([*MANY, MANY[0]], page=3)
    with (
        serving(lambda asked: (first if asked.query["recordoffset"] == "0" else later)(asked)) as publishers,
        pytest.raises(FetchError, match="had 7 rows and now has 8"),
    ):
        nomis_file(PEOPLE, publishers.fetcher(NOMIS_HOST), NAMES)


def test_the_key_comes_from_the_environment(monkeypatch):
    monkeypatch.delenv("NOMIS_API_KEY", raising=False)
    assert secrets() == {}
    monkeypatch.setenv("NOMIS_API_KEY", "0xabc")
    assert secrets() == {NOMIS_HOST: {"uid": "0xabc"}}


# ---------------------------------------------------------------- Open Geography

LAYER = FeatureFetch(
    kind="featureserver",
    file="districts.geojson",
    address=f"https://{ARCGIS}/org/arcgis/rest/services/LAD/FeatureServer/0",
    where="LAD25CD LIKE 'E%'",
    fields={"LAD25CD": "code", "LAD25NM": "name"},
)
DISTRICTS = [{"LAD25CD": code, "LAD25NM": name} for code, name in (("E07000099", "North Hertfordshire"), ("E12000006", "East"))]


def test_features_are_asked_for_page_by_page():
    with serving(feature_server(DISTRICTS, page=1)) as publishers:
        collection = json.loads(features_file(LAYER, publishers.fetcher(ARCGIS), NAMES))
        table = features_file(LAYER.model_copy(update={"outlines": False, "file": "a.csv"}), publishers.fetcher(ARCGIS), NAMES)
    assert [one["properties"] for one in collection["features"]] == [
        {"code": "E07000099", "name": "North Hertfordshire"},
        {"code": "E12000006", "name": "East"},
    ]
    assert {one["geometry"]["type"] for one in collection["features"]} == {"Polygon"}
    assert table.decode() == "code,name\nE07000099,North Hertfordshire\nE12000006,East\n"
    pages = [one.query for one in publishers.asked if "resultOffset" in one.query]
    assert [one["resultOffset"] for one in pages] == ["0", "1"] * 2
    assert {(one["where"], one["outSR"]) for one in pages} == {("LAD25CD LIKE 'E%'", "4326")}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda asked: Said('{"error": {"code": 400, "message": "Invalid URL"}}'), "answers with an error: .*Invalid URL"),
        (lambda asked: Said("<html>"), "does not answer with JSON"),
        (lambda asked: Said('{"count": 0}'), "counts 0 features"),
        (lambda asked: Said('{"count": 3, "features": []}'), "gives 0 of 3 features"),
        (feature_server([DISTRICTS[0]] * 2, page=2), "2 features of 1 codes"),
        (feature_server([{"LAD24CD": "E07000099"}], page=2), "has features without LAD25CD, LAD25NM"),
        (feature_server([{**DISTRICTS[0], "LAD25NM": "Hackney"}], page=2), "stands with the name 'Hackney'"),
    ],
)
def test_a_layer_that_errs_or_gives_less_than_it_counts_is_refused(answer, message):
    with serving(answer) as publishers, pytest.raises(InputError, match=message):
        features_file(LAYER, publishers.fetcher(ARCGIS), NAMES)


# ---------------------------------------------------------------- published files


def a_file(name="rents.csv", **more):
    return FileFetch(
        kind="file", file="rents.csv", address=f"https://{ONS}/file/{name}", **({"columns": ["area", "rent"]} | more)
    )


def workbook(rows):
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Notes"
    sheet = book.create_sheet("Table 1")
    for row in rows:
        sheet.append(row)
    book.save(stream)
    return stream.getvalue()


CELL = '<table:table-cell office:value-type="{}" {}><text:p>{}</text:p></table:table-cell>'


def open_document(rows):
    """The least that is an OpenDocument spreadsheet."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            CELL.format("string", "", cell) if isinstance(cell, str) else CELL.format("float", f'office:value="{cell}"', cell)
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="Table 1">{lines}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zip_of({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


SHEET = [["Rents, by area"], ["area", "rent", "note"], ["E07000099", 950, "r"], ["E92000001", 795.5, ""]]
WRITTEN = "area,rent,note\nE07000099,950,r\nE92000001,795.5,\n"


@pytest.mark.parametrize("drawn", [workbook, open_document])
def test_a_sheet_of_a_workbook_is_read_below_its_notes(drawn):
    with serving(lambda _: Said(drawn(SHEET))) as publishers:
        content = published_file(a_file("rents.xlsx", sheet="Table 1", header=2), publishers.fetcher(ONS), NAMES)
    assert content.decode() == WRITTEN


@pytest.mark.parametrize(
    ("content", "more", "message"),
    [
        (workbook(SHEET), {"sheet": "Table 2"}, "has no sheet 'Table 2'; it has Notes, Table 1"),
        (workbook(SHEET), {"sheet": "Table 1", "header": 1}, "has no column area"),
        (workbook(SHEET), {"sheet": "Table 1", "header": 40}, "has no such line"),
        (workbook([[], ["area", "rent", "rent"], [1, 2, 3]]), {"sheet": "Table 1", "header": 2}, "has the column rent twice"),
        (workbook(SHEET)[:-40], {"sheet": "Table 1"}, "is no archive, or was cut off"),
        (zip_of({"a.txt": "x"}), {}, "is no workbook"),
    ],
)
def test_a_workbook_without_the_table_is_refused(content, more, message):
    with serving(lambda _: Said(content)) as publishers, pytest.raises(InputError, match=message):
        published_file(a_file("rents.xlsx", **more), publishers.fetcher(ONS), NAMES)


def test_an_archive_that_would_unpack_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("placebook.refresh.published_file.LARGEST", 1_000)
    with (
        serving(lambda _: Said(zip_of({"a.csv": "0" * 2_000}))) as publishers,
        pytest.raises(FetchError, match="unpack to 2,000"),
    ):
        published_file(a_file(members={"a": "a.csv"}), publishers.fetcher(ONS), NAMES)


def test_a_csv_file_keeps_its_columns_and_is_read_in_the_sources_charset():
    text = "area,rent,note\nE07000099,950,Môn\n"
    with serving(lambda _: Said(text.encode("windows-1252"))) as publishers:
        assert published_file(a_file(encoding="windows-1252"), publishers.fetcher(ONS), NAMES).decode() == text
        with pytest.raises(FetchError, match="is not text in UTF-8"):
            published_file(a_file(), publishers.fetcher(ONS), NAMES)


def test_columns_of_an_archives_files_become_categories_under_their_level():
    head = '"date","geography","geography code","Residence: Total; measures: Value","Residence: Household; measures: Value"\n'
    files = {"ts-rgn.csv": head + '"2021","East","E12000006",10,9\n', "ts-ctry.csv": head + "2021,England,E92000001,50,45\n"}
    fetch = a_file(
        "ts.zip",
        columns=["date", "geography", "geography code"],
        members={"rgn": "ts-rgn.csv", "ctry": "ts-ctry.csv"},
        melted={},
    )
    with serving(lambda _: Said(zip_of(files))) as publishers:
        content = published_file(fetch, publishers.fetcher(ONS), NAMES)
    assert content.decode().splitlines() == [
        "level,geography code,category,count",
        "rgn,E12000006,Residence: Total; measures: Value,10",
        "rgn,E12000006,Residence: Household; measures: Value,9",
        "ctry,E92000001,Residence: Total; measures: Value,50",
        "ctry,E92000001,Residence: Household; measures: Value,45",
    ]
    told = pytest.raises(FetchError, match="has no ts-ctry.csv; it holds ts-rgn.csv")
    with serving(lambda _: Said(zip_of({"ts-rgn.csv": files["ts-rgn.csv"]}))) as publishers, told:
        published_file(fetch, publishers.fetcher(ONS), NAMES)


def test_an_archive_with_a_spoilt_member_is_refused():
    with zipfile.ZipFile(stream := io.BytesIO(), "w") as archive:
        archive.writestr("a.csv", "area,rent\nE07000099,1234567\n")
    spoilt = stream.getvalue().replace(b"1234567", b"1234568")
    with serving(lambda _: Said(spoilt)) as publishers, pytest.raises(FetchError, match="cannot be unpacked"):
        published_file(a_file(members={"a": "a.csv"}), publishers.fetcher(ONS), NAMES)


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("code", "name", "agrees"),
    [
        ("E12000006", "East", True),
        ("E12000006", "East of England (region)", True),
        ("E12000006", "West of England", False),
        ("E92000001", "", False),
        ("E99999999", "Atlantis", True),
        ("E07000099", "North Hertfordshir", True),
        ("E07000099", "North Herefordshire", False),
        ("E07000099", "East Hertfordshire", False),
        ("E92000001", "Engand", False),
    ],
)
def test_a_name_agrees_with_its_code_give_or_take_its_furniture(code, name, agrees):
    assert NAMES.agree(code, name) is agrees


def test_a_letter_more_in_a_long_name_makes_no_other_name_as_nomis_spells_one_of_wales():
    assert Names({"W06000016": ["Rhondda Cynon Taf"]}).agree("W06000016", "Rhondda Cynon Taff")


def test_an_apostrophe_makes_no_other_name():
    assert Names({"E07000146": ["King's Lynn and West Norfolk"]}).agree("E07000146", "King\x92s Lynn and West Norfolk")
