"""``check`` and ``list`` for other programs: the keys that the documentation names, everything in them, and nothing else."""

import io
import json

import pytest
from rich.console import Console
from rich.table import Table

from placebook.desk.terminal import show

PLACE_KEYS = {"slug", "name", "kind", "county", "districts", "lsoas", "reviewed_by", "reviewed_on"}
FAULT_KEYS = {"file", "line", "field", "problem", "remedy"}


def test_the_places_are_listed(checkout, placebook):
    path = checkout.params / "broxbourne.yml"
    review = "review: {by: 'Ö. Doe, head of evidence', on: 2025-03-31}\n"
    path.write_text(path.read_text(encoding="utf-8") + review, encoding="utf-8")
    done = placebook(checkout, "list", "--json")
    assert done.returncode == 0 and done.stdout.isascii()
    places = json.loads(done.stdout)["places"]
    assert [place["slug"] for place in places] == ["broxbourne", "letchworth", "st-albans"]
    assert all(set(place) == PLACE_KEYS for place in places)
    assert places[0] == {
        "slug": "broxbourne",
        "name": "Broxbourne",
        "kind": "district",
        "county": "hertfordshire",
        "districts": [{"code": "E07000095", "name": "Broxbourne"}],
        "lsoas": places[0]["lsoas"],
        "reviewed_by": "Ö. Doe, head of evidence",
        "reviewed_on": "2025-03-31",
    }
    assert (places[1]["kind"], places[1]["lsoas"], places[1]["reviewed_on"]) == ("town", 23, None)


def test_what_is_well_and_what_should_be_looked_at(checkout, placebook):
    done = placebook(checkout, "check", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0 and set(told) == {"ok", "faults", "hints", "places", "indicators", "sources", "counties"}
    assert (told["ok"], told["faults"], told["places"]) == (True, [], 3)
    assert all(set(hint) == FAULT_KEYS for hint in told["hints"])


def test_every_fault_is_told_however_many_and_the_exit_status_is_2(checkout, placebook):
    for number in range(120):
        (checkout.params / f"p{number}.yml").write_text("name: 1\nkind: district\ncode: E0700009\n", encoding="utf-8")
    done = placebook(checkout, "check", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 2 and done.stderr == ""
    assert set(told) == {"ok", "faults", "hints"} and told["ok"] is False and told["hints"] == []
    assert len({fault["file"] for fault in told["faults"]}) == 120
    assert all(set(fault) == FAULT_KEYS for fault in told["faults"])
    places = [(fault["file"], fault["field"], fault["line"]) for fault in told["faults"]]
    assert ("params/p0.yml", "code", 3) in places and ("params/p119.yml", "name", 1) in places


def test_what_has_no_file_is_told_too(tmp_path, checkout, placebook):
    elsewhere = type(checkout)(tmp_path)
    done = placebook(elsewhere, "check", "--json")
    (fault,) = json.loads(done.stdout)["faults"]
    assert done.returncode == 2 and fault["file"] == "" and "is not a placebook project" in fault["problem"]


def test_colours_do_not_hide_that_a_table_has_room():
    table = Table("place", "state")
    table.add_row("broxbourne", "[red]failed[/red]")
    console = Console(width=80, force_terminal=True, file=io.StringIO())
    show(table, console)
    assert "│" in console.file.getvalue()


@pytest.mark.parametrize("width", [30, 79, 80, 120])
def test_a_table_loses_no_letter_however_narrow_the_line(width):
    table = Table()
    rows = [
        ("a-slug-of-sixty-letters-which-is-as-long-as-one-may-be-here-x", "A name", "North Hertfordshire (E07000099)"),
        ("short", "Llanfairpwllgwyngyll-on-the-Moor", "Bournemouth, Christchurch and Poole (E06000058), 233 LSOAs"),
    ]
    for name in ("slug", "name", "area"):
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    console = Console(width=width, record=True, file=io.StringIO())
    show(table, console)
    said = console.export_text()
    assert "…" not in said
    for word in (word for row in rows for cell in row for word in cell.split()):
        assert word in said, word
