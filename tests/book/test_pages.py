"""The built book, opened and read."""

import json
import re
from itertools import combinations, pairwise
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from checkouts import ROOT
from fontTools.ttLib import TTFont

PLACES = {
    "letchworth": "Letchworth Garden City",
    "broxbourne": "Broxbourne",
    "st-albans": "St Albans",
}


@pytest.fixture(scope="session")
def pages(built_book) -> dict[str, BeautifulSoup]:
    found = {
        path.relative_to(built_book.html).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for path in sorted(built_book.html.rglob("*.html"))
        if "_static" not in path.parts
        and path.name not in ("genindex.html", "search.html")
        # Evidence pages and the one-file book have tests of their own.
        and len(path.relative_to(built_book.html).parts) < 4
        and "downloads" not in path.parts
        and path != built_book.html / "index.html"  # the compiler's redirect
    }
    assert len(found) >= 8
    return found


def place_page(pages, slug):
    return pages[f"book/places/{slug}.html"]


@pytest.mark.parametrize(("slug", "name"), PLACES.items())
def test_title_and_one_h1(pages, slug, name):
    page = place_page(pages, slug)
    assert page.title.get_text().startswith(name)
    headings = [h.get_text().rstrip("#").strip() for h in page.select("article h1")]
    assert headings == [name]


def test_no_heading_is_out_of_order(pages):
    for address, page in pages.items():
        levels = [int(h.name[1]) for h in page.select("article :is(h1, h2, h3, h4, h5, h6)")]
        assert levels and levels[0] == 1, address
        jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert jumps == [], address


def test_every_file_is_valid_html_with_ids_once_and_headings_in_order(built_book):
    """By the parser of the HTML standard: nesting, tags, attributes. Of evidence pages those of one place."""
    paths = [path for path in sorted(built_book.html.rglob("*.html")) if not {"_static", "downloads"} & set(path.parts)]
    paths = [path for path in paths if path.parent.name not in ("letchworth", "st-albans")]
    assert len(paths) > 20
    for path in paths:
        parser = html5lib.HTMLParser()
        tree = parser.parse(path.read_text(encoding="utf-8"))
        assert [(code, where) for where, code, _ in parser.errors] == [], path
        ids = [node.get("id") for node in tree.iter() if node.get("id")]
        assert len(ids) == len(set(ids)), path
        levels = [int(tag[-1]) for node in tree.iter() if re.fullmatch(r"\{.*\}h[1-6]", tag := str(node.tag))]
        assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == [], path


def test_the_parser_sees_what_is_wrong():
    parser = html5lib.HTMLParser()
    parser.parse("<!DOCTYPE html><title>x</title><p><div></p><table><p>x</table>")
    assert parser.errors


def test_every_page_is_in_english(pages):
    assert {page.html["lang"] for page in pages.values()} == {"en-GB"}


def test_no_id_stands_twice(pages):
    for address, page in pages.items():
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) > 5
        assert sorted({i for i in ids if ids.count(i) > 1}) == [], address


def figures(page):
    return page.select("article figure")


def test_pictures_have_alt_text_that_says_what_they_show(pages):
    for slug in PLACES:
        seen = set()
        found = figures(place_page(pages, slug))
        assert len(found) >= 5
        for figure in found:
            caption = figure.figcaption.get_text().strip()
            pictures = figure.select("svg")
            assert pictures and not figure.select("img")
            for picture in pictures:
                alt = picture["aria-label"]
                assert picture["role"] == "img" and not picture.find(["title", "desc"]), "read once, not twice"
                assert len(alt) > 40, figure.get("id")
                assert not re.search(r"\.(svg|png)\b|_images|/", alt.split(" ")[0]), alt
                assert alt != caption and alt not in seen
                assert re.search(r"\d", alt) or "Map of" in alt
                seen.add(alt)


