"""Text in pictures, which axe does not look at: its contrast, and where it stands for who reads with wider letters."""

import pytest

pytestmark = pytest.mark.browser
PAGES = ("book/places/broxbourne", "book/places/letchworth", "book/counties/hertfordshire", "book/index")
# WCAG 1.4.12: what a reader may set without losing anything.
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
OUTSIDE = """() => [...document.querySelectorAll("article svg text")].filter(text => {
  const own = text.getBoundingClientRect(), whole = text.ownerSVGElement.getBoundingClientRect();
  return own.width && Math.max(whole.left - own.left, own.right - whole.right) > 2;
}).map(text => text.textContent)"""
# A text's ground is its rim where it has one (its own, or that of the same words drawn below it), else what lies behind it.
CONTRASTS = """() => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
      .map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const rim = look => look.stroke !== "none" && parseFloat(look.strokeWidth) >= 2;
  const found = [];
  for (const text of document.querySelectorAll("article svg text")) {
    const look = getComputedStyle(text), below = text.previousElementSibling;
    if (!text.checkVisibility() || (rim(look) && look.fill === look.stroke)) continue;
    let ground = rim(look) ? look.stroke : "";
    if (!ground && below && below.textContent === text.textContent) ground = getComputedStyle(below).stroke;
    for (let around = text; !/rgb/.test(ground) || ground === "rgba(0, 0, 0, 0)"; around = around && around.parentElement) {
      ground = around ? getComputedStyle(around).backgroundColor : "rgb(255, 255, 255)";
    }
    const [less, more] = [light(look.fill), light(ground)].sort((a, b) => a - b);
    found.push([(more + 0.05) / (less + 0.05), text.textContent]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def opened(browser, built_book):
    def at(name, **media):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **media)
        page = context.new_page()
        page.goto((built_book.html / f"{name}.html").as_uri())
        return page

    return at


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_text_in_pictures_has_contrast(opened, name, scheme):
    page = opened(name, color_scheme=scheme)
    found = page.evaluate(CONTRASTS)
    page.context.close()
    assert len(found) > 20
    assert [(round(ratio, 2), text) for ratio, text in found if ratio < 4.5] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_label_leaves_its_picture_with_wider_letters(opened, name):
    page = opened(name)
    page.add_style_tag(content=SPACING)
    outside = page.evaluate(OUTSIDE)
    page.context.close()
    assert outside == []


def test_both_checks_see_what_is_wrong(browser):
    page = browser.new_page()
    page.set_content(
        '<article><svg width="60" height="20" viewBox="0 0 60 20"><text x="2" y="15" fill="#aaaaaa">pale and long</text></svg>'
    )
    ((ratio, text),) = page.evaluate(CONTRASTS)
    assert text == "pale and long" and ratio == pytest.approx(
        (1 + 0.05) / (((170 / 255 + 0.055) / 1.055) ** 2.4 + 0.05), abs=0.01
    )
    assert page.evaluate(OUTSIDE) == ["pale and long"]
    page.close()
