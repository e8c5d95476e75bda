"""What people and files write cannot act: a hostile text in every field that takes one, and in names of areas, through all
forms of the book."""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from lxml import html as parser
from pydantic import TypeAdapter, ValidationError

from placebook import markup
from placebook.build.build import build
from placebook.build.order import Order
from placebook.catalogue import narrative, yaml_reader
from placebook.catalogue.corrections import Correction, written
from placebook.catalogue.load import Catalogue
from placebook.catalogue.models import Source, Theme
from placebook.catalogue.places import County, Place
from placebook.paths import Project
from placebook.refresh import datapackage
from placebook.report import data_catalogue
from tests.book.checkouts import clone

ROOT = Path(__file__).parents[2]
KINDS: dict[str, tuple[str, Any]] = {
    "place": ("params", Place),
    "county": ("data/counties", County),
    "source": ("data/sources", Source),
    "theme": ("data/indicators", Theme),
}
FULL = (
    "=H{0} <script>alert({0})</script><img src=x onerror=alert({0})> {{download}}`x <../README.md>` "
    "![p](https://evil.example/p.png) *b* {{{{ 7 }}}}"
)
SHORT = "=H{0} <script>alert({0})</script>*b*"
"""For names that stand in charts."""
WORDS = r"H{0} \<script\>alert\({0}\)\</script\> \!\[p\]\(https\://evil.example\) 2 \* 3"
NAME = "H{0} & (x) a.b/c’s"
ADDRESS = "https://www.example.org/H{0}?a=1&b='--%3Cscript%3E"
WITH_WORDS = {"place.narrative.summary", "place.narrative.story", "place.narrative.events[].what", "county.story"}
"""Fields of CommonMark, where HTML and pictures are refused."""
ROWS = re.compile(
    r"reads\.(?!slices\[\]\.label|domains\[\]\.label|base_name)|weight\.|refresh\."
    r"|\.fetch\[\]|\.adds_up\.|\.tables\[\]|\.measures\."
)
"""Fields that name rows, files, addresses and columns (a name that no table holds is refused, and the page shows the
table's own), and what is declared for the checks of sums alone."""
FOLDED = {
    "name": "Broxbourne",
    "kind": "district",
    "code": "E07000095",
    "county": "hertfordshire",
    "review": {"by": "A", "on": "2025-01-01"},
    "narrative": {
        "summary": "A",
        "story": "A",
        "events": [{"date": "A", "who": "A", "what": "A"}],
        "employers": ["A"],
        "references": [{"title": "A", "url": "https://www.example.org/a", "year": 2018}],
    },
}