def test_captions_name_number_period_geography_and_source(pages):
    for slug in PLACES:
        for number, figure in enumerate(figures(place_page(pages, slug)), 1):
            caption = figure.figcaption.get_text().strip()
            assert caption.startswith(f"Figure {number}. "), caption
            assert "Source: " in caption, caption
            subtitle = figure.select_one(".pb-figure-title").get_text()
            assert "pb-lead" in figure["class"] or re.search(r"\d{4}", subtitle), "the period stands below the title"


def test_a_caption_names_the_geography_where_it_is_not_the_places_own(pages):
    captions = [figure.figcaption.get_text() for figure in figures(place_page(pages, "letchworth"))]
    assert all("Geography: best fit" in caption or "Geography: direct" in caption for caption in captions)


def test_every_figure_has_its_table(pages):
    for slug in PLACES:
        page = place_page(pages, slug)
        for number, figure in enumerate(figures(page), 1):
            if "pb-lead" in figure["class"]:  # its numbers are those of the section's tables over time
                assert figure.find_parent("section").select(".pb-series table")
                continue
            (details,) = figure.select("details.pb-data")
            assert details.summary.get_text() == f"Table of figure {number}"
            assert details.select("table")


def test_every_figure_has_one_toolbar(pages, built_book):
    for slug in PLACES:
        for number, figure in enumerate(figures(place_page(pages, slug)), 1):
            links = figure.select(".pb-tools a")
            every = ["Data (CSV)", "Spreadsheet (XLSX)", "Picture (SVG)", "Source", "How we know"]
            lead = "pb-lead" in figure["class"]
            assert [link.get_text() for link in links] == (every[::2] if lead else every)
            assert all(f"figure {number}" in link["aria-label"] for link in links)


def test_tables_have_real_headers(pages):
    for slug in PLACES:
        tables = place_page(pages, slug).select("table.pb-table, .pb-sc table, .pb-board table")
        assert len(tables) > 40
        for table in tables:
            assert table.caption.get_text().strip()
            assert {th["scope"] for th in table.thead.find_all("th")} == {"col"}
            assert all(th.get_text().strip() for th in table.find_all("th"))
            assert all(row.find("th", scope="row") for row in table.tbody.find_all("tr"))


def test_a_row_has_one_link_and_it_leads_to_the_places_own_figure(pages, built_book):
    """The evidence's row says the number of the scorecard's, its area and its limits."""
    for slug in PLACES:
        page, folder = place_page(pages, slug), built_book.html / "book" / "places" / slug
        rows = {
            f"{slug}/{path.name}#{row['id']}": " ".join(row.get_text(" ").split())
            for path in sorted(folder.glob("*.html"))
            for row in BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").select("tr[id]")
        }
        found = page.select(".pb-sc tbody tr")
        assert len(found) > 60
        for row in found:
            (link,) = row.select("a")
            own = row.select_one(".pb-own b").get_text().split(" ")[0].lstrip("\u2212£").rstrip("%")
            same = own.rstrip("0").rstrip(".") if "." in own else own  # one decimal more where the gap asks for it
            assert same in rows[link["href"]], (link.get_text(), own)


def test_every_number_of_a_scorecard_is_in_the_ledger(pages, built_book):
    """Of each figure in a row, the place's and those beside it, some entry of the measure has the value that is written."""
    for slug in PLACES:
        entries = json.loads((built_book.ledgers / f"{slug}.json").read_text(encoding="utf-8"))["entries"]
        by_way = {f"{slug}/{e['at']}": e["indicator"] for e in entries if "at" in e}
        known: dict[str, list[float]] = {}
        for entry in entries:
            numbers = [entry.get(name) for name in ("value", "lower", "upper", "minimum", "lower_quartile", "upper_quartile")]
            known.setdefault(entry["indicator"], []).extend(n for n in [*numbers, entry.get("maximum")] if n is not None)
        for row in place_page(pages, slug).select(".pb-sc tbody tr"):
            numbers = known[by_way[row.a["href"]]]
            for part in row.select(".pb-own b, .pb-fig:not(.pb-own), .pb-own small, .pb-ends span"):
                for words in re.sub(r" in .*|\[low\]", "", part.get_text(" ")).replace("to", " ").split():
                    if digits := re.fullmatch(r"([\u2212]?)£?([\d,]+(?:\.(\d+))?)%?", words):
                        shown = float(f"{'-' if digits[1] else ''}{digits[2].replace(',', '')}")
                        half = 0.5 * 10 ** -len(digits[3] or "") * 1.0001
                        assert any(abs(number - shown) <= half for number in numbers), (slug, row.a.get_text(), words)


