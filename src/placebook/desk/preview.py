"""``placebook preview``: what a saved file touches is built again, and open pages are loaded again.

One build at a time, by the same function as every build; the site is ``_build/preview``, which no build takes for the book.
What is saved while a build runs is taken together in the next. Whatever is wrong, the last good site stays.
"""

from __future__ import annotations

import re
import time
import traceback
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from pathlib import Path

from rich.console import Console
from watchfiles import Change, DefaultFilter, watch

from placebook.build.lock import locked
from placebook.build.order import Order
from placebook.desk.preview_server import News, Problem, serving
from placebook.errors import AtWork, BuildError, InputError, InputsChanged, PlacebookError
from placebook.execute import child_processes
from placebook.execute.outcome import Outcome
from placebook.incremental.fingerprints import Inputs
from placebook.paths import Project

TICK = 200
"""Milliseconds between two looks for something left to do."""
GATHERED = 400
"""Milliseconds for which saves that follow each other are taken together, at most; 50 without any end it."""
WAIT = 1.0
"""Seconds after which a build is tried again where another one is at work."""
EXECUTED = ("data/", "notebooks/")
"""What is saved there may change any page's figures."""
PLACE_PAGE = re.compile(r"/book/places/([^/]+?)(?:\.html|/.*)")
WHERE = re.compile(r"([\w./-]+:\d+): (?:(?:WARNING|ERROR|CRITICAL): )?(.*)")
"""How the compiler names a file and its line."""


class PreviewProject(Project):
    """The same checkout, whose site lies beside the book's."""

    @property
    def html(self) -> Path:
        return self.build / "preview"


class Saved(DefaultFilter):
    """What people save: nothing hidden, nothing that a build makes."""

    def __init__(self, project: Project):
        made = project.made_pages
        super().__init__(ignore_paths=[str(path) for path in made])

    def __call__(self, change: Change, path: str) -> bool:
        return not Path(path).name.startswith(".") and super().__call__(change, path)


@dataclass
class Preview:
    """What is built and told. ``make`` makes a build of an order; ``loaded`` is called where there is time to get ready."""

    project: Project
    make: Callable[[Order], Sequence[Outcome]]
    loaded: Callable[[], None]
    console: Console
    place: str = ""
    """Slug of the only place that is wanted; empty: all."""
    workers: int = 1
    news: News = field(default_factory=News)
    saved: set[str] = field(default_factory=set)
    """What was saved since the last good build, from the project's root."""
    again: bool = True
    """Whether the next turn builds whatever was saved."""
    rest: bool = False
    """Whether pages that nobody looks at are left to do."""
    built: bool = False
    """Whether there was a good build."""
    _not_before: float = 0.0
    """The monotonic time of the next try, where another build is at work."""
    _inputs: dict[str, str] = field(default_factory=dict)
    _said: str = ""
    """What was wrong last, as it was said."""

    def turn(self, saved: Iterable[str]) -> None:
        """Once every tick: build what was saved; where nothing was, what is left."""
        fresh = set(saved)
        self.saved |= fresh
        if time.monotonic() < self._not_before:
            return
        if self.again or (fresh and self._differs()):
            self._said = "" if fresh else self._said  # who saved again is told again
            self._build(self.order())
        elif self.rest and not self._said:
            self._build(self._order([]))

    def order(self) -> Order:
        """What to build after these saves: the places that were saved or that are looked at, where that will do at first."""
        if self.place:
            return self._order([self.place])
        named = {path.stem for path in map(Path, self.saved) if path.parent == Path("params") and path.suffix == ".yml"}
        looked_at = {match[1] for page in self.news.open_pages() if (match := PLACE_PAGE.fullmatch(page))}
        there = {slug for slug in named | looked_at if (self.project.params / f"{slug}.yml").exists()}
        figures = any(name.startswith(EXECUTED) for name in self.saved)
        if not self.built or not there or not (figures or len(named) == len(self.saved)):
            return self._order([])
        self.rest = self.rest or figures
        return self._order(sorted(there))

    def _order(self, places: Sequence[str]) -> Order:
        return Order(places, workers=self.workers, preview=True, alone=bool(self.place))

    def _differs(self) -> bool:
        """Whether anything that the book is made from is another one than at the last build."""
        return Inputs(self.project).book(["html"]) != self._inputs

    def _build(self, order: Order) -> None:
        begun, self.again = time.perf_counter(), False
        self.news.tell(building=True)
        problems: list[Problem] = []
        message = ""
        try:
            inputs = Inputs(self.project).book(["html"])
            if any(inputs[part] != self._inputs.get(part, inputs[part]) for part in ("code", "libraries")):
                raise BuildError("placebook itself has changed. End the preview with Ctrl-C, and start it again.")
            self._inputs = inputs
            outcomes = self.make(order)
            failed = [outcome for outcome in outcomes if outcome.failed]
            problems = [problem for one in failed for problem in told(f"{one.place}: {one.problem}", self.project)]
            message = "\n".join(f"{one.place}: {one.problem}" for one in failed)
        except InputsChanged:
            self.again = True  # by a save: the next turn takes all of them together
            return
        except AtWork as error:
            self.again, self._not_before = True, time.monotonic() + WAIT
            message, problems = str(error), told(str(error), self.project)
        except PlacebookError as error:
            message, problems = str(error), faults_of(error, self.project)
        except Exception as error:  # the preview goes on, and says so
            message = f"this went wrong in placebook itself; please report it.\n{traceback.format_exc()}"
            problems = [Problem("", f"This went wrong in placebook itself, see the terminal: {type(error).__name__}: {error}")]
        self.news.tell(building=False, problems=problems)
        if message:
            self._complain(message)
        else:
            self._good(order, outcomes, time.perf_counter() - begun)
        self.loaded()

    def _good(self, order: Order, outcomes: Sequence[Outcome], seconds: float) -> None:
        self.built, self._said = True, ""
        self.rest = self.rest and bool(order.places)
        pages = ", ".join(outcome.place for outcome in outcomes if outcome.state == "rebuilt")
        what = ", ".join(sorted(self.saved)) or "the book"
        self.saved.clear()
        self.console.print(
            f"{time.strftime('%H:%M:%S')} {what}: built in {seconds:.1f} s{f' ({pages})' if pages else ''}", markup=False
        )

    def _complain(self, message: str) -> None:
        """Say what is wrong, once."""
        if message != self._said:
            self.console.print(f"[bold red]{time.strftime('%H:%M:%S')} wrong:[/bold red]", end=" ")
            self.console.print(message, markup=False)
        self._said = message


