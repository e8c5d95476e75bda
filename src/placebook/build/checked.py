"""Everything written and held, checked before anything is built of it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context

from placebook.catalogue import configuration
from placebook.catalogue.check import check
from placebook.catalogue.data_package import package_faults
from placebook.catalogue.load import Catalogue
from placebook.errors import InputError, shown_path
from placebook.evidence.store import Store
from placebook.evidence.sums import check_sums
from placebook.execute import warm
from placebook.incremental import fingerprints
from placebook.paths import Project

PATIENCE = 10.0
"""Seconds that the one beside may take to end: to check all tables takes one."""


def open_checked(project: Project) -> tuple[Catalogue, Store]:
    """Everything written, and the store; raises InputError with all faults of all files at once.

    But where sources, indicators or counties cannot be understood, nothing is held against them: what is wrong there would be
    told once more by everything that names them.
    """
    catalogue, faults = Catalogue.read(project)
    params = f"{shown_path(project.params, project.root)}/"
    if any(not fault.file.startswith(params) for fault in faults):
        raise InputError(faults)
    try:
        store = Store.open(project, catalogue.sources, catalogue.areas)
        store.check_all()
    except InputError as error:
        raise InputError(sorted({*faults, *error.faults})) if faults and error.faults else error
    faults += [
        *check(catalogue, store),
        *check_sums(project, store, catalogue.sources, catalogue.indicators.values(), catalogue.areas),
        *package_faults(catalogue),
        *configuration.faults(project),
    ]
    if faults:
        raise InputError(sorted(faults))
    return catalogue, store


@contextmanager
def helped(project: Project) -> Iterator[None]:
    """Inside, a process of its own checks tables too, the last first, while this one has other things to do.

    Nobody waits for it: ``open_checked`` finds done what it did, does the rest and tells what is wrong. It is forked, so who asks
    has started no threads yet; where the system cannot fork safely, and where all tables have been checked, there is none.
    """
    if not warm.possible() or not fingerprints.unread(project):
        yield
        return
    helper = get_context("fork").Process(target=_help, args=(project,), daemon=True)
    helper.start()
    try:
        yield
    except BaseException:
        helper.join(PATIENCE)  # it has begun a table, and leaves none half-written
        raise
    finally:
        helper.kill()  # where all went well, nothing has been left to it
        helper.join()


def _help(project: Project) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # of Ctrl-C the build tells
    with suppress(Exception):  # the build finds the same, and tells
        catalogue = Catalogue.open(project)
        Store.open(project, catalogue.sources, catalogue.areas).check_all(last_first=True)