def test_nothing_is_asked_of_another_server(pages):
    for address, page in pages.items():
        for tag in page.find_all(["script", "img", "iframe", "link", "source", "video", "audio"]):
            for attribute in ("src", "href", "srcset"):
                assert "//" not in str(tag.get(attribute, "")), (address, tag)
        assert "unpkg" not in str(page) and "cdn" not in str(page.head).lower(), address


def test_local_links_lead_somewhere(pages, built_book):
    ids = {address: {tag["id"] for tag in page.find_all(id=True)} for address, page in pages.items()}
    for address, page in pages.items():
        folder = (built_book.html / address).parent
        for link in page.select("a[href]"):
            target, _, fragment = link["href"].partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            path = (folder / target).resolve() if target else built_book.html / address
            assert path.exists(), (address, link["href"])
            if path.name == "compare.html" and "&" in fragment:  # two places that stand side by side there
                assert all((path.parent / "places" / f"{place}.html").exists() for place in fragment.split("&"))
            elif fragment and path.suffix == ".html":
                there = ids.get(path.relative_to(built_book.html).as_posix())
                assert there is None or fragment in there, (address, link["href"])


def test_no_code_is_shown(pages):
    for slug in PLACES:
        page = place_page(pages, slug)
        text = page.article.get_text()
        assert not page.select("article .cell_input, article pre.code, article div.highlight")
        for sign in (r"page\.show_", r"\bimport [a-z_]+\b\.", "Traceback", "<Figure", r"\bnan\b", r"\bNone\b"):
            assert not re.search(sign, text), sign


def test_the_page_says_draft_its_areas_and_ages(pages):
    for slug in PLACES:
        text = place_page(pages, slug).article.get_text()
        assert "Draft: this page has not been reviewed." in text
        badges = [b.get_text() for b in place_page(pages, slug).select(".pb-findings .pb-badge")]
        assert len(badges) > 40
        assert all(re.match(r"(direct|best fit|wider): .*; age .+", badge) for badge in badges)


def test_the_challenge_is_on_every_page(pages):
    for address, page in pages.items():
        assert page.select_one('.pb-challenge a[href^="mailto:"]'), address


def test_letchworth_never_shows_a_district_figure_without_its_name(pages, built_book):
    page = place_page(pages, "letchworth")
    ledger = json.loads((built_book.ledgers / "letchworth.json").read_text(encoding="utf-8"))
    wider = {e["indicator"] for e in ledger["entries"] if e.get("badge") == "wider"}
    assert len(wider) > 30
    names = {e["area_name"] for e in ledger["entries"] if e.get("badge") == "wider"}
    assert "North Hertfordshire" in names
    for line in page.select(".pb-findings > li"):
        if "wider:" in line.get_text():
            sentence = line.select_one(".pb-said").get_text()
            assert any(name in sentence for name in names), sentence
    for figure in figures(page):
        caption = figure.figcaption.get_text()
        if "wider: published for North Hertfordshire" in caption:
            alts = [picture["aria-label"] for picture in figure.select("svg")]
            assert any("North Hertfordshire" in alt for alt in alts)
            assert all(any(name in alt for name in {*names, "Letchworth"}) for alt in alts), "each names its own area"
            assert "North Hertfordshire" in caption.split("Period:")[0]
    for card in page.select(".pb-cards > li"):
        assert any(name in card.select_one(".pb-card-area").get_text() for name in names)


