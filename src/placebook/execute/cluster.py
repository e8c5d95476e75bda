"""Places on the workers of a Dask cluster: what they read goes there by its hash, what they make comes back as bytes.

The build itself hands each worker its next place and keeps count of what became of it. Left to the scheduler, a worker
that dies would count against every place that waited there, and after how many deaths a place is given up would be the
scheduler's setting; files scattered over the workers would be lost with the worker that held them.

Dask is imported only where it is used: a build on this machine alone does not load it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from placebook.build.standing import Order, Outcome
from placebook.errors import BuildError, InputError
from placebook.execute import crew, errand
from placebook.execute.checkout import contained
from placebook.execute.crew import CONNECT, Crew
from placebook.execute.errand import Brought, Errand
from placebook.execute.warm import COLD
from placebook.incremental import fingerprints
from placebook.paths import Project, write_atomically

if TYPE_CHECKING:
    from distributed import Client, Future

ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]]+):(\d{1,5})")
ATTEMPTS = 2
"""Times that a place is tried before it is reported."""
AT_HAND = 2
"""Places that a worker is given: the one that it executes and the next, so that it waits for nobody's network."""


def reach(address: str) -> Client:
    """The scheduler at ``tcp://host:port`` or ``tls://host:port``.

    Raises InputError where the address is of another kind, Dask is not installed here, or nobody answers in time.
    """
    _host_and_port(address)
    try:
        from distributed import Client, Security
    except ImportError as error:
        raise InputError(
            "--cluster needs dask.distributed, which is not installed here: pip install 'placebook[cluster]', or "
            "install requirements.lock, which holds it"
        ) from error
    # Dask tells of lost connections as they are lost; the build says what became of the places.
    for name in ("distributed", "distributed.client"):  # it sets a level for each
        logging.getLogger(name).setLevel(logging.CRITICAL)
    given = Security().get_connection_args("client")
    if address.startswith("tls:") and given.get("ssl_context") is None:
        raise InputError(
            f"--cluster: {address} asks for TLS, and Dask has no certificates here. Name them in its configuration "
            f"(distributed.comm.tls: ca-file, client.cert, client.key), as for the workers; nothing was begun"
        )
    until = time.monotonic() + CONNECT
    try:
        asyncio.run(_ask(address, given))
        return Client(address, timeout=max(1, until - time.monotonic()), set_as_default=False, name="placebook")
    except Exception as error:  # what a stranger sends may break Dask anywhere
        raise _no_answer(address, error) from error


def knock(address: str) -> None:
    """Raises InputError where the address is of another kind, or nobody is there; before Dask is loaded, or anything begun."""
    try:
        socket.create_connection(_host_and_port(address), CONNECT).close()
    except (OSError, ValueError) as error:  # ValueError: a name that no host can have
        raise _no_answer(address, error) from error


def _host_and_port(address: str) -> tuple[str, int]:
    if not (found := ADDRESS.fullmatch(address)):
        raise InputError(
            f"--cluster: {address!r} is no address of a Dask scheduler; write tcp://HOST:PORT as the scheduler says it "
            f"when it starts, or tls://HOST:PORT where Dask is configured for TLS"
        )
    return found[2].strip("[]"), int(found[3])


def _no_answer(address: str, error: Exception) -> InputError:
    named = isinstance(error, UnicodeError) or getattr(error, "errno", None)
    said = (
        str(error).splitlines()[0]
        if named
        else "it is silent"
        if isinstance(error, TimeoutError)
        else "what answers there is none"
    )
    return InputError(
        f"--cluster: no Dask scheduler answers at {address} ({said}). Start one "
        f"(dask scheduler), or correct the address; nothing was begun"
    )


async def _ask(address: str, given: Mapping[str, Any]) -> None:
    """Ask who is there: a client would wait for ever where a port is open and says nothing. Raises whatever Dask does with what it
    is sent, and ConnectionError for a worker."""
    from distributed.core import rpc

    async with rpc(address, timeout=CONNECT, connection_args=dict(given)) as scheduler:
        who = await asyncio.wait_for(scheduler.identity(), CONNECT)
    if who["type"] != "Scheduler":
        raise ConnectionError(f"{address} is a {who['type']}")


def gather(address: str, kernel: str = COLD) -> Crew:
    """The workers there: somebody answers, has workers, and all are like this machine. Raises InputError where not.

    Nothing is sent yet but the questions; the workers load the libraries that ``kernel`` needs from now on,
    while the build reads what is written.
    """
    found = crew.Crew(reach(address), kernel)
    try:
        found.gather()
    except BaseException:
        found.close()
        raise
    return found


