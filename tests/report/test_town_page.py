"""A town's page begins with its own figures; what is published for the district alone stands in one part under its name."""

import pytest

from placebook.report import page as pages
from placebook.report.page import Page


@pytest.fixture
def shown(monkeypatch):
    """What a page shows, in order: text as it is, a figure by its name."""
    blocks = []
    monkeypatch.setattr(pages, "show_markdown", lambda text: blocks.append(str(text)))
    monkeypatch.setattr(pages, "show_figure", lambda html, *, name, alt: blocks.append(name))
    return blocks


def test_a_section_of_a_town_holds_its_own_figures_and_none_of_its_district(tiny_project, shown):
    page = Page.open("letchworth", tiny_project)
    page.show_theme("people")  # work is published for the district
    assert shown == []
    page.show_theme("places")
    assert "letchworth-places-measures" in shown[0] and not any("wider" in block for block in shown)


def test_what_is_the_districts_alone_is_one_closed_part_for_each_theme_under_its_name(tiny_project, shown):
    page = Page.open("letchworth", tiny_project)
    page.show_wider()
    heading, introduction, part = shown
    assert heading == "## North Hertfordshire: what is published for no smaller area"
    assert "that Letchworth lies in: they say nothing of the town" in introduction
    assert part.startswith('<details class="pb-part pb-keep"><summary>People: 1 measure</summary>')
    assert part.endswith("</details>") and "letchworth-wider-people-measures" in part
    text = " ".join(shown)
    assert "not for Letchworth" in text and "in North Hertfordshire (district)" in text and "Places" not in text


def test_a_districts_page_has_no_such_part(tiny_project, shown):
    Page.open("broxbourne", tiny_project).show_wider()
    assert shown == []


def test_the_head_of_a_town_says_what_it_has_of_its_district(tiny_project, shown):
    places = "data/indicators/60-places.yml"
    tiny_project.replace(places, "measure: homes, categories: [flat]}", "measure: homes, categories: [flat], noun: flats}")
    tiny_project.replace(places, "categories: [flat, house]}", "categories: [flat, house], noun: homes}")
    text = str(Page.open("letchworth", tiny_project).findings.in_its_district())
    assert ">38%</a> of the homes" in text and ">94%</a> of the flats" in text  # 60 of 160 and 15 of 16