def test_letchworth_has_34324_residents_by_best_fit(pages, built_book):
    text = place_page(pages, "letchworth").article.get_text()
    assert "On 21 March 2021 the number of usual residents in Letchworth Garden City was 34,324" in text
    ledger = json.loads((built_book.ledgers / "letchworth.json").read_text(encoding="utf-8"))
    (entry,) = [e for e in ledger["entries"] if e["kind"] == "value" and e["indicator"] == "residents" and e["role"] == "place"]
    assert entry["value"] == 34324 and entry["badge"] == "best_fit" and entry["derivation"] == "sum"
    assert len(entry["inputs"][0]["key"]["area"]) == 23


def test_the_sentence_of_the_employment_rate(pages):
    text = " ".join(place_page(pages, "broxbourne").article.get_text().split())
    assert (
        "From 2021 to 2023 (mean of three readings) the employment rate in Broxbourne was 79.5% (95% interval 72.6% to "
        "86.3%). There is no clear difference from Hertfordshire (78.8%), the East of England (77.9%) or England (75.6%). "
        "It was 76.1% in 2023 and 78.8% in 2022."
    ) in text


COMPARED = re.compile(r"\b(higher|lower|risen|fallen|upwards|downwards)\b")


def test_a_sentence_compares_only_where_a_claim_allows_it(pages, built_book):
    """A direction is said only by claims that were tested, or that are full counts."""
    for slug in PLACES:
        ledger = json.loads((built_book.ledgers / f"{slug}.json").read_text(encoding="utf-8"))
        claims = {e["id"]: e for e in ledger["entries"] if e["kind"] == "claim"}
        said = place_page(pages, slug).select(".pb-said")
        assert len(said) > 100
        for sentence in said:
            text = sentence.get_text()
            found = [claims[id_] for id_ in sentence["data-claim"].split()]
            assert text in {claim["sentence"] for claim in found}
            if COMPARED.search(text):
                assert any(
                    claim["verdict"] in ("higher", "lower", "rose", "fell", "rising", "falling", "tested") for claim in found
                ), text
            for claim in found:
                if claim["verdict"] in ("higher", "lower", "rose", "fell"):
                    assert claim["p"] is None or claim["p"] <= 0.05 or claim["test"].startswith("none needed")


def test_every_sentence_leads_to_its_test(pages, built_book):
    for slug in PLACES:
        page = place_page(pages, slug)
        known = {
            path.name: path.read_text(encoding="utf-8") for path in (built_book.html / "book" / "places" / slug).glob("*.html")
        }
        links = page.select(".pb-why")
        assert len(links) == len(page.select(".pb-said"))
        for link in links:
            target, _, fragment = link["href"].removeprefix(f"{slug}/").partition("#")
            assert f'<tr id="{fragment}">' in known[target] and link["aria-label"].startswith("How we know")


MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATES = re.compile(rf"\b(\d{{1,2}} )?({MONTHS}) \d{{4}}\b|\b(19|20)\d\d(/\d\d)?\b")
TERMS = ("95% interval", "95% confidence set", "as 100", "quotient of 1 is", "ITL level 2", "ITL level 3")


def loose_numbers(sentence, names):
    """What is left of a sentence's numbers without links, periods, terms of the trade and names."""
    words = "".join("" if node.name == "a" else node.get_text() for node in sentence.children)
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(name, "")
    for term in TERMS:
        words = words.replace(term, "")
    return re.findall(r"\S*\d\S*", DATES.sub("", words))


