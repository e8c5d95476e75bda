"""What the desk's tests share: a checkout with this one's tables, opened once, and the command in this process."""

import copy
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from placebook import paths
from placebook.catalogue.load import Catalogue
from placebook.cli import main
from placebook.desk import opened
from placebook.desk.opened import Desk
from placebook.evidence.store import Store
from placebook.paths import Project
from tools.wheel import NATIONAL

REAL = Project.at(Path(__file__).parents[2])


@pytest.fixture(scope="session")
def real():
    catalogue = Catalogue.open(REAL)
    return Desk(catalogue, Store.open(REAL, catalogue.sources, catalogue.areas))


@pytest.fixture(scope="session")
def checked_tables(tmp_path_factory):
    """Where tables that were checked lie, by their hashes, for all checkouts."""
    return tmp_path_factory.mktemp("tables")


@pytest.fixture
def checkout(tmp_path, checked_tables):
    """What the commands read, elsewhere; tables are not copied."""
    root = tmp_path / "book"
    for name in ("params", "data/counties"):
        shutil.copytree(REAL.root / name, root / name)
    for name in ("sources", "indicators", "tables", "small-areas", "geography", "datapackage.json"):
        (root / "data" / name).symlink_to(REAL.root / "data" / name)
    for name in ("_config.yml", "_toc.yml", "notebooks", "schemas"):
        (root / name).symlink_to(REAL.root / name)
    (root / "_build/cache").mkdir(parents=True)
    (root / "_build/cache/tables").symlink_to(checked_tables)
    return Project.at(root)


@pytest.fixture(scope="session")
def carried_once(tmp_path_factory):
    """What an installed package carries, as links to this checkout's."""
    national = tmp_path_factory.mktemp("package") / "national"
    for pattern in NATIONAL:
        for path in filter(Path.is_file, REAL.root.glob(pattern)):
            target = national / path.relative_to(REAL.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path)
    return national


@pytest.fixture
def carried(carried_once, monkeypatch):
    """The package carries national files, as one does that was installed from a wheel."""
    monkeypatch.setattr(paths, "NATIONAL", carried_once)


@pytest.fixture
def opened_once(real, monkeypatch):
    """The commands are given what was opened once, in place of the same read again."""

    def at_hand(_project):
        catalogue = copy.copy(real.catalogue)
        catalogue.places, catalogue.documents = dict(catalogue.places), dict(catalogue.documents)
        return Desk(catalogue, real.store)

    monkeypatch.setattr(opened, "opened", at_hand)

    def read(_project):
        return at_hand(_project).catalogue, []

    monkeypatch.setattr("placebook.desk.renaming.Catalogue.read", read)


@pytest.fixture
def placebook(monkeypatch, capsys):
    """The command in this process, in a folder of its own: its exit status and what it said, on lines of any length."""

    def _run(project, *words, terminal=()):
        """``terminal``: what somebody types; none, and there is nobody."""
        answers = iter(terminal)

        def answer(_question):
            try:
                return next(answers)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("placebook.desk.commands.asking", lambda yes: bool(terminal) and not yes)
        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr(sys, "argv", ["placebook", "--project", str(project.root), *map(str, words)])
        status = 0
        try:
            main()
        except SystemExit as left:
            status = left.code or 0
        said = capsys.readouterr()
        return SimpleNamespace(returncode=status, stdout=said.out, stderr=said.err)

    return _run