def faults_of(error: PlacebookError, project: Project) -> list[Problem]:
    """What an error says, thing by thing."""
    if isinstance(error, InputError) and error.faults:
        return [
            Problem(
                fault.file + (f":{fault.line}" if fault.line else ""),
                f"{fault.field}: {fault.problem}" if fault.field else fault.problem,
                fault.remedy,
            )
            for fault in error.faults
        ]
    return told(str(error), project)


def told(message: str, project: Project) -> list[Problem]:
    """A message of several lines: a remedy belongs to what stands before it, a file and its line stand first."""
    problems: list[Problem] = []
    for line in message.replace(f"{project.root}/", "").splitlines():
        if line.strip().startswith("→") and problems:
            problems[-1] = Problem(problems[-1].where, problems[-1].what, line.strip().removeprefix("→").strip())
        elif where := WHERE.fullmatch(line.strip()):
            problems.append(Problem(where[1], where[2]))
        elif line.strip():
            problems.append(Problem("", line.strip()))
    return problems


def preview(project: Project, place: str, workers: int, console: Console, opens: bool) -> None:
    """Serve, watch and build until it is interrupted; nothing runs any more when it returns.

    ``opens``: whether the browser is shown the book once it is built. Raises AtWork where a preview is at work.
    """
    from placebook.build.build import build
    from placebook.execute import pool
    from placebook.site.compile import Compiler

    site = PreviewProject(project.root)
    resource_tracker.ensure_running()  # Python's own; it ends by itself when this process has
    others = child_processes.children()
    with ExitStack() as stack:
        stack.callback(lambda: child_processes.end_children(but=others))  # the fork server may still be loading
        stack.enter_context(locked(project, "preview"))
        compiler = stack.enter_context(Compiler(site))
        ready = False

        def make(order: Order) -> Sequence[Outcome]:
            return build(site, order, None if ready else console, compiler)

        def loaded() -> None:
            compiler.load()

        desk = Preview(site, make, loaded, console, place, workers)
        address = stack.enter_context(serving(site.html, desk.news)) + (f"book/places/{place}.html" if place else "")
        loose = _Loose(site)
        folders = [site.root / name for name in ("params", "data", "notebooks", "book") if (site.root / name).is_dir()]
        console.print(f"The preview is at {address} · Ctrl-C ends it", markup=False)
        try:
            for changes in saves(site, folders):
                desk.turn([*(Path(path).relative_to(site.root).as_posix() for _, path in changes), *loose.changed()])
                if desk.built and not ready:
                    ready = True
                    pool.warm_up(site)
                    if opens:
                        ours = child_processes.children()
                        show(address, console)
                        others += [child for child in child_processes.children() if child not in ours]  # the browser
        except KeyboardInterrupt:
            pass
    console.print("The preview has ended.")


def saves(project: Project, folders: Sequence[Path]) -> Iterator[set[tuple[Change, str]]]:
    """What was saved, whenever something was, and nothing at each tick. Raises BuildError where the system watches no more."""
    try:
        look = watch(*folders, watch_filter=Saved(project), debounce=GATHERED, rust_timeout=TICK, yield_on_timeout=True)
        first = next(look)
    except (OSError, RuntimeError) as error:
        raise BuildError(
            f"the files cannot be watched: {error}. Let them be looked at again and again instead: "
            f"WATCHFILES_FORCE_POLLING=1 placebook preview"
        ) from error
    yield first
    yield from look


class _Loose:
    """The files of the project's root: an editor that writes beside and renames makes another file each time."""

    def __init__(self, project: Project):
        self._paths = (project.config, project.toc)
        self._root = project.root
        self._known = self._look()

    def changed(self) -> list[str]:
        """Those that were saved since this was asked last, from the project's root."""
        before, self._known = self._known, self._look()
        return [path.relative_to(self._root).as_posix() for path in self._paths if before[path] != self._known[path]]

    def _look(self) -> dict[Path, tuple[int, int]]:
        return {path: (path.stat().st_mtime_ns, path.stat().st_ino) if path.exists() else (0, 0) for path in self._paths}


def show(address: str, console: Console) -> None:
    """Open the browser, but none that would take the terminal."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        browser = None
    if browser is None or type(browser) is webbrowser.GenericBrowser or not browser.open(address):
        console.print(f"No browser opened; open {address} yourself.", markup=False)
