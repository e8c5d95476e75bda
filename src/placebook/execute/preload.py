"""What Python's fork server loads before the first page: each page's process is a fork of it.

The fork server passes over a preloaded module that cannot be imported; a test sees that this one was.
"""

# ruff: noqa: E402  what comes before the libraries must
import gc
import os
import signal
from contextlib import suppress
from pathlib import Path

# All that is loaded stays, and a page's process ends before its garbage matters: to look for it took a fifth of the time
# of loading, and a tenth of a page's.
gc.disable()
signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one, with which all pages end
os.environ.setdefault("OMP_NUM_THREADS", "1")  # pages side by side would fight over the cores; read when numpy loads

import placebook.execute.notebook  # noqa: F401  for the pages that are forked
import placebook.report.county  # noqa: F401
from placebook.execute.pool import READ_AHEAD
from placebook.paths import Project
from placebook.report.ahead import read_ahead

if params := os.environ.get(READ_AHEAD):
    with suppress(Exception):  # what is wrong is told by the pages, which read it again
        read_ahead(Project(Path(params).parents[1]), Path(params).stem)

gc.freeze()  # what is loaded stays shared: a page that looks for garbage all the same would copy its memory
