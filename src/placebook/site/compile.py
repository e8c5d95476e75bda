"""Sphinx compiles the pages of the HTML site, configured by Jupyter Book; the other forms are made from them.

It works in a process of its own, which ends with the build: one whose build was killed would go on writing beside the next
one's. Pages that did not change are not written again: Sphinx keeps what it read and what it wrote. Where anything changed that
stands on every page (a title in the sidebar, the style, the package), all are.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from placebook import content_cache
from placebook.catalogue import yaml_reader
from placebook.errors import BuildError
from placebook.incremental.records import Records
from placebook.paths import Project, write_atomically
from placebook.site.settings import STATIC, settings

COMMAND = [sys.executable, "-m", "placebook.site.compile"]
# Extensions that Jupyter Book loads for what this book has none of, code cells, tabs and toggles: they put scripts and styles
# on every page.
UNUSED = ("sphinx_copybutton", "sphinx_design", "sphinx_thebe", "sphinx_togglebutton")
COMPILED, READ_BY = "compiled", ("code", "libraries")
"""The record of what the compiler keeps from one time to the next; and of its parts those that read pages."""
PROBLEM = re.compile(r"(WARNING|ERROR|CRITICAL|Exception|Error)\b")


class Compiler(AbstractContextManager["Compiler"]):
    """Starts a process for each time that pages are compiled, which ends with it. A context: at its end none is left.

    ``load`` starts the next one ahead, so that it loads its libraries, which takes longer than one page does, while nothing
    is to be done.
    """

    def __init__(self, project: Project):
        self._project = project
        self._process: subprocess.Popen[bytes] | None = None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the process, if there is one, and all that it started."""
        process, self._process = self._process, None
        if process:
            with process, suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def load(self) -> subprocess.Popen[bytes]:
        """Let a process get ready, if none is."""
        if self._process is None or self._process.poll() is not None:  # killed while it waited
            # Sets, colours and the hour must not change the bytes from one run to the next.
            environment = os.environ | {"PYTHONHASHSEED": "0", "NO_COLOR": "1", "SOURCE_DATE_EPOCH": "0"}
            self._process = subprocess.Popen(
                [*COMMAND, str(self._project.root)],
                cwd=self._project.root,
                env=environment,
                stdin=subprocess.PIPE,  # it ends when this end is closed, also by the build's own end
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                process_group=0,  # in a session of its own it would be taken for what a page left behind
            )
        return self._process

    def run(self, contents: Path, output: Path, cores: int, meanwhile: Callable[[], object]) -> tuple[int, str]:
        """Compile; the exit status, and what the compiler said. ``meanwhile`` is done while it works."""
        process = self.load()
        assert process.stdin and process.stdout
        with self:
            with suppress(BrokenPipeError):  # it has ended: its status says so
                process.stdin.write(json.dumps([str(contents), str(output), cores]).encode() + b"\n")
            meanwhile()
            text = process.stdout.read().decode("utf-8", "replace")
            return process.wait(), text


