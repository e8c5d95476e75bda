"""How often Python looks for circles of rubbish in the processes of a build.

Reading tables, making a page and loading libraries make hundreds of thousands of small things each and throw few of them away
in circles. Looking for those after every 700 new things, as Python does by itself, took between a tenth and a fifth of the time.
"""

from __future__ import annotations

import gc

NEW_THINGS = 100_000
"""After so many it is looked through what is new."""
OF_A_PAGE = 5_000_000
"""More than a page makes that stay: its process ends with it, and looking once took a twelfth of its time."""


def look_seldom(new_things: int = NEW_THINGS) -> None:
    """From now on, in this process and in those forked from it."""
    gc.set_threshold(new_things, 10, 10)


def settle() -> None:
    """What there is now is never looked through again: that would copy its pages of memory into every fork."""
    gc.freeze()