def test_every_number_of_a_sentence_is_one_step_from_its_evidence(pages, built_book):
    """Figures and their limits lead to their row, gaps, places and counts to their test."""
    phrases = set()
    for path in (ROOT / "data" / "indicators").glob("*.yml"):
        for written in re.findall(r"^ +(?:phrase|title): (.+)$", path.read_text(encoding="utf-8"), re.M):
            phrases.add(written.strip("'\""))
    for slug in PLACES:
        entries = json.loads((built_book.ledgers / f"{slug}.json").read_text(encoding="utf-8"))["entries"]
        names = phrases | {
            e[key] for e in entries if e["kind"] == "value" for key in ("area_name", "category") if re.search("[a-z]", e[key])
        }
        found = place_page(pages, slug).select(".pb-said")
        claims = [
            a
            for sentence in found
            for a in sentence.select("a")
            if a["href"] == sentence.find_next_sibling("a", class_="pb-why")["href"]
        ]
        assert len(claims) > 60
        assert {sentence.get_text(): left for sentence in found if (left := loose_numbers(sentence, names))} == {}


def test_a_number_without_a_link_is_noticed():
    said = "<span>In 2023 the share of people aged 65 was <a>5%</a>, {} higher than in 21 March 2021 (95% interval).</span>"
    for gap, left in (("<a>2</a>", []), ("2", ["2"]), ("£1,234", ["£1,234"])):
        sentence = BeautifulSoup(said.format(gap), "lxml").span
        assert loose_numbers(sentence, {"people aged 65"}) == left


def test_the_sidebar_lists_every_page_and_marks_this_one(pages):
    for slug, name in PLACES.items():
        sidebar = place_page(pages, slug).select_one("nav.bd-docs-nav")
        assert {a.get_text().strip() for a in sidebar.select("a")} >= set(PLACES.values())
        (here,) = sidebar.select('a[aria-current="page"]')
        assert here.get_text().strip() == name


def test_a_place_page_with_all_that_it_loads_is_below_one_and_a_third_megabytes(pages, built_book):
    """The page itself with its pictures, and every style sheet, script and typeface, nothing compressed."""
    for slug in PLACES:
        address = built_book.html / "book" / "places" / f"{slug}.html"
        page = place_page(pages, slug)
        named = [tag.get("src") or tag.get("href") for tag in page.select('script[src], link[rel="stylesheet"], img')]
        loaded = {(address.parent / name.partition("?")[0]).resolve() for name in named}
        fonts = set((built_book.html / "_static" / "fonts").glob("*.woff2"))
        assert len(loaded) > 5 and len(fonts) == 2
        assert sum(path.stat().st_size for path in {address, *loaded, *fonts}) < 1_300_000, slug


def test_the_stamp_names_commit_and_data(built_book):
    stamp = json.loads((built_book.html / "edition.json").read_text(encoding="utf-8"))
    assert set(stamp) == {"built", "commit", "data", "placebook"}
    assert re.fullmatch(r"[0-9a-f]{64}", stamp["data"])


# ------------------------------------------------------------ the single page


def test_the_single_page_is_one_file_with_unique_ids(single_page: Path):
    page = BeautifulSoup(single_page.read_text(encoding="utf-8"), "lxml")
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids)) > 100
    assert len(page.find_all("h1")) == 1
    assert {h.get_text().rstrip("#").strip() for h in page.find_all("h2")} >= set(PLACES.values())
    levels = [int(h.name[1]) for h in page.find_all(re.compile(r"^h[1-6]$"))]
    assert [b for a, b in pairwise(levels) if b > a + 1] == []
    assert not page.find_all(["script", "link", "iframe"])
    assert all(img["src"].startswith("data:image/") for img in page.find_all("img"))
    known = set(ids)
    for link in page.select('a[href^="#"]'):
        assert link["href"][1:] in known, link["href"]


# ------------------------------------------------------------ letters in pictures

LETTERS = {
    weight: TTFont(ROOT / "src" / "placebook" / "figures" / "fonts" / f"PlacebookSans-{weight}.ttf")
    for weight in ("Regular", "Bold")
}


