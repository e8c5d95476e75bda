"""What a worker of a Dask cluster does for a build elsewhere: it lays the archive out and executes one place at a time."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import multiprocessing
import shutil
import tarfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from distributed import Worker, WorkerPlugin, get_worker

import placebook
from placebook.execute import pool
from placebook.execute.outcome import Outcome, Page, executed_files
from placebook.paths import Project, files

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """What is sent back of a place."""

    outcome: Outcome
    log: bytes
    files: Mapping[str, bytes]
    """Path from the project's root to content; none where the place failed."""


class Checkout(WorkerPlugin):
    """An archive of the project's files, laid out on each worker that is like the build's machine as long as the build lasts.

    Such a worker has a resource of the plugin's name, of which a place takes the whole: one at a time.
    """

    def __init__(self, archive: bytes):
        self.archive = archive
        self.code = code()
        self.name = f"placebook-{time.time_ns()}"

    async def setup(self, worker: Worker) -> None:
        """Called by Dask on each worker, on one that comes later too."""
        if problem := unlike(self.code):  # of those that were there before, the build has said so itself
            LOG.warning("left aside by a build of placebook: %s", problem)
            return
        await asyncio.to_thread(self._lay_out, _folder(worker, self.name))
        await worker.set_resources(**{self.name: 1})

    def _lay_out(self, folder: Path) -> None:
        with tarfile.open(fileobj=io.BytesIO(self.archive)) as archive:
            archive.extractall(folder, filter="data")

    def teardown(self, worker: Worker) -> None:
        """Called by Dask when the build ends."""
        shutil.rmtree(_folder(worker, self.name), ignore_errors=True)


def _folder(worker: Worker, name: str) -> Path:
    return Path(worker.local_directory).resolve() / name


def execute_place(page: Page, checkout: str, time_limit: int, cold: bool) -> Made:
    """Execute a place in the checkout of a build; its process is a fork of this worker's own fork server."""
    project = Project(_folder(get_worker(), checkout))
    outcomes: list[Outcome] = []
    pool.execute_all(project, [page], 1, time_limit, cold, outcomes.append)
    paths = [] if outcomes[0].failed else executed_files(project, page)
    made = [path for output in paths for path in (files(output) if output.is_dir() else [output])]
    contents = {path.relative_to(project.root).as_posix(): path.read_bytes() for path in made if path.is_file()}
    return Made(outcomes[0], (project.logs / f"{page.slug}.log").read_bytes(), contents)


def code() -> str:
    """One hash over the files of this package as they are on this disk."""
    package = Path(placebook.__file__).parent
    whole = hashlib.sha256()
    for path in sorted(files(package)):
        whole.update(f"{path.relative_to(package).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def unlike(build: str) -> str | None:
    """Why this worker cannot be used by a build that has this code; None where it can."""
    if multiprocessing.current_process().daemon:
        return "its nanny lets it start no process: start it with --no-nanny, or with DASK_DISTRIBUTED__WORKER__DAEMON=False"
    return None if code() == build else f"other code of placebook {placebook.__version__}"
