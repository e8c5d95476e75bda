"""WCAG 2.2 AA by axe-core on every page; and what axe cannot see: a walk by keyboard, the evidence without scripts."""

import re
from itertools import cycle, pairwise

import pytest

from tests.book import axe

pytestmark = pytest.mark.browser
PAIR = "book/compare.html#broxbourne&st-albans"
"""Two places chosen side by side."""
PLACES = ("broxbourne", "letchworth", "st-albans")


def addresses(built_book):
    """Every page of the site: the book's own first, then search and index, then the evidence."""
    found = [path.relative_to(built_book.html).as_posix() for path in sorted(built_book.html.rglob("*.html"))]
    own = [name for name in found if "_static" not in name and name not in ("index.html", "downloads/book.html")]
    return [*sorted(own, key=lambda name: (name.count("/"), name)), PAIR]


def jobs(built_book):
    """The light pages in each mode; a place's page and each evidence page in one, the modes taken in turn.

    The whole matrix is looked at by ``make test-long``: a place's page takes a minute a mode.
    """
    modes = cycle(axe.MODES)
    found = []
    for name in addresses(built_book):
        heavy = "places/" in name
        found += [(name, next(modes))] if heavy else [(name, mode) for mode in axe.MODES]
    return found


@pytest.fixture(scope="module")
def looked_at(built_book, browser_path):
    return axe.violations(built_book.html, browser_path, jobs(built_book))


def test_no_page_breaks_a_rule_asks_another_server_or_scrolls_sideways(looked_at):
    assert len({name for name, _ in looked_at}) >= 9 + 3 * 13
    assert {mode for _, mode in looked_at} == set(axe.MODES)
    assert {job: found for job, found in looked_at.items() if found} == {}


def test_the_checker_sees_what_is_wrong(built_book, browser_path, tmp_path):
    text = '<html lang="en-GB"><title>x</title><body><main><h1>x</h1><img src="x.png"><p style="color:#ccc">pale</p></main>'
    (tmp_path / "spoilt.html").write_text(f'{text}<div style="width:2000px">wide</div>', encoding="utf-8")
    ((_, found),) = axe.violations(tmp_path, browser_path, [("spoilt.html", "phone")]).items()
    rules = {line.partition(":")[0] for line in found}
    assert {"image-alt", "color-contrast", "the page scrolls sideways"} <= rules


@pytest.mark.long
@pytest.mark.parametrize("mode", axe.MODES)
def test_every_page_in_every_mode_with_every_row(built_book, browser_path, mode):
    wanted = [(name, mode) for name in addresses(built_book)]
    found = axe.violations(built_book.html, browser_path, wanted, whole=True)
    assert {job: lines for job, lines in found.items() if lines} == {}


# ------------------------------------------------------------ what axe cannot see


def opened(browser, built_book, name, **more):
    page = browser.new_page(**({"viewport": {"width": 1280, "height": 900}} | more))
    name, _, query = name.partition("?")
    page.goto((built_book.html / name).as_uri() + (f"?{query}" if query else ""))
    return page


