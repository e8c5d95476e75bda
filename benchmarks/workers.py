"""One worker beside two, on this machine alone and through Dask on its loopback.

    python benchmarks/workers.py [DISTRICTS [TIMES]]

Builds a copy of the checkout with the first DISTRICTS English districts (default: 4) from nothing, HTML alone, with
``placebook build``; for Dask it starts a scheduler and worker processes, one thread each, on 127.0.0.1. Everything TIMES times
(default: 1), one after the other, since a machine is not as fast at one time as at another: medians of the seconds, and medians
of the ratios between builds of the same time: of the whole build, of it *to the last* place, and of its stage of *places*
alone. Workers start as docs/several-machines.md says and are asked at once (*new*: they load libraries for the first place)
and once more when they have executed places (*ready*).
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil
from checkouts import build, copy, districts, machine, set_aside, stages

from placebook.paths import Project

WITHIN = 60
"""Seconds that scheduler and workers may take to start."""


@contextmanager
def dask(count: int, folder: Path) -> Iterator[str]:
    """The address of a scheduler with so many workers; all end with the block."""
    from distributed import Client

    folder.mkdir()
    said = folder / "scheduler.json"
    command = Path(sys.executable).with_name("dask")
    with Path(folder / "log").open("wb") as log:

        def start(*words: str) -> subprocess.Popen[bytes]:
            return subprocess.Popen([command, *words, "--no-dashboard", "--scheduler-file", said], stdout=log, stderr=log)

        processes = [start("scheduler", "--host", "127.0.0.1", "--port", "0")]
        try:
            for number in range(count):
                scratch = str(folder / f"worker-{number}")
                processes.append(start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", scratch))
            with Client(scheduler_file=str(said), timeout=WITHIN, set_as_default=False) as client:
                client.wait_for_workers(count, timeout=WITHIN)
            yield json.loads(said.read_text(encoding="utf-8"))["address"]
        finally:
            for process in reversed(processes):
                process.kill()  # asked to end, a worker deletes its folder (see set_aside)
                process.wait()


Seconds = tuple[float, float, float]
PARTS = ("whole", "to the last", "places")


def from_nothing(project: Project, *more: str) -> Seconds:
    """Seconds of a whole build, of it to the last place, and of its places."""
    set_aside(project)
    whole, _ = build(project, *more)
    took = stages(project)
    later = list(took)[list(took).index("places") + 1 :]
    return whole, whole - sum(took[stage] for stage in later), took["places"]


def settled() -> None:
    """Wait until nothing on this machine works any more: a second in which less than a tenth of it is used."""
    while psutil.cpu_percent(1.0) > 10:
        pass


Times = dict[str, Seconds]
"""By what executed the places."""


def once(project: Project, folder: Path) -> Times:
    rows = {}
    for workers in (1, 2):
        settled()
        rows[f"this machine, {workers}"] = from_nothing(project, "--workers", str(workers))
    for workers in (1, 2):
        with dask(workers, folder / f"cluster-{workers}") as address:
            settled()
            for name in ("new", "ready"):
                rows[f"Dask, {workers}, {name}"] = from_nothing(project, "--cluster", address)
    return rows


def compared(found: list[Times], one: str, other: str) -> str:
    """How much longer the one takes than the other, in each part."""
    return " ".join(f"{median(times[one][part] / times[other][part] for times in found):11.2f}" for part in range(len(PARTS)))


def main() -> None:
    count, times = (int(sys.argv[at]) if len(sys.argv) > at else usual for at, usual in ((1, 4), (2, 1)))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        project = copy(Project.find(), Path(folder) / "book")
        districts(project, count)
        for number in range(times):
            (Path(folder) / f"{number}").mkdir()
            found.append(once(project, Path(folder) / f"{number}"))
            print(f"{number + 1}/{times}", file=sys.stderr, flush=True)
    heads = " ".join(f"{part:>11s}" for part in PARTS)
    print(f"{f'{count} districts from nothing, {times} times':44s} {heads}")
    for name in sorted(found[0], key=lambda name: name.split(",")[1]):
        print(f"{name:44s}", *(f"{median(times[name][part] for times in found):9.1f} s" for part in range(len(PARTS))))
    print(f"{'ratios':44s} {heads}")
    for one, other in [("this machine, 1", "this machine, 2")] + [
        (f"Dask, {workers}{ready}", f"this machine, {workers}") for workers in (1, 2) for ready in (", new", ", ready")
    ]:
        print(f"{f'{one} to {other}':44s} {compared(found, one, other)}")
    print(machine())


if __name__ == "__main__":
    main()
