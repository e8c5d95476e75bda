"""The book in a real browser: nothing leaves the machine, nothing goes wrong, a phone is enough."""

import pytest

pytestmark = pytest.mark.browser
PAGES = ("index", "methods", "glossary", "challenge", "generated/catalogue",
         "places/letchworth", "places/broxbourne", "places/st-albans")  # fmt: skip
# A browser under test looks nothing up for itself.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip


@pytest.fixture(scope="module")
def browser(browser_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def visit(browser, built_book):
    def _visit(name, width=1280, scheme="light"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        asked, wrong = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto((built_book.html / "book" / f"{name}.html").as_uri(), wait_until="load")
        return page, asked, wrong

    return _visit


@pytest.mark.parametrize("name", PAGES)
def test_no_request_leaves_the_machine_and_nothing_goes_wrong(visit, name):
    page, asked, wrong = visit(name)
    assert asked and [url for url in asked if not url.startswith(("file://", "data:"))] == []
    assert wrong == []
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_needs_no_sideways_scrolling(visit, name):
    page, _, _ = visit(name, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_every_figure_is_drawn(visit):
    page, _, _ = visit("places/letchworth")
    widths = page.eval_on_selector_all(
        "article figure img", "images => images.map(i => [i.loading, i.complete, i.naturalWidth])"
    )
    assert len(widths) > 20 and all(width > 100 for _, _, width in widths)
    page.close()


def test_the_data_of_a_figure_opens_by_keyboard(visit):
    page, _, _ = visit("places/letchworth")
    summary = page.locator("details.pb-data > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.pb-data[open] table").first.is_visible()
    page.close()