def test_a_walk_by_keyboard_meets_everything_in_order_and_is_seen(browser, built_book):
    """The skip link first, then the text's own links in their order; what has the focus has an outline."""
    page = opened(browser, built_book, "book/places/broxbourne.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => { const e = document.activeElement, s = getComputedStyle(e);
          return [!!e.closest('article'), e.getBoundingClientRect().top + scrollY, s.outlineStyle,
                   e.closest('.pb-find') ? 'pb-find' : '']; }""")
        if found[0]:
            seen.append(found)
    assert len(seen) > 40
    assert all(outline != "none" for _, _, outline, _ in seen)
    tops = [top for _, top, _, _ in seen]
    assert all(later >= earlier - 400 for earlier, later in pairwise(tops)), "in reading order"
    assert any(name == "pb-find" for *_, name in seen)
    page.close()


def test_the_map_is_reached_by_keyboard_and_leads_to_the_place(browser, built_book):
    page = opened(browser, built_book, "book/index.html")
    link = page.locator('svg.pb-map a[aria-label="St Albans"]')
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/st-albans.html")
    page.close()


def test_the_data_of_a_figure_opens_by_keyboard(browser, built_book):
    page = opened(browser, built_book, "book/places/letchworth.html")
    page.locator("details.pb-data > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.pb-data[open] table").first.is_visible()
    page.close()


def test_an_opened_table_can_be_put_in_order_and_back(browser, built_book):
    page = opened(browser, built_book, "book/places/broxbourne.html")
    page.locator("#broxbourne-commuting details.pb-data summary").click()
    table = page.locator("#broxbourne-commuting table")
    before = table.locator("tbody th").all_inner_texts()
    button = table.get_by_role("button", name="People")
    button.click()
    numbers = [
        int(text.replace(",", "").replace("\u2212", "-")) for text in table.locator("tbody td:last-child").all_inner_texts()
    ]
    assert numbers == sorted(numbers, reverse=True) and table.locator("th[aria-sort=descending]").count() == 1
    button.click()
    button.click()
    assert table.locator("tbody th").all_inner_texts() == before, "a third press brings the book's own order back"
    page.close()


def test_a_number_leads_to_its_row_without_a_script(browser, built_book):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built_book.html / "book/places/broxbourne.html").as_uri())
    page.locator("#broxbourne-people details.pb-closed > summary", has_text="In sentences").click()
    link = page.locator("li:has-text('the employment rate in Broxbourne was') a.pb-n").first
    figure, interval = re.fullmatch(r"(\S+) \(95% interval (.+)\)", link.inner_text()).groups()
    link.click()
    page.wait_for_selector("tr:target")
    row = page.locator("tr:target")
    assert row.count() == 1
    cells = row.inner_text().split("\t")
    assert {interval, "Broxbourne (E07000095)"} <= set(cells)
    assert figure in {cell.partition(" (")[0] for cell in cells}, "of several readings one more decimal follows"
    assert "els-employment.csv" in row.inner_text()
    context.close()


def test_the_search_works_from_the_disk(browser, built_book):
    page = opened(browser, built_book, "search.html?q=healthy+life+expectancy")
    page.wait_for_selector("ul.search a")
    assert any("Broxbourne" in text for text in page.locator("ul.search a").all_inner_texts())
    page.close()


def test_every_picture_is_drawn_with_the_books_typeface(browser, built_book):
    page = opened(browser, built_book, "book/places/letchworth.html")
    sizes = page.eval_on_selector_all(
        "article figure svg",
        "all => all.map(svg => { const box = svg.getBoundingClientRect(); return [box.width, box.height]; })",
    )
    assert len(sizes) > 10 and all(width > 200 and height > 40 for width, height in sizes)
    assert page.evaluate("""document.fonts.check('12px "Placebook Sans"')""")
    page.close()


def test_a_chart_does_not_glare_in_the_dark(browser, built_book):
    """The page's ground shows through the drawing, and its letters are light on it."""
    page = opened(browser, built_book, "book/places/broxbourne.html", color_scheme="dark", reduced_motion="reduce")
    ground, letters = page.evaluate("""() => { const svg = document.querySelector('article figure svg');
      return [getComputedStyle(document.body).backgroundColor,
               getComputedStyle(svg.querySelector('text[fill="#1a1a1a"]')).fill]; }""")
    assert ground == "rgb(18, 23, 31)" and letters == "rgb(232, 235, 240)"
    page.close()


@pytest.mark.parametrize("slug", PLACES)
def test_every_picture_fits_a_phone_with_letters_of_nine_pixels(browser, built_book, slug):
    page = opened(browser, built_book, f"book/places/{slug}.html", viewport={"width": 390, "height": 844})
    moved = page.evaluate("""() => [...document.querySelectorAll('.pb-drawn')].filter(d => d.scrollWidth > d.clientWidth + 1)
      .map(d => d.closest('figure').id)""")
    least = page.evaluate("""() => Math.min(...[...document.querySelectorAll('article figure svg.pb-svg')].flatMap(svg => {
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      return [...svg.querySelectorAll('text')].map(t => parseFloat(getComputedStyle(t).fontSize) * scale); }))""")
    assert moved == [] and 9 <= least < 20
    page.close()


def test_no_text_of_a_chart_leaves_its_picture(browser, built_book):
    """Where letters are wider than the drawing thought, they would cover their neighbours or be cut off."""
    page = opened(browser, built_book, "book/places/st-albans.html")
    outside = page.evaluate("""() => [...document.querySelectorAll('article figure svg.pb-svg')].flatMap(svg => {
      const box = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('text')].filter(t => { const r = t.getBoundingClientRect();
        return r.right > box.right + 6 || r.left < box.left - 6 || r.top < box.top - 6 || r.bottom > box.bottom + 6; })
        .map(t => svg.closest('figure').id + ': ' + t.textContent); })""")
    assert outside == []
    page.close()
