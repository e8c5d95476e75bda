"""Words quote what the scorecard says, and go where the figure goes."""

import nbformat
import pytest
from drawn import all_districts, england, other, reading, value, year
from nbformat.v4 import new_code_cell, new_notebook, new_output

from placebook.build.checked import open_checked
from placebook.catalogue.load import Catalogue
from placebook.catalogue.quotes import Quote
from placebook.errors import BuildError, InputError
from placebook.evidence.store import Store
from placebook.execute.outcome import COUNTY, PLACE, Page
from placebook.findings.all_claims import all_claims
from placebook.incremental.pages import Pages
from placebook.report.filled_quotes import Quotes
from placebook.report.ledger import Ledger
from placebook.report.quotes import of_row
from placebook.report.scorecard_rows import Row

SHIRE = {"role": "county", "name": "Shire", "code": "E10000001"}


def row(*series, **more):
    found = reading(*series, **more)
    return Row.of(found, all_claims(found))


def shire(number):
    return england(value(number, role="county", area="E10000001", name="Shire", level="county"), **SHIRE)


def texts(made):
    return {part: quoted.text for part, quoted in of_row(made).items()}


def test_what_may_be_quoted_is_what_the_row_says():
    made = row(
        value(80, 76, 84),
        beside=[shire(74), england(other(70, 69.5, 70.5))],
        districts=all_districts(range(249), 3.0, own=80),
    )
    said = texts(made)
    assert {part: said[part] for part in ("", "england", "county", "period")} == {
        "": "80.0%",
        "england": "70.0%",
        "county": "74.0%",
        "period": "2023",
    }
    assert "region" not in said and "change" not in said, "what the row does not say is not there to be quoted"
    assert said["rank"].endswith(" of 250")
    assert of_row(made)["england"][1:4] == ("Employment rate", "England", "2023")


def test_a_change_is_quoted_as_the_row_says_it():
    said = texts(row(year(60, 2013, 59, 61), year(80, 2023, 79, 81)))
    assert said["change"] == "Rose by 20.0 points since 2013"


def test_of_a_figure_that_is_held_back_nothing_is_quoted():
    found = reading(value(80), value(None, markers=("c",)))
    assert of_row(Row(found, (), value(None, markers=("c",)), {}, None)) == {}


# ------------------------------------------------------------ put into a page


def written(project, number, change="Rose by 2.0 points since 2013"):
    """Broxbourne's ledger with one measure, as a page writes it."""
    own = value(number, indicator="work", area="E07000095", name="Broxbourne")
    ledger = Ledger({"slug": "broxbourne"}, {"work": "people"})
    ledger.add(own)
    made = of_row(row(own))
    ledger.quotes["work"] = made | {"change": made[""]._replace(text=change)}
    ledger.write(project.ledgers / "broxbourne.json", {})
    return ledger.href(own.id)


def test_a_quote_is_the_figure_with_the_way_to_its_evidence(tiny_project):
    way = written(tiny_project, 76.1)
    shown = Quotes(tiny_project, "broxbourne").html(Quote("", "work", ""), False)
    assert shown == f'<a class="pb-quote" href="{way}" title="Employment rate, Broxbourne, 2023">76.1%</a>'
    shown = Quotes(tiny_project).html(Quote("broxbourne", "work", ""), False)
    assert f'href="../places/{way}"' in shown


def test_a_change_begins_small_within_a_sentence(tiny_project):
    written(tiny_project, 76.1)
    quotes = Quotes(tiny_project, "broxbourne")
    assert ">Rose by" in quotes.html(Quote("", "work", "change"), True)
    assert ">rose by" in quotes.html(Quote("", "work", "change"), False)
    written(tiny_project, 76.1, "England as 100: 90.0 in 2013, 91.0 now")
    assert ">England as" in Quotes(tiny_project, "broxbourne").html(Quote("", "work", "change"), False)


