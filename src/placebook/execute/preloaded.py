"""The last module that Python's fork server loads before the first page."""

import gc
import signal

from placebook.execute.preload import HEARD

gc.freeze()  # what is loaded stays shared: looking for garbage in it would copy its memory into every page's process
signal.signal(signal.SIGINT, HEARD)  # what is forked hears Ctrl-C
