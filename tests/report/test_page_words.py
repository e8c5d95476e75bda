"""Where the analysts' words stand on a place's page."""

from placebook.report import page as pages
from placebook.report.page import Page
from placebook.report.words import place_words


def test_summary_and_story_stand_below_the_key_findings_and_all_else_at_the_end(tiny_project, monkeypatch):
    head = "name: Broxbourne\nkind: district\ncode: E07000095\n"
    written = "narrative: {summary: In short., story: At length., employers: [A & B]}\n"
    tiny_project.write("params/broxbourne.yml", head + written)
    shown = []
    monkeypatch.setattr(pages, "show_markdown", lambda text: None)
    monkeypatch.setattr(pages, "show_words", lambda name, text: shown.append((name, str(text))))
    page = Page.open("broxbourne", tiny_project)
    page.show_findings()
    assert [name for name, _ in shown] == ["summary", "story"]
    assert "In short." in shown[0][1] and "At length." in shown[1][1] and shown[1][1].startswith('<div class="pb-story">')
    shown.clear()
    page.show_voices()
    ((name, text),) = shown
    assert name == "voices" and "A &amp; B" in text and "At length." not in text


def test_a_place_without_a_story_has_no_frame_for_one(tiny_project):
    place = Page.open("broxbourne", tiny_project).place
    assert place_words(place)["story"] == place_words(place)["summary"] == ""
