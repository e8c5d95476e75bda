"""How words quote figures, and what is refused of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from placebook.catalogue.load import Catalogue
from placebook.catalogue.narrative import narrative_faults, parser, problems
from placebook.catalogue.quotes import PARTS, QUOTE, Quote, quotes
from placebook.markup import markup
from placebook.report import narrative


@pytest.mark.parametrize(
    ("written", "quote"),
    [
        ("{{ employment-rate }}", Quote("", "employment-rate", "")),
        ("{{employment_rate}}", Quote("", "employment-rate", "")),
        ("{{ employment_rate.england }}", Quote("", "employment-rate", "england")),
        ("{{ st-albans:employment-rate.rank }}", Quote("st-albans", "employment-rate", "rank")),
    ],
)
def test_a_quote_names_a_measure_and_may_name_a_place_and_a_part(written, quote):
    assert list(quotes(f"one\ntwo {written}.")) == [(2, quote)]
    assert list(problems(f"At *last* {written}.")) == []
    assert narrative.html(f"a {written}.", lambda found, _: markup("[{}]", found)) == f"<p>a {markup('[{}]', quote)}.</p>"


@pytest.mark.parametrize(
    "text",
    [
        "{{ page title }}",
        "{{ }}",
        "{{{ work }}}",
        "{{ {{ work }} }}",
        "{{ work | upper }}",
        "{{ work.england.more }}",
        "{{ 1 + 1 }}",
        "{{ work",
        "{{\nwork }}",
        f"{{{{ {'w' * 81} }}}}",
        "{{ wörk }}",
        "{{ <b>work</b> }}",
        "{{ {role}`work` }}",
        "`{{ work }}`",
        "[{{ work }}](https://a.org)",
        "[a](https://a.org/{{work}})",
        "[a](https://a.org '{{ work }}')",
        "\\{{ work }}",
        "{{ wo&#x202e;rk }}",
        "{{ wo\x07rk }}",
        "{% raw %}{{ work }}{% endraw %}",
        "{{ work }} " * 151,
    ],
)
def test_whatever_else_has_two_braces_is_refused(text):
    assert list(problems(text)) != []
    with pytest.raises(ValueError, match="holds"):
        narrative.html(text)


@given(st.text(alphabet=st.sampled_from("{}{} work-_.:`*[]()\n&;#|\\<>"), max_size=60))
def test_no_two_braces_reach_the_page(text):
    if not list(problems(text)):
        assert "{" not in narrative.html(text, lambda *_: markup("7"))


@given(st.text(alphabet=st.sampled_from("ab {}.:_-*`>1\n&;[]()"), max_size=60))
def test_words_without_a_quote_come_out_as_they_went_in(text):
    if QUOTE.search(text) or list(problems(text)):
        return
    plain = MarkdownIt("commonmark").disable("reference")
    assert [t.as_dict() for t in parser().parse(text)] == [t.as_dict() for t in plain.parse(text)]


def faults(project, text, file="params/broxbourne.yml"):
    project.replace(file, project.first(file), f"{project.first(file)}{text}\n")
    return [(f.file, f.line, f.field, f.problem, f.remedy) for f in narrative_faults(Catalogue.open(project))]


@pytest.fixture
def project(tiny_project):
    object.__setattr__(tiny_project, "first", lambda file: (tiny_project.root / file).read_text(encoding="utf-8"))
    return tiny_project


def test_an_unknown_measure_is_refused_with_its_line_and_candidates(project):
    (found,) = faults(project, "narrative:\n  summary: |\n    One.\n\n    Of {{ worx }}.")
    file, line, field, problem, remedy = found
    assert (file, field) == ("params/broxbourne.yml", "narrative.summary, line 3")
    assert "summary" in project.first(file).splitlines()[line - 1]
    assert (problem, remedy) == ("{{ worx }}: there is no indicator 'worx'", "did you mean 'work'?")


def test_an_unknown_part_is_refused_with_candidates(project):
    (found,) = faults(project, "narrative: {story: 'Of {{ work.englnd }}.'}")
    assert found[3:] == ("{{ work.englnd }}: a measure has no part 'englnd'", "did you mean 'england'?")
    assert "england" in PARTS


def test_a_places_words_quote_no_other_place(project):
    (found,) = faults(project, "narrative: {summary: 'Of {{ letchworth:work }}.'}")
    assert found[3:] == (
        "{{ letchworth:work }} quotes another place",
        "a place’s words quote its own figures: write {{ work }}",
    )


def test_a_countys_story_names_the_place(project):
    county = "data/counties/hertfordshire.yml"
    found = faults(project, "story: 'Of {{ work }}, {{ broxborne:work }} and {{ broxbourne:work }}.'", county)
    assert [each[3:] for each in found] == [
        ("{{ work }} names no place", "a county’s story names it: write {{ broxbourne:work }}"),
        ("{{ broxborne:work }}: the county has no place 'broxborne' in this book", "did you mean 'broxbourne'?"),
    ]
