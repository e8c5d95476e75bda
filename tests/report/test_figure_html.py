"""A figure on its page: title, pictures, caption, one toolbar, the table behind it."""

from bs4 import BeautifulSoup

from placebook.figures.style import chart, figure_style
from placebook.figures.svg import Drawn, svg
from placebook.figures.tables import Cell, Table
from placebook.report.figure_html import Frame, html


def picture(alt):
    with figure_style():
        figure, axes = chart(3, 2)
        axes.plot([1, 2], [1, 2])
    return svg(Drawn(figure, alt))


def made(**more):
    table = Table("A table", ("a", "b"), ((Cell("r"), Cell("76.1%", "work--2023")),))
    given = {
        "name": "town-people-strip",
        "number": 3,
        "caption": "Figure 3. <b>",
        "pictures": (picture("One."), picture("Two.")),
        "finding": "Rates & more",
        "subtitle": "2023",
        "tables": (table,),
        "small": True,
        "tools": (("Data (CSV)", "x.csv"), ("How we know", "town/people.html#f-strip")),
    }
    text = html(Frame(**(given | more)), lambda id_: f"town/people.html#{id_}")
    assert "\n\n" not in text, "an empty line would end the block"
    return BeautifulSoup(text, "html.parser").figure


def test_each_picture_has_its_own_words_and_the_figure_its_caption():
    figure = made()
    assert figure["id"] == "town-people-strip"
    assert [svg["aria-label"] for svg in figure.select("svg")] == ["One.", "Two."]
    assert figure.figcaption.get_text() == "Figure 3. <b>" and figure.strong.get_text() == "Rates & more"


def test_the_toolbar_says_which_figure_and_what_is_saved():
    links = made().select(".pb-tools a")
    assert [link.get_text() for link in links] == ["Data (CSV)", "How we know"]
    assert [link["aria-label"] for link in links] == ["Data (CSV), figure 3", "How we know, figure 3"]
    assert [link.has_attr("download") for link in links] == [True, False]


def test_a_number_of_the_table_leads_to_its_evidence():
    cell = made().select_one("details td")
    assert cell.a["href"] == "town/people.html#work--2023" and cell.get_text() == "76.1%"


def test_a_wide_picture_is_moved_by_keyboard_and_small_ones_are_not():
    assert made(small=False).select_one(".pb-wide")["tabindex"] == "0"
    assert not made().select_one(".pb-grid").has_attr("tabindex")


def test_a_title_may_lead_to_its_finding_and_a_lead_chart_stands_beside_another():
    figure = made(way="#town-finding-1", lead=True)
    assert figure.select_one(".pb-figure-title a")["href"] == "#town-finding-1" and "pb-lead" in figure["class"]
    assert made().select_one(".pb-figure-title a") is None and "pb-lead" not in made()["class"]
