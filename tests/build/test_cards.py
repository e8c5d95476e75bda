"""A card holds what the front page and the summary need of a ledger, and the ledger is read once for it."""

import json
from dataclasses import replace

import pytest

from placebook.build.cards import Cards
from placebook.errors import InputError
from placebook.report.ledger import Ledger
from placebook.report.matrix import PlaceLedger

OWN = {"kind": "value", "role": "place", "category": "", "period": "2024"}
ENTRIES = [{**OWN, "indicator": "jobs", "value": 7}, {**OWN, "indicator": "pay", "value": 8}, {"kind": "claim"}]


@pytest.fixture
def ledger(tiny_project):
    """Writes a place's ledger."""

    def write(entries=ENTRIES, **page):
        place = {"slug": "ayton", "name": "Ayton", "kind": "district", "district": "E07000001"}
        whole = {"place": place, "page": {"figures": 4, "tables": 5, **page}, "entries": entries}
        tiny_project.write("_build/ledgers/ayton.json", json.dumps(whole))

    write()
    return write


@pytest.fixture
def read(monkeypatch):
    """How often a whole ledger was read."""
    real, times = PlaceLedger.read, []
    monkeypatch.setattr(PlaceLedger, "read", lambda path: times.append(path.stem) or real(path))
    return times


def test_of_a_ledger_as_a_page_writes_it_only_the_lines_of_a_card_are_read(tiny_project, read):
    """And the card is that of the whole."""
    place = {"slug": "ayton", "name": 'Ayton, "A" & Bé', "kind": "district", "district": "E07000001"}
    ledger, path = Ledger(place), tiny_project.ledgers / "ayton.json"
    more = [
        {"kind": "claim", "sentence": 'says "indicator": "jobs"', "indicator": "pay"},
        {**OWN, "role": "country", "indicator": "jobs"},
    ]
    for number, entry in enumerate([*ENTRIES, *more]):
        ledger.entries[str(number)] = entry
    ledger.write(path, {"figures": 4, "tables": 5})
    cards = Cards(tiny_project, ["jobs", "work"])
    assert cards.counts("ayton") == (4, 5, 5) and cards.ledger("ayton").entries == (ENTRIES[0],) and read == []
    assert cards.ledger("ayton") == replace(PlaceLedger.read(path), page={}).only(["jobs", "work"])
    path.write_text(path.read_text(encoding="utf-8")[:-4], encoding="utf-8")
    assert Cards(tiny_project, ["jobs"]).counts("ayton") is None, "one that is cut off is none"


def test_a_ledger_is_read_once_for_counts_and_card_and_not_by_the_next_build(tiny_project, ledger, read):
    cards = Cards(tiny_project, ["jobs"])
    assert cards.counts("ayton") == (4, 5, len(ENTRIES))
    assert cards.ledger("ayton").entries == (ENTRIES[0],)
    assert Cards(tiny_project, ["jobs"]).counts("ayton") == (4, 5, len(ENTRIES))
    assert read == ["ayton"]


def test_another_ledger_or_another_measure_makes_another_card(tiny_project, ledger, read):
    assert Cards(tiny_project, ["jobs"]).ledger("ayton").newest("jobs")["value"] == 7
    assert Cards(tiny_project, ["pay"]).ledger("ayton").newest("pay")["value"] == 8
    ledger([*ENTRIES, {**OWN, "period": "2025", "indicator": "jobs", "value": 9}], figures=1)
    cards = Cards(tiny_project, ["jobs"])
    assert cards.counts("ayton") == (1, 5, len(ENTRIES) + 1) and cards.ledger("ayton").newest("jobs")["value"] == 9
    assert len(read) == 3
    cards.drop_unused()
    assert len(list((tiny_project.cache / "headlines").iterdir())) == 1


@pytest.mark.parametrize("text", ["", "{}", '{"place": 1}', None])
def test_of_a_ledger_that_is_not_whole_nothing_is_counted(tiny_project, ledger, text):
    if text is None:
        (tiny_project.ledgers / "ayton.json").unlink()
    else:
        tiny_project.write("_build/ledgers/ayton.json", text)
    cards = Cards(tiny_project, ["jobs"])
    assert cards.counts("ayton") is None
    with pytest.raises(InputError, match="run placebook build ayton"):
        cards.ledger("ayton")


def test_a_page_without_counts_has_none(tiny_project, ledger):
    ledger(figures=4)
    tiny_project.replace("_build/ledgers/ayton.json", '"tables": 5', '"tabels": 5')
    assert Cards(tiny_project, ["jobs"]).counts("ayton") is None
