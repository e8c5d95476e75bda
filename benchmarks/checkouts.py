"""Copies of the book elsewhere, builds of them, and what their processes hold of memory: what the benchmarks share."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil

from placebook.paths import Project

MADE = ("_build", "book/places", "book/counties", "book/generated", "book/national")


def copy(project: Project, folder: Path) -> Project:
    """What git tracks, elsewhere."""
    names = subprocess.run(["git", "ls-files"], cwd=project.root, capture_output=True, text=True, check=True).stdout
    for name in names.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.root / name, folder / name)
    return Project.at(folder)


def districts(project: Project, count: int) -> None:
    """The first ``count`` English districts by code, a file of params each."""
    with Path(project.geography / "areas.csv").open(encoding="utf-8", newline="") as stream:
        found = sorted(
            (row["code"], row["name"])
            for row in csv.DictReader(stream)
            if row["level"] == "district" and row["code"].startswith("E")
        )
    for path in project.params.glob("*.yml"):
        path.unlink()
    for code, name in found[:count]:
        text = f"name: {json.dumps(name)}\nkind: district\ncode: {code}\nnarrative:\n  summary: A word.\n"
        (project.params / f"{code.lower()}.yml").write_text(text, encoding="utf-8")


def set_aside(project: Project) -> None:
    """Take away what earlier builds made, without deleting it.

    For minutes after a deletion some file systems (ext4 without a journal) are slower to make new files, which costs who
    writes quickly more than who writes slowly, and is no work of a build.
    """
    aside = Path(tempfile.mkdtemp(dir=project.root.parent))
    for name in MADE:
        if (project.root / name).exists():
            (project.root / name).rename(aside / Path(name).name)


def placebook(*words: str) -> tuple[float, str]:
    """Seconds of a command, and what it said of each place. Ends the benchmark where it fails."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "placebook", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return time.perf_counter() - begun, done.stderr


def build(project: Project, *more: str) -> tuple[float, int]:
    """Seconds, and how many places and chapters were executed."""
    seconds, said = placebook("--project", str(project.root), "build", *more)
    return seconds, said.count(": rebuilt in")


def stages(project: Project) -> dict[str, float]:
    """Seconds by stage of the last build."""
    return dict(json.loads((project.build / "run.json").read_text(encoding="utf-8"))["stages"])


class Memory:
    """The highest memory of this process's children and theirs, MiB: each page of memory counted once (PSS)."""

    def __init__(self) -> None:
        self.highest = 0.0

    @contextmanager
    def watched(self, seconds: float = 0.5):
        """Look every so often; what is higher for a shorter time is not seen."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(seconds):
                self.highest = max(self.highest, _held())

        watcher = threading.Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield self
        finally:
            over.set()
            watcher.join()


def _held() -> float:
    whole = 0
    for process in psutil.Process().children(recursive=True):
        try:
            whole += process.memory_full_info().pss
        except (psutil.Error, AttributeError, OSError):
            continue
    return whole / 2**20


def machine() -> str:
    """What the results were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    system = f"{os.uname().sysname} {os.uname().release.split('-')[0]}"
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {system}, Python {sys.version.split()[0]}"


def size(folder: Path) -> float:
    """MB on the disk; a file with several names counts once."""
    found = {(s.st_dev, s.st_ino): s.st_size for p in folder.rglob("*") if p.is_file() for s in (p.stat(),)}
    return sum(found.values()) / 1e6
