"""The two pages of a place in Word, opened again: headings, tables, pictures, language, links, and nothing that acts."""

import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import date, datetime

import docx
import pytest
from docx.oxml.ns import qn
from matplotlib.image import imread

from placebook.documents import word
from placebook.errors import BuildError
from placebook.figures.scenes import Scene
from placebook.report.brief import Brief, Finding, Line

SCENES = (
    Scene(
        "lines",
        "Output, 2013 to 2015",
        "A line of 3 points.",
        (98.0, 90.0, 80.0),
        ("98.0", "80.0"),
        (("Here", 80.0), ("E", 100.0)),
    ),
    Scene("among", "Pay, 2023", "Pay: here £9.", (5.0, 7.0, 9.0, 12.0), ("lowest £5", "highest £12"), (("Here £9", 9.0),)),
    Scene("bars", "Two parts", "Two bars.", (72.0, 110.0), ("one 72", "other 110"), (("England", 100.0),)),
    Scene("dots", "Areas", "Three dots.", (1.0, 2.0, 4.0), ("East 1", "West 4")),
)
BRIEF = Brief(
    "ayton",
    "Ayton",
    "District in Ayshire. 1,000 residents.",
    "Output is low.",
    tuple(
        Finding(f"finding--{at}", "Size only", f"Headline {at}", f"Sentence {at}.", "2023", scene)
        for at, scene in enumerate((*SCENES[:3], None), 1)
    ),
    "1 better, 2 worse.",
    (
        Line("Pay", "2023", "£9.00", "£8.00", "Better – tested", ("a", "b")),
        Line("Jobs", "2022", "5%", "6%", "Lower", ("c", "d")),
    ),
)
EDITION = word.Edition("The book", date(2026, 11, 30), "Open", "https://places.example.gov.uk/")


def opened(content):
    return docx.Document(io.BytesIO(content))


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode("utf-8", "replace") for name in packed.namelist()}


@pytest.fixture(scope="module")
def content():
    return word.document(BRIEF, EDITION)


def test_headings_are_styles_in_their_order(content):
    headed = [(p.style.name, p.text) for p in opened(content).paragraphs if p.style.name.startswith(("Title", "Heading"))]
    assert headed == [
        ("Title", "Ayton"),
        ("Heading 1", "Key findings"),
        *(("Heading 2", f"Headline {at}") for at in (1, 2, 3, 4)),
        ("Heading 1", "Against England"),
        ("Heading 1", "How to read it"),
        ("Heading 1", "Where the rest is"),
    ]


def test_every_picture_has_words_and_a_caption_and_is_a_png(content):
    document = opened(content)
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == [scene.alt for scene in SCENES[:3]]
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert captions[:3] == [f"Picture {at}. {scene.title}" for at, scene in enumerate(SCENES[:3], 1)]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        images = [packed.read(name) for name in packed.namelist() if name.startswith("word/media/")]
    assert [image[:8] for image in images] == [b"\x89PNG\r\n\x1a\n"] * 3


def test_the_table_is_one_whose_first_row_heads_it_on_every_page(content):
    (table,) = opened(content).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Measure", "When", "Ayton", "England", "Verdict"]
    assert rows[1:] == [["Pay", "2023", "£9.00", "£8.00", "Better – tested"], ["Jobs", "2022", "5%", "6%", "Lower"]]
    marked = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert marked == [True, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_language_title_and_dates_are_those_of_the_edition(content):
    document = opened(content)
    about = document.core_properties
    assert (about.title, about.subject, about.language) == ("Ayton in two pages", "The book", "en-GB")
    assert about.created.replace(tzinfo=None) == about.modified.replace(tzinfo=None) == datetime(2026, 11, 30)
    languages = {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    assert "thumbnail" not in "".join(parts(content))


def test_the_same_place_is_the_same_bytes_at_whatever_hour(content, monkeypatch):
    later = time.time() + 100_000_000
    monkeypatch.setattr(time, "time", lambda: later)
    assert word.document(BRIEF, EDITION) == content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {about.date_time for about in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_links_lead_to_the_page_and_its_pdf_alone(content):
    found = {rel.target_ref for rel in opened(content).part.rels.values() if rel.is_external}
    assert found == {f"{EDITION.site}book/places/ayton.html", f"{EDITION.site}downloads/ayton.pdf"}


def test_without_an_address_it_says_where_to_look(content):
    document = opened(word.document(BRIEF, replace(EDITION, site="")))
    assert not [rel for rel in document.part.rels.values() if rel.is_external]
    text = [p.text for p in document.paragraphs]
    assert "The same page as a PDF: downloads/ayton.pdf in the web edition of this book" in text


def test_words_stay_words():
    """Field codes, addresses and markup that somebody wrote are read, and do nothing."""
    evil = '{ HYPERLINK "https://evil.example" } DDEAUTO c:\\x <w:instrText>x</w:instrText> =1+1 https://evil.example'
    spoilt = replace(
        BRIEF,
        name=evil,
        kind=evil,
        abstract=evil,
        findings=(replace(BRIEF.findings[0], headline=evil, sentence=evil, scene=replace(SCENES[1], title=evil, alt=evil)),),
    )
    content = word.document(spoilt, EDITION)
    document = opened(content)
    assert evil in [p.text for p in document.paragraphs]
    allowed = "https://places.example.gov.uk/"
    for name, text in parts(content).items():
        assert not re.search(r"<w:(instrText|fldSimple|fldChar|object|altChunk)\b", text), name
        if name.endswith(".rels"):
            assert all(target.startswith(allowed) for target in re.findall(r'Target="([a-z]+:[^"]*)"', text)), name


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x85", "\ufffe"])
def test_a_control_character_is_refused_by_its_number(sign):
    with pytest.raises(BuildError, match=f"U\\+{ord(sign):04X}"):
        word.document(replace(BRIEF, abstract=f"a{sign}b"), EDITION)


def test_a_document_that_did_not_change_is_not_made_again(tmp_path, monkeypatch):
    made = []
    real = word.document
    monkeypatch.setattr(word, "document", lambda *given: (made.append(given[0].slug), real(*given))[1])
    other = replace(BRIEF, slug="beeton", name="Beeton")
    for _ in range(2):
        paths = word.write_documents([BRIEF, other], tmp_path / "made", EDITION, tmp_path / "kept")
    assert made == ["ayton", "beeton"] and [path.name for path in paths] == ["ayton-summary.docx", "beeton-summary.docx"]
    first = paths[0].read_bytes()
    word.write_documents([replace(BRIEF, abstract="Output is high."), other], tmp_path / "made", EDITION, tmp_path / "kept")
    assert made == ["ayton", "beeton", "ayton"] and paths[0].read_bytes() != first
    assert len(list((tmp_path / "kept" / "ayton-word").iterdir())) == 1, "what nobody asks for any more goes"


def test_a_brief_comes_back_from_json_as_it_was():
    import json

    whole = replace(BRIEF, findings=(*BRIEF.findings, replace(BRIEF.findings[0], scene=SCENES[3])))
    assert Brief.read(json.loads(json.dumps(whole.record()))) == whole


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.form)
def test_every_form_of_picture_is_drawn_and_the_same_twice(scene):
    one, two = (word.brief_pictures.png(scene) for _ in range(2))
    assert one == two
    picture = imread(io.BytesIO(one), format="png")  # rows, columns, colours from 0 to 1
    assert picture.shape[1] > 5 * picture.shape[0] and picture.min() < 0.4
    assert word.brief_pictures.png(replace(scene, numbers=(*scene.numbers[:-1], 3 * scene.numbers[-1]))) != one
