"""Checkouts of the real book elsewhere, for tests that change what is written."""

import shutil
import subprocess
from pathlib import Path

from placebook.paths import Project

ROOT = Path(__file__).parents[2]
MADE = ("_build", "book/places", "book/counties", "book/generated")


def clone(folder: Path) -> Project:
    """What git tracks and has not been told to ignore, elsewhere."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return Project.at(folder)


def clone_built(folder: Path) -> Project:
    """A checkout with everything that was built in it, times of writing and all: nothing in it has to be done."""
    project = clone(folder)
    for name in MADE:
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    return project


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
