"""What Python's fork server loads before the first page: each page's process is a fork of it.

The fork server passes over a preloaded module that cannot be imported; a test sees that this one was.
"""

import gc
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # pages side by side would fight over the cores; read when numpy loads

import mapclassify  # noqa: F401
import seaborn  # noqa: F401

import placebook.execute.notebook  # noqa: F401
import placebook.report.county  # noqa: F401
import placebook.report.page  # noqa: F401

gc.freeze()  # what is loaded stays shared: looking for garbage in it would copy its memory into every page's process
