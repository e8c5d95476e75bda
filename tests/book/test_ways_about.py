"""Finding one's way, in a browser: comparing two places, answers of the search, back from the evidence, from place to place."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = pytest.mark.browser
HIDDEN = "() => [...document.querySelectorAll('.pb-two tr > *')].filter(cell => cell.hidden).length"
FOUND = "ul.pb-answers li"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Nothing: the test says what is wrong."""


@pytest.fixture(scope="module")
def site(built_book):
    """The address of the book on a server, as readers have it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=built_book.html)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert wrong == []


# ------------------------------------------------------------ two places side by side


def test_an_address_opens_two_places_side_by_side_and_another_two_take_their_place(page, site):
    page.goto(f"{site}/book/compare.html#broxbourne&letchworth")
    heads = page.locator(".pb-two table").first.locator("thead th:visible")
    assert heads.all_inner_texts() == ["Measure", "Broxbourne", "Letchworth Garden City", "England"]
    assert page.locator(".pb-two details:not([open])").count() == 0
    choices = page.locator(".pb-choose select")
    choices.nth(1).select_option("st-albans")
    assert page.url.endswith("#broxbourne&st-albans")
    assert heads.all_inner_texts() == ["Measure", "Broxbourne", "St Albans", "England"]
    assert page.locator(".pb-choose [role=status]").inner_text() == "Broxbourne beside St Albans, with England."
    choices.nth(0).select_option("st-albans")
    assert page.evaluate(HIDDEN) == 0 and "#" not in page.url, "a place is not set beside itself"
    page.go_back()
    page.wait_for_function("document.querySelector('.pb-choose select').value === 'broxbourne'")


@pytest.mark.parametrize(
    "fragment",
    [
        "broxbourne&broxbourne",
        "broxbourne&luton",
        "__proto__&constructor",
        "<img src=x>&broxbourne",
        "broxbourne&letchworth&x",
        "%",
    ],
)
def test_an_address_that_names_no_two_places_changes_nothing(page, site, fragment):
    page.goto(f"{site}/book/compare.html#{fragment}")
    assert page.locator(".pb-choose select").count() == 2
    assert page.evaluate(HIDDEN) == 0 and page.locator(".pb-two details[open]").count() == 0
    assert page.locator("article img").count() == 0


def test_without_scripts_the_page_is_a_table_of_all_places(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/book/compare.html#broxbourne&letchworth")
    rows = page.locator("article table:visible tbody tr th").all_inner_texts()
    assert rows == ["Broxbourne", "Letchworth Garden City", "St Albans", "England"]
    context.close()


# ------------------------------------------------------------ search


@pytest.mark.parametrize(
    ("words", "place", "section", "excerpt"),
    [
        ("unemployment", "broxbourne", "People", "unemployment"),
        ("Waltham Cross", "broxbourne", "Inside the place", "Waltham Cross"),
        ("economy", "st-albans", "AI and the data economy", "economy"),
    ],
)
def test_the_search_answers_with_section_and_excerpt(page, site, words, place, section, excerpt):
    page.goto(f"{site}/search.html?q={words.replace(' ', '+')}")
    page.wait_for_selector(FOUND)
    answer = page.locator(f"{FOUND}:has(a[href*='places/{place}.html#'])", has_text=section).first
    answer.wait_for()
    assert excerpt.lower() in answer.locator("span").first.inner_text().lower()
    assert page.locator("ul.search > li > a").first.get_attribute("href").startswith("book/places/"), "places come first"
    answer.locator("a").click()
    page.wait_for_url(f"**/places/{place}.html#*")
    fragment = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    assert page.locator(f"[id='{fragment}']").count() == 1


# ------------------------------------------------------------ evidence and back, from place to place


def test_evidence_leads_back_to_where_the_reader_was(page, site):
    page.goto(f"{site}/book/places/broxbourne.html")
    link = page.locator("#broxbourne-row-employment-rate th a")
    link.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    link.click()
    page.wait_for_url("**/broxbourne/people.html#*")
    page.locator("header a.pb-back").click()
    page.wait_for_url("**/broxbourne.html")
    page.wait_for_function(f"Math.abs(scrollY - {before}) < 5")
    assert before > 1000


def test_the_heads_of_an_evidence_table_stay_in_sight(page, site):
    page.goto(f"{site}/book/places/broxbourne/people.html")
    page.locator("section.pb-measure tbody tr").nth(15).evaluate("row => row.scrollIntoView({block: 'center'})")
    head = page.locator("section.pb-measure thead").first.evaluate(
        """head => { const box = head.rows[0].cells[0].getBoundingClientRect();
          return document.elementFromPoint(box.left + 9, box.top + 9) === head.rows[0].cells[0]; }"""
    )
    assert head


def test_the_sidebar_keeps_the_section_where_the_other_place_has_it(page, site):
    page.goto(f"{site}/book/places/broxbourne.html#broxbourne-people")
    page.locator("nav.bd-docs-nav a", has_text="St Albans").click()
    page.wait_for_url("**/st-albans.html#st-albans-people")
    page.wait_for_function("Math.abs(document.getElementById('st-albans-people').getBoundingClientRect().top) < 200")
    page.goto(f"{site}/book/places/broxbourne.html#broxbourne-infrastructure")
    page.locator("nav.bd-docs-nav a", has_text="Letchworth").click()
    page.wait_for_url("**/letchworth.html#letchworth-infrastructure")
    assert page.evaluate("scrollY") == 0, "a town's page has no section of that name: its beginning"


@pytest.mark.parametrize("place", ["broxbourne", "letchworth", "st-albans"])
def test_a_keyboard_comes_to_people_in_sixty_steps_at_most(page, site, place):
    page.goto(f"{site}/book/places/{place}.html")
    there = """() => { const section = document.querySelector('section[id$="-people"]');
      return section.contains(document.activeElement)
        || !!(section.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING); }"""
    steps = 0
    while steps < 200:
        page.keyboard.press("Tab")
        if page.evaluate(there):
            break
        steps += 1
    assert 10 < steps <= 60


def test_what_has_the_focus_has_an_outline_in_every_mode(browser, site):
    for colours in ("none", "active"):
        context = browser.new_context(forced_colors=colours, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        for name in (
            "book/places/letchworth.html",
            "book/index.html",
            "book/compare.html",
            "book/places/letchworth/people.html",
        ):
            page.goto(f"{site}/{name}")
            for _ in range(25):
                page.keyboard.press("Tab")
                style, wide = page.evaluate(
                    "() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]; }"
                )
                assert (style, wide) == ("solid", "3px"), (name, page.evaluate("document.activeElement.outerHTML")[:200])
        context.close()


def test_a_figure_is_taken_along_as_png_with_its_title_and_source(page, site):
    page.goto(f"{site}/book/places/broxbourne.html")
    figure = page.locator("figure.pb-lead").first
    figure.locator("details.pb-tools > summary").click()
    with page.expect_download() as download:
        figure.get_by_role("button", name="Picture (PNG)").click()
    assert download.value.suggested_filename == f"{figure.get_attribute('id')}.png"
    content = download.value.path().read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
    drawn = figure.locator("svg.pb-svg")
    assert wide > 2 * int(drawn.get_attribute("width")) and high > 2 * int(drawn.get_attribute("height")), "with its words"
