"""What a build has started ends with it, even if it is killed: nothing goes on writing beside the next one."""

import os
import select
import subprocess
import sys

import pytest

COMPILER = """
import sys
from pathlib import Path
from placebook.site import compile
from placebook.paths import Project

compile.COMMAND = [sys.executable, "launched.py", sys.argv[1]]
with compile.compiler(Project(Path.cwd())) as ready:
    if sys.argv[1] == "waiting":
        ready.process.wait()
    ready.run(["build"])
"""
LAUNCHED = """
import os, signal, sys
from pathlib import Path
from placebook.site import launch

def tell(*given):
    Path("pid").write_text(f"{os.getpid()};")
    signal.pause()

def fork(*given):
    if os.fork() == 0:
        tell()
    signal.pause()

launch.load = lambda: None
if sys.argv[1] == "waiting":  # the libraries are loaded, no order has come
    wait = os.read
    launch.os.read = lambda *given: (Path("pid").write_text(f"{os.getpid()};"), wait(*given))[1]
else:
    launch.compile_pages = tell if sys.argv[1] == "at work" else fork
launch.launch()
"""
WORKER = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from placebook.build.lock import end_with_the_build
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
@pytest.mark.parametrize(
    ("code", "kind"),
    [(COMPILER, "waiting"), (COMPILER, "at work"), (COMPILER, "with others"), (WORKER, "")],
    ids=["waiting", "compiler", "a process of the compiler", "worker"],
)
def test_it_ends_with_a_killed_build(tiny_project, code, kind):
    script = tiny_project.write("started.py", code)
    tiny_project.write("launched.py", LAUNCHED)
    environment = {**os.environ, "PYTHONPATH": os.path.dirname(__file__)}
    with subprocess.Popen([sys.executable, str(script), kind], cwd=tiny_project.root, env=environment) as build:
        written = tiny_project.root / "pid"
        while not (written.exists() and written.read_text().endswith(";")):
            assert build.poll() is None
            select.select([], [], [], 0.05)
        started = os.pidfd_open(int(written.read_text().rstrip(";")))
        build.kill()
    assert select.select([started], [], [], 30)[0]
    os.close(started)


def test_the_compiler_stands_back_while_pages_are_executed_and_no_longer(tmp_path):
    """Where the system knows such a thing; elsewhere nothing happens."""
    script = """
import os
from pathlib import Path
from placebook.site import launch
os.setsid()
where = Path("/proc/self/autogroup")
for niceness in (launch.LEAST, 0):
    launch.stand_back(niceness)
    print(where.read_text().split()[-1] if where.exists() else niceness)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.split() == ["19", "0"]
