"""The county's chapter in the built book: its figures lead back to the places' pages and ledgers."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from checkouts import compiled, small_book

from placebook.errors import BuildError

PLACES = ("broxbourne", "letchworth", "st-albans")
CHAPTER = "book/counties/hertfordshire.html"
APPENDIX = "Appendix: every measure and every verdict"


@pytest.fixture(scope="session")
def page(built_book) -> BeautifulSoup:
    return BeautifulSoup((built_book.html / CHAPTER).read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="session")
def entries(built_book) -> dict[str, dict]:
    """Every entry of every ledger, under the name that it has beside those of other places."""
    found = {}
    for slug in PLACES:
        ledger = json.loads((built_book.ledgers / f"{slug}.json").read_text(encoding="utf-8"))
        found |= {f"{slug}--{entry['id']}": entry for entry in ledger["entries"]}
    own = json.loads((built_book.ledgers / "counties" / "hertfordshire.json").read_text(encoding="utf-8"))
    return found | {f"county-hertfordshire--{entry['id']}": entry for entry in own["entries"]}


def section(page, title):
    heading = next(h for h in page.select("article h2") if h.get_text().rstrip("#").strip() == title)
    return heading.find_parent("section")


def test_the_sections_in_their_order(page):
    assert [h.get_text().rstrip("#").strip() for h in page.select("article h1")] == ["Hertfordshire"]
    assert [h.get_text().rstrip("#").strip() for h in page.select("article h2")] == [
        "The Hertfordshire story",
        "Headline measures",
        "The widest gaps",
        "Published for no smaller area",
        "Who is alike",
        "The plan’s own targets",
        "Key sectors",
        "Evidence library",
        APPENDIX,
    ]


def test_the_sidebar_has_the_county_under_its_own_caption(page):
    captions = [c.get_text() for c in page.select("nav.bd-docs-nav .caption-text")]
    assert captions == ["Places", "The county", "How this book is made"]
    (here,) = page.select('nav.bd-docs-nav a[aria-current="page"]')
    assert here.get_text().strip() == "Hertfordshire"


def test_every_number_has_its_entry_in_a_ledger(page, entries):
    named = [cell["data-entry"] for cell in page.select("[data-entry]")]
    assert len(named) > 150
    assert set(named) <= set(entries)
    assert {name.split("--")[0] for name in named} == {*PLACES, "county-hertfordshire"}


def test_a_cell_of_the_matrix_leads_to_the_place_that_it_is_of(page, built_book):
    places = built_book.html / "book" / "places"
    cells = section(page, APPENDIX).select("td[data-entry]")
    assert len(cells) > 150
    for cell in cells:
        target, _, fragment = cell.a["href"].partition("#")
        path = (built_book.html / "book" / "counties" / target).resolve()
        assert cell["data-entry"].startswith(f"{path.parent.name}--") and path.parent.parent == places
        assert f'id="{fragment}"' in path.read_text(encoding="utf-8"), cell.a["href"]


def test_a_wider_figure_names_its_area(page, entries):
    wide = 0
    for cell in section(page, APPENDIX).select("td[data-entry]"):
        entry = entries[cell["data-entry"]]
        if entry["badge"] == "wider":
            assert entry["area_name"] in cell.select_one(".pb-badge").get_text()
            assert not cell.has_attr("data-sort")
            wide += 1
        assert entry["role"] == "place"
    assert wide > 30


def test_sorting_numbers_are_distances_from_the_middle_district(page, entries):
    bands = {(e["indicator"], e["period"]): e for e in entries.values() if e["kind"] == "band"}
    cells = page.select("td[data-sort]")
    assert len(cells) > 60
    for cell in cells:
        entry = entries[cell["data-entry"]]
        band = bands[entry["indicator"], entry["period"]]
        distance = (entry["value"] - band["median"]) / (band["upper_quartile"] - band["lower_quartile"])
        assert float(cell["data-sort"]) == pytest.approx(distance, abs=1e-4)


def test_every_foundation_has_its_line_and_every_gap_is_recomputed(page, entries):
    lines = [li.get_text() for li in section(page, "The widest gaps").select(".pb-findings li")]
    starts = ["Ideas", "People", "Infrastructure", "Business environment", "Places"]
    assert [line.split(":")[0] for line in lines] == starts
    found = [entry for entry in entries.values() if entry["kind"] == "gap"]
    assert len(found) >= 3
    for gap in found:
        high, low = (entries[id_] for id_ in gap["inputs"])
        assert high["badge"] != "wider" and low["badge"] != "wider"
        assert high["period"] == low["period"] == gap["period"]
        assert gap["value"] == pytest.approx(high["value"] - low["value"])
        band = entries[gap["band"]]
        middle = band["upper_quartile"] - band["lower_quartile"]
        assert gap["quartile_distances"] == pytest.approx(gap["value"] / middle)


def test_a_gap_is_called_one_way_only_where_its_verdict_allows_it(page, entries):
    said = section(page, "The widest gaps").select(".pb-said")
    assert len(said) >= 3
    for sentence in said:
        gap = entries[sentence["data-claim"]]
        assert sentence.get_text() == gap["sentence"]
        directed = re.search(r"\b(higher|lower|better|worse)\b", gap["sentence"])
        assert bool(directed) == (gap["verdict"] == "higher")
        if directed:
            assert gap["test"].startswith("none needed") or gap["corrected_p"] <= 0.05


def test_strengths_are_told_in_the_words_of_the_places_pages(page, entries):
    said = section(page, APPENDIX).select(".pb-said")
    wanted = {id_ for id_, entry in entries.items() if entry.get("claim") in ("strength", "challenge")}
    assert wanted and {sentence["data-claim"] for sentence in said} == wanted
    assert all(sentence.get_text() == entries[sentence["data-claim"]]["sentence"] for sentence in said)


def test_the_story_comes_first_and_is_made_of_the_places_findings(page, entries):
    tiles = section(page, "The Hertfordshire story").select(".pb-find")
    assert 2 <= len(tiles) <= 7
    for tile in tiles:
        story = entries[tile["data-entry"]]
        assert tile.h3.get_text() == story["headline"] and story["sentence"] in tile.get_text()
        made_of = [entries[name] for name in story["inputs"]]
        assert made_of and all(entry["kind"] == "finding" for entry in made_of)
        assert all(entry["left_out"] in (None, "R1") or entry["left_out"].startswith("R10 ") for entry in made_of)
    heads = section(page, "The Hertfordshire story").select(".pb-findings li")
    assert [li.strong.get_text() for li in heads] == ["Broxbourne", "Letchworth Garden City", "St Albans"]


def moved(entry):
    """Which end of the districts a finding is at, or which way it went against England."""
    rules = entry["rules"]
    return rules["R2"]["end"] if entry["type"] == "level" else rules["R7"]["to"] > rules["R7"]["from"]


def test_what_is_shared_is_counted_again_over_all_candidates_of_the_places(entries):
    ledger = [entry for entry in entries.values() if entry["kind"] == "finding"]
    stories = [entry for entry in ledger if entry["type"] in ("shared", "apart")]
    assert {story["type"] for story in stories} == {"shared", "apart"}
    for story in stories:
        inputs = [entries[name] for name in story["inputs"]]
        (kind,) = {entry["type"] for entry in inputs}
        same = [entry for entry in ledger if entry["type"] == kind and entry.get("indicators") == [story["indicator"]]]
        of = {entry["subject"] for entry in same}
        told = {e["subject"] for e in same if e["left_out"] in (None, "R1") or (e["left_out"] or "").startswith("R10 ")}
        if story["type"] == "shared":
            (way,) = {moved(entry) for entry in inputs}
            here = {entry["subject"] for entry in same if entry["subject"] in told and moved(entry) == way}
            assert {entry["subject"] for entry in inputs} == here and 3 * len(here) >= 2 * len(of)
            count = f"{len(here)} of {len(of)} " if len(here) < len(of) else r"[Aa]ll |[Bb]oth "
            assert re.search(count, story["headline"])
        else:
            assert [moved(entry) for entry in inputs] == ["highest", "lowest"]
        ranks = [str(entry["rules"]["R2" if kind == "level" else "R11"]["rank"]) for entry in inputs]
        assert re.findall(r"(\d+)(?:st|nd|rd|th) ", story["sentence"]) == ranks


def test_nothing_but_targets_and_sectors_is_an_open_table(page):
    open_tables = [table for table in page.select("article table") if not table.find_parent("details")]
    assert [table.caption.get_text()[:11] for table in open_tables] == ["More homes:", "Key sectors"]


def test_targets_have_no_pace_and_say_what_is_not_held(page):
    text = section(page, "The plan’s own targets").get_text()
    assert "16,600 by 2030" in text and "38,600 by 2030" in text and "£590m by 2030" in text
    assert text.count("The book holds no measure that is comparable with this target.") == 2
    assert "start year and its definitions are not held" in text


def test_the_library_lists_eleven_documents_as_published(page):
    library = section(page, "Evidence library")
    items = library.find_all("li")
    assert len(items) == 11
    assert all(item.a["href"].startswith("https://") and item.a["href"] in item.get_text() for item in items)
    assert "Nothing here says what the documents hold" in library.get_text()


def test_employers_are_of_the_plans_time(page):
    sectors = section(page, "Key sectors")
    assert "then, not today" in sectors.thead.get_text()
    definitions = [row.find_all("td")[1].get_text() for row in sectors.tbody.find_all("tr")]
    assert len(definitions) == 4
    assert all(text.startswith(("published: ", "analyst-defined: ")) for text in definitions)


def test_tables_have_real_headers_and_are_plain_without_the_script(page):
    tables = page.select("article table.pb-table")
    assert len(tables) > 15 and not page.select("article table button")
    for table in tables:
        assert table.caption.get_text().strip()
        assert all(th.get_text().strip() for th in table.find_all("th"))
        assert all(row.find("th", scope="row") for row in table.tbody.find_all("tr"))


def test_links_of_the_chapter_stay_inside_the_single_page(single_page):
    whole = BeautifulSoup(single_page.read_text(encoding="utf-8"), "lxml")
    ids = {tag["id"] for tag in whole.find_all(id=True)}
    heading = next(h for h in whole.find_all("h2") if h.get_text().rstrip("#").strip() == "Hertfordshire")
    links = [a["href"] for a in heading.find_parent("section").select("td a[href]")]
    assert len(links) > 150
    assert all(href.startswith("#") and href[1:] in ids for href in links)


# ------------------------------------------------------------ a book without a county


def test_a_book_without_a_county_compiles_without_a_warning(tmp_path):
    html = compiled(small_book(tmp_path, ("places/luton",)))
    page = BeautifulSoup((html / "book/places/luton.html").read_text(encoding="utf-8"), "html.parser")
    captions = [c.get_text() for c in page.select("nav.bd-docs-nav .caption-text")]
    assert captions == ["Places", "How this book is made"]


def test_a_book_without_a_place_is_still_refused(tmp_path):
    with pytest.raises(BuildError, match="could not be compiled"):
        compiled(small_book(tmp_path, ()))


# ------------------------------------------------------------ sorting, in a browser


@pytest.fixture(scope="module")
def chapter_in_browser(browser_path, built_book):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        wrong: list[str] = []
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.goto((built_book.html / CHAPTER).as_uri(), wait_until="load")
        yield opened, wrong
        browser.close()


@pytest.mark.browser
def test_a_column_sorts_by_keyboard_and_back(chapter_in_browser):
    opened, wrong = chapter_in_browser
    opened.locator("details:has(table.pb-sortable)").evaluate_all("parts => parts.forEach(part => { part.open = true; })")
    table = opened.locator("table.pb-sortable", has_text="Employment rate").first
    head = table.locator("thead th").nth(1)

    def keys():
        return table.evaluate(
            "t => [...t.tBodies[0].rows].map(r => r.cells[1].hasAttribute('data-sort')"
            " ? Number(r.cells[1].dataset.sort) : null)"
        )

    before = keys()
    known = [key for key in before if key is not None]
    assert len(known) > 3 and known != sorted(known) and known != sorted(known, reverse=True)
    empty = [None] * (len(before) - len(known))
    for state, wanted in (
        ("descending", sorted(known, reverse=True) + empty),
        ("ascending", sorted(known) + empty),
        (None, before),
    ):
        head.locator("button").focus()
        opened.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == state
        assert keys() == wanted
    assert wrong == []


@pytest.mark.browser
def test_names_sort_as_words_and_one_column_at_a_time(chapter_in_browser):
    opened, _ = chapter_in_browser
    table = opened.locator("table.pb-sortable").first
    table.locator("thead th button").nth(1).click()
    table.locator("thead th button").nth(0).click()
    assert table.locator("thead th[aria-sort]").count() == 1
    names = table.locator("tbody th").evaluate_all("cells => cells.map(c => c.textContent.trim())")
    assert len(names) > 3 and names == sorted(names, key=str.casefold)
