"""Compiled pages, evidence and downloads to one site that takes the old one's place in one step.

A site of hundreds of places is gigabytes: what did not change is not written again but given a second name (a hard
link). That is safe because nothing here is ever changed in place: files are written beside and renamed.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from threading import Thread

from placebook.content_cache import hash_of
from placebook.errors import PlacebookError
from placebook.incremental.fingerprints import files
from placebook.paths import Project, link, write_atomically
from placebook.report.downloads import BUNDLE, bundle
from placebook.site.theme_repairs import make_ready_what_pages_load, polish


def publish(project: Project, made: Path, finish: Callable[[Path], None]) -> None:
    """Finish the site beside the old one, and put it in its place by renaming: no reader sees half of it.

    ``made`` is what was compiled. ``finish`` is given the site before a reader sees it; where it, or anything before it, raises,
    the old site stays as it was, whole.
    """
    target = project.html
    fresh = target.with_name(f".{target.name}.new")
    old = target.with_name(f".{target.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        polish(made, fresh, _polished(project))
        pages = fresh / project.place_pages.relative_to(project.root)
        for page in sorted(pages.glob("*.html")):
            link_all(project.evidence / page.stem, pages / page.stem)
        if project.downloads.exists():
            link_all(project.downloads, fresh / "downloads")
            link(archive(project), fresh / "downloads" / BUNDLE)
        finish(fresh)
        _for_everybody(fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    if target.exists() and not _exchange(fresh, target):
        target.rename(old)
    if not target.exists():
        fresh.rename(target)
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)


def _for_everybody(site: Path) -> None:
    """A site is for readers, whatever else its builder keeps private (umask)."""
    for here, _, names in os.walk(site):
        os.chmod(here, 0o755)
        for path in (os.path.join(here, name) for name in names):
            if S_IMODE(os.stat(path).st_mode) != 0o644:
                os.chmod(path, 0o644)


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
    kept, note = project.build / "work" / BUNDLE, project.build / "work" / f"{BUNDLE}.txt"
    known = hashlib.sha256(Path(bundle.__code__.co_filename).read_bytes())
    for path in sorted(files(project.downloads)):
        known.update(f"\n{path.relative_to(project.downloads).as_posix()} {hash_of(path)}".encode())
    if not (kept.exists() and note.exists() and note.read_text(encoding="utf-8") == f"{known.hexdigest()} {hash_of(kept)}"):
        note.unlink(missing_ok=True)
        bundle(project.downloads, kept)
        write_atomically(note, f"{known.hexdigest()} {hash_of(kept)}")
    return kept


def make_ready_beside(project: Project, wait: Callable[[], None]) -> Thread:
    """Pack the downloads, and what else needs no compiled page, while something else is done; ``wait`` returns when there is a
    processor for it.

    What cannot be made is made by ``publish``, which says why not.
    """

    def make_ready() -> None:
        wait()
        with suppress(OSError, PlacebookError):
            archive(project)
        make_ready_ahead(project)

    thread = Thread(target=make_ready, daemon=True)  # nobody who breaks off a build waits for it
    thread.start()
    return thread


def make_ready_ahead(project: Project) -> None:
    """Of what ``make_ready_beside`` makes, what needs no place's page either."""
    with suppress(OSError, PlacebookError):
        make_ready_what_pages_load(_polished(project))


def _polished(project: Project) -> Path:
    """Where repaired pages and what they load are kept."""
    return project.build / "work" / "polished"


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, so that a reader meets the one or the other and never neither.

    Linux can (renameat2 with RENAME_EXCHANGE); False where the system or the disk cannot.
    """
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return exchange is not None and exchange(here, os.fsencode(one), here, os.fsencode(other), swap) == 0