def reach(text):
    """Where a level text of a picture begins and ends, by the widths of its letters."""
    font = LETTERS["Bold" if text.get("font-weight") in ("700", "bold") else "Regular"]
    widths, known = font["hmtx"], font.getBestCmap()
    size = float(text.get("font-size", text.find_parent("svg")["font-size"]).removesuffix("px")) / font["head"].unitsPerEm
    long = size * sum(widths[known.get(ord(letter), ".notdef")][0] for letter in text.get_text())
    start = float(text["x"]) - {"end": long, "middle": long / 2}.get(text.get("text-anchor"), 0)
    return start, start + long


def cut(page):
    """Texts of a page's pictures that begin or end outside their picture."""
    found = []
    for picture in page.select("figure svg"):
        wide = float(picture["viewbox"].split()[2])
        for text in picture.select("text:not([transform])"):
            start, end = reach(text)
            if start < -1 or end > wide + 1:  # a point of doubt: kerning
                found.append(text.get_text())
    return found


@pytest.mark.parametrize("slug", PLACES)
def test_no_letter_of_a_picture_is_cut_off(pages, slug):
    page = place_page(pages, slug)
    assert len(page.select("figure svg text")) > 100 and cut(page) == []


def lines(picture, sizes=(12, 14)):
    """Each line of a map's names with its box; ``sizes`` are those of the front page's style sheet, plain and in a link."""
    found = {}
    for text in picture.select("text:not([transform])"):
        for line in text.select("tspan") or [text]:
            bold = text.find_parent("a") is not None or text.get("font-weight") in ("700", "bold")
            font = LETTERS["Bold" if bold else "Regular"]
            size = float((text.get("font-size") or picture.get("font-size") or f"{sizes[bold]}px").removesuffix("px"))
            widths, known = font["hmtx"], font.getBestCmap()
            long = size * sum(widths[known[ord(letter)]][0] for letter in line.get_text()) / font["head"].unitsPerEm
            middle = "pb-map" in picture["class"] or text.get("text-anchor") == "middle"
            left, foot = float(line["x"]) - (long / 2 if middle else 0), float(line["y"])
            found[line.get_text(), left, foot] = (left, foot - 0.7 * size, left + long, foot + 0.15 * size)
    return found


def crossing(picture, **more):
    """Pairs of lines of a map's names that lie on each other."""
    pairs = combinations(lines(picture, **more).items(), 2)
    return [(one[0], other[0]) for (one, a), (other, b) in pairs if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]


def test_no_two_names_of_a_map_lie_on_each_other(pages):
    """The county's map on the front page, and on each place's page: where it lies, its neighbourhoods, its commuters."""
    front = pages["book/index.html"].select_one("svg.pb-map")
    assert len(lines(front)) >= 10 and crossing(front) == []
    for slug in PLACES:
        for which, least in (("deprivation", 5), ("commuting", 4)):
            *_, picture = place_page(pages, slug).select(f"figure#{slug}-{which} svg") or [None]
            if picture is not None:  # a town has no map of its commuters
                assert len(lines(picture)) >= least and crossing(picture) == [], (slug, which)


def test_names_that_lie_on_each_other_are_noticed(pages):
    front = BeautifulSoup(str(pages["book/index.html"].select_one("svg.pb-map")), "lxml").svg
    for line in front.select("tspan"):
        line["x"], line["y"] = "100", "100"
    assert len(crossing(front)) > 10


def test_the_typeface_has_every_letter_of_every_page(pages):
    """Only spaces and the ends of lines need none."""
    known = set.intersection(*(set(font.getBestCmap()) for font in LETTERS.values()))
    for address, page in pages.items():
        missing = {letter for letter in page.get_text() if ord(letter) not in known and not letter.isspace()}
        assert missing == set(), address


def test_a_name_that_is_cut_off_is_noticed(pages):
    text = place_page(pages, "letchworth").select_one("figure svg text:not([transform])")
    page = BeautifulSoup(str(text.find_parent("figure")), "lxml")
    page.select_one("figure svg text:not([transform])").string = "A name far too long for its picture " * 9
    assert len(cut(page)) == 1
