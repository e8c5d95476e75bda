"""One build at a time in one checkout."""

import subprocess
import sys

import pytest

from placebook.build.lock import locked
from placebook.errors import BuildError
from placebook.paths import Project

HOLD = (
    "import sys; from placebook.build.lock import locked; from placebook.paths import Project; from pathlib import Path\n"
    "with locked(Project(Path(sys.argv[1]))): print('held', flush=True); sys.stdin.read()"
)


def test_a_second_build_is_told_of_the_first_and_a_killed_one_holds_nothing(tmp_path):
    first = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert first.stdout is not None and first.stdout.readline() == b"held\n"
    said = rf"another build is at work in this checkout \(process {first.pid}\)"
    with pytest.raises(BuildError, match=said), locked(Project(tmp_path)):
        raise AssertionError("two builds at once")
    first.kill()
    first.communicate()
    with locked(Project(tmp_path)):
        pass
