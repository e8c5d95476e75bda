"""A kept workbook is the one that would be made, and nothing else is ever taken for it."""

import pytest

from placebook.report import workbooks
from placebook.report.spreadsheets import Sheet
from placebook.report.workbooks import Workbooks

ABOUT = {"Place": "Ayton"}
SHEET = Sheet("Figure 1", "Figure_1", "Figure 1. Pay", ["Area", "Value"], [["Ayton", 1.5], ["England", None]])


@pytest.fixture
def made(monkeypatch):
    """How often a workbook was really made."""
    real, times = workbooks.workbook, []
    monkeypatch.setattr(workbooks, "workbook", lambda *given: times.append(given) or real(*given))
    return times


def make(folder, value=1.5, title="Pay"):
    rows = [["Ayton", value], ["England", None]]
    return Workbooks(folder).make(title, ABOUT, ["ONS"], [Sheet("Figure 1", "Figure_1", "t", SHEET.columns, rows)])


def test_the_second_time_gives_the_same_bytes_and_costs_nothing(tmp_path, made):
    first = make(tmp_path)
    assert make(tmp_path) == first == make(None) and len(made) == 2, "once for the folder, once for none"


@pytest.mark.parametrize("other", [{"value": 1.5000001}, {"value": 1}, {"value": None}, {"title": "Pay "}])
def test_another_number_or_word_is_another_workbook(tmp_path, made, other):
    make(tmp_path)
    make(tmp_path, **other)
    assert len(made) == 2


@pytest.mark.parametrize("harm", [lambda raw: raw[:-1], lambda raw: b"", lambda raw: raw[:40] + b"x" + raw[41:]])
def test_a_kept_file_that_was_harmed_is_not_believed(tmp_path, made, harm):
    first = make(tmp_path)
    (kept,) = tmp_path.glob("*.xlsx")
    kept.write_bytes(harm(kept.read_bytes()))
    assert make(tmp_path) == first and len(made) == 2


def test_another_maker_makes_again(tmp_path, made, monkeypatch):
    make(tmp_path)
    monkeypatch.setattr(workbooks, "version", lambda name: "0")
    make(tmp_path)
    assert len(made) == 2


def test_what_nobody_asked_for_this_time_is_dropped(tmp_path, made):
    make(tmp_path)
    make(tmp_path, title="Gone")
    kept = Workbooks(tmp_path)
    kept.make("Pay", ABOUT, ["ONS"], [Sheet("Figure 1", "Figure_1", "t", SHEET.columns, [["Ayton", 1.5], ["England", None]])])
    kept.drop_unused()
    assert len(list(tmp_path.iterdir())) == 1 and len(made) == 2


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path, made):
    (tmp_path / "file").write_text("")
    assert make(tmp_path / "file" / "folder") == make(None)
