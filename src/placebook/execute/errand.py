"""What a worker of a cluster does for a build elsewhere: it keeps files by their hash and executes one place at a time.

A worker needs this package and its libraries, nothing else: no checkout, no disk that it shares with the build. Files
come to it once and stay as long as it does; from them it lays out a small checkout of its own, executes the places in it
and sends back the bytes of what was made. Everything here runs in the worker's process.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from placebook import __version__
from placebook.build.standing import Outcome
from placebook.errors import BuildError
from placebook.execute import notebook, warm
from placebook.execute.checkout import Checkout, contained
from placebook.execute.travel import Files, unwrap
from placebook.incremental import fingerprints
from placebook.paths import Project, write_atomically

if TYPE_CHECKING:
    from distributed import Worker

NAME = "placebook"
"""Under this name a worker holds its room."""
KEPT_FOR = 7 * 24 * 3600.0
"""Seconds after which a file that no build has asked for is deleted."""
IDLE = ("profile", "profile-cycle", "tick")
"""What Dask does a hundred or fifty times a second to see what a worker does, which only waits for its pages."""
END_OF_LOG = 4000
"""Bytes of the log of the warm processes' server that go with the log of a place that failed."""


@dataclass(frozen=True)
class Errand:
    """One place to be executed."""

    place: str
    manifest: str
    """Hash of the list of files that the checkout is laid out from."""
    time_limit: int
    """Seconds for each cell."""
    kernel: str


@dataclass(frozen=True)
class Brought:
    """What a worker sends back."""

    outcome: Outcome
    log: bytes
    files: Files
    """Path from the checkout's root to content; none where the place failed."""


# ------------------------------------------------------------ what a worker keeps


class Room:
    """One worker's files and its warm processes, as long as it lives."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.code = code()
        """The package as it was when this worker first heard of a build: what its pages have loaded."""
        self._kept = folder / "files"
        self._kept.mkdir(parents=True, exist_ok=True)
        self._one_at_a_time = threading.Lock()
        """Papermill changes into the folder that it executes in, and a process has only one: threads must wait."""
        self._open = ExitStack()
        self._warm = ""
        self._manifest = ""
        self._checkout: Checkout | None = None
        """As the manifest lists it; the next place of the same build finds it there."""
        self._ahead = False
        """Whether the warm processes know what all pages of the checkout read alike."""

    @classmethod
    def of(cls, worker: Worker) -> Room:
        """The worker's room: made when it is first asked for, closed with the worker."""
        held = worker.extensions.get(NAME)
        if not isinstance(held, cls):
            held = worker.extensions[NAME] = cls(Path(worker.local_directory).resolve() / NAME)
        return held

    def close(self) -> None:
        """End the warm processes. The worker deletes the files with its folder."""
        self._open.close()
        self._warm = ""
        self.leave()

    def kernel(self, wanted: str) -> str:
        """What to execute with; the server of warm processes starts when it is first wanted, and stays."""
        if wanted == warm.WARM and not self._warm:
            self._warm = self._open.enter_context(warm.processes(Project(self.folder)))
        return self._warm if wanted == warm.WARM else wanted

    def lacks(self, digests: Collection[str]) -> list[str]:
        """Those of the files asked for that are not here. What no build has asked for in a week is deleted."""
        absent = []
        for digest in digests:
            try:
                os.utime(self._kept / digest)
            except FileNotFoundError:
                absent.append(digest)
        oldest = time.time() - KEPT_FOR
        for path in self._kept.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
        return absent

    def receive(self, wrapped: Mapping[str, bytes]) -> None:
        """Keep files by their hash, as they travel. Raises BuildError for one that is not what its hash says."""
        for digest, each in wrapped.items():
            with suppress(ValueError):
                if hashlib.sha256(unwrap(each)).hexdigest() == digest:
                    write_atomically(self._kept / digest, each)
                    continue
            raise BuildError(f"a file arrived with other bytes than were sent (SHA-256 {digest})")

    def _content(self, digest: str) -> bytes:
        """A file that was received. Raises BuildError for a name that leads elsewhere."""
        return unwrap((self._kept / contained(digest)).read_bytes())

    @contextmanager
    def checkout(self, manifest: str) -> Iterator[Project]:
        """A checkout of the files that the manifest names and of no others, for one place at a time.

        What the block leaves in it is deleted. Raises BuildError for a path that leads out of it.
        """
        with self._one_at_a_time:
            laid_out = self._lay_out(manifest)
            try:
                yield laid_out.project
            except BaseException:
                self.leave()
                raise
            try:
                if self._checkout is not None:
                    self._checkout.tidy()
            except OSError:  # something is in use, or nobody may delete it
                self.leave()

    def _lay_out(self, manifest: str) -> Checkout:
        """A checkout of the manifest's files. One that holds some of them, and no others, is added to."""
        if self._checkout is not None and self._checkout.whole and self._manifest == manifest:
            return self._checkout
        listed: dict[str, str] = json.loads(self._content(manifest))
        try:
            if self._checkout is None or not self._checkout.whole or not self._checkout.extend(listed):
                self.leave()
                self._checkout = Checkout(listed, self._content, self.folder)
        except BaseException:
            self.leave()
            raise
        self._manifest, self._ahead = manifest, False
        return self._checkout

    def begin(self, manifest: str, kernel: str, place: str = "") -> None:
        """Lay out a checkout, and let warm processes read in it what the pages of all places read alike: declarations and
        outlines only, where no ``place`` says that the tables have been read.

        One of an earlier build that holds all of it, and its tables as they were read, is likely to be the next one's.
        Nobody waits for a place of another build that is under way: this is asked in the worker's own thread.
        """
        if not self._one_at_a_time.acquire(blocking=False):
            return
        try:
            if self._checkout is None or not self._checkout.holds(json.loads(self._content(manifest))):
                self._read_ahead(self._lay_out(manifest).project, kernel, place)
        finally:
            self._one_at_a_time.release()

    def kernel_for(self, project: Project, errand: Errand) -> str:
        """As ``kernel``. Warm processes read what all pages read alike before the first place of a checkout."""
        if not self._ahead:
            self._read_ahead(project, errand.kernel, errand.place)
        return self.kernel(errand.kernel)

    def _read_ahead(self, project: Project, kernel: str, place: str) -> None:
        if self.kernel(kernel) == warm.WARM:
            warm.read_ahead(project, place)
            self._ahead = bool(place)

    def leave(self) -> None:
        """Delete the checkout: the next place finds another."""
        if self._checkout is not None:
            self._checkout.close()
        self._checkout = None

    def warnings(self) -> bytes:
        """The end of what the warm processes have said, if anything."""
        path = Project(self.folder).logs / warm.LOG
        return path.read_bytes()[-END_OF_LOG:] if path.is_file() else b""


