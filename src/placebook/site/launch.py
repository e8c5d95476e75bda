"""The compiler's own process: it loads its libraries while pages are executed, in what they leave of the processors, and
waits for an order.

The order is one line on standard input: a JSON list of the cores to use and the words of Jupyter Book's command. The process
and those that it has started end with the build, for one whose build was killed would go on writing beside the next one's.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from placebook.execute import rubbish

BATCH = 2
"""Pages that a process takes at a time are the root of as many times the pages for a core: fine enough that none waits long
for the other. Sphinx takes 10."""


LEFT = ("**/.*", "locales", "vendor")
"""What is not copied from the theme: what Sphinx itself leaves, and translations and icons, which no page of ours loads."""


LEAST = 19
"""The lowest priority."""
TRIES = 5
"""Times that the system is asked for another priority."""


def load() -> None:
    """Import what compiling needs."""
    import soupsieve
    import sphinx_book_theme  # noqa: F401

    soupsieve.compile("a")  # what the theme selects elements with makes its patterns when it is first asked


def order() -> list[Any] | None:
    """The cores and the words of the command; None where the build is gone before it gave an order."""
    line = b""
    while not line.endswith(b"\n"):
        if not (more := os.read(0, 1 << 16)):
            return None
        line += more
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    return list(json.loads(line))


def _end_with_the_build() -> None:
    os.read(0, 1)  # nothing comes but the end
    os.killpg(os.getpid(), signal.SIGKILL)  # ``compile.compiler`` gave it a group of its own


def mixed(make_chunks: Callable[..., list[list[str]]], pages: list[str], cores: int) -> list[list[str]]:
    """As many batches as Sphinx would make with ours for its largest, with pages of all kinds in each: those of places take the
    longest and stand together, so that the last batch would keep one core at work while the others have nothing left."""
    count = len(make_chunks(pages, cores, maxbatch=BATCH))
    return [pages[at::count] for at in range(count)]


def compile_pages(cores: int, words: list[str]) -> None:
    """Carry out the command on several cores; ends the process with its status, and at once: to take a whole book's pages
    apart in memory, which the system does anyway, takes as long as to read some of them."""
    import jupyter_book.sphinx as book
    import sphinx.builders as builders
    import sphinx.builders.html as html
    from jupyter_book.cli.main import main
    from sphinx.util.matching import Matcher

    # Neither is an option of the command.
    book.build_sphinx = functools.partial(book.build_sphinx, jobs=cores)
    builders.make_chunks = functools.partial(mixed, builders.make_chunks)
    html.DOTFILES = Matcher(LEFT)
    rubbish.settle()
    sys.argv = words
    try:
        main()
        status = 0
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            print(end.code, file=sys.stderr)
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def launch() -> None:
    """Load, wait, compile."""
    rubbish.look_seldom()
    stand_back(LEAST)
    loading = threading.Thread(target=load, daemon=True)
    loading.start()
    given = order()
    stand_back(0)
    loading.join()
    if given:
        compile_pages(given[0], given[1:])


def stand_back(niceness: int) -> None:
    """Let others have the processors first, or no more, where the system knows such a thing: Linux, of a session as a whole.

    The usual priority of a process counts among those of its own session alone, and each page has its own.
    """
    for _ in range(TRIES):
        try:
            Path("/proc/self/autogroup").write_text(str(niceness))
            return
        except BlockingIOError:  # somebody else changed theirs within a tenth of a second
            time.sleep(0.05)
        except OSError:
            return


if __name__ == "__main__":
    launch()