def execute_all(
    project: Project, places: Sequence[str], order: Order, done: Callable[[Outcome], None], workers: Crew
) -> list[Outcome]:
    """Execute places on the workers of a cluster; ``done`` hears of each as it ends. Outcomes in the order of ``places``.

    A place that fails, or whose worker dies, is tried once more on another worker, then it is a failed outcome. Raises
    BuildError where the scheduler is lost; what came back until then stays. A place that is under way on a worker when the
    build is stopped runs to its end there, for nobody.
    """
    manifest, contents = crew.packed(project, workers.sent)
    return _Round(project, workers, manifest, order, done).execute(places, contents)


# ------------------------------------------------------------ the places


@dataclass
class _Try:
    """A place and what became of it so far."""

    place: str
    failures: list[str] = field(default_factory=list)
    """In words, the first first."""
    tried: list[str] = field(default_factory=list)
    """The workers that it was given to; the last is the present one."""
    suspect: bool = False
    """Whether a worker died under it."""


class _Round:
    """Places on their way to workers and back."""

    def __init__(self, project: Project, workers: Crew, manifest: str, order: Order, done: Callable[[Outcome], None]):
        self.project = project
        self.crew = workers
        self.manifest = manifest
        self.order = order
        self.done = done
        self.waiting: list[_Try] = []
        self.under_way: dict[Future, _Try] = {}
        self.outcomes: dict[str, Outcome] = {}
        self._name = f"placebook-{uuid4().hex[:12]}"

    def execute(self, places: Sequence[str], contents: Mapping[str, bytes]) -> list[Outcome]:
        """All places, from files by their hash; raises BuildError where the scheduler is lost."""
        self.waiting = [_Try(place) for place in places]
        last_seen = time.monotonic()
        try:
            self.crew.equip(contents)
            while self.waiting or self.under_way:
                self.crew.look()
                if self.crew.workers:
                    last_seen = time.monotonic()
                self._send()
                ended = self._ended()
                self._send()  # before anything is written: no worker waits for this machine's disk either
                for try_, brought in ended:
                    self._take(try_, brought)
                if not self.under_way and time.monotonic() - last_seen > crew.PATIENCE:
                    self._give_up()
        except OSError as error:  # also Dask's own of a lost connection
            if error.filename is not None:  # a file of this machine
                raise
            raise BuildError(
                f"the scheduler at {self.order.cluster} is lost ({error}). What has come back is kept: build again"
            ) from error
        finally:
            self._forget(list(self.under_way))
        return [self.outcomes[place] for place in places]

    def _send(self) -> None:
        """Give every worker that has nothing to do a place; and its next one, as long as there are some for all the others."""
        for try_ in list(self.waiting):
            worker = self._free(try_)
            if not worker:
                continue
            self.waiting.remove(try_)
            try_.tried.append(worker)
            # What fails warm may be the warm process's fault; the bytes are the same.
            kernel = COLD if try_.failures else self.order.kernel
            task = Errand(try_.place, self.manifest, self.order.time_limit, kernel)
            key = f"{self._name}-{try_.place}-{len(try_.tried)}"
            self.under_way[self.crew.client.submit(errand.execute, task, key=key, workers=[worker], pure=False)] = try_

    def _free(self, try_: _Try) -> str:
        """The worker that has least to do, not one that the place failed on if there are others; or ""."""
        busy = Counter(other.tried[-1] for other in self.under_way.values())
        most = AT_HAND if len(self.waiting) > len(self.crew.workers) else 1
        fit = [worker for worker in self.crew.workers if worker not in try_.tried] or self.crew.workers
        return min((worker for worker in fit if busy[worker] < most), key=busy.__getitem__, default="")

    def _ended(self) -> list[tuple[_Try, Brought | str]]:
        """Wait a moment; what has come back, or why nothing will."""
        from distributed import CancelledError, wait

        if not self.under_way:
            time.sleep(crew.LOOK)
            return []
        try:
            with self.crew.client.as_current():  # Dask's own asks for one
                wait(list(self.under_way), timeout=crew.LOOK, return_when="FIRST_COMPLETED")
        except (TimeoutError, CancelledError):
            pass
        here = self.crew.client.nthreads()
        over = [
            (future, try_)
            for future, try_ in self.under_way.items()
            if future.status != "pending" or try_.tried[-1] not in here
        ]
        self._take_back([(future, try_) for future, try_ in over if future.status != "finished" and try_.tried[-1] not in here])
        over = [(future, try_) for future, try_ in over if future in self.under_way]
        for future, _ in over:
            del self.under_way[future]
        if all(future.status == "finished" for future, _ in over):
            self._send()  # no worker waits until the bytes of its last place have travelled
        ended = []
        for future, try_ in over:
            ended.append((try_, self._brought(future, try_)))
            self._forget([future])
        return ended

    def _take_back(self, lost: Sequence[tuple[Future, _Try]]) -> None:
        """Of what workers that are gone had in hand, the oldest was being executed; what only waited there is given anew."""
        executed = {try_.tried[-1]: future for future, try_ in reversed(lost)}
        for future, try_ in lost:
            if future is not executed[try_.tried[-1]]:
                try_.tried.pop()
                del self.under_way[future]
                self._forget([future])
                self.waiting.insert(0, try_)

    def _brought(self, future: Future, try_: _Try) -> Brought | str:
        """What a place's errand brought, or in words why it brings nothing."""
        from distributed import CancelledError, KilledWorker

        worker = try_.tried[-1]
        died = f"the worker {worker} died while it executed the place"
        if future.status == "finished":
            try:
                result = future.result(timeout=CONNECT)
                assert isinstance(result, Brought)
                return result
            except (OSError, TimeoutError, CancelledError):  # the worker died with it in hand
                pass
        elif future.status == "error":
            error = future.exception(timeout=CONNECT)
            if not isinstance(error, KilledWorker):
                return f"{type(error).__name__}: {error} (on {worker})"
        try_.suspect = True
        return died

    def _take(self, try_: _Try, brought: Brought | str) -> None:
        """Write what came back; a failure is tried once more, then told."""
        worker, log = try_.tried[-1], b""
        if isinstance(brought, str):
            usual = "; too little memory is the usual reason" if try_.suspect else ""
            problem = f"{brought}\n    → the worker's own log may say more{usual}"
            outcome = Outcome(try_.place, 0.0, problem)
        elif brought.outcome.failed:
            outcome, log = brought.outcome, brought.log
        else:
            try:
                write(self.project, try_.place, brought)
                self._tell(brought.outcome)
                return
            except BuildError as error:
                outcome = Outcome(try_.place, 0.0, f"{error} (from {worker})")
        try_.failures.append(outcome.problem)
        if len(try_.failures) < ATTEMPTS:
            self.waiting.insert(0, try_)
            return
        before = "".join(f"\n{where}: {why}\n" for where, why in zip(try_.tried, try_.failures, strict=False))
        text = (log.decode("utf-8", "replace") or f"{try_.place}: failed\n") + f"\nTried {ATTEMPTS} times:\n{before}"
        write_atomically(self.project.logs / f"{try_.place}.log", text)
        where = " and ".join(try_.tried)
        self._tell(replace(outcome, problem=f"{outcome.problem}\n    → tried {ATTEMPTS} times, on {where}"))

    def _give_up(self) -> None:
        """No worker is left, and none has come."""
        why = f"no worker is left on the cluster, and none came within {crew.PATIENCE:.0f} s"
        if self.crew.refused:
            why += f"; left aside: {', '.join(f'{worker} ({what})' for worker, what in sorted(self.crew.refused.items()))}"
        for try_ in self.waiting:
            self._tell(Outcome(try_.place, 0.0, f"{why}\n    → start workers and build again: what is finished is kept"))
        self.waiting.clear()

    def _tell(self, outcome: Outcome) -> None:
        self.outcomes[outcome.place] = outcome
        self.done(outcome)

    def _forget(self, futures: Sequence[Future]) -> None:
        """Tell the scheduler that nobody waits for these any more."""
        if futures and self.crew.client.status == "running":
            self.crew.client.cancel(list(futures), force=True)


def write(project: Project, place: str, brought: Brought) -> None:
    """Write what a worker made of a place, and nothing beside it; what an earlier edition left of it is deleted.

    Raises BuildError where a file is none of the place's, before any is written.
    """
    outputs = fingerprints.place_outputs(project, place)
    made = {project.root / contained(name): content for name, content in brought.files.items()}
    for path in made:
        if not any(path == given or given in path.parents for given in outputs):
            raise BuildError(f"the worker sent {path.relative_to(project.root)}, which is none of the files of {place}")
    for given in outputs:
        for stray in [path for path in fingerprints.files(given) if path not in made]:
            stray.unlink()
        if given.is_dir() and not any(given in path.parents for path in made):
            shutil.rmtree(given)
        elif given.is_file() and given not in made:
            given.unlink()
    for path, content in made.items():
        # What is the same is left with its time of writing, as a page executed here is.
        if not path.is_file() or path.read_bytes() != content:
            write_atomically(path, content)
    write_atomically(project.logs / f"{place}.log", brought.log)
