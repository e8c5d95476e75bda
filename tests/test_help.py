"""``--help`` of every command: with examples that are true, and whole on a terminal of 80 columns."""

import re
import shlex

import pytest
import typer.main
from typer.testing import CliRunner

from placebook.cli import app

WIDE = 80


def commands(command, words=()):
    """Each command with the words that call it."""
    yield words, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))


EVERY = dict(commands(typer.main.get_command(app)))


def helped(words, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(WIDE))
    done = CliRunner().invoke(app, [*words, "--help"], prog_name="placebook")
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_help_is_whole_at_80_columns(words, monkeypatch):
    shown = helped(words, monkeypatch)
    assert [line for line in shown.splitlines() if len(line) > WIDE] == []
    assert "…" not in shown, "a cut word, or one that looks like it"
    told = " ".join(re.sub(r"[│╭╮╰╯─]", " ", shown).split())
    for line in EVERY[words].help.splitlines():
        assert " ".join(line.split()) in told
        assert len(line) <= WIDE - 2, "it would be broken where it is not meant to"
    for parameter in EVERY[words].params:
        assert " ".join(parameter.help.split()) in told
        assert all(option in told for option in parameter.opts if option.startswith("-"))


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_examples_and_they_can_be_typed(words):
    """Each is parsed as the command line does it, and nothing is carried out."""
    _, _, examples = EVERY[words].help.partition("\nExamples:\n")
    typed = [line.partition("   ")[0] for line in re.sub(r"\n    +", " ", examples).replace("\n  ", "\n").strip().splitlines()]
    assert typed
    for line in typed:
        name, *rest = shlex.split(line)
        assert name == "placebook" and rest[: len(words)] == list(words)
        command, given = EVERY[()], rest
        while hasattr(command, "commands"):
            called, *given = given
            command = command.commands[called]
        command.make_context(called, given)
