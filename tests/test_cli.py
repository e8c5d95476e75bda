"""The command: what it says, and the three exit statuses."""

import hashlib
import os
import shlex
import subprocess
import sys
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from placebook.catalogue import configuration
from placebook.cli import app, main
from placebook.errors import Fault


@pytest.fixture
def placebook(monkeypatch, capsys):
    """The command in this process: its exit status and what it said."""

    def _run(*words, cwd=None):
        monkeypatch.setattr(sys, "argv", ["placebook", *map(str, words)])
        if cwd is not None:
            monkeypatch.chdir(cwd)
        status = 0
        try:
            main()
        except SystemExit as left:
            status = left.code or 0
        said = capsys.readouterr()
        return SimpleNamespace(returncode=status, stdout=said.out, stderr=said.err)

    return _run


def test_the_installed_command_runs(tiny_project):
    done = subprocess.run(
        [sys.executable, "-m", "placebook", "--project", str(tiny_project.root), "check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All is well: 2 places")


def test_help_shows_commands_and_examples(placebook):
    done = placebook("--help")
    assert done.returncode == 0
    for word in ("build", "check", "list", "refresh", "schemas", "placebook build broxbourne"):
        assert word in done.stdout
    assert placebook("build", "--help").stdout.count("placebook build") >= 2


def test_check_says_that_all_is_well(placebook, tiny_project):
    done = placebook("--project", tiny_project.root, "check")
    assert (done.returncode, done.stdout) == (
        0,
        "All is well: 2 places, 2 indicators, 2 sources, 1 counties.\n",
    )


def test_wrong_input_is_status_2_with_every_fault(placebook, tiny_project):
    tiny_project.replace("params/broxbourne.yml", "code:", "codee:")
    tiny_project.replace("params/letchworth.yml", "E01000002", "E01000004")
    tiny_project.replace("params/letchworth.yml", "chosen:", "chosn:")
    done = placebook("--project", tiny_project.root, "check")
    assert done.returncode == 2
    assert "did you mean 'code'?" in done.stderr and "did you mean 'chosen'?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["build", "nowhere"], "there is no place nowhere; params/ holds broxbourne, letchworth"),
        (["refresh", "--accept", "jobs"], "say both what is accepted and why"),
        (["refresh", "--from", "missing"], "missing"),
        (["bild"], "No such command"),
        (["build", "--workers", "0"], "workers"),
    ],
)
def test_a_wrong_call_is_status_2(placebook, tiny_project, words, said):
    done = placebook("--project", tiny_project.root, *words)
    assert done.returncode == 2
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_outside_a_project_the_remedy_is_named(placebook, tmp_path):
    done = placebook("check", cwd=tmp_path)
    assert done.returncode == 2
    assert "is not inside a placebook project" in done.stderr and "--project DIR" in done.stderr


def test_a_project_is_found_from_a_folder_inside_it(placebook, tiny_project):
    assert placebook("check", cwd=tiny_project.params).returncode == 0


def test_the_places_are_listed(placebook, tiny_project):
    shown = placebook("--project", tiny_project.root, "list").stdout
    assert "broxbourne" in shown and "2 LSOAs" in shown and "draft" in shown


def test_a_format_that_there_is_none_of_is_status_2_and_names_those_that_there_are(placebook, tiny_project):
    done = placebook("--project", tiny_project.root, "build", "--formats", "html,docx")
    assert done.returncode == 2
    assert "there is no format docx; use html, single, pdf, word" in done.stderr


def test_schemas_differ_is_status_1_and_written_is_status_0(placebook, tiny_project):
    assert placebook("--project", tiny_project.root, "schemas", "--check").returncode == 1
    assert placebook("--project", tiny_project.root, "schemas").returncode == 0
    assert placebook("--project", tiny_project.root, "schemas", "--check").returncode == 0


def test_narrative_that_is_no_commonmark_is_refused_with_its_place(placebook, tiny_project):
    tiny_project.write(
        "params/broxbourne.yml",
        "name: Broxbourne\nkind: district\ncode: E07000095\nnarrative:\n  story: |\n    Fine.\n\n"
        "    <script>alert(1)</script>\n",
    )
    done = placebook("--project", tiny_project.root, "check")
    assert done.returncode == 2
    assert "params/broxbourne.yml:5: narrative.story, line 3: holds raw HTML" in done.stderr


def test_a_place_that_fails_is_status_1_and_the_last_book_stays(placebook, tiny_project):
    tiny_project.write(
        "notebooks/place.ipynb",
        '{"cells": [{"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "source": '
        '"place = \\"x\\"", "outputs": [], "execution_count": null}, {"cell_type": "code", "id": "b", '
        '"metadata": {}, "source": "raise RuntimeError(place + \\" cannot\\")", "outputs": [], '
        '"execution_count": null}], "metadata": {"kernelspec": {"display_name": "p", "language": "python", '
        '"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}',
    )
    tiny_project.write("_build/html/index.html", "the last good book")
    done = placebook("--project", tiny_project.root, "build")
    assert done.returncode == 1
    assert "broxbourne: RuntimeError: broxbourne cannot" in done.stderr
    assert "letchworth: RuntimeError: letchworth cannot" in done.stderr
    assert "_build/logs/broxbourne.log" in done.stderr
    assert (tiny_project.html / "index.html").read_text() == "the last good book"
    assert "RuntimeError" in (tiny_project.logs / "broxbourne.log").read_text()


