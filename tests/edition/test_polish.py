"""What the theme leaves behind is taken out, what readers need stays, and a changed theme is noticed."""

import pytest

from placebook.edition.polish import lighter, repaired
from placebook.errors import BuildError

PAGE = """
<head><meta name="viewport" content="width=device-width, initial-scale=1.0" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
  <!-- So that users can add custom icons -->
  <script src="../_static/scripts/fontawesome.js?digest=1"></script>
</head><body><div id="pst-primary-sidebar" class="a"></div>
<div id="jb-print-docs-body" class="onlyprint"><h1>T</h1><div id="print-main-content"><div id="jb-print-toc">
</div></div></div>
<article class="bd-article"><h1>T</h1><p>Words.</p>
    <script type="text/x-thebe-config">{}</script>
    <script>kernelName = 'python3'</script>
</article></body>
"""


def test_one_title_one_viewport_no_icons_no_launcher():
    page = repaired(PAGE, "x.html")
    assert page.count("<h1>") == 1 and page.count("viewport") == 1 and "<p>Words.</p>" in page
    assert "fontawesome" not in page and "thebe" not in page and "kernelName" not in page
    assert 'role="complementary"' in page and "\n\n" not in page


@pytest.mark.parametrize("gone", ["jb-print-docs-body", "fontawesome.js", "text/x-thebe-config", "pst-primary-sidebar"])
def test_a_theme_that_has_changed_is_noticed(gone):
    with pytest.raises(BuildError, match="x.html: .* is not where the theme used to put it"):
        repaired(PAGE.replace(gone, "something-else"), "x.html")


def test_rules_for_classes_that_no_page_has_go():
    sheet = "/* c */ .a{color:red} .b .a , .b{color:blue} p{margin:0} @media print{.b{top:0} .a:not(.b){top:1px}}"
    assert lighter(sheet, {"a"}) == ".a{color:red}p{margin:0}@media print{.a:not(.b){top:1px}}"
    assert lighter(".b .a,.b{color:blue}", {"a", "b"}) == ".b .a,.b{color:blue}"


def test_an_empty_media_rule_goes_and_other_at_rules_stay():
    sheet = '@media print{.b{top:0}} @font-face{font-family:"Font Awesome 6 Free"} @font-face{font-family:Own} @charset "utf-8";'
    assert lighter(sheet, set()) == '@font-face{font-family:Own}@charset "utf-8";'


def test_a_comma_in_brackets_parts_no_selector():
    assert lighter(":is(.a,.b) p{top:0}", set()) == ":is(.a,.b) p{top:0}"
