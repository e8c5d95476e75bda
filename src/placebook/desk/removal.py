"""A place leaves the book: its params, and all that was made from them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

from placebook.build.unchanged import BOOK
from placebook.catalogue import yaml_reader
from placebook.desk.choices import spoken
from placebook.errors import InputError
from placebook.execute.outcome import PLACE, Page
from placebook.incremental.pages import delete, made_files
from placebook.incremental.records import Records
from placebook.paths import PINS, REVIEWS, Project


def slug_named(project: Project, place: str) -> str:
    """The slug of a place by its slug or by its name in the book; its file need not be without faults.

    Raises InputError where there is no such place, or two of its name.
    """
    slugs = _slugs(project)
    if place in slugs:
        return place
    named = [slug for slug in slugs if spoken(_name(project, slug)) == spoken(place)]
    if len(named) == 1:
        return named[0]
    if named:
        raise InputError(
            f"{place!r} is the name of {' and of '.join(f'params/{slug}.yml' for slug in named)}; write one's slug"
        )
    raise InputError(f"there is no place {place!r}: params/ holds {', '.join(slugs) or 'none'}")


def check_not_last(project: Project, slug: str) -> None:
    """Raises InputError for the only place that there is."""
    if _slugs(project) == [slug]:
        raise InputError(
            f"params/{slug}.yml is the book's last place, and a book has one: placebook add another, then remove this one"
        )


def remove(project: Project, slug: str) -> list[str]:
    """Delete a place's params and everything made from them; gives what went, as messages show it."""
    path = project.params / f"{slug}.yml"
    path.unlink()
    gone = [f"params/{path.name}"]
    for folder in (PINS, REVIEWS):
        beside = project.root / folder / path.name
        gone += [f"{folder}/{path.name}"] if beside.exists() else []
        beside.unlink(missing_ok=True)
    return [*gone, *clear(project, slug)]


def clear(project: Project, slug: str) -> list[str]:
    """Delete everything that was made of a place, here and in the site; gives what went, as messages show it."""
    there = [path for path in made_files(project, Page(PLACE, slug)) if path.exists() or path.is_symlink()]
    Records(project).forget(BOOK)  # the site is no longer as it was made
    for path in there:
        delete(path)
    return [path.relative_to(project.root).as_posix() for path in there]


def brought_back(project: Project, slug: str) -> str:
    """Whether git can bring the words of a place back, and how, as a sentence."""
    shown = f"params/{slug}.yml"
    if not (git := shutil.which("git")):
        return f"{shown} cannot be brought back: there is no git here."
    asked = [git, "--literal-pathspecs", "-C", str(project.root)]
    tracked = subprocess.run([*asked, "ls-files", "--error-unmatch", shown], capture_output=True, check=False)
    if tracked.returncode:
        return f"{shown} is not in git: its words cannot be brought back."
    changed = subprocess.run([*asked, "diff", "--quiet", "HEAD", "--", shown], capture_output=True, check=False)
    if changed.returncode:
        return f"{shown} has changes that are not committed: they cannot be brought back."
    return f"git brings its words back: git checkout HEAD -- {shown}"


def mentions(project: Project, slug: str) -> Iterator[str]:
    """Lines of what people write that lead to the place's page or file, each as ``file:line``."""
    leads = re.compile(rf"(places/{re.escape(slug)}\b(?!-)|\b{re.escape(slug)}\.(yml|ipynb|html)\b)")
    written = [project.toc, project.config, project.root / "README.md"]
    written += [path for folder in (project.params, project.counties) for path in sorted(folder.glob("*.yml"))]
    written += sorted((project.root / "book").glob("*.md"))
    for path in written:
        if path.is_file() and path != project.params / f"{slug}.yml":
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if leads.search(line):
                    yield f"{path.relative_to(project.root).as_posix()}:{number}"


def _slugs(project: Project) -> list[str]:
    return sorted(path.stem for path in project.params.glob("*.yml") if not path.name.startswith("."))


def _name(project: Project, slug: str) -> str:
    return str(yaml_reader.read(project.params / f"{slug}.yml", slug).data.get("name", ""))
