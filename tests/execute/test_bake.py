"""What the template displays becomes structure; what is not structure is left behind."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from placebook.errors import BuildError
from placebook.execute.bake import bake


def shown(kind, **about):
    data = {"text/markdown": about.pop("text", ""), "text/html": about.pop("html", "")}
    return new_output("display_data", data, metadata={"placebook": {"kind": kind, **about}})


def executed(*cells):
    return new_notebook(cells=list(cells), metadata={"papermill": {"duration": 1.5}})


TITLE = new_code_cell("page.show_title()", outputs=[shown("markdown", text="# Town")])


def test_text_becomes_a_markdown_cell_and_code_is_gone():
    page = bake(
        executed(
            TITLE,
            new_markdown_cell("## People"),
            new_code_cell("page.show_theme('people')", outputs=[shown("markdown", text="words")]),
        ),
        "town",
        {},
    )
    assert [(c.cell_type, c.source) for c in page.cells] == [
        ("markdown", "# Town"),
        ("markdown", "## People"),
        ("markdown", "words"),
    ]
    assert "papermill" not in nbformat.writes(page)
    assert "show_theme" not in nbformat.writes(page)


def test_a_figure_is_the_block_of_html_that_it_is():
    html = '<figure id="town-map"><svg role="img" aria-label="A map."></svg></figure>'
    output = shown("figure", name="town-map", html=html)
    page = bake(executed(TITLE, new_code_cell("x", outputs=[output])), "town", {})
    assert [(c.cell_type, c.source) for c in page.cells] == [("markdown", "# Town"), ("markdown", html)]


def test_a_section_that_shows_nothing_closes_up():
    page = bake(
        executed(
            TITLE,
            new_markdown_cell("## Empty\n\nIntroduction."),
            new_code_cell("a"),
            new_markdown_cell("## Full"),
            new_code_cell("b", outputs=[shown("markdown", text="here")]),
            new_markdown_cell("## Last and empty"),
            new_code_cell("c"),
        ),
        "town",
        {},
    )
    assert [c.source for c in page.cells] == ["# Town", "## Full", "here"]


def test_same_notebook_same_bytes():
    cells = (TITLE, new_markdown_cell("## A"), new_code_cell("x", outputs=[shown("markdown", text="t")]))
    assert nbformat.writes(bake(executed(*cells), "town", {})) == nbformat.writes(bake(executed(*cells), "town", {}))


def test_an_output_of_no_kind_is_refused_with_the_cell_named():
    stray = new_code_cell("1 + 1", outputs=[new_output("execute_result", {"text/plain": "2"})])
    with pytest.raises(BuildError, match=r"town: the template cell '1 \+ 1'"):
        bake(executed(TITLE, stray), "town", {})


def test_a_page_without_its_title_is_refused():
    with pytest.raises(BuildError, match="does not begin with its title"):
        bake(executed(new_markdown_cell("words")), "town", {})


def test_what_a_library_prints_stays_out():
    noisy = new_code_cell("x", outputs=[new_output("stream", name="stderr", text="warning"), shown("markdown", text="kept")])
    assert [c.source for c in bake(executed(TITLE, noisy), "town", {}).cells] == ["# Town", "kept"]
