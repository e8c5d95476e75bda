"""Places on the workers of a Dask cluster: what they read goes there as one archive, what they make comes back as bytes.

A worker needs this package and its libraries, nothing else: no checkout, no disk that it shares with the build. Dask does
the rest by its own means: a ``WorkerPlugin`` lays the archive out on each worker, late ones too; a worker that is like this
machine gives itself a resource, and the scheduler sends places to workers with it alone, one at a time; a place whose
worker dies goes to another one until the scheduler's ``allowed-failures`` is reached.

Dask is imported only where it is used: a build on this machine alone does not load it.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
import socket
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from placebook.errors import BuildError, InputError
from placebook.execute.outcome import Outcome, Page, executed_files
from placebook.paths import Project, files, write_atomically, write_changed

if TYPE_CHECKING:
    from distributed import Client, Future
    from distributed.client import VersionsDict

    from placebook.execute.cluster_worker import Made

ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]]+):(\d{1,5})")
CONNECT = 10.0
"""Seconds within which the scheduler must answer."""
PATIENCE = 30.0
"""Seconds to wait for a worker where there is none."""
LIBRARIES = (
    "IPython",
    "afcharts",
    "geopandas",
    "mapclassify",
    "matplotlib",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "placebook",
    "pyarrow",
    "pydantic",
    "seaborn",
    "shapely",
    "xlsxwriter",
)
"""What must be the same there for the same bytes, beside Python and the code of this package."""


# ------------------------------------------------------------ the build


def execute_all(
    project: Project, pages: Sequence[Page], address: str, time_limit: int, cold: bool, done: Callable[[Outcome], None]
) -> None:
    """Execute pages of places on the workers of a cluster; ``done`` is called with the outcome of each as it comes back.

    Raises InputError where no scheduler answers, no worker comes or one is not like this machine, and BuildError where the
    scheduler is lost; what came back until then stays. A place that is under way on a worker when the build is stopped runs to
    its end there, for nobody.
    """
    if not pages:
        return
    with _connected(address) as client:
        from placebook.execute.cluster_worker import Checkout, execute_place

        _check_workers(client)
        plugin = Checkout(_archive(project))
        client.register_plugin(plugin)
        try:
            tasks = {
                client.submit(execute_place, page, plugin.name, time_limit, cold, pure=False, resources={plugin.name: 1}): page
                for page in pages
            }
            for task in _completed(client, tasks, plugin.name, address):
                done(_outcome(project, tasks[task], task))
        finally:
            with suppress(Exception):  # the scheduler may be gone
                client.unregister_worker_plugin(plugin.name)


def _completed(client: Client, tasks: Iterable[Future], resource: str, address: str) -> Iterator[Future]:
    """Tasks as they end. Raises BuildError where the scheduler is lost, or no worker with the resource is left or comes."""
    from distributed import CancelledError, wait

    pending = set(tasks)
    while pending:
        try:
            with client.as_current():  # Dask's own asks for one
                ended, pending = wait(pending, timeout=PATIENCE, return_when="FIRST_COMPLETED")
        except TimeoutError:
            workers = client.scheduler_info()["workers"].values()
            if not any(resource in worker["resources"] for worker in workers):
                client.cancel(list(pending), force=True)
                raise BuildError(
                    f"no worker that can be used is left on the cluster, and none came within {PATIENCE:.0f} s\n"
                    f"    → start workers and build again: what is finished is kept"
                ) from None
        except CancelledError:
            raise BuildError(f"the scheduler at {address} is lost. What has come back is kept: build again") from None
        else:
            yield from ended


def _outcome(project: Project, page: Page, task: Future) -> Outcome:
    """Write what came back of a place; gives how it went."""
    from distributed import KilledWorker

    if task.status == "finished":
        made: Made = task.result(timeout=CONNECT)
        if not made.outcome.failed:
            _write(project, page, made)
        write_atomically(project.logs / f"{page.slug}.log", made.log)
        return made.outcome
    error = task.exception(timeout=CONNECT)
    usual = "; too little memory is the usual reason" if isinstance(error, KilledWorker) else ""
    problem = f"{type(error).__name__}: {error}\n    → the worker's own log may say more{usual}"
    write_atomically(project.logs / f"{page.slug}.log", f"{page.slug}: failed\n\n{problem}\n")
    return Outcome(page.slug, 0.0, problem)


def _write(project: Project, page: Page, made: Made) -> None:
    """Write what a worker made of a place, and nothing beside it; what an earlier edition left of it is deleted.

    Raises BuildError where a file is none of the place's, before any is written.
    """
    outputs = executed_files(project, page)
    paths = {project.root / name: content for name, content in made.files.items()}
    for path in paths:
        if ".." in path.parts or not any(path == output or output in path.parents for output in outputs):
            raise BuildError(f"the worker sent {path}, which is none of the files of {page.slug}")
    for output in outputs:
        for path in [path for path in files(output) if path not in paths]:
            path.unlink()
    for path, content in paths.items():
        write_changed(path, content)


def _archive(project: Project) -> bytes:
    """All that executing a place reads, with the tables in the form in which the check has kept them."""
    folders = ("params", "data", "notebooks", (project.cache / "tables").relative_to(project.root).as_posix())
    contents = {name: path for folder in folders for name, path in project.tree(folder).items()}
    contents |= {path.name: path for path in (project.config, project.toc)}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, path in sorted(contents.items()):
            archive.add(path, name)
    return packed.getvalue()


# ------------------------------------------------------------ who is there


def knock(address: str) -> None:
    """Raises InputError where the address is of another kind, or nobody is there; before Dask is loaded, or anything begun."""
    try:
        socket.create_connection(_host_and_port(address), CONNECT).close()
    except (OSError, ValueError) as error:  # ValueError: a name that no host can have
        raise _no_answer(address, error) from error


def _host_and_port(address: str) -> tuple[str, int]:
    if not (parts := ADDRESS.fullmatch(address)):
        raise InputError(
            f"--cluster: {address!r} is no address of a Dask scheduler; write tcp://HOST:PORT as the scheduler says it "
            f"when it starts, or tls://HOST:PORT where Dask is configured for TLS"
        )
    return parts[2].strip("[]"), int(parts[3])


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """A client of the scheduler at ``tcp://host:port`` or ``tls://host:port``.

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
    arguments = Security().get_connection_args("client")
    if address.startswith("tls:") and arguments.get("ssl_context") is None:
        raise InputError(
            f"--cluster: {address} asks for TLS, and Dask has no certificates here. Name them in its configuration "
            f"(distributed.comm.tls: ca-file, client.cert, client.key), as for the workers; nothing was begun"
        )
    try:
        asyncio.run(_identify(address, arguments))
        client = Client(address, timeout=CONNECT, set_as_default=False, name="placebook")
    except Exception as error:  # what a stranger sends may break Dask anywhere
        raise _no_answer(address, error) from error
    try:
        yield client
    finally:
        client.close(timeout=CONNECT)


