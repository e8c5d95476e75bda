"""What a build did, in ``_build/run.json``: versions, hashes of inputs, seconds by stage, what became of each place."""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from types import TracebackType

from placebook import __version__
from placebook.build.order import Order
from placebook.build.progress import Display
from placebook.execute.outcome import Outcome
from placebook.paths import Project, write_atomically

LIBRARIES = ("jupyter-book", "papermill", "ipykernel", "pandas", "geopandas", "matplotlib", "seaborn", "weasyprint")


@dataclass
class RunReport:
    """One build under way, from the beginning of the block to its end, however it ends."""

    project: Project
    order: Order
    display: Display
    """Shows each stage and each outcome."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    _started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _begin: float = field(default_factory=time.perf_counter)
    _inner: float = 0.0
    """Seconds of the stages that have ended within the one under way."""

    def __enter__(self) -> RunReport:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._write(finished=error is None)

    def done(self, outcome: Outcome) -> None:
        """A page has come to its end."""
        self.outcomes.append(outcome)
        self.display.done(outcome)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the seconds of a part of the build, however it ends; a stage within another is no part of that."""
        self.display.stage(name)
        begin, outer = time.perf_counter(), self._inner
        self._inner = 0.0
        try:
            yield
        finally:
            seconds = time.perf_counter() - begin
            self.stages[name] = round(self.stages.get(name, 0) + seconds - self._inner, 2)
            self._inner = outer + seconds

    def _write(self, finished: bool) -> None:
        """Write it. Where it cannot be written nothing happens: the book does not hang on it."""
        record = {
            "started": self._started.isoformat(timespec="seconds"),
            "finished": finished,
            "seconds": round(time.perf_counter() - self._begin, 2),
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
                    "state": outcome.state,
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
        with suppress(OSError):
            write_atomically(self.project.build / "run.json", json.dumps(record, indent=2, ensure_ascii=False) + "\n")


def _peak(who: int) -> int:
    """The highest memory of one process in MiB; kilobytes on Linux, bytes on macOS."""
    return round(resource.getrusage(who).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024))
