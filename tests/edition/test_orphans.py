"""What a build has started ends with it, even if it is killed: nothing goes on writing beside the next one."""

import os
import select
import subprocess
import sys

import pytest

COMPILER = """
import sys
from pathlib import Path
from placebook.edition import compile
from placebook.paths import Project

watch, _, _ = compile.LAUNCH.partition("from jupyter_book")
compile.LAUNCH = watch + "import signal; Path = __import__('pathlib').Path; Path('pid').write_text(str(os.getpid()) + ';'); signal.pause()"
compile._jupyter_book(Project(Path.cwd()), "html")
"""
WORKER = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from placebook.edition.alone import end_with_the_build
from test_orphans import at_work

if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=end_with_the_build) as pool:
        pool.submit(at_work).result()
"""


def at_work():
    import signal
    from pathlib import Path

    Path("pid").write_text(f"{os.getpid()};")
    signal.pause()


@pytest.mark.forks
@pytest.mark.parametrize("code", [COMPILER, WORKER], ids=["compiler", "worker"])
def test_it_ends_with_a_killed_build(tiny_project, code):
    script = tiny_project.write("started.py", code)
    environment = {**os.environ, "PYTHONPATH": os.path.dirname(__file__)}
    with subprocess.Popen([sys.executable, str(script)], cwd=tiny_project.root, env=environment) as build:
        written = tiny_project.root / "pid"
        while not (written.exists() and written.read_text().endswith(";")):
            assert build.poll() is None
            select.select([], [], [], 0.05)
        started = os.pidfd_open(int(written.read_text().rstrip(";")))
        build.kill()
    assert select.select([started], [], [], 30)[0]
    os.close(started)