def compile_html(
    project: Project,
    parts: Mapping[str, str],
    cores: int = 1,
    compiler: Compiler | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Path:
    """The folder of the compiled pages; ``publish`` makes a site of them.

    ``parts`` are the hashes of what the book is made from, by part (``fingerprints.Inputs.book``); on several ``cores`` pages
    are read and written side by side, to the same bytes. A ``compiler`` is one that may have loaded its libraries ahead;
    ``meanwhile`` is done while it works. Raises BuildError where a page cannot be compiled.
    """
    work = project.build / "work" / "html"
    made, pages = work / "_build", work / "_build" / "html"
    work.mkdir(parents=True, exist_ok=True)
    # What a run wrote that did not end is not believed, nor what is not as it was written: the compiler would take a word of it
    # for the page's own.
    records, shape = Records(project), _shape(project, parts)
    before = records.read(COMPILED)
    # Pages are read by this code too, not only written: what another code has read is read again.
    if not before or any(before.parts.get(part) != shape[part] for part in READ_BY) or not records.whole(COMPILED):
        shutil.rmtree(made, ignore_errors=True)
    elif before.parts != shape:
        shutil.rmtree(pages, ignore_errors=True)
    records.forget(COMPILED)
    with compiler or Compiler(project) as one:
        _run(project, made, cores, one, meanwhile)
    shutil.rmtree(made / "jupyter_execute", ignore_errors=True)  # the notebooks once more, for nobody
    records.keep(COMPILED, shape, [pages, made / ".doctrees"], known=before.outputs if before else {})
    return pages


def _run(project: Project, output: Path, cores: int, compiler: Compiler, meanwhile: Callable[[], object]) -> None:
    """Let the compiler work; its messages stand in the log. Raises BuildError where it reports a problem."""
    log = project.logs / "compile-html.log"
    log.unlink(missing_ok=True)
    status, text = compiler.run(_contents(project, output.parent), output, cores, meanwhile)
    write_atomically(log, text)
    if status:
        lines = [line for line in text.splitlines() if PROBLEM.search(line) and not line.startswith(" ")]  # no source lines
        problems = "\n".join(lines[:20]) or text[-2000:]
        raise BuildError(
            f"the book could not be compiled; the last good one is untouched.\n{problems}\n"
            f"    → the whole output is in {log.relative_to(project.root)}"
        )


def _shape(project: Project, parts: Mapping[str, str]) -> dict[str, str]:
    """What may change every page and is nothing that Sphinx looks at. Another one, and all are written again."""
    loose = {path.name: path for path in (project.config, project.toc)} | project.tree(STATIC)
    hashes = {name: content_cache.hash_of(path) for name, path in loose.items()}
    return {"code": parts["code"], "libraries": parts["libraries"], **hashes}


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


# ------------------------------------------------------------------ in the compiler's own process


def _load(root: str) -> None:
    """Load what compiling will, as far as that can be known."""
    from sphinx.application import builtin_extensions

    with suppress(Exception):  # what is wrong is told when it is asked to work
        for name in (*builtin_extensions, *_configuration(root, f"{root}/_toc.yml")["extensions"]):
            importlib.import_module(name)


def _configuration(root: str, contents: str) -> dict[str, Any]:
    """What Jupyter Book makes of the book's settings for Sphinx."""
    from jupyter_book.config import get_final_config

    # Jupyter Book's own command hands Sphinx the same, but neither several cores nor fewer extensions.
    options = {"external_toc_path": contents, "latex_individualpages": False}
    config, _ = get_final_config(user_yaml=settings(Project(Path(root))), cli_config=options, sourcedir=Path(root))
    config["extensions"] = [name for name in config["extensions"] if name not in UNUSED]
    return config


def _sphinx(root: str, contents: str, output: str, cores: int) -> int:
    """Compile; gives the exit status."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.console import nocolor

    nocolor()
    config = _configuration(root, contents)
    try:
        app = Sphinx(
            root,
            None,
            f"{output}/html",
            f"{output}/.doctrees",
            "html",
            confoverrides=config,
            status=None,
            warning=sys.stderr,
            warningiserror=True,
            keep_going=True,
            parallel=cores,
        )
        app.build()
    except SphinxError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return app.statuscode


def _end_with_the_build() -> None:
    os.read(0, 1)  # nothing comes but the end
    os.killpg(os.getpgrp(), signal.SIGKILL)  # it has a group of its own


if __name__ == "__main__":
    # Reading pages makes hundreds of thousands of small things and few circles of them: to look for those after every 700 new
    # things, and to take all of them apart before the end, took two fifths of the time in which one changed page is compiled.
    gc.set_threshold(100_000)
    _load(sys.argv[1])
    if asked := sys.stdin.buffer.readline():  # nothing comes where the build has ended
        threading.Thread(target=_end_with_the_build, daemon=True).start()
        status = _sphinx(sys.argv[1], *json.loads(asked))
        sys.stderr.flush()
        os._exit(status)
