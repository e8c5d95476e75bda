"""A number typed into words that is a figure of the page is pointed out."""

import pytest
from drawn import year
from test_quotes import row

from placebook.catalogue.load import Catalogue
from placebook.catalogue.narrative import Words
from placebook.report.bare_numbers import bare_numbers, numbers
from placebook.report.ledger import Ledger, Quoted
from placebook.report.quotes import of_row

BROXBOURNE = {"indicator": "work", "area": "E07000095", "name": "Broxbourne"}


@pytest.fixture
def hints(tiny_project):
    """What is pointed out in words of Broxbourne, whose page shows 76.1% of 2023, 71.2% of 2022, England's 75.9%."""
    ledger = Ledger(
        {"slug": "broxbourne", "name": "Broxbourne", "kind": "district", "district": "E07000095"}, {"work": "people"}
    )
    own, before = year(76.1, 2023, **BROXBOURNE), year(71.2, 2022, **BROXBOURNE)
    ledger.add(own), ledger.add(before)
    england = Quoted("75.9%", "Employment rate", "England", "2023", (own.id,))
    ledger.quotes["work"] = of_row(row(own)) | {"england": england}
    ledger.write(tiny_project.ledgers / "broxbourne.json", {})
    first = (tiny_project.params / "broxbourne.yml").read_text(encoding="utf-8")

    def of(text, county=""):
        tiny_project.write("params/broxbourne.yml", f"{first}narrative: {{story: {text!r}}}\n")
        if county:
            tiny_project.write("data/counties/hertfordshire.yml", f"name: Herts\ndistricts: [E07000095]\nstory: {county!r}\n")
        return [(f.file, f.problem, f.remedy) for f in bare_numbers(tiny_project, Catalogue.open(tiny_project))]

    return of


def test_the_newest_figure_is_pointed_out_with_the_quote(hints):
    assert hints("There are 76.1% of them.") == [
        (
            "params/broxbourne.yml",
            "76.1% is the employment rate of Broxbourne, 2023",
            "write {{ work }} so that it cannot go stale",
        )
    ]
    assert hints("It is 76.1 per cent.") == hints("It is 76.1%.") != []


def test_an_earlier_figure_is_pointed_out_where_the_sentence_speaks_of_the_measure_and_not_of_its_time(hints):
    ((_, problem, remedy),) = hints("The employment rate is 71.2%.")
    assert problem == "71.2% is the employment rate of Broxbourne, 2022, which is not the newest"
    assert remedy == "write {{ work }}, or say of when it is"
    assert hints("The employment rate of 2022 was 71.2%.") == [], "that is true for ever"
    assert hints("Turnout was 71.2%. Employment is high.") == [], "of another thing"


def test_englands_figure_is_pointed_out_where_england_is_named(hints):
    assert hints("Employment stands at 75.9% in England.")[0][2] == "write {{ work.england }} so that it cannot go stale"
    assert hints("Employment stands at 75.9%.") == []


def test_in_a_countys_story_the_quote_names_the_place(hints):
    ((file, _, remedy),) = hints("Nothing.", county="In Broxbourne 76.1% work.")
    assert (file, remedy) == (
        "data/counties/hertfordshire.yml",
        "write {{ broxbourne:work }} so that it cannot go stale",
    )


@pytest.mark.parametrize(
    "text", ["Of {{ work }}.", "Of 76.2%.", "Of 176.1%.", "Of 76.1.", "Of 76.1%x", "In 2023.", "Of 76.15%."]
)
def test_nothing_else_is_pointed_out(hints, text):
    assert hints(text) == []


def test_without_a_built_page_nothing_is_pointed_out(tiny_project):
    first = (tiny_project.params / "broxbourne.yml").read_text(encoding="utf-8")
    tiny_project.write("params/broxbourne.yml", f"{first}narrative: {{story: 'Of 76.1%.'}}\n")
    assert list(bare_numbers(tiny_project, Catalogue.open(tiny_project))) == []


def test_numbers_are_found_as_pages_write_them():
    text = "Paid £430,000, then\n£1.25 million or −1.25%; on 12 May 2019, 12,345 of 999 and 7%.\n\n| a |\n|---|\n| 4.50% |"
    found = [(number.line, number.text) for number in numbers(Words("place", "ware", ("story",), text))]
    assert found == [(1, "£430,000"), (2, "£1.25 million"), (2, "−1.25%"), (2, "12,345"), (6, "4.50%")]
