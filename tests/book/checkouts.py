"""Checkouts of the real book elsewhere, for tests that change what is written."""

import shutil
import subprocess
from pathlib import Path

from placebook.incremental.fingerprints import Inputs
from placebook.paths import Project
from placebook.site import compile

ROOT = Path(__file__).parents[2]
MADE = ("_build", "book/places", "book/counties", "book/generated")


def clone(folder: Path) -> Project:
    """What git tracks and has not been told to ignore, elsewhere."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
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


def small_book(folder: Path, chapters: tuple[str, ...]) -> Project:
    """The real configuration and contents with one page each: enough for the compiler."""
    for name in ("_config.yml", "_toc.yml"):
        shutil.copyfile(ROOT / name, folder / name)
    shutil.copytree(ROOT / "book" / "_static", folder / "book" / "_static")
    for name in (
        "index",
        "methods",
        "glossary",
        "challenge",
        "accessibility",
        "compare",
        "generated/catalogue",
        "generated/changes",
        "generated/coverage",
        *chapters,
    ):
        path = folder / "book" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {path.stem.title()}\n\nWords.\n", encoding="utf-8")
    for name in ("params", "data"):
        (folder / name).mkdir()
    return Project.at(folder)


def compiled(project: Project, cores: int = 1) -> Path:
    return compile.compile_html(project, Inputs(project).book(["html"]), cores)


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
