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


@pytest.fixture
def kept(tmp_path):
    """A file of workbooks; none is there yet."""
    return tmp_path / "ayton.kept"


def make(path, value=1.5, title="Pay"):
    """A workbook, kept for the next time."""
    workbooks, rows = Workbooks(path), [["Ayton", value], ["England", None]]
    made = workbooks.make(title, ABOUT, ["ONS"], [Sheet("Figure 1", "Figure_1", "t", SHEET.columns, rows)])
    workbooks.close()
    return made


def test_the_second_time_gives_the_same_bytes_and_costs_nothing(kept, made):
    first = make(kept)
    assert make(kept) == first == make(None) and len(made) == 2, "once for the folder, once for none"


@pytest.mark.parametrize("other", [{"value": 1.5000001}, {"value": 1}, {"value": None}, {"title": "Pay "}])
def test_another_number_or_word_is_another_workbook(kept, made, other):
    make(kept)
    make(kept, **other)
    assert len(made) == 2


@pytest.mark.parametrize("harm", [lambda raw: raw[:-1], lambda raw: b"", lambda raw: raw[:40] + b"x" + raw[41:]])
def test_a_kept_file_that_was_harmed_is_not_believed(kept, made, harm):
    first = make(kept)
    kept.write_bytes(harm(kept.read_bytes()))
    assert make(kept) == first and len(made) == 2


def test_another_maker_makes_again(kept, made, monkeypatch):
    make(kept)
    monkeypatch.setattr(workbooks, "version", lambda name: "0")
    monkeypatch.setattr(workbooks, "_maker", workbooks._maker.__wrapped__)  # as another process, which has read nothing yet
    make(kept)
    assert len(made) == 2


def test_what_nobody_asked_for_this_time_is_dropped(kept, made):
    make(kept)
    make(kept, title="Gone")
    make(kept)
    assert len(made) == 3, "the first was dropped when nobody asked for it"
