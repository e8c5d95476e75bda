"""What others see of a page before they open it, and how they cite it."""

from datetime import date
from io import BytesIO

from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document
from matplotlib.image import imread

from placebook.documents import previews
from placebook.report.brief import Brief, Finding
from placebook.site import citing

LEDE = '<p class="pb-lede"><a href="#x">Output is low</a>. Pay is &lt;high&gt;.</p>'
HERO = f'<div class="pb-hero" data-edition="2026-11-23">{LEDE}</div>'


def document(*parts):
    made = new_document("page")
    made.extend(parts)
    return made


def test_a_place_is_described_by_its_findings_and_another_page_by_its_first_words():
    place = document(nodes.paragraph(text="Not this."), nodes.raw("", HERO, format="html"))
    assert citing.description(place) == "Output is low. Pay is <high>." and citing.edition(place) == date(2026, 11, 23)
    other = document(nodes.paragraph(text="How the\nbook is made."))
    assert citing.description(other) == "How the book is made." and citing.edition(other) is None
    assert citing.description(document()) == ""


def test_a_long_description_ends_at_a_word():
    said = citing.description(document(nodes.paragraph(text="word " * 60)))
    assert len(said) <= citing.LONG + 2 and said.endswith("word …")


def test_social_networks_are_given_a_picture_only_where_the_address_is_known():
    tags = BeautifulSoup(citing.metatags('A "B"', "Book", "Words <b>", "book/places/ayton", "https://x.org/b/"), "html.parser")
    said = {tag.get("property") or tag.get("name"): tag["content"] for tag in tags.select("meta")}
    assert said["og:title"] == 'A "B"' and said["description"] == said["og:description"] == "Words <b>"
    assert said["og:url"] == "https://x.org/b/book/places/ayton.html"
    assert said["og:image"] == "https://x.org/b/downloads/ayton-preview.png"
    assert "og:image" not in citing.metatags("A", "Book", "Words", "book/places/ayton", "")
    assert "og:image" not in citing.metatags("A", "Book", "Words", "book/methods", "https://x.org/b/")


def test_only_an_https_address_is_one():
    assert citing.address_of("https://x.org/b") == citing.address_of("https://x.org/b/") == "https://x.org/b/"
    assert citing.address_of("http://x.org") == citing.address_of("javascript:alert(1)") == citing.address_of(None) == ""


def test_a_page_says_how_it_is_cited():
    line = citing.citation("Ayton", "Nobody", "Book & Co", date(2026, 11, 23), "book/places/ayton", "https://x.org/")
    text = BeautifulSoup(line, "html.parser").p.get_text()
    assert text.startswith(
        "Nobody, “Ayton”, in Book & Co, figures taken until 23 November 2026, https://x.org/book/places/ayton.html."
    )


def test_the_preview_is_a_picture_of_the_asked_size_the_same_twice_and_kept(tmp_path):
    findings = (Finding("f", "Worse", "Output per head: once level, now $27% below$", "So it is.", ""),)
    brief = Brief("ayton", "Ayton-under-" * 5 + "Hill", "A district", "", findings, "", ())
    previews.write_preview(brief, "Book", tmp_path / "a.png", tmp_path / "cache")
    content = (tmp_path / "a.png").read_bytes()
    assert imread(BytesIO(content), format="png").shape[:2] == (630, 1200)
    assert content == previews.preview(brief, "Book") and len(list((tmp_path / "cache").iterdir())) == 1
