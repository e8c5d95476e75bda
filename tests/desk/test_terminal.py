"""On a terminal the desk asks; elsewhere never. What is wrong in other files stops no new place."""

import os
from pathlib import Path

import pytest

from placebook.catalogue.load import Catalogue
from placebook.desk import terminal


def params(checkout):
    return {path.name: path.read_bytes() for path in checkout.params.iterdir()}


def test_where_several_fit_a_number_chooses_and_enter_takes_the_first(checkout, placebook):
    done = placebook(checkout, "add", "Royston", terminal=["7", "2", ""])
    assert "1  Royston (North Hertfordshire): the built-up area (E63003814), 8 LSOAs in North Hertfordshire" in done.stdout
    assert "Write a number from 1 to 2." in done.stdout
    assert Catalogue.open(checkout).places["royston"].built_up_area == "E63001085"
    placebook(checkout, "add", "Royston", "--as", "Royston in Hertfordshire", terminal=["", "y"])
    assert Catalogue.open(checkout).places["royston-in-hertfordshire"].built_up_area == "E63003814"


@pytest.mark.parametrize("answers", [["n"], ["NO"], ["what", "no"]])
def test_no_writes_nothing(checkout, placebook, answers):
    before = params(checkout)
    done = placebook(checkout, "add", "Hitchin", terminal=answers)
    assert done.returncode == 0 and "Nothing was written." in done.stdout and "35,224 residents" in done.stdout
    assert params(checkout) == before


def test_who_goes_away_without_an_answer_has_changed_nothing(checkout, placebook):
    before = params(checkout)
    assert placebook(checkout, "add", "Hitchin", terminal=["what"]).returncode == 2
    assert placebook(checkout, "remove", "letchworth", terminal=["what"]).returncode == 2
    assert params(checkout) == before


def test_yes_takes_the_first_of_several_and_says_which(checkout, placebook):
    done = placebook(checkout, "add", "Stevenage", "--yes")
    assert done.returncode == 0 and "Taken: Stevenage, the district (E07000243)" in done.stdout
    assert Catalogue.open(checkout).places["stevenage"].kind == "district"


def test_nobody_is_asked_where_input_or_output_is_no_terminal(monkeypatch):
    class Stream:
        def __init__(self, terminal):
            self.terminal = terminal

        def isatty(self):
            return self.terminal

    for stdin, stdout, asks in ((True, True, True), (True, False, False), (False, True, False)):
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdin", Stream(stdin))
            patch.setattr("sys.stdout", Stream(stdout))
            assert terminal.asking(False) is asks and terminal.asking(True) is False


def test_nothing_that_is_said_acts(capsys):
    terminal.say("[red]x[/red] :100: \x1b[31m\u202e")
    assert capsys.readouterr().out == "[red]x[/red] :100: \\x1b[31m\\u202e\n"


def test_a_fault_in_another_file_is_told_in_a_line_and_stops_nothing(checkout, placebook):
    (checkout.params / "broken.yml").write_text("name: [\n")
    done = placebook(checkout, "add", "Hitchin")
    assert done.returncode == 0 and "warning: placebook check finds 1 fault elsewhere" in done.stderr
    assert "28 added up" in done.stdout and (checkout.params / "hitchin.yml").exists()


def test_with_a_fault_in_a_source_it_is_written_and_its_measures_are_not_counted(checkout, placebook):
    (checkout.root / "data/sources").unlink()
    (checkout.root / "data/sources").mkdir()
    for path in (Path(__file__).parents[2] / "data/sources").iterdir():
        (checkout.root / "data/sources" / path.name).write_bytes(path.read_bytes())
    source = checkout.root / "data/sources/els-obesity.yml"
    source.write_text(source.read_text().replace("title:", "heading:"))
    done = placebook(checkout, "add", "Hitchin")
    assert done.returncode == 0, done.stderr
    assert "Its measures are not counted" in done.stdout and "35,224 residents" in done.stdout
    needed = checkout.root / "data/sources/census-2021-residents.yml"
    needed.write_text(needed.read_text().replace("title:", "heading:"))
    done = placebook(checkout, "add", "Letchworth")
    assert done.returncode == 2 and "data/sources/census-2021-residents.yml" in done.stderr
    assert not os.path.lexists(checkout.params / "letchworth-2.yml")
