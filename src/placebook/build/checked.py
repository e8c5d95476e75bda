"""Everything written and held, checked before anything is built of it."""

from __future__ import annotations

from placebook.catalogue import configuration
from placebook.catalogue.check import check
from placebook.catalogue.data_package import package_faults
from placebook.catalogue.load import Catalogue
from placebook.catalogue.narrative import every_text
from placebook.catalogue.quotes import quotes
from placebook.errors import InputError, shown_path
from placebook.evidence.store import Store
from placebook.evidence.sums import check_sums
from placebook.paths import Project
from placebook.report.answers import answer_faults


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
        if not faults or not error.faults:
            raise
        raise InputError(sorted({*faults, *error.faults})) from None
    faults += [
        *check(catalogue, store),
        *check_sums(project, store, catalogue.sources, catalogue.indicators.values(), catalogue.areas),
        *package_faults(catalogue),
        *configuration.faults(project),
        *answer_faults(project, catalogue),
    ]
    if not faults and any(True for words in every_text(catalogue) for _ in quotes(words.text)):
        from placebook.report.quotes import quote_faults  # it loads the libraries

        faults += quote_faults(catalogue, store)
    if faults:
        raise InputError(sorted(faults))
    return catalogue, store