def test_what_stands_in_a_ledger_cannot_act(tiny_project):
    written(tiny_project, 76.1, "<script>{{ x }}</script>")
    shown = Quotes(tiny_project, "broxbourne").html(Quote("", "work", "change"), False)
    assert "<script" not in shown and "{" not in shown


def test_a_quote_without_a_ledger_or_a_figure_fails_the_page(tiny_project):
    with pytest.raises(BuildError, match="broxbourne: .. work .. quotes what the page does not show; run placebook check"):
        Quotes(tiny_project, "broxbourne").html(Quote("", "work", ""), False)


def shows_words(project, page, name):
    title = new_output("display_data", {"text/markdown": "# Town"}, metadata={"placebook": {"kind": "markdown"}})
    words = new_output("display_data", {}, metadata={"placebook": {"kind": "words", "name": name}})
    path = project.executed(page.kind, page.slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell("page", outputs=[title, words])]), path)
    return path


def test_a_changed_figure_changes_the_words_of_page_and_chapter_and_nothing_is_executed(tiny_project):
    first = (tiny_project.params / "broxbourne.yml").read_text(encoding="utf-8")
    tiny_project.write("params/broxbourne.yml", f"{first}narrative: {{summary: 'Of {{{{ work }}}} **all**.'}}\n")
    county = (tiny_project.counties / "hertfordshire.yml").read_text(encoding="utf-8")
    tiny_project.write("data/counties/hertfordshire.yml", f"{county}story: 'There {{{{ broxbourne:work }}}}.'\n")
    catalogue = Catalogue.open(tiny_project)
    pages = Pages(tiny_project, catalogue, Store.open(tiny_project, catalogue.sources, catalogue.areas), lambda: True)
    both = {Page(PLACE, "broxbourne"): "summary", Page(COUNTY, "hertfordshire"): "story"}
    executed = {page: shows_words(tiny_project, page, name) for page, name in both.items()}
    before = {page: path.read_bytes() for page, path in executed.items()}
    for number, why in ((76.1, "not built yet"), (76.1, ""), (79.5, "changed: words")):
        written(tiny_project, number)
        for page in both:
            assert pages.bake(page) == why
            text = tiny_project.page(page.kind, page.slug).read_text(encoding="utf-8")
            assert f">{number}%</a>" in text and "{{" not in text
            assert executed[page].read_bytes() == before[page]


# ------------------------------------------------------------ checked


def refused(project, words):
    first = (project.params / "letchworth.yml").read_text(encoding="utf-8")
    project.write("params/letchworth.yml", f"{first}narrative: {{summary: '{words}'}}\n")
    with pytest.raises(InputError) as caught:
        open_checked(project)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line > 0) == ("params/letchworth.yml", True), fault
    return fault.problem, fault.remedy


def test_a_measure_without_a_figure_here_says_so_and_what_there_is(tiny_project):
    tiny_project.write("params/letchworth.yml", "name: Luton\nkind: district\ncode: E06000032\n")
    problem, remedy = refused(tiny_project, "Of {{ flats }}.")
    assert problem == "{{ flats }}: Luton has no figure of it: not held here"
    assert remedy == "quote another measure"


def test_a_wider_areas_figure_is_not_quoted_as_the_places_own(tiny_project):
    problem, remedy = refused(tiny_project, "Of {{ work }}.")
    assert problem.startswith("{{ work }}: Letchworth has no figure of its own")
    assert remedy == "quote another measure"


def test_a_part_that_the_row_has_not_is_refused_with_those_that_it_has(tiny_project):
    problem, remedy = refused(tiny_project, "Of {{ flats.england }}.")
    assert problem == "{{ flats.england }}: Letchworth has none of it"
    assert remedy == "there is {{ flats }} and {{ flats.period }}"


def test_a_quote_that_finds_its_figure_is_no_fault(tiny_project):
    first = (tiny_project.params / "letchworth.yml").read_text(encoding="utf-8")
    tiny_project.write("params/letchworth.yml", f"{first}narrative: {{summary: 'Of {{{{ flats }}}}.'}}\n")
    open_checked(tiny_project)
