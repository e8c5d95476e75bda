"""Jupyter Book compiles the pages of the HTML site, from which the other forms are made.

Pages that did not change are not written again: Sphinx keeps what it read and what it wrote. Where anything changed that
stands on every page (a title in the sidebar, the style, the package), all are.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import yaml

from placebook import content_cache
from placebook.catalogue import yaml_reader
from placebook.errors import BuildError
from placebook.incremental.fingerprints import files
from placebook.paths import Project, write_atomically

PROBLEM = re.compile(r"(WARNING|ERROR|CRITICAL|Exception|Error)\b")
COMMAND = [sys.executable, "-m", "placebook.site.launch"]
ANSI = re.compile(r"\x1b\[[0-9;]*m")
TITLE = re.compile(r"^\s*\"?# (.*?)(?:\\n)?\"?,?$", re.MULTILINE)
BEGINNING = 1 << 16
"""Bytes of a page in which its title stands: a baked notebook begins with it."""
LOOK = 0.05
"""Seconds after which it is looked whether the pages have been read."""
SHAPE = ("code", "libraries")
"""Parts of the book's inputs that may change every page."""


@dataclass
class Compiler:
    """A Jupyter Book that waits for its order."""

    process: subprocess.Popen[bytes]
    log: Path

    def run(self, words: list[str], cores: int = 1) -> tuple[int, str]:
        """Compile on as many cores; gives the exit status and what was said, which stands in the log too."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps([cores, "jupyter-book", *words]).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:  # it could not even load its libraries: the log says why
            pass
        status = self.process.wait()
        said = ANSI.sub("", self.log.read_text(encoding="utf-8", errors="replace"))
        self.log.write_text(said, encoding="utf-8")
        return status, said


@contextmanager
def compiler(project: Project) -> Iterator[Compiler]:
    """Start the compiler, so that it is ready when the pages are; it ends with the block."""
    log = project.logs / "compile-html.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # Sets and colours must not change the bytes from one run to the next.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "NO_COLOR": "1", "SOURCE_DATE_EPOCH": "0"}
    with open(log, "wb") as said:
        process = subprocess.Popen(
            COMMAND,
            cwd=project.root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield Compiler(process, log)
    finally:
        with suppress(ProcessLookupError):  # it and all that it started have ended
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdin is not None
        process.stdin.close()


def compile_html(project: Project, parts: Mapping[str, str], ready: Compiler, cores: int = 1) -> Path:
    """The folder of the compiled pages; ``publish`` makes a site of them.

    ``parts`` are the hashes of what the book is made from, by part (``cache.Inputs.book``); on several ``cores`` pages are
    read and written side by side, to the same bytes. Raises BuildError where a
    page cannot be compiled.
    """
    work = _work(project)
    made = work / "_build" / "html"
    work.mkdir(parents=True, exist_ok=True)
    shape = _shape(project, parts)
    # What a run wrote that did not end is not believed: the note is gone before work begins, and written after it. Nor is what is
    # not as it was written: the compiler would take a word of it for the page's own.
    note = work / "compiled"
    held = json.loads(content_cache.recall(note) or b"{}")
    note.unlink(missing_ok=True)
    known = held.get("files", {})
    if not held or not _unharmed(work, known):
        shutil.rmtree(work / "_build", ignore_errors=True)
        known = {}
    elif held["shape"] != shape:
        shutil.rmtree(made, ignore_errors=True)
    status, said = ready.run(
        [
            "build",
            str(project.root),
            "--path-output",
            str(work),
            "--toc",
            str(_contents(project, work)),
            "--builder",
            "html",
            "--warningiserror",
            "--keep-going",
            "--quiet",
        ],
        cores,
    )
    shutil.rmtree(work / "_build" / "jupyter_execute", ignore_errors=True)  # the notebooks once more, for nobody
    if status:
        lines = [line for line in said.splitlines() if PROBLEM.search(line) and not line.startswith(" ")]  # no source lines
        shown = "\n".join(lines[:20]) or said[-2000:]
        raise BuildError(
            f"the book could not be compiled; the last good one is untouched.\n{shown}\n"
            f"    → the whole output is in {ready.log.relative_to(project.root)}"
        )
    sealed = {name: content_cache.seal(work / name, known.get(name)) for name in _compiled(work)}
    content_cache.keep(note, json.dumps({"shape": shape, "files": sealed}).encode())
    return made


def _compiled(work: Path) -> list[str]:
    """Everything that the compiler keeps from one time to the next: what it read, what it wrote."""
    return [path.relative_to(work).as_posix() for path in (work / "_build").rglob("*") if not path.is_dir()]


def _unharmed(work: Path, known: Mapping[str, content_cache.Seal]) -> bool:
    """Whether all of it is there as it was written, and nothing else."""
    return {*_compiled(work)} == {*known} and all(content_cache.unharmed(work / name, known[name]) for name in known)


def until_read(project: Project, ended: Event) -> None:
    """Wait until the pages of a book that was never compiled have been read, or the compiling has ``ended``: reading takes all
    processors, and what comes after leaves one."""
    read = pages_read(project)
    if not read.exists():
        while not ended.wait(LOOK) and not read.exists():
            pass


def pages_read(project: Project) -> Path:
    """What Sphinx keeps of the pages, which it writes when it has read them all."""
    return _work(project) / "_build" / ".doctrees" / "environment.pickle"


def _work(project: Project) -> Path:
    return project.build / "work" / "html"


def _shape(project: Project, parts: Mapping[str, str]) -> str:
    """What stands on every page: titles in the sidebar, configuration, style. Another one, and all are written again."""
    written = project.root / "book"
    titled = (path for path in files(written) if path.suffix in (".md", ".ipynb"))
    loose = [project.config, project.toc, *files(written / "_static")]
    lines = [
        *(f"{part} {parts[part]}" for part in SHAPE),
        *(f"{path.relative_to(project.root).as_posix()}: {_title(path)}" for path in sorted(titled)),
        *(
            f"{path.relative_to(project.root).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"
            for path in sorted(loose)
        ),
    ]
    return "\n".join([*lines, ""])


def _title(page: Path) -> str:
    """The first heading of a page, as its file writes it."""
    with page.open("rb") as stream:
        found = TITLE.search(stream.read(BEGINNING).decode("utf-8", "replace"))
    return found[1] if found else ""


def _contents(project: Project, work: Path) -> Path:
    """The table of contents; without the county's part where no county has a place in the book.

    A glob that matches nothing stops the compiler, which is right for places and wrong for counties.
    """
    written = yaml_reader.read(project.toc, project.toc.name).data
    pages = f"{project.county_pages.relative_to(project.root).as_posix()}/"
    if any(project.county_pages.glob("*.ipynb")):
        return project.toc
    parts = [
        part
        for part in written.get("parts", [])
        if not all(str(chapter.get("glob", "")).startswith(pages) for chapter in part.get("chapters", []))
    ]
    target = work / "_toc.yml"
    write_atomically(target, yaml.safe_dump({**written, "parts": parts}, sort_keys=False, allow_unicode=True))
    return target