async def _identify(address: str, arguments: Mapping[str, Any]) -> None:
    """Ask who is there: a client would wait for ever where a port is open and says nothing.

    Raises whatever Dask does with what it is sent, and ConnectionError for a worker.
    """
    from distributed.core import rpc

    async with rpc(address, timeout=CONNECT, connection_args=dict(arguments)) as scheduler:
        identity = await asyncio.wait_for(scheduler.identity(), CONNECT)
    if identity["type"] != "Scheduler":
        raise ConnectionError(f"{address} is a {identity['type']}")


def _no_answer(address: str, error: Exception) -> InputError:
    named = isinstance(error, UnicodeError) or getattr(error, "errno", None)
    why = (
        str(error).splitlines()[0]
        if named
        else "it is silent"
        if isinstance(error, TimeoutError)
        else "what answers there is none"
    )
    return InputError(
        f"--cluster: no Dask scheduler answers at {address} ({why}). Start one (dask scheduler), or correct the address; "
        f"nothing was begun"
    )


def _check_workers(client: Client) -> None:
    """Wait for the first worker. Raises InputError where none comes, or one is not like this machine."""
    from placebook.execute.cluster_worker import code, unlike

    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise InputError(
            f"--cluster: the scheduler has no worker, and none came within {PATIENCE:.0f} s. Start some (dask worker "
            f"ADDRESS --nthreads 1 --no-nanny), wait until their jobs run, and build again"
        ) from None
    versions = cast("VersionsDict", client.get_versions(packages=list(LIBRARIES)))
    mine = versions["client"]["packages"]
    problems = {}
    for worker, about in versions["workers"].items():
        theirs = about["packages"]
        different = [name for name in ("python", *LIBRARIES) if mine[name] != theirs[name]]
        if different:
            problems[worker] = ", ".join(f"{name} {theirs[name] or 'not at all'}, here {mine[name]}" for name in different[:5])
        elif (problem := client.run(unlike, code(), workers=[worker], on_error="return")[worker]) is not None:
            problems[worker] = str(problem)
    if problems:
        lines = "\n".join(f"  {worker}: {problem}" for worker, problem in sorted(problems.items()))
        raise InputError(
            f"--cluster: not every worker can be used:\n{lines}\n    → pages come out the same only of the same package "
            f"and requirements.lock: install them there and start the workers again, or end those; nothing was begun"
        )
