"""What a build did, in ``_build/run.json``: versions, hashes of inputs, seconds by stage, what became of each place."""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

from placebook import __version__
from placebook.build.standing import Order, Outcome
from placebook.paths import Project, write_atomically

LIBRARIES = ("jupyter-book", "papermill", "ipykernel", "pandas", "geopandas", "matplotlib", "seaborn", "weasyprint")


@dataclass
class Journal:
    """One build under way."""

    order: Order
    tell: Callable[[str], None] = lambda name: None
    """Hears the name of each stage as it begins."""
    started: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    stages: dict[str, float] = field(default_factory=dict)
    outcomes: Sequence[Outcome] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    _within: float = 0.0
    """Seconds of the stages that have ended within the one under way."""
    _begun: float = field(default_factory=time.perf_counter)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the seconds of a part of the build, however it ends; a stage within another is no part of that."""
        self.tell(name)
        begun, outer = time.perf_counter(), self._within
        self._within = 0.0
        try:
            yield
        finally:
            took = time.perf_counter() - begun
            self.stages[name] = round(self.stages.get(name, 0) + took - self._within, 2)
            self._within = outer + took

    def write(self, project: Project, finished: bool) -> None:
        """Write it. Where it cannot be written nothing happens: the book does not hang on it."""
        held = {
            "started": self.started,
            "finished": finished,
            "seconds": round(time.perf_counter() - self._begun, 2),
            "stages": self.stages,
            "order": asdict(self.order),
            "versions": {
                "placebook": __version__,
                "python": platform.python_version(),
                "system": platform.platform(),
                **{name: version(name) for name in LIBRARIES},
            },
            "inputs": dict(self.inputs),
            "peak_memory_mib": {
                "build": _peak(resource.RUSAGE_SELF),
                "started_by_it": _peak(resource.RUSAGE_CHILDREN),
                "kernel": max((outcome.memory or 0 for outcome in self.outcomes), default=0) or None,
            },
            "places": [
                {
                    "place": outcome.place,
                    "state": "failed" if outcome.failed else "unchanged" if outcome.unchanged else "rebuilt",
                    "seconds": round(outcome.seconds, 2),
                    "because": outcome.why,
                    "problem": outcome.problem,
                    "stages": dict(outcome.stages),
                    "kernel_memory_mib": outcome.memory,
                    "log": f"_build/logs/{outcome.place}.log",
                }
                for outcome in self.outcomes
            ],
        }
        try:
            write_atomically(project.build / "run.json", json.dumps(held, indent=2, ensure_ascii=False) + "\n")
        except OSError:
            pass


def _peak(who: int) -> int:
    """The highest memory of one process in MiB; kilobytes on Linux, bytes on macOS."""
    return round(resource.getrusage(who).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024))
