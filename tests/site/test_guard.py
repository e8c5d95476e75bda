"""Nothing written can act: what a generated page may not hold stops the build, and no file from outside comes into it."""

import os
import re

import pytest
from checkouts import compiled, small_book
from hypothesis import given
from hypothesis import strategies as st

from placebook.errors import BuildError
from placebook.site import guard

INJECTION = (
    "<script>alert(document.domain)</script><img src=https://example.org/t.png onerror=alert(1)> {download}`x <../README.md>` "
    "![p](https://example.org/p.png)"
)
"""What a reviewer's name was found to do (review.by of a params file)."""
ACTS = {
    "download": ("{download}`x <../../_config.yml>`", "what is called download_reference"),
    "link-to-file": ("[x](../../_config.yml)", "what is called download_reference"),
    "include": ("```{include} ../index.md\n```", "a directive"),
    "include-in-list": ("- ~~~{literalinclude} ../../_config.yml\n  ~~~", "a directive"),
    "colons": ("::::{eval-rst}\n.. raw:: html\n   :url: https://example.org\n::::", "a directive"),
    "fence": ("```\nwords\n```", "what is called literal_block"),
    "image": ("![p](https://example.org/p.png)", "what is called image"),
    "image-inside": ("![p](../_static/placebook.css)", "what is called image"),
    "script": ("<script>alert(1)</script>", "the element script"),
    "inline": ('words <b onclick="alert(1)">bold</b>', "the attribute onclick"),
    "iframe": ('<p><iframe src="https://example.org"></iframe></p>', "the element iframe"),
    "address": ('<p><a href="javascript:alert(1)">a</a></p>', "a link to javascript:alert(1)"),
    "link": ("[a](http://example.org)", "a link to http://example.org"),
    "comment": ("% words", "what is called comment"),
    "target": ("(label)=\n## A part", "what is called target"),
    "injected": (f"Reviewed by {INJECTION}.", "HTML of another form: <img src=https://example.org/t.png onerror=alert(1)>"),
    "injected-block": (f"<p>Reviewed by {INJECTION}</p>", "the element script"),
}
DEAD = (
    '<p class="pb-review">{download}`x <a href="https://example.org/?a=1&amp;b=2#c">a</a> a &lt; b</p>\n\n'
    "**Bold**, [a](mailto:a@example.org)."
)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the compiler says of a book with a page for each thing that acts, by page, and that it made none of it."""
    project = small_book(tmp_path_factory.mktemp("acts"), tuple(f"places/{name}" for name in [*ACTS, "dead"]))
    for name, text in {**{name: text for name, (text, _) in ACTS.items()}, "dead": DEAD}.items():
        project.root.joinpath(f"book/places/{name}.md").write_text(f"# {name}\n\n{text}\n", encoding="utf-8")
    with pytest.raises(BuildError, match="could not be compiled; the last good one is untouched"):
        compiled(project)
    return (project.logs / "compile-html.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ACTS)
def test_what_acts_on_a_generated_page_stops_the_build_and_is_named_with_its_page(told, name):
    assert any(f"book/places/{name}" in line and ACTS[name][1] in line for line in told.splitlines() if "ERROR" in line)


def test_plain_words_and_the_book_s_own_html_are_no_concern(told):
    assert "book/places/dead" not in told


def refused(folder, change):
    project = small_book(folder, ("places/ayton",))
    change(project)
    with pytest.raises(BuildError) as error:
        compiled(project)
    return str(error.value)


def write(name, text):
    return lambda project: (project.root / "book" / name).write_text(text, encoding="utf-8")


def test_what_the_front_page_includes_is_held_to_the_same(tmp_path):
    def change(project):
        write("generated/front.md", '<p onclick="a()">A</p>\n\n```{include} ../methods.md\n```\n')(project)
        write("index.md", "# Front\n\n```{include} generated/front.md\n```\n\n{download}`x <methods.md>`\n")(project)

    said = refused(tmp_path, change)
    assert "book/generated/front.md holds a directive" in said
    assert "book/index holds the attribute onclick" in said and "book/index holds what is called download_reference" in said


def test_a_written_page_takes_no_file_from_outside_the_book_by_whatever_way(tmp_path):
    def change(project):
        (project.root / "book" / "way.txt").symlink_to(project.config)
        write(
            "methods.md",
            "# M\n\n{download}`a <../_config.yml>`\n\n```{include} ../_toc.yml\n```\n\n![p](https://example.org/p.png)\n",
        )(project)
        write("glossary.md", "# G\n\n```{literalinclude} way.txt\n```\n")(project)
        (project.root / "book" / "challenge.md").unlink()
        (project.root / "elsewhere.md").write_text("# Elsewhere\n")
        (project.root / "book" / "challenge.md").symlink_to("../elsewhere.md")

    said = refused(tmp_path, change)
    for page, name in (
        ("methods", "_config.yml"),
        ("methods", "_toc.yml"),
        ("glossary", "book/way.txt"),
        ("challenge", "book/challenge.md"),
    ):
        assert f"book/{page} names {name}, which lies outside the book" in said
    assert "book/methods holds an image from elsewhere (https://example.org/p.png)" in said


def test_a_written_page_may_include_download_and_show_what_lies_in_the_book(tmp_path):
    project = small_book(tmp_path, ("places/ayton",))
    write("part.txt", "Shared words.")(project)
    (project.root / "book" / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    write("methods.md", "# M\n\n```{include} part.txt\n```\n\n{download}`a <part.txt>`\n\n![A dot](dot.svg)\n")(project)
    made = compiled(project)
    assert "Shared words." in (made / "book" / "methods.html").read_text(encoding="utf-8")
    assert list(made.glob("_downloads/*/part.txt")) and (made / "_images" / "dot.svg").exists()


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("title:", "logo: data/logo.png\ntitle:", "data/logo.png"),
        ("title:", "sphinx: {config: {html_favicon: ../icon.svg}}\ntitle:", "../icon.svg"),
        ("title:", "sphinx: {config: {html_static_path: [book/_static, data]}}\ntitle:", "data"),
        ("title:", "sphinx: {config: {html_extra_path: [/etc/hostname]}}\ntitle:", "/etc/hostname"),
        ("title:", "title:", "book/_static/way.txt"),
    ],
)
def test_a_configuration_that_names_what_lies_outside_is_refused_before_anything_is_compiled(tmp_path, before, after, named):
    def change(project):
        text = project.config.read_text(encoding="utf-8")
        project.config.write_text(text.replace(before, after, 1), encoding="utf-8")
        if before == after:
            (project.root / "book" / "_static" / "way.txt").symlink_to(os.devnull)

    said = refused(tmp_path, change)
    assert f"_config.yml: {named} lies outside the book: only what lies in book/ comes into the site" in said
    assert not list((tmp_path / "_build" / "work").rglob("*.doctree"))


def test_a_configuration_that_loads_from_another_server_is_refused(tmp_path):
    def change(project):
        text = project.config.read_text(encoding="utf-8")
        sheets = "sphinx: {config: {html_css_files: [placebook.css, 'https://example.org/a.css']}}\n"
        project.config.write_text(text + sheets, encoding="utf-8")

    assert "_config.yml: https://example.org/a.css lies on another server: pages load nothing from elsewhere" in refused(
        tmp_path, change
    )


# ------------------------------------------------------------ HTML in one form


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<p",
        "<p a='b'>",
        "<p class=a>",
        "<!-- a -->",
        "<![CDATA[a]]>",
        "<?php ?>",
        "<p\x00>",
        "a < b",
        '<p class="<">',
        "<p/class>",
        '<p style="color: red">',
        '<p srcdoc="a">',
        '<form action="a">',
        '<base href="a">',
        '<meta content="a">',
        '<link href="a">',
        "<embed>",
        "<object>",
        '<svg><use href="#a"></svg>',
        "<foreignObject>",
        "<style>",
        "<math>",
        "<template>",
        '<p xlink:href="a">',
        "<animate>",
        '<a href="//example.org">',
        '<a href="JAVASCRIPT:a()">',
        '<a href="java&#10;script:a()">',
        '<a href="&#106;avascript:a()">',
        '<a href="data:text/html,a">',
        '<a href="vbscript:a">',
        '<a href="\\\\example.org">',
        '<a href=" javascript:a()">',
        '<path fill="url(https://example.org/a.svg#b)">',
        '<p data-bs-toggle="tooltip">',
        '<a href="http://[a">',
        "<SCRIPT>",
        '<a ping="a">',
    ],
)
def test_what_is_not_the_book_s_own_html_is_named(html):
    assert list(guard.problems(f"<p>a</p>{html}"))


@pytest.mark.parametrize(
    "html",
    [
        '<a href="../places/x.html#y" download>a</a>',
        '<a href="#x">a</a>',
        '<a href="mailto:a@b.org?subject=a%20b">',
        "<br/>",
        "<br />",
        '<svg viewBox="0 0 1 1"><clipPath id="a"></clipPath><g clip-path="url(#a)" stroke-width="1"></g></svg>',
        "a > b",
        "<details open>",
    ],
)
def test_the_book_s_own_html_is_left_alone(html):
    assert list(guard.problems(html)) == []


@given(st.text(alphabet="<>/!?-='\" aps:onc()", max_size=40))
def test_what_is_left_alone_is_plain_to_every_parser(text):
    if not list(guard.problems(text)):
        assert "<" not in re.sub(r'</?[a-z]+( [a-z]+="[^"<>]*"| +[a-z]+)* */?>', "", re.sub(r"\s+", " ", text))
        assert "script" not in text and not re.search(r"<[^>]*\son", text)
