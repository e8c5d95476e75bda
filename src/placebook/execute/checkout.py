"""A checkout that a worker of a cluster lays out for itself, and in which it executes one place after another.

It has files of its own, no links: a template that writes to its data would spoil the file for every other build. What a place
leaves is taken away before the next one comes, and where it changed what was laid out, everything is laid out afresh: each place
finds what the build sent, and nothing else.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path, PurePosixPath

from placebook.errors import BuildError
from placebook.paths import Project

LEFT = 32
"""Places whose leavings lie aside before they are deleted, 7 MB each. Some file systems (ext4 without a journal, as virtual
machines often have it) make new files slowly for minutes after some were deleted: that took a tenth of the time of all pages."""

Mark = tuple[int, int, int, int, int]
"""Device, number, size, and times of writing and of any change: nobody but the system sets the last."""


def contained(name: str) -> PurePosixPath:
    """A path that leads nowhere but below the folder that it is meant for. Raises BuildError for any other."""
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise BuildError(f"{name!r} is no path inside a checkout; it is not written")
    return path


class Checkout:
    """Files by their paths, written from where they are held by their hash."""

    def __init__(self, listed: Mapping[str, str], content: Callable[[str], bytes], within: Path):
        """``listed``: path to hash; ``content`` gives the bytes of a hash. Lies in a new folder in ``within``. Raises BuildError
        for a path that leads out of it."""
        self._listed: dict[str, str] = {}
        self._content = content
        self._within = within
        self._folder = self._new_folder("checkout-")
        self.project = Project(Path(self._folder.name).resolve())
        self._marks: dict[Path, Mark] = {}
        self._folders: set[Path] = set()
        self._aside: tempfile.TemporaryDirectory[str] | None = None
        """Where what places left lies until it is deleted."""
        self._tidied = 0
        self._numbers = count()
        try:
            self.extend(listed)
        except BaseException:
            self.close()
            raise

    def extend(self, listed: Mapping[str, str]) -> bool:
        """Lay out what is listed more now; False, and nothing is done, where something is listed no more or is another file.

        Raises BuildError for a path that leads out of it.
        """
        if not self._listed.items() <= listed.items():
            return False
        root = self.project.root
        for name in listed.keys() - self._listed.keys():
            path = root / contained(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._content(listed[name]))
            self._marks[path] = _mark(path)
            self._folders.update(path.parents)
        self._listed = dict(listed)
        return True

    def holds(self, listed: Mapping[str, str]) -> bool:
        """Whether all that is listed was laid out, more or not."""
        return listed.items() <= self._listed.items()

    @property
    def whole(self) -> bool:
        """Whether every file is still the one that was laid out."""
        try:
            return all(_mark(path) == mark for path, mark in self._marks.items())
        except OSError:
            return False

    def tidy(self) -> None:
        """Take away all that was not laid out. Raises OSError where something cannot be."""
        if self._aside and self._tidied % LEFT == 0:
            self._aside.cleanup()
            self._aside = None
        self._aside = self._aside or self._new_folder("left-")
        self._tidied += 1
        aside = Path(self._aside.name)
        for folder, folders, names in os.walk(self.project.root):
            for name in (*names, *folders):
                path = Path(folder, name)
                if path not in self._marks and path not in self._folders:
                    path.rename(aside / f"{next(self._numbers)}")
            folders[:] = [name for name in folders if Path(folder, name) in self._folders]

    def _new_folder(self, prefix: str) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix=prefix, dir=self._within, ignore_cleanup_errors=True)

    def close(self) -> None:
        """Delete it. What still writes to it, such as a process that would not end, writes to what nobody reads."""
        for folder in (self._folder, self._aside):
            if folder:
                folder.cleanup()


def _mark(path: Path) -> Mark:
    about = path.lstat()
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
