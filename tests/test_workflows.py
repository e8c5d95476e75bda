"""What runs for those who host the book: pinned actions, least permissions, no text of others as code, our own commands."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WRITING = {"write"}
COMMANDS = ("make ", "bash .ci/run", "bash tools/propose ", "sudo apt-get ", "cat comparison.md ", "head -c ", "gh pr comment ")


def read(path):
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    found["on"] = found.pop(True, found.get("on"))  # YAML 1.1 takes the key for a truth value
    return found


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_actions_are_pinned_and_say_their_version(path):
    used = re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8"))
    assert used
    for action, comment in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_proposal_can_neither_write_nor_publish_nor_read_a_secret(path):
    workflow = read(path)
    text = path.read_text(encoding="utf-8")
    assert "pull_request_target" not in workflow["on"] and "secrets." not in text
    assert workflow["permissions"], "nothing is granted by default"
    for job in workflow["jobs"].values():
        granted = {**workflow["permissions"], **job.get("permissions", {})}
        if WRITING & set(granted.values()) and "pull_request" in workflow["on"]:
            assert "github.event_name != 'pull_request'" in job["if"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nobodys_text_becomes_code_and_commands_are_the_projects_own(path):
    for step in steps(read(path)):
        if run := step.get("run"):
            assert "${{" not in run, f"a value that others write would be part of the command: {run}"
            assert run.startswith(COMMANDS), run
            for target in re.findall(r"^make ([a-z-]+)", run):
                assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M), target


def test_a_workflow_that_takes_a_title_into_a_command_is_seen(tmp_path):
    bad = tmp_path / "bad.yml"
    bad.write_text(
        "on: push\npermissions: {}\njobs: {a: {steps: [{run: 'make check # ${{ github.event.title }}'}]}}\n", encoding="utf-8"
    )
    with pytest.raises(AssertionError, match="would be part of the command"):
        test_nobodys_text_becomes_code_and_commands_are_the_projects_own(bad)


def test_a_comment_runs_no_code_of_the_proposal():
    workflow = read(ROOT / ".github" / "workflows" / "comment.yml")
    assert not any("checkout" in step.get("uses", "") for step in steps(workflow))


def propose(folder, text):
    """The script that proposes, with a ``gh`` that only says what it was called with."""
    (folder / "bin").mkdir(exist_ok=True)
    gh = folder / "bin" / "gh"
    gh.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    gh.chmod(0o755)
    path = f"{folder / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    command = ["bash", str(ROOT / "tools" / "propose"), text]
    return subprocess.run(
        command, cwd=folder / "clone", env={"PATH": path, "HOME": str(folder)}, capture_output=True, text=True
    )


def test_new_figures_are_proposed_on_a_branch_of_their_own_and_none_where_nothing_changed(tmp_path):
    def git(*asked, cwd=tmp_path / "clone"):
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        return subprocess.run(["git", *who, *asked], cwd=cwd, check=True, capture_output=True, text=True).stdout

    git("init", "-q", "--bare", "origin", cwd=tmp_path)
    git("init", "-q", "-b", "main", "clone", cwd=tmp_path)
    (tmp_path / "clone" / "data").mkdir()
    (tmp_path / "clone" / "data" / "a.csv").write_text("1\n")
    (tmp_path / "clone" / "other.txt").write_text("1\n")
    git("add", ".")
    git("commit", "-qm", "x")
    git("remote", "add", "origin", str(tmp_path / "origin"))
    (tmp_path / "clone" / "comparison.md").write_text("text")
    assert "nothing is proposed" in propose(tmp_path, "comparison.md").stdout
    (tmp_path / "clone" / "data" / "a.csv").write_text("2\n")
    (tmp_path / "clone" / "other.txt").write_text("2\n")
    done = propose(tmp_path, "comparison.md")
    assert done.returncode == 0 and "pr create" in done.stdout and "--body-file comparison.md" in done.stdout
    (branch,) = [line.strip() for line in git("branch", "-r").splitlines() if "refresh-" in line]
    assert git("show", "--stat", "--format=", branch).splitlines()[0].split()[0] == "data/a.csv", "figures alone"


@pytest.mark.long
def test_the_steps_in_their_order_on_a_clone_tell_a_changed_row_and_execute_what_reads_it_alone(tmp_path):
    """Check, build, one revised row of the claimant count, check, build, compare: as a proposal is looked at."""
    clone = tmp_path / "clone"

    def git(*asked):
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        return subprocess.run(["git", *who, *asked], cwd=clone, check=True, capture_output=True, text=True).stdout

    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)

    def placebook(*asked):
        done = subprocess.run(
            [sys.executable, "-m", "placebook", "--project", str(clone), *asked], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    placebook("check")
    placebook("build")
    table, source = clone / "data/tables/els-claimant-count.csv", clone / "data/sources/els-claimant-count.yml"
    rows = table.read_text(encoding="utf-8").splitlines()
    at = max(at for at, row in enumerate(rows) if row.startswith("E07000095,"))
    cells = rows[at].split(",")
    cells[5] = f"{float(cells[5]) + 0.5:g}"
    old = hashlib.sha256(table.read_bytes()).hexdigest()
    table.write_text("\n".join([*rows[:at], ",".join(cells), *rows[at + 1 :]]) + "\n", encoding="utf-8")
    source.write_text(
        source.read_text(encoding="utf-8").replace(old, hashlib.sha256(table.read_bytes()).hexdigest()), encoding="utf-8"
    )
    subprocess.run(
        [
            sys.executable,
            "-c",
            f"from placebook.refresh import datapackage; from placebook.paths import Project; "
            f"from pathlib import Path; datapackage.write(Project.at(Path({str(clone)!r})))",
        ],
        check=True,
    )
    placebook("check")
    placebook("build")
    placebook("compare", "HEAD", "--format", "markdown", "--to", str(clone / "comparison.md"))
    told = (clone / "comparison.md").read_text(encoding="utf-8")
    assert "**Revised figures**" in told and "### Broxbourne" in told
    assert re.search(r"Claimant[^\n]*~~[\d.]+% in [^~]*~~ \*\*[\d.]+% in ", told)
    assert git("worktree", "list").count("\n") == 1
