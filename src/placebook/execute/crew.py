"""The workers of a cluster: who is there, who is like this machine, and who has which files."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from placebook.content_cache import hash_of
from placebook.errors import InputError
from placebook.execute import errand
from placebook.execute.travel import wrap
from placebook.incremental import fingerprints
from placebook.paths import Project

if TYPE_CHECKING:
    from distributed import Client

LOG = logging.getLogger(__name__)
CONNECT = 10.0
"""Seconds within which the scheduler must answer."""
PATIENCE = 30.0
"""Seconds to wait for a worker where there is none."""
LOOK = 0.5
"""Seconds after which it is looked again who is still there."""
AGAIN = 0.05
"""Seconds after which it is looked how many tables the check has read."""
TOLD = 5
"""Libraries that a message names."""


def packed(project: Project, held: Mapping[str, bytes] | None = None) -> tuple[str, dict[str, bytes]]:
    """All that executing a place reads, by hash; and the hash of the list that says where each file lies.

    What is ``held`` by its hash is not read again where its file is as it was. Tables that the store has read already go
    along in that form: a worker need not check and read them again.
    """
    folders = (
        project.params,
        project.sources,
        project.indicators,
        project.counties,
        project.tables,
        project.geography,
    )
    paths = [path for folder in folders for path in fingerprints.files(folder)]
    paths += [path for path in (project.config, project.toc, project.place_template) if path.is_file()]
    contents: dict[str, bytes] = {}
    listed: dict[str, str] = {}

    def add(path: Path) -> None:
        digest = hash_of(path)
        content = (held or {}).get(digest)
        if content is None:
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
        listed[path.relative_to(project.root).as_posix()] = digest
        contents[digest] = content

    for path in sorted(paths):
        add(path)
    for path in sorted(fingerprints.files(project.cache / "tables")):
        if path.name.partition("-")[0] in contents:  # named by the table that it was read from
            add(path)
    manifest = json.dumps(listed, sort_keys=True).encode()
    digest = hashlib.sha256(manifest).hexdigest()
    return digest, {**contents, digest: manifest}


def unlike(mine: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """In what a worker's answer to ``errand.introduce`` differs from this machine's ``errand.likeness``, in words."""
    found = [
        f"{what} {other.get(what)}, here {mine[what]}" for what in ("placebook", "python") if other.get(what) != mine[what]
    ]
    if not found and other.get("code") != mine["code"]:
        found.append(f"other code of placebook {mine['placebook']}")
    elif not found and other.get("loaded") != mine["code"]:
        found.append("code of placebook that has changed since it started")
    if other.get("installed") == mine["installed"]:  # down to the last library, needed or not
        return found
    here, there = errand.libraries(), other.get("libraries", {})
    same_system = other.get("system") == mine["system"]  # another needs others
    libraries = [
        f"{name} {there.get(name, 'not at all')}, here {here[name]}"
        for name in sorted(here)
        if there.get(name) != here[name] and (name in there or same_system)
    ]
    more = len(libraries) - TOLD
    return found + libraries[:TOLD] + ([f"{more} more libraries"] if more > 0 else [])


class Crew:
    """The workers that are there, are like this machine, and hold every file that there is to hold.

    With the block, or ``close``, the build lets go of them and of their scheduler.
    """

    def __init__(self, client: Client, kernel: str):
        self.client = client
        self.workers: list[str] = []
        """Their addresses. Each takes one place at a time, whatever threads it has: Papermill changes into a place's
        folder, and a process has only one."""
        self.refused: dict[str, str] = {}
        """Address to why."""
        self._contents: Mapping[str, bytes] = {}
        self._kernel = kernel
        self._mine = errand.likeness()
        self._begun = False
        self.sent: dict[str, bytes] = {}
        """What was sent ahead, by hash."""
        self._sending: Thread | None = None
        self._checked = Event()
        """Whether all is there that places read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Leave the scheduler; it goes on with its workers."""
        self.client.close(timeout=CONNECT)

    def gather(self) -> None:
        """Wait for the first workers. Raises InputError where none comes, or one is not like this machine."""
        until = time.monotonic() + PATIENCE
        self.look()
        while not self.workers and not self.refused and time.monotonic() < until:
            time.sleep(LOOK)
            self.look()
        if self.refused:
            told = "\n".join(f"  {worker}: {why}" for worker, why in sorted(self.refused.items()))
            raise InputError(
                f"--cluster: not every worker can be used:\n{told}\n    → pages come out the same only of the same package "
                f"and requirements.lock: install them there and start the workers again, or end those; nothing was begun"
            )
        if not self.workers:
            raise InputError(
                f"--cluster: the scheduler has no worker, and none came within {PATIENCE:.0f} s. Start some (dask worker "
                f"ADDRESS --nthreads 1 --preload placebook.execute.errand), wait until their jobs run, and build again"
            )
        self._begun = True

    def warn_of_threads(self) -> None:
        """Say where workers have threads that would do nothing."""
        if several := sum(self.client.nthreads().get(worker, 1) > 1 for worker in self.workers):
            LOG.warning(
                "%d of %d workers have several threads, and each executes one place at a time: start more workers with "
                "--nthreads 1",
                several,
                len(self.workers),
            )

    def equip_ahead(self, project: Project) -> None:
        """Begin to send what the project holds now, and what the check makes of its tables as it makes it; then let workers read
        ahead.

        What goes wrong is found again, and told, when the workers are equipped for the places.
        """
        workers = list(self.workers)

        def send() -> None:
            whole = not fingerprints.unread(project)
            manifest, contents = packed(project, self.sent)
            new = {digest: content for digest, content in contents.items() if digest not in self.sent}
            for lacks, group in self._lacking(new, workers)[0].items():
                self._send(new, lacks, group)
            self.sent.update(new)
            # Asked for one place's page workers read what all of them read; not before all tables have come as they were read.
            place = min((path.stem for path in project.params.glob("*.yml")), default="") if whole else ""
            self.client.run(errand.begin, manifest, self._kernel, place, workers=workers, on_error="ignore")

        def send_all() -> None:
            with suppress(Exception):
                left = fingerprints.unread(project)
                send()
                while left and not self._checked.wait(AGAIN):
                    if fingerprints.unread(project) <= left // 2:  # half of them, the rest, and no message for every table
                        left = fingerprints.unread(project)
                        send()

        self._sending = Thread(target=send_all, daemon=True)  # a build that ends meanwhile does not wait for it
        self._sending.start()

    def equip(self, contents: Mapping[str, bytes]) -> None:
        """Send each worker those of the files that it lacks; who comes later is sent them too."""
        self._checked.set()
        if self._sending:
            self._sending.join()
        self._contents = contents
        if self.workers:
            self.workers = self._equip(self.workers)

    def look(self) -> None:
        """See who has gone and who has come. A late comer that is not like this machine is left aside."""
        here = self.client.nthreads()
        self.workers = [worker for worker in self.workers if worker in here]
        new = [worker for worker in here if worker not in self.workers and worker not in self.refused]
        if not new:
            return
        fit = []
        for worker, answer in self.client.run(errand.introduce, self._kernel, workers=new, on_error="return").items():
            if isinstance(answer, OSError):
                self._refuse(worker, f"it has no room for the files ({answer})")
            elif isinstance(answer, BaseException):
                self._refuse(worker, f"it cannot say whether it has placebook {self._mine['placebook']} ({answer})")
            elif differs := unlike(self._mine, answer):
                self._refuse(worker, "; ".join(differs))
            else:
                fit.append(worker)
        if fit and (self._begun or not self.refused):
            self.workers += self._equip(fit) if self._contents else fit

    def _refuse(self, worker: str, why: str) -> None:
        """Leave a worker aside, unless it is only gone again."""
        if worker in self.client.nthreads():
            self.refused[worker] = why
            if self._begun:  # the others go on
                LOG.warning("left aside: worker %s (%s)", worker, why)

    def _equip(self, workers: Sequence[str]) -> list[str]:
        """Send each worker the files that it lacks; gives the workers that have them all."""
        ready = []
        alike, silent = self._lacking(self._contents, workers)
        for worker, why in silent.items():
            self._refuse(worker, f"it has no room for the files ({why})")
        for lacks, group in alike.items():
            if not lacks:
                ready += group
                continue
            for worker, answer in self._send(self._contents, lacks, group).items():
                if answer is None:
                    ready.append(worker)
                else:
                    self._refuse(worker, f"it has no room for the files ({answer})")
        return ready

    def _lacking(
        self, contents: Mapping[str, bytes], workers: Sequence[str]
    ) -> tuple[dict[tuple[str, ...], list[str]], dict[str, BaseException]]:
        """What workers lack of these files, to those that lack just that; and who could not say, to why."""
        alike: dict[tuple[str, ...], list[str]] = {}
        silent: dict[str, BaseException] = {}
        asked = self.client.run(errand.lacking, list(contents), workers=list(workers), on_error="return")
        for worker, lacks in asked.items():
            if isinstance(lacks, BaseException):
                silent[worker] = lacks
            else:
                alike.setdefault(tuple(lacks), []).append(worker)
        return alike, silent

    def _send(self, contents: Mapping[str, bytes], lacks: Sequence[str], workers: Sequence[str]) -> dict[str, Any]:
        """Send workers what they lack: to each None, or why it cannot keep it."""
        sent = {digest: wrap(contents[digest]) for digest in lacks}
        return dict(self.client.run(errand.receive, sent, workers=list(workers), on_error="return")) if sent else {}