def command(project, *words, **more):
    return subprocess.Popen([sys.executable, "-m", "placebook", "--project", str(project.root), *words], **more)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437", "utf-8"])
@pytest.mark.parametrize("columns", ["20", "80"])
def test_a_console_of_any_encoding_and_width_is_told_the_places(tiny_project, encoding, columns):
    tiny_project.replace("params/broxbourne.yml", "name: Broxbourne", "name: Ynys Tŷ")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": columns}
    with command(tiny_project, "list", stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as listing:
        said, complaint = listing.communicate()
    assert (listing.returncode, complaint) == (0, b"")
    text = said.decode(encoding)
    assert "broxbourne" in text and ("Ynys Tŷ" if encoding == "utf-8" else "Ynys T?") in text


def test_whoever_stops_listening_gets_no_traceback(tiny_project):
    with command(tiny_project, "list", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        listing.stdout.close()
        complaint = listing.stderr.read()
    assert (listing.returncode, complaint) == (1, b"")


def test_a_command_without_any_output_does_its_work(tiny_project):
    command = shlex.join([sys.executable, "-m", "placebook", "--project", str(tiny_project.root), "list"])
    done = subprocess.run(["sh", "-c", f"exec {command} >&-"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", [["check"], ["build"]])
def test_for_the_public_more_is_refused_and_else_only_said(placebook, tiny_project, monkeypatch, command):
    fault = Fault("_config.yml", 3, "author", "is made up", "name yourself")
    monkeypatch.setattr(configuration, "public_faults", lambda project: [fault])
    monkeypatch.setattr(configuration, "warnings", lambda project: [fault])
    done = placebook("--project", tiny_project.root, *command, "--public")
    assert done.returncode == 2 and "wrong: _config.yml:3: author: is made up\n    → name yourself" in done.stderr
    tiny_project.replace("params/broxbourne.yml", "code:", "codee:")
    done = placebook("--project", tiny_project.root, "check", "--public")
    assert "_config.yml:3" in done.stderr and "did you mean 'code'?" in done.stderr, "all at once"
    tiny_project.replace("params/broxbourne.yml", "codee:", "code:")
    done = placebook("--project", tiny_project.root, "check")
    assert done.returncode == 0 and "look: _config.yml:3: author: is made up" in done.stderr


def test_the_hundredth_line_is_written_as_a_number(placebook, tiny_project):
    """Between colons a terminal library would take 100 for the name of a picture."""
    words = "".join(f"# {line}\n" for line in range(1, 97))
    tiny_project.write("params/broxbourne.yml", f"{words}name: Broxbourne\nkind: district\ncode: E07000095\nknid: x\n")
    done = placebook("--project", tiny_project.root, "check")
    assert done.returncode == 2 and "params/broxbourne.yml:100: knid: unknown key 'knid'" in done.stderr


def test_the_help_of_refresh_lists_every_adapter_with_its_options():
    from placebook.refresh.adapters import OPTIONS

    said = CliRunner().invoke(app, ["refresh", "--help"]).output
    assert all(f"  {name}  " in said for name in OPTIONS)
    assert "area*, columns*, period*" in said and ":func:" not in said


def test_refresh_says_how_each_source_is_had_and_what_keeps_its_old_table(placebook, tiny_project):
    tiny_project.replace("data/sources/homes.yml", "tables:", "manual: Ask the council for its register.\ntables:")
    listed = placebook("--project", tiny_project.root, "refresh", "--list")
    assert listed.stdout.splitlines() == [
        "homes: by hand",
        "    Ask the council for its register.",
        "jobs: by hand",
    ]
    done = placebook("--project", tiny_project.root, "refresh", "homes")
    assert done.returncode == 1
    assert "homes: failed" in done.stdout and "Ask the council for its register." in done.stdout
    assert "1 of 1 sources keep their old tables: homes" in done.stderr
    everything = placebook("--project", tiny_project.root, "refresh", "--dry-run")
    assert everything.returncode == 0 and "2 sources are refreshed by hand" in everything.stdout


def test_a_refresh_that_was_killed_between_two_files_is_ended_by_the_next_command(tiny_project, monkeypatch):
    from placebook.refresh import journal

    table, record = tiny_project.root / "data/tables/jobs.csv", tiny_project.root / "data/sources/jobs.yml"
    text = table.read_text(encoding="utf-8").replace("76.1", "76.2")
    source = record.read_text(encoding="utf-8").replace(
        hashlib.sha256(table.read_bytes()).hexdigest(), hashlib.sha256(text.encode()).hexdigest()
    )
    monkeypatch.setattr(journal, "_finish", lambda project, folder: None)  # killed just after the point of no return
    journal.land(tiny_project, "jobs", {"data/tables/jobs.csv": text.encode(), "data/sources/jobs.yml": source.encode()})
    monkeypatch.undo()
    CliRunner().invoke(app, ["--project", str(tiny_project.root), "list"])
    assert "76.2" in table.read_text(encoding="utf-8") and record.read_text(encoding="utf-8") == source
    assert not list((tiny_project.build / "landing").iterdir())
