"""`placebook new measure`: a CSV becomes source, table and measure, or a message; never a traceback, never half of it."""

from typing import get_args

import pytest
import yaml
from typer.testing import CliRunner

from placebook.build.checked import open_checked
from placebook.catalogue.models import Unit
from placebook.cli import app
from placebook.desk.new_measure import FORMS
from placebook.errors import PlacebookError
from placebook.evidence.readings import Evidence

SAID = {
    "section": "people",
    "better": "lower",
    "of": "shops",
    "publisher": "Nobody",
    "page": "https://example.org/shops",
    "period": "2024",
}
DISTRICTS = "code,empty\nE07000095,8.5\nE07000099,7\nE92000001,9\n"
SHARES = "lsoa,damp,homes\nE01000001,10,40\nE01000002,5,20\nE01000003,50,100\nE01000004,6,60\n"


@pytest.fixture
def desk(tiny_project, tmp_path_factory, monkeypatch):
    """Runs the command on a file of some text; gives exit status or fault, and what was printed."""
    monkeypatch.setattr(
        "placebook.desk.opened.opened", lambda project: type("Desk", (), {"catalogue": open_checked(project)[0]})
    )
    folder = tmp_path_factory.mktemp("files")

    def run(text, *flags, name="shops.csv", **said):
        content = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(content)
        options = [part for key, value in {**SAID, **said}.items() if value for part in (f"--{key}", value)]
        arguments = ["--project", str(tiny_project.root), "new", "measure", str(folder / name), *options, *flags]
        done = CliRunner().invoke(app, arguments)
        assert done.exception is None or isinstance(done.exception, (PlacebookError, SystemExit)), done.exception
        return done.exit_code, f"{done.output}{done.exception or ''}"

    run.folder = folder
    return run


def left(project):
    """Every file of the project's data."""
    return {path.relative_to(project.root).as_posix(): path.read_bytes() for path in (project.root / "data").rglob("*.*")}


def figure(project, place, measure):
    catalogue, store = open_checked(project)
    return Evidence(catalogue, store, place).read(measure).now[0].value


def test_figures_of_districts_become_a_row_and_are_told_for_each_place(desk, tiny_project):
    code, said = desk(DISTRICTS, unit="percent", counted="estimated")
    assert code == 0 and "Broxbourne: 8.5%, 2024." in said
    assert "Letchworth (published for North Hertfordshire only): 7.0%, 2024." in said
    assert figure(tiny_project, "broxbourne", "shops") == 8.5
    measure = yaml.safe_load((tiny_project.root / "data/measures/shops.yml").read_text(encoding="utf-8"))
    assert (measure["polarity"], measure["uncertainty"]) == ("lower_is_better", "estimate_without_limits")
    assert measure["levels"] == ["district", "country"] and "country" in measure["comparators"]


def test_counts_of_small_areas_are_added_up_to_a_share(desk, tiny_project):
    code, said = desk(SHARES, name="damp.csv", numerator="damp", denominator="homes", of="homes")
    assert code == 0 and f"Letchworth: {100 * 15 / 60:.1f}%, 2024." in said
    assert figure(tiny_project, "broxbourne", "damp") == pytest.approx(100 * 6 / 60)


def test_counts_of_whole_wards_are_added_up_to_their_district(desk, tiny_project):
    code, said = desk("ward,clubs\nE05000001,7\nE05000002,6\n", unit="count", counted="counted", of="clubs")
    assert code == 0 and "Letchworth (published for North Hertfordshire only): 13, 2024." in said


def test_small_counts_of_ones_own_are_held_back_where_that_is_said(desk, tiny_project):
    text = SHARES.replace("E01000001,10", "E01000001,4")
    assert "'4' counts fewer than five" in desk(text, name="damp.csv", numerator="damp", denominator="homes")[1]
    code, said = desk(text, "--hold-back", name="damp.csv", numerator="damp", denominator="homes")
    assert code == 0 and "Letchworth: no figure" in said
    assert figure(tiny_project, "broxbourne", "damp") == 10


def test_limits_and_a_column_of_periods_are_found_by_their_names(desk, tiny_project):
    text = "GSS,Year,Rate,Lower CI,Upper CI\nE07000095,2023,5,4,6\nE07000095,2024,6,5,7\n"
    code, said = desk(text, unit="per-1000", period="")
    assert code == 0 and "Broxbourne: 6.0" in said
    measure = yaml.safe_load((tiny_project.root / "data/measures/shops.yml").read_text(encoding="utf-8"))
    assert measure["uncertainty"] == "limits"


def test_the_table_is_made_again_by_refresh_without_a_changed_byte(desk, tiny_project, tmp_path_factory):
    desk(DISTRICTS, unit="percent", counted="estimated")
    before = left(tiny_project)
    done = CliRunner().invoke(app, ["--project", str(tiny_project.root), "refresh", "--from", str(desk.folder), "shops"])
    assert done.exit_code == 0 and left(tiny_project) == before


