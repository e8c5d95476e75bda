"""Where an indicator's fault stands, and what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from placebook.catalogue.load import Catalogue
from placebook.catalogue.yaml_reader import FieldPath
from placebook.errors import Fault

HINTED = 20
"""Wrong words of one list for which what was meant is looked for: that takes a while for each."""
LOOK_UP = "look the code up in data/geography/areas.csv"


def indicator_fault(catalogue: Catalogue, id_: str, field: FieldPath, problem: str, remedy: str) -> Fault:
    """A fault of an indicator's field, at its line in the file that declares it."""
    kind, name, path = catalogue.home(id_)
    fault = catalogue.fault(kind, name, (*path, *field), problem, remedy)
    return Fault(fault.file, fault.line, f"{id_}.{'.'.join(map(str, field))}", problem, remedy)


def meant(text: str, known: Iterable[object]) -> str:
    """The known names that are near to a wrong one; else what there is."""
    names = sorted(str(name) for name in known)
    near = difflib.get_close_matches(text, names, n=2, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(repr(name) for name in near)}?"
    return f"there are {', '.join(names[:12])}{' …' if len(names) > 12 else ''}" if names else ""
