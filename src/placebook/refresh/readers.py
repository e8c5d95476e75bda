"""Where published files come from: a protocol of one method, and a directory that answers it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Protocol

from placebook.errors import InputError


class Reader(Protocol):
    """Anything that hands over the bytes of a published file by its name."""

    def read(self, name: str) -> bytes:
        """The bytes of the file ``name``. Raises InputError where it cannot be had."""
        ...


class Directory:
    """Files below one directory. No name leads out of it, neither by ``..`` nor by a link."""

    def __init__(self, path: Path | str):
        self._root = Path(path).resolve()
        if not self._root.is_dir():
            raise InputError(f"{path} is not a directory. Name the directory that holds the published files.")

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        try:
            self.read(name)
        except InputError:
            return False
        return True

    def read(self, name: str) -> bytes:
        """The bytes of ``name``, written with ``/``. Raises InputError where it is absent or outside."""
        parts = PurePosixPath(name)
        if not name or "\\" in name or "\0" in name or parts.is_absolute() or ".." in parts.parts:
            raise InputError(f"{name!r} is not the name of a file below {self._root}: use a relative path without '..'.")
        path = (self._root / parts).resolve()
        if not path.is_relative_to(self._root):
            raise InputError(f"{name} leads out of {self._root} through a link. Put the file itself there.")
        if not path.is_file():
            raise InputError(f"{name} is not in {self._root}. Get it from the publisher, under that name.")
        return path.read_bytes()