PERCENT = {"unit": "percent", "counted": "estimated"}
MISTAKES = [
    ("", PERCENT, "is empty"),
    (b"\xff\xfe1", PERCENT, "is not UTF-8 text"),
    ("<html>", PERCENT, "is a web page, not data"),
    ("code,empty\n", PERCENT, "has a header and no rows"),
    ("code,empty\nE07000095\n", PERCENT, "shops.csv:2"),
    ("name,empty\nBroxbourne,8.5\n", PERCENT, "has no column with GSS codes, such as E07000095"),
    ("code,name\nE07000095,Broxbourne\n", PERCENT, "has no column with figures"),
    ("code,a,b\nE07000095,1,2\n", PERCENT, "may hold figures in a or in b\n    → say which: --value COLUMN"),
    ("code,empty\nE07000095,8.5\nE07000095,8.6\n", PERCENT, "8.6"),
    ("code,empty\nE07000095,8.5\nE07000999,7\n", PERCENT, "'E07000999' is no area that the book knows"),
    ("code,empty\nE07000095,8.5\nW06000015,7\n", PERCENT, "'W06000015' is no area of England"),
    ("code,empty\nE07000095,8.5\nE01000001,7\n", PERCENT, "holds areas of several levels: district, lsoa"),
    ("code,empty\nE07000095,about 8\nE07000099,7\n", PERCENT, "shops.csv:2: empty: 'about 8' is not a figure"),
    ("code,empty\nE07000095,120\n", PERCENT, "shops.csv:2: shops: 120 is above the declared maximum 100"),
    ("code,empty\nE07000095,c\nE07000099,x\n", {**PERCENT, "value": "empty"}, "holds no figure at all"),
    ("lsoa,damp\nE01000001,30\n", {"unit": "percent"}, "a share or a rate of small areas cannot be added up"),
    ("lsoa,damp,homes\nE01000001,30,40\n", {"numerator": "damp"}, "a share needs both columns"),
    ("lsoa,damp,homes\nE01000001,30,40\n", {"numerator": "dump", "denominator": "homes"}, "has no column 'dump'"),
    ("ward,clubs\nE05000001,7\n", {"unit": "count", "counted": "counted"}, "has no district with all its wards: North Hert"),
    ("ward,clubs\nE05000009,7\n", {"unit": "count", "counted": "counted"}, "there is no ward 'E05000009'"),
    ("ward,clubs\nE05000001,3\nE05000002,6\n", {"unit": "count", "counted": "counted"}, "'3' counts fewer than five"),
    (DISTRICTS, {**PERCENT, "own": "perhaps"}, "--own 'perhaps' is none of them: yes, no"),
    (DISTRICTS, {**PERCENT, "section": "peple"}, "--section 'peple' is none of them: people, places"),
    (DISTRICTS, {**PERCENT, "better": "up"}, "--better 'up' is none of them: higher, lower, neither"),
    (DISTRICTS, {**PERCENT, "unit": "%"}, "--unit '%' is none of them: count, percent"),
    (DISTRICTS, {**PERCENT, "licence": "mine"}, "--licence 'mine' is none of them: OGL-UK-3.0"),
    (DISTRICTS, {**PERCENT, "page": "example.org"}, "it begins with https://"),
    (DISTRICTS, {**PERCENT, "period": "last year"}, "'last year' is not a period: write 2024"),
    (DISTRICTS, {**PERCENT, "period": ""}, "--period is not said"),
    (DISTRICTS, {**PERCENT, "publisher": ""}, "--publisher is not said: Who publishes it?"),
    (DISTRICTS, {**PERCENT, "title": "Work"}, "the id 'work' is taken in the theme 'people'"),
    (DISTRICTS, {**PERCENT, "title": "Homes"}, "data/sources/homes.yml is there already, and is never overwritten"),
    (DISTRICTS, {**PERCENT, "title": "\u202eshops"}, "holds"),
]


@pytest.mark.parametrize(("text", "said", "message"), MISTAKES)
def test_a_mistake_has_a_message_and_leaves_nothing(desk, tiny_project, text, said, message):
    before = left(tiny_project)
    code, printed = desk(text, **said)
    assert code != 0 and message in printed
    assert left(tiny_project) == before


@pytest.mark.parametrize(("title", "name"), [("../../evil", "evil"), ("<script>alert(1)</script>", "script-alert-1-script")])
def test_a_title_becomes_a_name_and_never_a_path(desk, tiny_project, title, name):
    before = set(left(tiny_project))
    desk(DISTRICTS, title=title, **PERCENT)
    made = {f"data/sources/{name}.yml", f"data/measures/{name}.yml", f"data/tables/{name}.csv"}
    assert set(left(tiny_project)) - before in (made, set())


def test_another_kind_of_file_and_none_are_refused(desk, tiny_project):
    assert "is no .csv file" in desk("x", name="shops.xlsx")[1]
    arguments = ["--project", str(tiny_project.root), "new", "measure", "nowhere.csv"]
    assert "there is no file 'nowhere.csv'" in str(CliRunner().invoke(app, arguments).exception)


def test_every_unit_that_is_asked_for_is_a_unit():
    assert set(FORMS) <= set(get_args(Unit))