def leaves(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text in a file."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*way, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from leaves(value, (*way, at))
    elif isinstance(data, str):
        yield way


def field_name(kind: str, way: tuple[Any, ...]) -> str:
    """``narrative.events[0].who`` without its number, with the model's name in front."""
    return kind + "".join("[]" if isinstance(step, int) else f".{step}" for step in way)


def put(data: Any, way: tuple[Any, ...], text: str) -> None:
    for step in way[:-1]:
        data = data[step]
    data[way[-1]] = text


def at(data: Any, way: tuple[Any, ...]) -> str:
    for step in way:
        data = data[step]
    return str(data)


def declared(kind: str) -> set[str]:
    """Every field of a model that takes a text which is no choice of a list, by its JSON Schema."""
    schema = json.loads((ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    definitions, found = schema.get("$defs", {}), set()

    def walk(node: dict[str, Any], path: str) -> None:
        if "$ref" in node:
            return walk(definitions[node["$ref"].rpartition("/")[2]], path)
        for choice in (*node.get("anyOf", ()), *node.get("oneOf", ())):
            walk(choice, path)
        if node.get("type") == "string" and not {"enum", "const"} & set(node):
            found.add(path)
        if node.get("type") == "array":
            walk(node.get("items", {}), f"{path}[]")
        for key, value in node.get("properties", {}).items():
            walk(value, f"{path}.{key}")
        return None

    walk(schema, kind)
    return found


class Hostile:
    """A checkout with a hostile text wherever one is taken."""

    def __init__(self, folder: Path):
        self.project = clone(folder)
        self.count = 0
        self.taken: dict[int, str] = {}
        """Number of each text that was taken, and its field."""
        self.refused: set[str] = set()
        for name in ("params/st-albans.yml",):
            (folder / name).unlink()
        (folder / "params" / "broxbourne.yml").write_text(yaml.safe_dump(FOLDED), encoding="utf-8")
        for kind, (where, model) in KINDS.items():
            for path in sorted((folder / where).glob("*.yml")):
                self._spoil(kind, path, TypeAdapter(model))
        self._spoil_a_correction(folder)
        self._spoil_names_of_areas(folder)
        datapackage.write(self.project)

    def _spoil(self, kind: str, path: Path, model: TypeAdapter[Any]) -> None:
        data = yaml_reader.read(path, path.name).data
        if kind == "source":
            data["corrected"] = ["A"]  # no source of the book has an error that is known
        for way in list(leaves(data)):
            field = field_name(kind, way)
            if ROWS.search(field):
                continue
            self.count += 1
            free = SHORT if field.endswith(".label") else FULL
            choices = (WORDS,) if field in WITH_WORDS else (free, ADDRESS, NAME)
            # What is asked of a caveat it goes on saying.
            asked = f" {value}" if field == "source.caveats[]" and "added up" in (value := at(data, way)) else ""
            for text in (f"{choice.format(self.count)}{asked}" for choice in choices):
                tried = copy.deepcopy(data)
                put(tried, way, text)
                try:
                    model.validate_python(tried, strict=False)
                except ValidationError:
                    if text.startswith("=H"):
                        self.refused.add(field)
                    continue
                data = tried
                self.taken[self.count] = field
                break
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def _spoil_a_correction(self, folder: Path) -> None:
        """A row that the book shows, as if what its table holds were a correction."""
        record = {"source": "els-employment", "area": "E07000095", "period": "2023-01-01/P1Y", "measure": "employment_rate"}
        record |= {"because": FULL.format(9003), "evidence": "https://www.example.org/H9003?a=1&b=--%3Cscript%3E"}
        correction = Correction(**record, published=1, value=2)
        (folder / "data" / "corrections.yml").write_bytes(written((correction,)))
        source = folder / "data" / "sources" / "els-employment.yml"
        data = yaml_reader.read(source, source.name).data
        data["corrected"].append(correction.words())
        source.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        self.taken[9003] = "corrections.because"

    def _spoil_names_of_areas(self, folder: Path) -> None:
        """Of a neighbouring district and of a small area: tables, maps and flows show them."""
        areas = folder / "data" / "geography" / "areas.csv"
        with areas.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        next(row for row in rows if row["code"] == "E07000242")["name"] = SHORT.format(9001)
        registry = folder / "data" / "small-areas" / "areas.parquet"
        small = pq.read_table(registry).to_pandas()
        small.loc[small["code"] == "E01023630", "name"] = SHORT.format(9002)
        was = hashlib.sha256(registry.read_bytes()).hexdigest()
        pq.write_table(pa.Table.from_pandas(small, preserve_index=False), registry)
        now = hashlib.sha256(registry.read_bytes()).hexdigest()
        self.taken |= dict.fromkeys((9001, 9002), "areas.csv")
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        source = folder / "data" / "sources" / "ons-geography.yml"
        before = hashlib.sha256(areas.read_bytes()).hexdigest()
        areas.write_text(text.getvalue(), encoding="utf-8")
        after = hashlib.sha256(areas.read_bytes()).hexdigest()
        source.write_text(source.read_text(encoding="utf-8").replace(before, after).replace(was, now), encoding="utf-8")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, formats: list[str]) -> Hostile:
    made = Hostile(tmp_path_factory.mktemp("hostile"))
    outcomes = build(made.project, Order([], formats, workers=2))
    assert [outcome.problem for outcome in outcomes if outcome.failed] == []
    return made


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def alive(text: str) -> list[str]:
    """What of the hostile texts acts in a piece of HTML, as a browser would read it."""
    tree = parser.fromstring(text)
    found = []
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        content = node.text or ""
        if (node.tag in ("script", "style") and "alert(" in content) or (node.tag == "img" and "evil" in node.get("src", "x")):
            found.append(parser.tostring(node, encoding="unicode", with_tail=False)[:200])
        for name, value in node.attrib.items():
            acts = name.startswith("on") or name in ("src", "href", "action", "data", "{http://www.w3.org/1999/xlink}href")
            if acts and ("alert(" in value or "evil.example" in value or value.lower().startswith("javascript:")):
                found.append(f"{node.tag} {name}={value[:100]}")
        if node.tag in ("em", "strong", "b") and content == "b":
            found.append("emphasis of Markdown")
    return found


def test_every_field_of_every_model_was_tried(hostile: Hostile) -> None:
    tried = {re.sub(r"\.measures\.[^.]+", ".measures.*", field) for field in {*hostile.taken.values(), *hostile.refused}}
    tried.discard("areas.csv")
    wanted = {field for kind in KINDS for field in declared(kind) if not ROWS.search(field)}
    assert wanted - tried == {
        # No file of the book has these; each is one of a grammar that takes no sign of HTML or Markdown.
        "source.next_release",
        "theme.indicators[].from_period",
        "place.built_up_area",
        "place.districts[]",
        "place.msoas[]",
        "place.parent[]",
        "place.wards[]",
    } & (wanted - tried)
    assert len(set(hostile.taken.values())) >= 40
    assert len(hostile.taken) >= 1000


def test_nothing_is_alive_in_any_page(hostile: Hostile) -> None:
    pages = sorted(hostile.project.html.rglob("*.html"))
    assert len(pages) > 30
    assert {path.name: found for path in pages if (found := alive(read(path)))} == {}
    assert any("H9001" in read(path) for path in pages)


def test_every_text_taken_that_a_page_shows_is_shown_as_text(hostile: Hostile) -> None:
    whole = "\n".join(parser.fromstring(read(path)).text_content() for path in hostile.project.html.rglob("*.html"))
    shown = {hostile.taken[int(number)] for number in re.findall(r"H(\d+) <script>alert\(\1\)</script>", whole)}
    assert {
        "place.review.by",
        "place.narrative.employers[]",
        "place.narrative.events[].who",
        "place.narrative.references[].title",
        "place.chosen",
        "county.name",
        "county.plan",
        "county.documents[].title",
        "county.key_sectors[].name",
        "source.title",
        "source.publisher",
        "source.attribution",
        "source.query",
        "theme.title",
        "theme.indicators[].title",
        "theme.indicators[].phrase",
        "theme.indicators[].definition",
        "theme.indicators[].unit_words",
        "areas.csv",
        "corrections.because",
        "theme.indicators[].caveats[]",
        "theme.indicators[].reads.slices[].label",
    } <= shown


def test_nothing_is_alive_in_notebooks_and_generated_markdown(hostile: Hostile) -> None:
    book = hostile.project.root / "book"
    notebooks = [*book.glob("places/*.ipynb"), *book.glob("counties/*.ipynb")]
    texts = [cell["source"] for path in notebooks for cell in json.loads(read(path))["cells"]]
    texts += [read(path) for path in book.glob("generated/*.md")]
    assert len(notebooks) == 3
    pictures = re.compile("<svg .*?</svg>", re.DOTALL)  # each inside a block of HTML, its texts escaped by the pen
    for text in (pictures.sub("", "".join(text)) for text in texts):
        assert "\n\n<svg" not in text
        for sign in ("<script>alert", "<img", "{download}`", "![p]", "{{"):
            assert sign not in text, text[:200]


def test_the_search_page_shows_headings_as_text(hostile: Hostile) -> None:
    index = json.loads(read(hostile.project.html / "searchindex.js").removeprefix("Search.setIndex(")[:-1])
    titles = [*index["titles"], *index["alltitles"]]
    assert any("H" in title and "script" in title for title in titles)
    for title in titles:
        assert alive(f"<p>{title}</p>") == []
        assert "<script" not in title
        assert "<img" not in title


def test_no_cell_of_a_download_starts_a_formula(hostile: Hostile) -> None:
    folder = hostile.project.html / "downloads"
    files = sorted(folder.rglob("*.csv"))
    assert len(files) > 50
    starts = []
    for path in files:
        with path.open(encoding="utf-8", newline="") as stream:
            starts += [cell for row in csv.reader(stream) for cell in row if cell[:1] in "=@\t\r" and cell]
    assert starts == []
    books = sorted(folder.rglob("*.xlsx"))[::8]
    for path in books:
        for sheet in openpyxl.load_workbook(path):
            assert [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == [], path.name
    for path in folder.rglob("*-metadata.json"):
        json.loads(read(path))
    with zipfile.ZipFile(folder / "all-downloads.zip") as packed:
        assert all(not name.startswith(("/", "..")) and ".." not in name.split("/") for name in packed.namelist())


@pytest.mark.pango
def test_nothing_is_alive_in_the_pdfs(hostile: Hostile) -> None:
    import pikepdf

    files = sorted((hostile.project.html / "downloads").glob("*.pdf"))
    assert len(files) == 5
    for path in files:
        with pikepdf.open(path) as pdf:
            assert "/OpenAction" not in pdf.Root
            assert "/JavaScript" not in pdf.Root.get("/Names", {})
            for page in pdf.pages:
                for note in page.get("/Annots", []):
                    action = note.get("/A", {})
                    assert action.get("/S", "/URI") in ("/URI", "/GoTo")
                    assert "evil.example" not in str(action.get("/URI", ""))
            assert pdf.attachments.keys() == set()


def test_nothing_is_alive_in_the_word_files(hostile: Hostile) -> None:
    files = sorted((hostile.project.html / "downloads").glob("*.docx"))
    assert len(files) == 2
    for path in files:
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                text = packed.read(name).decode("utf-8", "replace")
                assert not re.search(r"<w:(instrText|fldSimple|fldChar|object|altChunk)\b", text), name
                assert not name.endswith(".rels") or "evil.example" not in text, name


def test_no_file_of_the_machine_is_in_the_site(hostile: Hostile) -> None:
    assert not (hostile.project.html / "_downloads").exists()
    assert [path.name for path in hostile.project.html.rglob("README*")] == []


def test_it_is_seen_where_one_escape_is_taken_out(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalogue.open(hostile.project)
    assert alive(f"<div>{data_catalogue.page(catalogue)}</div>") == []
    monkeypatch.setattr(markup, "ACTIVE", re.compile("(?!)"))
    assert alive(f"<div>{data_catalogue.page(catalogue)}</div>") != []


def test_words_with_html_or_pictures_are_refused() -> None:
    for text in (FULL.format(1), "<b>x</b>", "![p](https://evil.example/p.png)", "[x](http://evil.example)"):
        assert list(narrative.problems(text)) != []


def test_a_files_name_holds_no_sign(tmp_path: Path) -> None:
    project = clone(tmp_path)
    odd = project.params / '<img src=x onerror="alert(1)">.yml'
    odd.write_text("name: A\n", encoding="utf-8")
    _, faults = Catalogue.read(Project.at(tmp_path))
    assert [(fault.problem, fault.remedy) for fault in faults] == [
        ("has a name that is no slug (small letters, digits, hyphens)", "call it img-src-x-onerror-alert-1.yml")
    ]
