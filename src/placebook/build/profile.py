"""Where the time goes on one place's page: by kind of work, and by the rooms and libraries that it is spent in."""

from __future__ import annotations

import cProfile
import json
import pstats
import time
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from placebook.execute import leftovers
from placebook.paths import Project

KINDS: dict[str, tuple[tuple[str, str], ...]] = {
    "opening what is written and the tables": (("report/page.py", "open"),),
    "readings": (("evidence/readings.py", "read"),),
    "claims": (("report/page_findings.py", "of"),),
    "pictures": (("figures/style.py", "svg"),),
    "workbooks": (("report/spreadsheets.py", "workbook"),),
    "evidence pages": (("report/evidence_pages.py", "page"),),
}
"""Kinds of work and the functions that do them, none inside another; what is left over is called the rest."""
ROOMS = 12


@dataclass(frozen=True)
class Profile:
    """Seconds of one page in one process that has loaded the libraries; a profiler makes everything slower."""

    seconds: float
    kept: float
    """The same again, with pictures and workbooks kept."""
    kinds: tuple[tuple[str, float], ...]
    """Of the first time, under the profiler."""
    rooms: tuple[tuple[str, float], ...]
    """Own seconds of the rooms and libraries that take the most, under the profiler."""


def profile(project: Project, slug: str) -> Profile:
    """Make a place's page four times in a folder of its own: the project stays as it is. Raises as ``Page.open``.

    Once for what a process does only once, once under the profiler, and twice for the seconds without one.
    """
    with leftovers.folder() as folder:
        elsewhere = _elsewhere(project, folder)
        page = _template(elsewhere)
        page(slug)
        _forget(elsewhere, slug)
        profiler = cProfile.Profile()
        profiler.runcall(page, slug)
        _forget(elsewhere, slug)
        times = []
        for _ in range(2):
            begun = time.perf_counter()
            page(slug)
            times.append(time.perf_counter() - begun)
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    return Profile(times[0], times[1], tuple(_kinds(stats)), tuple(_rooms(stats)))


def _elsewhere(project: Project, folder: Path) -> Project:
    for name in ("params", "data", "notebooks", "_config.yml", "_toc.yml"):
        (folder / name).symlink_to(project.root / name)
    tables = project.cache / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    made = Project(folder)
    made.cache.mkdir(parents=True)
    (made.cache / "tables").symlink_to(tables)  # reading them from text is no work on a page
    return made


def _template(project: Project) -> Callable[[str], None]:
    """What the template's cells do, shown to nobody."""
    from placebook.report import display

    cells = json.loads(project.place_template.read_text(encoding="utf-8"))["cells"]
    code = [
        compile("".join(cell["source"]), project.place_template.name, "exec")
        for cell in cells
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    ]

    def page(slug: str) -> None:
        names: dict[str, Any] = {"place": slug}
        show, display.display = display.display, lambda *given, **more: None
        try:
            with chdir(project.root):
                for cell in code:
                    exec(cell, names)  # as the kernel does
        finally:
            display.display = show

    return page


def _forget(project: Project, slug: str) -> None:
    for kind in ("drawings", "workbooks"):
        (project.cache / kind / f"{slug}.kept").unlink(missing_ok=True)


def _kinds(stats: dict[Any, Any]) -> list[tuple[str, float]]:
    found = [
        (
            kind,
            sum(
                of[3]
                for (file, _, name), of in stats.items()
                for end, wanted in functions
                if name == wanted and file.endswith(f"placebook/{end}")
            ),
        )
        for kind, functions in KINDS.items()
    ]
    whole = sum(of[2] for of in stats.values())
    return [*found, ("the rest", max(0.0, whole - sum(seconds for _, seconds in found)))]


def _rooms(stats: dict[Any, Any]) -> list[tuple[str, float]]:
    seconds: dict[str, float] = {}
    for (file, _, _), of in stats.items():
        room = _room(file)
        seconds[room] = seconds.get(room, 0.0) + of[2]
    return sorted(seconds.items(), key=lambda pair: (-pair[1], pair[0]))[:ROOMS]


def _room(file: str) -> str:
    """A room of this package, a library, or Python itself."""
    parts = Path(file).parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1].removesuffix(".py")
    if "placebook" in parts[:-1]:
        at = len(parts) - 1 - parts[::-1].index("placebook")
        return "/".join(parts[at:])
    return "Python"
