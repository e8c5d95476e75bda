"""What a shell completes: names of what there is, and silence where there is nothing."""

import os
import subprocess
import sys

import pytest


def completed(words, folder):
    """What a bash that stands in ``folder`` is offered for the last of the words."""
    asked = {"_PLACEBOOK_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    run = "import sys; sys.argv[0] = 'placebook'; from placebook.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", run], cwd=folder, env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("build ", ["broxbourne", "letchworth"]),
        ("build letchworth b", ["broxbourne"]),
        ("preview le", ["letchworth"]),
        ("rename l", ["letchworth"]),
        ("remove x", []),
        ("picture ", ["broxbourne", "letchworth"]),
        ("pin ", ["broxbourne", "hertfordshire", "letchworth"]),
        ("edition h", ["hertfordshire"]),
        ("refresh ", ["homes", "jobs"]),
    ],
)
def test_names_of_places_counties_and_sources_are_offered(tiny_project, line, offered):
    assert completed(f"placebook {line}".split(" "), tiny_project.params) == offered


def test_the_project_that_is_named_is_completed_from_anywhere(tiny_project, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert completed(["placebook", "--project", str(tiny_project.root), "build", "b"], elsewhere) == ["broxbourne"]


@pytest.mark.parametrize("named", [[], ["--project", "nowhere"]], ids=["outside", "no such folder"])
def test_where_there_is_no_project_nothing_is_offered_and_nothing_said(tmp_path, named):
    assert completed(["placebook", *named, "build", ""], tmp_path) == []
