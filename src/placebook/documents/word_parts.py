"""What python-docx has no call for: the one room that writes a document's XML itself.

Header rows of tables, alternative texts, the language, links, keeping a table's rows whole, and a package whose bytes do not
depend on the hour. Names of elements: ECMA-376, part 1, WordprocessingML.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shape import InlineShape
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

LANGUAGE = "en-GB"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Of every file in the package: the first hour that a ZIP can name."""


def set_language(document: Document) -> None:
    """The language of everything that says no other."""
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), LANGUAGE)


def describe(picture: InlineShape, words: str, number: int) -> None:
    """The alternative text of a picture."""
    properties = picture._inline.docPr
    properties.set("id", str(number))
    properties.set("name", f"Picture {number}")
    properties.set("descr", words)


def mark_header(table: Table) -> None:
    """The first row heads the columns, on each page that the table stands on; no row is cut in two by a page's end."""
    for row in table.rows:
        _row_property(row, "w:cantSplit")
    _row_property(table.rows[0], "w:tblHeader")
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:  # the style's looks of the first row and the first column, and no banding
        look.attrib.clear()
        look.set(qn("w:val"), "06A0")


def _row_property(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def describe_table(table: Table, words: str) -> None:
    """What a table shows, for who does not see it."""
    description = OxmlElement("w:tblDescription")
    description.set(qn("w:val"), words)
    table._tbl.tblPr.append(description)


def link(paragraph: Paragraph, text: str, address: str) -> None:
    """A link at the end of a paragraph."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    run = paragraph.add_run(text)
    run.underline = True
    around = OxmlElement("w:hyperlink")
    around.set(qn("r:id"), relation)
    around.append(run._r)
    paragraph._p.append(around)


def content(document: Document) -> bytes:
    """The document as a file: the same bytes for the same document, without the template's thumbnail of an empty page."""
    document.part.package.rels.pop(
        next((name for name, rel in document.part.package.rels.items() if str(rel.reltype).endswith("/thumbnail")), ""), None
    )
    made, fixed = BytesIO(), BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            about = zipfile.ZipInfo(name, EPOCH)
            about.compress_type, about.external_attr, about.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            after.writestr(about, before.read(name))
    return fixed.getvalue()
