"""A compiled page made ready for paper: what stays, what goes, how broad its pictures are; and a small PDF itself."""

import builtins
import os
import shutil

import pytest
from lxml import html as parser

from placebook.errors import BuildError
from placebook.site import pdf

SIDEBAR = '<nav class="bd-docs-nav"><ul><li data-page="a"><a href="places/town.html">Town</a></li></ul></nav>'
FRONT = f"""<html><body>{SIDEBAR}<article class="bd-article"><section id="book"><h1>The book</h1>
<svg class="pb-map" role="group" aria-label="Map of the county: places are links" viewBox="0 0 9 9" width="90"
height="90"><path d="M0 0h4v4z"/><text><tspan x="2" y="2">Elsewhere</tspan></text>
<a href="places/town.html" aria-label="Town"><circle cx="5" cy="5" r="2"/><text x="5" y="3">Town</text></a></svg>
<p><a href="places/town.html">All of Town</a></p></section></article></body></html>"""
PICTURE = (
    '<svg class="pb-svg" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 9 9"><text x="1" y="5">{}</text></svg>'
)
TOWN = """<html><body><article class="bd-article"><section id="town">
<h1>Town<a class="headerlink" href="#town">#</a></h1>
<section id="town-people"><h2>People</h2><p>A sentence of <a class="pb-n" href="town/people.html#e1">76.1%</a>.
<a class="pb-why" href="town/people.html#c1">†</a> <a href="#town-peers">Peers</a> <a href="../index.html">Front</a>
<a href="../../downloads/town/x.csv">Numbers</a> <a href="https://example.org/">Out</a></p>
<ul><li><p>An entry</p></li></ul>
<ul class="pb-cards">
<li><a href="town/people.html#e1">5%</a></li></ul>
<script>x</script>
<figure class="pb-figure" id="town-strip"><p class="pb-figure-title"><strong>Finding</strong></p>
<div class="pb-drawn pb-grid">{small}</div><figcaption>Figure 1. Strip.</figcaption>
<ul class="pb-tools"><li><a href="../../downloads/town/x.csv">CSV</a></li></ul>
<details class="pb-data"><summary>Data</summary><table><tr><td>hidden number</td></tr></table></details></figure>
<figure class="pb-figure" id="town-bars"><div class="pb-drawn pb-wide">{wide}</div>
<figcaption>Figure 2.</figcaption></figure>
</section><section id="town-peers"><h2>Peers</h2><button>Sort</button>
<details class="pb-keep"><summary>Kept</summary><table class="pb-table"><caption>Table 1. Peers.</caption>
<thead><tr><th scope="col">Place</th><th scope="col">Rate</th><th scope="col">Badge</th></tr></thead>
<tbody><tr><th scope="row">Town</th><td>76.1%</td><td class="pb-w">direct</td></tr></tbody>
</table></details>
<details><summary>Sources</summary><ul><li><p>A publisher</p></li></ul></details></section></section></article></body>
</html>"""
SMALL = "".join(PICTURE.format(f"Picture {n}.", 350, 80, n) for n in (1, 2, 3))
WIDE = PICTURE.format("Bars.", 730, 292, "bars")
EDITION = {"Figures until": "2025-06-30"}


def site(folder, town=None, small=SMALL, wide=WIDE):
    for name, text in {"index.html": FRONT, "places/town.html": town or TOWN.format(small=small, wide=wide)}.items():
        path = folder / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def paper(folder, *addresses, **parts):
    document = pdf.Document("town", "The book", "Town", addresses or ("book/places/town.html",))
    return parser.fromstring(pdf.html(site(folder, **parts), document, EDITION))


def test_cover_and_contents_come_first(tmp_path):
    page = paper(tmp_path)
    assert page.cssselect(".cover")[0].text_content() == "The bookTownFigures until: 2025-06-30"
    contents = [(a.text, a.get("href")) for a in page.cssselect(".contents a")]
    assert contents == [("Town", "#town"), ("People", "#town-people"), ("Peers", "#town-peers")]
    assert page.get("lang") == "en-GB" and page.findtext(".//title") == "The book: Town"


def test_what_only_a_screen_can_use_is_left_out_and_the_rest_stays(tmp_path):
    page = paper(tmp_path)
    words = " ".join(page.text_content().split())
    assert "76.1%" in words and "Figure 1. Strip." in words and "A publisher" in words and "Table 1. Peers." in words
    assert not any(gone in words for gone in ("†", "hidden number", "CSV", "Sort"))
    assert not page.cssselect("details, summary, button, script, .pb-tools, .pb-why, li > p")
    assert page.cssselect(".sources li")[-1].text_content() == "A publisher", "lists of sources are opened"


def test_links_lead_inside_the_document_or_out_of_the_book(tmp_path):
    alone = {"Peers": "#town-peers", "Out": "https://example.org/"}
    assert {a.text_content(): a.get("href") for a in paper(tmp_path).cssselect("article a")} == alone
    whole = paper(tmp_path, "book/index.html", "book/places/town.html").cssselect("article a")
    assert {a.text_content(): a.get("href") for a in whole} == alone | {"Front": "#book", "All of Town": "#town"}


