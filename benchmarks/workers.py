"""One worker beside two, on this machine alone and through Dask on its loopback.

    python benchmarks/workers.py [DISTRICTS]

Builds a copy of the checkout with the first DISTRICTS English districts (default: 4) from nothing, pictures and all,
HTML alone, with ``placebook build``; for Dask it starts a scheduler and worker processes, one thread each, on 127.0.0.1.
Prints seconds of the whole build and of its places, and ratios of the latter to one worker on this machine. A row that
says *ready* asks workers that have executed places before: their kernels are warm, and they hold the files.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checkouts import build, copy, districts

from placebook.paths import Project

MADE = ("_build", "book/places", "book/counties", "book/generated")
WITHIN = 60
"""Seconds that scheduler and workers may take to start."""


@contextmanager
def dask(count: int, folder: Path) -> Iterator[str]:
    """The address of a scheduler with so many workers; all end with the block."""
    from distributed import Client

    folder.mkdir()
    said = folder / "scheduler.json"
    command = Path(sys.executable).with_name("dask")
    with open(folder / "log", "wb") as log:

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
                process.terminate()
                process.wait()


def from_nothing(project: Project, *more: str) -> tuple[float, float]:
    """Seconds of a whole build, and of its places."""
    for name in MADE:
        shutil.rmtree(project.root / name, ignore_errors=True)
    whole, _ = build(project, *more)
    told = json.loads((project.build / "run.json").read_text(encoding="utf-8"))
    return whole, told["stages"]["places"]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    with tempfile.TemporaryDirectory() as folder:
        project = copy(Project.find(), Path(folder) / "book")
        districts(project, count)
        rows = {}
        for workers in (1, 2):
            rows[f"this machine, {workers}"] = from_nothing(project, "--workers", str(workers))
        for workers in (1, 2):
            with dask(workers, Path(folder) / f"cluster-{workers}") as address:
                for name in (f"Dask, {workers}", f"Dask, {workers}, ready"):
                    rows[name] = from_nothing(project, "--cluster", address)
    base = rows["this machine, 1"][1]
    print(f"{count} districts from nothing; workers      whole     places   ratio")
    for name, (whole, places) in rows.items():
        print(f"{name:36s} {whole:8.1f} s {places:8.1f} s {places / base:6.2f}")


if __name__ == "__main__":
    main()
