"""Jupyter Book compiles the pages of the HTML site, from which the other forms are made."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import yaml

from placebook.catalogue import strict_yaml
from placebook.edition.polish import polish
from placebook.errors import BuildError, PlacebookError
from placebook.paths import Project, write_atomically
from placebook.report.downloads import BUNDLE, bundle

PROBLEM = re.compile(r"(WARNING|ERROR|CRITICAL|Exception|Error)\b")
LAUNCH = """
import os, threading
threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()
from jupyter_book.cli.main import main
main()
"""
"""The compiler ends with the build: one whose build was killed would go on writing beside the next one's."""
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def compile_html(project: Project, finish: Callable[[Path], None] = lambda site: None) -> Path:
    """The site in ``_build/html``. The last good one stays until the new one is whole.

    ``finish`` is given the new site before a reader sees it. What it raises is raised again when the site stands.
    """
    return _publish(project, _jupyter_book(project, "html"), project.html, finish)


def recover(project: Project) -> None:
    """Put the last good site back where a build was killed between two renamings."""
    old = project.html.with_name(f".{project.html.name}.old")
    if old.exists() and not project.html.exists():
        old.rename(project.html)


def _jupyter_book(project: Project, builder: str) -> Path:
    work = project.build / "work" / builder
    work.mkdir(parents=True, exist_ok=True)
    # What was read is kept from one run to the next, what was written is not: a page whose place is gone would
    # otherwise stay in the book, and a search index that is only brought up to date is not the one made anew.
    shutil.rmtree(work / "_build" / builder, ignore_errors=True)
    log = project.logs / f"compile-{builder}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-c", LAUNCH, "build", str(project.root), "--path-output", str(work),
        "--toc", str(_contents(project, work)), "--builder", builder, "--warningiserror", "--keep-going", "--quiet",
    ]  # fmt: skip
    # Sets and colours must not change the bytes from one run to the next.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "NO_COLOR": "1", "SOURCE_DATE_EPOCH": "0"}
    end, held = os.pipe()
    try:
        done = subprocess.run(
            command, cwd=project.root, env=environment, stdin=end, capture_output=True, text=True, check=False
        )
    finally:
        os.close(end)
        os.close(held)
    said = ANSI.sub("", done.stdout + done.stderr)
    log.write_text(said, encoding="utf-8")
    if done.returncode:
        lines = [line for line in said.splitlines() if PROBLEM.search(line)]
        shown = "\n".join(lines[:20]) or said[-2000:]
        raise BuildError(
            f"the book could not be compiled; the last good one is untouched.\n{shown}\n"
            f"    → the whole output is in {log.relative_to(project.root)}"
        )
    return work / "_build" / builder


def _contents(project: Project, work: Path) -> Path:
    """The table of contents; without the county's part where no county has a place in the book.

    A glob that matches nothing stops the compiler, which is right for places and wrong for counties.
    """
    written = strict_yaml.read(project.toc, project.toc.name).data
    pages = f"{project.county_pages.relative_to(project.root).as_posix()}/"
    if any(project.county_pages.glob("*.ipynb")):
        return project.toc
    parts = [
        part
        for part in written.get("parts", [])
        if not all(str(chapter.get("glob", "")).startswith(pages) for chapter in part.get("chapters", []))
    ]
    target = work / "_toc.yml"
    write_atomically(target, yaml.safe_dump({**written, "parts": parts}, sort_keys=False, allow_unicode=True))
    return target


def _publish(project: Project, made: Path, target: Path, finish: Callable[[Path], None]) -> Path:
    """Finish the site beside the old one, and put it in its place by renaming: no reader sees half of it."""
    fresh = target.with_name(f".{target.name}.new")
    old = target.with_name(f".{target.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(made, fresh)
    polish(fresh)
    pages = fresh / project.place_pages.relative_to(project.root)
    for page in pages.glob("*.html"):
        if (project.evidence / page.stem).exists():
            shutil.copytree(project.evidence / page.stem, pages / page.stem)
    if project.downloads.exists():
        shutil.copytree(project.downloads, fresh / "downloads")
        bundle(fresh / "downloads", fresh / "downloads" / BUNDLE)
    problem: PlacebookError | None = None
    try:
        finish(fresh)
    except PlacebookError as error:
        problem = error
    if target.exists() and not _exchange(fresh, target):
        target.rename(old)
    if not target.exists():
        fresh.rename(target)
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    if problem:
        raise problem
    return target


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, so that a reader meets the one or the other and never neither.

    Linux can (renameat2 with RENAME_EXCHANGE); False where the system or the disk cannot.
    """
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return exchange is not None and exchange(here, os.fsencode(one), here, os.fsencode(other), swap) == 0