def smalls(many, height=80):
    return "".join(PICTURE.format(f"Picture {n}.", 350, height, n) for n in range(many))


def test_a_picture_carries_its_words_and_small_ones_stand_three_in_a_row(tmp_path):
    page = paper(tmp_path, small=smalls(4))
    assert [t.text for t in page.cssselect("svg > title")] == [*(f"Picture {n}." for n in range(4)), "Bars."]
    assert [len(row.cssselect("svg")) for row in page.cssselect("figure.small .row")] == [3, 1]
    assert not page.cssselect("svg[aria-label], svg[role]"), "said once"


@pytest.mark.parametrize(("many", "across"), [(1, "123mm"), (2, "60mm"), (3, ""), (4, "123mm")])
def test_the_caption_stands_where_the_last_row_has_room(tmp_path, many, across):
    (caption,) = paper(tmp_path, small=smalls(many)).cssselect("figure.small figcaption")
    assert caption.get("style", "") == (f"width: {across}" if across else "")
    assert (caption.getparent().get("class") == "row") is bool(across) and caption.text == "Figure 1. Strip."


@pytest.mark.parametrize("words", ["", "  "])
def test_a_picture_without_words_is_refused_by_name(tmp_path, words):
    with pytest.raises(BuildError, match="town-bars has no words"):
        paper(tmp_path, wide=PICTURE.format(words, 730, 292, "x"))


@pytest.mark.parametrize(("small", "across", "points"), [(True, 60, 350), (False, 84, 480)])
def test_no_letter_of_a_picture_is_smaller_than_six_points_on_paper(tmp_path, small, across, points):
    """Pictures are drawn with 9.5 points and more, a CSS pixel being three quarters of a point."""
    from placebook.figures.style import LEAST

    page = paper(tmp_path, wide=PICTURE.format("Bars.", 480, 292, "x"))
    svg = page.cssselect("figure.small svg" if small else "figure.wide svg")[0]
    assert svg.get("width") == f"{across}mm"
    assert float(svg.get("height").removesuffix("mm")) == pytest.approx(across * (80 if small else 292) / points, abs=0.01)
    assert LEAST * (across / 25.4 * 72) / (points * 3 / 4) >= 6


FIGURE = '<figure class="pb-figure" id="f{0}"><div class="pb-drawn">{1}</div><figcaption>Figure {0}.</figcaption></figure>'


def test_large_pictures_that_follow_one_another_stand_in_two_columns_in_their_order(tmp_path):
    one, two, three, four = (FIGURE.format(n, PICTURE.format(f"{n}.", 480, 200, n)) for n in range(1, 5))
    town = TOWN.format(small=SMALL, wide=WIDE).replace("<script>x</script>", f"{one}{two}{three}<p>Between.</p>{four}")
    page = paper(tmp_path, town=town)
    (columns,) = page.cssselect(".columns")
    assert [figure.get("id") for figure in columns] == ["f1", "f2", "f3"]
    assert [figure.get("id") for figure in page.cssselect("figure.beside")] == ["f4", "town-bars"]
    assert [figure.get("id") for figure in page.cssselect("figure")] == ["f1", "f2", "f3", "f4", "town-strip", "town-bars"]


def test_short_rows_of_pictures_stay_on_one_page_and_long_ones_may_break(tmp_path):
    row = 60 * 80 / 350  # millimetres
    most = int(34 / row)
    for rows, together in ((most, True), (most + 1, False)):
        page = paper(tmp_path, small=smalls(3 * rows))
        assert ("whole" in page.cssselect("figure.small")[0].get("class").split()) is together


def test_a_caption_that_is_much_higher_than_the_last_row_stands_below_it(tmp_path):
    """Pictures are 14 mm high; in 60 mm go 52 letters a line of 3 mm: seven lines have room, eight have not."""
    for letters, beside in ((52 * 7, True), (52 * 8, False)):
        town = TOWN.format(small=smalls(2), wide=WIDE).replace("Figure 1. Strip.", "x" * letters)
        (caption,) = paper(tmp_path, town=town).cssselect("figure.small figcaption")
        assert (caption.getparent().get("class") == "row") is beside


def test_what_paper_is_already_is_not_offered_on_it(tmp_path):
    forms = '<ul class="pb-forms"><li><a href="../downloads/x.pdf">PDF</a></li></ul>'
    section = f'<section id="take"><h2>To take along</h2>{forms}</section>'
    page = paper(
        tmp_path,
        town=TOWN.format(small=SMALL, wide=WIDE).replace('<section id="town-peers">', f'{section}<section id="town-peers">'),
    )
    assert "To take along" not in page.text_content() and "Peers" in page.text_content()


