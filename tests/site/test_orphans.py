"""What a build has started ends with it, even if it is killed: nothing goes on writing beside the next one."""

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / "_config.yml"
COMPILER = """
import sys
from pathlib import Path
from placebook.site import compile
from placebook.paths import Project

compile.COMMAND = [sys.executable, "compiler.py", sys.argv[1]]
compile.compile_html(Project(Path.cwd()), {"code": "", "libraries": ""})
"""
STARTED = """
import os, runpy, signal, sys
from pathlib import Path
import sphinx.application

def tell():
    Path("pid").write_text(f"{os.getpid()};")
    signal.pause()

def work(*given, **more):
    if kind == "with others" and os.fork():
        signal.pause()
    tell()

kind = sys.argv.pop(1)
sphinx.application.Sphinx = work
runpy.run_module("placebook.site.compile", run_name="__main__")
"""
WORKER = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from placebook.execute.child_processes import end_with_parent
from test_orphans import at_work

if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        pool.submit(at_work).result()
"""


def at_work():
    import signal
    from pathlib import Path

    Path("pid").write_text(f"{os.getpid()};")
    signal.pause()


def hear_interrupts():
    """A shell starts what runs behind it deaf to interrupts, and so would everything be that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.forks
@pytest.mark.parametrize(
    ("code", "kind", "how"),
    [
        *(
            (COMPILER, kind, how)
            for kind in ("at work", "with others")
            for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
        ),
        *((WORKER, "", how) for how in (signal.SIGKILL, signal.SIGTERM)),
    ],
)
def test_it_ends_with_a_build_that_is_ended(tiny_project, code, kind, how):
    script = tiny_project.write("started.py", code)
    tiny_project.write("compiler.py", STARTED)
    shutil.copyfile(CONFIG, tiny_project.root / "_config.yml")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen(
        [sys.executable, str(script), kind], cwd=tiny_project.root, env=environment, preexec_fn=hear_interrupts
    ) as build:
        written = tiny_project.root / "pid"
        while not (written.exists() and written.read_text().endswith(";")):
            assert build.poll() is None
            select.select([], [], [], 0.05)
        started = os.pidfd_open(int(written.read_text().rstrip(";")))
        build.send_signal(how)
    assert select.select([started], [], [], 30)[0]
    os.close(started)
