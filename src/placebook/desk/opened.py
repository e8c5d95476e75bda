"""What is written, read for one new place: what is wrong elsewhere stops nobody who does not need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from placebook.catalogue import configuration
from placebook.catalogue.check import check
from placebook.catalogue.load import Catalogue
from placebook.errors import DataError, Fault, InputError
from placebook.evidence.store import Store
from placebook.geography.areas import Areas
from placebook.paths import Project

RESIDENTS = "census-2021-residents"
"""The source of residents by LSOA (Census 2021, TS001), and its measure."""
HOUSEHOLDS = "census-2021-households"
"""That of households (TS041)."""
MEASURES = {RESIDENTS: "residents", HOUSEHOLDS: "households"}


@dataclass(frozen=True)
class Desk:
    """What a place is made from."""

    catalogue: Catalogue
    store: Store
    elsewhere: tuple[Fault, ...] = ()
    """What the check finds wrong in files that a place's own are not made from."""

    @property
    def areas(self) -> Areas:
        return self.catalogue.areas

    @property
    def readable(self) -> bool:
        """Whether sources, indicators, counties and tables are without a fault, so that a page could be made."""
        return all(fault.file.startswith(("params/", "_")) for fault in self.elsewhere)

    def count(self, source: str, lsoas: Sequence[str]) -> dict[str, int]:
        """Residents or households of each LSOA; none of a source that is not held."""
        if source not in self.catalogue.sources:
            return {}
        cells = self.store.cells(source, ("area", "value"), measure=MEASURES[source], category="", areas=lsoas)
        return {area: int(value) for area, value in cells}

    def total(self, source: str, lsoas: Sequence[str]) -> int:
        return sum(self.count(source, lsoas).values())


def opened(project: Project) -> Desk:
    """Everything that is written, and the store; of a project with faults what has none.

    Raises InputError where areas, or residents and households, cannot be read: no place can be measured without.
    """
    catalogue, faults = Catalogue.read(project)
    needed = {name: catalogue.sources[name] for name in MEASURES if name in catalogue.sources}
    own = {f"data/sources/{name}.yml" for name in MEASURES} | {t.path for source in needed.values() for t in source.tables}
    try:
        store = Store.open(project, catalogue.sources, catalogue.areas)
    except DataError as error:
        faults += error.faults
        store = Store(project, needed, catalogue.areas, {t.path: t.sha256 for each in needed.values() for t in each.tables})
    if wrong := [fault for fault in faults if fault.file in own]:
        raise InputError(wrong)
    if RESIDENTS not in needed:
        raise InputError(f"data/sources/{RESIDENTS}.yml: is missing\n    → restore it from git: residents are counted by it")
    if not any(fault.file.startswith("data/") for fault in faults):
        faults += [*check(catalogue, store), *configuration.faults(project)]
    return Desk(catalogue, store, tuple(sorted(set(faults))))
