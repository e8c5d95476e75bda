"""A book's own configuration stands over that of every book, key by key."""

import yaml

from placebook import paths
from placebook.site.settings import settings, static_paths

DEFAULTS = yaml.safe_load((paths.Path(paths.__file__).parent / "site" / "defaults.yml").read_text(encoding="utf-8"))


def test_what_a_book_does_not_say_is_as_in_every_book(tiny_project):
    assert settings(tiny_project) == {**DEFAULTS, "title": "Tiny"}


def test_what_it_says_counts_and_leaves_the_rest_of_its_group(tiny_project):
    tiny_project.write(
        "_config.yml", "title: T\nsphinx: {config: {language: cy, html_css_files: [own.css]}}\nparse: {}\nlatex:\n"
    )
    config = settings(tiny_project)["sphinx"]["config"]
    assert (config["language"], config["html_css_files"]) == ("cy", ["own.css"]), "a list stands whole"
    assert config["html_js_files"] == ["placebook.js"]
    assert [settings(tiny_project)[key] for key in ("parse", "latex")] == [DEFAULTS["parse"], DEFAULTS["latex"]]


def test_an_address_becomes_a_link_that_cannot_act(tiny_project):
    tiny_project.write("_config.yml", "title: T\nchallenge: 'https://a.org/\"><script>'\n")
    footer = settings(tiny_project)["sphinx"]["config"]["html_theme_options"]["extra_footer"]
    assert "<script" not in footer and 'href="https://a.org/&quot;&gt;&lt;script&gt;"' in footer


def test_a_footer_of_its_own_stays(tiny_project):
    tiny_project.write(
        "_config.yml",
        "title: T\nchallenge: https://a.org/\nsphinx: {config: {html_theme_options: {extra_footer: Words}}}\n",
    )
    assert settings(tiny_project)["sphinx"]["config"]["html_theme_options"]["extra_footer"] == "Words"


def test_the_packages_style_comes_before_the_projects(monkeypatch, tmp_path):
    assert static_paths(["book/_static"]) == ["book/_static"], "a checkout has one"
    (tmp_path / "book" / "_static").mkdir(parents=True)
    monkeypatch.setattr("placebook.site.settings.NATIONAL", tmp_path)
    assert static_paths(["book/_static"]) == [str(tmp_path / "book/_static"), "book/_static"]
