"""How long a page is for those who read it: the first screen, screens, words, Tab stops; closed parts do not count."""

import pytest

PLACES = ("broxbourne", "letchworth", "st-albans")
TILES = "[...document.querySelectorAll('.pb-find')].map(tile => tile.getBoundingClientRect().bottom)"
FIRST_THREE = "[...document.querySelectorAll('.pb-lede a')].map(link => link.getBoundingClientRect().bottom)"
WORDS = """() => {
  const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  let words = 0;
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    if (around.closest(".pb-vh, script, style, svg") || !around.checkVisibility()) continue;
    words += walker.currentNode.textContent.split(/\\s+/).filter(Boolean).length;
  }
  return words;
}"""


@pytest.fixture
def opened(browser, built_book):
    """A page of the built book at a width, as long as it is."""

    def at(slug, width, height):
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto((built_book.html / f"book/places/{slug}.html").as_uri())
        return page

    return at


@pytest.mark.parametrize("slug", PLACES)
def test_all_key_findings_stand_within_the_first_screen(opened, slug):
    page = opened(slug, 1440, 900)
    bottoms = page.evaluate(TILES)
    page.close()
    assert bottoms and max(bottoms) <= 900


@pytest.mark.parametrize("slug", PLACES)
def test_the_first_headlines_stand_within_the_first_screen_of_a_telephone(opened, slug):
    page = opened(slug, 390, 844)
    bottoms = page.evaluate(FIRST_THREE)
    page.close()
    assert len(bottoms) == 3 and max(bottoms) <= 844


@pytest.mark.parametrize(("width", "height", "most"), [(1440, 900, 22), (390, 844, 40)])
@pytest.mark.parametrize("slug", PLACES)
def test_a_page_is_so_many_screens_long_at_most(opened, slug, width, height, most):
    page = opened(slug, width, height)
    long = page.evaluate("document.documentElement.scrollHeight") / height
    page.close()
    assert long <= most


@pytest.mark.parametrize("slug", PLACES)
def test_a_page_says_so_many_words_at_most(opened, slug):
    page = opened(slug, 1440, 900)
    words = page.evaluate(WORDS)
    page.close()
    assert 1000 < words <= 4600


@pytest.mark.parametrize("slug", PLACES)
def test_rows_that_are_closed_open_for_who_is_led_to_them(opened, slug):
    page = opened(slug, 1440, 900)
    closed = page.evaluate("[...document.querySelectorAll('details .pb-sc tbody tr[id]')].map(row => row.id)")
    assert closed
    page.evaluate("id => { location.hash = id }", closed[0])
    page.wait_for_function("id => document.getElementById(id).checkVisibility()", arg=closed[0])
    page.close()
