"""The two pages of each place as a Word document, by python-docx, from what the place's page wrote beside its ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from placebook.content_cache import Shelf, maker
from placebook.documents import word_parts
from placebook.errors import BuildError
from placebook.figures import brief_pictures
from placebook.paths import TYPEFACES, write_atomically
from placebook.report.brief import SUMMARY, Brief, Finding

INK, MUTED = RGBColor(0x12, 0x43, 0x6D), RGBColor(0x59, 0x59, 0x59)
FACE = "Arial"
MARGIN, TEXT = Mm(18), Mm(174)
STYLES: Mapping[str, tuple[float, float, float]] = {
    "Normal": (10, 0, 3),
    "Title": (22, 0, 2),
    "Subtitle": (10, 0, 4),
    "Heading 1": (13, 9, 3),
    "Heading 2": (11, 6, 1),
    "Caption": (8.5, 3, 3),
}
"""Points: letters, room above and room below."""
SMALL = "Small print"
COLUMNS = (Mm(58), Mm(32), Mm(22), Mm(22), Mm(40))
ROOMS = [Path(str(room)) for room in (__file__, word_parts.__file__, brief_pictures.__file__, brief_pictures.style.__file__)]
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
HOW = (
    "“Better” and “worse” mean that the difference from England is larger than chance makes it, with a false discovery rate of "
    "5% over all tests of the place, or rests on a full count. “Not tested” marks figures published without a margin of error. "
    "Changes against England are described, and not tested. Ranks count from the nearer end."
)


@dataclass(frozen=True)
class Edition:
    """What a document says of the edition that it is of."""

    title: str
    """Of the whole book."""
    day: date
    """Until which figures were taken."""
    licence: str
    site: str = ""
    """The public address of the book, with a slash at its end; "" where none is declared."""


def write_documents(briefs: Sequence[Brief], target: Path, edition: Edition, kept: Path | None = None) -> list[Path]:
    """``PLACE-summary.docx`` for each place, into ``target``; in ``kept`` lie those that need not be made again.

    Raises BuildError for a text with a sign that no document may hold.
    """
    made, made_by = [], maker([*ROOMS, *TYPEFACES], "python-docx", "lxml", "matplotlib", "pillow", "afcharts")
    for brief in briefs:
        shelf = Shelf(kept / f"{brief.slug}-word" if kept else None, ".docx", made_by)
        given = [brief.record(), edition.title, edition.day.isoformat(), edition.licence, edition.site]
        path = target / f"{brief.slug}{SUMMARY}.docx"
        write_atomically(path, shelf.make(given, partial(document, brief, edition)))
        shelf.drop_unused()
        made.append(path)
    return made


def document(brief: Brief, edition: Edition) -> bytes:
    """The document of a place."""
    made = docx.Document()
    _set_up(made, brief, edition)
    _paragraph(made, brief.name, "Title")
    _paragraph(made, brief.kind, "Subtitle")
    if brief.abstract:
        _paragraph(made, brief.abstract)
    if brief.findings:
        _paragraph(made, "Key findings", "Heading 1")
        for finding in brief.findings:
            _finding(made, finding)
    if brief.lines:
        _scorecard(made, brief)
    _paragraph(made, "How to read it", "Heading 1")
    _paragraph(made, HOW)
    _rest(made, brief, edition)
    return word_parts.content(made)


def _set_up(made: Document, brief: Brief, edition: Edition) -> None:
    """Paper, language, properties, styles."""
    word_parts.set_language(made)
    about, day = made.core_properties, datetime.combine(edition.day, time())
    about.title, about.subject = _text(f"{brief.name} in two pages"), _text(edition.title)
    about.author = "The placebook authors"
    about.language, about.comments, about.keywords, about.last_modified_by = word_parts.LANGUAGE, "", "", ""
    about.created = about.modified = day
    about.revision = 1
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = Mm(15)
    section.footer_distance = Mm(8)
    foot = f"{brief.name}. {edition.title}, figures taken until {edition.day.isoformat()}"
    section.footer.paragraphs[0].add_run(_text(foot))
    small = made.styles.add_style(SMALL, WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = made.styles["Normal"]
    for name, (size, above, below) in {**STYLES, SMALL: (8.5, 0, 3), "Footer": (8, 0, 0)}.items():
        style = made.styles[name]
        style.font.name, style.font.size = FACE, Pt(size)
        style.font.color.rgb = MUTED if name in (SMALL, "Footer", "Subtitle", "Caption") else INK if name != "Normal" else None
        style.font.italic, style.font.bold = False, name.startswith(("Heading", "Title"))
        for theme in style.element.iter(word_parts.qn("w:rFonts")):  # the theme's typeface would win over the named one
            for attribute in [key for key in theme.attrib if key.endswith("Theme")]:
                del theme.attrib[attribute]
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(below)
        style.paragraph_format.line_spacing = 1.1
    for name, decoration in (("Title", "w:pBdr"), ("Title", "w:kern"), ("Subtitle", "w:spacing")):
        for part in list(made.styles[name].element.rPr.iter(word_parts.qn(decoration))) + list(
            made.styles[name].element.pPr.iter(word_parts.qn("w:pBdr"))
        ):
            part.getparent().remove(part)


def _text(words: str) -> str:
    """The words as they may stand in a document. Raises BuildError for a sign that XML or a screen has no place for."""
    if found := FORBIDDEN.search(words):
        raise BuildError(f"a text for the Word summary holds the control character U+{ord(found[0]):04X}: {words[:60]!r}")
    return " ".join(words.split())


def _paragraph(made: Document, words: str, style: str = "Normal") -> Paragraph:
    return made.add_paragraph(_text(words), style)


def _finding(made: Document, finding: Finding) -> None:
    """Headline, sentence, small print, and the picture with its caption where it has one."""
    _paragraph(made, finding.headline, "Heading 2")
    _paragraph(made, finding.sentence).paragraph_format.keep_with_next = True
    small = _paragraph(made, f"{finding.tag}. {finding.small}." if finding.small else f"{finding.tag}.", SMALL)
    if finding.scene:
        small.paragraph_format.keep_with_next = True
        around = made.add_paragraph()
        around.paragraph_format.keep_with_next = True
        around.paragraph_format.space_after = Pt(0)
        picture = BytesIO(brief_pictures.png(finding.scene))
        number = len(made.inline_shapes) + 1
        around.add_run().add_picture(picture, width=TEXT)
        word_parts.describe(made.inline_shapes[number - 1], _text(finding.scene.alt), number)
        _paragraph(made, f"Picture {number}. {finding.scene.title}", "Caption")


def _scorecard(made: Document, brief: Brief) -> None:
    """The headline measures beside England's."""
    _paragraph(made, "Against England", "Heading 1")
    _paragraph(made, brief.against).paragraph_format.keep_with_next = True
    caption = f"Headline measures of {brief.name} beside England"
    _paragraph(made, caption, "Caption").paragraph_format.keep_with_next = True
    heads = ("Measure", "When", brief.name, "England", "Verdict")
    rows = [(line.measure, line.when, line.own, line.england, line.verdict) for line in brief.lines]
    table = made.add_table(len(rows) + 1, len(heads), "Table Grid")
    table.autofit = False
    for column, wide in zip(table.columns, COLUMNS, strict=True):
        column.width = wide
    lines = list(table.rows)
    last = lines[-1]
    for row, texts in zip(lines, (heads, *rows), strict=True):
        for cell, words, wide in zip(row.cells, texts, COLUMNS, strict=True):
            cell.width = wide
            paragraph = cell.paragraphs[0]
            paragraph.style = made.styles[SMALL]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = row is not last  # the table stays on one page
            paragraph.add_run(_text(words)).bold = texts is heads
        for cell in row.cells[2:4]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    word_parts.mark_header(table)
    word_parts.describe_table(table, caption)


def _rest(made: Document, brief: Brief, edition: Edition) -> None:
    """Where everything else stands: links where the book's public address is declared, else where to look."""
    _paragraph(made, "Where the rest is", "Heading 1")
    ways = (
        ("The whole page, with the evidence of every number", f"book/places/{brief.slug}.html"),
        ("The same page as a PDF", f"downloads/{brief.slug}.pdf"),
    )
    for words, way in ways:
        line = _paragraph(made, f"{words}:")
        line.add_run(" ")
        if edition.site:
            word_parts.link(line, f"{edition.site}{way}", f"{edition.site}{way}")
        else:
            line.add_run(f"{way} in the web edition of this book")
    _paragraph(made, f"Figures: {edition.licence}.", SMALL)