# ------------------------------------------------------------ what a build asks of a worker


def dask_setup(worker: Worker) -> None:
    """What ``dask worker --preload placebook.execute.errand`` calls: libraries are loaded before a build asks, and Dask does not
    look a hundred times a second what the worker does, which only waits for its pages."""
    import pyarrow  # noqa: F401  it unpacks what travels

    for name in IDLE:
        if callback := worker.periodic_callbacks.pop(name, None):
            callback.stop()
    _begin(worker, warm.WARM)


def _begin(worker: Worker, kernel: str) -> None:
    warm.one_thread_each()
    Room.of(worker).kernel(kernel)
    _installed()
    libraries()


def lacking(digests: Collection[str], dask_worker: Worker) -> list[str]:
    """The files that this worker has yet to be sent."""
    return Room.of(dask_worker).lacks(digests)


def receive(wrapped: Mapping[str, bytes], dask_worker: Worker) -> None:
    """Keep files. Raises BuildError for one that is not what its hash says."""
    Room.of(dask_worker).receive(wrapped)


def begin(manifest: str, kernel: str, place: str, dask_worker: Worker) -> None:
    """Lay out the files of a build that is still being checked. What goes wrong is found again by the first place."""
    Room.of(dask_worker).begin(manifest, kernel, place)


def execute(errand: Errand) -> Brought:
    """Execute one place in a checkout that holds what the build sent."""
    from distributed import get_worker

    room = Room.of(get_worker())
    with room.checkout(errand.manifest) as project:
        outcome = notebook.execute(project, errand.place, errand.time_limit, room.kernel_for(project, errand))
        log = (project.logs / f"{errand.place}.log").read_bytes()
        if not outcome.failed:
            return Brought(outcome, log, _made(project, errand.place))
        room.leave()  # a process of it may be at work there still
    said = room.warnings()
    return Brought(outcome, log + (b"\nThe worker's warm processes said:\n\n" + said if said else b""), Files())


def _made(project: Project, place: str) -> Files:
    outputs = fingerprints.place_outputs(project, place)
    made = [path for given in outputs for path in (fingerprints.files(given) if given.is_dir() else [given])]
    return Files({path.relative_to(project.root).as_posix(): path.read_bytes() for path in sorted(made) if path.is_file()})


# ------------------------------------------------------------ who a worker is


def code() -> str:
    """One hash over the files of this package."""
    whole = hashlib.sha256()
    for path in sorted(fingerprints.files(fingerprints.PACKAGE)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(fingerprints.PACKAGE).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()


def likeness() -> dict[str, Any]:
    """What must be the same for the same bytes: the package, its code, Python, what is installed beside it."""
    return {
        "placebook": __version__,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "system": sys.platform,
        "code": code(),
        "installed": _installed(),
    }


def introduce(kernel: str, dask_worker: Worker) -> dict[str, Any]:
    """A worker's own ``likeness`` and ``libraries``; ``loaded`` is the code that it began with, which may lie on its disk no more.

    It loads the libraries that this kind needs from now on.
    """
    _begin(dask_worker, kernel)
    return {**likeness(), "libraries": libraries(), "loaded": Room.of(dask_worker).code}


@functools.cache
def _installed() -> str:
    """One hash over the names and versions of all that is installed, when this was first asked: what is loaded stays that."""
    return fingerprints.installed()


@functools.cache
def libraries() -> dict[str, str]:
    """Name and version of all that the package and Dask need, and of all that those need in turn, when this was first asked."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    asked = {NAME, "distributed"}
    while asked:
        name = asked.pop()
        try:
            about = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = about.version
        for line in about.requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                asked.add(canonicalize_name(needed.name))
        asked -= set(found)
    del found[NAME]  # told by itself
    return found
