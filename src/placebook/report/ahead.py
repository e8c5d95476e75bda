"""What the pages of all places read alike, read once: for a process that is forked for each of them."""

from __future__ import annotations

from placebook.catalogue.load import Catalogue
from placebook.evidence.readings import Evidence
from placebook.evidence.store import Store
from placebook.findings.inference import robust_distance
from placebook.findings.key_findings import KeyFindings
from placebook.geography.outlines import outlines
from placebook.paths import Project


def read_ahead(project: Project, place: str) -> None:
    """Read what the page of a place would, and keep in memory what another place's page reads too.

    The declarations, the tables, the figures of all districts and the weights of the areas around. All of it is known by the
    bytes that it was read from: a page opened later asks the files again, and is given it only where they are the same.
    Raises what opening a page, the check of the tables and the outlines raise.
    """
    catalogue = Catalogue.open(project, place)
    store = Store.open(project, catalogue.sources, catalogue.areas)
    store.check_all(from_the_end=True)  # a new book's build is checking meanwhile, from the beginning
    store.read_all()
    evidence = Evidence(catalogue, store, place)
    findings = KeyFindings(evidence)
    for reading in findings.readings.values():
        if reading.districts:
            robust_distance(0.0, reading.districts.values)  # the middle of the districts is that of every place among them
    _ = findings.candidates  # the yardsticks of a place's findings are those of every place's
    store.keep_at_hand()
    for layer in ("districts", "england"):
        outlines(project, layer)
    if evidence.fit.lsoas:  # its page draws small areas, as those of its neighbours do
        import mapclassify  # noqa: F401
        import seaborn  # noqa: F401