def test_an_area_and_age_beside_a_short_sentence_have_room(tmp_path):
    """Fifty-three letters a line, three millimetres each: what is longer than its sentence covers no other's."""
    entry = '<ul class="pb-findings"><li><span>Short.</span> <span class="pb-badge">{}</span></li></ul>'
    town = TOWN.format(small=SMALL, wide=WIDE).replace("<script>x</script>", entry.format("x" * 53) + entry.format("x" * 54))
    found = paper(tmp_path, town=town).cssselect(".pb-findings li")
    assert [entry.get("style") for entry in found] == ["min-height: 3.0mm", "min-height: 6.0mm"]


def test_heads_stand_over_their_numbers(tmp_path):
    assert [th.get("class") for th in paper(tmp_path).cssselect("thead th")] == [None, "number", None]


def test_the_map_needs_no_style_sheet(tmp_path):
    drawn = paper(tmp_path, "book/index.html").cssselect("svg.pb-map")[0]
    assert drawn.find("title").text == "Map of the county" and not drawn.cssselect("a")
    shapes = {shape.tag: shape.get("fill") for shape in drawn.cssselect("path, circle")}
    assert shapes["path"] and shapes["circle"] and shapes["path"] != shapes["circle"]
    assert all(words.get("text-anchor") == "middle" and words.get("fill") for words in drawn.cssselect("text"))


def test_a_page_that_was_not_compiled_is_named(tmp_path):
    with pytest.raises(BuildError, match="book/places/village.html"):
        paper(tmp_path, "book/places/village.html")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError("cannot load 'libpango-1.0-0'"), ["Pango", "apt ", "dnf ", "brew ", "conda "]),
        (ImportError("no weasyprint"), ["WeasyPrint", "make"]),
    ],
)
def test_where_paper_cannot_be_made_one_line_says_what_to_install(tmp_path, monkeypatch, error, words):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "weasyprint":
            raise error
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BuildError) as caught:
        pdf.write_pdfs(site(tmp_path), tmp_path / "made", "The book", {"town": "Town"}, EDITION, 1)
    said = str(caught.value)
    assert all(word in said for word in words) and "\n" not in said
    assert not (tmp_path / "made").exists()


@pytest.mark.pango
def test_two_workers_write_the_same_bytes_as_one(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    made = [
        pdf.write_pdfs(site(tmp_path), tmp_path / str(workers), "The book", {"town": "Town"}, EDITION, workers)
        for workers in (1, 2)
    ]
    assert [[path.name for path in paths] for paths in made] == [["book.pdf", "town.pdf", "town-summary.pdf"]] * 2
    for one, two in zip(*made, strict=True):
        assert one.read_bytes() == two.read_bytes()
    assert made[0][0].read_bytes() != made[0][1].read_bytes()
    assert "SOURCE_DATE_EPOCH" not in os.environ


@pytest.mark.pango
def test_only_the_places_asked_for_are_made_and_keep_the_rules(tmp_path):
    import page

    paths = pdf.write_pdfs(site(tmp_path), tmp_path, "The book", {"town": "Town"}, EDITION, 2, ["town"])
    assert paths == [tmp_path / "town.pdf", tmp_path / "town-summary.pdf"]
    for path in paths:
        report = page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1)
        assert report.is_compliant, [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def alone(tmp_path, **parts):
    """The place's document made in this process, as one of the pool makes it."""
    document = pdf.Document("town", "The book", "Town", ("book/places/town.html",))
    edition = parts.pop("edition", EDITION)
    return pdf._make(site(tmp_path, **parts), tmp_path / "made", edition, tmp_path / "kept", document).read_bytes()


@pytest.mark.pango
def test_the_hour_does_not_matter_even_where_typefaces_are_cut_by_another_library(tmp_path, monkeypatch):
    from weasyprint.pdf import fonts

    monkeypatch.setattr(fonts, "harfbuzz_subset", None)  # as on a machine without it: fontTools stamps what it cuts
    monkeypatch.setattr(pdf, "end_with_parent", lambda: None)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    pdf._begin()
    made = []
    for now in (1_700_000_000, 1_800_000_000):
        monkeypatch.setattr("fontTools.misc.timeTools.time.time", lambda now=now: now)
        made.append(alone(tmp_path))
        shutil.rmtree(tmp_path / "kept")
    assert made[0] == made[1]


@pytest.mark.pango
def test_a_document_that_would_be_the_same_is_not_laid_out_again(tmp_path, monkeypatch):
    real, times = pdf._laid_out, []
    monkeypatch.setattr(pdf, "_laid_out", lambda text, folder: times.append(text) or real(text, folder))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")

    def made(**parts):
        times.clear()
        return alone(tmp_path, **parts), len(times)

    first, laid_out = made()
    assert laid_out == 1 and made() == (first, 0)
    assert made(edition={"Edition": "another"})[1] == 1
    _, laid_out = made(wide=WIDE.replace("</svg>", "<path d='M0 0h9'/></svg>", 1))
    assert laid_out == 1 and len(list((tmp_path / "kept" / "town").iterdir())) == 1, "what nobody asks for goes"
    next((tmp_path / "kept" / "town").iterdir()).write_bytes(b"spoilt")
    assert made(wide=WIDE.replace("</svg>", "<path d='M0 0h9'/></svg>", 1))[1] == 1
