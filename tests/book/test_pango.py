"""The ground that the PDF will stand on: a page of the book can be laid out on this machine."""

import re

import pytest

pytestmark = pytest.mark.pango


def test_the_front_of_the_single_page_can_be_laid_out(single_page):
    from weasyprint import HTML

    text = single_page.read_text(encoding="utf-8")
    front = re.sub(r"<section id=\"broxbourne\">.*", "</section></main></body></html>", text, flags=re.S)
    assert len(front) < len(text)
    made = HTML(string=front).write_pdf(pdf_variant="pdf/ua-1", uncompressed_pdf=True)
    assert made.startswith(b"%PDF-") and b"/StructTreeRoot" in made
