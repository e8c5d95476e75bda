"""Compiled pages, evidence and downloads to one site that takes the old one's place in one step.

A site of hundreds of places is gigabytes: evidence and downloads are not written again but given a second name (a hard link).
That is safe because they are never changed in place: they are written beside and renamed. Compiled pages, which the compiler
writes in place, are copied.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from placebook.content_cache import hash_of
from placebook.incremental.records import Records
from placebook.paths import Project, files, link
from placebook.report import downloads
from placebook.report.downloads import BUNDLE
from placebook.site.theme_repairs import polish

ARCHIVE = "archive"
"""The record of the archive of all downloads."""


def publish(project: Project, compiled: Path, finish: Callable[[Path], None]) -> None:
    """Finish the site beside the old one, and put it in its place by renaming: no reader sees half of it.

    ``compiled`` are the compiler's pages. ``finish`` is given the site before a reader sees it; where it, or anything before
    it, raises, the old site stays as it was, whole.
    """
    target = project.html
    fresh, old = (target.with_name(f".{target.name}.{which}") for which in ("new", "old"))
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        polish(compiled, fresh)
        pages = fresh / project.place_pages.relative_to(project.root)
        for page in sorted(pages.glob("*.html")):
            link_all(project.evidence / page.stem, pages / page.stem)
        if project.downloads.exists():
            link_all(project.downloads, fresh / "downloads")
            link(archive(project), fresh / "downloads" / BUNDLE)
        finish(fresh)
        _for_everybody(fresh)
        if target.exists() and not _exchange(fresh, target):
            target.rename(old)
        if not target.exists():
            fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _for_everybody(site: Path) -> None:
    """A site is for readers, whatever else its builder keeps private (umask)."""
    for here, _, names in os.walk(site):
        Path(here).chmod(0o755)
        for name in names:
            Path(here, name).chmod(0o644)


def recover(project: Project) -> None:
    """Put the last good site back where a build was killed between two renamings."""
    old = project.html.with_name(f".{project.html.name}.old")
    if old.exists() and not project.html.exists():
        old.rename(project.html)


def link_all(source: Path, target: Path) -> None:
    """Give all files of a folder and the folders in it a second name; nothing where there is none."""
    for path in files(source):
        link(path, target / path.relative_to(source))


def archive(project: Project) -> Path:
    """All downloads as one ZIP: the one of last time where no download has changed since.

    Raises BuildError for a download that the archive cannot hold.
    """
    packed, records = project.build / "work" / BUNDLE, Records(project)
    inputs = {os.path.relpath(path, project.downloads): hash_of(path) for path in sorted(files(project.downloads))}
    inputs["code"] = hash_of(Path(downloads.__file__))
    if records.why(ARCHIVE, inputs):
        records.forget(ARCHIVE)
        downloads.bundle(project.downloads, packed)
        records.keep(ARCHIVE, inputs, [packed])
    return packed


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, so that a reader meets the one or the other and never neither.

    Linux can (renameat2 with RENAME_EXCHANGE); False where the system or the disk cannot.
    """
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return exchange is not None and exchange(here, os.fsencode(one), here, os.fsencode(other), swap) == 0
